"""The rows of a look ahead as CSV, for spreadsheets: one line a part and source; SI units, named in the head."""

from __future__ import annotations

import csv
import io
from dataclasses import fields
from pathlib import Path

from whipple.casefile.estimate import Estimate
from whipple.casefile.write_findings import write_atomically
from whipple.exposure.risk import Risk, SourceRisk

__all__ = ["write_rows"]

_OF_PART = (
    "module", "wall", "area_m2", "sheltered_frac", "part_risk_frac", "part_strike_count", "part_strike_count_low", "part_strike_count_high",
    "part_puncture_count", "part_puncture_count_low", "part_puncture_count_high", "part_none_prob", "part_none_prob_low", "part_none_prob_high",
    "part_ray_noise_frac",
)  # fmt: skip


def write_rows(risk: Risk, path: Path) -> Path:
    """assessment.csv: counts over the exposure with their 90 % ends, means and spreads; empty where the wall is not known.

    Counts are medians over the doubts, of each source and of each part: medians of the sources do not add up to that of their part.
    """
    names = [one.name for one in fields(SourceRisk)]
    parts = {part.part: part for part in risk.parts}
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["duration_s", *(head for name in names for head in _heads(name)), *_OF_PART])
    for row in risk.sources:
        part, cells = parts[row.part], [_number(risk.duration_s)]
        for name in names:
            cells += _cells(name, getattr(row, name))
        chance = [*_ends(part.strike_count), *_ends(part.puncture_count), *_ends(part.none_prob)]
        shares = [
            _number(part.area_m2),
            _number(part.sheltered_frac),
            _number(part.risk_frac) if part.puncture_count else "",
        ]
        writer.writerow([*cells, part.module, part.wall, *shares, *chance, _number(part.ray_noise_frac)])
    return write_atomically(path, text.getvalue().encode())


def _heads(name: str) -> list[str]:
    return [name, f"{name}_low", f"{name}_high"] if name.endswith("_count") else [name]


def _ends(value: Estimate | None) -> list[str]:
    return ["", "", ""] if value is None else [_number(value.median), _number(value.low), _number(value.high)]


def _cells(name: str, value: object) -> list[str]:
    if isinstance(value, Estimate):
        return [_number(value.median), _number(value.low), _number(value.high)]
    if value is None:
        return [""] * len(_heads(name))
    return [_number(value) if isinstance(value, float) else str(value)]


def _number(value: float) -> str:
    """Seven figures, as many as anyone needs, and the same bytes each time."""
    return f"{value:.7g}"
