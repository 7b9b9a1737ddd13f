"""The stack of a case: shapes placed in station axes, attitude, mass, and the suspect site with its possible normals."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from whipple.casefile.case import Case
from whipple.casefile.estimate import Z90, Array
from whipple.casefile.given import Given
from whipple.errors import CaseError, Problem
from whipple.physics.frames import body_from_lvlh
from whipple.vehicle.balance import balance_problem
from whipple.vehicle.hygiene import with_backs, without_copies
from whipple.vehicle.placement import Placement, axes_along
from whipple.vehicle.read_vehicle import VehicleFile, read_vehicle
from whipple.vehicle.shape_tables import MeshTable, ModuleTable, PartTable, WallTable
from whipple.vehicle.shapes import Triangles, box, cone, cylinder, plate, sphere, split_large, tube
from whipple.vehicle.stack import Stack
from whipple.vehicle.surfaces import Part, Surfaces

__all__ = ["NORMAL_CLAIM", "build", "site_normals", "surfaces_of"]

#: The claim that says which way the wall at the hole faces.
NORMAL_CLAIM = "hole.normal_azimuth_rad"
#: Possible normals are taken every 15 degrees (the width of one facet of a 24-sided module).
NORMAL_STEP_RAD = np.radians(15.0)


def build(case: Case) -> Stack:
    """The stack of a case, in station body axes. Raises CaseError listing every problem of its shape file."""
    surfaces = surfaces_of(read_vehicle(case.folder, case.vehicle.file))
    site = surfaces.of_part(case.vehicle.site_part)
    if not len(site):
        names = ", ".join(part.name for part in surfaces.parts)
        raise CaseError(
            [
                Problem(
                    "case.toml",
                    "vehicle.site_part",
                    repr(case.vehicle.site_part),
                    f"one of: {names}",
                    "name a part of the shape file",
                )
            ]
        )
    claims = [claim.value for claim in case.evidence(NORMAL_CLAIM) if isinstance(claim.value, Given)]
    normals, shares = site_normals(surfaces, site, claims[0] if claims else None)
    attitude = case.attitude
    return Stack(
        surfaces=surfaces,
        body_from_lvlh=body_from_lvlh(attitude.yaw_rad.value, attitude.pitch_rad.value, attitude.roll_rad.value),
        site_part=case.vehicle.site_part,
        site_m=_spot(surfaces, site, normals[0]),
        site_normal_body=normals,
        site_normal_frac=shares,
        centre_of_mass_m=np.array(case.vehicle.centre_of_mass_m),
        inertia_kg_m2=np.array(case.vehicle.inertia_kg_m2),
        mass_kg=case.vehicle.mass_kg.value,
    )


def site_normals(surfaces: Surfaces, site: npt.NDArray[np.int64], azimuth: Given | None) -> tuple[Array, Array]:
    """The possible outward normals (n, 3) at the hole, best guess first, and their weights (n,).

    With a claim: horizontal normals every 15 degrees over its 90 % range, weighted as its split normal distribution. Without one:
    the normals of the part's facets, weighted by their area; the largest first, of equal ones the one that looks away from the
    middle of the vehicle.
    """
    if azimuth is None:
        directions, which = np.unique(surfaces.normal_body[site].round(6), axis=0, return_inverse=True)
        area = np.bincount(which.reshape(-1), surfaces.area_m2[site])
        middle = np.average(surfaces.centroid_m, axis=0, weights=surfaces.area_m2)
        away = np.array([normal @ (_spot(surfaces, site, normal) - middle) for normal in directions])
        order = np.lexsort((-away, -area.round(9)))
        return directions[order], area[order] / area.sum()
    steps = np.arange(
        np.ceil((azimuth.low - azimuth.value) / NORMAL_STEP_RAD - 1e-9),
        np.floor((azimuth.high - azimuth.value) / NORMAL_STEP_RAD + 1e-9) + 1,
    )
    offset = np.array(sorted(steps, key=lambda step: (abs(step), step))) * NORMAL_STEP_RAD
    sigma = np.where(offset > 0, azimuth.high - azimuth.value, azimuth.value - azimuth.low) / Z90
    weight = np.exp(-0.5 * (offset / np.where(sigma > 0, sigma, 1.0)) ** 2)
    turned = azimuth.value + offset
    return np.column_stack([np.cos(turned), np.sin(turned), np.zeros(len(turned))]), weight / weight.sum()


def _spot(surfaces: Surfaces, site: npt.NDArray[np.int64], normal_body: Array) -> Array:
    """The area centroid of the site's facets that face the normal best."""
    cosine = surfaces.normal_body[site] @ normal_body
    facing = site[cosine > cosine.max() - 1e-6]
    middle: Array = np.average(surfaces.centroid_m[facing], axis=0, weights=surfaces.area_m2[facing])
    return middle


