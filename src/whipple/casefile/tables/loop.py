"""[[loop]]: a fluid loop that may leak."""

from __future__ import annotations

from pydantic import Field

from whipple.casefile.given import quantity
from whipple.casefile.tables.table import Table

__all__ = ["LoopTable"]


class LoopTable(Table):
    """[[loop]]: inventory, pressure and accumulator. `gas_volume` is the accumulator's gas at charge, `pushed_volume` the liquid it can push.

    `pipe` (optional) is the bore of the pipe or tube that leaks: the hole cannot be wider. `reaction_force`, or `reaction_torque` with
    `reaction_arm` (optional), is what the vehicle felt at the onset: an absolute datum for the hole. `carriers` (optional) are the
    parts or modules of the shape file that carry this loop: where it may leak, if the gyros' momentum is to tell the place; without them the
    ship's parts but its array wings.
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
    reaction_force_N: quantity("N") | None = Field(alias="reaction_force", default=None)  # type: ignore[valid-type]
    reaction_torque_Nm: quantity("N*m") | None = Field(alias="reaction_torque", default=None)  # type: ignore[valid-type]
    reaction_arm_m: quantity("m") | None = Field(alias="reaction_arm", default=None)  # type: ignore[valid-type]
    carriers: tuple[str, ...] = ()
    source: str
