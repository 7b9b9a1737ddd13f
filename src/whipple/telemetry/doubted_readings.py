"""Which readings of a thermometer does the leak watch not believe, and since when were they wrong?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.ndimage import median_filter

from whipple.casefile.estimate import Array
from whipple.casefile.findings.onset import WatchEvent
from whipple.casefile.read_channels import Channel, scale_to_si
from whipple.telemetry.loop_signal import LoopSignal, on_clock
from whipple.telemetry.noise import reading_step
from whipple.telemetry.thermometer_law import mean_of
from whipple.telemetry.thermometers import FASTEST_K_S
from whipple.telemetry.watched_record import WatchedRecord

__all__ = ["SMOOTH_COUNT", "Doubted", "doubted", "wild"]

Mask = npt.NDArray[np.bool_]

#: A reading against the others, or against two revolutions before, is averaged over so many samples.
SMOOTH_COUNT = 31
#: The watch looks back no further than this for a liquid that its thermometers moved together (thermometer_asked.py).
_LOOK_BACK_S = 10800.0
#: It went astray where it left its usual place by this share of how far off it is when the watch speaks, at most by so much.
_NEAR_RATIO, _NEAR_K = 0.1, 0.5
#: A reading is wild by so many standard deviations, beyond what the liquid can move in so many steps of the watch.
_WILD_SIGMAS, _WILD_STEPS = 6.0, 5


@dataclass(frozen=True)
class Doubted:
    """Thermometer `name` of `loop` was not believed between these times (since the epoch; infinity: for good)."""

    loop: str
    name: str
    from_s: float
    until_s: float

    def holds(self, t_s: Array) -> Mask:
        """Which of the times (n,) lie in it."""
        return np.asarray((t_s >= self.from_s) & (t_s < self.until_s))


def doubted(loop: LoopSignal, thermometers: Sequence[Channel], watched: WatchedRecord, orbit_s: float) -> list[Doubted]:
    """From when to when the watch did not believe which thermometer.

    The watch says so some time after a reading went astray: each is left out from where it last read as the others did, or as two revolutions
    before, or from where it stopped moving, whichever was first; up to "sensor back".
    """
    told = [e for e in watched.events if e.kind in ("sensor fault", "sensor back") and e.about == loop.name]
    told_of = [(event, _whom(event, thermometers)) for event in told]
    rows = np.array([on_clock(one, loop.t_s, "K") for one in thermometers])
    learned = watched.first("learned", loop.name)
    first = int(np.searchsorted(loop.t_s, learned.t_s)) if learned else 0
    out: list[Doubted] = []
    for place, (event, i) in enumerate(told_of):
        if event.kind != "sensor fault" or i is None:
            continue
        back = next((e.t_s for e, j in told_of[place:] if e.kind == "sensor back" and j == i), np.inf)
        at = min(int(np.searchsorted(loop.t_s, event.t_s)), loop.t_s.size - 1)
        begun = _begun(loop.t_s, rows, i, (min(first, at), at), orbit_s)
        gone = Doubted(loop.name, thermometers[i].name, float(loop.t_s[begun]), back)
        rows[i] = np.where(gone.holds(loop.t_s), np.nan, rows[i])
        out.append(gone)
    return out


def _whom(event: WatchEvent, thermometers: Sequence[Channel]) -> int | None:
    """Which thermometer an event tells of: it is named in the text (thermometer_words.py)."""
    starts = [event.text.startswith(f"loop {event.about}: {one.name} is ") for one in thermometers]
    return starts.index(True) if any(starts) else None


def _begun(t_s: Array, rows: Array, i: int, span: tuple[int, int], orbit_s: float) -> int:
    """The sample from which thermometer `i` is left out; `span`: the first that may be, and the one at which the watch spoke."""
    (first, at), own = span, rows[i]
    moved = np.flatnonzero(own[first : at + 1] != own[at])
    still = first + int(moved[-1]) + 1 if moved.size else first
    early = max(first, int(np.searchsorted(t_s, t_s[at] - _LOOK_BACK_S)))
    past = np.interp(t_s - 2 * orbit_s, t_s, own, left=np.nan)
    others = mean_of(np.delete(rows, i, 0))
    return min(still, _astray(own - others, first, at), _astray(own - past, early, at))


def _astray(off_K: Array, first: int, at: int) -> int:
    """Since when a difference (n,) has not been near its usual value, given that it is off at sample `at`; no earlier than `first`."""
    usual = off_K[:first][np.isfinite(off_K[:first])]
    known = np.flatnonzero(np.isfinite(off_K[first : at + 1])) + first
    if known.size < 2:
        return at
    part = off_K[known] - (float(usual.mean()) if usual.size else 0.0)
    half = SMOOTH_COUNT // 2
    total, place = np.concatenate([[0.0], np.cumsum(part)]), np.arange(part.size)
    low, high = np.maximum(place - half, 0), np.minimum(place + half + 1, part.size)
    smooth, now = (total[high] - total[low]) / (high - low), float(part[-half:].mean())
    near = np.flatnonzero(np.sign(now) * smooth <= min(_NEAR_RATIO * abs(now), _NEAR_K))
    return int(known[near[-1]]) if near.size else first


def wild(channel: Channel, step_s: float) -> Mask:
    """Which readings (n,) of a thermometer lie further from the median of those about them than the liquid can have moved: such a one the watch,
    at steps of `step_s`, sets aside without a word.

    >>> wild(Channel("t", 20.0 * np.arange(40), np.r_[np.full(20, 290.0), 320.0, np.full(19, 290.3)], "K", False), 20.0).nonzero()[0].tolist()
    [20]
    """
    every_s = float(np.median(np.diff(channel.t_s)))
    half_s = _WILD_STEPS * max(step_s, every_s)
    factor, _ = scale_to_si(channel.unit, "K")
    about = median_filter(channel.value, 2 * int(np.ceil(half_s / every_s)) + 1, mode="nearest")
    off_K = factor * np.abs(channel.value - about)
    sigma_K = max(1.4826 * float(np.median(off_K)), factor * reading_step(channel.value) / np.sqrt(12))
    return np.asarray(off_K > float(FASTEST_K_S) * half_s + _WILD_SIGMAS * sigma_K)
