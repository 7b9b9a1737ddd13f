"""Laws of exposure: a wall and its back share the sky, showers turn with the wall, more flux strikes more."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from whipple.casefile.estimate import Estimate
from whipple.casefile.findings.sky import ShowerTrack, Stream
from whipple.exposure import bare_site, shower_reach
from whipple.exposure.rates import counted_mass_kg, levelled
from whipple.physics.frames import direction_lvlh
from whipple.vehicle.sight import GRAZING

T_S = np.arange(0.0, 600.0, 20.0)
ANGLES = st.floats(-np.pi, np.pi)


def track(seed: int) -> ShowerTrack:
    rng = np.random.default_rng(seed)
    way = rng.standard_normal((len(T_S), 3))
    way /= np.linalg.norm(way, axis=1)[:, None]
    return ShowerTrack(
        "x",
        "X",
        0,
        0,
        Estimate.exactly(1.0, "1/hour"),
        2.0,
        np.full(len(T_S), 3e4),
        way,
        (rng.random(len(T_S)) < 0.7).astype(float),
        (),
    )


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), ANGLES, st.floats(-1.5, 1.5))
def test_a_plate_and_its_back_share_the_time_in_view(seed, azimuth, elevation):
    normal = direction_lvlh(azimuth, elevation)
    way = track(seed)
    front, back = (shower_reach(way, T_S, bare_site(sign * normal)) for sign in (1.0, -1.0))
    if front.visible_frac > 0:
        along = np.abs(way.arrival_dir_lvlh @ normal) <= GRAZING  # runs along the plate: strikes neither side
        grazing_frac = float((way.visible * along).sum() / way.visible.sum())
        assert abs(front.reach_frac + back.reach_frac + grazing_frac - 1.0) < 1e-3
        assert front.best_cosine_ratio <= 1.0


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 71))
def test_the_azimuth_table_agrees_with_a_wall_of_that_azimuth(seed, step):
    reach = shower_reach(track(seed), T_S, bare_site(direction_lvlh(np.radians(5.0 * step - 180.0), 0.0)))
    assert abs(reach.by_azimuth_frac[step] - reach.reach_frac) < 1e-3


@settings(max_examples=25, deadline=None)
@given(st.floats(0.5, 3.0), st.floats(1.0, 10.0), st.floats(0, 1e-3))
def test_heavier_particles_are_rarer_and_intervals_hold_the_median(slope, factor, rate):
    mass = np.logspace(-12, -3, 10)
    one = Stream(
        "s", "debris", "d", np.ones((1, 1)), 1e-6, mass, (mass / 1e-6) ** -slope, np.ones(1), np.ones(1), factor, (), ()
    )
    ratio = one.heavier_than(np.logspace(-13, -2, 40))
    assert (np.diff(ratio) <= 0).all()
    assert counted_mass_kg(one) == 1e-9
    said = levelled(rate, one)
    assert said.low <= said.median <= said.high
