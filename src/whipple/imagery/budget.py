"""The error budget of one diameter: every term with a value (1-sigma, share of the diameter) and how it was obtained."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np

from whipple.casefile.estimate import Array
from whipple.casefile.findings.pictures import BudgetTerm
from whipple.casefile.given import Given
from whipple.casefile.tables.image import ImageTable
from whipple.imagery.outline import HoleOutline, find_hole
from whipple.physics.cited import Cited

__all__ = ["COMMON_TERMS", "budget_terms", "plane_ratio", "table_p95_frac"]

_Z90 = NormalDist().inv_cdf(0.95)
_Z95 = NormalDist().inv_cdf(0.975)

#: Terms that two pictures of the same hole share: they do not average away.
COMMON_TERMS = ("size of the scale feature", "lighting and shadow", "definition")

#: Section 2 of the imagery sheet: 95th percentile of |error| of the half-maximum diameter, for a blur of 0.7 and 1.2 px, noise 3 DN.
_ACROSS_px = (3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 16.0)
_SHARP = (0.41, 0.16, 0.059, 0.060, 0.043, 0.029, 0.018)
_SOFT = (0.68, 0.29, 0.14, 0.047, 0.054, 0.049, 0.030)

#: Section 3: 95th percentile of |error| of a transferred length, with and without a calibrated lens (homography on chessboards).
_LENS_p95 = {
    "calibrated": Cited(0.025, unit="", source="imagery_sheet", grade="measured"),
    "self-calibrated": Cited(0.05, unit="", source="imagery_sheet", grade="proposal"),
    "unknown": Cited(0.164, unit="", source="imagery_sheet", grade="measured"),
}
#: Median error of "millimetres per pixel from a known feature, no perspective" on the same chessboards.
_SCALE_ONLY = Cited(0.10, unit="", source="imagery_sheet", grade="measured")
_NEAR_NORMAL_rad = Cited(0.17, unit="rad", source="whipple_judgement", grade="proposal")
_ASSUMED_SCALE = Cited(0.01, unit="", source="whipple_judgement", grade="proposal")
_READING_px = Cited(0.5, unit="px", source="whipple_judgement", grade="proposal")
_CURVATURE = Cited(0.003, unit="", source="whipple_judgement", grade="proposal")
_DEFINITION = Cited(0.03, unit="", source="whipple_judgement", grade="proposal")
_BLOCK_px = Cited(0.25, unit="px", source="whipple_judgement", grade="proposal")


def table_p95_frac(across_px: float, blur_px: float) -> float:
    """What the sheet's table says of an ideal hole of this size: 95th percentile of |error|.

    >>> round(table_p95_frac(10.0, 0.7), 3), round(table_p95_frac(6.0, 1.2), 3)
    (0.029, 0.047)
    """
    soft = float(np.clip((blur_px - 0.7) / 0.5, 0.0, 1.0))
    sharp_says, soft_says = np.interp(across_px, _ACROSS_px, _SHARP), np.interp(across_px, _ACROSS_px, _SOFT)
    return float((1 - soft) * sharp_says + soft * soft_says)


def budget_terms(
    table: ImageTable, image: Array, hole: HoleOutline, edge_sigma: float, injected: tuple[int, bool]
) -> tuple[BudgetTerm, ...]:
    """All terms of one picture. `edge_sigma` is the scatter that `injected` (how many, on real surface or not) holes showed."""
    across = hole.short_px
    ground = (
        "hole-free places of this picture"
        if injected[1]
        else "a made-up surface with this picture's noise and unevenness"
    )
    p95 = table_p95_frac(across, hole.blur_ratio / 1.5)
    return (
        BudgetTerm(
            "edge and pixel model",
            edge_sigma,
            f"scatter of {injected[0]} holes like it injected into {ground}; the reference table says {p95:.1%} (95th percentile) at {across:.1f} px",
        ),
        BudgetTerm(
            "focus and blur",
            0.0,
            f"0 here: counted above, the injected holes vary the blur about the {hole.blur_ratio:.1f} px seen",
        ),
        _scale_feature(table),
        BudgetTerm(
            "reading the scale",
            float(np.sqrt(2) * _READING_px / (table.scale_px or 1.0)),
            "half a pixel at each end of the feature",
        ),
        _plane(table),
        _perspective(table, image, hole),
        _lens(table),
        BudgetTerm(
            "curvature of the surface", float(_CURVATURE), "assumed: the hole is small against the radius of the tube"
        ),
        _compression(image, across),
        _lighting(image, hole),
        BudgetTerm(
            "definition",
            float(_DEFINITION),
            "assumed: inner edge of the clear hole; lip, shatter zone and stain are left out",
        ),
    )


def _relative(given: Given) -> float:
    """1-sigma of a given number as a share of it, from its 90 % range."""
    return (given.high - given.low) / (2 * _Z90 * abs(given.value)) if given.value else 0.0


def _scale_feature(table: ImageTable) -> BudgetTerm:
    term = "size of the scale feature"
    if table.scale_length_m is None or _relative(table.scale_length_m) == 0:
        return BudgetTerm(term, float(_ASSUMED_SCALE), "assumed: no tolerance is given for the feature")
    return BudgetTerm(term, _relative(table.scale_length_m), "the range given with scale_length")


def plane_ratio(table: ImageTable) -> float:
    """Scale in the plane of the hole over that of the feature, which lies dZ farther: Z / (Z + dZ); 1 where no distance is given."""
    if table.distance_m is None:
        return 1.0
    return table.distance_m.value / (table.distance_m.value + table.plane_offset_m.value)


def _plane(table: ImageTable) -> BudgetTerm:
    """What is left once `plane_ratio` is taken off: the doubt of the offset, and of the distance where there is an offset."""
    term, offset, away = "plane of the scale feature", table.plane_offset_m, table.distance_m
    if max(abs(offset.low), abs(offset.high)) == 0:
        return BudgetTerm(term, 0.0, "0: the case says the feature lies in the plane of the hole")
    if away is None:
        how = "an offset is given but no distance: it is not taken off, the median error of scale alone stands in"
        return BudgetTerm(term, float(_SCALE_ONLY), how)
    parts = [_wider(offset), offset.value / away.value * _wider(away)]
    how = "doubt of the offset (and of the distance) over the distance, dZ/Z"
    if offset.value:
        way = "farther" if offset.value > 0 else "nearer"
        how += (
            f"; {abs(offset.value) * 1e3:g} mm {way} than the hole: {plane_ratio(table) - 1:+.1%} on the scale are in"
        )
    return BudgetTerm(term, float(np.hypot(*parts) / (away.value + offset.value)), how)


def _wider(given: Given) -> float:
    """1-sigma of a given number by the wider side of its 90 % range."""
    return max(given.high - given.value, given.value - given.low) / _Z90


def _perspective(table: ImageTable, image: Array, hole: HoleOutline) -> BudgetTerm:
    """Error of the tilt itself, of the direction of the scale, and of perspective between scale and hole."""
    term, tilt = "perspective, incidence", table.incidence_rad
    spread = (tilt.high - tilt.low) / (2 * _Z90) if tilt.high > tilt.low else np.radians(5.0)
    parts = [0.5 * np.tan(tilt.value) * spread if tilt.value > spread else 0.25 * spread**2]
    if table.scale_along == "unknown":
        parts.append(-np.log(np.cos(tilt.value)) / 2 / np.sqrt(3))
    how = f"tilt {np.degrees(tilt.value):.0f} ± {np.degrees(spread):.0f} deg, scale along: {table.scale_along}"
    if table.distance_m is not None and table.scale_length_m is not None and table.scale_px:
        away = 0.25 * float(np.hypot(*image.shape)) * table.scale_length_m.value / table.scale_px
        parts.append(np.tan(tilt.value) * away / table.distance_m.value)
        how += "; perspective from the distance given, scale a quarter of the frame away"
    elif tilt.value > _NEAR_NORMAL_rad:
        parts.append(float(_SCALE_ONLY))
        how += "; no distance given: the median error of scale alone on oblique chessboards stands in for perspective"
    return BudgetTerm(term, float(np.sqrt(np.sum(np.square(parts)))), how)


def _lens(table: ImageTable) -> BudgetTerm:
    if table.lens == "none":
        return BudgetTerm("lens distortion", 0.0, "0: a rendered pinhole has none")
    how = f"lens {table.lens}: transfer error measured on chessboards, 95th percentile / 1.96"
    return BudgetTerm("lens distortion", _LENS_p95[table.lens] / _Z95, how)


def _compression(image: Array, across: float) -> BudgetTerm:
    """Blocks of 8 pixels betray JPEG or video: steps at block borders against steps elsewhere."""
    step = np.abs(np.diff(image, axis=1)).mean(axis=0)
    border = np.arange(step.size) % 8 == 7
    blockiness = (
        float(np.clip(step[border].mean() / max(step[~border].mean(), 1e-9) - 1.0, 0.0, 1.0)) if step.size > 16 else 0.0
    )
    return BudgetTerm(
        "compression",
        float(_BLOCK_px * blockiness / across),
        f"block borders stand out by {blockiness:.0%} of a quarter pixel",
    )


def _lighting(image: Array, hole: HoleOutline) -> BudgetTerm:
    """How far the diameter moves when the level moves: a clean edge hardly cares, a shadowed or shining lip does."""
    low = find_hole(image, hole.centre_px, 0.42).diameter_px
    high = find_hole(image, hole.centre_px, 0.58).diameter_px
    how = "diameter at 42 % against 58 % of the contrast, as a uniform range"
    return BudgetTerm("lighting and shadow", abs(high - low) / hole.diameter_px / np.sqrt(12), how)
