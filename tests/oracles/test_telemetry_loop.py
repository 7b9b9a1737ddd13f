"""The simulated loop against the emptying times that the sheet computed in the same plant."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from whipple.telemetry.emptying import empty_after_s
from whipple.telemetry.simulate import Leak, Plant, simulate_loop

TABLE = Path(__file__).parents[2] / "authorities" / "telemetry_emptying.csv"
ROWS = list(csv.DictReader(TABLE.read_text().splitlines()))
#: 0.62 A sqrt(2 rho p) at 3 bar, 6.34 g/s; the sheet prints 6.28 g/s, the same hole at the pressure that its swing gave at that moment.
RATE_KG_S = 0.62 * np.pi / 4 * 0.8e-3**2 * np.sqrt(2 * 690.0 * 3e5)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["to_share"])
def test_an_orifice_empties_the_simulated_loop_in_time(row: dict[str, str], authority) -> None:
    plant = replace(Plant(), swing_K=(0.0, 0.0), walk_K=0.0)
    loop = simulate_loop(0.5, seed=1, plant=plant, leak=Leak(0.0, RATE_KG_S, "orifice"))
    begin, end = (
        loop.t_s[np.argmax(loop.lost_kg >= float(row[share]) * plant.inventory_kg)] / 3600
        for share in ("from_share", "to_share")
    )
    authority(
        "telemetry", "hours from 50 % to 90 % lost on vapour pressure, 0.8 mm hole", end - begin, float(row["hours"]),
        source=row["source"], why=row["why"], atol=float(row["atol_h"]), unit="h",
    )  # fmt: skip


def test_the_closed_form_agrees_with_the_march() -> None:
    plant = replace(Plant(), swing_K=(0.0, 0.0), walk_K=0.0)
    loop = simulate_loop(0.5, seed=1, plant=plant, leak=Leak(0.0, RATE_KG_S, "orifice"))
    end_s = loop.t_s[np.argmax(loop.lost_kg >= plant.inventory_kg * (1 - 1e-9))]
    rate = np.array(RATE_KG_S / plant.density_kg_m3 / plant.gas_m3)
    closed = empty_after_s(rate, np.array(11.0), np.array(1.0), np.array(plant.vapour_Pa / plant.pressure_Pa))
    assert float(closed) == pytest.approx(end_s, rel=2e-3)
