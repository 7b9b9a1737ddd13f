"""The answer of a look ahead on the terminal: the parts most at risk, requirements, and where the page is."""

from __future__ import annotations

from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from whipple.exposure.risk import Risk
from whipple.exposure.risk_words import chance as said_chance
from whipple.report.assess.tables import rounded
from whipple.report.formats import percent

__all__ = ["print_risk"]

#: How many caveats the terminal shows; the page has them all, the weightiest first.
_CAVEATS = 3
#: ... and how many parts.
_PARTS = 10
#: Letters of a name that stand in one line however narrow the terminal.
_NAME = 14


def print_risk(risk: Risk, page: Path) -> None:
    """Print the headline, at most ten parts, the requirements, the first caveats and the path of the page."""
    console = Console(soft_wrap=False, highlight=False)
    console.print(risk.headline, markup=False)
    shown = sorted(risk.parts, key=lambda row: (-row.risk_frac, -row.strike_count.median))[:_PARTS]
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column("part", overflow="fold", min_width=min(max(len(part.part) for part in shown), _NAME))
    table.add_column("wall")
    table.add_column("strikes", justify="right", no_wrap=True)
    table.add_column("punctures", justify="right", no_wrap=True)
    table.add_column("no puncture", justify="right")
    table.add_column("share", justify="right", no_wrap=True)
    for part in shown:
        none, count = part.none_prob, part.puncture_count
        told = (rounded(count.median), said_chance(none), percent(part.risk_frac)) if none and count else ("–",) * 3
        table.add_row(Text(part.part), Text(part.wall), rounded(part.strike_count.median), *told)
    rest = len(risk.parts) - len(shown)
    table.caption = "in brackets: 90 % interval" + (f"; {rest} more parts stand on the page" if rest else "")
    console.print(table)
    for row in risk.acceptance:
        console.print(row.sentence, markup=False)
    for caveat in risk.caveats[:_CAVEATS]:
        console.print(f"! {caveat.text}", markup=False)
    if len(risk.caveats) > _CAVEATS:
        console.print(f"! {len(risk.caveats) - _CAVEATS} more caveats stand on the page", markup=False)
    console.print(f"report: {page}", markup=False)
