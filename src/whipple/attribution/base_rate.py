"""How often does each cause bring such a leak, before anyone looks at which way this hole faces?

Impact causes: the holes of this size that the particle flux makes in the suspect part over the exposure, for a part that faces every
way round the ship. The share that falls on a face like *this* one is evidence (the direction row), so it is divided out here and not
used twice. Hardware causes: the rate that the case gives, times the exposure. All are hazards at the moment the leak began: a shower
enters with the activity of that day, so its timing is already in.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from whipple.attribution.shared_doubt import SharedDoubt, shared_doubt
from whipple.casefile.case import Case
from whipple.casefile.estimate import Z90, Array, Estimate
from whipple.casefile.findings.impactor import Impactor, SourceImpactor
from whipple.casefile.findings.sky import Sky
from whipple.casefile.findings.strikes import Strikes
from whipple.casefile.tables.hypothesis import HypothesisTable
from whipple.physics.cited import Cited

__all__ = [
    "IMPACT_KINDS",
    "BaseRate",
    "StreamRate",
    "any_hole_count",
    "base_rates",
    "face_ratios",
    "stream_rates",
    "unsized",
]

IMPACT_KINDS = ("sporadic", "shower", "debris")
#: A site whose normals keep within this of the horizontal is compared with all horizontal faces, another with all faces.
_HORIZONTAL_RATIO = 0.3
#: Below this share of the mean face flux a stream does not reach the site, and its base rate cannot be read off the site.
_REACHES_RATIO = 1e-3
#: 1-sigma factor of a count scaled from other streams.
_BORROWED_FACTOR = Cited(2.0, unit="", source="whipple_elicited", grade="proposal")


@dataclass(frozen=True)
class StreamRate:
    """One stream: expected holes whichever way the part faces, and how much more or less often this face is struck than the average face.

    `size_density_ratio` is the number of holes per unit of ln(diameter) at the measured size over the number of that size or larger;
    None where the stream does not reach the site or no size is known.
    """

    stream: str
    hypothesis: str
    count: Estimate
    face_ratio: float
    size_density_ratio: float | None
    borrowed: bool
    own_nat: float


@dataclass(frozen=True)
class BaseRate:
    """One cause: the expected number of such leaks over the exposure, and what it rests on.

    `own_nat` is the 1-sigma doubt (natural log) of the level of its own flux; the rest of an impact cause's interval is common to all
    of them. `any_hole_ratio` is how many holes of any size that leaks there are to one of the measured size or larger.
    """

    hypothesis: str
    kind: str
    expected_count: Estimate
    why: str
    streams: tuple[StreamRate, ...] = ()
    own_nat: float = 0.0
    any_hole_ratio: float = 1.0
    shared: SharedDoubt | None = None


def base_rates(case: Case, sky: Sky | None, strikes: Strikes | None, impactor: Impactor | None) -> tuple[BaseRate, ...]:
    """The expected count of every hypothesis that can be given one; an impact cause without any flux is left out."""
    streams = stream_rates(case.exposure_s, sky, strikes, impactor) if sky and strikes and impactor else ()
    pushed = impactor is not None and impactor.of_push
    what = "strikes this hard or harder" if pushed else "holes of this size or larger"
    rates = (
        _rate(case, table, tuple(s for s in streams if s.hypothesis == table.name), what) for table in case.hypotheses
    )
    punctures = any_hole_count(case.exposure_s, strikes) if strikes is not None and not pushed else {}
    full = tuple(replace(rate, any_hole_ratio=_any_hole(rate, punctures)) for rate in rates if rate is not None)
    if sky is None or impactor is None:
        return full
    return tuple(replace(rate, shared=_shared(case, rate, sky, impactor)) for rate in full)


def _shared(case: Case, rate: BaseRate, sky: Sky, impactor: Impactor) -> SharedDoubt | None:
    """The shared doubt of the stream that brings most of this cause's holes; None where none of its own is known."""
    own = {stream.stream: stream.count.median for stream in rate.streams if not stream.borrowed}
    most = max(own, key=lambda name: own[name], default="")
    found = [(s, source) for s in sky.streams for source in impactor.sources if s.name == source.stream == most]
    return shared_doubt(case, *found[0], impactor, rate.any_hole_ratio) if found else None


