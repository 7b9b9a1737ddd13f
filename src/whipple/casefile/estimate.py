"""The nouns every answer is made of: an estimate with its interval, a caveat, one row of evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

__all__ = ["FLOOR_NAT", "Z90", "Array", "Caveat", "Estimate", "Evidence"]

Array = npt.NDArray[np.float64]

#: 90 % of a normal law lies within this many sigmas: from a 1-sigma doubt to the half-width of an interval, and back.
Z90 = 1.6448536269514722
#: No single observation may speak against a hypothesis by more than this (natural log): one mistake cannot convict.
#: exp(-6.9) is 1 in 1000, the order of magnitude of a gross blunder in a report. `[proposal]`
FLOOR_NAT = -6.9


@dataclass(frozen=True)
class Caveat:
    """Something the reader must know beside the number: a short stable code and a sentence."""

    code: str
    text: str


@dataclass(frozen=True)
class Estimate:
    """A number with its 90 % interval [`low`, `high`], in the SI `unit` named; `bound` marks one-sided knowledge.

    `samples` (optional) are equally weighted draws; they are kept for later rooms and left out of findings.json.
    Raises ValueError if low <= median <= high does not hold or a value is not finite.
    """

    median: float
    low: float
    high: float
    unit: str
    bound: Literal["two-sided", "upper", "lower"] = "two-sided"
    models: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    caveats: tuple[Caveat, ...] = ()
    samples: Array | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not (np.isfinite([self.median, self.low, self.high]).all() and self.low <= self.median <= self.high):
            raise ValueError(
                f"Estimate: found {self.low}, {self.median}, {self.high}, expected finite low <= median <= high"
            )

    @classmethod
    def from_samples(
        cls,
        samples: npt.ArrayLike,
        unit: str,
        *,
        models: Sequence[str] = (),
        sources: Sequence[str] = (),
        caveats: Sequence[Caveat] = (),
    ) -> Estimate:
        """Median and central 90 % interval of equally weighted draws.

        >>> Estimate.from_samples([1.0, 2.0, 3.0], "m").median
        2.0
        """
        draws = np.asarray(samples, dtype=float).ravel()
        low, median, high = (float(x) for x in np.quantile(draws, [0.05, 0.5, 0.95]))
        return cls(median, low, high, unit, "two-sided", tuple(models), tuple(sources), tuple(caveats), draws)

    @classmethod
    def exactly(cls, value: float, unit: str, *, sources: Sequence[str] = ()) -> Estimate:
        """A value taken as given, with no width (a definition or an input assumed exact).

        >>> Estimate.exactly(2.0, "m").high
        2.0
        """
        return cls(value, value, value, unit, sources=tuple(sources))

    def scaled(self, factor: float, unit: str) -> Estimate:
        """The same estimate in another unit: every value times `factor` (> 0).

        >>> Estimate(1.0, 0.5, 2.0, "m").scaled(1e3, "mm").high
        2000.0
        """
        draws = None if self.samples is None else self.samples * factor
        return replace(
            self, median=self.median * factor, low=self.low * factor, high=self.high * factor, unit=unit, samples=draws
        )

    def with_caveats(self, *caveats: Caveat) -> Estimate:
        """The same number with more caveats beside it."""
        return replace(self, caveats=self.caveats + caveats)


@dataclass(frozen=True)
class Evidence:
    """One observation against every hypothesis.

    `log_likelihood_nat` maps hypothesis name to ln P(observation | hypothesis), up to a constant common to all of them;
    `because` maps hypothesis name to the sentence that says why. Observations with the same `group` are not independent.
    """

    observation: str
    group: str
    log_likelihood_nat: Mapping[str, float]
    because: Mapping[str, str]
    sources: tuple[str, ...] = ()
    caveats: tuple[Caveat, ...] = ()

    def floored(self, floor_nat: float = FLOOR_NAT) -> Evidence:
        """The row with its best hypothesis at 0 and no other below the floor.

        >>> row = Evidence("x", "g", {"a": -1.0, "b": -50.0}, {"a": "", "b": ""})
        >>> row.floored().log_likelihood_nat
        {'a': 0.0, 'b': -6.9}
        """
        best = max(self.log_likelihood_nat.values())
        held = {name: max(value - best, floor_nat) for name, value in self.log_likelihood_nat.items()}
        return replace(self, log_likelihood_nat=held)
