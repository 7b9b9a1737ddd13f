"""How often does the isolation name the right segment? Invented rings with known leaks: before any valve moves, and after the tests it asks for.

    python builders/study_isolation.py FIRST_SEED COUNT [VALVES] [GAUGES] [SEGMENTS] [AT_ONCE] [TESTS]
    python builders/study_isolation.py rate FIRST_SEED COUNT      the same trials without and with a measured rate (right, and wrong by 2)
    python builders/study_isolation.py fast FIRST_SEED COUNT      30 to 100 % of the inventory an hour, first look after 5 min
    python builders/study_isolation.py clocks FIRST_SEED COUNT    clocks of the gauges apart by up to 60 s, with and without a guard
    python builders/study_isolation.py loose FIRST_SEED COUNT     one valve lets 1e-5 to 1e-2 of its flow through when shut
    python builders/study_isolation.py slow FIRST_SEED COUNT      0.1 to 0.3 % an hour: holds up to 40 min, and the tool's own up to 4 h
    python builders/study_isolation.py changed FIRST_SEED COUNT   the hole grows or closes by a factor of 2 to 5 before the first test
    python builders/study_isolation.py plan FIRST_SEED COUNT      the test asked for against every setting tried at every hold
    python builders/study_isolation.py needs

VALVES and GAUGES are how many of each stand evenly spread round the ring (8 4 8 2 3). Leak 0.1 to 10 %/h, 30 minutes old at the first look.
Prints for each number of tests made: top 1, top 3, mean probability of the truth, reliability by bins, and the wrong certainties.
`needs`: what gauges and meters would name the segment while the loop runs, by draws from the likelihood itself (so an upper bound).
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from unittest import mock

import numpy as np
from scipy.special import logsumexp

from whipple.casefile.estimate import Estimate
from whipple.casefile.given import Given
from whipple.telemetry import isolation_cells, isolation_likelihood, isolation_plan
from whipple.telemetry.isolation_belief import believe
from whipple.telemetry.isolation_cells import Trial, candidates
from whipple.telemetry.isolation_change import Change, at_present, weighed_then
from whipple.telemetry.isolation_likelihood import misfit_sigma
from whipple.telemetry.isolation_pieces import accumulator_Pa
from whipple.telemetry.isolation_plan import next_tests, settings_of
from whipple.telemetry.isolation_plant import plant_of, split
from whipple.telemetry.isolation_simulate import Leaking, leaking_loop, ring_loop

HOLDS_S = (300.0, 600.0, 1200.0, 2400.0)


def made(leak, cells, settings, seed: int, tests: int, look_s: float = 1800.0, holds_s=HOLDS_S) -> list[Trial]:
    """A first look at a leak and the tests that are asked for, each made; one that fits nothing is left out, as the answer does."""
    trials = [leak.first_look(look_s)]
    for _ in range(tests):
        level = accumulator_Pa(cells, trials[-1])
        rng = np.random.default_rng([seed, 1])
        asked = next_tests(believe(cells, trials), settings, level, rng, count=1, holds_s=holds_s)
        if asked and asked[0].gain_nat > 0.01:
            trial = leak.trial(asked[0].setting.closed, asked[0].setting.off, asked[0].hold_s)
            trials += [trial] if misfit_sigma(cells, trial) <= 4 else []
    return trials


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
    exact, steady = {"accuracy_Pa": Given(gauge_Pa, gauge_Pa, gauge_Pa, "Pa")}, Given(gain, gain, gain, "")
    flow = Given(meter_m3_s, meter_m3_s, meter_m3_s, "m**3/s")
    spread = [round(i * 8 / meters) for i in range(meters)]
    rows = {
        "gauge": tuple(g.model_copy(update=exact) for g in table.gauge),
        "meter": tuple(
            table.meter[0].model_copy(
                update={"channel": f"q{i}", "segment": f"s{i}", "accuracy_m3_s": flow, "steady_ratio": steady}
            )
            for i in spread
        ),
    }
    wander = {"LOSS_DRIFT_RATIO": drift, "HEAD_DRIFT_RATIO": drift, "VISCOUS_PER_K": drift}
    with mock.patch.multiple(isolation_cells, **wander):
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


def ring():
    """Eight segments, a valve at each inlet, four gauges; its cells and settings."""
    table = ring_loop(8, range(8))
    cells = candidates(plant_of(table), np.random.default_rng(20221215))
    return table, cells, settings_of(cells.plant, cells.unknowns, 2)


def line(name: str, rows: list[tuple[int, np.ndarray]]) -> None:
    print(f"{name:<24} {told([[np.array([truth, 0.0]), prob] for truth, prob in rows], 0)[9:]}", flush=True)


#: Ratio to the truth of what the watch says with "leak": 90 % interval and middle (16 loops of `study_telemetry_rate.py verdict`, median width).
WATCH_RATIO = (0.96, 1.0, 1.05)


def rate(first: int, count: int) -> None:
    """The same trials, weighed without a measured rate, with one (its own error drawn), and with one that is wrong by a factor of two."""
    table, cells, settings = ring()
    rows: dict[str, list[tuple[int, np.ndarray]]] = {
        "no rate": [],
        "the watch's rate": [],
        "... wrong by 2": [],
        "... 30 % too fast": [],
    }
    for seed in range(first, first + count):
        leak = leaking_loop(table, seed=seed)
        trials = made(leak, cells, settings, seed, 3)
        true_per_s = (
            leak.opening_m2 * np.sqrt(2 * leak.plant.pressure_Pa / leak.plant.density_kg_m3) / table.inventory_m3.value
        )
        own = np.exp(np.random.default_rng([seed, 5]).normal(0, 0.03))
        for name, off in zip(list(rows)[1:], (own, 2.0 if seed % 2 else 0.5, 1.3), strict=True):
            low, middle, high = (true_per_s * off * x for x in WATCH_RATIO)
            some = candidates(cells.plant, np.random.default_rng(20221215), 16, Estimate(middle, low, high, "1/s"))
            rows[name].append((leak.segment, believe(some, trials).segment_prob))
        rows["no rate"].append((leak.segment, believe(cells, trials).segment_prob))
    for name, found in rows.items():
        line(name, found)


def fast(first: int, count: int) -> None:
    """Leaks of the MS-22 kind: the running loop after five minutes, and after the tests that the accumulator still allows."""
    table, cells, settings = ring()
    for tests in (0, 1):
        rows = []
        for seed in range(first, first + count):
            per_h = float(np.exp(np.random.default_rng([seed, 77]).uniform(np.log(0.3), np.log(1.0))))
            leak = leaking_loop(table, seed=seed, rate_per_h=per_h)
            rows.append((leak.segment, believe(cells, made(leak, cells, settings, seed, tests, 300.0)).segment_prob))
        line(f"{tests} tests at most", rows)


class Skewed(Leaking):
    """The same loop, its gauges' clocks apart by up to `skew_s`, read as [[loop.test]] by its times, `guard_s` off from its ends."""

    skew_s, guard_s = 0.0, 0.0

    def trial(self, closed: frozenset[str], off: frozenset[str], hold_s: float) -> Trial:
        node, whole = self.plant.gauge_node, split(self.plant, self.unknowns)[0]
        begin, end = self.t_s + 300.0, self.t_s + 300.0 + hold_s
        late_s = self.skew_s * np.random.default_rng(int(self.t_s)).uniform(-1, 1, node.size)
        t_s, true = [], []
        for span, parts in (
            ((self.t_s, begin), whole), ((begin, end), split(self.plant, self.unknowns, closed, off)[0]), ((end, end + 600.0), whole)
        ):  # fmt: skip
            t_s.append(np.arange(*span, 1.0))
            levels = self._march(t_s[-1], parts)
            true.append(np.zeros((node.size, t_s[-1].size)))
            for part, level in zip(parts, levels, strict=True):
                true[-1][part.gauges] = level + part.above_Pa[0, node[part.gauges]][:, None]
        window, guard, all_s, all_Pa = min(120.0, hold_s / 3), self.guard_s, np.concatenate(t_s), np.hstack(true)

        def mean(low: float) -> np.ndarray:
            stamp = np.arange(low, low + window, 10.0)
            rows = [np.interp(stamp - late, all_s, row) for late, row in zip(late_s, all_Pa, strict=True)]
            return self._read(np.maximum(rows, 0.0))

        starts = begin - window - guard, begin + guard, end - guard - window
        last, first = (np.arange(low, low + window, 1.0) for low in starts[:0:-1])
        warmed = self._shown_K(last) - self._shown_K(first)
        gas = float(np.mean(self._gas_K(last, 1500.0)) - np.mean(self._gas_K(first, 1500.0)))
        self.t_s = end + 600.0
        none = np.full(self.plant.meter_edge.size, np.nan)
        return Trial(closed, off, starts[2] - starts[1], *(mean(low) for low in starts), none, warmed, gas)


