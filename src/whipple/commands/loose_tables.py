"""What can still be checked when case.toml itself has mistakes: the tables and file names that can be read on their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from whipple.casefile.problems import keys_of
from whipple.casefile.read_toml import read_toml
from whipple.casefile.tables.case_table import CaseTable, OrbitTable, VehicleTable
from whipple.casefile.tables.channel import ChannelTable
from whipple.casefile.tables.claim import ClaimTable
from whipple.casefile.tables.hypothesis import HypothesisTable
from whipple.casefile.tables.image import ImageTable
from whipple.casefile.tables.loop import LoopTable
from whipple.casefile.tables.table import Table
from whipple.casefile.tables.thermal import ThermalTable
from whipple.errors import CaseError

__all__ = ["LooseTables", "loose"]

T = TypeVar("T", bound=Table)


@dataclass(frozen=True)
class LooseTables:
    """File names and tables that stand on their own."""

    case: CaseTable | None
    orbit: OrbitTable | None
    vehicle: VehicleTable | None
    thermal: ThermalTable | None
    channels: tuple[ChannelTable, ...]
    images: tuple[ImageTable, ...]
    loops: tuple[LoopTable, ...]
    claims: tuple[ClaimTable, ...]
    hypotheses: tuple[HypothesisTable, ...]

    @property
    def epoch(self) -> datetime | None:
        """The case epoch, if [case] gives one."""
        return self.case.epoch if self.case else None


def _valid(table: type[T], rows: Any) -> tuple[T, ...]:
    found = []
    known = set(keys_of(table))
    for row in rows if isinstance(rows, list) else []:
        try:
            found.append(table.model_validate({key: value for key, value in row.items() if key in known}))
        except (ValidationError, AttributeError):
            continue
    return tuple(found)


def loose(folder: Path) -> LooseTables:
    """The tables of case.toml that are sound each by itself; empty when the file is not TOML at all."""
    try:
        raw = read_toml(folder / "case.toml")
    except CaseError:
        raw = {}
    return LooseTables(
        case[0] if (case := _valid(CaseTable, [raw.get("case")])) else None,
        orbit[0] if (orbit := _valid(OrbitTable, [raw.get("orbit")])) else None,
        vehicle[0] if (vehicle := _valid(VehicleTable, [raw.get("vehicle")])) else None,
        thermal[0] if (thermal := _valid(ThermalTable, [raw.get("thermal")])) else None,
        _valid(ChannelTable, raw.get("channel")),
        _valid(ImageTable, raw.get("image")),
        _valid(LoopTable, raw.get("loop")),
        _valid(ClaimTable, raw.get("claim")),
        _valid(HypothesisTable, raw.get("hypothesis")),
    )
