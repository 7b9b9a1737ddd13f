"""The slot of `impact`: what particle made this hole, or gave this push, per source."""

from __future__ import annotations

from dataclasses import dataclass

from whipple.casefile.estimate import Array, Caveat, Estimate

__all__ = ["Impactor", "LawAnswer", "SourceImpactor"]


@dataclass(frozen=True)
class LawAnswer:
    """What one published law says at one point: `speed_m_s` (n,), `diameter_m` (n,) at normal incidence."""

    law: str
    question: str
    speed_m_s: Array
    diameter_m: Array
    sources: tuple[str, ...]
    caveats: tuple[Caveat, ...] = ()


@dataclass(frozen=True)
class SourceImpactor:
    """The particle of one stream that makes this hole, joint over speed, angle, density, hole size and the spread of laws.

    `expected_count`: number of such holes (the measured size or larger) this source makes in the suspect part over the exposure
    time. `expected_density_count`: the same per unit of natural-log hole diameter at the measured size: the likelihood that
    attribution uses. None when the source cannot reach the site.
    """

    stream: str
    kind: str
    hypothesis: str
    diameter_m: Estimate | None
    mass_kg: Estimate | None
    speed_m_s: Estimate | None
    incidence_rad: Estimate | None
    density_kg_m3: Estimate | None
    energy_J: Estimate | None
    expected_count: Estimate
    expected_density_count: Estimate


@dataclass(frozen=True)
class Impactor:
    """What would make the hole: one answer a source, and the laws it rests on."""

    part: str
    hole_diameter_m: Estimate | None
    wall: str
    exposure_s: float
    sources: tuple[SourceImpactor, ...]
    laws: tuple[LawAnswer, ...]
    headline: str
    caveats: tuple[Caveat, ...] = ()

    @property
    def of_push(self) -> bool:
        """Is it the particle that hands over the push that was felt, because no hole has a size?"""
        return any(note.code == "impact.from-push" for note in self.caveats)
