"""ORDEM, MASTER, SATCAT: what is read, and what is refused with one clear error."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from whipple.casefile.findings.sky import Sky, Stream
from whipple.cli import main
from whipple.environment.catalogue_flux import catalogue_flux, from_elements, from_satcat
from whipple.environment.cloud_crossing import Ship
from whipple.environment.debris_imported import with_debris_of
from whipple.environment.grid import sky_grid
from whipple.environment.read_elements_catalogue import read_catalogue
from whipple.environment.read_master import read_master
from whipple.environment.read_ordem import ImportedFlux, read_ordem
from whipple.environment.read_satcat import read_satcat
from whipple.errors import CaseError, EvidenceError, RangeError

SIZES = [10 ** (-5 + k / 2) for k in range(11)]
TABLE = "\n".join(f"{size:.5e}  {3e-2 * (size / 1e-5) ** -2.5:.5e}" for size in SIZES) + "\n"
SHIP = Ship(6_378_137.0 + 415e3, np.radians(51.6))
SATCAT = "OBJECT_NAME,NORAD_CAT_ID,OBJECT_TYPE,DECAY_DATE,INCLINATION,APOGEE,PERIGEE,RCS,ORBIT_CENTER\n"


def write(tmp_path, name: str, text: str):
    path = tmp_path / name
    path.write_text(text)
    return path


def test_ordem_is_cumulative_and_a_bin_is_a_difference(tmp_path):
    table = read_ordem(write(tmp_path, "SIZEFLUX_SC.OUT", "size flux\n" + TABLE))
    assert len(table.size_m) == 11
    bin_flux = table.between(1e-4, 1e-3) * 3.15576e7
    assert bin_flux == pytest.approx(3e-2 * (10**-2.5 - 10**-5), rel=1e-4)
    with pytest.raises(RangeError, match="size"):
        table.between(1e-6, 1e-3)


@pytest.mark.parametrize("text", [TABLE[::1].replace("e-", "D-")])
def test_fortran_exponents(tmp_path, text):
    assert len(read_ordem(write(tmp_path, "SIZEFLUX_SC.OUT", text)).size_m) == 11


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (TABLE.replace(f"{3e-2:.5e}", "-1.0"), "flux -1"),
        ("\n".join(reversed(TABLE.splitlines()[:5])) + "\n1e-3 9.0\n", "cannot grow"),
        ("\n".join(TABLE.splitlines()[:6]), "cut short"),
        (TABLE[: len(TABLE) // 2 - 8], "cut short"),
        ("size flux\n", "table of sizes"),
        (TABLE + "2.0 nan\n", "flux nan"),
        ("1e-5 1 2\n1e-4 0.1 0.2\n", "columns"),
    ],
)
def test_a_wrong_ordem_table_is_refused(tmp_path, text, found):
    with pytest.raises(CaseError, match=found) as refused:
        read_ordem(write(tmp_path, "SIZEFLUX_SC.OUT", text))
    assert len(refused.value.problems) == 1


def test_an_ordem_igloo_is_refused_with_its_columns(tmp_path):
    path = write(tmp_path, "IGLOO_SC.OUT", "# az el vel FL_NK FL_LD\n0 0 1 2 3\n")
    with pytest.raises(CaseError, match="columns # az el vel FL_NK FL_LD"):
        read_ordem(path)


def test_master_total_with_d_exponents(tmp_path):
    text = "# diameter flux\n 1.0D-03 2.0D-02\n 1.0D-02 1.0D-04\n# Total flux in this spectrum is 2.01D-02 1/m^2/yr\n"
    spectrum = read_master(write(tmp_path, "x_d.dia", text))
    assert spectrum.total_per_m2_s * 3.15576e7 == pytest.approx(0.0201)
    assert spectrum.rows.shape == (2, 2)
    assert spectrum.header == ("# diameter flux",)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("# diameter flux\n 1.0D-03 2.0D-02\n", "columns # diameter flux"),
        ("1 2\n1 2 3\nTotal flux in this spectrum is 1.0 1/m^2/yr\n", "1 2 3"),
        ("1 -2\nTotal flux in this spectrum is 1.0 1/m^2/yr\n", "1 -2"),
        ("1 2\nTotal flux in this spectrum is -1.0 1/m^2/yr\n", "0 or more"),
        ("# azimuth elevation velocity flux\n", "columns # azimuth"),
    ],
)
def test_a_wrong_master_file_is_refused(tmp_path, text, found):
    with pytest.raises(CaseError, match=found):
        read_master(write(tmp_path, "x_d.dia", text))


def test_absent_files_are_named(tmp_path):
    for reader in (read_ordem, read_master, read_satcat):
        with pytest.raises(CaseError, match="absent"):
            reader(tmp_path / "absent.dia")


def test_satcat_leaves_out_what_has_come_down(tmp_path):
    rows = "A,1,PAY,,98,800,400,1.0,EA\nB,2,DEB,2020-01-01,98,800,400,0.1,EA\nC,3,DEB,,98,800,400,,EA\nD,4,PAY,,98,800,400,1,MO\n"
    objects = read_satcat(write(tmp_path, "satcat.csv", SATCAT + rows))
    assert [each.catalogue_number for each in objects] == [1, 3]
    assert objects[0].size_m == pytest.approx(np.sqrt(4 / np.pi))
    assert objects[1].size_m is None
    assert objects[0].eccentricity == pytest.approx(200e3 / (6_378_137 + 600e3))


@pytest.mark.parametrize(
    ("text", "found"),
    [("A,B\n1,2\n", "columns A, B"), (SATCAT, "no object"), (SATCAT + "A,1,PAY,,98,x,400,1,EA\n", "line 2")],
)
def test_a_wrong_satcat_is_refused(tmp_path, text, found):
    with pytest.raises(CaseError, match=found):
        read_satcat(write(tmp_path, "satcat.csv", text))


def test_small_objects_and_the_ship_are_left_out(tmp_path):
    rows = "A,1,DEB,,98,800,400,1.0,EA\nB,2,DEB,,98,800,400,0.001,EA\nC,3,DEB,,98,800,400,,EA\n"
    orbits = from_satcat(read_satcat(write(tmp_path, "satcat.csv", SATCAT + rows)))
    both = catalogue_flux(orbits, SHIP, sky_grid())
    one = catalogue_flux(orbits, SHIP, sky_grid(), size_if_unknown_m=0.05)
    assert (both.crossing_count, one.crossing_count) == (2, 1)
    assert both.cross_section.median == pytest.approx(2 * one.cross_section.median, rel=0.05)
    assert both.cross_section.low < both.cross_section.median < both.cross_section.high
    assert one.cross_section.high / one.cross_section.median > 4, "one object alone is little evidence"
    assert "of unknown size" in both.cross_section.caveats[0].text
    with pytest.raises(EvidenceError, match="crosses"):
        catalogue_flux(orbits.without([1, 2, 3]), SHIP, sky_grid())


def test_elements_give_the_mean_orbit_of_sgp4(shared_tle):
    orbits = from_elements(read_catalogue(shared_tle))
    assert len(orbits.axis_m) == 1, "the newest set of each object only"
    assert orbits.axis_m[0] - 6_378_137 == pytest.approx(418e3, abs=6e3)
    assert catalogue_flux(orbits, SHIP, sky_grid()).stream(1e-9, "debris").heavier_than(1e-9) == pytest.approx(1.0)


@pytest.fixture
def shared_tle():
    from pathlib import Path

    path = Path(__file__).parents[4] / "shared/data/orbits/iss.tle"
    if not path.exists():
        pytest.skip("../shared/data is absent")
    return path


def through_the_command_line(monkeypatch, capsys, *words: str) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of `whipple ...` as a user gets them."""
    monkeypatch.setattr("sys.argv", ["whipple", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr()
    return int(ended.value.code or 0), said.out, said.err


SPECTRUM = "# size flux\n 1.0D-03 2.0D-02\n 1.0D-02 1.0D-04\n# Total flux in this spectrum is 2.01D-02 1/m^2/yr\n"


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("SIZEFLUX_SC.OUT", "\n".join(TABLE.splitlines()[:6]), "cut short"),
        ("SIZEFLUX_SC.OUT", TABLE.replace(f"{3e-2:.5e}", "-1.0"), "flux -1"),
        ("SIZEFLUX_SC.OUT", "\n".join([*TABLE.splitlines()[:5], f"{SIZES[5]:.5e} 9.0", *TABLE.splitlines()[6:]]), "cannot grow"),
        ("SIZEFLUX_SC.OUT", TABLE + "2.0 nan\n", "flux nan"),
        ("SIZEFLUX_SC.OUT", "", "table of sizes"),
        ("IGLOO_SC.OUT", "# az el vel FL_NK FL_LD\n0 0 1 2 3\n", "az el vel FL_NK FL_LD"),
        ("BFLY_SC.OUT", "# angle flux\n0 1\n", "angle flux"),
        ("x_d.dia", SPECTRUM[: SPECTRUM.index("# Total")], "size flux"),
        ("x_d.dia", SPECTRUM.replace("2.01D-02", "-2.0D-02"), "-2.0D-02"),
        ("x_d.dia", SPECTRUM.replace("1.0D-04", "-1.0D-04"), "-1.0D-04"),
        ("stenvi.sei", "# altitude latitude size flux\n400 0 1 2\n", "altitude latitude size flux"),
    ],
)  # fmt: skip
def test_a_wrong_file_ends_in_one_clear_message_and_exit_code_3(tmp_path, monkeypatch, capsys, name, text, found):
    path = write(tmp_path, name, text)
    code, out, err = through_the_command_line(monkeypatch, capsys, "debris", "import", str(path))
    assert code == 3
    assert out == ""
    assert found in err
    assert name in err
    assert "try:" in err
    assert "Traceback" not in err
    assert len([line for line in err.splitlines() if "found" in line]) == 1


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("igloo_avg.txt", "# 1652 rows\n# 80 columns\n1 1 1 -90 -85 0 120 -86.47 60 1.0\n", "igloo_avg.txt"),
        ("cube_avg.txt", "# 80 rows of flux data\n", "cube_avg.txt"),
    ],
)
def test_a_wrong_mem_file_does_the_same(tmp_path, monkeypatch, capsys, name, text, found):
    path = write(tmp_path, name, text)
    words = ("environment", "mem-import", str(path), "--mass", "1e-6 g")
    code, out, err = through_the_command_line(monkeypatch, capsys, *words)
    assert code == 3
    assert out == ""
    assert found in err
    assert "try:" in err
    assert "Traceback" not in err


