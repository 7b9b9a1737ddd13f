"""Names and values of a case that are each well formed, and still cannot be meant: what `whipple check` sees by looking across tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from whipple.casefile.problems import near_match
from whipple.casefile.slots import CLAIM_SLOTS
from whipple.casefile.tables.channel import ChannelTable
from whipple.commands.loose_tables import LooseTables
from whipple.errors import InvestigationError, Problem

__all__ = ["cross_problems"]

#: A quiet pressure this many times off the charge pressure of its loop means a wrong unit.
_UNIT_FACTOR = 4.0
_NEEDS_RATE = ("manufacturing", "fatigue", "other")


def cross_problems(folder: Path, tables: LooseTables) -> list[Problem]:
    """Slots, names, codes and orders that point to nothing; a channel whose level contradicts its loop."""
    return [
        *_times(tables),
        *_claims(tables),
        *_hypotheses(tables),
        *_materials(tables),
        *_levels(folder, tables),
        *_momentum(tables),
        *_carriers(folder, tables),
    ]


def _unknown(key: str, word: str, known: Any, what: str) -> Problem:
    listed = ", ".join(list(known)[:30])
    return Problem(
        "case.toml",
        key,
        f"{word!r}, {what} that nothing knows",
        f"one of: {listed}",
        near_match(word, known, "use a listed name"),
    )


def _times(tables: LooseTables) -> Iterator[Problem]:
    case = tables.case
    if case is not None and case.exposed_since > case.epoch:
        found = f"{case.exposed_since:%Y-%m-%d %H:%M}, after the epoch"
        yield Problem(
            "case.toml",
            "case.exposed_since",
            found,
            "a time before case.epoch",
            "give the launch, or since when the part was exposed",
        )


def _claims(tables: LooseTables) -> Iterator[Problem]:
    seen: set[str] = set()
    for i, claim in enumerate(tables.claims):
        if claim.about not in CLAIM_SLOTS:
            yield _unknown(f"claim[{i}].about", claim.about, CLAIM_SLOTS, "a slot")
        if claim.id in seen:
            yield Problem(
                "case.toml", f"claim[{i}].id", f"{claim.id!r} a second time", "an id of its own", "rename one of them"
            )
        seen.add(claim.id)


def _hypotheses(tables: LooseTables) -> Iterator[Problem]:
    from whipple.environment.models.moorhead_activity import SHOWERS
    from whipple.environment.models.outburst_years import OUTBURSTS

    codes = list(dict.fromkeys([*(one.code for one in SHOWERS), *(one.code for one in OUTBURSTS)]))
    for i, row in enumerate(tables.hypotheses):
        if row.kind == "shower" and row.shower not in codes:
            yield _unknown(f"hypothesis[{i}].shower", row.shower, codes, "a shower")
        if row.kind in _NEEDS_RATE and row.rate_per_s is None:
            expected = f"a rate for kind {row.kind!r}"
            yield Problem(
                "case.toml",
                f"hypothesis[{i}].rate",
                "nothing",
                expected,
                'write rate = { is = "0.002 / year", low = ..., high = ... }',
            )


def _materials(tables: LooseTables) -> Iterator[Problem]:
    from whipple.physics.fluids import FLUIDS
    from whipple.physics.materials import MATERIALS

    if tables.vehicle is not None and tables.vehicle.site_material.lower() not in {name.lower() for name in MATERIALS}:
        yield _unknown("vehicle.site_material", tables.vehicle.site_material, MATERIALS, "a material")
    for i, loop in enumerate(tables.loops):
        if loop.fluid.strip().lower() not in FLUIDS:
            yield _unknown(f"loop[{i}].fluid", loop.fluid, FLUIDS, "a fluid")


def _levels(folder: Path, tables: LooseTables) -> Iterator[Problem]:
    """A pressure channel that starts far from the charge pressure of its loop: the unit of one of them is wrong."""
    from whipple.casefile.units import parse_quantity

    charge = {loop.name: loop.pressure_Pa for loop in tables.loops}
    rows = [
        (i, c) for i, c in enumerate(tables.channels) if c.measures == "pressure" and charge.get(c.loop) is not None
    ]
    read = _first_values(folder, [channel for _, channel in rows], tables)
    for i, channel in rows:
        given, value = charge[channel.loop], read.get(channel.name)
        if value is None or not value.size:
            continue
        try:
            level = float(np.median(value[: max(1, len(value) // 10)])) * parse_quantity(f"1 {channel.unit}", "Pa")
        except InvestigationError:
            continue
        if not given.low / _UNIT_FACTOR <= level <= given.high * _UNIT_FACTOR:
            found = f"a first pressure of {level:.3g} Pa in {channel.unit!r}"
            expected = f"about the {given.value:.3g} Pa of loop {channel.loop!r}"
            remedy = "correct the unit of the channel, or the pressure of the loop"
            yield Problem("case.toml", f"channel[{i}].unit", found, expected, remedy)


def _first_values(folder: Path, channels: Sequence[ChannelTable], tables: LooseTables) -> dict[str, Any]:
    """The values of each channel by name, every file parsed once; a file that cannot be read is told by another check."""
    from whipple.casefile.read_channels import read_table

    files: dict[tuple[str, str], list[ChannelTable]] = {}
    for channel in channels:
        files.setdefault((channel.file, channel.time_column), []).append(channel)
    out: dict[str, Any] = {}
    for (file, clock), together in files.items():
        for some in (together, *([one] for one in together)):  # all at once, else each for itself
            try:
                _, read = read_table(folder / file, clock, [one.column for one in some], tables.epoch)
            except (InvestigationError, OSError):
                continue
            out |= {one.name: series.value for one, series in zip(some, read, strict=True)}
            if len(some) == len(together):
                break
    return out


def _momentum(tables: LooseTables) -> Iterator[Problem]:
    """Momentum channels want one component each, all three, and mass properties to be read with."""
    rows = [(i, row) for i, row in enumerate(tables.channels) if row.measures == "momentum"]
    seen = [row.component for _, row in rows]
    remedy = 'write component = "x", "y" or "z": station body axes'
    for i, row in rows:
        if not row.component:
            yield Problem("case.toml", f"channel[{i}].component", "nothing", "x, y or z for a momentum channel", remedy)
        elif seen.count(row.component) > 1:
            found = f"{row.component!r} {seen.count(row.component)} times"
            yield Problem("case.toml", f"channel[{i}].component", found, "each of x, y, z once", remedy)
    if rows and "" not in seen and (lacks := sorted(set("xyz") - set(seen))):
        yield Problem(
            "case.toml",
            "channel",
            f"no momentum channel for {', '.join(lacks)}",
            "three momentum channels: x, y, z",
            remedy,
        )
    if (
        rows
        and tables.vehicle is not None
        and not (tables.vehicle.mass_kg.value > 0 and np.any(tables.vehicle.inertia_kg_m2))
    ):
        yield Problem(
            "case.toml",
            "vehicle.inertia_kg_m2",
            "momentum channels, but no mass properties",
            "mass above zero and inertia",
            "give them, or the centre of mass is doubted by 3 m and the place of the leak by as much",
        )


def _carriers(folder: Path, tables: LooseTables) -> Iterator[Problem]:
    """Carriers of a loop that the shape file does not have."""
    from whipple.vehicle.read_vehicle import read_vehicle

    if tables.vehicle is None or not any(loop.carriers for loop in tables.loops):
        return
    try:
        shape = read_vehicle(folder, tables.vehicle.file)
    except (InvestigationError, OSError):
        return
    known = [part.name for part in shape.part] + [module.name for module in shape.module]
    for i, loop in enumerate(tables.loops):
        for name in loop.carriers:
            if name.removesuffix(".*") not in known:
                yield _unknown(f"loop[{i}].carriers", name, known, "a part or module")
