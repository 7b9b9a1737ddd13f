"""Which segment leaks, and which valve test would tell? The answer for a case: probabilities, groups, next tests, and what to beware of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from whipple.casefile.case import Case
from whipple.casefile.estimate import Caveat, Estimate
from whipple.casefile.findings.isolation import Isolation, SegmentChance
from whipple.casefile.findings.onset import Onset
from whipple.casefile.read_channels import Channel
from whipple.casefile.tables.loop import LoopTable
from whipple.telemetry.isolation_belief import alike, believe
from whipple.telemetry.isolation_cells import Trial, candidates
from whipple.telemetry.isolation_change import Change, at_present, changes_of, said_changed
from whipple.telemetry.isolation_likelihood import misfit_sigma
from whipple.telemetry.isolation_parting import parting_words, rivals_of
from whipple.telemetry.isolation_pieces import accumulator_Pa
from whipple.telemetry.isolation_plan import next_tests, settings_of
from whipple.telemetry.isolation_plant import plant_of
from whipple.telemetry.isolation_readings import measured_rate, trials_of
from whipple.telemetry.isolation_words import MISFIT_SIGMA, caveats_of, headline_of, told_test

__all__ = ["AT_ONCE", "WORTH_NAT", "isolate", "isolate_loop", "with_isolation"]

#: Valves shut together in a test, where nobody says otherwise.
AT_ONCE = 2
#: A test that tells less than this (a twentieth of a bit) is not proposed.
WORTH_NAT = 0.035

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
    """Which segment of the first loop with a graph leaks; None when no loop has one. A loop that the watch calls leaking goes first.

    Trials come from [[loop.test]] and, with an `onset` and `channels`, from the running loop; the rate, where the watch has measured it, from
    the onset too. Without any, the answer is the prior and the test to begin with.
    """
    drawn = [loop for loop in case.loops if loop.segment]
    if not drawn:
        return None
    rates = [measured_rate(onset, loop.name, alone=len(case.loops) == 1) for loop in drawn]
    at = next((i for i, rate in enumerate(rates) if rate is not None), 0)
    when = None if onset is None or onset.onset_s is None else onset.onset_s.median
    changes = changes_of(onset, drawn[at].name)
    trials = trials_of(case, drawn[at], channels, when, None if onset is None else onset.quiet_until_s, changes)
    found = isolate_loop(drawn[at], trials, case.rng("isolation"), at_once, measured_per_s=rates[at], changes=changes)
    other = [e.about for e in (onset.watch if onset is not None else ()) if e.kind == "leak"]
    if rates[at] is None and other and found.loop not in other:
        text = f"The leak watch says that loop {other[0]} leaks; this is the graph of loop {found.loop}."
        return replace(found, caveats=(Caveat("other-loop", text), *found.caveats))
    return found


def isolate_loop(
    loop: LoopTable,
    trials: Sequence[Trial],
    rng: np.random.Generator,
    at_once: int = AT_ONCE,
    *,
    measured_per_s: Estimate | None = None,
    changes: Sequence[Change] = (),
) -> Isolation:
    """The same for one loop and its trials; up to `at_once` valves are shut together in the tests proposed.

    `measured_per_s` is the leak at first as a share of the inventory a second, at the charged pressure, where the watch or the leak room knows
    it; `changes` of the hole since then are in the trials already (`weighed_then`), tests to come find it as it is now.

    >>> from whipple.telemetry.isolation_simulate import ring_loop
    >>> isolate_loop(ring_loop(8, (0, 4)), [], np.random.default_rng(1)).alike
    (('s0', 's1', 's2', 's3'), ('s4', 's5', 's6', 's7'))
    """
    plant = plant_of(loop)
    cells = candidates(plant, rng, measured_per_s=measured_per_s)
    off_sigma = [misfit_sigma(cells, trial) for trial in trials]
    kept = [trial for trial, off in zip(trials, off_sigma, strict=True) if off <= MISFIT_SIGMA]
    belief = believe(cells, kept)
    settings = settings_of(plant, cells.unknowns, at_once)
    level = accumulator_Pa(cells, kept[-1]) if kept else plant.pressure_Pa
    level = level if np.isfinite(level) else plant.pressure_Pa
    now = at_present(belief, changes)
    tests = [t for t in next_tests(now, settings, level, rng) if t.gain_nat > WORTH_NAT]
    groups = alike(cells, [(s.closed, s.off) for s in settings] or [(frozenset(), frozenset())])
    named = tuple(tuple(plant.segments[i] for i in group) for group in groups if len(group) > 1)
    told = tuple(told_test(plant, test) for test in tests)
    order = np.argsort(-belief.segment_prob, kind="stable")
    chances = tuple(
        SegmentChance(plant.segments[i], float(plant.prior_prob[i]), float(belief.segment_prob[i])) for i in order
    )
    low, middle, high = (float(x) for x in belief.rate_m3_s([0.05, 0.5, 0.95]) / loop.inventory_m3.value)
    rate = Estimate(middle, low, high, "1/s", sources=_SOURCES)
    rivals = rivals_of(belief, groups, tests=len(tests))
    would_part = () if rivals is None else parting_words(now, rivals, level, rng, at_once)
    headline = headline_of(chances, named, told, len(kept), len(trials) - len(kept))
    caveats = *said_changed(changes, kept), *caveats_of(belief, kept, settings, tests, named, off_sigma, would_part)
    return Isolation(loop.name, chances, named, rate, told, len(kept), headline, caveats, would_part)
