"""Does every regime push as its law says, and is an impossible inertia refused?"""

from __future__ import annotations

import numpy as np
import pytest

from whipple.dynamics.inertia import checked_inertia, is_given
from whipple.dynamics.kick import rate_step
from whipple.dynamics.reaction import choked_gas_N, escaping_lever_m, gas_recoil_ratio, regime_of_gas, thrust_N
from whipple.errors import RangeError

AREA = float(np.pi / 4 * 1e-6)


def test_the_pressure_term_is_in_the_choked_thrust() -> None:
    """Momentum alone is flow times the sonic speed; the exit pressure adds p* A: independent of the closed form."""
    g, gas, kelvin, pressure = 1.4, 287.05, 295.0, 101325.0
    throat_K = kelvin * 2 / (g + 1)
    throat_Pa = pressure * (2 / (g + 1)) ** (g / (g - 1))
    speed = np.sqrt(g * gas * throat_K)
    flow = throat_Pa / (gas * throat_K) * speed * AREA
    assert choked_gas_N(AREA, 1.0, pressure) == pytest.approx(flow * speed + throat_Pa * AREA, rel=1e-12)


def test_regimes_and_their_order() -> None:
    liquid, flashing = (thrust_N(kind, AREA, 0.61, 3e5) for kind in ("liquid", "flashing"))
    assert flashing.low < liquid.value < flashing.high
    gas, rare, between = (thrust_N(kind, AREA, 0.61, 1e5) for kind in ("gas", "effusion", "between"))
    assert between.low == pytest.approx(rare.value)
    assert between.high == pytest.approx(gas.value)
    assert [regime_of_gas(1e-3, pressure) for pressure in (1e5, 10.0, 0.1)] == ["gas", "between", "effusion"]
    with pytest.raises(RangeError, match="one of liquid, flashing"):
        thrust_N("plasma", AREA, 0.61, 1e5)
    with pytest.raises(RangeError, match="above zero"):
        thrust_N("gas", -AREA, 0.61, 1e5)
    with pytest.raises(RangeError, match="at most 5/3"):
        choked_gas_N(AREA, 0.61, 1e5, 2.0)


def test_a_jet_that_is_caught_whole_does_not_push() -> None:
    none = escaping_lever_m(np.array([3.0, 1.0, 0.0]), 0.0, np.array([1.0, 2.0, 0.0]), np.zeros(4))
    assert none.shape == (4, 3)
    assert np.all(none == 0)
    assert 0.5 < gas_recoil_ratio(200.0, 295.0) < gas_recoil_ratio(340.0, 295.0) < 0.8


@pytest.mark.parametrize(
    ("inertia", "says"),
    [
        (np.diag([1.0, -2.0, 1.5]), "above zero"),
        (np.diag([1.0, 1.0, 3.0]), "none above the sum"),
        (np.array([[2.0, 0.1, 0.0], [0.0, 2.0, 0.0], [0.0, 0.0, 2.0]]), "a symmetric matrix"),
        (np.full((3, 3), np.nan), "a 3 x 3 matrix of numbers"),
        (np.eye(2), "a 3 x 3 matrix of numbers"),
    ],
)
def test_impossible_inertias_are_refused(inertia: np.ndarray, says: str) -> None:
    with pytest.raises(RangeError, match=says):
        checked_inertia(inertia, "here")


def test_a_kick_with_a_wrong_inertia_is_refused_but_without_one_is_not() -> None:
    t_s, rng = np.arange(-300.0, 300.0, 2.0), np.random.default_rng(1)
    rates = rng.normal(0, 1e-6, (t_s.size, 3))
    with pytest.raises(RangeError, match="none above the sum"):
        rate_step(t_s, rates, 0.0, np.diag([1.0, 1.0, 3.0]), rng)
    assert rate_step(t_s, rates, 0.0, np.zeros((3, 3)), rng).momentum_Nms is None
    assert not is_given(np.full((3, 3), np.nan))
