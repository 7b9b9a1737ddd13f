"""The headline case from end to end: what it must say, that it resumes, and that the same inputs give the same bytes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from whipple.casefile.findings import Findings
from whipple.casefile.read_case import read_case
from whipple.commands.folders import BUNDLED
from whipple.investigation import ROOMS, SLOTS, investigate

pytestmark = pytest.mark.slow


def start(out: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "whipple", "investigate", "soyuz-ms22", "--out", str(out)]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ | {"NO_COLOR": "1"}
    )


@pytest.fixture(scope="module")
def found() -> Findings:
    """The findings of the bundled case."""
    return investigate(read_case(BUNDLED / "soyuz-ms22"))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """An uninterrupted run: its folder, stdout and stderr."""
    out = tmp_path_factory.mktemp("whole")
    run = start(out)
    stdout, stderr = run.communicate()
    assert run.returncode in (0, 4), stderr
    return out, stdout, stderr


def test_every_room_answers(found: Findings) -> None:
    for slot in SLOTS.values():
        assert getattr(found, slot).headline.endswith("."), slot


def test_the_shower_is_excluded_by_direction_in_words(found: Findings) -> None:
    assert found.verdict is not None
    geminids = next(row for row in found.verdict.excluded if row.hypothesis == "shower:GEM")
    assert "direction" in geminids.why
    assert "port" in geminids.why
    assert geminids.what_would_change_it
    assert next(row for row in found.verdict.hypotheses if row.hypothesis == "shower:GEM").posterior_prob.high < 0.05


def test_posteriors_add_up(found: Findings) -> None:
    assert found.verdict is not None
    assert sum(row.posterior_prob.median for row in found.verdict.hypotheses) == pytest.approx(1.0, abs=1e-6)
    assert all(0 <= row.posterior_prob.low <= row.posterior_prob.high <= 1 for row in found.verdict.hypotheses)


def test_simulated_input_is_called_so(found: Findings) -> None:
    assert found.onset is not None
    assert found.onset.simulated
    assert "simulated" in found.onset.headline
    assert all(channel.simulated for channel in found.onset.channels)
    assert found.pictures is not None
    assert found.pictures.simulated
    assert found.hole is not None
    assert found.hole.simulated


def test_the_truth_of_the_builder_is_found(found: Findings) -> None:
    """The channels and the picture were simulated with these values (builders/); the rooms must find them."""
    truth = _truth()
    assert found.onset is not None
    assert found.onset.onset_s is not None
    assert found.onset.onset_s.low <= truth["onset_s"] <= found.onset.onset_s.high
    assert found.hole is not None
    assert found.hole.diameter_m is not None
    assert found.hole.diameter_m.low <= truth["hole_diameter_m"] <= found.hole.diameter_m.high


def _truth() -> dict[str, float]:
    import importlib.util

    spec = importlib.util.spec_from_file_location(
        "make_ms22_channels", Path(__file__).parents[2] / "builders" / "make_ms22_channels.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module: Any = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    truth = module.Truth()
    return {"onset_s": float(truth.onset_s), "hole_diameter_m": float(truth.hole_m)}


def test_a_room_alone_gives_the_same_answer(found: Findings) -> None:
    from whipple import leak

    alone = leak.size_hole(read_case(BUNDLED / "soyuz-ms22"), found.onset, found.pictures)
    assert found.hole is not None
    assert alone.diameter_m == found.hole.diameter_m


def test_the_run_says_the_verdict_and_where_the_report_is(whole: tuple[Path, str, str]) -> None:
    out, stdout, stderr = whole
    assert str(out / "report.html") in stdout.replace("\n", "")
    assert "poradic" in stdout
    assert all(room in stderr for room in ROOMS)
    assert (out / "arrays.nc").exists()
    page = (out / "report.html").read_bytes()
    assert len(page) < 6_000_000
    assert b"imulated" in page


def test_killed_anywhere_and_run_again_it_gives_the_same_bytes(whole: tuple[Path, str, str], tmp_path: Path) -> None:
    """Killed by signals spread over the run (SIGKILL and Ctrl-C in turn), then resumed until done."""
    reference = {name: (whole[0] / name).read_bytes() for name in ("findings.json", "report.html", "arrays.nc")}
    for i, wait in enumerate(np.linspace(0.8, 9.0, 5)):
        out = tmp_path / f"killed{i}"
        run = start(out)
        time.sleep(float(wait))
        run.send_signal(signal.SIGKILL if i % 2 else signal.SIGINT)
        run.communicate()
        if i % 2 == 0 and run.returncode not in (0, 4):
            assert run.returncode in (130, -signal.SIGINT)
        assert not (out / "findings.json").exists() or json.loads((out / "findings.json").read_text())
        again = start(out)
        _, stderr = again.communicate()
        assert again.returncode in (0, 4), stderr
        for name, content in reference.items():
            assert (out / name).read_bytes() == content, f"{name} differs after a kill at {wait:.1f} s"


def test_arrays_open_as_netcdf(whole: tuple[Path, str, str]) -> None:
    from scipy.io import netcdf_file

    with netcdf_file(str(whole[0] / "arrays.nc"), mmap=False) as store:
        assert store.variables["sky_direction_lvlh"].shape[1] == 3
        assert np.isfinite(store.variables["hole_history_pressure_Pa"][:]).all()
