"""Take the temperature out of a pressure: how much of it does the liquid's temperature, and its past, explain?"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.physics.cited import Cited

__all__ = ["Compensation", "learn_compensation", "thermal_features_K"]

#: Memories of the running means of the temperature. A gas that follows the liquid with any lag in this range is a sum of these.
#: The sheet's plant uses lags of 0 to 50 min (telemetry.md 5.1); the shortest also smooths the sensor's steps.
LAGS_S = (60.0, 300.0, 900.0, 1800.0, 3600.0)
#: Ridge penalty as a share of the features' mean square, against lags that say the same thing.
RIDGE_RATIO = Cited(1e-4, unit="", source="whipple_judgement", grade="proposal")
_BLOCKS = 4


@dataclass(frozen=True)
class Compensation:
    """What is left of the fused pressure (n,): `residual_Pa` with the learned law, and `honest_Pa` on the quiet part.

    `honest_Pa` (n_quiet,) are residuals of blocks that were left out when the law was learned: the noise is measured on these.
    `explained_Pa` (n,) is what the temperature accounts for.
    """

    residual_Pa: Array
    honest_Pa: Array
    explained_Pa: Array


def thermal_features_K(t_s: Array, temperature_K: Array) -> Array:
    """Running means of the temperature (n, n_lag) with the memories `LAGS_S`, causal.

    >>> thermal_features_K(np.arange(3.0), np.full(3, 290.0))[:, 0].tolist()
    [290.0, 290.0, 290.0]
    """
    step = np.concatenate([[0.0], np.diff(t_s)])
    share = 1 - np.exp(-step[:, None] / np.array(LAGS_S)[None, :])
    out = np.empty(share.shape)
    state = np.full(len(LAGS_S), temperature_K[: max(1, int(np.searchsorted(t_s, t_s[0] + LAGS_S[1])))].mean())
    for i, now in enumerate(temperature_K):
        state = state + share[i] * (now - state)
        out[i] = state
    return out


def learn_compensation(
    t_s: Array,
    fused_Pa: Array,
    temperature_K: Array | None,
    quiet: npt.NDArray[np.bool_],
    means_K: Array | None = None,
) -> Compensation:
    """Learn the pressure from the temperature on the `quiet` samples (n, bool) and take it out everywhere.

    Ridge regression on the running means (`means_K` (n, n_lag), or those of the temperature). Without a temperature only the quiet mean is taken out.
    """
    if temperature_K is None:
        mean = fused_Pa[quiet].mean()
        return Compensation(fused_Pa - mean, fused_Pa[quiet] - mean, np.zeros(t_s.size))
    features = thermal_features_K(t_s, temperature_K) if means_K is None else means_K
    features = features - features[quiet].mean(axis=0)
    weights, level = _ridge(features[quiet], fused_Pa[quiet])
    explained = features @ weights
    return Compensation(fused_Pa - level - explained, _left_out(features[quiet], fused_Pa[quiet]), explained)


def _ridge(features: Array, target: Array) -> tuple[Array, float]:
    middle, level = features.mean(axis=0), float(target.mean())
    x, y = features - middle, target - level
    penalty = float(RIDGE_RATIO) * max(float((x**2).mean()), 1e-12) * len(y)
    weights = np.linalg.solve(x.T @ x + penalty * np.eye(x.shape[1]), x.T @ y)
    return weights, level - float(middle @ weights)


def _left_out(features: Array, target: Array) -> Array:
    """Residuals of each block of the quiet data under the law learned on the other blocks."""
    edges = np.linspace(0, len(target), _BLOCKS + 1).astype(int)
    out = np.empty(len(target))
    for low, high in itertools.pairwise(edges):
        others = np.r_[0:low, high : len(target)]
        weights, level = _ridge(features[others], target[others])
        out[low:high] = target[low:high] - level - features[low:high] @ weights
    return out