def clocks(first: int, count: int) -> None:
    table, cells, settings = ring()
    for skew, guard in ((0.0, 0.0), (60.0, 0.0), (60.0, 60.0), (0.0, 60.0)):
        rows = []
        for seed in range(first, first + count):
            leak = leaking_loop(table, seed=seed)
            leak.__class__ = Skewed
            leak.skew_s, leak.guard_s = skew, guard
            rows.append((leak.segment, believe(cells, made(leak, cells, settings, seed, 3)).segment_prob))
        line(f"apart {skew:.0f} s, guard {guard:.0f} s", rows)


def plan(first: int, count: int) -> None:
    """What the test asked for tells, over the most that any allowed setting of two or three valves tells."""
    table, cells, _ = ring()
    for at_once in (2, 3):
        settings, ratio = settings_of(cells.plant, cells.unknowns, at_once), []
        for seed in range(first, first + count):
            leak = leaking_loop(table, seed=seed)
            belief, rng = believe(cells, [leak.first_look(1800.0)]), np.random.default_rng([seed, 1])
            best = next_tests(belief, settings, 2.8e5, rng, count=1, holds_s=HOLDS_S)[0].gain_nat
            each = [
                next_tests(belief, [one], 2.8e5, np.random.default_rng([seed, 1]), count=1, holds_s=HOLDS_S)
                for one in settings
            ]
            ratio.append(best / max(found[0].gain_nat for found in each if found))
        print(
            f"{at_once} valves, {len(settings)} settings: {np.mean(ratio):.3f} of the best, at worst {min(ratio):.3f}",
            flush=True,
        )


