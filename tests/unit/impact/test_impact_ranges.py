"""A wall or an area that may be nothing is refused by name, and the sentence at gun speed speaks for all the laws."""

from __future__ import annotations

import re

import numpy as np
import pytest

from whipple.casefile.given import Given
from whipple.impact import critical_diameter_m
from whipple.impact.curves import sentence_at_gun_speed
from whipple.impact.hole_laws import WIDTH_LAWS, depth_laws, particle_m
from whipple.impact.limits import shield_of
from whipple.impact.models import christiansen_1993
from whipple.impact.shield import Shield
from whipple.physics.materials import material
from whipple.vehicle.surfaces import Part


def test_the_sentence_at_gun_speed_speaks_for_hole_laws_too() -> None:
    """In a sheet of 0.3 mm a hole of 2.7 mm is set by its width: depth alone asked for 1.5 mm at most, all the laws for more."""
    wall, hole_m = material("2024-T3"), 2.74e-3
    given = Given(0.28e-3, 0.28e-3, 0.28e-3, "m")
    said = [float(word) for word in re.findall(r"[\d.]+(?= to| mm)", sentence_at_gun_speed(wall, given, hole_m))][:2]
    shield = Shield(wall=wall, wall_m=given.value)
    found = [
        float(particle_m(shield, hole_m, (7000.0, 0.0, bulk), depth, width)) * 1e3
        for bulk in (1000.0, 2800.0)
        for depth in depth_laws(wall)
        for width in WIDTH_LAWS
    ]
    assert said == pytest.approx([min(found), max(found)], abs=0.05)
    alone = [
        float(particle_m(shield, hole_m, (7000.0, 0.0, bulk), depth)) * 1e3
        for bulk in (1000.0, 2800.0)
        for depth in depth_laws(wall)
    ]
    assert max(found) > 1.05 * max(alone)
    assert np.all(np.array(found) >= min(alone))


def test_a_foil_is_no_bumper() -> None:
    """NNO alone let a foil of a micrometre stop 4.2 mm, where the bare wall stops 0.6 mm: seven times too large."""
    shot = ([5000.0, 7000.0, 15000.0], [[0.0], [0.8]], 2800.0)
    bare = critical_diameter_m(part(0.0), *shot)
    foil, thin, thick = (critical_diameter_m(part(bumper_m), *shot) for bumper_m in (1e-6, 1e-4, 1.6e-3))
    assert bare is not None
    assert foil is not None
    assert thin is not None
    assert np.all(foil[0] < 1.1 * bare[0])  # head on; aslant the two bare-wall laws differ
    assert np.all(foil <= thin)
    shield = shield_of(part(1.6e-3))
    assert shield is not None
    assert np.array_equal(thick, christiansen_1993.whipple_m(shield, *shot))  # where NNO holds, it speaks alone
    assert float(critical_diameter_m(part(1e-4), 7000.0, 0.0, 2800.0)) == pytest.approx(1.33e-3, rel=0.01)  # type: ignore[arg-type]


def part(bumper_m: float) -> Part:
    return Part("hull", "m", "6061-T6", 0.002, bumper_m, 0.1, 0.5, 0.5, 290, "s")
