"""Laws of the dynamics: conservation, bounds, linearity."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from whipple.dynamics.consistency import Quote, Tumble, contradictions, quote
from whipple.dynamics.gravity_gradient import gradient_per_s2, point_mass_torque_Nm
from whipple.dynamics.held_stack import Gyros, fly_stack
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


@settings(max_examples=60)
@given(st.floats(1e-3, 1e7), st.integers(1, 6), st.integers(1, 6))
def test_roundings_of_one_truth_never_contradict_each_other(truth: float, one: int, other: int) -> None:
    """No false flag: two sources that round the same true value, each to its own number of digits, agree."""
    said = [
        quote("x", np.format_float_positional(float(f"{truth:.{digits}g}"), trim="-"), "m", str(digits))
        for digits in (one, other)
    ]
    assert contradictions(said) == ()


@settings(max_examples=40)
@given(st.floats(0.01, 2.0), st.floats(60.0, 7200.0), st.floats(0.3, 1.0))
def test_a_turn_made_by_its_own_rate_is_not_flagged(peak_deg_s: float, lasting_s: float, shape: float) -> None:
    told = [(shape * np.radians(peak_deg_s) * lasting_s, "rad"), (np.radians(peak_deg_s), "rad/s"), (lasting_s, "s")]
    quotes = [Quote(unit, value, value * 0.98, value * 1.02, unit, unit) for value, unit in told]
    assert contradictions(quotes, [Tumble(*quotes)]) == ()


@settings(max_examples=10, deadline=None)
@given(st.floats(-3.0, 3.0), st.floats(-3.0, 3.0))
def test_a_station_held_in_lvlh_never_passes_the_bound_in_roll_and_yaw(x: float, z: float) -> None:
    t_s = np.linspace(0.0, 5000.0, 26)
    run = fly_stack(
        np.diag([1.02e8, 0.91e8, 1.64e8]), RATE_RAD_S, lambda t, turn: np.array([x, 0.0, z]), t_s, gyros=Gyros(1e6)
    )
    held = np.hypot(run.momentum_Nms[:, 0], run.momentum_Nms[:, 2]).max()
    assert held <= 1.002 * roll_yaw_bound_Nms(np.hypot(x, z), RATE_RAD_S) + 1.0
