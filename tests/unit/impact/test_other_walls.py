"""Thermal protection, insulation, shape and honeycomb: each law does its line and refuses what it cannot mean."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from whipple.errors import RangeError
from whipple.impact.models.christiansen_1993 import whipple_m
from whipple.impact.models.ryan_2009_heat_shields import (
    ablator_m,
    avcoat_m,
    bare_tile_m,
    rcc_hole_particle_m,
    tile_cavity_particle_m,
    tiled_structure_m,
)
from whipple.impact.models.ryan_2009_whipple import honeycomb_m, insulated_wall_m, insulated_whipple_m, shaped_whipple_m
from whipple.impact.shield import Shield
from whipple.physics.materials import Material, material

SHIELD = Shield(wall=material("6061-T6"), wall_m=0.0032, bumper_m=0.0016, standoff_m=0.1)


def test_a_disk_at_high_speed_is_worse_than_the_sphere_of_its_mass() -> None:
    sphere, disk, rod = (float(shaped_whipple_m(SHIELD, 9e3, 0.0, 2800.0, f)) for f in (1.0, 0.42, 1.53))
    assert disk < sphere
    assert rod < sphere


def test_the_two_printed_exponents_of_the_shape_law_differ_only_at_low_speed() -> None:
    slow = [float(shaped_whipple_m(SHIELD, 2e3, 0.0, 2800.0, 1.5, a)) for a in (0.08, 0.3)]
    fast = [float(shaped_whipple_m(SHIELD, 9e3, 0.0, 2800.0, 1.5, a)) for a in (0.08, 0.3)]
    assert slow[0] / slow[1] == pytest.approx(1.5 ** (0.22 * 18 / 19), rel=1e-9)
    assert fast[0] == fast[1]


def test_insulation_outside_a_whipple_counts_at_low_speed_only() -> None:
    lined = replace(SHIELD, blanket_kg_m2=0.6)
    assert float(insulated_whipple_m(lined, 2e3, 0.0, 2800.0)) > float(whipple_m(SHIELD, 2e3, 0.0, 2800.0))
    assert float(insulated_whipple_m(lined, 9e3, 0.0, 2800.0)) == float(whipple_m(SHIELD, 9e3, 0.0, 2800.0))


def test_insulation_on_a_bare_wall_adds_the_printed_term() -> None:
    bare, lined = (
        float(insulated_wall_m(Shield(wall=material("6061-T6"), wall_m=0.001, blanket_kg_m2=ad), 7e3, 0.0, 2800.0))
        for ad in (0.0, 0.6)
    )
    assert lined - bare == pytest.approx(0.01 * 2.2 * 0.06 * 2.8**-0.47 * 7**-0.63, rel=1e-9)


def test_honeycomb_takes_the_lesser_of_core_and_two_cells() -> None:
    narrow, wide = (float(honeycomb_m(replace(SHIELD, cell_m=cell), 8e3, 0.0, 2800.0)) for cell in (0.005, 0.5))
    assert narrow == pytest.approx(float(whipple_m(replace(SHIELD, standoff_m=0.01), 8e3, 0.0, 2800.0)), rel=1e-12)
    assert wide == pytest.approx(float(whipple_m(SHIELD, 8e3, 0.0, 2800.0)), rel=1e-12)


def test_avcoat_jumps_where_the_particle_is_four_times_as_dense() -> None:
    layer = Shield(wall=Material("layer", "ablator", 500, None, None, None, "test"), wall_m=0.04)
    light, dense = (float(avcoat_m(layer, 7e3, 0.0, rho)) for rho in (1999.9, 2000.1))
    assert dense / light == pytest.approx((1.25 / 1.61) ** (18 / 19), rel=1e-3)


def test_holes_and_cavities_put_back_in() -> None:
    d = 100 * float(rcc_hole_particle_m(0.01, 7e3, 0.5, 2800.0))
    assert 2.20 * d * (2.8 * 7 * np.cos(0.5)) ** (1 / 3) - 0.36 == pytest.approx(1.0, rel=1e-9)
    d = 100 * float(tile_cavity_particle_m(0.03, 6e3, 0.5, 2700.0))
    assert 1.85 * d * 2.7 ** (1 / 3) * 6 ** (2 / 3) * (1 + 0.25 * np.sin(0.5)) ** (2 / 3) == pytest.approx(
        3.0, rel=1e-6
    )


def test_thicker_and_denser_tiles_hold_more() -> None:
    tiled = replace(SHIELD, tile_m=0.03)
    thicker, denser = replace(tiled, tile_m=0.05), replace(tiled, tile_density_kg_m3=350.0)
    base = float(bare_tile_m(tiled, 7e3, 0.0, 2800.0))
    assert float(bare_tile_m(thicker, 7e3, 0.0, 2800.0)) > base
    assert float(bare_tile_m(denser, 7e3, 0.0, 2800.0)) > base
    for v in (2e3, 7e3):
        assert float(tiled_structure_m(thicker, v, 0.0, 2800.0)) > float(tiled_structure_m(tiled, v, 0.0, 2800.0))


def test_what_cannot_be_meant_is_refused() -> None:
    with pytest.raises(RangeError, match="expected a tile thicker than 0"):
        tiled_structure_m(SHIELD, 7e3, 0.0, 2800.0)
    with pytest.raises(RangeError, match="expected a cell wider than 0"):
        honeycomb_m(SHIELD, 7e3, 0.0, 2800.0)
    with pytest.raises(RangeError, match="expected a ratio > 0"):
        shaped_whipple_m(SHIELD, 7e3, 0.0, 2800.0, 0.0)
    with pytest.raises(RangeError, match="a share of the layer"):
        ablator_m(SHIELD, 7e3, 0.0, 2800.0, 1.5)
