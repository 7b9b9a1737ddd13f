"""How do pressure, mass and temperature of an air cabin go while it leaks, is heated, and the crew adds gas?

The mass is marched, never the pressure alone: pressure also moves with temperature and make-up (sheet 3.2 and 3.4).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.integrate import solve_ivp

from whipple.casefile.estimate import Array
from whipple.errors import RangeError, SolveError
from whipple.leak.orifice import characteristic_speed_m_s, choked_flow_kg_s, hole_area_m2, rarefied_factor
from whipple.physics.fluids import gas

__all__ = ["Cabin", "CabinHistory", "gas_flow_kg_s", "march_cabin", "pressure_rate_Pa_s"]

#: Rarefaction from which a hole counts as continuum: there the Sharipov fit is held (orifice.py).
_CONTINUUM = 1e6


@dataclass(frozen=True)
class Cabin:
    """A cabin with a round hole into vacuum. `makeup_kg_s(t)` is gas let in at `makeup_K`.

    With `temperature_rate_K_s(t)` the temperature is given, as measured; with `heat_W(t)` it follows from the energy balance.
    Exactly one of the two is given.
    """

    volume_m3: float
    pressure_Pa: float
    temperature_K: float
    diameter_m: float
    discharge_ratio: float
    makeup_kg_s: Callable[[float], float] = lambda _: 0.0
    makeup_K: float = 295.0
    temperature_rate_K_s: Callable[[float], float] | None = None
    heat_W: Callable[[float], float] | None = None
    gas_name: str = "air"


@dataclass(frozen=True)
class CabinHistory:
    """On `t_s` (n,): pressure, temperature, mass inside, mass lost and made up, and the energy that came in and went out.

    `energy_J` is the internal energy m cv T; `energy_in_J` heat and the enthalpy of the make-up; `energy_out_J` the enthalpy lost.
    """

    t_s: Array
    pressure_Pa: Array
    temperature_K: Array
    mass_kg: Array
    lost_kg: Array
    made_up_kg: Array
    energy_J: Array
    energy_in_J: Array
    energy_out_J: Array


def pressure_rate_Pa_s(
    pressure_Pa: float, temperature_K: float, volume_m3: float, *,
    temperature_rate_K_s: float = 0.0, inflow_kg_s: float = 0.0, leak_kg_s: float = 0.0, gas_name: str = "air",
) -> float:  # fmt: skip
    """dp/dt = (p/T) dT/dt + (R_s T/V) (inflow - leak) [Pa/s] (sheet 3.2): a fall of pressure alone proves no leak.

    One kelvin an hour of cooling hides or feigns a leak of 5 kg an hour in 1200 m3:

    >>> round(pressure_rate_Pa_s(101325.0, 295.0, 1200.0, temperature_rate_K_s=-1 / 3600) * 3600, 1)
    -343.5
    >>> round(pressure_rate_Pa_s(101325.0, 295.0, 1200.0, leak_kg_s=4.868 / 3600) * 3600, 1)
    -343.5
    """
    if min(pressure_Pa, temperature_K, volume_m3) <= 0:
        found = f"{pressure_Pa:g}, {temperature_K:g}, {volume_m3:g}"
        raise RangeError("cabin", "pressure_Pa, temperature_K, volume_m3", found, "all above zero", "check the units")
    heating = pressure_Pa / temperature_K * temperature_rate_K_s
    return heating + gas(gas_name).gas_constant_J_kgK * temperature_K / volume_m3 * (inflow_kg_s - leak_kg_s)


def gas_flow_kg_s(
    diameter_m: float, discharge_ratio: float, pressure_Pa: float, temperature_K: float, gas_name: str = "air"
) -> float:
    """Flow of a gas through a round thin hole into vacuum [kg/s], from choked down to free-molecular.

    Choked with the discharge coefficient given when the mean free path is small against the hole, free-molecular when it is
    large, between them in step with W(delta) of Sharipov 2004 (recalled); the blend with a coefficient of one's own is a proposal.

    >>> round(gas_flow_kg_s(1e-3, 0.84, 101325.0, 295.0) * 1e3, 4)
    0.1573
    >>> round(gas_flow_kg_s(1e-3, 0.84, 0.01, 295.0) / (hole_area_m2(1e-3) * 0.01 / (2 * math.pi * 287.05 * 295.0) ** 0.5), 2)
    1.0
    """
    air, area = gas(gas_name), hole_area_m2(diameter_m)
    if diameter_m == 0 or pressure_Pa <= 0:
        return 0.0
    ratio = math.sqrt(math.pi) / 2 * diameter_m / 2 / air.mean_free_path_m(pressure_Pa, temperature_K)
    constant = air.gas_constant_J_kgK
    molecular = area * pressure_Pa / math.sqrt(2 * math.pi * constant * temperature_K)
    choked = float(
        choked_flow_kg_s(area, discharge_ratio, pressure_Pa, constant, temperature_K, air.heat_capacity_ratio)
    )
    share = (rarefied_factor(ratio) - 1) / (rarefied_factor(_CONTINUUM) - 1)
    return molecular + share * (choked - molecular)


def _check(cabin: Cabin) -> None:
    for name in ("volume_m3", "pressure_Pa", "temperature_K", "discharge_ratio"):
        if not getattr(cabin, name) > 0:
            raise RangeError("cabin", name, f"{getattr(cabin, name):g}", "a value above zero", "check the unit")
    if cabin.discharge_ratio > 1:
        raise RangeError(
            "cabin", "discharge_ratio", f"{cabin.discharge_ratio:g}", "at most 1", "a hole passes no more than its area"
        )
    if (cabin.temperature_rate_K_s is None) == (cabin.heat_W is None):
        found = "both or neither"
        raise RangeError(
            "cabin", "temperature_rate_K_s, heat_W", found, "one of the two", "give what is known of the heat"
        )


def _possible(cabin: Cabin, mass_ratio: Array, kelvin: Array) -> None:
    air, coldest = gas(cabin.gas_name), float(kelvin.min())
    lowest = air.lowest_K if cabin.temperature_rate_K_s is not None else 1.0
    if not (lowest <= coldest and float(kelvin.max()) <= air.highest_K):
        found, expected = f"{coldest:.4g} to {kelvin.max():.4g} K", f"{lowest:g} to {air.highest_K:g} K throughout"
        raise RangeError("cabin", "temperature", found, expected, "check the drift or the heat, and how long it lasts")
    if mass_ratio.min() < -1e-6:
        raise RangeError(
            "cabin", "makeup_kg_s", "more taken out than there is", "gas left in the cabin", "check its sign"
        )


def march_cabin(cabin: Cabin, t_s: Array) -> CabinHistory:
    """The cabin from t_s[0] on at the rising times `t_s` (n,) (DOP853, relative 1e-12); the leak is choked (c* of the temperature).

    Mass and energy balance to 1e-10. Make-up and heat should be smooth: march piece by piece where they jump. Raises RangeError
    for bad input, for a given temperature that leaves the gas's range, and where more gas is taken out than there is.

    >>> shut = Cabin(10.0, 101325.0, 295.0, 5e-3, 0.84, heat_W=lambda _: 0.0)
    >>> round(float(march_cabin(shut, np.array([0.0, 600.0])).pressure_Pa[1] / 101325.0), 4)
    0.7628
    """
    _check(cabin)
    if np.size(t_s) < 2 or np.any(np.diff(t_s) <= 0):
        raise RangeError("cabin", "t_s", f"{np.size(t_s)} times", "two rising times or more", "give it time to leak")
    air, area = gas(cabin.gas_name), hole_area_m2(cabin.diameter_m)
    constant, gamma = air.gas_constant_J_kgK, air.heat_capacity_ratio
    at_volume, at_pressure = constant / (gamma - 1), constant * gamma / (gamma - 1)
    opening = cabin.discharge_ratio * area / cabin.volume_m3

    def rates(t: float, state: Array) -> list[float]:
        mass, kelvin = state[0], state[1]
        out = opening * mass * characteristic_speed_m_s(constant, max(kelvin, 1.0), gamma)
        let_in = cabin.makeup_kg_s(t)
        warm, cold = at_pressure * cabin.makeup_K * let_in, at_pressure * kelvin * out
        if cabin.temperature_rate_K_s is not None:
            slope = cabin.temperature_rate_K_s(t)
            heat = at_volume * (mass * slope + kelvin * (let_in - out)) - warm + cold
        else:
            assert cabin.heat_W is not None
            heat = cabin.heat_W(t)
            slope = (heat + warm - cold - at_volume * kelvin * (let_in - out)) / (at_volume * mass)
        return [let_in - out, slope, out, let_in, heat + warm, cold]

    start = cabin.pressure_Pa * cabin.volume_m3 / (constant * cabin.temperature_K)
    times = np.asarray(t_s, dtype=float)
    first, scale = [start, cabin.temperature_K, 0.0, 0.0, 0.0, 0.0], start * at_volume * cabin.temperature_K
    near = 1e-13 * np.array([start, cabin.temperature_K, start, start, scale, scale])
    run = solve_ivp(rates, (times[0], times[-1]), first, "DOP853", times, rtol=1e-12, atol=near)
    if not run.success:
        raise SolveError("cabin", float("nan"), run.message)
    mass, kelvin, lost, made_up, energy_in, energy_out = run.y
    _possible(cabin, mass / start, kelvin)
    pressure = mass * constant * kelvin / cabin.volume_m3
    return CabinHistory(times, pressure, kelvin, mass, lost, made_up, at_volume * mass * kelvin, energy_in, energy_out)
