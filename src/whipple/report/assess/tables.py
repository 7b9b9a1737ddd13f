"""The tables of a look ahead: its first cards, parts, modules, sources, requirements, joints."""

from __future__ import annotations

import numpy as np

from whipple.casefile.estimate import Estimate
from whipple.exposure.risk import PartRisk, Risk, SourceRisk, Whole
from whipple.exposure.risk_words import chance, odds, sureness
from whipple.exposure.words import compass
from whipple.report.formats import number, percent, value_in
from whipple.report.page import Table

__all__ = [
    "accepted_table", "assumption_table", "cards", "facet_table", "joint_table", "part_tables", "rounded", "source_tables",
]  # fmt: skip

#: Rows of a table that stay open; the rest is folded away.
_OPEN = 12
#: Rows of the table by part and source that are folded away; the CSV holds them all.
_FOLDED = 48


def rounded(count: float, figures: int = 3) -> str:
    """A count with so many figures, in groups of three digits.

    >>> rounded(1243.2), rounded(144674.0, 2), rounded(0.2093, 2)
    ('1\xa0240', '140\xa0000', '0.21')
    """
    value = float(f"{count:.{figures}g}")
    return number(value, value / 2 if figures == 2 else None)


def _odds(estimate: Estimate | None) -> str:
    return "not counted" if estimate is None else chance(estimate)


def _range(estimate: Estimate) -> str:
    """The 90 % interval, two figures at each end."""
    return f"{rounded(estimate.low, 2)} to {rounded(estimate.high, 2)}"


def _count(estimate: Estimate | None) -> str:
    """A count with its interval."""
    return "not counted" if estimate is None else f"{rounded(estimate.median)} ({_range(estimate)})"


def _share(part: PartRisk | Whole) -> str:
    """Its share of the risk; what is not counted has none that anyone knows."""
    return percent(part.risk_frac).replace(" ", "\u00a0") if part.puncture_count else "–"


def cards(risk: Risk) -> tuple[tuple[str, str, str], ...]:
    """Title, big line, small line of each card on top of the page."""
    total, found = risk.total, []
    if total.none_prob is not None:
        known = sum(part.none_prob is not None for part in risk.parts)
        low, high = odds(total.none_prob.low), odds(total.none_prob.high)
        wide = "over the whole 90 % interval" if low == high else f"90 % interval {low} to {high}"
        found.append(
            ("No puncture", odds(total.none_prob.median), f"{wide}; {known} of {len(risk.parts)} parts counted")
        )
    if total.puncture_count is not None:
        middle = rounded(total.puncture_count.median, 2)
        found.append(("Expected punctures", middle, f"90 % interval {_range(total.puncture_count)}"))
    found.append(
        (
            "Expected strikes",
            rounded(total.strike_count.median, 2),
            f"heavier than 1 µg, on {number(total.area_m2)} m²; 90 % interval {_range(total.strike_count)}",
        )
    )
    if risk.source_frac.sum() > 0:
        main = int(np.argmax(risk.source_frac))
        found.append(
            (
                "Most punctures come from",
                risk.source_names[main],
                f"{percent(float(risk.source_frac[main]))} of the expected number",
            )
        )
    if risk.doubts:
        first = risk.doubts[0]
        found.append(
            (
                "Largest doubt",
                first.name,
                f"{percent(first.variance_frac)} of the variance; alone: × {number(first.low_ratio)} to × {number(first.high_ratio)}",
            )
        )
    return tuple(found)


def accepted_table(risk: Risk) -> Table | None:
    """Requirements against what was found."""
    if not risk.acceptance:
        return None
    rows = tuple(
        (
            row.name,
            f"{row.required_prob:g}",
            _odds(row.none_prob),
            sureness(row.met_prob),
            row.sentence.removeprefix(f"{row.name}: "),
        )
        for row in risk.acceptance
    )
    return Table(
        "Required probability of no puncture",
        ("requirement", "required", "found (90 %)", "probability met", "in words"),
        rows,
    )


_COUNTS = "Counts over the exposure by part (medians and 90 % intervals; medians of parts or sources do not add up to that of the whole)"


def part_tables(risk: Risk) -> tuple[Table, ...]:
    """Parts most at risk, every other part (folded), and the modules."""
    head = (
        "part",
        "wall",
        "area",
        "strikes",
        "punctures",
        "no puncture",
        "share of the risk",
        "ray noise",
        "most from",
    )
    ordered = sorted(risk.parts, key=lambda part: (-part.risk_frac, -part.strike_count.median, part.part))
    rows = [_part_row(part) for part in ordered]
    found = [
        Table(
            _COUNTS,
            head,
            tuple(rows[:_OPEN]),
        )
    ]
    if rows[_OPEN:]:
        found.append(Table(f"The other {len(rows) - _OPEN} parts", head, tuple(rows[_OPEN:]), folded=True))
    modules = tuple(
        (
            m.name,
            f"{number(m.area_m2)} m²",
            _count(m.strike_count),
            _count(m.puncture_count),
            _odds(m.none_prob),
            _share(m),
        )
        for m in sorted(risk.modules, key=lambda m: (-m.risk_frac, m.name))
    )
    found.append(
        Table(
            "By module",
            ("module", "area", "strikes", "punctures", "no puncture", "share of the risk"),
            modules,
            folded=len(modules) > _OPEN,
        )
    )
    return tuple(found)


