"""What comes out of this hole, in whichever regime it is: one answer with the spread of the published models and their limits."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from whipple.casefile.estimate import Caveat, Estimate
from whipple.casefile.given import Given
from whipple.errors import RangeError
from whipple.leak.models.leung_grolmes_1988 import flux_kg_m2s, omega_ratio
from whipple.leak.orifice import (
    FLASHING_THRUST_RANGE,
    LONG_HOLE_RATIO,
    RAREFIED_RATIO,
    choked_flow_kg_s,
    choked_thrust_N,
    flow_regime,
    hole_area_m2,
    liquid_flow_kg_s,
    liquid_thrust_N,
    rarefied_factor,
)
from whipple.physics.cited import Cited
from whipple.physics.fluids import Fluid

__all__ = ["EDGES", "FLASHING_RANGE", "Edge", "HoleFlow", "Upstream", "choked_share", "through_hole", "vapour_path_m"]

Edge = Literal["sharp", "tube", "lip"]

#: Discharge coefficient of a liquid by the edge of the hole, with its 90 % range (sheet 4).
EDGES: Mapping[str, Given] = {
    "sharp": Given(0.61, 0.597, 0.62, "", "britannica1911"),
    "tube": Given(0.80, 0.75, 0.82, "", "lichtarowicz1965"),
    "lip": Given(0.70, 0.57, 0.83, "", "leak_sheet"),
}
#: The same for a choked gas: the DSMC value of a sharp hole, the edge of a puncture unknown.
GAS_EDGES: Mapping[str, Given] = {
    "sharp": Given(0.842, 0.82, 0.86, "", "sharipov"),
    "tube": Given(0.84, 0.75, 0.90, "", "leak_sheet"),
    "lip": Given(0.75, 0.60, 0.90, "", "leak_sheet"),
}
#: Share k of the vapour pressure that holds the flow back in a long hole (sheet 3.1, regime 1').
FLASHING_RANGE = (Cited(0.9, unit="", source="leak_sheet", grade="source"), Cited(1.0, unit="", source="leak_sheet", grade="source"))  # fmt: skip
#: Viscosity of a vapour, good to a factor of two: it only says where rarefied flow begins.
VAPOUR_VISCOSITY_Pas = Cited(8e-6, unit="Pa*s", source="leak_sheet", grade="proposal")
_VELOCITY_RATIO, _SHORT_RATIO, _LEAST_REYNOLDS = 0.97, 2.0, 1e4


@dataclass(frozen=True)
class Upstream:
    """What stands before the hole: liquid or vapour of a fluid, its pressure and temperature; the hole, its wall and its edge."""

    fluid: Fluid
    at_hole: Literal["liquid", "vapour"]
    pressure_Pa: float
    temperature_K: float
    diameter_m: float
    wall_m: float = 0.0
    edge: Edge = "sharp"


@dataclass(frozen=True)
class HoleFlow:
    """Regime, flow and thrust with the range of models and coefficients, each model's own flow, and what to beware of."""

    regime: str
    flow_kg_s: Estimate
    thrust_N: Estimate
    models: tuple[tuple[str, float], ...]
    caveats: tuple[Caveat, ...]


def _check(up: Upstream) -> float:
    for name in ("pressure_Pa", "temperature_K", "diameter_m"):
        if not getattr(up, name) > 0:
            raise RangeError("hole", name, f"{getattr(up, name):g}", "a value above zero", "check the unit")
    if up.wall_m < 0 or up.edge not in EDGES:
        raise RangeError(
            "hole", "wall_m, edge", f"{up.wall_m:g}, {up.edge}", "a thickness, and one of " + ", ".join(EDGES)
        )
    return float(up.fluid.vapour_pressure_Pa(float(up.temperature_K)))


