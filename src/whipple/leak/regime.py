"""What is leaking: liquid pushed by an accumulator, gas from a vessel, or the vapour of a boiling liquid? Told by the shape of the fall.

Every one of them falls as p/p0 = (1 + r t/m)^-m, with r the first relative rate and m the shape (sheet 3.1 to 3.3):
a gas-charged accumulator m = n/(1 + n/2), about 0.7; a spring m = -2; a gas vessel 2n/(n - 1), 7 and more (an exponential at n = 1);
vapour over its own boiling, cooling liquid m about 1, starting at the vapour pressure. The ranges of m do not meet, so that the
evidence decides, not a threshold.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from whipple.casefile.estimate import Array
from whipple.leak.posterior import sample
from whipple.leak.record import Bins
from whipple.physics.cited import Cited
from whipple.physics.fluids import Fluid

__all__ = ["REGIME_PRIORS", "fall_ratio", "regime_odds"]

#: Before the record is read: equal.
REGIME_PRIORS: Mapping[str, float] = {"liquid, gas charge": 0.25, "liquid, spring": 0.25, "gas": 0.25, "vapour": 0.25}
#: A boiling loop stands at its vapour pressure to this (1-sigma of the natural logarithm: 2 K of temperature).
BOILING_NAT = Cited(0.1, unit="", source="leak_sheet", grade="proposal")
#: Any other may stand anywhere between 1 kPa and 10 MPa (width in natural logarithm).
ANYWHERE_NAT = Cited(9.2, unit="", source="leak_sheet", grade="proposal")
#: First relative rate of fall, log-uniform [1/s].
_SLOWEST_per_s, _FASTEST_per_s = 1e-8, 1e-1
#: The fall is read down to this share of the start, above what the vapour pressure could hold up.
_FLOOR_SHARE = 0.08


@dataclass(frozen=True)
class _Shape:
    """How a standard-normal coordinate becomes the shape m."""

    low: float
    high: float

    def of(self, coordinate: Array) -> Array:
        """1/m evenly between the ends (a gas vessel reaches the exponential, 1/m = 0)."""
        return np.asarray(self.low + (self.high - self.low) * ndtr(coordinate))


#: 1/m: gas charge n 0.9 to 1.25 gives 1/n + 1/2; spring -1/2; vessel (n - 1)/(2n), n 1 to 1.4; boiling about 1.
_SHAPES: Mapping[str, _Shape] = {
    "liquid, gas charge": _Shape(1 / 1.25 + 0.5, 1 / 0.9 + 0.5),
    "liquid, spring": _Shape(-0.5 - 1e-6, -0.5 + 1e-6),
    "gas": _Shape(0.0, 0.4 / 2.8),
    "vapour": _Shape(0.85, 1.15),
}


def fall_ratio(fallen: Array, inverse_shape: Array) -> Array:
    """p/p0 after `fallen` = r t (first rate times time), shape 1/m: (1 + fallen/m)^-m, exp(-fallen) at 1/m = 0.

    >>> [round(float(fall_ratio(np.array(0.5), np.array(shape))), 4) for shape in (1.5, -0.5, 0.0)]
    [0.6886, 0.5625, 0.6065]
    """
    small = np.abs(inverse_shape) < 1e-9
    shape = np.where(small, 1.0, inverse_shape)
    inside = np.maximum(1 + shape * fallen, 1e-12)
    return np.where(small, np.exp(-fallen), np.exp(-np.log(inside) / shape))


def _misfit(
    name: str, bins: Bins, used: npt.NDArray[np.int64], onset: tuple[float, float], vapour_Pa: float, draws: Array
) -> tuple[Array, Array]:
    """Residuals of the record; coordinates ln p0 over the quiet pressure, onset, rate, shape (the last two standard normal)."""
    start = bins.quiet_Pa * np.exp(draws[:, [0]])
    rate = np.exp(np.log(_SLOWEST_per_s) + np.log(_FASTEST_per_s / _SLOWEST_per_s) * ndtr(draws[:, [2]]))
    shape = _SHAPES[name].of(draws[:, [3]])
    middle = (bins.from_s[used] + bins.to_s[used]) / 2
    since = np.maximum(middle - onset[0] - onset[1] * draws[:, [1]], 0.0)
    expected = start * fall_ratio(rate * since, shape)
    swing = (bins.expanding_frac[used] + bins.gas_frac[used]) * expected
    covariance = np.diag(bins.sigma_Pa[used] ** 2) + bins.common_Pa2[np.ix_(used, used)]
    white = np.linalg.inv(np.linalg.cholesky(covariance))
    off = np.einsum("ij,nj->ni", white, bins.pressure_Pa[used] - expected - swing)
    if name == "vapour":
        level, density = np.log(start / vapour_Pa) / BOILING_NAT, -np.log(BOILING_NAT * np.sqrt(2 * np.pi))
    else:
        level, density = np.maximum(np.log(vapour_Pa / start), 0.0) / BOILING_NAT, -np.log(ANYWHERE_NAT)
    residual = np.concatenate([off, draws[:, 1:], level], axis=1)
    return residual, np.full(len(draws), float(density))


def regime_odds(
    bins: Bins, fluid: Fluid, onset_s: float, doubt_s: float, rng: np.random.Generator,
    priors: Mapping[str, float] = REGIME_PRIORS,
) -> dict[str, float]:  # fmt: skip
    """Probability of each of the four (names of `REGIME_PRIORS`) from the part of the record above a twelfth of the start.

    A regime that is slow to show its shape is not told from the others: the probabilities then stay near the prior. Liquid or gas
    stands at any pressure above the vapour pressure of the fluid, a boiling loop at the vapour pressure itself.
    """
    vapour = fluid.vapour_pressure_Pa(bins.temperature_K)
    floor = max(_FLOOR_SHARE * bins.quiet_Pa, 3 * vapour if bins.quiet_Pa > 6 * vapour else 0.0)
    low = np.flatnonzero(bins.pressure_Pa < floor)
    used = np.arange(int(low[0]) if low.size else bins.pressure_Pa.size)
    evidence = {}
    for name in _SHAPES:
        misfit = partial(_misfit, name, bins, used, (onset_s, doubt_s), vapour)
        scan = np.array([[0.0, 0.0, rate, 0.0] for rate in np.linspace(-2.0, 2.0, 41)])
        order = np.argsort(np.sum(misfit(scan)[0] ** 2, axis=1))
        found = sample(misfit, scan[order[:2]], rng, walk=False)
        evidence[name] = found.evidence_nat + float(np.log(priors[name]))
    best = max(evidence.values())
    share = {name: float(np.exp(value - best)) for name, value in evidence.items()}
    total = sum(share.values())
    return {name: value / total for name, value in share.items()}
