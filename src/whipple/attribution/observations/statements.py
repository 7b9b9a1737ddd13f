"""What was said about the cause by those who looked: claims marked as evidence, weighed with elicited likelihoods."""

from __future__ import annotations

from whipple.attribution.elicited import KINDS, STATEMENTS, doubt_nat, likelihood_nat
from whipple.attribution.row import Exhibits, Row, by_kind
from whipple.casefile.estimate import Caveat, Evidence
from whipple.casefile.tables.claim import ClaimTable

__all__ = ["what_people_said"]


def what_people_said(exhibits: Exhibits) -> tuple[Row, ...]:
    """One row a claim about "cause.*" that is marked as evidence; one that nobody has elicited counts for nothing, and says so."""
    claims = [claim for claim in exhibits.case.claims if claim.use == "evidence" and claim.about.startswith("cause.")]
    return tuple(_row(claim, exhibits) for claim in claims)


def _row(claim: ClaimTable, exhibits: Exhibits) -> Row:
    name = f"{claim.about.removeprefix('cause.').replace('_', ' ')}: {claim.says} ({claim.said_by})"
    elicited = STATEMENTS.get(claim.about, {}).get(str(claim.says).strip().lower())
    if elicited is None:
        known = "; ".join(f"{about} = {' | '.join(says)}" for about, says in STATEMENTS.items())
        note = Caveat(
            "statement-not-weighed",
            f"{claim.id}: no likelihood has been elicited for {claim.about} = {claim.says!r}, so it counts for nothing. Known: {known}.",
        )
        flat = {table.name: 0.0 for table in exhibits.hypotheses}
        return Row(Evidence(name, claim.id, flat, dict.fromkeys(flat, "not weighed"), (claim.source,), (note,)))
    values = {kind: likelihood_nat(elicited.of(kind)) for kind in KINDS}
    because = {
        kind: f"would be said with probability {elicited.of(kind)[0]:.2g} (elicited): {elicited.why}" for kind in KINDS
    }
    doubt = {kind: doubt_nat(elicited.of(kind)) for kind in KINDS}
    named, reasons = by_kind(exhibits.hypotheses, values), by_kind(exhibits.hypotheses, because)
    evidence = Evidence(name, elicited.group or claim.id, named, reasons, (claim.source, elicited.source))
    return Row(evidence, by_kind(exhibits.hypotheses, doubt))
