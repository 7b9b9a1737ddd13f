"""`whipple debris` from the shell."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from whipple.commands.debris import app
from whipple.errors import CaseError, EvidenceError, RangeError

HEAD = "launch_date,peak_catalogued,peak_year,first_year_seen,median_altitude_km_at_peak,median_eccentricity,median_inclination_deg,object_class\n"
SATCAT = "OBJECT_NAME,NORAD_CAT_ID,OBJECT_TYPE,DECAY_DATE,INCLINATION,APOGEE,PERIGEE,RCS,ORBIT_CENTER\n"


def run(*words: str):
    return CliRunner().invoke(app, list(words), catch_exceptions=False)


@pytest.fixture
def inputs(tmp_path):
    events, solar = tmp_path / "events.csv", tmp_path / "f107.csv"
    events.write_text(HEAD + "1982-09-16,300,2022,2022,480,0.006,82.6,3\n2019-06-01,100,2022,2022,800,0.01,98,7\n")
    rows = "".join(f"{year},{month},120.0\n" for year in (2021, 2022) for month in range(1, 13))
    solar.write_text("year,month,f107_observed_sfu\n" + rows)
    return ["clouds", "--events", str(events), "--f107", str(solar), "--month", "2022-12", "--samples", "1000"]


@pytest.mark.parametrize("verb", ["breakup", "clouds", "flux", "small", "import"])
def test_help_shows_an_example(verb):
    assert f"whipple debris {verb}" in run(verb, "--help").stdout


def test_breakup_for_people_and_machines():
    assert "3.786e+05" in run("breakup").stdout
    answer = json.loads(
        run(
            "breakup",
            "--cause",
            "collision",
            "--target",
            "900 kg",
            "--projectile",
            "560 kg",
            "--speed",
            "11 km/s",
            "--json",
        ).stdout
    )
    assert answer["rows"][3]["larger_count"] == pytest.approx(1211, rel=5e-3)
    assert "not catastrophic" in run("breakup", "--cause", "collision", "--projectile", "1 g").stdout


@pytest.mark.parametrize(
    ("option", "value"), [("--target", "-900 kg"), ("--projectile", "0 kg"), ("--speed", "-1 km/s")]
)
def test_breakup_refuses_less_than_nothing_in_the_words_of_the_user(option, value):
    with pytest.raises(RangeError, match=f"{option} = {value}, expected more than 0"):
        run("breakup", "--cause", "collision", option, value)


def test_clouds_write_tensors_and_keep_stdout_clean(inputs, tmp_path):
    from whipple.environment.read_clouds import read_tensors

    out = tmp_path / "tensors.npz"
    result = run(*inputs, "--months", "2", "--members", "1", "--out", str(out), "--json")
    answer = json.loads(result.stdout)
    assert (
        answer["rows"][0]["cross_section_flux_per_m2_yr"]["high"]
        > answer["rows"][0]["cross_section_flux_per_m2_yr"]["median"]
    )
    assert "samples in flight" in result.stderr
    assert "member 1 of 1" in result.stderr
    assert len(read_tensors(out).month) == 2


def test_clouds_for_people(inputs):
    text = run(*inputs).stdout
    assert "1.00 mm" in text
    assert "hypothesis of the model" in text


def test_flux_of_a_satcat(tmp_path):
    path = tmp_path / "satcat.csv"
    path.write_text(SATCAT + "".join(f"X,{k},DEB,,{60 + k},800,400,1.0,EA\n" for k in range(1, 31)))
    answer = json.loads(run("flux", str(path), "--json").stdout)
    assert answer["crossing_count"] == 30
    assert answer["cross_section_flux_per_m2_yr"]["low"] < answer["cross_section_flux_per_m2_yr"]["median"]
    fewer = json.loads(run("flux", str(path), "--without", "1", "--json").stdout)
    assert fewer["crossing_count"] == 29
    assert "Tracked objects" in run("flux", str(path)).stdout


def test_small_debris_is_said_with_its_band():
    answer = json.loads(run("small", "--diameter", "0.3 mm", "--json").stdout)
    band = answer["plate_flux_per_m2_yr"]
    assert band["high"] / band["low"] > 100
    assert "factor" in run("small").stdout


def test_import(tmp_path):
    table = tmp_path / "SIZEFLUX_SC.OUT"
    table.write_text("".join(f"{10 ** (-5 + k / 2):.4e} {1e-2 * 10**-k:.4e}\n" for k in range(11)))
    assert len(json.loads(run("import", str(table), "--json").stdout)["rows"]) == 11
    spectrum = tmp_path / "x_d.dia"
    spectrum.write_text("1D-3 2D-2\nTotal flux in this spectrum is 2.0D-02 1/m^2/yr\n")
    assert json.loads(run("import", str(spectrum), "--json").stdout)["total_per_m2_yr"] == pytest.approx(0.02)
    assert "0.02" in run("import", str(spectrum)).stdout
    assert "ORDEM" in run("import", str(table)).stdout
    for path in (table, spectrum):
        assert "no number here stands alone" in json.loads(run("import", str(path), "--json").stdout)["caveats"][0]
        assert "no number here stands alone" in run("import", str(path)).stdout


@pytest.mark.parametrize(
    "words",
    [
        ("breakup", "--cause", "melting"),
        ("small", "--diameter", "5 mm"),
        ("small", "--altitude", "5 km"),
        ("small", "--altitude", "5000 km"),
        ("small", "--inclination", "200 deg"),
        ("flux", "absent.tle", "--size", "-1 cm"),
    ],
)
def test_bad_input_is_refused_in_words(words):
    with pytest.raises(RangeError, match="expected"):
        run(*words)


def test_no_sample_met_is_unknown_and_never_zero(inputs):
    """At 36 000 km no fragment of these clouds comes by: that is no flux of 0 (0 to 0)."""
    far = [*inputs, "--altitude", "36000 km"]
    rows = json.loads(run(*far, "--json").stdout)["rows"]
    assert all(row["cross_section_flux_per_m2_yr"] is None for row in rows)
    text = run(*far).stdout
    assert "no sample met the ship" in text
    assert "0.00e+00" not in text


def test_clouds_hold_the_published_models_in_their_interval_and_say_how_they_were_counted(inputs):
    """NASA91 above 1 mm must not lie outside what is said of debris below 1 cm; anchoring travels with the number."""
    answer = json.loads(run(*inputs, "--json").stdout)
    low, high = (answer["rows"][0]["cross_section_flux_per_m2_yr"][key] for key in ("low", "high"))
    assert high / low > 25**1.645
    assert any("1.3 times its largest catalogued number" in text for text in answer["caveats"])
    born = json.loads(run(*inputs, "--as-born", "--json").stdout)
    assert any("begins with" in text for text in born["caveats"])


def test_objects_taken_as_too_small_are_named_as_the_reason(tmp_path):
    path = tmp_path / "satcat.csv"
    path.write_text(SATCAT + "".join(f"X,{k},DEB,,{60 + k},800,400,,EA\n" for k in range(1, 31)))
    with pytest.raises(EvidenceError, match="30 smaller than 10 cm"):
        run("flux", str(path), "--size", "5 cm")


def test_a_row_cut_short_is_shown_as_it_stands(inputs, tmp_path):
    cut = tmp_path / "cut.csv"
    cut.write_text(HEAD + "1982-09-16,300,2022,2022,480,0.006,82.6,3\n2019-06-01,100,20")
    inputs[inputs.index("--events") + 1] = str(cut)
    with pytest.raises(CaseError, match=r"line 3.*2019-06-01, 100, 20, nothing") as caught:
        run(*inputs)
    assert "literal" not in str(caught.value)


def test_small_debris_says_which_sun_and_both_kinds_of_flux():
    answer = json.loads(run("small", "--year", "2050", "--json").stdout)
    assert any("typical Sun" in text for text in answer["caveats"])
    assert answer["cross_section_flux_per_m2_yr"]["median"] == pytest.approx(
        4 * answer["plate_flux_per_m2_yr"]["median"]
    )
    assert "cross-section" in run("small").stdout


def test_a_bad_month_is_refused(inputs):
    inputs[inputs.index("2022-12")] = "december"
    with pytest.raises(RangeError, match="2022-12"):
        run(*inputs)


def test_an_igloo_file_is_refused(tmp_path):
    path = tmp_path / "IGLOO_SC.OUT"
    path.write_text("az el v flux\n1 2 3 4\n")
    with pytest.raises(CaseError, match="az el v flux"):
        run("import", str(path))


@pytest.mark.parametrize(
    ("words", "unheard"),
    [
        (["--scale", "0.5", "--cause", "collision"], "--scale 0.5"),
        (["--target", "900 kg", "--speed", "7 km/s"], "--target 900 kg, --speed 7 km/s"),
    ],
)
def test_an_option_of_the_other_break_up_is_refused(words, unheard):
    with pytest.raises(RangeError, match=unheard):
        run("breakup", *words)


def test_months_that_would_not_be_written_are_refused(inputs):
    with pytest.raises(RangeError, match="only the last month is printed"):
        run(*inputs, "--months", "2")


def test_a_size_that_no_object_needs_is_refused_and_a_number_nobody_has_is_said(tmp_path):
    path = tmp_path / "satcat.csv"
    path.write_text(SATCAT + "".join(f"X,{k},DEB,,{60 + k},800,400,1.0,EA\n" for k in range(1, 31)))
    with pytest.raises(RangeError, match="--size 20 cm"):
        run("flux", str(path), "--size", "20 cm")
    assert "99: not in the catalogue" in run("flux", str(path), "--without", "99").stderr
