"""Laws of screening: no filter refuses orbits that meet; straight passes are found exactly; frames keep lengths."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from whipple.environment.close_approach import brackets, hermite_miss_m, rtn_from_lvlh
from whipple.environment.screening_filters import apsis_passes, path_passes, paths

MU = 3.986004418e14
angle = st.floats(-np.pi, np.pi)
unit = st.tuples(angle, st.floats(-1.0, 1.0)).map(
    lambda a: np.array([np.sqrt(1 - a[1] ** 2) * np.cos(a[0]), np.sqrt(1 - a[1] ** 2) * np.sin(a[0]), a[1]])
)


@settings(max_examples=150, deadline=None)
@example(
    radius=7439416.0, ship_share=1.0, tilt=0.0, heading=np.array([1.0, 0.0, 0.0]), share=0.75,
    offset=np.array([0.75454353, 0.0, 0.65625]), miss_m=0.328125,
)  # fmt: skip
@example(
    radius=6600000.0, ship_share=1.0, tilt=0.0, heading=np.array([1.0, 0.0, 3.61211001e-108]), share=1.0,
    offset=np.array([1.0, 0.0, 0.0]), miss_m=0.0,
)  # fmt: skip
@given(
    radius=st.floats(6.6e6, 8e6),
    ship_share=st.floats(0.96, 1.04),
    tilt=st.floats(0.0, np.pi),
    heading=unit,
    share=st.floats(0.75, 1.4),
    offset=unit,
    miss_m=st.floats(0.0, 25e3),
)
def test_no_filter_refuses_orbits_that_meet(radius, ship_share, tilt, heading, share, offset, miss_m):
    circular = np.sqrt(MU / radius)
    here = np.array([radius, 0.0, 0.0])
    going = ship_share * circular * np.array([0.0, np.cos(tilt), np.sin(tilt)])
    there = here + miss_m * offset
    ship = paths(here[None, None], going[None, None])
    other = paths(there[None, None], (share * circular * heading)[None, None])
    assert apsis_passes(ship, other, 25e3).all()
    assert path_passes(ship, other, 25e3).all()


@settings(max_examples=100, deadline=None)
@given(
    at=st.floats(1.0, 299.0),
    speed=st.floats(10.0, 15e3),
    miss_m=st.floats(0.0, 50e3),
    along=unit,
    seed=unit,
)
def test_a_straight_pass_is_found_exactly(at, speed, miss_m, along, seed):
    across = np.cross(along, seed)
    if np.linalg.norm(across) < 1e-3:
        return
    across /= np.linalg.norm(across)
    t = np.arange(0.0, 301.0, 60.0)
    offset = ((t - at)[:, None] * speed * along + miss_m * across)[None]
    rate = np.broadcast_to(speed * along, offset.shape)
    rows = brackets(offset, rate, 50e3)
    assert len(rows) == 1
    n, k = rows[0]
    inside, found = hermite_miss_m(offset[n, k][None], rate[n, k][None], offset[n, k + 1][None], rate[n, k + 1][None])
    assert abs(t[k] + inside[0] - at) < 1e-3
    assert abs(found[0] - miss_m) < 1e-3 + 1e-5 * speed


@settings(max_examples=30, deadline=None)
@given(vector=unit)
def test_rtn_keeps_lengths_and_handedness(vector):
    turn = rtn_from_lvlh(np.eye(3)).T
    assert np.isclose(np.linalg.norm(rtn_from_lvlh(vector)), 1.0)
    assert np.isclose(np.linalg.det(turn), 1.0)
