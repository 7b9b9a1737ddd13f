"""How a pressure falls after a hole opens: three laws with the same first rate, and a hole that opens slowly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from whipple.casefile.estimate import Array

__all__ = ["SHAPES", "Shape", "gas_fall_Pa", "open_time_s", "spring_fall_Pa", "steady_fall_Pa"]


@dataclass(frozen=True)
class Shape:
    """One law: `fall_Pa(elapsed_s, rate_Pa_s, level_Pa)` for a hole fully open since `elapsed_s`."""

    name: str
    fall_Pa: Callable[[Array, Array, float], Array]


def open_time_s(since_s: Array, opening_s: float) -> Array:
    """Time since the onset, weighted with the open share of a hole that grows evenly over `opening_s` [s]; 0 before the onset.

    >>> open_time_s(np.array([-1.0, 5.0, 20.0]), 10.0).tolist()
    [0.0, 1.25, 15.0]
    """
    since = np.maximum(since_s, 0.0)
    if opening_s <= 0:
        return since
    growing = np.minimum(since, opening_s)
    return growing**2 / (2 * opening_s) + (since - growing)


def gas_fall_Pa(elapsed_s: Array, rate_Pa_s: Array, level_Pa: float, exponent_ratio: float = 1.0) -> Array:
    """Fall [Pa] of a gas-loaded loop with a hole into vacuum, from its first rate and its pressure before.

    p = p0 x^-n with x^(1+n/2) = 1 + (1+n/2) t/tau and n p0/tau the first rate (leak_and_dynamics.md 3.3).

    >>> round(float(gas_fall_Pa(np.array(3600.0), np.array(3.04e5 / 440.11032633), 3.04e5)), 4)
    249762.3845
    """
    n = exponent_ratio
    u = rate_Pa_s * elapsed_s / (n * level_Pa)
    return level_Pa * (1 - (1 + (1 + n / 2) * u) ** (-n / (1 + n / 2)))


def spring_fall_Pa(elapsed_s: Array, rate_Pa_s: Array, level_Pa: float) -> Array:
    """Fall [Pa] of a spring-loaded loop: sqrt(p) falls evenly (leak_and_dynamics.md 3.3), to nothing at the soonest.

    >>> round(float(spring_fall_Pa(np.array(10.0), np.array(1.0), 100.0)), 6)
    9.75
    """
    share = np.minimum(rate_Pa_s * elapsed_s / (2 * level_Pa), 1.0)
    return level_Pa * (1 - (1 - share) ** 2)


def steady_fall_Pa(elapsed_s: Array, rate_Pa_s: Array, level_Pa: float) -> Array:
    """Fall [Pa] at a constant rate: what every leak looks like while little has gone.

    >>> float(steady_fall_Pa(np.array(10.0), np.array(2.0), 100.0))
    20.0
    """
    return rate_Pa_s * elapsed_s + 0.0 * level_Pa


#: Exponents of the gas law that the onset is averaged over: 1 isothermal to 1.4 adiabatic (leak_and_dynamics.md section 2).
GAS_EXPONENTS = (1.0, 1.1, 1.2, 1.3, 1.4)


def _gas(exponent_ratio: float) -> Shape:
    return Shape(
        f"gas, exponent {exponent_ratio:g}", lambda t, rate, level: gas_fall_Pa(t, rate, level, exponent_ratio)
    )


#: The alternatives; equal prior weights `[proposal]`.
SHAPES = (*(_gas(n) for n in GAS_EXPONENTS), Shape("spring bellows", spring_fall_Pa))
