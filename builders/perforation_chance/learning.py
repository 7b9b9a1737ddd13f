"""The learning: a regression with a prior and an offset a laboratory, averaged over candidates; and what it says of a laboratory not seen."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
import numpy.typing as npt
from perforation_chance.shots import Array, Names, Shots

from whipple.impact.perforation_terms import COVARIATES, columns


@dataclass(frozen=True)
class Candidate:
    """One form the regression may take: which covariates, how strongly they are shrunk to none, how far laboratories may differ (logit)."""

    covariates: tuple[str, ...]
    shrinkage: float
    laboratory_sd: float


#: All of them speak with equal weight: nothing is chosen by score, so there is no choice that could look at the laboratory held out.
CANDIDATES = tuple(
    Candidate(*form)
    for form in product(((), ("bumper", "wall"), ("bumper", "gap", "wall"), COVARIATES), (1.0, 3.0, 10.0), (0.25, 0.5))
    if form[0] or form[1] == 1.0
)
LABORATORY_SD = float(np.sqrt(np.mean([form.laboratory_sd**2 for form in CANDIDATES])))


def fitted(design: Array, outcome: Array, precision: Array, centre: Array) -> tuple[Array, Array]:
    """Coefficients and covariance (Laplace) of a logistic regression with normal priors, by Newton's method."""
    at = centre.copy()
    for _ in range(50):
        chance = 1 / (1 + np.exp(-design @ at))
        curvature = (design * (chance * (1 - chance))[:, None]).T @ design + np.diag(precision)
        step = np.linalg.solve(curvature, design.T @ (outcome - chance) - precision * (at - centre))
        step *= min(1.0, 5.0 / max(float(np.abs(design @ step).max()), 1e-12))
        at = at + step
        if np.abs(step).max() < 1e-8:
            break
    return at, np.linalg.inv(curvature)


def learn(shots: Shots, group: Names, used: npt.NDArray[np.bool_]) -> tuple[Array, Array]:
    """Mean and covariance of the coefficients over all candidates (law of total variance), from the shots `used`.

    Every laboratory has an offset of its own, shrunk towards none; a covariate that a candidate leaves out counts as exactly 0 there.
    """
    design = columns(shots.terms, shots.diameter_m)
    names = np.unique(group[used])
    own = (group[used][:, None] == names[None, :]).astype(float)
    means, covariances = [], []
    for form in CANDIDATES:
        kept = _kept(form)
        precision = np.r_[
            0.01, np.full(3, 0.1), np.full(kept.sum() - 4, form.shrinkage), np.full(len(names), form.laboratory_sd**-2)
        ]
        centre = np.r_[4.0, np.zeros(kept.sum() - 1 + len(names))]
        mean, covariance = fitted(np.c_[design[used][:, kept], own], shots.perforated[used], precision, centre)
        means.append(np.zeros(len(kept)))
        means[-1][kept] = mean[: kept.sum()]
        covariances.append(np.zeros((len(kept), len(kept))))
        covariances[-1][np.ix_(kept, kept)] = covariance[: kept.sum(), : kept.sum()]
    return np.mean(means, axis=0), np.mean(covariances, axis=0) + np.cov(np.transpose(means), bias=True)


def _kept(form: Candidate) -> npt.NDArray[np.bool_]:
    """Which columns a candidate uses: the size, the three regimes, and three a covariate."""
    return np.r_[np.full(4, True), np.repeat([name in form.covariates for name in COVARIATES], 3)]


def learn_fallback(shots: Shots, group: Names, used: npt.NDArray[np.bool_]) -> tuple[Array, Array]:
    """Scale and offset of the equations' mean alone, for shields and shots unlike any tested."""
    names = np.unique(group[used])
    design = np.c_[_bare(shots)[used], (group[used][:, None] == names[None, :]).astype(float)]
    precision = np.r_[0.01, 0.1, np.full(len(names), LABORATORY_SD**-2)]
    mean, covariance = fitted(design, shots.perforated[used], precision, np.r_[4.0, np.zeros(1 + len(names))])
    return mean[:2], covariance[:2, :2]


def tested_range(shots: Shots, used: npt.NDArray[np.bool_]) -> Array:
    """Least and greatest of each covariate in the shots `used` (5, 2): outside it the equations' mean speaks alone."""
    return np.stack([shots.terms.covariates[used].min(axis=0), shots.terms.covariates[used].max(axis=0)], axis=1)


def _bare(shots: Shots) -> Array:
    size = np.log(shots.diameter_m) - shots.terms.log_limit
    return np.c_[size, np.ones_like(size)]


def predicted(design: Array, mean: Array, covariance: Array, disagreement: Array | float = 0.0) -> Array:
    """Chance at a laboratory not seen: the logit's normal spread (coefficients and laboratory) averaged out (MacKay's probit form).

    The spread is that at the limit (first column 0), whatever the size: so the chance rises with size by construction.
    """
    at_limit = design * (np.arange(design.shape[1]) > 0)
    variance = np.einsum("ij,jk,ik->i", at_limit, covariance, at_limit) + LABORATORY_SD**2 + mean[0] ** 2 * disagreement
    return 1 / (1 + np.exp(-(design @ mean) / np.sqrt(1 + np.pi / 8 * variance)))


def held_out(shots: Shots, group: Names) -> Array:
    """The chance of each shot, its laboratory left out of all learning: coefficients, fallback and tested range, as they are shipped."""
    design, bare, chance = columns(shots.terms, shots.diameter_m), _bare(shots), np.empty(len(group))
    disagreement = shots.terms.log_limits.var(axis=1, ddof=1)
    for name in np.unique(group):
        mine = group == name
        low, high = tested_range(shots, ~mine).T
        known = ((shots.terms.covariates >= low) & (shots.terms.covariates <= high)).all(axis=1)[mine]
        learned = predicted(design[mine], *learn(shots, group, ~mine))
        fallback = predicted(bare[mine], *learn_fallback(shots, group, ~mine), disagreement[mine])
        chance[mine] = np.where(known, learned, fallback)
    return chance
