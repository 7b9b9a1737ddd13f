"""What people said beside what we found, and where the published facts contradict each other."""

from __future__ import annotations

from dataclasses import dataclass

from whipple.casefile.estimate import Caveat

__all__ = ["Checks", "ClaimCheck", "Contradiction"]


@dataclass(frozen=True)
class ClaimCheck:
    """A held-out claim beside our answer; `agrees` is "yes", "no" or "cannot say", `note` the case's own remark.

    `independent` is False where the claim shares its origin with our inputs: agreement then says little.
    """

    claim: str
    about: str
    said: str
    ours: str
    agrees: str
    sources: tuple[str, ...]
    note: str = ""
    independent: bool = True


@dataclass(frozen=True)
class Contradiction:
    """Claims about one thing that cannot all be true; kept side by side, never averaged."""

    about: str
    versions: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Checks:
    """The held-out claims scored, and the contradictions flagged."""

    claims: tuple[ClaimCheck, ...]
    contradictions: tuple[Contradiction, ...]
    headline: str
    caveats: tuple[Caveat, ...] = ()
