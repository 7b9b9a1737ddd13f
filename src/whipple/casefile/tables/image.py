"""[[image]]: one picture of the damage."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from whipple.casefile.given import Given, quantity
from whipple.casefile.tables.table import Moment, Table

__all__ = ["ImageTable", "STEEPEST_rad"]

#: The steepest angle of view: beyond, a hole is a line.
STEEPEST_rad = 1.4


class ImageTable(Table):
    """[[image]]: a picture with a scale reference: `scale_length` spans `scale_px` pixels (both needed for a size).

    `hole_px` is a point inside the hole; `incidence` the angle between line of sight and surface normal; `distance` the way from the camera
    to the hole; `plane_offset` by how much the scale feature lies farther from the camera than the hole (nearer: below zero).
    `scale_along`: does the feature lie along the axis about which the surface is tilted (its length shows in full), along the tilt
    (shortened by the cosine), or is that unknown?
    `lens`: "calibrated", "self-calibrated", "none" (a rendered pinhole) or "unknown".
    """

    name: str
    file: str
    part: str
    hole_px: tuple[float, float] | None = None
    scale_px: float | None = Field(default=None, gt=0.0)
    scale_length_m: quantity("m", 0.0, zero=False) | None = Field(alias="scale_length", default=None)  # type: ignore[valid-type]
    incidence_rad: quantity("rad", 0.0, STEEPEST_rad) = Field(alias="incidence", default=Given(0.0, 0.0, 0.0, "rad"))  # type: ignore[valid-type]
    plane_offset_m: quantity("m") = Field(alias="plane_offset", default=Given(0.0, 0.0, 0.0, "m"))  # type: ignore[valid-type]
    distance_m: quantity("m", 0.0, zero=False) | None = Field(alias="distance", default=None)  # type: ignore[valid-type]
    scale_along: Literal["tilt axis", "tilt", "unknown"] = "unknown"
    lens: Literal["calibrated", "self-calibrated", "none", "unknown"] = "unknown"
    simulated: bool = False
    known: Moment
    source: str
    note: str = ""
