"""Measure the leak watch on simulated loops with fresh seeds; the figures go into docs/measured/telemetry.md.

python builders/study_telemetry.py quiet 20000 100 4        false alarms: first seed, loops, days each (the first day is learned)
python builders/study_telemetry.py leak 30000 100 0.1 8     delays, onset and rate: first seed, loops, % of inventory an hour, hours followed
python builders/study_telemetry.py faults 53000 25 40 2.5   verdicts on injected faults: first seed, loops, faults in each, hours
python builders/study_telemetry.py bound                    Lorden's bound for this plant and these sensors

What the watch says as the user hears it (verdict, rate changes, time to empty): builders/study_telemetry_rate.py.
"""

from __future__ import annotations

import sys

import numpy as np

from whipple.telemetry.faults import FAULTS, Fault
from whipple.telemetry.gas_law import LoopFacts, followed_K, learn_gas_law
from whipple.telemetry.leak_bank import Reading, new_bank, stack_laws, step_bank
from whipple.telemetry.leak_posterior import leak_posterior, weighted_quantiles
from whipple.telemetry.leak_window import Window
from whipple.telemetry.liquid_ahead import carried_on
from whipple.telemetry.loop_watch import LoopWatch, WatchedLoop, leak_limit_nat
from whipple.telemetry.path_watch import PathWatch, new_path_watch, shared_path
from whipple.telemetry.simulate import Leak, Plant, simulate_loop
from whipple.telemetry.thermometer_law import blind_walk_K, learn_warm_law

FACTS, LEARN = LoopFacts(), 8640
LIMITS = (8.0, 8.6, 9.0, 9.2, 9.5, 10.0)
LIMIT = leak_limit_nat(30.0)
PATHS = (("A", "B", "A"), ("A", "B"))


def learned(seed: int, days: float, leak: Leak | None = None):
    """One loop: the simulation, its law, and where the temperatures stood when learning ended."""
    loop = simulate_loop(days, seed=seed, leak=leak)
    law = learn_gas_law(loop.t_s[:LEARN], loop.value[:3, :LEARN], loop.value[3:5, :LEARN], FACTS)
    liquid, gas = followed_K(loop.t_s[:LEARN], loop.value[3:5, :LEARN], law, FACTS)
    return loop, law, liquid[-1], gas[-1]


def watch(loops) -> dict[str, np.ndarray]:
    """Run the bank over many loops at once: level, rate, age and the followed temperatures, each (n_run, n)."""
    laws = [row[1] for row in loops]
    bank = new_bank(laws, FACTS, float(LEARN) * 10, np.array([r[2] for r in loops]), np.array([r[3] for r in loops]))
    side, n = stack_laws(laws, FACTS), loops[0][0].t_s.size - LEARN
    names = ("level_nat", "rate_per_s", "age_count", "liquid_K", "gas_K")
    out = {name: np.empty((len(loops), n), np.float32 if name == "level_nat" else float) for name in names}
    value = np.array([row[0].value[:5, LEARN:] for row in loops])
    for i in range(n):
        bank, said = step_bank(bank, side, FACTS, Reading(value[:, 3:, i], value[:, :3, i]))
        for name in names:
            out[name][:, i] = getattr(said, name)
    return out


def count_alarms(level: np.ndarray, limit: float) -> int:
    """Alarms of one loop: over the limit, until back under limit - 4."""
    count, over = 0, np.flatnonzero(level > limit)
    while over.size:
        count += 1
        back = np.flatnonzero(level[over[0] :] < limit - 4)
        if not back.size:
            break
        over = over[over > over[0] + back[0]]
    return count


def quiet(first: int, loops: int, days: float) -> None:
    """False alarms."""
    level = watch([learned(seed, days) for seed in range(first, first + loops)])["level_nat"]
    watched = loops * (days - 1)
    for limit in LIMITS:
        alarms = sum(count_alarms(row, limit) for row in level)
        print(
            f"limit {limit}: {alarms} false alarms in {watched:g} days, {30 * alarms / watched:.2f} in 30 days",
            flush=True,
        )


