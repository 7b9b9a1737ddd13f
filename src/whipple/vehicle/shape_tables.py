"""What may a person write in vehicle.toml? [vehicle], [[wall]], [[module]], [[part]], [[mesh]]."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from whipple.casefile.given import Given, quantity
from whipple.casefile.mistake import wrong
from whipple.casefile.problems import near_match
from whipple.casefile.tables.table import Table
from whipple.physics.materials import MATERIALS, find_material

__all__ = ["DIMENSIONS", "MeshTable", "ModuleTable", "PartTable", "ShapeFileTable", "WallTable"]

#: What each shape needs, by the keys of [[part]].
DIMENSIONS: dict[str, tuple[str, ...]] = {
    "cylinder": ("length", "diameter"),
    "cone": ("length", "diameter", "end_diameter"),
    "sphere": ("diameter",),
    "box": ("size",),
    "plate": ("size", "thickness"),
    "disc": ("diameter", "thickness"),
    "tube": ("length", "diameter", "thickness"),
}
_NOWHERE = (Given(0.0, 0.0, 0.0, "m"),) * 3
_ZERO_RAD = Given(0.0, 0.0, 0.0, "rad")
_ZERO_M = Given(0.0, 0.0, 0.0, "m")


class ShapeFileTable(Table):
    """[vehicle]: a title, and `facet_area`, the largest triangle unless a part says otherwise."""

    title: str
    facet_m2: quantity("m**2") = Field(alias="facet_area")  # type: ignore[valid-type]
    source: str
    note: str = ""


class WallTable(Table):
    """[[wall]]: a stack-up and its optics, used by name. `thickness`, `bumper`, `standoff` are "0 mm" where unknown or absent.

    A wall with a thickness is of a material that `whipple impact limit` knows; one without may say in words what it is.
    """

    name: str
    material: str
    thickness_m: quantity("m", 0.0) = Field(alias="thickness", default=_ZERO_M)  # type: ignore[valid-type]
    bumper_m: quantity("m", 0.0) = Field(alias="bumper", default=_ZERO_M)  # type: ignore[valid-type]
    standoff_m: quantity("m", 0.0) = Field(alias="standoff", default=_ZERO_M)  # type: ignore[valid-type]
    absorptance_frac: quantity("") = Field(alias="absorptance")  # type: ignore[valid-type]
    emittance_frac: quantity("") = Field(alias="emittance")  # type: ignore[valid-type]
    temperature_K: quantity("K") = Field(alias="temperature")  # type: ignore[valid-type]
    source: str

    @model_validator(mode="after")
    def _of_a_known_material(self) -> Self:
        if self.thickness_m.value > 0 and find_material(self.material) is None:
            otherwise = 'use the nearest listed alloy and say so, or thickness = "0 mm" where the wall is not known'
            remedy = near_match(self.material, MATERIALS, otherwise)
            raise wrong(f"material = {self.material!r}", f"one of {', '.join(MATERIALS)}", remedy)
        return self


class ModuleTable(Table):
    """[[module]]: a frame. `position` is its origin (the port) in the parent's axes, `axis` the way its x axis points, `clock` the turn about it.

    The root's parent is "" and its axes are the station's: X forward, Y starboard, Z nadir.
    """

    name: str
    parent: str = ""
    position: tuple[quantity("m"), quantity("m"), quantity("m")] = _NOWHERE  # type: ignore[valid-type]
    axis: tuple[float, float, float] = (1.0, 0.0, 0.0)
    clock_rad: quantity("rad") = Field(alias="clock", default=_ZERO_RAD)  # type: ignore[valid-type]
    source: str
    note: str = ""


class PartTable(Table):
    """[[part]]: one shape in its module's axes.

    `position` is the centre of a sphere, box or plate and the near end of the others; `axis` the long axis, or the normal of a
    plate or disc. `size` is x, y, z of a box; y, z of a plate. `ends = "open"` leaves a cylinder or cone without its end faces.
    """

    name: str
    module: str
    shape: Literal["cylinder", "cone", "sphere", "box", "plate", "disc", "tube"]
    position: tuple[quantity("m"), quantity("m"), quantity("m")] = _NOWHERE  # type: ignore[valid-type]
    axis: tuple[float, float, float] = (1.0, 0.0, 0.0)
    clock_rad: quantity("rad") = Field(alias="clock", default=_ZERO_RAD)  # type: ignore[valid-type]
    length_m: quantity("m") | None = Field(alias="length", default=None)  # type: ignore[valid-type]
    diameter_m: quantity("m") | None = Field(alias="diameter", default=None)  # type: ignore[valid-type]
    end_diameter_m: quantity("m") | None = Field(alias="end_diameter", default=None)  # type: ignore[valid-type]
    thickness_m: quantity("m") | None = Field(alias="thickness", default=None)  # type: ignore[valid-type]
    size_m: tuple[quantity("m"), ...] | None = Field(alias="size", default=None)  # type: ignore[valid-type]
    segments: int = Field(default=16, ge=6, le=360)
    ends: Literal["closed", "open"] = "closed"
    facet_m2: quantity("m**2") | None = Field(alias="facet_area", default=None)  # type: ignore[valid-type]
    wall: str
    tracks_sun: bool = False
    source: str
    note: str = ""


class MeshTable(Table):
    """[[mesh]]: triangles from a file (OBJ, STL, PLY, GLB), each group a part named `name.group`.

    `units` is the file's length unit. `axes` says which file axis gives the module's X, Y, Z, e.g. ["+x", "+z", "+y"], and `handedness`
    that of the file's own axes: the two must agree. `closed = false` accepts open sheets: both sides of every triangle then count.
    """

    name: str
    module: str
    file: str
    units: Literal["m", "cm", "mm", "in", "ft"]
    axes: tuple[str, str, str]
    handedness: Literal["right", "left"]
    position: tuple[quantity("m"), quantity("m"), quantity("m")] = _NOWHERE  # type: ignore[valid-type]
    closed: bool = True
    facet_m2: quantity("m**2") | None = Field(alias="facet_area", default=None)  # type: ignore[valid-type]
    wall: str
    tracks_sun: bool = False
    source: str
    note: str = ""
