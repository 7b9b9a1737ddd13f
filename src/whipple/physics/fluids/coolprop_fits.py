"""Ammonia, water, glycols, air and nitrogen as fits to CoolProp 8.0.0. Written by builders/make_fluid_fits.py; do not edit."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from whipple.physics.cited import Cited
from whipple.physics.fluids.fluid import Fit, Fluid
from whipple.physics.fluids.gas import Gas

__all__ = ["COOLPROP_GASES", "COOLPROP_LIQUIDS"]

_AMMONIA = Fluid(
    name="ammonia",
    molar_mass_kg_mol=Cited(0.01703052, unit="kg/mol", source="coolprop8", grade="computed"),
    triple_point_K=Cited(195.495, unit="K", source="coolprop8", grade="computed"),
    highest_K=Cited(353.15, unit="K", source="coolprop8", grade="computed"),
    lowest_solid_K=Cited(150, unit="K", source="leak_sheet", grade="proposal"),
    heat_of_fusion_J_kg=Cited(332345, unit="J/kg", source="thermo061", grade="computed"),
    heat_capacity_ratio=Cited(1.3069, unit="", source="coolprop8", grade="computed"),
    fits=MappingProxyType({
        "density_kg_m3": Fit((-1355.488198, 5704.08134, -9785.437082, 8375.456027, -3887.532391, 1549.091734)),
        "heat_capacity_J_kgK": Fit((355856.4467, -1885753.64, 4160967.582, -4880953.604, 3205082.791, -1114849.779, 164447.0512)),
        "heat_of_vaporisation_J_kg": Fit((-3155374.359, 12252660.5, -19639074.91, 15579989.92, -6743117.134, 2862966.387)),
        "surface_tension_N_m": Fit((-0.03435892411, 0.1717958816, -0.2929882082, 0.1395143448, 0.0360972077)),
        "conductivity_W_mK": Fit((-0.2510403073, 1.03229975, -2.162986507, 1.862420282)),
        "vapour_pressure_Pa": Fit((-1.158997365, 7.884431609, -21.23004372, 27.22615006, -25.62762927, 26.78088749), "u", True),
        "viscosity_Pas": Fit((-3.499172132, 18.9565073, -37.85494528, 35.76756976, -22.32142172), "u", True),
    }),
    fit_error_frac=MappingProxyType({
        "density_kg_m3": 9.1e-05,
        "heat_capacity_J_kgK": 0.00037,
        "heat_of_vaporisation_J_kg": 0.00016,
        "surface_tension_N_m": 0.00096,
        "conductivity_W_mK": 0.00045,
        "vapour_pressure_Pa": 0.00013,
        "viscosity_Pas": 0.0029,
    }),
    source="coolprop8",
    note="Along the saturation line.",
)  # fmt: skip

_WATER = Fluid(
    name="water",
    molar_mass_kg_mol=Cited(0.018015268, unit="kg/mol", source="coolprop8", grade="computed"),
    triple_point_K=Cited(273.16, unit="K", source="coolprop8", grade="computed"),
    highest_K=Cited(373.15, unit="K", source="coolprop8", grade="computed"),
    lowest_solid_K=Cited(180, unit="K", source="leak_sheet", grade="proposal"),
    heat_of_fusion_J_kg=Cited(333606, unit="J/kg", source="thermo061", grade="computed"),
    heat_capacity_ratio=Cited(1.3293, unit="", source="coolprop8", grade="computed"),
    fits=MappingProxyType({
        "density_kg_m3": Fit((-1022.193257, 4817.756854, -8744.800657, 7043.443509, -1097.681906)),
        "heat_capacity_J_kgK": Fit((22520.97759, -100742.2026, 169425.9805, -126821.0515, 39796.83537)),
        "heat_of_vaporisation_J_kg": Fit((-118339.8758, -474956.9467, 3030862.494)),
        "surface_tension_N_m": Fit((-0.02549375908, 0.004475825092, 0.09278050531)),
        "conductivity_W_mK": Fit((1.037738663, -4.209551635, 5.791470807, -2.010291579)),
        "vapour_pressure_Pa": Fit((1.15498529, -5.866926516, -9.365725919, 22.24865524), "u", True),
        "viscosity_Pas": Fit((9.839412025, -22.30813529, 21.80179474, -16.39900805), "u", True),
    }),
    fit_error_frac=MappingProxyType({
        "density_kg_m3": 6.1e-05,
        "heat_capacity_J_kgK": 0.0004,
        "heat_of_vaporisation_J_kg": 0.00027,
        "surface_tension_N_m": 0.00026,
        "conductivity_W_mK": 0.0015,
        "vapour_pressure_Pa": 5.1e-05,
        "viscosity_Pas": 0.0035,
    }),
    source="coolprop8",
    note="Along the saturation line.",
)  # fmt: skip

_MEG_30 = Fluid(
    name="meg-30",
    molar_mass_kg_mol=Cited(0.018015268, unit="kg/mol", source="coolprop8", grade="computed"),
    triple_point_K=Cited(258.574, unit="K", source="coolprop8", grade="computed"),
    highest_K=Cited(353.15, unit="K", source="coolprop8", grade="computed"),
    lowest_solid_K=Cited(258.574, unit="K", source="leak_sheet", grade="proposal"),
    heat_of_fusion_J_kg=Cited(233524, unit="J/kg", source="leak_sheet", grade="proposal"),
    heat_capacity_ratio=Cited(1.3293, unit="", source="coolprop8", grade="computed"),
    fits=MappingProxyType({
        "density_kg_m3": Fit((-244.7112447, 357.6377588, 922.1654264)),
        "heat_capacity_J_kgK": Fit((-392.5767931, 1644.685407, 2486.188551)),
        "heat_of_vaporisation_J_kg": Fit((-53805.23757, -609844.9956, 3101017.236)),
        "conductivity_W_mK": Fit((-0.104235392, 0.4816062166, 0.09385846667)),
        "vapour_pressure_Pa": Fit((1.137995392, -5.818320827, -9.411888009, 22.14597214), "u", True),
        "viscosity_Pas": Fit((-3.768965177, 19.66824338, -19.88335045, -2.344786998), "u", True),
    }),
    fit_error_frac=MappingProxyType({
        "density_kg_m3": 0.0002,
        "heat_capacity_J_kgK": 0.00017,
        "heat_of_vaporisation_J_kg": 0.00032,
        "conductivity_W_mK": 0.00026,
        "vapour_pressure_Pa": 8.1e-05,
        "viscosity_Pas": 0.0032,
    }),
    source="coolprop8",
    note="MEG 30 % by mass in water; only the water evaporates (Raoult's law, ideal); the vapour is water's.",
)  # fmt: skip

_MEG_50 = Fluid(
    name="meg-50",
    molar_mass_kg_mol=Cited(0.018015268, unit="kg/mol", source="coolprop8", grade="computed"),
    triple_point_K=Cited(237.156, unit="K", source="coolprop8", grade="computed"),
    highest_K=Cited(353.15, unit="K", source="coolprop8", grade="computed"),
    lowest_solid_K=Cited(237.156, unit="K", source="leak_sheet", grade="proposal"),
    heat_of_fusion_J_kg=Cited(166803, unit="J/kg", source="leak_sheet", grade="proposal"),
    heat_capacity_ratio=Cited(1.3293, unit="", source="coolprop8", grade="computed"),
    fits=MappingProxyType({
        "density_kg_m3": Fit((185.6637684, -745.9799488, 766.3512205, 855.1442676)),
        "heat_capacity_J_kgK": Fit((-974.9043831, 3461.117764, 860.9949248)),
        "heat_of_vaporisation_J_kg": Fit((-25119113.02, 127972158.8, -260406269.1, 264499071.1, -134787935.3, 30279450.67)),
        "conductivity_W_mK": Fit((0.004183755105, 0.1752127805, 0.2139582423)),
        "vapour_pressure_Pa": Fit((-1.255893051, 6.209404576, -13.4676075, -4.30438617, 20.73456784), "u", True),
        "viscosity_Pas": Fit((-36.0449867, 151.7483059, -228.1511235, 154.0353199, -47.39953034), "u", True),
    }),
    fit_error_frac=MappingProxyType({
        "density_kg_m3": 1.1e-05,
        "heat_capacity_J_kgK": 0.00093,
        "heat_of_vaporisation_J_kg": 0.00031,
        "conductivity_W_mK": 0.00088,
        "vapour_pressure_Pa": 0.00042,
        "viscosity_Pas": 0.0046,
    }),
    source="coolprop8",
    note="MEG 50 % by mass in water; only the water evaporates (Raoult's law, ideal); the vapour is water's.",
)  # fmt: skip

_MPG_30 = Fluid(
    name="mpg-30",
    molar_mass_kg_mol=Cited(0.018015268, unit="kg/mol", source="coolprop8", grade="computed"),
    triple_point_K=Cited(260.361, unit="K", source="coolprop8", grade="computed"),
    highest_K=Cited(353.15, unit="K", source="coolprop8", grade="computed"),
    lowest_solid_K=Cited(260.361, unit="K", source="leak_sheet", grade="proposal"),
    heat_of_fusion_J_kg=Cited(233524, unit="J/kg", source="leak_sheet", grade="proposal"),
    heat_capacity_ratio=Cited(1.3293, unit="", source="coolprop8", grade="computed"),
    fits=MappingProxyType({
        "density_kg_m3": Fit((366.2845719, -1363.775706, 1478.442284, 539.5454645)),
        "heat_capacity_J_kgK": Fit((-148.5409387, 1097.412025, 2926.659737)),
        "heat_of_vaporisation_J_kg": Fit((-58399.89025, -600171.4567, 3095952.981)),
        "conductivity_W_mK": Fit((-0.004201555528, 0.2483949683, 0.2058105123)),
        "vapour_pressure_Pa": Fit((1.146038414, -5.84190002, -9.38893889, 22.15915091), "u", True),
        "viscosity_Pas": Fit((-57.96643349, 233.7376855, -338.6515238, 217.9071472, -61.08885486), "u", True),
    }),
    fit_error_frac=MappingProxyType({
        "density_kg_m3": 1.1e-05,
        "heat_capacity_J_kgK": 0.00012,
        "heat_of_vaporisation_J_kg": 0.00029,
        "conductivity_W_mK": 0.00057,
        "vapour_pressure_Pa": 7.1e-05,
        "viscosity_Pas": 0.0015,
    }),
    source="coolprop8",
    note="MPG 30 % by mass in water; only the water evaporates (Raoult's law, ideal); the vapour is water's.",
)  # fmt: skip

_AIR = Gas(
    name="air",
    molar_mass_kg_mol=Cited(0.02896546, unit="kg/mol", source="coolprop8", grade="computed"),
    heat_capacity_ratio=Cited(1.4001, unit="", source="coolprop8", grade="computed"),
    lowest_K=Cited(200.0, unit="K", source="coolprop8", grade="computed"),
    highest_K=Cited(400.0, unit="K", source="coolprop8", grade="computed"),
    fits=MappingProxyType({
        "heat_capacity_J_kgK": Fit((36.69995671, -62.35501404, 1032.018831)),
        "viscosity_Pas": Fit((1.147819917e-06, -6.523153538e-06, 2.405791019e-05, -1.447455403e-07)),
        "conductivity_W_mK": Fit((0.001307383633, -0.007574793138, 0.03350773462, -0.0008553805584)),
    }),
    fit_error_frac=MappingProxyType({
        "heat_capacity_J_kgK": 5.1e-05,
        "viscosity_Pas": 0.0001,
        "conductivity_W_mK": 7.1e-05,
    }),
    source="coolprop8",
)  # fmt: skip

_NITROGEN = Gas(
    name="nitrogen",
    molar_mass_kg_mol=Cited(0.02801348, unit="kg/mol", source="coolprop8", grade="computed"),
    heat_capacity_ratio=Cited(1.3996, unit="", source="coolprop8", grade="computed"),
    lowest_K=Cited(200.0, unit="K", source="coolprop8", grade="computed"),
    highest_K=Cited(400.0, unit="K", source="coolprop8", grade="computed"),
    fits=MappingProxyType({
        "heat_capacity_J_kgK": Fit((25.51544944, -49.08175846, 1064.897428)),
        "viscosity_Pas": Fit((1.113107979e-06, -6.30679676e-06, 2.309667163e-05, -1.242625155e-08)),
        "conductivity_W_mK": Fit((0.001387755685, -0.0079851718, 0.03344221752, -0.0008756129941)),
    }),
    fit_error_frac=MappingProxyType({
        "heat_capacity_J_kgK": 0.00014,
        "viscosity_Pas": 9.1e-05,
        "conductivity_W_mK": 7.1e-05,
    }),
    source="coolprop8",
)  # fmt: skip

#: By the names a case may use.
COOLPROP_LIQUIDS: Mapping[str, Fluid] = MappingProxyType(
    {"ammonia": _AMMONIA, "water": _WATER, "meg-30": _MEG_30, "meg-50": _MEG_50, "mpg-30": _MPG_30}
)
COOLPROP_GASES: Mapping[str, Gas] = MappingProxyType({"air": _AIR, "nitrogen": _NITROGEN})
