"""Do flash, droplet, film, plume and column do their line, and refuse bad input?"""

from __future__ import annotations

import numpy as np
import pytest

from whipple.contamination.column import NEAREST_m, column_past_per_m2, column_per_m2
from whipple.contamination.droplet import evaporate_droplet
from whipple.contamination.film import evaporation_kg_m2_s, film_life_s
from whipple.contamination.flash import flash_frac, flashed_frac
from whipple.contamination.plume import arrival_kg_m2_s, cone_per_sr, effusion_kg_m2_s, shape_per_sr
from whipple.contamination.words import duration
from whipple.errors import RangeError
from whipple.physics.fluids import fluid

ISOOCTANE = fluid("isooctane")


def test_a_frozen_film_lasts_longer_than_the_liquid_fit_says() -> None:
    # sheet section 10: the liquid fit extrapolated would give 327 s at 150 K
    assert film_life_s(ISOOCTANE, 150.0) > 600
    assert film_life_s(ISOOCTANE, 165.76) == pytest.approx(film_life_s(ISOOCTANE, 165.78), rel=0.01)


def test_film_life_is_proportional_to_thickness_and_falls_with_accommodation() -> None:
    assert film_life_s(ISOOCTANE, 200.0, 2e-6) == pytest.approx(2 * film_life_s(ISOOCTANE, 200.0))
    assert film_life_s(ISOOCTANE, 200.0, 1e-6, 0.5) == pytest.approx(2 * film_life_s(ISOOCTANE, 200.0))


def test_a_droplet_that_never_gets_that_cold_says_so() -> None:
    warm = evaporate_droplet(ISOOCTANE, 1e-4, 200.0)
    with pytest.raises(RangeError, match=r"lowest 178\.2 K"):
        warm.time_to_s(170.0)


def test_a_column_looking_away_is_smaller_than_one_across() -> None:
    def column(look: list[float]) -> float:
        return float(
            column_per_m2([1e-5], 0.114, [10.0, 0.0, 0.0], look, [[0.0, 0.0, 1.0]], exponent=0.5, floor_frac=0.1)[0]
        )

    assert column([1.0, 0.0, 0.0]) < column([0.0, 0.0, 1.0]) < column([-0.8, 0.0, 0.6])


def test_a_line_through_the_jet_counts_as_passing_beside_it() -> None:
    through = column_per_m2(
        [1e-5], 0.114, [0.0, 0.0, 8.0], [0.0, 0.0, -1.0], [[0.0, 0.0, 1.0]], exponent=0.0, floor_frac=0.0
    )
    assert np.isfinite(through).all()
    assert through[0] < column_past_per_m2(1e-5, 1.0, 0.114, float(NEAREST_m))


def test_the_plume_has_a_floor_behind_and_a_cone_has_none() -> None:
    assert float(shape_per_sr(-0.5, 1.0, 0.1)) == pytest.approx(0.1 / (4 * np.pi))
    assert float(shape_per_sr(-0.5, 1.0)) == 0.0
    assert cone_per_sr([0.95, 0.9], np.radians(20)).tolist()[1] == 0.0
    assert effusion_kg_m2_s(1.0, 1.0, 1.0, 1.0) == pytest.approx(1 / np.pi)
    assert float(arrival_kg_m2_s(1.0, 1.0, 1.0, -0.5)) == 0.0, "a surface facing away gets nothing directly"


@pytest.mark.parametrize(
    "call",
    [
        lambda: film_life_s(ISOOCTANE, 200.0, 0.0),
        lambda: film_life_s(ISOOCTANE, 20.0),
        lambda: evaporation_kg_m2_s(ISOOCTANE, 200.0, 1.5),
        lambda: flash_frac(ISOOCTANE, 400.0),
        lambda: flashed_frac(lambda T: T, lambda T: T, 200.0, 300.0),
        lambda: evaporate_droplet(ISOOCTANE, -1e-3, 100.0),
        lambda: evaporate_droplet(ISOOCTANE, 1e-3, 100.0, from_K=400.0),
        lambda: shape_per_sr(1.0, -1.0),
        lambda: shape_per_sr(1.0, 1.0, 1.5),
    ],
)
def test_bad_input_is_refused(call: object) -> None:
    with pytest.raises(RangeError, match="expected"):
        call()  # type: ignore[operator]


def test_durations_read_well() -> None:
    assert [duration(x) for x in (0.9999, 59.9, 3600.0, 3e-6)] == ["1 s", "1 min", "1 h", "3 µs"]
