"""From the case, the onset and the pictures to the stages of evidence that `infer` weighs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from whipple.casefile.case import Case
from whipple.casefile.estimate import Caveat
from whipple.casefile.findings.onset import LoopRecord, Onset
from whipple.casefile.findings.pictures import Pictures
from whipple.casefile.given import Given
from whipple.casefile.tables.loop import LoopTable
from whipple.errors import EvidenceError, RangeError
from whipple.leak.ending import emptying
from whipple.leak.expansion import learn_swing, temperature_term
from whipple.leak.prior import LARGEST_HOLE_M, LoopPrior
from whipple.leak.quoted import LoopFigures, Quoted, liquid_contradictions
from whipple.leak.record import Bins, gather
from whipple.leak.stage import Stage, loosened_prior
from whipple.leak.terms import Term, claim_terms, picture_term, reaction_terms, since_onset
from whipple.physics.cited import Cited
from whipple.physics.fluids import Fluid, fluid

__all__ = ["Prepared", "prepare"]

#: A gas volume given to within this factor (high over low) counts as an absolute datum.
KNOWN_RATIO = Cited(10.0, unit="", source="leak_sheet", grade="proposal")
#: The onset comes from the same record: it enters this much wider than telemetry states it, so as not to count twice.
ONSET_WIDENING = Cited(5.0, unit="", source="leak_sheet", grade="proposal")
ONSET_LEAST_S = Cited(60.0, unit="s", source="leak_sheet", grade="proposal")
#: 90 % range of the liquid's mean temperature about its measured mean: sensor offset and differences along the loop.
LIQUID_K = Cited(2.0, unit="K", source="leak_sheet", grade="proposal")
_LEAST_SAMPLES = 5


@dataclass(frozen=True)
class Prepared:
    """What `infer` needs: the loop, the record in bins (None without telemetry), the stages, and which data are absolute."""

    loop: LoopTable
    bins: Bins | None
    onset_s: float
    stages: tuple[Stage, ...]
    absolute: tuple[str, ...]
    simulated: bool
    caveats: tuple[Caveat, ...]


def _record_of(onset: Onset, case: Case) -> tuple[LoopRecord | None, LoopTable]:
    known = {loop.name for loop in case.loops}
    records = [record for record in onset.loops if record.loop in known]
    record = records[0] if records else None
    return record, case.loop(record.loop if record else "")


def _usable(record: LoopRecord | None, onset: Onset, loop: LoopTable) -> LoopRecord | None:
    """The record if it goes on long enough after the onset to show a fall; temperatures that are missing are the loop's."""
    if record is None or onset.onset_s is None or np.sum(record.t_s > onset.onset_s.median) < _LEAST_SAMPLES:
        return None
    whole = np.isfinite(record.temperature_K).all() and record.temperature_K.size == record.t_s.size
    flat = np.full(record.t_s.size, loop.temperature_K.value)
    return record if whole else replace(record, temperature_K=flat)


def _around(value: float, half_width: float, unit: str) -> Given:
    return Given(value, value - half_width, value + half_width, unit)


def _prior(
    loop: LoopTable, liquid: Fluid, bins: Bins | None, onset_s: float, doubt_s: float, largest_m: float
) -> LoopPrior:
    pressure, temperature, bias = loop.pressure_Pa, loop.temperature_K, Given(0.0, 0.0, 0.0, "Pa")
    if bins is not None:
        pressure = Given(bins.quiet_Pa, 0.8 * bins.quiet_Pa, 1.2 * bins.quiet_Pa, "Pa")
        temperature = _around(bins.temperature_K, LIQUID_K, "K")
        bias = _around(0.0, 1.645 * bins.bias_Pa, "Pa")
    return LoopPrior(
        "gas", liquid, loop.discharge_coefficient, loop.velocity_coefficient, loop.gas_volume_m3, loop.pushed_volume_m3,
        loop.inventory_m3, pressure, temperature, _around(onset_s, 1.645 * doubt_s, "s"), bias, largest_m,
    )  # fmt: skip


