"""A case with three momentum channels: does the whole investigation find the place of the leak? Simulated, truth known.

The bundled case with one more file: gyro momentum every 10 s, 2 N m s of noise, as a stack that holds its attitude would record it under the jet
of the bundled (simulated) loop pressure through the true hole, a steady torque, its orbital harmonic and a wandering torque.
"""

from __future__ import annotations

import csv
import shutil
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from whipple import vehicle
from whipple.casefile.findings import Findings
from whipple.casefile.read_case import read_case
from whipple.commands.checking import problems_in
from whipple.commands.folders import BUNDLED
from whipple.dynamics.momentum import held_momentum_Nms
from whipple.dynamics.whereabouts import push_sites, record_of
from whipple.errors import CaseError, RangeError
from whipple.investigation import investigate
from whipple.report.write_report import write_report
from whipple.vehicle.stack import Stack

STEP_S, NOISE_NMS, ONSET_S, RATE_RAD_S = 10.0, 2.0, -367.0, 2 * np.pi / 5556.0
#: Thrust of the true hole: 2 Cd Cv A p, flashing a little (builders/make_ms22_channels.py: 0.8 mm, Cd 0.65).
THRUST_M2 = 1.1 * 2 * 0.65 * 0.97 * np.pi / 4 * 0.8e-3**2
T_S = np.arange(-9000.0, 3000.0, STEP_S)

CHANNEL = """
[[channel]]
name = "gyro_momentum_{axis}"
file = "channels/gyros_simulated.csv"
column = "momentum_{axis}"
unit = "N*m*s"
measures = "momentum"
component = "{axis}"
data_path = "multiplexer D"
simulated = true
source = "whipple-simulated"
"""


@dataclass(frozen=True)
class Momentous:
    """The case folder and the true place of its leak."""

    folder: Path
    stack: Stack
    place_m: np.ndarray


def pressure_Pa() -> np.ndarray:
    with (BUNDLED / "soyuz-ms22" / "channels" / "loop_simulated.csv").open() as stream:
        rows = list(csv.DictReader(stream))
    epoch = read_case(BUNDLED / "soyuz-ms22").epoch.timestamp()
    late = [datetime.fromisoformat(row["time"].replace("Z", "+00:00")).timestamp() - epoch for row in rows]
    return np.interp(T_S, late, [1e5 * float(row["loop_pressure_1_bar"]) for row in rows])


def recorded(stack: Stack, place_m: np.ndarray, normal: np.ndarray, seed: int) -> np.ndarray:
    """Momentum (n, 3) in body axes: jet, steady torque, harmonic and wandering torque, through the room's own forward model, with noise."""
    rng = np.random.default_rng(seed)
    thrust = THRUST_M2 * pressure_Pa() * (T_S >= ONSET_S)
    jet = thrust[:, None] * -np.cross(place_m - stack.centre_of_mass_m, normal) @ stack.body_from_lvlh
    slow, keep = np.zeros((T_S.size, 3)), np.exp(-STEP_S / 900.0)
    for index in range(1, T_S.size):
        slow[index] = keep * slow[index - 1] + 0.03 * np.sqrt(1 - keep**2) * rng.standard_normal(3)
    phase, swing = RATE_RAD_S * T_S[:, None], rng.normal(0.0, 0.3, (2, 3))
    outside = rng.normal(0.0, 1.0, 3) + swing[0] * np.cos(phase) + swing[1] * np.sin(phase) + slow
    held = held_momentum_Nms(jet + outside, T_S, RATE_RAD_S) @ stack.body_from_lvlh.T
    return np.asarray(held + rng.normal(0.0, NOISE_NMS, held.shape))


