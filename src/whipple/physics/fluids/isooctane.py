"""Isooctane (2,2,4-trimethylpentane), which also stands for the Soyuz coolant LZ-TK-2."""

from __future__ import annotations

from types import MappingProxyType

from whipple.physics.cited import Cited
from whipple.physics.fluids.fluid import Fit, Fluid

__all__ = ["ISOOCTANE"]

#: Sheet leak_and_dynamics, section 5.1: fits 166-333 K to the curves of package `thermo` 0.6.1. Largest deviation
#: from its table: density 5e-4, heat capacity 5e-4, heat of vaporisation 3e-4, surface tension 2e-4, conductivity
#: 1.4e-3, vapour pressure 5e-4, viscosity 9e-3. Antoine: as in package `chemicals` 1.5.2, 275.5-398.4 K.
ISOOCTANE = Fluid(
    name="isooctane",
    molar_mass_kg_mol=Cited(0.1142285, unit="kg/mol", source="thermo061", grade="computed"),
    triple_point_K=Cited(165.77, unit="K", source="thermo061", grade="computed"),
    highest_K=Cited(333.15, unit="K", source="leak_sheet", grade="computed"),
    lowest_solid_K=Cited(90.0, unit="K", source="leak_sheet", grade="proposal"),
    heat_of_fusion_J_kg=Cited(80.5e3, unit="J/kg", source="thermo061", grade="computed"),
    heat_capacity_ratio=Cited(1.0471, unit="", source="thermo061", grade="computed"),
    fits=MappingProxyType({
        "density_kg_m3": Fit((-61.79557, 146.0622, -355.0323, 957.2678)),
        "heat_capacity_J_kgK": Fit((573.3147, 207.1902, 1318.8)),
        "heat_of_vaporisation_J_kg": Fit((-67622.51, 189816.3, -326253.4, 510704.1)),
        "surface_tension_N_m": Fit((8.229108e-4, 9.653508e-4, -0.03142904, 0.04782601)),
        "conductivity_W_mK": Fit((-0.02160582, 0.09934551, -0.2098678, 0.2244384)),
        "vapour_pressure_Pa": Fit((-0.1635585, 1.5934187, -6.6309322, -5.0308457, 19.112587), "u", True),
        "viscosity_Pas": Fit((2.7608782, -12.569156, 21.735056, -13.343005, -6.2576803), "u", True),
    }),
    antoine=(8.93646, 1257.85, -52.383),
    antoine_highest_K=Cited(398.4, unit="K", source="chemicals152"),
    source="thermo061",
    fit_error_frac=MappingProxyType({
        "density_kg_m3": 5.1e-4, "heat_capacity_J_kgK": 4.6e-4, "heat_of_vaporisation_J_kg": 2.6e-4, "surface_tension_N_m": 2.2e-4,
        "conductivity_W_mK": 1.4e-3, "vapour_pressure_Pa": 5.2e-4, "viscosity_Pas": 9.1e-3,
    }),
    note="CAS 540-84-1. The Soyuz coolant LZ-TK-2 has no public data sheet and is treated as isooctane.",
)  # fmt: skip
