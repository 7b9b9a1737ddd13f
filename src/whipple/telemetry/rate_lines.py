"""What grows evenly while a leak goes on unchanged? The readings of a window as straight lines, one a law of the leak."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import solve_triangular

from whipple.casefile.estimate import Array
from whipple.telemetry.gas_law import GasLaw, LoopFacts
from whipple.telemetry.leak_posterior import LAWS, Binned, Window

__all__ = ["Line", "Straight", "grown_ratio", "lost_ratio", "straight_lines"]

_MOST_BINS, _ROUNDS, _LEAST_LEFT = 120, 2, 0.03


def grown_ratio(law: str, lost: Array) -> Array:
    """What grows evenly, of the volume lost over the gas volume at charge x: x itself ("constant"), or ((1 + x)^1.5 - 1)/1.5 ("orifice").

    >>> grown_ratio("orifice", np.array([0.0, 3.0])).round(4).tolist()
    [0.0, 4.6667]
    """
    return np.asarray(lost if law == "constant" else (np.maximum(1 + lost, _LEAST_LEFT) ** 1.5 - 1) / 1.5)


def lost_ratio(law: str, grown: Array) -> Array:
    """Back from `grown_ratio`.

    >>> lost_ratio("orifice", np.array([4.6667])).round(3).tolist()
    [3.0]
    """
    return np.asarray(grown if law == "constant" else np.maximum(1 + 1.5 * grown, _LEAST_LEFT) ** (2 / 3) - 1)


@dataclass(frozen=True)
class Line:
    """A line under one law, straight or bent at `from_s`: what has grown at `end_s` without the bend, the slope a second before it and the
    change of slope `mean` (2,) or (3,), their `cov`, log likelihood."""

    law: str
    end_s: float
    from_s: float | None
    mean: Array
    cov: Array
    level_nat: float

    def lost(self, t_s: Array) -> Array:
        """Volume lost over the gas volume at charge, at `t_s`, same shape."""
        grown = self.mean[0] + self.mean[1] * (t_s - self.end_s)
        if self.from_s is not None:
            grown = grown + self.mean[2] * np.maximum(t_s - self.from_s, 0.0)
        return lost_ratio(self.law, grown)


class Straight:
    """The readings of a window as what has grown under each law, in bins, whitened; `read` first.

    Errors of the followed temperature, of level and drift, of coupling and lag are in the covariance (`leak_posterior.Binned`).
    """

    def __init__(self, window: Window, law: GasLaw, facts: LoopFacts, most_bins: int = _MOST_BINS) -> None:
        self.binned = Binned(window, law, facts, most_bins)
        self.t_s, self.width_s = self.binned.t_s, self.binned.size * facts.cadence_s
        self.end_s = float(window.t_s[-1])
        self._lost, self._rest, self._push, self._factor = np.zeros(0), np.zeros(0), np.zeros(0), np.zeros((0, 0))

    def read(self, lost: Array) -> None:
        """Read the codes at the guess `lost` (n,), and set the clock of the orifice law by it."""
        self.binned.wind(lost)
        self._rest, self._factor = self.binned.against(self.binned.lost_Pa(lost))
        self._lost = self.binned.mean(lost)
        self._push = (self.binned.binned_Pa(self._lost + 1e-5) - self.binned.binned_Pa(self._lost)) / 1e-5

    def white(self, columns_Pa: Array) -> Array:
        """Columns (n_bin, m) whitened."""
        return np.asarray(solve_triangular(self._factor, columns_Pa, lower=True, check_finite=False))

    def line(self, law: str, from_s: float | None = None, prior_per_s: float = np.inf) -> Line:
        """The straight line of a law, or one bent at `from_s`, the change of slope normal about none with `prior_per_s` for 1-sigma."""
        columns, target = self._straight(law)
        if from_s is not None:
            columns = np.concatenate([columns, self.ramps(law, np.array([from_s]))], 1)
        scale = np.sqrt((columns**2).sum(0))
        white = columns / scale
        hard = np.zeros(scale.size)
        hard[2:] = (prior_per_s * scale[2:]) ** -2
        cov = np.linalg.inv(white.T @ white + np.diag(hard))
        mean = cov @ (white.T @ target)
        left = target - white @ mean
        nat = -0.5 * float(left @ left) - 0.5 * float(hard @ mean**2)
        return Line(law, self.end_s, from_s, mean / scale, cov / np.outer(scale, scale), nat)

    def scores(self, law: str, columns: Array) -> tuple[Array, Array]:
        """Information and score (m,) of whitened `columns` (n_bin, m) beside a straight line."""
        lines, target = self._straight(law)
        basis = np.linalg.qr(lines)[0]
        left = target - basis @ (basis.T @ target)
        size = (columns**2).sum(0) - ((basis.T @ columns) ** 2).sum(0)
        return np.maximum(size, 1e-300), left @ columns

    def _straight(self, law: str) -> tuple[Array, Array]:
        """Level and slope (n_bin, 2), and the readings (n_bin,), whitened."""
        lean = self._lean(law)
        columns = np.stack(
            [lean, -lean * self.since_s(law, self.t_s), self._rest + lean * grown_ratio(law, self._lost)], 1
        )
        white = self.white(columns)
        return white[:, :2], white[:, 2]

    def ramps(self, law: str, from_s: Array) -> Array:
        """Whitened (n_bin, m): one more a second from each of `from_s` (m,) on, exact means of the bins."""
        begun = self.binned.at_clock(law, from_s)
        end, start = (self.binned.at_clock(law, self.t_s + side * self.width_s / 2)[:, None] for side in (1, -1))
        grown = (np.maximum(end - begun, 0.0) ** 2 - np.maximum(start - begun, 0.0) ** 2) / (2 * (end - start))
        return self.white(self._lean(law)[:, None] * grown)

    def since_s(self, law: str, from_s: Array) -> Array:
        """How long the clock of a law ran from `from_s` to the end of the window, same shape."""
        return self.binned.at_clock(law, np.asarray(self.end_s)) - self.binned.at_clock(law, from_s)

    def _lean(self, law: str) -> Array:
        """Pascal for one more of what grows (n_bin,)."""
        return np.asarray(self._push / (1.0 if law == "constant" else np.sqrt(np.maximum(1 + self._lost, _LEAST_LEFT))))


def straight_lines(window: Window, law: GasLaw, facts: LoopFacts, guess: Array) -> dict[str, Line]:
    """The straight line of each law, the codes read at the better of them; `guess` (n,) is the volume lost to begin with."""
    straight, lost, lines = Straight(window, law, facts), guess, {}
    for _ in range(_ROUNDS):
        straight.read(lost)
        lines = {name: straight.line(name) for name in LAWS}
        lost = max(lines.values(), key=lambda line: line.level_nat).lost(window.t_s)
    return lines
