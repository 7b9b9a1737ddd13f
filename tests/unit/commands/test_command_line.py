"""The command line as people and scripts meet it: help with an example, --json, clean streams, exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import typer.main
from typer.testing import CliRunner

from whipple.casefile.estimate import Caveat, Estimate
from whipple.casefile.findings import Findings
from whipple.casefile.findings.push import Push
from whipple.casefile.write_findings import findings_json
from whipple.cli import app
from whipple.commands.investigating import _slot_with_answer
from whipple.commands.stored import flat

ELEMENTS = str(Path(__file__).parents[3] / "src/whipple/cases/soyuz-ms22/iss.tle")


def commands(command: Any, path: tuple[str, ...] = ()) -> list[tuple[tuple[str, ...], Any]]:
    """Every leaf command with its words."""
    children = getattr(command, "commands", {})
    if not children:
        return [(path, command)]
    return [leaf for name, child in children.items() for leaf in commands(child, (*path, name))]


LEAVES = commands(typer.main.get_command(app))


@pytest.mark.parametrize(("words", "command"), LEAVES, ids=lambda x: " ".join(x) if isinstance(x, tuple) else "")
def test_every_command_has_an_example_and_json(words: tuple[str, ...], command: Any) -> None:
    assert f"whipple {' '.join(words)}" in " ".join((command.help or "").split()), (
        "help shows an example that works as printed"
    )
    options = {name for option in command.params for name in option.opts}
    assert words == ("new",) or "--json" in options, "machines read --json"


def run(*words: str) -> Any:
    return CliRunner().invoke(app, list(words))


def finished(*words: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "whipple", *words], capture_output=True, text=True, cwd=cwd, check=False
    )


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """A folder with small findings."""
    force = Estimate(0.2, 0.1, 0.3, "N", models=("jet reaction",), caveats=(Caveat("thin", "few data"),))
    empty: Any = ()
    push = Push(force, empty, None, empty, None, (1.0,), 0.0, None, None, empty, empty, "pitch", "A push.")
    (tmp_path / "findings.json").write_bytes(findings_json(Findings("a", "b", 1, "", push=push)))
    return tmp_path


def test_explain_walks_from_a_number_to_its_models_and_caveats(results: Path) -> None:
    said = run("explain", str(results), "push.force_N").stdout
    for word in ("Did the stack feel it", "jet reaction", "few data", "0.2 N", "0.1 to 0.3"):
        assert word in said
    assert json.loads(run("explain", str(results), "push.force_N", "--json").stdout)["value"]["median"] == 0.2


def test_compare_shows_what_differs(results: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    other.write_text(
        (results / "findings.json").read_text().replace("A push.", "Another push.").replace("0.2,", "0.25,")
    )
    said = run("compare", str(results), str(other)).stdout
    assert "push.force_N\n  0.2 [0.1, 0.3] N\n  0.25 [0.1, 0.3] N\n1 slots differ" in said
    assert "push.headline" in run("compare", str(results), str(other), "--all").stdout


def test_laws_are_compared_by_their_names_whatever_the_size_they_were_asked_for() -> None:
    def laws(size: str, names: list[str]) -> dict[str, Any]:
        return flat({"laws": [{"law": law, "question": f"leaves a {size} hole", "x": law[0]} for law in names]})

    first, second = laws("0.78 mm", ["Maiden", "Cour-Palais"]), laws("12 mm", ["Cour-Palais", "Maiden"])
    assert first["laws.Maiden/leaves a hole.x"] == second["laws.Maiden/leaves a hole.x"] == "M"
    assert first.keys() == second.keys()


def test_the_next_step_walks_back_from_a_slot_that_has_an_answer(tmp_path: Path) -> None:
    cause = {"hypothesis": "debris", "posterior_prob": {"median": 0.7}}
    for hole, verdict, said in (
        ({"diameter_m": {"median": 8e-4}}, None, "hole.diameter_m"),
        ({"diameter_m": None}, {"hypotheses": [cause | {"hypothesis": "sporadic", "posterior_prob": {"median": 0.2}}, cause]},
         "verdict.hypotheses.debris.posterior_prob"),
        (None, None, "digest"),
    ):  # fmt: skip
        (tmp_path / "findings.json").write_text(json.dumps({"hole": hole, "verdict": verdict, "sky": None}))
        assert _slot_with_answer(str(tmp_path)) == said


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("explain", "{results}", "push.fore_N"), 2, "rename it to 'force_N'"),
        (("explain", "{results}/nowhere", "push"), 3, "no findings.json there"),
        (("investigate", "soyuz-ms23"), 3, "rename it to 'soyuz-ms22'"),
        (("investigate", "soyuz-ms22", "--only", "telemtry"), 3, "rename it to 'telemetry'"),
        (("investigate", "soyuz-ms22", "--as-of", "yesterday"), 3, "an ISO date"),
        (("models", "impct"), 3, "rename it to 'impact'"),
        (("environment", "showers", "--tle", "nowhere.tle", "--at", "2022-12-15T00:45Z"), 3, "nowhere.tle"),
        (("environment", "showers", "--tle", ELEMENTS, "--at", "2023-06-15T00:45Z"), 4, "element set"),
        (("impact", "limit", "--wall", "1", "--material", "6061-T6", "--speed", "7 km/s"), 2, "write the unit"),
        (("frobnicate",), 2, "No such command"),
    ],
)
@pytest.mark.slow
def test_a_mistake_ends_in_one_clear_message(words: tuple[str, ...], code: int, told: str, results: Path) -> None:
    answered = finished(*(word.replace("{results}", str(results)) for word in words))
    assert told in answered.stderr
    assert answered.returncode == code
    assert answered.stdout == ""
    assert "Traceback" not in answered.stderr


def test_new_never_overwrites(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    assert run("new", str(folder)).exit_code == 0
    assert run("check", str(folder)).exit_code == 0
    (folder / "case.toml").write_text("mine")
    assert run("new", str(folder)).exit_code != 0
    assert (folder / "case.toml").read_text() == "mine"


def test_catalogues() -> None:
    assert {"progress-ms21", "soyuz-ms22"} <= set(json.loads(run("cases", "--json").stdout))
    assert len(json.loads(run("rooms", "--json").stdout)) == 11
    rows = json.loads(run("models", "--json").stdout)
    assert {row["room"] for row in rows} >= {"environment", "impact", "leak"}
    assert all(row["source"] and row["grade"] for row in rows)


def test_showers_of_the_headline_case() -> None:
    rows = json.loads(run("environment", "showers", "--tle", ELEMENTS, "--at", "2022-12-15T00:45Z", "--json").stdout)
    gem = next(row for row in rows["showers"] if row["code"] == "GEM")
    assert gem["azimuth_rad"] == pytest.approx(np.radians(-63.2), abs=np.radians(1.5))
    assert rows["beta_rad"] == pytest.approx(np.radians(-71.92), abs=np.radians(0.05))
