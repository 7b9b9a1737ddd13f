"""What should each channel read next? A level that wanders, a swing with the revolution, and how far a reading may lie off."""

from __future__ import annotations

import base64
from dataclasses import dataclass, fields
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array

__all__ = ["ChannelFilter", "packed", "swing_gain", "unpacked"]

Index = npt.NDArray[np.int64] | slice
State = TypeVar("State")

#: A reading further off than this many standard deviations moves the expectation no further than that.
_CLIP_RATIO = 4.0
_PULLS_A_TURN = 256


@dataclass
class ChannelFilter:
    """The state of every channel (n_channel,), in its own unit; times in decision steps.

    `level_ratio` is the level, `spread_ratio` the variance of its error over that of the white noise, `last_count` the step of the last
    reading. `swing_ratio` (n_harmonic, n_channel, complex) are the amplitudes of the harmonics of the revolution, `gain_ratio` how fast
    they follow, `pull_ratio` the errors they have not followed yet. Learned: `walk_ratio`, the variance that the level's walk adds in a step
    over that of the white noise, and `white_ratio`, the standard deviation of that. `usual_count` are the steps from one reading to the next,
    `full_count` how many readings a step usually holds, `turn_rad` (1,) is the angle of the revolution in one step, `pulled_count` (1,) the step
    of the last reading of any channel.
    """

    level_ratio: Array
    spread_ratio: Array
    last_count: Array
    swing_ratio: npt.NDArray[np.complex128]
    gain_ratio: npt.NDArray[np.complex128]
    pull_ratio: Array
    walk_ratio: Array
    white_ratio: Array
    usual_count: Array
    full_count: Array
    turn_rad: Array
    pulled_count: Array

    def step(self, step_count: int, index: Index, value: Array, held: Array | None = None) -> tuple[Array, Array]:
        """Take the readings `value` of the channels `index` at one step, each the mean of `held` (None: of one).

        How far off they lie, and the standard deviation of that. Kalman filter of a local level; the swing follows by the gradient of the
        same error, gathered over a 256th of a turn.
        """
        total = self.spread_ratio[index] + self.walk_ratio[index] * (step_count - self.last_count[index])
        noise = 1.0 if held is None else np.maximum(self.full_count[index] / held, 1.0)
        spread = total.copy()
        total += noise
        sigma = np.sqrt(total)
        sigma *= self.white_ratio[index]
        off = value - self.level_ratio[index]
        harmonics = self.swing_ratio.shape[0]
        if harmonics:
            turn = self._turn(step_count)
            off -= turn.real @ self.swing_ratio.real[:, index] - turn.imag @ self.swing_ratio.imag[:, index]
        most = _CLIP_RATIO * sigma
        near = np.minimum(off, most)
        np.maximum(near, np.negative(most, out=most), out=near)
        spread /= total
        self.level_ratio[index] += spread * near
        self.spread_ratio[index] = spread * noise
        self.last_count[index] = step_count
        if harmonics:
            self.pull_ratio[index] += near
            every = max(int(2 * np.pi / (_PULLS_A_TURN * float(self.turn_rad[0]))), 1)
            if step_count // every > self.pulled_count[0] // every:  # readings may skip the multiples
                self.swing_ratio += self.gain_ratio * self.pull_ratio * turn.conj()[:, None]
                self.pull_ratio[:] = 0.0
            self.pulled_count[0] = step_count
        return off, sigma

    def swing_at(self, step_count: int, index: Index, swing_ratio: npt.NDArray[np.complex128]) -> Array:
        """What a swing of these amplitudes (n_harmonic, n_channel) adds at a step to the channels `index`."""
        turn = self._turn(step_count)
        return np.asarray(turn.real @ swing_ratio.real[:, index] - turn.imag @ swing_ratio.imag[:, index])

    def begin_anew(
        self, index: Index, level_ratio: Array, variance: Array, swing_ratio: npt.NDArray[np.complex128] | None
    ) -> None:
        """The channels `index` are at this level, known to this variance, with these swings (None: as they are)."""
        self.level_ratio[index] = level_ratio
        self.spread_ratio[index] = variance / self.white_ratio[index] ** 2
        if swing_ratio is not None:
            self.swing_ratio[:, index], self.pull_ratio[index] = swing_ratio, 0.0

    def _turn(self, step_count: int) -> npt.NDArray[np.complex128]:
        harmonics = np.arange(1, self.swing_ratio.shape[0] + 1)
        return np.asarray(np.exp(1j * (float(self.turn_rad[0]) * step_count % (2 * np.pi)) * harmonics))


def swing_gain(walk_ratio: Array, turn_rad: Array, memory_count: Array, harmonics: int) -> npt.NDArray[np.complex128]:
    """How far an error moves the amplitude of each harmonic (n_harmonic, n_channel, complex).

    `turn_rad` (n_channel,) is the angle of the revolution from one reading to the next, `memory_count` the readings the amplitude remembers.
    The level follows the swing too, with gain K: what is left of a turn w is H = (1 - e^-iw)/(1 - (1 - K) e^-iw), and the amplitude is
    moved along conj(H) (filtered-x gradient), so that both settle. 0 where a harmonic has fewer than eight readings.

    >>> bool(abs(swing_gain(np.zeros(1), np.array([0.05]), np.array([100.0]), 1)[0, 0] - 0.02) < 1e-3)
    True
    """
    gain = 0.5 * (np.sqrt(walk_ratio * (walk_ratio + 4)) - walk_ratio)  # steady Kalman gain of a local level
    angle = np.arange(1, harmonics + 1)[:, None] * turn_rad
    back = np.exp(-1j * angle)
    left = (1 - back) / np.where(angle == 0, 1.0, 1 - (1 - gain) * back)
    return np.where(angle <= np.pi / 4, 2 * left.conj() / np.maximum(memory_count, 1.0), 0.0)


def packed(state: Any) -> dict[str, Any]:
    """The arrays of a dataclass as plain values for JSON, bit for bit.

    >>> packed(ChannelFilter(*[np.zeros(1)] * 12))["level_ratio"]
    ['<f8', [1], 'AAAAAAAAAAA=']
    """
    out = {}
    for one in fields(state):
        array = np.ascontiguousarray(getattr(state, one.name))
        out[one.name] = [array.dtype.str, list(array.shape), base64.b64encode(array.tobytes()).decode()]
    return out


def unpacked(kind: type[State], plain: dict[str, Any]) -> State:
    """Back from `packed`."""
    arrays = {
        name: np.frombuffer(base64.b64decode(text), dtype).reshape(shape).copy()
        for name, (dtype, shape, text) in plain.items()
    }
    return kind(**arrays)