def make(folder: Path, channels: str = "", loop: str = 'carriers = ["soyuz.radiator"]', seed: int = 3) -> Momentous:
    """The bundled case with a momentum record in `folder`; the true hole is on the radiator, a metre off the suspect site."""
    shutil.copytree(BUNDLED / "soyuz-ms22", folder, ignore=shutil.ignore_patterns("out"))
    stack = vehicle.build(read_case(folder))
    surfaces = stack.surfaces
    own = surfaces.of_part("soyuz.radiator")
    away = np.linalg.norm(surfaces.centroid_m[own] - stack.site_m, axis=1)
    facet = own[int(np.argmax(np.where(surfaces.normal_body[own] @ stack.site_normal_body[0] > 0.3, away, -1.0)))]
    place, normal = surfaces.centroid_m[facet], surfaces.normal_body[facet]
    rows = np.column_stack([T_S, recorded(stack, place, normal, seed)])
    text = "\n".join(",".join(f"{value:.3f}" for value in row) for row in rows)
    (folder / "channels" / "gyros_simulated.csv").write_text("time,momentum_x,momentum_y,momentum_z\n" + text + "\n")
    toml = (folder / "case.toml").read_text()
    toml = toml.replace('name = "external"\n', f'name = "external"\n{loop}\n', 1)
    (folder / "case.toml").write_text(toml + (channels or "".join(CHANNEL.format(axis=axis) for axis in "xyz")))
    return Momentous(folder, stack, place)


@pytest.fixture(scope="module")
def momentous(tmp_path_factory: pytest.TempPathFactory) -> Momentous:
    return make(tmp_path_factory.mktemp("momentum") / "case")


@pytest.fixture(scope="module")
def found(momentous: Momentous) -> Findings:
    return investigate(read_case(momentous.folder))


@pytest.mark.slow
def test_the_investigation_finds_the_true_place(momentous: Momentous, found: Findings) -> None:
    assert found.push is not None
    sites = found.push.sites
    assert sites is not None
    assert sites.carriers == ("soyuz.radiator",)
    assert np.min(np.linalg.norm(sites.region_m - momentous.place_m, axis=1)) < 0.5
    assert min(np.linalg.norm(np.array(site.place_m) - momentous.place_m) for site in sites.sites) < 1.5
    assert 0.95 <= sum(site.site_prob for site in sites.sites) <= 1.0 + 1e-9
    assert (
        0 < sites.region_m2 < momentous.stack.surfaces.area_m2[momentous.stack.surfaces.of_part("soyuz.radiator")].sum()
    )
    assert sites.simulated
    assert "SIMULATED momentum points to soyuz.radiator" in found.push.headline
    assert {"dynamics-sites-attitude"} <= {caveat.code for caveat in found.push.caveats}
    assert "dynamics-carriers" not in {caveat.code for caveat in found.push.caveats}


@pytest.mark.slow
def test_the_page_draws_the_sites_and_lists_them(momentous: Momentous, found: Findings, tmp_path: Path) -> None:
    page = write_report(read_case(momentous.folder), momentous.stack, found, tmp_path / "out").read_text(
        encoding="utf-8"
    )
    assert "Where the push may come from" in page
    assert "Places that fit the push" in page
    assert (tmp_path / "out" / "figures" / "push-sites.svg").is_file()


