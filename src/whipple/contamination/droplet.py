"""How does a droplet cool and shrink in vacuum, and when is it gone?

    dm/dt = -4 pi r^2 j,   m cp dT/dt = 4 pi r^2 (q - j h_fg),   r = (3 m / (4 pi rho(T)))^(1/3)

with j of Hertz-Knudsen and q the absorbed flux per m2 of surface (thermal sheet, section 10). Every time scales with the
diameter, so we integrate in the stretched time s, dt = r ds, where the right-hand side knows nothing of the size.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.integrate import solve_ivp

from whipple.casefile.estimate import Array
from whipple.contamination.film import Liquid, evaporation_kg_m2_s
from whipple.errors import RangeError, SolveError

__all__ = ["DropletLife", "evaporate_droplet"]

_GONE_NAT = float(np.log(1e-9))
#: Longer than any stretched life [s/m]: an unheated droplet near its triple point needs 1e6.
_STRETCHED_END = 1e13


@dataclass(frozen=True)
class DropletLife:
    """A droplet from release to its end: `t_s`, `temperature_K`, `mass_frac` (n,) of the first mass.

    `freezes` says whether it reached its triple point while liquid; then `life_s` is the time to freezing, else until gone.
    """

    t_s: Array
    temperature_K: Array
    mass_frac: Array
    freezes: bool
    life_s: float

    @property
    def end_K(self) -> float:
        """Temperature at the end: where it freezes, or where evaporation and absorbed flux balance."""
        return float(self.temperature_K[-1])

    def time_to_s(self, temperature_K: float) -> float:
        """When the droplet has cooled to this temperature; RangeError when it never does."""
        below = np.flatnonzero(self.temperature_K <= temperature_K)
        if not len(below):
            raise RangeError(
                "droplet", "temperature_K", temperature_K, f"a temperature it reaches (lowest {self.end_K:.1f} K)"
            )
        after = max(int(below[0]), 1)
        part = slice(after - 1, after + 1)
        return float(np.interp(-temperature_K, -self.temperature_K[part], self.t_s[part]))


def evaporate_droplet(
    liquid: Liquid, diameter_m: float, flux_W_m2: float, from_K: float = 293.15, accommodation_frac: float = 1.0
) -> DropletLife:
    """The life of a droplet of this diameter absorbing `flux_W_m2` per m2 of its surface.

    Valid from the triple point to `liquid.highest_K`; no self-shielding by the vapour of neighbours (inside a dense jet it
    evaporates up to 18 % slower), one temperature throughout (good below about 1 mm).

    >>> from whipple.physics.fluids import fluid
    >>> life = evaporate_droplet(fluid("isooctane"), 100e-6, 200.0)
    >>> round(life.end_K, 1), round(life.life_s), life.freezes
    (178.2, 56, False)
    """
    if not diameter_m > 0 or flux_W_m2 < 0:
        raise RangeError(
            "droplet",
            "diameter_m, flux_W_m2",
            f"{diameter_m:g} m, {flux_W_m2:g} W/m2",
            "diameter above 0, flux 0 or more",
        )
    if not liquid.triple_point_K < from_K <= liquid.highest_K:
        raise RangeError("droplet", "from_K", from_K, f"{liquid.triple_point_K:g} to {liquid.highest_K:g} K")
    radius_m, dense = diameter_m / 2, liquid.density_kg_m3(from_K)

    def radius(mass_nat: float, temperature_K: float) -> float:
        return float(radius_m * np.exp(mass_nat / 3) * (dense / liquid.density_kg_m3(temperature_K)) ** (1 / 3))

    def rate(_s: float, state: Array) -> list[float]:
        mass_nat, _, temperature = state
        temperature = max(float(temperature), liquid.triple_point_K)
        density, leaving = (
            liquid.density_kg_m3(temperature),
            evaporation_kg_m2_s(liquid, temperature, accommodation_frac),
        )
        heat = flux_W_m2 - leaving * liquid.heat_of_vaporisation_J_kg(temperature)
        cooling = 3 * heat / (density * liquid.heat_capacity_J_kgK(temperature))
        return [-3 * leaving / density, radius(mass_nat, temperature) / radius_m, cooling]

    def gone(_s: float, state: Array) -> float:
        return float(state[0] - _GONE_NAT)

    def frozen(_s: float, state: Array) -> float:
        return float(state[2] - liquid.triple_point_K)

    gone.terminal = frozen.terminal = True  # type: ignore[attr-defined]
    answer = solve_ivp(
        rate,
        (0.0, _STRETCHED_END),
        [0.0, 0.0, from_K],
        method="LSODA",
        events=(gone, frozen),
        rtol=1e-7,
        atol=[1e-7, 1e-9, 1e-6],
    )
    if answer.status != 1:
        raise SolveError("droplet", float("nan"), f"the droplet neither froze nor vanished ({answer.message})")
    clock, freezes = answer.y[1] * radius_m, bool(answer.t_events and len(answer.t_events[1]))
    return DropletLife(clock, answer.y[2], np.exp(answer.y[0]), freezes, float(clock[-1]))
