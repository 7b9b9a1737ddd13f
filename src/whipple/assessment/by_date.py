"""The sky on the dates of an exposure: the orbit plane turned by its node rate, the showers, debris and Sun of that date and hour."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import numpy as np

from whipple.assessment.other_models import Look
from whipple.assessment.outburst_course import outbursts_met
from whipple.assessment.shower_course import Courses, courses_of
from whipple.casefile.case import Case
from whipple.casefile.estimate import Array
from whipple.casefile.findings.sky import OrbitFacts, Sky, Stream
from whipple.exposure.phases import Phase, joined
from whipple.physics.constants import EARTH_RADIUS_m, J2_ratio, MU_EARTH_m3_s2
from whipple.physics.frames import lvlh_from_gcrs
from whipple.physics.sun import solar_longitude_rad, sun_dir_gcrs

__all__ = [
    "Telling",
    "Times",
    "at_its_hour",
    "by_hour",
    "cut",
    "mean_by_date",
    "side_by_side",
    "sun_by_date",
    "with_those_of",
]

#: Samples of the revolution that the sky of one date of many is a mean over, and that of one day of a short exposure.
DATE_SAMPLES, HOUR_SAMPLES = 12, 48
#: Called with what is being done.
Telling = Callable[[str], None]


def cut(orbit: OrbitFacts, rows: np.ndarray) -> OrbitFacts:
    """The orbit at some of its samples."""
    return replace(
        orbit, t_s=orbit.t_s[rows], position_gcrs_m=orbit.position_gcrs_m[rows], velocity_gcrs_m_s=orbit.velocity_gcrs_m_s[rows],
        sun_dir_lvlh=orbit.sun_dir_lvlh[rows], sunlit=orbit.sunlit[rows],
    )  # fmt: skip


def _thinned(orbit: OrbitFacts, count: int) -> OrbitFacts:
    """One revolution in so many steps."""
    return cut(orbit, np.searchsorted(orbit.t_s, orbit.t_s[0] + np.arange(count) / count * orbit.period_s))


def at_its_hour(look: Look, orbit: OrbitFacts, later_s: float) -> Sky:
    """The sky that some samples of the orbit meet, with the showers and debris of an hour so long after the epoch."""
    longitude = float(solar_longitude_rad(look.case.epoch, later_s))
    return look.along(replace(orbit, solar_longitude_rad=longitude), look.case.epoch + timedelta(seconds=later_s))


@dataclass(frozen=True)
class Times:
    """When an exposure is looked at, on the clock of the epoch: `date_s` (n_date,) the whole sky, `hour_s` (n_date, n_hour) the showers.

    `short`: the answer is told by the hour, and samples of the orbit are as many as make its geometry plain; else by the date. `begin_s`,
    `end_s`: the whole exposure, of which the dates are its first year at most. `step_s`: from one of the hours to the next.
    """

    date_s: Array
    hour_s: Array
    short: bool
    begin_s: float
    end_s: float
    step_s: float

    @property
    def debris_s(self) -> Array:
        """The times whose debris each date holds (n_date,): of more than a year spread over all of it, for debris knows years, not seasons.

        >>> year = Times(np.array([1.0, 3.0]), np.array([[1.0], [3.0]]), False, 0.0, 40.0, 2.0)
        >>> year.debris_s.tolist(), replace(year, end_s=4.0).debris_s.tolist()
        ([10.0, 30.0], [1.0, 3.0])
        """
        whole, looked = self.end_s - self.begin_s, self.step_s * self.hour_s.size
        if whole <= looked * (1 + 1e-9):
            return self.date_s
        return np.asarray(self.begin_s + (self.date_s - self.begin_s) * whole / looked)

    @property
    def told_s(self) -> Array:
        """The times that the course of the fluxes is told for."""
        return self.hour_s.ravel() if self.short else self.date_s


def mean_by_date(look: Look, orbit: OrbitFacts, times: Times, telling: Telling) -> tuple[tuple[Stream, ...], Array]:
    """The mean sky over the dates of an exposure, and the flux of each stream over its mean at the times told (n_stream, n_time)."""
    courses = courses_of(look, times.date_s, times.hour_s)
    here = _thinned(orbit, HOUR_SAMPLES if times.short else DATE_SAMPLES)
    kept: list[dict[str, float]] = []
    skies = _noted(kept, courses, _dated(look, here, times, telling))
    between = [
        replace(found, flux_per_m2_s=ratio * found.flux_per_m2_s)
        for name, at, ratio in courses.between()
        for found in [courses.at_its_best(_turned(here, at, look.case), name)]
    ]
    mission = joined([*skies, (1.0, between)])
    course = [_course(one, courses, kept, times) for one in mission]
    met = outbursts_met(look.known.outbursts, look.case.epoch, times.begin_s, times.end_s)
    closely = _thinned(orbit, HOUR_SAMPLES)
    mission += tuple(one.along(_turned(closely, one.peak_s, look.case)) for one in met)
    course += [_told(one.course(times.hour_s, times.step_s), times) for one in met]
    return mission, np.array(course).reshape(len(mission), times.told_s.size)


def by_hour(
    look: Look, orbit: OrbitFacts, phases: Sequence[Phase], times: Times, telling: Telling
) -> tuple[tuple[Phase, ...], tuple[Stream, ...], Array]:
    """The stretches, their mean and its course over a short exposure: directions of the window, levels of the exposure's own hours.

    How sure a level is, and what is said of it, is that of whole revolutions on its dates: of one stretch less is known. A stream that none
    of the stretches holds comes in with its mean over the hours.
    """
    mean, course = mean_by_date(look, orbit, times, telling)
    window = at_its_hour(look, _thinned(orbit, HOUR_SAMPLES), float(orbit.t_s.mean()))
    level = {one.name: float(one.flux_per_m2_s.sum()) for one in window.streams}
    known = {one.name: level.get(one.name, 0.0) for one in mean}
    ratio = {one.name: float(one.flux_per_m2_s.sum()) / known[one.name] if known[one.name] > 0 else 1.0 for one in mean}

    def scaled(streams: Sequence[Stream]) -> tuple[Stream, ...]:
        return tuple(replace(one, flux_per_m2_s=ratio.get(one.name, 0.0) * one.flux_per_m2_s) for one in streams)

    phases = tuple(replace(phase, streams=scaled(phase.streams)) for phase in phases)
    flux = {one.name: one.flux_per_m2_s for one in joined((phase.share_frac, phase.streams) for phase in phases)}
    whole = tuple(replace(one, flux_per_m2_s=flux.get(one.name, one.flux_per_m2_s)) for one in mean)
    return phases, whole, course


def with_those_of(
    phases: Sequence[Phase], mission: Sequence[Stream], course: Array
) -> tuple[tuple[Stream, ...], Array]:
    """The mission and its course with every stream of the stretches: one that only the epoch's day holds brings nothing to the exposure."""
    known = {stream.name for stream in mission}
    absent = {one.name: one for phase in phases for one in phase.streams if one.name not in known}
    added = tuple(replace(one, flux_per_m2_s=0.0 * one.flux_per_m2_s) for one in absent.values())
    return (*mission, *added), np.vstack([course, np.zeros((len(added), course.shape[1]))])


