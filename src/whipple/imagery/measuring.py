"""From pictures to a diameter with its error budget, and to one diameter for all pictures together."""

from __future__ import annotations

import numpy as np

from whipple.casefile.case import Case
from whipple.casefile.estimate import Array, Caveat, Estimate
from whipple.casefile.findings.pictures import BudgetTerm, PictureMeasure, Pictures
from whipple.casefile.read_image import read_image
from whipple.casefile.tables.image import ImageTable, STEEPEST_rad
from whipple.errors import EvidenceError, RangeError
from whipple.imagery.budget import COMMON_TERMS, budget_terms, plane_ratio
from whipple.imagery.injected import could_be_px
from whipple.imagery.outline import HoleOutline, find_hole

__all__ = ["measure", "measure_picture"]

_DRAWS = 2000
_PRESENCE_px, _BOUND_px = 3.0, 5.0
_WIDEST, _LONGEST_m, _NEAREST_m = 20, 200.0, 0.01
_MODEL = "half-maximum outline, bias from injected holes"


def measure(case: Case) -> Pictures:
    """The hole's diameter in every picture of the case that has a scale, and the diameter they agree on.

    A picture without a scale, with one that cannot be, or without an enclosed dark spot is passed over with a caveat.
    CaseError when a file cannot be read.
    """
    rng = case.rng("imagery")
    measures: list[PictureMeasure] = []
    caveats: list[Caveat] = []
    for table in case.images:
        try:
            measures.append(measure_picture(read_image(case.path(table.file)), table, rng))
        except (EvidenceError, RangeError) as error:
            caveats.append(
                Caveat(
                    "imagery.passed-over",
                    f"Picture {table.name!r} gives no size. {error}".replace("\n  try:", "; try:"),
                )
            )
    if not case.images:
        caveats.append(Caveat("imagery.no-picture", "The case holds no picture."))
    simulated = any(table.simulated for table in case.images)
    if simulated:
        text = "At least one picture is RENDERED, not a photograph: what rests on it shows how the tool works, not what happened."
        caveats.append(Caveat("imagery.rendered", text))
    size = _agreed(measures, rng)
    return Pictures(tuple(measures), size, simulated, _headline(measures, size, simulated), tuple(caveats))


def measure_picture(image: Array, table: ImageTable, rng: np.random.Generator) -> PictureMeasure:
    """The hole of one picture: `image` (height, width) in grey levels, `table` its scale, tilt and lens.

    From 5 px across (on the foreshortened axis) a two-sided diameter; below, an upper bound only. EvidenceError without a scale or without
    an enclosed dark spot; RangeError for a tilt, a distance or an offset of the scale that no picture can have.
    """
    if table.scale_px is None or table.scale_length_m is None:
        remedy = "name a feature of known size beside the hole"
        raise EvidenceError("How big is the hole in this picture?", "scale (scale_px and scale_length)", remedy)
    _refuse_impossible(table, float(np.hypot(*image.shape)))
    hole = find_hole(image, table.hole_px)
    true_px, count, real = could_be_px(image, hole, rng, draws=_DRAWS)
    scale_m = table.scale_length_m.value / table.scale_px * plane_ratio(table)
    edge = float(np.std(np.log(true_px)))
    budget = budget_terms(table, image, hole, edge, (count, real))
    others = np.sqrt(sum(term.sigma_frac**2 for term in budget[1:]))
    draws = true_px * scale_m * _foreshortening(table) * np.exp(others * rng.standard_normal(_DRAWS))
    diameter, caveats = _claimable(hole, draws, (table.source,))
    caveats = _assumed(table, hole) + caveats
    return PictureMeasure(
        image=table.name,
        path=table.file,
        diameter_m=diameter,
        across_px=hole.short_px,
        scale_m=scale_m,
        axis_ratio=hole.long_px / hole.short_px,
        outline_px=hole.outline_px,
        budget=budget,
        simulated=table.simulated,
        sentence=_sentence(table, hole, diameter, budget),
        sources=(table.source,),
        caveats=caveats,
    )


def _refuse_impossible(table: ImageTable, across_px: float) -> None:
    """A table that was made by hand keeps to what a case may say, and a scale to what a camera may see; `across_px` is the picture's diagonal."""
    tilt, offset = table.incidence_rad, table.plane_offset_m
    if not 0 <= tilt.low <= tilt.high <= STEEPEST_rad:
        found = f"{np.degrees(tilt.low):.3g} to {np.degrees(tilt.high):.3g} deg"
        raise RangeError("imagery", "incidence", found, f"0 to {np.degrees(STEEPEST_rad):.0f} deg, 0 is face on")
    span_px, length = table.scale_px or 0.0, table.scale_length_m
    if length is None or not (0 < span_px <= _WIDEST * across_px and length.low > 0 and length.high <= _LONGEST_m):
        found = f"{span_px:g} px" + ("" if length is None else f", {length.value:g} m")
        expected = (
            f"above zero, at most {_WIDEST} times the picture's diagonal (it may be cut out) and {_LONGEST_m:g} m"
        )
        raise RangeError("imagery", "scale_px, scale_length", found, expected, "check both, and the unit")
    away = table.distance_m
    if away is not None and not (away.low >= _NEAREST_m and 2 * max(abs(offset.low), abs(offset.high)) < away.value):
        found = f"{offset.low:g} to {offset.high:g} m at {away.value:g} m"
        expected = f"an offset below half the distance, and that at least {_NEAREST_m * 1e2:g} cm"
        raise RangeError("imagery", "plane_offset, distance", found, expected, "check the unit of both")


