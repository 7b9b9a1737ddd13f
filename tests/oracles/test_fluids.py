"""Does an authority agree with the fluids: the table of the sheet, package `thermo`, the film lifetimes?"""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from whipple.physics.fluids import GAS_CONSTANT_J_molK, fluid

TABLE = Path(__file__).parents[2] / "authorities" / "leak_isooctane.csv"
ROWS = list(csv.DictReader(line for line in TABLE.read_text().splitlines() if not line.startswith("#")))
ISOOCTANE = fluid("isooctane")
#: column: (our method, factor, tolerance stated with the fits in sheet 5.1 plus half a printed digit)
COLUMNS = {
    "density_kg_m3": ("density_kg_m3", 1.0, 5.5e-4),
    "viscosity_mPas": ("viscosity_Pas", 1e3, 9.5e-3),
    "vapour_pressure_Pa": ("vapour_pressure_Pa", 1.0, 6e-4),
    "heat_capacity_J_kgK": ("heat_capacity_J_kgK", 1.0, 6e-4),
    "conductivity_W_mK": ("conductivity_W_mK", 1.0, 2e-3),
    "heat_of_vaporisation_kJ_kg": ("heat_of_vaporisation_J_kg", 1e-3, 3.5e-4),
    "surface_tension_mN_m": ("surface_tension_N_m", 1e3, 4e-4),
}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["temperature_K"])
@pytest.mark.parametrize("column", COLUMNS)
def test_isooctane_table(row: dict[str, str], column: str, authority: Callable[..., None]) -> None:
    method, factor, rtol = COLUMNS[column]
    ours = getattr(ISOOCTANE, method)(float(row["temperature_K"])) * factor
    why = "deviation of the fit stated in the sheet (density: table at 3 bar, fit at 1 atm)"
    source = "package thermo 0.6.1 via leak sheet 5.1"
    authority(
        "fluids", f"{column} at {row['temperature_K']} K", ours, float(row[column]), source=source, why=why, rtol=rtol
    )


@pytest.mark.parametrize(("kelvin", "printed", "rtol"), [(293.0, 49e-6, 0.015), (240.0, 1.4e-3, 0.04), (200.0, 70e-3, 0.02),
                                                          (170.0, 5.7, 0.02), (160.0, 47.0, 0.03), (150.0, 620.0, 0.02)])  # fmt: skip
def test_film_lifetime(kelvin: float, printed: float, rtol: float, authority: Callable[..., None]) -> None:
    """Hertz-Knudsen life of a 1 um film: checks the vapour pressure, and below 165.8 K the correction for the frozen solid."""
    flux = ISOOCTANE.vapour_pressure_Pa(kelvin) * np.sqrt(
        ISOOCTANE.molar_mass_kg_mol / (2 * np.pi * GAS_CONSTANT_J_molK * kelvin)
    )
    density = ISOOCTANE.density_kg_m3(max(kelvin, ISOOCTANE.triple_point_K))
    source, why = "thermal and contamination sheet 10", "two printed digits; solid density taken as at the triple point"
    authority(
        "fluids",
        f"life of a 1 um film at {kelvin:g} K",
        1e-6 * density / flux,
        printed,
        source=source,
        why=why,
        rtol=rtol,
        unit="s",
    )


def test_antoine_at_the_boiling_point(authority: Callable[..., None]) -> None:
    source, why = (
        "package thermo 0.6.1 via leak sheet 5.1: Tb 372.36 K",
        "Antoine against another correlation, 0.2 % at 293 K",
    )
    ours = ISOOCTANE.vapour_pressure_Pa(372.36)
    authority(
        "fluids", "vapour pressure at the boiling point", ours, 101325.0, source=source, why=why, rtol=2e-3, unit="Pa"
    )


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_thermo_agrees() -> None:
    """The package itself, not the sheet's copy of it."""
    thermo = pytest.importorskip("thermo")
    chemical = thermo.Chemical("2,2,4-trimethylpentane")
    for kelvin in (200.0, 250.0, 293.15, 320.0):
        chemical.calculate(kelvin, 101325.0)
        assert ISOOCTANE.vapour_pressure_Pa(kelvin) == pytest.approx(chemical.VaporPressure(kelvin), rel=5e-3)
        assert ISOOCTANE.density_kg_m3(kelvin) == pytest.approx(chemical.rhol, rel=5e-3)
        assert ISOOCTANE.surface_tension_N_m(kelvin) == pytest.approx(chemical.SurfaceTension(kelvin), rel=2e-2)
