"""What momentum did a strike hand over, where did it push, and what particle carries it: from the change of speed and of body rates?

What was felt is a few components of dv and dw. A particle that comes from `u` (velocity relative to the body) and strikes the point r of a wall
with outward normal n hands over, for each kilogram of it, p = c (u + (b - 1) (u.n) n): the share c of its momentum that a thin wall catches, times
b along the normal for what is thrown back. The body then feels dv = p m / M and dw = J^-1 (r x p) m, both linear in the particle's mass m, which is
solved for by least squares; how badly the rest of what was felt fits is the likelihood of (u, r, n, M, J, c, b).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Z90, Array
from whipple.casefile.given import Given
from whipple.errors import RangeError
from whipple.physics.cited import Cited

__all__ = [
    "LEAST_CAUGHT_RATIO",
    "MOST_THROWN_RATIO",
    "Felt",
    "Pushed",
    "Shots",
    "StrikeDraws",
    "felt_per_kg",
    "handed_per_kg",
    "solve_strike",
]

#: Of the momentum of a particle that gets through a thin wall the wall keeps this much at the least; all of it where the particle stops.
LEAST_CAUGHT_RATIO = Cited(0.1, unit="", source="whipple_strike", grade="proposal")
#: Momentum thrown back by a crater in metal, 5 to 15 km/s: beta of one (no ejecta) to this (beta - 1 grows as v^(3 mu - 1), mu 0.4 to 0.55).
MOST_THROWN_RATIO = Cited(4.0, unit="", source="holsapple2012", grade="recalled")
#: Shots that must carry an answer, and how much what was felt may be blurred for it.
LEAST_EFFECTIVE_COUNT = 100
WIDENINGS = (1.0, 1.5, 2.2, 3.3, 5.0, 7.5, 11.0, 17.0, 25.0)


@dataclass(frozen=True)
class Felt:
    """One component that was felt: `kind` "speed" (m/s, LVLH axis) or "turn" (rad/s, body axis); `axis` 0, 1, 2.

    `signed` is False where only its size is known, `simulated` True where it was read off a made-up record.
    """

    kind: str
    axis: int
    value: Given
    signed: bool = True
    simulated: bool = False

    @property
    def slot(self) -> str:
        """What a claim about it is called, without its unit."""
        names = ("forward", "starboard", "down") if self.kind == "speed" else ("roll", "pitch", "yaw")
        return f"strike.{names[self.axis]}"

    @property
    def sigma(self) -> float:
        """One standard deviation; RangeError without a range, because nothing is felt exactly."""
        if not self.value.high > self.value.low:
            found = f"{self.value.value:g} {self.value.unit}, without a range"
            expected = "low below high: nothing is felt exactly"
            raise RangeError("case.toml", self.slot, found, expected, "say how well it is known, in the claim about it")
        return (self.value.high - self.value.low) / (2 * Z90)


@dataclass(frozen=True)
class Pushed:
    """The body that was pushed, in draws: `mass_kg` (n,), `inertia_kg_m2` (n, 3, 3) about the centre of mass, `body_from_lvlh` (3, 3)."""

    mass_kg: Array
    inertia_kg_m2: Array
    body_from_lvlh: Array


@dataclass(frozen=True)
class Shots:
    """Draws of what may have struck, body axes: `velocity_m_s` (n, 3) relative to the body, `lever_m` (n, 3) from the centre of mass to the
    point struck, `normal` (n, 3) outward there, `weight` (n,) how often such a shot is fired, `density_kg_m3` (n,), `part_index` (n,)."""

    velocity_m_s: Array
    lever_m: Array
    normal: Array
    weight: Array
    density_kg_m3: Array
    part_index: npt.NDArray[np.int64]


@dataclass(frozen=True)
class StrikeDraws:
    """Equally likely answers: particle mass (n,), impulse in body axes (n, 3), and the rows of the shots they belong to (n,).

    `misfit_ratio` is the chi-square of the best shots (median) for each component that the mass does not take up; `effective_count` how many
    shots carry the answer; `widened_ratio` by how much what was felt was blurred for that.
    """

    mass_kg: Array
    impulse_body_Ns: Array
    row: npt.NDArray[np.int64]
    misfit_ratio: float
    effective_count: float
    widened_ratio: float


def handed_per_kg(velocity_m_s: Array, normal: Array, caught_ratio: Array, thrown_ratio: Array) -> Array:
    """Momentum (n, 3) that a wall takes from each kilogram: c (u + (b - 1) (u.n) n). Normals outward, velocities inward.

    A stop dead on, with as much thrown back as came in, doubles the push; a graze pushes along itself.

    >>> straight = handed_per_kg(np.array([[-1e4, 0.0, 0.0]]), np.array([[1.0, 0.0, 0.0]]), np.ones(1), np.full(1, 2.0))
    >>> straight.tolist()
    [[-20000.0, 0.0, 0.0]]
    >>> handed_per_kg(np.array([[0.0, 1e4, 0.0]]), np.array([[1.0, 0.0, 0.0]]), np.ones(1), np.full(1, 2.0)).tolist()
    [[0.0, 10000.0, 0.0]]
    """
    along = np.sum(velocity_m_s * normal, axis=1, keepdims=True)
    kept: Array = caught_ratio[:, None] * (velocity_m_s + (thrown_ratio[:, None] - 1) * along * normal)
    return kept


def felt_per_kg(felt: Sequence[Felt], handed_m_s: Array, lever_m: Array, body: Pushed) -> Array:
    """What each kilogram of particle would make the body feel (n, k), one column a component: p/M in LVLH, J^-1 (r x p) in the body.

    >>> body = Pushed(np.full(1, 1000.0), np.eye(3)[None] * 500.0, np.eye(3))
    >>> both = [Felt("speed", 0, Given(0, -1, 1, "m/s")), Felt("turn", 2, Given(0, -1, 1, "rad/s"))]
    >>> felt_per_kg(both, np.array([[-1e4, 0.0, 0.0]]), np.array([[0.0, 5.0, 0.0]]), body).tolist()
    [[-10.0, 100.0]]
    """
    speed = (handed_m_s / body.mass_kg[:, None]) @ body.body_from_lvlh
    turn = np.linalg.solve(body.inertia_kg_m2, np.cross(lever_m, handed_m_s)[:, :, None])[:, :, 0]
    return np.column_stack([{"speed": speed, "turn": turn}[one.kind][:, one.axis] for one in felt])


def solve_strike(
    felt: Sequence[Felt], shots: Shots, body: Pushed, rng: np.random.Generator, count: int = 4000
) -> StrikeDraws | None:
    """The mass of the particle for each shot and how likely the shot is, given what was felt; `count` equally likely answers.

    Mass: least squares over the components; any mass is alike before (flat in ln m), so each shot counts by its weight, by the likelihood of
    what the mass cannot take up, and by how narrowly the mass is told. Where what was felt is finer than the shots lie close, its doubt is
    widened (`widened_ratio`) until enough shots carry the answer: never narrower than it is. None where no shot pushes that way.
    """
    if not felt:
        raise RangeError("strike", "felt", "nothing", "a component of the change of speed or of the body rates")
    handed = handed_per_kg(shots.velocity_m_s, shots.normal, *_kept(rng, len(shots.weight)))
    effect = felt_per_kg(felt, handed, shots.lever_m, body)
    for widened in WIDENINGS:
        fit = _every_sign(felt, effect, shots.weight, widened)
        if not np.isfinite(fit.log_weight).any():
            return None
        chance = np.exp(fit.log_weight - fit.log_weight.max())
        effective = float(chance.sum() ** 2 / np.sum(chance**2))
        if effective >= LEAST_EFFECTIVE_COUNT:
            break
    rows = np.searchsorted(np.cumsum(chance) / chance.sum(), (np.arange(count) + 0.5) / count)
    rows = np.minimum(rows, chance.size - 1).astype(np.int64)
    drawn = fit.mass_kg[rows] * np.exp(fit.sigma_nat[rows] * rng.standard_normal(count))
    shot = rows % len(shots.weight)
    best = float(np.median(fit.misfit[rows])) * widened**2 / max(len(felt) - 1, 1)
    return StrikeDraws(drawn, drawn[:, None] * handed[shot], shot, best, effective, widened)


def _kept(rng: np.random.Generator, count: int) -> tuple[Array, Array]:
    """Shares caught and thrown back, even in their logarithms: nobody has published them for such a wall."""
    caught = float(LEAST_CAUGHT_RATIO) ** rng.uniform(size=count)
    return caught, float(MOST_THROWN_RATIO) ** rng.uniform(size=count)


@dataclass(frozen=True)
class _Fit:
    """For each shot: the mass, ln of its weight, chi-square, and the doubt of ln mass."""

    mass_kg: Array
    log_weight: Array
    misfit: Array
    sigma_nat: Array


def _every_sign(felt: Sequence[Felt], effect: Array, weight: Array, widened: float) -> _Fit:
    """The fit of each shot, once for each way that the unsigned components may have gone."""
    sigma = widened * np.array([one.sigma for one in felt])
    middle = np.array([one.value.value for one in felt])
    signs = product(*[(1.0,) if one.signed else (1.0, -1.0) for one in felt])
    fits = [_fitted(middle * way / sigma, effect / sigma, weight) for way in signs]
    return _Fit(*(np.concatenate(column) for column in zip(*fits, strict=True)))


def _fitted(wanted: Array, effect: Array, weight: Array) -> tuple[Array, Array, Array, Array]:
    """Least squares in the mass, in units of the doubt; a mass below zero (a pull) is no answer."""
    strong = np.sum(effect**2, axis=1)
    mass = np.divide(effect @ wanted, strong, out=np.zeros_like(strong), where=strong > 0)
    misfit = np.sum((wanted - mass[:, None] * effect) ** 2, axis=1)
    pushes = (mass > 0) & (weight > 0)
    sharp = np.zeros_like(mass)
    sharp[pushes] = np.minimum(1.0 / (mass[pushes] * np.sqrt(strong[pushes])), 1.0)
    log_weight = np.full_like(mass, -np.inf)
    log_weight[pushes] = np.log(weight[pushes]) + np.log(sharp[pushes]) - 0.5 * misfit[pushes]
    return mass, log_weight, misfit, sharp
