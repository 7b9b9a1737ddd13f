"""What do outbursts add to a forecast? One row each, its mean over every step of the clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np
import numpy.typing as npt

from whipple.environment.forecast_orbit import ForecastOrbit
from whipple.environment.forecast_rows import Limits, ShowerHours, mean_beam
from whipple.environment.models.outburst_years import Outburst, excess_zhr_per_h, reach_h
from whipple.environment.outbursts import as_shower, outburst_flux_per_m2_s, outburst_level

__all__ = ["outburst_hours"]

Array = npt.NDArray[np.float64]


def outburst_hours(
    outbursts: Sequence[Outburst],
    orbit: ForecastOrbit,
    start: datetime,
    clock: tuple[Array, Array],
    limits: Limits,
    step_h: float,
) -> tuple[ShowerHours, ...]:
    """The outbursts that are met on the clock of a forecast: seconds from `start` (n,) and solar longitudes (rad)."""
    found: list[ShowerHours] = []
    for outburst in outbursts:
        after = (clock[0] - (outburst.at - start).total_seconds()) / 3600.0
        met = np.flatnonzero(np.abs(after) <= reach_h(outburst) + step_h / 2)
        if len(met):
            label = f"{outburst.code}{outburst.at.year}{outburst.mark}"
            zhr = excess_zhr_per_h(outburst, after[met], step_h)
            found.append(_row(outburst, label, (orbit, *clock, limits), met, zhr))
    return tuple(found)


def _row(
    outburst: Outburst,
    label: str,
    clock: tuple[ForecastOrbit, Array, Array, Limits],
    met: npt.NDArray[np.intp],
    zhr: Array,
) -> ShowerHours:
    orbit, t_s, longitude, limits = clock
    beam, seen, speed, local = mean_beam(as_shower(outburst), orbit, t_s[met], longitude[met])
    mass = limits.mass_kg(local)
    shape = (len(t_s), len(limits.value))
    flux, factor, scales = np.zeros(shape), np.ones(shape), np.zeros((3, *shape))
    level, factor[met] = outburst_level(outburst, zhr, mass)
    flux[met] = level * beam[:, None]
    scales[:, met] = outburst_flux_per_m2_s(outburst, zhr, mass) * beam[:, None]
    rates, share, speeds = np.zeros((3, len(t_s)))
    rates[met], share[met], speeds[met] = zhr, seen, speed
    return ShowerHours(label, outburst.title, rates, flux, scales, factor, share, speeds, ())
