"""A part of an investigation does not overwrite a whole one, and facts of the template are said to be an example."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from whipple.cli import app
from whipple.commands.investigating import _example_count, _keep_whole
from whipple.errors import RangeError


def test_a_part_may_not_take_the_place_of_a_fuller_result(tmp_path: Path) -> None:
    _keep_whole(tmp_path, frozenset({"leak"}))
    (tmp_path / "findings.json").write_text(json.dumps({"hole": {"diameter_m": 1}, "verdict": {"decided": True}}))
    with pytest.raises(RangeError, match="answers of attribution"):
        _keep_whole(tmp_path, frozenset({"leak"}))
    _keep_whole(tmp_path, frozenset({"leak", "attribution"}))


def test_lines_that_still_cite_the_example_are_counted(tmp_path: Path) -> None:
    (tmp_path / "case.toml").write_text(
        'source = "example"\n# source = "example"\nx = { is = 1, source = "example" }\n'
    )
    assert _example_count(SimpleNamespace(path=lambda name: tmp_path / name)) == 2


@pytest.mark.slow
def test_the_example_of_the_template_decides_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It runs at once, says first that it is an example, and tells neither an impact nor a failure from made-up values."""
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(app, ["new", "mine"]).exit_code == 0
    answered = CliRunner().invoke(app, ["investigate", "mine", "--only", "attribution"])
    assert answered.exit_code == 4
    assert answered.stdout.startswith("EXAMPLE: ")
    assert "Verdict  Undetermined: " in answered.stdout
    causes = json.loads((tmp_path / "mine" / "out" / "findings.json").read_text())["verdict"]["hypotheses"]
    assert max(cause["posterior_prob"]["median"] for cause in causes) < 0.6
    hardware = next(cause for cause in causes if cause["hypothesis"] == "hardware")
    assert 0.3 < hardware["posterior_prob"]["median"] < 0.7
