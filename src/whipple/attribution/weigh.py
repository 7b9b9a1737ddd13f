"""The verdict on a case: base rates, ledger, posterior, what is excluded, what moves it."""

from __future__ import annotations

from collections.abc import Sequence

from whipple.attribution.base_rate import BaseRate, base_rates, unsized
from whipple.attribution.exclusions import excluded
from whipple.attribution.inputs import uncertain_inputs
from whipple.attribution.ledger import start_race
from whipple.attribution.movers import left_out, record_left_out, varied_alone
from whipple.attribution.observations import observe
from whipple.attribution.observations.hole_size import SIMULATED_SIZE, SIZE_GROUP
from whipple.attribution.posterior import Race, floored_nat, information_nat, speakers
from whipple.attribution.record import RECORD_SHARE, STEADY_KINDS, clean_exposure_s
from whipple.attribution.row import Exhibits, Row
from whipple.attribution.sentences import headline, reason, result
from whipple.attribution.standing import RULE, THRESHOLD_PROB, Standing, stand
from whipple.attribution.to_measure import inputs_to_measure
from whipple.attribution.too_thin import TOO_THIN, too_thin
from whipple.attribution.words import WORD_SCALE, likelihood_word
from whipple.casefile.case import Case
from whipple.casefile.estimate import Caveat
from whipple.casefile.findings.hole import Hole
from whipple.casefile.findings.impactor import Impactor
from whipple.casefile.findings.onset import Onset
from whipple.casefile.findings.pictures import Pictures
from whipple.casefile.findings.sky import Sky
from whipple.casefile.findings.strikes import Strikes
from whipple.casefile.findings.verdict import HypothesisVerdict, Verdict

__all__ = ["weigh"]

_LISTED_MOVERS = 12
#: More losses than this expected in a record without any: the model and the record pull apart.
_STRAINED_COUNT = 3.0
#: Inputs listed in any case, beside every one that would alone unseat the leading cause.
_LISTED_ASSUMPTIONS = 8


def weigh(
    case: Case,
    onset: Onset | None,
    pictures: Pictures | None,
    hole: Hole | None,
    sky: Sky | None,
    strikes: Strikes | None,
    impactor: Impactor | None,
) -> Verdict:
    """Every cause on the table of the case against all the evidence at hand.

    A finding that is None writes no row; `hole` enters through the size that the impact room took from it. A cause without any base rate
    is left out and said. Deterministic for a case and its seed.
    """
    rates = base_rates(case, sky, strikes, impactor)
    missing = _not_weighed(case, rates)
    if not rates:
        text = "No cause can be weighed: the case gives no rates and no flux was computed."
        return Verdict((), (), (), (), False, float(THRESHOLD_PROB), WORD_SCALE, text, missing)
    thin = too_thin(rates, impactor)
    if thin:
        return Verdict((), (), (), (), False, float(THRESHOLD_PROB), WORD_SCALE, thin, missing, result=TOO_THIN)
    exhibits = Exhibits(case, rates, onset, pictures, sky, strikes, impactor)
    rows, record_ratio = observe(exhibits), clean_exposure_s(case) / case.exposure_s
    race, free = (start_race(rates, ratio, case.rng("attribution")) for ratio in (record_ratio, 0.0))
    titles = {table.name: table.title for table in case.hypotheses}
    kinds = {rate.hypothesis: rate.kind for rate in rates}
    inputs = uncertain_inputs(race, rates, rows, titles)
    standing = stand(race, rows, inputs)
    verdicts = _verdicts(race, free, rates, rows, titles, standing)
    movers = left_out(race, rows, titles, _sizeless(case, rates, record_ratio))
    movers += record_left_out(race, free, rows, titles) if record_ratio > 0 else ()
    movers = tuple(sorted(movers, key=lambda m: -abs(m.with_prob - m.without_prob)))
    out = excluded(verdicts, rows, race, exhibits)
    unseating = {name for name, _ in standing.unseating}
    moved = varied_alone(inputs, standing.leader, race.names[standing.leader], titles)
    listed = tuple(a for i, a in enumerate(moved) if i < _LISTED_ASSUMPTIONS or a.assumption in unseating)
    measurements = () if standing.word == "named" else inputs_to_measure(race, rows, inputs)
    text = headline(verdicts, kinds, out, standing, movers, measurements)
    pushed = impactor is not None and impactor.of_push  # then the counts are of pushes, not of holes
    notes = missing + _caveats(rows, rates, impactor) + _record_caveats(rates, record_ratio)
    return Verdict(
        verdicts, tuple(row.evidence.floored() for row in rows), movers[:_LISTED_MOVERS], out, standing.word == "named",
        float(THRESHOLD_PROB), WORD_SCALE, text, notes, listed, None if pushed else race.repeat(rows, case.exposure_s),
        standing.word, result(verdicts, standing), RULE, len(standing.unseating), measurements,
    )  # fmt: skip


