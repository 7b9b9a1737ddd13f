"""Laws that hold for every ballistic limit: thicker walls stop more, regimes meet, faster never helps the wall within a regime."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whipple.impact.hole_laws import WIDTH_LAWS, depth_laws, particle_m
from whipple.impact.models import MODELS
from whipple.impact.models.christiansen_1993 import whipple_m
from whipple.impact.models.christiansen_2009 import ISS_SHIELDS, iss_shield_m
from whipple.impact.models.ryan_2009_whipple import honeycomb_m, insulated_whipple_m, shaped_whipple_m
from whipple.impact.shield import Shield
from whipple.impact.shot import joined
from whipple.physics.materials import Material, material

LIMITS = [
    m
    for m in MODELS
    if not m.answers.startswith(("particle from", "chance of"))
    and m.answers not in {"named ISS shield", "through a tile"}
]
#: One wall with every property, so that each family can be asked.
WALL = Material("all", "aluminium", 2700, 3.0e8, 5050, 95, "test")
speed, angle, density = st.floats(1e3, 7e4), st.floats(0, 1.3), st.floats(500, 8000)


def shield(wall_m: float, bumper_m: float = 0.001) -> Shield:
    return Shield(
        wall=WALL, wall_m=wall_m, bumper_m=bumper_m, standoff_m=0.1, second_m=0.001, second_standoff_m=0.1, stuffing_kg_m2=5.0,
        blanket_kg_m2=0.5, blanket_standoff_m=0.03, core_kg_m2=4.0, cell_m=0.005, tile_m=0.03, felt_kg_m2=0.5,
    )  # fmt: skip


@pytest.mark.parametrize("model", LIMITS, ids=lambda model: model.name)
@settings(max_examples=12, deadline=None)
@given(v=speed, turn=angle, rho=density, wall_m=st.floats(0.0005, 0.01))
def test_a_thicker_wall_never_lets_a_smaller_particle_through(
    model: Any, v: float, turn: float, rho: float, wall_m: float
) -> None:
    thin, thick = (float(model.function(shield(w), v, turn, rho)) for w in (wall_m, 1.3 * wall_m))
    assert 0 < thin <= thick * (1 + 1e-6)


@pytest.mark.parametrize("model", LIMITS, ids=lambda model: model.name)
@settings(max_examples=8, deadline=None)
@given(turn=st.floats(0, 1.2), rho=density)
def test_no_jump_along_speed(model: Any, turn: float, rho: float) -> None:
    v = np.geomspace(1e3, 4e4, 1500)
    limit = np.asarray(model.function(shield(0.003), v, turn, rho))
    assert np.max(np.abs(np.diff(np.log(limit)))) < 0.08


@pytest.mark.parametrize("model", LIMITS, ids=lambda model: model.name)
def test_faster_is_worse_outside_the_shatter_regime(model: Any) -> None:
    for v in (np.linspace(500, 1200, 40), np.linspace(12e3, 60e3, 60)):
        assert np.all(np.diff(np.asarray(model.function(shield(0.003), v, 0.0, 2800.0))) < 0)


@pytest.mark.parametrize("model", LIMITS, ids=lambda model: model.name)
@settings(max_examples=8, deadline=None)
@given(v=speed, turn=angle, rho=density, change=st.sampled_from(["stronger", "deeper"]))
def test_a_stronger_wall_or_a_deeper_gap_never_lets_a_smaller_particle_through(
    model: Any, v: float, turn: float, rho: float, change: str
) -> None:
    before = shield(0.003)
    stronger = replace(before, wall=replace(WALL, yield_Pa=1.4 * 3.0e8))
    deeper = replace(before, standoff_m=0.14, second_standoff_m=0.14)
    after = stronger if change == "stronger" else deeper
    assert float(model.function(after, v, turn, rho)) >= float(model.function(before, v, turn, rho)) * (1 - 1e-6)


@pytest.mark.parametrize("law", [whipple_m, shaped_whipple_m, insulated_whipple_m], ids=lambda law: law.__name__)
def test_the_ends_of_the_shatter_regime_meet_exactly(law: Any) -> None:
    for turn in (0.0, 0.5, 1.0):
        for end in (3e3, 7e3):
            below, above = (
                float(law(shield(0.003), end / np.cos(turn) * (1 + side), turn, 2800.0)) for side in (-1e-9, 1e-9)
            )
            assert below == pytest.approx(above, rel=1e-7)


@settings(max_examples=25, deadline=None)
@given(v=speed, turn=angle, rho=density)
def test_a_sphere_has_no_shape_and_no_insulation_adds_none(v: float, turn: float, rho: float) -> None:
    plain = Shield(wall=WALL, wall_m=0.003, bumper_m=0.001, standoff_m=0.1, cell_m=1.0)
    there = float(whipple_m(plain, v, turn, rho))
    for law in (shaped_whipple_m, insulated_whipple_m, honeycomb_m):
        assert float(law(plain, v, turn, rho)) == pytest.approx(there, rel=1e-12)


@settings(max_examples=25, deadline=None)
@given(v=speed, rho=density, gap=st.floats(0.02, 0.3))
def test_whipple_gains_with_gap_and_holds_beyond_its_cut(v: float, rho: float, gap: float) -> None:
    near = Shield(wall=material("6061-T6"), wall_m=0.003, bumper_m=0.001, standoff_m=gap)
    far = Shield(wall=material("6061-T6"), wall_m=0.003, bumper_m=0.001, standoff_m=1.5 * gap)
    assert float(whipple_m(far, v, 0.0, rho)) >= float(whipple_m(near, v, 0.0, rho))
    assert float(whipple_m(near, v, np.radians(65), rho)) == pytest.approx(
        float(whipple_m(near, v, np.radians(80), rho)), rel=1e-12
    )


@pytest.mark.parametrize("name", list(ISS_SHIELDS))
def test_flight_shields_are_continuous_in_speed(name: str) -> None:
    limit = iss_shield_m(name, np.geomspace(500, 30e3, 2000), 0.5, 2800.0)
    assert np.max(np.abs(np.diff(np.log(limit)))) < 0.03


@settings(max_examples=25, deadline=None)
@given(v=speed, turn=angle, rho=density, hole=st.floats(1e-5, 1e-2), wall_m=st.floats(1e-4, 5e-3))
def test_a_wider_hole_needs_a_larger_particle_which_perforates(
    v: float, turn: float, rho: float, hole: float, wall_m: float
) -> None:
    wall = Shield.single("AMg6", wall_m)
    for depth in depth_laws(wall.wall):
        for width in WIDTH_LAWS:
            small, large = (float(particle_m(wall, d, (v, turn, rho), depth, width)) for d in (hole, 1.2 * hole))
            limit = float(depth_laws(wall.wall)[depth](wall, v, turn, rho))
            assert limit * (1 - 1e-9) <= small < large


@settings(max_examples=25, deadline=None)
@given(low=st.floats(1, 5), width=st.floats(0.1, 5), v=st.floats(0.1, 20))
def test_regimes_join_to_the_ends(low: float, width: float, v: float) -> None:
    high = low + width
    value = float(joined(v, low, high, lambda x: 2 + 0 * x, lambda x: 4 + 0 * x)) * 100
    assert 2 - 1e-9 <= value <= 4 + 1e-9
    assert (value == pytest.approx(2)) == (v <= low + 1e-6 * width) or low < v < high
