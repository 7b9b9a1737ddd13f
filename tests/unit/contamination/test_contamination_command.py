"""Do `whipple contamination film` and `droplet` answer in words and in JSON?"""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from whipple.commands.contamination import app
from whipple.errors import RangeError


def test_film_in_json_and_words() -> None:
    answer = json.loads(
        CliRunner().invoke(app, ["film", "--temperature", "200 K", "--thickness", "1 um", "--json"]).stdout
    )
    assert answer["film_life_s"] == pytest.approx(0.070, rel=0.02)
    assert "frozen film" in CliRunner().invoke(app, ["film", "--temperature", "-120 degC"]).stdout


def test_droplet_in_json_and_words() -> None:
    asked = ["droplet", "--diameter", "1 mm", "--flux", "200 W/m**2"]
    assert json.loads(CliRunner().invoke(app, [*asked, "--json"]).stdout)["life_s"] == pytest.approx(564, rel=0.02)
    assert "stays liquid" in CliRunner().invoke(app, asked).stdout


def test_a_missing_unit_is_refused() -> None:
    with pytest.raises(RangeError, match="write the unit"):
        CliRunner().invoke(app, ["film", "--temperature", "200"], catch_exceptions=False)


def test_column_in_json_and_words() -> None:
    asked = ["column", "--flow", "7 g/s", "--eye", "0 m, 0 m, 10 m"]
    answer = json.loads(CliRunner().invoke(app, [*asked, "--json"]).stdout)
    assert answer["column_per_m2"] == pytest.approx(3.44e19, rel=0.01)
    assert "34 times" in CliRunner().invoke(app, asked).stdout


@pytest.mark.parametrize(
    "more",
    [
        ["--eye", "0 m, 10 m"],
        ["--eye", "0 m, 0 m, 9 m", "--axis", "0, 0, 0"],
        ["--eye", "0 m, 0 m, 9 m", "--vapour", "2"],
    ],
)
def test_a_line_of_sight_that_makes_no_sense_is_refused(more: list[str]) -> None:
    with pytest.raises(RangeError, match="expected"):
        CliRunner().invoke(app, ["column", "--flow", "7 g/s", *more], catch_exceptions=False)


def test_breakup_in_json_and_words() -> None:
    asked = ["breakup", "--diameter", "0.8 mm", "--speed", "29.4 m/s"]
    answer = json.loads(CliRunner().invoke(app, [*asked, "--json"]).stdout)
    assert answer["weber"] == pytest.approx(2.5e4, rel=0.02)
    assert answer["shattered_prob"] == pytest.approx(0.5, abs=0.03)
    assert "chance 50 %" in CliRunner().invoke(app, asked).stdout
    with pytest.raises(RangeError, match="--diameter"):
        CliRunner().invoke(app, ["breakup", "--diameter", "0 mm", "--speed", "9 m/s"], catch_exceptions=False)
