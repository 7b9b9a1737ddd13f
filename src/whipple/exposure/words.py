"""Saying it: can the shower come from there, and what would change that?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from whipple.casefile.estimate import Array

__all__ = ["Arrival", "compass", "reach_sentence", "two_figures"]

#: A best angle of incidence beyond 60 degrees (cosine below 0.5) is called grazing.
GRAZING_COSINE = 0.5
_SIDES = ("ram", "starboard-forward", "starboard", "starboard-aft", "wake", "port-aft", "port", "port-forward")


@dataclass(frozen=True)
class Arrival:
    """What a sentence about a shower needs: arrival arcs while in view, the wall's azimuth, and the shares reached."""

    name: str
    visible_frac: float
    azimuth_rad: tuple[float, float]
    elevation_rad: tuple[float, float]
    normal_azimuth_rad: float
    best_cosine: float
    free_frac: float
    reach_frac: float
    by_azimuth_frac: Array


def compass(azimuth_rad: float) -> str:
    """The side of the station an azimuth lies on.

    >>> compass(np.radians(135.0)), compass(np.radians(-80.0))
    ('starboard-aft', 'port')
    """
    return _SIDES[round(np.degrees(azimuth_rad) / 45.0) % 8]


def two_figures(count: float) -> str:
    """Two figures, never in powers of ten.

    >>> two_figures(144674.0), two_figures(0.0123)
    ('140\xa0000', '0.012')
    """
    return f"{float(f'{count:.2g}'):,.15g}".replace(",", "\u00a0")


def _degrees(angle_rad: float) -> str:
    return f"{np.degrees(angle_rad):.0f}°"


def _where(arrival: Arrival) -> str:
    low, high = arrival.azimuth_rad
    side = compass((low + high) / 2) if high - low < np.pi else "all sides"
    lowest, highest = arrival.elevation_rad
    return (
        f"it arrives from {side} (azimuth {_degrees(low)} to {_degrees(high)}, elevation {_degrees(lowest)} to {_degrees(highest)}) "
        f"while in view, {100 * arrival.visible_frac:.0f} % of the time"
    )


def _turn_needed(arrival: Arrival) -> str:
    """The nearest outward azimuth that the shower can strike, and how far it is from the best guess."""
    azimuth = np.radians(np.arange(-180.0, 180.0, 360.0 / len(arrival.by_azimuth_frac)))
    struck = azimuth[arrival.by_azimuth_frac > 0]
    if not len(struck):
        return "no horizontal wall could be struck by it"
    turn = (struck - arrival.normal_azimuth_rad + np.pi) % (2 * np.pi) - np.pi
    nearest = int(np.abs(turn).argmin())
    return (
        f"what would change it: a wall facing azimuth {_degrees(struck[nearest])} instead of {_degrees(arrival.normal_azimuth_rad)}, "
        f"or a yaw error of about {abs(np.degrees(turn[nearest])):.0f}°"
    )


def reach_sentence(arrival: Arrival, bounds: tuple[float, float]) -> str:
    """One or two sentences: excluded by direction, shadowed, grazing or open; and what would change that."""
    if arrival.visible_frac <= 0.0:
        return f"{arrival.name}: excluded by the Earth: the radiant never rises above the limb; what would change it: another time."
    angle = (
        f"best incidence {np.degrees(np.arccos(np.clip(arrival.best_cosine, -1.0, 1.0))):.0f}° from the wall's normal"
    )
    shares = f"{100 * bounds[0]:.0f} to {100 * bounds[1]:.0f} %"
    over = f"{shares} over the possible normals and attitudes"
    if arrival.free_frac <= 0.0:
        more = f" Over the possible normals and attitudes it reaches the wall for {shares}." if bounds[1] > 0 else ""
        return f"{arrival.name}: excluded by direction: {_where(arrival)}, always behind the wall ({angle}); {_turn_needed(arrival)}.{more}"
    if arrival.reach_frac <= 0.0:
        remedy = f"what would change it: another position of the arrays ({over})"
        return f"{arrival.name}: excluded by the stack's own shadow: {_where(arrival)}; {remedy}."
    verb = "can graze" if arrival.best_cosine < GRAZING_COSINE else "can strike"
    shaded = (
        f"{100 * arrival.free_frac:.0f} % without the stack's shadow"
        if arrival.free_frac - arrival.reach_frac > 0.005
        else ""
    )
    inside = "; ".join(text for text in (over if bounds[1] > bounds[0] else "", shaded, angle) if text)
    return f"{arrival.name}: {verb} the wall for {100 * arrival.reach_frac:.0f} % of the time in view ({inside}); {_where(arrival)}."
