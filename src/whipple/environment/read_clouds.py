"""Read the table of fragment clouds, and the flux tensors that a run of them left."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date
from math import radians
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from whipple.environment.cloud_crossing import Ship
from whipple.environment.cloud_events import Cloud
from whipple.environment.debris_tensors import DebrisTensors
from whipple.environment.grid import sky_grid
from whipple.errors import CaseError, Problem

__all__ = ["read_clouds", "read_tensors"]

_COLUMNS = (
    "launch_date", "peak_catalogued", "peak_year", "first_year_seen", "median_altitude_km_at_peak", "median_eccentricity",
    "median_inclination_deg", "object_class",
)  # fmt: skip


def read_clouds(path: Path | str) -> tuple[Cloud, ...]:
    """A CSV with one cloud a row: launch_date, peak_catalogued, peak_year, first_year_seen, median altitude (km), eccentricity and
    inclination (deg), object_class (1-4 spacecraft, 5-8 rocket body); other columns are ignored.

    Raises CaseError with every wrong row: missing columns, text for numbers, values no orbit has.
    """
    path = Path(path)
    try:
        rows = list(csv.DictReader(line for line in path.read_text(encoding="utf-8").splitlines() if line[:1] != "#"))
    except (OSError, UnicodeDecodeError) as error:
        reason = (error.strerror or "an error").lower() if isinstance(error, OSError) else "a file that is not text"
        raise CaseError([Problem(path.name, "", reason, "a readable CSV file", "check the path")]) from None
    missing = [name for name in _COLUMNS if not rows or name not in rows[0]]
    if missing:
        found = "columns " + ", ".join(rows[0]) if rows else "no row"
        raise CaseError([Problem(path.name, "line 1", found, ", ".join(_COLUMNS), f"add {missing[0]}")])
    clouds, problems = [], []
    for number, row in enumerate(rows, start=2):
        try:
            clouds.append(_cloud(row))
        except (ValueError, TypeError):
            held = ", ".join(str(row[name] if row[name] is not None else "nothing") for name in _COLUMNS)
            expected = "a date, counts above 0, altitude 100 to 50000 km, eccentricity 0 to 1, inclination 0 to 180 deg"
            problems.append(Problem(path.name, f"line {number}", held, expected, "correct the row"))
    if problems:
        raise CaseError(problems)
    return tuple(clouds)


def _cloud(row: Mapping[str, str]) -> Cloud:
    cloud = Cloud(
        launch=date.fromisoformat(row["launch_date"]),
        peak_count=int(row["peak_catalogued"]),
        peak_year=int(row["peak_year"]),
        first_year=int(row["first_year_seen"]),
        altitude_m=float(row["median_altitude_km_at_peak"]) * 1e3,
        eccentricity=float(row["median_eccentricity"]),
        inclination_rad=radians(float(row["median_inclination_deg"])),
        object_class=int(row["object_class"]),
    )
    sound = cloud.peak_count > 0 and 100e3 <= cloud.altitude_m <= 5e7 and 0 <= cloud.eccentricity < 1
    if not (sound and 0 <= cloud.inclination_rad <= radians(180)):
        raise ValueError("impossible elements")
    return cloud


def read_tensors(path: Path | str) -> DebrisTensors:
    """The flux tensors that `write_tensors` left. Raises CaseError: unreadable, cut short, negative or not finite values,
    directions of another grid."""
    path = Path(path)
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as held:
            values = {name: held[name] for name in held.files}
        tensors = DebrisTensors(
            month=values["month"],
            size_m=values["size_m"],
            flux_per_m2_s=values["flux_per_m2_s"],
            ship=Ship(float(values["ship_radius_m"]), float(values["ship_inclination_rad"])),
            sampling_ratio=np.broadcast_to(values["sampling_ratio"], (len(values["size_m"]) - 1,)),
            spread_ratio=values["spread_ratio"],
            models=tuple(str(x) for x in values["models"]),
            sources=tuple(str(x) for x in values["sources"]),
            anchored=bool(values["anchored"]),
        )
    except OSError as error:
        raise _unfit(path, (error.strerror or "a file that is no archive of arrays").lower()) from None
    except (BadZipFile, EOFError):
        raise _unfit(path, "a file cut short") from None
    except (KeyError, ValueError) as error:
        raise _unfit(path, f"an archive without {error}") from None
    flux = tensors.flux_per_m2_s
    shape = (len(tensors.month), len(tensors.size_m) - 1, len(sky_grid().solid_angle_sr))
    if flux.ndim != 4 or flux.shape[:3] != shape:
        raise _unfit(path, f"a tensor of shape {flux.shape} for {shape} months, sizes, directions")
    if not (np.isfinite(flux).all() and (flux >= 0).all()):
        raise _unfit(path, "negative or infinite flux")
    return tensors


def _unfit(path: Path, found: str) -> CaseError:
    expected, remedy = "flux tensors written by whipple debris clouds", "run whipple debris clouds again"
    return CaseError([Problem(path.name, "", found, expected, remedy)])
