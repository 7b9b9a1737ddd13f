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
#: Claims of this kind enter a likelihood: each needs a range.
_FELT = "strike."
_NEEDS_RATE = ("manufacturing", "fatigue", "other")


def cross_problems(folder: Path, tables: LooseTables) -> list[Problem]:
    """Slots, names, codes and orders that point to nothing; a channel whose level contradicts its loop."""
    return [
        *_twice(tables),
        *_claims(tables),
        *_inertia(tables),
        *_hypotheses(tables),
        *_materials(tables),
        *_loops(tables),
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


def _twice(tables: LooseTables) -> Iterator[Problem]:
    """Rows of one list that bear the same name."""
    lists = ("loop", tables.loops), ("channel", tables.channels), ("image", tables.images)
    for kind, rows in (*lists, ("hypothesis", tables.hypotheses), ("option", tables.options)):
        seen: set[str] = set()
        for i, row in rows.items():
            if row.name in seen:
                yield Problem(
                    "case.toml",
                    f"{kind}[{i}].name",
                    f"{row.name!r} a second time",
                    "a name of its own",
                    "rename one of them",
                )
            seen.add(row.name)


def _inertia(tables: LooseTables) -> Iterator[Problem]:
    """Moments of inertia that no body has; zeros stand for unknown."""
    matrix = np.array(tables.vehicle.inertia_kg_m2) if tables.vehicle is not None else np.zeros((3, 3))
    if not matrix.any():
        return
    moments = np.linalg.eigvalsh((matrix + matrix.T) / 2)
    found = ""
    if not np.allclose(matrix, matrix.T, rtol=1e-3, atol=1e-6 * np.abs(matrix).max()):
        found, expected = "a matrix that is not symmetric", "the same number on both sides of the diagonal"
    elif moments[0] <= 0 or moments[2] > 1.01 * (moments[0] + moments[1]):
        found = f"principal moments of {', '.join(f'{one:.3g}' for one in moments)} kg m2"
        expected = "three above 0, the largest not above the sum of the others"
    if found:
        yield Problem(
            "case.toml", "vehicle.inertia_kg_m2", found, expected, "check the order and the signs of the nine numbers"
        )


def _claims(tables: LooseTables) -> Iterator[Problem]:
    seen: set[str] = set()
    for i, claim in tables.claims.items():
        if claim.about not in CLAIM_SLOTS:
            yield _unknown(f"claim[{i}].about", claim.about, CLAIM_SLOTS, "a slot")
        value = claim.value
        if claim.about.startswith(_FELT) and claim.use == "evidence" and value is not None and value.low == value.high:
            found, remedy = (
                f"{value.value:g} {value.unit}, without a range",
                "say how well it is known, or take it out of evidence",
            )
            yield Problem("case.toml", f"claim[{i}].says", found, "low below high: nothing is felt exactly", remedy)
        if claim.id in seen:
            yield Problem(
                "case.toml", f"claim[{i}].id", f"{claim.id!r} a second time", "an id of its own", "rename one of them"
            )
        seen.add(claim.id)


def _hypotheses(tables: LooseTables) -> Iterator[Problem]:
    from whipple.environment.models.moorhead_activity import SHOWERS
    from whipple.environment.models.outburst_years import OUTBURSTS

    codes = list(dict.fromkeys([*(one.code for one in SHOWERS), *(one.code for one in OUTBURSTS)]))
    for i, row in tables.hypotheses.items():
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
    for i, loop in tables.loops.items():
        if loop.fluid.strip().lower() not in FLUIDS:
            yield _unknown(f"loop[{i}].fluid", loop.fluid, FLUIDS, "a fluid")


def _loops(tables: LooseTables) -> Iterator[Problem]:
    """Loops whose figures contradict each other or their fluid: the leak cannot be computed of them."""
    from whipple.physics.fluids import FLUIDS

    for i, loop in tables.loops.items():
        if not all(np.isfinite(one.high) for one in (loop.inventory_m3, loop.temperature_K, loop.pressure_Pa)):
            continue  # up to infinity: it could not be read
        held, pushed, kelvin = loop.inventory_m3, loop.pushed_volume_m3, loop.temperature_K.value
        if held.high < pushed.low:
            found, expected = f"{held.value * 1e3:g} L", f"at least the pushed_volume, {pushed.value * 1e3:g} L"
            yield Problem("case.toml", f"loop[{i}].inventory", found, expected, "check the units of both")
        liquid = FLUIDS.get(loop.fluid.strip().lower())
        if liquid is None:
            continue
        if not liquid.triple_point_K <= kelvin <= liquid.highest_K:
            expected = f"{liquid.triple_point_K:g} to {liquid.highest_K:g} K, where {liquid.name} is known as a liquid"
            remedy = "check the unit: K or degC?"
            yield Problem("case.toml", f"loop[{i}].temperature", f"{kelvin:g} K", expected, remedy)
        elif loop.pressure_Pa.value <= (vapour := liquid.vapour_pressure_Pa(kelvin)):
            expected = f"above the vapour pressure of {liquid.name} at {kelvin:g} K, {vapour:.0f} Pa"
            remedy = "check pressure and temperature"
            yield Problem("case.toml", f"loop[{i}].pressure", f"{loop.pressure_Pa.value:g} Pa", expected, remedy)


def _levels(folder: Path, tables: LooseTables) -> Iterator[Problem]:
    """A pressure channel that starts far from the charge pressure of its loop: the unit of one of them is wrong."""
    from whipple.casefile.units import parse_quantity

    charge = {loop.name: loop.pressure_Pa for loop in tables.loops.values()}
    rows = [(i, c) for i, c in tables.channels.items() if c.measures == "pressure" and charge.get(c.loop) is not None]
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
    rows = [(i, row) for i, row in tables.channels.items() if row.measures == "momentum"]
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

    if tables.vehicle is None or not any(loop.carriers for loop in tables.loops.values()):
        return
    try:
        shape = read_vehicle(folder, tables.vehicle.file)
    except (InvestigationError, OSError):
        return
    known = [part.name for part in shape.part] + [module.name for module in shape.module]
    for i, loop in tables.loops.items():
        for name in loop.carriers:
            if name.removesuffix(".*") not in known:
                yield _unknown(f"loop[{i}].carriers", name, known, "a part or module")
