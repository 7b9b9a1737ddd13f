"""[case], [orbit], [attitude], [vehicle], [crew]: what, where and who."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Self

from pydantic import Field, ValidationInfo, field_validator, model_validator

from whipple.casefile.given import Given, quantity
from whipple.casefile.mistake import wrong
from whipple.casefile.tables.names import Names
from whipple.casefile.tables.outburst import OutburstTable
from whipple.casefile.tables.table import Moment, Table

__all__ = ["AttitudeTable", "CaseTable", "CrewTable", "ManoeuvreTable", "OrbitTable", "VehicleTable"]


class CaseTable(Table):
    """[case]: `epoch` is time zero of the investigation; `exposed_since` when the vehicle was first exposed (for expected counts)."""

    name: str
    title: str
    epoch: Moment
    exposed_since: Moment
    summary: str = ""
    seed: int = 20221215
    source: str

    @field_validator("exposed_since")
    @classmethod
    def _exposed(cls, since: datetime, other: ValidationInfo) -> datetime:
        epoch = other.data.get("epoch")
        if epoch is not None and not since < epoch:
            found = f"exposed_since = {since.isoformat()}, epoch = {epoch.isoformat()}"
            raise wrong(found, "exposed_since before epoch", "give the launch, or since when the part was exposed")
        return since


class ManoeuvreTable(Table):
    """[[orbit.manoeuvre]]: an orbit change; element sets on its far side may not be propagated across it."""

    at: Moment
    note: str
    source: str


class OrbitTable(Table):
    """[orbit]: `elements` is a file of two-line element sets; `valid_days` how far from a set's epoch it may be used.

    `catalogue`: a file of element sets (TLE, or OMM as XML, KVN, JSON, CSV) of everything tracked, to be screened.
    `debris_tensors`: a file of `whipple debris clouds`; then debris is small debris and fragmentation clouds instead of NASA91.
    `meteoroids`: results folders (or files) of MEM 3 runs for this orbit, at rising masses, in place of the sporadic model; `debris_table`: an
    ORDEM 3 SIZEFLUX_SC.OUT in place of the debris model, and `debris_meaning` what its flux is per: "cross-section" or "plate".
    `outburst`: outbursts of showers beside those of the table of reported ones.
    """

    elements: str
    catalogue_number: int | None = None
    catalogue: str = ""
    debris_tensors: str = ""
    meteoroids: Names = ()
    debris_table: str = ""
    debris_meaning: Literal["", "cross-section", "plate"] = ""
    valid_days: float = Field(default=5.0, gt=0.0)
    manoeuvre: tuple[ManoeuvreTable, ...] = ()
    outburst: tuple[OutburstTable, ...] = ()
    source: str

    @model_validator(mode="after")
    def _one_debris(self) -> Self:
        if bool(self.debris_table) != bool(self.debris_meaning):
            found = f"debris_table = {self.debris_table!r}, debris_meaning = {self.debris_meaning!r}"
            expected = "both or none: what the flux of the table is per is nowhere in it"
            raise wrong(
                found, expected, 'write debris_meaning = "cross-section" or "plate"; a mistake is a factor of four'
            )
        if self.debris_table and self.debris_tensors:
            raise wrong("debris_table and debris_tensors", "one of them: either is all the debris", "leave one out")
        return self


class AttitudeTable(Table):
    """[attitude]: by name, with yaw, pitch, roll (about Z, Y, X in that order, LVLH to body)."""

    name: str = "+XVV +ZLV"
    order: Literal["yaw-pitch-roll"] = "yaw-pitch-roll"
    yaw_rad: quantity("rad") = Field(alias="yaw", default=Given(0.0, 0.0, 0.0, "rad"))  # type: ignore[valid-type]
    pitch_rad: quantity("rad") = Field(alias="pitch", default=Given(0.0, 0.0, 0.0, "rad"))  # type: ignore[valid-type]
    roll_rad: quantity("rad") = Field(alias="roll", default=Given(0.0, 0.0, 0.0, "rad"))  # type: ignore[valid-type]
    source: str


class VehicleTable(Table):
    """[vehicle]: the shape file and the mass properties of the whole stack; positions in station body axes (X fwd, Y stbd, Z nadir).

    `ship` is the module of the shape file that leaks; `site_part` the suspect part; `gyro_capacity` every published total capacity.
    `site_wall` is the wall of the suspect part in every room, before the thickness of the shape file.
    """

    file: str
    ship: str
    site_part: str
    site_wall_m: quantity("m", 0.0, zero=False) = Field(alias="site_wall")  # type: ignore[valid-type]
    site_area_m2: quantity("m**2", 0.0, zero=False) = Field(alias="site_area")  # type: ignore[valid-type]
    site_material: str
    mass_kg: quantity("kg", 0.0, zero=False) = Field(alias="mass")  # type: ignore[valid-type]
    centre_of_mass: tuple[str, str, str]
    centre_of_mass_m: tuple[float, float, float] = (0.0, 0.0, 0.0)
    centre_of_mass_spread_m: quantity("m") = Field(alias="centre_of_mass_spread")  # type: ignore[valid-type]
    inertia_kg_m2: tuple[tuple[float, float, float], tuple[float, float, float], tuple[float, float, float]]
    gyro_capacity_Nms: tuple[quantity("N*m*s", 0.0), ...] = Field(alias="gyro_capacity")  # type: ignore[valid-type]
    source: str


class CrewTable(Table):
    """[crew]: how many people depend on the ship."""

    count: int = Field(ge=0)
    seats: int = Field(ge=0)
    metabolic_W: quantity("W", 0.0, zero=False) = Field(alias="metabolic")  # type: ignore[valid-type]
    source: str
