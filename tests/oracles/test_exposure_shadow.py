"""Closed forms for the look ahead where one thing hides another, and where the wall's law depends on incidence: view factors and an integral."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "unit" / "assess"))

import made_by_hand as hand

from whipple.assessment import laws_of
from whipple.exposure.margins import Margin, reach_margins
from whipple.vehicle.shapes import sphere, split_large

HOWELL = (
    "closed form: view factor (Howell catalogue, geometry sheet 3.4); what the other plate does not hide is open sky"
)
THIN = 2e-3


def inner_flux(vehicle, part: str, normal) -> float:
    """Strikes above the reference per m2 of the facets of one part that face a way, over the flux across the arrival."""
    risk = hand.assessed(vehicle, hand.skies())
    surfaces = vehicle.surfaces
    mine = surfaces.of_part(part)
    mine = mine[surfaces.normal_body[mine] @ np.asarray(normal) > 0.99]
    rate = risk.facets.strike_per_m2_s[0][mine]
    mean = np.average(rate, weights=surfaces.area_m2[mine])
    return float(mean / hand.stream().heavier_than(1e-9) / hand.FLUX)


def parallel_squares(x: float) -> float:
    """View factor of two equal squares face to face, side over gap x (Howell C-11)."""
    s = 1 + x * x
    return (
        2 / (np.pi * x * x) * (np.log(s / np.sqrt(1 + 2 * x * x)) + 2 * x * np.sqrt(s) * np.arctan(x / np.sqrt(s)) - 2 * x * np.arctan(x))
    )  # fmt: skip


@pytest.mark.parametrize("x", [0.5, 1.0, 2.0])
def test_two_plates_face_to_face_hide_from_each_other_what_they_see_of_each_other(x, authority):
    gap = 1.0 / x
    shapes = [split_large(hand.placed((1, 1, THIN), (0, 0, z)), 0.15) for z in (0.0, gap + THIN)]
    found = inner_flux(hand.stack(shapes, [hand.part("lower"), hand.part("upper")]), "lower", [0, 0, 1])
    expected = (1 - parallel_squares(x)) / 4
    authority(
        "exposure", f"inner side of two squares, side over gap {x:g}", found, expected, source=HOWELL,
        why="1652 direction cells of 5°, noise of the rays 1 %", rtol=0.02, unit="of the cross-section flux",
    )  # fmt: skip


def test_a_corner_of_two_plates(authority):
    """Perpendicular squares with a common edge: view factor 0.20004 (Howell C-14)."""
    floor = split_large(hand.placed((1, 1, THIN), (0.5, 0, THIN / 2)), 0.1)
    wall = split_large(hand.placed((THIN, 1, 1), (-THIN / 2, 0, -0.5)), 0.1)
    vehicle = hand.stack([floor, wall], [hand.part("floor"), hand.part("wall")])
    found = inner_flux(vehicle, "floor", [0, 0, -1])
    authority(
        "exposure", "floor of a corner of two squares", found, (1 - 0.20004) / 4, source=HOWELL,
        why="1652 direction cells of 5°, noise of the rays 1 %", rtol=0.02, unit="of the cross-section flux",
    )  # fmt: skip


@pytest.mark.parametrize("shape", ["sphere", "cube"])
def test_punctures_by_an_oblique_law_are_its_integral(shape, authority):
    """Numbers as mass**-1 and a limit as cos**(-12/19): of what strikes a wall, cos**(36/19) gets through, in the mean 1 / (2 (q + 2))."""
    vehicle = hand.cube() if shape == "cube" else hand.stack([sphere(1.0, 24)], [hand.part()])
    stream = replace(hand.stream(), number_ratio=(hand.MASS / 1e-6) ** -1.0)
    risk = hand.assessed(vehicle, hand.skies(stream))
    law = laws_of(hand.part())[0]
    size = float(law.function(speed_m_s=1e4, incidence_rad=0.0, density_kg_m3=2800.0))
    squarely = hand.FLUX * float(stream.heavier_than(np.pi / 6 * 2800.0 * size**3))
    power = 3 * (2 / 3) * (18 / 19)
    area = vehicle.surfaces.area_m2.sum()
    authority(
        "exposure", f"punctures of a {shape} by the Cour-Palais law in isotropic flux", risk.sources[0].puncture_count.median,
        squarely * area / (2 * (power + 2)), source="closed form: the integral of cos**(1 + 36/19) over a hemisphere",
        why="19 incidences, straight between them; 1652 cells", rtol=5e-3, unit="1/s",
    )  # fmt: skip


@pytest.mark.parametrize("angle_deg", [20.0, 60.0, 89.0])
def test_the_margin_of_a_plate_by_direction_is_arithmetic(angle_deg, authority):
    """A beam so far behind the plane of a thin plate whose other side is covered."""
    way = np.array([-np.sin(np.radians(angle_deg)), np.cos(np.radians(angle_deg)), 0.0])
    plate = hand.stack([hand.placed((0.01, 1, 1))], [hand.part("plate")])
    front = np.flatnonzero(plate.surfaces.normal_body[:, 0] > 0.9)
    (row,) = reach_margins(plate, {"beam": (way[None], np.ones(1))}, {"front": front}, backend="embree")
    assert isinstance(row, Margin)
    authority(
        "exposure", f"turn to bring a beam {angle_deg:g}° behind a plate onto it", np.degrees(row.facing_rad), angle_deg,
        source="arithmetic", why="exact", atol=1e-6, unit="deg",
    )  # fmt: skip
    assert np.degrees(row.turn_rad) == pytest.approx(angle_deg, abs=3.0)
    assert f"out of reach by {angle_deg:.0f}" in row.sentence or abs(np.degrees(row.turn_rad) - angle_deg) > 0.5


def test_the_margin_in_a_shadow_is_that_of_the_screen():
    """A small plate 1 m behind a screen of 4 m by 4 m: square on, the beam must turn by about atan(2) to pass the edge."""
    vehicle = hand.stack(
        [hand.placed((0.01, 4, 4), (1.0, 0, 0)), hand.placed((0.01, 0.02, 0.02))],
        [hand.part("screen"), hand.part("small")],
    )
    small = vehicle.surfaces.of_part("small")
    front = small[vehicle.surfaces.normal_body[small, 0] > 0.9]
    beams = {"beam": (np.array([[1.0, 0, 0]]), np.ones(1)), "side": (np.array([[0.1, 0.995, 0]]), np.ones(1))}
    hidden, open_ = reach_margins(vehicle, beams, {"small": front}, backend="embree")
    assert np.degrees(hidden.turn_rad) == pytest.approx(np.degrees(np.arctan(2.0)), abs=3.0)
    assert hidden.facing_rad == 0.0
    assert "stands in the way" in hidden.sentence
    assert (open_.reached_frac, open_.turn_rad) == (1.0, 0.0)
    boxed = hand.stack([hand.placed((3, 3, 3)), hand.placed((1, 1, 1))], [hand.part("shell"), hand.part("core")])
    (row,) = reach_margins(boxed, {"beam": beams["beam"]}, {"core": boxed.surfaces.of_part("core")}, backend="embree")
    assert np.isinf(row.turn_rad)
    assert "sees nothing outside" in row.sentence
