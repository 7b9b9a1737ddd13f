"""Telemetry against printed numbers: run lengths of cumulative sums and closed forms of the leak."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from whipple.telemetry.models.page_1954 import average_run_length
from whipple.telemetry.shapes import gas_fall_Pa, spring_fall_Pa

AUTHORITIES = Path(__file__).parents[2] / "authorities"
RUN_LENGTHS = list(csv.DictReader((AUTHORITIES / "telemetry_run_lengths.csv").read_text().splitlines()))


@pytest.mark.parametrize(
    "row", RUN_LENGTHS, ids=lambda row: f"k{row['k']}-h{row['h']}-shift{row['shift']}-{row['sides']}"
)
def test_mean_run_lengths_of_the_cumulative_sum(row: dict[str, str], authority) -> None:
    ours = average_run_length(float(row["k"]), float(row["h"]), float(row["shift"]), int(row["sides"]))
    what = f"mean run length, k {row['k']}, h {row['h']}, shift {row['shift']}, {row['sides']}-sided"
    authority(
        "telemetry",
        what,
        ours,
        float(row["printed"]),
        source=row["source"],
        why=row["why"],
        rtol=float(row["rtol"]),
        unit="samples",
    )


def test_gas_accumulator_closed_form(authority) -> None:
    for n, printed in ((1.0, 54237.615542), (1.4, 32853.806149)):
        ours = 3.04e5 - float(gas_fall_Pa(np.array(3600.0), np.array(n * 3.04e5 / 440.11032633), 3.04e5, n))
        authority(
            "telemetry", f"pressure after 3600 s, gas exponent {n:g}", ours, printed, rtol=1e-8, unit="Pa",
            source="leak_and_dynamics.md section 3.3, check numbers", why="closed form, tau printed to 11 digits",
        )  # fmt: skip


def test_spring_bellows_closed_form(authority) -> None:
    flow = 0.61 * 5.0265482457e-07 * np.sqrt(2 * 3.04e5 / 692)
    ours = 3.04e5 - float(spring_fall_Pa(np.array(3600.0), np.array(6.35e6 * flow), 3.04e5))
    authority(
        "telemetry", "pressure after 3600 s, spring bellows", ours, 131732.883021, rtol=1e-8, unit="Pa",
        source="leak_and_dynamics.md section 3.3, check numbers", why="closed form, inputs printed to 11 digits",
    )  # fmt: skip
