"""The slot of `contamination`: where the coolant went, and what it did there."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from whipple.casefile.estimate import Array, Caveat, Estimate

__all__ = ["Deposit", "PartShare", "SurfaceDeposit"]


@dataclass(frozen=True)
class SurfaceDeposit:
    """One named surface: what reaches it, how long it stays, and does it matter.

    `line_of_sight` says whether the hole sees it past the stack. `column_per_m2` is the column density of vapour along
    the line of sight from the surface past the plume; `film_life_s` is the life of a 1 um film at `temperature_K`.

    `function` says what the residue dims ("array power left", "absorptance rise", "window clear"; "" for none) and `function_frac`
    by how much; `over_limit_prob` is the chance that the residue alone passes the yearly limit of SSP 30426 (130 angstrom).
    `over_column_s`: how long after the onset the column stays above the limit; `toward_hole_per_m2`: the column of a line of sight
    from here to the hole, where one is open.
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
    function: str = ""
    function_frac: Estimate | None = None
    over_limit_prob: float = 0.0
    over_column_s: Estimate | None = None
    toward_hole_per_m2: Estimate | None = None


@dataclass(frozen=True)
class PartShare:
    """One part of the stack: the share of all vapour and of all droplet mass that flies straight to it, past what stands between.

    `returned_frac` is vapour handed on from other surfaces, counted at every visit, when none of it sticks. The `..._range_frac` span
    the possible axes of the hole and the plume laws (90 %).
    """

    part: str
    vapour_frac: float
    droplet_frac: float
    returned_frac: float = 0.0
    vapour_range_frac: Estimate | None = None
    droplet_range_frac: Estimate | None = None


@dataclass(frozen=True)
class Deposit:
    """Vapour, droplets and what is left behind.

    `reached` lists the parts that the spray meets, most first; the escaped shares and theirs add up to what was released, less what
    droplets lose on the way. `advice` says which surfaces to shutter or rotate, and for how long; `spacewalk_s` how long after the
    onset a spacewalk near the plume is acceptable again. `vapour_near_frac` is the share of the flow that is vapour while still near the
    stack; `droplet_diameter_m`, `intact_m` and `shattered_prob` say how the jet falls apart. `facet_residue_m` (n_facet,) is the
    mean residue on every triangle of the stack over the possible axes, by the middle values of all else. `limit` is the verdict
    against SSP 30426 in words.
    """

    flash_frac: Estimate | None
    droplet_temperature_K: Estimate | None
    droplet_life_s: Estimate | None
    surfaces: tuple[SurfaceDeposit, ...]
    column_limit_per_m2: float
    plume_t_s: Array
    headline: str
    caveats: tuple[Caveat, ...] = ()
    reached: tuple[PartShare, ...] = ()
    vapour_escaped_frac: float | None = None
    droplets_escaped_frac: float | None = None
    advice: tuple[str, ...] = ()
    spacewalk_s: Estimate | None = None
    vapour_near_frac: Estimate | None = None
    droplet_diameter_m: Estimate | None = None
    intact_m: Estimate | None = None
    shattered_prob: float | None = None
    vapour_escaped_range_frac: Estimate | None = None
    droplets_escaped_range_frac: Estimate | None = None
    facet_residue_m: Array = field(default_factory=lambda: np.zeros(0))
    limit: str = ""
