"""What did the liquid's temperature do, by the readings of those thermometers alone that can be believed?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array, Caveat
from whipple.casefile.read_channels import Channel
from whipple.casefile.tables.channel import ChannelTable
from whipple.telemetry.alarm import Alarm
from whipple.telemetry.compensate import thermal_features_K
from whipple.telemetry.doubted_readings import SMOOTH_COUNT, Doubted, doubted, wild
from whipple.telemetry.loop_signal import LoopSignal, on_clock
from whipple.telemetry.onset_caveats import stamp
from whipple.telemetry.stretch import earliest_onset
from whipple.telemetry.thermometer_law import mean_of
from whipple.telemetry.watched_record import WatchedRecord

__all__ = ["Warmth", "believed", "doubt_caveats", "of_loop"]

Mask = npt.NDArray[np.bool_]
#: Fewer common samples do not tell how two thermometers differ.
_LEAST_COMMON = 40


@dataclass(frozen=True)
class Warmth:
    """A loop by its believed thermometers: `whole` with every sample, `seen` without those (`blind`, (n,)) that none of them explains.

    `channels` are the thermometers without the readings that do not count: the `doubted`, and so many wild ones of each.
    """

    whole: LoopSignal
    seen: LoopSignal
    blind: Mask
    channels: tuple[Channel, ...] = ()
    doubted: tuple[Doubted, ...] = ()
    wild_count: tuple[int, ...] = ()

    def hides_onset(self, heard: Alarm) -> bool:
        """Was no thermometer left at some time that the onset may lie in, or, where the sum is silent, at the end?"""
        if heard.alarm is None:
            return bool(self.blind[-1])
        t_s = self.seen.t_s
        may = (self.whole.t_s >= t_s[earliest_onset(heard)]) & (self.whole.t_s <= t_s[heard.alarm])
        return bool(self.blind[may].any())


def of_loop(loop: str, tables: Sequence[ChannelTable], channels: Sequence[Channel]) -> list[Channel]:
    """The thermometers of a loop."""
    pairs = zip(tables, channels, strict=True)
    return [c for t, c in pairs if t.loop == loop and t.measures == "temperature"]


def believed(loop: LoopSignal, thermometers: Sequence[Channel], watched: WatchedRecord, orbit_s: float) -> Warmth:
    """The loop with the temperature that its believed thermometers show; as it was where every reading is believed."""
    heard = [one for one in thermometers if one.t_s.size >= 2]
    wrong = doubted(loop, heard, watched, orbit_s)
    gone = [sum((d.holds(c.t_s) for d in wrong if d.name == c.name), np.zeros(c.t_s.size, bool)) for c in heard]
    astray = [wild(c, watched.step_s) & ~out for c, out in zip(heard, gone, strict=True)]
    bad = [out | far for out, far in zip(gone, astray, strict=True)]
    if not any(out.any() for out in bad):
        return Warmth(loop, loop, np.zeros(loop.t_s.size, bool), tuple(thermometers))
    sound = {c.name: replace(c, t_s=c.t_s[~out], value=c.value[~out]) for c, out in zip(heard, bad, strict=True)}
    hidden = [replace(c, value=np.where(out, np.nan, c.value)) for c, out in zip(heard, bad, strict=True)]
    whole, seen, blind = _without(loop, hidden, orbit_s)
    kept = tuple(sound.get(c.name, c) for c in thermometers)
    return Warmth(whole, seen, blind, kept, tuple(wrong), tuple(int(far.sum()) for far in astray))


def _without(loop: LoopSignal, hidden: Sequence[Channel], orbit_s: float) -> tuple[LoopSignal, LoopSignal, Mask]:
    """`whole`, `seen` and `blind`, from thermometers whose bad readings are NaN. Where none is left the temperature is carried on from a revolution
    before, so that the running means of the compensation go on; the pressures of a longer gap are not judged."""
    rows = np.array([on_clock(one, loop.t_s, "K") for one in hidden])
    common = np.isfinite(rows).all(axis=0)
    level = mean_of((rows[:, common] if common.sum() >= _LEAST_COMMON else rows).T)[:, None]
    warmth = mean_of(rows - level) + float(mean_of(level)[0])
    blind = ~np.isfinite(warmth)
    for low, high in _runs(blind):
        blind[low:high] = high - low >= SMOOTH_COUNT
    if blind.all():
        bare = replace(loop, temperature_K=None)
        return bare, bare, blind
    warmth = _carried_on(loop.t_s, warmth, orbit_s)
    whole = replace(loop, temperature_K=warmth)
    seen = replace(
        whole,
        t_s=loop.t_s[~blind],
        pressure_Pa=loop.pressure_Pa[:, ~blind],
        temperature_K=warmth[~blind],
        means_K=thermal_features_K(loop.t_s, warmth)[~blind],
    )
    return whole, seen, blind


def _carried_on(t_s: Array, warmth_K: Array, orbit_s: float) -> Array:
    """NaN filled with the revolution before; by how much that misses the readings on either side is spread evenly between them."""
    out = warmth_K.copy()
    for low, high in _runs(np.isnan(warmth_K)):
        if low == 0:
            out[:high] = warmth_K[high]
            continue
        near = np.arange(max(0, low - SMOOTH_COUNT), min(high + SMOOTH_COUNT, t_s.size))
        turns = np.maximum(np.floor((t_s[near] - t_s[low]) / orbit_s) + 1, 1)
        again = np.interp(t_s[near] - turns * orbit_s, t_s[:low], out[:low])
        missed = out[near] - again
        sides = [side & np.isfinite(missed) for side in (near < low, near >= high)]
        at = [(t_s[near[side]].mean(), missed[side].mean()) for side in sides if side.any()]
        within = (near >= low) & (near < high)
        out[low:high] = again[within] + np.interp(t_s[low:high], [t for t, _ in at], [off_K for _, off_K in at])
    return out


def _runs(which: Mask) -> list[list[int]]:
    """First sample and the one after the last of each run of True.

    >>> _runs(np.array([True, False, True, True]))
    [[0, 1], [2, 4]]
    """
    edges = np.flatnonzero(np.diff(np.concatenate([[0], which.astype(int), [0]])))
    return edges.reshape(-1, 2).tolist()


def doubt_caveats(warmth: Sequence[Warmth], watched: WatchedRecord, epoch: datetime) -> list[Caveat]:
    """Which readings do not count, from when to when, and where none was left."""
    out = []
    gone = [f"{d.name} {_span(d.from_s, d.until_s, epoch)}" for one in warmth for d in one.doubted]
    if gone:
        text = f"The leak watch did not believe these readings, and they do not count in the onset: {'; '.join(gone)}."
        out.append(Caveat("thermometer-not-believed", text))
    if sum(sum(one.wild_count) for one in warmth):
        count = sum(sum(one.wild_count) for one in warmth)
        text = f"Wild temperatures do not count in the onset: {count} single readings further off than the liquid can move."
        out.append(Caveat("wild-temperatures", text))
    for one in (w for w in warmth if w.blind.any()):
        t_s = one.whole.t_s
        gaps = [(float(t_s[a]), float(t_s[b]) if b < t_s.size else np.inf) for a, b in _runs(one.blind)]
        told = "; ".join(_span(a, b, epoch) for a, b in gaps)
        text = f"Loop {one.whole.name} had no thermometer to believe {told}: its pressures of that time are not judged by their temperature."
        out.append(Caveat("no-thermometer-left", text))
    for event in (e for e in watched.events if e.kind == "sensors differ"):
        text = f"{stamp(epoch, event.t_s)} UTC, {event.text}. All of them count in the onset: one after that time read with care."
        out.append(Caveat("thermometers-differ", text))
    return out


def _span(from_s: float, until_s: float, epoch: datetime) -> str:
    until = f"to {stamp(epoch, until_s)} UTC" if np.isfinite(until_s) else "UTC on, to the end"
    return f"from {stamp(epoch, from_s)} {until}"