def _part_row(part: PartRisk) -> tuple[str, ...]:
    return (
        part.part, part.wall, f"{number(part.area_m2)} m²", _count(part.strike_count), _count(part.puncture_count),
        _odds(part.none_prob), _share(part), percent(part.ray_noise_frac).replace(" ", "\u00a0"), part.arrivals,
    )  # fmt: skip


def source_tables(risk: Risk) -> tuple[Table, ...]:
    """Part by part and source by source: how many, how fast, how steep."""
    head = (
        "part",
        "source",
        "strikes",
        "speed",
        "incidence",
        "punctures",
        "speed of those",
        "incidence of those",
        "area reached",
    )
    worth = {part.part: (part.risk_frac, part.strike_count.median) for part in risk.parts}
    kept = [row for row in risk.sources if row.strike_count.median > 0]
    kept = sorted(kept, key=lambda row: (-worth[row.part][0], -worth[row.part][1], row.part, -row.strike_count.median))
    rows = [_source_row(row) for row in kept]
    found = [
        Table(
            "What arrives: mean ± spread (standard deviation); intervals hold the level of the source",
            head,
            tuple(rows[:_OPEN]),
        )
    ]
    rest = rows[_OPEN : _OPEN + _FOLDED]
    if rest:
        more = len(rows) - _OPEN - len(rest)
        said = f"The next {len(rest)} rows" + (f" ({more} more in assessment.csv)" if more else "")
        found.append(Table(said, head, tuple(rest), folded=True))
    return tuple(found)


def _source_row(row: SourceRisk) -> tuple[str, ...]:
    def speed(mean: float, spread: float) -> str:
        return f"{mean / 1e3:.1f} ± {spread / 1e3:.1f} km/s" if mean > 0 else "–"

    def angle(mean: float, spread: float, there: bool) -> str:
        return f"{np.degrees(mean):.0f}° ± {np.degrees(spread):.0f}°" if there else "–"

    return (
        row.part,
        row.source,
        _count(row.strike_count),
        speed(row.strike_speed_m_s, row.strike_speed_spread_m_s),
        angle(row.strike_incidence_rad, row.strike_incidence_spread_rad, row.strike_speed_m_s > 0),
        _count(row.puncture_count),
        speed(row.puncture_speed_m_s, row.puncture_speed_spread_m_s),
        angle(row.puncture_incidence_rad, row.puncture_incidence_spread_rad, row.puncture_speed_m_s > 0),
        percent(row.reached_frac),
    )


def facet_table(risk: Risk) -> Table | None:
    """The triangles most at risk: where they are, which way they face, and what arrives."""
    if not risk.worst_facets:
        return None
    pierced = risk.worst_facets[0].puncture_per_m2_s > 0
    what = "punctures" if pierced else "strikes"
    head = (
        "facet", "part", "middle (body axes X, Y, Z)", "faces", "punctures per m² and year", "strikes per m² and year", "most from", "speed",
        "incidence",
    )  # fmt: skip
    rows = tuple(
        (
            str(row.facet), row.part, _place(row.centre_m),
            _faces(row.normal_azimuth_rad, row.normal_elevation_rad),
            number(value_in(row.puncture_per_m2_s, "per m² and year")) if pierced else "not counted",
            number(value_in(row.strike_per_m2_s, "per m² and year")), f"{row.source} ({percent(row.source_frac)})",
            f"{row.speed_m_s / 1e3:.1f} km/s", f"{np.degrees(row.incidence_rad):.0f}°",
        )
        for row in risk.worst_facets
    )  # fmt: skip
    return Table(f"The {len(rows)} facets with the highest rate of {what} per m²", head, rows)


def _place(centre_m: tuple[float, float, float]) -> str:
    return ", ".join(f"{round(x, 1) + 0.0:.1f}" for x in centre_m).replace("-", "−") + "\u00a0m"


def _faces(azimuth: float, elevation: float) -> str:
    up = float(np.degrees(elevation))
    if abs(up) > 80:
        return "zenith" if up > 0 else "nadir"
    level = "" if abs(up) < 5 else f", {abs(up):.0f}° {'up' if up > 0 else 'down'}"
    return f"{compass(azimuth)}{level}"


def assumption_table(risk: Risk) -> Table | None:
    """What each assumption, changed alone, makes of the expected punctures."""
    if not risk.assumptions:
        return None
    rows = tuple((row.name, f"× {number(row.count_ratio)}", row.note) for row in risk.assumptions)
    head = ("assumed instead", "expected punctures", "what changes")
    return Table("Which assumption moves the answer most? Each changed alone, against the best guess", head, rows)


def joint_table(risk: Risk) -> Table | None:
    """How far every joint is turned in each stretch."""
    if not risk.joint_names:
        return None
    rows = tuple(
        (f"{(t - risk.phase_t_s[0]) / 60:.0f}", *(f"{np.degrees(angle):.0f}°" for angle in angles))
        for t, angles in zip(risk.phase_t_s, risk.joint_angle_rad, strict=True)
    )
    return Table("Turn of the moving parts from the position drawn", ("minutes", *risk.joint_names), rows, folded=True)
