"""The sky over an exposure: the epoch's day by stretch of the orbit, and the mean over its dates."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np

from whipple.assessment.other_models import Look
from whipple.casefile.case import Case
from whipple.casefile.estimate import Array
from whipple.casefile.findings.sky import OrbitFacts, Sky, Stream
from whipple.casefile.read_attitude import AttitudeHistory, read_attitude
from whipple.exposure.phases import Phase, Skies, joined, stretches
from whipple.exposure.read_plan import Plan
from whipple.physics.constants import EARTH_RADIUS_m, J2_ratio, MU_EARTH_m3_s2, YEAR_s
from whipple.physics.frames import body_from_lvlh, lvlh_from_gcrs
from whipple.physics.sun import sun_dir_gcrs

__all__ = ["skies_of"]

#: An exposure up to this long (s) is judged by the sky of the epoch's day alone.
DAY_STANDS_s = 3 * 86_400.0
#: Dates at which the sky of a longer exposure is looked at: one in so many days, at most so many in a year.
DATE_STEP_s, MOST_DATES = 5 * 86_400.0, 73
#: Samples of the revolution that the sky of one date, and of all stretches together, is a mean over, and of any one stretch at least.
DATE_SAMPLES, TURN_SAMPLES, PHASE_SAMPLES = 12, 48, 4


def skies_of(case: Case, plan: Plan, sky: Sky, *, telling: Callable[[str], None] = lambda _: None) -> Skies:
    """The skies of an exposure: the epoch's day by stretch, the mean over its dates, and where the Sun stands then if parts follow it."""
    orbit = sky.orbit
    given = plan.assess.duration_s
    duration = given.value if given is not None else case.exposure_s
    name = plan.assess.attitude_history
    history = read_attitude(case.path(name), case.epoch, plan.assess.body_frame) if name else None
    look = Look.of(case, plan)
    rows = stretches(orbit.t_s, orbit.period_s, plan.assess.positions, folded=history is None)
    total = sum(len(row) for row in rows)
    phases = tuple(_side_by_side(lambda row: _phase(look, orbit, row, total, history), rows))
    of_day = duration <= DAY_STANDS_s
    count = 1 if of_day else int(np.clip(np.ceil(min(duration, float(YEAR_s)) / DATE_STEP_s), 2, MOST_DATES))
    told = Skies(
        sky.direction_lvlh, sky.speed_m_s, phases, (), of_day, duration, count, () if history else _attitude_ends(case),
        history=history is not None,
    )  # fmt: skip
    if of_day:
        return replace(told, mission=joined((phase.share_frac, phase.streams) for phase in phases))
    start, span = (0.0 if given is not None else -duration), min(duration, float(YEAR_s))
    dates = start + (np.arange(count) + 0.5) / count * span
    kept: list[tuple[float, Sequence[Stream]]] = []
    mission = joined(_noted(kept, ((1 / count, one.streams) for one in _dated(look, orbit, dates, telling))))
    sun = _sun_by_date(case, orbit, dates, [_middle(orbit, row, history) for row in rows]) if plan.moving else None
    return replace(
        told, mission=mission, date_s=dates, date_frac=_course(mission, kept),
        date_sun_lvlh=np.zeros((count, len(rows), 3)) if sun is None else sun,
    )  # fmt: skip


def _cut(orbit: OrbitFacts, rows: np.ndarray) -> OrbitFacts:
    return replace(
        orbit, t_s=orbit.t_s[rows], position_gcrs_m=orbit.position_gcrs_m[rows], velocity_gcrs_m_s=orbit.velocity_gcrs_m_s[rows],
        sun_dir_lvlh=orbit.sun_dir_lvlh[rows], sunlit=orbit.sunlit[rows],
    )  # fmt: skip


def _thinned(orbit: OrbitFacts) -> OrbitFacts:
    """One revolution in `DATE_SAMPLES` steps: enough for one date of many."""
    return _cut(
        orbit, np.searchsorted(orbit.t_s, orbit.t_s[0] + np.arange(DATE_SAMPLES) / DATE_SAMPLES * orbit.period_s)
    )


