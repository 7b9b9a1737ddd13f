"""What a case names in the place of our own models or beside them: MEM 3 and ORDEM output, outbursts of showers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from whipple.casefile.findings.sky import Sky, Stream
from whipple.casefile.read_toml import load_sources
from whipple.casefile.tables.hypothesis import HypothesisTable
from whipple.casefile.tables.outburst import OutburstTable
from whipple.environment.debris_imported import Meaning, with_debris_of
from whipple.environment.grid import sky_grid
from whipple.environment.imported import mem_streams, with_mem
from whipple.environment.outbursts_given import outburst_problems
from whipple.environment.read_mem_run import read_mem_run
from whipple.environment.read_ordem import ImportedFlux, read_ordem
from whipple.errors import CaseError, EvidenceError, Problem

__all__ = ["Named", "OtherModels", "model_problems", "other_models"]


class Named(Protocol):
    """A table that names files and outbursts: [orbit] of case.toml, or [assess] of assess.toml."""

    @property
    def meteoroids(self) -> tuple[str, ...]: ...
    @property
    def debris_table(self) -> str: ...
    @property
    def debris_meaning(self) -> str: ...
    @property
    def outburst(self) -> tuple[OutburstTable, ...]: ...


@dataclass(frozen=True)
class OtherModels:
    """What was read: meteoroid streams, a debris table and what its flux is per, and the hypothesis that debris stands for."""

    meteoroids: tuple[Stream, ...] = ()
    debris: ImportedFlux | None = None
    meaning: Meaning = "cross-section"
    debris_hypothesis: str = "debris"

    def instead(self, sky: Sky) -> Sky:
        """The sky with these in the place of ours; the rest stays. The headline is still that of the sky given."""
        sky = with_mem(sky, self.meteoroids) if self.meteoroids else sky
        return sky if self.debris is None else with_debris_of(sky, self.debris, self.meaning, self.debris_hypothesis)


def other_models(folder: Path, named: Named, hypotheses: Sequence[HypothesisTable] = ()) -> OtherModels:
    """Every file that a table names, read and checked. CaseError for one that is cut short, negative or grows with size.

    EvidenceError for MEM output without directions or without its limiting mass.
    """
    of_kind = {kind: next((h.name for h in hypotheses if h.kind == kind), kind) for kind in ("sporadic", "debris")}
    runs = [read_mem_run(folder / name) for name in named.meteoroids]
    return OtherModels(
        mem_streams(runs, sky_grid(), of_kind["sporadic"]) if runs else (),
        read_ordem(folder / named.debris_table) if named.debris_table else None,
        "plate" if named.debris_meaning == "plate" else "cross-section",
        of_kind["debris"],
    )


def model_problems(folder: Path, named: Named, file: str, table: str) -> list[Problem]:
    """Why a file that `table` of `file` names cannot be used, or an outburst cannot be; empty where none is named. Never raises."""
    found = outburst_problems(named.outburst, load_sources(folder), file, table)
    try:
        other_models(folder, named)
    except EvidenceError as error:
        expected = "output with directions and a mass"
        return [*found, Problem(file, f"{table}.meteoroids", f"no {error.missing}", expected, error.remedy)]
    except CaseError as error:
        return [*found, *error.problems]
    return found
