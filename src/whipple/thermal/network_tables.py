"""What may a person write in network.toml? One class a table; strict keys, numbers with units and sources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from whipple.casefile.given import Given, quantity
from whipple.casefile.tables.table import Table

__all__ = [
    "SHARES",
    "CrewRoomTable",
    "HeaderTable",
    "LinkTable",
    "NetworkFile",
    "NodeTable",
    "ReadingTable",
    "SkinTable",
]

#: Numbers of a network that are shares of a whole.
SHARES = ("absorptance", "emittance", "shadowed", "humidity")


class HeaderTable(Table):
    """[network]: what the network describes."""

    title: str
    source: str


class NodeTable(Table):
    """[node.NAME]: a `capacity` and a `start` temperature, or `fixed` for a boundary that keeps its temperature."""

    capacity: quantity("J/K") | None = None  # type: ignore[valid-type]
    start: quantity("K") | None = None  # type: ignore[valid-type]
    fixed: quantity("K") | None = None  # type: ignore[valid-type]
    note: str = ""


class LinkTable(Table):
    """[[link]]: heat between two nodes by exactly one of `conductance` (GL), `radiation` (GR) and `flow` (mdot cp, from the
    first into the second). `when`: "always", "docked" or "free" (after undocking).
    """

    name: str
    between: tuple[str, str]
    conductance: quantity("W/K") | None = None  # type: ignore[valid-type]
    radiation: quantity("m**2") | None = None  # type: ignore[valid-type]
    flow: quantity("W/K") | None = None  # type: ignore[valid-type]
    when: Literal["always", "docked", "free"] = "always"
    note: str = ""


class SkinTable(Table):
    """[[skin]]: an outer surface: absorbs Sun and Earth, radiates to `space`. `shadowed` is the share of its surroundings that
    the station takes while docked: no Sun and Earth from there, but exchange with the node `station`.
    """

    node: str
    space: str
    station: str
    area: quantity("m**2")  # type: ignore[valid-type]
    absorptance: quantity("")  # type: ignore[valid-type]
    emittance: quantity("")  # type: ignore[valid-type]
    shadowed: quantity("")  # type: ignore[valid-type]


class CrewRoomTable(Table):
    """[crew_room]: where the crew sits after undocking: air and wall node, `volume`, wall area, film coefficients, first humidity."""

    air: str
    wall: str
    volume: quantity("m**3")  # type: ignore[valid-type]
    wall_area: quantity("m**2")  # type: ignore[valid-type]
    film: quantity("W/m**2/K")  # type: ignore[valid-type]
    body_film: quantity("W/m**2/K")  # type: ignore[valid-type]
    humidity: quantity("")  # type: ignore[valid-type]
    note: str = ""


class ReadingTable(Table):
    """[reading.NAME]: the nodes whose mean a claim about "NAME.temperature_K" speaks of."""

    nodes: tuple[str, ...]


@dataclass(frozen=True)
class NetworkFile:
    """A network as written: `loads` maps equipment name to heat by node; `readings` maps slot to nodes."""

    header: HeaderTable
    nodes: Mapping[str, NodeTable]
    links: tuple[LinkTable, ...]
    skins: tuple[SkinTable, ...]
    loads: Mapping[str, Mapping[str, Given]]
    readings: Mapping[str, tuple[str, ...]]
    crew_room: CrewRoomTable | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The nodes in the order of the file."""
        return tuple(self.nodes)
