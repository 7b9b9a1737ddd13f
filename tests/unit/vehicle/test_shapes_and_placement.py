"""Shapes are closed, wound outward and of the right size; frames point where the file says."""

from __future__ import annotations

import numpy as np
import pytest

from whipple.errors import RangeError
from whipple.vehicle.hygiene import examine
from whipple.vehicle.placement import Placement, axes_along
from whipple.vehicle.shapes import Triangles, box, cone, cylinder, plate, sphere, split_large, tube


def area_m2(shape: Triangles) -> float:
    corner = shape.vertex_m[shape.triangle]
    return float(np.linalg.norm(np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0]), axis=1).sum() / 2)


@pytest.mark.parametrize(
    ("shape", "volume_m3", "rtol"),
    [
        (box([1.0, 2.0, 3.0]), 6.0, 1e-12),
        (plate([2.0, 3.0], 0.02), 0.12, 1e-12),
        (cylinder(2.0, 1.0, 96), np.pi / 2, 2e-3),
        (cone(2.0, 2.0, 1.0, 96), np.pi * 2 / 3 * (1 + 0.5 + 0.25), 2e-3),
        (cone(2.0, 2.0, 0.0, 96), np.pi * 2 / 3, 2e-3),
        (sphere(2.0, 96), 4 / 3 * np.pi, 3e-3),
        (tube(2.0, 2.0, 0.1, 96), np.pi * 2 * (1 - 0.81), 2e-3),
    ],
)
def test_solids_are_closed_and_outward(shape, volume_m3, rtol):
    health = examine(shape)
    assert health.closed
    assert health.flipped_edge_count == 0
    assert health.volume_m3 == pytest.approx(volume_m3, rel=rtol)


@pytest.mark.parametrize("segments", [6, 16, 24])
def test_side_area_of_a_band_is_exact_for_any_number_of_segments(segments):
    band = cylinder(1.1575, 2.2, segments, closed=False)
    assert area_m2(band) == pytest.approx(np.pi * 2.2 * 1.1575, rel=1e-12)
    assert not examine(band).closed


def test_facet_normals_of_a_24_sided_band_lie_every_15_degrees():
    band = cylinder(1.0, 2.0, 24, closed=False)
    corner = band.vertex_m[band.triangle]
    normal = np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0])
    turn = np.degrees(np.arctan2(normal[:, 2], normal[:, 1])) % 15.0
    assert np.minimum(turn, 15.0 - turn).max() < 1e-9


def test_splitting_keeps_area_volume_and_winding():
    whole, fine = tube(2.0, 1.0, 0.1), split_large(tube(2.0, 1.0, 0.1), 0.02)
    corner = fine.vertex_m[fine.triangle]
    each = np.linalg.norm(np.cross(corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0]), axis=1) / 2
    assert each.max() <= 0.02 * (1 + 1e-9)
    assert area_m2(fine) == pytest.approx(area_m2(whole), rel=1e-12)
    assert examine(fine).volume_m3 == pytest.approx(examine(whole).volume_m3, rel=1e-9)


def test_a_ship_at_a_nadir_port_has_its_x_axis_down_and_y_to_starboard():
    turn = axes_along((0.0, 0.0, 1.0))
    assert turn[:, 0].tolist() == [0.0, 0.0, 1.0]
    assert turn[:, 1].tolist() == [0.0, 1.0, 0.0]
    assert np.linalg.det(turn) == pytest.approx(1.0)
    quarter = axes_along((0.0, 0.0, 1.0), np.pi / 2)
    assert quarter[:, 1].round(12).tolist() == turn[:, 2].round(12).tolist()


def test_an_axis_along_y_keeps_z():
    assert axes_along((0.0, -1.0, 0.0))[:, 2].round(12).tolist() == [0.0, 0.0, 1.0]


def test_an_axis_of_length_zero_is_refused():
    with pytest.raises(RangeError, match="not all zero"):
        axes_along((0.0, 0.0, 0.0))


def test_frames_nest():
    port = Placement(axes_along((0.0, 0.0, 1.0)), np.array([1.0, 2.0, 3.0]))
    ship = Placement(np.eye(3), np.array([6.0, 0.0, 0.0])).within(port)
    assert ship.carry(np.array([[1.0, 0.0, 0.0]])).round(12).tolist() == [[1.0, 2.0, 10.0]]
