"""Are evidences integrated right where the record hardly shows a coordinate, and does the sampler know when it is wrong?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from whipple.casefile.findings.onset import LoopRecord
from whipple.casefile.given import Given
from whipple.leak.accumulator import Kind
from whipple.leak.evidence import fitted_together, sampled_by_cells
from whipple.leak.forward import leak_law
from whipple.leak.infer import Weighed, settled, weigh_stages
from whipple.leak.prior import LoopPrior
from whipple.leak.record import Bins, gather
from whipple.leak.stage import Stage
from whipple.leak.walk import DRIFTING, drift_ratio
from whipple.physics.fluids import fluid

ISOOCTANE = fluid("isooctane")
PRIOR = LoopPrior(
    "gas", ISOOCTANE, Given(0.70, 0.57, 0.83, ""), Given(0.97, 0.94, 1.0, ""), Given(6e-3, 3e-3, 12e-3, "m**3"),
    Given(25e-3, 15e-3, 40e-3, "m**3"), Given(44e-3, 40e-3, 48e-3, "m**3"), Given(3.0e5, 2.4e5, 3.6e5, "Pa"),
    Given(293.0, 291.0, 295.0, "K"), Given(0.0, -99.0, 99.0, "s"), Given(0.0, 0.0, 0.0, "Pa"), 20e-3,
)  # fmt: skip


def open_end() -> tuple[Weighed, Bins]:
    """The first half hour of a leak of hours: neither the stop nor the end is seen."""
    law = leak_law(
        ISOOCTANE, 293.0, diameter_m=0.8e-3, discharge_ratio=0.7, pressure_Pa=3e5, inventory_m3=44e-3, gas_volume_m3=6e-3,
        pushed_volume_m3=30e-3,
    )  # fmt: skip
    t_s = np.arange(-3600.0, 1800.0, 20.0)
    read = law.pressure_at_Pa(t_s) + np.random.default_rng(3).normal(0.0, 1000.0, t_s.size)
    record = LoopRecord("loop", t_s, read, np.full(t_s.size, 1000.0), np.full(t_s.size, 293.0), 0.0, True)
    bins = gather(record, 0.0, 60.0)
    (found,) = weigh_stages([Stage("all", "", (), PRIOR, ())], bins, np.random.default_rng(1))
    return found, bins


def _bent(draws: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A narrow ridge x = z^2 along a coordinate z that nothing but its prior holds; evidence 2 pi 0.02 whatever the bend."""
    shown, hidden = draws[:, [0]], draws[:, [1]]
    return np.concatenate([(shown - hidden**2) / 0.02, hidden], axis=1), np.zeros(len(draws))


def test_a_bent_ridge_is_integrated_whole() -> None:
    hidden = np.linspace(-2.5, 2.5, 11)
    starts = np.column_stack([np.zeros(11), hidden])
    fits, left = fitted_together(_bent, starts, held=1)
    assert np.allclose(fits[:, 0], hidden**2, atol=1e-2)
    assert np.allclose(left, hidden**2, atol=1e-2)
    precision = np.column_stack([np.zeros(11), np.full(11, 0.3**-2.0)])
    found = sampled_by_cells(_bent, fits, precision, np.random.default_rng(1))
    assert found.evidence_nat == pytest.approx(np.log(2 * np.pi * 0.02), abs=0.1)
    assert np.std(found.draws[:, 1]) == pytest.approx(1.0, abs=0.1)
    assert found.effective_count > 300


def test_an_open_end_is_sampled_by_volumes() -> None:
    found, _ = open_end()
    assert not found.stage.prior.stop_seen
    assert not found.stage.prior.end_seen
    assert found.posterior.effective_count > 2000
    volume = np.ravel(found.scored.law.inventory_m3)
    assert np.quantile(volume, [0.05, 0.5, 0.95]) == pytest.approx([40e-3, 44e-3, 48e-3], rel=0.02)
    assert np.mean(found.scored.law.pushed_volume_m3 > 1.02 * found.scored.law.inventory_m3) < 0.02


