"""[[loop]]: a fluid loop that may leak."""

from __future__ import annotations

from pydantic import Field

from whipple.casefile.given import quantity
from whipple.casefile.tables.table import Table

__all__ = ["LoopTable"]


class LoopTable(Table):
    """[[loop]]: inventory, pressure and accumulator. `gas_volume` is the accumulator's gas at charge, `pushed_volume` the liquid it can push.

    `pipe` (optional) is the bore of the pipe or tube that leaks: the hole cannot be wider.
    """

    name: str
    fluid: str
    inventory_m3: quantity("m**3") = Field(alias="inventory")  # type: ignore[valid-type]
    pressure_Pa: quantity("Pa") = Field(alias="pressure")  # type: ignore[valid-type]
    temperature_K: quantity("K") = Field(alias="temperature")  # type: ignore[valid-type]
    gas_volume_m3: quantity("m**3") = Field(alias="gas_volume")  # type: ignore[valid-type]
    pushed_volume_m3: quantity("m**3") = Field(alias="pushed_volume")  # type: ignore[valid-type]
    discharge_coefficient: quantity("")  # type: ignore[valid-type]
    velocity_coefficient: quantity("")  # type: ignore[valid-type]
    residue_frac: quantity("") = Field(alias="residue")  # type: ignore[valid-type]
    pipe_m: quantity("m") | None = Field(alias="pipe", default=None)  # type: ignore[valid-type]
    source: str
