"""Before a flight: what would strike, what would get through, and where? Each line asks one room, as in `investigation.py`.

Imports like the investigation: rooms below, the desk above. `ask` calls a room, or hands back what an interrupted run already found.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from whipple import environment, exposure, vehicle
from whipple.assessment.other_models import Look, flux_problems, known_outbursts
from whipple.assessment.outburst_course import outburst_caveats
from whipple.assessment.over_time import skies_of, times_of
from whipple.assessment.standing_walls import SHIELDS, laws_of
from whipple.assessment.wall_checks import edge_caveat, wall_problems
from whipple.casefile.case import Case
from whipple.casefile.findings.sky import Sky
from whipple.casefile.given import Given
from whipple.errors import CaseError, Problem
from whipple.exposure.phases import Skies
from whipple.exposure.read_plan import Plan, read_plan
from whipple.exposure.risk import Risk
from whipple.investigation import Ask, directly
from whipple.vehicle.stack import Stack

__all__ = ["SHIELDS", "assess", "flux_problems", "laws_of", "plan_of", "skies_of", "wall_problems"]


def assess(
    case: Case, ask: Ask = directly, *, duration_s: float | None = None, positions: int | None = None,
    stack: Stack | None = None, telling: Callable[[str], None] = lambda _: None,
) -> Risk:  # fmt: skip
    """Strikes, punctures and the probability of none, part by part, over an exposure.

    It begins at the epoch and lasts `duration_s`, or what assess.toml says; without either it lasts from `exposed_since` to the epoch.
    `stack` is that of the case, where it was built before.
    """
    stack = stack or vehicle.build(case)
    plan = plan_of(case, stack, duration_s, positions)
    Look.of(case, plan)  # a flux file that cannot be used stops the run before anything is computed
    sky = ask("environment", environment.what_was_there, case)
    skies = partial(skies_of, case, plan, telling=telling)
    return ask("assess", _risk_under, case, stack, plan, sky, skies, telling)


def _risk_under(
    case: Case, stack: Stack, plan: Plan, sky: Sky, skies: Callable[[Sky], Skies], telling: Callable[[str], None]
) -> Risk:
    over, times = skies(sky), times_of(case, plan)
    risk = exposure.look_ahead(case, stack, over, plan, laws_of, telling)
    span, known = (times.begin_s, times.end_s), known_outbursts(case, plan)
    shares = dict(zip(risk.source_names, risk.source_frac.tolist(), strict=True))
    *bursts, unknown = outburst_caveats(known, case.epoch, span, over, shares, sky.orbit.period_s)
    met = ", ".join(stream.name for stream in over.mission if "outburst_years" in stream.models)
    said = f" Outbursts of showers within this time are counted: {met}." if met else ""
    everything = (*bursts, *risk.caveats, *edge_caveat(stack.surfaces.parts, plan), unknown)
    return replace(risk, headline=risk.headline + said, caveats=everything)


def plan_of(case: Case, stack: Stack, duration_s: float | None = None, positions: int | None = None) -> Plan:
    """The plan of the case with what the command line says instead. Raises CaseError."""
    plan = read_plan(case.folder, tuple(part.name for part in stack.surfaces.parts), SHIELDS)
    if problems := wall_problems(plan):
        raise CaseError(problems)
    changes: dict[str, object] = {"positions": positions} if positions is not None else {}
    if duration_s is not None:
        changes["duration_s"] = Given(duration_s, duration_s, duration_s, "s")
    plan = replace(plan, assess=plan.assess.model_copy(update=changes))
    if plan.assess.duration_s is None and not case.exposure_s > 0:
        found = "nothing, and exposed_since is not before the epoch"
        remedy = 'write [assess] duration = "180 day" in assess.toml, or ask with --duration "180 day"'
        raise CaseError([Problem("assess.toml", "assess.duration", found, "how long the vehicle is exposed", remedy)])
    return plan
