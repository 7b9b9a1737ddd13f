"""Measure the leak watch where the gas of the accumulator cools by its own expansion; the figures go into docs/measured/telemetry.md.

python builders/study_telemetry_cooling.py 610000 60 1 1.4 2         seed, loops, % of inventory an hour, cp/cv of the gas (0: uniform over 1
                                                                    to 1.4), hours followed; an eighth number: how the lag of the gas
                                                                    changes (a factor) once the leak begins, unseen by the learning

Orifices. Gas volume (3 %), lag (1 500 s, factor 1.35), what the accumulator pushes and the vapour pressure are drawn for each loop.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import replace

import numpy as np
from study_telemetry import FACTS, LEARN, LIMIT

from whipple.casefile.given import Given
from whipple.errors import InvestigationError
from whipple.telemetry import loop_watch
from whipple.telemetry.gas_law import followed_K, learn_gas_law
from whipple.telemetry.leak_bank import Reading, new_bank, stack_laws, step_bank
from whipple.telemetry.leak_posterior import weighted_quantiles
from whipple.telemetry.simulate import Leak, Plant, Sensors, simulate_loop

PATHS = (("A", "B", "A"), ("A", "B"))
OWN = np.array([[True] * 5, [True, False, True, True, False], [False, True, False, False, True]])
PUSHED, VAPOUR = (0.08, 1 / 11, 0.1033), (0.85 / 60, 1 / 60, 1 / 51)


def any_plant(rng: np.random.Generator, heat_ratio: float) -> Plant:
    """A plant whose numbers the watch does not know."""
    pushed, vapour = (float(Given(x[1], x[0], x[2], "").draw(rng, 1)[0]) for x in (PUSHED, VAPOUR))
    ratio = heat_ratio or float(rng.uniform(1.0, 1.4))
    return Plant(
        gas_m3=4e-3 * np.exp(rng.normal(0, 0.03)), pushed_m3=44e-3 * pushed, vapour_Pa=3e5 * vapour,
        gas_lag_s=1500.0 * np.exp(rng.normal(0, 0.3)), heat_ratio=ratio,
    )  # fmt: skip


def until_gone_s(plant: Plant, hole: Leak, seed: int) -> dict[str, float]:
    """When half is gone and when all is: marched past the end of the accumulator, from there the vapour pressure at its steady rate."""
    hours = min(
        24.0 * 30, 0.5 + 6.0 * plant.pushed_m3 / plant.inventory_m3 / (hole.rate_kg_s * 3600 / plant.inventory_kg)
    )
    cadence = float(np.clip(hours * 3600 / 3000, 5.0, 60.0))
    made = simulate_loop(
        hours / 24, seed=seed, plant=replace(plant, walk_K=0.0), sensors=Sensors(cadence_s=cadence), leak=replace(hole, onset_s=0.0)
    )  # fmt: skip
    past = int(np.argmax(made.lost_kg > plant.density_kg_m3 * 1.3 * plant.pushed_m3))
    assert past, "not yet past the stop"
    slow = hole.rate_kg_s * np.sqrt(plant.vapour_Pa / plant.pressure_Pa)
    return {
        name: hole.onset_s + float(made.t_s[past]) + (share * plant.inventory_kg - made.lost_kg[past]) / slow
        for name, share in (("half_gone", 0.5), ("empty", 1.0))
    }


def study(first: int, loops: int, percent: float, heat_ratio: float, hours: float, lag_factor: float = 1.0) -> None:
    """What is said with "leak", and with the last update while the accumulator drives."""
    rng = np.random.default_rng(first)
    plants = [any_plant(rng, heat_ratio) for _ in range(loops)]
    rate = plants[0].inventory_kg * percent / 100 / 3600
    onset = 86400 + rng.uniform(1800, 3600, loops)
    rows, learned = [], []
    for i, plant in enumerate(plants):
        loop = simulate_loop(1 + (1 + hours) / 24, seed=first + i, plant=plant, leak=Leak(onset[i], rate, "orifice"))
        try:
            law = learn_gas_law(loop.t_s[:LEARN], loop.value[:3, :LEARN], loop.value[3:5, :LEARN], FACTS)
        except (InvestigationError, np.linalg.LinAlgError):
            continue
        learned.append(i)
        if lag_factor != 1.0:
            other = replace(plant, gas_lag_s=plant.gas_lag_s * lag_factor)
            loop = simulate_loop(
                1 + (1 + hours) / 24, seed=first + i, plant=other, leak=Leak(onset[i], rate, "orifice")
            )
        liquid, gas = followed_K(loop.t_s[:LEARN], loop.value[3:5, :LEARN], law, FACTS)
        rows.append((loop, law, liquid[-1], gas[-1]))
    print(
        f"{percent} %/h, cp/cv {heat_ratio or 'drawn'}, lag x {lag_factor}: {len(rows)} of {loops} loops could be learned",
        flush=True,
    )
    if not rows:
        return
    laws, plants, onset = [row[1] for row in rows], [plants[i] for i in learned], onset[learned]
    print(
        f"learned lag over the true one: {np.median([law.lag_s / p.gas_lag_s for law, p in zip(laws, plants, strict=True)]):.3f}"
    )
    miss = np.array([law.cools_ratio - plant.heat_ratio + 1 for law, plant in zip(laws, plants, strict=True)])
    told = np.median([np.sqrt(law.known_ratio2[3, 3]) for law in laws])
    print(f"learned cp/cv: mean error {miss.mean():.4f}, sd {miss.std():.4f}, said sd {told:.4f}")
    held = [
        law.couple_per_K / FACTS.expansion_per_K * p.gas_m3 / p.inventory_m3 - 1
        for law, p in zip(laws, plants, strict=True)
    ]
    print(f"learned inventory over gas volume: mean error {np.mean(held):.4f}, sd {np.std(held):.4f}")
    events = said(rows)
    score(events, plants, onset, rate, percent, first)


def said(rows) -> list[list[tuple[float, str, dict[str, float]]]]:
    """Everything each watch says; the banks of all loops step together. The draws of the first posterior go with "leak"."""
    found: list = []
    inner = loop_watch.leak_posterior
    loop_watch.leak_posterior = lambda *args: found.append(inner(*args)) or found[-1]
    laws = [row[1] for row in rows for _ in range(3)]
    bank = new_bank(laws, FACTS, 86400.0, *(np.repeat([row[k] for row in rows], 3) for k in (2, 3)))
    side, watches = stack_laws(laws, FACTS), []
    for row in rows:
        loop = loop_watch.WatchedLoop("loop", pushed_frac=PUSHED, vapour_ratio=VAPOUR)
        watches.append(loop_watch.LoopWatch(loop, FACTS, 3, PATHS, LIMIT))
        watches[-1].adopt(row[1])
    value, events = np.array([row[0].value[:5, LEARN:] for row in rows]), [[] for _ in rows]
    for i in range(value.shape[2]):
        alone = np.where(OWN, value[:, None, :, i], np.nan).reshape(-1, 5)
        bank, told = step_bank(bank, side, FACTS, Reading(alone[:, 3:], alone[:, :3]))
        for j in range(len(rows)):
            for one in watches[j].take(86400.0 + 10 * i, value[j, :, i], told.rows(3 * j, 3 * j + 3)):
                values = dict(one.values)
                if one.kind == "leak":
                    post = found[-1]
                    three = weighted_quantiles(
                        post.rate_frac_s * 3.6e5, post.weight_prob, np.array([0.025, 0.5, 0.975])
                    )
                    values |= dict(zip(("r_low", "r", "r_high"), three, strict=True))
                events[j].append((86400.0 + 10 * i, one.kind, values))
    loop_watch.leak_posterior = inner
    print(dict(Counter(kind for one in events for _, kind, _ in one)), flush=True)
    return events


def score(events, plants, onset, rate: float, percent: float, first: int) -> None:
    """Cover and bias, at "leak" and at the last update."""
    at, again, ends = [], [], {"leak": [], "leak update": []}
    suspected = [
        min((t - onset[j] for t, k, _ in one if k == "leak suspected" and t >= onset[j]), default=np.inf)
        for j, one in enumerate(events)
    ]
    for j, one in enumerate(events):
        for kind, rows in ends.items():
            mine = [(t, v) for t, k, v in one if k == kind]
            if not mine:
                continue
            t_s, v = mine[0] if kind == "leak" else mine[-1]
            if kind == "leak":
                at.append((
                    (t_s - onset[j]) / 60, v["onset_low_s"] <= onset[j] <= v["onset_high_s"], (v["onset_s"] - onset[j]) / 60,
                    (v["onset_high_s"] - v["onset_low_s"]) / 60, v["r_low"] <= percent <= v["r_high"], v["r"] / percent,
                    v["r_high"] / v["r_low"],
                ))  # fmt: skip
            if "empty_s" in v and percent >= 1:
                true = until_gone_s(plants[j], Leak(onset[j], rate, "orifice"), first + j)
                row = [(t_s - onset[j]) / 60]
                for name in ("half_gone", "empty"):
                    row += [
                        v[f"{name}_low_s"] <= true[name] <= v[f"{name}_high_s"],
                        (v[f"{name}_s"] - onset[j]) / (true[name] - onset[j]),
                    ]
                rows.append(row)
        later = [(t, v) for t, k, v in one if k == "leak update" and "onset_s" in v]
        if later:
            t_s, v = later[-1]
            again.append((
                (t_s - onset[j]) / 60, v["onset_low_s"] <= onset[j] <= v["onset_high_s"], (v["onset_s"] - onset[j]) / 60,
                v["rate_low_percent_h"] <= percent <= v["rate_high_percent_h"],
            ))  # fmt: skip
    print(
        f"{percent} %/h: suspected {np.isfinite(suspected).sum()} of {len(events)}, median {np.median(suspected) / 60:.1f} min"
    )
    if at:
        x = np.array(at, float)
        print(
            f"  leak said for {len(x)}, {np.median(x[:, 0]):.0f} min after the onset; onset 90 % covers {x[:, 1].mean():.3f}, median bias"
            f" {np.median(x[:, 2]):+.2f} min, width {np.median(x[:, 3]):.2f}; rate 95 % covers {x[:, 4].mean():.3f}, median"
            f" {np.median(x[:, 5]):.3f} of the truth, high/low {np.median(x[:, 6]):.3f}"
        )
    if again:
        x = np.array(again, float)
        print(
            f"  refined for the last time {np.median(x[:, 0]):.0f} min after ({len(x)}): onset 90 % covers {x[:, 1].mean():.3f}, median bias"
            f" {np.median(x[:, 2]):+.2f} min; first rate 90 % covers {x[:, 3].mean():.3f}"
        )
    for kind, rows in ends.items():
        if rows:
            x = np.array(rows, float)
            print(
                f"  {kind} ({len(x)}, {np.median(x[:, 0]):.0f} min): half gone covers {x[:, 1].mean():.3f}, median {np.median(x[:, 2]):.3f} of the"
                f" truth; empty {x[:, 3].mean():.3f}, {np.median(x[:, 4]):.3f}",
                flush=True,
            )


if __name__ == "__main__":
    study(*(float(x) if "." in x or i in (2, 3, 4, 5) else int(x) for i, x in enumerate(sys.argv[1:])))
