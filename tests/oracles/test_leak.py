"""Does an authority agree with the leak room: closed forms, air and liquid leaks, the MS-22 family, isooctane?"""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from whipple.leak.forward import LeakLaw, leak_law
from whipple.leak.models import DISCHARGE
from whipple.leak.models.leung_grolmes_1988 import critical_ratio, flux_kg_m2s
from whipple.leak.orifice import hole_area_m2, liquid_flow_kg_s, liquid_thrust_N
from whipple.leak.vessel import adiabatic_ratio, air_leak, emptying_time_s, isothermal_ratio
from whipple.physics.fluids import fluid

FOLDER = Path(__file__).parents[2] / "authorities"
ISOOCTANE = fluid("isooctane")


def rows(name: str) -> list[dict[str, str]]:
    text = (FOLDER / name).read_text().splitlines()
    return list(csv.DictReader(line for line in text if not line.startswith("#")))


def ms22(gas_m3: float, pushed_m3: float, exponent: float = 1.0, cv: float = 1.0) -> LeakLaw:
    return leak_law(
        ISOOCTANE, 293.15, diameter_m=0.8e-3, discharge_ratio=0.61, velocity_ratio=cv, pressure_Pa=3.04e5, inventory_m3=44e-3,
        gas_volume_m3=gas_m3, pushed_volume_m3=pushed_m3, polytropic_ratio=exponent, density_kg_m3=692.0,
    )  # fmt: skip


def spring() -> LeakLaw:
    stiffness = (3.04e5 - 0.5e5) / 40e-3
    return LeakLaw(
        "spring", hole_area_m2(0.8e-3), 0.61, 1.0, 692.0, 3.04e5, 5156.0, 44e-3, 40e-3, 3.04e5 / stiffness, 1.0, 1e3
    )


VESSEL_S = emptying_time_s(10.0, hole_area_m2(5e-3), 0.84, 295.0)
CLOSED: dict[str, Callable[[float], float]] = {
    "area": lambda _: hole_area_m2(0.8e-3),
    "tau": lambda _: ms22(4e-3, 40e-3).time_scale_s,
    "driven": lambda n: ms22(4e-3, 40e-3, n).driven_s,
    "x3600": lambda n: 1 + ms22(4e-3, 40e-3, n).volume_gone_m3(3600.0) / 4e-3,
    "p3600": lambda n: ms22(4e-3, 40e-3, n).pressure_at_Pa(3600.0),
    "impulse": lambda n: ms22(4e-3, 40e-3, n).driven_impulse_Ns,
    "spring_k": lambda _: 3.04e5 / spring().stiffness_volume_m3,
    "spring_p3600": lambda _: spring().pressure_at_Pa(3600.0),
    "spring_driven": lambda _: spring().driven_s,
    "vessel_Tc": lambda _: VESSEL_S,
    "vessel_isothermal": lambda _: isothermal_ratio(600.0, VESSEL_S),
    "vessel_adiabatic": lambda _: adiabatic_ratio(600.0, VESSEL_S),
}


def air(mm: float, cd: float) -> dict[str, float]:
    leak = air_leak(mm * 1e-3, 1000.0, discharge_ratio=cd)
    flow = leak.flow_kg_s
    return {
        "air_g_s": flow * 1e3,
        "air_kg_day": flow * 86400,
        "air_Pa_h": leak.pressure_rate_Pa_s * 3600,
        "air_thrust": leak.thrust_N,
    }


def liquid(mm: float, cd: float, pressure_Pa: float) -> dict[str, float]:
    area = hole_area_m2(mm * 1e-3)
    flow = liquid_flow_kg_s(area, cd, 692.0, pressure_Pa)
    thrust = liquid_thrust_N(area, cd, 0.98, pressure_Pa)
    return {"liquid_g_s": flow * 1e3, "liquid_N": thrust, "liquid_h": 44e-3 * 692 / flow / 3600}


def variant(gas_litre: float, pushed_litre: float) -> dict[str, float]:
    law = ms22(gas_litre * 1e-3, pushed_litre * 1e-3, cv=0.98)
    return {
        "variant_driven_h": law.driven_s / 3600, "variant_end_bar": law.end_pressure_Pa / 1e5,
        "variant_tail_h": law.tail_s / 3600, "variant_impulse": law.driven_impulse_Ns,
    }  # fmt: skip


def omega(table: str, value: float, pressure_Pa: float, saturation_Pa: float) -> float:
    """API 520 part I, annex C.2: 216 560 kg/h of saturated mixture (0.01945 m3/kg, Kd 0.85), 378.5 L/min of propane (Kd 0.65)."""
    if table == "omega_ratio":
        return critical_ratio(value, 1.0)
    if table == "omega_area":
        flux = flux_kg_m2s(pressure_Pa, pressure_Pa, 1 / 0.01945, value)
        return 216_560 / 3600 / (0.85 * flux) * 1e6
    return 378.5e-3 / 60 * 511.3 / (0.65 * flux_kg_m2s(pressure_Pa, saturation_Pa, 511.3, value)) * 1e6


def ours(row: dict[str, str]) -> float:
    table, what = row["table"], row["what"]
    first, second = float(row["first"] or 1), float(row["second"] or 0)
    if table == "closed":
        return float(CLOSED[what](first))
    if table == "unwin":
        model = DISCHARGE[0]
        return float(
            model.function(head_m=float(what) * 0.3048, diameter_m=first * 0.0254, wall_over_diameter_ratio=0.1)
        )
    if table.startswith("omega"):
        return omega(table, float(what), first, second)
    if table.startswith("air"):
        return air(float(what), first)[table]
    if table.startswith("liquid"):
        return float(liquid(float(what), first, second)[table])
    return float(variant(float(what), first)[table])


@pytest.mark.parametrize("row", rows("leak.csv"), ids=lambda row: f"{row['table']}-{row['what']}-{row['first']}")
def test_leak_sheet(row: dict[str, str], authority: Callable[..., None]) -> None:
    authority(
        "leak", f"{row['table']} {row['what']} {row['first']} {row['second']}".strip(), ours(row), float(row["printed"]),
        source=row["source"], why=row["why"], rtol=float(row["rtol"]), unit=row["unit"],
    )  # fmt: skip


def test_no_vapour_tail_when_the_accumulator_pushes_everything_out() -> None:
    assert ms22(20e-3, 44e-3).tail_s == pytest.approx(0.0, abs=1e-6)


def test_constant_pressure_contradicts_the_published_three_hours(authority: Callable[..., None]) -> None:
    """Sheet 1: 44 L at a constant 3 atm is gone in 1.35 h, while the two-regime law gives 3.0 to 3.8 h."""
    durations = [float(ms22(volume, 40e-3).empty_s) / 3600 for volume in (4e-3, 10e-3)]
    why = "printed to 0.1 h"
    authority("leak", "MS-22 empty, 4 L of gas", durations[0], 3.8, source="leak sheet 1", why=why, atol=0.05, unit="h")
    authority(
        "leak", "MS-22 empty, 10 L of gas", durations[1], 3.0, source="leak sheet 1", why=why, atol=0.05, unit="h"
    )
    assert np.all(np.array(durations) > 2 * 1.35)
