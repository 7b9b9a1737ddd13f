"""The vehicle as the rooms see it: surfaces, mass properties, attitude, the suspect site, and what sees what."""

from __future__ import annotations

from dataclasses import dataclass

from whipple.casefile.estimate import Array
from whipple.vehicle.surfaces import Surfaces

__all__ = ["Stack"]


@dataclass(frozen=True)
class Stack:
    """The stack in station body axes; `body_from_lvlh` (3, 3) turns LVLH components into body components.

    `site_m` (3,) the best-guess hole position, `site_normal_body` (n, 3) its possible outward normals (best guess first) and
    `site_normal_frac` (n,) their weights. `centre_of_mass_m` (3,), `inertia_kg_m2` (3, 3) about it, `mass_kg` median.
    """

    surfaces: Surfaces
    body_from_lvlh: Array
    site_part: str
    site_m: Array
    site_normal_body: Array
    site_normal_frac: Array
    centre_of_mass_m: Array
    inertia_kg_m2: Array
    mass_kg: float
