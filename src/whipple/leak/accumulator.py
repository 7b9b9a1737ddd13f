"""How does an accumulator push the liquid out? Closed forms for a gas charge and for a spring bellows.

Both are written with one length of time, tau = S / (Cd A sqrt(2 p0/rho)), where S [m3] is the *stiffness volume*: the gas volume
at charge, or p0/k for a spring of stiffness k [Pa/m3]. s = t/tau is time, v = V/S leaked volume, r = p/p0 pressure.
Gas, exponent n: x = 1 + v, x^(1+n/2) = 1 + (1+n/2) s, r = x^-n. Spring: sqrt(r) = 1 - s/2, v = 1 - r. (Sheet 3.3.)
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

__all__ = ["Kind", "driven_time", "pressure_integral", "pressure_ratio", "reach_at_pressure", "volume_ratio"]

Kind = Literal["gas", "spring"]


def _expansion(time_ratio: Any, polytropic_ratio: Any) -> Any:
    power = 1 + np.asarray(polytropic_ratio) / 2
    return (1 + power * time_ratio) ** (1 / power)


def pressure_ratio(kind: Kind, time_ratio: Any, polytropic_ratio: Any = 1.0) -> Any:
    """p/p0 at s = t/tau.

    >>> round(float(pressure_ratio("gas", 3600.0 / 440.11032633) * 3.04e5), 3)
    54237.616
    """
    if kind == "gas":
        return _expansion(time_ratio, polytropic_ratio) ** -np.asarray(polytropic_ratio)
    return np.maximum(1 - np.asarray(time_ratio) / 2, 0.0) ** 2


def volume_ratio(kind: Kind, time_ratio: Any, polytropic_ratio: Any = 1.0) -> Any:
    """Leaked volume over the stiffness volume at s = t/tau.

    >>> round(float(1 + volume_ratio("gas", 3600.0 / 440.11032633)), 6)
    5.604966
    """
    if kind == "gas":
        return _expansion(time_ratio, polytropic_ratio) - 1
    return 1 - pressure_ratio(kind, time_ratio)


def driven_time(kind: Kind, leaked_ratio: Any, polytropic_ratio: Any = 1.0) -> Any:
    """s = t/tau when the leaked volume over the stiffness volume is `leaked_ratio` (below 1 for a spring).

    >>> round(float(driven_time("gas", 10.0) * 440.11032633), 3)
    10410.919
    """
    if kind == "gas":
        power = 1 + np.asarray(polytropic_ratio) / 2
        return ((1 + np.asarray(leaked_ratio)) ** power - 1) / power
    return 2 * (1 - np.sqrt(np.maximum(1 - np.asarray(leaked_ratio), 0.0)))


def reach_at_pressure(kind: Kind, end_ratio: Any, polytropic_ratio: Any = 1.0) -> Any:
    """Leaked volume over the stiffness volume when the pressure has fallen to `end_ratio` of its start.

    >>> float(reach_at_pressure("gas", 0.25)), float(reach_at_pressure("spring", 0.25))
    (3.0, 0.75)
    """
    if kind == "gas":
        return np.asarray(end_ratio) ** (-1 / np.asarray(polytropic_ratio)) - 1
    return 1 - np.asarray(end_ratio)


def pressure_integral(kind: Kind, time_ratio: Any, polytropic_ratio: Any = 1.0) -> Any:
    """Integral of p/p0 over s from 0, which is the impulse in units of 2 Cd Cv A p0 tau.

    Gas: (x^(1-n/2) - 1)/(1 - n/2), a logarithm at n = 2. Spring: 2/3 (1 - (1 - s/2)^3).

    >>> round(float(2 * 0.61 * 5.0265482457e-07 * 3.04e5 * 440.11032633 * pressure_integral("gas", 10410.91912 / 440.11032633)), 3)
    380.146
    """
    if kind == "spring":
        return 2 / 3 * (1 - np.maximum(1 - np.asarray(time_ratio) / 2, 0.0) ** 3)
    power = 1 - np.asarray(polytropic_ratio) / 2
    growth = np.log(_expansion(time_ratio, polytropic_ratio))
    safe = np.where(np.abs(power) < 1e-12, 1.0, power)
    return np.where(np.abs(power) < 1e-12, growth, np.expm1(safe * growth) / safe)
