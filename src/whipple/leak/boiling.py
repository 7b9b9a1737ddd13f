"""How does a loop empty that only its own vapour pushes, and how cold does it get?

Once the accumulator is at its stop the liquid boils: p = psat(T). Evaporation fills the volume that leaves, and cools what stays:
m cp dT/dt = -evaporation h_fg + Q (sheet 3.1, regime 2). With vapour at the hole all that leaves has evaporated, and it cools far more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from scipy.integrate import solve_ivp

from whipple.casefile.estimate import Array, Caveat
from whipple.errors import RangeError, SolveError
from whipple.leak.orifice import choked_flow_kg_s, liquid_flow_kg_s
from whipple.leak.through import choked_share, vapour_path_m
from whipple.physics.cited import Cited
from whipple.physics.fluids import Fluid

__all__ = ["BoilHistory", "Boiling", "boil_down"]

_STEP_K = 0.05
#: Ended when this share of the liquid is left.
_DREGS_FRAC = Cited(1e-4, unit="", source="leak_sheet", grade="proposal")

#: Vapour is choked enough from here on, of the way from free-molecular to choked.
_CHOKED_SHARE = 0.99

#: What each end of a run is called, in the order of the events, and what the reader must know of it.
_ENDS = ("empty", "frozen", "too hot")
_END_CAVEATS = {
    "frozen": (
        Caveat(
            "boil-frozen",
            "The liquid reaches its triple point: it freezes, the hole may be blocked by ice, and this law ends there.",
        ),
    ),
    "too hot": (
        Caveat(
            "boil-hot",
            "The heat warms the liquid past the range of its property fits: this law ends there, what follows is not known.",
        ),
    ),
}


@dataclass(frozen=True)
class Boiling:
    """A closed loop of liquid and its vapour in `volume_m3`, with a hole of `opening_m2` = Cd A at the liquid or at the vapour.

    `heat_W` flows in; `wall_J_K` is the heat capacity of pipes that follow the liquid.
    """

    fluid: Fluid
    at_hole: Literal["liquid", "vapour"]
    liquid_kg: float
    volume_m3: float
    temperature_K: float
    opening_m2: float
    heat_W: float = 0.0
    wall_J_K: float = 0.0


@dataclass(frozen=True)
class BoilHistory:
    """On `t_s` (n,): temperature, vapour pressure, liquid and vapour inside, what left, and the books of energy.

    `latent_J` went into evaporation, `heat_J` came in, `sensible_J` is what liquid and wall gave up (negative: gained).
    """

    t_s: Array
    temperature_K: Array
    pressure_Pa: Array
    liquid_kg: Array
    vapour_kg: Array
    lost_kg: Array
    latent_J: Array
    heat_J: Array
    sensible_J: Array
    ended: str
    caveats: tuple[Caveat, ...]


def _vapour_density(fluid: Fluid, kelvin: float) -> float:
    return float(fluid.vapour_pressure_Pa(kelvin) / (fluid.gas_constant_J_kgK * kelvin))


def _slope(of: Any, kelvin: float) -> float:
    near = of(kelvin + _STEP_K) - of(kelvin - _STEP_K)
    far = of(kelvin + 2 * _STEP_K) - of(kelvin - 2 * _STEP_K)
    return float((8 * near - far) / (12 * _STEP_K))


def _reach_K(fluid: Fluid) -> tuple[float, float]:
    """The coldest and the hottest temperature at which the slopes of its fits can be taken."""
    return fluid.triple_point_K + 4 * _STEP_K, fluid.highest_K - 4 * _STEP_K


def _check(loop: Boiling) -> None:
    for name in ("liquid_kg", "volume_m3", "temperature_K", "opening_m2"):
        if not getattr(loop, name) > 0:
            found = f"{getattr(loop, name):g}"
            raise RangeError("boiling loop", name, found, "a value above zero", "a loop without it cannot leak")
    coldest, hottest = _reach_K(loop.fluid)
    if not coldest < loop.temperature_K < hottest:
        found, expected = f"{loop.temperature_K:g} K", f"{coldest:.2f} to {hottest:.2f} K for {loop.fluid.name}"
        raise RangeError("boiling loop", "temperature_K", found, expected, "check the temperature and its unit")
    held = loop.liquid_kg / loop.fluid.density_kg_m3(float(loop.temperature_K))
    if held > loop.volume_m3 * (1 + 1e-9):
        found = f"{held:.4g} m3 of liquid in {loop.volume_m3:.4g} m3"
        raise RangeError("boiling loop", "liquid_kg", found, "liquid that fits into the volume", "check both")


def _vapour_kg(loop: Boiling, liquid_kg: Any, kelvin: Any) -> Any:
    """Vapour in the room that the liquid leaves."""
    thin = loop.fluid.vapour_pressure_Pa(kelvin) / (loop.fluid.gas_constant_J_kgK * kelvin)
    return thin * (loop.volume_m3 - liquid_kg / loop.fluid.density_kg_m3(kelvin))


def _rates(loop: Boiling, liquid: float, kelvin: float) -> list[float]:
    """Rates of liquid, temperature, mass lost, latent heat, heat let in and sensible heat."""
    fluid = loop.fluid
    density, thin = float(fluid.density_kg_m3(kelvin)), _vapour_density(fluid, kelvin)
    pressure, heat = float(fluid.vapour_pressure_Pa(kelvin)), float(fluid.heat_of_vaporisation_J_kg(kelvin))
    wet = dry = 0.0
    if loop.at_hole == "liquid":
        wet = float(liquid_flow_kg_s(loop.opening_m2, 1.0, density, pressure))
    else:
        constant, ratio = fluid.gas_constant_J_kgK, fluid.heat_capacity_ratio
        dry = float(choked_flow_kg_s(loop.opening_m2, 1.0, pressure, constant, kelvin, ratio))
    holds = liquid * fluid.heat_capacity_J_kgK(kelvin) + loop.wall_J_K
    room = loop.volume_m3 - liquid / density
    stores = _slope(lambda k: _vapour_density(fluid, k), kelvin) * room
    stores += thin * liquid * _slope(fluid.density_kg_m3, kelvin) / density**2
    boiled = (dry + stores * loop.heat_W / holds + thin * wet / density) / (1 + stores * heat / holds - thin / density)
    warming = (loop.heat_W - boiled * heat) / holds
    return [-wet - boiled, warming, wet + dry, boiled * heat, loop.heat_W, -holds * warming]


def boil_down(loop: Boiling, longest_s: float, count: int = 200) -> BoilHistory:
    """The loop until its liquid is gone, it freezes (triple point), heat takes it past the fluid's fits, or `longest_s` has passed.

    Mass and energy balance to 1e-10 (DOP853, relative 1e-12). Tested range: that of the fluid's fits; ideal vapour (12 % too thin for
    ammonia at 293 K). Raises RangeError for a loop that is impossible.

    >>> from whipple.physics.fluids import fluid
    >>> loop = Boiling(fluid("isooctane"), "liquid", 2.77, 44e-3, 293.15, 0.61 * 5.0265e-7)
    >>> found = boil_down(loop, 1e5)
    >>> found.ended, round(float(found.t_s[-1]) / 3600, 2), bool(found.temperature_K[-1] > 290.0)
    ('empty', 0.94, True)
    """
    _check(loop)
    fluid, first = loop.fluid, float(loop.temperature_K)
    coldest, hottest = _reach_K(fluid)

    def rates(_: float, state: Array) -> list[float]:
        return _rates(loop, float(state[0]), min(max(float(state[1]), coldest - _STEP_K), hottest + _STEP_K))

    def gone(_: float, state: Array) -> float:
        return float(state[0] - _DREGS_FRAC * loop.liquid_kg)

    def freezes(_: float, state: Array) -> float:
        return float(state[1] - coldest)

    def heats(_: float, state: Array) -> float:
        return float(state[1] - hottest)

    events = (gone, freezes, heats)
    for event in events:
        event.terminal = True  # type: ignore[attr-defined]
    energy = loop.liquid_kg * 1e5
    near = 1e-13 * np.array([loop.liquid_kg, first, loop.liquid_kg, energy, energy, energy])
    run = solve_ivp(
        rates, (0.0, longest_s), [loop.liquid_kg, first, 0.0, 0.0, 0.0, 0.0], "DOP853", rtol=1e-12, atol=near,
        events=events, dense_output=True,
    )  # fmt: skip
    if not run.success:
        raise SolveError("boiling loop", float("nan"), run.message)
    assert run.t_events is not None
    assert run.sol is not None
    ended = next((word for word, met in zip(_ENDS, run.t_events, strict=True) if met.size), "still boiling")
    t_s = np.linspace(0.0, float(run.t[-1]), count)
    liquid, kelvin, lost, latent, heat, sensible = run.sol(t_s)
    liquid[-1], kelvin[-1], lost[-1], latent[-1], heat[-1], sensible[-1] = run.y[:, -1]
    kelvin = np.clip(kelvin, coldest, hottest)
    return BoilHistory(
        t_s, kelvin, fluid.vapour_pressure_Pa(kelvin), liquid, _vapour_kg(loop, liquid, kelvin), lost, latent, heat, sensible,
        ended, (*_END_CAVEATS.get(ended, ()), *_rarefied(loop, float(kelvin[-1]))),
    )  # fmt: skip


def _rarefied(loop: Boiling, kelvin: float) -> tuple[Caveat, ...]:
    """What to say where the vapour at the hole ends up too thin to be choked; the radius is that of the opening."""
    path = vapour_path_m(loop.fluid, float(loop.fluid.vapour_pressure_Pa(kelvin)), kelvin) / np.sqrt(
        loop.opening_m2 / np.pi
    )
    choked = choked_share(float(path))
    if loop.at_hole == "liquid" or choked > _CHOKED_SHARE:
        return ()
    text = (
        f"At {kelvin:.1f} K the mean free path of the vapour is {path:.2g} of the hole's radius: its flow is {1 - choked:.0%} of the way "
        "from choked, as this law takes it, to free-molecular, which is 23 to 30 % less through a sharp hole. The end comes later."
    )
    return (Caveat("boil-rarefied", text),)
