"""Where do droplets land, how fast, and still liquid? Flight with drag while they evaporate and freeze, onto the facets.

    dv/dt = (3/8) Cd rho_air |u| u / (rho_d r),   u = wind - v      (thermal sheet, section 11)

mass, temperature and so the radius from one integrated droplet life, its clock stretched in proportion to the diameter.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.contamination.droplet import DropletLife
from whipple.contamination.transport import directions_of
from whipple.errors import RangeError
from whipple.physics.cited import Cited
from whipple.vehicle.sight import rays_for
from whipple.vehicle.surfaces import Surfaces

__all__ = ["Air", "Droplets", "Landing", "cone_of_droplets", "fly_droplets"]

#: Drag coefficient of a sphere in free molecular flow, diffuse return, fast wind.
DRAG_ratio = Cited(2.2, unit="", source="contamination_proposal", grade="recalled")
_GONE_frac, _STEPS = 1e-8, 12


@dataclass(frozen=True)
class Air:
    """The thin air that blows past: `density_kg_m3` and its velocity as seen from the stack `wind_m_s` (3,)."""

    density_kg_m3: float
    wind_m_s: Array


@dataclass(frozen=True)
class Droplets:
    """Droplets at release: `position_m` (n, 3), `velocity_m_s` (n, 3), `diameter_m` (n,), liquid `density_kg_m3`."""

    position_m: Array
    velocity_m_s: Array
    diameter_m: Array
    density_kg_m3: float

    @property
    def mass_kg(self) -> Array:
        """Mass of each droplet at release (n,)."""
        return np.asarray(np.pi / 6 * self.density_kg_m3 * self.diameter_m**3)


@dataclass(frozen=True)
class Landing:
    """What became of each droplet (n,): `facet` it met (-1: none), `time_s` and place of the end, `speed_m_s` and its part into the
    facet `into_m_s`, `mass_frac` of the release left, `temperature_K`, and whether it was frozen. Sums over facets by `onto_kg`.
    """

    facet: npt.NDArray[np.int64]
    time_s: Array
    position_m: Array
    speed_m_s: Array
    into_m_s: Array
    mass_frac: Array
    temperature_K: Array
    frozen: npt.NDArray[np.bool_]

    def onto_kg(self, droplets: Droplets, facet_count: int) -> Array:
        """Mass that lands on each facet (facet_count,) [kg]."""
        there = self.facet >= 0
        landed = (droplets.mass_kg * self.mass_frac)[there]
        return np.asarray(np.bincount(self.facet[there], landed, minlength=facet_count), dtype=float)


def cone_of_droplets(
    source_m: npt.ArrayLike, axis_body: npt.ArrayLike, half_angle_rad: float, speed_m_s: npt.ArrayLike,
    diameter_m: npt.ArrayLike, density_kg_m3: float,
) -> Droplets:  # fmt: skip
    """Droplets spread evenly over a cone from one point; as many as the longer of `speed_m_s` and `diameter_m`.

    >>> spray = cone_of_droplets([0, 0, 0], [0, 0, 1.0], np.radians(20), np.full(500, 9.4), 2e-3, 1000.0)
    >>> bool(np.all(spray.velocity_m_s[:, 2] >= 9.4 * np.cos(np.radians(20)) - 1e-2))
    True
    """
    speed, diameter = np.broadcast_arrays(
        np.atleast_1d(speed_m_s).astype(float), np.atleast_1d(diameter_m).astype(float)
    )
    if not 0 < half_angle_rad <= np.pi or not (diameter > 0).all() or not (speed > 0).all():
        raise RangeError(
            "droplets",
            "half_angle_rad, speed_m_s, diameter_m",
            "a value out of range",
            "an angle up to pi, the others above 0",
        )
    edge = np.cos(half_angle_rad)
    way = directions_of(lambda cosine: (cosine >= edge - 1e-12).astype(float), axis_body, len(speed))
    start = np.broadcast_to(np.asarray(source_m, dtype=float), way.shape)
    return Droplets(np.array(start), way * speed[:, None], np.array(diameter), float(density_kg_m3))


def fly_droplets(
    surfaces: Surfaces, droplets: Droplets, life: DropletLife, of_diameter_m: float, air: Air | None = None, *,
    until_s: float = 60.0, backend: str = "auto",
) -> Landing:  # fmt: skip
    """Fly every droplet until it lands, has gone, or `until_s` has passed, in 12 steps that widen with the square of their number.

    `life` is the life of one droplet of diameter `of_diameter_m`. Paths are chords of the curved flight (within a millimetre or two
    for droplets above 10 um). Orbital mechanics is left out: it bends a path by less than 4 degrees within 60 s. Frozen droplets keep the
    mass with which they froze (an upper bound: ice still thins slowly).
    """
    if not until_s > 0:
        raise RangeError("droplets", "until_s", until_s, "above 0")
    count, rays = len(droplets.diameter_m), rays_for(surfaces, backend)
    facet, ended = np.full(count, -1, dtype=np.int64), np.full(count, until_s)
    place, speed = droplets.position_m.copy(), droplets.velocity_m_s.copy()
    flying = np.arange(count)
    clock = until_s * (np.arange(_STEPS + 1) / _STEPS) ** 2
    for begin, step in zip(clock[:-1], np.diff(clock), strict=True):
        push = _drag_m_s2(droplets, flying, speed[flying], life, of_diameter_m, begin, air)
        chord = speed[flying] * step + push * step**2 / 2
        length = np.linalg.norm(chord, axis=1)
        way = chord / np.maximum(length, 1e-300)[:, None]
        met = rays.first_hit(np.ascontiguousarray(place[flying]), way, length)
        share = _share_to(surfaces, met, place[flying], way, length)
        place[flying] += chord * share[:, None]
        speed[flying] += push * (step * share)[:, None]
        struck = met >= 0
        facet[flying[struck]], ended[flying[struck]] = met[struck], begin + step * share[struck]
        flying = flying[~struck]
        if not len(flying):
            break
    return _landing(surfaces, droplets, life, of_diameter_m, facet, ended, place, speed)


def _landing(
    surfaces: Surfaces, droplets: Droplets, life: DropletLife, of_diameter_m: float, facet: npt.NDArray[np.int64],
    ended: Array, place: Array, speed: Array,
) -> Landing:  # fmt: skip
    left, kelvin, frozen = _state(life, of_diameter_m, droplets.diameter_m, ended)
    facet = np.where(left > _GONE_frac, facet, -1)
    into = -np.einsum("nc,nc->n", speed, surfaces.normal_body[facet])
    return Landing(
        facet,
        ended,
        place,
        np.linalg.norm(speed, axis=1),
        np.where(facet >= 0, np.abs(into), 0.0),
        left,
        kelvin,
        frozen,
    )


def _state(
    life: DropletLife, of_diameter_m: float, diameter_m: Array, time_s: npt.ArrayLike
) -> tuple[Array, Array, npt.NDArray[np.bool_]]:
    """Mass left, temperature and whether frozen, for droplets of these diameters at this time."""
    own = np.asarray(time_s) * of_diameter_m / diameter_m
    left = np.interp(own, life.t_s, life.mass_frac, right=life.mass_frac[-1] if life.freezes else 0.0)
    return left, np.interp(own, life.t_s, life.temperature_K), (own >= life.life_s) & life.freezes


def _drag_m_s2(
    droplets: Droplets, flying: npt.NDArray[np.int64], speed: Array, life: DropletLife, of_diameter_m: float,
    time_s: float, air: Air | None,
) -> Array:  # fmt: skip
    if air is None:
        return np.zeros_like(speed)
    diameter = droplets.diameter_m[flying]
    left, _, _ = _state(life, of_diameter_m, diameter, time_s)
    radius = diameter / 2 * np.maximum(left, _GONE_frac) ** (1 / 3)
    past = np.asarray(air.wind_m_s, dtype=float) - speed
    factor = 0.375 * DRAG_ratio * air.density_kg_m3 * np.linalg.norm(past, axis=1) / (droplets.density_kg_m3 * radius)
    return np.asarray(factor[:, None] * past)


def _share_to(surfaces: Surfaces, met: npt.NDArray[np.int64], place: Array, way: Array, length: Array) -> Array:
    """How much of each chord is flown before the facet it meets (n,): 1 where it meets none."""
    normal = surfaces.normal_body[met]
    corner = surfaces.vertex_m[surfaces.triangle[met, 0]]
    across = np.einsum("nc,nc->n", way, normal)
    reach = np.einsum("nc,nc->n", corner - place, normal) / np.where(across == 0, 1.0, across)
    return np.where(met >= 0, np.clip(reach / np.maximum(length, 1e-300), 0.0, 1.0), 1.0)