def _middle(orbit: OrbitFacts, rows: np.ndarray, history: AttitudeHistory | None) -> int:
    """The sample in the middle of a stretch (of its first pass, where passes are laid over one another)."""
    first = rows if history else rows[orbit.t_s[rows] < orbit.t_s[rows[0]] + orbit.period_s / 2]
    return int(first[len(first) // 2])


def _phase(look: Look, orbit: OrbitFacts, rows: np.ndarray, total: int, history: AttitudeHistory | None) -> Phase:
    """One stretch, its Sun and attitude those of its middle."""
    middle = _middle(orbit, rows, history)
    some = _spread(orbit, rows, total, history)
    attitude = look.case.attitude
    turn = body_from_lvlh(attitude.yaw_rad.value, attitude.pitch_rad.value, attitude.roll_rad.value)
    if history is not None:
        turn = _from_history(history, orbit, middle)
    return Phase(
        len(rows) / total, float(orbit.t_s[middle]), float(orbit.sunlit[rows].mean()), orbit.sun_dir_lvlh[middle], turn,
        look.along(_cut(orbit, some), look.case.epoch).streams,
    )  # fmt: skip


def _spread(orbit: OrbitFacts, rows: np.ndarray, total: int, history: AttitudeHistory | None) -> np.ndarray:
    """The samples of a stretch that its sky is a mean over, evenly spread by their place in the revolution (not by time, which may beat with it)."""
    place = np.mod(orbit.t_s[rows] - orbit.t_s[0], orbit.period_s)
    turns = total * float(orbit.t_s[1] - orbit.t_s[0]) / orbit.period_s if history and len(orbit.t_s) > 1 else 1.0
    count = max(PHASE_SAMPLES, int(np.ceil(TURN_SAMPLES * min(turns * len(rows) / total, 1.0))))
    chosen = (np.arange(min(count, len(rows))) + 0.5) / min(count, len(rows)) * len(rows)
    return np.asarray(np.sort(rows[np.argsort(place, kind="stable")][chosen.astype(int)]))


def _from_history(history: AttitudeHistory, orbit: OrbitFacts, row: int) -> Array:
    """The attitude against LVLH at one sample of the orbit. CaseError when the history does not cover the whole window."""
    history.at(orbit.t_s[[0, -1]])
    turn = history.at(orbit.t_s[[row]])[0]
    if history.frame == "lvlh":
        return turn
    gcrs_from_lvlh = lvlh_from_gcrs(orbit.position_gcrs_m[row], orbit.velocity_gcrs_m_s[row])[0].T
    if history.frame == "gcrs":
        return np.asarray(turn @ gcrs_from_lvlh)
    return np.asarray(
        turn @ np.array([[0.0, 0, -1], [1, 0, 0], [0, -1, 0]])
    )  # radial, along, normal from ram, starboard, nadir


def _attitude_ends(case: Case) -> tuple[tuple[str, Array, Array], ...]:
    """The attitudes at the ends of each angle that has a range."""
    table = case.attitude
    given = {"yaw": table.yaw_rad, "pitch": table.pitch_rad, "roll": table.roll_rad}
    middle = {name: angle.value for name, angle in given.items()}

    def turned(name: str, end: float) -> Array:
        return body_from_lvlh(*(middle | {name: end}).values())

    return tuple(
        (name, turned(name, angle.low), turned(name, angle.high))
        for name, angle in given.items()
        if angle.low < angle.high
    )


def _dated(look: Look, orbit: OrbitFacts, date_s: Array, telling: Callable[[str], None]) -> Iterator[Sky]:
    """The sky at each date of the exposure: the plane turned by its node rate, the solar longitude moved on."""
    here = _thinned(orbit)

    def dated(later: float) -> Sky:
        return look.along(_turned(here, later), look.case.epoch + timedelta(seconds=later))

    for index, found in enumerate(_side_by_side(dated, date_s.tolist()), 1):
        telling(f"sky, date {index} of {len(date_s)}")
        yield found


def _noted(
    kept: list[tuple[float, Sequence[Stream]]], skies: Iterable[tuple[float, Sequence[Stream]]]
) -> Iterator[tuple[float, Sequence[Stream]]]:
    """Each sky passed on, its levels kept: name and sum of each stream."""
    for share, streams in skies:
        kept.append((share, [replace(one, flux_per_m2_s=one.flux_per_m2_s.sum(keepdims=True)) for one in streams]))
        yield share, streams


def _course(mission: Sequence[Stream], kept: Sequence[tuple[float, Sequence[Stream]]]) -> Array:
    """The flux of each stream at each date over its mean. (n_stream, n_date)"""
    level = [{one.name: float(one.flux_per_m2_s.sum()) for one in streams} for _, streams in kept]
    return np.array(
        [[date.get(one.name, 0.0) / max(float(one.flux_per_m2_s.sum()), 1e-300) for date in level] for one in mission]
    )


def _sun_by_date(case: Case, orbit: OrbitFacts, date_s: Array, middle: Sequence[int]) -> Array:
    """The Sun in LVLH at the middle of every stretch, on each date. (n_date, n_stretch, 3)"""
    here = _cut(orbit, np.array(middle))

    def dated(later: float) -> Array:
        there = _turned(here, later)
        sun = sun_dir_gcrs(case.epoch + timedelta(seconds=later), [0.0])[0]
        return lvlh_from_gcrs(there.position_gcrs_m, there.velocity_gcrs_m_s) @ sun

    return np.array([dated(later) for later in date_s.tolist()])


def _side_by_side(question: Callable[[Any], Any], items: Iterable[Any]) -> Iterator[Any]:
    """The answers in the order of the items, as many at once as there are cores (at most 8), none kept longer than needed."""
    waiting, threads = list(items), min(8, os.cpu_count() or 1)
    with ThreadPoolExecutor(threads) as pool:
        for begin in range(0, len(waiting), threads):
            yield from pool.map(question, waiting[begin : begin + threads])


def _turned(orbit: OrbitFacts, later_s: float) -> OrbitFacts:
    """The orbit with its plane turned about the pole by the secular node rate (J2, circular), and the Sun moved on a mean year."""
    normal = np.cross(orbit.position_gcrs_m[0], orbit.velocity_gcrs_m_s[0])
    radius = float(np.linalg.norm(orbit.position_gcrs_m, axis=1).mean())
    motion = np.sqrt(MU_EARTH_m3_s2 / radius**3)
    rate = -1.5 * J2_ratio * (EARTH_RADIUS_m / radius) ** 2 * motion * normal[2] / np.linalg.norm(normal)
    c, s = np.cos(rate * later_s), np.sin(rate * later_s)
    turn = np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])
    return replace(
        orbit, position_gcrs_m=orbit.position_gcrs_m @ turn.T, velocity_gcrs_m_s=orbit.velocity_gcrs_m_s @ turn.T,
        solar_longitude_rad=float((orbit.solar_longitude_rad + 2 * np.pi * later_s / YEAR_s) % (2 * np.pi)),
    )  # fmt: skip
