"""How does one piece of a leaking loop go on, second by second? Its liquid, its gas, its hole, and what it gives to a neighbour."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from whipple.casefile.estimate import Array

__all__ = ["MarchedPiece", "exchange"]


@dataclass
class MarchedPiece:
    """A piece with the accumulator (`gas_Pa` gives its pressure from the gas volume and the step) or a rigid one (`stiff_Pa_m3`).

    `grown_m3` (n_step,) is how much its liquid has swelled, `hole_m3_s_Pa05` leaks for a root of a pascal, `above_Pa` over its level. It begins
    with `gas_m3` or at `start_Pa`, and stays between `ends_Pa`. `gone_m3` has leaked, `given_m3` went to its neighbours.
    """

    grown_m3: Array
    hole_m3_s_Pa05: float
    above_Pa: float
    stiff_Pa_m3: float
    gas_m3: float
    start_Pa: float
    ends_Pa: tuple[float, float]
    gas_Pa: Callable[[float, int], float] | None
    gone_m3: float = 0.0
    given_m3: float = 0.0
    vented_m3: float = 0.0
    level_Pa: float = 0.0
    levels_Pa: Array = field(init=False)

    def __post_init__(self) -> None:
        self.levels_Pa, self.level_Pa = np.empty(self.grown_m3.size), self.start_Pa

    def settle(self, k: int) -> None:
        """The level at a step."""
        missing = self.gone_m3 + self.given_m3 + self.vented_m3 - (self.grown_m3[k] - self.grown_m3[0])
        if self.gas_Pa is not None:
            level = self.gas_Pa(self.gas_m3 + missing, k)
        else:
            level = self.start_Pa - self.stiff_Pa_m3 * missing
            if level > self.ends_Pa[1]:
                self.vented_m3 += (level - self.ends_Pa[1]) / self.stiff_Pa_m3
            level = min(max(level, self.ends_Pa[0]), self.ends_Pa[1])
        self.level_Pa = level
        self.levels_Pa[k] = level

    def leak(self, step_s: float) -> None:
        """What the hole takes."""
        self.gone_m3 += self.hole_m3_s_Pa05 * max(self.level_Pa + self.above_Pa, self.ends_Pa[0]) ** 0.5 * step_s

    @property
    def give_m3_Pa(self) -> float:
        """How much more it holds for a pascal."""
        return 1 / self.stiff_Pa_m3 if self.gas_Pa is None else self.gas_m3 / self.start_Pa


def exchange(tail: MarchedPiece, head: MarchedPiece, above_Pa: float, valve_m3_Pa05: float) -> None:
    """Liquid through a leaking valve in one step: the root of the difference falls evenly, as both pieces yield.

    `above_Pa` is what the flow's own pressure adds to the difference, `valve_m3_Pa05` what the valve passes in the step for a root of a pascal.

    >>> one, two = (MarchedPiece(np.zeros(1), 0.0, 0.0, 1e10, 0.0, p, (0.0, 1e9), None) for p in (3e5, 1e5))
    >>> exchange(one, two, 0.0, 1.0)
    >>> one.given_m3, two.given_m3
    (1e-05, -1e-05)
    """
    over = tail.level_Pa - head.level_Pa + above_Pa
    give = 1 / (1 / tail.give_m3_Pa + 1 / head.give_m3_Pa)
    left = max(abs(over) ** 0.5 - valve_m3_Pa05 / (2 * give), 0.0)
    moved = give * (abs(over) - left**2) * (1 if over > 0 else -1)
    tail.given_m3 += moved
    head.given_m3 -= moved
