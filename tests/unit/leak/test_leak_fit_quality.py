"""A record that no law describes says so; one that the law made does not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from whipple.casefile.findings.onset import LoopRecord
from whipple.casefile.given import Given
from whipple.leak.fit_quality import POOR_prob, fit_prob, poor_fit
from whipple.leak.forward import LeakLaw
from whipple.leak.infer import Weighed, weigh_stages
from whipple.leak.prior import LoopPrior
from whipple.leak.record import Bins, gather
from whipple.leak.stage import Stage
from whipple.physics.fluids import fluid

ISOOCTANE = fluid("isooctane")
PRIOR = LoopPrior(
    "gas", ISOOCTANE, Given(0.70, 0.57, 0.83, ""), Given(0.97, 0.94, 1.0, ""), Given(6e-3, 3e-3, 12e-3, "m**3"),
    Given(25e-3, 15e-3, 40e-3, "m**3"), Given(44e-3, 40e-3, 48e-3, "m**3"), Given(3.0e5, 2.4e5, 3.6e5, "Pa"),
    Given(293.0, 291.0, 295.0, "K"), Given(0.0, -99.0, 99.0, "s"), Given(0.0, 0.0, 0.0, "Pa"), 20e-3,
)  # fmt: skip
LAW = LeakLaw("gas", 1.18e-6, 0.64, 0.97, 692.0, 3.18e5, 5118.0, 39.4e-3, 28.6e-3, 7.6e-3, 1.15, 1200.0)


def weighed(law: LeakLaw, hump_Pa: float = 0.0) -> tuple[Weighed, Bins]:
    t_s = np.arange(-7200.0, 8100.0, 10.0)
    read = law.pressure_at_Pa(t_s) + np.random.default_rng(3).normal(0, 1000, t_s.size)
    read += hump_Pa * np.exp(-0.5 * ((t_s - 800.0) / 150.0) ** 2)
    coded = np.maximum(np.round(read / 2000) * 2000, 0)
    record = LoopRecord("loop", t_s, coded, np.full(t_s.size, 1154.7), np.full(t_s.size, 293.0), 0.0, True)
    bins = gather(record, 0.0, 60.0)
    (found,) = weigh_stages([Stage("all", "", (), PRIOR, ())], bins, np.random.default_rng(1))
    return found, bins


def test_a_record_of_the_law_is_described_by_it() -> None:
    """Vapour goes on for 20 minutes after the liquid ended: a search that takes the last fall for the end stops at a wrong optimum."""
    found, bins = weighed(LAW)
    assert fit_prob(found, bins)[1] > 1e-3
    assert poor_fit((found,), bins) is None
    assert poor_fit((found,), None) is None


def test_a_record_that_is_not_of_the_law_is_told() -> None:
    found, bins = weighed(LAW, hump_Pa=15_000.0)
    caveat = poor_fit((found,), bins)
    assert caveat is not None
    assert caveat.code == "leak-poor-fit"


def test_the_best_of_the_laws_tried_counts() -> None:
    found, bins = weighed(LAW)
    worse = replace(found, scored=found.stage.prior.scored(found.posterior.draws + 1.0))
    assert fit_prob(worse, bins)[1] < float(POOR_prob)
    assert poor_fit((worse, found), bins) is None
