"""Made-up strikes on a satellite, told back from what it felt: do the 90 % intervals hold the truth, and is the part found?"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from whipple import vehicle
from whipple.casefile.estimate import Z90
from whipple.casefile.given import Given
from whipple.casefile.read_case import read_case
from whipple.dynamics.strike import Felt, Pushed, Shots, felt_per_kg, handed_per_kg, solve_strike
from whipple.dynamics.strike_shots import hull_shots
from whipple.vehicle.stack import Stack

pytestmark = pytest.mark.slow

TEMPLATE = Path(vehicle.__file__).parents[1] / "cases" / "template"
RATE_RAD_S, SHOTS, TRIALS = 1.06e-3, 6_000, 300


def test_intervals_hold_and_the_part_is_found() -> None:
    """300 strikes anywhere on the hull; along-track speed to 0.1 mm/s and one to three rates to 1e-4 rad/s are felt.

    Truth: mass even in its logarithm over four decades, wall shares as the room takes them, an inertia 10 % (1 sigma) off. Rule, set before the run:
    86 to 94 % of the intervals of mass and impulse hold (three binomial errors of 300 are 5 points), and the part given the most
    probability is the right one as often as its probability says, within 9 points.
    """
    case = read_case(TEMPLATE)
    stack = vehicle.build(case)
    surfaces, rng = stack.surfaces, np.random.default_rng(42)
    facets = rng.choice(surfaces.area_m2.size, SHOTS, p=surfaces.area_m2 / surfaces.area_m2.sum())
    held = {"mass": 0, "impulse": 0}
    right, said, felt_strikes = 0, 0.0, 0
    while felt_strikes < TRIALS:
        truth = hull_shots(
            surfaces, rng.choice(facets, 1), np.zeros((1, 3)), stack.body_from_lvlh, "debris", RATE_RAD_S, rng
        )
        if truth.weight[0] <= rng.uniform(0.0, 2.0):
            continue
        mass_kg = 10 ** rng.uniform(-6.0, -2.0)
        handed = handed_per_kg(truth.velocity_m_s, truth.normal, 0.1 ** rng.uniform(size=1), 4 ** rng.uniform(size=1))
        own = np.exp(0.1 * rng.standard_normal())
        blank = [Felt("speed", 0, Given(0.0, -1e-4 * Z90, 1e-4 * Z90, ""))]
        blank += [
            Felt("turn", axis, Given(0.0, -1e-4 * Z90, 1e-4 * Z90, ""))
            for axis in rng.permutation(3)[: rng.integers(1, 4)]
        ]
        body = Pushed(np.full(1, stack.mass_kg), own * stack.inertia_kg_m2[None], stack.body_from_lvlh)
        shown = mass_kg * felt_per_kg(blank, handed, truth.lever_m, body)[0] + 1e-4 * rng.standard_normal(len(blank))
        if np.abs(shown).max() < 5e-4:
            continue  # nobody would have noticed
        felt_strikes += 1
        felt = [
            Felt(one.kind, one.axis, Given(x, x - 1e-4 * Z90, x + 1e-4 * Z90, ""))
            for one, x in zip(blank, shown, strict=True)
        ]
        found = solve_strike(felt, _shots(stack, facets, rng), _doubted(stack, rng), rng, 1000)
        assert found is not None
        impulse = np.linalg.norm(found.impulse_body_Ns, axis=1)
        held["mass"] += bool(np.quantile(found.mass_kg, 0.05) <= mass_kg <= np.quantile(found.mass_kg, 0.95))
        true_Ns = mass_kg * float(np.linalg.norm(handed))
        held["impulse"] += bool(np.quantile(impulse, 0.05) <= true_Ns <= np.quantile(impulse, 0.95))
        parts = np.bincount(surfaces.part_index[facets[found.row]], minlength=len(surfaces.parts)) / found.row.size
        right += int(np.argmax(parts) == truth.part_index[0])
        said += float(parts.max())
    for name, count in held.items():
        assert 0.86 <= count / TRIALS <= 0.94, f"{name}: {count} of {TRIALS}"
    assert abs(right - said) / TRIALS < 0.09
    assert right / TRIALS > 0.5


def _shots(stack: Stack, facets: npt.NDArray[np.int64], rng: np.random.Generator) -> Shots:
    return hull_shots(stack.surfaces, facets, np.zeros((SHOTS, 3)), stack.body_from_lvlh, "debris", RATE_RAD_S, rng)


def _doubted(stack: Stack, rng: np.random.Generator) -> Pushed:
    factor = np.exp(0.1 * rng.standard_normal(SHOTS))[:, None, None]
    return Pushed(np.full(SHOTS, stack.mass_kg), factor * stack.inertia_kg_m2, stack.body_from_lvlh)
