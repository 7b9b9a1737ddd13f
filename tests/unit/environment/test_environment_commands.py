"""`whipple environment` from the shell."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from whipple.commands.environment import app
from whipple.errors import RangeError

ISS = str(Path(__file__).parents[3] / "src/whipple/cases/soyuz-ms22/iss.tle")
TIME = ["--tle", ISS, "--at", "2022-12-15T00:45Z"]


def run(*words: str):
    return CliRunner().invoke(app, list(words), catch_exceptions=False)


def test_showers_as_json_keep_stdout_clean():
    result = run("showers", *TIME, "--orbits", "4", "--json")
    answer = json.loads(result.stdout)
    assert [row["code"] for row in answer["showers"]] == ["GEM", "HYD", "MON", "COM"]
    assert answer["beta_rad"] == pytest.approx(-1.2552, abs=1e-3)
    assert "not used: " in result.stderr


def test_showers_for_people():
    result = run("showers", *TIME)
    assert "Geminids" in result.stdout
    assert "beta -71.92" in result.stdout


def test_a_burn_named_on_the_command_line_changes_the_reasons():
    result = run("showers", *TIME, "--manoeuvre", "2022-12-21", "--json")
    assert "after the manoeuvre" in " ".join(json.loads(result.stdout)["rejected"])


def test_flux_by_mass():
    small, large = (json.loads(run("flux", *TIME, "--mass", mass, "--json").stdout) for mass in ("1e-6 g", "1e-4 g"))
    assert small["streams"][0]["cross_section_per_m2_s"] > 50 * large["streams"][0]["cross_section_per_m2_s"]
    assert "sporadic" in run("flux", *TIME).stdout


def test_grun_for_people_and_machines():
    assert "1.488" in run("grun", "--mass", "1e-6 g").stdout
    assert json.loads(run("grun", "--mass", "1 mg", "--json").stdout)["rows"][0]["mass_kg"] == 1e-6


@pytest.mark.parametrize("words", [("showers", "--tle", ISS, "--at", "yesterday"), ("flux", *TIME, "--mass", "5 kg")])
def test_bad_input_is_refused_in_words(words):
    with pytest.raises(RangeError, match="expected"):
        run(*words)


def test_a_file_with_several_objects_needs_a_number(tmp_path):
    from whipple.physics.read_elements import checksum

    one = [line for line in Path(ISS).read_text().splitlines() if line.startswith(("1 2", "2 2"))][2:4]
    other = [line[:2] + "25545" + line[7:68] for line in one]
    both = tmp_path / "two.tle"
    both.write_text("\n".join([*one, *(f"{line}{checksum(line)}" for line in other)]) + "\n")
    words = ("showers", "--tle", str(both), "--at", "2022-12-15T00:45Z", "--json")
    with pytest.raises(RangeError, match="--number 25544"):
        run(*words)
    assert json.loads(run(*words, "--number", "25544").stdout)["rejected"] == []
