"""What the Earth's gravity and body do to a particle on its way in: bending, speeding up, focusing, blocking.

Every particle follows a Kepler hyperbola; phase-space density is constant along it (Liouville). Equations: environment sheet
sections 2.2 and 2.3. The gravity of third bodies and the planet's flattening are left out. Any planet: `planet=` names the mass
that bends and the radius that blocks; the Earth if nothing is said.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from whipple.physics.cited import Cited
from whipple.physics.constants import ATMOSPHERE_m, EARTH_RADIUS_m, MU_EARTH_m3_s2

__all__ = [
    "EARTH",
    "MARS",
    "MOON",
    "Planet",
    "asymptote",
    "beam_flux_ratio",
    "blocked",
    "density_ratio",
    "escape_speed_m_s",
    "incoming_velocity_m_s",
]

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Planet:
    """The body in the middle: what bends (`mu_m3_s2`) and what blocks (`blocking_radius_m`, atmosphere included)."""

    name: str
    mu_m3_s2: float
    blocking_radius_m: float


EARTH = Planet("Earth", float(MU_EARTH_m3_s2), float(EARTH_RADIUS_m + ATMOSPHERE_m))
#: No atmosphere: the surface blocks. The 100 km of the Martian atmosphere follow the rule of ECSS for the Earth.
MOON = Planet(
    "Moon",
    Cited(4.9028e12, unit="m^3/s^2", source="iau2015_bodies", grade="recalled"),
    Cited(1_737_400.0, unit="m", source="iau2015_bodies", grade="recalled"),
)
MARS = Planet(
    "Mars",
    Cited(4.282837e13, unit="m^3/s^2", source="iau2015_bodies", grade="recalled"),
    Cited(3_496_200.0, unit="m", source="iau2015_bodies", grade="recalled"),
)
#: Next to the point opposite the radiant a beam has no single direction; it is blocked there in any case.
_ANTIPODE = 1e-9


def escape_speed_m_s(radius_m: npt.ArrayLike, planet: Planet = EARTH) -> Array:
    """The local escape speed at a distance from the planet's centre: sqrt(2 mu / r).

    >>> round(float(escape_speed_m_s(6778e3)))
    10845
    >>> round(float(escape_speed_m_s(1737.4e3, MOON)))
    2376
    """
    return np.sqrt(2 * planet.mu_m3_s2 / np.asarray(radius_m, dtype=float))


def _half_spread(cosine: Array, radius_m: Array, speed_m_s: npt.ArrayLike, planet: Planet) -> Array:
    """D of the sheet: sqrt(mu / (v^2 r (1 + c)) + 1/4)."""
    lift = np.maximum(1 + cosine, _ANTIPODE)
    return np.sqrt(planet.mu_m3_s2 / (np.asarray(speed_m_s, float) ** 2 * radius_m * lift) + 0.25)


def incoming_velocity_m_s(
    radiant: npt.ArrayLike, speed_m_s: npt.ArrayLike, position_m: npt.ArrayLike, planet: Planet = EARTH
) -> Array:
    """The local planet-centred velocity (n, 3) of a stream from unit vector `radiant` with `speed_m_s` far away.

    v = -[(D + 1/2) v a + (D - 1/2) v r^], direct branch (the other one is always blocked in low orbit). Sheet 2.2.

    >>> v = incoming_velocity_m_s([0, 0, 1.0], 34e3, [[0, 0, 6793.1e3]])
    >>> round(float(v[0, 2]) / 1e3, 2)
    -35.68
    """
    a, r = np.asarray(radiant, float), np.asarray(position_m, float)
    radius = np.linalg.norm(r, axis=-1)
    up = r / radius[..., None]
    d = _half_spread(np.sum(up * a, axis=-1), radius, speed_m_s, planet)[..., None]
    return np.asarray(-np.asarray(speed_m_s, float)[..., None] * ((d + 0.5) * a + (d - 0.5) * up))


def density_ratio(
    cosine: npt.ArrayLike, radius_m: npt.ArrayLike, speed_m_s: npt.ArrayLike, planet: Planet = EARTH
) -> Array:
    """How much denser (particles per m3) a cold parallel beam is at radius r than far away: (1 + s)^2/(4 s), s = 2 D.

    `cosine` of the angle between the radiant and the local vertical. Only the direct branch.

    >>> round(float(density_ratio(1.0, 6793.1e3, 34e3)), 4)
    1.0006
    """
    s = 2 * _half_spread(np.asarray(cosine, float), np.asarray(radius_m, float), speed_m_s, planet)
    return np.asarray((1 + s) ** 2 / (4 * s))


def beam_flux_ratio(cosine: npt.ArrayLike, radius_m: float, speed_m_s: npt.ArrayLike, planet: Planet = EARTH) -> Array:
    """Flux of a beam along its local velocity over that far away: (1 + s)^2/(4 s) v/v_inf. Sheet 2.3.

    >>> round(float(beam_flux_ratio(1.0, 6793.1e3, 34e3)), 4)
    1.0501
    """
    far = np.asarray(speed_m_s, dtype=float)
    speed_up = np.sqrt(1 + (escape_speed_m_s(radius_m, planet) / far) ** 2)
    return np.asarray(density_ratio(cosine, radius_m, far, planet) * speed_up)


def blocked(position_m: npt.ArrayLike, velocity_m_s: npt.ArrayLike, planet: Planet = EARTH) -> npt.NDArray[np.bool_]:
    """Whether planet and atmosphere stood in the way: outbound and with a periapsis below the blocking radius.

    >>> blocked([[0, 0, 6793e3]], [[0, 0, 3e4], ]).tolist(), blocked([[0, 0, 6793e3]], [[0, 0, -3e4]]).tolist()
    ([True], [False])
    """
    r, v = np.asarray(position_m, float), np.asarray(velocity_m_s, float)
    radius = np.linalg.norm(r, axis=-1)
    energy = np.sum(v * v, axis=-1) - 2 * planet.mu_m3_s2 / radius
    momentum2 = np.sum(np.cross(r, v) ** 2, axis=-1)
    eccentricity = np.sqrt(np.maximum(1 + energy * momentum2 / planet.mu_m3_s2**2, 0.0))
    periapsis = momentum2 / planet.mu_m3_s2 / (1 + eccentricity)
    return np.asarray((np.sum(r * v, axis=-1) > 0) & (periapsis < planet.blocking_radius_m))


def asymptote(position_m: npt.ArrayLike, velocity_m_s: npt.ArrayLike, planet: Planet = EARTH) -> tuple[Array, Array]:
    """Where an unbound particle came from: unit vectors (n, 3) to its radiant and its speed far away (n,).

    Bound particles get speed 0 and an arbitrary direction. Inverse of `incoming_velocity_m_s`.

    >>> r = np.array([[0.0, 4e6, 5.5e6]])
    >>> v = incoming_velocity_m_s([0.6, 0.0, 0.8], 20e3, r)
    >>> radiant, speed = asymptote(r, v)
    >>> radiant.round(9).tolist(), round(float(speed[0]), 6)
    ([[0.6, -0.0, 0.8]], 20000.0)
    """
    r, v = np.asarray(position_m, float), np.asarray(velocity_m_s, float)
    radius = np.linalg.norm(r, axis=-1, keepdims=True)
    energy = np.sum(v * v, axis=-1, keepdims=True) - 2 * planet.mu_m3_s2 / radius
    momentum = np.cross(r, v)
    toward_perigee = np.cross(v, momentum) / planet.mu_m3_s2 - r / radius
    e2 = np.maximum(np.sum(toward_perigee**2, axis=-1, keepdims=True), 1.0)
    # incoming velocity: (e + sqrt(e^2 - 1) h^ x e) / e^2 with e the eccentricity vector; sqrt(e^2-1) = |h| v_inf / mu
    far = np.sqrt(np.maximum(energy, 0.0))
    incoming = (toward_perigee + far / planet.mu_m3_s2 * np.cross(momentum, toward_perigee)) / e2
    return np.asarray(-incoming), far[..., 0]
