"""The investigation, in the investigator's order: read this first.

Each line asks one room its question; the arguments show what the answer rests on. `ask` calls the room (or hands back what an
interrupted run already found) and knows nothing of physics.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from whipple import (
    attribution,
    contamination,
    decision,
    dynamics,
    environment,
    exposure,
    imagery,
    impact,
    leak,
    telemetry,
    thermal,
    vehicle,
)
from whipple.casefile.case import Case
from whipple.casefile.claims import compare_claims
from whipple.casefile.findings import Findings

__all__ = ["NEEDS", "ROOMS", "SLOTS", "Ask", "directly", "investigate"]

#: `ask(room, question, *arguments)` returns the room's answer.
Ask = Callable[..., Any]

#: What each room's answer rests on; `--only` asks these and no others. A test reads it off `investigate`.
NEEDS: dict[str, tuple[str, ...]] = {
    "telemetry": (),
    "imagery": (),
    "leak": ("telemetry", "imagery"),
    "dynamics": ("leak",),
    "environment": (),
    "exposure": ("environment",),
    "impact": ("imagery", "leak", "dynamics", "environment", "exposure"),
    "contamination": ("leak", "environment"),
    "thermal": ("environment",),
    "attribution": ("telemetry", "imagery", "leak", "environment", "exposure", "impact"),
    "decision": ("exposure", "thermal", "attribution"),
}
ROOMS = tuple(NEEDS)

#: Which slot of the findings each room fills.
SLOTS: dict[str, str] = {
    "telemetry": "onset",
    "imagery": "pictures",
    "leak": "hole",
    "dynamics": "push",
    "environment": "sky",
    "exposure": "strikes",
    "impact": "impactor",
    "contamination": "deposit",
    "thermal": "heat",
    "attribution": "verdict",
    "decision": "plan",
}


def directly(room: str, question: Callable[..., Any], *arguments: Any) -> Any:
    """Ask the room, keep nothing."""
    return question(*arguments)


def investigate(case: Case, ask: Ask = directly) -> Findings:
    """Every question an investigator asks of this case, each answered once; the findings carry one slot a question."""
    stack = vehicle.build(case)
    onset = ask("telemetry", telemetry.find_onset, case)
    pictures = ask("imagery", imagery.measure, case)
    hole = ask("leak", leak.size_hole, case, onset, pictures)
    push = ask("dynamics", dynamics.feel_push, case, stack, hole)
    sky = ask("environment", environment.what_was_there, case)
    strikes = ask("exposure", exposure.strike_rates, case, stack, sky, impact.critical_diameter_m)
    impactor = ask("impact", impact.what_made_it, case, pictures, hole, sky, strikes, push)
    deposit = ask("contamination", contamination.where_it_went, case, stack, hole, sky)
    heat = ask("thermal", thermal.how_hot, case, sky)
    verdict = ask("attribution", attribution.weigh, case, onset, pictures, hole, sky, strikes, impactor)
    plan = ask("decision", decision.choose, case, strikes, heat, verdict)
    found = Findings(
        case.case.name, case.digest, case.seed, case.as_of,
        onset, pictures, hole, push, sky, strikes, impactor, deposit, heat, verdict, plan,
    )  # fmt: skip
    return compare_claims(case, found)
