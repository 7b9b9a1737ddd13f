"""How much do showers add, by the hour? A forecast for any near-circular orbit and dates, beside the sporadic background.

Limits are kinetic energies, as in the NASA forecasts, or masses: 6.7, 105, 838 and 2827 J are spheres of 0.04, 0.1, 0.2 and 0.3 cm of 1 g/cm3 at
20 km/s. The mass that goes with an energy is taken at the speed at the orbit's height without the vehicle's own motion (showers) and at
20 km/s (sporadic background). Fluxes are per m2 across the arriving stream (a sphere's cross-section), means over a revolution, with
bending, focusing, occultation and the vehicle's motion. Annual showers, and the outbursts that are in the table or given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Z90, Caveat
from whipple.environment.forecast_orbit import ForecastOrbit
from whipple.environment.forecast_outbursts import outburst_hours
from whipple.environment.forecast_rows import ENERGIES, Limits, ShowerHours, SPORADIC_m_s, mean_beam, size_limits
from whipple.environment.models.grun_1985 import CROSS_SECTION_PER_PLATE_ratio, grun_flux_per_m2_s
from whipple.environment.models.koschack_rendtel_1990 import flux_brighter_per_m2_s, mass_index
from whipple.environment.models.moorhead_activity import SHOWERS, Shower
from whipple.environment.models.outburst_years import OUTBURSTS, Outburst
from whipple.environment.models.ssp30425 import shielding_frac
from whipple.environment.outbursts import spoken_outbursts
from whipple.environment.showers import SCALES, LEVEL_factor, ShowerBranch, entry_speed_m_s, shower_branches
from whipple.errors import RangeError
from whipple.physics.cited import Cited
from whipple.physics.constants import EARTH_RADIUS_m
from whipple.physics.sun import solar_longitude_rad

__all__ = [
    "ENERGIES",
    "Forecast",
    "Limits",
    "ShowerHours",
    "branch_flux_per_m2_s",
    "forecast_showers",
    "size_limits",
    "sporadic_flux_per_m2_s",
]

Array = npt.NDArray[np.float64]


#: The sporadic cross-sectional flux at the station over 4 F: focusing, Earth's shield and motion together (environment sheet 6.8).
STATION_ratio = Cited(0.95, unit="", source="ecss_10_04", grade="computed")
_STATION_m = Cited(415e3, unit="m", source="ecss_10_04", grade="computed")
_SPORADIC_factor = Cited(2.0, unit="", source="whipple_judgement", grade="proposal")
_FAINT_MAGNITUDE = 6.5
_LONGEST_HOURS = 24 * 366 * 2
_LIGHTEST_kg, _HEAVIEST_kg = 1e-12, 1e-3


@dataclass(frozen=True)
class Forecast:
    """Hours from `start` (UTC) with every shower, the sporadic background (limits,) and the totals (n, limits) with 90 % range.

    `enhancement_ratio`: all showers over the background. The range moves all showers together, because the scale is common to them.
    """

    start: datetime
    orbit: str
    t_s: Array
    solar_longitude_rad: Array
    limits: Limits
    showers: tuple[ShowerHours, ...]
    sporadic_per_m2_s: Array
    total_per_m2_s: Array
    low_per_m2_s: Array
    high_per_m2_s: Array
    caveats: tuple[Caveat, ...]

    @property
    def enhancement_ratio(self) -> Array:
        """Showers over sporadic background, (n, limits)."""
        return self.total_per_m2_s / self.sporadic_per_m2_s


def sporadic_flux_per_m2_s(limits: Limits, altitude_m: float) -> Array:
    """The sporadic background above each limit, per m2 of cross-section: 0.95 x 4 F(m) at 415 km, by Earth's shield elsewhere.

    >>> [f"{flux:.3e}" for flux in sporadic_flux_per_m2_s(ENERGIES, 415e3)]
    ['4.530e-09', '1.625e-10', '1.146e-11', '2.355e-12']
    """
    ratio = STATION_ratio * shielding_frac(altitude_m) / shielding_frac(float(_STATION_m))
    flux = grun_flux_per_m2_s(limits.mass_kg(float(SPORADIC_m_s)))
    return np.asarray(ratio * CROSS_SECTION_PER_PLATE_ratio * flux)


def branch_flux_per_m2_s(
    zhr_per_h: npt.ArrayLike, branch_ratio: float, faint_mass_kg: float, mass_kg: npt.ArrayLike
) -> Array:
    """Shower flux above masses (last axis), normal to the radiant, far from Earth, for ZHRs (n,): f6.5 (m/m6.5)^(1-s).

    `branch_ratio` is the population index, `faint_mass_kg` the mass of a +6.5 meteor.

    >>> from whipple.environment.models import peterson_1999
    >>> faint = peterson_1999.meteor_mass_kg(6.5, 36e3)
    >>> f"{3600 * branch_flux_per_m2_s([118.0], 1.9, faint, [2 * 104.72 / 35.68e3**2])[0, 0]:.1e}"
    '1.8e-08'
    """
    level = flux_brighter_per_m2_s(1.0, branch_ratio) * np.asarray(zhr_per_h, dtype=float)
    mass = np.asarray(mass_kg, dtype=float)
    return np.asarray(level[..., None] * (mass / faint_mass_kg) ** (1 - mass_index(branch_ratio)))


def forecast_showers(
    orbit: ForecastOrbit,
    start: datetime,
    hours: int,
    *,
    step_h: float = 1.0,
    limits: Limits = ENERGIES,
    outbursts: Sequence[Outburst] = OUTBURSTS,
) -> Forecast:
    """Every annual shower, and the outbursts of these dates, by the hour from `start` (UTC), beside the sporadic background.

    Annual activity is that of each moment; what an outburst adds is its mean over the step, so that none is lost between two hours.

    Raises RangeError (no hours, more than two years, a step or limit out of range).
    """
    _check(hours, step_h, limits)
    t_s = np.arange(0.0, hours + 1e-9, step_h) * 3600.0
    longitude = _longitudes(start, t_s)
    altitude = float(orbit.radius_m.mean() - EARTH_RADIUS_m)
    rows = tuple(row for shower in SHOWERS if (row := _hours_of(shower, orbit, t_s, longitude, limits)) is not None)
    rows += outburst_hours(outbursts, orbit, start, (t_s, longitude), limits, step_h)
    zero = np.zeros((len(t_s), len(limits.value)))
    total, low, high = (sum((row.flux_per_m2_s * row.factor**k for row in rows), zero) for k in (0, -Z90, Z90))
    return Forecast(
        start, orbit.name, t_s, longitude, limits, rows, sporadic_flux_per_m2_s(limits, altitude),
        total, low, high, (_activity(start, t_s, step_h, outbursts), *_caveats(orbit, t_s, rows)),
    )  # fmt: skip


def _check(hours: int, step_h: float, limits: Limits) -> None:
    if not 1 <= hours <= _LONGEST_HOURS:
        raise RangeError("shower forecast", "length", f"{hours} h", f"1 to {_LONGEST_HOURS} h", "forecast a year")
    if not 0 < step_h <= 24:
        raise RangeError("shower forecast", "step", f"{step_h:g} h", "above 0, at most 24 h", "1 h")
    mass = limits.mass_kg(float(SPORADIC_m_s))
    if not (len(mass) and np.all(mass >= _LIGHTEST_kg) and np.all(mass <= _HEAVIEST_kg)):
        found, limit = ", ".join(limits.labels()) or "none", "1e-9 to 1 g (0.0002 to 200 000 J at 20 km/s)"
        raise RangeError("shower forecast", "limit", found, limit, "--energy '105 J'")


def _longitudes(start: datetime, t_s: Array) -> Array:
    """Solar longitudes at the hours, from knots 6 h apart (linear between: 0.0001 deg)."""
    knots = np.linspace(0.0, max(float(t_s[-1]), 1.0), int(t_s[-1] // 21_600) + 2)
    exact = np.unwrap(solar_longitude_rad(start, knots))
    return np.interp(t_s, knots, exact) % (2 * np.pi)


def _hours_of(shower: Shower, orbit: ForecastOrbit, t_s: Array, longitude: Array, limits: Limits) -> ShowerHours | None:
    """One shower; None when it is never active."""
    ahead = np.degrees(longitude) - shower.begin
    active = np.flatnonzero(ahead % 360.0 <= (shower.end - shower.begin) % 360.0)
    if not len(active):
        return None
    when = longitude[active]
    entry = entry_speed_m_s(shower, float(when[len(when) // 2]))
    branches, left_out = shower_branches(shower, entry)
    beam, seen, speed, local = mean_beam(shower, orbit, t_s[active], when)
    logs = np.stack([np.log(_branch(branch, when, entry, limits.mass_kg(local))) for branch in branches])
    shape = (len(t_s), len(limits.value))
    scales, flux, factor = np.full((3, *shape), np.nan), np.zeros(shape), np.ones(shape)
    for k, scale in enumerate(SCALES):
        mine = [i for i, branch in enumerate(branches) if branch.scale == scale]
        if mine:
            scales[k] = 0.0
            scales[k, active] = np.exp(logs[mine].mean(axis=0)) * beam[:, None]
    flux[active] = np.exp(logs.mean(axis=0)) * beam[:, None]
    factor[active] = np.exp(np.hypot(np.log(LEVEL_factor), logs.std(axis=0)))
    zhr, seen_frac, speeds = np.zeros((3, len(t_s)))
    zhr[active] = np.exp(np.mean([np.log(branch.zhr_per_h(when)) for branch in _profiles(branches)], axis=0))
    seen_frac[active], speeds[active] = seen, speed
    return ShowerHours(shower.code, shower.name, zhr, flux, scales, factor, seen_frac, speeds, left_out)


def _profiles(branches: list[ShowerBranch]) -> list[ShowerBranch]:
    """One branch a profile (they differ in scale only)."""
    first: dict[str, ShowerBranch] = {}
    for branch in branches:
        first.setdefault(branch.name.rpartition(", ")[0], branch)
    return list(first.values())


def _branch(branch: ShowerBranch, when: Array, entry: float, mass_kg: Array) -> Array:
    faint = branch.mass_of(_FAINT_MAGNITUDE, entry)
    return branch_flux_per_m2_s(branch.zhr_per_h(when), branch.population_ratio, faint, mass_kg)


def _activity(start: datetime, t_s: Array, step_h: float, outbursts: Sequence[Outburst]) -> Caveat:
    last = start + timedelta(seconds=float(t_s[-1]))
    text = spoken_outbursts(start, last, outbursts)
    return Caveat(
        "forecast-outbursts",
        f"Each outburst is shown as its mean over {step_h:g} h; its peak is higher. " * ("peak " in text) + text,
    )


def _caveats(orbit: ForecastOrbit, t_s: Array, rows: tuple[ShowerHours, ...]) -> tuple[Caveat, ...]:
    left_out = "; ".join(f"{row.name}: {', '.join(row.left_out)}" for row in rows if row.left_out)
    found = [
        Caveat(
            "forecast-mass-scale",
            "The mass of a meteor of a given brightness differs by 25 between three published scales; each flux is their log-mean over "
            "the published activity profiles, its 90 % range covers their spread and a factor 3 (1 sigma) for the showers themselves."
            + (
                f" Left out, because they would more than double the flux at their peak: {left_out}."
                if left_out
                else ""
            ),
        ),
        Caveat(
            "forecast-background",
            "The background is Gruen's flux with 0.95 for focusing, shield and motion at the station, uncertain by a factor "
            f"{float(_SPORADIC_factor):g} (1 sigma); average shower activity is already in it.",
        ),
    ]
    gap = float(np.abs(t_s[:, None] - orbit.epoch_s[None, :]).min(axis=1).max()) / 86_400
    if orbit.unknown_node:
        found.append(
            Caveat("forecast-node", "No node was given: fluxes are means over all orientations of the orbit plane.")
        )
    elif gap > 30:
        text = f"The plane is carried up to {gap:.0f} days by its mean turning; after some months it may be off by 10 deg or more."
        found.append(Caveat("forecast-plane", text))
    return tuple(found)
