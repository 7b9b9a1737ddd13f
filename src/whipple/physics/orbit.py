"""Where was the vehicle? Which element set may be used, and the orbit that follows from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import erfa
import numpy as np
import numpy.typing as npt
from sgp4.api import SGP4_ERRORS, Satrec

from whipple.errors import EvidenceError, SolveError
from whipple.physics.cited import Cited
from whipple.physics.time import DAY_S, tt_julian, utc_julian

__all__ = [
    "Choice",
    "ElementSet",
    "along_track_m_s",
    "choose_elements",
    "gcrs_from_teme",
    "propagate",
    "propagate_teme",
]

Array = npt.NDArray[np.float64]

#: Two honest sets of one object agree on the node to this much (fit noise), plus this much a day (drag, tesserals).
NODE_rad = Cited(np.radians(0.03), unit="rad", source="whipple_judgement", grade="proposal")
NODE_DRIFT_rad_day = Cited(np.radians(0.02), unit="rad/day", source="whipple_judgement", grade="proposal")
#: Knots of the frame rotation: linear interpolation over 2.4 h errs by 1 mm at the ISS (measured, geometry sheet 6.2).
_KNOT_DAY = 0.1


@dataclass(frozen=True)
class ElementSet:
    """One two-line element set, its checksums verified. `epoch` is UTC."""

    line1: str
    line2: str
    name: str
    epoch: datetime
    catalogue_number: int

    def __str__(self) -> str:
        return f"{self.catalogue_number} epoch {self.line1[18:32].strip()} ({self.epoch:%Y-%m-%d %H:%M} UTC)"


@dataclass(frozen=True)
class Choice:
    """The set to use and, in words, why each other was not. `along_track_s` is the largest lead or lag of a set that is
    on the right side of every manoeuvre (too old counts), None when the chosen set is the only such one."""

    chosen: ElementSet
    rejected: tuple[str, ...]
    along_track_s: float | None = None


def choose_elements(
    sets: Sequence[ElementSet],
    moment: datetime,
    manoeuvres: Sequence[tuple[datetime, str]] = (),
    valid_days: float = 5.0,
) -> Choice:
    """The set nearest in time to `moment`, in the plane of the others, with no manoeuvre between it and the moment.

    `manoeuvres` are (UTC moment, note). Raises EvidenceError when none is fit, with the reason for each.

    Two sets that disagree on the node by more than the J2 regression allows cannot both be real; a set that contradicts
    at least half of the others is left out (fabricated sets circulate).
    """
    reasons = {element: _why_not(element, sets, moment, manoeuvres, valid_days) for element in sets}
    fit = sorted((s for s in sets if not reasons[s]), key=lambda s: abs(s.epoch - moment))
    if not fit:
        listed = "; ".join(f"{element}: {reason}" for element, reason in reasons.items())
        missing = f"element set that is fit for {moment:%Y-%m-%d %H:%M} UTC ({listed or 'the file holds none'})"
        remedy = "add a set whose epoch is near the event, on its side of every manoeuvre, or widen orbit.valid_days"
        raise EvidenceError("Where was the vehicle?", missing, remedy)
    chosen = fit[0]
    others = [element for element in sets if element is not chosen]
    lags = {element: along_track_m_s(element, chosen, moment) for element in others}
    farther = "farther from the event than the set used"
    rejected = tuple(f"{element}: {reasons[element] or farther}; {_off(*lags[element])}" for element in others)
    same_side = [abs(lags[e][1]) for e in others if not reasons[e] or reasons[e].startswith("too far")]
    return Choice(chosen, rejected, max(same_side) if same_side else None)


def _off(along_m: float, along_s: float) -> str:
    side = "ahead" if along_s > 0 else "behind"
    return f"there it would be {abs(along_m) / 1e3:.0f} km ({abs(along_s):.1f} s) {side} along track"


def _why_not(
    element: ElementSet,
    sets: Sequence[ElementSet],
    moment: datetime,
    manoeuvres: Sequence[tuple[datetime, str]],
    valid_days: float,
) -> str:
    """The first reason to leave a set out, "" when there is none."""
    off_plane = _off_plane(element, sets)
    if off_plane:
        return off_plane
    for at, note in manoeuvres:
        if min(element.epoch, moment) < at <= max(element.epoch, moment):
            side = "after" if element.epoch >= at else "before"
            burn = f"{at:%Y-%m-%d %H:%M} UTC ({note})"
            return f"its epoch lies {side} the manoeuvre of {burn}; the event lies on the other side"
    days = abs((element.epoch - moment).total_seconds()) / DAY_S
    return f"too far in time: {days:.1f} days from the event, valid for {valid_days:g}" if days > valid_days else ""


def _off_plane(element: ElementSet, sets: Sequence[ElementSet]) -> str:
    gaps = [(other, *_node_gap(element, other)) for other in sets if other is not element]
    bad = [(other, gap) for other, gap, allowed in gaps if abs(gap) > allowed]
    if not bad or len(bad) < len(gaps) / 2:
        return ""
    other, gap = min(bad, key=lambda pair: abs(pair[0].epoch - element.epoch))
    return (
        f"its node is {abs(np.degrees(gap)):.2f} deg off the plane that set {other.line1[18:32].strip()} and the J2 "
        "regression call for, so the two are not the same orbit"
    )


def _node_gap(one: ElementSet, other: ElementSet) -> tuple[float, float]:
    """Node of `one` less that of `other` carried to its epoch by the mean secular rate, and what is allowed (rad)."""
    a, b = _satellite(one), _satellite(other)
    days = (one.epoch - other.epoch).total_seconds() / DAY_S
    rate = (a.nodedot + b.nodedot) / 2 * 1440.0
    gap = (a.nodeo - b.nodeo - rate * days + np.pi) % (2 * np.pi) - np.pi
    return float(gap), float(NODE_rad + NODE_DRIFT_rad_day * abs(days))


def _satellite(element: ElementSet) -> Satrec:
    return Satrec.twoline2rv(element.line1, element.line2)


def along_track_m_s(element: ElementSet, reference: ElementSet, moment: datetime) -> tuple[float, float]:
    """How far along the orbit `element` leads `reference` at a moment: metres and seconds (negative: it lags)."""
    (r1,), _ = propagate_teme(element, moment, [0.0])
    (r0,), (v0,) = propagate_teme(reference, moment, [0.0])
    normal = np.cross(r0, v0)
    normal /= np.linalg.norm(normal)
    flat = r1 - normal * (r1 @ normal)
    angle = np.arctan2(np.cross(r0, flat) @ normal, r0 @ flat)
    rate = np.linalg.norm(np.cross(r0, v0)) / (r0 @ r0)
    return float(angle * np.linalg.norm(r0)), float(angle / rate)


def propagate_teme(elements: ElementSet, epoch: datetime, t_s: npt.ArrayLike) -> tuple[Array, Array]:
    """Position (n, 3) in m and velocity (n, 3) in m/s, true equator mean equinox of date, from sgp4.

    Raises SolveError when sgp4 gives up (decayed orbit).
    """
    day, fraction = utc_julian(epoch)
    times = fraction + np.atleast_1d(np.asarray(t_s, dtype=float)) / DAY_S
    code, position_km, velocity_km_s = _satellite(elements).sgp4_array(np.full(times.shape, day), times)
    if code.any():
        first = int(code[code > 0][0])
        raise SolveError(f"sgp4 with {elements}", float(first), SGP4_ERRORS.get(first, "use another element set"))
    return position_km * 1e3, velocity_km_s * 1e3


def gcrs_from_teme(epoch: datetime, t_s: npt.ArrayLike) -> Array:
    """The rotation (n, 3, 3) from TEME to GCRS at `t_s` (n,) seconds after the UTC epoch.

    r_GCRS = C' Q r_TEME with C the bias-precession-nutation matrix pnm06a(TT) and Q the turn by the equation of the
    equinoxes ee06a(TT). Within 1.6 m of astropy and skyfield at the ISS (geometry sheet 6.2); knots every 0.1 day,
    linear between.
    """
    day, fraction = tt_julian(epoch, np.atleast_1d(np.asarray(t_s, dtype=float)))
    count = max(2, int(np.ceil(np.ptp(fraction) / _KNOT_DAY)) + 1)
    knots = np.linspace(fraction.min(), max(fraction.max(), fraction.min() + 1e-6), count)
    equinox = erfa.ee06a(day, knots)
    turn = np.zeros((count, 3, 3))
    turn[:, 0, 0] = turn[:, 1, 1] = np.cos(equinox)
    turn[:, 0, 1], turn[:, 1, 0], turn[:, 2, 2] = -np.sin(equinox), np.sin(equinox), 1.0
    rotation = (np.swapaxes(erfa.pnm06a(day, knots), -1, -2) @ turn).reshape(count, 9)
    return np.stack([np.interp(fraction, knots, rotation[:, k]) for k in range(9)], axis=-1).reshape(-1, 3, 3)


def propagate(elements: ElementSet, epoch: datetime, t_s: npt.ArrayLike) -> tuple[Array, Array]:
    """Position (n, 3) in m and velocity (n, 3) in m/s in GCRS at `t_s` (n,) seconds after the UTC epoch.

    The slow turn of the TEME axes (2e-12 rad/s) is left out of the velocity. Raises SolveError, RangeError.

    >>> from datetime import UTC, datetime
    >>> iss = ElementSet("1 25544U 98067A   22350.92995838  .00012052  00000+0  21882-3 0  9998",
    ...                  "2 25544  51.6430 151.3097 0003678 167.7951 338.1576 15.49996899373529",
    ...                  "ISS", datetime(2022, 12, 16, 22, 19, 8, tzinfo=UTC), 25544)
    >>> position, velocity = propagate(iss, datetime(2022, 12, 15, 0, 45, tzinfo=UTC), [0.0])
    >>> (position[0] / 1e3).round(0).tolist()
    [-5785.0, 3273.0, -1435.0]
    """
    position, velocity = propagate_teme(elements, epoch, t_s)
    rotation = gcrs_from_teme(epoch, t_s)
    return np.einsum("nij,nj->ni", rotation, position), np.einsum("nij,nj->ni", rotation, velocity)
