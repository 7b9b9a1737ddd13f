"""Which ships fit the published temperatures? Importance weights over the drawn ships, and readings beside ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import log_ndtr

from whipple.casefile.case import Case
from whipple.casefile.estimate import Z90, Array, Estimate
from whipple.casefile.findings.heat import ReadingCheck
from whipple.casefile.tables.claim import ClaimTable
from whipple.physics.cited import Cited
from whipple.thermal.humidity import ICE_POINT_K

__all__ = ["Reading", "check_readings", "effective_count", "find_readings", "resample", "weigh_ships"]

#: What a lumped node and an unnamed measuring place may differ by, 1 sigma.
DISCREPANCY_K = Cited(1.5, unit="K", source="thermal_proposal", grade="proposal")


@dataclass(frozen=True)
class Reading:
    """A published temperature: the claim, its slot of the network file, seconds since the epoch."""

    claim: ClaimTable
    slot: str
    t_s: float
    said_K: float
    low_K: float
    high_K: float

    @property
    def sigma_K(self) -> float:
        """1-sigma of the statement and of the model together."""
        return float(np.hypot((self.high_K - self.low_K) / (2 * Z90), DISCREPANCY_K))


def find_readings(case: Case, slots: Mapping[str, object], first_s: float, last_s: float) -> tuple[Reading, ...]:
    """The claims about "SLOT.temperature_K" that held within these times, evidence and held out; others are left alone."""
    found = []
    for claim in case.claims:
        slot, _, quantity = claim.about.rpartition(".")
        if (
            quantity == "temperature_K"
            and slot in slots
            and claim.use != "ignore"
            and claim.at
            and claim.value is not None
        ):
            t_s = case.seconds(claim.at)
            if first_s <= t_s <= last_s:
                found.append(Reading(claim, slot, t_s, claim.value.value, claim.value.low, claim.value.high))
    return tuple(found)


def weigh_ships(readings: Sequence[Reading], ours_K: Sequence[Array], count: int) -> Array:
    """Weights (n_ship = `count`,), summing to 1, from readings and what each ship had then (n_ship,) [K]; equal without readings."""
    log_weight = np.zeros(count)
    for reading, ours in zip(readings, ours_K, strict=True):
        deviation = (ours - reading.said_K) / reading.sigma_K
        if reading.claim.bound == "two-sided":
            log_weight = log_weight - 0.5 * deviation**2
        else:
            log_weight = log_weight + log_ndtr(deviation if reading.claim.bound == "lower" else -deviation)
    weight = np.exp(log_weight - log_weight.max())
    share: Array = weight / weight.sum()
    return share


def effective_count(weight: Array) -> float:
    """How many equally weighted draws the weights are worth.

    >>> effective_count(np.array([0.5, 0.5, 0.0]))
    2.0
    """
    return float(1.0 / (weight**2).sum())


def resample(weight: Array, count: int, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Systematic resampling: `count` indices in proportion to the weights.

    >>> resample(np.array([0.25, 0.75]), 4, np.random.default_rng(1)).tolist()
    [0, 1, 1, 1]
    """
    steps = (rng.random() + np.arange(count)) / count
    return np.minimum(np.searchsorted(np.cumsum(weight), steps), len(weight) - 1).astype(np.int64)


def check_readings(readings: Sequence[Reading], ours_K: Sequence[Array]) -> tuple[ReadingCheck, ...]:
    """Each reading beside ours: they agree when the 90 % ranges (model discrepancy included) overlap."""
    return tuple(_check(reading, ours) for reading, ours in zip(readings, ours_K, strict=True))


def _check(reading: Reading, draws: Array) -> ReadingCheck:
    ours = Estimate.from_samples(draws, "K", models=("node network of the case",), sources=(reading.claim.source,))
    slack = Z90 * DISCREPANCY_K
    low = -np.inf if reading.claim.bound == "upper" else reading.low_K - slack
    high = np.inf if reading.claim.bound == "lower" else reading.high_K + slack
    agrees = bool(ours.low <= high and ours.high >= low)
    used = "calibration" if reading.claim.use == "evidence" else "held out"
    sentence = (
        f"{reading.claim.said_by} said {_celsius(reading.said_K)} °C for the {reading.slot}; we have {_celsius(ours.median)} °C "
        f"(90 %: {_celsius(ours.low)}–{_celsius(ours.high)}), {used}: {'agrees' if agrees else 'does not agree'}."
    )
    return ReadingCheck(reading.claim.id, reading.slot, reading.said_K, ours, agrees, used, sentence)


def _celsius(kelvin: float) -> str:
    return f"{kelvin - ICE_POINT_K:.0f}"
