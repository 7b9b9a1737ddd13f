"""What can still be checked when case.toml itself has mistakes: the tables and file names that can be read on their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from whipple.casefile.meant import mended
from whipple.casefile.read_case import finished, with_known_tables
from whipple.casefile.read_toml import read_toml
from whipple.casefile.tables.case_table import CaseTable, CrewTable, OrbitTable, VehicleTable
from whipple.casefile.tables.channel import ChannelTable
from whipple.casefile.tables.claim import ClaimTable
from whipple.casefile.tables.hypothesis import HypothesisTable
from whipple.casefile.tables.image import ImageTable
from whipple.casefile.tables.loop import LoopTable
from whipple.casefile.tables.option import OptionTable
from whipple.casefile.tables.table import Table
from whipple.casefile.tables.thermal import ThermalTable
from whipple.errors import CaseError, RangeError

__all__ = ["LooseTables", "loose"]

T = TypeVar("T", bound=Table)


@dataclass(frozen=True)
class LooseTables:
    """File names and tables that stand on their own; the rows of a list by their number in the file."""

    case: CaseTable | None
    orbit: OrbitTable | None
    vehicle: VehicleTable | None
    thermal: ThermalTable | None
    channels: dict[int, ChannelTable]
    images: dict[int, ImageTable]
    loops: dict[int, LoopTable]
    claims: dict[int, ClaimTable]
    hypotheses: dict[int, HypothesisTable]
    options: dict[int, OptionTable]
    crew: CrewTable | None

    @property
    def epoch(self) -> datetime | None:
        """The case epoch, if [case] gives one."""
        return self.case.epoch if self.case else None


def _one(table: type[T], raw: Any) -> T | None:
    read = mended(table, raw) if isinstance(raw, dict) else None
    try:
        return read if read is None else finished(read, "")
    except RangeError:
        return read


def _each(table: type[T], rows: Any) -> dict[int, T]:
    read = ((i, _one(table, row)) for i, row in enumerate(rows if isinstance(rows, list) else []))
    return {i: row for i, row in read if row is not None}


def loose(folder: Path) -> LooseTables:
    """The tables of case.toml that are sound each by itself; empty when the file is not TOML at all."""
    try:
        raw, _ = with_known_tables(read_toml(folder / "case.toml"))
    except CaseError:
        raw = {}
    return LooseTables(
        _one(CaseTable, raw.get("case")),
        _one(OrbitTable, raw.get("orbit")),
        _one(VehicleTable, raw.get("vehicle")),
        _one(ThermalTable, raw.get("thermal")),
        _each(ChannelTable, raw.get("channel")),
        _each(ImageTable, raw.get("image")),
        _each(LoopTable, raw.get("loop")),
        _each(ClaimTable, raw.get("claim")),
        _each(HypothesisTable, raw.get("hypothesis")),
        _each(OptionTable, raw.get("option")),
        _one(CrewTable, raw.get("crew")),
    )
