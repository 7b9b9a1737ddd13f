"""What do people give off: sensible heat, vapour, and what stays in the body when neither path works?

The split follows the sheet "Sensible and Latent Heat" (117 W in all: 88 W sensible at 21 degC, 29 W at 32 degC), taken linear and
carried on above 32 degC. Skin warms with the core from 35 degC. What sweat can leave is limited by the vapour already in the air
(Lewis relation).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.errors import RangeError
from whipple.physics.cited import Cited
from whipple.thermal.humidity import VAPORISATION_J_KG, mass_transfer_m_s, saturation_kg_m3

__all__ = ["SKIN_K", "core_rate_K_s", "core_rise_K", "evaporation_limit_kg_s", "sensible_W", "sensible_frac", "shed"]

COOL_K = Cited(294.15, unit="K", source="sensible_latent_sheet")
WARM_K = Cited(305.15, unit="K", source="sensible_latent_sheet")
COOL_SENSIBLE_FRAC = Cited(88.0 / 117.0, unit="", source="sensible_latent_sheet")
WARM_SENSIBLE_FRAC = Cited(29.0 / 117.0, unit="", source="sensible_latent_sheet")
SKIN_K = Cited(308.15, unit="K", source="thermal_sheet", grade="computed")
SKIN_m2 = Cited(1.8, unit="m^2", source="dubois_skin", grade="recalled")
BODY_kg = Cited(75.0, unit="kg", source="thermal_sheet", grade="computed")
BODY_J_KGK = Cited(3470.0, unit="J/kg/K", source="thermal_sheet", grade="computed")

#: Air that a body is followed in, and for how long.
AIR_K = (273.15, 333.15)
LONGEST_S = 48 * 3600.0


def sensible_frac(air_K: npt.ArrayLike) -> Array:
    """Share of the body's heat that leaves as sensible heat; negative above 37.4 degC, where the air heats the body.

    Tested range 294 to 305 K (the sheet's two points); linear outside, never above 1.

    >>> sensible_frac([294.15, 305.15]).round(3).tolist()
    [0.752, 0.248]
    """
    slope = (WARM_SENSIBLE_FRAC - COOL_SENSIBLE_FRAC) / (WARM_K - COOL_K)
    return np.minimum(COOL_SENSIBLE_FRAC + slope * (np.asarray(air_K, dtype=float) - COOL_K), 1.0)


def evaporation_limit_kg_s(
    vapour_kg_m3: npt.ArrayLike, film_W_m2K: npt.ArrayLike, skin_K: npt.ArrayLike = SKIN_K
) -> Array:
    """The most sweat one wet body (1.8 m2, skin at 35 degC unless told) can evaporate into air with this much vapour [kg/s].

    >>> round(float(evaporation_limit_kg_s(0.030, 4.0)) * 3.6e6)
    230
    """
    difference = saturation_kg_m3(skin_K) - np.asarray(vapour_kg_m3, dtype=float)
    return np.asarray(SKIN_m2 * mass_transfer_m_s(film_W_m2K) * np.maximum(difference, 0.0))


def sensible_W(
    metabolic_W: npt.ArrayLike, air_K: npt.ArrayLike, film_W_m2K: npt.ArrayLike, core_rise_K: npt.ArrayLike
) -> Array:
    """Sensible heat of one body [W]: the sheet's share, and more once the skin warms with the core.

    >>> sensible_W(117.0, 294.15, 4.0, [0.0, 1.0]).round(1).tolist()
    [88.0, 95.2]
    """
    warmer = SKIN_m2 * np.asarray(film_W_m2K) * np.asarray(core_rise_K, dtype=float)
    return np.asarray(np.asarray(metabolic_W) * sensible_frac(air_K) + warmer)


def core_rate_K_s(
    metabolic_W: npt.ArrayLike, shed_W: npt.ArrayLike = 0.0, evaporated_kg_s: npt.ArrayLike = 0.0
) -> Array:
    """How fast one body (75 kg) warms with the heat that neither `shed_W` nor evaporation takes away [K/s]; 0 when all goes.

    With neither path, 117 W: 1.62 K/h (thermal sheet, section 5).

    >>> round(float(core_rate_K_s(117.0)) * 3600, 2)
    1.62
    """
    kept = np.asarray(metabolic_W, dtype=float) - shed_W - np.asarray(evaporated_kg_s, dtype=float) * VAPORISATION_J_KG
    return np.maximum(kept, 0.0) / (BODY_kg * BODY_J_KGK)


def shed(
    metabolic_W: npt.ArrayLike,
    air_K: npt.ArrayLike,
    vapour_kg_m3: npt.ArrayLike,
    film_W_m2K: npt.ArrayLike,
    core_rise_K: npt.ArrayLike,
) -> tuple[Array, Array]:
    """What one body gives off: sensible heat [W], and the sweat that evaporates [kg/s], as much as it needs or as the air takes.

    >>> [round(float(one), 6) for one in shed(117.0, 294.15, 0.01, 4.0, 0.0)]
    [88.0, 1.2e-05]
    """
    sensible = sensible_W(metabolic_W, air_K, film_W_m2K, core_rise_K)
    wanted = np.maximum(np.asarray(metabolic_W) - sensible, 0.0) / VAPORISATION_J_KG
    limit = evaporation_limit_kg_s(vapour_kg_m3, film_W_m2K, SKIN_K + np.asarray(core_rise_K))
    return sensible, np.minimum(wanted, limit)


def core_rise_K(
    air_K: npt.ArrayLike,
    humidity_frac: npt.ArrayLike,
    duration_s: float,
    metabolic_W: npt.ArrayLike = 117.0,
    film_W_m2K: npt.ArrayLike = 4.0,
) -> Array:
    """How much the core of one body warms in air that stays as it is [K]; arguments of one shape or plain numbers, 273 to 333 K, up to two days.

    The same balance as in the march of a cabin (steps of half a minute). RangeError outside that, outside 0 to 1 of humidity, and without heat.

    >>> core_rise_K([306.15, 308.15, 310.15], 1.0, 6 * 3600.0).round(1).tolist()
    [0.7, 2.4, 4.1]
    """
    air, metabolic, film = (np.asarray(one, dtype=float) for one in (air_K, metabolic_W, film_W_m2K))
    damp = np.asarray(humidity_frac, dtype=float)
    sound = {
        f"duration = {duration_s:g} s": 0 < duration_s <= LONGEST_S, f"humidity = {damp}": np.all((damp >= 0) & (damp <= 1)),
        f"metabolic heat = {metabolic} W": np.all(metabolic > 0), f"air = {air} K": np.all((air >= AIR_K[0]) & (air <= AIR_K[1])),
    }  # fmt: skip
    if wrong := [name for name, fine in sound.items() if not fine]:
        wanted = (
            f"up to {LONGEST_S / 3600:g} h, humidity from 0 to 1, heat above 0, air from {AIR_K[0]:g} to {AIR_K[1]:g} K"
        )
        raise RangeError(
            "core of a body", wrong[0].split(" = ")[0], wrong[0].split(" = ")[1], wanted, "check the value and its unit"
        )
    vapour, steps = damp * saturation_kg_m3(air), max(1, round(duration_s / 30.0))
    rise = np.zeros(np.broadcast_shapes(air.shape, damp.shape, metabolic.shape, film.shape))
    for _ in range(steps):
        sensible, sweat = shed(metabolic, air, vapour, film, rise)
        rise = rise + duration_s / steps * core_rate_K_s(metabolic, sensible, sweat)
    return rise
