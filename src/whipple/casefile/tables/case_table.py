"""[case], [orbit], [attitude], [vehicle], [crew]: what, where and who."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from whipple.casefile.given import Given, quantity
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


class ManoeuvreTable(Table):
    """[[orbit.manoeuvre]]: an orbit change; element sets on its far side may not be propagated across it."""

    at: Moment
    note: str
    source: str


class OrbitTable(Table):
    """[orbit]: `elements` is a file of two-line element sets; `valid_days` how far from a set's epoch it may be used.

    `catalogue`: a file of element sets (TLE, or OMM as XML, KVN, JSON, CSV) of everything tracked, to be screened.
    `debris_tensors`: a file of `whipple debris clouds`; then debris is small debris and fragmentation clouds instead of NASA91.
    """

    elements: str
    catalogue_number: int | None = None
    catalogue: str = ""
    debris_tensors: str = ""
    valid_days: float = 5.0
    manoeuvre: tuple[ManoeuvreTable, ...] = ()
    source: str


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
    """

    file: str
    ship: str
    site_part: str
    site_wall_m: quantity("m") = Field(alias="site_wall")  # type: ignore[valid-type]
    site_area_m2: quantity("m**2") = Field(alias="site_area")  # type: ignore[valid-type]
    site_material: str
    mass_kg: quantity("kg") = Field(alias="mass")  # type: ignore[valid-type]
    centre_of_mass: tuple[str, str, str]
    centre_of_mass_m: tuple[float, float, float] = (0.0, 0.0, 0.0)
    centre_of_mass_spread_m: quantity("m") = Field(alias="centre_of_mass_spread")  # type: ignore[valid-type]
    inertia_kg_m2: tuple[tuple[float, float, float], tuple[float, float, float], tuple[float, float, float]]
    gyro_capacity_Nms: tuple[quantity("N*m*s"), ...] = Field(alias="gyro_capacity")  # type: ignore[valid-type]
    source: str


class CrewTable(Table):
    """[crew]: how many people depend on the ship."""

    count: int
    seats: int
    metabolic_W: quantity("W") = Field(alias="metabolic")  # type: ignore[valid-type]
    source: str
