"""What people said beside what we found: held-out claims scored, contradictions flagged, nothing averaged."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations

from whipple.casefile.case import Case
from whipple.casefile.estimate import Caveat, Estimate
from whipple.casefile.findings import Findings
from whipple.casefile.findings.checks import Checks, ClaimCheck, Contradiction
from whipple.casefile.findings.heat import ReadingCheck
from whipple.casefile.tables.claim import ClaimTable
from whipple.casefile.units import parse_quantity

__all__ = ["compare_claims", "contradictions"]

#: A printed figure is never taken to be rougher than this: the most that rounding to two digits can do ("100" for 95.1 to 104.9). Whoever
#: says 10 km/s still contradicts 7 km/s. `[proposal]`
_ROUGHEST_FRAC = 0.05
_PRINTED = re.compile(r"\s*([-+]?\d[\d ]*(?:\.\d+)?)(\s*[^\d\seE.,].*)$")

#: How a value in SI is shown to a person: unit suffix -> (factor, offset, unit, digits).
_SHOWN = {
    "m": (1e3, 0.0, "mm", 3),
    "s": (1 / 3600.0, 0.0, "h", 3),
    "K": (1.0, -273.15, "°C", 3),
    "rad": (57.29577951308232, 0.0, "°", 3),
    "rad/s": (57.29577951308232, 0.0, "°/s", 3),
    "m/s": (1e-3, 0.0, "km/s", 3),
}
#: Below this a speed is one that was felt, not flown, and is shown in mm/s.
_SLOW_M_S = 1.0


def _show(value: float, unit: str) -> str:
    """A value for people.

    >>> _show(7000.0, "m/s"), _show(-7e-4, "m/s")
    ('7 km/s', '-0.7 mm/s')
    """
    factor, offset, text, digits = _SHOWN.get(unit, (1.0, 0.0, unit, 4))
    if unit == "m/s" and 0.0 < abs(value) < _SLOW_M_S:
        factor, text = 1e3, "mm/s"
    return f"{value * factor + offset:.{digits}g} {text}".strip()


def _interval(estimate: Estimate) -> str:
    middle, low, high = (_show(value, estimate.unit) for value in (estimate.median, estimate.low, estimate.high))
    return f"{middle} (90 %: {low} to {high})"


def _agrees(claim: ClaimTable, ours: Estimate) -> str:
    if claim.value is None:
        return "cannot say"
    low = -float("inf") if claim.bound == "upper" else claim.value.low
    high = float("inf") if claim.bound == "lower" else claim.value.high
    return "yes" if ours.low <= high and ours.high >= low else "no"


def _peak(findings: Findings, crew: int) -> Estimate | None:
    scenarios = findings.heat.scenarios if findings.heat else ()
    return next((s.peak_cabin_K for s in scenarios if not s.docked and s.crew_count == crew), None)


def _peak_of_all(findings: Findings) -> Estimate | None:
    """The way home with the most people aboard."""
    scenarios = findings.heat.scenarios if findings.heat else ()
    crew = max((s.crew_count for s in scenarios if not s.docked), default=0)
    return _peak(findings, crew) if crew else None


def _leading_speed(findings: Findings) -> Estimate | None:
    sources = [s for s in findings.impactor.sources if s.speed_m_s] if findings.impactor else []
    return max(sources, key=lambda s: s.expected_count.median).speed_m_s if sources else None


def _leading_diameter(findings: Findings) -> Estimate | None:
    sources = [s for s in findings.impactor.sources if s.diameter_m] if findings.impactor else []
    return max(sources, key=lambda s: s.expected_count.median).diameter_m if sources else None


def _spray_duration(findings: Findings) -> Estimate | None:
    """From the onset to the last of the coolant; the onset is known far better than the end."""
    end = findings.hole.empty_s if findings.hole else None
    start = findings.onset.onset_s if findings.onset else None
    if end is None or start is None:
        return None
    return Estimate(end.median - start.median, end.low - start.median, end.high - start.median, "s")


#: Which of our numbers answers a claim about a slot.
_OURS: dict[str, Callable[[Findings], Estimate | None]] = {
    "hole.diameter_m": lambda f: f.hole.diameter_m if f.hole else None,
    "leak.spray_duration_s": _spray_duration,
    "leak.majority_gone_s": lambda f: f.hole.majority_gone_s if f.hole else None,
    "onset.noticed_s": lambda f: f.onset.onset_s if f.onset else None,
    "impactor.speed_m_s": _leading_speed,
    "impactor.diameter_m": _leading_diameter,
    "return.cabin_temperature_K": _peak_of_all,
    "return.uncrewed_temperature_K": lambda f: _peak(f, 0),
}


def _number_check(claim: ClaimTable, ours: Estimate | None) -> ClaimCheck:
    assert claim.value is not None
    sign = {"upper": "at most ", "lower": "at least "}.get(claim.bound, "")
    said = f"{sign}{_show(claim.value.value, claim.value.unit)} ({claim.said_by}, {claim.said_on:%d %b %Y})"
    if ours is None:
        return ClaimCheck(claim.id, claim.about, said, "not answered", "cannot say", (claim.source,))
    return ClaimCheck(claim.id, claim.about, said, _interval(ours), _agrees(claim, ours), (claim.source,))


def _reading_check(claim: ClaimTable, reading: ReadingCheck) -> ClaimCheck:
    said = f"{_show(reading.said_K, 'K')} ({claim.said_by}, {claim.said_on:%d %b %Y})"
    return ClaimCheck(
        claim.id, claim.about, said, _interval(reading.ours_K), "yes" if reading.agrees else "no", (claim.source,)
    )


def _text_check(case: Case, claim: ClaimTable, findings: Findings) -> ClaimCheck:
    ours, agrees = "not answered", "cannot say"
    said = str(claim.says)
    if claim.about == "cause.excluded" and findings.verdict:
        names = [row.hypothesis for row in findings.verdict.excluded]
        ours, agrees = ("excluded: " + ", ".join(names)) if names else "none excluded", "yes" if said in names else "no"
    elif claim.about == "cause.leading" and findings.verdict:
        best = max(findings.verdict.hypotheses, key=lambda row: row.posterior_prob.median)
        ours = f"{best.hypothesis} ({best.posterior_prob.median:.0%}, {best.word})"
        agrees = (
            "yes"
            if best.hypothesis == said and findings.verdict.decided
            else ("cannot say" if best.hypothesis == said else "no")
        )
    elif claim.about == "plan.recommended" and findings.plan:
        ours, agrees = findings.plan.recommended, "yes" if findings.plan.recommended == said else "no"
    elif claim.about == "telemetry.other_parameters" and findings.onset:
        of_loop = {channel.name for channel in case.channels if channel.loop}
        moved = [c.name for c in findings.onset.channels if c.verdict == "changed" and c.name not in of_loop]
        ours, agrees = (
            (("changed: " + ", ".join(moved)) if moved else "unchanged outside the loop"),
            "no" if moved else "yes",
        )
    return ClaimCheck(
        claim.id, claim.about, f"{said} ({claim.said_by}, {claim.said_on:%d %b %Y})", ours, agrees, (claim.source,)
    )


def _rests_on_simulation(about: str, findings: Findings) -> bool:
    """Does our answer to this slot describe data that were made up from such statements? Then agreement tests nothing."""
    room = about.split(".")[0]
    if room == "hole":
        return bool(findings.hole and findings.hole.simulated)
    return room in ("leak", "onset", "telemetry") and bool(findings.onset and findings.onset.simulated)


def _check(case: Case, claim: ClaimTable, findings: Findings) -> ClaimCheck:
    readings = {row.claim: row for row in findings.heat.readings} if findings.heat else {}
    if claim.id in readings:
        return replace(_reading_check(claim, readings[claim.id]), note=claim.note, independent=claim.independent)
    if claim.value is not None:
        answer = _OURS.get(claim.about)
        row = _number_check(claim, answer(findings) if answer else None)
    else:
        row = _text_check(case, claim, findings)
    if _rests_on_simulation(claim.about, findings):
        return replace(
            row, ours=f"{row.ours}; from SIMULATED data, so this tests nothing", agrees="cannot say", note=claim.note
        )
    return replace(row, note=claim.note, independent=claim.independent)


def _left_open(claim: ClaimTable) -> tuple[float, float]:
    """The range of a claim in SI: its own, or for a bare two-sided figure what its printed digits leave open ("400 t": 380 to 420 t)."""
    assert claim.value is not None
    low, high = claim.value.low, claim.value.high
    text = claim.says.get("is") if isinstance(claim.says, dict) else claim.says
    printed = _PRINTED.match(str(text))
    if high > low or claim.bound != "two-sided" or printed is None:
        return low, high
    digits, unit = printed[1].replace(" ", ""), printed[2].strip()
    whole, _, fraction = digits.lstrip("+-").partition(".")
    zeros = len(whole) - len(whole.rstrip("0")) if not fraction else 0
    half = min(0.5 * 10.0 ** (-len(fraction) or zeros), _ROUGHEST_FRAC * abs(float(digits)))
    edges = (parse_quantity(f"{float(digits) + sign * half!r} {unit}", claim.value.unit) for sign in (-1, 1))
    first, last = sorted(edges)
    return first, last


def _disjoint(one: ClaimTable, other: ClaimTable) -> bool:
    """Can both claims not be true? Claims about different times never contradict each other."""
    if one.about != other.about or (one.at and other.at and abs((one.at - other.at).total_seconds()) > 86400):
        return False
    if one.value is None or other.value is None:
        return one.value is other.value is None and str(one.says) != str(other.says)
    spans = []
    for claim in (one, other):
        low, high = _left_open(claim)
        spans.append(
            (-float("inf") if claim.bound == "upper" else low, float("inf") if claim.bound == "lower" else high)
        )
    if (
        one.bound == other.bound != "two-sided"
    ):  # two bounds on the same side contradict when they name different values
        return one.value.value != other.value.value
    return spans[0][0] > spans[1][1] or spans[1][0] > spans[0][1]


def contradictions(claims: tuple[ClaimTable, ...]) -> tuple[Contradiction, ...]:
    """Slots about which the published facts cannot all be true, with every version and its source."""
    clashing: dict[str, dict[str, ClaimTable]] = {}
    for one, other in combinations(claims, 2):
        if _disjoint(one, other):
            clashing.setdefault(one.about, {}).update({one.id: one, other.id: other})
    found = []
    for about, rows in sorted(clashing.items()):
        versions = tuple(_version(claim) for claim in rows.values())
        found.append(Contradiction(about, versions, tuple(sorted({claim.source for claim in rows.values()}))))
    return tuple(found)


def _version(claim: ClaimTable) -> str:
    said = _show(claim.value.value, claim.value.unit) if claim.value else str(claim.says)
    sign = {"upper": "at most ", "lower": "at least "}.get(claim.bound, "") if claim.value else ""
    return f"{sign}{said} ({claim.said_by}, {claim.said_on:%d %b %Y})"


def compare_claims(case: Case, findings: Findings) -> Findings:
    """The findings with their `checks` slot: every held-out claim beside our answer, and the contradictions."""
    rows = tuple(_check(case, claim, findings) for claim in case.held_out())
    clashes = contradictions(case.claims)
    agree = [row for row in rows if row.agrees == "yes"]
    headline = (
        f"Of {len(rows)} held-out claims {sum(row.independent for row in agree)} agree with our answers, "
        f"{sum(not row.independent for row in agree)} more agree but share their origin with our inputs, "
        f"{sum(row.agrees == 'no' for row in rows)} disagree and {sum(row.agrees == 'cannot say' for row in rows)} cannot be judged; "
        f"published facts contradict each other on {len(clashes)} points."
    )
    return replace(findings, checks=Checks(rows, clashes, headline, _undated(case)))


def _undated(case: Case) -> tuple[Caveat, ...]:
    """With --as-of, what is used although it carries no date."""
    if not case.as_of:
        return ()
    text = (
        f"--as-of {case.as_of} leaves out claims, pictures and options of a later date; the facts of [[loop]], [vehicle], [thermal] and "
        "the channels carry no date and are used all the same, even where they were published later."
    )
    return (Caveat("as-of-undated", text),)
