"""MEM 3 output in and out: layouts, units, axes, every reason to refuse a file, the round trip."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from whipple.casefile.findings.sky import Sky
from whipple.commands.environment_mem import app
from whipple.environment import fly, sky_along
from whipple.environment.faces import FACES_LVLH, cross_section_flux_per_m2_s, face_flux_per_m2_s, mean_speed_m_s
from whipple.environment.grid import sky_grid
from whipple.environment.imported import face_closure_ratio, mass_law, mem_streams, with_mem
from whipple.environment.mem_export import as_cube, as_igloo
from whipple.environment.mem_files import DirectionFile
from whipple.environment.mem_grid import igloo, lvlh_direction
from whipple.environment.read_mem import read_mem_file
from whipple.environment.read_mem_run import read_mem_run
from whipple.environment.write_igloo import write_cube, write_igloo, write_sky
from whipple.errors import CaseError, EvidenceError, RangeError
from whipple.physics.read_elements import read_elements

YEAR_S = 3.15576e7
EVENT = datetime(2022, 12, 15, 0, 45, tzinfo=UTC)
ISS = Path(__file__).parents[3] / "src/whipple/cases/soyuz-ms22/iss.tle"
SPEED = np.arange(500.0, 80e3, 1e3)


@cache
def sky() -> Sky:
    return sky_along(fly(read_elements(ISS), EVENT), EVENT)


def made(seed: int = 1, level: float = 1e-7, step_deg: float = 5.0) -> DirectionFile:
    """An igloo with flux in the upper half of the sky, most of it from ram."""
    cells = igloo(step_deg)
    up = np.maximum(np.sin(np.radians(cells.phi_deg)), 0) * (1.5 + np.cos(np.radians(cells.theta_deg)))
    flux = (
        up[:, None]
        * np.exp(-(((SPEED - 25e3) / 8e3) ** 2))
        * np.random.default_rng(seed).uniform(0.5, 1.5, (len(cells.band), 80))
    )
    return DirectionFile("x", "igloo", cells, SPEED, flux / flux.sum() * level)


BOTH = ("HiDensity", "LoDensity")


def results(
    folder: Path, *, exponent: int = -6, axes: str = "bo", level: float = 1e-7, names: tuple[str, ...] = BOTH
) -> Path:
    """A results folder, as MEM lays it out; a run of one population only is coarse."""
    for seed, name in enumerate(names):
        (folder / name).mkdir(parents=True)
        file = made(seed, level, 5.0 if names == BOTH else 15.0)
        write_igloo(file, folder / name / "igloo_avg.txt")
        write_cube(as_cube(file), folder / name / "cube_avg.txt")
    values = [
        "in put.txt",
        "ea",
        "ec",
        "a",
        "0",
        f"{exponent}",
        "y high fidelity",
        "out",
        "run",
        "ea",
        axes,
        "5",
        "1",
        "n",
        "y igloo files",
        "n",
    ]
    (folder / "options.txt").write_text("# comment\n# more\n" + "\n".join(values) + "\n")
    (folder / "log.txt").write_text(
        "Meteoroid Engineering Model (MEM) version 3.0.1\nExecution terminated successfully\n"
    )
    return folder


def spoiled(path: Path, tmp_path: Path, change) -> Path:
    bad = tmp_path / "bad.txt"
    bad.write_text(change(path.read_text()))
    return bad


@pytest.fixture(scope="module")
def run_folder(tmp_path_factory) -> Path:
    return results(tmp_path_factory.mktemp("mem") / "run")


@pytest.fixture(scope="module")
def coarse(tmp_path_factory) -> Path:
    """An igloo of 15 degrees: 184 rows to spoil."""
    path = tmp_path_factory.mktemp("coarse") / "igloo_avg.txt"
    write_igloo(made(step_deg=15.0), path)
    return path


def test_an_igloo_comes_back_as_it_was_written(tmp_path):
    file = made()
    write_igloo(file, tmp_path / "igloo_avg.txt")
    back = read_mem_file(tmp_path / "igloo_avg.txt")
    assert isinstance(back, DirectionFile)
    assert np.allclose(back.flux_per_m2_s, file.flux_per_m2_s, rtol=1e-9, atol=0)
    assert np.array_equal(back.speed_m_s, SPEED)
    assert np.abs(back.cells.phi_deg - file.cells.phi_deg).max() < 0.005


def test_the_text_is_laid_out_as_mem_does(tmp_path):
    write_igloo(made(), tmp_path / "a.txt")
    lines = (tmp_path / "a.txt").read_text().splitlines()
    assert lines[0] == "# 1652 rows of flux data"
    assert lines[1] == "# 80 columns of flux data"
    assert lines[7].split()[:13] == [
        "#",
        "ID",
        "I",
        "J",
        "PHI1",
        "PHI2",
        "THETA1",
        "THETA2",
        "PHIavg",
        "THETAavg",
        "0.5",
        "1.5",
        "2.5",
    ]
    assert lines[8].startswith("    1   1   1 -90.00 -85.00   0.00 120.00 -86.47  60.00 ")
    assert lines[8 + 12].startswith("   13   3   1 -80.00 -75.00   0.00  22.50 -77.26  11.25 ")
    assert lines[8 + 833].startswith("  834  19   8   0.00   5.00  35.00  40.00   2.50  37.50 ")


def test_a_flux_file_is_labelled_by_lower_edges(tmp_path):
    """36 x 72 cells: 1 /m2/yr from the cell above ram toward port at 10 to 11 km/s."""
    head = [
        "# 2592 rows of flux data",
        "# 80 columns of flux data",
        "#",
        "# numeric column labels give midpoint of speed range (km/s)",
    ]
    head.append("# PHI1 THETA1 " + " ".join(str(i) for i in range(80)))
    rows = []
    for phi in range(-90, 90, 5):
        for theta in range(0, 360, 5):
            values = ["1.0" if (phi, theta, i) == (0, 90, 10) else "0.0" for i in range(80)]
            rows.append(f"{phi:6d} {theta:6d} " + " ".join(values))
    (tmp_path / "flux_avg.txt").write_text("\n".join(head + rows) + "\n\n\n")
    file = read_mem_file(tmp_path / "flux_avg.txt")
    assert isinstance(file, DirectionFile)
    cell, column = np.argwhere(file.flux_per_m2_s > 0)[0]
    assert file.speed_m_s[column] == 10_500.0
    assert file.flux_per_m2_s.sum() * YEAR_S == pytest.approx(1.0)
    assert lvlh_direction(file.cells.phi_deg[cell], file.cells.theta_deg[cell])[1] < -0.99  # port is -Y in LVLH
    run = read_mem_run(tmp_path / "flux_avg.txt")
    (stream,) = mem_streams([run], sky_grid(), mass_kg=1e-9)
    assert face_flux_per_m2_s(sky(), stream, FACES_LVLH["port"]) * YEAR_S == pytest.approx(1.0, abs=0.01)
    assert face_flux_per_m2_s(sky(), stream, FACES_LVLH["starboard"]) == 0.0


def test_a_run_is_read_with_its_mass_axes_and_both_densities(run_folder):
    run = read_mem_run(run_folder)
    assert (run.mass_kg, run.axes) == (pytest.approx(1e-9), "bo")
    assert set(run.directions) == set(run.cubes) == {"HiDensity", "LoDensity"}
    high, low = mem_streams([run], sky_grid())
    assert high.density_kg_m3[0] > 3 * low.density_kg_m3[0]
    assert float(high.heavier_than(1e-9)) == pytest.approx(1.0, rel=1e-6)
    assert float(high.heavier_than(1e-8)) == pytest.approx(0.0985, rel=0.01)  # Gruen's law


def test_info_states_the_mass_when_options_are_gone(run_folder, tmp_path):
    one = tmp_path / "HiDensity"
    one.mkdir()
    (one / "igloo_avg.txt").write_text((run_folder / "HiDensity/igloo_avg.txt").read_text())
    assert read_mem_run(one).mass_kg is None
    (tmp_path / "info.txt").write_text("Limiting mass:        10^-4.5 grams\n")
    assert read_mem_run(one / "igloo_avg.txt").mass_kg == pytest.approx(10**-7.5)
    assert list(read_mem_run(one).directions) == ["HiDensity"]


def test_imported_flux_keeps_sphere_faces_and_speeds(run_folder):
    run = read_mem_run(run_folder)
    for name, stream in zip(run.directions, mem_streams([run], sky_grid()), strict=True):
        cube = run.cubes[name]
        assert cross_section_flux_per_m2_s(stream) == pytest.approx(cube.cross_section_per_m2_s, rel=1e-9)
        for index, face in enumerate(("ram", "wake", "port", "starboard", "zenith")):
            ours = face_flux_per_m2_s(sky(), stream, FACES_LVLH[face])
            assert ours == pytest.approx(cube.face_per_m2_s[index], rel=0.01)
        speed = float(run.directions[name].flux_per_m2_s.sum(axis=0) @ SPEED / cube.cross_section_per_m2_s)
        assert mean_speed_m_s(sky(), stream) == pytest.approx(speed, rel=1e-9)


def test_directions_and_cube_of_a_run_agree(run_folder):
    ratio = face_closure_ratio(read_mem_run(run_folder), "HiDensity")
    assert ratio["sphere"] == pytest.approx(1.0, rel=1e-9)
    assert all(value == pytest.approx(1.0, abs=0.01) for value in ratio.values())


def test_a_sky_with_imported_meteoroids_keeps_its_showers_and_debris(run_folder):
    streams = mem_streams([read_mem_run(run_folder)], sky_grid(), "stray")
    mixed = with_mem(sky(), streams)
    assert [stream.kind for stream in mixed.streams] == ["sporadic", "sporadic", *["shower"] * 4, "debris"]
    assert mixed.streams[0].hypothesis == "stray"
    assert "mem-sporadic" in [caveat.code for caveat in mixed.caveats]
    with pytest.raises(CaseError, match="cells"):
        with_mem(replace(sky(), speed_m_s=SPEED[:40]), streams)


def test_two_kilometre_bins_are_shared_out(tmp_path):
    wide = replace(
        made(), speed_m_s=np.arange(1e3, 80e3, 2e3), flux_per_m2_s=made().flux_per_m2_s.reshape(1652, 40, 2).sum(axis=2)
    )
    write_igloo(wide, tmp_path / "igloo_avg.txt")
    (stream,) = mem_streams([read_mem_run(tmp_path / "igloo_avg.txt")], sky_grid(), mass_kg=1e-9)
    by_speed = stream.flux_per_m2_s.sum(axis=0)
    assert np.allclose(by_speed[0::2], by_speed[1::2])
    assert by_speed.sum() == pytest.approx(1e-7, rel=1e-9)


def test_runs_at_several_masses_give_their_own_law(tmp_path):
    runs = [
        read_mem_run(results(tmp_path / f"run{i}", exponent=i, level=10.0 ** (-13 - i), names=BOTH[:1]))
        for i in (-5, -6, -4)
    ]
    first, (mass, masses, ratio) = mass_law(runs)
    assert first is runs[1]
    assert mass == pytest.approx(1e-9)
    assert masses == pytest.approx([1e-9, 1e-8, 1e-7])
    assert ratio == pytest.approx([1.0, 0.1, 0.01])
    stream = mem_streams(runs, sky_grid())[0]
    assert float(stream.heavier_than(3e-8)) == pytest.approx(1 / 30, rel=1e-3)


def test_a_flux_that_grows_with_mass_is_refused(tmp_path):
    runs = [
        read_mem_run(results(tmp_path / f"run{i}", exponent=i, level=10.0 ** (-7 + (i + 6)), names=BOTH[:1]))
        for i in (-6, -5)
    ]
    with pytest.raises(CaseError, match="fewer above a greater mass"):
        mass_law(runs)


def test_two_runs_of_one_mass_are_refused(run_folder):
    run = read_mem_run(run_folder)
    with pytest.raises(CaseError, match="cumulative flux"):
        mass_law([run, run])


def test_without_a_limiting_mass_nothing_is_assumed(run_folder):
    nameless = replace(read_mem_run(run_folder), mass_kg=None)
    with pytest.raises(EvidenceError, match="--mass"):
        mem_streams([nameless], sky_grid())


def test_a_cube_alone_has_no_directions(run_folder, tmp_path):
    (tmp_path / "cube_avg.txt").write_text((run_folder / "HiDensity/cube_avg.txt").read_text())
    with pytest.raises(EvidenceError, match="face fluxes, not directions"):
        mem_streams([read_mem_run(tmp_path)], sky_grid(), mass_kg=1e-9)


def test_axes_fixed_in_space_are_refused(tmp_path):
    run = read_mem_run(results(tmp_path / "run", axes="ec", names=BOTH[:1]))
    with pytest.raises(CaseError, match="body axes"):
        mem_streams([run], sky_grid())


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda text: text[: len(text) // 2], "cut short"),
        (lambda text: "\n".join(text.splitlines()[:100]), "92 rows of data, the file is cut short"),
        (
            lambda text: "\n".join(line.rsplit(" ", 1)[0] if line[0:1] == " " else line for line in text.splitlines()),
            "79 columns of flux",
        ),
        (lambda text: text.replace(" 0.000000000000e+00", " -1.000000000000e-03", 1), "a flux of -0.001"),
        (lambda text: text.replace(" 0.000000000000e+00", " nan", 1), "a flux of nan"),
        (lambda text: text.replace(" 0.000000000000e+00", " what", 1), "'what', expected a number"),
        (lambda text: text.replace("PHI1", "ALPHA"), "the columns ID I J ALPHA PHI2"),
        (lambda text: text.replace("  0.5  ", "  9.5  ", 1), "evenly rising speed bins"),
        (lambda text: text.replace("-90.00 -75.00", "-75.00 -90.00", 1), "edges do not rise"),
        (lambda text: text.replace("PHIavg THETAavg", "PHIavg THETAavg speed", 1), "speeds in km/s"),
        (lambda text: "\n".join(line for line in text.splitlines() if line.startswith("#")), "0 rows of data"),
        (lambda text: "plain words\n", "no column names"),
    ],
)
def test_a_spoiled_igloo_is_refused_in_words(coarse, tmp_path, change, words):
    with pytest.raises(CaseError, match=words):
        read_mem_file(spoiled(coarse, tmp_path, change))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda text: text[: len(text) // 2], "cut short"),
        (
            lambda text: text.replace("total cross-sectional flux  3", "total cross-sectional flux  0", 1),
            "above the cross-sectional",
        ),
        (lambda text: text.replace("# total flux", "# whole flux"), "expected 12 numbers"),
        (lambda text: text.replace("# 12 columns", "# 11 columns"), "11 as its second line says"),
        (lambda text: "\n".join(text.splitlines()[:20] + text.splitlines()[21:]), "79 rows of data"),
    ],
)
def test_a_spoiled_cube_is_refused_in_words(run_folder, tmp_path, change, words):
    with pytest.raises(CaseError, match=words):
        read_mem_file(spoiled(run_folder / "HiDensity/cube_avg.txt", tmp_path, change))


def test_a_cube_in_the_spacing_of_mem(tmp_path):
    """Header and totals of the public lunar run (environment sheet 5); all flux put into one speed bin."""
    totals = [6.113427e-01, 7.159980e-01, 2.155977e-01, 2.155317e-01, 1.288642e00, 4.918084e-04]
    totals += [1.279324e00, 9.343061e-01, 9.477182e-01, 1.444829e00, 2.062229e00, 1.476889e00]
    names = "     +x ram      -x wake      +y port -y starboard    +z zenith     -z nadir        Earth          Sun     anti-Sun"
    speeds = [23.84, 24.66, 20.19, 20.19, 24.27, 23.69, 24.26, 24.68, 24.68, 23.64, 24.28, 23.68]
    head = [
        "# 80 rows of flux data",
        "# 12 columns of flux data",
        "# ",
        "# total cross-sectional flux  2.153588e+00 /m^2/yr",
        "#",
    ]
    head.append("#                        " + names + "      rot (x)      rot (y)      rot (z) ")
    head.append("# average speed (km/s) " + "".join(f"{x:13.2f}" for x in speeds) + " ")
    head.append("# total flux (#/m2/yr)  " + " ".join(f"{x:.6e}" for x in totals) + " ")
    head.append("# velocity (km/s)")
    rows = [
        f"{i + 0.5:8.1f}" + " " * 15 + "".join(f" {x if i == 24 else 0:.6e}" for x in totals) + " " for i in range(80)
    ]
    (tmp_path / "cube_avg.txt").write_text("\n".join(head + rows) + "\n\n\n")
    run = read_mem_run(tmp_path)
    (cube,) = run.cubes.values()
    assert cube.cross_section_per_m2_s * YEAR_S == pytest.approx(2.153588)
    assert cube.face_per_m2_s[4] * YEAR_S == pytest.approx(1.288642)
    assert cube.face_speed_m_s[1] == pytest.approx(24_660.0)


def test_files_of_two_runs_in_one_folder_are_refused(run_folder, tmp_path):
    (tmp_path / "HiDensity").mkdir()
    write_igloo(made(level=2e-7), tmp_path / "HiDensity/igloo_avg.txt")
    (tmp_path / "HiDensity/cube_avg.txt").write_text((run_folder / "HiDensity/cube_avg.txt").read_text())
    with pytest.raises(CaseError, match="do not mix the files of two runs"):
        read_mem_run(tmp_path)


def test_a_cube_whose_columns_do_not_add_up_is_refused(run_folder, tmp_path):
    def swap(text: str) -> str:
        lines = text.splitlines()
        words = lines[40].split()
        lines[40] = " ".join([words[0], f"{float(words[1]) + 0.5:.6e}", *words[2:]])
        return "\n".join(lines)

    with pytest.raises(CaseError, match="ram column that does not add up"):
        read_mem_file(spoiled(run_folder / "HiDensity/cube_avg.txt", tmp_path, swap))


def test_cells_that_leave_a_hole_in_the_sky_are_refused(tmp_path):
    file = made()
    keep = np.arange(1652) < 1600
    cells = replace(file.cells, **{name: getattr(file.cells, name)[keep] for name in file.cells.__dataclass_fields__})
    write_igloo(replace(file, cells=cells, flux_per_m2_s=file.flux_per_m2_s[keep]), tmp_path / "a.txt")
    with pytest.raises(CaseError, match="of the sky"):
        read_mem_file(tmp_path / "a.txt")


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("log.txt", "MEM\nRun started\n", "did not end well"),
        ("options.txt", "# c\nea\n", "1 value lines, the file is cut short"),
        ("options.txt", "\n".join(["x"] * 5 + ["-9"] + ["x"] * 10), "logarithm of grams"),
        ("options.txt", "\n".join(["x"] * 5 + ["-6"] + ["x"] * 10), "line 11"),
    ],
)
def test_a_run_that_went_wrong_is_refused(run_folder, tmp_path, name, text, words):
    (tmp_path / "HiDensity").mkdir()
    (tmp_path / "HiDensity/cube_avg.txt").write_text((run_folder / "HiDensity/cube_avg.txt").read_text())
    (tmp_path / name).write_text(text)
    with pytest.raises(CaseError, match=words):
        read_mem_run(tmp_path)


def test_nothing_to_read_is_said(tmp_path):
    with pytest.raises(CaseError, match="HiDensity and LoDensity"):
        read_mem_run(tmp_path)
    with pytest.raises(CaseError, match="no such folder"):
        read_mem_run(tmp_path / "absent")
    with pytest.raises(CaseError, match="no such file"):
        read_mem_file(tmp_path / "absent.txt")


def test_our_sky_goes_out_and_comes_back_to_1e_9(tmp_path):
    streams = sky().streams[:2]
    folders = write_sky(replace(sky(), streams=streams), tmp_path)
    assert [folder.name for folder in folders] == ["sporadic-meteoroids", "geminids"]
    for stream, folder in zip(streams, folders, strict=True):
        run = read_mem_run(folder)
        (file,) = run.directions.values()
        written = as_igloo(sky(), stream).flux_per_m2_s
        assert np.allclose(file.flux_per_m2_s, written, rtol=1e-9, atol=0)
        assert file.flux_per_m2_s.sum() == pytest.approx(cross_section_flux_per_m2_s(stream), rel=1e-9)
        assert run.mass_kg == pytest.approx(stream.mass_reference_kg, rel=1e-9)
        (back,) = mem_streams([run], sky_grid())
        assert cross_section_flux_per_m2_s(back) == pytest.approx(cross_section_flux_per_m2_s(stream), rel=1e-9)
        for normal in FACES_LVLH.values():
            ours = face_flux_per_m2_s(sky(), stream, normal)
            assert face_flux_per_m2_s(sky(), back, normal) == pytest.approx(
                ours, rel=0.01, abs=0.01 * cross_section_flux_per_m2_s(stream)
            )
    assert "NOT output of MEM" in (folders[0] / "info.txt").read_text()


def test_a_sky_on_another_grid_cannot_be_exported():
    with pytest.raises(RangeError, match="igloo-export"):
        as_igloo(replace(sky(), direction_lvlh=sky().direction_lvlh[::-1]), sky().streams[0])


def invoke(*words: str):
    return CliRunner().invoke(app, list(words), catch_exceptions=False)


def test_import_for_people_and_machines(run_folder):
    text = invoke("mem-import", str(run_folder)).stdout
    assert "heavier than 1e-06 g; axes bo" in text
    assert "HiDensity" in text
    assert "igloo file against the cube: sphere 1.0000" in text
    answer = json.loads(invoke("mem-import", str(run_folder), "--json").stdout)
    faces = answer["runs"][0]["populations"][0]["faces"]
    assert faces["ram"]["flux_per_m2_s"] > faces["wake"]["flux_per_m2_s"] > faces["nadir"]["flux_per_m2_s"] == 0


def test_import_of_one_file_asks_for_the_mass(run_folder, tmp_path):
    (tmp_path / "igloo_avg.txt").write_text((run_folder / "HiDensity/igloo_avg.txt").read_text())
    assert "limiting mass not said" in invoke("mem-import", str(tmp_path / "igloo_avg.txt")).stdout
    assert "no cube beside it" in invoke("mem-import", str(tmp_path / "igloo_avg.txt"), "--mass", "1e-6 g").stdout


@pytest.mark.slow
def test_export_of_the_bundled_case(tmp_path):
    rows = json.loads(invoke("igloo-export", "soyuz-ms22", "--out", str(tmp_path / "igloo"), "--json").stdout)[
        "streams"
    ]
    assert {"sporadic meteoroids", "Geminids", "orbital debris"} <= {row["stream"] for row in rows}
    assert all((Path(row["folder"]) / "igloo_avg.txt").is_file() for row in rows)


@pytest.mark.parametrize("verb", ["mem-import", "igloo-export"])
def test_help_shows_an_example(verb):
    assert f"whipple environment {verb}" in " ".join(invoke(verb, "--help").stdout.split())
