"""How hard does a leak push: momentum and pressure at the hole, in every regime, less what strikes the vehicle?"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from whipple.casefile.given import Given
from whipple.errors import RangeError
from whipple.physics.cited import Cited

__all__ = [
    "choked_gas_N",
    "effusion_N",
    "escaping_lever_m",
    "flashing_jet_N",
    "gas_recoil_ratio",
    "liquid_jet_N",
    "regime_of_gas",
    "thrust_N",
]

#: A jet that flashes outside pushes between these times the liquid's own momentum (sheet 7).
FLASH_LOW_RATIO = Cited(0.9, unit="", source="leak_sheet", grade="proposal")
FLASH_HIGH_RATIO = Cited(1.3, unit="", source="leak_sheet", grade="proposal")
#: Mean free path of air at 1 Pa and 295 K, times the pressure: sqrt(pi R T / 2) mu / p with mu 1.82e-5 Pa s.
AIR_PATH_M_PA = Cited(6.64e-3, unit="m*Pa", source="leak_sheet", grade="computed")
#: Below the first Knudsen number (path over diameter) a gas flows as a continuum, above the second it effuses.
CONTINUUM_RATIO = Cited(0.01, unit="", source="leak_sheet", grade="proposal")
EFFUSION_RATIO = Cited(10.0, unit="", source="leak_sheet", grade="proposal")


def _above_zero(where: str, **values: float) -> None:
    for name, value in values.items():
        if not value > 0:
            raise RangeError(where, name, f"{value:g}", "a value above zero")


def _a_share(where: str, **values: float) -> None:
    for name, value in values.items():
        if not 0 < value <= 1:
            raise RangeError(where, name, f"{value:g}", "above zero, at most 1", "check the coefficient")


def liquid_jet_N(area_m2: float, discharge_ratio: float, velocity_ratio: float, pressure_Pa: float) -> float:
    """Thrust of a liquid jet into vacuum: F = 2 Cd Cv A p (sheet 7); its pressure at the vena contracta is nil.

    >>> round(liquid_jet_N(np.pi / 4 * 0.8e-3**2, 0.61, 0.98, 3.0e5), 3)
    0.18
    """
    _above_zero("liquid jet", area_m2=area_m2, pressure_Pa=pressure_Pa)
    _a_share("liquid jet", discharge_ratio=discharge_ratio, velocity_ratio=velocity_ratio)
    return 2 * discharge_ratio * velocity_ratio * area_m2 * pressure_Pa


def flashing_jet_N(area_m2: float, discharge_ratio: float, velocity_ratio: float, pressure_Pa: float) -> Given:
    """Thrust of a jet that flashes: the liquid's own, times 0.9 to 1.3 for the pressure of the vapour it makes (sheet 7).

    >>> push = flashing_jet_N(np.pi / 4 * 0.8e-3**2, 0.61, 0.98, 3.0e5)
    >>> round(push.low, 3), round(push.high, 3)
    (0.162, 0.234)
    """
    alone = liquid_jet_N(area_m2, discharge_ratio, velocity_ratio, pressure_Pa)
    low, high = alone * FLASH_LOW_RATIO, alone * FLASH_HIGH_RATIO
    return Given((low + high) / 2, low, high, "N", "leak_sheet")


def choked_gas_N(area_m2: float, discharge_ratio: float, pressure_Pa: float, heat_capacity_ratio: float = 1.4) -> float:
    """Thrust of a choked gas through a sharp hole, momentum and exit pressure: (g+1)(2/(g+1))^(g/(g-1)) Cd p0 A (sheet 7).

    >>> round(choked_gas_N(np.pi / 4 * 1e-6, 0.61, 101325.0), 4)
    0.0615
    """
    _above_zero("choked gas", area_m2=area_m2, pressure_Pa=pressure_Pa)
    _a_share("choked gas", discharge_ratio=discharge_ratio)
    g = heat_capacity_ratio
    if not 1 < g <= 5 / 3 + 1e-9:
        raise RangeError("choked gas", "heat_capacity_ratio", f"{g:g}", "above 1, at most 5/3")
    return float((g + 1) * (2 / (g + 1)) ** (g / (g - 1)) * discharge_ratio * pressure_Pa * area_m2)


def effusion_N(area_m2: float, pressure_Pa: float) -> float:
    """Thrust of free-molecular effusion: half the pressure on the hole, p0 A / 2 (sheet 7).

    >>> round(effusion_N(1e-6, 100.0), 9)
    5e-05
    """
    _above_zero("effusion", area_m2=area_m2, pressure_Pa=pressure_Pa)
    return pressure_Pa * area_m2 / 2


def regime_of_gas(diameter_m: float, pressure_Pa: float) -> str:
    """Which regime a hole in a gas is in, by the Knudsen number: "gas" (choked), "effusion", or "between".

    >>> regime_of_gas(1e-3, 101325.0), regime_of_gas(1e-6, 100.0)
    ('gas', 'effusion')
    """
    _above_zero("regime", diameter_m=diameter_m, pressure_Pa=pressure_Pa)
    knudsen = AIR_PATH_M_PA / pressure_Pa / diameter_m
    return "gas" if knudsen < CONTINUUM_RATIO else "effusion" if knudsen > EFFUSION_RATIO else "between"


def thrust_N(
    regime: str, area_m2: float, discharge_ratio: float, pressure_Pa: float, velocity_ratio: float = 0.97
) -> Given:
    """Thrust of a hole in a regime: "liquid", "flashing", "gas", "effusion" or "between" (both limits bound it).

    >>> round(thrust_N("gas", 1e-6, 0.84, 1e5).value, 3)
    0.107
    """
    laws: dict[str, Callable[[], Given]] = {
        "liquid": lambda: _exactly(liquid_jet_N(area_m2, discharge_ratio, velocity_ratio, pressure_Pa)),
        "flashing": lambda: flashing_jet_N(area_m2, discharge_ratio, velocity_ratio, pressure_Pa),
        "gas": lambda: _exactly(choked_gas_N(area_m2, discharge_ratio, pressure_Pa)),
        "effusion": lambda: _exactly(effusion_N(area_m2, pressure_Pa)),
        "between": lambda: _between(
            effusion_N(area_m2, pressure_Pa), choked_gas_N(area_m2, discharge_ratio, pressure_Pa)
        ),
    }
    if regime not in laws:
        raise RangeError("thrust", "regime", repr(regime), "one of " + ", ".join(laws))
    return laws[regime]()


def _exactly(value: float) -> Given:
    return Given(value, value, value, "N", "leak_sheet")


def _between(one: float, other: float) -> Given:
    return Given((one + other) / 2, min(one, other), max(one, other), "N", "leak_sheet")


def gas_recoil_ratio(wall_K: float, source_K: float, heat_capacity_ratio: float = 1.4) -> float:
    """What a wall throws back of a gas jet's momentum, at right angles: sqrt(pi R Tw / 2) over the jet's thrust per flow.

    Molecules leave the wall fully accommodated, at its temperature; the jet brings F/m' = sqrt(2 (g+1)/g R T0) for a sharp choked
    hole (momentum and pressure term of sheet 7 over the choked flow). 1 would be an elastic mirror.

    >>> round(gas_recoil_ratio(270.0, 295.0), 2)
    0.65
    """
    _above_zero("recoil", wall_K=wall_K, source_K=source_K)
    g = heat_capacity_ratio
    return float(np.sqrt(np.pi / 2 * wall_K) / np.sqrt(2 * (g + 1) / g * source_K))


def escaping_lever_m(
    lever_m: np.ndarray, free_frac: float, recoil_m: np.ndarray, recoil_ratio: np.ndarray
) -> np.ndarray:
    """Lever (..., 3) of a jet of which a share strikes the vehicle: the struck share is subtracted, its recoil added (sheet 7).

    A jet that strikes gives back to the vehicle, along the same line, what it took: torque and force fall together. What the wall
    throws back pushes it by `recoil_ratio` (...,) times the momentum that struck; `recoil_m` (3,) is the lever of that.

    >>> escaping_lever_m(np.array([4.0, 0.0, 0.0]), 0.75, np.zeros(3), np.array(0.5)).tolist()
    [3.0, 0.0, 0.0]
    """
    return np.asarray(free_frac * lever_m + np.asarray(recoil_ratio)[..., None] * recoil_m)
