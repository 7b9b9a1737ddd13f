"""Fit compact polynomials to CoolProp's curves and write src/whipple/physics/fluids/coolprop_fits.py.

    python builders/make_fluid_fits.py            needs CoolProp and thermo (the crosscheck extra); prints the largest fit errors; then ruff format

A fit is the lowest degree whose largest error is below the wanted one. Water and ammonia: along the saturation line, from the triple
point up. Glycols: CoolProp INCOMP at 2 bar, from the freezing point up; their vapour is water's by Raoult's law (ideal), because
CoolProp gives none below 373 K. Air and nitrogen: at 1 atm. Heat capacity ratio of a vapour: ideal gas at 293.15 K.
"""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
from CoolProp.CoolProp import PropsSI

OUT = Path(__file__).parents[1] / "src" / "whipple" / "physics" / "fluids" / "coolprop_fits.py"
R = 8.314462618
LIQUID = {
    "density_kg_m3": ("D", "t", False, 2e-4),
    "heat_capacity_J_kgK": ("C", "t", False, 1e-3),
    "heat_of_vaporisation_J_kg": ("H", "t", False, 5e-4),
    "surface_tension_N_m": ("I", "t", False, 1e-3),
    "conductivity_W_mK": ("L", "t", False, 2e-3),
    "vapour_pressure_Pa": ("P", "u", True, 5e-4),
    "viscosity_Pas": ("V", "u", True, 5e-3),
}
#: our name: (CoolProp name, highest K, lowest K of the solid, name for thermo's heat of fusion)
PURE = {"ammonia": ("Ammonia", 353.15, 150.0, "ammonia"), "water": ("Water", 373.15, 180.0, "water")}
#: our name: (CoolProp INCOMP family, mass fraction, molar mass of the glycol kg/mol)
GLYCOLS = {"meg-30": ("MEG", 0.3, 0.06207), "meg-50": ("MEG", 0.5, 0.06207), "mpg-30": ("MPG", 0.3, 0.07609)}
GASES = {"air": "Air", "nitrogen": "Nitrogen"}
GAS = {"heat_capacity_J_kgK": ("C", 1e-3), "viscosity_Pas": ("V", 1e-3), "conductivity_W_mK": ("L", 1e-3)}
WATER_KG_MOL = 0.018015268
#: Where the heat of fusion comes from, by its grade: thermo, or a proposal (the water's share of ice).
FUSION = {"computed": "thermo061", "proposal": "leak_sheet"}


def fitted(kelvin, values, variable: str, logarithmic: bool, wanted: float):
    """Coefficients to 8 digits and the largest relative error."""
    argument = kelvin / 300 if variable == "t" else 300 / kelvin
    target = np.log(values) if logarithmic else values
    for degree in range(2, 7):
        raw = np.polyfit(argument, target, degree)
        coefficients = tuple(float(f"{c:.10g}") for c in raw)
        back = np.polyval(coefficients, argument)
        error = float(np.max(np.abs((np.exp(back) if logarithmic else back) / values - 1)))
        if error < wanted:
            break
    return coefficients, error


def saturated(name: str, key: str, kelvin):
    if key == "H":
        return PropsSI("H", "T", kelvin, "Q", 1, name) - PropsSI("H", "T", kelvin, "Q", 0, name)
    return PropsSI(key, "T", kelvin, "Q", 0, name)


def glycol(family: str, share: float, mass: float, key: str, kelvin):
    if key == "I":
        return None
    if key == "H":
        return saturated("Water", "H", kelvin)
    if key == "P":
        water = (1 - share) / WATER_KG_MOL
        return water / (water + share / mass) * saturated("Water", "P", kelvin)
    return np.array([PropsSI(key, "T", T, "P", 2e5, f"INCOMP::{family}[{share}]") for T in kelvin])


def block(values_of, kelvin) -> tuple[list[str], list[str]]:
    lines, errors = [], []
    for name, (key, variable, logarithmic, wanted) in LIQUID.items():
        values = values_of(key, kelvin)
        if values is None:
            continue
        coefficients, error = fitted(kelvin, np.asarray(values), variable, logarithmic, wanted)
        tail = ', "u", True' if logarithmic else ""
        lines.append(f'        "{name}": Fit(({", ".join(f"{c!r}" for c in coefficients)}){tail}),')
        errors.append(f'"{name}": {np.ceil(error * 1e5) / 1e5 + 1e-6:.2g}')
        print(f"    {name:28} {error:.1e}  degree {len(coefficients) - 1}")
    return lines, errors


