"""What did an outburst add in its hours? The reported peak of a year, on top of the annual shower, as a stream of its own.

Above the mass of a +6.5 magnitude meteor the mass index is s = 1 + 2.5 log10 r; below it the lesser of that and 1.88, the steepest that a
radar measured in an outburst, because a visual index says nothing about fainter meteoroids.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Z90, Caveat, Estimate
from whipple.casefile.findings.sky import OrbitFacts, ShowerTrack, Stream
from whipple.environment.grid import SkyGrid
from whipple.environment.models.koschack_rendtel_1990 import flux_brighter_per_m2_s, mass_index
from whipple.environment.models.moorhead_activity import SHOWERS, Shower
from whipple.environment.models.outburst_years import OUTBURSTS, Outburst, excess_zhr_per_h, reach_h, used_ratio
from whipple.environment.showers import SCALES, LEVEL_factor, beam_ratio, entry_speed_m_s, shower_track, stream_density
from whipple.environment.sporadic import MASS_GRID_kg, MASS_REFERENCE_kg
from whipple.physics.cited import Cited
from whipple.physics.sun import solar_longitude_rad

__all__ = [
    "active_outbursts",
    "as_shower",
    "outburst_flux_per_m2_s",
    "outburst_level",
    "outburst_stream",
    "outburst_track",
    "outbursts_of",
    "percent",
    "spoken",
    "spoken_outbursts",
]

Array = npt.NDArray[np.float64]

#: The steepest mass index that a radar measured in an outburst: Draconids of 2012.
RADAR_INDEX = Cited(1.88, unit="", source="ye2014", grade="source")
_FAINT_MAGNITUDE = 6.5


def outbursts_of(years: Sequence[int]) -> tuple[Outburst, ...]:
    """The reported outbursts of some years.

    >>> [one.utc for one in outbursts_of([2002])]
    ['2002-11-19T04:10', '2002-11-19T10:50']
    """
    return tuple(one for one in OUTBURSTS if one.at.year in years)


def active_outbursts(when: datetime, outbursts: Sequence[Outburst] = OUTBURSTS) -> tuple[Outburst, ...]:
    """The outbursts that go on at a time (UTC): above a thousandth of their peak.

    >>> from datetime import UTC
    >>> [one.title for one in active_outbursts(datetime(1999, 11, 18, 2, 5, tzinfo=UTC))]
    ['Leonids 1999 outburst']
    """
    return tuple(one for one in outbursts if abs((when - one.at).total_seconds()) / 3600.0 <= reach_h(one))


def as_shower(outburst: Outburst) -> Shower:
    """The outburst as a shower: radiant, drift and speed of the annual list, or its own at the peak without a drift."""
    annual = next((one for one in SHOWERS if one.code == outburst.code), None)
    peak = float(np.degrees(solar_longitude_rad(outburst.at, np.zeros(1))[0]))
    ratio = used_ratio(outburst)
    if annual is not None:
        return replace(annual, name=outburst.title, population_ratio=ratio, source=outburst.source, note=outburst.note)
    ra, dec, speed = outburst.radiant
    return Shower(
        outburst.code, outburst.title, peak - 1, peak + 1, peak, ra, 0.0, dec, 0.0, speed, 0.0, peak, outburst.zhr, 1.0, 1.0, ratio,
        outburst.source, outburst.note,
    )  # fmt: skip


def outburst_flux_per_m2_s(outburst: Outburst, zhr_per_hour: npt.ArrayLike, mass_kg: npt.ArrayLike) -> Array:
    """Flux above masses (m,) on each magnitude-mass scale, normal to the radiant, far from Earth, for rates (n,): (3, n, m).

    >>> draconids = outbursts_of([2012])[0]
    >>> (outburst_flux_per_m2_s(draconids, [200.0], [1e-7])[:, 0, 0] * 3.6e9).round(1).tolist()  # per km2 and hour
    [0.4, 1.6, 7.6]
    """
    ratio = used_ratio(outburst)
    bright = mass_index(ratio)
    faint = min(bright, float(RADAR_INDEX))
    shower, peak = as_shower(outburst), float(solar_longitude_rad(outburst.at, np.zeros(1))[0])
    entry = entry_speed_m_s(shower, peak)
    level = flux_brighter_per_m2_s(1.0, ratio) * np.asarray(zhr_per_hour, dtype=float)
    over = np.stack(
        [np.asarray(mass_kg, dtype=float) / mass_of(_FAINT_MAGNITUDE, entry) for mass_of in SCALES.values()]
    )
    law = np.where(over >= 1.0, over ** (1 - bright), over ** (1 - faint))
    return np.asarray(level[None, :, None] * law[:, None, :])


def outburst_level(outburst: Outburst, zhr_per_hour: npt.ArrayLike, mass_kg: npt.ArrayLike) -> tuple[Array, Array]:
    """Log-mean of the flux over the scales (n, m), and its 1-sigma factor (n, m): scales, reported range and the factor 3 of showers."""
    each = outburst_flux_per_m2_s(outburst, zhr_per_hour, mass_kg)
    logs = np.log(each / np.asarray(zhr_per_hour, dtype=float)[None, :, None])
    reported = np.log(outburst.high / outburst.low) / (2 * Z90)
    flux = np.asarray(zhr_per_hour, dtype=float)[:, None] * np.exp(logs.mean(axis=0))
    return flux, np.exp(np.sqrt(np.log(LEVEL_factor) ** 2 + logs.var(axis=0) + reported**2))


def outburst_track(outburst: Outburst, orbit: OrbitFacts, when: datetime) -> ShowerTrack:
    """The outburst along the orbit, with the rate that it adds at a time (UTC)."""
    scale = float(excess_zhr_per_h(outburst, [(when - outburst.at).total_seconds() / 3600.0])[0]) / outburst.zhr
    caveats = (Caveat("shower-outburst", spoken(outburst) + "."),)
    zhr = Estimate(
        outburst.zhr * scale,
        outburst.low * scale,
        outburst.high * scale,
        "1/hour",
        models=("outburst_years",),
        caveats=caveats,
    )
    return replace(shower_track(as_shower(outburst), orbit), zhr_per_h=zhr, sources=(outburst.source, "rms_flux"))


def outburst_stream(
    grid: SkyGrid, orbit: OrbitFacts, outburst: Outburst, track: ShowerTrack, hypothesis: str
) -> Stream:
    """The stream of one outburst at the rate of its track: a cold beam, its numbers by mass as in `outburst_flux_per_m2_s`."""
    rate = [track.zhr_per_h.median]
    flux, factor = outburst_level(outburst, rate, [MASS_REFERENCE_kg])
    numbers = outburst_level(outburst, rate, MASS_GRID_kg)[0][0] / flux[0, 0]
    density, frac = stream_density(outburst.code)
    return Stream(
        name=outburst.title,
        kind="shower",
        hypothesis=hypothesis,
        flux_per_m2_s=flux[0, 0] * beam_ratio(grid, orbit, as_shower(outburst), track),
        mass_reference_kg=MASS_REFERENCE_kg,
        mass_kg=MASS_GRID_kg,
        number_ratio=numbers,
        density_kg_m3=density,
        density_frac=frac,
        level_factor=float(factor[0, 0]),
        models=("outburst_years", "koschack_rendtel_1990", *SCALES),
        sources=(*track.sources, "jenniskens1995", "ye2014", "koschack_rendtel1990", "verniani1973", "jenniskens1994"),
        caveats=(*track.zhr_per_h.caveats, _mass_caveat(outburst)),
    )


def _mass_caveat(outburst: Outburst) -> Caveat:
    ratio, printed = used_ratio(outburst), outburst.population_ratio
    said = f"r = {ratio:.3g}" + (
        "" if printed == ratio else f" (printed: {printed:g})" if printed else " (none is printed)"
    )
    text = (
        f"{outburst.title}: {said}; below the mass of a +6.5 magnitude meteor a mass index of at most {float(RADAR_INDEX):g} is taken, "
        "as radars measured in outbursts."
    )
    return Caveat("shower-outburst-mass", text)


def spoken(outburst: Outburst) -> str:
    """An outburst in words: when, how strong, from which report, of which grade."""
    rate = f"ZHR {outburst.zhr:g} ({outburst.low:g} to {outburst.high:g})"
    width = f"{60 * outburst.width_h:.0f} min wide" if outburst.width_h else "no width known: 29 min taken"
    over = "the annual shower included" if outburst.total else "on top of the annual shower"
    recalled = "; from memory, not re-read" if outburst.grade == "recalled" else ""
    note = f"; {outburst.note}" if outburst.note else ""
    return f"{outburst.title}: peak {outburst.at:%d %b %H:%M} UTC, {rate}, {over}, {width} [{outburst.source}{recalled}]{note}"


def spoken_outbursts(first: datetime, last: datetime, outbursts: Sequence[Outburst] = OUTBURSTS) -> str:
    """What the table holds for a span of time, and that nothing is known where it holds nothing."""
    met = [one for one in outbursts if first <= one.at <= last]
    years = range(first.year, (last - timedelta(seconds=1)).year + 1)
    said = []
    if met:
        said.append(f"Outbursts of these dates, added to the annual activity: {'; '.join(map(spoken, met))}.")
    if other := [one.title for one in outbursts_of(years) if not first <= one.at <= last]:
        said.append(f"Outside these dates the table has: {', '.join(dict.fromkeys(other))}.")
    if empty := [str(year) for year in years if not outbursts_of([year])]:
        said.append(
            f"No report of {' and '.join(empty)} is in the table: annual activity; outbursts of that year unknown."
        )
    return " ".join([*said, "Weak outbursts, those after 2022 and predicted ones are not in the table."])


def percent(ratio: float) -> str:
    """A ratio in percent with two significant digits, without an exponent.

    >>> percent(2.21), percent(0.0042)
    ('220 %', '0.42 %')
    """
    return f"{float(f'{100 * ratio:.2g}'):g} %"
