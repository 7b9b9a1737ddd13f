"""Where was the vehicle, and where was the Sun? Orbit facts on the clock of the sky."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import numpy as np

from whipple.casefile.estimate import Caveat
from whipple.casefile.findings.sky import OrbitFacts
from whipple.physics.constants import EARTH_RADIUS_m
from whipple.physics.frames import azimuth_elevation, lvlh_from_gcrs
from whipple.physics.orbit import ElementSet, choose_elements, propagate
from whipple.physics.sun import beta_rad, eclipse_frac, solar_longitude_rad, sun_dir_gcrs, sunlit

__all__ = ["REVOLUTIONS", "STEP_S", "flight_caveats", "fly", "inclination_rad"]

#: The window and the clock of the sky: a choice of this project, long enough for the geometry to repeat.
REVOLUTIONS = 4.0
#: One step turns the local frame by 3.9 deg, less than a direction cell.
STEP_S = 60.0


def fly(
    sets: Sequence[ElementSet],
    epoch: datetime,
    manoeuvres: Sequence[tuple[datetime, str]] = (),
    valid_days: float = 5.0,
    *,
    revolutions: float = REVOLUTIONS,
) -> OrbitFacts:
    """The orbit and the Sun over some revolutions from a UTC epoch, every 60 s, from the fittest element set.

    Raises EvidenceError when no set is fit, SolveError when sgp4 gives up, RangeError outside the leap-second table.
    """
    choice = choose_elements(sets, epoch, manoeuvres, valid_days)
    period_s = 86_400.0 / float(choice.chosen.line2[52:63])
    t_s = np.arange(0.0, revolutions * period_s + 1e-9, STEP_S)
    position, velocity = propagate(choice.chosen, epoch, t_s)
    sun = sun_dir_gcrs(epoch, t_s)
    sun_lvlh = np.einsum("nij,nj->ni", lvlh_from_gcrs(position, velocity), sun)
    azimuth, elevation = azimuth_elevation(sun_lvlh[0])
    altitude_m = float(np.linalg.norm(position, axis=-1).mean() - EARTH_RADIUS_m)
    beta = float(beta_rad(position[0], velocity[0], sun[0]))
    return OrbitFacts(
        elements=str(choice.chosen),
        rejected=choice.rejected,
        t_s=t_s,
        position_gcrs_m=position,
        velocity_gcrs_m_s=velocity,
        sun_dir_lvlh=sun_lvlh,
        sunlit=sunlit(position, sun),
        beta_rad=beta,
        solar_longitude_rad=float(solar_longitude_rad(epoch)),
        sun_azimuth_rad=float(azimuth),
        sun_elevation_rad=float(elevation),
        altitude_m=altitude_m,
        period_s=period_s,
        eclipse_frac=float(eclipse_frac(beta, altitude_m)),
    )


def inclination_rad(orbit: OrbitFacts) -> float:
    """Inclination of the orbit to the GCRS equator (0.1 deg from that of date in 2022)."""
    normal = np.cross(orbit.position_gcrs_m[0], orbit.velocity_gcrs_m_s[0])
    return float(np.arccos(normal[2] / np.linalg.norm(normal)))


def flight_caveats(orbit: OrbitFacts) -> tuple[Caveat, ...]:
    """What the reader must know about the orbit."""
    if not orbit.rejected:
        text = "Only one element set is at hand, so nothing independent checks the position along the orbit."
        return (Caveat("orbit-one-set", text),)
    text = f"Of {len(orbit.rejected) + 1} element sets one is used ({orbit.elements}). Not used: " + "; ".join(
        orbit.rejected
    )
    return (Caveat("orbit-element-choice", text + "."),)
