"""What becomes of the droplets of this leak: how cold, liquid or frozen, and when gone?"""

from __future__ import annotations

import numpy as np

from whipple.casefile.estimate import Array, Caveat, Estimate
from whipple.casefile.findings.sky import Sky
from whipple.casefile.given import Given
from whipple.contamination.droplet import DropletLife
from whipple.contamination.ice import ice_grain
from whipple.contamination.usual_droplet import usual_life
from whipple.physics.fluids import Fluid

__all__ = ["droplet_fate", "shared_flux"]

#: Absorbed flux per m2 of droplet surface in sunlight; the thermal sheet tabulates 60 and 200 W/m2.
SUNLIT_W_m2 = Given(110.0, 60.0, 200.0, "W/m**2", "thermal_sheet")
#: In shadow only the Earth's infrared: 240 W/m2 times the view factor of a sphere, partly absorbed.
SHADOW_W_m2 = Given(60.0, 20.0, 80.0, "W/m**2", "thermal_sheet")
_FLUX_GRID_W_m2 = (10.0, 20.0, 30.0, 40.0, 60.0, 120.0, 320.0)


def droplet_fate(
    liquid: Fluid, diameter_m: Array, sky: Sky | None, rng: np.random.Generator
) -> tuple[Estimate, Estimate, float]:
    """Temperature at which droplets (n,) stall or settle as ice [K], how long they live [s], over flux and size; and the share that freezes.

    Life is proportional to the diameter, so one droplet per flux is integrated and the rest interpolated in its logarithm.
    """
    count = len(diameter_m)
    lives = [usual_life(liquid, flux) for flux in _FLUX_GRID_W_m2]
    ends = [_end(liquid, life, flux) for life, flux in zip(lives, _FLUX_GRID_W_m2, strict=True)]
    grid = np.log(_FLUX_GRID_W_m2)
    shadowed = float(sky.orbit.eclipse_frac) if sky is not None else 0.38
    dark = rng.random(count) < shadowed
    flux = np.log(np.where(dark, SHADOW_W_m2.draw(rng, count), SUNLIT_W_m2.draw(rng, count)))
    cold = np.interp(flux, grid, [kelvin for kelvin, _ in ends])
    frozen = np.interp(flux, grid, [float(life.freezes) for life in lives]) > 0.5
    per_m = np.exp(np.interp(flux, grid, [np.log(seconds / 1e-3) for _, seconds in ends]))
    models, sources = ("droplet energy balance",), (liquid.source, SUNLIT_W_m2.source)
    return (
        Estimate.from_samples(cold, "K", models=models, sources=sources),
        Estimate.from_samples(per_m * diameter_m, "s", models=(*models, "break-up"), sources=sources),
        float(frozen.mean()),
    )


def _end(liquid: Fluid, life: DropletLife, flux_W_m2: float) -> tuple[float, float]:
    """Where a 1 mm droplet ends [K] and when it has gone, as liquid or as ice [s]."""
    if not life.freezes:
        return life.end_K, life.life_s
    grain = ice_grain(liquid, life, 1e-3, flux_W_m2)
    return grain.temperature_K, life.life_s + grain.life_s


def shared_flux(sky: Sky | None) -> tuple[Caveat, ...]:
    """What was assumed about sunlight."""
    if sky is None:
        return (
            Caveat(
                "contamination-no-sky", "No orbit was worked out: droplets are taken to be in shadow 38 % of the time."
            ),
        )
    if sky.orbit.eclipse_frac == 0:
        return ()
    text = f"Droplets are taken to be in shadow {100 * sky.orbit.eclipse_frac:.0f} % of the time, where they live longer and may freeze."
    return (Caveat("contamination-shadow", text),)
