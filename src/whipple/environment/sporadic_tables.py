"""From the laws of a branch to tables: how likely a far speed is, given the direction, and how the lobes change with it."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt

from whipple.environment.models.jones_brown_1993 import SOURCES, SporadicSource
from whipple.environment.sporadic_branches import Branch, mass_limited_weight
from whipple.environment.sporadic_energy import bound_limit_m_s, mean_over_lobe

__all__ = ["CENTRE_STEP", "FAR_STEP_m_s", "speed_table"]

Array = npt.NDArray[np.float64]
#: Step of the tables in the cosine from the apex: a numerical choice.
CENTRE_STEP = 0.01
#: Step of the tables in the speed far from the planet: a numerical choice.
FAR_STEP_m_s = 250.0
_COSINE: Array = np.linspace(-1.0, 1.0, round(2 / CENTRE_STEP) + 1)
_FAR_m_s: Array = np.arange(321, dtype=np.float64) * FAR_STEP_m_s
#: A column is the mean over its step at these speeds, so that a cut inside it counts in part.
_FINE_m_s: Array = np.maximum(_FAR_m_s[:, None] + (np.arange(10) - 4.5) / 10 * FAR_STEP_m_s, 1.0)


@cache
def speed_table(branch: Branch) -> Array:
    """Flux per m/s (6, n_cosine, n_far) of a far speed, given the direction, per flux of the lobe: rows by cosine from the apex.

    Rows step by CENTRE_STEP from -1 to 1, columns by FAR_STEP_m_s from 0. Each row sums to one, unless the lobes of the branch
    are radar counts that have to be corrected too: then the mean of the sums over the lobe is one. Where nothing of a law is
    bound, the radiant gets the fastest bound speed.

    >>> from whipple.environment.sporadic_branches import BRANCHES
    >>> table = speed_table(BRANCHES[0])
    >>> table.shape, bool(np.allclose(table.sum(axis=-1) * FAR_STEP_m_s, 1.0))
    ((6, 201, 321), True)
    """
    rows: list[Array] = []
    for source in SOURCES[::2]:  # the sources of a pair share their law
        fine = branch.law(source, _FINE_m_s, _COSINE[:, None, None])
        rows += [_corrected_lobe(source, fine) if branch.lobes_counted else _per_direction(fine, branch.bound)] * 2
    return np.stack(rows)


@cache
def _open_to() -> Array:
    """1 where a speed is bound to the Sun, else 0: (n_cosine, n_far, n_fine)."""
    return (_FINE_m_s <= bound_limit_m_s(_COSINE)[:, None, None]).astype(np.float64)


def _per_direction(fine: Array, bound: bool) -> Array:
    """The law (n_far, n_fine) in every direction, cut to bound orbits where asked."""
    every = np.broadcast_to(fine.mean(axis=-1), (len(_COSINE), len(_FAR_m_s)))
    law = np.einsum("cfi,fi->cf", _open_to(), fine) / fine.shape[-1] if bound else every
    fastest = np.floor(bound_limit_m_s(_COSINE)[:, None] / FAR_STEP_m_s) == np.arange(len(_FAR_m_s))
    law = np.where(law.sum(axis=1, keepdims=True) > 0, law, fastest)
    return np.asarray(law / (law.sum(axis=1, keepdims=True) * FAR_STEP_m_s))


def _corrected_lobe(source: SporadicSource, fine: Array) -> Array:
    """From the true law of bound orbits (n_cosine, n_far, n_fine): what a radar counts of it is as strong as the lobe.

    So the truth is stronger than the lobe where the slow ones come from.
    """
    counts = np.mean(fine / mass_limited_weight(_FINE_m_s), axis=-1).sum(axis=1, keepdims=True)
    law = np.mean(fine, axis=-1) / np.where(counts > 0, counts, np.inf)
    return np.asarray(law / (mean_over_lobe(source, _COSINE, law.sum(axis=1)) * FAR_STEP_m_s))
