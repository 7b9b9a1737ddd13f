"""What the reader must know beside the contamination answer: the caveats."""

from __future__ import annotations

from whipple.casefile.estimate import Caveat

__all__ = ["AFTER", "CAVEATS", "CLOSED", "NO_FLOW", "NO_LOOP", "NO_STACK", "some_closed"]

NO_LOOP = Caveat("contamination-no-loop", "Where the fluid went cannot be said: the case describes no loop.")
NO_FLOW = Caveat(
    "contamination-no-flow",
    "The flow is not known, so nothing can be said of single surfaces; only the fluid's own fate.",
)
NO_STACK = Caveat(
    "contamination-no-stack",
    "No stack of surfaces is known, so nothing can be said of single surfaces; only the fluid's own fate.",
)
CLOSED = Caveat(
    "contamination-closed-face",
    "Every possible axis of the hole leads into a closed face of the stack within 0.3 m: the plume has no way out as described, and "
    "nothing is said of single surfaces. Check which way the hole faces and where the suspect part stands.",
)
CAVEATS = (
    Caveat(
        "contamination-plume-law",
        "The plume is a cosine law with an isotropic floor (and, for vapours with a limiting angle, in half of the draws the continuum "
        "expansion): what turns back is assumed (1 to 40 % of the vapour spread evenly), so rates behind the hole are known to a factor of "
        "ten at best.",
    ),
    Caveat(
        "contamination-breakup",
        "Whether boiling shatters the jet is told by two recalled criteria, which disagree for isooctane at room temperature: half of "
        "the draws then have fine drops (1 to 100 % of the hole), half drops of about its width.",
    ),
    Caveat(
        "contamination-residue",
        "The coolant's additives are not public: residue is a share of 1e-4 to 3e-2 of the fluid, left by droplets and fog; what "
        "fog carries off the jet (0.1 to 10 %) is assumed. Pure coolant leaves nothing.",
    ),
    Caveat(
        "contamination-straight-lines",
        "Molecules fly straight: scattering by the atmosphere or within the plume is left out; vapour handed on from surface to surface "
        "is counted apart, as a mean over the part, as if none stuck. Droplets feel drag. Surface temperatures are those of the shape file.",
    ),
)

AFTER = (
    Caveat(
        "contamination-film-optics",
        "How dark the residue is has not been published: an extinction index of 5e-4 to 0.2 at 550 nm is assumed, and Beer's law, which "
        "fails in the visible for films of 5 to 50 nm. Losses of light are orders of magnitude, not predictions.",
    ),
    Caveat(
        "contamination-spacewalk-measure",
        "No public rule says what vapour column a spacewalk may cross: the quiescent limit of SSP 30426 at 5 m from the hole is taken, "
        "with all that leaves counted as vapour.",
    ),
)


def some_closed(closed_frac: float) -> tuple[Caveat, ...]:
    """What was left out because it leads into structure.

    >>> some_closed(0.0), some_closed(0.25)[0].code
    ((), 'contamination-closed-axes')
    """
    if closed_frac <= 0:
        return ()
    text = f"{100 * closed_frac:.0f} % of the possible axes of the hole lead into a closed face within 0.3 m and were left out."
    return (Caveat("contamination-closed-axes", text),)
