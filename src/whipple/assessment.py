"""Before a flight: what would strike, what would get through, and where? Each line asks one room, as in `investigation.py`.

Imports like the investigation: rooms below, the desk above. `ask` calls a room, or hands back what an interrupted run already found.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import numpy as np

from whipple import environment, exposure, vehicle
from whipple.casefile.case import Case
from whipple.casefile.estimate import Array
from whipple.casefile.findings.sky import OrbitFacts, Sky
from whipple.casefile.given import Given
from whipple.casefile.read_attitude import AttitudeHistory, read_attitude
from whipple.errors import CaseError, Problem
from whipple.exposure.phases import Phase, Skies, joined, stretches
from whipple.exposure.read_plan import Plan, read_plan
from whipple.exposure.risk import Risk
from whipple.exposure.walls import SHIELD
from whipple.impact.limits import SINGLE_WALL, shield_of
from whipple.impact.models import MODELS, christiansen_2009
from whipple.impact.shield import Shield
from whipple.investigation import Ask, directly
from whipple.physics.constants import EARTH_RADIUS_m, J2_ratio, MU_EARTH_m3_s2, YEAR_s
from whipple.physics.frames import body_from_lvlh, lvlh_from_gcrs
from whipple.physics.materials import find_material
from whipple.physics.models import Model
from whipple.vehicle.stack import Stack
from whipple.vehicle.surfaces import Part

__all__ = ["SHIELDS", "assess", "laws_of", "plan_of", "skies_of"]

#: An exposure up to this long (s) is judged by the sky of the epoch's day alone.
DAY_STANDS_s = 3 * 86_400.0
#: Dates at which the sky of a longer exposure is looked at: one in so many days, at most so many in a year.
DATE_STEP_s, MOST_DATES = 5 * 86_400.0, 73
#: Samples of the orbit that the sky of one date, and of one stretch, is a mean over.
DATE_SAMPLES, PHASE_SAMPLES = 12, 4
#: Shields of the handbook that assess.toml may name; the Soyuz blankets lie over 1.9 mm of AMg-6 (TM-2009-214785 section 6.2).
_BLANKETS = {
    "Soyuz blanket": (christiansen_2009.soyuz_blanket_m, 1.88),
    "toughened Soyuz blanket": (christiansen_2009.toughened_blanket_m, 3.07),
}
SHIELDS = (*christiansen_2009.ISS_SHIELDS, *_BLANKETS)
_SOYUZ_WALL_m = 0.0019


def assess(
    case: Case, ask: Ask = directly, *, duration_s: float | None = None, positions: int | None = None,
    telling: Callable[[str], None] = lambda _: None,
) -> Risk:  # fmt: skip
    """Strikes, punctures and the probability of none, part by part, over an exposure that begins at the epoch of the case.

    Without `duration_s` the exposure is that of assess.toml; without that, the time from `exposed_since` up to the epoch.
    """
    stack = vehicle.build(case)
    plan = plan_of(case, stack, duration_s, positions)
    sky = ask("environment", environment.what_was_there, case)
    skies = partial(skies_of, case, plan, telling=telling)
    return ask("assess", _risk_under, case, stack, plan, sky, skies, telling)


def _risk_under(
    case: Case, stack: Stack, plan: Plan, sky: Sky, skies: Callable[[Sky], Skies], telling: Callable[[str], None]
) -> Risk:
    return exposure.look_ahead(case, stack, skies(sky), plan, laws_of, telling)


def plan_of(case: Case, stack: Stack, duration_s: float | None = None, positions: int | None = None) -> Plan:
    """The plan of the case with what the command line says instead. Raises CaseError."""
    plan = read_plan(case.folder, tuple(part.name for part in stack.surfaces.parts), SHIELDS)
    changes: dict[str, object] = {"positions": positions} if positions is not None else {}
    if duration_s is not None:
        changes["duration_s"] = Given(duration_s, duration_s, duration_s, "s")
    plan = replace(plan, assess=plan.assess.model_copy(update=changes))
    if plan.assess.duration_s is None and not case.exposure_s > 0:
        found = "nothing, and exposed_since is not before the epoch"
        remedy = 'write [assess] duration = "180 day" in assess.toml, or ask with --duration "180 day"'
        raise CaseError([Problem("assess.toml", "assess.duration", found, "how long the vehicle is exposed", remedy)])
    return plan


def laws_of(part: Part) -> tuple[Model, ...]:
    """Every published ballistic limit for a part's wall, the one that `impact.critical_diameter_m` uses first; empty when not known.

    >>> tube = Part("tube", "m", "6061-T6", 0.001, 0.0, 0.0, 0.5, 0.5, 290, "s")
    >>> [law.name for law in laws_of(tube)]
    ['Cour-Palais', 'Pailer-Grün']
    """
    if part.material.startswith(SHIELD):
        return (_named(part.material.removeprefix(SHIELD)),)
    shield = shield_of(part)
    if shield is None:
        return ()
    shielded = shield.bumper_m > 0 and shield.wall.yield_Pa is not None
    about = "Whipple shield" if shielded else f"single {shield.wall.family} wall"
    first = "NNO" if shielded else next(m.name for m in MODELS if m.function is SINGLE_WALL[shield.wall.family])
    speaking = [_bound(model, shield) for model in MODELS if model.answers == about and model.name != "carbon-carbon"]
    return tuple(sorted(speaking, key=lambda model: model.name != first))


def _bound(model: Model, shield: Shield) -> Model:
    return replace(model, function=partial(model.function, shield))


def _named(name: str) -> Model:
    """One published shield as a whole."""
    if name in _BLANKETS:
        law, blanket = _BLANKETS[name]
        wall = find_material("AMg6")
        assert wall is not None
        shield = Shield(wall=wall, wall_m=_SOYUZ_WALL_m, blanket_kg_m2=blanket)
        return Model(name, partial(law, shield), "blanket over thin shell", "hb2009_214785", "source")
    row = christiansen_2009.ISS_SHIELDS[name]
    return Model(name, partial(christiansen_2009.iss_shield_m, name), "named ISS shield", row.source, "source")


def skies_of(case: Case, plan: Plan, sky: Sky, *, telling: Callable[[str], None] = lambda _: None) -> Skies:
    """The skies of an exposure: the epoch's day by stretch, and the mean over its dates."""
    orbit = sky.orbit
    given = plan.assess.duration_s
    duration = given.value if given is not None else case.exposure_s
    name = plan.assess.attitude_history
    history = read_attitude(case.path(name), case.epoch, plan.assess.body_frame) if name else None
    rows = stretches(orbit.t_s, orbit.period_s, plan.assess.positions, folded=history is None)
    total = sum(len(row) for row in rows)
    phases = tuple(_side_by_side(lambda row: _phase(case, orbit, row, total, history), rows))
    of_day = duration <= DAY_STANDS_s
    count = 1 if of_day else int(np.clip(np.ceil(min(duration, float(YEAR_s)) / DATE_STEP_s), 2, MOST_DATES))
    if of_day:
        mission = joined((phase.share_frac, phase.streams) for phase in phases)
    else:
        mission = joined(
            (1 / count, one.streams) for one in _dated(case, orbit, duration, count, given is not None, telling)
        )
    return Skies(
        sky.direction_lvlh, sky.speed_m_s, phases, mission, of_day, duration, count,
        () if history else _attitude_ends(case),
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


def _phase(case: Case, orbit: OrbitFacts, rows: np.ndarray, total: int, history: AttitudeHistory | None) -> Phase:
    """One stretch, its Sun and attitude those of its middle (of its first pass, where passes are laid over one another)."""
    first = rows if history else rows[orbit.t_s[rows] < orbit.t_s[rows[0]] + orbit.period_s / 2]
    middle = int(first[len(first) // 2])
    some = rows[:: max(1, len(rows) // PHASE_SAMPLES)]
    attitude = case.attitude
    turn = body_from_lvlh(attitude.yaw_rad.value, attitude.pitch_rad.value, attitude.roll_rad.value)
    if history is not None:
        turn = _from_history(history, orbit, middle)
    return Phase(
        len(rows) / total, float(orbit.t_s[middle]), float(orbit.sunlit[rows].mean()), orbit.sun_dir_lvlh[middle], turn,
        environment.sky_along(_cut(orbit, some), case.epoch, case.hypotheses).streams,
    )  # fmt: skip


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


def _dated(
    case: Case, orbit: OrbitFacts, duration_s: float, count: int, ahead: bool, telling: Callable[[str], None]
) -> Iterator[Sky]:
    """The sky at each date of the exposure, up to a year of it: the plane turned by its node rate, the solar longitude moved on."""
    span, here = min(duration_s, float(YEAR_s)), _thinned(orbit)
    start = 0.0 if ahead else -duration_s

    def dated(index: int) -> Sky:
        later = start + (index + 0.5) / count * span
        return environment.sky_along(_turned(here, later), case.epoch + timedelta(seconds=later), case.hypotheses)

    for index, found in enumerate(_side_by_side(dated, range(count)), 1):
        telling(f"sky, date {index} of {count}")
        yield found


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
