"""[thermal]: the node network of the ship and the scenarios to run."""

from __future__ import annotations

from pydantic import Field

from whipple.casefile.given import quantity
from whipple.casefile.tables.table import Table

__all__ = ["ScenarioTable", "ThermalTable"]


class ScenarioTable(Table):
    """[[thermal.scenario]]: who is aboard, docked or free, for how long, with which heat loads (names of the network file)."""

    name: str
    crew: int = Field(ge=0)
    docked: bool
    duration_s: quantity("s", 0.0, zero=False) = Field(alias="duration")  # type: ignore[valid-type]
    equipment: str
    note: str = ""


class ThermalTable(Table):
    """[thermal]: `file` is the network (nodes, conductances, loads, each with a range and a source)."""

    file: str
    scenario: tuple[ScenarioTable, ...] = ()
    source: str