def leak(first: int, loops: int, percent: float, hours: float) -> None:
    """Delays, and the posterior at the alarm, 30 minutes later and at the end."""
    rng = np.random.default_rng(first)
    rate = Plant().inventory_kg * percent / 100 / 3600
    onset = 86400 + rng.uniform(3600, 3 * 3600, loops)
    days = 1 + (3 + hours) / 24
    rows = [learned(first + i, days, Leak(onset[i], rate)) for i in range(loops)]
    said = watch(rows)
    t_s = rows[0][0].t_s[LEARN:]
    for limit in LIMITS:
        spoke = [np.flatnonzero((said["level_nat"][i] > limit) & (t_s >= onset[i])) for i in range(loops)]
        delay = [(t_s[x[0]] - onset[i]) / 60 if x.size else np.inf for i, x in enumerate(spoke)]
        print(
            f"{percent} %/h, limit {limit}: median delay {np.median(delay):.2f} min, p90 {np.quantile(delay, 0.9):.1f}",
            flush=True,
        )
    found: dict[str, list[tuple[float, ...]]] = {}
    for i in range(loops):
        over = np.flatnonzero((said["level_nat"][i] > LIMIT) & (t_s >= onset[i]))
        if over.size:
            for name, end in (("alarm", over[0] + 1), ("alarm + 30 min", over[0] + 180), ("end", t_s.size)):
                found.setdefault(name, []).append(
                    score(rows[i], said, i, (over[0], min(end, t_s.size)), (onset[i], percent))
                )
    for name, scores in found.items():
        x = np.array(scores)
        print(
            f"{percent} %/h, {name}, {len(x)} loops: onset 90 % covers {x[:, 0].mean():.3f}, median error {np.median(x[:, 1]):.2f} min,"
            f" width {np.median(x[:, 2]):.1f} min; rate 95 % covers {x[:, 3].mean():.3f}, median error {np.median(x[:, 4]):.4f}",
            flush=True,
        )


def score(row, said, i: int, when: tuple[int, int], truth: tuple[float, float]) -> tuple[float, ...]:
    alarm, end = when
    t_s = row[0].t_s[LEARN:]
    age = said["age_count"][i, alarm]
    begin = max(0, alarm - int(max(6 * age, 720)))
    window = Window(
        t_s[begin:end],
        said["liquid_K"][i, begin:end],
        said["gas_K"][i, begin:end],
        row[0].value[:3, LEARN + begin : LEARN + end],
        begin,
    )
    post = leak_posterior(window, row[1], FACTS, (t_s[alarm] - 10 * age, said["rate_per_s"][i, alarm]), ("constant",))
    at = weighted_quantiles(post.onset_s, post.weight_prob, np.array([0.05, 0.5, 0.95]))
    how = weighted_quantiles(post.rate_frac_s * 360000, post.weight_prob, np.array([0.025, 0.5, 0.975]))
    onset, percent = truth
    return (
        at[0] <= onset <= at[2], abs(at[1] - onset) / 60, (at[2] - at[0]) / 60, how[0] <= percent <= how[2], abs(how[1] / percent - 1),
    )  # fmt: skip


def any_fault(rng: np.random.Generator) -> Fault:
    """A fault of any kind but a leak, 30 to 60 min after learning."""
    kind = str(rng.choice(list(FAULTS)))
    at_s, lasts, sign = 86400 + rng.uniform(1800, 3600), rng.uniform(300, 3600), rng.choice([-1.0, 1.0])
    channel = str(rng.choice(["pressure_1", "pressure_2", "pressure_3", "temperature_1", "temperature_2"]))
    span = 1e4 if channel.startswith("pressure") else 3.0
    size = {
        "sensor": span * rng.uniform(0.3, 5), "multiplexer": rng.uniform(0.02, 0.3), "thermal": rng.uniform(0.5, 4),
        "gas": rng.uniform(0.5, 3), "pump": rng.uniform(1e3, 2e4), "valve": rng.uniform(1e3, 2e4),
    }[kind.split(" ")[0]]  # fmt: skip
    about = channel if kind.startswith("sensor") else str(rng.choice(["A", "B"]))
    return Fault(kind, float(at_s), about, float(sign * size), float(lasts))


def watch_all(runs: list) -> list[list]:
    """What each watch says; `runs`: row as `learned` gives it, and readings (5, n)."""
    laws = [row[1] for row, _ in runs for _ in range(3)]
    bank = new_bank(laws, FACTS, 86400.0, *(np.repeat([row[k] for row, _ in runs], 3) for k in (2, 3)))
    side, watches, walk = stack_laws(laws, FACTS), [], stack_laws(laws, FACTS).walk_K.copy()
    for row, _ in runs:
        watches.append(LoopWatch(WatchedLoop("loop"), FACTS, 3, PATHS, LIMIT))
        watches[-1].adopt(row[1], learn_warm_law(row[0].value[3:5, :LEARN], row[1]), float(row[2]))
    events: list[list] = [[] for _ in runs]
    for i in range(runs[0][1].shape[1]):
        now, rows = 86400.0 + 10 * i, []
        for j, (_, value) in enumerate(runs):
            seen, told = watches[j].look(now, value[:, i])
            rows.append(seen)
            events[j] += [(now, one) for one in told]
            if watches[j].anew is not None:
                bank = carried_on(bank, slice(3 * j, 3 * j + 3), *watches[j].anew)
            side.walk_K[3 * j : 3 * j + 3] = blind_walk_K(FACTS) if watches[j].blind_count else walk[3 * j : 3 * j + 3]
        every = np.concatenate(rows)
        bank, said = step_bank(bank, side, FACTS, Reading(every[:, 3:], every[:, :3]))
        for j, (_, value) in enumerate(runs):
            told = watches[j].take(now, value[:, i], said.rows(3 * j, 3 * j + 3))
            events[j] += [(now, one) for one in told]
    return events


