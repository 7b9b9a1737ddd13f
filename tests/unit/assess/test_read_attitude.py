"""The reader of attitude histories: conventions, frames, and every way a file can be wrong."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from whipple.casefile.read_attitude import read_attitude
from whipple.errors import CaseError
from whipple.physics.frames import body_from_lvlh

EPOCH = datetime(2022, 12, 15, 0, 45, tzinfo=UTC)
HALF = np.sqrt(0.5)


def aem(tmp_path: Path, rows: str, **meta: str) -> Path:
    keys = {
        "OBJECT_NAME": "TEST", "REF_FRAME_A": "LVLH_ROTATING", "REF_FRAME_B": "SC_BODY_1", "ATTITUDE_DIR": "A2B",
        "TIME_SYSTEM": "UTC", "ATTITUDE_TYPE": "QUATERNION", "QUATERNION_TYPE": "LAST",
    } | meta  # fmt: skip
    lines = [
        "CCSDS_AEM_VERS = 1.0",
        "COMMENT made by hand",
        "META_START",
        *(f"{k} = {v}" for k, v in keys.items() if v),
    ]
    path = tmp_path / "history.aem"
    path.write_text("\n".join([*lines, "META_STOP", "DATA_START", rows, "DATA_STOP", ""]))
    return path


def test_a_yaw_of_90_degrees_in_every_notation(tmp_path):
    """The nose looks starboard: LVLH to body is a turn of the frame about Z by 90 degrees."""
    wanted = body_from_lvlh(np.pi / 2, 0.0, 0.0)
    ways = [
        (f"2022-12-15T00:45:00 0 0 {HALF} {HALF}", {}),
        (f"2022-349T00:45:00Z {HALF} 0 0 {HALF}", {"QUATERNION_TYPE": "FIRST"}),
        (f"2022-12-15T00:45:00 0 0 {-HALF} {HALF}", {"ATTITUDE_DIR": "B2A"}),
        (f"2022-12-15T00:45:00 0 0 {-HALF} {HALF}", {"REF_FRAME_A": "SC_BODY_1", "REF_FRAME_B": "LVLH"}),
        ("2022-12-15T00:45:00 90 0 0", {"ATTITUDE_TYPE": "EULER_ANGLE", "EULER_ROT_SEQ": "321"}),
    ]
    for rows, meta in ways:
        history = read_attitude(aem(tmp_path, rows, **meta), EPOCH)
        assert history.frame == "lvlh"
        assert history.at(np.zeros(1))[0] == pytest.approx(wanted, abs=1e-9)


def test_yaw_pitch_roll_agree_with_the_named_attitude(tmp_path):
    rows = "2022-12-15T00:45:00 -4 -2 1"
    history = read_attitude(aem(tmp_path, rows, ATTITUDE_TYPE="EULER_ANGLE", EULER_ROT_SEQ="ZYX"), EPOCH)
    wanted = body_from_lvlh(*np.radians([-4.0, -2.0, 1.0]))
    assert history.at(np.zeros(1))[0] == pytest.approx(wanted, abs=1e-12)


def test_between_samples_the_turn_is_even_and_takes_the_shorter_arc(tmp_path):
    rows = f"2022-12-15T00:45:00 0 0 0 1\n2022-12-15T00:46:00 0 0 {-HALF} {-HALF}"
    history = read_attitude(aem(tmp_path, rows), EPOCH)
    assert history.at(np.array([30.0]))[0] == pytest.approx(body_from_lvlh(np.pi / 4, 0, 0), abs=1e-9)
    with pytest.raises(CaseError, match="cut short"):
        history.at(np.array([0.0, 61.0]))


BAD = {
    "no DATA_STOP": ({}, "2022-12-15T00:45:00 0 0 0 1", "cut short", True),
    "short line": ({}, "2022-12-15T00:45:00 0 0 1", "3 numbers", False),
    "unknown frame": ({"REF_FRAME_A": "B1950"}, "2022-12-15T00:45:00 0 0 0 1", "unknown frame B1950", False),
    "two bodies": ({"REF_FRAME_A": "SC_BODY_2"}, "2022-12-15T00:45:00 0 0 0 1", "SC_BODY_2 and SC_BODY_1", False),
    "time system": ({"TIME_SYSTEM": "TAI"}, "2022-12-15T00:45:00 0 0 0 1", "TAI, expected UTC", False),
    "spin": ({"ATTITUDE_TYPE": "SPIN"}, "2022-12-15T00:45:00 0 0 0 1", "SPIN", False),
    "norm": ({}, "2022-12-15T00:45:00 0 0 0 1.01", "norm", False),
    "backward": ({}, "2022-12-15T00:46:00 0 0 0 1\n2022-12-15T00:45:00 0 0 0 1", "do not rise", False),
    "no time": ({}, "noon 0 0 0 1", "a time and numbers", False),
    "no key": ({"TIME_SYSTEM": ""}, "2022-12-15T00:45:00 0 0 0 1", "TIME_SYSTEM", False),
    "order": ({"ATTITUDE_TYPE": "EULER_ANGLE"}, "2022-12-15T00:45:00 1 2 3", "EULER_ROT_SEQ", False),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_files_give_one_clear_error(tmp_path, name):
    meta, rows, said, cut = BAD[name]
    path = aem(tmp_path, rows, **meta)
    if cut:
        path.write_text(path.read_text().replace("DATA_STOP\n", ""))
    with pytest.raises(CaseError, match=said) as caught:
        read_attitude(path, EPOCH)
    assert len(caught.value.problems) == 1


def test_what_is_no_attitude_file_is_refused(tmp_path):
    (tmp_path / "x.aem").write_text("hello\n")
    with pytest.raises(CaseError, match="CCSDS_AEM_VERS"):
        read_attitude(tmp_path / "x.aem", EPOCH)
    with pytest.raises(CaseError, match="no readable"):
        read_attitude(tmp_path / "none.aem", EPOCH)


FRAMES_OF = {
    "EME2000": "held still among the stars",
    "RSW_ROTATING": "turned with the orbit about its normal",
}


@pytest.mark.parametrize("frame", FRAMES_OF)
def test_a_history_in_another_frame_goes_through_to_every_stretch(tmp_path, frame):
    """Body axes along the axes of the frame: each stretch must stand as the orbit says at its middle."""
    from dataclasses import replace

    import made_by_hand as hand

    from whipple.assessment import skies_of
    from whipple.casefile.tables.assess_table import AssessTable
    from whipple.exposure.read_plan import Plan
    from whipple.physics.frames import lvlh_from_gcrs

    rows = "2022-12-15T00:45:00 0 0 0 1\n2022-12-15T08:45:00 0 0 0 1"
    path = aem(tmp_path, rows, REF_FRAME_A=frame)
    case = hand.case()
    told = {"duration": "1 day", "positions": 3, "attitude_history": str(path)}
    sky = hand.sky_of_case()
    skies = skies_of(replace(case), Plan(assess=AssessTable.model_validate(told)), sky)
    assert skies.history
    assert len(skies.phases) == 3
    assert skies.attitude_ends == ()
    for phase in skies.phases:
        at = int(np.argmin(np.abs(sky.orbit.t_s - phase.t_s)))
        position, velocity = sky.orbit.position_gcrs_m[at], sky.orbit.velocity_gcrs_m_s[at]
        equinox, up = lvlh_from_gcrs(position, velocity)[0] @ np.array([1.0, 0, 0]), np.array([0.0, 0, -1.0])
        nose = equinox if frame == "EME2000" else up
        assert phase.body_from_lvlh @ nose == pytest.approx([1.0, 0, 0], abs=1e-9)
    still = len({tuple(phase.body_from_lvlh.round(3).ravel()) for phase in skies.phases})
    assert still == (3 if frame == "EME2000" else 1)


def test_a_turning_vehicle_is_struck_on_the_side_that_it_shows():
    """Half the time nose ahead, half the time yawed to starboard, in a beam from ahead: nose and port side share it."""
    import made_by_hand as hand

    one = hand.beam([1.0, 0.0, 0.0])
    turns = (np.eye(3), body_from_lvlh(np.pi / 2, 0.0, 0.0))
    risk = hand.assessed(hand.cube(), hand.skies(one, phases=[hand.phase([one], 0.5, turn=turn) for turn in turns]))
    normal, rate = hand.cube().surfaces.normal_body, risk.facets.strike_per_m2_s[0]
    assert risk.pose_count == 2
    for side in ([1, 0, 0], [0, -1, 0]):
        assert rate[normal @ side > 0.99] == pytest.approx(hand.FLUX * 100 / 2, rel=1e-6)
    assert rate[normal[:, 0] < -0.99].max() < 1e-12


def test_a_gap_across_which_the_vehicle_turns_is_not_bridged(tmp_path):
    """A gap is refused where the attitude turns across it inside the window; where it does not, or outside, it is bridged."""
    from types import SimpleNamespace

    from whipple.assessment.over_time import _refuse_gaps

    lines = "2022-12-15T00:45:00 0 0 0\n2022-12-15T00:55:00 0 0 0\n2022-12-15T03:45:00 {yaw} 0 0\n2022-12-15T08:45:00 {yaw} 0 0"
    for yaw, until_s, refused in ((90, 4 * 3600.0, True), (20, 4 * 3600.0, False), (90, 500.0, False)):
        path = aem(tmp_path, lines.format(yaw=yaw), ATTITUDE_TYPE="EULER_ANGLE", EULER_ROT_SEQ="ZYX")
        history, orbit = read_attitude(path, EPOCH), SimpleNamespace(t_s=np.array([0.0, until_s]))
        if refused:
            with pytest.raises(CaseError, match=r"from 10 to 180 min after the epoch, where it turns by 90°") as caught:
                _refuse_gaps(history, orbit)
            assert "fill the gap" in str(caught.value)
        else:
            _refuse_gaps(history, orbit)
