"""State and announcements on a real water loop (SKAB), protocol of telemetry.md 3.2, settings chosen with the category left out.

What was asked is asserted as asked; what is not reached is marked so, with the reason. docs/measured/telemetry_skab.md has every figure.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
SKAB = ROOT.parent / "shared" / "data" / "skab"


@pytest.fixture(scope="module")
def study() -> Iterator[SimpleNamespace]:
    """The parts of builders/study_skab.py."""
    sys.path.insert(0, str(ROOT / "builders"))
    yield SimpleNamespace(
        **{name: importlib.import_module(f"skab.{name}") for name in ("protocol", "choice", "rivals")}
    )
    sys.path.remove(str(ROOT / "builders"))


@pytest.fixture(scope="module")
def runs(study: SimpleNamespace) -> list:
    if not SKAB.is_dir():
        pytest.skip("../shared/data/skab is absent: real data never enters the project")
    return study.protocol.read_runs(SKAB)


@pytest.fixture(scope="module")
def chosen(study: SimpleNamespace, runs: list) -> dict:
    """Settings of the state for each category, chosen on the other two and on the file without labels."""
    quiet = study.protocol.parts(study.protocol.read_quiet(SKAB), 1150)
    number = study.choice.chosen_states(runs, study.choice.state_table(runs), study.choice.state_table(quiet))
    return {kind: study.choice.STATES[i] for kind, i in number.items()}


def scored(study: SimpleNamespace, runs: list, chosen: dict, crop: int = 0) -> tuple[float, float, dict[str, float]]:
    """Pooled F1, false-alarm rate, and F1 of each category."""
    short = [study.protocol.cropped(run, crop) for run in runs]
    table = study.protocol.counts(short, [study.choice.states([run], chosen[run.kind])[0] for run in short])
    f1, far = study.protocol.f1_far(table)
    kinds = np.array([run.kind for run in runs])
    return float(f1), float(far), {k: float(study.protocol.f1_far(table[kinds == k])[0]) for k in study.protocol.KINDS}


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "printed"), [("valve", 0.89), ("rotor", 0.47)])
def test_the_sheets_sum_of_the_flow(kind: str, printed: float, study: SimpleNamespace, runs: list, authority) -> None:
    """Its leak row (0.90) and its pooled row (0.818) cannot be asked: 11 of their 34 files are not shared."""
    own = [run for run in runs if run.kind == kind]
    ours = float(study.protocol.f1_far(study.protocol.counts(own, study.rivals.flow_sum(own)))[0])
    authority(
        "telemetry", f"SKAB, F1 of the flow sum k 1, h 10, {kind} files", ours, printed, atol=0.01,
        source="telemetry.md section 4, row CUSUM flow (k 1, h 10)", why="printed to two digits",
    )  # fmt: skip


@pytest.mark.slow
def test_leak_runs_beat_the_sheets_best_by_far(study: SimpleNamespace, runs: list, chosen: dict) -> None:
    """0.92 was set beside that sum's 0.90 on all leak runs of SKAB; on the two that are shared it reaches 0.68."""
    own = [run for run in runs if run.kind == "leak"]
    theirs = float(study.protocol.f1_far(study.protocol.counts(own, study.rivals.flow_sum(own)))[0])
    assert scored(study, runs, chosen)[2]["leak"] > theirs + 0.15


def made_up(study: SimpleNamespace) -> object:
    """A run with changepoints at 500 s and 530 s: the second window begins where the first ends."""
    t_s, marks = np.arange(1000.0), np.zeros(1000, bool)
    marks[[500, 530]] = True
    return study.protocol.Run("made up", "leak", t_s, np.zeros((1000, 3)), np.zeros(1000, bool), marks)


def test_the_scorer_gives_a_perfect_score_none_and_a_miss_as_defined(study: SimpleNamespace, authority) -> None:
    run, nab = made_up(study), study.protocol.nab
    source = "telemetry.md 3.2: 100 = perfect, 0 = silent, tanh from 1 to A_fp over the window"
    for what, said, printed in (("perfect", [500.0, 560.0 + 1e-9], 100.0), ("silent", [], 0.0)):
        ours = nab([run], [np.array(said)])[0]
        authority(
            "telemetry", f"NAB score, {what}", ours, printed, source=source, why="definition; float rounding", atol=1e-6
        )
    # one hit at the end of its window is worth A_fp = -0.11, the other is missed: 100 (-0.11 - 1 + 2)/(2 + 2)
    ours = nab([run], [np.array([560.0])])[0]
    authority(
        "telemetry",
        "NAB score, one hit at the window's end",
        ours,
        100 * 0.89 / 4,
        source=source,
        why="definition",
        atol=1e-6,
    )
    assert nab([run], [np.array([450.0])]) == (pytest.approx(100 * -0.11 / 4), 2, 1)


@pytest.mark.slow
def test_state_with_the_category_left_out(study: SimpleNamespace, runs: list, chosen: dict) -> None:
    f1, far, _ = scored(study, runs, chosen)
    assert f1 >= 0.85
    assert far <= 0.12


@pytest.mark.slow
def test_no_position_cue(study: SimpleNamespace, runs: list, chosen: dict) -> None:
    whole = scored(study, runs, chosen)[0]
    for crop in (50, 100, 150):
        assert abs(scored(study, runs, chosen, crop)[0] - whole) <= 0.02


@pytest.mark.slow
@pytest.mark.xfail(
    strict=True,
    reason="0.88: two files (the sheet's sum: 0.68); in other/1 it moves 31 rows after the label, in other/2 back 40 s before the label ends",
)
def test_leak_runs(study: SimpleNamespace, runs: list, chosen: dict) -> None:
    assert scored(study, runs, chosen)[2]["leak"] >= 0.92


@pytest.mark.slow
def test_announcements_with_the_category_left_out(study: SimpleNamespace, runs: list) -> None:
    tried = [study.choice.announced(runs, told) for told in study.choice.ANNOUNCEMENTS]
    number = study.choice.chosen_announcements(runs, tried)
    said = [tried[number[run.kind]][i] for i, run in enumerate(runs)]
    score = study.protocol.nab(runs, said)[0]
    assert score >= 55, "the goal; asked is 45"
    alone, hours = study.protocol.quiet_announcements(runs, said)
    assert alone / hours <= 6, "few words on quiet rows"
    assert study.rivals.skill(score, study.rivals.as_many_at_random(runs, said)) >= 0.45, (
        "far better than as many at random"
    )


@pytest.mark.slow
def test_a_metronome_beats_every_method_of_the_board(study: SimpleNamespace, runs: list) -> None:
    """A finding about the board, kept so that nobody mistakes many announcements for skill."""
    scores = [study.protocol.nab(runs, study.rivals.metronome(runs, 30.0, phase / 6))[0] for phase in range(6)]
    best_of_the_sheet = 42.4
    assert np.mean(scores) > best_of_the_sheet
