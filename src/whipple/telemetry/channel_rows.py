"""What was heard of each channel while quiet, in bounded memory: means over decision steps, and how its readings move."""

from __future__ import annotations

import base64
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.telemetry.channel_quiet import QuietRows

__all__ = ["ChannelRows", "averaged", "new_rows"]

Index = npt.NDArray[np.int64]
#: A channel is coarse when at least this share of its readings repeats the one before.
_COARSE_FRAC = 0.4
#: Readings further off than this are garbage; their squares still fit.
_LARGEST = 1e38


class ChannelRows:
    """One row for each decision step heard: means of the channels since `zero_ratio`, their first reading, and the step being filled."""

    def __init__(self, state: dict[str, Array], steps: list[int], value: list[Array], held: list[Array]) -> None:
        self._state, self._steps, self._value, self._held = state, steps, value, held

    @property
    def heard_count(self) -> Array:
        """Readings heard of each channel (n_channel,)."""
        return self._state["heard"]

    @property
    def block_count(self) -> int | None:
        """The decision step being filled, None between two."""
        block = float(self._state["block"][0])
        return None if np.isnan(block) else int(block)

    def begin(self, zero_ratio: Array) -> None:
        """Count from `zero_ratio` (n_channel,) from now on."""
        self._state["zero"][:] = zero_ratio

    def note(self, index: Index | slice, value: Array) -> None:
        """How the readings of the channels `index` move from one to the next."""
        s, index = self._state, self._places(index)
        first = s["heard"][index] == 0
        s["zero"][index] = np.where(first, value, s["zero"][index])
        move = np.where(first, 0.0, np.minimum(np.abs(value - s["last"][index]), _LARGEST))
        least = s["least"][index]
        s["least"][index] = np.where((move > 1e-9 * np.abs(value)) & (move < least), move, least)
        s["still"][index] += ~first & (move <= 1e-9 * np.abs(value))
        s["square"][index] += move**2
        s["low"][index] = np.minimum(s["low"][index], value)
        s["high"][index] = np.maximum(s["high"][index], value)
        s["heard"][index] += 1
        s["last"][index] = value

    def put(self, block: int, index: Index | slice, value: Array) -> None:
        """Add a step of the clock to the decision step `block`; a new one closes the one before."""
        if self.block_count not in (None, block):
            self.close()
        self._state["block"][0] = block
        index = self._places(index)
        self._state["sum"][index] += value - self._state["zero"][index]
        self._state["count"][index] += 1

    def close(self) -> None:
        """Keep the decision step being filled as a row."""
        block, count = self.block_count, self._state["count"]
        if block is None:
            return
        mean = np.where(count > 0, self._state["sum"] / np.maximum(count, 1), np.nan)
        self._steps.append(block)
        self._value.append(np.clip(mean, -_LARGEST, _LARGEST).astype(np.float32))
        self._held.append(count.astype(np.uint16))
        self._begin()

    def taken(self) -> tuple[Index, Array, Array]:
        """Of the decision step being filled the channels, their means, and of how many readings each; a new one begins."""
        index = np.flatnonzero(self._state["count"])
        held = self._state["count"][index].copy()
        value = self._state["sum"][index] / held + self._state["zero"][index]
        self._begin()
        return index, value, held

    def drop(self, index: Index) -> None:
        """Leave the channels `index` out of the decision step being filled."""
        self._state["sum"][index] = 0.0
        self._state["count"][index] = 0.0

    def quiet(self) -> QuietRows:
        """Everything that was kept; one empty row where nothing was."""
        count = self._state["zero"].size
        if not self._steps:
            return QuietRows(np.zeros(1), np.full((1, count), np.nan), np.zeros((1, count)))
        value = np.array(self._value, float).reshape(-1, count) + self._state["zero"]
        return QuietRows(np.array(self._steps, float), value, np.array(self._held, float).reshape(-1, count))

    def coarse_ratio(self, resolution_ratio: Array) -> tuple[Array, Array]:
        """The step of each coarse channel (n_channel,), 0 for the others, and how far it may be off without having moved.

        A sensor whose noise does not reach from one step to the next hides where in the step it is: a whole step while it stands still,
        less the more often it moves (d^2 the mean square of its moves: step (1 - 2 d^2/step^2)), half a step where it showed two codes.
        """
        s, moves = self._state, np.maximum(self._state["heard"] - 1, 1)
        coarse = s["still"] / moves > _COARSE_FRAC
        step = np.where(coarse, np.maximum(resolution_ratio, np.where(np.isfinite(s["least"]), s["least"], 0.0)), 0.0)
        rest = step - 2 * s["square"] / moves / np.where(step > 0, step, 1.0)
        two = np.where(s["high"] - s["low"] < 1.5 * step, step / 2, 0.0)
        return step, np.maximum(rest, two)

    def forget(self) -> None:
        """Let the rows go; the step being filled stays."""
        self._steps, self._value, self._held = [], [], []

    def to_plain(self) -> dict[str, Any]:
        """The state as plain values for JSON."""
        state = {name: base64.b64encode(array.tobytes()).decode() for name, array in self._state.items()}
        value, held = np.array(self._value, np.float32), np.array(self._held, np.uint16)
        rows = [base64.b64encode(one.tobytes()).decode() for one in (value, held)]
        return {"state": state, "steps": self._steps, "rows": rows}

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> Self:
        """Go on from `to_plain`."""
        state = {name: np.frombuffer(base64.b64decode(text)).copy() for name, text in plain["state"].items()}
        shape = len(plain["steps"]), state["zero"].size
        value = np.frombuffer(base64.b64decode(plain["rows"][0]), np.float32).reshape(shape)
        held = np.frombuffer(base64.b64decode(plain["rows"][1]), np.uint16).reshape(shape)
        return cls(state, list(plain["steps"]), list(value), list(held))

    def _places(self, index: Index | slice) -> Index | slice:
        """The same channels, all of them as a slice: faster."""
        return slice(None) if not isinstance(index, slice) and index.size == self._state["zero"].size else index

    def _begin(self) -> None:
        self._state["block"][0] = np.nan
        self._state["sum"][:] = 0.0
        self._state["count"][:] = 0.0


def new_rows(channel_count: int) -> ChannelRows:
    """Nothing heard yet.

    >>> new_rows(2).heard_count.tolist()
    [0.0, 0.0]
    """
    names = ("heard", "zero", "last", "still", "square", "sum", "count")
    state = {name: np.zeros(channel_count) for name in names}
    state |= {name: np.full(channel_count, np.inf) for name in ("least", "low")}
    return ChannelRows(state | {"high": np.full(channel_count, -np.inf), "block": np.full(1, np.nan)}, [], [], [])


def averaged(rows: QuietRows, steps: int) -> QuietRows:
    """The rows averaged over `steps` decision steps at a time; `held` then says how many of them.

    >>> averaged(QuietRows(np.arange(4.0), np.array([[1.0], [3.0], [np.nan], [5.0]]), np.ones((4, 1))), 2).value.ravel().tolist()
    [2.0, 5.0]
    """
    block, place = np.unique(np.floor(rows.step_count / steps), return_inverse=True)
    heard = np.isfinite(rows.value)
    total, count = np.zeros((2, block.size, rows.value.shape[1]))
    np.add.at(total, place, np.where(heard, rows.value, 0.0))
    np.add.at(count, place, heard)
    return QuietRows(block, np.where(count > 0, total / np.maximum(count, 1), np.nan), count)
