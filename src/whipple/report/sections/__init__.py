"""What does the page say about each question? One file a question, in the investigator's order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from whipple.casefile.estimate import Evidence
from whipple.report.page import Figure, Notes, Section, Table
from whipple.report.sections.wanted import wanted
from whipple.report.trail import caveats_of, models_of, sources_of

__all__ = ["QUESTIONS", "answer", "cited", "quantities", "rests_on_made_data", "told"]

#: Room -> its question, word for word as the room asks it (a test compares).
QUESTIONS: dict[str, str] = {
    "telemetry": "When did it begin, what changed, and what did not?",
    "imagery": "What do the pictures show, and where should the camera look next?",
    "leak": "How big is the hole, how much has gone, and when will it be empty?",
    "dynamics": "Did the stack feel it, can it hold attitude, and where must the push have come from?",
    "environment": "What was flying there, and from which way?",
    "exposure": "How often is each surface struck or pierced, by what, and could it come from there at all?",
    "impact": "What would a particle do to this wall, and what particle made this hole?",
    "contamination": "Where did the coolant go, and what did it do there?",
    "thermal": "How hot and humid will ship and crew get, docked and on the way home?",
    "attribution": "Which cause survives all the evidence?",
    "decision": "What should be done, by when, and what would change our mind?",
    "checks": "What did people say, and does it agree with what we found?",
}

#: Rooms whose answer has no flag of its own: their caveats tell whether the numbers rest on made data.
_TOLD_BY_CAVEAT = ("impact", "attribution")
_NOT_KNOWN = "not known"
#: So many quantities that are not known are told in one row.
_MANY = 3
_NOT_ASKED = "Not answered: this question was not asked in this run, so no number stands here and later answers carry that doubt."


def answer(
    room: str,
    slot: Any,
    figures: Iterable[Figure | None] = (),
    tables: Iterable[Table | None] = (),
    notes: Notes | None = None,
    **rest: Any,
) -> Section:
    """The section of a room: its headline, drawings and tables that exist, every caveat and source of the slot.

    A slot that is None becomes a section that says so; one that holds nothing begins with the data that would fill it.
    """
    if slot is None:
        return Section(room, QUESTIONS[room], _NOT_ASKED, answered=False)
    notes = notes or Notes(slot.caveats)
    notes.mark(caveats_of(slot))
    return Section(
        room,
        QUESTIONS[room],
        slot.headline,
        figures=tuple(f for f in figures if f),
        tables=tuple(t for t in (wanted(room, slot), *tables) if t and t.rows),
        caveats=tuple(note for note in notes.listed() if note[1] != slot.headline),
        sources=sources_of(slot),
        models=models_of(slot),
        simulated=rests_on_made_data(slot) if room in _TOLD_BY_CAVEAT else bool(getattr(slot, "simulated", False)),
        **rest,
    )


def rests_on_made_data(slot: Any) -> bool:
    """Whether a caveat of the answer says so (its code holds "simulated"); evidence that was given no weight does not count.

    >>> from whipple.casefile.estimate import Caveat
    >>> rests_on_made_data(Caveat("impact.simulated-size", "The size is simulated.")), rests_on_made_data(None)
    (True, False)
    """
    weightless = {
        caveat
        for row in getattr(slot, "ledger", ())
        if isinstance(row, Evidence) and not any(row.log_likelihood_nat.values())
        for caveat in row.caveats
    }
    return any("simulated" in caveat.code for caveat in caveats_of(slot) if caveat not in weightless)


def quantities(caption: str, rows: Iterable[tuple[str, str]]) -> Table:
    """A table of quantity and value; where much is not known that is one row, and a table without any value has no rows.

    >>> quantities("x", [("a", "1 m"), ("b", "not known"), ("c", "not known"), ("d", "not known")]).rows
    (('a', '1 m'), ('not known', 'b; c; d'))
    >>> quantities("x", [("a", "not known")]).rows
    ()
    """
    given = tuple(rows)
    known = tuple(row for row in given if row[1] != _NOT_KNOWN)
    missing = [name for name, text in given if text == _NOT_KNOWN]
    kept = given if len(missing) < _MANY else (*known, (_NOT_KNOWN, "; ".join(missing)))
    return Table(caption, ("quantity", "value (90 % interval)"), kept if known else ())


def told(name: str, sentence: str) -> str:
    """A sentence without the name that its row already carries.

    >>> told("nauka", "nauka: 10 m away.")
    '10 m away.'
    """
    return sentence.removeprefix(f"{name}: ")


def cited(keys: Iterable[str]) -> str:
    """Source keys as the marks that become links."""
    return "".join(f"⟦{key}⟧" for key in keys)