def through_hole(up: Upstream) -> HoleFlow:
    """Flow and thrust into vacuum for whatever stands at the hole, by the regimes of sheet 3.1.

    | regime | when | models |
    |---|---|---|
    | liquid jet | liquid above its vapour pressure, wall up to four diameters | metastable jet |
    | flashing in a long hole | the same, longer wall | jet held back by k psat (k 0.9 and 1), homogeneous equilibrium (omega) |
    | vapour-driven liquid | liquid at its vapour pressure | metastable jet; in a long hole homogeneous equilibrium |
    | choked gas | vapour, mean free path below a hundredth of the radius | choked |
    | rarefied gas | vapour, thinner | Sharipov 2004 between free-molecular and choked |

    Raises RangeError for what is not above zero, and for vapour above its saturation pressure.

    >>> from whipple.physics.fluids import fluid
    >>> thin = through_hole(Upstream(fluid("isooctane"), "liquid", 3.0e5, 293.15, 0.8e-3))
    >>> thin.regime, round(thin.flow_kg_s.median * 1e3, 2)
    ('liquid jet', 6.25)
    >>> through_hole(Upstream(fluid("ammonia"), "liquid", 1.0e6, 293.15, 0.8e-3, 8e-3, "tube")).models[-1][0]
    'homogeneous equilibrium (omega)'
    """
    vapour = _check(up)
    if up.at_hole == "vapour":
        if up.pressure_Pa > 1.001 * vapour:
            raise RangeError(
                "hole", "pressure_Pa", f"{up.pressure_Pa:g} Pa of vapour", f"at most its saturation pressure, {vapour:.0f} Pa",
                "say liquid, or give the temperature of the vapour",
            )  # fmt: skip
        return _vapour(up)
    return _liquid(up, vapour)


def _range(value: float, given: Given, spread: tuple[float, float] = (1.0, 1.0)) -> tuple[float, float, float]:
    """Low, middle and high of a flow proportional to a coefficient, times the spread of models about the middle one."""
    return value * given.low / given.value * spread[0], value, value * given.high / given.value * spread[1]


def _liquid(up: Upstream, vapour_Pa: float) -> HoleFlow:
    area, wall = hole_area_m2(up.diameter_m), up.wall_m / up.diameter_m
    boils = up.pressure_Pa <= vapour_Pa
    regime = flow_regime(True, up.pressure_Pa, vapour_Pa, wall)
    given, density = EDGES[up.edge], float(up.fluid.density_kg_m3(float(up.temperature_K)))
    pressure = max(up.pressure_Pa, vapour_Pa) if boils else up.pressure_Pa
    models = [("metastable jet", float(liquid_flow_kg_s(area, given.value, density, pressure)))]
    if wall > LONG_HOLE_RATIO:
        if not boils:
            models = [
                (
                    f"jet held back by {k:g} psat",
                    float(liquid_flow_kg_s(area, given.value, density, pressure - k * vapour_Pa)),
                )
                for k in FLASHING_RANGE
            ]
        flux = flux_kg_m2s(pressure, vapour_Pa, density, omega_ratio(up.fluid, up.temperature_K))
        models.append(("homogeneous equilibrium (omega)", given.value * area * flux))
    flows = [flow for _, flow in models]
    middle = flows[0] if len(flows) == 1 else math.sqrt(max(min(flows), 1e-3 * max(flows)) * max(flows))
    low, middle, high = _range(middle, given, (min(flows) / middle, max(flows) / middle))
    slow, speed, fast = _jet_ratio(up.edge, given)
    least, most = (
        float(share) for share in FLASHING_THRUST_RANGE
    )  # into vacuum every jet flashes, at the latest outside (sheet 7)
    flashing = 0.5 * (least + most)
    thrust = flashing * float(liquid_thrust_N(area, given.value, speed, pressure))
    push = _range(thrust, given, (least / flashing * slow / speed, most / flashing * fast / speed))
    names, sources = tuple(name for name, _ in models), (given.source,)
    return HoleFlow(
        regime, Estimate(middle, low, high, "kg/s", models=names, sources=sources),
        Estimate(push[1], push[0], push[2], "N", models=names, sources=sources), tuple(models), _liquid_caveats(up, wall, middle, models),
    )  # fmt: skip


def _jet_ratio(edge: Edge, given: Given) -> tuple[float, float, float]:
    """Speed of the jet over the ideal one (low, middle, high): Cd = Cc Cv. A tube runs full (Cc 1), so Cv is Cd itself; a torn edge lies anywhere
    between a tube and a sharp plate."""
    if edge == "sharp":
        return _VELOCITY_RATIO, _VELOCITY_RATIO, _VELOCITY_RATIO
    if edge == "tube":
        return given.low, given.value, given.high
    return given.value, math.sqrt(given.value * _VELOCITY_RATIO), _VELOCITY_RATIO


