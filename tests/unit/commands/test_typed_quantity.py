"""Numbers that cannot be are refused by name, and nothing is divided by them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from whipple.cli import app
from whipple.commands.typed_quantity import number_within, typed_within
from whipple.dynamics.kick import rate_step
from whipple.errors import InvestigationError, RangeError


@pytest.mark.parametrize(
    ("words", "option"),
    [
        (["push", "--force", "-1 N", "--arm", "15 m"], "--force"),
        (["push", "--force", "1 N", "--arm", "15 m", "--capacity", "0 N*m*s"], "--capacity"),
        (["push", "--force", "1 N", "--arm", "15 m", "--mass", "0 kg"], "--mass"),
        (["hold", "--pitch", "3 N*m", "--period", "0 min"], "--period"),
        (["hold", "--pitch", "3 N*m", "--period", "92.6 s"], "--period"),
        (["hold", "--pitch", "3 N*m", "--duration", "-3 h"], "--duration"),
        (["hold", "--pitch", "3 N*m", "--duration", "1e9 h"], "--duration"),
        (["hold", "--pitch", "1e200 N*m"], "--pitch"),
        (["hold", "--inertia", "1,2"], "--inertia"),
        (["hold", "--inertia", "nan,1,1"], "--inertia"),
        (["fly", "--yaw", "3 N*m", "--period", "0 min"], "--period"),
        (["thrust", "--regime", "gas", "--diameter", "1e200 m", "--pressure", "1 atm"], "--diameter"),
        (["thrust", "--regime", "effusion", "--diameter", "1 mm", "--pressure", "1 atm", "--discharge", "9"], "--discharge"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_by_name(words: list[str], option: str) -> None:
    found = CliRunner().invoke(app, ["dynamics", *words]).exception
    assert isinstance(found, RangeError)
    assert option in str(found)


def rates(path: Path, scale: float) -> str:
    values = scale * np.random.default_rng(1).standard_normal((600, 3))
    rows = [f"{2 * i}," + ",".join(map(repr, row)) for i, row in enumerate(values.tolist())]
    path.write_text("\n".join(["time,rate_x,rate_y,rate_z", *rows]))
    return str(path)


@pytest.mark.parametrize(
    ("scale", "words", "told"),
    [
        (0.05, [], "write --unit deg/s"),
        (1e-6, ["--columns", "rate_x"], "three names"),
        (1e-6, ["--unit", "m"], "--unit"),
        (0.0, [], "no, expected rates that vary"),
    ],
)
def test_a_record_of_rates_that_says_nothing_is_refused(
    tmp_path: Path, scale: float, words: list[str], told: str
) -> None:
    file = rates(tmp_path / "rates.csv", scale)
    found = CliRunner().invoke(app, ["dynamics", "kick", file, "--onset", "600", *words]).exception
    assert isinstance(found, InvestigationError)
    assert told in str(found)


def test_a_record_without_rows_is_refused(tmp_path: Path) -> None:
    (tmp_path / "rates.csv").write_text("time,rate_x,rate_y,rate_z\n")
    found = CliRunner().invoke(app, ["dynamics", "kick", str(tmp_path / "rates.csv"), "--onset", "600"]).exception
    assert isinstance(found, InvestigationError)


def test_rounded_rates_bound_the_kick_by_their_step_and_frozen_ones_bound_nothing() -> None:
    t_s, rng = np.arange(-300.0, 300.0, 2.0), np.random.default_rng(1)
    still = np.zeros((t_s.size, 3))
    inertia = np.diag([1e8, 1e8, 1.6e8])
    with pytest.raises(RangeError, match="frozen"):
        rate_step(t_s, still, 0.0, inertia, rng)
    rounded = rate_step(t_s, still, 0.0, inertia, rng, 1e-6)
    assert rounded.smallest_Nms is not None
    assert rounded.smallest_Nms > 1e-6 / 12**0.5 * 1e8


@pytest.mark.parametrize("value", [float("nan"), -1.0, 2.0, float("inf")])
def test_a_number_beyond_its_ends_is_refused(value: float) -> None:
    with pytest.raises(RangeError):
        number_within(value, "--share", 0.0, 1.0)


def test_a_quantity_of_another_dimension_is_refused() -> None:
    with pytest.raises(RangeError):
        typed_within("3 s", "m", "--arm", "0 m", "1 km")
