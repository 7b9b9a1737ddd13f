"""The answer of a look ahead on the terminal: the parts most at risk, requirements, and where the page is."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.table import Table

from whipple.exposure.risk import Risk
from whipple.exposure.risk_words import chance as said_chance
from whipple.report.formats import number, percent

__all__ = ["print_risk"]

#: How many caveats the terminal shows; the page has them all, the weightiest first.
_CAVEATS = 3


def print_risk(risk: Risk, page: Path) -> None:
    """Print the headline, at most ten parts, the requirements, the first caveats and the path of the page."""
    console = Console(soft_wrap=False, highlight=False)
    console.print(risk.headline, markup=False)
    table = Table("part", "wall", "strikes", "punctures", "no puncture (90 %)", "share")
    for part in sorted(risk.parts, key=lambda row: (-row.risk_frac, -row.strike_count.median))[:10]:
        none = part.none_prob
        chance = said_chance(none) if none else "wall not known"
        count = number(part.puncture_count.median) if part.puncture_count else "–"
        share = percent(part.risk_frac) if part.puncture_count else "–"  # not known is not 0 %
        table.add_row(part.part, part.wall, number(part.strike_count.median), count, chance, share)
    console.print(table)
    for row in risk.acceptance:
        console.print(row.sentence, markup=False)
    for caveat in risk.caveats[:_CAVEATS]:
        console.print(f"! {caveat.text}", markup=False)
    if len(risk.caveats) > _CAVEATS:
        console.print(f"! {len(risk.caveats) - _CAVEATS} more caveats stand on the page", markup=False)
    console.print(f"report: {page}", markup=False)