def any_hole_count(exposure_s: float, strikes: Strikes) -> dict[str, float]:
    """Per stream the perforations of any size expected in the suspect area, averaged over the ways that the suspect part faces.

    The puncture rate of the whole part times the share of its area that would leak (the tubes). Streams without a puncture rate
    are left out.
    """
    return {
        rate.stream: rate.puncture_per_s.median * exposure_s * strikes.site_area_m2 / rate.area_m2
        for rate in strikes.parts
        if rate.part == strikes.site_part and rate.puncture_per_s is not None and rate.area_m2 > 0
    }


def _any_hole(rate: BaseRate, punctures: dict[str, float]) -> float:
    """Holes of any size over holes of the measured size or larger; never below 1, and 1 where no puncture rate is known."""
    known = [stream for stream in rate.streams if stream.stream in punctures]
    sized = sum(stream.count.median for stream in known)
    return max(sum(punctures[stream.stream] for stream in known) / sized, 1.0) if sized > 0 else 1.0


def unsized(rate: BaseRate) -> BaseRate:
    """The base rate if nobody knew the size: any hole that leaks is counted, with the doubt of those.

    >>> sized = BaseRate("debris", "debris", Estimate(0.01, 0.002, 0.05, ""), "", any_hole_ratio=3.0)
    >>> round(unsized(sized).expected_count.median, 6), unsized(sized).any_hole_ratio
    (0.03, 1.0)
    """
    if rate.any_hole_ratio <= 1.0:
        return rate
    count = rate.expected_count.scaled(rate.any_hole_ratio, "")
    if rate.shared is not None:
        count = _with_doubt(count.median, (rate.shared.any_nat, rate.shared.any_nat), rate.own_nat)
    return replace(rate, expected_count=count, any_hole_ratio=1.0, shared=None)


def stream_rates(exposure_s: float, sky: Sky, strikes: Strikes, impactor: Impactor) -> tuple[StreamRate, ...]:
    """Every stream of the sky: holes of the measured size over the exposure, direction divided out."""
    holes = {source.stream: source for source in impactor.sources}
    means, ratio = _mean_face_flux(sky, strikes), face_ratios(sky, strikes)
    own = {
        name: holes[name].expected_count.median / ratio[name]
        for name in ratio
        if name in holes and ratio[name] > _REACHES_RATIO and holes[name].expected_count.median > 0
    }
    level = {stream.name: float(np.log(stream.level_factor)) for stream in sky.streams}
    common = {name: _common_nat(holes[name], level[name]) for name in own}
    typical = tuple(float(np.median([sides[i] for sides in common.values()])) if common else 0.0 for i in (0, 1))
    rates = []
    for stream in sky.streams:
        borrowed = stream.name not in own
        count = _borrow(stream.name, exposure_s, strikes, means, own) if borrowed else own[stream.name]
        if stream.name not in ratio or count is None or count <= 0:
            continue
        own_nat = float(np.hypot(level[stream.name], np.log(_BORROWED_FACTOR))) if borrowed else level[stream.name]
        estimate = _with_doubt(count, common.get(stream.name, (typical[0], typical[1])), own_nat)
        density = None if borrowed else _size_density(holes[stream.name])
        face = ratio[stream.name]
        rates.append(StreamRate(stream.name, stream.hypothesis, estimate, face, density, borrowed, own_nat))
    return tuple(rates)


def face_ratios(sky: Sky, strikes: Strikes, normal_frac: Array | None = None) -> dict[str, float]:
    """Per stream the face flux on the suspect face over that on the average face; `normal_frac` (n_normal,) re-weights its normals."""
    means = _mean_face_flux(sky, strikes)
    sites = _site_flux(strikes, strikes.site_normal_frac if normal_frac is None else normal_frac)
    return {name: sites[name] / means[name] if means[name] > 0 else 0.0 for name in sites if name in means}


