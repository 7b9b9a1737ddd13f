"""Every minimum of the range below a threshold, for many objects against one ship: filters, a grid, then the root of the range rate."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
import numpy.typing as npt
from sgp4.api import SGP4_ERRORS, Satrec, SatrecArray

from whipple.environment.close_approach import STEP_S, Encounter, brackets, encounter, hermite_miss_m, refine_s
from whipple.environment.screening_filters import apsis_passes, path_passes, paths
from whipple.physics.time import DAY_S, utc_julian

__all__ = ["Sweep", "sweep"]

Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

#: Between samples of the filters, s; objects and grid times taken at once (5 MB of positions stay in the cache).
_FILTER_STEP_S = 10_800.0
_CHUNK = 64
_BLOCK = 1440
#: The cubic errs by metres; this much more than the threshold is looked at again with sgp4 itself.
_SLACK_m = 2e3
#: A companion stays this near and this slow for the whole window: docked, or flying in formation.
_COMPANION_m = 50e3
_COMPANION_m_s = 100.0


@dataclass
class Sweep:
    """What came of it, by index into the objects: minima, those at an edge of the window, companions, why others could not be flown."""

    minima: list[tuple[int, Encounter]] = field(default_factory=list)
    edges: list[tuple[int, Encounter]] = field(default_factory=list)
    companions: dict[int, tuple[float, float]] = field(default_factory=dict)
    failures: dict[int, str] = field(default_factory=dict)
    after_apsis: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    after_path: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))


@dataclass(frozen=True)
class _Window:
    start: tuple[float, float]
    duration_s: float
    within_m: float

    def grid_s(self, step_s: float) -> Array:
        return np.linspace(0.0, self.duration_s, max(int(np.ceil(self.duration_s / step_s)), 1) + 1)

    def julian(self, t_s: Array) -> tuple[Array, Array]:
        return np.full(t_s.shape, self.start[0]), self.start[1] + t_s / DAY_S


def sweep(
    ship: Satrec,
    others: Sequence[Satrec],
    start: datetime,
    duration_s: float,
    within_m: float,
    *,
    filters: bool = True,
    tell: Callable[[float], None] | None = None,
) -> Sweep:
    """Every close approach of `others` to `ship` below `within_m` in the window from `start` (UTC).

    `filters` False flies every object over the grid. `tell` hears the share done. The ship's own elements must carry it through
    the window (its NaN would hide everything): the caller checks. About 0.6 microseconds an object and grid step.
    """
    window = _Window(utc_julian(start), duration_s, within_m)
    done = Sweep()
    keep = _candidates(window, ship, others, done, filters)
    grid = window.grid_s(STEP_S)
    here, going = _states(window, [ship], grid)[:2]
    for first in range(0, len(keep), _CHUNK):
        part = keep[first : first + _CHUNK]
        _sweep_chunk(window, ship, [others[i] for i in part], part, (grid, here[0], going[0]), done)
        if tell is not None:
            tell(min(first + _CHUNK, len(keep)) / len(keep))
    return done


def _states(window: _Window, satellites: Sequence[Satrec], t_s: Array) -> tuple[Array, Array, npt.NDArray[np.uint8]]:
    """Positions and velocities (n, t, 3), TEME, m and m/s, NaN where sgp4 gives up, and its codes (n, t)."""
    code, position, velocity = SatrecArray(list(satellites)).sgp4(*window.julian(t_s))
    position *= 1e3
    velocity *= 1e3
    if code.any():
        position[code > 0] = np.nan
    return position, velocity, code


def _candidates(window: _Window, ship: Satrec, others: Sequence[Satrec], done: Sweep, filters: bool) -> Ints:
    """The objects that the filters let through; failures are written down."""
    if not others:
        return done.after_path
    times = window.grid_s(_FILTER_STEP_S)
    position, velocity, code = _states(window, others, times)
    for i in np.flatnonzero(code.any(axis=1)):
        done.failures[int(i)] = _failure(window, times, code[i])
    flown = np.flatnonzero((code == 0).all(axis=1))
    partly = np.flatnonzero((code > 0).any(axis=1) & ~(code > 0).all(axis=1))
    if not filters:
        done.after_apsis = done.after_path = np.sort(np.concatenate([flown, partly]))
        return done.after_path
    mine, theirs = paths(*_states(window, [ship], times)[:2]), paths(position[flown], velocity[flown])
    near = apsis_passes(mine, theirs, window.within_m)
    meets = near & path_passes(mine, theirs, window.within_m)
    done.after_apsis = np.sort(np.concatenate([flown[near], partly]))
    done.after_path = np.sort(np.concatenate([flown[meets], partly]))
    return done.after_path


def _failure(window: _Window, times: Array, code: npt.NDArray[np.uint8]) -> str:
    bad = np.flatnonzero(code)
    reason = SGP4_ERRORS.get(int(code[bad[0]]), "sgp4 gives no position")
    when = (
        "in the whole window" if len(bad) == len(code) else f"from about {times[bad[0]] / 3600:.1f} h into the window"
    )
    return f"{reason} ({when})"


def _sweep_chunk(
    window: _Window, ship: Satrec, some: list[Satrec], index: Ints, flight: tuple[Array, Array, Array], done: Sweep
) -> None:
    grid, here, going = flight
    farthest, fastest = np.zeros(len(some)), np.zeros(len(some))
    for first in range(0, len(grid) - 1, _BLOCK):
        piece = slice(first, min(first + _BLOCK, len(grid) - 1) + 1)
        offset, rate, code = _states(window, some, grid[piece])
        offset -= here[piece]
        rate -= going[piece]
        for i in np.flatnonzero(code.any(axis=1)):
            done.failures.setdefault(int(index[i]), _failure(window, grid[piece], code[i]))
        _minima(window, ship, some, index, (grid[piece], offset, rate), done)
        _edges(window, ship, some, index, (grid[piece], offset, rate), done)
        farthest = np.fmax(farthest, _largest(offset))
        near = np.flatnonzero(farthest <= _COMPANION_m)
        fastest[near] = np.fmax(fastest[near], _largest(rate[near]))
    for i in np.flatnonzero((farthest <= _COMPANION_m) & (fastest <= _COMPANION_m_s) & (farthest > 0)):
        done.companions[int(index[i])] = (float(farthest[i]), float(fastest[i]))


def _largest(vectors: Array) -> Array:
    """The largest norm along time (n,), endless where a sample is missing."""
    if not len(vectors):
        return np.zeros(0)
    norms = np.sqrt(np.einsum("ntk,ntk->nt", vectors, vectors).max(axis=1))
    return np.where(np.isnan(norms), np.inf, norms)


def _minima(
    window: _Window,
    ship: Satrec,
    some: list[Satrec],
    index: Ints,
    grid: tuple[Array, Array, Array],
    done: Sweep,
) -> None:
    """Sign changes of the range rate, sifted with the cubic, then solved with sgp4 itself."""
    t_s, offset, rate = grid
    rows = brackets(offset, rate, window.within_m)
    if not len(rows):
        return
    i, j = rows.T
    step = t_s[1] - t_s[0]
    _, miss = hermite_miss_m(offset[i, j], rate[i, j], offset[i, j + 1], rate[i, j + 1], step)
    for n, k in rows[miss <= window.within_m + _SLACK_m]:
        at = refine_s(ship, some[n], window.start, (float(t_s[k]), float(t_s[k + 1])))
        seen = encounter(ship, some[n], window.start, at)
        if seen.miss_m <= window.within_m:
            done.minima.append((int(index[n]), seen))


def _edges(
    window: _Window,
    ship: Satrec,
    some: list[Satrec],
    index: Ints,
    grid: tuple[Array, Array, Array],
    done: Sweep,
) -> None:
    """Objects that are within the threshold as the window opens (and leaving) or closes (and coming)."""
    t_s, offset, rate = grid
    for k, sign in ((0, 1.0), (-1, -1.0)):
        if t_s[k] not in (0.0, window.duration_s):
            continue
        range_m = np.linalg.norm(offset[:, k], axis=-1)
        closing = np.einsum("nk,nk->n", offset[:, k], rate[:, k])
        for n in np.flatnonzero((range_m <= window.within_m) & (sign * closing > 0)):
            done.edges.append((int(index[n]), encounter(ship, some[n], window.start, float(t_s[k]))))
