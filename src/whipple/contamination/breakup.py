"""How does the jet fall apart: by surface tension into drops of about its own width, or blown to bits by its own boiling?

    We = rho v^2 d / sigma,   Oh = mu / sqrt(rho sigma d),   We_v with the vapour's density,   Ja = (rho_l / rho_v) cp (T - T_frozen) / h_fg

Rayleigh: drops of 1.89 jet widths (leak sheet, section 3.6). Two published criteria say whether boiling shatters the jet first; where they
disagree, as for isooctane at room temperature, each has half of the draws.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.casefile.given import Given
from whipple.contamination.droplet import DropletLife
from whipple.contamination.models import (
    laminar_length_ratio,
    shatter_by_heat_ratio,
    shatter_by_inertia_ratio,
    turbulent_length_ratio,
    vapour_weight,
)
from whipple.errors import RangeError
from whipple.physics.cited import Cited
from whipple.physics.fluids import Fluid

__all__ = ["Breakup", "JetNumbers", "break_up", "jet_numbers", "left_frac"]

#: Drop over hole diameter where the jet stays whole: Rayleigh's 1.89 of a contracted jet; vents in orbit give about orifice size.
WHOLE_RATIO = Given(1.4, 0.8, 1.9, "", "kofsky_pike")
#: Where boiling shatters it: from micrometres up to the hole itself (Shuttle dumps and flashing sprays).
SHATTERED_RATIO = Given(0.1, 0.01, 1.0, "", "kofsky_pike", most=1.0)
#: How far the recalled criteria may be off, as a factor (1 sigma).
CRITERION_factor = Cited(1.5, unit="", source="contamination_proposal", grade="proposal")
_SMALLEST_m = 1e-6


@dataclass(frozen=True)
class JetNumbers:
    """The numbers that decide (each (n,) or a scalar): Weber of the liquid, Ohnesorge, Weber of the vapour, its weight phi, Jakob."""

    weber: Array
    ohnesorge: Array
    weber_vapour: Array
    vapour_weight: Array
    jakob: Array

    @property
    def shatter_ratios(self) -> tuple[Array, Array]:
        """Both criteria, by inertia and by heat: above 1 the jet shatters."""
        return (
            shatter_by_inertia_ratio(self.weber_vapour, self.vapour_weight),
            shatter_by_heat_ratio(self.jakob, self.weber_vapour, self.vapour_weight),
        )


@dataclass(frozen=True)
class Breakup:
    """Draws (n,): drop size `diameter_m`, whether boiling `shattered` the jet, and its `intact_m` before it falls apart."""

    diameter_m: Array
    shattered: npt.NDArray[np.bool_]
    intact_m: Array


def jet_numbers(liquid: Fluid, temperature_K: float, speed_m_s: npt.ArrayLike, diameter_m: npt.ArrayLike) -> JetNumbers:
    """The dimensionless numbers of a jet of this liquid into vacuum; the superheat is counted down to freezing.

    Needs surface tension and viscosity of the liquid (RangeError for one without, such as a glycol), speed and diameter above 0.

    >>> from whipple.physics.fluids import fluid
    >>> jet = jet_numbers(fluid("isooctane"), 293.15, 29.4, 8e-4)
    >>> round(float(jet.weber), -3), round(float(jet.ohnesorge), 4)
    (25000.0, 0.0049)
    """
    speed, width = np.asarray(speed_m_s, dtype=float), np.asarray(diameter_m, dtype=float)
    if not ((speed > 0).all() and (width > 0).all()):
        raise RangeError(
            "break-up", "speed_m_s, diameter_m", "0 or less", "both above 0", "give the jet a speed and a width"
        )
    dense, tension = liquid.density_kg_m3(temperature_K), liquid.surface_tension_N_m(temperature_K)
    vapour = liquid.vapour_pressure_Pa(temperature_K) / (liquid.gas_constant_J_kgK * temperature_K)
    heat = liquid.heat_capacity_J_kgK(temperature_K) * (temperature_K - liquid.triple_point_K)
    return JetNumbers(
        weber=dense * speed**2 * width / tension,
        ohnesorge=liquid.viscosity_Pas(temperature_K) / np.sqrt(dense * tension * width),
        weber_vapour=vapour * speed**2 * width / tension,
        vapour_weight=vapour_weight(vapour, dense),
        jakob=np.asarray(dense / vapour * heat / liquid.heat_of_vaporisation_J_kg(temperature_K)),
    )


def break_up(liquid: Fluid, temperature_K: float, speed_m_s: Array, hole_m: Array, rng: np.random.Generator) -> Breakup:
    """Draw drop sizes, the way of break-up and the intact length for draws (n,) of jet speed and hole diameter.

    A liquid without a surface tension is taken to stay whole or to shatter with equal chance.
    """
    count = len(hole_m)
    shattered = rng.random(count) < 0.5
    intact = 10 ** rng.uniform(2.0, 3.5, count) * hole_m
    if {"surface_tension_N_m", "viscosity_Pas"} <= set(liquid.fits):
        jet = jet_numbers(liquid, temperature_K, speed_m_s, hole_m)
        scatter = float(CRITERION_factor) ** rng.standard_normal((2, count))
        votes = np.mean([ratio * off > 1 for ratio, off in zip(jet.shatter_ratios, scatter, strict=True)], axis=0)
        shattered = rng.random(count) < votes
        between = rng.random(count)
        short, long = turbulent_length_ratio(jet.weber, jet.ohnesorge), laminar_length_ratio(jet.weber, jet.ohnesorge)
        intact = hole_m * short ** (1 - between) * long**between
    whole = hole_m * WHOLE_RATIO.draw(rng, count)
    bits = hole_m * SHATTERED_RATIO.draw(rng, count)
    return Breakup(np.maximum(np.where(shattered, bits, whole), _SMALLEST_m), shattered, intact)


def left_frac(life: DropletLife, of_diameter_m: float, diameter_m: npt.ArrayLike, after_s: npt.ArrayLike) -> Array:
    """Share of the mass of droplets (n,) that is still liquid or ice after a time; the rest has become vapour.

    `life` is one integrated droplet of `of_diameter_m`; times scale with the diameter. A frozen one keeps its mass here (hours).
    """
    own = np.asarray(after_s) * of_diameter_m / np.asarray(diameter_m)
    end = float(life.mass_frac[-1]) if life.freezes else 0.0
    return np.asarray(np.interp(own, life.t_s, life.mass_frac, right=end))
