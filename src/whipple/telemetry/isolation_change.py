"""Did the hole change while readings were taken? What the watch says of it, and what each reading is to be weighed with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from whipple.casefile.estimate import Caveat
from whipple.casefile.findings.onset import Onset
from whipple.telemetry.isolation_belief import Belief
from whipple.telemetry.isolation_cells import Trial
from whipple.telemetry.isolation_rates import NORMAL_90

__all__ = ["Change", "at_present", "changes_of", "said_changed", "weighed_then"]

#: A leak that may have stopped is taken for this share of what it may still be, within a factor e (1 sigma).
_STOPPED_RATIO, _STOPPED_SIGMA = 0.5, 1.0
_LEAST_RATIO = 1e-3


@dataclass(frozen=True)
class Change:
    """A change of the hole between `low_s` and `high_s` (90 %): its opening after over that before, and 1 sigma of it, relative.

    A leak whose accumulator empties is none: there the pressure falls, the hole stays.
    """

    low_s: float
    high_s: float
    ratio: float
    sigma_ratio: float
    text: str = ""


def changes_of(onset: Onset | None, loop: str) -> tuple[Change, ...]:
    """Every change of rate that the watch announced of this loop, in the order of time.

    >>> changes_of(None, "external")
    ()
    """
    heard = onset.watch if onset is not None else ()
    said = [e for e in heard if e.kind == "rate changed" and e.about == loop and "to_percent_h" in e.values]
    return tuple(_change(e.values, e.text) for e in sorted(said, key=lambda e: e.t_s))


def _change(values: dict[str, float], text: str) -> Change:
    before, after = ([values[f"{name}_{end}percent_h"] for end in ("low_", "", "high_")] for name in ("from", "to"))
    span = values["at_low_s"], values["at_high_s"]
    if not (after[1] > 0 and before[1] > 0):
        return Change(*span, _STOPPED_RATIO * after[2] / max(before[2], 1e-12), _STOPPED_SIGMA, text)
    sides = [np.log(row[2] / row[1] if row[0] <= 0 else np.sqrt(row[2] / row[0])) for row in (before, after)]
    return Change(*span, after[1] / before[1], float(np.hypot(*sides)) / NORMAL_90, text)


def weighed_then(trial: Trial, changes: Iterable[Change], span_s: tuple[float, float] | None) -> Trial:
    """The same readings, weighed with the hole as it was in `span_s`; where that is not known, or it changed meanwhile, with anything between.

    >>> none = np.zeros(1)
    >>> test = Trial(frozenset({"v0"}), frozenset(), 600.0, none, none, none, none)
    >>> third = Change(1000.0, 1100.0, 0.25, 0.1)
    >>> [weighed_then(test, [third], at).opening_ratio for at in ((100.0, 700.0), (2000.0, 2600.0), None)]
    [1.0, 0.25, 0.5]
    """
    ratio, sigma = 1.0, 0.0
    for one in changes:
        known = span_s is not None and (span_s[0] >= one.high_s or span_s[1] <= one.low_s)
        happened = span_s is not None and span_s[0] >= one.high_s
        if known and not happened:
            continue
        open_nat = np.log(max(one.ratio, _LEAST_RATIO))
        ratio *= one.ratio if happened else float(np.exp(open_nat / 2))
        sigma = float(np.hypot(sigma, one.sigma_ratio if happened else np.hypot(one.sigma_ratio, open_nat / 2)))
    return replace(trial, opening_ratio=ratio, opening_sigma_ratio=sigma)


def at_present(belief: Belief, changes: Sequence[Change]) -> Belief:
    """The belief with the hole as it is now, for tests to come."""
    ratio = max(float(np.prod([one.ratio for one in changes])), _LEAST_RATIO)
    if ratio == 1.0:
        return belief
    cells = belief.cells
    return Belief(
        replace(cells, opening_m2=cells.opening_m2 * ratio, rate_m3_s=cells.rate_m3_s * ratio), belief.weight_nat
    )


def said_changed(changes: Sequence[Change], trials: Sequence[Trial]) -> tuple[Caveat, ...]:
    """What the reader must know where the hole changed between readings."""
    if not changes:
        return ()
    told = "; ".join(one.text for one in changes)
    text = f"The leak watch: {told}. Each reading is weighed with the hole of its time; the rate told here is that at first."
    if any(trial.opening_sigma_ratio > 0 and not trial.running for trial in trials):
        text += " A test typed in without `at`, or made while the hole changed, counts with anything between."
    return (Caveat("rate-changed", text),)
