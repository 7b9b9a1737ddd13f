"""Which hole size the question is about: the pictures, else the leak, else a claim that counts as evidence."""

from __future__ import annotations

from dataclasses import replace

from whipple.casefile.case import Case
from whipple.casefile.estimate import Caveat, Estimate
from whipple.casefile.findings.hole import Hole
from whipple.casefile.findings.pictures import Pictures

__all__ = ["hole_size"]


def hole_size(case: Case, pictures: Pictures | None, hole: Hole | None) -> tuple[Estimate | None, tuple[Caveat, ...]]:
    """The diameter (m) and what the reader must know about it; None with a caveat when nothing gives a size."""
    seen = None if pictures is None else pictures.hole_diameter_m
    if seen is not None and seen.bound == "two-sided":
        rendered = Caveat("impact.simulated-picture", "The hole size rests on a rendered picture, not on a photograph.")
        return replace(seen, caveats=()), (rendered,) if pictures is not None and pictures.simulated else ()
    if hole is not None and hole.diameter_m is not None:
        text = "The hole size is the hydraulic one from the leak: a ragged hole is wider than it flows."
        return replace(hole.diameter_m, caveats=()), (Caveat("impact.hydraulic-size", text),)
    for claim in case.evidence("hole.diameter_m"):
        if claim.value is not None and claim.bound == "two-sided":
            return claim.value.estimate(), (
                Caveat("impact.claimed-size", f"The hole size is what {claim.said_by} said; nobody measured it here."),
            )
    text = "No picture, leak or statement gives a hole size: the numbers below are of any perforation of the wall."
    return None, (Caveat("impact.no-hole-size", text),)
