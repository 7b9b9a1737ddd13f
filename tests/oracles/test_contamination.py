"""Does an authority agree with the contamination room: flash, droplets, films, columns?"""

from __future__ import annotations

import csv
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from whipple.contamination.column import column_past_per_m2
from whipple.contamination.droplet import DropletLife, evaporate_droplet
from whipple.contamination.film import film_life_s
from whipple.contamination.flash import flash_frac, flashed_frac
from whipple.physics.fluids import fluid

TABLE = Path(__file__).parents[2] / "authorities" / "contamination.csv"
ROWS = list(csv.DictReader(line for line in TABLE.read_text().splitlines() if not line.startswith("#")))
ISOOCTANE = fluid("isooctane")


@cache
def life(diameter_m: float, flux_W_m2: float) -> DropletLife:
    return evaporate_droplet(ISOOCTANE, diameter_m, flux_W_m2)


def mass_at(one: DropletLife, kelvin: float) -> float:
    return float(np.interp(one.time_to_s(kelvin), one.t_s, one.mass_frac))


def column(distance_m: float, speed_m_s: float) -> float:
    """The sheet's case: Cd 0.61, 0.8 mm, 3.04 bar, 692 kg/m3, 35 % of the flow as vapour."""
    flow_kg_s = 0.61 * np.pi / 4 * 0.8e-3**2 * np.sqrt(2 * 692 * 3.04e5)
    return column_past_per_m2(0.35 * flow_kg_s, speed_m_s, ISOOCTANE.molar_mass_kg_mol, distance_m) * 1e-4


OURS: dict[str, Callable[[float, float], float]] = {
    "flash_frac": lambda kelvin, _: flash_frac(ISOOCTANE, kelvin),
    "droplet_250_s": lambda d, q: life(d, q).time_to_s(250.0),
    "droplet_220_s": lambda d, q: life(d, q).time_to_s(220.0),
    "droplet_200_s": lambda d, q: life(d, q).time_to_s(200.0),
    "droplet_250_frac": lambda d, q: mass_at(life(d, q), 250.0),
    "droplet_220_frac": lambda d, q: mass_at(life(d, q), 220.0),
    "droplet_200_frac": lambda d, q: mass_at(life(d, q), 200.0),
    "droplet_life_s": lambda d, q: life(d, q).life_s,
    "droplet_end_frac": lambda d, q: float(life(d, q).mass_frac[-1]),
    "droplet_end_K": lambda d, q: life(d, q).end_K,
    "film_s": lambda kelvin, _: film_life_s(ISOOCTANE, kelvin),
    "column_per_cm2": column,
}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['kind']}-{row['first']}-{row['second']}-{row['printed']}")
def test_contamination_sheet(row: dict[str, str], authority: Callable[..., None]) -> None:
    ours = OURS[row["kind"]](float(row["first"]), float(row["second"] or 0))
    at = f"{row['first']}, {row['second']}" if row["second"] else row["first"]
    authority(
        "contamination", f"{row['kind']} at {at}", ours, float(row["printed"]),
        source=row["source"], why=row["why"], rtol=float(row["rtol"]), unit=row["unit"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("substance", "from_K", "to_K", "printed", "rtol"),
    [
        ("Ammonia", 293.0, 195.5, 0.279, 0.02),
        ("Ammonia", 278.0, 195.5, 0.236, 0.02),
        ("Water", 293.0, 273.16, 0.033, 0.02),
        ("Water", 278.0, 273.16, 0.008, 0.07),
    ],
)
def test_flash_of_other_fluids(
    substance: str, from_K: float, to_K: float, printed: float, rtol: float, authority: Callable[..., None]
) -> None:
    coolprop = pytest.importorskip("CoolProp.CoolProp")

    def heat_capacity(kelvin: np.ndarray) -> np.ndarray:
        return np.array([coolprop.PropsSI("C", "T", one, "Q", 0, substance) for one in kelvin])

    def vaporisation(kelvin: np.ndarray) -> np.ndarray:
        return np.array(
            [
                coolprop.PropsSI("H", "T", one, "Q", 1, substance) - coolprop.PropsSI("H", "T", one, "Q", 0, substance)
                for one in kelvin
            ]
        )

    ours = flashed_frac(heat_capacity, vaporisation, from_K, to_K)
    authority(
        "contamination", f"flash fraction of {substance.lower()} from {from_K:g} K", ours, printed,
        source="thermal_sheet section 6", why="last printed digit; properties of CoolProp", rtol=rtol,
    )  # fmt: skip


def test_frozen_mass_equals_flash(authority: Callable[..., None]) -> None:
    authority(
        "contamination", "mass left of an unheated droplet at freezing", float(life(1e-4, 0.0).mass_frac[-1]),
        1 - flash_frac(ISOOCTANE, 293.15), source="thermal_sheet section 10: internal check", why="two integrators of one balance", rtol=1e-5,
    )  # fmt: skip
