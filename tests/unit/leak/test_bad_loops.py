"""A case with an impossible loop: a clear error, or a caveat that says what was left out and a wider answer."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from bare_case import BareCase
from pydantic import ValidationError

from whipple.casefile.estimate import Estimate
from whipple.casefile.findings.onset import LoopRecord, Onset
from whipple.casefile.given import Given
from whipple.casefile.read_case import read_case
from whipple.casefile.tables.loop import LoopTable
from whipple.commands.folders import BUNDLED
from whipple.errors import CaseError, RangeError
from whipple.leak import leak_law, size_hole
from whipple.physics.fluids import fluid

TABLE = {
    "name": "external", "fluid": "isooctane", "inventory": {"is": "44 L", "low": "40 L", "high": "48 L"}, "pressure": "3 atm",
    "temperature": "293 K", "gas_volume": {"is": "6 L", "low": "1 L", "high": "30 L"},
    "pushed_volume": {"is": "38 L", "low": "30 L", "high": "43 L"}, "discharge_coefficient": {"is": "0.7", "low": "0.6", "high": "0.8"},
    "velocity_coefficient": "0.97", "residue": "0.002", "source": "x",
}  # fmt: skip


def case(*claims: Any, **changes: Any) -> Any:
    return BareCase((LoopTable.model_validate({**TABLE, **changes}),), claims)


def onset(level_Pa: float | None = None, hours: float = 2.0) -> Onset:
    law = leak_law(
        fluid("isooctane"), 293.0, diameter_m=0.8e-3, discharge_ratio=0.7, pressure_Pa=3.04e5, inventory_m3=44e-3, gas_volume_m3=6e-3,
        pushed_volume_m3=38e-3,
    )  # fmt: skip
    t_s = np.arange(-3600.0, hours * 3600, 30.0)
    truth = law.pressure_at_Pa(t_s) if level_Pa is None else np.full(t_s.size, level_Pa)
    read = truth + np.random.default_rng(4).normal(0.0, 500.0, t_s.size)
    record = LoopRecord("external", t_s, read, np.full(t_s.size, 500.0), np.full(t_s.size, 293.0), 300.0, True)
    empty = np.zeros(0)
    return Onset(Estimate(0.0, -5.0, 5.0, "s"), None, empty, empty, {}, None, (), (record,), True, "")


def said(about: str, value: Given, bound: str = "two-sided") -> Any:
    return SimpleNamespace(id="c", about=about, value=value, bound=bound, said_by="somebody", source="x")


@pytest.mark.slow
def test_a_hole_wider_than_its_pipe_is_told() -> None:
    wide = said("hole.diameter_m", Given(2e-3, 1.9e-3, 2.1e-3, "m"))
    known = {"gas_volume": {"is": "6 L", "low": "3 L", "high": "9 L"}}
    hole = size_hole(case(wide, pipe="1 mm", **known), onset(), None)
    assert any(row.code == "leak-hole-pipe" and "wider than its pipe" in row.text for row in hole.caveats)
    assert hole.diameter_m is not None
    assert hole.diameter_m.high <= 1.05e-3


@pytest.mark.slow
def test_a_record_below_the_vapour_pressure_is_left_out_and_the_answer_is_wider() -> None:
    shown = said("hole.diameter_m", Given(0.8e-3, 0.7e-3, 0.9e-3, "m"))
    usual, boiling = (size_hole(case(shown), record, None) for record in (onset(), onset(3e3)))
    assert any(row.code == "leak-below-vapour" and "boils already" in row.text for row in boiling.caveats)
    assert usual.empty_s is not None
    assert boiling.empty_s is not None
    assert boiling.empty_s.high - boiling.empty_s.low > usual.empty_s.high - usual.empty_s.low


@pytest.mark.slow
def test_figures_that_clash_are_told_and_the_room_still_answers() -> None:
    long = said("leak.spray_duration_s", Given(3e5, 3e5, 3e5, "s"))
    small = said("hole.diameter_m", Given(0.8e-3, 0.7e-3, 0.9e-3, "m"))
    hole = size_hole(case(small, long), onset(hours=1.0), None)
    assert any(row.code == "leak-contradiction" and "whatever the accumulator" in row.text for row in hole.caveats)
    assert hole.diameter_m is not None


@pytest.mark.slow
def test_the_reaction_is_a_datum() -> None:
    """A torque with its arm, or a force: each narrows the diameter; a torque without an arm is refused."""
    vague = {
        "gas_volume": {"is": "6 L", "low": "0.3 L", "high": "60 L"},
        "inventory": {"is": "44 L", "low": "4 L", "high": "400 L"},
    }
    force = {"reaction_force": {"is": "0.21 N", "low": "0.20 N", "high": "0.22 N"}}
    torque = {
        "reaction_torque": {"is": "3.15 N*m", "low": "3.0 N*m", "high": "3.3 N*m"},
        "reaction_arm": {"is": "15 m", "low": "13 m", "high": "17 m"},
    }
    without = size_hole(case(**vague), onset(), None)
    pushed, turned = (size_hole(case(**vague, **felt), onset(), None) for felt in (force, torque))
    assert without.diameter_m is None
    for hole, name in ((pushed, "thrust"), (turned, "torque")):
        assert hole.diameter_m is not None
        assert hole.data[-1].name == name
        assert hole.diameter_m.low < 0.8e-3 < hole.diameter_m.high
    assert pushed.diameter_m.high - pushed.diameter_m.low < turned.diameter_m.high - turned.diameter_m.low  # type: ignore[union-attr]
    with pytest.raises(RangeError, match="the torque needs its arm"):
        size_hole(case(reaction_torque="3 N*m"), onset(), None)
    with pytest.raises(ValidationError, match="a range above zero"):
        case(reaction_force="-0.2 N")


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('inventory = { is = "44 L", low = "38 L", high = "50 L", source = "sputnik-1105655709" }\n', "", "inventory"),
        (
            'pressure = { is = "3 atm", low = "2.5 atm", high = "3.5 atm"',
            'pressure = { is = "3 apples", low = "2 atm", high = "4 atm"',
            "pressure",
        ),
    ],
)
def test_a_case_folder_without_its_inventory_is_refused_by_name(
    tmp_path: Path, old: str, new: str, complaint: str
) -> None:
    folder = tmp_path / "bad"
    shutil.copytree(BUNDLED / "soyuz-ms22", folder)
    text = (folder / "case.toml").read_text()
    assert old in text
    (folder / "case.toml").write_text(text.replace(old, new))
    with pytest.raises(CaseError, match=complaint):
        read_case(folder)
