"""Where the room gave a number out of nowhere, or one that its own equations deny."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from scipy.stats import chi2

from whipple.casefile.estimate import Estimate
from whipple.casefile.findings.hole import Hole, LeakHistory
from whipple.dynamics.control import equilibrium_tilt_rad, first_full_s
from whipple.dynamics.feel import _tilt
from whipple.dynamics.held_stack import Gyros, fly_stack
from whipple.dynamics.kick import rate_step
from whipple.dynamics.momentum import saturation_time_s
from whipple.dynamics.reaction import liquid_jet_N, thrust_N
from whipple.dynamics.whereabouts import _thrust
from whipple.errors import RangeError

INERTIA, RATE = np.diag([1.02e8, 0.91e8, 1.64e8]), 1.13115e-3


@pytest.mark.parametrize("torque", [(3.0, 0.0, 0.0), (0.0, 3.0, 0.0)])
def test_the_tilt_told_is_the_one_that_balances(torque: tuple[float, float, float]) -> None:
    """In roll the turn of the orbit adds a third to gravity's stiffness: 0.46 degrees for 3 N m, not 0.61."""
    stack = SimpleNamespace(mass_kg=4e5, inertia_kg_m2=INERTIA, body_from_lvlh=np.eye(3))
    told = _tilt(stack, np.tile(torque, (10, 1)), RATE)  # type: ignore[arg-type]
    balanced = equilibrium_tilt_rad(INERTIA, np.array(torque), RATE)
    assert told is not None
    assert balanced is not None
    assert told.median == pytest.approx(float(np.linalg.norm(balanced)), rel=1e-3)


def test_gyros_that_fill_at_once_are_unloaded_not_a_traceback() -> None:
    """A push that fills them before the first time asked for."""
    times = np.linspace(0.0, 60.0, 2)
    found = fly_stack(INERTIA, RATE, lambda t, turn: np.array([0.0, 800.0, 0.0]), times, gyros=Gyros(18970.0))
    assert len(found.full_s) >= 1
    with pytest.raises(RangeError, match="no gyros hold this"):
        fly_stack(INERTIA, RATE, lambda t, turn: np.array([0.0, 1e6, 0.0]), times, gyros=Gyros(18970.0))
    for gyros in (Gyros(-5.0), Gyros(100.0, start_Nms=(0.0, 200.0, 0.0)), Gyros(100.0, 0.0)):
        with pytest.raises(RangeError, match="above zero"):
            fly_stack(INERTIA, RATE, lambda t, turn: np.zeros(3), times, gyros=gyros)


def test_no_gyros_no_answer() -> None:
    for capacity in (0.0, -5.0):
        with pytest.raises(RangeError, match="capacity"):
            first_full_s(np.zeros((5, 3)), np.linspace(0.0, 100.0, 5), RATE, capacity)
        with pytest.raises(RangeError, match="gyros"):
            saturation_time_s(capacity, 3.0)


def test_coefficients_are_shares() -> None:
    for wrong in ({"discharge_ratio": 2.0, "velocity_ratio": 0.97}, {"discharge_ratio": 0.6, "velocity_ratio": -1.0}):
        with pytest.raises(RangeError, match="at most 1"):
            liquid_jet_N(1e-6, pressure_Pa=3e5, **wrong)
    with pytest.raises(RangeError, match="discharge_ratio"):
        thrust_N("gas", 1e-6, 1.2, 1e5)


def test_a_leak_that_is_over_pushes_no_more() -> None:
    t_s = np.array([-10.0, 0.0, 300.0, 600.0])
    thrust = np.tile([0.0, 0.2, 0.1, 0.0], (3, 1))
    size = Estimate(0.2, 0.18, 0.22, "N")
    hole = Hole(
        "a",
        None,
        None,
        (),
        {},
        None,
        None,
        size,
        size,
        None,
        None,
        None,
        LeakHistory(t_s, thrust, thrust, thrust, thrust),
        False,
        "",
    )
    pushed, _ = _thrust(hole, np.array([-5.0, 10.0, 300.0, 900.0]), 0.0)
    assert pushed[0] == 0.0
    assert pushed[1] > pushed[2] > 0.0
    assert pushed[3] == 0.0


def test_the_smallest_kick_told_shows_in_nine_of_ten_records() -> None:
    """By its own test, in the direction that shows it least (the largest moment of inertia)."""
    inertia = np.array([[1.02e8, -6.96e6, -5.48e6], [-6.96e6, 0.91e8, 5.90e5], [-5.48e6, 5.90e5, 1.64e8]])
    t_s, rng = np.arange(-300.0, 300.0, 2.0), np.random.default_rng(3)
    least = rate_step(t_s, rng.normal(0.0, 1e-6, (t_s.size, 3)), 0.0, inertia, rng).smallest_Nms
    assert least is not None
    worst = np.linalg.eigh(inertia)[1][:, 2]
    step = np.linalg.solve(inertia, least * worst)
    seen = [
        rate_step(t_s, rng.normal(0.0, 1e-6, (t_s.size, 3)) + np.outer(t_s > 0, step), 0.0, inertia, rng).seen
        for _ in range(70)
    ]
    assert np.mean(seen) == pytest.approx(0.90, abs=0.11)
    assert chi2.sf(11.34, 3) == pytest.approx(0.01, rel=0.01)
