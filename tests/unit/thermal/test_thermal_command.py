"""Does `whipple thermal solve` answer in words and in JSON?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import whipple
from whipple.commands.thermal import app
from whipple.errors import CaseError

FILE = str(Path(whipple.__file__).parent / "cases" / "soyuz-ms22" / "network.toml")


def test_solve_in_json_and_words() -> None:
    run = CliRunner().invoke(app, ["solve", FILE, "--hours", "2", "--json"])
    answer = json.loads(run.stdout)
    assert len(answer["temperature_K"]) == 25
    assert len(answer["temperature_K"][0]) == len(answer["nodes"])
    words = CliRunner().invoke(app, ["solve", FILE, "--steady", "--equipment", "docked_off"]).stdout
    assert "om_air" in words
    assert "steady" in words


def test_an_absent_file_is_a_case_error() -> None:
    with pytest.raises(CaseError, match="no such file"):
        CliRunner().invoke(app, ["solve", "nowhere.toml"], catch_exceptions=False)
