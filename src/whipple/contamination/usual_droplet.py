"""The droplet that the rest is scaled from: 1 mm, released at room temperature, integrated once for each known liquid and flux."""

from __future__ import annotations

from functools import cache

from whipple.contamination.droplet import DropletLife, evaporate_droplet
from whipple.physics.cited import Cited
from whipple.physics.fluids import FLUIDS, Fluid

__all__ = ["USUAL_m", "usual_life"]

#: Times scale with the diameter, so any would do.
USUAL_m = Cited(1e-3, unit="m", source="thermal_sheet", grade="computed")
ROOM_K = Cited(293.15, unit="K", source="thermal_sheet", grade="computed")


def usual_life(liquid: Fluid, flux_W_m2: float) -> DropletLife:
    """The life of a droplet of `USUAL_m` that absorbs this flux per m2 of its surface, from room temperature or the hottest known.

    >>> from whipple.physics.fluids import fluid
    >>> round(usual_life(fluid("isooctane"), 200.0).life_s)
    564
    """
    name = next((name for name, known in FLUIDS.items() if known is liquid), None)
    return _known(name, float(flux_W_m2)) if name is not None else _lived(liquid, float(flux_W_m2))


def _lived(liquid: Fluid, flux_W_m2: float) -> DropletLife:
    return evaporate_droplet(liquid, float(USUAL_m), flux_W_m2, min(float(ROOM_K), liquid.highest_K))


@cache
def _known(name: str, flux_W_m2: float) -> DropletLife:
    return _lived(FLUIDS[name], flux_W_m2)
