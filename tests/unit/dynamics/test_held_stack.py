"""Does the controlled stack do what its law says, within its gyros?"""

from __future__ import annotations

import numpy as np
import pytest

from whipple.dynamics.control import balanced_attitude_rad
from whipple.dynamics.held_stack import Gyros, Torque, fly_stack
from whipple.dynamics.managing import managed_momentum_Nms
from whipple.dynamics.momentum import held_momentum_Nms
from whipple.errors import RangeError, SolveError

RATE = 1.13115e-3
FLAT = np.diag([1.02e8, 0.91e8, 1.64e8])
STATION = np.array([[1.02e8, -6.96e6, -5.48e6], [-6.96e6, 0.91e8, 5.90e5], [-5.48e6, 5.90e5, 1.64e8]])


def steady(*torque: float) -> Torque:
    return lambda t, turn: np.array(torque)


def test_the_gyros_hold_what_the_closed_form_says_also_for_a_fading_leak() -> None:
    t_s = np.linspace(0.0, 6000.0, 301)
    shape = np.exp(-t_s / 2000.0)[:, None] * np.array([2.0, 1.0, -1.0])
    run = fly_stack(FLAT, RATE, lambda t, turn: np.exp(-t / 2000.0) * np.array([2.0, 1.0, -1.0]), t_s, gyros=Gyros(1e5))
    off = np.abs(run.momentum_Nms - held_momentum_Nms(shape, t_s, RATE)).max(axis=1)
    assert off[t_s > 1000.0].max() < 6.0  # 0.3 % of 1900
    assert (
        off.max() < 60.0
    )  # at first the body takes some: torque over the bandwidth of the law, 2 N m a 0.01 rad/s, some times
    assert np.degrees(np.abs(run.tilt_rad).max()) < 0.02
    assert run.full_s == ()


def test_momentum_management_finds_the_new_equilibrium_and_empties_the_gyros() -> None:
    before = balanced_attitude_rad(STATION, np.zeros(3), RATE)
    after = balanced_attitude_rad(STATION, np.array([0.0, 3.0, 0.0]), RATE)
    assert before is not None
    assert after is not None
    t_s = np.linspace(0.0, 24000.0, 121)
    run = fly_stack(
        STATION, RATE, steady(0.0, 3.0, 0.0), t_s, law="equilibrium", gyros=Gyros(18970.0), attitude_rad=before
    )
    assert np.degrees(np.linalg.norm(run.tilt_rad[-1] - after)) < 0.2
    size = np.linalg.norm(run.momentum_Nms, axis=1)
    assert size[-1] < 100.0
    assert size.max() < 18970.0
    held = fly_stack(STATION, RATE, steady(0.0, 3.0, 0.0), t_s[:40], gyros=Gyros(18970.0))
    assert held.full_s  # the same torque in LVLH fills them


def test_full_gyros_are_unloaded_or_lock() -> None:
    t_s = np.linspace(0.0, 5900.0, 61)
    unloaded = fly_stack(FLAT, RATE, steady(0.0, 5.0, 0.0), t_s, gyros=Gyros(10000.0))
    assert unloaded.full_s == pytest.approx((2000.0, 4000.0), abs=10.0)
    assert unloaded.propellant_kg == pytest.approx(2 * 10000.0 / (15.0 * 2800.0), rel=1e-6)
    locked = fly_stack(FLAT, RATE, steady(0.0, 5.0, 0.0), t_s, gyros=Gyros(10000.0, unload=False))
    assert len(locked.full_s) == 1
    assert np.abs(locked.tilt_rad[-1]).max() > 0.1  # attitude is lost
    assert locked.propellant_kg == 0.0


def test_free_bodies_keep_energy_and_a_torque_may_jump() -> None:
    t_s = np.linspace(0.0, 500.0, 11)
    spin = np.array([1e-3, 2e-3, -1e-3])
    run = fly_stack(STATION, RATE, steady(0.0, 0.0, 0.0), t_s, law="free", gravity=False, rate_rad_s=spin)
    energy = np.einsum("ni,ij,nj->n", run.rate_rad_s, STATION, run.rate_rad_s)
    assert energy == pytest.approx(energy[0], rel=1e-11)
    jump = fly_stack(np.eye(3) * 1e6, RATE, lambda t, turn: np.array([float(t < 100.0), 0, 0]), t_s, law="free", gravity=False,
                     rate_rad_s=np.zeros(3), breaks_s=[100.0])  # fmt: skip
    assert jump.rate_rad_s[-1, 0] == pytest.approx(1e-4, rel=1e-9)


def test_bad_input() -> None:
    t_s = np.linspace(0.0, 10.0, 3)
    with pytest.raises(RangeError, match="one of free, lvlh, equilibrium"):
        fly_stack(FLAT, RATE, steady(0, 0, 0), t_s, law="drift")
    with pytest.raises(RangeError, match="gyros for the law"):
        fly_stack(FLAT, RATE, steady(0, 0, 0), t_s)
    with pytest.raises(RangeError, match="none above the sum"):
        fly_stack(np.diag([1.0, 1.0, 3.0]), RATE, steady(0, 0, 0), t_s, law="free")
    with pytest.raises(SolveError, match="torque-equilibrium attitude"):
        fly_stack(STATION, RATE, steady(0.0, 3000.0, 0.0), t_s, law="equilibrium", gyros=Gyros(1e4))


def test_the_linear_answer_of_the_managed_stack_is_the_flown_one() -> None:
    """A jet that comes and fades, in three axes at once, flown through time: what is not linear falls with the square of the torque."""
    late = np.linspace(0.0, 9000.0, 151)
    share = np.exp(-late / 2500.0)
    linear = managed_momentum_Nms(STATION, RATE, share, late)
    assert linear is not None
    off = []
    for torque in (np.array([2.0, -1.5, 1.0]), np.array([0.2, -0.15, 0.1])):

        def push(t: float, turn: np.ndarray, torque: np.ndarray = torque) -> np.ndarray:
            return torque * np.interp(t - 1.0, late, share, left=0.0)

        times = np.append(0.0, late + 1.0)
        flown = fly_stack(STATION, RATE, push, times, law="equilibrium", gyros=Gyros(1e9), breaks_s=[1.0]).momentum_Nms[
            1:
        ]
        together, size = np.tensordot(torque, linear, axes=1), np.linalg.norm(flown, axis=1).max()
        assert np.linalg.norm(together, axis=1).max() == pytest.approx(size, rel=0.01)
        off.append(np.abs(together - flown).max() / size)
    assert off[0] < 0.02
    assert off[1] < 0.15 * off[0]
    assert managed_momentum_Nms(np.diag([1e8, 1e8, 1e8]), RATE, share, late) is None
