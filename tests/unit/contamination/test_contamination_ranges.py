"""A residue that may be nothing is never less, and no line of sight crosses a negative number of molecules."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from whipple.casefile.estimate import Estimate
from whipple.casefile.given import Given
from whipple.casefile.read_case import read_case
from whipple.casefile.tables.loop import LoopTable
from whipple.commands.folders import BUNDLED
from whipple.contamination.column import column_between_per_m2, column_per_m2
from whipple.contamination.exits import Exits
from whipple.contamination.release import DRAWS, leak_draws, release
from whipple.contamination.whereabouts import _flashed
from whipple.errors import RangeError
from whipple.physics.fluids import fluid

ISOOCTANE = fluid("isooctane")
OUT = Exits(np.zeros((1, 3)), np.array([[0.0, 0.0, 1.0]]), np.ones(1), 0.0)


def ms22() -> LoopTable:
    return read_case(BUNDLED / "soyuz-ms22").loops[0]


def of_one_history() -> Any:
    """What `leak_draws` asks of a hole: 500 histories in which a wider hole lets more out, more slowly."""
    width = np.linspace(0.7e-3, 0.9e-3, 500)
    flow, gone, jet = (Estimate.from_samples(x, "") for x in (1e4 * width**2, 4e4 * width, 0.02 / width))
    return SimpleNamespace(
        flow_kg_s=flow, mass_gone_kg=gone, diameter_m=Estimate.from_samples(width, "m"), jet_speed_m_s=jet
    )


def test_flow_mass_jet_and_hole_come_from_the_same_history() -> None:
    leak = leak_draws(ISOOCTANE, ms22(), of_one_history(), np.random.default_rng(1))
    assert leak.flow_kg_s == pytest.approx(1e4 * leak.hole_m**2)
    assert leak.gone_kg == pytest.approx(4e4 * leak.hole_m)
    assert leak.jet_m_s == pytest.approx(0.02 / leak.hole_m)
    assert np.unique(leak.hole_m).size > 400


def test_without_samples_each_is_drawn_by_itself() -> None:
    bare = {name: replace(one, samples=None) for name, one in vars(of_one_history()).items()}
    leak = leak_draws(ISOOCTANE, ms22(), SimpleNamespace(**bare), np.random.default_rng(1))  # type: ignore[arg-type]
    assert abs(np.corrcoef(leak.flow_kg_s, leak.gone_kg)[0, 1]) < 0.1
    assert np.quantile(leak.flow_kg_s, 0.95) == pytest.approx(bare["flow_kg_s"].high, rel=0.02)
    assert leak.flow_kg_s.min() > 0


def test_without_a_hole_the_whole_inventory_goes_through_a_usual_one() -> None:
    leak = leak_draws(ISOOCTANE, ms22(), None, np.random.default_rng(1))
    assert not leak.flow_kg_s.any()
    assert np.median(leak.gone_kg) == pytest.approx(30.5, rel=0.1)
    assert np.median(leak.hole_m) == pytest.approx(1e-3, rel=0.1)


def test_a_residue_that_may_be_nothing_is_never_less() -> None:
    """From 0 one draw of twenty was negative, and the whole answer was refused for a film of negative thickness."""
    loop = ms22().model_copy(update={"residue_frac": Given(0.01, 0.0, 0.03, "", least=0.0, most=1.0)})
    leak = leak_draws(ISOOCTANE, loop, of_one_history(), np.random.default_rng(1))
    spray = release(ISOOCTANE, loop, leak, np.full(DRAWS, 0.4), OUT, np.random.default_rng(1))
    assert spray.residue_frac.min() > 0
    assert np.median(spray.residue_frac) == pytest.approx(0.01, rel=0.1)
    assert max(spray.floor_frac.max(), spray.fog_frac.max()) < 1


def test_a_temperature_beyond_what_is_known_is_told_and_not_piled_up_at_the_end() -> None:
    """Of 320 K (300 to 380 K) only what lies below the last temperature that isooctane is known at is used."""
    hot = ms22().model_copy(update={"temperature_K": Given(320.0, 300.0, 380.0, "K")})
    found, (caveat,) = _flashed(ISOOCTANE, hot, np.random.default_rng(1))
    assert found.samples is not None
    assert np.unique(found.samples).size == found.samples.size
    assert "only what lies inside was taken" in caveat.text
    beyond = hot.model_copy(update={"temperature_K": Given(400.0, 390.0, 410.0, "K")})
    assert "the nearer end was taken" in _flashed(ISOOCTANE, beyond, np.random.default_rng(1))[1][0].text


@pytest.mark.parametrize("per_speed", [-1e-5, np.nan, np.inf])
def test_a_flow_that_cannot_be_has_no_column(per_speed: float) -> None:
    axis = [[0.0, 0.0, 1.0]]
    with pytest.raises(RangeError, match="flow of 0 or more"):
        column_per_m2([per_speed], 0.114, [0.0, 5.0, 0.0], [0.0, 0.0, 1.0], axis)
    with pytest.raises(RangeError, match="flow of 0 or more"):
        column_between_per_m2([per_speed], 0.114, [0.0, 0.0, 10.0], [0.0, 0.0, 0.0], axis)
