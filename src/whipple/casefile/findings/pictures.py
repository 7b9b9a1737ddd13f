"""The slot of `imagery`: what the pictures show."""

from __future__ import annotations

from dataclasses import dataclass

from whipple.casefile.estimate import Array, Caveat, Estimate

__all__ = ["BudgetTerm", "PictureMeasure", "Pictures"]


@dataclass(frozen=True)
class BudgetTerm:
    """One line of the error budget: 1-sigma as a share of the diameter, and how it was obtained."""

    term: str
    sigma_frac: float
    how: str


@dataclass(frozen=True)
class PictureMeasure:
    """One picture: the hole's diameter with its budget; below five pixels across only an upper bound.

    `across_px` on the foreshortened axis; `outline_px` (n, 2) the measured edge as x, y; `axis_ratio` long over short.
    """

    image: str
    path: str
    diameter_m: Estimate
    across_px: float
    scale_m: float
    axis_ratio: float
    outline_px: Array
    budget: tuple[BudgetTerm, ...]
    simulated: bool
    sentence: str
    sources: tuple[str, ...]
    caveats: tuple[Caveat, ...] = ()


@dataclass(frozen=True)
class Pictures:
    """All pictures measured and the diameter they agree on; None when no picture has a scale."""

    measures: tuple[PictureMeasure, ...]
    hole_diameter_m: Estimate | None
    simulated: bool
    headline: str
    caveats: tuple[Caveat, ...] = ()
