"""Read a monthly record of the 10.7 cm solar flux."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from whipple.errors import CaseError, EvidenceError, Problem

__all__ = ["SolarRecord", "read_f107"]

_COLUMNS = ["year", "month", "f107_observed_sfu"]


@dataclass(frozen=True)
class SolarRecord:
    """Monthly means in solar flux units from `first_month` on (months since year 0), without gaps."""

    first_month: int
    monthly_sfu: tuple[float, ...]

    def of(self, month: int) -> float:
        """The flux of a month (12 x year + month - 1). Raises EvidenceError outside the record: nothing is guessed.

        >>> SolarRecord(12 * 2022, (104.0, 109.0)).of(12 * 2022 + 1)
        109.0
        """
        at = month - self.first_month
        if not 0 <= at < len(self.monthly_sfu):
            last = self.first_month + len(self.monthly_sfu) - 1
            covered = f"{_text(self.first_month)} to {_text(last)}"
            missing = f"10.7 cm solar flux of {_text(month)} (the record covers {covered})"
            raise EvidenceError("How fast did drag clear the sky?", missing, "give a record that covers the time")
        return self.monthly_sfu[at]


def _text(month: int) -> str:
    return f"{month // 12}-{month % 12 + 1:02d}"


def read_f107(path: Path | str) -> SolarRecord:
    """A CSV with the columns year, month, f107_observed_sfu, one row a month.

    Raises CaseError naming the line: unreadable file, wrong columns, a gap or a month twice, a value outside 50 to 400.
    """
    path = Path(path)
    try:
        rows = list(csv.reader(line for line in path.read_text(encoding="utf-8").splitlines() if line[:1] != "#"))
    except (OSError, UnicodeDecodeError) as error:
        reason = (error.strerror or "an error").lower() if isinstance(error, OSError) else "a file that is not text"
        raise _problem(path, "", reason, "a readable CSV file", "check the path") from None
    if not rows or rows[0] != _COLUMNS:
        found = ", ".join(rows[0]) if rows else "an empty file"
        raise _problem(path, "line 1", f"columns {found}", ", ".join(_COLUMNS), "rename the columns")
    months: list[int] = []
    values: list[float] = []
    for number, row in enumerate(rows[1:], start=2):
        try:
            year, month, value = int(row[0]), int(row[1]), float(row[2])
        except (ValueError, IndexError):
            raise _problem(path, f"line {number}", repr(",".join(row)), "year, month, flux", "complete it") from None
        at = 12 * year + month - 1
        if not (1 <= month <= 12 and 50 <= value <= 400):
            raise _problem(path, f"line {number}", repr(",".join(row)), "month 1 to 12, flux 50 to 400", "correct it")
        if months and at != months[-1] + 1:
            raise _problem(path, f"line {number}", f"{year}-{month:02d}", _text(months[-1] + 1), "one row a month")
        months.append(at)
        values.append(value)
    if not months:
        raise _problem(path, "", "no row", "one row a month", "add the record")
    return SolarRecord(months[0], tuple(values))


def _problem(path: Path, where: str, found: str, expected: str, remedy: str) -> CaseError:
    return CaseError([Problem(path.name, where, found, expected, remedy)])
