"""What the sky is asked for with: the case, its debris tensors, files of MEM 3 and ORDEM in place of our own models, outbursts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from whipple import environment
from whipple.assessment.standing_walls import SHIELDS
from whipple.casefile.case import Case
from whipple.casefile.findings.sky import OrbitFacts, Sky
from whipple.environment.debris_tensors import DebrisTensors
from whipple.environment.imported_models import OtherModels, model_problems, other_models
from whipple.environment.outbursts_given import Known, known_with, outburst_problems, outbursts_of_rows
from whipple.environment.read_clouds import read_tensors
from whipple.errors import CaseError, Problem
from whipple.exposure.read_plan import FILE, Plan, read_plan

__all__ = ["Look", "flux_problems", "known_outbursts"]


@dataclass(frozen=True)
class Look:
    """What a sky is asked for with: the case, the debris tensors that it names, what other models say in place of ours, and outbursts.

    Those of assess.toml stand in the place of those of [orbit] of the same shower and hour, and both in the place of reported ones.
    """

    case: Case
    tensors: DebrisTensors | None
    others: OtherModels
    known: Known

    @classmethod
    def of(cls, case: Case, plan: Plan) -> Look:
        """Every file read and checked once; what assess.toml names stands in the place of what [orbit] does.

        CaseError for one that is cut short, negative or grows with size, and for an outburst that cannot be.
        """
        tensors = read_tensors(case.path(case.orbit.debris_tensors)) if case.orbit.debris_tensors else None
        said, orbit = plan.assess, case.orbit
        debris = said if said.debris_table else orbit
        named = orbit.model_copy(
            update={
                "meteoroids": said.meteoroids or orbit.meteoroids,
                "debris_table": debris.debris_table,
                "debris_meaning": debris.debris_meaning,
            }
        )
        return cls(case, tensors, other_models(case.folder, named, case.hypotheses), known_outbursts(case, plan))

    def along(self, orbit: OrbitFacts, epoch: datetime) -> Sky:
        """The sky along an orbit at a time, with the annual showers: outbursts come in with what they bring over the exposure."""
        return self.others.instead(environment.sky_along(orbit, epoch, self.case.hypotheses, self.tensors))


def known_outbursts(case: Case, plan: Plan) -> Known:
    """The reported outbursts, and those that [orbit] and [assess] give. CaseError for one that cannot be."""
    tables = ((case.orbit.outburst, "case.toml", "orbit"), (plan.assess.outburst, FILE, "assess"))
    if problems := [one for rows, *where in tables for one in outburst_problems(rows, case.sources, *where)]:
        raise CaseError(problems)
    return known_with(outbursts_of_rows(plan.assess.outburst), known_with(outbursts_of_rows(case.orbit.outburst)))


def flux_problems(folder: Path, part_names: tuple[str, ...]) -> list[Problem]:
    """Why a flux file of assess.toml cannot be used, or an outburst cannot be; empty without one, or where the file itself has problems.

    Never raises.
    """
    try:
        plan = read_plan(folder, part_names, SHIELDS)
    except CaseError:
        return []
    return model_problems(folder, plan.assess, FILE, "assess")
