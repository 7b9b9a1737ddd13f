"""`whipple check` on a folder with every kind of mistake: all in one pass, each with file, key, found, expected, try; exit 3."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from whipple.commands.checking import problems_in
from whipple.commands.folders import BUNDLED


def run(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "whipple", *arguments], capture_output=True, text=True, cwd=cwd, check=False
    )


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """The bundled case with one mistake of every kind."""
    folder = Path(shutil.copytree(BUNDLED / "soyuz-ms22", tmp_path / "broken", ignore=shutil.ignore_patterns("out")))
    text = (folder / "case.toml").read_text()
    for old, new in {
        'summary = "': 'sumary = "',  # a misspelt key
        'inventory = { is = "44 L"': 'inventory = { is = "44"',  # a missing unit
        'temperature = { is = "293 K"': 'temperature = { is = "293 m"',  # a wrong dimension
        'column = "loop_pressure_2_bar"': 'column = "loop_presure_2_bar"',  # no such column
        "scale_px = 151\n": "",  # an image without scale
        "epoch = 2022-12-15T00:45:00Z ": "epoch = 2023-06-15T00:45:00Z ",  # outside the validity of every set
    }.items():
        assert old in text, old
        text = text.replace(old, new, 1)
    (folder / "case.toml").write_text(text)
    elements = (folder / "iss.tle").read_text()
    assert "15.49996899373529" in elements
    (folder / "iss.tle").write_text(elements.replace("15.49996899373529", "15.49996899373520"))  # a bad checksum
    (folder / "open.stl").write_text(  # a mesh that is not closed
        "solid x\nfacet normal 0 0 1\nouter loop\nvertex 0 0 0\nvertex 1 0 0\nvertex 0 1 0\nendloop\nendfacet\nendsolid x\n"
    )
    vehicle = (folder / "vehicle.toml").read_text()
    mesh = (
        '\n[[mesh]]\nfile = "open.stl"\nname = "extra"\nmodule = "truss"\nunits = "m"\nhandedness = "right"\n'
        'axes = ["+x", "+y", "+z"]\nwall = "truss"\nsource = "iss-coarse-model"\n'
    )
    (folder / "vehicle.toml").write_text(vehicle + mesh)
    return folder


EXPECTED = [
    ("case.toml", "case.sumary", "summary"),
    ("case.toml", "loop[0].inventory", "44"),
    ("case.toml", "loop[0].temperature", "293 m"),
    ("channels/loop_simulated.csv", "loop_presure_2_bar", "loop_pressure_2_bar"),
    ("case.toml", "hole, rendered", "image without scale"),
    ("iss.tle", "line", "checksum"),
    ("iss.tle", "", "valid"),
    ("open.stl", "", "closed"),
]


def test_every_mistake_is_reported_in_one_pass(broken: Path) -> None:
    told = [str(problem) for problem in problems_in(broken)]
    for file, key, word in EXPECTED:
        hits = [line for line in told if Path(file).name in line and key in line and word in line]
        assert hits, f"{file} {key} {word} not among:\n" + "\n".join(told)
    assert all("found" in line and "expected" in line and "try:" in line for line in told)


@pytest.mark.slow
def test_check_exits_3_and_writes_nothing(broken: Path, tmp_path: Path) -> None:
    before = sorted(path for path in tmp_path.rglob("*"))
    answered = run("check", str(broken), "--json")
    assert answered.returncode == 3
    assert len(json.loads(answered.stdout)) >= len(EXPECTED)
    refused = run("investigate", str(broken), cwd=tmp_path)
    assert refused.returncode == 3
    assert refused.stdout == ""
    assert "Traceback" not in refused.stderr
    assert sorted(path for path in tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (None, "no such file"),
        ("clock,x\n0,1\n1,2\n", "no such column"),
        ("{header}\n", "0 usable samples"),
        ("", "the file is empty"),
    ],
)
def test_a_fault_that_channels_share_is_told_once(tmp_path: Path, rows: str | None, said: str) -> None:
    folder = Path(shutil.copytree(BUNDLED / "soyuz-ms22", tmp_path / "case", ignore=shutil.ignore_patterns("out")))
    file = folder / "channels" / "loop_simulated.csv"
    header = file.read_text().splitlines()[0]
    file.unlink()
    if rows is not None:
        file.write_text(rows.format(header=header))
    told = [p for p in problems_in(folder) if p.path == "channels/loop_simulated.csv" and said in p.found]
    assert len([p for p in told if p.key in {"", "time"}]) == 1, told
    assert len(set(told)) == len(told)


def test_the_bundled_cases_have_no_problem() -> None:
    assert problems_in(BUNDLED / "soyuz-ms22") == []
    assert problems_in(BUNDLED / "template") == []
