"""Do ammonia, water, glycols, air and nitrogen agree with the sheet's table, and with CoolProp within the error each fit states?"""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from whipple.errors import RangeError
from whipple.physics.fluids import FLUIDS, GASES, fluid, gas

TABLE = Path(__file__).parents[2] / "authorities" / "fluids.csv"
ROWS = list(csv.DictReader(line for line in TABLE.read_text().splitlines() if not line.startswith("#")))
SYMBOL = {"density_kg_m3": "D", "heat_capacity_J_kgK": "C", "conductivity_W_mK": "L", "viscosity_Pas": "V"}
GLYCOL = {"meg-30": "INCOMP::MEG[0.3]", "meg-50": "INCOMP::MEG[0.5]", "mpg-30": "INCOMP::MPG[0.3]"}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['fluid']}-{row['temperature_K']}-{row['quantity']}")
def test_sheet_table(row: dict[str, str], authority: Callable[..., None]) -> None:
    value = getattr(fluid(row["fluid"]), row["quantity"])
    ours = value(float(row["temperature_K"])) if callable(value) else value
    authority(
        "fluids", f"{row['fluid']}: {row['quantity']} at {row['temperature_K']} K", float(ours), float(row["printed"]),
        source="CoolProp 8.0.0 via leak sheet 5.2", why="printed digits plus the stated fit error", rtol=float(row["rtol"]), unit=row["unit"],
    )  # fmt: skip


def test_ice_pressure(authority: Callable[..., None]) -> None:
    """Below the triple point water is ice: Clapeyron with a constant heat must stay near an independent correlation (chemicals, IAPWS ice)."""
    chemicals = pytest.importorskip("chemicals")
    for kelvin in (210.0, 230.0, 250.0, 270.0):
        theirs = float(chemicals.iapws.iapws11_Psub(kelvin))
        authority(
            "fluids", f"vapour pressure of ice at {kelvin:g} K", fluid("water").vapour_pressure_Pa(kelvin), theirs,
            source="IAPWS 2011 as in package chemicals 1.5.2", why="heat of sublimation held constant", rtol=0.04, unit="Pa",
        )  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", ["ammonia", "water"])
def test_pure_liquids_follow_coolprop(name: str) -> None:
    props = pytest.importorskip("CoolProp.CoolProp").PropsSI
    ours, theirs = fluid(name), name.capitalize()
    for kelvin in np.linspace(ours.triple_point_K + 0.5, ours.highest_K - 0.5, 23):
        for quantity, symbol in {**SYMBOL, "surface_tension_N_m": "I", "vapour_pressure_Pa": "P"}.items():
            value = props(symbol, "T", kelvin, "Q", 0, theirs)
            assert getattr(ours, quantity)(kelvin) == pytest.approx(value, rel=1.05 * ours.fit_error_frac[quantity]), (
                quantity
            )


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(GLYCOL))
def test_glycols_follow_coolprop(name: str) -> None:
    props, ours = pytest.importorskip("CoolProp.CoolProp").PropsSI, fluid(name)
    for kelvin in np.linspace(ours.triple_point_K + 0.5, ours.highest_K - 0.5, 23):
        for quantity, symbol in SYMBOL.items():
            value = props(symbol, "T", kelvin, "P", 2e5, GLYCOL[name])
            assert getattr(ours, quantity)(kelvin) == pytest.approx(value, rel=1.05 * ours.fit_error_frac[quantity]), (
                quantity
            )


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(GASES))
def test_gases_follow_coolprop(name: str) -> None:
    props, ours = pytest.importorskip("CoolProp.CoolProp").PropsSI, gas(name)
    for kelvin in np.linspace(200.5, 399.5, 23):
        for quantity in ("heat_capacity_J_kgK", "viscosity_Pas", "conductivity_W_mK"):
            value = props(SYMBOL[quantity], "T", kelvin, "P", 101325.0, name.capitalize())
            assert getattr(ours, quantity)(kelvin) == pytest.approx(value, rel=1.05 * ours.fit_error_frac[quantity]), (
                quantity
            )
    assert ours.density_kg_m3(101325.0, 295.0) == pytest.approx(
        props("D", "T", 295.0, "P", 101325.0, name.capitalize()), rel=1e-3
    )


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_thermo_agrees_on_water_and_ammonia() -> None:
    """A second, independent package: density, vapour pressure and heat of vaporisation within 1 %."""
    thermo = pytest.importorskip("thermo")
    for name in ("water", "ammonia"):
        chemical = thermo.Chemical(name, T=293.15, P=2e6)
        assert fluid(name).vapour_pressure_Pa(293.15) == pytest.approx(chemical.VaporPressure(293.15), rel=1e-2)
        assert fluid(name).density_kg_m3(293.15) == pytest.approx(chemical.rhol, rel=1e-2)
        assert fluid(name).heat_of_vaporisation_J_kg(293.15) == pytest.approx(chemical.Hvap, rel=1e-2)


def test_every_fit_states_its_error() -> None:
    for one in (*FLUIDS.values(), *GASES.values()):
        assert set(one.fit_error_frac) == set(one.fits)
        assert max(one.fit_error_frac.values()) < 1e-2


def test_what_a_fluid_does_not_know_is_refused() -> None:
    with pytest.raises(RangeError, match="no fit"):
        fluid("meg-30").surface_tension_N_m(283.15)
    with pytest.raises(RangeError, match=r"258\.574 to 353\.15 K"):
        fluid("meg-30").density_kg_m3(250.0)
    with pytest.raises(RangeError, match="one of air, nitrogen"):
        gas("argon")
    with pytest.raises(RangeError, match="200 to 400 K"):
        gas("air").viscosity_Pas(150.0)


def test_glycol_boils_below_water() -> None:
    """Raoult: the glycol's share lowers the vapour pressure by its mole fraction, here 11 % for 30 % by mass."""
    ratio = fluid("meg-30").vapour_pressure_Pa(300.0) / fluid("water").vapour_pressure_Pa(300.0)
    assert ratio == pytest.approx(0.8893, rel=1e-3)
