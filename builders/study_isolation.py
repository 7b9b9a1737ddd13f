"""How often does the isolation name the right segment? Invented rings with known leaks: before any valve moves, and after the tests it asks for.

    python builders/study_isolation.py FIRST_SEED COUNT [VALVES] [GAUGES] [SEGMENTS] [AT_ONCE] [TESTS]
    python builders/study_isolation.py needs

VALVES and GAUGES are how many of each stand evenly spread round the ring (8 4 8 2 3). Leak 0.1 to 10 %/h, 30 minutes old at the first look.
Prints for each number of tests made: top 1, top 3, mean probability of the truth, reliability by bins, and the wrong certainties.
`needs`: what gauges and meters would name the segment while the loop runs, by draws from the likelihood itself (so an upper bound).
"""

from __future__ import annotations

import sys
import time
from unittest import mock

import numpy as np
from scipy.special import logsumexp

from whipple.casefile.given import Given
from whipple.telemetry import isolation_cells, isolation_likelihood
from whipple.telemetry.isolation_belief import believe
from whipple.telemetry.isolation_cells import Trial, candidates
from whipple.telemetry.isolation_pieces import accumulator_Pa
from whipple.telemetry.isolation_plan import next_tests, settings_of
from whipple.telemetry.isolation_plant import plant_of
from whipple.telemetry.isolation_simulate import leaking_loop, ring_loop

HOLDS_S = (300.0, 600.0, 1200.0, 2400.0)


def one(table, cells, settings, seed: int, tests: int) -> list[np.ndarray]:
    leak = leaking_loop(table, seed=seed)
    trials = [leak.first_look(1800.0)]
    beliefs = [believe(cells, trials)]
    for _ in range(tests):
        level = accumulator_Pa(cells, trials[-1])
        found = next_tests(beliefs[-1], settings, level, np.random.default_rng([seed, 1]), count=1, holds_s=HOLDS_S)
        if found and found[0].gain_nat > 0.01:
            test = found[0]
            trials.append(leak.trial(test.setting.closed, test.setting.off, test.hold_s))
            beliefs.append(believe(cells, trials))
        else:
            beliefs.append(beliefs[-1])
    rate = leak.opening_m2 / cells.opening_m2[0] * cells.rate_m3_s[0] / table.inventory_m3.value * 3600
    return [np.array([leak.segment, rate])] + [b.segment_prob for b in beliefs]


def told(rows: list[list[np.ndarray]], step: int) -> str:
    truth = np.array([int(row[0][0]) for row in rows])
    prob = np.array([row[1 + step] for row in rows])
    order = np.argsort(-prob, axis=1)
    hit = order[:, 0] == truth
    three = (order[:, :3] == truth[:, None]).any(axis=1)
    best = prob.max(axis=1)
    bins = []
    for low, high in ((0, 0.25), (0.25, 0.45), (0.45, 0.65), (0.65, 0.9), (0.9, 0.99), (0.99, 1.01)):
        inside = (best >= low) & (best < high)
        if inside.any():
            bins.append(f"{best[inside].mean():.3f}->{hit[inside].mean():.3f} (n {inside.sum()})")
    mean = float(prob[np.arange(truth.size), truth].mean())
    sure = int(((best >= 0.99) & ~hit).sum())
    nat = float(-np.log(np.maximum(prob[np.arange(truth.size), truth], 1e-300)).mean())
    return (
        f"{step} tests: top1 {hit.mean():.3f} (expected {best.mean():.3f}) top3 {three.mean():.3f} p(truth) {mean:.3f} "
        f"log loss {nat:.3f} wrong at >= 0.99: {sure} of {int((best >= 0.99).sum())}\n    reliability "
        + "; ".join(bins)
    )


