"""Do air and sunlight push where the mesh says?"""

from __future__ import annotations

import numpy as np
import pytest

from whipple.dynamics.outside_budget import outside_budget
from whipple.dynamics.outside_torque import (
    AIR_KG_M3,
    air_torque_Nm,
    facing,
    orbit_speed_m_s,
    sunlight_bound_Nm,
    turning_wings,
)
from whipple.errors import RangeError
from whipple.vehicle.shapes import box
from whipple.vehicle.sight import projected_area_m2, silhouette_m2
from whipple.vehicle.stack import Stack
from whipple.vehicle.surfaces import Part, Surfaces

RAM = np.array([1.0, 0.0, 0.0])


def two_boxes(behind: float) -> Stack:
    """A cube of 2 m at the origin, and one of 2 m at (`behind`, 3, 0); the second turns with the Sun."""
    cube = box([2.0, 2.0, 2.0])
    parts = [Part(name, "m", "", 0, 0, 0, 0.5, 0.5, 290, "none", name == "wing") for name in ("hull", "wing")]
    count = len(cube.vertex_m)
    surfaces = Surfaces.from_triangles(
        np.vstack([cube.vertex_m, cube.vertex_m + np.array([behind, 3.0, 0.0])]), np.vstack([cube.triangle, cube.triangle + count]),
        np.repeat([0, 1], len(cube.triangle)), parts,
    )  # fmt: skip
    return Stack(surfaces, np.eye(3), "hull", np.zeros(3), RAM[None], np.ones(1), np.zeros(3), np.eye(3), 1.0)


def test_area_and_centre_of_pressure() -> None:
    met = facing(two_boxes(0.0), RAM)
    assert met.area_m2 == pytest.approx(8.0)
    assert met.centre_m == pytest.approx([1.0, 1.5, 0.0], abs=1e-2)
    oblique = np.array([1.0, 1.0, 1.0]) / np.sqrt(3.0)
    stack = two_boxes(5.0)
    ours = facing(stack, oblique, per_m2=50.0).area_m2
    assert ours == pytest.approx(float(silhouette_m2(stack.surfaces, oblique)[0]), rel=0.02)
    assert ours == pytest.approx(float(projected_area_m2(stack.surfaces, oblique, per_m2=50.0)[0]), rel=0.02)


def test_a_shadowed_box_is_not_pushed() -> None:
    side = np.array([0.0, 1.0, 0.0])
    assert facing(two_boxes(0.0), side).area_m2 == pytest.approx(4.0)


def test_torque_turns_the_stack_about_its_centre() -> None:
    met = facing(two_boxes(0.0), RAM)
    torque = air_torque_Nm(met, np.zeros(3), RAM, np.array([1e-12, 1e-11]), np.array([2.0, 2.0]), 7668.0)
    force = 1e-12 * 7668.0**2 * 8.0
    assert torque[0] == pytest.approx([0.0, 0.0, 1.5 * force], abs=1e-2 * force)
    assert torque[1] == pytest.approx(10 * torque[0])
    assert air_torque_Nm(met, met.centre_m, RAM, np.array([1e-12]), np.array([2.0]), 7668.0) == pytest.approx(
        0.0, abs=1e-12
    )


def test_wings_and_sunlight() -> None:
    stack = two_boxes(0.0)
    wings = turning_wings(stack)
    assert wings.area_m2 == pytest.approx(12.0)
    assert wings.centre_m == pytest.approx([0.0, 3.0, 0.0])
    # one 4 m2 face at 3 m arm, straight on: 1e-5 * 4 * 3; the bound is at least that
    assert 1.2e-4 <= sunlight_bound_Nm(stack) < 5e-4
    with pytest.raises(RangeError, match="unit vector"):
        facing(stack, np.array([2.0, 0.0, 0.0]))


def test_the_budget_widens_with_the_air() -> None:
    t_s, rate = np.linspace(0.0, 7200.0, 50), 1.13115e-3
    jet = np.zeros((200, 50, 3))
    budget = outside_budget(two_boxes(0.0), rate, jet, t_s, np.random.default_rng(1))
    least = 0.5 * AIR_KG_M3.low * orbit_speed_m_s(rate) ** 2 * 2.0 * 8.0 * 1.5
    assert budget.air_torque_Nm.low > least
    assert budget.air_torque_Nm.high > 5 * budget.air_torque_Nm.low
    assert budget.peak_with_air_Nms.median > 0
    assert "1e-12 to 1e-11" in budget.caveat.text
