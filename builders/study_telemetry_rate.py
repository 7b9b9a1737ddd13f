"""Measure what the leak watch says as the user hears it, on simulated loops with fresh seeds; the figures go into docs/measured/telemetry.md.

python builders/study_telemetry_rate.py verdict 210000 500 0.1 2.5      onset and rate as said with "leak": seed, loops, %/h, hours
python builders/study_telemetry_rate.py change 330000 200 0.1 2         doubles (0.5 halves, 0 stops): seed, loops, %/h, factor
python builders/study_telemetry_rate.py steady 340000 60 0.1 3          false "rate change" on steady orifices: seed, loops, %/h, days
python builders/study_telemetry_rate.py empty 350000 600                half gone and empty as an hour-old 3 %/h orifice has them
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import replace

import numpy as np
from study_telemetry import FACTS, LEARN, LIMIT, PATHS, learned

from whipple.casefile.given import Given
from whipple.telemetry import loop_watch
from whipple.telemetry.gas_law import followed_K, learn_gas_law
from whipple.telemetry.leak_bank import Reading, new_bank, stack_laws, step_bank
from whipple.telemetry.leak_posterior import leak_posterior, weighted_quantiles
from whipple.telemetry.leak_window import Window
from whipple.telemetry.rate_forecast import Reserve, forecast, from_posterior
from whipple.telemetry.simulate import Leak, Plant, Sensors, simulate_loop

OWN = np.array([[True] * 5, [True, False, True, True, False], [False, True, False, False, True]])


def heard(rows, last_kind: str = "") -> list[list[tuple[float, str, dict[str, float]]]]:
    """Everything each watch says, until `last_kind`; the banks of all loops step together."""
    laws = [row[1] for row in rows for _ in range(3)]
    bank = new_bank(laws, FACTS, 86400.0, *(np.repeat([row[k] for row in rows], 3) for k in (2, 3)))
    side, watches = stack_laws(laws, FACTS), []
    for row in rows:
        watches.append(loop_watch.LoopWatch(loop_watch.WatchedLoop("loop"), FACTS, 3, PATHS, LIMIT))
        watches[-1].adopt(row[1])
    value = np.array([row[0].value[:5, LEARN:] for row in rows])
    events, open_runs = [[] for _ in rows], list(range(len(rows)))
    for i in range(value.shape[2]):
        alone = np.where(OWN, value[:, None, :, i], np.nan).reshape(-1, 5)
        bank, said = step_bank(bank, side, FACTS, Reading(alone[:, 3:], alone[:, :3]))
        for j in open_runs:
            told = watches[j].take(86400.0 + 10 * i, value[j, :, i], said.rows(3 * j, 3 * j + 3))
            events[j] += [(86400.0 + 10 * i, one.kind, one.values) for one in told]
        if last_kind and i % 60 == 0:
            open_runs = [j for j in open_runs if all(kind != last_kind for _, kind, _ in events[j])]
    print(Counter(kind for one in events for _, kind, _ in one), flush=True)
    return events


def verdict(first: int, loops: int, percent: float, hours: float) -> None:
    """Onset (90 %) and rate (95 %) of the posterior that "leak" is said with."""
    found: list = []
    inner = loop_watch.leak_posterior
    loop_watch.leak_posterior = lambda *args: found.append(inner(*args)) or found[-1]
    rng, rate = np.random.default_rng(first), Plant().inventory_kg * percent / 100 / 3600
    onset = 86400 + rng.uniform(3600, 3 * 3600, loops)
    rows = [learned(first + i, 1 + (3 + hours) / 24, Leak(onset[i], rate)) for i in range(loops)]
    events = heard(rows, "leak")
    said = sorted(
        (t_s, j, values) for j, one in enumerate(events) for t_s, kind, values in one if kind == "leak"
    )  # found is in this order
    score = []
    for (t_s, j, values), post in zip(said, found, strict=True):
        at = np.array([values["onset_low_s"], values["onset_s"], values["onset_high_s"]]) - onset[j]
        how = weighted_quantiles(post.rate_frac_s * 3.6e5, post.weight_prob, np.array([0.025, 0.5, 0.975]))
        score.append((
            t_s - onset[j], at[0] <= 0 <= at[2], abs(at[1]), at[2] - at[0], how[0] <= percent <= how[2], abs(how[1] / percent - 1),
        ))  # fmt: skip
    x = np.array(score, float)
    print(
        f"{percent} %/h: leak said for {len(x)} of {loops}, {np.median(x[:, 0]) / 60:.0f} min after the onset; onset 90 % covers"
        f" {x[:, 1].mean():.3f}, median error {np.median(x[:, 2]) / 60:.2f} min, width {np.median(x[:, 3]) / 60:.1f} min; rate 95 % covers"
        f" {x[:, 4].mean():.3f}, median error {np.median(x[:, 5]):.4f}"
    )


def change(first: int, loops: int, percent: float, factor: float) -> None:
    """A leak whose rate changes 2.5 to 3.5 h after its onset; followed for 2.5 h or more."""
    rng, rate = np.random.default_rng(first), Plant().inventory_kg * percent / 100 / 3600
    onset = 86400 + rng.uniform(1800, 3600, loops)
    when = onset + rng.uniform(2.5, 3.5, loops) * 3600
    rows = [learned(first + i, 1 + 7.2 / 24, Leak(onset[i], rate, changes=((when[i], factor),))) for i in range(loops)]
    events = heard(rows, "rate changed")
    known = [j for j in range(loops) if any(k == "leak" and t < when[j] for t, k, _ in events[j])]
    print(f"leak said before the change: {len(known)} of {loops}")
    for kind in ("rate change suspected", "rate changed"):
        score, delay = [], []
        for j in known:
            mine = [(t, values) for t, k, values in events[j] if k == kind and t > when[j]]
            delay.append((mine[0][0] - when[j]) / 60 if mine else np.inf)
            if mine:
                v, to = mine[0][1], percent * factor
                score.append((
                    v["at_low_s"] <= when[j] <= v["at_high_s"], abs(v["at_s"] - when[j]) / 60, (v["at_high_s"] - v["at_low_s"]) / 60,
                    v["from_low_percent_h"] <= percent <= v["from_high_percent_h"], v["to_low_percent_h"] <= to <= v["to_high_percent_h"],
                    v["to_percent_h"],
                ))  # fmt: skip
        x = np.array(score, float)
        print(
            f"x {factor:g}, {kind}: {np.isfinite(delay).mean():.3f} of {len(known)}, median {np.median(delay):.1f} min, 90 % within"
            f" {np.quantile(delay, 0.9, method='nearest'):.0f} min; when covers {x[:, 0].mean():.3f}, median error {np.median(x[:, 1]):.1f}, width"
            f" {np.median(x[:, 2]):.1f} min; from {x[:, 3].mean():.3f}, to {x[:, 4].mean():.3f} (median {np.median(x[:, 5]):.4f})",
            flush=True,
        )
    early = Counter(k for j in known for t, k, _ in events[j] if t < when[j])
    print("before the change:", dict(early))


def steady(first: int, loops: int, percent: float, days: float) -> None:
    """False announcements on leaks that go on through the same hole, from "leak" to the end."""
    rate = Plant().inventory_kg * percent / 100 / 3600
    rows = [learned(first + i, 1 + days, Leak(90000.0, rate, "orifice")) for i in range(loops)]
    events, end_s = heard(rows), rows[0][0].t_s[-1]
    watched = sum((end_s - t) / 86400 for one in events for t, kind, _ in one if kind == "leak")
    count = Counter(kind for one in events for _, kind, _ in one)
    for kind in ("rate change suspected", "rate changed"):
        print(
            f"{percent} %/h: {count[kind]} times '{kind}' in {watched:.0f} days, {30 * count[kind] / watched:.2f} in 30 days"
        )


def empty(first: int, loops: int) -> None:
    """An hour-old 3 %/h orifice: the forecast of the watch; what is given is drawn from its own range, the truth marched by the simulator."""
    rng, score = np.random.default_rng(first), []
    reserve = Reserve((0.08, 1 / 11, 0.1033), (0.85 / 60, 1 / 60, 1 / 51))
    three = [Given(x[1], x[0], x[2], "") for x in (reserve.pushed_frac, reserve.vapour_ratio)]
    for i in range(loops):
        pushed, vapour = (float(x.draw(rng, 1)[0]) for x in three)
        plant = Plant(gas_m3=4e-3 * np.exp(rng.normal(0, 0.03)), pushed_m3=44e-3 * pushed, vapour_Pa=3e5 * vapour)
        hole = Leak(86400 + 3600.0, plant.inventory_kg * 0.03 / 3600, "orifice")
        loop = simulate_loop(1 + 2.0 / 24, seed=first + i, plant=plant, leak=hole)
        law = learn_gas_law(loop.t_s[:LEARN], loop.value[:3, :LEARN], loop.value[3:5, :LEARN], FACTS)
        liquid, gas = followed_K(loop.t_s, loop.value[3:5], law, FACTS)
        part = slice(LEARN, None)
        window = Window(loop.t_s[part], liquid[part], gas[part], loop.value[:3, part])
        rate = hole.rate_kg_s / (plant.density_kg_m3 * plant.gas_m3)
        post = leak_posterior(window, law, FACTS, (hole.onset_s + 60.0, 0.9 * rate))
        told = forecast(from_posterior(post, float(loop.t_s[-1])), law, FACTS, reserve).values
        marched = simulate_loop(
            16.0, seed=first + i, plant=replace(plant, walk_K=0.0), sensors=Sensors(cadence_s=60.0), leak=replace(hole, onset_s=0.0)
        )  # fmt: skip
        row = []
        for name, share in (("half_gone", 0.5), ("empty", 1.0)):
            gone = marched.lost_kg >= share * plant.inventory_kg * (1 - 1e-9)
            true_s = hole.onset_s + float(marched.t_s[np.argmax(gone)])
            low, high = told[f"{name}_low_s"], told[f"{name}_high_s"]
            row += [low <= true_s <= high, true_s > high, (high - hole.onset_s) / (low - hole.onset_s)]
        score.append(row)
    x = np.array(score, float)
    for name, k in (("half gone", 0), ("empty", 3)):
        print(
            f"{name}: 90 % interval covers {x[:, k].mean():.3f} of {loops} (truth above it {x[:, k + 1].mean():.3f}),"
            f" high/low {np.median(x[:, k + 2]):.2f}"
        )


if __name__ == "__main__":
    what, *numbers = sys.argv[1:]
    {"verdict": verdict, "change": change, "steady": steady, "empty": empty}[what](
        *(float(x) if "." in x else int(x) for x in numbers)
    )
