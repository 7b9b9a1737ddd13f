"""Is the vehicle of a shape file of a size that flies? A part in the wrong unit is a thousand times too large."""

from __future__ import annotations

from pathlib import Path

from whipple.casefile.given import Given
from whipple.errors import InvestigationError, Problem
from whipple.vehicle.read_vehicle import read_vehicle

__all__ = ["unlikely_shapes"]

#: No part is longer than this, or farther from the origin of its module.
_LARGEST_m = 500.0


def unlikely_shapes(folder: Path, file: str) -> list[Problem]:
    """Lengths and positions that no vehicle has; none where the file cannot be read (another check tells why)."""
    try:
        vehicle = read_vehicle(folder, file)
    except (InvestigationError, OSError):
        return []
    rows = [(f"part {row.name}", row) for row in vehicle.part] + [(f"module {row.name}", row) for row in vehicle.module]
    problems = []
    for place, row in rows:
        for name, value in row:
            lengths = [one for one in (value if isinstance(value, tuple) else (value,)) if isinstance(one, Given)]
            longest = max((abs(one.value) for one in lengths if one.unit == "m"), default=0.0)
            if longest > _LARGEST_m:
                key = f"{place}.{type(row).model_fields[name].alias or name}"
                expected = f"at most {_LARGEST_m:g} m"
                problems.append(Problem(file, key, f"{longest:g} m", expected, "check the unit: mm or m?"))
    return problems
