"""Did a channel do what its quiet behaviour does not explain? Learns every channel, then judges each step, and says what it cannot promise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.telemetry.channel_arms import sum_limits
from whipple.telemetry.channel_back import ChannelBack
from whipple.telemetry.channel_filter import packed, unpacked
from whipple.telemetry.channel_layer import ChannelLayer, learn_layer
from whipple.telemetry.channel_quiet import QuietRows
from whipple.telemetry.channel_rows import ChannelRows, averaged, new_rows

__all__ = ["ChannelPlan", "ChannelWatch", "Moved"]

Index = npt.NDArray[np.int64]
#: Decision steps and cells that the quiet stretch is kept in: so many times finer than the stretch, and flat in memory.
_MOST_STEPS, _MOST_CELLS = 4096, 2**21
_FEWEST_COUNT, _NAMED_AT_MOST = 30, 5
#: Slow steps in the quiet stretch, and the fewest decision steps in one of them that make a second pace worth while.
_SLOW_COUNT, _FEWEST_SLOW = 128, 4
#: The spacing of false alarms was measured to hold from so long a quiet stretch and so many readings on (docs/theory/telemetry.md).
_PROMISED_S, _PROMISED_COUNT = 12 * 3600.0, 500


@dataclass(frozen=True)
class ChannelPlan:
    """What the channels are watched with: clock step, quiet stretch, days between false alarms of all together, the revolution (0: none)."""

    cadence_s: float
    learn_s: float
    mtbf_days: float
    orbit_s: float

    def steps_at_once(self, channel_count: int) -> int:
        """Steps of the clock that are averaged before they are judged.

        >>> ChannelPlan(1.0, 86400.0, 30.0, 5560.0).steps_at_once(100)
        22
        """
        most = max(min(_MOST_STEPS, _MOST_CELLS // max(channel_count, 1)), 2 * _FEWEST_COUNT)
        return max(1, int(np.ceil(self.learn_s / self.cadence_s / most)))


@dataclass(frozen=True)
class Moved:
    """A channel (number `channel_count`) changed its alarm at `t_s`: `side` +1 it rose, -1 it fell, 0 it is calm again.

    `value` as read, `quiet` the level it had when it was last calm; `is_back`: it is there again. `doubt` says why false alarms may come
    sooner than asked, "" where they do not.
    """

    t_s: float
    channel_count: int
    side: int
    value: float
    quiet: float
    is_back: bool
    doubt: str = ""

    def words(self, name: str) -> tuple[str, str]:
        """Kind of the event, and a sentence.

        >>> Moved(0.0, 0, -1, 1.0, 2.0, False).words("p1")
        ('alarm', 'p1 is lower than its quiet behaviour explains')
        """
        if self.side:
            side = "higher" if self.side > 0 else "lower"
            return "alarm", f"{name} is {side} than its quiet behaviour explains{self.doubt and f' ({self.doubt})'}"
        return "cleared", f"{name} is back" if self.is_back else f"{name} is steady again, at another level than before"


@dataclass
class _Said:
    """Of every channel (n_channel,): whether it is judged, what it was learned on, whether it is in alarm, and its level before that."""

    ready: Array
    learned_s: Array
    learned_count: Array
    alarmed: Array
    before_ratio: Array


class ChannelWatch:
    """`learn` takes steps of the quiet stretch, `settle` ends it, `step` judges. The result does not depend on how the stream was cut.

    Judged twice: every step, and means over a 128th of the quiet stretch, where a channel that wanders fast and comes back shows a slow change.
    """

    def __init__(self, plan: ChannelPlan, resolution_ratio: Sequence[float]) -> None:
        self.plan, self._resolution = plan, np.array(resolution_ratio, float)
        count = self._resolution.size
        self._at_once = plan.steps_at_once(count)
        self._step_s = plan.cadence_s * self._at_once
        self._slow_steps = int(plan.learn_s / self._step_s / _SLOW_COUNT)
        paces = [self._step_s] + [self._step_s * self._slow_steps] * (self._slow_steps >= _FEWEST_SLOW)
        self._limits = [sum_limits(plan.mtbf_days * len(paces), pace, count) for pace in paces]
        self._rows, self._slow_rows = new_rows(count), new_rows(count)
        self._layers: list[ChannelLayer] = []
        self._back: ChannelBack | None = None
        self._said = _Said(*(np.zeros(count) for _ in range(5)))
        self._all_ready = False

    @property
    def ready(self) -> npt.NDArray[np.bool_]:
        """Which channels (n_channel,) were heard enough to be judged."""
        return self._said.ready > 0

    def learn(self, step_count: int, index: Index, value: Array) -> None:
        """Take one step of the clock of the quiet stretch."""
        self._rows.note(index, value)
        self._rows.put(step_count // self._at_once, index, value)
        if (step_count + 1) % self._at_once == 0:
            self._rows.close()

    def settle(self) -> None:
        """The quiet stretch is over: learn every channel; what was kept of the stretch is let go."""
        rows, (step, slack) = self._rows.quiet(), self._rows.coarse_ratio(self._resolution)
        orbit_days = self.plan.orbit_s / 86400.0
        turn_rad = 2 * np.pi * self._step_s / self.plan.orbit_s if orbit_days > 0 else 0.0
        least, none = np.maximum(self._resolution, step) / np.sqrt(12), np.zeros((0, step.size))
        hidden = np.where(
            slack > 0, least, 0.0
        )  # rounding errors of a coarse channel are the same ones: they do not average out
        first, rest = learn_layer(
            rows,
            np.maximum(least, hidden * np.sqrt(self._at_once)),
            slack,
            turn_rad,
            (none, turn_rad, orbit_days),
            self._limits[0],
        )
        self._layers = [first]
        if len(self._limits) > 1:
            slow = averaged(QuietRows(rows.step_count, rest, rows.held), self._slow_steps)
            was = first.filter.swing_ratio, turn_rad * self._slow_steps, orbit_days
            floor = hidden * np.sqrt(self._slow_steps)
            self._layers.append(learn_layer(slow, floor, slack, 0.0, was, self._limits[1])[0])
            self._slow_rows.begin(first.filter.level_ratio)
        self._back = ChannelBack(self._layers, self._step_s)
        count = np.isfinite(rows.value).sum(axis=0)
        heard = (self._rows.heard_count >= _FEWEST_COUNT) & (count >= 2)
        ready = np.logical_and.reduce([heard, *(layer.filter.white_ratio > 0 for layer in self._layers)])
        learned_s, nothing = count * first.filter.usual_count * self._step_s, np.zeros(count.size)
        self._said = _Said(ready.astype(float), learned_s, count.astype(float), nothing, nothing.copy())
        self._all_ready = bool(ready.all())
        self._rows.forget()

    def learned_text(self, names: Sequence[str]) -> tuple[str, dict[str, float]]:
        """What was learned of the channels `names`, in a sentence that says what is not promised, and as named numbers."""
        ready, short = int(self.ready.sum()), int((self.ready & ~self._promised()).sum())
        text = f"{ready} of {self.ready.size} channels learned{self._unlearned(names)}"
        if self.plan.orbit_s > 0:
            text += f"; swings are looked for at a revolution of {self.plan.orbit_s / 60:.1f} min"
        if short:
            text += (
                f"; {'all' if short == ready else short} of them on less than {_PROMISED_S / 3600:g} h or {_PROMISED_COUNT} readings: "
                f"their alarms may come more often than one in {self.plan.mtbf_days:g} days"
            )
        return text, {"channels_count": float(ready), "promised_count": float(ready - short)}

    def step(self, step_count: int, index: Index, value: Array) -> list[Moved]:
        """Take one step of the clock: what changed, in the decision steps that it ends."""
        if self._at_once == 1:
            return self._judge(step_count, index, value, None)
        out = self._flush() if self._rows.block_count not in (None, step_count // self._at_once) else []
        self._rows.put(step_count // self._at_once, index, value)
        return out + (self._flush() if (step_count + 1) % self._at_once == 0 else [])

    def to_plain(self) -> dict[str, Any]:
        """The state as plain values for JSON."""
        return {
            "rows": self._rows.to_plain(),
            "slow_rows": self._slow_rows.to_plain(),
            "layers": [layer.to_plain() for layer in self._layers],
            "said": packed(self._said),
            "back": self._back.to_plain() if self._back else None,
        }

    def restore(self, plain: dict[str, Any]) -> None:
        """Go on from `to_plain`."""
        self._rows, self._slow_rows = (ChannelRows.from_plain(plain[name]) for name in ("rows", "slow_rows"))
        pairs = zip(plain["layers"], self._limits, strict=bool(plain["layers"]))
        self._layers = [ChannelLayer.from_plain(one, limits) for one, limits in pairs]
        self._said = unpacked(_Said, plain["said"])
        if self._layers:
            self._back = ChannelBack(self._layers, self._step_s)
            self._back.restore(plain["back"])
        self._all_ready = bool(self.ready.all())

    def _unlearned(self, names: Sequence[str]) -> str:
        """Which channels are not judged, and why."""
        words = [
            f"{names[i]} ({'never moved' if self._rows.heard_count[i] >= _FEWEST_COUNT else 'hardly heard'})"
            for i in np.flatnonzero(~self.ready).tolist()
        ]
        more = f" and {len(words) - _NAMED_AT_MOST} more" if len(words) > _NAMED_AT_MOST else ""
        return f"; not judged: {', '.join(words[:_NAMED_AT_MOST])}{more}" if words else ""

    def _promised(self) -> npt.NDArray[np.bool_]:
        """Of which channels the quiet stretch was long enough to promise the spacing."""
        return (self._said.learned_s >= 0.98 * _PROMISED_S) & (self._said.learned_count >= _PROMISED_COUNT)

    def _doubt(self, channel: int) -> str:
        if self._promised()[channel]:
            return ""
        heard = f"{self._said.learned_s[channel] / 3600:.1f} h, {self._said.learned_count[channel]:.0f} readings"
        return f"learned on {heard}: too little to promise one false alarm in {self.plan.mtbf_days:g} days"

    def _flush(self) -> list[Moved]:
        block = self._rows.block_count
        return [] if block is None else self._judge(block, *self._rows.taken())

    def _judge(self, block: int, index: Index, value: Array, held: Array | None) -> list[Moved]:
        """Judge a decision step; before it the slow step that it shows to be over, after it the one that it ends."""
        slow, out = len(self._layers) > 1, []
        if slow and self._slow_rows.block_count not in (None, block // self._slow_steps):
            out += self._judge_slow()
        if not self._all_ready:
            known = self._said.ready[index] > 0
            index, value, held = index[known], value[known], None if held is None else held[known]
        if index.size:
            which = slice(None) if index.size == self._resolution.size else index
            changed, rest = self._layers[0].judge(block, which, value, held)
            out += self._told((block + 1) * self._step_s, index[changed], value[changed])
            if slow:
                self._slow_rows.put(block // self._slow_steps, index, rest)
            out += self._returned(block, index, value)
        if slow and (block + 1) % self._slow_steps == 0:
            out += self._judge_slow()
        return out

    def _judge_slow(self) -> list[Moved]:
        block = self._slow_rows.block_count
        if block is None:
            return []
        index, value, held = self._slow_rows.taken()
        changed, _ = self._layers[1].judge(block, index, value, held)
        return self._told((block + 1) * self._slow_steps * self._step_s, index[changed], value[changed])

    def _returned(self, block: int, index: Index, value: Array) -> list[Moved]:
        """Channels in alarm that read again as before it: both paces begin anew there."""
        loud = np.flatnonzero(self._said.alarmed[index])
        if not loud.size or self._back is None:
            return []
        loud = loud[self._back.step(block, index[loud], value[loud])]
        self._slow_rows.drop(index[loud])
        return self._told((block + 1) * self._step_s, index[loud], value[loud])

    def _told(self, t_s: float, channels: Index, value: Array) -> list[Moved]:
        """What is said of channels whose alarm changed in one layer: in alarm while it is in any."""
        out, said = [], self._said
        for at, read in zip(channels.tolist(), value.tolist(), strict=True):
            loud = next((layer for layer in self._layers if layer.sums.alarmed[at]), None)
            if (loud is not None) == (said.alarmed[at] > 0):
                continue
            said.alarmed[at] = loud is not None
            if loud is not None:
                said.before_ratio[at] = loud.known.calm_ratio[at]
                if self._back is not None:
                    self._back.alarmed(round(t_s / self._step_s) - 1, at, said.before_ratio[at].item())
                out.append(
                    Moved(t_s, at, loud.sums.side(at), read, said.before_ratio[at].item(), False, self._doubt(at))
                )
                continue
            first, before = self._layers[0], said.before_ratio[at].item()
            near = first.filter.white_ratio[at] * first.known.widen_ratio[at]
            out.append(Moved(t_s, at, 0, read, before, bool(abs(first.filter.level_ratio[at] - before) <= near)))
        return out
