"""What the sky is asked for with: the case, the debris tensors that it names, and files of MEM 3 and ORDEM in place of our own models."""

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
from whipple.environment.read_clouds import read_tensors
from whipple.errors import CaseError, Problem
from whipple.exposure.read_plan import FILE, Plan, read_plan

__all__ = ["Look", "flux_problems"]


@dataclass(frozen=True)
class Look:
    """What a sky is asked for with: the case, the debris tensors that it names, and what other models say in place of ours."""

    case: Case
    tensors: DebrisTensors | None
    others: OtherModels

    @classmethod
    def of(cls, case: Case, plan: Plan) -> Look:
        """Every file read and checked once; what assess.toml names stands in the place of what [orbit] does.

        CaseError for one that is cut short, negative or grows with size.
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
        return cls(case, tensors, other_models(case.folder, named, case.hypotheses))

    def along(self, orbit: OrbitFacts, epoch: datetime) -> Sky:
        return self.others.instead(environment.sky_along(orbit, epoch, self.case.hypotheses, self.tensors))


def flux_problems(folder: Path, part_names: tuple[str, ...]) -> list[Problem]:
    """Why a flux file that assess.toml names cannot be used; empty without one, or where assess.toml itself has problems. Never raises."""
    try:
        plan = read_plan(folder, part_names, SHIELDS)
    except CaseError:
        return []
    return model_problems(folder, plan.assess, FILE, "assess")