def faults(first: int, loops: int, each: int, hours: float = 4.0) -> None:
    """Verdicts of the real watch on injected faults; the banks of all runs step together."""
    rng, days = np.random.default_rng(first), 1 + hours / 24
    runs, said_leak, suspected, doubted = [], {}, {}, {}
    for i in range(loops):
        row = learned(first + i, days)
        for _ in range(each):
            fault = any_fault(rng)
            runs.append((fault, simulate_loop(days, seed=first + i, faults=(fault,)).value[:, LEARN:], row))
    named = _paths_named(runs)
    for j, events in enumerate(watch_all([(run[2], run[1][:5]) for run in runs])):
        for _, told in events:
            counter = {"leak": said_leak, "leak suspected": suspected, "sensor fault": doubted}.get(told.kind)
            if counter is not None:
                counter.setdefault(runs[j][0].kind, set()).add(j)
            if told.kind == "leak":
                print("LEAK", runs[j][0], told.text, flush=True)
    for kind in FAULTS:
        mine = [j for j, run in enumerate(runs) if run[0].kind == kind]
        right = sum(named[j] == runs[j][0].about for j in mine)
        print(
            f"{kind}: {len(mine)} injected, {len(suspected.get(kind, ()))} suspected, {len(said_leak.get(kind, ()))} called a leak,"
            f" thermometer doubted {len(doubted.get(kind, ()))},"
            f" path named {sum(bool(named[j]) for j in mine)}"
            + (f", rightly {right}" if kind.startswith("multi") else ""),
            flush=True,
        )


def _paths_named(runs) -> list[str]:
    """The path that the stream watch names in each run ("" none): all runs as one wide watch."""
    out = []
    for _, value, row in runs:
        moves, path = new_path_watch([channel.data_path for channel in row[0].channels]), ""
        whole = np.concatenate([row[0].value[:, :LEARN], value], 1)
        every, channels = np.arange(8), [c.data_path for c in row[0].channels]
        ties = [c.loop for c in row[0].channels]
        if id(row) not in _LEARNED:
            for i in range(LEARN):
                moves.step(10.0 * i, every, whole[:, i], learning=True)
            _LEARNED[id(row)] = moves.to_plain()
        moves = PathWatch.from_plain(_LEARNED[id(row)])
        for i in range(LEARN, whole.shape[1]):
            if moves.step(10.0 * i, every, whole[:, i], learning=False).size and not path:
                path = shared_path(channels, ties, 10.0 * i - moves.moved_s <= 600.0)
        out.append(path)
    return out


_LEARNED: dict[int, dict] = {}


def bound(loops: int = 20) -> None:
    """ln G over the information a leak of known rate and onset gives by each age: Lorden's bound, reached or not."""
    rows = [learned(40000 + i, 1.2) for i in range(loops)]
    laws = [row[1] for row in rows]
    bank = new_bank(laws, FACTS, 86400.0, np.array([r[2] for r in rows]), np.array([r[3] for r in rows]))
    side, value = stack_laws(laws, FACTS), np.array([row[0].value[:5, LEARN:] for row in rows])
    for i in range(1025):
        bank, _ = step_bank(bank, side, FACTS, Reading(value[:, 3:, i], value[:, :3, i]))
    order = np.argsort(bank.age_count)[: int(np.isfinite(bank.age_count).sum())]
    share = FACTS.expansion_per_K / np.mean([law.couple_per_K for law in laws])
    for percent in (10, 1, 0.1, 0.03, 0.01):
        rate = percent / 100 / 3600 / share
        information = rate**2 * bank.weight_s2.mean(0)[order] / 2
        minutes = np.interp(np.log(30 * 8640), information, bank.age_count[order]) / 6
        print(f"{percent} %/h: Lorden bound ln(G)/I for G = 30 days: {minutes:.2f} min")


if __name__ == "__main__":
    what, *numbers = sys.argv[1:]
    {"quiet": quiet, "leak": leak, "faults": faults, "bound": bound}[what](
        *(float(x) if "." in x else int(x) for x in numbers)
    )
