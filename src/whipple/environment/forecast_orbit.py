"""Which way does the orbit plane lie through the year? A near-circular orbit whose plane turns as the Earth's flattening makes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt

from whipple.errors import EvidenceError, RangeError
from whipple.physics.cited import Cited
from whipple.physics.constants import EARTH_RADIUS_m, J2_ratio, MU_EARTH_m3_s2
from whipple.physics.orbit import ElementSet, gcrs_from_teme

__all__ = ["ForecastOrbit", "orbit_of_elements", "orbit_of_shape"]

Array = npt.NDArray[np.float64]

#: A mean over a revolution needs a radius that is the same all round; the plane says the rest.
LARGEST_ECCENTRICITY = Cited(0.05, unit="", source="whipple_judgement", grade="proposal")
_POINTS = 60
_DAY_S = 86_400.0


@dataclass(frozen=True)
class ForecastOrbit:
    """One or more dated planes: `epoch_s` (k,) from `start`, node and inclination (k,) rad to the equator of date, radius (k,) m.

    With several, the one nearest in time is carried by the mean node rate. `unknown_node`: no plane was given; nodes are spread evenly.
    """

    start: datetime
    epoch_s: Array
    node_rad: Array
    inclination_rad: Array
    radius_m: Array
    name: str
    unknown_node: bool = False

    def node_rate_rad_s(self) -> Array:
        """-3/2 n J2 (R/a)^2 cos i of each plane.

        >>> from datetime import UTC
        >>> station = orbit_of_shape(415e3, np.radians(51.64), datetime(2022, 1, 1, tzinfo=UTC))
        >>> round(float(np.degrees(station.node_rate_rad_s()[0]) * 86400), 2)
        -4.96
        """
        motion = np.sqrt(MU_EARTH_m3_s2 / self.radius_m**3)
        return -1.5 * motion * J2_ratio * (EARTH_RADIUS_m / self.radius_m) ** 2 * np.cos(self.inclination_rad)

    def states(self, t_s: Array) -> tuple[Array, Array]:
        """Positions and velocities (n, 60, 3) in GCRS, evenly round one revolution at each time (n,)."""
        k = np.argmin(np.abs(t_s[:, None] - self.epoch_s[None, :]), axis=1)
        node = self.node_rad[k] + self.node_rate_rad_s()[k] * (t_s - self.epoch_s[k])
        nodes = np.broadcast_to(node[:, None], (len(t_s), _POINTS))
        if self.unknown_node:
            nodes = nodes + (np.arange(_POINTS) * 7 % _POINTS) * 2 * np.pi / _POINTS
        along = np.broadcast_to(np.arange(_POINTS) * 2 * np.pi / _POINTS, nodes.shape)
        radius, tilt = self.radius_m[k][:, None], self.inclination_rad[k][:, None]
        place = radius[..., None] * _turned(np.cos(along), np.sin(along), nodes, tilt)
        speed = np.sqrt(MU_EARTH_m3_s2 / radius)
        motion = speed[..., None] * _turned(-np.sin(along), np.cos(along), nodes, tilt)
        turn = gcrs_from_teme(self.start, [0.0])[0]
        return place @ turn.T, motion @ turn.T


def _turned(x: Array, y: Array, node: Array, tilt: Array) -> Array:
    """In-plane components from the node and 90 deg ahead of it, in equatorial axes."""
    return np.stack(
        [
            x * np.cos(node) - y * np.sin(node) * np.cos(tilt),
            x * np.sin(node) + y * np.cos(node) * np.cos(tilt),
            y * np.sin(tilt) + 0 * node,
        ],
        axis=-1,
    )


def orbit_of_elements(sets: Sequence[ElementSet], start: datetime) -> ForecastOrbit:
    """The planes of element sets of one object. Raises EvidenceError (none), RangeError (eccentric: no single radius)."""
    if not sets:
        raise EvidenceError("Which orbit?", "element set", "name a file with at least one set of the vehicle")
    line2 = [one.line2 for one in sets]
    eccentricity = max(float("0." + line[26:33].strip()) for line in line2)
    _check_round(eccentricity)
    motion = np.array([float(line[52:63]) for line in line2]) * 2 * np.pi / _DAY_S
    return ForecastOrbit(
        start,
        np.array([(one.epoch - start).total_seconds() for one in sets]),
        np.radians([float(line[17:25]) for line in line2]),
        np.radians([float(line[8:16]) for line in line2]),
        np.asarray((MU_EARTH_m3_s2 / motion**2) ** (1 / 3)),
        f"{sets[0].catalogue_number} {sets[0].name} ({len(sets)} element sets)".replace("  ", " "),
    )


def _check_round(eccentricity: float) -> None:
    if eccentricity > LARGEST_ECCENTRICITY:
        expected = f"at most {float(LARGEST_ECCENTRICITY):g}: the yearly forecast takes a circular orbit"
        raise RangeError("shower forecast", "eccentricity", f"{eccentricity:g}", expected, "forecast a time with --at")


def orbit_of_shape(
    altitude_m: float, inclination_rad: float, start: datetime, node_rad: float | None = None
) -> ForecastOrbit:
    """A circular orbit from altitude and inclination; without a node (at `start`) fluxes are means over all nodes.

    Raises RangeError below 150 km, above 60 000 km, or with an inclination beyond 0 to 180 deg.
    """
    if not 150e3 <= altitude_m <= 60_000e3:
        raise RangeError("shower forecast", "altitude", f"{altitude_m / 1e3:g} km", "150 to 60 000 km", "415 km")
    if not 0 <= inclination_rad <= np.pi:
        raise RangeError("shower forecast", "inclination", f"{np.degrees(inclination_rad):g} deg", "0 to 180 deg")
    name = f"{altitude_m / 1e3:g} km, {np.degrees(inclination_rad):g} deg"
    known = name if node_rad is None else f"{name}, node {np.degrees(node_rad):g} deg"
    return ForecastOrbit(
        start,
        np.zeros(1),
        np.array([node_rad or 0.0]),
        np.array([inclination_rad]),
        np.array([EARTH_RADIUS_m + altitude_m]),
        known,
        node_rad is None,
    )
