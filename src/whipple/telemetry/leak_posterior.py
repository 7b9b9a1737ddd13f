"""When did the leak begin and how fast is it? Onset and rate from every reading of a window, through the gas law."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import solve_triangular
from scipy.special import logsumexp

from whipple.casefile.estimate import Array
from whipple.telemetry.gas_law import GasLaw, LoopFacts
from whipple.telemetry.leak_window import LAWS, Binned, Window, fallen_ratio

__all__ = ["LeakPosterior", "compensated", "leak_posterior", "weighted_quantiles"]

_ROUNDS, _WINDS, _WIDE = 8, 2, 5.0
_GRID = (41, 31)
#: What is not known of the inventory over the gas volume, in sigmas, and the weight of each.
_HELD_SIGMAS = np.linspace(-3.0, 3.0, 13)
_HELD_WEIGHTS = np.exp(-0.5 * _HELD_SIGMAS**2) / np.exp(-0.5 * _HELD_SIGMAS**2).sum()


@dataclass(frozen=True)
class LeakPosterior:
    """Weighted points (m,): onset, first rate as volume over the gas volume at charge, and its law; `rate_frac_s` of the inventory.

    `ahead_s` is by how much the clock of the orifice law ran ahead of time from the likeliest onset to the end of the window.
    """

    onset_s: Array
    rate_per_s: Array
    rate_frac_s: Array
    weight_prob: Array
    law: tuple[str, ...]
    best_nat: float
    ahead_s: float = 0.0


def leak_posterior(
    window: Window, law: GasLaw, facts: LoopFacts, start: tuple[float, float], laws: tuple[str, ...] = LAWS
) -> LeakPosterior:
    """Posterior of onset and rate on a grid about the best fit; `start` = (onset [s], rate [1/s]) from the alarm.

    Prior: onset uniform over the window, rate uniform in its logarithm, both laws alike. The likelihood of the codes is taken at the best
    fit; errors of the followed temperature, of the level, of the coupling, the lag and the cooling of the gas are in the covariance.
    """
    binned, begun = Binned(window, law, facts), np.array([start[0], np.log(start[1])])
    point = begun
    for _ in range(_WINDS):
        binned.wind(fallen_ratio("orifice", np.exp(point[1]), window.t_s - point[0]))
        point = _best_fit(binned, "orifice", point)[0]
    parts = [_grid(binned, name, point if name == "orifice" else begun) for name in laws]
    nat = np.concatenate([part[2] for part in parts])
    rate, onset = (np.concatenate([part[k] for part in parts]) for k in (1, 0))
    names = tuple(name for name, part in zip(laws, parts, strict=True) for _ in part[0])
    share = facts.expansion_per_K / law.couple_per_K * (1 + law.held_sigma_ratio * _HELD_SIGMAS)
    weight = np.exp(nat - logsumexp(nat))
    first = float(onset[int(np.argmax(nat))])
    ahead_s = first - float(binned.at_clock("orifice", np.asarray(first)))
    weights = np.outer(_HELD_WEIGHTS, weight).ravel()
    onsets, rates, times = np.tile(onset, share.size), np.tile(rate, share.size), np.outer(share, rate).ravel()
    return LeakPosterior(onsets, rates, times, weights, names * share.size, float(nat.max()), ahead_s)


def weighted_quantiles(value: Array, weight: Array, probs: Array) -> Array:
    """Quantiles of weighted points, each standing for the middle of its share.

    >>> weighted_quantiles(np.array([1.0, 2.0, 3.0]), np.ones(3), np.array([0.5])).tolist()
    [2.0]
    """
    order = np.argsort(value, kind="stable")
    share = weight[order] / weight.sum()
    return np.asarray(np.interp(probs, np.cumsum(share) - share / 2, value[order]))


def _grid(binned: Binned, name: str, start: Array) -> tuple[Array, Array, Array]:
    """Onsets, rates and log posterior density times cell of one law, about its best fit."""
    best, cov = _best_fit(binned, name, start)
    fit = binned.pressure(name, best[0], np.exp(best[1]))
    rest, factor = binned.compared(name, best)
    half = _WIDE * np.sqrt(np.diag(cov))
    onset = np.linspace(best[0] - half[0], best[0] + half[0], _GRID[0])
    rate = np.linspace(best[1] - half[1], best[1] + half[1], _GRID[1])
    onsets, rates = (x.ravel() for x in np.meshgrid(onset, rate, indexing="ij"))
    missed = rest + fit - binned.pressure(name, onsets, np.exp(rates))
    nat = -0.5 * (solve_triangular(factor, missed.T, lower=True) ** 2).sum(0)
    inside = (onsets >= binned.window.t_s[0]) & (onsets <= binned.window.t_s[-1])
    cell = np.log((onset[1] - onset[0]) * (rate[1] - rate[0])) - np.log(np.diag(factor)).sum()
    return onsets, np.exp(rates), np.where(inside, nat + cell, -np.inf)


def _best_fit(binned: Binned, name: str, start: Array) -> tuple[Array, Array]:
    """Gauss-Newton in onset and log rate, steps held short; best point and its covariance."""
    point = start.copy()
    cov = np.eye(2)
    for _ in range(_ROUNDS):
        fit = binned.pressure(name, point[0], np.exp(point[1]))
        rest, factor = binned.compared(name, point)
        nudge = np.array([binned.facts.cadence_s / 2, 0.01])
        slopes = [(binned.pressure(name, *_moved(point, nudge, i)) - fit) / nudge[i] for i in (0, 1)]
        lean = solve_triangular(factor, np.stack(slopes, 1), lower=True)
        pull = solve_triangular(factor, rest, lower=True)
        cov = np.linalg.inv(lean.T @ lean + np.diag([1e-9, 0.05]))
        step = cov @ (lean.T @ pull)
        step *= min(1.0, 1.0 / max(abs(step[1]), 1e-9), 1800.0 / max(abs(step[0]), 1e-9))
        point = point + step
        point[0] = np.clip(point[0], binned.window.t_s[0], binned.window.t_s[-1] - 2 * binned.facts.cadence_s)
    return point, cov


def _moved(point: Array, nudge: Array, which: int) -> tuple[Array, Array]:
    moved = point.copy()
    moved[which] += nudge[which]
    return moved[0], np.exp(moved[1])


def compensated(window: Window, law: GasLaw, facts: LoopFacts, shift_Pa: Array) -> tuple[Array, Array, Array, Array]:
    """In bins: time, what the codes say beyond the tight loop, the Cholesky factor of its covariance, and the tight pressure.

    `shift_Pa` (n,) is the change that the codes are read at: a smooth guess.
    """
    binned = Binned(window, law, facts)
    tight = binned.each("constant", float(window.t_s[-1]), 0.0)
    rest, factor = binned.against(tight + shift_Pa, binned.unknown_Pa(np.zeros(binned.count)))
    return binned.t_s, rest + binned.mean(shift_Pa), factor, binned.mean(tight)
