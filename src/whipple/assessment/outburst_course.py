"""Which outbursts does an exposure meet, and what do they bring? A single event: it counts once, however long the exposure lasts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np

from whipple.casefile.estimate import Z90, Array, Caveat
from whipple.casefile.findings.sky import OrbitFacts, Stream
from whipple.environment.grid import sky_grid
from whipple.environment.models.outburst_years import Outburst, excess_zhr_per_h, reach_h, slope_per_h
from whipple.environment.outbursts import outburst_stream, outburst_track, percent, spoken, spoken_outbursts
from whipple.environment.outbursts_given import Known
from whipple.environment.sporadic import MASS_REFERENCE_kg
from whipple.exposure.phases import Skies
from whipple.physics.sun import solar_longitude_rad

__all__ = ["Met", "outburst_caveats", "outbursts_met"]


@dataclass(frozen=True)
class Met:
    """An outburst that an exposure meets: its peak on the clock of the epoch, and the rate that it adds on average over the whole exposure."""

    outburst: Outburst
    peak_s: float
    mean_zhr_per_h: float

    def along(self, orbit: OrbitFacts) -> Stream:
        """The outburst along an orbit, with its radiant at the peak and its mean rate over the exposure."""
        there = replace(orbit, solar_longitude_rad=float(solar_longitude_rad(self.outburst.at)))
        track = outburst_track(self.outburst, there, self.outburst.at)
        stream = outburst_stream(sky_grid(), there, self.outburst, track, f"shower:{self.outburst.code}")
        return replace(stream, flux_per_m2_s=stream.flux_per_m2_s * (self.mean_zhr_per_h / track.zhr_per_h.median))

    def course(self, at_s: Array, step_s: float) -> Array:
        """The mean rate over each step centred on some times (any shape), over that of the exposure."""
        after_h = (at_s.ravel() - self.peak_s) / 3600.0
        return excess_zhr_per_h(self.outburst, after_h, step_s / 3600.0).reshape(at_s.shape) / self.mean_zhr_per_h


def outbursts_met(outbursts: Sequence[Outburst], epoch: datetime, begin_s: float, end_s: float) -> tuple[Met, ...]:
    """The outbursts of which an exposure (s from the epoch) has some: above a thousandth of their peak.

    >>> from datetime import UTC
    >>> from whipple.environment.models.outburst_years import OUTBURSTS
    >>> met = outbursts_met(OUTBURSTS, datetime(1999, 11, 18, tzinfo=UTC), 0.0, 86400.0)
    >>> [(one.outburst.title, round(one.mean_zhr_per_h)) for one in met]
    [('Leonids 1999 outburst', 182)]
    """
    middle_h, length_h = (begin_s + end_s) / 7200.0, (end_s - begin_s) / 3600.0
    found = []
    for one in outbursts:
        peak_s = (one.at - epoch).total_seconds()
        if begin_s <= peak_s + 3600.0 * reach_h(one) and peak_s - 3600.0 * reach_h(one) <= end_s:
            mean = excess_zhr_per_h(one, [middle_h - peak_s / 3600.0], length_h)[0]
            found.append(Met(one, peak_s, float(mean)))
    return tuple(found)


def outburst_caveats(
    known: Known,
    epoch: datetime,
    span_s: tuple[float, float],
    over: Skies,
    shares: Mapping[str, float],
    period_s: float,
) -> tuple[Caveat, ...]:
    """What the reader must know of outbursts: those met and what they bring, those given and not met, those replaced, and what is unknown.

    `shares`: the share of the expected punctures by name of the source. The last one says what no table holds.
    """
    begin_s, end_s = span_s
    met = outbursts_met(known.outbursts, epoch, begin_s, end_s)
    streams = {one.name: one for one in over.mission}
    steady = sum(map(_above_a_microgram, (one for one in over.mission if one.kind == "sporadic")))
    told = [_met(one, streams[one.outburst.title], over.duration_s, steady, shares, period_s) for one in met]
    missed = [one for one in known.given if one not in [each.outburst for each in met]]
    first, last = (epoch + timedelta(seconds=at) for at in (begin_s, end_s))
    return (
        *told,
        *(_missed(one, first, last) for one in missed),
        *known.caveats,
        Caveat("shower-outbursts", spoken_outbursts(first, last, ())),
    )


def _above_a_microgram(stream: Stream) -> float:
    return float(stream.heavier_than(MASS_REFERENCE_kg) * stream.flux_per_m2_s.sum())


def _met(
    met: Met, stream: Stream, duration_s: float, steady_per_m2_s: float, shares: Mapping[str, float], period_s: float
) -> Caveat:
    """One outburst that is met: what it brings above a microgram per m2 of cross-section, with its 90 % range, and against the background."""
    width_s = 7200.0 * np.log10(2) / slope_per_h(met.outburst)
    level, factor = _above_a_microgram(stream), stream.level_factor**Z90
    peak = level * float(excess_zhr_per_h(met.outburst, [0.0])[0]) / met.mean_zhr_per_h
    text = (
        f"This exposure meets an outburst, which is counted: {spoken(met.outburst)}. Over the exposure it brings {level * duration_s:.2g} "
        f"particles heavier than 1 µg per m² of cross-section (90 %: {level * duration_s / factor:.2g} to {level * duration_s * factor:.2g}), "
        f"{percent(level / steady_per_m2_s)} of what sporadic meteoroids bring; at its peak {percent(peak / steady_per_m2_s)} of their flux, and a "
        "greater share of heavier ones."
    )
    if (share := shares.get(stream.name, 0.0)) > 0:
        text += f" Of the expected punctures {percent(share)} are its own."
    if width_s < period_s:
        text += (
            f" It is a mean over the revolution; at half of its maximum it lasts {width_s / 60:.0f} of {period_s / 60:.0f} min, so the Earth "
            "may hide it all, or nothing of it, where the vehicle is then."
        )
    return Caveat("shower-outburst", text)


def _missed(outburst: Outburst, first: datetime, last: datetime) -> Caveat:
    text = (
        f"An outburst is given that this exposure ({first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M} UTC) does not meet: {spoken(outburst)}. "
        "It is not counted."
    )
    return Caveat("shower-outburst-given", text)
