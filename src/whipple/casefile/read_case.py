"""Reading a case folder: strict keys, units at the door, every problem in one pass."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from whipple.casefile.case import Case
from whipple.casefile.given import Given
from whipple.casefile.meant import mended
from whipple.casefile.problems import problems_of
from whipple.casefile.read_toml import load_sources, read_toml
from whipple.casefile.references import reference_problems
from whipple.casefile.spelling import near_match, nearest
from whipple.casefile.tables.case_table import AttitudeTable, CaseTable, CrewTable, OrbitTable, VehicleTable
from whipple.casefile.tables.channel import ChannelTable
from whipple.casefile.tables.claim import ClaimTable
from whipple.casefile.tables.hypothesis import HypothesisTable
from whipple.casefile.tables.image import ImageTable
from whipple.casefile.tables.loop import LoopTable
from whipple.casefile.tables.option import OptionTable
from whipple.casefile.tables.table import Table
from whipple.casefile.tables.thermal import ThermalTable
from whipple.casefile.units import parse_quantity, suffix_unit
from whipple.errors import CaseError, Problem, RangeError

__all__ = ["SINGLE_TABLES", "TABLE_LISTS", "digest_of", "finished", "read_case", "with_known_tables"]

#: One table each; all but [thermal] are needed.
SINGLE_TABLES: dict[str, type[Table]] = {
    "case": CaseTable,
    "orbit": OrbitTable,
    "attitude": AttitudeTable,
    "vehicle": VehicleTable,
    "crew": CrewTable,
    "thermal": ThermalTable,
}
#: Any number of tables each: TOML name -> (field of Case, table).
TABLE_LISTS: dict[str, tuple[str, type[Table]]] = {
    "loop": ("loops", LoopTable),
    "channel": ("channels", ChannelTable),
    "image": ("images", ImageTable),
    "hypothesis": ("hypotheses", HypothesisTable),
    "claim": ("claims", ClaimTable),
    "option": ("options", OptionTable),
}


T = TypeVar("T", bound=Table)


@dataclass
class _Reading:
    """What has been read so far, and what was wrong."""

    values: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def table(self, table: type[Table], key: str, raw: Any) -> Any:
        if not isinstance(raw, dict):
            doubled = isinstance(raw, list) and all(isinstance(row, dict) for row in raw)
            found, remedy = (f"[[{key}]]", "write single brackets") if doubled else (repr(raw), "write keys below it")
            self.problems.append(Problem("case.toml", key, found, f"a table [{key.split('[')[0]}]", remedy))
            return None
        try:
            read: Table | None = table.model_validate(raw)
        except ValidationError as error:
            self.problems += problems_of("case.toml", key, table, error)
            read = mended(table, raw)
        try:
            return read if read is None else finished(read, key)
        except RangeError as error:
            self.problems.append(Problem("case.toml", error.model, str(error.value), error.expected, error.remedy))
        return None


def finished(table: T, key: str) -> T:
    """The table with a source for every number, and with what only the whole table can parse; `key` is where it stands. RangeError for that."""
    source = str(getattr(table, "source", ""))
    changes: dict[str, Any] = {
        name: value.sourced(source) for name, value in table if isinstance(value, Given) and not value.source
    }
    if isinstance(table, VehicleTable):
        changes["centre_of_mass_m"] = tuple(
            parse_quantity(text, "m", f"{key}.centre_of_mass") for text in table.centre_of_mass
        )
        changes["gyro_capacity_Nms"] = tuple(given.sourced(source) for given in table.gyro_capacity_Nms)
    if isinstance(table, ClaimTable) and (unit := suffix_unit(table.about)) is not None:
        changes["value"] = _claimed(table, unit, key).sourced(source)
    return table.model_copy(update=changes)


def _claimed(claim: ClaimTable, unit: str, key: str) -> Given:
    raw = claim.says if isinstance(claim.says, dict) else {"is": claim.says}
    middle, low, high = (
        parse_quantity(raw.get(name, raw.get("is")), unit, f"{key}.says") for name in ("is", "low", "high")
    )
    if not low <= middle <= high:
        raise RangeError(f"{key}.says", "value", raw, "low <= is <= high", "put the three values in order")
    return Given(middle, low, high, unit)


def with_known_tables(raw: dict[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    """The file with misspelt tables set right, so that they hide nothing, and what is wrong with their names."""
    known = [*SINGLE_TABLES, *TABLE_LISTS]
    free = [key for key in known if key not in raw]
    slips = {key: nearest(key, free) for key in raw if key not in known}
    expected = "one of: " + ", ".join(known)
    problems = [Problem("case.toml", key, "an unknown table", expected, near_match(key, free)) for key in slips]
    return {slips.get(key, key): value for key, value in raw.items() if slips.get(key, key)}, problems


def _tables(raw: dict[str, Any], reading: _Reading) -> None:
    for key, table in SINGLE_TABLES.items():
        if key in raw:
            reading.values[key] = reading.table(table, key, raw[key])
        elif key != "thermal":
            reading.problems.append(
                Problem("case.toml", key, "no such table", f"[{key}]", "see `whipple new` for a commented example")
            )
    for key, (name, table) in TABLE_LISTS.items():
        rows = raw.get(key, [])
        if not isinstance(rows, list):
            reading.problems.append(Problem("case.toml", key, f"[{key}]", f"[[{key}]]", "double the brackets"))
            continue
        reading.values[name] = tuple(reading.table(table, f"{key}[{i}]", row) for i, row in enumerate(rows))


def digest_of(folder: Path, as_of: str = "") -> str:
    """SHA-256 over the names and bytes of every input file of the folder (its `out` and hidden files left out) and `as_of`."""
    total = hashlib.sha256(as_of.encode())
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if path.is_file() and relative.parts[0] != "out" and not any(part.startswith(".") for part in relative.parts):
            total.update(relative.as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


def _known_by(rows: Sequence[Any], moment: datetime | None, attribute: str) -> tuple[Any, ...]:
    return tuple(row for row in rows if row is not None and (moment is None or getattr(row, attribute) <= moment))


def read_case(folder: Path | str, as_of: str = "", seed: int | None = None) -> Case:
    """The case in a folder, with what was known by `as_of` (an ISO date; "" for everything).

    Raises CaseError listing every problem of case.toml in one pass. Files that the case names are read by the rooms that need
    them; `whipple check` looks at all of them.
    """
    folder = Path(folder)
    reading = _Reading()
    raw, reading.problems = with_known_tables(read_toml(folder / "case.toml"))
    sources = load_sources(folder)
    _tables(raw, reading)
    problems = reading.problems + reference_problems(reading.values, raw, sources, (folder / "sources.toml").exists())
    if problems:
        raise CaseError(problems)
    moment = _as_of(as_of)
    values = reading.values
    if moment is not None and moment < values["case"].epoch:
        expected = f"a date from the first sign on ({values['case'].epoch:%Y-%m-%d %H:%M} UTC)"
        raise CaseError([Problem("--as-of", "", f"{as_of}, before anything was known", expected, "give a later date")])
    values["claims"] = _known_by(values["claims"], moment, "said_on")
    values["images"] = _known_by(values["images"], moment, "known")
    values["options"] = _known_by(values["options"], moment, "known")
    case = Case(folder=folder, digest=digest_of(folder, f"{as_of}|{seed}"), as_of=as_of, sources=sources, **values)
    return case if seed is None else replace(case, case=case.case.model_copy(update={"seed": seed}))


def _as_of(text: str) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise CaseError(
            [Problem("--as-of", "", repr(text), "an ISO date", "write 2022-12-27 or 2022-12-27T12:00Z")]
        ) from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return moment.replace(hour=23, minute=59, second=59) if len(text) == 10 else moment
