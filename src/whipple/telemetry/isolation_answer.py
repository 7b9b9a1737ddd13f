"""Which segment leaks, and which valve test would tell? The answer for a case: probabilities, groups, next tests, and what to beware of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from whipple.casefile.case import Case
from whipple.casefile.estimate import Caveat, Estimate
from whipple.casefile.findings.isolation import Isolation, NextTest, SegmentChance
from whipple.casefile.findings.onset import Onset
from whipple.casefile.read_channels import Channel
from whipple.casefile.tables.loop import LoopTable, channel_problems
from whipple.errors import CaseError
from whipple.telemetry.isolation_belief import Belief, alike, believe
from whipple.telemetry.isolation_cells import RATES_PER_H, Trial, candidates
from whipple.telemetry.isolation_likelihood import misfit_sigma
from whipple.telemetry.isolation_pieces import accumulator_Pa
from whipple.telemetry.isolation_plan import Setting, ValveTest, next_tests, settings_of
from whipple.telemetry.isolation_plant import MODULUS_Pa, Plant, plant_of
from whipple.telemetry.isolation_readings import trials_of

__all__ = ["AT_ONCE", "isolate", "isolate_loop", "with_isolation"]

#: Valves shut together in a test, where nobody says otherwise.
AT_ONCE = 2

_LEADS, _MISFIT, _LARGE = 0.05, 4.0, 0.1
#: What the answer rests on: gas law and rigid piece, the plant's temperatures and sensors, flows in a graph, expected information.
_SOURCES = ("leak_sheet", "telemetry_sheet", "todini1988", "lindley1956")


def with_isolation(case: Case, onset: Onset, channels: Sequence[Channel]) -> Onset:
    """The onset with its isolation, or with the reason why there is none."""
    found = isolate(case, channels, onset)
    if found is not None:
        return replace(onset, isolation=found)
    why = (
        "No loop of the case has a graph ([[loop.segment]]), so no segment is named."
        if case.loops
        else "The case has no loop."
    )
    return replace(onset, caveats=(*onset.caveats, Caveat("no-loop-graph", why)))


def isolate(
    case: Case, channels: Sequence[Channel] = (), onset: Onset | None = None, at_once: int = AT_ONCE
) -> Isolation | None:
    """Which segment of the first loop with a graph leaks; None when no loop has one.

    Trials come from [[loop.test]] and, with an `onset` and `channels`, from the running loop. Without any, the answer is the prior and the test
    to begin with. Raises CaseError for a gauge or meter that names no [[channel]].
    """
    for i, loop in enumerate(case.loops):
        if loop.segment:
            problems = channel_problems(loop, f"loop[{i}]", [c.name for c in case.channels])
            if problems:
                raise CaseError(problems)
            when = None if onset is None or onset.onset_s is None else onset.onset_s.median
            trials = trials_of(case, loop, channels, when, None if onset is None else onset.quiet_until_s)
            return isolate_loop(loop, trials, case.rng("isolation"), at_once)
    return None


def isolate_loop(
    loop: LoopTable, trials: Sequence[Trial], rng: np.random.Generator, at_once: int = AT_ONCE
) -> Isolation:
    """The same for one loop and its trials; up to `at_once` valves are shut together in the tests proposed.

    >>> from whipple.telemetry.isolation_simulate import ring_loop
    >>> isolate_loop(ring_loop(8, (0, 4)), [], np.random.default_rng(1)).alike
    (('s0', 's1', 's2', 's3'), ('s4', 's5', 's6', 's7'))
    """
    plant = plant_of(loop)
    cells = candidates(plant, rng)
    off_sigma = [misfit_sigma(cells, trial) for trial in trials]
    trials = [trial for trial, off in zip(trials, off_sigma, strict=True) if off <= _MISFIT]
    refused = len(off_sigma) - len(trials)
    belief = believe(cells, trials)
    settings = settings_of(plant, cells.unknowns, at_once)
    level = accumulator_Pa(cells, trials[-1]) if trials else plant.pressure_Pa
    level = level if np.isfinite(level) else plant.pressure_Pa
    tests = [t for t in next_tests(belief, settings, level, rng) if t.gain_nat > 0.01]
    groups = alike(cells, [(s.closed, s.off) for s in settings] or [(frozenset(), frozenset())])
    named = tuple(tuple(plant.segments[i] for i in group) for group in groups if len(group) > 1)
    told = tuple(_told(plant, belief, test) for test in tests)
    order = np.argsort(-belief.segment_prob, kind="stable")
    chances = tuple(
        SegmentChance(plant.segments[i], float(plant.prior_prob[i]), float(belief.segment_prob[i])) for i in order
    )
    low, middle, high = (float(x) for x in belief.rate_m3_s([0.05, 0.5, 0.95]) / loop.inventory_m3.value)
    strange = _strange(max(off_sigma, default=0.0))
    caveats = (*strange, *_caveats(plant, belief, trials, settings, tests, named, refused > 0))
    return Isolation(
        loop.name,
        chances,
        named,
        Estimate(middle, low, high, "1/s", sources=_SOURCES),
        told,
        len(trials),
        _headline(chances, named, told, len(trials), refused),
        caveats,
    )


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:.0f} min"


def _doing(closed: Sequence[str], off: Sequence[str]) -> str:
    parts = [f"shut {' and '.join(closed)}"] if closed else []
    return ", ".join([*parts, *([f"stop {' and '.join(off)}"] if off else [])])


def _told(plant: Plant, belief: Belief, test: ValveTest) -> NextTest:
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


def _headline(
    chances: Sequence[SegmentChance],
    groups: Sequence[Sequence[str]],
    tests: Sequence[NextTest],
    count: int,
    refused: int,
) -> str:
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
        text += f" No allowed valve test parts {' and '.join(group)}."
    if tests and first.leaks_prob < 0.99:
        text += f" Next test: {_doing(tests[0].closed, tests[0].off)} for {_minutes(tests[0].hold_s)}."
    return text


def _caveats(
    plant: Plant, belief: Belief, trials: Sequence[Trial], settings: Sequence[Setting], tests: Sequence[ValveTest],
    groups: Sequence[Sequence[str]], refused: bool,
) -> tuple[Caveat, ...]:  # fmt: skip
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
        listed = "; ".join(" and ".join(group) for group in groups)
        out.append(
            Caveat(
                "not-parted",
                f"No allowed valve test parts these segments; only gauges while the loop runs could: {listed}.",
            )
        )
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
    if any(len(t.setting.pieces) > 1 for t in tests):
        out.append(_trapped(plant))
    flow = np.median(np.abs(belief.cells.pattern.segment_m3_s), axis=0)
    if trials and flow.max() > 0 and belief.rate_m3_s([0.5])[0] > _LARGE * flow.max():
        out.append(
            Caveat(
                "large-leak",
                "The leak is more than a tenth of the circulation: the running loop's answer is to first order in it.",
            )
        )
    return tuple(out)


def _strange(strained_sigma: float) -> tuple[Caveat, ...]:
    """What to say of readings that no segment explains; they speak for none."""
    if strained_sigma <= _MISFIT:
        return ()
    text = (
        f"Some readings fit no segment (the best is {strained_sigma:.0f} sigma off) and were left out: "
        "a sensor or the graph may be wrong, there may be a second cause, or the leak is faster than any tried here "
        f"({100 * RATES_PER_H[1]:.0f} % of the inventory an hour). The hold and the loss of the tests below are then too long and too small."
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
