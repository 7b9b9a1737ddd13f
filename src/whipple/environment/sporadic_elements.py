"""Which way and how fast do meteoroids come, if only the elements of their orbits are published?

Circular orbit of the planet at 1 au, speed V; a meteoroid at far velocity w relative to it goes round the Sun with v = V + w, and v
is its a, e and i (r = 1 au). If the phases of the orbits and their directions are evenly spread, the density in phase space is
N(a, e, i) / (sqrt(a) e sin i) (Delaunay). N is the one that has the published laws of a, e, i and impact speed and is otherwise a
product over evenly spread orbit normals (iterative proportional fitting). No lobe enters: directions follow from orbits.
docs/theory/environment_sporadic.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from whipple.environment.focusing import MOON, escape_speed_m_s
from whipple.environment.models.pokorny_2019 import (
    ECCENTRICITIES,
    INCLINATIONS,
    PREFERRED,
    SEMIMAJOR_AXES,
    STEP_m_s,
)
from whipple.environment.sporadic_energy import CIRCULAR_m_s

__all__ = ["ElementSky", "element_sky"]

Array = npt.NDArray[np.float64]
Index = npt.NDArray[np.int64]
#: Cells of the table from the apex (0 to 180 deg), in latitude (0 to 90 deg) and far speed; rounds of fitting: numerical choices.
_LONGITUDES, _LATITUDES, _SPEEDS, _ROUNDS = 36, 18, 150, 30
_SPEED_STEP_m_s = 500.0


@dataclass(frozen=True, eq=False)
class ElementSky:
    """Flux far away, 1 in all, as a table (36, 18, 150) of flux per sr and m/s over far speed^3: that is the density in phase space.

    Rows by longitude from the apex and latitude, 5 deg each, columns by far speed, 500 m/s each. Toward and from the Sun, north and
    south are alike.
    """

    table: Array

    def per_sr_s_m(
        self, ahead: npt.ArrayLike, aside: npt.ArrayLike, up: npt.ArrayLike, far_m_s: npt.ArrayLike
    ) -> Array:
        """Flux per sr and m/s from directions given by their parts to the apex, along the Sun's direction and to the north.

        >>> sky = element_sky()
        >>> slow, fast = sky.per_sr_s_m([0.0, 1.0], [0.5, 0.0], [0.866, 0.0], 55e3)
        >>> bool(slow == 0.0), bool(fast > 0)
        (True, True)
        """
        longitude = np.arctan2(np.abs(aside), ahead) * (_LONGITUDES / np.pi)
        latitude = np.arcsin(np.minimum(np.abs(up), 1.0)) * (2 * _LATITUDES / np.pi)
        far = np.asarray(far_m_s, dtype=float)
        column = (far / _SPEED_STEP_m_s).astype(np.int64)
        row = np.minimum(longitude.astype(np.int64), _LONGITUDES - 1) * _LATITUDES
        cell = (row + np.minimum(latitude.astype(np.int64), _LATITUDES - 1)) * _SPEEDS + np.minimum(column, _SPEEDS - 1)
        return np.where(column < _SPEEDS, self.table.reshape(-1)[cell], 0.0) * far**3

    def flux(self) -> Array:
        """The flux in each cell of the table; 0.25 in all, for the four quarters of the sky are alike."""
        return np.asarray(self.table * _cell_weight())


def _middles() -> tuple[Array, Array, Array, Array]:
    """Parts of the direction to apex, Sun and north (36, 18) and far speeds (150,) at the middles of the cells."""
    longitude = (np.arange(_LONGITUDES) + 0.5) * np.pi / _LONGITUDES
    latitude = (np.arange(_LATITUDES) + 0.5) * np.pi / 2 / _LATITUDES
    cosine = np.cos(latitude)
    up = np.broadcast_to(np.sin(latitude), (_LONGITUDES, _LATITUDES))
    far = (np.arange(_SPEEDS, dtype=np.float64) + 0.5) * _SPEED_STEP_m_s
    return np.cos(longitude)[:, None] * cosine, np.sin(longitude)[:, None] * cosine, np.asarray(up), np.asarray(far)


def _cell_weight() -> Array:
    """Solid angle times the mean of far^3 times the step of speed, of each cell."""
    band = np.diff(np.sin(np.arange(_LATITUDES + 1) * np.pi / 2 / _LATITUDES)) * np.pi / _LONGITUDES
    edge = np.arange(_SPEEDS + 1) * _SPEED_STEP_m_s
    return np.asarray(band[None, :, None] * np.diff(edge**4) / 4 * np.ones((_LONGITUDES, 1, 1)))


def _elements() -> tuple[Array, Array, Array]:
    """Semimajor axis (au; inf where not bound), eccentricity and inclination (rad) of what comes at the middle of each cell."""
    ahead, aside, up, far = _middles()
    w = far / float(CIRCULAR_m_s)
    along, radial, across = 1 - ahead[..., None] * w, aside[..., None] * w, up[..., None] * w
    over_a = 2 - along**2 - radial**2 - across**2
    axis = np.where(over_a > 0, 1 / np.where(over_a > 0, over_a, 1.0), np.inf)
    momentum2 = along**2 + across**2
    return axis, np.sqrt(np.maximum(1 - momentum2 * over_a, 1e-9)), np.arctan2(across, along)


@cache
def element_sky() -> ElementSky:
    """The sky of the dust model of Pokorny et al. (2019), from its published laws of a, e, i and impact speed at the Moon.

    Their map of mean speeds by radiant is not used: it is the test (root mean square 0.11 in ln speed, correlation 0.96).

    >>> sky = element_sky()
    >>> round(float(sky.flux().sum()), 6), round(float(sky.flux().sum(axis=(0, 1)) @ _middles()[3] * 4), -2)
    (0.25, 20400.0)
    """
    axis, eccentricity, inclination = (values.reshape(-1) for values in _elements())
    far = np.broadcast_to(_middles()[3], (_LONGITUDES, _LATITUDES, _SPEEDS)).reshape(-1)
    at_moon = np.hypot(far, float(escape_speed_m_s(MOON.blocking_radius_m, MOON)))
    edges, axes = SEMIMAJOR_AXES
    some = np.flatnonzero(axis < edges[-1])
    focused = (at_moon[some] / far[some]) ** 2 * _cell_weight().reshape(-1)[some]
    laws = (
        (np.clip(np.digitize(axis[some], edges) - 1, 0, len(axes) - 1), np.array(axes)),
        ((eccentricity[some] * len(ECCENTRICITIES)).astype(np.int64), np.array(ECCENTRICITIES)),
        ((inclination[some] * len(INCLINATIONS) / np.pi).astype(np.int64), np.array(INCLINATIONS)),
        ((at_moon[some] / STEP_m_s).astype(np.int64), np.array(PREFERRED)),
    )
    flux = _fitted(focused / (np.sqrt(axis[some]) * eccentricity[some]), laws)
    density = np.zeros(axis.size)
    density[some] = flux / focused
    table = density.reshape(_LONGITUDES, _LATITUDES, _SPEEDS)
    return ElementSky(np.asarray(table / (4 * np.sum(table * _cell_weight()))))


def _fitted(flux: Array, laws: tuple[tuple[Index, npt.NDArray[np.int_]], ...]) -> Array:
    """Iterative proportional fitting: the least change by a factor for each law that gives every law its shares."""
    for _ in range(_ROUNDS):
        for index, law in laws:
            has = np.bincount(index, flux, len(law))
            flux = flux * np.where(has > 0, law / law.sum() / np.where(has > 0, has, 1.0), 0.0)[index]
    return flux
