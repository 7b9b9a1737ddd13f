"""What the leak room asks of a case, made by hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np

from whipple.casefile.given import Given
from whipple.casefile.tables.loop import LoopTable

__all__ = ["BareCase"]


@dataclass(frozen=True)
class BareCase:
    """What the room asks of a case, and nothing else."""

    loops: tuple[LoopTable, ...]
    claims: tuple[Any, ...] = ()
    vehicle: Any = field(default_factory=lambda: SimpleNamespace(site_wall_m=Given(1e-3, 1e-3, 1e-3, "m")))

    def loop(self, name: str = "") -> LoopTable:
        return self.loops[0]

    def evidence(self, about: str) -> tuple[Any, ...]:
        return tuple(claim for claim in self.claims if claim.about == about)

    def rng(self, room: str) -> np.random.Generator:
        return np.random.default_rng(1)