@pytest.fixture
def our_sky():
    """A sky of one meteoroid and one debris stream, on an orbit of 51.6 deg."""
    grid, one = sky_grid(), np.ones(1)
    flight = np.array([[0.0, 7.7e3 * np.cos(SHIP.inclination_rad), 7.7e3 * np.sin(SHIP.inclination_rad)]])
    orbit = SimpleNamespace(position_gcrs_m=np.array([[SHIP.radius_m, 0.0, 0.0]]), velocity_gcrs_m_s=flight)
    flux = np.zeros((len(grid.direction_lvlh), len(grid.speed_m_s)))
    streams = tuple(
        Stream(kind, kind, kind, flux, 1e-9, one, one, one, one, 2.0, (), ()) for kind in ("sporadic", "debris")
    )
    return Sky(orbit, grid.direction_lvlh, grid.solid_angle_sr, grid.speed_m_s, streams, (), one, one, "")


def test_imported_debris_stands_in_the_place_of_ours(tmp_path, our_sky):
    """Numbers by size are the table's to 1e-9, on a cross-section or on a plate; everything that is no debris stays."""
    table = read_ordem(write(tmp_path, "SIZEFLUX_SC.OUT", TABLE))
    across, plate = (with_debris_of(our_sky, table, meaning) for meaning in ("cross-section", "plate"))
    (stream,) = [each for each in across.streams if each.kind == "debris"]
    mass = 2800 * np.pi / 6 * np.array([1e-4, 1e-3, 1e-2]) ** 3
    asked = stream.flux_per_m2_s.sum() * stream.heavier_than(mass)
    assert asked * 3.15576e7 == pytest.approx(3e-2 * np.array([1e-4, 1e-3, 1e-2]) ** -2.5 * 1e-5**2.5, rel=1e-4)
    assert plate.streams[-1].flux_per_m2_s.sum() == pytest.approx(4 * stream.flux_per_m2_s.sum())
    kept = [each.name for each in our_sky.streams if each.kind != "debris"]
    assert [each.name for each in across.streams[:-1]] == kept
    assert "not public" in stream.caveats[0].text


def test_what_a_flux_is_per_must_be_said_and_the_table_must_reach_far_enough(tmp_path, our_sky):
    table = read_ordem(write(tmp_path, "SIZEFLUX_SC.OUT", TABLE))
    with pytest.raises(RangeError, match="'cross-section' or 'plate'"):
        with_debris_of(our_sky, table, "face")
    coarse = ImportedFlux(table.size_m[4:], table.flux_per_m2_s[4:], "ORDEM 3.x", "cut")
    with pytest.raises(CaseError, match=r"0.09 mm"):
        with_debris_of(our_sky, coarse, "plate")