def _sizeless(case: Case, rates: Sequence[BaseRate], record_ratio: float) -> dict[str, Race]:
    """The race as it would be if nobody knew the size of the hole; empty where that changes no base rate."""
    free = [unsized(rate) for rate in rates]
    if free == list(rates):
        return {}
    return {SIZE_GROUP: start_race(free, record_ratio, case.rng("attribution"))}


def _verdicts(
    race: Race, free: Race, rates: Sequence[BaseRate], rows: Sequence[Row], titles: dict[str, str], standing: Standing
) -> tuple[HypothesisVerdict, ...]:
    prior, posterior, spoken = race.probabilities([]), race.estimates(rows), speakers(rows)
    held = race.count.mean(axis=0) / free.count.mean(axis=0)
    found = []
    for index, (rate, before, after) in enumerate(zip(rates, prior, posterior, strict=True)):
        weights = [(float(floored_nat(row, race.names)[index]), row) for row in spoken if information_nat(row) > 0]
        why = reason(rate, weights, float(held[index]))
        word = likelihood_word(after.median)
        if index == standing.leader and standing.word == "leading":
            word += ", not robust"
        shares = standing.lead_frac[index], standing.pass_frac[index]
        found.append(
            HypothesisVerdict(rate.hypothesis, titles[rate.hypothesis], float(before), after, word, why, *shares)
        )
    return tuple(sorted(found, key=lambda verdict: -verdict.posterior_prob.median))


def _not_weighed(case: Case, rates: Sequence[BaseRate]) -> tuple[Caveat, ...]:
    weighed = {rate.hypothesis for rate in rates}
    left = [table.title for table in case.hypotheses if table.name not in weighed]
    if not left:
        return ()
    return (
        Caveat(
            "cause-not-weighed",
            f"Not weighed, because no flux reaches the answer and the case gives no rate: {', '.join(left)}.",
        ),
    )


def _caveats(rows: Sequence[Row], rates: Sequence[BaseRate], impactor: Impactor | None) -> tuple[Caveat, ...]:
    notes = {note.text: note for row in rows for note in row.evidence.caveats}
    texts = {
        "floor": "No single observation counts for more than 6.9 nat (1 in 1000), and dependent observations count once.",
        "hardware-lost": "Unless the hardware comes back, no laboratory can settle the cause; even with it a third of impacts stay "
        "unassigned (STS-92).",
    }
    if any(rate.streams and all(stream.borrowed for stream in rate.streams) for rate in rates):
        texts["base-rate-scaled"] = (
            "A shower that cannot reach this face has no hole rate of its own here: its base rate is scaled from the other "
            "particles, with a further factor 2 (1 sigma) of doubt."
        )
    if not any(row.evidence.group == "direction" for row in rows):
        texts["no-direction"] = (
            "Nothing is known of the direction of the hole against the particle flux: no impact cause can be excluded."
        )
    size = impactor.hole_diameter_m if impactor is not None else None
    if size is not None and any(note.code == SIMULATED_SIZE for note in size.caveats):
        texts["size-simulated"] = (
            "The hole size is SIMULATED: it is not weighed as an observation, but the base rates of the impact causes count holes of that size."
        )
    return (*notes.values(), *(Caveat(code, text) for code, text in texts.items()))


def _record_caveats(rates: Sequence[BaseRate], record_ratio: float) -> tuple[Caveat, ...]:
    """Where the computed rates and the clean record pull apart, say so."""
    if record_ratio <= 0:
        return ()
    steady = sum(rate.expected_count.median * rate.any_hole_ratio for rate in rates if rate.kind in STEADY_KINDS)
    losses = steady * record_ratio * float(RECORD_SHARE)
    text = f"At their best-guess levels the steady impact causes would have brought {losses:.2g} losses in the clean record, "
    text += "any hole that leaks counted; none was seen. "
    if losses > _STRAINED_COUNT:
        text += "Flux, exposed area or wall are too pessimistic in the model, or most ports are better hidden; the record overrules them here. "
    text += "Half of the record is taken to be flown with as free a view (proposal)."
    return (Caveat("record", text),)
