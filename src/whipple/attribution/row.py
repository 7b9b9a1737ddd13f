"""One line of the ledger with its doubt, and the exhibits from which lines are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from whipple.attribution.base_rate import BaseRate
from whipple.casefile.case import Case
from whipple.casefile.estimate import Evidence
from whipple.casefile.findings.impactor import Impactor
from whipple.casefile.findings.onset import Onset
from whipple.casefile.findings.pictures import Pictures
from whipple.casefile.findings.sky import Sky
from whipple.casefile.findings.strikes import Strikes
from whipple.casefile.tables.hypothesis import HypothesisTable

__all__ = ["Exhibits", "Row", "by_kind"]

T = TypeVar("T")


@dataclass(frozen=True)
class Row:
    """An observation against every hypothesis, with the 1-sigma doubt of each log-likelihood (natural log).

    `doubt_nat` maps hypothesis name to sigma; a name not in it is taken as exact.
    """

    evidence: Evidence
    doubt_nat: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Exhibits:
    """What the observations may look at; any finding may be None."""

    case: Case
    rates: tuple[BaseRate, ...]
    onset: Onset | None
    pictures: Pictures | None
    sky: Sky | None
    strikes: Strikes | None
    impactor: Impactor | None

    @property
    def hypotheses(self) -> tuple[HypothesisTable, ...]:
        """The causes that can be weighed."""
        weighed = {rate.hypothesis for rate in self.rates}
        return tuple(table for table in self.case.hypotheses if table.name in weighed)


def by_kind(hypotheses: tuple[HypothesisTable, ...], values: Mapping[str, T]) -> dict[str, T]:
    """Spread values given per kind of cause over the named hypotheses."""
    return {table.name: values[table.kind] for table in hypotheses}
