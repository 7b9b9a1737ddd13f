"""Which hole size the question is about: what was really measured, else what was said of it, else what simulated data give."""

from __future__ import annotations

from dataclasses import replace

from whipple.casefile.case import Case
from whipple.casefile.estimate import Caveat, Estimate
from whipple.casefile.findings.hole import Hole
from whipple.casefile.findings.pictures import Pictures

__all__ = ["SIMULATED_SIZE", "hole_size"]

#: Code of the caveat beside a size that rests on simulated data; attribution gives such a size no weight.
SIMULATED_SIZE = "impact.simulated-size"


def hole_size(case: Case, pictures: Pictures | None, hole: Hole | None) -> tuple[Estimate | None, tuple[Caveat, ...]]:
    """The diameter (m), carrying as caveats what the reader must know about it; None with a caveat when nothing gives a size.

    In this order: real pictures, a real leak, a published statement marked as evidence (already known at the date asked for),
    simulated pictures, a simulated leak. Simulated data hold no more than what was put into them, so a real statement goes first.
    """
    seen = _seen(pictures)
    flowed = None if hole is None else hole.diameter_m
    if pictures is not None and seen is not None and not pictures.simulated:
        return replace(seen, caveats=()), ()
    if hole is not None and flowed is not None and not hole.simulated:
        text = "The hole size is the hydraulic one from the leak: a ragged hole is wider than it flows."
        return _noted(flowed, Caveat("impact.hydraulic-size", text))
    said = _said(case)
    if said is not None:
        return said
    if seen is not None:
        return _noted(seen, Caveat(SIMULATED_SIZE, "The hole size rests on a SIMULATED picture, not on a photograph."))
    if flowed is not None:
        return _noted(flowed, Caveat(SIMULATED_SIZE, "The hole size rests on a SIMULATED pressure record."))
    text = "No picture, leak or statement gives a hole size: the numbers below are of any perforation of the wall."
    return None, (Caveat("impact.no-hole-size", text),)


def _seen(pictures: Pictures | None) -> Estimate | None:
    """The size in the pictures where they give one, not only a bound."""
    size = None if pictures is None else pictures.hole_diameter_m
    return size if size is not None and size.bound == "two-sided" else None


def _said(case: Case) -> tuple[Estimate, tuple[Caveat, ...]] | None:
    """The size of the first published statement that counts as evidence."""
    said = [
        claim for claim in case.evidence("hole.diameter_m") if claim.value is not None and claim.bound == "two-sided"
    ]
    for claim in said[:1]:
        assert claim.value is not None
        text = (
            f"The hole size is what {claim.said_by} said on {claim.said_on:%d %B %Y}; no real measurement is at hand."
        )
        others = ", ".join(
            f"{one.value.value * 1e3:.2g} mm ({one.said_by})" for one in said[1:] if one.value is not None
        )
        text += f" Also said, and marked as evidence, but not used here: {others}." if others else ""
        return _noted(replace(claim.value.estimate(), sources=(claim.source,)), Caveat("impact.claimed-size", text))
    return None


def _noted(size: Estimate, note: Caveat) -> tuple[Estimate, tuple[Caveat, ...]]:
    return replace(size, caveats=(note,)), (note,)