@pytest.mark.slow
def test_what_is_missing_is_said_and_widens(momentous: Momentous, found: Findings) -> None:
    """No carriers, no mass, an axis less, an unloading, too short: the answer widens or is left out, with the reason, and nothing dies."""
    case, stack, hole = read_case(momentous.folder), momentous.stack, found.hole
    assert hole is not None
    known, _ = push_sites(case, stack, hole, ONSET_S, RATE_RAD_S)
    loop = case.loop().model_copy(update={"carriers": ()})
    ship, said = push_sites(replace(case, loops=(loop,)), stack, hole, ONSET_S, RATE_RAD_S)
    assert ship is not None
    assert known is not None
    assert "dynamics-carriers" in {caveat.code for caveat in said}
    assert ship.region_m2 >= known.region_m2
    assert np.min(np.linalg.norm(ship.region_m - momentous.place_m, axis=1)) < 0.5
    bare, said = push_sites(replace(case, loops=(loop,)), replace(stack, mass_kg=0.0), hole, ONSET_S, RATE_RAD_S)
    assert bare is not None
    assert bare.region_m2 > 1.5 * ship.region_m2
    assert "dynamics-no-mass" in {caveat.code for caveat in said}
    channels = tuple(row for row in case.channels if row.component != "z")
    none, said = push_sites(replace(case, channels=channels), stack, hole, ONSET_S, RATE_RAD_S)
    assert none is None
    assert "component x, y and z" in said[0].text
    late = record_of(case, stack, hole, 2990.0, RATE_RAD_S)
    assert isinstance(late, str)
    assert "0 were found" in late
    nothing = tuple(row for row in case.channels if row.measures != "momentum")
    assert push_sites(replace(case, channels=nothing), stack, hole, ONSET_S, RATE_RAD_S) == (None, ())
    wrong = case.loop().model_copy(update={"carriers": ("soyuz.radiatr",)})
    with pytest.raises(RangeError, match="modules or parts of the shape file"):
        push_sites(replace(case, loops=(wrong,)), stack, hole, ONSET_S, RATE_RAD_S)


@pytest.mark.slow
def test_an_unloading_within_the_record_is_not_read_as_a_push(found: Findings, tmp_path: Path) -> None:
    made = make(tmp_path / "case")
    file = made.folder / "channels" / "gyros_simulated.csv"
    head, *rows = file.read_text().splitlines()
    cut = len(rows) * 2 // 3
    moved = [
        ",".join([row.split(",")[0], *(f"{float(x) - 3000.0:.3f}" for x in row.split(",")[1:])]) for row in rows[cut:]
    ]
    file.write_text("\n".join([head, *rows[:cut], *moved]) + "\n")
    assert found.hole is not None
    why = record_of(read_case(made.folder), made.stack, found.hole, ONSET_S, RATE_RAD_S)
    assert isinstance(why, str)
    assert "jumps" in why


def test_a_sound_case_with_momentum_has_no_problems(momentous: Momentous) -> None:
    assert problems_in(momentous.folder) == []


def test_check_reports_what_is_wrong_with_momentum(tmp_path: Path) -> None:
    three = [CHANNEL.format(axis=axis) for axis in "xyz"]
    three[0] = three[0].replace('component = "x"\n', "")
    three[1] = three[1].replace('unit = "N*m*s"', 'unit = "bar"')
    made = make(tmp_path / "case", "".join(three), 'carriers = ["soyuz.radiatr"]')
    toml = made.folder / "case.toml"
    text = toml.read_text()
    at = text.index("inertia_kg_m2 = [[")
    toml.write_text(text[:at] + "inertia_kg_m2 = [[0, 0, 0], [0, 0, 0], [0, 0, 0]]" + text[text.index("\n", at) :])
    said = {problem.key: problem for problem in problems_in(made.folder)}
    assert any(key.endswith(".component") for key in said)
    assert "convertible to N*m*s" in said["channel gyro_momentum_y.unit"].expected
    assert said["loop[0].carriers"].found.startswith("'soyuz.radiatr'")
    assert "doubted by 3 m" in said["vehicle.inertia_kg_m2"].remedy


def test_an_axis_that_is_missing_or_doubled_is_reported(tmp_path: Path) -> None:
    made = make(tmp_path / "case", CHANNEL.format(axis="x") + CHANNEL.format(axis="y") + CHANNEL.format(axis="y"))
    said = [problem.found for problem in problems_in(made.folder)]
    assert "'y' 2 times" in said
    assert "no momentum channel for z" in said
    with pytest.raises(CaseError, match="component"):
        read_case(make(tmp_path / "other", CHANNEL.format(axis="w")).folder)
