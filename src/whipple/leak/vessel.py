"""How does a gas vessel or an air cabin empty into vacuum through a hole?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from whipple.errors import RangeError
from whipple.leak.orifice import characteristic_speed_m_s, choked_flow_kg_s, choked_thrust_N, hole_area_m2
from whipple.physics.cited import Cited

__all__ = [
    "AIR_CONSTANT_J_KGK",
    "AIR_RATIO",
    "AirLeak",
    "adiabatic_ratio",
    "air_leak",
    "emptying_time_s",
    "isothermal_ratio",
]

AIR_CONSTANT_J_KGK = Cited(287.05, unit="J/kg/K", source="leak_sheet", grade="computed")
AIR_RATIO = Cited(1.4, unit="", source="leak_sheet", grade="computed")


@dataclass(frozen=True)
class AirLeak:
    """An air leak into vacuum: flow, fall of pressure at constant temperature, thrust."""

    flow_kg_s: float
    pressure_rate_Pa_s: float
    thrust_N: float
    time_constant_s: float


def emptying_time_s(
    volume_m3: float, area_m2: float, discharge_ratio: float, temperature_K: float,
    gas_constant_J_kgK: float = AIR_CONSTANT_J_KGK, heat_capacity_ratio: float = AIR_RATIO,
) -> float:  # fmt: skip
    """T_c = V / (Cd A c*) [s], the time scale of a vessel that empties choked into vacuum (sheet 3.3).

    >>> round(emptying_time_s(10.0, hole_area_m2(5e-3), 0.84, 295.0), 3)
    3042.852
    """
    speed = characteristic_speed_m_s(gas_constant_J_kgK, temperature_K, heat_capacity_ratio)
    if volume_m3 <= 0 or area_m2 <= 0:
        raise RangeError("gas vessel", "volume_m3 or area_m2", f"{volume_m3:g}, {area_m2:g}", "both above zero")
    return volume_m3 / (discharge_ratio * area_m2 * speed)


def isothermal_ratio(elapsed_s: Any, time_constant_s: float) -> Any:
    """Pressure over its start in an isothermal vessel: exp(-t/T_c) (sheet 3.3).

    >>> round(float(isothermal_ratio(600.0, 3042.851518)), 6)
    0.82104
    """
    return np.exp(-np.asarray(elapsed_s) / time_constant_s)


def adiabatic_ratio(elapsed_s: Any, time_constant_s: float, heat_capacity_ratio: float = AIR_RATIO) -> Any:
    """Pressure over its start in an adiabatic vessel: [1 + (g-1)/2 t/T_c]^(-2g/(g-1)), T_c at the start (sheet 3.3).

    >>> round(float(adiabatic_ratio(600.0, 3042.851518)), 6)
    0.762805
    """
    g = heat_capacity_ratio
    return (1 + (g - 1) / 2 * np.asarray(elapsed_s) / time_constant_s) ** (-2 * g / (g - 1))


def air_leak(
    diameter_m: float, volume_m3: float, *, discharge_ratio: float, pressure_Pa: float = 101_325.0, temperature_K: float = 295.0
) -> AirLeak:  # fmt: skip
    """Flow, fall of pressure and thrust of a round hole in an air cabin, choked into vacuum (sheet 9.3). RangeError for what is not above zero.

    >>> round(air_leak(3e-3, 1000.0, discharge_ratio=0.84).flow_kg_s * 86400, 2)
    122.31
    """
    for name, value in (
        ("discharge_ratio", discharge_ratio),
        ("pressure_Pa", pressure_Pa),
        ("temperature_K", temperature_K),
    ):
        if not 0 < value < np.inf or (name == "discharge_ratio" and value > 1):
            expected = "above zero, at most 1" if name == "discharge_ratio" else "a value above zero"
            raise RangeError("air leak", name, f"{value:g}", expected, "check sign and unit")
    area = hole_area_m2(diameter_m)
    time_constant = emptying_time_s(volume_m3, area, discharge_ratio, temperature_K)
    flow = choked_flow_kg_s(area, discharge_ratio, pressure_Pa, AIR_CONSTANT_J_KGK, temperature_K, AIR_RATIO)
    thrust = choked_thrust_N(area, discharge_ratio, pressure_Pa, AIR_RATIO)
    return AirLeak(flow, pressure_Pa / time_constant, thrust, time_constant)
