"""Laws of the dynamics: conservation, bounds, linearity."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from whipple.dynamics.gravity_gradient import gradient_per_s2, point_mass_torque_Nm
from whipple.dynamics.momentum import held_momentum_Nms, roll_yaw_bound_Nms
from whipple.dynamics.rigid_body import body_rates_rad_s

RATE_RAD_S = 1.13e-3
T_S = np.linspace(0.0, 30000.0, 1001)
part = st.floats(-5.0, 5.0)


@settings(max_examples=40, deadline=None)
@given(part, part, part)
def test_steady_roll_and_yaw_never_pass_the_bound(x: float, y: float, z: float) -> None:
    held = held_momentum_Nms(np.broadcast_to([x, y, z], (T_S.size, 3)), T_S, RATE_RAD_S)
    assert np.hypot(held[:, 0], held[:, 2]).max() <= roll_yaw_bound_Nms(np.hypot(x, z), RATE_RAD_S) + 1e-9
    assert np.isclose(held[-1, 1], y * T_S[-1])


@settings(max_examples=20, deadline=None)
@given(part, part, st.floats(0.1, 3.0))
def test_momentum_is_linear_in_the_torque(x: float, z: float, factor: float) -> None:
    shape = np.exp(-T_S / 4000.0)[:, None] * np.array([x, 1.0, z])
    assert np.allclose(
        held_momentum_Nms(factor * shape, T_S, RATE_RAD_S), factor * held_momentum_Nms(shape, T_S, RATE_RAD_S)
    )


@settings(max_examples=10, deadline=None)
@given(st.tuples(part, part, part), st.tuples(part, part, part))
def test_a_free_body_keeps_energy_and_momentum(rate: tuple[float, ...], gyro: tuple[float, ...]) -> None:
    inertia, start, held = np.diag([10.0, 20.0, 30.0]), np.array(rate) * 0.1, np.array(gyro)
    times = np.array([0.0, 3.0, 9.0])
    w = body_rates_rad_s(inertia, [(0.0, 9.0, lambda t: np.zeros(3))], times, start_rad_s=start, momentum_Nms=held)
    energy = np.einsum("ni,ij,nj->n", w, inertia, w)
    size = np.linalg.norm(w @ inertia + held, axis=1)
    assert np.allclose(energy, energy[0], rtol=1e-9, atol=1e-12)
    assert np.allclose(size, size[0], rtol=1e-9, atol=1e-12)


@settings(max_examples=30)
@given(st.floats(6.5e6, 5e7), part, part)
def test_gravity_gradient_is_symmetric_and_traceless(radius: float, x: float, y: float) -> None:
    gradient = gradient_per_s2(np.array([4e14]), np.zeros((1, 3)), np.array([radius, x * 1e6, y * 1e6]))
    assert np.allclose(gradient, gradient.T)
    assert abs(np.trace(gradient)) < 1e-15 * np.abs(gradient).max() * 1e3


@settings(max_examples=30)
@given(part, part, part)
def test_gravity_torque_is_never_along_the_vertical(x: float, y: float, z: float) -> None:
    up = np.array([x, y, z + 6.0])
    up /= np.linalg.norm(up)
    inertia = np.array([[3.0, 0.2, 0.1], [0.2, 4.0, 0.3], [0.1, 0.3, 5.0]])
    assert abs(point_mass_torque_Nm(inertia, up, 1.0) @ up) < 1e-12
