"""Parts that follow the Sun over the dates of a long exposure, the rates by date, and which assumption moves the answer most."""

from __future__ import annotations

import csv
from dataclasses import replace

import made_by_hand as hand
import numpy as np
import pytest

from whipple.casefile.tables.assess_table import MovingTable
from whipple.exposure.moving import joints_of
from whipple.exposure.phases import Skies
from whipple.exposure.poses import poses_of
from whipple.exposure.read_plan import Plan
from whipple.exposure.risk_words import odds
from whipple.physics.frames import body_from_lvlh
from whipple.report.assess.figures import draw_dates
from whipple.report.assess.tables import assumption_table, facet_table
from whipple.report.assess.write_rows import write_rows

WING = MovingTable.model_validate(
    {"name": "wing", "parts": ["wing"], "axis": [0, 1, 0], "facing": [1, 0, 0], "step": "1 deg", "source": "recalled"}
)


def winged():
    return hand.stack(
        [hand.placed((1, 1, 1)), hand.placed((0.05, 2, 2), (0, 3, 0))], [hand.part("cube"), hand.part("wing")]
    )


def dated(count: int = 10, stretches: int = 4) -> Skies:
    """The Sun goes round the pitch axis: a quarter turn a stretch, and a tenth of a quarter a date."""
    one = hand.beam([1, 0, 0])
    sky = hand.skies(one, phases=[hand.phase([one], 1 / stretches, t_s=100.0 * i) for i in range(stretches)])
    turn = np.add.outer(np.arange(count) / count, np.arange(stretches)) * np.pi / 2
    sun = np.stack([np.cos(turn), 0 * turn, -np.sin(turn)], axis=-1)
    return replace(
        sky,
        of_day=False,
        date_s=86_400.0 * np.arange(count),
        date_sun_lvlh=sun,
        date_frac=np.linspace(0.5, 1.5, count)[None],
    )


