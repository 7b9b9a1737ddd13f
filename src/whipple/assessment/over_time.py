"""The sky over an exposure: the epoch's day by stretch of the orbit, and the mean over its dates."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from scipy.spatial.transform import Rotation

from whipple.assessment.by_date import (
    Times,
    at_its_hour,
    by_hour,
    cut,
    mean_by_date,
    side_by_side,
    sun_by_date,
    with_those_of,
)
from whipple.assessment.other_models import Look
from whipple.assessment.outburst_course import Met, outbursts_met
from whipple.casefile.case import Case
from whipple.casefile.estimate import Array
from whipple.casefile.findings.sky import OrbitFacts, Sky
from whipple.casefile.read_attitude import AttitudeHistory, read_attitude
from whipple.errors import CaseError, Problem
from whipple.exposure.phases import Phase, Skies, stretches
from whipple.exposure.read_plan import Plan
from whipple.physics.constants import YEAR_s
from whipple.physics.frames import body_from_lvlh, lvlh_from_gcrs

__all__ = ["skies_of", "times_of"]

#: An exposure up to this long (s) meets the directions of the epoch's day, at the levels of its own hours.
DAY_STANDS_s = 3 * 86_400.0
#: Dates at which the sky of a longer exposure is looked at: one in so many days, at most so many in a year; of a shorter one each day.
DATE_STEP_s, MOST_DATES, DAY_s = 5 * 86_400.0, 73, 86_400.0
#: Showers are followed in steps of so long, in a short exposure and in a long one.
HOUR_s, SHOWER_STEP_s = 3600.0, 6 * 3600.0
#: Samples of the revolution that the sky of all stretches together is a mean over, and that of any one stretch at least.
TURN_SAMPLES, PHASE_SAMPLES = 48, 4
#: How far a vehicle may turn between two lines of an attitude history: it is taken to turn evenly, on the shorter arc.
MOST_TURN_rad = float(np.radians(30.0))


def skies_of(case: Case, plan: Plan, sky: Sky, *, telling: Callable[[str], None] = lambda _: None) -> Skies:
    """The skies of an exposure: the epoch's day by stretch, the mean over its dates, and where the Sun stands then if parts follow it."""
    orbit = sky.orbit
    name = plan.assess.attitude_history
    history = read_attitude(case.path(name), case.epoch, plan.assess.body_frame) if name else None
    if history is not None:
        _refuse_gaps(history, orbit)
    look = Look.of(case, plan)
    rows = stretches(orbit.t_s, orbit.period_s, plan.assess.positions, folded=history is None)
    total = sum(len(row) for row in rows)
    times = times_of(case, plan)
    met = outbursts_met(look.known.outbursts, case.epoch, times.begin_s, times.end_s) if times.short else ()
    phases = tuple(side_by_side(lambda row: _phase(look, orbit, row, total, history, met), rows))
    if times.short:
        phases, mission, course = by_hour(look, orbit, phases, times, telling)
    else:
        mission, course = mean_by_date(look, orbit, times, telling)
    mission, course = with_those_of(phases, mission, course)
    told, middle = times.told_s, [_middle(orbit, row, history) for row in rows]
    sun = sun_by_date(case, orbit, told, middle) if plan.moving else np.zeros((len(told), len(rows), 3))
    return Skies(
        sky.direction_lvlh, sky.speed_m_s, phases, mission, times.short, times.end_s - times.begin_s, len(times.date_s),
        () if history else _attitude_ends(case), told, sun, course, history=history is not None,
    )  # fmt: skip


