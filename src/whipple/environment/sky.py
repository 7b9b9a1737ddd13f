"""Everything that could have struck, in one sky: sporadic meteoroids, the showers of the day, debris."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np

from whipple.casefile.case import Case
from whipple.casefile.estimate import Caveat
from whipple.casefile.findings.sky import OrbitFacts, ShowerTrack, Sky, Stream
from whipple.casefile.tables.hypothesis import HypothesisTable
from whipple.environment.bound import fastest_bound_m_s
from whipple.environment.debris import debris_stream
from whipple.environment.debris_streams import debris_populations
from whipple.environment.debris_tensors import DebrisTensors
from whipple.environment.flight import flight_caveats, fly
from whipple.environment.grid import SkyGrid, sky_grid
from whipple.environment.imported_models import other_models
from whipple.environment.models.moorhead_activity import active_showers
from whipple.environment.models.outburst_years import Outburst
from whipple.environment.outbursts import active_outbursts, outburst_stream, outburst_track, spoken, spoken_outbursts
from whipple.environment.outbursts_given import Known, known_with, outburst_problems, outbursts_of_rows
from whipple.environment.read_clouds import read_tensors
from whipple.environment.screening_finding import tracked_objects, was_it_tracked
from whipple.environment.showers import shower_stream, shower_track
from whipple.environment.sporadic import MASS_REFERENCE_kg, sporadic_stream
from whipple.errors import CaseError, Problem
from whipple.physics.constants import YEAR_s
from whipple.physics.read_elements import read_elements

__all__ = ["sky_along", "what_was_there", "with_outbursts"]

_AZIMUTH_STEP_rad = float(np.radians(5.0))
#: How far from the epoch an outburst is worth a word.
_AROUND = timedelta(days=1)
_DIRECTION_CAVEATS = (
    Caveat(
        "shower-beams",
        "Each shower is a parallel beam; the true radiants scatter by about 2 deg. Activity is that of the epoch, held over the "
        "window of the sky.",
    ),
    Caveat(
        "sky-window",
        "Fluxes are means over the window from the epoch; over weeks the orbit plane and the sources turn, so a mean over the "
        "whole time in orbit differs by side.",
    ),
    Caveat(
        "sky-secondary",
        "Ejecta from nearby structure, satellites' own releases and unknown streams are not in this sky.",
    ),
)


def what_was_there(case: Case) -> Sky:
    """What was flying around the vehicle at the epoch of the case, from which way, how fast, and how much of it?

    The window is four revolutions from the epoch, every 60 s. Where the case names a catalogue, every tracked object is screened; where it
    names output of MEM 3 or ORDEM, that stands in the place of our meteoroids or debris. Raises CaseError (element and flux files,
    outbursts that cannot be), EvidenceError (no element set is fit), RangeError (epoch outside the leap-second table).
    """
    sets = read_elements(case.path(case.orbit.elements))
    wanted = case.orbit.catalogue_number
    mine = [element for element in sets if wanted in (None, element.catalogue_number)]
    if not mine:
        found = "catalogue numbers " + ", ".join(sorted({str(element.catalogue_number) for element in sets}))
        raise CaseError([Problem(case.orbit.elements, "", found, f"{wanted}", "correct orbit.catalogue_number")])
    burns = [(manoeuvre.at, manoeuvre.note) for manoeuvre in case.orbit.manoeuvre]
    tensors = read_tensors(case.path(case.orbit.debris_tensors)) if case.orbit.debris_tensors else None
    named = other_models(case.folder, case.orbit, case.hypotheses)
    if problems := outburst_problems(case.orbit.outburst, case.sources, "case.toml", "orbit"):
        raise CaseError(problems)
    known = known_with(outbursts_of_rows(case.orbit.outburst))
    orbit = fly(mine, case.epoch, burns, case.orbit.valid_days)
    sky = named.instead(
        with_outbursts(sky_along(orbit, case.epoch, case.hypotheses, tensors), case.epoch, case.hypotheses, known)
    )
    sky = replace(sky, headline=_headline(sky.orbit, sky.showers, sky.streams))
    screening = tracked_objects(case)
    return sky if screening is None else replace(sky, tracked=was_it_tracked(screening, case.epoch))


def sky_along(
    orbit: OrbitFacts,
    epoch: datetime,
    hypotheses: Sequence[HypothesisTable] = (),
    tensors: DebrisTensors | None = None,
) -> Sky:
    """The sky along an orbit: `epoch` (UTC) sets the year of the debris model, `hypotheses` the names of the causes.

    With `tensors` (of `whipple debris clouds`) debris is small debris and fragmentation clouds, without them NASA91. Showers are the annual
    ones: `with_outbursts` adds those of the year.
    """
    grid = sky_grid()
    showers = active_showers(orbit.solar_longitude_rad)
    tracks = tuple(shower_track(shower, orbit) for shower in showers)
    streams = [sporadic_stream(grid, orbit, _first(hypotheses, "sporadic"))]
    for shower, track in zip(showers, tracks, strict=True):
        streams.append(shower_stream(grid, orbit, shower, track, _of_shower(hypotheses, shower.code)))
    debris = _debris(grid, orbit, epoch, _first(hypotheses, "debris"), tensors)
    streams += debris
    azimuth = np.arange(-np.pi, np.pi + 1e-9, _AZIMUTH_STEP_rad)
    radius, speed = np.linalg.norm(orbit.position_gcrs_m[0]), np.linalg.norm(orbit.velocity_gcrs_m_s[0])
    return Sky(
        orbit=orbit,
        direction_lvlh=grid.direction_lvlh,
        solid_angle_sr=grid.solid_angle_sr,
        speed_m_s=grid.speed_m_s,
        streams=tuple(streams),
        showers=tracks,
        debris_limit_azimuth_rad=azimuth,
        debris_limit_speed_m_s=fastest_bound_m_s(azimuth, float(speed), float(radius)),
        headline=_headline(orbit, tracks, streams),
        caveats=(*flight_caveats(orbit), *_DIRECTION_CAVEATS, *([] if debris else [_no_debris(orbit)])),
    )


def with_outbursts(
    sky: Sky, epoch: datetime, hypotheses: Sequence[HypothesisTable] = (), known: Known | None = None
) -> Sky:
    """The sky with the outbursts that go on at the epoch (UTC), and caveats that say what is known of the days around it.

    `known`: the reported ones (left out: those alone) and those that somebody gave.
    """
    known = known or Known()
    met = active_outbursts(epoch, known.outbursts)
    tracks = tuple(outburst_track(one, sky.orbit, epoch) for one in met)
    streams = tuple(
        outburst_stream(sky_grid(), sky.orbit, one, track, _of_shower(hypotheses, one.code))
        for one, track in zip(met, tracks, strict=True)
    )
    said = Caveat("shower-outbursts", spoken_outbursts(epoch - _AROUND, epoch + _AROUND, known.outbursts))
    given = tuple(_given(one, epoch, one in met) for one in known.given)
    return replace(
        sky,
        streams=(*sky.streams, *streams),
        showers=(*sky.showers, *tracks),
        caveats=(*sky.caveats, said, *given, *known.caveats),
    )


def _given(outburst: Outburst, epoch: datetime, met: bool) -> Caveat:
    """What an outburst that somebody gave does to the sky of an epoch."""
    hours = (outburst.at - epoch).total_seconds() / 3600.0
    when = f"{abs(hours):.3g} h {'after' if hours > 0 else 'before'} the epoch"
    what = (
        f"{when}: it is in this sky at its rate at the epoch, held over the window."
        if met
        else f"{when}, too far to add anything at it; `whipple assess` counts it over an exposure that meets it."
    )
    return Caveat(
        "shower-outburst-given", f"Given, not of the table of reports: {spoken(outburst)}. Its peak is {what}"
    )


def _debris(
    grid: SkyGrid, orbit: OrbitFacts, epoch: datetime, hypothesis: str, tensors: DebrisTensors | None
) -> list[Stream]:
    if tensors is not None:
        return list(debris_populations(grid, orbit, epoch, hypothesis, tensors=tensors))
    single = debris_stream(grid, orbit, epoch, hypothesis)
    return [single] if single else []


def _first(hypotheses: Sequence[HypothesisTable], kind: str) -> str:
    return next((hypothesis.name for hypothesis in hypotheses if hypothesis.kind == kind), kind)


def _of_shower(hypotheses: Sequence[HypothesisTable], code: str) -> str:
    mine = (one.name for one in hypotheses if one.kind == "shower" and one.shower.upper() == code)
    return next(mine, f"shower:{code}")


def _no_debris(orbit: OrbitFacts) -> Caveat:
    text = f"The debris formula does not reach this orbit ({orbit.altitude_m / 1e3:.0f} km): no debris is in this sky."
    return Caveat("debris-out-of-range", text)


def _signed(angle: float) -> str:
    return f"{angle:.1f}".replace("-", "−")


def _headline(orbit: OrbitFacts, tracks: Sequence[ShowerTrack], streams: Sequence[Stream]) -> str:
    """Who dominates, with 90 % intervals, and which showers were active."""
    side = "starboard" if orbit.sun_dir_lvlh[0, 1] > 0 else "port"
    parts = []
    for kind, word in (("sporadic", "sporadic meteoroids"), ("debris", "orbital debris"), ("shower", "all showers")):
        some = [stream for stream in streams if stream.kind == kind]
        if some:
            levels = np.array([_above_a_microgram(stream) for stream in some]) * YEAR_s
            factors = np.array([stream.level_factor for stream in some]) ** 1.645
            level, low, high = (
                float(x.sum()) for x in (levels, levels / factors, levels * factors)
            )  # all at their ends together
            parts.append((level, f"{word} {_plain(level)} ({_plain(low)} to {_plain(high)})"))
    parts.sort(reverse=True)
    listed = ", ".join(f"{track.name} (ZHR {_plain(track.zhr_per_h.median)})" for track in tracks) or "none"
    return (
        f"Strikes heavier than 1 µg per m² of cross-section and year (90 % interval): {'; '.join(text for _, text in parts)}. "
        f"Active showers: {listed}; Sun on {side}, beta {_signed(np.degrees(orbit.beta_rad))}°."
    )


def _above_a_microgram(stream: Stream) -> float:
    """The flux of particles heavier than 1 µg, whatever mass the stream is given for (1/m2/s)."""
    scale = 1.0 if stream.mass_reference_kg == MASS_REFERENCE_kg else float(stream.heavier_than(MASS_REFERENCE_kg))
    return scale * float(stream.flux_per_m2_s.sum())


def _plain(value: float) -> str:
    """Two significant digits without an exponent where possible.

    >>> _plain(187.4), _plain(0.0123)
    ('190', '0.012')
    """
    return f"{float(f'{value:.2g}'):g}"
