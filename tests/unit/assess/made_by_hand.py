"""Vehicles and skies made by hand, for every test of the look ahead."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np

import whipple
from whipple.assessment import laws_of
from whipple.casefile.case import Case
from whipple.casefile.findings.sky import Sky, Stream
from whipple.casefile.read_case import read_case
from whipple.environment import what_was_there
from whipple.environment.grid import sky_grid
from whipple.exposure.look_ahead import look_ahead
from whipple.exposure.phases import Phase, Skies
from whipple.exposure.read_plan import Plan
from whipple.vehicle.shapes import Triangles, box
from whipple.vehicle.stack import Stack
from whipple.vehicle.surfaces import Part, Surfaces

FLUX = 4e-6
MASS = np.array([1e-12, 1e-9, 1e-6, 1e-3, 1.0])
NUMBER = np.array([1e4, 1e2, 1.0, 1e-3, 1e-6])
SPEED = np.array([10_000.0])
NO_MOVE = Plan()


@cache
def case() -> Case:
    return read_case(Path(whipple.__file__).parent / "cases" / "soyuz-ms22")


@cache
def sky_of_case() -> Sky:
    """The sky of that case, found once."""
    return what_was_there(case())


def part(name: str = "cube", wall_m: float = 1e-3, material: str = "AMg6", **more) -> Part:
    return Part(
        name, name, material, wall_m, more.get("bumper_m", 0.0), more.get("standoff_m", 0.0), 0.5, 0.5, 290.0, "none"
    )


def placed(size, at=(0.0, 0.0, 0.0)) -> Triangles:
    shape = box(list(size))
    return Triangles(shape.vertex_m + np.asarray(at), shape.triangle)


def stack(shapes, parts) -> Stack:
    starts = np.cumsum([0] + [len(shape.vertex_m) for shape in shapes])
    faces = np.vstack([shape.triangle + start for shape, start in zip(shapes, starts, strict=False)])
    index = np.repeat(np.arange(len(shapes)), [len(shape.triangle) for shape in shapes])
    surfaces = Surfaces.from_triangles(np.vstack([shape.vertex_m for shape in shapes]), faces, index, parts)
    return Stack(
        surfaces, np.eye(3), parts[0].name, np.zeros(3), np.eye(3)[:1], np.ones(1), np.zeros(3), np.eye(3), 1.0
    )


def cube(**more) -> Stack:
    return stack([placed((1.0, 1.0, 1.0))], [part(**more)])


def stream(name="isotropic", flux=None, level=1.0, kind="sporadic", density=(2800.0,)) -> Stream:
    """By default 4e-6 particles per m2 of cross-section and second above 1e-6 kg, the same from everywhere, at 10 km/s."""
    if flux is None:
        solid = sky_grid().solid_angle_sr
        flux = FLUX * (solid / solid.sum())[:, None]
    share = np.full(len(density), 1 / len(density))
    return Stream(name, kind, name, flux, 1e-6, MASS, NUMBER, np.array(density), share, level, ("m",), ("recalled",))


def beam(direction, name="beam", **more) -> Stream:
    flux = np.zeros((len(sky_grid().direction_lvlh), 1))
    flux[sky_grid().cell_of(np.asarray(direction, dtype=float)), 0] = FLUX
    return stream(name, flux, **more)


def phase(streams, share=1.0, sun=(1.0, 0.0, 0.0), turn=None, t_s=0.0) -> Phase:
    attitude = np.eye(3) if turn is None else turn
    return Phase(share, t_s, 1.0, np.asarray(sun, dtype=float), attitude, tuple(streams))


def skies(*streams, phases=None, duration_s=1.0, ends=()) -> Skies:
    chosen = streams or (stream(),)
    made = phases or (phase(chosen),)
    return Skies(sky_grid().direction_lvlh, SPEED, tuple(made), tuple(chosen), True, duration_s, 1, ends)


def assessed(vehicle: Stack, sky: Skies, plan: Plan = NO_MOVE):
    return look_ahead(case(), vehicle, sky, plan, laws_of)
