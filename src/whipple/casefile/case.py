"""A case: everything a person put into a folder, frozen, with its digest."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from whipple.casefile.tables.case_table import AttitudeTable, CaseTable, CrewTable, OrbitTable, VehicleTable
from whipple.casefile.tables.channel import ChannelTable
from whipple.casefile.tables.claim import ClaimTable
from whipple.casefile.tables.hypothesis import HypothesisTable
from whipple.casefile.tables.image import ImageTable
from whipple.casefile.tables.loop import LoopTable
from whipple.casefile.tables.option import OptionTable
from whipple.casefile.tables.thermal import ThermalTable
from whipple.errors import EvidenceError

__all__ = ["Case"]


@dataclass(frozen=True)
class Case:
    """A frozen case folder. `digest` is a hash over every input; with `seed` it identifies a run.

    Claims and images said or taken after `as_of` are already left out; times inside whipple are seconds since `epoch`.
    """

    folder: Path
    digest: str
    as_of: str
    case: CaseTable
    orbit: OrbitTable
    attitude: AttitudeTable
    vehicle: VehicleTable
    crew: CrewTable
    loops: tuple[LoopTable, ...] = ()
    channels: tuple[ChannelTable, ...] = ()
    images: tuple[ImageTable, ...] = ()
    thermal: ThermalTable | None = None
    hypotheses: tuple[HypothesisTable, ...] = ()
    claims: tuple[ClaimTable, ...] = ()
    options: tuple[OptionTable, ...] = ()
    sources: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def epoch(self) -> datetime:
        """Time zero of the case, UTC."""
        return self.case.epoch

    @property
    def seed(self) -> int:
        """The seed of every random number of a run."""
        return self.case.seed

    @property
    def exposure_s(self) -> float:
        """Seconds the vehicle had been exposed before the epoch."""
        return (self.case.epoch - self.case.exposed_since).total_seconds()

    def path(self, name: str) -> Path:
        """A file of the case folder."""
        return self.folder / name

    def rng(self, room: str) -> np.random.Generator:
        """The random stream of one room: the same whether the room runs alone or in the full investigation."""
        return np.random.default_rng([self.seed, zlib.crc32(room.encode())])

    def loop(self, name: str = "") -> LoopTable:
        """The loop of that name, or the first one; EvidenceError when the case has none."""
        for loop in self.loops:
            if not name or loop.name == name:
                return loop
        raise EvidenceError("Which loop leaks?", f"[[loop]] {name}".strip(), "describe the loop in case.toml")

    def evidence(self, about: str) -> tuple[ClaimTable, ...]:
        """The claims about a slot that may enter the inference."""
        return tuple(claim for claim in self.claims if claim.about == about and claim.use == "evidence")

    def held_out(self) -> tuple[ClaimTable, ...]:
        """The claims kept out of the inference, to be compared at the end."""
        return tuple(claim for claim in self.claims if claim.use == "check")

    def seconds(self, moment: datetime) -> float:
        """Seconds from the epoch to a moment (UTC)."""
        return (moment - self.epoch).total_seconds()

    def moment(self, t_s: float) -> datetime:
        """The UTC moment that many seconds after the epoch."""
        return (self.epoch + timedelta(seconds=t_s)).astimezone(UTC)