def test_both_coordinates_are_the_same_prior() -> None:
    """The density over the same loops differs by the Jacobian of the coordinates only, found here by differences."""
    by_volume = replace(PRIOR, stop_seen=False, end_seen=False)
    draw = by_volume.middle(10.0, 8.5, 8.0)
    other = PRIOR.middle(10.0, 8.5, 8.0)
    assert float(PRIOR.scored(other[None]).law.inventory_m3[0, 0]) == pytest.approx(np.exp(draw[2]), rel=1e-9)
    assert float(PRIOR.scored(other[None]).law.stiffness_volume_m3[0, 0]) == pytest.approx(np.exp(draw[1]), rel=1e-9)
    step, rows = 1e-5, []
    for column in (1, 2):
        moved = other.copy()
        moved[column] += step
        law = PRIOR.scored(moved[None]).law
        volumes = np.log([law.stiffness_volume_m3[0, 0], law.inventory_m3[0, 0]])
        rows.append((volumes - draw[1:3]) / step)
    jacobian = np.log(abs(np.linalg.det(np.array(rows))))
    values = [
        prior.scored(place[None]).density_nat[0] - 0.5 * np.sum(prior.scored(place[None]).residual_nat ** 2)
        for prior, place in ((PRIOR, other), (by_volume, draw))
    ]
    assert values[0] - values[1] == pytest.approx(jacobian, abs=1e-3)


@pytest.mark.parametrize("kind", ["gas", "spring"])
def test_an_accumulator_that_still_pushes_does_so_in_every_draw(kind: Kind) -> None:
    """Whatever a search tries, the stop comes after the last bin; and the density over the pushed volume is what it was without the bend."""
    prior = replace(PRIOR, kind=kind, stop_seen=False, end_seen=False)
    bent = replace(prior, pushes_until_s=3600.0)
    middle = bent.middle(11.5, 8.5, 8.0)
    draws = middle + np.random.default_rng(1).normal(0.0, 0.1, (500, middle.size))
    scored = bent.scored(draws)
    dry = scored.law.pushed_volume_m3 > scored.law.inventory_m3
    assert dry.mean() < 0.5
    assert np.all((scored.onset_s + scored.law.driven_s > 3599.9) | dry)
    plain = draws.copy()
    plain[:, 3] = np.log(np.ravel(scored.law.pushed_volume_m3))
    step = draws.copy()
    step[:, 3] += 1e-5
    slope = np.log((np.log(np.ravel(bent.scored(step).law.pushed_volume_m3)) - plain[:, 3]) / 1e-5)
    values = [one.density_nat - 0.5 * np.sum(one.residual_nat**2, axis=1) for one in (scored, prior.scored(plain))]
    assert values[0] - values[1] == pytest.approx(slope, abs=1e-3)


def test_draws_that_miss_a_part_are_told_and_mended() -> None:
    found, bins = open_end()
    same, trusted = settled(found, bins, np.random.default_rng(2))
    assert trusted
    assert same is found
    column = found.posterior.draws[:, 1]  # ln of the gas volume
    half = found.posterior.draws[column < np.quantile(column, 0.4)]
    missed = np.vstack([half] * 3)[: len(found.posterior.draws)]
    broken = replace(found, posterior=replace(found.posterior, draws=missed), scored=found.stage.prior.scored(missed))
    mended, _ = settled(broken, bins, np.random.default_rng(3))
    assert mended is not broken
    assert len(mended.posterior.draws) == len(missed)
    width = [np.ptp(np.quantile(one.posterior.draws[:, 1], [0.05, 0.95])) for one in (found, broken, mended)]
    assert width[1] < 0.7 * width[0]
    assert width[2] == pytest.approx(width[0], rel=0.2)


def test_the_check_sees_a_shift_of_one_sigma() -> None:
    rng = np.random.default_rng(0)
    draws = rng.standard_normal((2000, 11))

    def target(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return rows, np.zeros(len(rows))

    assert drift_ratio(target, draws, rng)[0] < DRIFTING
    draws[:, 4] += 1.2
    assert drift_ratio(target, draws, rng)[0] > DRIFTING
