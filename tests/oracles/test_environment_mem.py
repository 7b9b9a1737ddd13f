"""The igloo beside rows of a public MEM 3 file, and what the shared histogram of that run must add up to."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from whipple.environment.mem_grid import igloo

ROOT = Path(__file__).parents[2]
SOURCE = "LunarEjecta MEM 3 output, igloo_avg.txt"


def rows(name: str) -> list[dict[str, str]]:
    lines = (ROOT / "authorities" / f"{name}.csv").read_text().splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


@pytest.mark.parametrize("row", rows("environment_mem_igloo"), ids=lambda row: row["id"])
def test_cells_stand_where_mem_has_them(row, authority):
    cells, place = igloo(), int(row["id"]) - 1
    assert (cells.band[place], cells.place[place]) == (int(row["i"]), int(row["j"]))
    ours = {
        "phi1": cells.low_phi_deg, "phi2": cells.high_phi_deg, "theta1": cells.low_theta_deg, "theta2": cells.high_theta_deg,
        "phi_avg": cells.phi_deg, "theta_avg": cells.theta_deg,
    }  # fmt: skip
    for key, values in ours.items():
        what = f"MEM igloo cell {row['id']}, {key}"
        authority(
            "environment",
            what,
            float(values[place]),
            float(row[key]),
            source=SOURCE,
            why="printed to 0.01",
            atol=0.0051,
            unit="deg",
        )


def test_the_number_of_cells(authority):
    authority(
        "environment", "cells of a MEM igloo at 5 deg", len(igloo().band), 1652, source=SOURCE, why="exact", atol=0.1
    )


def test_the_shared_histogram_is_whole(shared_data, authority):
    """Speeds on the zenith face: the column sums must be the totals of the run's cube files."""
    table = np.loadtxt(shared_data / "meteoroids/mem3_lunar_lat0_zenith_speed.csv", delimiter=",", skiprows=4)
    source = "LunarEjecta MEM 3 output, environment sheet 5"
    for name, column, printed in (("high", 1, 1.288642), ("low", 2, 0.463238)):
        what = f"MEM 3 lunar zenith histogram, {name} density"
        authority(
            "environment",
            what,
            float(table[:, column].sum()),
            printed,
            source=source,
            why="7 digits",
            rtol=2e-6,
            unit="/m2/yr",
        )
    mean = float(table[:, 0] @ (table[:, 1] + table[:, 2]) / table[:, 1:].sum())
    authority(
        "environment",
        "MEM 3 lunar zenith, mean speed",
        mean,
        27.75,
        source=source,
        why="printed to 0.01",
        atol=0.01,
        unit="km/s",
    )
