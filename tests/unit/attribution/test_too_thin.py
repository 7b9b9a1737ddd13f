"""Where nobody knows how large the damage is, many perforations say nothing about the one event."""

from __future__ import annotations

from whipple.attribution.base_rate import BaseRate
from whipple.attribution.too_thin import TOO_THIN, too_thin
from whipple.casefile.estimate import Caveat, Estimate
from whipple.casefile.findings.impactor import Impactor


def rates(count: float, kind: str = "debris") -> tuple[BaseRate, ...]:
    return (BaseRate(kind, kind, Estimate(count, count / 3, count * 3, ""), ""),)


def impactor(*codes: str) -> Impactor:
    return Impactor("wing", None, "", 1.0, (), (), "", tuple(Caveat(code, code) for code in codes))


def test_thousands_of_perforations_are_not_the_one_event() -> None:
    assert too_thin(rates(5000.0), impactor("impact.no-hole-size")).startswith(TOO_THIN)


def test_few_perforations_size_or_push_allow_a_verdict() -> None:
    assert too_thin(rates(0.5), impactor("impact.no-hole-size")) == ""
    assert too_thin(rates(5000.0), impactor("impact.from-push")) == ""
    assert too_thin(rates(5000.0), impactor()) == ""
    assert too_thin(rates(5000.0, "fatigue"), impactor("impact.no-hole-size")) == ""
    assert too_thin(rates(5000.0), None) == ""