def _mean_face_flux(sky: Sky, strikes: Strikes) -> dict[str, float]:
    """Face flux averaged over all faces the part could have: horizontal ones (mean of cos+ is cos(elevation)/pi) or all (1/4).

    The stack hides as much of the sky from any of them as it hides from the suspect face.
    """
    lying = bool(np.all(np.abs(strikes.site_normal_lvlh[:, 2]) < _HORIZONTAL_RATIO))
    share = (
        np.sqrt(np.clip(1.0 - sky.direction_lvlh[:, 2] ** 2, 0.0, 1.0)) / np.pi
        if lying
        else np.full(len(sky.direction_lvlh), 0.25)
    )
    open_frac = _open_frac(sky, strikes)
    return {stream.name: open_frac * float(share @ stream.flux_per_m2_s.sum(axis=1)) for stream in sky.streams}


def _open_frac(sky: Sky, strikes: Strikes) -> float:
    """Share of the sky in front of the suspect face that the stack leaves open, weighted with the cosine of incidence."""
    weight = sky.solid_angle_sr * np.maximum(sky.direction_lvlh @ strikes.site_normal_lvlh[0], 0.0)
    return float(weight @ strikes.site_open[0] / weight.sum()) if weight.sum() > 0 else 1.0


def _site_flux(strikes: Strikes, normal_frac: Array) -> dict[str, float]:
    weight = normal_frac / normal_frac.sum()
    return dict(zip(strikes.stream_names, (strikes.site_flux_per_m2_s.sum(axis=2) @ weight).tolist(), strict=True))


def _borrow(
    name: str, exposure_s: float, strikes: Strikes, means: dict[str, float], own: dict[str, float]
) -> float | None:
    """The count of a stream that cannot be read off the site: its punctures (or flux), times what such a puncture is worth elsewhere."""
    punctures = {
        rate.stream: rate.puncture_per_s.median * exposure_s
        for rate in strikes.parts
        if rate.part == strikes.site_part and rate.puncture_per_s is not None and rate.puncture_per_s.median > 0
    }
    measure = punctures if name in punctures and any(other in punctures for other in own) else means
    worth = [count / measure[other] for other, count in own.items() if measure.get(other, 0.0) > 0]
    return float(np.median(worth)) * measure[name] if worth else None


def _common_nat(source: SourceImpactor, level_nat: float) -> tuple[float, float]:
    """The 1-sigma doubt (natural log, down and up) of a hole count that is not the level of its flux: area, wall, laws."""
    given = source.expected_count
    sides = given.median / max(given.low, given.median * 1e-3), given.high / given.median
    down, up = (np.sqrt(max((np.log(side) / Z90) ** 2 - level_nat**2, 0.0)) for side in sides)
    return float(down), float(up)


def _with_doubt(count: float, common_nat: tuple[float, float], own_nat: float) -> Estimate:
    """The count with both doubts: that of its own level and the one common to all particles."""
    down, up = (float(np.exp(Z90 * np.hypot(side, own_nat))) for side in common_nat)
    return Estimate(count, count / down, count * up, "")


def _size_density(source: SourceImpactor) -> float | None:
    if source.expected_count.median <= 0 or source.expected_density_count.median <= 0:
        return None
    return source.expected_density_count.median / source.expected_count.median


def _rate(case: Case, table: HypothesisTable, streams: tuple[StreamRate, ...], what: str) -> BaseRate | None:
    days = case.exposure_s / 86400
    if table.kind in IMPACT_KINDS and streams:
        held = [s.count for s in streams]
        count = Estimate(sum(c.median for c in held), sum(c.low for c in held), sum(c.high for c in held), "")
        why = f"{_count(count)} {what} expected in {days:.0f} days, whichever way the part faces"
        if table.kind == "shower":
            why += ", at the activity of that day"
        if all(s.borrowed for s in streams):
            why += (
                "; no hole of its own can be computed for this face, so the count is scaled from the other meteoroids"
            )
        return BaseRate(table.name, table.kind, count, why, streams, max(s.own_nat for s in streams))
    if table.rate_per_s is None:
        return None
    given = table.rate_per_s
    count = given.estimate().scaled(case.exposure_s, "")
    return BaseRate(
        table.name, table.kind, count, f"{_count(count)} expected in {days:.0f} days from the rate of the case"
    )


def _count(count: Estimate) -> str:
    return f"{count.median:.2g} (90 %: {count.low:.1g} to {count.high:.1g})"
