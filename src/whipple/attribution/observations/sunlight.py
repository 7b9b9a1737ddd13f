"""Did it happen in a rare season of sunlight, as a thermal cause would?

    L(fatigue) = q / f + (1 - q),   f = share of time with |beta| at least this large,   q = share of thermal failures that wait for it

The coincidence was noticed after the fact, so q is small and its range wide.
"""

from __future__ import annotations

import numpy as np

from whipple.attribution.row import Exhibits, Row
from whipple.casefile.estimate import Z90, Caveat, Evidence
from whipple.casefile.findings.sky import OrbitFacts
from whipple.errors import RangeError
from whipple.physics.constants import OBLIQUITY_J2000_rad

__all__ = ["high_beta_frac", "inclination_rad", "season_of_sunlight"]

#: Share of thermal-fatigue failures that wait for the highest |beta|: (value, low, high). `[proposal]`
_WAITS_FOR_SUN = (0.05, 0.01, 0.2)


def high_beta_frac(beta_rad: float, inclination_rad: float) -> float:
    """Share of time that |beta| is at least this large, for a precessing orbit of that inclination (node and Sun uniform).

    sin(beta) = Sun direction . orbit normal, averaged over the node's right ascension and the Sun's longitude. Valid over many
    precession periods (years); 0 above inclination + obliquity. Raises RangeError outside -90 to 90 deg.

    >>> round(high_beta_frac(np.radians(71.9), np.radians(51.64)), 3)
    0.017
    """
    if not abs(beta_rad) <= np.pi / 2:
        raise RangeError("high_beta_frac", "beta_rad", beta_rad, "an angle from -pi/2 to pi/2", "give it in radians")
    node, sun = np.meshgrid(*(2 * np.pi * (np.arange(720) + 0.5) / 720,) * 2)
    tilt = float(OBLIQUITY_J2000_rad)
    sine = np.sin(inclination_rad) * (np.sin(node) * np.cos(sun) - np.cos(node) * np.sin(sun) * np.cos(tilt))
    sine = sine + np.cos(inclination_rad) * np.sin(sun) * np.sin(tilt)
    return float(np.mean(np.abs(sine) >= np.sin(abs(beta_rad))))


def inclination_rad(orbit: OrbitFacts) -> float:
    """Inclination from position and velocity at the first instant."""
    normal = np.cross(orbit.position_gcrs_m[0], orbit.velocity_gcrs_m_s[0])
    return float(np.arccos(normal[2] / np.linalg.norm(normal)))


def season_of_sunlight(exhibits: Exhibits) -> tuple[Row, ...]:
    """One row, only where thermal fatigue is on the table and the orbit is known."""
    if exhibits.sky is None or not any(table.kind == "fatigue" for table in exhibits.hypotheses):
        return ()
    orbit = exhibits.sky.orbit
    share = high_beta_frac(orbit.beta_rad, inclination_rad(orbit))
    share = max(share, 1e-3)
    ratio = {q: q / share + 1.0 - q for q in _WAITS_FOR_SUN}
    fatigue = float(np.log(ratio[_WAITS_FOR_SUN[0]]))
    doubt = float(np.log(ratio[_WAITS_FOR_SUN[2]] / ratio[_WAITS_FOR_SUN[1]]) / (2 * Z90))
    degrees = abs(np.degrees(orbit.beta_rad))
    reason = (
        f"|β| is this large {100 * share:.1f} % of the time, so the coincidence speaks for a thermal cause by a factor {np.exp(fatigue):.1f}, "
        f"if {100 * _WAITS_FOR_SUN[0]:.0f} % of such failures wait for it (elicited, noticed after the fact)"
    )
    names = {table.name: table.kind for table in exhibits.hypotheses}
    values = {name: fatigue if kind == "fatigue" else 0.0 for name, kind in names.items()}
    because = {
        name: reason if kind == "fatigue" else "indifferent to the season of sunlight" for name, kind in names.items()
    }
    note = Caveat(
        "coincidence-after-the-fact",
        "The high-|β| coincidence was noticed afterwards; without eclipses there are also fewer thermal cycles.",
    )
    row = Evidence(
        f"|β| was {degrees:.1f}° that day", "season of sunlight", values, because, ("whipple_elicited",), (note,)
    )
    return (Row(row, {name: doubt for name, kind in names.items() if kind == "fatigue"}),)