def surfaces_of(vehicle: VehicleFile) -> Surfaces:
    """Every part and mesh group of a shape file as triangles in station axes, split to their facet size.

    Open meshes are checked once more when placed: CaseError where exposed area and shadow do not balance (mixed winding, doubled sheets).
    """
    frames: dict[str, Placement] = {}
    for module in vehicle.module:
        frames[module.name] = _frame(module, frames)
    walls = {wall.name: wall for wall in vehicle.wall}
    largest = vehicle.about.facet_m2.value if vehicle.about else np.inf
    placed: list[tuple[Part, Triangles]] = []
    for part in vehicle.part:
        shape = split_large(_shape_of(part), part.facet_m2.value if part.facet_m2 else largest)
        own = Placement(axes_along(part.axis, part.clock_rad.value), _point(part.position))
        placed.append((_part(part.name, part, walls[part.wall]), _moved(shape, own.within(frames[part.module]))))
    for mesh in vehicle.mesh:
        frame = Placement(np.eye(3), _point(mesh.position)).within(frames[mesh.module])
        for group, shape in vehicle.shapes[mesh.name].groups.items():
            whole = split_large(without_copies(shape), mesh.facet_m2.value if mesh.facet_m2 else largest)
            ready = whole if mesh.closed else with_backs(whole)
            if len(ready.triangle):
                placed.append((_part(f"{mesh.name}.{group}", mesh, walls[mesh.wall]), _moved(ready, frame)))
    surfaces = _joined(placed)
    opened = [mesh.file for mesh in vehicle.mesh if not mesh.closed]
    problem = balance_problem(surfaces, ", ".join(opened)) if opened else None
    if problem is not None:
        raise CaseError([problem])
    return surfaces


def _joined(placed: list[tuple[Part, Triangles]]) -> Surfaces:
    starts = np.cumsum([0] + [len(shape.vertex_m) for _, shape in placed])
    faces = np.vstack([shape.triangle + start for (_, shape), start in zip(placed, starts, strict=False)])
    index = np.repeat(np.arange(len(placed)), [len(shape.triangle) for _, shape in placed])
    return Surfaces.from_triangles(
        np.vstack([shape.vertex_m for _, shape in placed]), faces, index, [part for part, _ in placed]
    )


def _moved(shape: Triangles, frame: Placement) -> Triangles:
    return Triangles(frame.carry(shape.vertex_m), shape.triangle)


def _point(position: tuple[Given, Given, Given]) -> Array:
    return np.array([one.value for one in position])


def _frame(module: ModuleTable, frames: dict[str, Placement]) -> Placement:
    own = Placement(axes_along(module.axis, module.clock_rad.value), _point(module.position))
    return own.within(frames[module.parent]) if module.parent else own


def _part(name: str, table: PartTable | MeshTable, wall: WallTable) -> Part:
    return Part(
        name, table.module, wall.material, wall.thickness_m.value, wall.bumper_m.value, wall.standoff_m.value,
        wall.absorptance_frac.value, wall.emittance_frac.value, wall.temperature_K.value, table.source, table.tracks_sun,
    )  # fmt: skip


def _shape_of(part: PartTable) -> Triangles:
    """The triangles of a part in its own axes, not yet split."""
    length, diameter, end, thickness = (
        given.value if given else 0.0
        for given in (part.length_m, part.diameter_m, part.end_diameter_m, part.thickness_m)
    )
    size = [given.value for given in part.size_m or ()]
    closed = part.ends == "closed"
    makers = {
        "cylinder": lambda: cylinder(length, diameter, part.segments, closed=closed),
        "cone": lambda: cone(length, diameter, end, part.segments, closed=closed),
        "sphere": lambda: sphere(diameter, part.segments),
        "box": lambda: box(size),
        "plate": lambda: plate(size, thickness),
        "disc": lambda: cylinder(thickness, diameter, part.segments),
        "tube": lambda: tube(length, diameter, thickness, part.segments),
    }
    return makers[part.shape]()
