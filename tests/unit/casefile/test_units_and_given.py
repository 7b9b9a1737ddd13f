"""Unit text at the door."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from whipple.casefile.given import Given
from whipple.casefile.units import in_unit, parse_quantity, suffix_unit
from whipple.errors import RangeError


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("0.8 mm", "m", 8e-4),
        ("3 atm", "Pa", 303975.0),
        ("25 degC", "K", 298.15),
        ("-71.9 deg", "rad", -1.254891732),
        ("44 L", "m**3", 0.044),
        ("12 %", "", 0.12),
        ("7 km/s", "m/s", 7000.0),
        (0.7, "", 0.7),
    ],
)
def test_text_becomes_si(text: object, unit: str, value: float) -> None:
    assert parse_quantity(text, unit) == pytest.approx(value, rel=1e-9)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("3", "Pa"),
        ("3 m", "Pa"),
        ("three atm", "Pa"),
        ("0.8", "m"),
        ("45", "rad"),
        (True, "m"),
        ("nan m", "m"),
        ("1 frobnitz", "m"),
    ],
)
def test_what_is_not_such_a_quantity_is_refused(text: object, unit: str) -> None:
    with pytest.raises(RangeError, match="expected"):
        parse_quantity(text, unit, "here")


@pytest.mark.parametrize(
    ("text", "unit", "hint"),
    [
        ("1", "m", '"1 mm" or "1 m"'),
        ("44", "m**3", '"44 L" or "44 m**3"'),
        ("45", "rad", '"45 deg" or "45 rad"'),
        ("180", "s", '"180 s", "180 min" or "180 day"'),
        ("5", "W", '"5 W"'),
    ],
)
def test_a_missing_unit_hints_at_usual_ones_that_are_read(text: str, unit: str, hint: str) -> None:
    with pytest.raises(RangeError) as caught:
        parse_quantity(text, unit)
    assert caught.value.remedy == f"write the unit, for example {hint}"
    assert all(np.isfinite(parse_quantity(word, unit)) for word in hint.split('"')[1::2])


@given(st.floats(1e-9, 1e9))
def test_there_and_back(value: float) -> None:
    assert parse_quantity(f"{in_unit(value, 'm', 'mm')!r} mm", "m") == pytest.approx(value, rel=1e-12)


def test_suffixes() -> None:
    assert suffix_unit("hole.diameter_m") == "m"
    assert suffix_unit("cause.leading") is None
    assert suffix_unit("m") is None


@given(st.floats(0.5, 1.0), st.floats(1.0, 3.0), st.integers(0, 10))
def test_draws_hold_their_percentiles(low_share: float, high_share: float, seed: int) -> None:
    given_number = Given(2.0, 2.0 * low_share, 2.0 * high_share, "m")
    draws = given_number.draw(np.random.default_rng(seed), 4001)
    assert draws.min() > 0
    assert np.mean(draws <= given_number.high * (1 + 1e-12)) >= 0.93
    assert np.mean(draws >= given_number.low * (1 - 1e-12)) >= 0.93


@settings(max_examples=30)
@given(st.just(0.0) | st.floats(0.01, 1.0), st.floats(1.0, 3.0), st.floats(1.01, 3.0), st.integers(0, 10))
def test_no_draw_leaves_what_can_be_and_the_range_still_holds(
    low: float, high_share: float, most_share: float, seed: int
) -> None:
    """A length whose range begins at 0, a share whose range ends at 1: the median stays, at least 90 % lies in the range."""
    high = min(2.0 * high_share, 2.0 * most_share)
    number = Given(2.0, low, high, "m", least=0.0, most=2.0 * most_share)
    draws = number.draw(np.random.default_rng(seed), 4001)
    assert draws.min() >= 0
    assert draws.max() <= number.most * (1 + 1e-12)
    assert np.mean(draws < number.value) == pytest.approx(0.5, abs=0.05)
    inside = (draws >= low * (1 - 1e-12)) & (draws <= high * (1 + 1e-12))
    assert inside.mean() >= 0.87
    free = Given(2.0, low, high, "m").draw(np.random.default_rng(seed), 4001)
    kept = (free >= 0) & (free <= number.most)
    assert np.array_equal(draws[kept], free[kept])


def test_what_is_drawn_again_follows_the_cut_normal() -> None:
    """Against SciPy's truncated normal: value 2, low 0 and high 4 are 1.645 sigma away, none below 0."""
    stats = pytest.importorskip("scipy.stats")
    draws = Given(2.0, 0.0, 4.0, "m", least=0.0).draw(np.random.default_rng(3), 40001)
    below, sigma = draws[draws < 2.0], 2.0 / 1.6448536
    law = stats.truncnorm(-1.6448536, 0.0, loc=2.0, scale=sigma)
    assert stats.kstest(below, law.cdf).pvalue > 0.01
    assert np.quantile(draws, 0.95) == pytest.approx(4.0, rel=0.02)


def test_a_table_hands_its_limits_to_its_numbers() -> None:
    from whipple.casefile.tables.hypothesis import HypothesisTable
    from whipple.casefile.tables.option import OptionTable

    raw = {
        "name": "x",
        "title": "x",
        "kind": "other",
        "source": "x",
        "rate": {"is": "0.1 / day", "low": "0 / day", "high": "1 / day"},
    }
    with pytest.raises(ValidationError) as caught:
        HypothesisTable.model_validate(raw)
    assert caught.value.errors()[0]["ctx"]["expected"] == "a range above zero"
    drawn = OptionTable.model_validate(
        {"name": "x", "title": "x", "ship": "other", "returns": "crewed", "ready": "0 s", "waits_for": "", "destroys": "",
         "known": "2022-12-16", "source": "x", "other_harm": {"is": "0.5", "low": "0", "high": "1"}}
    ).other_harm_prob.draw(np.random.default_rng(1), 1001)  # fmt: skip
    assert 0 < drawn.min() < 0.1
    assert 0.9 < drawn.max() <= 1
