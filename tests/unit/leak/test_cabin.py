"""Does the cabin follow its closed forms, tell a leak from cooling, and refuse nonsense?"""

from __future__ import annotations

import numpy as np
import pytest

from whipple.errors import RangeError
from whipple.leak.cabin import Cabin, gas_flow_kg_s, march_cabin, pressure_rate_Pa_s
from whipple.leak.orifice import hole_area_m2, rarefied_flow_kg_s
from whipple.leak.vessel import adiabatic_ratio, air_leak, emptying_time_s, isothermal_ratio
from whipple.physics.fluids import gas

AIR = gas("air")
T_S = np.linspace(0.0, 6000.0, 13)
SCALE_S = emptying_time_s(10.0, hole_area_m2(5e-3), 0.84, 295.0, AIR.gas_constant_J_kgK, AIR.heat_capacity_ratio)


def test_held_temperature_is_the_isothermal_closed_form() -> None:
    cabin = Cabin(10.0, 101325.0, 295.0, 5e-3, 0.84, temperature_rate_K_s=lambda _: 0.0)
    assert np.allclose(march_cabin(cabin, T_S).pressure_Pa / 101325.0, isothermal_ratio(T_S, SCALE_S), rtol=1e-10)


def test_no_heat_is_the_adiabatic_closed_form() -> None:
    cabin = Cabin(10.0, 101325.0, 295.0, 5e-3, 0.84, heat_W=lambda _: 0.0)
    expected = adiabatic_ratio(T_S, SCALE_S, AIR.heat_capacity_ratio)
    assert np.allclose(march_cabin(cabin, T_S).pressure_Pa / 101325.0, expected, rtol=1e-9)


def test_make_up_settles_where_it_equals_the_leak() -> None:
    """Isothermal: m -> m_dot T_c, approached as exp(-t/T_c)."""
    cabin = Cabin(10.0, 101325.0, 295.0, 5e-3, 0.84, lambda _: 1e-3, 295.0, temperature_rate_K_s=lambda _: 0.0)
    found = march_cabin(cabin, T_S)
    steady = 1e-3 * SCALE_S
    assert np.allclose(found.mass_kg, steady + (found.mass_kg[0] - steady) * isothermal_ratio(T_S, SCALE_S), rtol=1e-10)


def test_oxygen_make_up_can_hide_a_leak() -> None:
    """The rate of pressure vanishes though 4 kg a day go out."""
    leak = 4.0 / 86400
    assert pressure_rate_Pa_s(101325.0, 295.0, 915.0, inflow_kg_s=leak, leak_kg_s=leak) == 0.0
    assert pressure_rate_Pa_s(101325.0, 295.0, 915.0, leak_kg_s=leak) < 0


def test_the_march_begins_at_the_rate_of_the_formula() -> None:
    cabin = Cabin(915.0, 101325.0, 295.0, 1e-3, 0.84, lambda _: 2e-5, 295.0, temperature_rate_K_s=lambda _: 1e-4)
    found = march_cabin(cabin, np.array([0.0, 1.0]))
    leak = gas_flow_kg_s(1e-3, 0.84, 101325.0, 295.0)
    rate = pressure_rate_Pa_s(101325.0, 295.0, 915.0, temperature_rate_K_s=1e-4, inflow_kg_s=2e-5, leak_kg_s=leak)
    assert found.pressure_Pa[1] - found.pressure_Pa[0] == pytest.approx(rate, rel=1e-3)


def test_flow_runs_from_choked_to_free_molecular() -> None:
    choked = air_leak(1e-3, 1.0, discharge_ratio=0.84).flow_kg_s
    assert gas_flow_kg_s(1e-3, 0.84, 101325.0, 295.0) == pytest.approx(choked, rel=1e-3)
    thin = rarefied_flow_kg_s(hole_area_m2(1e-6), 1.0, AIR.molar_mass_kg_mol, 295.0, 0.0)
    assert gas_flow_kg_s(1e-6, 0.84, 1.0, 295.0) == pytest.approx(thin, rel=1e-3)
    assert gas_flow_kg_s(0.0, 0.84, 1e5, 295.0) == gas_flow_kg_s(1e-3, 0.84, 0.0, 295.0) == 0.0


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"volume_m3": 0.0}, "volume_m3"), ({"pressure_Pa": -1.0}, "pressure_Pa"), ({"temperature_K": 0.0}, "temperature_K"),
        ({"heat_W": None}, "one of the two"), ({"temperature_rate_K_s": lambda _: 0.0}, "one of the two"),
        ({"gas_name": "xenon"}, "one of air, nitrogen"),
    ],
)  # fmt: skip
def test_bad_cabins_are_refused(changes: dict[str, object], complaint: str) -> None:
    usual = {"volume_m3": 10.0, "pressure_Pa": 1e5, "temperature_K": 295.0, "diameter_m": 1e-3, "discharge_ratio": 0.84}
    with pytest.raises(RangeError, match=complaint):
        march_cabin(Cabin(**{**usual, "heat_W": lambda _: 0.0, **changes}), T_S)  # type: ignore[arg-type]
    with pytest.raises(RangeError, match="all above zero"):
        pressure_rate_Pa_s(1e5, 295.0, 0.0)
