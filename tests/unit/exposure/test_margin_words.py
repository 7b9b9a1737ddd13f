"""The margin that is told is the exact one where direction alone decides, and never more than it."""

from __future__ import annotations

import re

import numpy as np
import pytest

from whipple.exposure.margins import Margin, RESOLUTION_rad, reach_margins
from whipple.physics.frames import body_from_lvlh
from whipple.vehicle.shapes import box
from whipple.vehicle.stack import Stack
from whipple.vehicle.surfaces import Part, Surfaces

PLATE = Part("plate", "", "", 0, 0, 0, 0.5, 0.5, 290, "none")


def told_deg(margin: Margin) -> float:
    return float(re.search(r"out of reach by (?:about )?([\d.]+)°", margin.sentence)[1])


def test_by_direction_the_exact_margin_is_told_and_not_the_sampled_one():
    """A convex body hides nothing: beams 3 to 80 degrees behind one side of a box, at odd angles round it."""
    shape = box([0.01, 1.0, 1.0])
    surfaces = Surfaces.from_triangles(shape.vertex_m, shape.triangle, np.zeros(len(shape.triangle), int), [PLATE])
    front = np.flatnonzero(surfaces.normal_body[:, 0] > 0.9)
    stack = Stack(
        surfaces, body_from_lvlh(0.3, 0.1, -0.2), "plate", np.zeros(3), np.eye(3)[:1], np.ones(1), np.zeros(3),
        np.eye(3), 1.0,
    )  # fmt: skip
    behind, round_it = np.linspace(3.0, 80.0, 12), np.linspace(0.2, 6.0, 12)
    away = np.radians(behind)
    beam = np.stack([-np.sin(away), np.cos(away) * np.cos(round_it), np.cos(away) * np.sin(round_it)], axis=1)
    arrivals = {
        f"{angle:.3f}": (way[None] @ stack.body_from_lvlh, np.ones(1)) for angle, way in zip(behind, beam, strict=True)
    }
    rows = reach_margins(stack, arrivals, {"front": front}, backend="embree")
    assert all("(by direction)" in row.sentence for row in rows)
    assert [told_deg(row) for row in rows] == pytest.approx(behind, abs=0.0501)
    sampled = np.degrees([row.turn_rad for row in rows]) - behind
    assert sampled.mean() > 0.2  # what is not told: the nearest of the directions looked at is always farther


def test_in_a_shadow_the_sampled_margin_is_told_as_about_so_much():
    facing, turn = np.radians([10.0, 10.0 + 2 * np.degrees(RESOLUTION_rad)])
    shaded = Margin("plate", "beam", 0.0, turn, facing)
    assert "out of reach by about 15° (10° by direction, the rest by shadow)" in shaded.sentence
    assert "by about 5° (the rest of the vehicle" in Margin("plate", "beam", 0.0, turn - facing, 0.0).sentence


def test_a_narrow_shadow_on_a_part_that_faces_the_source_is_not_called_direction():
    row = Margin("plate", "beam", 0.0, 0.5 * RESOLUTION_rad, 0.0)
    assert "by about 1° (the rest of the vehicle stands in the way)" in row.sentence