def _refuse_impossible(loop: LoopTable, liquid: Fluid) -> None:
    """What only the loop as a whole can tell; single figures are refused where the case is read."""
    where = f"case.toml, [[loop]] {loop.name}"
    vapour = liquid.vapour_pressure_Pa(loop.temperature_K.value)
    if (loop.reaction_torque_Nm is None) != (loop.reaction_arm_m is None):
        raise RangeError(
            where, "reaction_torque, reaction_arm", "one without the other", "both", "the torque needs its arm"
        )
    if loop.pressure_Pa.value <= vapour:
        expected = f"above the vapour pressure, {vapour:.0f} Pa"
        raise RangeError(
            where, "pressure", f"{loop.pressure_Pa.value:g} Pa", expected, "check pressure and temperature"
        )


def _volume_stages(prior: LoopPrior, loop: LoopTable, bins: Bins) -> tuple[list[Stage], list[str]]:
    """The stages that the loop's own volumes bring once there is a record."""
    stages, absolute = [], []
    gas, pushed, held = loop.gas_volume_m3, loop.pushed_volume_m3, loop.inventory_m3
    seen = emptying(bins, prior)
    if gas.high <= 1.0001 * KNOWN_RATIO * gas.low:
        says = f"accumulator gas {gas.low * 1e3:.3g} to {gas.high * 1e3:.3g} L, pushing {pushed.low * 1e3:.3g} to {pushed.high * 1e3:.3g} L"
        stages.append(
            Stage(
                "accumulator", says, _sources(gas, pushed), loosened_prior(prior, accumulator=False, inventory=True), ()
            )
        )
        absolute.append("accumulator")
    end = "whose end the record shows" if seen.emptied_s is not None else "whose end the record does not show"
    says = f"inventory {held.low * 1e3:.3g} to {held.high * 1e3:.3g} L, {end}"
    stages.append(Stage("inventory", says, _sources(held), prior, ()))
    if seen.emptied_s is not None or absolute:
        absolute.append("inventory")
    return stages, absolute


def _sources(*givens: Given) -> tuple[str, ...]:
    return tuple(dict.fromkeys(given.source for given in givens if given.source))


def prepare(case: Case, onset: Onset, pictures: Pictures | None) -> Prepared:
    """The stages for this case; raises EvidenceError without a loop and RangeError for an impossible one."""
    if not case.loops:
        raise EvidenceError("How big is the hole?", "[[loop]]", "describe the loop in case.toml")
    record, loop = _record_of(onset, case)
    liquid, caveats = fluid(loop.fluid), []
    _refuse_impossible(loop, liquid)
    usable = _usable(record, onset, loop)
    when = onset.onset_s
    if when is None:
        caveats.append(
            Caveat(
                "leak-no-onset", "No onset is known: times count from the case epoch, as if the leak had begun there."
            )
        )
    onset_s = when.median if when else 0.0
    doubt_s = max(ONSET_WIDENING * ((when.high - when.low) / 3.29 if when else 0.0), ONSET_LEAST_S)
    bins = gather(usable, onset_s, doubt_s) if usable else None
    if bins is not None and bins.quiet_Pa <= liquid.vapour_pressure_Pa(bins.temperature_K):
        caveats.append(_boils(bins, liquid))
        usable = bins = None
    largest = min(loop.pipe_m.value, LARGEST_HOLE_M) if loop.pipe_m else LARGEST_HOLE_M
    prior = _prior(loop, liquid, bins, onset_s, doubt_s, largest)
    stages, absolute = _volume_stages(prior, loop, bins) if bins else ([], [])
    swing = learn_swing(usable, onset_s, doubt_s) if usable else None
    terms: tuple[Term, ...] = ()
    if swing is not None and bins is not None:
        terms = (temperature_term(swing, liquid, bins.temperature_K),)
        stages.append(Stage("temperature", terms[0].says, (), prior, terms))
        absolute += ["temperature"] if absolute or loop.inventory_m3.high <= KNOWN_RATIO * loop.inventory_m3.low else []
    shown, too_wide = picture_term(pictures), _wider_than_pipe(case, loop, pictures)
    for term in (*claim_terms(case, onset_s), *reaction_terms(loop), *([shown] if shown else [])):
        if term.name in too_wide:
            continue
        terms = (*terms, term)
        stages.append(Stage(term.name, term.says, term.sources, prior, terms))
        absolute.append(term.name)
    simulated = bool((usable and usable.simulated) or (pictures and pictures.hole_diameter_m and pictures.simulated))
    caveats += [*_caveats(bins), *_clashes(case, loop, liquid, onset_s), *too_wide.values()]
    return Prepared(loop, bins, onset_s, tuple(stages), tuple(absolute), simulated, tuple(caveats))


