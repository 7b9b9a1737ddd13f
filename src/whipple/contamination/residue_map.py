"""How thick is the residue on every facet of the stack? For the drawing: middle values, averaged over the possible axes."""

from __future__ import annotations

import numpy as np

from whipple.casefile.estimate import Array
from whipple.contamination.exits import Exits
from whipple.contamination.release import EXPONENT, FLOOR, Release
from whipple.contamination.residence import RESIDUE_kg_m3
from whipple.contamination.spots import in_view, reach_per_m2, spray_per_m2
from whipple.vehicle.stack import Stack

__all__ = ["residue_map_m"]


def residue_map_m(stack: Stack, out: Exits, spray: Release) -> Array:
    """Mean thickness (n_facet,) [m] of residue left by fog and droplets, with what stands between in the way."""
    wide = reach_per_m2(stack, out, EXPONENT.value, FLOOR.value)[0]
    narrow = spray_per_m2(stack, out)
    fog = float(np.median(spray.fog_frac))
    share = fog * wide + (1 - fog) * narrow
    there = np.flatnonzero(share.any(axis=0))
    seen = np.zeros_like(share)
    seen[:, there] = in_view(stack, out.source_m, there)
    left_kg = float(np.median(spray.gone_kg * spray.residue_frac))
    return np.asarray(left_kg / RESIDUE_kg_m3 * (out.share_frac @ (share * seen)))
