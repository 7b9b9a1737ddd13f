"""What a shower forecast is made of: the limits that are counted, the row of one shower, and its beam around the orbit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from whipple.environment.focusing import blocked, density_ratio, escape_speed_m_s, incoming_velocity_m_s
from whipple.environment.forecast_orbit import ForecastOrbit
from whipple.environment.models.moorhead_activity import Shower, wrap_deg
from whipple.physics.cited import Cited

__all__ = ["ENERGIES", "Limits", "ShowerHours", "mean_beam", "size_limits"]

Array = npt.NDArray[np.float64]

#: The mean speed that goes with Gruen's flux.
SPORADIC_m_s = Cited(20e3, unit="m/s", source="ecss_10_04", grade="source")


@dataclass(frozen=True)
class Limits:
    """What is counted: particles above kinetic energies ("energy", J) or above masses ("mass", kg)."""

    kind: Literal["energy", "mass"]
    value: Array

    def mass_kg(self, speed_m_s: float) -> Array:
        """The limiting masses of a stream of this speed: 2 E / v^2, or the masses themselves.

        >>> (ENERGIES.mass_kg(20e3) * 1e3).round(6).tolist()
        [3.4e-05, 0.000524, 0.004189, 0.014137]
        """
        return 2 * self.value / speed_m_s**2 if self.kind == "energy" else self.value

    def labels(self) -> tuple[str, ...]:
        """Each limit in words.

        >>> ENERGIES.labels()
        ('6.7 J', '105 J', '838 J', '2830 J')
        """
        unit, scale = ("J", 1.0) if self.kind == "energy" else ("g", 1e3)
        return tuple(f"{float(f'{value * scale:.3g}'):g} {unit}" for value in self.value)


def size_limits(diameter_m: npt.ArrayLike) -> Limits:
    """The energies that stand for sizes in the NASA forecasts: pi/12 rho d^3 v^2 of spheres of 1 g/cm3 at 20 km/s.

    >>> size_limits([1e-3]).labels()
    ('105 J',)
    """
    return Limits("energy", np.pi / 12 * 1000.0 * np.asarray(diameter_m, dtype=float) ** 3 * float(SPORADIC_m_s) ** 2)


#: Spheres of 0.04, 0.1, 0.2 and 0.3 cm: 6.7, 105, 838 and 2827 J (environment sheet 6.3).
ENERGIES = size_limits([0.4e-3, 1e-3, 2e-3, 3e-3])


@dataclass(frozen=True)
class ShowerHours:
    """One shower on the clock of the forecast: everything (n,) or (n, limits), 0 while it is not active.

    `flux_per_m2_s`: log-mean over the kept branches; `by_scale_per_m2_s` (3, n, limits): the same of each magnitude-mass scale, lightest
    first, NaN where no branch of a scale is kept; `factor` (n, limits): 1-sigma log-normal factor; `seen_frac`: share of the revolution
    above the limb.
    """

    code: str
    name: str
    zhr_per_h: Array
    flux_per_m2_s: Array
    by_scale_per_m2_s: Array
    factor: Array
    seen_frac: Array
    speed_m_s: Array
    left_out: tuple[str, ...]


def mean_beam(shower: Shower, orbit: ForecastOrbit, t_s: Array, longitude: Array) -> tuple[Array, Array, Array, float]:
    """Mean over a revolution of the flux over that far away (n,), share above the limb (n,), mean relative speed (n,); local speed."""
    ahead = np.array([wrap_deg(float(x)) for x in np.degrees(longitude) - shower.radiant_at])
    ra = np.radians(shower.right_ascension + shower.drift_right_ascension * ahead)
    dec = np.radians(shower.declination + shower.drift_declination * ahead)
    far = 1e3 * (shower.speed_km_s + shower.drift_speed * ahead)[:, None]
    radiant = np.stack([np.cos(dec) * np.cos(ra), np.cos(dec) * np.sin(ra), np.sin(dec)], axis=-1)[:, None]
    position, velocity = orbit.states(t_s)
    arrival = incoming_velocity_m_s(radiant, far, position)
    relative = np.linalg.norm(arrival - velocity, axis=-1)
    seen = ~blocked(position, arrival)
    radius = np.linalg.norm(position, axis=-1)
    denser = density_ratio(np.sum(position * radiant, axis=-1) / radius, radius, far)
    share = seen.mean(axis=1)
    speed = np.sum(seen * relative, axis=1) / np.maximum(seen.sum(axis=1), 1)
    local = float(np.hypot(np.median(far), escape_speed_m_s(float(radius.mean()))))
    return np.mean(seen * denser * relative / far, axis=1), share, speed, local
