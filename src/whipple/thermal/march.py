"""How do many ships warm and moisten at once? Extrapolated linearly implicit Euler steps, cabin vapour beside them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from whipple.casefile.estimate import Array
from whipple.thermal.crew import core_rate_K_s, shed
from whipple.thermal.humidity import VAPORISATION_J_KG, mass_transfer_m_s, saturation_kg_m3
from whipple.thermal.network import Network, heat_W, jacobian_W_K

__all__ = ["Cabin", "History", "march"]


@dataclass(frozen=True)
class Cabin:
    """The room the crew sits in: node indices of air and wall; per ship (n_ship,): volume, wall area, film coefficients,
    first relative humidity, heat of one person.
    """

    air: int
    wall: int
    crew_count: int
    volume_m3: Array
    wall_m2: Array
    film_W_m2K: Array
    body_film_W_m2K: Array
    humidity_frac: Array
    metabolic_W: Array


@dataclass(frozen=True)
class History:
    """On the clock `t_s` (n_time,) from the start: `temperature_K` (n_time, n_ship, n_node), `humidity_frac` (n_time, n_ship),
    `core_rise_K` (n_time, n_ship) of a body. `condensed_kg` (n_ship,) lies on the wall at the end, `breathed_kg` (n_ship,) the
    crew gave off.
    """

    t_s: Array
    temperature_K: Array
    humidity_frac: Array
    core_rise_K: Array
    condensed_kg: Array
    breathed_kg: Array


@dataclass
class _Moisture:
    vapour_kg_m3: Array
    film_kg: Array
    breathed_kg: Array
    core_K: Array


def march(network: Network, start_K: Array, duration_s: float, step_count: int, cabin: Cabin | None = None) -> History:
    """Temperatures of all ships from `start_K` (n_ship, n_node), in `step_count` equal steps.

    Second order in the step for the heat; vapour and sweat are carried from one step to the next (steps of a minute or less
    when people are aboard). Agrees with the BDF of `network.solve_transient` to 0.05 K on the bundled ship (tests).
    """
    step_s = duration_s / step_count
    temperature, moisture = np.array(start_K, dtype=float), _dry(start_K, cabin)
    kept = np.empty((step_count + 1, *temperature.shape))
    humidity, core = np.zeros(kept.shape[:2]), np.zeros(kept.shape[:2])
    for index in range(step_count + 1):
        kept[index] = temperature
        if cabin is not None:
            humidity[index] = moisture.vapour_kg_m3 / saturation_kg_m3(temperature[:, cabin.air])
            core[index] = moisture.core_K
        if index < step_count:
            extra = _people(cabin, moisture, temperature, step_s) if cabin is not None else 0.0
            temperature = temperature + _step_K(network, temperature, extra, step_s)
    clock = np.linspace(0.0, duration_s, step_count + 1)
    return History(clock, kept, humidity, core, moisture.film_kg, moisture.breathed_kg)


def _dry(start_K: Array, cabin: Cabin | None) -> _Moisture:
    nothing = np.zeros(len(start_K))
    if cabin is None:
        return _Moisture(nothing, nothing.copy(), nothing.copy(), nothing.copy())
    vapour = cabin.humidity_frac * saturation_kg_m3(start_K[:, cabin.air])
    return _Moisture(vapour, nothing.copy(), nothing.copy(), nothing.copy())


def _step_K(network: Network, temperature: Array, extra_W: Array | float, step_s: float) -> Array:
    """Change over one step: twice two half steps less one whole step (second order, damps the fast outer layers)."""
    half = _euler_K(network, temperature, extra_W, step_s / 2)
    halves = half + _euler_K(network, temperature + half, extra_W, step_s / 2)
    return 2.0 * halves - _euler_K(network, temperature, extra_W, step_s)


def _euler_K(network: Network, temperature: Array, extra_W: Array | float, step_s: float) -> Array:
    """Change over one linearly implicit Euler step; boundary nodes stay."""
    free = np.flatnonzero(~network.fixed)
    slope = jacobian_W_K(network, temperature)[:, free[:, None], free]
    matrix = network.capacity_J_K[:, free, None] / step_s * np.eye(len(free)) - slope
    heat = (heat_W(network, temperature) + extra_W)[:, free]
    change = np.zeros_like(temperature)
    change[:, free] = np.linalg.solve(matrix, heat[..., None])[..., 0]
    return change


def _people(cabin: Cabin, moisture: _Moisture, temperature: Array, step_s: float) -> Array:
    """Heat of crew and condensation into the nodes (n_ship, n_node) [W]; moves the vapour on by one step."""
    air, wall = temperature[:, cabin.air], temperature[:, cabin.wall]
    sensible, sweat = shed(cabin.metabolic_W, air, moisture.vapour_kg_m3, cabin.body_film_W_m2K, moisture.core_K)
    moisture.core_K = moisture.core_K + step_s * core_rate_K_s(cabin.metabolic_W, sensible, sweat)
    moisture.breathed_kg = moisture.breathed_kg + step_s * cabin.crew_count * sweat
    condensed = _condense(cabin, moisture, cabin.crew_count * sweat, air, wall, step_s)
    extra = np.zeros_like(temperature)
    extra[:, cabin.air] += cabin.crew_count * sensible
    extra[:, cabin.wall] += condensed / step_s * VAPORISATION_J_KG
    return extra


def _condense(
    cabin: Cabin, moisture: _Moisture, source_kg_s: Array, air_K: Array, wall_K: Array, step_s: float
) -> Array:
    """Mass that goes to the wall film in one step (n_ship,) [kg], negative when film evaporates; exact for constant walls.

    Vapour beyond saturation of the air is fog and settles on the wall.
    """
    exchange = mass_transfer_m_s(cabin.film_W_m2K) * cabin.wall_m2
    balance = saturation_kg_m3(wall_K) + source_kg_s / exchange
    settled = balance + (moisture.vapour_kg_m3 - balance) * np.exp(-exchange * step_s / cabin.volume_m3)
    settled = np.minimum(settled, saturation_kg_m3(air_K))
    condensed = source_kg_s * step_s - (settled - moisture.vapour_kg_m3) * cabin.volume_m3
    condensed = np.maximum(condensed, -moisture.film_kg)
    moisture.vapour_kg_m3 = moisture.vapour_kg_m3 + (source_kg_s * step_s - condensed) / cabin.volume_m3
    moisture.film_kg = moisture.film_kg + condensed
    return condensed
