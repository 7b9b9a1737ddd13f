"""[[channel]]: one telemetry signal, wherever it is stored."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from whipple.casefile.given import Given, quantity
from whipple.casefile.tables.table import Table

__all__ = ["ChannelTable"]


class ChannelTable(Table):
    """[[channel]]: `column` of `file` (CSV, HDF5, netCDF, Parquet or a folder of it) against `time_column`.

    Time is ISO 8601 UTC, or seconds since the epoch. `unit` is the unit in the file. `measures` says what it is; `loop` ties it to a
    [[loop]]; `data_path` names the multiplexer or bus it shares. `equivalence` is the change (in `unit`) below which the channel counts as unchanged.
    `quiet_file` (optional) is an earlier record of the same columns, known to be quiet, 12 to 24 h long: the detectors learn on it.
    `measures = "momentum"` is the angular momentum held in the gyros: three channels, whose `component` is x, y and z in station body axes.
    """

    name: str
    file: str
    column: str
    time_column: str = "time"
    unit: str
    measures: Literal["pressure", "temperature", "current", "voltage", "flow", "level", "rate", "momentum", "other"]
    component: Literal["", "x", "y", "z"] = ""
    loop: str = ""
    data_path: str = ""
    equivalence: float | None = Field(default=None, ge=0.0)
    resolution: float | None = Field(default=None, ge=0.0)
    bias_Pa: quantity("Pa") = Field(alias="bias", default=Given(0.0, 0.0, 0.0, "Pa"))  # type: ignore[valid-type]
    simulated: bool = False
    quiet_file: str = ""
    source: str
