"""What may a person write in assess.toml? [assess], [[moving]], [[wall]], [[acceptance]]: what a look ahead needs beside the case."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from whipple.casefile.given import Given, quantity
from whipple.casefile.tables.names import Names, SomeNames
from whipple.casefile.tables.outburst import OutburstTable
from whipple.casefile.tables.table import Table
from whipple.casefile.tables.wall_layers import WallLayersTable

__all__ = ["AcceptanceTable", "AssessTable", "MovingTable", "WallOverrideTable"]

_NOWHERE = (Given(0.0, 0.0, 0.0, "m"),) * 3
_ZERO_M = Given(0.0, 0.0, 0.0, "m")
_FIVE_DEG = Given(0.08726646259971647, 0.08726646259971647, 0.08726646259971647, "rad")


class AssessTable(Table):
    """[assess]: how long the vehicle is exposed, how many stretches a revolution is cut into, and an attitude history (CCSDS AEM).

    `duration` left out: from `exposed_since` to the epoch of the case. `positions` is 1 to 240 stretches. `body_frame` is the name that
    the attitude file gives the station body axes; "" accepts any SC_BODY name. `ray_noise` is the noise (1 sigma, a share of each part's
    expected punctures) that rays are cast down to. `meteoroids` are results folders (or files) of MEM 3 runs for this orbit, at rising masses,
    in place of the sporadic model; `debris_table` is an ORDEM 3 SIZEFLUX_SC.OUT in place of the debris model, and `debris_meaning` what its
    flux is per: "cross-section" or "plate". Each stands in the place of what [orbit] of case.toml names. `outburst`: outbursts of showers
    beside those of [orbit] and of the table of reported ones.
    """

    duration_s: quantity("s") | None = Field(alias="duration", default=None)  # type: ignore[valid-type]
    positions: int = Field(default=24, ge=1, le=240)
    attitude_history: str = ""
    body_frame: str = ""
    ray_noise_frac: float = Field(alias="ray_noise", default=0.01, ge=0.001, le=0.2)
    meteoroids: Names = ()
    debris_table: str = ""
    debris_meaning: Literal["", "cross-section", "plate"] = ""
    outburst: tuple[OutburstTable, ...] = ()
    source: str = ""


class MovingTable(Table):
    """[[moving]]: parts that turn about an axis. `parts` are names of the shape file, with * for any text.

    `axis` and `point` (where the axis passes) in station body axes as drawn; `facing` the side that is turned to the Sun, in the same axes.
    `rides_on` names another [[moving]] written above, whose turn carries this one. `step` is how finely angles are told apart.
    """

    name: str
    parts: SomeNames
    axis: tuple[float, float, float] | None = None
    point_m: tuple[quantity("m"), quantity("m"), quantity("m")] = Field(alias="point", default=_NOWHERE)  # type: ignore[valid-type]
    facing: tuple[float, float, float] | None = None
    rides_on: str = ""
    step_rad: quantity("rad") = Field(alias="step", default=_FIVE_DEG)  # type: ignore[valid-type]
    source: str
    note: str = ""


class WallOverrideTable(Table):
    """[[wall]]: the wall of some parts, where it is better known than the shape file says. `shield` names a published shield as a whole.

    `kind` is any sort of wall that a ballistic limit speaks for, as `whipple impact layers` names them ("stuffed Whipple shield"), with the
    layers it needs in [wall.layers]; left out, a single wall, or a Whipple shield where there is a bumper.
    """

    parts: SomeNames
    material: str = ""
    thickness_m: quantity("m", 0.0) = Field(alias="thickness", default=_ZERO_M)  # type: ignore[valid-type]
    bumper_m: quantity("m", 0.0) = Field(alias="bumper", default=_ZERO_M)  # type: ignore[valid-type]
    standoff_m: quantity("m", 0.0) = Field(alias="standoff", default=_ZERO_M)  # type: ignore[valid-type]
    shield: str = ""
    kind: str = ""
    layers: WallLayersTable = WallLayersTable()
    source: str
    note: str = ""


class AcceptanceTable(Table):
    """[[acceptance]]: a probability of no penetration that these parts together must reach over the duration."""

    name: str
    parts: SomeNames
    pnp_prob: float = Field(alias="pnp", gt=0.0, lt=1.0)
    source: str
    note: str = ""