#: What a claim speaks about -> what `quoted` calls it.
_QUOTED: dict[str, Literal["diameter", "spray", "majority"]] = {
    "hole.diameter_m": "diameter",
    "leak.spray_duration_s": "spray",
    "leak.majority_gone_s": "majority",
}


def _clashes(case: Case, loop: LoopTable, liquid: Fluid, onset_s: float) -> list[Caveat]:
    """A caveat for every pair of quoted figures of this leak that cannot both hold (claims to be ignored count too: they were said)."""
    said = tuple(
        Quoted(_QUOTED[claim.about], value, claim.said_by, claim.bound)
        for claim in case.claims
        if claim.about in _QUOTED
        and claim.value is not None
        and (value := since_onset(claim.about, claim.value, onset_s)).low > 0
    )
    figures = LoopFigures(
        ((liquid, "[[loop]]"),),
        loop.pressure_Pa,
        loop.temperature_K,
        loop.inventory_m3,
        loop.discharge_coefficient,
        said,
    )
    return [Caveat("leak-contradiction", row.sentence) for row in liquid_contradictions(figures)]


def _boils(bins: Bins, liquid: Fluid) -> Caveat:
    vapour = liquid.vapour_pressure_Pa(bins.temperature_K)
    text = (
        f"Before the onset the record stands at {bins.quiet_Pa:.0f} Pa, below the vapour pressure of {liquid.name} at {bins.temperature_K:.0f} K "
        f"({vapour:.0f} Pa): the loop boils already, the gauge is off or the fluid is another. The record is left out; the answer is wider."
    )
    return Caveat("leak-below-vapour", text)


def _wider_than_pipe(case: Case, loop: LoopTable, pictures: Pictures | None) -> dict[str, Caveat]:
    """A caveat for each term of a hole wider than the pipe it is in, under the name of the term."""
    if loop.pipe_m is None:
        return {}
    said = [
        (f"claim {claim.id}", claim.said_by, claim.value.low)
        for claim in case.evidence("hole.diameter_m")
        if claim.value and claim.bound != "upper"
    ]
    seen = pictures.hole_diameter_m if pictures else None
    said += [("picture", "the pictures", seen.low)] if seen is not None and seen.bound != "upper" else []
    bore = loop.pipe_m.high
    return {
        name: Caveat(
            "leak-hole-pipe",
            f"{who}: a hole of at least {low * 1e3:.2g} mm is wider than its pipe, {bore * 1e3:.2g} mm. One is wrong: the hole was left out.",
        )
        for name, who, low in said
        if low > bore
    }


def _caveats(bins: Bins | None) -> list[Caveat]:
    if bins is None:
        return [
            Caveat(
                "leak-no-record",
                "There is no usable pressure record after the onset: the leak law rests on the loop's figures alone.",
            )
        ]
    if not bins.swing_known:
        return [
            Caveat(
                "leak-no-swing",
                "The quiet record is too short to learn how temperature moves the pressure: no correction was made.",
            )
        ]
    return []
