"""Beyond speed and angle: which particles, walls and proportions each ballistic limit was shot at, and what to say outside them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from whipple.impact.shield import Shield
from whipple.physics.cited import Cited

__all__ = [
    "BLIND_TO_FOILS",
    "ENOUGH_RATIO",
    "SHOT_WITH",
    "Proportions",
    "before_wall_m",
    "bumper_too_thin",
    "outside_tests",
    "outside_them_all",
]

#: Densities (kg/m3) of the projectiles: aluminium alloys; nylon or glass to copper.
_ALUMINIUM = (2650.0, 2850.0)
_NYLON_TO_COPPER = (1100.0, 8960.0)
_GLASS_TO_COPPER = (2200.0, 8960.0)


@dataclass(frozen=True, kw_only=True)
class Proportions:
    """Ranges of NASA/TM-2009-214789 Tables 2-20 (damage sheet section 12); a range that is not known stays open."""

    diameter_m: tuple[float, float] = (0.0, np.inf)
    density_kg_m3: tuple[float, float] = (0.0, np.inf)
    wall_m: tuple[float, float] = (0.0, np.inf)
    gap_ratio: tuple[float, float] = (0.0, np.inf)
    bumper_ratio: tuple[float, float] = (0.0, np.inf)


_WHIPPLE = Proportions(diameter_m=(0.0, 0.019), density_kg_m3=_NYLON_TO_COPPER, gap_ratio=(15.0, np.inf))
_MULTISHOCK = Proportions(diameter_m=(0.0, 0.010), density_kg_m3=_ALUMINIUM, gap_ratio=(15.0, np.inf))
_SRL = Proportions(diameter_m=(0.0008, 0.005), density_kg_m3=_ALUMINIUM)
_EQUIPMENT = Proportions(diameter_m=(0.0011, 0.007), density_kg_m3=_ALUMINIUM)
_BLANKET = Proportions(density_kg_m3=_ALUMINIUM, wall_m=(0.0019, 0.0019))

#: One row a model, by its name in `MODELS`. Units that the reports garble (polycarbonate, carbon-carbon, tiles) are left open.
SHOT_WITH: dict[str, Proportions] = {
    "Cour-Palais": Proportions(diameter_m=(0.0005, 0.0127), density_kg_m3=_GLASS_TO_COPPER),
    "titanium": Proportions(density_kg_m3=_ALUMINIUM),
    "steel 15-5PH": Proportions(density_kg_m3=_ALUMINIUM),
    "CFRP": Proportions(diameter_m=(0.00071, 0.00122), density_kg_m3=_ALUMINIUM, wall_m=(0.0038, 0.0038)),
    "fibreglass": Proportions(density_kg_m3=_ALUMINIUM),
    "fused silica": Proportions(diameter_m=(0.0014, 0.0040), density_kg_m3=_NYLON_TO_COPPER),
    "fused quartz": Proportions(diameter_m=(0.0007, 0.0020), density_kg_m3=_ALUMINIUM),
    "polycarbonate": Proportions(density_kg_m3=_ALUMINIUM),
    "carbon-carbon": Proportions(density_kg_m3=(2650.0, 7860.0), wall_m=(0.0063, 0.0063)),
    "NNO": Proportions(
        diameter_m=(0.0, 0.019), density_kg_m3=_NYLON_TO_COPPER, gap_ratio=(15.0, np.inf), bumper_ratio=(0.15, np.inf)
    ),
    "Ryan-Schonberg": _WHIPPLE,
    "Reimerdes": _WHIPPLE,
    "Christiansen-Kerr general": _WHIPPLE,
    "stuffed Whipple": Proportions(diameter_m=(0.0067, 0.0159), density_kg_m3=_ALUMINIUM),
    "multi-shock, aluminium wall": _MULTISHOCK,
    "multi-shock, Nextel wall": _MULTISHOCK,
    "multi-shock, Kevlar wall": _MULTISHOCK,
    "multi-shock hybrid": _MULTISHOCK,
    "mesh double bumper": Proportions(diameter_m=(0.0008, 0.010), density_kg_m3=_ALUMINIUM),
    "Soyuz blanket": _BLANKET,
    "toughened Soyuz blanket": _BLANKET,
    "SRL dual wall": _SRL,
    "SRL dual wall, CFRP": _SRL,
    "SRL triple wall": _SRL,
    "SRL triple wall, CFRP": _SRL,
    "pipe behind one wall": _EQUIPMENT,
    "equipment under a blanket": _EQUIPMENT,
    "equipment in the open": _EQUIPMENT,
    "foam sandwich": Proportions(diameter_m=(0.001, 0.007), density_kg_m3=_ALUMINIUM),
}

#: No bumper stands in their law of high speeds, as in NNO's: a foil counts as a full bumper. How thin a bumper they hold for is not said in print.
BLIND_TO_FOILS = frozenset({
    "Node 2/3", "ESA triple wall", "SRL dual wall", "SRL dual wall, CFRP", "SRL triple wall", "SRL triple wall, CFRP", "stuffed Whipple",
    "multi-shock, aluminium wall", "multi-shock, Nextel wall", "multi-shock, Kevlar wall", "multi-shock hybrid", "mesh double bumper",
    "foam sandwich", "honeycomb as Whipple", "Whipple, insulation outside", "Whipple, shaped projectile", "pipe behind one wall",
})  # fmt: skip
#: NNO's own share of the particle, taken for them; all that stands before the wall counts.
ENOUGH_RATIO = Cited(0.15, unit="", source="christiansen1993", grade="source")


def outside_tests(model: str, shield: Shield, diameter_m: float, density_kg_m3: float) -> tuple[str, ...]:
    """Every way in which a shield and a particle leave what a model was shot with, a sentence each; none for a model without a row.

    >>> outside_tests("CFRP", Shield.single("CFRP", 0.010), 0.002, 2700.0)
    ('CFRP: particle 2 mm is outside the tested 0.71 to 1.22 mm', 'CFRP: wall 10 mm is outside the tested 3.8 mm')
    """
    foil = f"{model}: its law of high speeds counts a foil as a full bumper, and this one is thinner than 0.15 of the particle"
    blind = (foil,) if model in BLIND_TO_FOILS and bumper_too_thin(model, shield, diameter_m) else ()
    if model not in SHOT_WITH:
        return blind
    row, wall_m = SHOT_WITH[model], float(np.min(shield.wall_m))
    asked = [
        ("particle", row.diameter_m, diameter_m, 1e3, " mm"),
        ("particle density", row.density_kg_m3, density_kg_m3, 1e-3, " g/cm3"),
        ("wall", row.wall_m, wall_m, 1e3, " mm"),
        ("gap over particle", row.gap_ratio, shield.standoff_m / diameter_m, 1.0, ""),
        ("bumper over particle", row.bumper_ratio, shield.bumper_m / diameter_m, 1.0, ""),
    ]
    return blind + tuple(
        f"{model}: {what} {value * scale:.3g}{unit} is outside the tested {_range(limits, scale)}{unit}"
        for what, limits, value, scale, unit in asked
        if not limits[0] * (1 - 1e-9) <= value <= limits[1] * (1 + 1e-9)
    )


def bumper_too_thin(model: str, shield: Shield, diameter_m: float) -> bool:
    """Whether a shield's bumper is a smaller share of the particle than a model holds for; never for a model whose law holds for any.

    >>> bumper_too_thin("NNO", Shield.single("6061-T6", 0.002), 0.004), bumper_too_thin("CFRP", Shield.single("CFRP", 0.002), 0.004)
    (True, False)
    """
    if model in BLIND_TO_FOILS:
        return before_wall_m(shield) < ENOUGH_RATIO * diameter_m * (1 - 1e-9)
    return model in SHOT_WITH and shield.bumper_m < SHOT_WITH[model].bumper_ratio[0] * diameter_m * (1 - 1e-9)


def before_wall_m(shield: Shield) -> float:
    """All that stands before the wall, as a thickness of the bumper's material."""
    cloth = shield.stuffing_kg_m2 + shield.blanket_kg_m2 + shield.core_kg_m2
    return shield.bumper_m + shield.second_m + cloth / shield.bumper_density_kg_m3


def _range(limits: tuple[float, float], scale: float) -> str:
    low, high = limits[0] * scale, limits[1] * scale
    if low == high:
        return f"{low:.3g}"
    return f"{low:.3g} and more" if np.isinf(high) else f"{low:.3g} to {high:.3g}"


def outside_them_all(flags: list[tuple[str, ...]]) -> str:
    """The caveat when no model was tested near a shield and shot; empty when one was.

    >>> outside_them_all([("a: too fast",), ()])
    ''
    """
    if not flags or not all(flags):
        return ""
    return "No model that speaks for this wall was tested at this wall, particle and shot: every number is an extrapolation."