def _assumed(table: ImageTable, hole: HoleOutline) -> tuple[Caveat, ...]:
    """A tilt that nobody gave is taken as none: said, with what the shape of the hole would allow."""
    if "incidence_rad" in table.model_fields_set:
        return ()
    text = (
        "No angle of view was given: the surface is taken as seen face on (5 deg at most). If the hole is round, its outline would stand for"
        f" {np.degrees(np.arccos(hole.short_px / hole.long_px)):.0f} deg; at 45 deg a diameter read along the tilt axis comes out 16 % too small."
    )
    return (Caveat("imagery.tilt-assumed", text),)


def _foreshortening(table: ImageTable) -> float:
    """From the equal-area diameter of a tilted circle to its true diameter: its short axis shrinks by the cosine, the scale perhaps too."""
    cosine = float(np.cos(table.incidence_rad.value))
    return {"tilt axis": cosine**-0.5, "tilt": cosine**0.5, "unknown": 1.0}[table.scale_along]


def _claimable(hole: HoleOutline, draws: Array, sources: tuple[str, ...]) -> tuple[Estimate, tuple[Caveat, ...]]:
    """What the pixels across the hole allow to be said."""
    whole = Estimate.from_samples(draws, "m", models=(_MODEL,), sources=sources)
    text = (
        "Injected holes share this tool's idea of a hole: lips and spall are in the assumed terms of the budget only."
    )
    caveats = [Caveat("imagery.same-author", text)]
    if hole.short_px >= _BOUND_px:
        return whole.with_caveats(*caveats), tuple(caveats)
    text = f"Only {hole.short_px:.1f} px across: an upper bound, never a diameter."
    if hole.short_px < _PRESENCE_px:
        text = f"Only {hole.short_px:.1f} px across: the picture shows that something is there, no more; the size is an upper bound."
    caveats.append(Caveat("imagery.too-few-pixels", text))
    bound = Estimate(whole.median, 0.0, whole.high, "m", "upper", (_MODEL,), sources, tuple(caveats), whole.samples)
    return bound, tuple(caveats)


def _sentence(table: ImageTable, hole: HoleOutline, diameter: Estimate, budget: tuple[BudgetTerm, ...]) -> str:
    largest = max(budget, key=lambda term: term.sigma_frac)
    kind = "rendered picture" if table.simulated else "picture"
    size = f"{diameter.median * 1e3:.2f} mm ({diameter.low * 1e3:.2f} to {diameter.high * 1e3:.2f} mm)"
    if diameter.bound == "upper":
        size = f"at most {diameter.high * 1e3:.2f} mm"
    return (
        f"In the {kind} {table.name!r} the hole on {table.part} is {size} across, seen over {hole.short_px:.1f} px, "
        f"axis ratio {hole.long_px / hole.short_px:.2f}; the largest error term is {largest.term} ({largest.sigma_frac:.1%})."
    )


def _agreed(measures: list[PictureMeasure], rng: np.random.Generator) -> Estimate | None:
    """Inverse-variance mean of the logarithms; terms shared by pictures of one hole stay in full. Bounds only when nothing else."""
    sized = [item for item in measures if item.diameter_m.bound == "two-sided"]
    if not sized:
        bounds = sorted((item.diameter_m for item in measures), key=lambda estimate: estimate.high)
        return bounds[0] if bounds else None
    if len(sized) == 1:
        return sized[0].diameter_m
    log = np.array([np.log(item.diameter_m.median) for item in sized])
    own = np.array([sum(t.sigma_frac**2 for t in item.budget if t.term not in COMMON_TERMS) for item in sized])
    common = max(sum(t.sigma_frac**2 for t in item.budget if t.term in COMMON_TERMS) for item in sized)
    weight = 1 / own
    mean = float((weight * log).sum() / weight.sum())
    excess = max(1.0, float((weight * (log - mean) ** 2).sum()) / (len(sized) - 1))
    sigma = np.sqrt(excess / weight.sum() + common)
    sources = tuple(sorted({source for item in sized for source in item.sources}))
    return Estimate.from_samples(
        np.exp(mean + sigma * rng.standard_normal(_DRAWS)), "m", models=(_MODEL,), sources=sources
    )


def _headline(measures: list[PictureMeasure], size: Estimate | None, simulated: bool) -> str:
    if size is None:
        return "No picture with a scale shows the hole: pictures give no diameter."
    kind = "rendered picture" if simulated else "picture"
    seen = f"{len(measures)} {kind}{'' if len(measures) == 1 else 's'}"
    if size.bound == "upper":
        return f"{seen}: the hole is at most {size.high * 1e3:.2f} mm across; too few pixels for a diameter."
    interval = f"90 % interval {size.low * 1e3:.2f} to {size.high * 1e3:.2f} mm"
    return f"{seen}: the hole is {size.median * 1e3:.2f} mm across ({interval})."
