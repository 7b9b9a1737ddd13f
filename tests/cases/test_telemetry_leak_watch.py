"""A few simulated loops with a slow leak: seen in time, dated, sized; quiet loops stay quiet. The large study is builders/study_telemetry.py."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest

from whipple.telemetry.loop_watch import leak_limit_nat
from whipple.telemetry.simulate import Leak, Plant

pytestmark = pytest.mark.slow
LOOPS, PERCENT = 12, 0.1


@pytest.fixture(scope="module")
def study():
    path = Path(__file__).parents[2] / "builders" / "study_telemetry.py"
    spec = importlib.util.spec_from_file_location("telemetry_study", path)
    made = importlib.util.module_from_spec(spec)
    sys.modules["telemetry_study"] = made
    spec.loader.exec_module(made)
    return made


def test_slow_leaks_are_seen_dated_and_sized(study) -> None:
    rng = np.random.default_rng(77)
    onset = 86400 + rng.uniform(3600, 7200, LOOPS)
    rate = Plant().inventory_kg * PERCENT / 100 / 3600
    rows = [study.learned(90000 + i, 1 + 3.2 / 24, Leak(onset[i], rate)) for i in range(LOOPS)]
    said, t_s = study.watch(rows), rows[0][0].t_s[study.LEARN :]
    scores, delays = [], []
    for i in range(LOOPS):
        over = np.flatnonzero((said["level_nat"][i] > leak_limit_nat(30.0)) & (t_s >= onset[i]))
        delays.append((t_s[over[0]] - onset[i]) / 60)
        scores.append(study.score(rows[i], said, i, (over[0], over[0] + 300), (onset[i], PERCENT)))
    scores = np.array(scores)
    assert np.median(delays) < 12.0  # 9.7 over 250 loops; the median of 12 scatters by 0.6
    assert scores[:, 0].sum() >= 8  # 90 % intervals: fewer than 8 of 12 has a chance of 0.004
    assert scores[:, 3].sum() >= 9  # 95 % intervals: fewer than 9 of 12 has a chance of 0.002
    assert np.median(scores[:, 1]) < 4.0


def test_quiet_loops_stay_quiet(study) -> None:
    level = study.watch([study.learned(91000 + i, 1.4) for i in range(6)])["level_nat"]
    assert sum(study.count_alarms(row, leak_limit_nat(30.0)) for row in level) <= 2  # 2.4 days: 0.1 expected
