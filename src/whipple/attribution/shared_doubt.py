"""How far is the doubt about holes of any size, of which a clean record speaks, also the doubt about holes of this size?

    ln A_any  = ... + s_area a + s_wall w         s_wall = (d ln N / d ln particle) x s(ln wall thickness)
    ln n_size = ... + s_area a + phi s_wall w + rest        phi = d ln h / d ln t = t^2 / (t^2 + (1.044 D)^2)

Both need the same area. A wall twice as thick lets far fewer particles through, but hardly changes which particle makes a hole much wider
than the wall: the pit that a wall of thickness t cuts to a hole of diameter D is h = (t^2 + (1.044 D)^2)^(1/2) deep (docs/theory/impact.md).
So a record without any leak lowers the rate of small holes by more than that of a hole much larger than the wall is thick.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from whipple.casefile.case import Case
from whipple.casefile.estimate import Z90
from whipple.casefile.findings.impactor import Impactor, SourceImpactor
from whipple.casefile.findings.sky import Stream
from whipple.casefile.given import Given
from whipple.physics.cited import Cited

__all__ = ["SharedDoubt", "shared_doubt", "wall_share"]

#: Effective depth of a pit over the diameter of the hole that it leaves in a thin wall: 1.8 x 0.58.
_DEPTH_RATIO = Cited(1.044, unit="", source="love1995", grade="proposal")


@dataclass(frozen=True)
class SharedDoubt:
    """`any_nat`: 1-sigma doubt (natural log) of the holes of any size, the level of the flux apart; `with_size_nat`: how much of one
    standard deviation of it a hole of this size goes along with."""

    any_nat: float
    with_size_nat: float


def wall_share(hole_m: float, wall_m: float) -> float:
    """How many per cent the pit must be deeper for a wall one per cent thicker: 1 for a pinprick, towards 0 for a hole wider than the wall.

    >>> round(wall_share(0.8e-3, 1e-3), 2), round(wall_share(12e-3, 1e-3), 3)
    (0.59, 0.006)
    """
    return float(wall_m**2 / (wall_m**2 + (float(_DEPTH_RATIO) * hole_m) ** 2))


def shared_doubt(
    case: Case, stream: Stream, source: SourceImpactor, impactor: Impactor, ratio: float
) -> SharedDoubt | None:
    """The doubt of one stream's holes of any size; `ratio`: how many of them there are to one of this size. None where no size is known."""
    if impactor.hole_diameter_m is None or source.mass_kg is None:
        return None
    area, wall = _spread_nat(case.vehicle.site_area_m2), _spread_nat(case.vehicle.site_wall_m)
    thinner = _steepness(stream, source.mass_kg.median, ratio) * wall
    share = wall_share(impactor.hole_diameter_m.median, case.vehicle.site_wall_m.value)
    whole = float(np.hypot(area, thinner))
    return SharedDoubt(whole, (area**2 + share * thinner**2) / whole) if whole > 0 else None


def _spread_nat(given: Given) -> float:
    return float(np.log(given.high / given.low) / (2 * Z90))


def _steepness(stream: Stream, mass_kg: float, ratio: float) -> float:
    """-d ln N / d ln(diameter) at the particle that is `ratio` times as frequent as one of this mass."""
    ln_mass = np.log(mass_kg) - np.linspace(0.0, 30.0, 301)
    number = np.log(stream.heavier_than(np.exp(ln_mass)))
    at = float(np.interp(number[0] + np.log(ratio), number, ln_mass))
    few, many = np.log(stream.heavier_than(np.exp([at + 0.3, at - 0.3])))
    return float(3.0 * (many - few) / 0.6)