def test_every_stretch_is_spent_once_and_the_dates_are_met_evenly():
    joints = joints_of((WING,), winged().surfaces)
    for pairs in (1, 8, 1000):
        poses = poses_of(dated(), joints, pairs)
        spent = np.zeros(4)
        for pose in poses:
            np.add.at(spent, list(pose.members), pose.spent_frac)
        assert spent == pytest.approx(np.ones(4))
        dates = [date for pose in poses for date in pose.date_s]
        assert len(dates) == 4 * min(max(1, -(-pairs // 4)), 10)
    assert len({round(date) for date in dates}) == 10  # with as many pairs as there are, all of them


def test_angles_are_those_of_the_dates_and_not_of_the_day():
    joints = joints_of((WING,), winged().surfaces)
    angles = sorted(round(np.degrees(pose.angle_rad[0])) for pose in poses_of(dated(), joints, 1000))
    assert len(angles) == 40
    assert angles[0] == -180
    still = poses_of(replace(dated(), date_s=np.zeros(0)), joints, 1000)
    assert len(still) == 1  # the Sun of every stretch of the day is ahead


def test_what_a_wing_receives_is_the_mean_over_stretches_and_dates():
    """Thin wing, beam from ahead, all sides of the Sun met evenly: |cos| over a full circle is 2/pi on either face."""
    risk = hand.assessed(winged(), dated(), Plan(moving=(WING,)))
    wing = next(row for row in risk.sources if row.part == "wing").strike_count.median
    squarely = hand.FLUX * 100 * 4.0
    rim = hand.FLUX * 100 * 0.1 * 2 / np.pi
    assert wing == pytest.approx(squarely * 2 / np.pi + rim, rel=0.03)
    assert risk.pose_count == 40
    assert any("spread evenly over stretches and dates" in caveat.text for caveat in risk.caveats)
    drawn = next(row for row in risk.assumptions if row.name == "moving parts stay as drawn")
    assert drawn.count_ratio > 1.2  # as drawn the wing faces the beam squarely


def test_rates_by_date_are_drawn_and_told():
    risk = hand.assessed(winged(), dated())
    assert risk.date_frac[0] == pytest.approx(np.linspace(0.5, 1.5, 10))
    figure = draw_dates(risk)
    assert "Punctures per day" in figure.title
    assert len(figure.data.rows) == 10
    assert draw_dates(hand.assessed(hand.cube(), hand.skies())) is None


def test_assumptions_are_changed_one_at_a_time():
    ends = (("yaw", body_from_lvlh(-1.2, 0, 0), body_from_lvlh(1.2, 0, 0)),)
    plate = hand.stack([hand.placed((0.01, 1.0, 1.0))], [hand.part("plate")])
    risk = hand.assessed(plate, hand.skies(hand.beam([1.0, 0.0, 0.0]), ends=ends))
    ratio = {row.name: row.count_ratio for row in risk.assumptions}
    assert set(ratio) == {"law Pailer-Grün", "yaw at the low end", "yaw at the high end"}
    assert ratio["yaw at the low end"] == pytest.approx(ratio["yaw at the high end"], rel=1e-6)
    assert ratio["yaw at the low end"] < 0.6
    assert ratio["law Pailer-Grün"] != pytest.approx(1.0)
    order = [abs(np.log(row.count_ratio)) for row in risk.assumptions]
    assert order == sorted(order, reverse=True)
    assert "instead of Cour-Palais" in assumption_table(risk).rows[[*ratio].index("law Pailer-Grün")][2]
    assert hand.assessed(hand.cube(material="cheese"), hand.skies()).assumptions == ()


def test_the_worst_facets_are_one_a_side():
    risk = hand.assessed(hand.cube(), hand.skies(hand.beam([1, 0, 0], "a"), hand.beam([0, 0.8, -0.6], "b")))
    assert [row.part for row in risk.worst_facets] == ["cube"] * len(risk.worst_facets)
    normals = {(round(row.normal_azimuth_rad, 3), round(row.normal_elevation_rad, 3)) for row in risk.worst_facets}
    assert len(normals) == len(risk.worst_facets) >= 3
    first = risk.worst_facets[0]
    assert (first.source, first.speed_m_s) == ("a", pytest.approx(1e4))
    assert first.puncture_per_m2_s == risk.facets.puncture_per_m2_s.sum(axis=0).max()
    rows = facet_table(risk).rows
    assert rows[0][3] == "ram"
    assert {rows[1][3], rows[2][3]} == {"zenith", "starboard"}
    bare = hand.assessed(hand.cube(material="cheese"), hand.skies(hand.beam([1, 0, 0])))
    assert facet_table(bare).rows[0][4] == "not counted"


def test_the_rows_hold_every_number_with_its_unit(tmp_path):
    vehicle = hand.stack(
        [hand.placed((1, 1, 1)), hand.placed((1, 1, 1), (9, 9, 0))], [hand.part("a"), hand.part("b", material="cheese")]
    )
    risk = hand.assessed(vehicle, hand.skies(duration_s=1e5))
    rows = list(csv.DictReader(write_rows(risk, tmp_path / "assessment.csv").read_text().splitlines()))
    assert [row["part"] for row in rows] == ["a", "b"]
    assert float(rows[0]["strike_count"]) == pytest.approx(risk.sources[0].strike_count.median, rel=1e-6)
    assert float(rows[0]["part_none_prob"]) == pytest.approx(risk.parts[0].none_prob.median, rel=1e-6)
    assert rows[1]["puncture_count"] == rows[1]["part_none_prob"] == ""
    assert {"strike_speed_m_s", "strike_incidence_spread_rad", "puncture_count_low", "area_m2", "duration_s"} <= rows[
        0
    ].keys()


def test_a_chance_too_small_for_a_number_is_not_called_none():
    assert odds(0.0) == "below 0.001"
