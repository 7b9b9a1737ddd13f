"""Do the laws of plume, droplet and film hold for any numbers?"""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from whipple.contamination.column import column_past_per_m2, column_per_m2
from whipple.contamination.droplet import evaporate_droplet
from whipple.contamination.film import film_life_s
from whipple.contamination.flash import flash_frac
from whipple.contamination.plume import cone_per_sr, shape_per_sr
from whipple.contamination.release import Release
from whipple.physics.fluids import fluid

ISOOCTANE = fluid("isooctane")
NODE, WEIGHT = np.polynomial.legendre.leggauss(200)


def over_sphere(share: object) -> float:
    """Integral over all directions of a share that depends on the cosine only, both hemispheres by Gauss-Legendre."""
    halves = [0.5 * WEIGHT @ share((NODE + side) / 2) for side in (-1, 1)]  # type: ignore[operator]
    return float(2 * np.pi * sum(halves))


@settings(max_examples=60, deadline=None)
@given(st.floats(0.0, 20.0), st.floats(0.0, 1.0))
def test_the_plume_conserves_the_flow(exponent: float, floor_frac: float) -> None:
    assert abs(over_sphere(lambda cosine: shape_per_sr(cosine, exponent, floor_frac)) - 1) < 1e-6


@settings(max_examples=20, deadline=None)
@given(st.floats(0.05, 3.0))
def test_the_cone_conserves_the_flow(half_angle_rad: float) -> None:
    inside = float(cone_per_sr(1.0, half_angle_rad)) * 2 * np.pi * (1 - np.cos(half_angle_rad))
    assert abs(inside - 1) < 1e-9


@settings(max_examples=5, deadline=None)
@given(st.floats(1e-6, 5e-3), st.floats(10.0, 300.0))
def test_droplet_times_are_proportional_to_size(diameter_m: float, flux_W_m2: float) -> None:
    one, double = (evaporate_droplet(ISOOCTANE, scale * diameter_m, flux_W_m2) for scale in (1, 2))
    assert abs(double.life_s / one.life_s - 2) < 1e-5
    assert (np.diff(one.mass_frac) < 0).all()
    assert one.temperature_K.min() >= ISOOCTANE.triple_point_K - 1e-6


@settings(max_examples=40, deadline=None)
@given(st.floats(100.0, 330.0), st.floats(0.5, 10.0))
def test_a_colder_film_lasts_longer(kelvin: float, step: float) -> None:
    assert film_life_s(ISOOCTANE, kelvin - step) > film_life_s(ISOOCTANE, kelvin)


@settings(max_examples=30, deadline=None)
@given(st.floats(170.0, 330.0))
def test_flash_stays_a_share_and_grows_with_temperature(kelvin: float) -> None:
    assert 0 <= flash_frac(ISOOCTANE, kelvin) < flash_frac(ISOOCTANE, kelvin + 1) < 1


@settings(max_examples=30, deadline=None)
@given(st.floats(1.0, 100.0), st.floats(0.0, 6.28))
def test_a_full_line_past_an_isotropic_half_space_has_the_closed_form(distance_m: float, turn_rad: float) -> None:
    foot = distance_m * np.array([np.sin(turn_rad) * 0.5, 0.0, 1.0]) / np.hypot(np.sin(turn_rad) * 0.5, 1.0)
    look = np.array([0.0, 1.0, 0.0])
    full = column_per_m2([1e-6], 0.114, foot - 1e9 * look, look, foot[None] / distance_m, exponent=0.0, floor_frac=0.0)
    assert abs(full[0] / column_past_per_m2(1e-6, 1.0, 0.114, distance_m) - 1) < 1e-5


@settings(max_examples=15, deadline=None)
@given(st.floats(0.0, 5.0), st.floats(0.0, 1.0), st.floats(1.25, 1.66), st.booleans())
def test_every_draw_of_a_release_conserves_its_flow(
    exponent: float, floor_frac: float, ratio: float, grows: bool
) -> None:
    one = np.ones(1)
    drawn = Release(
        np.zeros(1, dtype=np.int64),
        one,
        one,
        one,
        one,
        exponent * one,
        floor_frac * one,
        one,
        one,
        np.array([grows]),
        ratio,
    )
    assert abs(over_sphere(lambda cosine: drawn.vapour_per_sr(np.asarray(cosine)[None, :])[0]) - 1) < 1e-6