def liquid(
    name: str,
    values_of,
    *,
    molar: float,
    low: float,
    high: float,
    solid: float,
    fusion: float,
    fusion_grade: str,
    note: str,
) -> str:
    print(name)
    lines, errors = block(values_of, np.linspace(low + 1e-3, high, 120))
    ratio = gas_ratio("Water" if name != "ammonia" else "Ammonia")
    return f'''_{name.upper().replace("-", "_")} = Fluid(
    name="{name}",
    molar_mass_kg_mol=Cited({molar:.9g}, unit="kg/mol", source="coolprop8", grade="computed"),
    triple_point_K=Cited({low:.6g}, unit="K", source="coolprop8", grade="computed"),
    highest_K=Cited({high:.6g}, unit="K", source="coolprop8", grade="computed"),
    lowest_solid_K=Cited({solid:.6g}, unit="K", source="leak_sheet", grade="proposal"),
    heat_of_fusion_J_kg=Cited({fusion:.6g}, unit="J/kg", source="{FUSION[fusion_grade]}", grade="{fusion_grade}"),
    heat_capacity_ratio=Cited({ratio:.5g}, unit="", source="coolprop8", grade="computed"),
    fits=MappingProxyType({{
{chr(10).join(lines)}
    }}),
    fit_error_frac=MappingProxyType({{
        {f",{chr(10)}        ".join(errors)},
    }}),
    source="coolprop8",
    note="{note}",
)  # fmt: skip
'''


def gas_ratio(name: str) -> float:
    cp = PropsSI("CP0MASS", "T", 293.15, "P", 1.0, name)
    return cp / (cp - R / PropsSI("M", name))


def gas(name: str, coolprop: str) -> str:
    print(name)
    kelvin, lines, errors = np.linspace(200.0, 400.0, 80), [], []
    for key, (symbol, wanted) in GAS.items():
        values = PropsSI(symbol, "T", kelvin, "P", 101325.0, coolprop)
        coefficients, error = fitted(kelvin, values, "t", False, wanted)
        lines.append(f'        "{key}": Fit(({", ".join(f"{c!r}" for c in coefficients)})),')
        errors.append(f'"{key}": {np.ceil(error * 1e5) / 1e5 + 1e-6:.2g}')
        print(f"    {key:28} {error:.1e}  degree {len(coefficients) - 1}")
    return f'''_{name.upper()} = Gas(
    name="{name}",
    molar_mass_kg_mol=Cited({PropsSI("M", coolprop):.9g}, unit="kg/mol", source="coolprop8", grade="computed"),
    heat_capacity_ratio=Cited({gas_ratio(coolprop):.5g}, unit="", source="coolprop8", grade="computed"),
    lowest_K=Cited(200.0, unit="K", source="coolprop8", grade="computed"),
    highest_K=Cited(400.0, unit="K", source="coolprop8", grade="computed"),
    fits=MappingProxyType({{
{chr(10).join(lines)}
    }}),
    fit_error_frac=MappingProxyType({{
        {f",{chr(10)}        ".join(errors)},
    }}),
    source="coolprop8",
)  # fmt: skip
'''


HEAD = '''"""Ammonia, water, glycols, air and nitrogen as fits to CoolProp 8.0.0. Written by builders/make_fluid_fits.py; do not edit."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from whipple.physics.cited import Cited
from whipple.physics.fluids.fluid import Fit, Fluid
from whipple.physics.fluids.gas import Gas

__all__ = ["COOLPROP_GASES", "COOLPROP_LIQUIDS"]

'''


def main() -> None:
    """Fit, print the errors, write the module."""
    warnings.simplefilter("ignore")
    from thermo import Chemical

    parts = []
    for name, (coolprop, high, solid, chemical) in PURE.items():
        parts.append(liquid(
            name, lambda key, kelvin, coolprop=coolprop: saturated(coolprop, key, kelvin), molar=PropsSI("M", coolprop),
            low=PropsSI("Ttriple", coolprop), high=high, solid=solid, fusion=float(Chemical(chemical).Hfus), fusion_grade="computed",
            note="Along the saturation line.",
        ))  # fmt: skip
    ice = float(Chemical("water").Hfus)
    for name, (family, share, mass) in GLYCOLS.items():
        freezing = PropsSI("T_freeze", "T", 283.15, "P", 2e5, f"INCOMP::{family}[{share}]")
        parts.append(liquid(
            name, lambda key, kelvin, a=(family, share, mass): glycol(*a, key, kelvin), molar=WATER_KG_MOL, low=freezing, high=353.15,
            solid=freezing, fusion=ice * (1 - share), fusion_grade="proposal",
            note=f"{family} {share:.0%} by mass in water; only the water evaporates (Raoult's law, ideal); the vapour is water's.".replace("%", " %"),
        ))  # fmt: skip
    parts += [gas(name, coolprop) for name, coolprop in GASES.items()]
    names = ", ".join(f'"{name}": _{name.upper().replace("-", "_")}' for name in (*PURE, *GLYCOLS))
    gases = ", ".join(f'"{name}": _{name.upper()}' for name in GASES)
    tail = f"""#: By the names a case may use.
COOLPROP_LIQUIDS: Mapping[str, Fluid] = MappingProxyType({{{names}}})
COOLPROP_GASES: Mapping[str, Gas] = MappingProxyType({{{gases}}})
"""
    OUT.write_text(HEAD + "\n".join([*parts, tail]))


if __name__ == "__main__":
    main()
