"""How do drag, the bulge of the Earth and sunlight move an orbit? Orbit-averaged rates, for many small objects at once.

Drag: Gauss's equations averaged over the eccentric anomaly with a density by altitude and solar flux, tabulated by perigee
height and apogee minus perigee. J2: secular rates of node and perigee. Solar pressure: the averaged force turns the
eccentricity vector; its six harmonics (node, Sun, obliquity) are integrated exactly over a step, so a month is a fair step.
Left out: the Earth's shadow (the solar force is too strong by up to 30 % in low orbit), third bodies, lift, storms.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from whipple.environment.models.picone_2002 import SOLAR_GRID_sfu, density_kg_m3
from whipple.physics.cited import Cited
from whipple.physics.constants import EARTH_RADIUS_m, J2_ratio, MU_EARTH_m3_s2, OBLIQUITY_J2000_rad, YEAR_s

__all__ = ["DRAG_ratio", "Orbits", "REENTRY_m", "drag_rates", "pressed_by_the_sun", "secular_rad_s", "shrink"]

Array = npt.NDArray[np.float64]

#: Drag coefficient of a tumbling fragment in free molecular flow.
DRAG_ratio = Cited(2.2, unit="", source="whipple_judgement", grade="proposal")
#: Radiation pressure at 1 au and the reflection factor of a fragment (1 black, 2 mirror).
SUN_PRESSURE_Pa = Cited(4.54e-6, unit="Pa", source="kopp2011", grade="computed")
REFLECTION_ratio = Cited(1.3, unit="", source="whipple_judgement", grade="proposal")
#: Below this perigee an orbit ends within hours.
REENTRY_m = Cited(120e3, unit="m", source="whipple_judgement", grade="proposal")
#: The Sun's mean motion along the ecliptic.
_SUN_RATE_rad_s = 2 * np.pi / float(YEAR_s)

_PERIGEE_STEP_m = 10e3
_PERIGEE_m = np.arange(100e3, 2000e3 + 1, _PERIGEE_STEP_m)
#: Apogee minus perigee = 10 km sinh(x).
_SPAN_m, _SPAN_STEP = 10e3, 0.15
_SPAN_NODES = np.arange(0.0, 9.3, _SPAN_STEP)
_QUADRATURE = 128


@dataclass
class Orbits:
    """Mean elements of many orbits, all (n,): semi-major axis, eccentricity, inclination, node, argument of perigee."""

    axis_m: Array
    eccentricity: Array
    inclination_rad: Array
    node_rad: Array
    perigee_rad: Array

    def part(self, which: npt.NDArray[np.intp] | npt.NDArray[np.bool_]) -> Orbits:
        """Some of the orbits."""
        return Orbits(*(getattr(self, name)[which] for name in self.__dataclass_fields__))

    def put(self, which: npt.NDArray[np.intp] | npt.NDArray[np.bool_], other: Orbits) -> None:
        """Write some orbits back in their places."""
        for name in self.__dataclass_fields__:
            getattr(self, name)[which] = getattr(other, name)

    def perigee_m(self) -> Array:
        """Height of the perigee above the equatorial radius."""
        return np.asarray(self.axis_m * (1 - self.eccentricity) - EARTH_RADIUS_m)


@cache
def _drag_table() -> Array:
    """log of (minus da/dt, minus dq/dt) per m2/kg of Cd A/m, shape (n_solar, 2, n_perigee, n_span), SI."""
    anomaly = (np.arange(_QUADRATURE) + 0.5) * 2 * np.pi / _QUADRATURE
    cosine = np.cos(anomaly)
    perigee = EARTH_RADIUS_m + _PERIGEE_m[:, None]
    axis = perigee + 0.5 * _SPAN_m * np.sinh(_SPAN_NODES)[None, :]
    eccentricity = 1 - perigee / axis
    near = (1 - eccentricity[..., None] * cosine, 1 + eccentricity[..., None] * cosine)
    altitude = axis[..., None] * near[0] - EARTH_RADIUS_m
    speed = np.sqrt(MU_EARTH_m3_s2 * axis)
    tables = []
    for solar in SOLAR_GRID_sfu:
        density = density_kg_m3(np.maximum(altitude, 100e3), solar)
        fall = speed * np.mean(density * near[1] ** 1.5 / near[0] ** 0.5, axis=-1)
        dip = speed * (1 - eccentricity) * np.mean(density * np.sqrt(near[1] / near[0]) * (1 - cosine), axis=-1)
        tables.append(np.log(np.maximum(np.stack([fall, dip]), 1e-30)))
    return np.array(tables)


def _month_table(solar_sfu: float) -> Array:
    """The table at one solar flux: (n_perigee, n_span, 2), linear in the logarithm between the solar fluxes."""
    solar = np.array(SOLAR_GRID_sfu)
    at = float(np.clip(solar_sfu, solar[0], solar[-1]))
    k = int(np.clip(np.searchsorted(solar, at) - 1, 0, len(solar) - 2))
    part = (at - solar[k]) / (solar[k + 1] - solar[k])
    table = _drag_table()
    return np.ascontiguousarray(np.moveaxis((1 - part) * table[k] + part * table[k + 1], 0, -1))


def _look_up(table: Array, perigee_m: Array, span_m: Array) -> Array:
    """Bilinear in the table; (n, 2)."""
    row = np.clip((perigee_m - _PERIGEE_m[0]) / _PERIGEE_STEP_m, 0.0, len(_PERIGEE_m) - 1.000001)
    column = np.clip(np.arcsinh(span_m / _SPAN_m) / _SPAN_STEP, 0.0, len(_SPAN_NODES) - 1.000001)
    i, j = row.astype(np.intp), column.astype(np.intp)
    u, v = (row - i)[:, None], (column - j)[:, None]
    flat, width = table.reshape(-1, 2), len(_SPAN_NODES)
    corner = i * width + j
    low = flat[corner] * (1 - v) + flat[corner + 1] * v
    high = flat[corner + width] * (1 - v) + flat[corner + width + 1] * v
    return np.asarray(np.exp(low * (1 - u) + high * u))


def drag_rates(orbits: Orbits, drag_area_m2_kg: Array, solar_sfu: float) -> tuple[Array, Array]:
    """Rates of semi-major axis and of perigee radius (m/s, both negative) under drag, orbit-averaged.

    `drag_area_m2_kg` is Cd A/m (n,). The atmosphere turns with the Earth: (1 - w q cos i / v_q)^2 on the drag. Perigees
    from 100 to 2000 km; above, no drag.

    >>> circular = Orbits(*(np.array([x]) for x in (6778e3, 0.0, 1.7, 0.0, 0.0)))
    >>> fall, dip = drag_rates(circular, np.array([2.2 * 0.5]), 80.0)
    >>> bool(-8e3 < fall[0] * 86400 < -4e3), bool(abs(dip[0] / fall[0] - 1) < 1e-6)
    (True, True)
    """
    return _rates(_month_table(solar_sfu), orbits, drag_area_m2_kg)


def _rates(table: Array, orbits: Orbits, drag_area_m2_kg: Array) -> tuple[Array, Array]:
    perigee = orbits.axis_m * (1 - orbits.eccentricity)
    height = perigee - EARTH_RADIUS_m
    both = _look_up(table, height, 2 * orbits.axis_m * orbits.eccentricity)
    fastest = np.sqrt(MU_EARTH_m3_s2 * (1 + orbits.eccentricity) / perigee)
    turning = (1 - _EARTH_TURN_rad_s * perigee * np.cos(orbits.inclination_rad) / fastest) ** 2
    factor = np.where(height > _PERIGEE_m[-1], 0.0, drag_area_m2_kg * turning)
    return -both[:, 0] * factor, -both[:, 1] * factor


#: Rotation of the Earth.
_EARTH_TURN_rad_s = 7.292115e-5
#: The largest fall of the perigee in one inner step, and of the axis for a circular orbit: a quarter of a scale height.
_FALL_m = 12e3


def shrink(
    orbits: Orbits, drag_area_m2_kg: Array, solar_sfu: float, duration_s: npt.ArrayLike, watch: object = None
) -> npt.NDArray[np.bool_]:
    """Let drag shrink the orbits in place over a time; returns which of them re-entered.

    Midpoint steps; each orbit takes as many as it needs so that its perigee falls by no more than 12 km a step.
    `watch(index, orbits, seconds)`, when given, sees every inner step with its mid-step orbits: for the flux of what falls.
    """
    table = _month_table(solar_sfu)
    gone = np.zeros(len(orbits.axis_m), dtype=bool)
    index = np.arange(len(gone))
    left = np.broadcast_to(np.asarray(duration_s, dtype=float), gone.shape).copy()
    while index.size:
        now, drag = orbits.part(index), drag_area_m2_kg[index]
        fall, dip = _rates(table, now, drag)
        room = _FALL_m + 0.2 * now.axis_m * now.eccentricity
        step = np.minimum(left, np.minimum(_FALL_m / np.maximum(-dip, 1e-30), room / np.maximum(-fall, 1e-30)))
        middle = _moved(now, fall, dip, step / 2)
        fall, dip = _rates(table, middle, drag)
        if callable(watch):
            watch(index, middle, step)
        after = _moved(now, fall, dip, step)
        orbits.put(index, after)
        left = left - step
        down = after.perigee_m() < REENTRY_m
        gone[index[down]] = True
        going = ~down & (left > 1e-3)
        index, left = index[going], left[going]
    return gone


def _moved(orbits: Orbits, fall: Array, dip: Array, step: Array) -> Orbits:
    perigee = orbits.axis_m * (1 - orbits.eccentricity) + dip * step
    axis = np.maximum(orbits.axis_m + fall * step, perigee)
    return Orbits(axis, 1 - perigee / axis, orbits.inclination_rad, orbits.node_rad, orbits.perigee_rad)


def secular_rad_s(orbits: Orbits) -> tuple[Array, Array]:
    """The J2 rates of the node and of the argument of perigee (rad/s).

    Node: -1.5 n J2 (R/p)^2 cos i. Perigee: 0.75 n J2 (R/p)^2 (5 cos^2 i - 1). Source: any text; first order in J2.

    >>> sun_synchronous = Orbits(*(np.array([x]) for x in (7178.1e3, 0.001, np.radians(98.6), 0.0, 0.0)))
    >>> round(float(np.degrees(secular_rad_s(sun_synchronous)[0][0]) * 86400), 2)
    0.99
    """
    parameter = orbits.axis_m * (1 - orbits.eccentricity**2)
    size = 0.75 * np.sqrt(MU_EARTH_m3_s2 / orbits.axis_m**3) * J2_ratio * (EARTH_RADIUS_m / parameter) ** 2
    cosine = np.cos(orbits.inclination_rad)
    return -2 * size * cosine, size * (5 * cosine**2 - 1)


def pressed_by_the_sun(
    orbits: Orbits, area_to_mass_m2_kg: Array, sun_longitude_rad: npt.ArrayLike, duration_s: npt.ArrayLike
) -> None:
    """Turn node and perigee by J2 and move the eccentricity vector by solar pressure over a time, in place.

    With z = e exp(i w): dz/dt = i w' z + i C (s_P + i s_Q), C = 1.5 Cr (A/m) P sqrt(a (1 - e^2) / mu), s the direction of the
    Sun (mean longitude, at the start) in node axes: six harmonics, each integrated exactly with the rates held.
    """
    node_rate, perigee_rate = secular_rad_s(orbits)
    force = 1.5 * REFLECTION_ratio * SUN_PRESSURE_Pa * area_to_mass_m2_kg
    force = force * np.sqrt(orbits.axis_m * (1 - orbits.eccentricity**2) / MU_EARTH_m3_s2)
    duration = np.asarray(duration_s, dtype=float)
    half = duration / 2
    own = np.exp(1j * perigee_rate * half)
    moved = _harmonics(orbits, node_rate, perigee_rate, sun_longitude_rad, half) * own
    z = orbits.eccentricity * np.exp(1j * orbits.perigee_rad) * own**2 + 1j * force * duration * moved
    orbits.eccentricity[:] = np.minimum(np.abs(z), 0.99)
    orbits.perigee_rad[:] = np.angle(z)
    orbits.node_rad[:] = (orbits.node_rad + node_rate * duration) % (2 * np.pi)


def _harmonics(
    orbits: Orbits, node_rate: Array, perigee_rate: Array, longitude_rad: npt.ArrayLike, half_s: Array
) -> Array:
    """Sum over the six harmonics of amplitude x phase at mid-step x sinc, the phase being that of the Sun in node axes."""
    cos_i, sin_i = np.cos(orbits.inclination_rad), np.sin(orbits.inclination_rad)
    c, s = np.cos(OBLIQUITY_J2000_rad), np.sin(OBLIQUITY_J2000_rad)
    sun = np.exp(1j * (np.asarray(longitude_rad) + _SUN_RATE_rad_s * half_s))
    node = np.exp(1j * (orbits.node_rad + node_rate * half_s))
    minus, plus = sun / node, sun * node
    terms = (
        ((1 + c) / 4 * (1 + cos_i), minus, _SUN_RATE_rad_s - node_rate),
        ((1 + c) / 4 * (1 - cos_i), np.conj(minus), node_rate - _SUN_RATE_rad_s),
        ((1 - c) / 4 * (1 - cos_i), plus, _SUN_RATE_rad_s + node_rate),
        ((1 - c) / 4 * (1 + cos_i), np.conj(plus), -_SUN_RATE_rad_s - node_rate),
        (s * sin_i / 2, sun, _SUN_RATE_rad_s),
        (-s * sin_i / 2, np.conj(sun), -_SUN_RATE_rad_s),
    )
    return np.asarray(
        sum(size * phase * np.sinc((rate - perigee_rate) * half_s / np.pi) for size, phase, rate in terms)
    )