def _liquid_caveats(up: Upstream, wall: float, flow_kg_s: float, models: list[tuple[str, float]]) -> tuple[Caveat, ...]:
    found = []
    vapour_Pa = float(up.fluid.vapour_pressure_Pa(float(up.temperature_K)))
    if up.pressure_Pa < 0.999 * vapour_Pa:
        text = (
            f"At {up.temperature_K:.1f} K {up.fluid.name} stands at {vapour_Pa:.3g} Pa or more as long as any of it is liquid, not at "
            f"{up.pressure_Pa:.3g} Pa: the flow is that of its vapour pressure. If the pressure is right, vapour is at the hole, or it is colder."
        )
        found.append(Caveat("hole-below-vapour", text))
    reynolds = 4 * flow_kg_s / (math.pi * up.diameter_m * up.fluid.viscosity_Pas(float(up.temperature_K)))
    if reynolds < _LEAST_REYNOLDS:
        text = f"The Reynolds number is {reynolds:.0f}, below 1e4: the coefficient of a sharp edge rises, that of a long hole falls."
        found.append(Caveat("hole-reynolds", text))
    if wall > LONG_HOLE_RATIO:
        values = [value for _, value in models]
        span = f"{min(values) * 1e3:.3g} to {max(values) * 1e3:.3g} g/s"
        text = f"The wall is {wall:.1f} diameters thick: the liquid may flash inside; published models give {span}."
        found.append(Caveat("hole-flashing", text))
    elif wall > _SHORT_RATIO and up.edge == "sharp":
        text = f"The wall is {wall:.1f} diameters thick: the jet may reattach, which raises the coefficient of a sharp edge to about 0.8."
        found.append(Caveat("hole-reattach", text))
    if up.edge != "sharp":
        found.append(
            Caveat(
                "hole-edge",
                "The coefficient of a tube is recalled, that of a torn edge a proposal: neither was confirmed.",
            )
        )
    return tuple(found)


def vapour_path_m(fluid: Fluid, pressure_Pa: float, temperature_K: float) -> float:
    """Mean free path of a vapour, good to a factor of two like its viscosity: mu sqrt(pi R T / 2) / p (sheet 3.1, regime 4).

    >>> from whipple.physics.fluids import fluid
    >>> round(vapour_path_m(fluid("isooctane"), 1.0, 293.15) * 1e3, 1)
    1.5
    """
    return float(VAPOUR_VISCOSITY_Pas * math.sqrt(math.pi * fluid.gas_constant_J_kgK * temperature_K / 2) / pressure_Pa)


def choked_share(knudsen_ratio: float) -> float:
    """How far the flow of a vapour through a thin hole is on its way from free-molecular (0) to choked (1), by Sharipov's W (recalled).

    >>> [round(choked_share(knudsen), 2) for knudsen in (0.01, 0.1, 1.0, 10.0)]
    [1.0, 0.85, 0.22, 0.01]
    """
    return (rarefied_factor(math.sqrt(math.pi) / 2 / knudsen_ratio) - 1) / (rarefied_factor(1e6) - 1)


def _vapour(up: Upstream) -> HoleFlow:
    area, given, constant = hole_area_m2(up.diameter_m), GAS_EDGES[up.edge], up.fluid.gas_constant_J_kgK
    knudsen = vapour_path_m(up.fluid, up.pressure_Pa, up.temperature_K) / (up.diameter_m / 2)
    regime = flow_regime(False, up.pressure_Pa, up.pressure_Pa, 0.0, knudsen)
    choked = float(
        choked_flow_kg_s(area, given.value, up.pressure_Pa, constant, up.temperature_K, up.fluid.heat_capacity_ratio)
    )
    push = float(choked_thrust_N(area, given.value, up.pressure_Pa, up.fluid.heat_capacity_ratio))
    models, caveats = [("choked", choked)], []
    if knudsen > RAREFIED_RATIO:
        molecular = area * up.pressure_Pa / math.sqrt(2 * math.pi * constant * up.temperature_K)
        share = choked_share(knudsen)
        choked, push = (
            molecular + share * (choked - molecular),
            0.5 * area * up.pressure_Pa * (1 - share) + share * push,
        )
        models = [("Sharipov 2004 (recalled)", choked), ("free-molecular", molecular)]
        text = f"The mean free path is {knudsen:.2g} of the hole's radius, from a vapour viscosity good to a factor of two."
        caveats.append(Caveat("hole-rarefied", text))
    low, middle, high = _range(choked, given)
    names = tuple(name for name, _ in models)
    pushes = _range(push, given)
    return HoleFlow(
        regime, Estimate(middle, low, high, "kg/s", models=names, sources=(given.source,)),
        Estimate(pushes[1], pushes[0], pushes[2], "N", models=names, sources=(given.source,)), tuple(models), tuple(caveats),
    )  # fmt: skip
