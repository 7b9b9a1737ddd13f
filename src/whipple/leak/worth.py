"""What would one more datum do to the diameter: how many times would its interval shrink?"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from whipple.casefile.estimate import Array
from whipple.leak.prior import Scored

__all__ = ["information_nat", "shrink_ratio", "worth_of"]

#: Data a person could still ask for: what they are called, what they measure, 1-sigma of the natural logarithm assumed.
_WANTED: tuple[tuple[str, str, Callable[[Scored], Array], float], ...] = (
    ("picture", "a picture (diameter to 5 %)", lambda s: s.diameter_m, 0.03),
    ("inventory", "a measured inventory (to 3 %)", lambda s: s.law.inventory_m3, 0.018),
    ("accumulator", "a drawing of the accumulator (gas volume to 5 %)", lambda s: s.law.stiffness_volume_m3, 0.03),
    ("torque", "the reaction torque (to 10 %, and 10 % more for the flashing of the jet)", lambda s: s.law.thrust_at_onset_N, 0.12),
    (
        "temperature", "a quiet record through warm and cold (inventory over gas volume to 10 %)",
        lambda s: s.law.inventory_m3 / s.law.stiffness_volume_m3, 0.06,
    ),
    ("duration", "the moment the flow stopped (duration to 3 %)", lambda s: s.law.empty_s, 0.018),
    ("discharge", "a discharge test of such a hole (coefficient to 3 %)", lambda s: s.law.discharge_ratio, 0.018),
)  # fmt: skip
_TRUTH_COUNT, _Q = 41, (0.05, 0.95)


def _width(value: Array, weight: Array) -> float:
    order = np.argsort(value)
    total = np.cumsum(weight[order])
    low, high = np.interp(_Q, total / total[-1], value[order])
    return float(high - low)


def shrink_ratio(before_m: Array, after_m: Array) -> float:
    """How many times narrower the 90 % interval of the natural logarithm became.

    >>> wide = np.exp(np.linspace(-1, 1, 2001))
    >>> round(shrink_ratio(wide, wide**0.25), 2)
    4.0
    """
    one = np.diff(np.log(np.quantile(before_m, _Q)))[0]
    other = np.diff(np.log(np.quantile(after_m, _Q)))[0]
    return float(one / max(other, 1e-12))


def information_nat(before_m: Array, after_m: Array) -> float:
    """Relative entropy of the diameter after against before, from histograms of the logarithm on 24 bins of equal probability.

    >>> wide = np.exp(np.linspace(-1, 1, 2400))
    >>> round(information_nat(wide, wide), 3), round(information_nat(wide, wide**0.25), 2)
    (0.0, 1.39)
    """
    edges = np.quantile(np.log(before_m), np.linspace(0, 1, 25))
    edges[0], edges[-1] = -np.inf, np.inf
    share = np.histogram(np.log(after_m), edges)[0] / after_m.size
    kept = share[share > 0]
    return float(np.sum(kept * np.log(kept * 24)))


def worth_of(parts: tuple[Scored, ...], used: tuple[str, ...]) -> tuple[tuple[str, float], ...]:
    """For each datum not yet used: its name in words, and how many times it would shrink the 90 % interval of the diameter.

    Averaged (in the logarithm) over truths drawn from the posterior, best first. The draws are weighed by the likelihood of a
    datum that tells the truth, so a ratio far above ten is only a lower bound on what 2000 draws can show.
    """
    size = np.log(np.concatenate([np.ravel(part.diameter_m) for part in parts]))
    whole = _width(size, np.ones(size.size))
    truths = np.linspace(0, size.size - 1, _TRUTH_COUNT).astype(int)
    found = []
    for name, words, slot, sigma in _WANTED:
        if name in used:
            continue
        values = [np.broadcast_to(slot(part), np.shape(part.diameter_m)) for part in parts]
        seen = np.log(np.concatenate([np.ravel(value) for value in values]))
        ratios = [
            whole / max(_width(size, np.exp(-0.5 * ((seen - seen[index]) / sigma) ** 2)), 1e-3) for index in truths
        ]
        found.append((words, float(np.exp(np.mean(np.log(ratios))))))
    return tuple(sorted(found, key=lambda row: -row[1]))
