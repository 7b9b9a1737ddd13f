"""Do the expected counts speak of such an event at all?"""

from __future__ import annotations

from collections.abc import Sequence

from whipple.attribution.base_rate import IMPACT_KINDS, BaseRate
from whipple.casefile.findings.impactor import Impactor
from whipple.physics.cited import Cited

__all__ = ["MANY_COUNT", "TOO_THIN", "too_thin"]

#: The verdict in one line.
TOO_THIN = "Too thin for a verdict"

#: More perforations than this expected before one was noticed: had each been noticed, so long a silence had a chance below 5 % (Poisson).
MANY_COUNT = Cited(3.0, unit="", source="whipple_elicited", grade="proposal")


def too_thin(rates: Sequence[BaseRate], impactor: Impactor | None) -> str:
    """Why no verdict can be given where nobody knows how large the damage is; "" where one can.

    Without a size of the hole and without a push that was felt the counts are of any perforation of the wall. Where many of those were to be
    expected (a thin sheet of many square metres), they are not what was noticed, and a race among them would name an impact whatever happened.
    """
    if impactor is None or not any(note.code == "impact.no-hole-size" for note in impactor.caveats):
        return ""
    count = sum(rate.expected_count.median for rate in rates if rate.kind in IMPACT_KINDS)
    if count <= MANY_COUNT:
        return ""
    times = f"{float(f'{count:.1g}'):,.0f}".replace(",", "\u00a0")
    return (
        f"{TOO_THIN}: no hole has a size and no push is known, and particles were expected to pierce this wall some {times} times, "
        "so a count of perforations says nothing about the one event that was noticed. A size of the damage or the push that was felt is needed."
    )
