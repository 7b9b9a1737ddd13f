"""What particle hands over the momentum that was felt, where no hole has a size?"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from whipple.casefile.estimate import Array, Caveat
from whipple.casefile.findings.push import StrikePush
from whipple.casefile.given import Given
from whipple.impact.cells import Cells

__all__ = ["KICK_LAW", "Kick", "kick_of", "kicking_particle_m", "kicking_words"]

#: The law that takes the place of the hole laws.
KICK_LAW = "momentum"


@dataclass(frozen=True)
class Kick:
    """Draws (n, 1): the impulse, the share of a particle's momentum that the wall keeps, and how much more along the normal for ejecta."""

    impulse_Ns: Array
    caught_ratio: Array
    thrown_ratio: Array

    def of(self, rows: np.ndarray) -> Kick:
        """Some of the draws, in that order."""
        return Kick(self.impulse_Ns[rows], self.caught_ratio[rows], self.thrown_ratio[rows])

    def larger(self, step_nat: float) -> Kick:
        """The push of a particle so much larger, in ln of its diameter."""
        return replace(self, impulse_Ns=self.impulse_Ns * np.exp(3 * step_nat))


def kick_of(felt: StrikePush, rng: np.random.Generator, count: int) -> Kick:
    """The impulse of the strike as dynamics found it, and the shares it took, even in their logarithms."""
    told = felt.particles[0].impulse_Ns
    impulse = Given(told.median, told.low, told.high, "N*s").draw(rng, count)
    caught = felt.least_caught_ratio ** rng.uniform(size=count)
    return Kick(impulse[:, None], caught[:, None], felt.most_thrown_ratio ** rng.uniform(size=(count, 1)))


def kicking_particle_m(kick: Kick, cells: Cells) -> Array:
    """Diameter (n_draw, n_cell) of the particle that hands over the impulse; (n_draw, 1) for cells that are one shot a draw.

    P = m v c (sin^2 + b^2 cos^2)^(1/2) of the angle from the normal (docs/theory/dynamics.md, the push of the strike itself).

    >>> one = Cells(np.ones(1), np.array([1e4]), np.zeros(1), np.array([2700.0]))
    >>> push = Kick(np.full((1, 1), 10.0), np.ones((1, 1)), np.ones((1, 1)))
    >>> round(float(kicking_particle_m(push, one)[0, 0]) * 1e3, 2)      # 1 g
    8.91
    """
    shape = np.hypot(np.sin(cells.incidence_rad), kick.thrown_ratio * np.cos(cells.incidence_rad))
    mass = kick.impulse_Ns / (kick.caught_ratio * cells.speed_m_s * shape)
    return np.asarray(np.cbrt(6 * mass / (np.pi * cells.density_kg_m3)))


def kicking_words(felt: StrikePush) -> Caveat:
    """What the reader must know where the particle follows from the push."""
    text = (
        "No hole has a size, so the particle is the one that hands over the momentum that was felt (see dynamics): it rests on how much of "
        "a particle's momentum the wall keeps (a tenth to all, times one to four along the normal), which is hardly known. Counts are of "
        "pushes as hard or harder."
    )
    if felt.recalled:
        text += " What was felt is remembered, not read: replace it before anybody relies on these counts."
    return Caveat("impact.from-push", text)
