"""What did people say, and does it agree with what we found?"""

from __future__ import annotations

import re

from whipple.casefile.case import Case
from whipple.casefile.findings import Findings
from whipple.casefile.given import Given
from whipple.casefile.tables.claim import ClaimTable
from whipple.report.figures.causes import draw_calendar
from whipple.report.formats import number, value_in
from whipple.report.page import Figure, Section, Table
from whipple.report.sections import answer, cited

__all__ = ["calendar", "checks_section", "said"]

#: SI unit -> the unit people say it in.
_SPOKEN = {"m": "mm", "s": "h", "K": "°C", "rad": "deg", "rad/s": "deg/s", "m/s": "km/s"}
#: Below this a speed is one that was felt, not flown, and is said in mm/s.
_SLOW_M_S = 1.0


def checks_section(case: Case, findings: Findings) -> Section:
    """Held-out claims beside our answers, and published facts that contradict each other."""
    checks = findings.checks
    if checks is None:
        return answer("checks", None)
    held = Table(
        "Claims held out of the inference",
        ("claim", "about", "said", "ours", "agrees", "independent of our inputs", "note"),
        tuple(
            (
                c.claim + cited(c.sources),
                _breakable(c.about),
                c.said,
                c.ours,
                c.agrees,
                "yes" if c.independent else "no",
                c.note,
            )
            for c in checks.claims
        ),
    )
    versions = max((len(c.versions) for c in checks.contradictions), default=0)
    head = ("about", *(f"version {i + 1}" for i in range(versions)))
    rows = tuple(
        (_breakable(c.about) + cited(c.sources), *c.versions, *("",) * (versions - len(c.versions)))
        for c in checks.contradictions
    )
    return answer("checks", checks, (), (held, Table("Published facts that cannot all be true", head, rows)))


def _breakable(slot: str) -> str:
    """The name of a slot with places where a narrow column may break it.

    >>> _breakable("leak.majority_gone_s").split("\u200b")
    ['leak.', 'majority_', 'gone_s']
    """
    return re.sub(r"\.|_(?=[^_]{3})", lambda hit: f"{hit[0]}\u200b", slot)


def said(claim: ClaimTable) -> str:
    """What a claim says, in the unit people use.

    >>> from types import SimpleNamespace as Row
    >>> said(Row(value=Given(8e-4, 6e-4, 1e-3, "m"), bound="two-sided", says=""))
    '0.80 mm (0.60 to 1.00)'
    >>> said(Row(value=Given(-7e-4, -9e-4, -5e-4, "m/s"), bound="two-sided", says=""))
    '−0.70 mm/s (−0.90 to −0.50)'
    """
    value: Given | None = claim.value
    if value is None:
        return str(claim.says)
    unit = _SPOKEN.get(value.unit, value.unit if value.unit in ("", "N", "Pa", "kg", "J") else "")
    if value.unit == "m/s" and 0.0 < abs(value.value) < _SLOW_M_S:
        unit = "mm/s"
    low, middle, high = (value_in(v, unit) for v in (value.low, value.value, value.high))
    sign = {"upper": "at most ", "lower": "at least "}.get(claim.bound, "")
    if low == high:
        return f"{sign}{number(middle)} {unit}".strip()
    step = (high - low) / 2
    return f"{sign}{number(middle, step)} {unit} ({number(low, step)} to {number(high, step)})"


def calendar(case: Case) -> tuple[Figure | None, Table | None]:
    """The claims by date: a drawing and a table; nothing when the case has none."""
    claims = sorted(case.claims, key=lambda claim: (claim.said_on, claim.id))
    if not claims:
        return None, None
    drawn = draw_calendar(case.epoch, tuple((claim.said_on, claim.use, claim.id) for claim in claims))
    rows = tuple(
        (f"{c.said_on:%d %b %Y}", c.about, said(c), c.said_by + cited((c.source,)), c.use, c.note) for c in claims
    )
    return drawn, Table(
        "Every claim in the order it was made", ("said on", "about", "says", "who", "use", "note"), rows
    )
