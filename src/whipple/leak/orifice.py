"""What runs through a hole into vacuum: liquid jet, choked gas, rarefied gas, and which of them it is."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from whipple.errors import RangeError
from whipple.physics.cited import Cited
from whipple.physics.constants import GAS_CONSTANT_J_molK

__all__ = [
    "characteristic_speed_m_s",
    "choked_flow_kg_s",
    "choked_thrust_N",
    "flow_regime",
    "hole_area_m2",
    "jet_speed_m_s",
    "liquid_flow_kg_s",
    "liquid_thrust_N",
    "rarefied_factor",
    "rarefied_flow_kg_s",
]

#: Above this length over diameter the liquid may flash inside the hole (sheet 3.1, regime 1').
LONG_HOLE_RATIO = Cited(4.0, unit="", source="leak_sheet", grade="source")
#: Above this rarefaction parameter the fit of Sharipov (2004) falls again below the DSMC limit: it is held there (sheet 4).
SHARIPOV_CLAMP_RATIO = Cited(60.0, unit="", source="sharipov2004", grade="computed")
#: Above this Knudsen number (mean free path over orifice radius) gas flow is rarefied (sheet 3.1, regime 4).
RAREFIED_RATIO = Cited(0.01, unit="", source="leak_sheet", grade="source")
#: Thrust of a jet that flashes outside the hole, over that of the liquid alone (sheet 7).
FLASHING_THRUST_RANGE = (
    Cited(0.9, unit="", source="leak_sheet", grade="source"),
    Cited(1.3, unit="", source="leak_sheet", grade="source"),
)


def _positive(where: str, **values: Any) -> None:
    for name, value in values.items():
        if not np.all(np.isfinite(value)) or np.any(np.asarray(value) < 0):
            raise RangeError(where, name, value, "a finite number, not negative", "check sign and unit")


def hole_area_m2(diameter_m: Any) -> Any:
    """Area of a round hole [m2] of a diameter [m].

    >>> round(hole_area_m2(0.8e-3) * 1e6, 6)
    0.502655
    """
    _positive("hole area", diameter_m=diameter_m)
    return math.pi / 4 * diameter_m**2


def liquid_flow_kg_s(area_m2: Any, discharge_ratio: Any, density_kg_m3: Any, pressure_Pa: Any) -> Any:
    """Mass flow of a liquid jet into vacuum [kg/s]: Cd A sqrt(2 rho p), the jet flashing outside (sheet 3.1, regime 1).

    Tested for a thin wall (wall over diameter below about 2) and Reynolds numbers above 1e4. The back pressure is zero
    because subcooled liquid does not choke in a sharp orifice (NASA, subcooled nitrogen).

    >>> round(float(liquid_flow_kg_s(hole_area_m2(0.8e-3), 0.61, 692.0, 3.0e5)) * 1e3, 2)
    6.25
    """
    _positive("liquid flow", area_m2=area_m2, density_kg_m3=density_kg_m3, pressure_Pa=pressure_Pa)
    return discharge_ratio * area_m2 * np.sqrt(2 * density_kg_m3 * pressure_Pa)


def jet_speed_m_s(velocity_ratio: Any, density_kg_m3: Any, pressure_Pa: Any) -> Any:
    """Speed of a liquid jet into vacuum [m/s]: Cv sqrt(2 p / rho) (sheet 3.1).

    >>> round(float(jet_speed_m_s(1.0, 692.0, 3.0e5)), 1)
    29.4
    """
    _positive("jet speed", density_kg_m3=density_kg_m3, pressure_Pa=pressure_Pa)
    return velocity_ratio * np.sqrt(2 * pressure_Pa / density_kg_m3)


def liquid_thrust_N(area_m2: Any, discharge_ratio: Any, velocity_ratio: Any, pressure_Pa: Any) -> Any:
    """Reaction force of a liquid jet [N]: 2 Cd Cv A p (sheet 7). Flashing outside may change it by a factor 0.9 to 1.3.

    >>> round(liquid_thrust_N(hole_area_m2(0.8e-3), 0.61, 0.98, 3.0e5), 3)
    0.18
    """
    return 2 * discharge_ratio * velocity_ratio * area_m2 * pressure_Pa


def _choked_factor(heat_capacity_ratio: float) -> float:
    g = heat_capacity_ratio
    return math.pow(2 / (g + 1), (g + 1) / (2 * (g - 1)))


def characteristic_speed_m_s(gas_constant_J_kgK: float, temperature_K: float, heat_capacity_ratio: float) -> float:
    """c* = sqrt(g R T) (2/(g+1))^((g+1)/(2(g-1))) [m/s]: volume flow a square metre of choked hole (sheet 3.3).

    >>> round(characteristic_speed_m_s(287.05, 295.0, 1.4), 3)
    199.255
    """
    return math.sqrt(heat_capacity_ratio * gas_constant_J_kgK * temperature_K) * _choked_factor(heat_capacity_ratio)


def choked_flow_kg_s(
    area_m2: Any, discharge_ratio: Any, pressure_Pa: Any, gas_constant_J_kgK: float, temperature_K: float, heat_capacity_ratio: float
) -> Any:  # fmt: skip
    """Choked gas flow into vacuum [kg/s]: Cd A p c* / (R T) (sheet 3.1, regime 3). Vacuum never unchokes it.

    >>> round(choked_flow_kg_s(hole_area_m2(1e-3), 0.61, 101325.0, 287.05, 295.0, 1.4) * 1e3, 4)
    0.1142
    """
    speed = characteristic_speed_m_s(gas_constant_J_kgK, temperature_K, heat_capacity_ratio)
    return discharge_ratio * area_m2 * pressure_Pa * speed / (gas_constant_J_kgK * temperature_K)


def choked_thrust_N(area_m2: Any, discharge_ratio: Any, pressure_Pa: Any, heat_capacity_ratio: float) -> Any:
    """Reaction force of choked gas [N], momentum and exit pressure: (g+1)(2/(g+1))^(g/(g-1)) Cd p A (sheet 7).

    >>> round(choked_thrust_N(hole_area_m2(1e-3), 0.61, 101325.0, 1.4), 4)
    0.0615
    """
    g = heat_capacity_ratio
    return (g + 1) * (2 / (g + 1)) ** (g / (g - 1)) * discharge_ratio * pressure_Pa * area_m2


def rarefied_factor(rarefaction_ratio: float) -> float:
    """Flow of rarefied gas through a thin orifice into vacuum over its free-molecular flow, W (Sharipov 2004, sheet 4).

    `rarefaction_ratio` is (sqrt(pi)/2) radius / mean free path. The fit is recalled, not confirmed; above 60 it is held.

    >>> [round(rarefied_factor(delta), 3) for delta in (0.1, 1.0, 10.0, 100.0)]
    [1.007, 1.124, 1.446, 1.512]
    """
    _positive("rarefied orifice", rarefaction_ratio=rarefaction_ratio)
    delta = min(float(rarefaction_ratio), float(SHARIPOV_CLAMP_RATIO))
    return 1 + (0.4733 * delta**2 + 0.6005 * delta * math.sqrt(delta)) / (delta**2 + 4.559 * delta + 3.094)


def rarefied_flow_kg_s(
    area_m2: float, pressure_Pa: float, molar_mass_kg_mol: float, temperature_K: float, rarefaction_ratio: float
) -> float:
    """Rarefied gas flow through a thin orifice [kg/s]: W(delta) A p sqrt(M / (2 pi R T)) (sheet 3.1, regime 4).

    >>> round(rarefied_flow_kg_s(1e-6, 1.0, 0.02897, 295.0, 0.0) * 1e9, 3)
    1.371
    """
    thermal = math.sqrt(molar_mass_kg_mol / (2 * math.pi * GAS_CONSTANT_J_molK * temperature_K))
    return rarefied_factor(rarefaction_ratio) * area_m2 * pressure_Pa * thermal


def flow_regime(
    is_liquid: bool,
    pressure_Pa: float,
    vapour_pressure_Pa: float,
    wall_over_diameter_ratio: float,
    knudsen_ratio: float = 0.0,
) -> str:
    """Which regime of sheet 3.1 holds: the first row of the table whose condition is met.

    >>> flow_regime(True, 3.0e5, 5.2e3, 1.0), flow_regime(True, 5.2e3, 5.2e3, 1.0), flow_regime(False, 1e5, 0.0, 1.0)
    ('liquid jet', 'vapour-driven liquid', 'choked gas')
    """
    rules: tuple[tuple[str, Callable[[], bool]], ...] = (
        ("rarefied gas", lambda: not is_liquid and knudsen_ratio > RAREFIED_RATIO),
        ("choked gas", lambda: not is_liquid),
        ("vapour-driven liquid", lambda: pressure_Pa <= vapour_pressure_Pa),
        ("flashing in a long hole", lambda: wall_over_diameter_ratio > LONG_HOLE_RATIO),
        ("liquid jet", lambda: True),
    )
    return next(name for name, holds in rules if holds())
