"""The records of an orbit mean-elements message (CCSDS 502.0-B) in XML, KVN, JSON or CSV, as text by field name."""

from __future__ import annotations

import csv
import io
import json
import re
import xml.etree.ElementTree as Tree
from collections.abc import Iterator

from whipple.errors import CaseError, Problem

__all__ = ["FIELDS", "omm_records"]

#: The numbers that sgp4 needs, with the unit that the standard fixes for each.
FIELDS = {
    "MEAN_MOTION": "rev/day", "ECCENTRICITY": "", "INCLINATION": "deg", "RA_OF_ASC_NODE": "deg", "ARG_OF_PERICENTER": "deg",
    "MEAN_ANOMALY": "deg", "BSTAR": "1/ER", "MEAN_MOTION_DOT": "rev/day**2", "MEAN_MOTION_DDOT": "rev/day**3",
}  # fmt: skip
_WHOLE = "fetch the file again: what is missing cannot be told from what was never there"
_UNIT = "fetch this set again; the other objects are screened without it"
Record = tuple[str, dict[str, str]]


def omm_records(file: str, text: str, problems: list[Problem]) -> Iterator[Record]:
    """Each record with its place in the file. Units other than the standard's go to `problems`. CaseError if cut short."""
    head = text.lstrip()[:1]
    if head == "<":
        return _from_xml(file, text, problems)
    if head in "[{":
        return _from_json(file, text, problems)
    return _from_kvn(file, text, problems) if re.search(r"^\s*\w+\s*=", text, re.M) else _from_csv(file, text, problems)


def _cut(file: str, where: str, found: str, expected: str) -> CaseError:
    return CaseError([Problem(file, where, f"the file cut short or broken: {found}", expected, _WHOLE)])


def _from_json(file: str, text: str, problems: list[Problem]) -> Iterator[Record]:
    try:
        rows = json.loads(text)
    except json.JSONDecodeError as error:
        raise _cut(file, f"line {error.lineno}", error.msg.lower(), "one JSON list of messages") from None
    for number, row in enumerate(rows if isinstance(rows, list) else [rows], start=1):
        if isinstance(row, dict):
            yield f"record {number}", {key.upper(): str(value) for key, value in row.items() if value is not None}
        else:
            problems.append(Problem(file, f"record {number}", f"{row!r:.40}", "an object with named fields", _UNIT))


def _from_csv(file: str, text: str, problems: list[Problem]) -> Iterator[Record]:
    rows = list(csv.reader(io.StringIO(text)))
    head = [name.strip().upper() for name in rows[0]]
    missing = [name for name in (*FIELDS, "EPOCH", "NORAD_CAT_ID") if name not in head]
    if missing:
        found = f"no column {', '.join(missing)}"
        raise CaseError(
            [Problem(file, "line 1", found, "every element in a column of its own", "export the file again")]
        )
    body = [(number, row) for number, row in enumerate(rows[1:], start=2) if row]
    for number, row in body:
        if len(row) == len(head):
            yield f"line {number}", dict(zip(head, row, strict=True))
        elif number == body[-1][0]:
            raise _cut(file, f"line {number}", f"{len(row)} columns", f"{len(head)}")
        else:
            problems.append(Problem(file, f"line {number}", f"{len(row)} columns", f"{len(head)}", _UNIT))


def _from_kvn(file: str, text: str, problems: list[Problem]) -> Iterator[Record]:
    """Blocks that open with OBJECT_NAME (one header may stand before many messages, or one before each)."""
    record: dict[str, str] = {}
    start, bad = 0, False
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        if not line or line.startswith("COMMENT"):
            continue
        key, equals, rest = line.partition("=")
        key = key.strip().upper()
        if not equals:
            raise _cut(file, f"line {number}", f"'{line[:30]}' without '='", "KEY = value")
        if key == "OBJECT_NAME" and record:
            if not bad:
                yield f"line {start}", record
            record, bad = {}, False
        if key == "OBJECT_NAME":
            start = number
        value, unit = _split_unit(rest)
        bad |= _unit_is_wrong(file, f"line {number}", key, unit, problems)
        if start:
            record[key] = value
    if not set(FIELDS) <= set(record):
        raise _cut(
            file,
            f"line {start}",
            f"the last message ends after {[*record, 'its header'][-1 if not record else len(record) - 1]}",
            "a whole message",
        )
    if record and not bad:
        yield f"line {start}", record


def _split_unit(text: str) -> tuple[str, str]:
    found = re.fullmatch(r"\s*(.*?)\s*(?:\[(.*)\])?\s*", text)
    return (found[1], (found[2] or "").strip()) if found else (text.strip(), "")


def _unit_is_wrong(file: str, where: str, key: str, unit: str, problems: list[Problem]) -> bool:
    wanted = FIELDS.get(key)
    if not unit or wanted is None or unit.lower().replace("^", "**") == wanted.lower():
        return False
    problems.append(Problem(file, where, f"{key} in [{unit}]", f"[{wanted}]" if wanted else "no unit", _UNIT))
    return True


def _from_xml(file: str, text: str, problems: list[Problem]) -> Iterator[Record]:
    try:
        root = Tree.fromstring(text)
    except Tree.ParseError as error:
        raise _cut(file, f"line {error.position[0]}", str(error), "well-formed XML") from None
    segments = [part for part in root.iter() if _local(part) == "segment"]
    for number, segment in enumerate(segments, start=1):
        leaves = [leaf for leaf in segment.iter() if not len(leaf)]
        place = f"segment {number}"
        wrong = [_unit_is_wrong(file, place, _local(leaf), leaf.get("units", ""), problems) for leaf in leaves]
        if not any(wrong):
            yield place, {_local(leaf): (leaf.text or "").strip() for leaf in leaves}


def _local(element: Tree.Element) -> str:
    """The tag without its name space."""
    return str(element.tag).rpartition("}")[2]
