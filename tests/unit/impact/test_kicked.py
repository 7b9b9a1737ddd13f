"""The particle that hands over a push: what `impact` takes where no hole has a size."""

from __future__ import annotations

import numpy as np
import pytest

from whipple.casefile.estimate import Estimate
from whipple.casefile.findings.push import StrikeParticle, StrikePush
from whipple.impact.cells import Cells
from whipple.impact.kicked import Kick, kick_of, kicking_particle_m, kicking_words

ONE = Cells(np.ones(1), np.array([1e4]), np.zeros(1), np.array([2700.0]))


def kick(impulse_Ns: float = 10.0, caught: float = 1.0, thrown: float = 1.0) -> Kick:
    return Kick(*(np.full((1, 1), value) for value in (impulse_Ns, caught, thrown)))


def mass_kg(one: Kick, cells: Cells = ONE) -> float:
    return float(np.pi / 6 * 2700.0 * kicking_particle_m(one, cells)[0, 0] ** 3)


def felt(recalled: bool = False) -> StrikePush:
    unit = Estimate(1.0, 0.5, 2.0, "")
    particle = StrikeParticle("debris", Estimate(2.0, 1.0, 4.0, "N*s"), (unit,) * 3, *(unit,) * 7, 0.0)
    return StrikePush((), "wing", ("wing",), (1.0,), (particle,), "", 0.1, 4.0, recalled)


def test_mass_times_speed_is_the_impulse() -> None:
    assert mass_kg(kick()) == pytest.approx(1e-3)


def test_what_the_wall_lets_through_and_throws_back() -> None:
    assert mass_kg(kick(caught=0.1)) == pytest.approx(1e-2)
    assert mass_kg(kick(thrown=4.0)) == pytest.approx(0.25e-3), "head on all of it is along the normal"
    grazing = Cells(np.ones(1), np.array([1e4]), np.array([np.pi / 2]), np.array([2700.0]))
    assert mass_kg(kick(thrown=4.0), grazing) == pytest.approx(1e-3), "along the wall nothing is thrown back"


def test_a_larger_push_is_that_of_a_larger_particle() -> None:
    assert kicking_particle_m(kick().larger(0.02), ONE) == pytest.approx(kicking_particle_m(kick(), ONE) * np.exp(0.02))


def test_the_draws_keep_to_what_dynamics_found() -> None:
    drawn = kick_of(felt(), np.random.default_rng(1), 4000)
    assert np.quantile(drawn.impulse_Ns, [0.05, 0.5, 0.95]) == pytest.approx([1.0, 2.0, 4.0], rel=0.05)
    assert 0.1 <= drawn.caught_ratio.min() < drawn.caught_ratio.max() <= 1.0
    assert 1.0 <= drawn.thrown_ratio.min() < drawn.thrown_ratio.max() <= 4.0


def test_a_push_that_is_only_remembered_is_said_so() -> None:
    assert "remembered" not in kicking_words(felt()).text
    assert "remembered" in kicking_words(felt(recalled=True)).text