def times_of(case: Case, plan: Plan) -> Times:
    """When the sky of an exposure is looked at; of more than a year its first (debris: all of it). Without a duration it lasts up to the epoch."""
    given = plan.assess.duration_s
    duration = given.value if given is not None else case.exposure_s
    start, span = (0.0 if given is not None else -duration), min(duration, float(YEAR_s))
    short = duration <= DAY_STANDS_s
    count = int(np.clip(np.ceil(span / (DAY_s if short else DATE_STEP_s)), 1 if short else 2, MOST_DATES))
    each = max(int(np.ceil(span / count / (HOUR_s if short else SHOWER_STEP_s))), 1)
    hours = start + (np.arange(count * each) + 0.5) / (count * each) * span
    dates = start + (np.arange(count) + 0.5) / count * span
    return Times(dates, hours.reshape(count, each), short, start, start + duration, span / (count * each))


def _middle(orbit: OrbitFacts, rows: np.ndarray, history: AttitudeHistory | None) -> int:
    """The sample in the middle of a stretch (of its first pass, where passes are laid over one another)."""
    first = rows if history else rows[orbit.t_s[rows] < orbit.t_s[rows[0]] + orbit.period_s / 2]
    return int(first[len(first) // 2])


def _phase(
    look: Look, orbit: OrbitFacts, rows: np.ndarray, total: int, history: AttitudeHistory | None, met: Sequence[Met]
) -> Phase:
    """One stretch, its Sun and attitude those of its middle; the outbursts met at their mean over the exposure."""
    middle = _middle(orbit, rows, history)
    some = _spread(orbit, rows, total, history)
    attitude = look.case.attitude
    turn = body_from_lvlh(attitude.yaw_rad.value, attitude.pitch_rad.value, attitude.roll_rad.value)
    if history is not None:
        turn = _from_history(history, orbit, middle)
    hour_s = float(orbit.t_s[some if history else slice(None)].mean())  # passes laid over one another share the hour
    streams = (*at_its_hour(look, cut(orbit, some), hour_s).streams, *(one.along(cut(orbit, some)) for one in met))
    return Phase(
        len(rows) / total, float(orbit.t_s[middle]), float(orbit.sunlit[rows].mean()), orbit.sun_dir_lvlh[middle], turn, streams,
    )  # fmt: skip


def _spread(orbit: OrbitFacts, rows: np.ndarray, total: int, history: AttitudeHistory | None) -> np.ndarray:
    """The samples of a stretch that its sky is a mean over, evenly spread by their place in the revolution (not by time, which may beat with it)."""
    place = np.mod(orbit.t_s[rows] - orbit.t_s[0], orbit.period_s)
    turns = total * float(orbit.t_s[1] - orbit.t_s[0]) / orbit.period_s if history and len(orbit.t_s) > 1 else 1.0
    count = max(PHASE_SAMPLES, int(np.ceil(TURN_SAMPLES * min(turns * len(rows) / total, 1.0))))
    chosen = (np.arange(min(count, len(rows))) + 0.5) / min(count, len(rows)) * len(rows)
    return np.asarray(np.sort(rows[np.argsort(place, kind="stable")][chosen.astype(int)]))


def _refuse_gaps(history: AttitudeHistory, orbit: OrbitFacts) -> None:
    """CaseError where the vehicle turns so far between two lines that the way between is anyone's guess: a gap, or steps too long."""
    turn = Rotation.from_matrix(history.body_from_frame)
    angle, begin, end = np.atleast_1d((turn[1:] * turn[:-1].inv()).magnitude()), history.t_s[:-1], history.t_s[1:]
    wide = np.flatnonzero((angle > MOST_TURN_rad) & (end > orbit.t_s[0]) & (begin < orbit.t_s[-1]))
    if len(wide):
        at = wide[0]
        found = f"no attitude from {begin[at] / 60:.0f} to {end[at] / 60:.0f} min after the epoch, where it turns by {np.degrees(angle[at]):.0f}°"
        expected = f"lines so close that it turns by at most {np.degrees(MOST_TURN_rad):.0f}° from one to the next"
        remedy = "fill the gap, or write the history with a shorter step"
        raise CaseError([Problem(history.file, "", found, expected, remedy)])


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
