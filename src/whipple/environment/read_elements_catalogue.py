"""Read a catalogue of orbits (TLE pairs or triples; OMM in XML, KVN, JSON or CSV): what can be flown, and what is wrong with the rest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sgp4.api import WGS72, Satrec

from whipple.environment.read_elements_omm import FIELDS, omm_records
from whipple.errors import CaseError, Problem
from whipple.physics.read_elements import checksum

__all__ = ["Catalogue", "CatalogueObject", "catalogue_number", "catalogued", "read_catalogue"]

_LENGTH = 69
_START = datetime(1949, 12, 31, tzinfo=UTC)
#: Letters that stand for 10 to 33 in the first of five columns (Alpha-5; I and O are left out).
_ALPHA = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_WHOLE = "fetch the file again: what is missing cannot be told from what was never there"
_AGAIN = "fetch this set again; the other objects are screened without it"


@dataclass(frozen=True)
class CatalogueObject:
    """One object with its elements, ready for sgp4. `epoch` is UTC; `place` says where in the file it stands."""

    catalogue_number: int
    name: str
    epoch: datetime
    satellite: Satrec
    place: str

    def __str__(self) -> str:
        return f"{self.catalogue_number} {self.name}".strip()


@dataclass(frozen=True)
class Catalogue:
    """What a file holds: the objects that can be flown and, never dropped, every set that cannot be read, with the reason."""

    file: str
    objects: tuple[CatalogueObject, ...]
    unreadable: tuple[Problem, ...]


def read_catalogue(path: Path | str) -> Catalogue:
    """The objects of a catalogue file, its format told from its content.

    A file that is cut short, empty or of no known format is refused: CaseError with line and remedy. A single bad set (checksum,
    field out of range, unknown time system, SGP4-XP elements) is listed in `unreadable`, and refused if no other set is sound.
    """
    file, text = Path(path).name, _text(Path(path))
    problems: list[Problem] = []
    omm = text.lstrip().startswith(("{", "[", "<", "CCSDS_OMM_VERS")) or "MEAN_MOTION" in text[:4000]
    objects = tuple(_from_omm(file, text, problems) if omm else _from_lines(file, text, problems))
    if not objects:
        missing = Problem(
            file, "", "no orbit", "pairs of lines 1 and 2, or an OMM in XML, KVN, JSON or CSV", "add orbits"
        )
        raise CaseError(problems or [missing])
    return Catalogue(file, objects, tuple(problems))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = (error.strerror or "an error").lower() if isinstance(error, OSError) else "bytes that are not text"
        problem = Problem(path.name, "", reason, "a readable text file of orbits", "check the path; unpack it first")
        raise CaseError([problem]) from None


def catalogue_number(text: str) -> int:
    """The catalogue number of five columns, Alpha-5 included.

    >>> catalogue_number("25544"), catalogue_number("A0001"), catalogue_number("Z9999")
    (25544, 100001, 339999)
    """
    head, tail = text[:1].upper(), text[1:]
    return 10_000 * (10 + _ALPHA.index(head)) + int(tail) if head and head in _ALPHA else int(text)


def catalogued(line1: str, line2: str, name: str = "", place: str = "") -> CatalogueObject:
    """One object from its two lines, which are taken as sound.

    >>> iss = catalogued("1 25544U 98067A   22350.92995838  .00012052  00000+0  21882-3 0  9998",
    ...                  "2 25544  51.6430 151.3097 0003678 167.7951 338.1576 15.49996899373529", "ISS")
    >>> f"{iss} {iss.epoch:%Y-%m-%d %H:%M}"
    '25544 ISS 2022-12-16 22:19'
    """
    year = int(line1[18:20])
    start = datetime(year + (2000 if year < 57 else 1900), 1, 1, tzinfo=UTC)
    epoch = start + timedelta(days=float(line1[20:32]) - 1.0)
    satellite = Satrec.twoline2rv(line1, line2)
    return CatalogueObject(catalogue_number(line1[2:7].strip()), name, epoch, satellite, place)


def _from_lines(file: str, text: str, problems: list[Problem]) -> Iterator[CatalogueObject]:
    """Pairs of element lines with or without a name line before them."""
    rows = [(n, raw.rstrip()) for n, raw in enumerate(text.splitlines(), start=1) if raw.strip() and raw[0] != "#"]
    _refuse_cut(file, rows)
    name, first = "", None
    for number, line in rows:
        if first is None and line.startswith("1 "):
            first = (number, line)
        elif first is not None and line.startswith("2 "):
            found = _wrong(file, first, (number, line))
            problems += found
            if not found:
                yield catalogued(first[1], line, name, f"line {first[0]}")
            name, first = "", None
        elif first is not None or line.startswith("2 "):
            at, bad = first or (number, line)
            expected = "line 1 followed by line 2"
            problems.append(Problem(file, f"line {at}", f"'{bad[:24]}' without its partner", expected, _AGAIN))
            first, name = None, line.removeprefix("0 ").strip() if not line.startswith("2 ") else ""
        else:
            name = line.removeprefix("0 ").strip()


def _refuse_cut(file: str, rows: list[tuple[int, str]]) -> None:
    """A file of element lines must end with a whole line 2."""
    if not rows or not any(line.startswith("1 ") for _, line in rows):
        return
    number, last = rows[-1]
    if not last.startswith("2 ") or len(last) < _LENGTH:
        found = f"the file cut short at '{last[:30]}' ({len(last)} characters)"
        raise CaseError([Problem(file, f"line {number}", found, f"a whole line 2 of {_LENGTH} characters", _WHOLE)])


def _wrong(file: str, first: tuple[int, str], second: tuple[int, str]) -> list[Problem]:
    """What is wrong with one pair of lines: length, checksum, numbers, kind of elements."""
    for number, line in (first, second):
        where = f"line {number}"
        if len(line) != _LENGTH:
            return [Problem(file, where, f"{len(line)} characters", f"{_LENGTH}", _AGAIN)]
        if not line[-1].isdigit() or int(line[-1]) != checksum(line):
            expected = f"{checksum(line)} from the other columns"
            return [Problem(file, where, f"checksum {line[-1]}", expected, _AGAIN)]
    line1, line2 = first[1], second[1]
    if line1[2:7] != line2[2:7]:
        found = f"catalogue numbers {line1[2:7]} and {line2[2:7]}"
        return [Problem(file, f"line {first[0]}", found, "the same object on both lines", _AGAIN)]
    if line1[62] == "4":
        return [Problem(file, f"line {first[0]}", "ephemeris type 4 (SGP4-XP)", "elements for SGP4", _AGAIN)]
    try:
        catalogued(line1, line2)
        values = [float(line2[a:b]) for a, b in ((8, 16), (17, 25), (34, 42), (43, 51), (52, 63))]
        inclination, motion = values[0], values[-1]
    except ValueError as error:
        return [Problem(file, f"line {first[0]}", f"{error}", "numbers in the columns of the format", _AGAIN)]
    return _impossible(file, f"line {second[0]}", float("0." + line2[26:33].strip()), inclination, motion)


def _impossible(
    file: str, where: str, eccentricity: float, inclination_deg: float, motion_rev_day: float
) -> list[Problem]:
    if not 0 <= eccentricity < 1:
        return [Problem(file, where, f"eccentricity {eccentricity:g}", "0 to below 1", _AGAIN)]
    if not 0 <= inclination_deg <= 180:
        return [Problem(file, where, f"inclination {inclination_deg:g} deg", "0 to 180 deg", _AGAIN)]
    if not 0 < motion_rev_day < 18:
        return [Problem(file, where, f"mean motion {motion_rev_day:g} rev/day", "above 0, below 18 rev/day", _AGAIN)]
    return []


def _from_omm(file: str, text: str, problems: list[Problem]) -> Iterator[CatalogueObject]:
    for place, record in omm_records(file, text, problems):
        try:
            values = {key: float(record[key]) for key in FIELDS}
            number = int(record["NORAD_CAT_ID"])
            epoch = _utc(record["EPOCH"])
        except KeyError as error:
            problems.append(
                Problem(file, place, f"no {error.args[0]}", "every field of an SGP4 mean-element message", _AGAIN)
            )
            continue
        except ValueError as error:
            problems.append(Problem(file, place, f"{error}", "a number or a time in that field", _AGAIN))
            continue
        where = f"{place} ({number})"
        found = _foreign(file, where, record) or _impossible(
            file, where, values["ECCENTRICITY"], values["INCLINATION"], values["MEAN_MOTION"]
        )
        problems += found
        if not found:
            yield CatalogueObject(number, str(record.get("OBJECT_NAME") or ""), epoch, _satellite(values, epoch), where)


def _utc(text: str) -> datetime:
    moment = datetime.fromisoformat(str(text).strip().replace("Z", "+00:00"))
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _foreign(file: str, where: str, record: dict[str, str]) -> list[Problem]:
    """Fields that say the elements are not Earth SGP4 elements in TEME and UTC."""
    wanted = {
        "TIME_SYSTEM": ("UTC",),
        "REF_FRAME": ("TEME",),
        "CENTER_NAME": ("EARTH",),
        "MEAN_ELEMENT_THEORY": ("SGP4", "SGP/SGP4", "SGP", "SDP4"),
        "EPHEMERIS_TYPE": ("0", "2", "3"),
    }
    for key, allowed in wanted.items():
        value = str(record.get(key) or allowed[0]).strip().upper()
        if value not in allowed:
            return [Problem(file, where, f"{key} = {value}", " or ".join(allowed), _AGAIN)]
    return []


def _satellite(values: dict[str, float], epoch: datetime) -> Satrec:
    """An sgp4 record from the values of an OMM (degrees, rev/day as the message has them)."""
    degree, minute_turn = 0.017453292519943295, 6.283185307179586 / 1440.0
    satellite = Satrec()
    satellite.sgp4init(
        WGS72, "i", 0, (epoch - _START) / timedelta(days=1), values["BSTAR"],
        values["MEAN_MOTION_DOT"] * minute_turn / 1440.0, values["MEAN_MOTION_DDOT"] * minute_turn / 1440.0**2,
        values["ECCENTRICITY"], values["ARG_OF_PERICENTER"] * degree, values["INCLINATION"] * degree,
        values["MEAN_ANOMALY"] * degree, values["MEAN_MOTION"] * minute_turn, values["RA_OF_ASC_NODE"] * degree,
    )  # fmt: skip
    return satellite
