"""What does the record show of the end: the accumulator at its stop, and the vapour going once the liquid is gone?

The end is judged against the tail of the same record: a loop that still drains stands at its vapour pressure, whatever its gauge reads too
much or too little. What the gauge is off by cancels; noise, slow errors and the doubt of the temperature effect count (`Bins`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array, Caveat
from whipple.leak.prior import LoopPrior
from whipple.leak.record import Bins
from whipple.physics.cited import Cited

__all__ = ["Emptying", "emptying", "untold_end"]

#: A fall below the tail's own level counts from so many sigma on; it may be any of some fifty bins.
FALL_SIGMA = Cited(4.0, unit="", source="whipple_judgement", grade="proposal")
#: Where the record shows no tail to compare with: so many sigma of the gauge's bias, and the bins' own doubt, below the vapour pressure.
ABSENT_SIGMA = Cited(3.0, unit="", source="whipple_judgement", grade="proposal")
#: The pressure stepped down where the accumulator stopped if it stood so many times above the vapour pressure.
_STEP_RATIO = 4.0


@dataclass(frozen=True)
class Emptying:
    """What the record shows of the end: the accumulator at its stop, the flow over, the last sample (s after the epoch).

    `fall_sigma` is how far the fall at the end stands out from the tail before it, 0 where it may be something else: without a tail to
    compare with, or where the accumulator pushed down to the vapour pressure without a step.
    """

    bottomed_s: float | None
    emptied_s: float | None
    last_s: float
    fall_sigma: float = 0.0


def emptying(bins: Bins, prior: LoopPrior) -> Emptying:
    """When the pressure first stays near the vapour pressure, and when it falls clearly below, as far as the record shows.

    The end is the step down that stands out most from the tail before it (`FALL_SIGMA`), or a last reading below the vapour pressure by
    more than the gauge can be off. A reading near the vapour pressure is no end: none is told where the gauge cannot resolve it.
    """
    vapour = float(prior.fluid.vapour_pressure_Pa(bins.temperature_K))
    doubt, last = np.hypot(bins.bias_Pa, bins.doubt_Pa), float(bins.to_s[-1])
    bottomed = _fall_s(bins, bins.pressure_Pa > 2 * vapour + doubt, vapour)
    if bottomed is None:
        return Emptying(None, None, last)
    emptied, sigma = _fallen_s(bins, prior, bottomed)
    if sigma > FALL_SIGMA:
        stepped = np.any(bins.pressure_Pa[bins.to_s <= bottomed][-1:] > _STEP_RATIO * vapour)
        return Emptying(bottomed, emptied, last, sigma if stepped else 0.0)
    low = vapour - np.hypot(ABSENT_SIGMA * bins.bias_Pa, bins.doubt_Pa)
    absent = _fall_s(bins, bins.pressure_Pa > np.maximum(low, 0.0), 0.0) if low[-1] > 0 else None
    return Emptying(bottomed, absent, last)


def _fallen_s(bins: Bins, prior: LoopPrior, bottomed_s: float) -> tuple[float, float]:
    """The step down in the tail that stands out most, and by how many sigma: least squares with the level free and the bins' covariance."""
    tail = np.flatnonzero(bins.from_s >= bottomed_s)
    if tail.size < 2:
        return bottomed_s, 0.0
    level = bins.pressure_Pa[tail] - _boiling_Pa(bins, prior)[tail]
    covariance = bins.common_Pa2[np.ix_(tail, tail)] + np.diag(bins.sigma_Pa[tail] ** 2)
    whitener = np.linalg.inv(np.linalg.cholesky(covariance))
    even = whitener.sum(axis=1) / np.linalg.norm(whitener.sum(axis=1))
    steps = whitener @ -np.tri(tail.size, k=-1)[:, :-1]  # column k: down by one after bin k
    steps = steps - np.outer(even, even @ steps)
    stands = steps.T @ whitener @ level / np.linalg.norm(steps, axis=0)
    first = int(np.argmax(stands))
    full, gone = (float(np.median(part)) for part in (level[: first + 1], level[first + 1 :]))
    half_s = _fall_s(bins, (bins.from_s < bottomed_s) | (bins.pressure_Pa > 0.5 * (full + gone)), gone)
    return float(bins.from_s[tail[first + 1]]) if half_s is None else half_s, float(stands[first])


def _boiling_Pa(bins: Bins, prior: LoopPrior) -> Array:
    """How the vapour pressure moves with the liquid's temperature (n,)."""
    fluid, kelvin = prior.fluid, bins.temperature_K
    steepness = fluid.heat_of_vaporisation_J_kg(kelvin) / fluid.gas_constant_J_kgK / kelvin**2
    return np.asarray(fluid.vapour_pressure_Pa(kelvin) * steepness * bins.warmer_K)


def _fall_s(bins: Bins, above: npt.NDArray[np.bool_], below_Pa: float) -> float | None:
    """When the pressure steps down to `below_Pa`, to a part of a bin; None when it is still above in the last bin."""
    if not above.any() or above[-1]:
        return None
    last = int(np.flatnonzero(above)[-1])
    before = float(bins.pressure_Pa[max(last - 1, 0)] - below_Pa)
    share = np.clip((bins.pressure_Pa[last : last + 2] - below_Pa) / max(before, 1.0), 0.0, 1.0)
    between = bins.from_s[last + 1] - bins.to_s[last]  # single samples, or a gap: the step is anywhere between them
    return float(bins.from_s[last] + np.sum(share * (bins.to_s - bins.from_s)[last : last + 2]) + 0.5 * between)


def untold_end(bins: Bins | None, prior: LoopPrior) -> Caveat | None:
    """What to say where the gauges stand still, or are too coarse, while the vapour could go; None where they would show it."""
    seen = emptying(bins, prior) if bins is not None else Emptying(None, None, 0.0)
    if bins is None or seen.bottomed_s is None or seen.emptied_s is not None:
        return None
    tail = bins.from_s >= seen.bottomed_s
    vapour = float(prior.fluid.vapour_pressure_Pa(bins.temperature_K))
    if tail.sum() < 2 or (np.ptp(bins.pressure_Pa[tail]) > 0 and vapour > FALL_SIGMA * np.median(bins.sigma_Pa[tail])):
        return None
    return Caveat(
        "leak-end-untold",
        f"The gauges cannot tell whether the loop is empty: the vapour pressure, {vapour:.0f} Pa at {bins.temperature_K:.0f} K, is less than they "
        "resolve. The loop may have been empty before the last reading; the time to empty rests on the volumes given.",
    )
