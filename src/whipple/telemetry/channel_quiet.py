"""How does each channel behave while quiet? Its white noise, its swing, and the fastest wander that the quiet stretch cannot rule out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.interpolate import CubicSpline

from whipple.casefile.estimate import Array
from whipple.physics.cited import Cited
from whipple.telemetry.channel_filter import ChannelFilter, swing_gain

__all__ = ["QuietRows", "learn_quiet", "quiet_scale", "swing_spread", "tail_ratio", "walk_bound"]

#: Harmonics of the revolution; revolutions that must be heard to learn a swing, and to tell that its amplitude changes from other wander.
_HARMONICS, _FEWEST_TURNS, _MANY_TURNS = 3, 2.0, 7.0
#: By how much an amplitude is taken to wander in a day, of itself: the beta angle turns by degrees a day. A proposal of this project.
SWING_WANDER_FRAC = Cited(0.1, unit="", source="whipple_judgement", grade="proposal")
#: Half the fall of twice the log likelihood at a one-sided 95 % bound (chi-square, one degree); the normal quantile of 95 %.
_FALL_NAT, _BOUND_SIGMA = 1.353, 1.645
#: Walks tried, over the white noise, in variance: by factors of four up to the first, of two above it, where the likelihood is narrow.
_FINE_WALK, _FINE_LADDER, _FINE_COUNT = 1 / 256, 2.0 ** np.arange(-7.0, 7.0), 201
_RARE_FRAC, _RARE_SIGMA = 0.995, 2.807
_BLOCKS = (1, 2, 4, 8, 16, 32)
_FEWEST_BLOCKS, _LOG_EVERY, _FIRST_SPREAD = 8, 16, 1e9


@dataclass(frozen=True)
class QuietRows:
    """What was heard while quiet: at steps `step_count` (n_row,) `value` (n_row, n_channel), not a number where none, each the mean of `held`."""

    step_count: Array
    value: Array
    held: Array


def learn_quiet(rows: QuietRows, least_ratio: Array, turn_rad: float) -> tuple[ChannelFilter, Array, Array]:
    """The filter of every channel as the quiet stretch leaves it, its innovations (n_row, n_channel) in standard deviations of that filter, and
    the readings without the swing that it expected.

    `least_ratio` (n_channel,) is the least white noise of a reading. `turn_rad` is the angle of the revolution in a step, 0 for none.
    """
    heard = np.isfinite(rows.value)
    count, (first, last) = heard.sum(axis=0), _ends(rows.step_count, heard)
    usual = np.where(count > 1, (last - first) / np.maximum(count - 1, 1), 1.0)
    full = np.where(heard, rows.held, 0.0).sum(axis=0) / np.maximum(count, 1)
    walk, variance, best_nat = walk_bound(rows.step_count, rows.value, usual)
    swing = np.zeros((_HARMONICS if turn_rad > 0 else 0, count.size), complex)
    turns = float(np.ptp(rows.step_count)) * turn_rad / (2 * np.pi)
    if turns >= _FEWEST_TURNS:
        fitted = _fit_swing(rows, turn_rad, usual)
        rest = rows.value - (_turns(rows.step_count, turn_rad, _HARMONICS) @ fitted).real
        calm_walk, calm_variance, calm_nat = walk_bound(rows.step_count, rest, usual)
        kept = calm_nat - best_nat > _HARMONICS * np.log(np.maximum(count, 2))  # Schwarz: two numbers a harmonic
        if kept.any() and turns >= _MANY_TURNS:
            calm_walk, calm_variance, _ = walk_bound(
                rows.step_count, _demodulated(rows.step_count, rest, turn_rad), usual
            )
        swing = np.where(kept, fitted, 0.0)
        walk, variance = np.where(kept, calm_walk, walk), np.where(kept, calm_variance, variance)
    white = np.sqrt(np.maximum(variance, least_ratio**2 / np.maximum(full, 1.0)))
    memory = 2 * np.pi / (max(turn_rad, 1e-12) * usual)
    level = rows.value[np.argmax(heard, axis=0), np.arange(count.size)]
    made = ChannelFilter(
        np.nan_to_num(level), np.full(count.size, _FIRST_SPREAD), first, swing,
        swing_gain(walk, turn_rad * usual, memory, swing.shape[0]), np.zeros(count.size),
        walk / usual, white, usual, full, np.array([turn_rad]), rows.step_count[:1] - 1.0,
    )  # fmt: skip
    return made, *_replayed(made, rows, heard)


def walk_bound(step_count: Array, value: Array, usual_count: Array) -> tuple[Array, Array, Array]:
    """The fastest random walk of the level that `value` (n_row, n_channel) does not rule out at 95 %: its variance from one usual reading to the next
    over that of the white noise, the variance of the white noise beside it, and the log likelihood of the best walk.

    Exact likelihood of a local level over a grid of walks, white noise concentrated out; bound where the profile has fallen by 1.35 nat.

    >>> still = np.random.default_rng(1).normal(0, 2.0, (2000, 1))
    >>> walk, variance, _ = walk_bound(np.arange(2000.0), still, np.ones(1))
    >>> bool(walk[0] < 1e-4), round(float(variance[0]))
    (True, 4)
    """
    n_row, n_channel = value.shape
    lowest = min(0.25 / n_row**2, _FINE_WALK / 4)
    coarse = np.geomspace(lowest, _FINE_WALK, int(np.log2(_FINE_WALK / lowest) / 2) + 2)[:-1]
    rung = np.log(np.concatenate([coarse, [_FINE_WALK], _FINE_LADDER]))
    square, logs = _profile(step_count, value, usual_count, np.exp(rung)[:, None])
    count = np.maximum(np.isfinite(value).sum(axis=0) - 1, 1)
    heard = np.log(np.maximum(square, 1e-300) / count)
    fine = np.linspace(rung[0], rung[-1], _FINE_COUNT)
    nat, heard = (CubicSpline(rung, one, axis=0)(fine) for one in (-0.5 * (count * heard + logs), heard))
    best = nat.max(axis=0)
    last = fine.size - 1 - np.argmax(nat[::-1] >= best - _FALL_NAT, axis=0)
    variance = np.where(square[0] > 0, np.exp(heard[last, np.arange(n_channel)]), 0.0)
    return np.exp(fine[last]), variance, best


def swing_spread(swing_ratio: Array, turn_rad: Array, orbit_days: float) -> Array:
    """Variance (n_channel,) that sums of innovations gain while the amplitude of the swing wanders by a tenth of itself in a day.

    `swing_ratio` (n_harmonic, n_channel) are the amplitudes over the white noise, `turn_rad` (n_channel,) the angle from one reading to the
    next. An amplitude that wanders by q in a step and is remembered over M is wrong by q M/2 (each component); a third of a turn adds up.
    """
    harmonic = np.arange(1, swing_ratio.shape[0] + 1)[:, None]
    wrong = (float(SWING_WANDER_FRAC) * swing_ratio) ** 2 / 2 * orbit_days
    length = np.minimum(2 * np.pi / np.maximum(turn_rad, 1e-12) / (3 * harmonic), _BLOCKS[-1])
    return np.asarray((wrong * length * np.sinc(1 / 3) ** 2).sum(axis=0))


def quiet_scale(innovation: Array) -> Array:
    """By how much sums of innovations (n_row, n_channel) spread more than their filter says, as a standard deviation (n_channel,).

    The largest over blocks of 1 to 32 of the variance of a block's sum over its length, times 1 + 1.645 sqrt(2/n): an upper 95 % bound.

    >>> z = np.random.default_rng(2).normal(size=(4000, 1))
    >>> bool(1.0 < quiet_scale(z)[0] < 1.2), bool(quiet_scale(np.repeat(z, 4, axis=0))[0] > 1.9)
    (True, True)
    """
    heard = np.isfinite(innovation)
    count = heard.sum(axis=0)
    dense = np.take_along_axis(np.where(heard, innovation, 0.0), np.argsort(~heard, axis=0, kind="stable"), axis=0)
    total = np.concatenate([np.zeros((1, count.size)), np.cumsum(dense, axis=0)])
    most = np.zeros(count.size)
    for size in _BLOCKS:
        blocks = count // size
        sums = np.diff(total[::size], axis=0)
        inside = np.arange(sums.shape[0])[:, None] < blocks
        spread = np.where(inside, sums**2, 0.0).sum(axis=0) / (np.maximum(blocks, 1) * size)
        most = np.where(blocks >= (_FEWEST_BLOCKS if size > 1 else 1), np.maximum(most, spread), most)
    return np.asarray(np.sqrt(most * (1 + _BOUND_SIGMA * np.sqrt(2 / np.maximum(count, 1)))))


def tail_ratio(innovation: Array) -> Array:
    """How much further out the rare innovations (n_row, n_channel) lie than a normal law's, 1 or more (n_channel,): their 99.5 % quantile over 2.81.

    >>> z = np.random.default_rng(2).normal(size=(4000, 1))
    >>> bool(tail_ratio(z)[0] < 1.1), bool(tail_ratio(np.where(np.arange(4000)[:, None] % 100 == 0, 9.0, z))[0] > 3)
    (True, True)
    """
    size = np.sort(np.where(np.isfinite(innovation), np.abs(innovation), np.inf), axis=0)
    count = np.isfinite(innovation).sum(axis=0)
    place = np.minimum(np.ceil(_RARE_FRAC * count).astype(np.int64), np.maximum(count - 1, 0))
    return np.asarray(np.maximum(np.where(count > 0, size[place, np.arange(count.size)], 0.0) / _RARE_SIGMA, 1.0))


def _ends(step_count: Array, heard: npt.NDArray[np.bool_]) -> tuple[Array, Array]:
    """First and last step at which each channel was heard; 0 for one that never was."""
    if not step_count.size:
        return np.zeros(heard.shape[1]), np.zeros(heard.shape[1])
    some = heard.any(axis=0)
    first, last = np.argmax(heard, axis=0), heard.shape[0] - 1 - np.argmax(heard[::-1], axis=0)
    return np.where(some, step_count[first], 0.0), np.where(some, step_count[last], 0.0)


def _turns(step_count: Array, turn_rad: float, harmonics: int) -> npt.NDArray[np.complex128]:
    """exp(i h w t) (n_row, n_harmonic)."""
    angle = (turn_rad * step_count % (2 * np.pi))[:, None] * np.arange(1, harmonics + 1)
    return np.asarray(np.exp(1j * angle))


def _fit_swing(rows: QuietRows, turn_rad: float, usual_count: Array) -> npt.NDArray[np.complex128]:
    """Amplitudes (n_harmonic, n_channel) by least squares beside a level and a slope."""
    turn = _turns(rows.step_count, turn_rad, _HARMONICS)
    since = (rows.step_count - rows.step_count[0]) / max(float(np.ptp(rows.step_count)), 1.0)
    design = np.concatenate([np.ones((since.size, 1)), since[:, None], turn.real, -turn.imag], axis=1)
    heard = np.isfinite(rows.value)
    start = rows.value[np.argmax(heard, axis=0), np.arange(heard.shape[1])]
    right = np.where(heard, rows.value - start, 0.0).T @ design
    size = design.shape[1]
    outer = (design[:, :, None] * design[:, None, :]).reshape(-1, size * size)
    normal = (heard.T.astype(float) @ outer).reshape(-1, size, size)
    fine = np.arange(1, _HARMONICS + 1) * turn_rad * usual_count[:, None] <= np.pi / 4
    blocked = np.concatenate([np.zeros((heard.shape[1], 2)), np.where(np.tile(fine, 2), 0.0, 1e30)], axis=1)
    normal += (blocked + 1e-9 * heard.sum(axis=0)[:, None] + 1e-12)[:, :, None] * np.eye(size)
    found = np.linalg.solve(normal, right[:, :, None])[:, 2:, 0].T
    return np.asarray(found[:_HARMONICS] + 1j * found[_HARMONICS:])


def _demodulated(step_count: Array, rest: Array, turn_rad: float) -> Array:
    """`rest` (n_row, n_channel) without what turns with the revolution: amplitudes over the revolution around each row."""
    width = 2 * np.pi / turn_rad
    begin = np.clip(step_count - width / 2, step_count[0], max(step_count[-1] - width, step_count[0]))
    low, high = np.searchsorted(step_count, begin), np.searchsorted(step_count, begin + width, side="right")
    heard = np.isfinite(rest)

    def over(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        total = np.concatenate([np.zeros((1, values.shape[1]), values.dtype), np.cumsum(values, axis=0)])
        return np.asarray(total[high] - total[low])

    count, filled = np.maximum(over(heard.astype(float)), 1.0), np.where(heard, rest, 0.0)
    off = np.where(heard, rest - over(filled) / count, 0.0)
    out = rest.copy()
    for turn in _turns(step_count, turn_rad, _HARMONICS).T:
        out -= 2 * (over(off * turn.conj()[:, None]) / count * turn[:, None]).real
    return out


def _profile(step_count: Array, value: Array, usual_count: Array, walk: Array) -> tuple[Array, Array]:
    """Sum of squared innovations over their variance, and sum of the logarithms of that (n_walk, n_channel), in units of the white noise."""
    heard = np.isfinite(value)
    whole = bool(heard.all())
    size = 1 if whole else value.shape[1]
    spread, level = np.full((walk.size, size), _FIRST_SPREAD), np.zeros((walk.size, value.shape[1]))
    square, logs, product = np.zeros_like(level), np.zeros_like(spread), np.ones_like(spread)
    gaps = np.diff(step_count, prepend=step_count[:1])
    start = value[np.argmax(heard, axis=0), np.arange(value.shape[1])]
    for row, gap in enumerate(gaps.tolist()):
        spread = spread + walk * (gap if whole else gap / usual_count)
        total = spread + 1.0
        share, off = spread / total, (value[row] - start) - level
        if not whole:
            off = np.where(heard[row], off, 0.0)
            total = np.where(heard[row], total, 1.0)
            spread = np.where(heard[row], share, spread)
        else:
            spread = share
        level += share * off
        square += off**2 / total
        product *= total
        if row % _LOG_EVERY == 0:
            logs += np.log(product)
            product.fill(1.0)
    return square, logs + np.log(product)


def _replayed(made: ChannelFilter, rows: QuietRows, heard: npt.NDArray[np.bool_]) -> tuple[Array, Array]:
    """Run the filter over the quiet stretch: its innovations, in standard deviations, and the readings without the swing it expected."""
    out, rest, white = np.full(rows.value.shape, np.nan), np.full(rows.value.shape, np.nan), made.white_ratio
    made.white_ratio = np.where(white > 0, white, 1.0)
    whole, single = np.asarray(heard.all(axis=1)), bool((rows.held <= 1).all())
    for row, step in enumerate(rows.step_count.tolist()):
        index = slice(None) if whole[row] else np.flatnonzero(heard[row])
        level = made.level_ratio[index].copy()
        off, sigma = made.step(int(step), index, rows.value[row, index], None if single else rows.held[row, index])
        out[row, index], rest[row, index] = off / sigma, off + level
    made.white_ratio = white
    return out, rest
