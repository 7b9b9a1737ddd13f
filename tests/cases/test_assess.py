"""The look ahead on the bundled case: against the investigation's own rates, with moving arrays, an attitude history, and in the open."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import whipple
from whipple.assessment import assess
from whipple.casefile.read_case import read_case
from whipple.environment import what_was_there
from whipple.errors import CaseError
from whipple.exposure import strike_rates
from whipple.exposure.chances import Counts, puncture_draws
from whipple.exposure.phases import Source
from whipple.impact import critical_diameter_m
from whipple.vehicle import build

MS22 = Path(whipple.__file__).parent / "cases" / "soyuz-ms22"
DAY = 86_400.0


@cache
def ms22():
    return assess(read_case(MS22), duration_s=DAY, positions=6)


@pytest.mark.slow
def test_one_day_agrees_with_the_rates_of_the_investigation():
    case = read_case(MS22)
    stack = build(case)
    known = strike_rates(case, stack, what_was_there(case), critical_diameter_m)
    risk = ms22()
    ours = {(row.part, row.source): row for row in risk.sources}
    for stream in ("sporadic meteoroids", "orbital debris"):
        rate = next(row for row in known.parts if (row.part, row.stream) == ("soyuz.radiator", stream))
        row = ours["soyuz.radiator", stream]
        assert row.strike_count.median / DAY == pytest.approx(rate.strike_per_s.median, rel=0.05)
        assert row.puncture_count.median / DAY == pytest.approx(rate.puncture_per_s.median, rel=0.05)
        assert row.strike_speed_m_s == pytest.approx(rate.mean_speed_m_s, rel=0.02)
    assert risk.total.none_prob.low < risk.total.none_prob.median < risk.total.none_prob.high
    assert {"level of orbital debris", "wall thickness", "level of sporadic meteoroids"} <= {
        d.name for d in risk.doubts[:4]
    }
    assert any(caveat.code == "arrays-fixed" for caveat in risk.caveats)


def moved_case(folder: Path, text: str, *, history: str = "") -> Path:
    shutil.copytree(MS22, folder)
    (folder / "assess.toml").write_text(text)
    if history:
        (folder / "history.aem").write_text(history)
    return folder


ARRAYS = """
[assess]
duration = "1 day"
positions = 6
[[moving]]
name = "port arrays"
parts = ["array.P*"]
axis = [0, 1, 0]
facing = [0, 1, 0.2]
step = "10 deg"
source = "iss-coarse-model"
[[wall]]
parts = ["array.*"]
material = "fibreglass"
thickness = "1 mm"
source = "iss-coarse-model"
[[acceptance]]
name = "radiator"
parts = ["soyuz.radiator"]
pnp = 0.9
source = "hb2009_214785"
"""


@pytest.mark.slow
def test_arrays_that_follow_the_sun(tmp_path):
    risk = assess(read_case(moved_case(tmp_path / "case", ARRAYS)))
    assert risk.pose_count > 1
    assert risk.joint_names == ("port arrays",)
    assert len(np.unique(risk.joint_angle_rad.round(6))) == risk.pose_count
    radiator = next(part for part in risk.parts if part.part == "soyuz.radiator")
    # from 65 536 draws, of which 4096 stay with the part
    assert risk.acceptance[0].met_prob == pytest.approx((radiator.none_prob.samples >= 0.9).mean(), abs=5e-3)
    assert any(caveat.code == "assess-moving" for caveat in risk.caveats)
    before = {row.part: row for row in ms22().parts}
    same = next(part for part in risk.parts if part.part == "nauka")
    assert same.strike_count.median == pytest.approx(before["nauka"].strike_count.median, rel=0.1)
    assert next(part for part in risk.parts if part.part == "array.P4_fore").none_prob is not None


def aem(start: str, stop: str) -> str:
    head = "CCSDS_AEM_VERS = 2.0\nMETA_START\nREF_FRAME_A = LVLH\nREF_FRAME_B = SC_BODY_1\nTIME_SYSTEM = UTC\n"
    head += "ATTITUDE_TYPE = EULER_ANGLE\nEULER_ROT_SEQ = ZYX\n"
    return f"{head}META_STOP\nDATA_START\n{start} -4 -2 1\n{stop} -4 -2 1\nDATA_STOP\n"


@pytest.mark.slow
def test_a_constant_history_is_the_named_attitude(tmp_path):
    text = '[assess]\nduration = "1 day"\npositions = 6\nattitude_history = "history.aem"\n'
    folder = moved_case(tmp_path / "case", text, history=aem("2022-12-15T00:45:00", "2022-12-15T08:00:00"))
    risk, plain = assess(read_case(folder)), ms22()
    ours, theirs = ({row.part: row.strike_count.median for row in found.parts} for found in (risk, plain))
    for part in ("soyuz.radiator", "nauka", "truss.centre"):
        assert ours[part] == pytest.approx(theirs[part], rel=0.03)
    assert not any(doubt.name == "attitude" for doubt in risk.doubts)
    short = moved_case(tmp_path / "short", text, history=aem("2022-12-15T00:45:00", "2022-12-15T01:00:00"))
    with pytest.raises(CaseError, match="cut short"):
        assess(read_case(short))


def test_a_wrong_plan_stops_before_anything_is_computed(tmp_path):
    folder = moved_case(tmp_path / "case", ARRAYS.replace("axis = [0, 1, 0]\n", ""))
    with pytest.raises(CaseError, match="the axis it turns about"):
        assess(read_case(folder), lambda *about: pytest.fail("no room may be asked"))


def test_intervals_hold_the_truth_as_often_as_they_say():
    """Truths drawn by other code from the same doubts: level, law, thickness; 90 % intervals hold 86 to 94 % of 2000 of them."""
    sources = (Source("a", "sporadic", (0,), 2.0), Source("b", "debris", (1,), 5.0))
    base, law, ends = (
        np.array([[0.02, 0.01]]),
        np.array([[[0.02, 0.05], [0.01, 0.03]]]),
        np.array([[[0.05, 0.01], [0.02, 0.004]]]),
    )
    counts = Counts(base, law, ends, np.ones((0, 2, 1)), np.array([2]), ("x | y",), ("w",), np.zeros(1))
    low, high = np.quantile(puncture_draws(counts, sources, np.random.default_rng(1))[:, 0], [0.05, 0.95])
    rng, held = np.random.default_rng(2), 0
    for _ in range(2000):
        level = [2.0 ** rng.normal(), 5.0 ** rng.normal()]
        which, z = rng.integers(2), rng.normal()
        end = 0 if z < 0 else 1
        thick = [(ends[0, s, end] / base[0, s]) ** (abs(z) / 1.6448536) for s in range(2)]
        held += low <= sum(law[0, s, which] * level[s] * thick[s] for s in range(2)) <= high
    assert 0.86 <= held / 2000 <= 0.94