def needed(
    gauges: int, meters: int, gauge_Pa: float, meter_m3_s: float, gain: float, drift: float
) -> tuple[float, float]:
    """Top 1 and top 3 of the running loop for other instruments; `gain` and `drift` are how far meters, and losses and heads, wander."""
    table = ring_loop(8, range(8), [round(i * 8 / gauges) for i in range(gauges)])
    exact = {"accuracy_Pa": Given(gauge_Pa, gauge_Pa, gauge_Pa, "Pa")}
    flow = Given(meter_m3_s, meter_m3_s, meter_m3_s, "m**3/s")
    spread = [round(i * 8 / meters) for i in range(meters)]
    rows = {
        "gauge": tuple(g.model_copy(update=exact) for g in table.gauge),
        "meter": tuple(
            table.meter[0].model_copy(update={"channel": f"q{i}", "segment": f"s{i}", "accuracy_m3_s": flow})
            for i in spread
        ),
    }
    wander = {"LOSS_DRIFT_RATIO": drift, "HEAD_DRIFT_RATIO": drift, "VISCOUS_PER_K": drift}
    with (
        mock.patch.multiple(isolation_cells, **wander),
        mock.patch.object(isolation_likelihood, "GAIN_DRIFT_RATIO", gain),
    ):
        cells = candidates(plant_of(table.model_copy(update=rows)), np.random.default_rng(1), 8)
        before = 3e5 + np.median(cells.pattern.node_Pa[:, cells.plant.gauge_node], axis=0)
        still = Trial(frozenset(), frozenset(), 1650.0, before, before, before, np.zeros(meters))
        mean = -isolation_likelihood._running_off(cells, still)
    rng = np.random.default_rng(2)
    share = cells.rate_m3_s * 3600 / table.inventory_m3.value
    rates = np.flatnonzero((share > 1e-3) & (share < 0.1))
    rank = []
    for _ in range(300):
        i = rng.integers(8)
        seen = mean[i, rng.integers(8), rng.choice(rates)] + rng.standard_normal(mean.shape[-1])
        nat = logsumexp(-0.5 * ((seen - mean) ** 2).sum(-1), axis=(1, 2))
        rank.append(int(np.sum(nat > nat[i])))
    return float(np.mean(np.array(rank) == 0)), float(np.mean(np.array(rank) < 3))


def needs() -> None:
    for row in (
        (4, 2, 250.0, 2e-7, 1e-3, 3e-3), (8, 8, 250.0, 2e-7, 1e-3, 3e-3), (8, 8, 1.0, 2e-7, 1e-3, 3e-3), (8, 8, 250.0, 1e-8, 1e-4, 3e-3),
        (8, 8, 250.0, 1e-9, 1e-5, 3e-3), (8, 2, 1.0, 2e-7, 1e-3, 1e-5), (8, 2, 0.1, 2e-7, 1e-3, 1e-5),
    ):  # fmt: skip
        print(row, needed(*row))


def study(given: list[int]) -> None:
    first, count, valves, gauges, segments, at_once, tests = given + [8, 4, 8, 2, 3][len(given) - 2 :]
    spread = [[round(i * segments / n) for i in range(n)] for n in (valves, gauges)]
    table = ring_loop(segments, *spread)
    began = time.process_time()
    cells = candidates(leaking_loop(table, seed=0).plant, np.random.default_rng(20221215))
    settings = settings_of(cells.plant, cells.unknowns, at_once)
    rows = [one(table, cells, settings, first + i, tests) for i in range(count)]
    print(f"{segments} segments, {valves} valves, {gauges} gauges, {count} leaks; {time.process_time() - began:.0f} s")
    for step in range(tests + 1):
        print(told(rows, step))
    rate = np.array([row[0][1] for row in rows])
    for low, high in ((1e-3, 3e-3), (3e-3, 1e-2), (1e-2, 3e-2), (3e-2, 1.01e-1)):
        some = [row for row, r in zip(rows, rate, strict=True) if low <= r < high]
        if some:
            top = [np.mean([np.argmax(row[1 + s]) == row[0][0] for row in some]) for s in range(tests + 1)]
            print(
                f"  {100 * low:.1f} to {100 * high:.1f} %/h (n {len(some)}): top1 " + ", ".join(f"{x:.2f}" for x in top)
            )


if __name__ == "__main__":
    needs() if sys.argv[1:] == ["needs"] else study([int(x) for x in sys.argv[1:]])
