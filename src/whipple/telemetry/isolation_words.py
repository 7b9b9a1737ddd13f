"""The answer in words: tests, headline, and what to beware of."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from whipple.casefile.estimate import Caveat, Estimate
from whipple.casefile.findings.isolation import NextTest, SegmentChance
from whipple.telemetry.isolation_belief import Belief
from whipple.telemetry.isolation_cells import Trial
from whipple.telemetry.isolation_plan import Setting, ValveTest
from whipple.telemetry.isolation_plant import MODULUS_Pa, Plant, split
from whipple.telemetry.isolation_rates import top_rate_m3_s

__all__ = ["MISFIT_SIGMA", "caveats_of", "headline_of", "told_test"]

#: Readings that the best cell misses by more than this are left out.
MISFIT_SIGMA = 4.0
_LEADS, _LARGE, _EMPTY_RATIO = 0.05, 0.1, 0.25
#: A belief of which this much lies within a factor 1.5 of an end of the range may lie beyond it.
_EDGE_PROB, _EDGE_RATIO = 0.05, 1.5


def _percent_h(plant: Plant, rate_m3_s: float) -> str:
    """A leak rate as people say it, two digits."""
    return f"{float(f'{3.6e5 * rate_m3_s / plant.table.inventory_m3.value:.2g}'):g} %"


def _and(names: Sequence[str]) -> str:
    """Names as a person lists them: "a, b and c"."""
    return " and ".join([*([", ".join(names[:-1])] if len(names) > 1 else []), names[-1]])


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:.0f} min"


def _doing(closed: Sequence[str], off: Sequence[str]) -> str:
    parts = [f"shut {_and(closed)}"] if closed else []
    return ", ".join([*parts, *([f"stop {_and(off)}"] if off else [])])


def told_test(plant: Plant, test: ValveTest) -> NextTest:
    """A test as a finding, with its sentence."""
    names = plant.segments
    low, middle, high = test.lost_m3
    closed, off = tuple(sorted(test.setting.closed)), tuple(sorted(test.setting.off))
    apart = () if test.pair is None else tuple(names[i] for i in test.pair)
    without = tuple(names[i] for i in test.setting.starved)
    text = f"{_doing(closed, off)[0].upper()}{_doing(closed, off)[1:]}, hold for {_minutes(test.hold_s)}"
    if apart:
        sure = f"after {_minutes(test.sure_s)}" if test.sure_s else "only by a longer hold than is allowed"
        text += f": {apart[0]} and {apart[1]} are told apart 19 times in 20 {sure}"
    stops = "all segments" if len(without) == len(names) else ", ".join(without) or "no segment"
    text += f". {middle * 1e3:.2f} L ({low * 1e3:.2f} to {high * 1e3:.2f} L) leak out meanwhile, {stops} without flow."
    return NextTest(
        closed, off, test.hold_s, test.gain_nat, apart, test.sure_s, Estimate(middle, low, high, "m3"), without, text
    )


def headline_of(
    chances: Sequence[SegmentChance],
    groups: Sequence[Sequence[str]],
    tests: Sequence[NextTest],
    count: int,
    refused: int,
) -> str:
    """The answer in one or two sentences: `count` trials went in, `refused` fitted nothing."""
    first = chances[0]
    leads = [c for c in chances if c.leaks_prob >= _LEADS]
    if count == 0 and refused:
        text = f"The readings fit no segment of this graph and were left out: each of {len(chances)} segments stands at its prior."
    elif count == 0:
        text = f"No reading yet: each of {len(chances)} segments stands at its prior."
    elif first.leaks_prob >= 0.9:
        text = f"Segment {first.name} leaks with a probability of {first.leaks_prob:.2f}."
    else:
        listed = ", ".join(f"{c.name} {c.leaks_prob:.2f}" for c in leads[:5])
        text = f"No segment is certain: {listed}{' and others' if len(leads) > 5 else ''}."
    group = next((g for g in groups if first.name in g), ())
    if first.leaks_prob < 0.9 and group and count:
        text += f" No allowed valve test parts {_and(group)}."
    if tests and first.leaks_prob < 0.99:
        text += f" Next test: {_doing(tests[0].closed, tests[0].off)} for {_minutes(tests[0].hold_s)}."
    return text


def caveats_of(
    belief: Belief, trials: Sequence[Trial], settings: Sequence[Setting], tests: Sequence[ValveTest],
    groups: Sequence[Sequence[str]], off_sigma: Sequence[float], would_part: Sequence[str] = (),
) -> tuple[Caveat, ...]:  # fmt: skip
    """What to beware of; `off_sigma` says by how much the best cell misses each trial, those left out too."""
    plant = belief.cells.plant
    strange = _strange(plant, max(off_sigma, default=0.0))
    graph = _of_graph(plant, trials, settings, groups, bool(strange))
    parts = [Caveat("would-part", f"{' '.join(would_part)}")] if would_part else []
    return (*strange, *graph, *parts, *_of_leak(belief, trials, tests))


def _of_graph(
    plant: Plant, trials: Sequence[Trial], settings: Sequence[Setting], groups: Sequence[Sequence[str]], refused: bool
) -> list[Caveat]:
    table = plant.table
    out = [
        Caveat(
            "one-hole",
            "One hole in one segment of the graph is assumed; the accumulator, pumps and valves themselves are not candidates.",
        )
    ]
    if not trials and not refused:
        out.append(Caveat("no-trial", "No reading went in: these are the probabilities beforehand."))
    if groups:
        listed = "; ".join(_and(group) for group in groups)
        why = (
            "No allowed valve test parts these segments"
            if table.valve
            else "The graph has no valve, so no test parts these segments"
        )
        out.append(Caveat("not-parted", f"{why}: {listed}."))
    held, said = plant.volume_m3.sum(), table.inventory_m3
    if held > 1.01 * said.high or held + table.pushed_volume_m3.high < 0.99 * said.low:
        text = (
            f"The segments hold {1e3 * held:.3g} L together, the case says that the loop holds {1e3 * said.value:.3g} L: "
            "rates and shares lost may be off."
        )
        out.append(Caveat("volumes-differ", text))
    tight = {v.name for v in table.valve if v.passing_prob == 0}
    if counted := sorted({name for trial in trials for name in trial.closed if name in tight}):
        text = (
            f"The tests made count on tight valves ({', '.join(counted)}): one that lets liquid through makes the piece with the accumulator look "
            "leaking. Say how likely that is, passes = 0.02, and how much then: leakage, with its range."
        )
        out.append(Caveat("valves-tight", text))
    exact = [s.name for s in table.segment if s.loss_Pa_s2_m6.low == s.loss_Pa_s2_m6.high]
    if exact:
        out.append(
            Caveat("losses-exact", f"Losses without a range count as exact: {', '.join(exact)}. Give low and high.")
        )
    if not settings and table.valve:
        out.append(
            Caveat(
                "no-test-allowed",
                "Every setting of the valves is forbidden or leaves a segment whose cooling is needed without flow.",
            )
        )
    return out


def _of_leak(belief: Belief, trials: Sequence[Trial], tests: Sequence[ValveTest]) -> list[Caveat]:
    plant, out = belief.cells.plant, []
    if any(len(t.setting.pieces) > 1 for t in tests):
        out.append(_trapped(plant))
    loose = {v.name for v in plant.table.valve if v.passing_prob > 0}
    if named := sorted({name for t in tests for name in t.setting.closed if name in loose}):
        text = f"The tests proposed count on {_and(named)} as if tight; the case says that they may let liquid through: such a test tells less."
        out.append(Caveat("plan-counts-tight", text))
    flow = np.median(np.abs(belief.cells.pattern.segment_m3_s), axis=0)
    if trials and flow.max() > 0 and belief.rate_m3_s([0.5])[0] > _LARGE * flow.max():
        text = "The leak is more than a tenth of the circulation: the running loop's answer is to first order in it."
        out.append(Caveat("large-leak", text))
    if any(t.running and np.fmax.reduce(t.after_Pa) < _EMPTY_RATIO * np.fmax.reduce(t.before_Pa) for t in trials):
        text = "The running loop was read when its accumulator was all but empty: flow and pressures are then not what they are taken for."
        out.append(Caveat("accumulator-empty", text))
    return [*out, *_unread(belief, trials), *(_at_edge(belief) if trials else [])]


def _unread(belief: Belief, trials: Sequence[Trial]) -> list[Caveat]:
    """Tests in which no gauge of the fed piece was read at its start and at its end."""
    cells, out = belief.cells, []
    for trial in (trial for trial in trials if not trial.running):
        parts, _ = split(cells.plant, cells.unknowns, trial.closed, trial.off)
        live = [g for part in parts if part.live for g in part.gauges]
        if not np.isfinite(trial.start_Pa + trial.after_Pa)[live].any():
            gauges = ", ".join(cells.plant.table.gauge[g].channel for g in live) or "none stands there"
            doing = _doing(sorted(trial.closed), sorted(trial.off))
            text = f"Of the test '{doing}' no gauge on the accumulator's side was read both at start and after ({gauges}): that side tells most."
            out.append(Caveat("fed-piece-unread", text))
    return out


def _at_edge(belief: Belief) -> list[Caveat]:
    """Where the rate lies at an end of the range that was tried, the truth may lie beyond it."""
    plant, rates = belief.cells.plant, belief.cells.rate_m3_s
    prob = belief.rate_prob
    out = []
    for inside, end, word in (
        (rates * _EDGE_RATIO > rates[-1], rates[-1], "fastest"), (rates < rates[0] * _EDGE_RATIO, rates[0], "slowest")
    ):  # fmt: skip
        if prob[inside].sum() > _EDGE_PROB:
            text = (
                f"The readings suit the {word} leak tried here, {_percent_h(plant, end)} of the inventory an hour: it may lie beyond, and "
                "then rate, holds and losses are wrong."
            )
            out.append(Caveat("rate-at-edge", text))
    return out


def _strange(plant: Plant, strained_sigma: float) -> tuple[Caveat, ...]:
    """What to say of readings that no segment explains; they speak for none."""
    if strained_sigma <= MISFIT_SIGMA:
        return ()
    text = (
        f"Some readings fit no segment (the best is {strained_sigma:.0f} sigma off) and were left out: "
        "a sensor or the graph may be wrong, there may be a second cause, or the leak is faster than any tried here "
        f"({_percent_h(plant, top_rate_m3_s(plant))} of the inventory an hour). "
        "The hold and the loss of the tests below are then too long and too small."
    )
    return (Caveat("fits-nothing", text),)


def _trapped(plant: Plant) -> Caveat:
    """Liquid shut in without gas: what a kelvin does to it."""
    per_K = plant.expansion_per_K * (plant.table.modulus_Pa or MODULUS_Pa).value / 1e5
    relief = plant.table.relief_Pa
    if relief is None:
        text = "the case names no relief: make sure there is one before shutting two valves"
    else:
        text = f"the case says that it is let off at {relief.value / 1e5:.1f} bar"
    return Caveat(
        "trapped-liquid",
        f"Liquid shut in without the accumulator rises by about {per_K:.0f} bar for each kelvin of warming; {text}.",
    )
