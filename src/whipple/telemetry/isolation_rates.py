"""How fast may the leak be before a valve is moved? A wide range, or the rate that the watch has measured already, with its interval."""

from __future__ import annotations

import numpy as np
from scipy.special import logsumexp

from whipple.casefile.estimate import Array, Estimate
from whipple.errors import RangeError
from whipple.physics.cited import Cited
from whipple.telemetry.isolation_plant import Plant

__all__ = ["LIKELY_PER_H", "NORMAL_90", "rate_grid_m3_s", "rate_prior_nat", "top_rate_m3_s"]

#: Leak rates that are alike beforehand, as a share of the inventory per hour: wider than the 0.1 to 10 %/h of the sheet (5.2).
LIKELY_PER_H = (2e-4, 3e-1)
#: Slower ones down to this and faster ones up to `top_rate_m3_s` are looked at too, each e-fold e times less likely.
_SLOWEST_PER_H = 5e-5
#: A leak that empties the accumulator sooner than this is over before a gauge could be read twice.
_SOONEST_S = 60.0
#: Even steps of the logarithm (2.9 %); beyond a measured interval the range goes on by this factor.
_STEP, _BEYOND = float(np.log(1500) / 255), 3.0
#: How often a measured rate says nothing about this leak (a fall that was partly heat), and the least 1 sigma it is given: the watch learns
#: how the gas answers from the temperature's swing, and where stretches stray from the thermometers that is off by tens of per cent.
#: Against such an error the noise that it shares with the readings here is small: the fall is not counted twice.
WRONG_RATIO = Cited(0.05, unit="", source="whipple_judgement", grade="proposal")
LEAST_RATIO = Cited(0.2, unit="", source="whipple_judgement", grade="proposal")
#: 90 % of a normal law lies within this many sigmas.
NORMAL_90 = 1.6448536


def top_rate_m3_s(plant: Plant) -> float:
    """The fastest leak worth a thought, at the charged pressure: one that empties the accumulator in a minute, or the whole bore of the pipe.

    Isothermal gas, x^1.5 = 1 + 1.5 Q t/Vg (sheet 3.3), until all that can be pushed is out.

    >>> from whipple.telemetry.isolation_plant import plant_of
    >>> from whipple.telemetry.isolation_simulate import ring_loop
    >>> round(top_rate_m3_s(plant_of(ring_loop())) * 3600 / 44e-3, 1)  # inventories an hour; a hole of 0.8 mm at 3 bar has 0.7
    6.6
    """
    table = plant.table
    gas, pushed = table.gas_volume_m3.high, table.pushed_volume_m3.high
    empties = ((1 + pushed / gas) ** 1.5 - 1) * gas / (1.5 * _SOONEST_S)
    if table.pipe_m is None:
        return float(empties)
    speed = np.sqrt(2 * table.pressure_Pa.high / plant.density_kg_m3)
    return float(min(empties, np.pi / 4 * table.pipe_m.high**2 * speed))


def rate_grid_m3_s(plant: Plant, measured_per_s: Estimate | None = None) -> Array:
    """Leak rates at the charged pressure, even in the logarithm, from the slowest to the fastest that counts; a measured rate is inside.

    Raises RangeError for a measured rate that is none.

    >>> from whipple.telemetry.isolation_plant import plant_of
    >>> from whipple.telemetry.isolation_simulate import ring_loop
    >>> grid = rate_grid_m3_s(plant_of(ring_loop())) * 3600 / 44e-3
    >>> grid.size, round(float(grid[0]), 6), round(float(grid[-1]), 1)
    (412, 5e-05, 6.6)
    """
    inventory = plant.table.inventory_m3.value
    low = _SLOWEST_PER_H * inventory / 3600
    top = max(top_rate_m3_s(plant), 2 * LIKELY_PER_H[0] * inventory / 3600)
    if measured_per_s is not None:
        if measured_per_s.median <= 0:
            found = f"{measured_per_s.median:g} 1/s"
            raise RangeError("isolation", "leak rate", found, "more than 0", "give a measured loss, or none")
        least = measured_per_s.low if measured_per_s.low > 0 else measured_per_s.median / _BEYOND
        low, top = min(low, least * inventory / _BEYOND), max(top, measured_per_s.high * inventory * _BEYOND)
    return np.geomspace(low, top, int(np.ceil(np.log(top / low) / _STEP)) + 1)


def rate_prior_nat(plant: Plant, rate_m3_s: Array, measured_per_s: Estimate | None = None) -> Array:
    """Natural log of the prior of each rate (n_rate,), summing to one.

    Without a measured rate: alike between 0.02 and 30 % of the inventory an hour, each e-fold outside e times less likely. With one (share of
    the inventory a second, 90 %): a split normal of its logarithm, 20 % and the inventory's own range added, and 1 in 20 for the wide range.

    >>> from whipple.telemetry.isolation_plant import plant_of
    >>> from whipple.telemetry.isolation_simulate import ring_loop
    >>> plant = plant_of(ring_loop())
    >>> grid = rate_grid_m3_s(plant)
    >>> known = np.exp(rate_prior_nat(plant, grid, Estimate(2e-6, 1.8e-6, 2.2e-6, "1/s")))
    >>> round(float(known[(grid > 1.8e-6 * 44e-3) & (grid < 2.2e-6 * 44e-3)].sum()), 2)
    0.35
    """
    inventory = plant.table.inventory_m3
    percent = rate_m3_s * 3600 / inventory.value
    wide = -np.log(np.maximum(np.maximum(LIKELY_PER_H[0] / percent, percent / LIKELY_PER_H[1]), 1.0))
    wide = wide - logsumexp(wide)
    if measured_per_s is None:
        return np.asarray(wide)
    off = np.log(rate_m3_s / (measured_per_s.median * inventory.value))
    held = np.log(inventory.high / inventory.low) / (2 * NORMAL_90)
    down = np.log(measured_per_s.median / measured_per_s.low) / NORMAL_90 if measured_per_s.low > 0 else np.inf
    up = np.log(measured_per_s.high / measured_per_s.median) / NORMAL_90
    sigma = np.where(off > 0, *(np.sqrt(side**2 + held**2 + LEAST_RATIO**2) for side in (up, down)))
    told = -0.5 * (off / sigma) ** 2
    shares = np.log1p(-WRONG_RATIO), np.log(float(WRONG_RATIO))
    return np.asarray(np.logaddexp(told - logsumexp(told) + shares[0], wide + shares[1]))
