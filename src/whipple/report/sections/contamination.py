"""Where did the coolant go, and what did it do there?"""

from __future__ import annotations

from whipple.casefile.case import Case
from whipple.casefile.estimate import Estimate
from whipple.casefile.findings import Findings
from whipple.casefile.findings.deposit import Deposit
from whipple.report.figures.deposit import draw_deposit
from whipple.report.figures.residue import draw_residue, draw_waits
from whipple.report.formats import cell, clock, percent, shown
from whipple.report.page import Notes, Section, Table
from whipple.report.sections import answer, quantities, told
from whipple.vehicle.stack import Stack

__all__ = ["contamination_section"]

_REACHED = 12


def contamination_section(case: Case, stack: Stack, findings: Findings) -> Section:
    """What to turn away and for how long, the jet, where it flew and what lies on which surface."""
    deposit = findings.deposit
    if deposit is None:
        return answer("contamination", None)
    notes = Notes(deposit.caveats)
    words = tuple((s.surface, told(s.surface, s.sentence)) for s in deposit.surfaces)
    said = Table("What each surface meets, in words", ("surface", "answer"), words, folded=True)
    figures = (draw_waits(deposit, findings.hole), draw_residue(stack, deposit), draw_deposit(deposit))
    return answer(
        "contamination",
        deposit,
        figures,
        (
            _to_do(deposit),
            quantities("The jet and its verdict", _jet(deposit, notes)),
            _function(deposit),
            _flown(deposit),
            said,
        ),
        notes,
    )


def _jet(deposit: Deposit, notes: Notes) -> list[tuple[str, str]]:
    life, wait = deposit.droplet_life_s, deposit.spacewalk_s
    rows = [
        ("share that flashes to vapour", cell(deposit.flash_frac, "%", notes)),
        ("share that is vapour while near the stack", cell(deposit.vapour_near_frac, "%", notes)),
        ("chance that boiling shatters the jet", _chance(deposit.shattered_prob)),
        ("droplet diameter", cell(deposit.droplet_diameter_m, "mm", notes)),
        ("droplet temperature", cell(deposit.droplet_temperature_K, "°C", notes)),
        ("droplet life", cell(life, clock(life.median) if life else "s", notes)),
        ("spacewalk near the plume acceptable, from the onset", cell(wait, clock(wait.high) if wait else "h", notes)),
        ("against SSP 30426", deposit.limit.removeprefix("Against SSP 30426: ")),
    ]
    return [(name, text) for name, text in rows if text and text != "not known"]


def _chance(share: float | None) -> str:
    return percent(share) if share is not None else ""


def _to_do(deposit: Deposit) -> Table:
    """One row a surface that is to be turned or shuttered: what, for how long, and why."""
    rows = []
    for line in deposit.advice:
        told_first, _, why = line.rpartition(": ")
        what, how_long = _split(told_first)
        rows.append((what, how_long, why.rstrip(".")))
    caption, shared = "What to shutter or turn away", {how_long for _, how_long, _ in rows}
    if len(shared) == 1 and "" not in shared:
        return Table(f"{caption}: {shared.pop()}", ("do this", "because"), tuple((what, why) for what, _, why in rows))
    return Table(caption, ("do this", "how long", "because"), tuple(rows))


def _split(text: str) -> tuple[str, str]:
    """What to do, and for how long.

    >>> _split("Turn nauka.array edge-on for 3.2 h from the onset (90 %: 3.2 h–3.3 h)")
    ('Turn nauka.array edge-on', '3.2 h from the onset (90 %: 3.2 h–3.3 h)')
    >>> _split("Shutter cupola until the spray ends")
    ('Shutter cupola', 'until the spray ends')
    """
    what, word, rest = text.partition(" for ")
    if word:
        return what, rest
    what, word, rest = text.partition(" until ")
    return what, f"until {rest}" if word else ""


def _function(deposit: Deposit) -> Table:
    """What the residue does to the function of each surface, and how long the view from it is spoiled."""
    rows = tuple(
        (
            one.surface,
            f"{one.function} {shown(one.function_frac, '%')}" if one.function_frac is not None else "–",
            percent(one.over_limit_prob),
            shown(one.over_column_s, "h") if one.over_column_s is not None else "not known",
            shown(one.toward_hole_per_m2, "per m²") if one.toward_hole_per_m2 is not None else "hole out of sight",
        )
        for one in deposit.surfaces
    )
    head = ("surface", "function", "chance of over 130 Å", "column over the limit for", "column toward the hole")
    return Table("What it dims, and for how long it spoils the view (90 %)", head, rows, folded=True)


def _flown(deposit: Deposit) -> Table:
    """Shares of all vapour and of all droplets that fly straight to each part."""
    rows = [
        (one.part, _share(one.vapour_frac, one.vapour_range_frac), _share(one.droplet_frac, one.droplet_range_frac))
        for one in deposit.reached[:_REACHED]
    ]
    if deposit.vapour_escaped_frac is not None and deposit.droplets_escaped_frac is not None:
        rows.append(
            (
                "past the stack, into space",
                _share(deposit.vapour_escaped_frac, deposit.vapour_escaped_range_frac),
                _share(deposit.droplets_escaped_frac, deposit.droplets_escaped_range_frac),
            )
        )
    caption = "Where it flies: mean share (90 % over possible axes and plume laws)"
    return Table(caption, ("part", "of the vapour", "of the liquid, as droplets"), tuple(rows), folded=True)


def _share(mean: float, span: Estimate | None) -> str:
    if span is None:
        return percent(mean)
    low, high = percent(span.low), percent(span.high)
    return f"{percent(mean)} ({low} to {high})" if span.high > 0 else percent(mean)
