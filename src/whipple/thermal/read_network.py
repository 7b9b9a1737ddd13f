"""Reading network.toml: every problem in one pass, each with file, key, found, expected and what to try."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from whipple.casefile.given import Given, quantity
from whipple.casefile.problems import near_match, problems_of
from whipple.casefile.read_toml import read_toml
from whipple.casefile.tables.table import Table
from whipple.errors import CaseError, Problem, RangeError
from whipple.thermal.network_tables import (
    SHARES,
    CrewRoomTable,
    HeaderTable,
    LinkTable,
    NetworkFile,
    NodeTable,
    ReadingTable,
    SkinTable,
)

__all__ = ["network_problems", "read_network"]

_TABLES = ("network", "node", "link", "skin", "loads", "crew_room", "reading")
_PHYSICAL = ("conductance", "radiation", "flow")


class _Heat(Table):
    heat: quantity("W")  # type: ignore[valid-type]


@dataclass
class _Reading:
    file: str
    problems: list[Problem] = field(default_factory=list)

    def note(self, key: str, found: str, expected: str, remedy: str) -> None:
        self.problems.append(Problem(self.file, key, found, expected, remedy))

    def table(self, table: type[Table], key: str, raw: object) -> Any:
        """The table, or None with its problems noted."""
        if not isinstance(raw, dict):
            self.note(key, repr(raw), "a table", f"write [{key}] and keys below it")
            return None
        try:
            return table.model_validate(raw)
        except RangeError as error:
            self.note(key, str(error.value), error.expected, error.remedy)
        except ValueError as error:
            self.problems += problems_of(self.file, key, table, error)  # type: ignore[arg-type]  # a pydantic ValidationError
        return None

    def tables(self, table: type[Table], key: str, raw: object) -> dict[str, Any]:
        """[key.NAME] tables by name."""
        if not isinstance(raw, dict):
            self.note(key, repr(raw), f"tables [{key}.NAME]", f"write [{key}.NAME] and keys below it")
            return {}
        read = {name: self.table(table, f"{key}.{name}", value) for name, value in raw.items()}
        return {name: value for name, value in read.items() if value is not None}

    def listed(self, table: type[Table], key: str, raw: object) -> tuple[Any, ...]:
        """[[key]] tables in order."""
        if not isinstance(raw, list):
            self.note(key, repr(raw), f"tables [[{key}]]", f"write [[{key}]] and keys below it")
            return ()
        read = [self.table(table, f"{key}[{index}]", value) for index, value in enumerate(raw)]
        return tuple(value for value in read if value is not None)

    def known(self, key: str, word: str, names: Mapping[str, object] | tuple[str, ...]) -> None:
        if word not in names:
            self.note(key, repr(word), "a node: " + ", ".join(names), near_match(word, names))


def network_problems(folder: Path, file: str) -> list[Problem]:
    """Every problem of a network file of a case folder; an empty list when it can be solved."""
    try:
        read_network(folder / file, shown=file)
    except CaseError as error:
        return list(error.problems)
    return []


def read_network(path: Path, shown: str = "") -> NetworkFile:
    """The network of a TOML file; CaseError with every problem found, in one pass."""
    raw = read_toml(path, shown)
    reading = _Reading(shown or path.name)
    for key in raw:
        if key not in _TABLES:
            reading.note(key, "an unknown table", "one of: " + ", ".join(_TABLES), near_match(key, _TABLES))
    network = NetworkFile(
        header=reading.table(HeaderTable, "network", raw.get("network", {})),
        nodes=reading.tables(NodeTable, "node", raw.get("node", {})),
        links=reading.listed(LinkTable, "link", raw.get("link", [])),
        skins=reading.listed(SkinTable, "skin", raw.get("skin", [])),
        loads=_loads(reading, raw.get("loads", {})),
        readings={
            name: table.nodes for name, table in reading.tables(ReadingTable, "reading", raw.get("reading", {})).items()
        },
        crew_room=reading.table(CrewRoomTable, "crew_room", raw["crew_room"]) if "crew_room" in raw else None,
    )
    named = set(raw["node"]) if isinstance(raw.get("node"), dict) else set()
    _check(reading, network, tuple(sorted(named)))
    if reading.problems:
        raise CaseError(reading.problems)
    return network


def _loads(reading: _Reading, raw: object) -> dict[str, dict[str, Given]]:
    if not isinstance(raw, dict):
        reading.note("loads", repr(raw), "tables [loads.NAME]", "write [loads.NAME] with one line a node")
        return {}
    loads: dict[str, dict[str, Given]] = {}
    for equipment, by_node in raw.items():
        loads[equipment] = {}
        for node, value in by_node.items() if isinstance(by_node, dict) else ():
            heat = reading.table(_Heat, f"loads.{equipment}.{node}", {"heat": value})
            if heat is not None:
                loads[equipment][node] = heat.heat
    return loads


def _check_sizes(reading: _Reading, network: NetworkFile) -> None:
    """Capacities and the crew's room above nothing, areas not below it, shares from 0 to 1."""
    above = [
        (f"node.{name}, capacity", node.capacity) for name, node in network.nodes.items() if node.capacity is not None
    ]
    shares = [
        (f"skin of '{skin.node}', {key}", getattr(skin, key))
        for skin in network.skins
        for key in SHARES
        if hasattr(skin, key)
    ]
    areas = [(f"skin of '{skin.node}', area", skin.area) for skin in network.skins]
    room = network.crew_room
    if room is not None:
        above += [(f"crew_room.{key}", getattr(room, key)) for key in ("volume", "wall_area", "film", "body_film")]
        shares.append(("crew_room.humidity", room.humidity))
    for key, given in above:
        if not given.low > 0:
            reading.note(key, f"{given.low:g} {given.unit} at its lowest", "more than 0", "give the least it could be")
    for key, given in areas:
        if given.low < 0:
            reading.note(key, f"{given.low:g} {given.unit}", "0 or more", "correct the value")
    for key, given in shares:
        if not 0 <= given.low <= given.high <= 1:
            reading.note(key, f"{given.low:g} to {given.high:g}", "a share from 0 to 1", "correct the value")


def _check(reading: _Reading, network: NetworkFile, named: tuple[str, ...]) -> None:
    """What only the whole file can show."""
    if not named:
        reading.note("node", "no nodes", "at least one [node.NAME]", "describe the nodes")
    for name, node in network.nodes.items():
        if (node.fixed is None) == (node.start is None):
            reading.note(
                f"node.{name}", "not exactly one of fixed, start", "fixed, or start (with capacity)", "keep one of them"
            )
    for link in network.links:
        key = f"link '{link.name}'"
        given = [way for way in _PHYSICAL if getattr(link, way) is not None]
        if len(given) != 1:
            reading.note(key, f"{len(given)} of them", "one of conductance, radiation, flow", "keep exactly one")
        elif getattr(link, given[0]).low < 0:
            reading.note(f"{key}, {given[0]}", "a negative value", "0 or more", "correct the value")
        for end in link.between:
            reading.known(f"{key}, between", end, named)
    _check_sizes(reading, network)
    for skin in network.skins:
        for key in ("node", "space", "station"):
            reading.known(f"skin of '{skin.node}', {key}", getattr(skin, key), named)
    for equipment, by_node in network.loads.items():
        for heated in by_node:
            reading.known(f"loads.{equipment}", heated, named)
    for slot, nodes in network.readings.items():
        for read in nodes:
            reading.known(f"reading.{slot}.nodes", read, named)
    if network.crew_room is not None:
        reading.known("crew_room.air", network.crew_room.air, named)
        reading.known("crew_room.wall", network.crew_room.wall, named)
