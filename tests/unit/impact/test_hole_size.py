"""Which size is used: what was measured, then what was said, then what was simulated."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from whipple.casefile.case import Case
from whipple.casefile.estimate import Estimate
from whipple.casefile.findings.hole import Hole
from whipple.casefile.findings.pictures import Pictures
from whipple.casefile.given import Given
from whipple.casefile.read_case import read_case
from whipple.casefile.tables.claim import ClaimTable
from whipple.commands.folders import BUNDLED
from whipple.impact.hole_size import SIMULATED_SIZE, hole_size
from whipple.impact.impactor import _hole_draws

SEEN, FLOWED, SAID = 0.5e-3, 0.6e-3, 0.8e-3


def a_case(*, claimed: bool) -> Case:
    claim = ClaimTable.model_validate(
        {
            "id": "said", "about": "hole.diameter_m", "says": "0.8 mm", "value": Given(SAID, 0.6e-3, 1e-3, "m"), "said_by": "the agency",
            "said_on": datetime(2022, 12, 19, tzinfo=UTC), "use": "evidence", "source": "key",
        }
    )  # fmt: skip
    head = SimpleNamespace(seed=1)
    return Case(Path(), "d", "", head, None, None, None, None, claims=(claim,) if claimed else ())  # type: ignore[arg-type]


def pictures(simulated: bool) -> Pictures:
    return Pictures((), Estimate(SEEN, 0.9 * SEEN, 1.1 * SEEN, "m"), simulated, "")


def hole(simulated: bool) -> Hole:
    size = Estimate(FLOWED, 0.9 * FLOWED, 1.1 * FLOWED, "m")
    return Hole("loop", None, size, (), {}, None, None, None, None, None, None, None, None, simulated, "")


@pytest.mark.parametrize(
    ("seen", "flowed", "claimed", "expected", "code"),
    [
        (False, False, True, SEEN, None),
        (True, False, True, FLOWED, "impact.hydraulic-size"),
        (False, True, True, SEEN, None),
        (True, True, True, SAID, "impact.claimed-size"),
        (True, True, False, SEEN, SIMULATED_SIZE),
        (None, True, False, FLOWED, SIMULATED_SIZE),
        (None, True, True, SAID, "impact.claimed-size"),
        (None, None, True, SAID, "impact.claimed-size"),
        (None, None, False, None, "impact.no-hole-size"),
    ],
)
def test_measured_then_said_then_simulated(seen, flowed, claimed, expected, code):
    """`seen` and `flowed`: True for simulated, False for real, None for absent."""
    size, notes = hole_size(
        a_case(claimed=claimed),
        None if seen is None else pictures(seen),
        None if flowed is None else hole(flowed),
    )
    assert (None if size is None else size.median) == expected
    assert [note.code for note in notes] == ([] if code is None else [code])
    assert size is None or size.caveats == notes


def test_the_words_say_simulated():
    _, (note,) = hole_size(a_case(claimed=False), pictures(True), hole(True))
    assert "SIMULATED" in note.text


@pytest.mark.parametrize(("as_of", "expected"), [("2022-12-16", SEEN), ("2022-12-19", SAID), ("", SAID)])
def test_the_bundled_case_uses_the_published_size_from_the_day_it_was_said(as_of, expected):
    size, _ = hole_size(read_case(BUNDLED / "soyuz-ms22", as_of), pictures(True), hole(True))
    assert size is not None
    assert size.median == pytest.approx(expected)


def test_a_second_statement_of_the_size_is_not_dropped_in_silence() -> None:
    case = a_case(claimed=True)
    other = case.claims[0].model_copy(
        update={"id": "other", "value": Given(1.2e-3, 1.1e-3, 1.3e-3, "m"), "said_by": "the wire"}
    )
    size, (note,) = hole_size(replace(case, claims=(*case.claims, other)), None, None)
    assert size is not None
    assert size.median == SAID
    assert "not used here: 1.2 mm (the wire)" in note.text


@pytest.mark.parametrize(("low", "high"), [(0.6e-3, 1e-3), (0.02e-3, 1e-3), (0.0, 1e-3)])
def test_the_whole_interval_is_drawn_however_far_down_it_goes(low: float, high: float) -> None:
    """A low end below a fifth of the median was raised to that before."""
    draws = _hole_draws(Estimate(SAID, low, high, "m"), np.random.default_rng(1))
    assert np.median(draws) == pytest.approx(SAID, rel=0.1)
    assert np.quantile(draws, 0.95) == pytest.approx(high, rel=0.03)
    assert draws.min() > 0
    expected = low if low else 0.15e-3  # cut off at nothing, a split normal keeps more of its lower half
    assert np.quantile(draws, 0.05) == pytest.approx(expected, rel=0.5)
