"""The slot of `contamination`: where the coolant went, and what it did there."""

from __future__ import annotations

from dataclasses import dataclass

from whipple.casefile.estimate import Array, Caveat, Estimate

__all__ = ["Deposit", "SurfaceDeposit"]


@dataclass(frozen=True)
class SurfaceDeposit:
    """One named surface: what reaches it, how long it stays, and does it matter.

    `line_of_sight` says whether the hole sees it past the stack. `column_per_m2` is the column density of vapour along
    the line of sight from the surface past the plume; `film_life_s` is the life of a 1 um film at `temperature_K`.
    """

    surface: str
    distance_m: float
    off_axis_rad: float
    line_of_sight: bool
    arrival_kg_m2_s: Estimate
    column_per_m2: Estimate
    temperature_K: float
    film_life_s: Estimate
    residue_m: Estimate
    sentence: str


@dataclass(frozen=True)
class Deposit:
    """Vapour, droplets and what is left behind."""

    flash_frac: Estimate | None
    droplet_temperature_K: Estimate | None
    droplet_life_s: Estimate | None
    surfaces: tuple[SurfaceDeposit, ...]
    column_limit_per_m2: float
    plume_t_s: Array
    headline: str
    caveats: tuple[Caveat, ...] = ()
