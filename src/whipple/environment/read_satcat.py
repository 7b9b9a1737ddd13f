"""Read a satellite catalogue (CelesTrak SATCAT as CSV): orbits, kind and radar cross-section of every object still up."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from math import pi, radians, sqrt
from pathlib import Path

from whipple.errors import CaseError, Problem
from whipple.physics.constants import EARTH_RADIUS_m

__all__ = ["SatcatObject", "read_satcat"]

_COLUMNS = ("NORAD_CAT_ID", "OBJECT_TYPE", "INCLINATION", "APOGEE", "PERIGEE", "RCS")


@dataclass(frozen=True)
class SatcatObject:
    """One row: number, kind ("PAY", "R/B", "DEB", "UNK"), orbit, and size from the radar cross-section (None if unknown)."""

    catalogue_number: int
    kind: str
    axis_m: float
    eccentricity: float
    inclination_rad: float
    size_m: float | None


def read_satcat(path: Path | str) -> tuple[SatcatObject, ...]:
    """Every object with an orbit about the Earth and no decay date. Size: the sphere whose disc has the radar cross-section.

    Raises CaseError naming the columns found when they are not those of a SATCAT, and the line of a number that is none.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = (error.strerror or "an error").lower() if isinstance(error, OSError) else "bytes that are not text"
        raise CaseError(
            [Problem(path.name, "", reason, "a readable CSV file", "check the path; unpack it first")]
        ) from None
    reader = csv.DictReader(text.splitlines())
    names = list(reader.fieldnames or ())
    missing = [name for name in _COLUMNS if name not in names]
    if missing:
        found = "columns " + (", ".join(names[:20]) or "none")
        raise CaseError([Problem(path.name, "line 1", found, ", ".join(_COLUMNS), "export the SATCAT as CSV")])
    objects: list[SatcatObject] = []
    problems: list[Problem] = []
    for number, row in enumerate(reader, start=2):
        try:
            some = _object(row)
        except (ValueError, TypeError):
            found = "a row cut short" if None in row.values() else f"{row['NORAD_CAT_ID']}: a field that is no number"
            problems.append(Problem(path.name, f"line {number}", found, "numbers", "fetch the file again"))
            continue
        objects += [some] if some else []
    if problems:
        raise CaseError(problems[:5])
    if not objects:
        raise CaseError([Problem(path.name, "", "no object in orbit", "at least one", "use the whole catalogue")])
    return tuple(objects)


def _object(row: Mapping[str, str]) -> SatcatObject | None:
    """None for what is not up or has no orbit about the Earth."""
    if (
        row.get("DECAY_DATE")
        or row.get("ORBIT_CENTER", "EA") not in ("EA", "")
        or not row["APOGEE"]
        or not row["PERIGEE"]
    ):
        return None
    high, low = (float(row[name]) * 1e3 + EARTH_RADIUS_m for name in ("APOGEE", "PERIGEE"))
    section = float(row["RCS"]) if row["RCS"] not in ("", "N/A") else 0.0
    return SatcatObject(
        catalogue_number=int(row["NORAD_CAT_ID"]),
        kind=row["OBJECT_TYPE"],
        axis_m=(high + low) / 2,
        eccentricity=(high - low) / (high + low),
        inclination_rad=radians(float(row["INCLINATION"])),
        size_m=sqrt(4 * section / pi) if section > 0 else None,
    )
