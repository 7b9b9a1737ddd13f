"""What grows evenly while a leak goes on unchanged? The readings of a window as straight lines, one a law of the leak."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import solve_triangular

from whipple.casefile.estimate import Array
from whipple.physics.cited import Cited
from whipple.telemetry.gas_cooling import begun_ratio, follow
from whipple.telemetry.gas_law import GasLaw, LoopFacts, volume_ratio
from whipple.telemetry.leak_window import LAWS, Binned, Window

__all__ = ["Line", "Straight", "grown_ratio", "lost_ratio", "straight_lines"]

#: By what share the balance of a gas at the first rate of a window is not known (1 sigma).
BEGUN_SIGMA = Cited(0.2, unit="", source="whipple_judgement", grade="proposal")
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

    Errors of the followed temperature, of level and drift, of the learned law are in the covariance (`leak_posterior.Binned`), and that the gas
    may have begun the window off the balance of a leak at its first rate there. A gas that cools makes a column answer to those before it in
    time: once more at once, and less as it warms again.
    """

    def __init__(self, window: Window, law: GasLaw, facts: LoopFacts, most_bins: int = _MOST_BINS) -> None:
        self.binned, self._gas = Binned(window, law, facts, most_bins), law
        self.t_s, self.width_s = self.binned.t_s, self.binned.step_s
        self.end_s = float(window.t_s[-1])
        self._lost, self._rest, self._push, self._factor = np.zeros(0), np.zeros(0), np.zeros(0), np.zeros((0, 0))
        self._fit_Pa, self._warm_K, self._stored_K, self._settled = np.zeros(0), np.zeros(0), np.zeros(0), 0.0

    def read(self, lost: Array) -> None:
        """Read the codes at the guess `lost` (n,), and set the clock of the orifice law by it."""
        self.binned.wind(lost)
        self._lost = self.binned.mean(lost)
        self._fit_Pa, self._push = self.binned.binned_Pa(self._lost), self.binned.push_Pa(self._lost)
        volume = volume_ratio(self._gas, self.binned.facts, self.binned.liquid_K, self._lost)
        heat = volume**self._gas.cools_ratio
        self._warm_K = self.binned.liquid_K * heat
        self._stored_K = self._fit_Pa * volume * heat * (self._gas.temperature_K / self._gas.level_Pa)
        rate = float(self._lost[1] - self._lost[0]) / self.width_s
        self._settled = -float(np.expm1(-max(self._lost[0], 0.0) / max(rate, 1e-12) / self._gas.lag_s))
        unknown = np.column_stack([self.binned.unknown_Pa(self._lost), self._off_Pa(rate)])
        self._rest, self._factor = self.binned.near(self.binned.lost_Pa(lost), unknown)

    def _off_Pa(self, rate_per_s: float) -> Array:
        """What a gas makes of the pressure (n_bin,) that began the window off its balance, 1 sigma."""
        cold = 1 - float(begun_ratio(self._gas, self._lost[0], rate_per_s))
        sigma = self.binned.window.cold_ratio + float(BEGUN_SIGMA) * abs(cold)
        left = np.exp(-(self.t_s - self.t_s[0]) / self._gas.lag_s) * self._stored_K[0] / self._stored_K
        return np.asarray(self._fit_Pa * sigma * left)

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
        level, since = np.ones(self.t_s.size), -self.since_s(law, self.t_s)
        so_far = self._fall_Pa(law, grown_ratio(law, self._lost), goes_on=True)
        columns = [self._fall_Pa(law, level), self._fall_Pa(law, since, goes_on=True), self._rest + so_far]
        white = self.white(np.stack(columns, 1))
        return white[:, :2], white[:, 2]

    def ramps(self, law: str, from_s: Array) -> Array:
        """Whitened (n_bin, m): one more a second from each of `from_s` (m,) on, exact means of the bins."""
        begun = self.binned.at_clock(law, from_s)
        end, start = (self.binned.at_clock(law, self.t_s + side * self.width_s / 2)[:, None] for side in (1, -1))
        grown = (np.maximum(end - begun, 0.0) ** 2 - np.maximum(start - begun, 0.0) ** 2) / (2 * (end - start))
        return self.white(self._fall_Pa(law, grown.T).T)

    def since_s(self, law: str, from_s: Array) -> Array:
        """How long the clock of a law ran from `from_s` to the end of the window, same shape."""
        return self.binned.at_clock(law, np.asarray(self.end_s)) - self.binned.at_clock(law, from_s)

    def _fall_Pa(self, law: str, grown: Array, *, goes_on: bool = False) -> Array:
        """Pascal for what has `grown` (..., n_bin) beside the guess, with what the gas makes of it; `goes_on`: it grew so before the window too."""
        lean = self._push / (1.0 if law == "constant" else np.sqrt(np.maximum(1 + self._lost, _LEAST_LEFT)))
        share = lean / self._fit_Pa
        moved, slope = grown * share, (grown[..., 1] - grown[..., 0]) / self.width_s * share[0]
        before = slope * self._gas.lag_s * self._settled if goes_on else 0.0
        start = self._stored_K[0] * moved[..., 0] - self._warm_K[0] * before
        warmed = follow(self._warm_K * moved, self.width_s, self._gas.lag_s, start) / self._stored_K
        return np.asarray(self._fit_Pa * (moved + self._gas.cools_ratio * (moved - warmed)))


def straight_lines(window: Window, law: GasLaw, facts: LoopFacts, guess: Array) -> dict[str, Line]:
    """The straight line of each law, the codes read at the better of them; `guess` (n,) is the volume lost to begin with."""
    straight, lost, lines = Straight(window, law, facts), guess, {}
    for _ in range(_ROUNDS):
        straight.read(lost)
        lines = {name: straight.line(name) for name in LAWS}
        lost = max(lines.values(), key=lambda line: line.level_nat).lost(window.t_s)
    return lines
