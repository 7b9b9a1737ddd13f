"""Which dates and sizes of a case can no flight have? Wide limits: what is outside is a slip of the pen or of the unit, and is refused."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from whipple.casefile.given import Given
from whipple.commands.loose_tables import LooseTables
from whipple.errors import Problem
from whipple.physics.dates import UNIX_ZERO, flown_at

__all__ = ["sound_epoch", "unlikely"]

#: Table and field, and what a person writes: the least and the most that a flight may have, in SI, and both in words.
_LIMITS: dict[str, tuple[float, float, str]] = {
    "vehicle.site_wall_m": (1e-5, 0.1, "0.01 mm to 100 mm"),
    "vehicle.site_area_m2": (1e-6, 1e4, "1 mm**2 to 10000 m**2"),
    "vehicle.mass_kg": (0.1, 1e7, "0.1 kg to 10000 t"),
    "vehicle.centre_of_mass_spread_m": (0.0, 100.0, "0 m to 100 m"),
    "crew.metabolic_W": (40.0, 1000.0, "40 W to 1000 W a person"),
    "loop.inventory_m3": (1e-6, 20.0, "1 mL to 20 m**3"),
    "loop.gas_volume_m3": (1e-6, 20.0, "1 mL to 20 m**3"),
    "loop.pushed_volume_m3": (1e-6, 20.0, "1 mL to 20 m**3"),
    "loop.pressure_Pa": (100.0, 1e8, "1 mbar to 1000 bar"),
    "loop.temperature_K": (15.0, 1500.0, "15 K to 1500 K"),
    "loop.pipe_m": (1e-4, 1.0, "0.1 mm to 1 m"),
    "image.scale_length_m": (1e-6, 100.0, "0.001 mm to 100 m"),
    "image.distance_m": (1e-3, 1e6, "1 mm to 1000 km"),
    "option.ready_s": (0.0, 3.2e8, "0 to 10 years after the epoch"),
    "claim.hole.diameter_m": (1e-6, 1.0, "0.001 mm to 1 m"),
    "claim.impactor.diameter_m": (1e-7, 1.0, "0.0001 mm to 1 m"),
    "claim.impactor.speed_m_s": (10.0, 1e5, "0.01 km/s to 100 km/s"),
    "claim.cabin.temperature_K": (150.0, 500.0, "-120 degC to 230 degC"),
    "claim.instrument.temperature_K": (150.0, 500.0, "-120 degC to 230 degC"),
    "claim.return.cabin_temperature_K": (150.0, 500.0, "-120 degC to 230 degC"),
    "claim.return.uncrewed_temperature_K": (150.0, 500.0, "-120 degC to 230 degC"),
}
#: Claims about these speak of the event: nobody can have made them before it.
_OF_THE_EVENT = (
    "onset.", "telemetry.", "hole.", "leak.", "deposit.", "impactor.", "cause.excluded", "cause.leading", "cause.hypervelocity_test", "plan.",
)  # fmt: skip
_DAY = timedelta(days=1)


def sound_epoch(tables: LooseTables) -> datetime | None:
    """The epoch of the case, None where it is not given or cannot be meant: nothing else should be measured against it."""
    epoch = tables.epoch
    at_unix_zero = epoch is not None and UNIX_ZERO <= epoch < UNIX_ZERO + _DAY
    return None if epoch is None or at_unix_zero or flown_at(epoch, 0.0) is None else epoch


def unlikely(tables: LooseTables, today: datetime | None = None) -> list[Problem]:
    """Dates and sizes that cannot be meant. `today` is when this is asked; dates after it are refused unless the whole case lies ahead."""
    return [*_sizes(tables), *_dates(tables, today or datetime.now(UTC))]


def _rows(tables: LooseTables) -> Iterator[tuple[str, str, Any]]:
    """Every table with its name, and where it stands."""
    for name in ("vehicle", "crew"):
        if (table := getattr(tables, name)) is not None:
            yield name, name, table
    for name, rows in (
        ("loop", tables.loops), ("image", tables.images), ("option", tables.options), ("claim", tables.claims),
    ):  # fmt: skip
        for i, row in rows.items():
            yield name, f"{name}[{i}]", row


def _sizes(tables: LooseTables) -> Iterator[Problem]:
    for kind, place, table in _rows(tables):
        for name, value in table:
            known = f"claim.{table.about}" if kind == "claim" and name == "value" else f"{kind}.{name}"
            if known not in _LIMITS or not isinstance(value, Given):
                continue
            least, most, words = _LIMITS[known]
            if not least <= value.value <= most and value.high < math.inf:  # up to infinity: it could not be read
                found = f"{value.value:.3g} {value.unit}".strip()
                yield Problem(
                    "case.toml", f"{place}.{_written(table, name)}", found, words, "check the unit and the number"
                )


def _written(table: Any, name: str) -> str:
    """The key that a person writes for a field."""
    return "says" if name == "value" else type(table).model_fields[name].alias or name


def _dates(tables: LooseTables, today: datetime) -> Iterator[Problem]:
    if tables.case is None:
        return
    epoch, exposed = tables.case.epoch, tables.case.exposed_since
    if sound_epoch(tables) is None:
        remedy = "write it as 2022-12-15T00:45:00Z; times in seconds are counted from it"
        found = _day(epoch) + (", when nothing flew" if flown_at(epoch, 0.0) is None else ", where Unix seconds begin")
        yield Problem("case.toml", "case.epoch", found, "the moment of the first sign, 1957 to 2100", remedy)
        return
    latest = today + _DAY if epoch <= today else None
    for kind, place, row in _rows(tables):
        for key in ("said_on", "known"):
            moment = getattr(row, key, None)
            if moment is None:
                continue
            if latest is not None and moment > latest:
                yield Problem("case.toml", f"{place}.{key}", _day(moment), "a date that has come", "check the year")
            elif kind == "claim" and row.about.startswith(_OF_THE_EVENT) and moment < epoch - _DAY:
                expected = f"a date from {_day(epoch)} on: {row.about} speaks of what happened then"
                yield Problem("case.toml", f"{place}.{key}", _day(moment), expected, "check the date, or the epoch")
            elif kind != "claim" and moment < exposed:
                yield Problem(
                    "case.toml", f"{place}.{key}", _day(moment), f"a date after {_day(exposed)}", "check the year"
                )


def _day(moment: datetime) -> str:
    return moment.date().isoformat()
