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
