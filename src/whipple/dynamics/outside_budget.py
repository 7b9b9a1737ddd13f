"""How much momentum do air and sunlight add to what the jet asks of the gyros?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from whipple.casefile.estimate import Array, Caveat, Estimate
from whipple.dynamics.momentum import held_momentum_Nms
from whipple.dynamics.outside_torque import (
    AIR_KG_M3,
    DRAG_RATIO,
    air_torque_Nm,
    facing,
    orbit_speed_m_s,
    sunlight_bound_Nm,
    turning_wings,
)
from whipple.vehicle.stack import Stack

__all__ = ["OutsideBudget", "outside_budget"]

#: Largest share of the turning wings' face that meets the air, averaged over an orbit (Sun in the orbit plane: mean of |sin|).
_WINGS_FRAC = 2 / np.pi


@dataclass(frozen=True)
class OutsideBudget:
    """Torque of the air (size), the bound of sunlight's torque, and the caveat.

    `peak_with_air_Nms` is what air and jet together ask for in a fixed LVLH hold that is never unloaded: not what a managed stack sees.
    """

    air_torque_Nm: Estimate
    peak_with_air_Nms: Estimate
    sunlight_torque_Nm: float
    caveat: Caveat


def outside_budget(
    stack: Stack, rate_rad_s: float, jet_torque_lvlh_Nm: Array, t_s: Array, rng: np.random.Generator
) -> OutsideBudget:
    """Air and sunlight beside the jet, whose torque is given on the clock (n, m, 3): draws over density, drag and the wings' turn.

    The air comes from ram, steadily, while LVLH is held; sunlight is bounded from above (sheet 7). At the torque-equilibrium
    attitude gravity balances the mean of both, so this is the price of holding LVLH, not one of the leak.
    """
    count, ram = len(jet_torque_lvlh_Nm), stack.body_from_lvlh @ np.array([1.0, 0.0, 0.0])
    density, drag = AIR_KG_M3.draw(rng, count), DRAG_RATIO.draw(rng, count)
    speed, centre = orbit_speed_m_s(rate_rad_s), np.nan_to_num(stack.centre_of_mass_m)
    wings = rng.uniform(0.0, _WINGS_FRAC, count)[:, None]
    torque = air_torque_Nm(facing(stack, ram), centre, ram, density, drag, speed)
    torque = torque + wings * air_torque_Nm(turning_wings(stack), centre, ram, density, drag, speed)
    lvlh = torque @ stack.body_from_lvlh
    together = held_momentum_Nms(jet_torque_lvlh_Nm + lvlh[:, None, :], t_s, rate_rad_s)
    air = Estimate.from_samples(
        np.linalg.norm(lvlh, axis=1), "N*m", models=("free-molecular drag",), sources=("leak_sheet",)
    )
    both = Estimate.from_samples(
        np.linalg.norm(together, axis=2).max(axis=1), "N*m*s", models=("LVLH hold", "free-molecular drag")
    )
    light = sunlight_bound_Nm(stack)
    text = (
        f"Air drag adds a torque of {air.median:.2f} N·m (90 %: {air.low:.2f} to {air.high:.2f}; density 1e-12 to 1e-11 kg/m³, array wings at "
        f"any turn), sunlight at most {light:.2f} N·m; both act with or without the leak. Were LVLH held over the whole leak and the gyros never "
        f"unloaded, jet and air together would ask for {both.median:.0f} N·m·s ({both.low:.0f} to {both.high:.0f}); at the torque-equilibrium "
        "attitude, which a station flies, gravity takes the steady part."
    )
    return OutsideBudget(air, both, light, Caveat("dynamics-air", text))
