"""What the sky is asked for with: the case, the debris tensors that it names, and files of MEM 3 and ORDEM in place of our own models."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from whipple import environment
from whipple.assessment.standing_walls import SHIELDS
from whipple.casefile.case import Case
from whipple.casefile.findings.sky import OrbitFacts, Sky, Stream
from whipple.environment.debris_imported import with_debris_of
from whipple.environment.debris_tensors import DebrisTensors
from whipple.environment.grid import sky_grid
from whipple.environment.imported import mem_streams, with_mem
from whipple.environment.read_clouds import read_tensors
from whipple.environment.read_mem_run import read_mem_run
from whipple.environment.read_ordem import ImportedFlux, read_ordem
from whipple.errors import CaseError, EvidenceError, Problem
from whipple.exposure.read_plan import FILE, Plan, read_plan

__all__ = ["Look", "flux_problems"]


@dataclass(frozen=True)
class Look:
    """What a sky is asked for with: the case, the debris tensors that it names, and what other models say in place of ours."""

    case: Case
    tensors: DebrisTensors | None
    meteoroids: tuple[Stream, ...] = ()
    debris: ImportedFlux | None = None
    meaning: str = ""

    @classmethod
    def of(cls, case: Case, plan: Plan) -> Look:
        """Every file read and checked once. CaseError for one that is cut short, negative or grows with size."""
        tensors = read_tensors(case.path(case.orbit.debris_tensors)) if case.orbit.debris_tensors else None
        named = next((one.name for one in case.hypotheses if one.kind == "sporadic"), "sporadic")
        return cls(case, tensors, *_imported(case.folder, plan, named), plan.assess.debris_meaning)

    def along(self, orbit: OrbitFacts, epoch: datetime) -> Sky:
        sky = environment.sky_along(orbit, epoch, self.case.hypotheses, self.tensors)
        sky = with_mem(sky, self.meteoroids) if self.meteoroids else sky
        if self.debris is None:
            return sky
        return with_debris_of(sky, self.debris, "plate" if self.meaning == "plate" else "cross-section")


def _imported(folder: Path, plan: Plan, named: str) -> tuple[tuple[Stream, ...], ImportedFlux | None]:
    runs = [read_mem_run(folder / name) for name in plan.assess.meteoroids]
    table = read_ordem(folder / plan.assess.debris_table) if plan.assess.debris_table else None
    return mem_streams(runs, sky_grid(), named) if runs else (), table


def flux_problems(folder: Path, part_names: tuple[str, ...]) -> list[Problem]:
    """Why a flux file that assess.toml names cannot be used; empty without one, or where assess.toml itself has problems. Never raises."""
    try:
        _imported(folder, read_plan(folder, part_names, SHIELDS), "sporadic")
    except EvidenceError as error:
        return [
            Problem(FILE, "assess.meteoroids", f"no {error.missing}", "output with directions and a mass", error.remedy)
        ]
    except CaseError as error:
        return [problem for problem in error.problems if problem.path != FILE]
    return []