def sun_by_date(case: Case, orbit: OrbitFacts, date_s: Array, middle: Sequence[int]) -> Array:
    """The Sun in LVLH at the middle of every stretch, on each date. (n_date, n_stretch, 3)"""
    here = cut(orbit, np.array(middle))

    def dated(later: float) -> Array:
        there = _turned(here, later, case)
        sun = sun_dir_gcrs(case.epoch + timedelta(seconds=later), [0.0])[0]
        return lvlh_from_gcrs(there.position_gcrs_m, there.velocity_gcrs_m_s) @ sun

    return np.array([dated(later) for later in date_s.tolist()])


def side_by_side(question: Callable[[Any], Any], items: Iterable[Any]) -> Iterator[Any]:
    """The answers in the order of the items, as many at once as there are cores (at most 8), none kept longer than needed."""
    waiting, threads = list(items), min(8, os.cpu_count() or 1)
    with ThreadPoolExecutor(threads) as pool:
        for begin in range(0, len(waiting), threads):
            yield from pool.map(question, waiting[begin : begin + threads])


def _dated(look: Look, here: OrbitFacts, times: Times, telling: Telling) -> Iterator[Sky]:
    """The sky at each date: the plane turned and the solar longitude of that date, the debris of its share of the exposure."""

    def dated(when: tuple[float, float]) -> Sky:
        return look.along(_turned(here, when[0], look.case), look.case.epoch + timedelta(seconds=when[1]))

    pairs = zip(times.date_s.tolist(), times.debris_s.tolist(), strict=True)
    for index, found in enumerate(side_by_side(dated, pairs), 1):
        telling(f"sky, date {index} of {len(times.date_s)}")
        yield found


def _noted(
    kept: list[dict[str, float]], courses: Courses, skies: Iterable[Sky]
) -> Iterator[tuple[float, Sequence[Stream]]]:
    """Each sky passed on with its share, its showers at the level of their hours; the level of each stream is kept."""
    for date, sky in enumerate(skies):
        kept.append({one.name: float(one.flux_per_m2_s.sum()) for one in sky.streams})
        yield 1 / len(courses.hour_s), [courses.weighed(one, date) for one in sky.streams]


def _course(stream: Stream, courses: Courses, kept: Sequence[dict[str, float]], times: Times) -> Array:
    """The flux of one stream over its mean at the times told: a shower's by its activity, another's by the sky of each date."""
    if stream.name in courses.level:
        level = courses.level[stream.name]
    else:
        level = np.array([date.get(stream.name, 0.0) for date in kept])[:, None] * np.ones(times.hour_s.shape)
    told = _told(level, times)
    return np.asarray(told / max(float(told.mean()), 1e-300))


def _told(level: Array, times: Times) -> Array:
    """A level at the hours (n_date, n_hour), at the times told."""
    return np.asarray(level.ravel() if times.short else level.mean(axis=1))


def _turned(orbit: OrbitFacts, later_s: float, case: Case) -> OrbitFacts:
    """The orbit with its plane turned about the pole by the secular node rate (J2, circular), and the solar longitude of that time."""
    normal = np.cross(orbit.position_gcrs_m[0], orbit.velocity_gcrs_m_s[0])
    radius = float(np.linalg.norm(orbit.position_gcrs_m, axis=1).mean())
    motion = np.sqrt(MU_EARTH_m3_s2 / radius**3)
    rate = -1.5 * J2_ratio * (EARTH_RADIUS_m / radius) ** 2 * motion * normal[2] / np.linalg.norm(normal)
    c, s = np.cos(rate * later_s), np.sin(rate * later_s)
    turn = np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])
    return replace(
        orbit, position_gcrs_m=orbit.position_gcrs_m @ turn.T, velocity_gcrs_m_s=orbit.velocity_gcrs_m_s @ turn.T,
        solar_longitude_rad=float(solar_longitude_rad(case.epoch, later_s)),
    )  # fmt: skip
