"""Does the control side balance, count and advise; is a kick seen when it is there and not when it is not?"""

from __future__ import annotations

import numpy as np
import pytest

from whipple.dynamics.control import advice, desaturation_kg, equilibrium_tilt_rad, first_full_s, thruster_hold_kg
from whipple.dynamics.kick import rate_step
from whipple.errors import RangeError

RATE = 1.13115e-3
STATION = np.array([[1.02e8, -6.96e6, -5.48e6], [-6.96e6, 0.91e8, 5.90e5], [-5.48e6, 5.90e5, 1.64e8]])


@pytest.mark.parametrize("torque", [(3.0, 0.0, 0.0), (0.0, 3.0, 0.0), (1.0, -2.0, 0.5)])
def test_the_tilted_stack_is_in_balance(torque: tuple[float, float, float]) -> None:
    """Independent of the solver: gravity (point masses of the same inertia) and turning torque at the tilt cancel the push."""
    flat = np.diag([1.02e8, 0.91e8, 1.64e8])
    tilt = equilibrium_tilt_rad(flat, np.array(torque), RATE)
    assert tilt is not None
    roll, pitch = 3 * RATE**2 * (0.91e8 - 1.64e8), 3 * RATE**2 * (1.02e8 - 1.64e8)
    assert tilt[1] == pytest.approx(torque[1] / pitch, rel=0.05, abs=2e-3)
    assert tilt[0] == pytest.approx(
        torque[0] / (roll + roll / 3), rel=0.05, abs=2e-3
    )  # 4 n^2: gravity and turning together


def test_the_station_has_a_tilt_for_ms22_but_not_for_a_hundred_newton_metres() -> None:
    small = equilibrium_tilt_rad(STATION, np.array([0.0, 3.0, 0.0]), RATE)
    assert small is not None
    assert 0.2 < np.degrees(np.linalg.norm(small)) < 5
    assert equilibrium_tilt_rad(STATION, np.array([0.0, 300.0, 0.0]), RATE) is None
    with pytest.raises(RangeError, match="principal moments above zero"):
        equilibrium_tilt_rad(np.zeros((3, 3)), np.zeros(3), RATE)


def test_gyros_fill_sooner_when_they_start_half_full() -> None:
    t_s = np.linspace(0.0, 7200.0, 721)
    torque = np.tile([0.0, 4.0, 0.0], (721, 1))
    empty, half = (first_full_s(torque, t_s, RATE, 18970.0, start) for start in (None, np.array([0.0, 9485.0, 0.0])))
    assert empty == pytest.approx(18970.0 / 4, rel=1e-3)
    assert half == pytest.approx(9485.0 / 4, rel=1e-3)
    assert first_full_s(torque, t_s, RATE, 18970.0, np.array([0.0, 2e4, 0.0])) == 0.0
    side = first_full_s(np.tile([3.0, 0.0, 0.0], (721, 1)), t_s, RATE, 5000.0)
    assert side is not None  # 2T/n = 5304 is above 5000


def test_propellant() -> None:
    assert thruster_hold_kg(5554.7, RATE) == pytest.approx(14.0, rel=1e-3)
    assert desaturation_kg(18970.0) < 1.0


def test_advice_follows_the_figures() -> None:
    assert advice(0.02, 1000.0, (18970.0,), None).startswith("Nothing needs doing")
    assert advice(0.02, 30000.0, (18970.0,), 3600.0).startswith("Tilt by 1.1 deg")
    assert "jet and air" in advice(0.02, 1000.0, (18970.0,), None, with_air_Nms=2000.0)
    both = advice(0.02, 1000.0, (18970.0,), None, with_air_Nms=40000.0, managed_Nms=700.0)
    assert both.startswith("The push itself needs nothing, but keep managing momentum")
    assert "at most 700 N·m·s of 18970" in both
    assert "40000 N·m·s" in both
    assert "tilt" not in advice(0.02, 1000.0, (18970.0,), None, managed_Nms=20000.0).lower()
    assert advice(None, 30000.0, (18970.0,), 3600.0).startswith("Desaturate before the gyros are full within 1.0 h")
    assert advice(None, 1.0, (), None) == ""


def test_a_kick_is_found_or_bounded() -> None:
    t_s = np.arange(-400.0, 400.0, 2.0)
    found, silent = [], []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        noise = rng.normal(0.0, 1e-6, (t_s.size, 3))
        step = np.outer(t_s > 0, [0.0, 1.5e-6, 0.0])
        found.append(rate_step(t_s, noise + step, 0.0, STATION, rng))
        silent.append(rate_step(t_s, noise, 0.0, STATION, rng))
    truth = float(np.linalg.norm(STATION @ [0.0, 1.5e-6, 0.0]))
    assert np.mean([kick.seen for kick in found]) > 0.95
    assert np.mean([kick.seen for kick in silent]) < 0.1
    held = [kick.step_rad_s[1].low <= 1.5e-6 <= kick.step_rad_s[1].high for kick in found]
    assert 0.8 < np.mean(held) <= 1.0
    assert np.median([kick.momentum_Nms.median for kick in found if kick.momentum_Nms]) == pytest.approx(truth, rel=0.3)


def test_a_kick_without_mass_properties_stays_a_rate() -> None:
    t_s, rng = np.arange(-400.0, 400.0, 2.0), np.random.default_rng(1)
    kick = rate_step(t_s, rng.normal(0, 1e-6, (t_s.size, 3)), 0.0, None, rng)
    assert kick.momentum_Nms is None
    assert kick.caveats[0].code == "dynamics-no-mass"
    with pytest.raises(RangeError, match="at least 8 a side"):
        rate_step(t_s[:20], np.zeros((20, 3)), 0.0, None, rng)


def test_a_coarse_telemetry_step_is_not_averaged_away() -> None:
    t_s, rng = np.arange(-400.0, 400.0, 2.0), np.random.default_rng(3)
    flat = np.zeros((t_s.size, 3))
    step = np.radians(0.001)
    kick = rate_step(t_s, flat, 0.0, np.eye(3) * 1e8, rng, step)
    assert not kick.seen
    assert kick.smallest_Nms is not None
    assert kick.smallest_Nms > 1e8 * step / np.sqrt(12.0)
