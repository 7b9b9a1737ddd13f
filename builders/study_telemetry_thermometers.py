"""Measure what broken thermometers do to the leak watch, on simulated loops; the figures go into docs/measured/telemetry.md.

python builders/study_telemetry_thermometers.py faults 910200 60 0       first seed, loops, %/h of a leak (0: none; every false "leak" is shown)
python builders/study_telemetry_thermometers.py leaks 988000 64 0.1 2    delays, onsets, rates as said: first seed, loops, %/h, hours
python builders/study_telemetry_thermometers.py quiet 920000 100 4       false alarms with every thermometer checked: first seed, loops, days

Each loop gets one fault of every kind, alone and on both thermometers, of every size: an hour's offset, a ramp over half an hour that stays for an
hour, a step that stays, single wrong readings now and then, a standstill of an hour. A leak opens between half an hour before and an hour after.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from dataclasses import dataclass

import numpy as np
from study_telemetry import LEARN, learned, watch_all

from whipple.telemetry import loop_watch
from whipple.telemetry.leak_posterior import LeakPosterior, weighted_quantiles
from whipple.telemetry.simulate import Leak, Plant

KINDS, SIZES_K = ("offset", "ramp", "step", "spikes", "stuck"), (5.0, 30.0, 100.0)
HOURS, STEP_K = 5.0, 0.3


@dataclass(frozen=True)
class Broken:
    """One fault: `which` thermometers, its kind, size and when (steps after learning)."""

    which: tuple[int, ...]
    kind: str
    size_K: float
    at: int


def spoil(value: np.ndarray, fault: Broken, rng: np.random.Generator) -> np.ndarray:
    """Readings (5, n) after learning with the fault in them."""
    out, steps = value.copy(), np.arange(value.shape[1]) - fault.at
    hour = (steps >= 0) & (steps < 360)
    ramp = np.clip(steps / 180, 0, 1) * (steps < 540)
    shape = {"offset": hour, "ramp": ramp, "step": steps >= 0, "spikes": hour & (rng.random(steps.size) < 0.1)}
    for i in fault.which:
        row = 3 + i
        if fault.kind == "stuck":
            out[row, hour] = out[row, fault.at - 1]
        elif fault.kind != "none":
            out[row] = np.round((out[row] + fault.size_K * shape[fault.kind]) / STEP_K) * STEP_K
    return out


def all_faults(rng: np.random.Generator) -> list[Broken]:
    """One of every kind and size, alone and together, an hour or so after learning; and none."""
    out = [Broken((), "none", 0.0, 360)]
    for kind in KINDS:
        for size in SIZES_K if kind != "stuck" else (0.0,):
            for which in ((int(rng.integers(2)),), (0, 1)):
                out.append(Broken(which, kind, float(size * rng.choice([-1.0, 1.0])), int(rng.integers(300, 420))))
    return out


def faults(first: int, loops: int, percent: float) -> None:
    """Verdicts, and how soon, by kind of fault."""
    rng, rate = np.random.default_rng(first), Plant().inventory_kg * percent / 100 / 3600
    table: dict[tuple, list] = defaultdict(list)
    for low in range(0, loops, 6):
        runs, known = [], []
        for k in range(low, min(low + 6, loops)):
            onset = 86400 + 3600 + rng.uniform(-1800, 3600)
            row = learned(first + k, 1 + HOURS / 24, Leak(onset, rate) if percent else None)
            for fault in all_faults(rng):
                runs.append((row, spoil(row[0].value[:5, LEARN:], fault, rng)))
                known.append((fault, onset if percent else np.inf))
        for (fault, onset), events in zip(known, watch_all(runs), strict=True):
            table[(fault.kind, len(fault.which), abs(fault.size_K))].append(_scored(fault, onset, events))
    for key, scores in table.items():
        out, delay, leak, late, false, other, back = (np.array(x, float) for x in zip(*scores, strict=True))
        last = np.quantile(late, 0.9, method="nearest")
        print(
            f"{key[0]:7s} on {key[1]} of {key[2]:3.0f} K: {len(scores)} faults, found {int(out.sum())} after {np.nanmedian(delay):.1f} min,"
            f" back {int(back.sum())}; false leak {int(false.sum())}; leak {int(leak.sum())} after {np.median(late):.0f} min (90 % {last:.0f}),"
            f" other cause first {int(other.sum())}",
            flush=True,
        )


def _scored(fault: Broken, onset: float, events: list) -> tuple:
    begun = 86400.0 + 10 * fault.at
    out = [t for t, one in events if one.kind == "sensor fault"]
    leak = [t for t, one in events if one.kind == "leak"]
    false = any(t < onset for t in leak)
    if false:
        print("FALSE", fault, [(round((t - 86400) / 60), one.kind, one.text[:90]) for t, one in events], flush=True)
    late = (leak[0] - onset) / 60 if leak and not false else np.inf
    early = any(one.kind == "other cause likelier" and onset < t < min(leak, default=np.inf) for t, one in events)
    back = any(one.kind == "sensor back" for _, one in events)
    return bool(out), (out[0] - begun) / 60 if out else np.nan, bool(leak) and not false, late, false, early, back


def leaks(first: int, loops: int, percent: float, hours: float) -> None:
    """Delay of "leak suspected", and onset (90 %) and rate (95 %) as said with "leak", by the whole watch."""
    found: list = []
    inner = loop_watch.leak_posterior
    loop_watch.leak_posterior = lambda *args: found.append(inner(*args)) or found[-1]
    rng, rate = np.random.default_rng(first), Plant().inventory_kg * percent / 100 / 3600
    onset = 86400 + rng.uniform(3600, 3 * 3600, loops)
    delay, score, doubted = [], [], 0
    for low in range(0, loops, 16):
        rows = [
            learned(first + i, 1 + (3 + hours) / 24, Leak(onset[i], rate)) for i in range(low, min(low + 16, loops))
        ]
        every = watch_all([(row, row[0].value[:5, LEARN:]) for row in rows])
        for i, events in enumerate(every, start=low):
            suspected = [t for t, one in events if one.kind == "leak suspected" and t >= onset[i]]
            delay.append((suspected[0] - onset[i]) / 60 if suspected else np.inf)
            doubted += any(one.kind.startswith("sensor") for _, one in events)
        told = sorted((t, low + j, one.values) for j, e in enumerate(every) for t, one in e if one.kind == "leak")
        score += [_covered(percent, t - onset[i], onset[i], v, p) for (t, i, v), p in zip(told, found, strict=True)]
        found.clear()
        _show_leaks(percent, np.array(delay), np.array(score, float).reshape(-1, 5), doubted)


def _covered(percent: float, late_s: float, onset_s: float, v: dict[str, float], post: LeakPosterior) -> tuple:
    at = v["onset_low_s"] <= onset_s <= v["onset_high_s"]
    how = weighted_quantiles(post.rate_frac_s * 3.6e5, post.weight_prob, np.array([0.025, 0.5, 0.975]))
    return late_s, at, v["onset_s"] - onset_s, how[0] <= percent <= how[2], how[1] / percent - 1


def _show_leaks(percent: float, delay: np.ndarray, x: np.ndarray, doubted: int) -> None:
    last, at, how = np.quantile(delay, 0.9, method="nearest"), int(x[:, 1].sum()), int(x[:, 3].sum())
    print(
        f"{percent} %/h: suspected in {delay.size}, median {np.median(delay):.2f} min (90 % {last:.1f}); leak for {len(x)}, median"
        f" {np.median(x[:, 0]) / 60:.0f} min; onset 90 % covered {at} ({at / len(x):.3f}), median error"
        f" {np.median(np.abs(x[:, 2])) / 60:.2f} min; rate 95 % covered {how} ({how / len(x):.3f}), median error"
        f" {np.median(np.abs(x[:, 4])):.4f}; thermometers doubted in {doubted}",
        flush=True,
    )


def quiet(first: int, loops: int, days: float) -> None:
    """False alarms, and thermometers wrongly doubted, in loops where nothing happens."""
    kinds: Counter = Counter()
    for low in range(0, loops, 20):
        rows = [learned(seed, days) for seed in range(first + low, first + min(low + 20, loops))]
        events = watch_all([(row, row[0].value[:5, LEARN:]) for row in rows])
        kinds.update(one.kind for told in events for _, one in told)
        print(f"{dict(kinds)} in {min(low + 20, loops) * (days - 1):g} days", flush=True)


if __name__ == "__main__":
    what, *numbers = sys.argv[1:]
    {"faults": faults, "leaks": leaks, "quiet": quiet}[what](*(float(x) if "." in x else int(x) for x in numbers))
