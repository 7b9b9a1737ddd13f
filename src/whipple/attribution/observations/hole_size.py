"""How likely is a hole of this size, given the cause?

For an impact: holes per unit of ln(diameter) at the measured size over holes of that size or larger, from the impact room. For
hardware: a defect that empties a loop may have any size over some decades; no distribution is published, so it is taken as flat in
ln(diameter) over an elicited width about 1 mm,

    density = P(half the width reaches |ln(d / 1 mm)|) / width

A size that rests on simulated data is shown and counts for nothing.
"""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr

from whipple.attribution.base_rate import IMPACT_KINDS, BaseRate
from whipple.attribution.row import Exhibits, Row
from whipple.casefile.estimate import Z90, Caveat, Evidence
from whipple.physics.cited import Cited

__all__ = ["SIMULATED_SIZE", "SIZE_GROUP", "hardware_reach_prob", "size_of_hole"]

#: Code of the caveat that the impact room sets on a size that rests on simulated data.
SIMULATED_SIZE = "impact.simulated-size"
#: Group of the row that this file writes; the base rates of the impact causes hang on the size too.
SIZE_GROUP = "hole size"
_CLAIMED_SIZE = "impact.claimed-size"

#: Width in ln(diameter) over which a hardware hole may lie: (value, low, high); 4.6 is two decades, 0.1 to 10 mm. `[proposal]`
_HARDWARE_WIDTH = (4.6, 2.0, 8.0)
_HARDWARE_MIDDLE_m = 1e-3
#: Below this share of the elicited widths that reach a hole, the reader is told.
_MOST_REACH = 0.95
#: Doubt of the slope of an impact size law (natural log).
_SLOPE_NAT = Cited(0.3, unit="", source="whipple_elicited", grade="proposal")


def hardware_reach_prob(diameter_m: float) -> float:
    """Share of the elicited widths that reach from 1 mm to a hole of this diameter (m): 1 near 1 mm, falling beyond a decade.

    >>> round(hardware_reach_prob(0.8e-3), 2), round(hardware_reach_prob(12e-3), 2)
    (1.0, 0.41)
    """
    middle, low, high = _HARDWARE_WIDTH
    needed = 2.0 * abs(np.log(diameter_m / _HARDWARE_MIDDLE_m))
    side = np.log(high / middle) if needed > middle else np.log(middle / low)
    return float(ndtr(-np.log(max(needed, 1e-9) / middle) * Z90 / side))


def size_of_hole(exhibits: Exhibits) -> tuple[Row, ...]:
    """One row: the diameter against the size law of each cause; 0 nat where nobody really measured or stated it."""
    impactor = exhibits.impactor
    if impactor is None or impactor.hole_diameter_m is None:
        return ()
    density = {rate.hypothesis: _density(rate) for rate in exhibits.rates if rate.kind in IMPACT_KINDS}
    known = [value for value in density.values() if value is not None]
    if not known:
        return ()
    typical, reach = float(np.mean(known)), hardware_reach_prob(impactor.hole_diameter_m.median)
    values, because, doubt = {}, {}, {}
    for rate in exhibits.rates:
        own = density.get(rate.hypothesis)
        if rate.kind in IMPACT_KINDS:
            per_nat = typical if own is None else own
            borrowed = "taken as for the other particles" if own is None else "of the holes of this size or larger"
            because[rate.hypothesis] = f"{per_nat:.2g} per unit of ln(diameter), {borrowed}: small holes are the rule"
            doubt[rate.hypothesis] = float(_SLOPE_NAT)
        else:
            per_nat = max(reach, 1e-3) / _HARDWARE_WIDTH[0]
            because[rate.hypothesis] = (
                f"{per_nat:.2g} per unit of ln(diameter): a defect may have any size over about two decades (elicited)"
            )
            doubt[rate.hypothesis] = float(np.log(_HARDWARE_WIDTH[2] / _HARDWARE_WIDTH[1]) / (2 * Z90))
        values[rate.hypothesis] = float(np.log(per_nat))
    notes: tuple[Caveat, ...] = (
        Caveat(
            "hardware-size-elicited",
            "No size distribution of hardware leaks is published: flat in ln(diameter) over 2 to 8 units is assumed.",
        ),
    )
    diameter, codes = impactor.hole_diameter_m, {note.code for note in impactor.hole_diameter_m.caveats}
    name = f"a hole of {1e3 * diameter.median:.2g} mm (90 %: {1e3 * diameter.low:.2g} to {1e3 * diameter.high:.2g} mm)"
    if SIMULATED_SIZE in codes:
        name += ", SIMULATED"
        values, doubt = dict.fromkeys(values, 0.0), {}
        because = {cause: f"{text}; simulated size, not counted" for cause, text in because.items()}
        notes = (
            Caveat(
                "size-not-counted", "The hole size is SIMULATED: it says nothing about the cause and is not counted."
            ),
        )
    elif _CLAIMED_SIZE in codes:
        name += _who_said(exhibits)
    if SIMULATED_SIZE not in codes and reach < _MOST_REACH:
        notes += (
            Caveat(
                "hardware-size-beyond",
                f"Only {100 * reach:.0f} % of the ranges elicited for a hardware leak reach a hole of {1e3 * diameter.median:.2g} mm; "
                "hardware is lowered by that share, which rests on nothing published.",
            ),
        )
    return (Row(Evidence(name, SIZE_GROUP, values, because, diameter.sources, notes), doubt),)


def _who_said(exhibits: Exhibits) -> str:
    said = exhibits.case.evidence("hole.diameter_m")
    return f", as stated by {said[0].said_by}" if said else ""


def _density(rate: BaseRate) -> float | None:
    """Count-weighted over the streams of the cause that reach the site, as far as they strike this face."""
    parts = [
        (s.count.median * s.face_ratio, s.size_density_ratio) for s in rate.streams if s.size_density_ratio is not None
    ]
    total = sum(weight for weight, _ in parts)
    return sum(weight * density for weight, density in parts) / total if total > 0 else None