def loose(first: int, count: int) -> None:
    """One valve in eight leaks when shut. The same trials, weighed by what the case may say: nothing, all or nothing, a range for all or one."""
    table, cells, settings = ring()
    valves = table.valve
    told = {
        "nothing is said": {},
        "passes = 0.02": {"passes_prob": 0.02},
        "passes 0.125, a range": {"passes_prob": 0.125, "leakage_frac": Given(3.2e-4, 1e-5, 1e-2, "")},
    }
    rows: dict[str, list[tuple[int, np.ndarray]]] = {name: [] for name in [*told, "the valve's own range"]}
    for seed in range(first, first + count):
        rng = np.random.default_rng([seed, 41])
        which, share = int(rng.integers(8)), float(np.exp(rng.uniform(np.log(1e-5), np.log(1e-2))))
        leak = leaking_loop(table, seed=seed)
        leak.leakage_frac = {f"v{which}": share}
        trials = made(leak, cells, settings, seed, 3)
        known = Given(share, share / 3, min(3 * share, 1.0), "")
        for name, found in rows.items():
            own = [v.model_copy(update=told.get(name, {})) for v in valves]
            if name not in told:
                own[which] = own[which].model_copy(update={"passes_prob": 0.0, "leakage_frac": known})
            some = replace(cells, plant=plant_of(table.model_copy(update={"valve": tuple(own)})))
            kept = [trial for trial in trials if misfit_sigma(some, trial) <= 4]
            found.append((leak.segment, believe(some, kept).segment_prob))
    for name, found in rows.items():
        line(name, found)


def slow(first: int, count: int) -> None:
    """Slow leaks: the longest hold decides what a fall can tell."""
    table, cells, settings = ring()
    for name, holds_s in (("holds to 40 min", HOLDS_S), ("the tool's own", isolation_plan.HOLDS_S)):
        rows = []
        for seed in range(first, first + count):
            per_h = float(np.exp(np.random.default_rng([seed, 78]).uniform(np.log(1e-3), np.log(3e-3))))
            leak = leaking_loop(table, seed=seed, rate_per_h=per_h)
            trials = made(leak, cells, settings, seed, 3, holds_s=holds_s)
            rows.append((leak.segment, believe(cells, trials).segment_prob))
        line(name, rows)


def changed(first: int, count: int) -> None:
    """The hole grows or closes by a factor of 2 to 5 between the first look and the tests; the change is known to 10 % (drawn), or not to when."""
    table, cells, settings = ring()
    rows: dict[str, list[tuple[int, np.ndarray]]] = {
        "one rate": [],
        "known to 10 %": [],
        "between, not known": [],
        "(no change)": [],
    }
    for seed in range(first, first + count):
        rng = np.random.default_rng([seed, 43])
        ratio = float(np.exp(rng.uniform(np.log(2), np.log(5)) * rng.choice([-1, 1])))
        leak = leaking_loop(table, seed=seed)
        rows["(no change)"].append((leak.segment, believe(cells, made(leak, cells, settings, seed, 3)).segment_prob))
        leak = leaking_loop(table, seed=seed)
        look = leak.first_look(1800.0)
        leak.opening_m2 *= ratio
        own = Change(0.0, 0.0, ratio * float(np.exp(0.1 * rng.standard_normal())), 0.1)
        trials = [look]
        for _ in range(3):
            weighed = [look, *(weighed_then(trial, [own], (1.0, 2.0)) for trial in trials[1:])]
            now = at_present(believe(cells, weighed), [own])
            asked = next_tests(
                now,
                settings,
                accumulator_Pa(cells, trials[-1]),
                np.random.default_rng([seed, 1]),
                count=1,
                holds_s=HOLDS_S,
            )
            if asked and asked[0].gain_nat > 0.01:
                trials.append(leak.trial(asked[0].setting.closed, asked[0].setting.off, asked[0].hold_s))
        for name, changes, span in (
            ("one rate", [], None),
            ("known to 10 %", [own], (1.0, 2.0)),
            ("between, not known", [own], None),
        ):
            some = [look, *(weighed_then(trial, changes, span) for trial in trials[1:])]
            kept = [trial for trial in some if misfit_sigma(cells, trial) <= 4]
            rows[name].append((leak.segment, believe(cells, kept).segment_prob))
    for name, found in rows.items():
        line(name, found)


VERBS = {"changed": changed, "rate": rate, "fast": fast, "clocks": clocks, "plan": plan, "loose": loose, "slow": slow}

if __name__ == "__main__":
    if sys.argv[1] == "needs":
        needs()
    elif sys.argv[1] in VERBS:
        VERBS[sys.argv[1]](int(sys.argv[2]), int(sys.argv[3]))
    else:
        study([int(x) for x in sys.argv[1:]])
