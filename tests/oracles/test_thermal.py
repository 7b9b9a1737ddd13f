"""Does an authority agree with the thermal room: sheet values, and the ESATAN-TMS disc transient?"""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from whipple.thermal.crew import core_rate_K_s, sensible_frac
from whipple.thermal.humidity import saturation_kg_m3, saturation_Pa
from whipple.thermal.network import Network, solve_transient
from whipple.thermal.surroundings import eclipse_frac, equilibrium_K, no_eclipse_beta_rad, plate_factor, sphere_factor

TABLE = Path(__file__).parents[2] / "authorities" / "thermal.csv"
ROWS = list(csv.DictReader(line for line in TABLE.read_text().splitlines() if not line.startswith("#")))
OURS: dict[str, Callable[[float, float], float]] = {
    "plate_factor": lambda altitude, _: float(plate_factor(altitude)),
    "sphere_factor": lambda altitude, _: float(sphere_factor(altitude)),
    "eclipse_frac": lambda altitude, beta: float(eclipse_frac(altitude, beta)),
    "no_eclipse_beta_deg": lambda altitude, _: float(np.degrees(no_eclipse_beta_rad(altitude))),
    "black_K": lambda flux, _: float(equilibrium_K(flux)),
    "saturation_g_m3": lambda kelvin, _: 1e3 * float(saturation_kg_m3(kelvin)),
    "saturation_Pa": lambda kelvin, _: float(saturation_Pa(kelvin)),
    "sensible_W": lambda kelvin, watts: watts * float(sensible_frac(kelvin)),
    "core_rate_K_h": lambda watts, _: 3600 * float(core_rate_K_s(watts)),
}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['kind']}-{row['first']}-{row['printed']}")
def test_thermal_sheet(row: dict[str, str], authority: Callable[..., None]) -> None:
    ours = OURS[row["kind"]](float(row["first"]), float(row["second"] or 0))
    authority(
        "thermal", f"{row['kind']} at {row['first']}", ours, float(row["printed"]),
        source=row["source"], why=row["why"], rtol=float(row["rtol"]), unit=row["unit"],
    )  # fmt: skip


def test_esatan_disc_transient(shared_data: Path, authority: Callable[..., None]) -> None:
    h5py = pytest.importorskip("h5py")
    path = shared_data / "thermal" / "DISCTR_TRANSIENT.TMD"
    if not path.exists():
        pytest.skip("the ESATAN file is absent")
    with h5py.File(path) as file:
        group = file["AnalysisSet1/DataGroup1"]
        clock, real = group["times"][:], group["thermalNodesRealData"][:]
        ends = {kind: file[f"AnalysisSet1/conductors{kind}"][:, :2] - 1 for kind in ("GL", "GR")}
        value = {kind: group[f"conductorData{kind}"][0, :, 0] for kind in ("GL", "GR")}
        kind_of = [kind.decode().strip() for kind in group["thermalNodesStringData"][0, :, 0]]
    kept = np.array([index for index, kind in enumerate(kind_of) if kind != "X"])
    coupling = {}
    for kind in ("GL", "GR"):
        matrix = np.zeros((len(kind_of), len(kind_of)))
        matrix[ends[kind][:, 0], ends[kind][:, 1]] = matrix[ends[kind][:, 1], ends[kind][:, 0]] = value[kind]
        coupling[kind] = matrix[np.ix_(kept, kept)]
    network = Network(
        tuple(str(index) for index in kept), real[0, kept, 1], np.array([kind_of[index] == "B" for index in kept]),
        real[0, kept, 2:7].sum(axis=1), coupling["GL"], coupling["GR"], np.zeros_like(coupling["GL"]),
    )  # fmt: skip
    theirs = real[:, kept, 0] + 273.15
    ours = solve_transient(network, theirs[0], clock)
    authority(
        "thermal", "disc transient, 100 nodes, largest difference over all nodes and times", float(np.abs(ours - theirs).max()), 0.0,
        source="ESATAN-TMS 2018 sp1, DISCTR_TRANSIENT.TMD (pycanha-core, MIT)",
        why="sheet 7.3: a BDF at 1e-8 differs by 9.3e-6 K from ESATAN's own steps", atol=1.0e-5, unit="K",
    )  # fmt: skip
    authority(
        "thermal", "disc transient, hottest node at the end", float(ours[-1].max()), 99.6848 + 273.15,
        source="thermal_sheet section 7.2, from the same file", why="last printed digit", atol=1e-4, unit="K",
    )  # fmt: skip
