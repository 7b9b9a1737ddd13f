"""Counts, means, intervals and words of a look ahead on vehicles made by hand."""

from __future__ import annotations

from dataclasses import replace

import made_by_hand as hand
import numpy as np
import pytest

from whipple.casefile.tables.assess_table import AcceptanceTable
from whipple.exposure.read_plan import Plan
from whipple.physics.frames import body_from_lvlh

RAM = hand.beam([1.0, 0.0, 0.0])


def test_a_beam_on_a_cube_counts_as_arithmetic():
    """1 m2 faced squarely: strikes above 1e-9 kg are 100 times those above the reference; punctures those above the critical mass."""
    from whipple.assessment import laws_of

    risk = hand.assessed(hand.cube(), hand.skies(RAM, duration_s=1e5))
    row = risk.sources[0]
    assert row.strike_count.median == pytest.approx(hand.FLUX * 100 * 1e5, rel=1e-9)
    size = float(laws_of(hand.part())[0].function(speed_m_s=1e4, incidence_rad=0.0, density_kg_m3=2800.0))
    passing = float(RAM.heavier_than(np.pi / 6 * 2800.0 * size**3))
    assert row.puncture_count.median == pytest.approx(hand.FLUX * passing * 1e5, rel=1e-9)
    assert row.strike_speed_m_s == pytest.approx(1e4)
    assert row.strike_speed_spread_m_s < 0.1  # rounding of the second moment: sqrt(1e-11) of 10 km/s
    assert row.strike_incidence_rad == pytest.approx(0.0, abs=1e-6)
    assert risk.parts[0].arrivals == "ram, near the horizon (100 %)"
    assert risk.parts[0].sheltered_frac == pytest.approx(5 / 6)
    assert risk.facets.arrival_lvlh[risk.facets.strike_per_m2_s[0] > 0] == pytest.approx(
        np.array([[1.0, 0, 0]] * 2), abs=1e-9
    )


def test_incidence_falls_between_the_nodes_that_surround_it():
    slanted = hand.beam([np.cos(0.6), np.sin(0.6), 0.0])
    risk = hand.assessed(hand.cube(), hand.skies(slanted))
    real = np.arccos(hand.skies().direction_lvlh[slanted.flux_per_m2_s[:, 0] > 0] @ [1.0, 0, 0])[0]
    ram = hand.cube().surfaces.normal_body[:, 0] > 0.9
    assert risk.facets.strike_incidence_rad[0][ram] == pytest.approx(real, abs=np.radians(0.15))


def test_without_doubts_the_interval_is_the_spread_of_the_laws_alone():
    risk = hand.assessed(hand.cube(), hand.skies(RAM, duration_s=1e5))
    assert [doubt.name for doubt in risk.doubts] == ["damage law"]
    assert risk.doubts[0].variance_frac == 1.0
    counts = np.unique(risk.total.puncture_count.samples.round(12))
    assert len(counts) == 2  # two published laws for a single aluminium wall


def test_an_uncertain_level_shows_in_the_interval_and_in_the_doubts():
    risk = hand.assessed(hand.cube(), hand.skies(replace(RAM, level_factor=5.0), duration_s=1e5))
    one = risk.sources[0].strike_count
    assert one.high / one.median == pytest.approx(5**1.645, rel=1e-3)
    drawn = risk.total.strike_count
    assert drawn.high / drawn.median == pytest.approx(5**1.645, rel=0.15)
    assert risk.doubts[0].name == "level of beam"
    assert sum(doubt.variance_frac for doubt in risk.doubts) == pytest.approx(1.0)
    assert risk.total.none_prob.low == pytest.approx(np.exp(-risk.total.puncture_count.high), rel=1e-6)


def test_attitude_ranges_become_a_doubt():
    ends = (("yaw", body_from_lvlh(-1.2, 0, 0), body_from_lvlh(1.2, 0, 0)),)
    plate = hand.stack([hand.placed((0.01, 1.0, 1.0))], [hand.part("plate")])
    risk = hand.assessed(plate, hand.skies(RAM, ends=ends))
    attitude = next(doubt for doubt in risk.doubts if doubt.name == "attitude")
    assert attitude.high_ratio < 1.01
    assert attitude.low_ratio < 0.6


def test_an_unknown_wall_is_struck_but_not_counted():
    vehicle = hand.stack(
        [hand.placed((1, 1, 1)), hand.placed((1, 1, 1), (9, 9, 0))], [hand.part("a"), hand.part("b", material="cheese")]
    )
    risk = hand.assessed(vehicle, hand.skies())
    known, unknown = risk.parts
    assert unknown.puncture_count is None
    assert unknown.none_prob is None
    assert unknown.strike_count.median > 0
    assert known.risk_frac == 1.0
    assert any(
        caveat.code == "assess-walls-unknown" and "not the same as safe" in caveat.text for caveat in risk.caveats
    )
    nothing = hand.assessed(hand.cube(material="cheese"), hand.skies())
    assert nothing.total.none_prob is None
    assert "no wall is known" in nothing.headline


def test_requirements_are_judged_with_their_doubt():
    rows = [
        {"name": n, "parts": ["cube"], "pnp": p, "source": "recalled"}
        for n, p in (("easy", 0.001), ("hard", 0.999999999))
    ]
    plan = Plan(acceptance=tuple(AcceptanceTable.model_validate(row) for row in rows))
    easy, hard = hand.assessed(hand.cube(), hand.skies(RAM, duration_s=1e4), plan).acceptance
    assert (easy.met_prob, hard.met_prob) == (1.0, 0.0)
    assert easy.sentence.startswith("easy: met.")
    assert "not met" in hard.sentence


def test_the_course_over_the_revolution_adds_up():
    one, other = hand.beam([1, 0, 0], "a"), hand.beam([0, 1, 0], "b")
    phases = [hand.phase([one], 0.5, t_s=0.0), hand.phase([other], 0.5, t_s=60.0)]
    mean = [replace(s, flux_per_m2_s=s.flux_per_m2_s / 2) for s in (one, other)]
    risk = hand.assessed(hand.cube(), hand.skies(*mean, phases=phases))
    assert risk.phase_strike_per_s[:, 0] == pytest.approx([hand.FLUX * 100] * 2, rel=1e-9)
    assert risk.phase_strike_per_s.mean() == pytest.approx(
        sum(row.strike_count.median for row in risk.sources), rel=1e-9
    )
    assert risk.pose_count == 1


def test_sources_are_kept_apart():
    risk = hand.assessed(hand.cube(), hand.skies(hand.beam([1, 0, 0], "a"), hand.beam([0, 0, -1], "b")))
    normals = hand.cube().surfaces.normal_body
    assert (risk.facets.strike_per_m2_s[0][normals[:, 2] < -0.9] < 1e-12).all()
    assert (risk.facets.strike_per_m2_s[1][normals[:, 2] < -0.9] > 1e-6).all()
    assert risk.source_frac == pytest.approx([0.5, 0.5])


def test_the_answer_survives_being_written_and_read_back():
    from whipple.casefile.codec import decode, encode
    from whipple.exposure.risk import Risk

    risk = hand.assessed(hand.cube(), hand.skies(RAM))
    arrays: dict = {}
    again = decode(Risk, encode(risk, arrays), arrays)
    assert again.headline == risk.headline
    assert again.total.none_prob == risk.total.none_prob
    assert again.facets.strike_per_m2_s is risk.facets.strike_per_m2_s


@pytest.mark.parametrize(("wall_m", "said"), [(5e-5, True), (3e-3, False), (0.5, True)])
def test_a_wall_outside_what_was_shot_gets_a_caveat(wall_m, said):
    risk = hand.assessed(hand.cube(wall_m=wall_m), hand.skies())
    assert any(caveat.code == "assess-size-extrapolated" for caveat in risk.caveats) == said
    assert risk.total.none_prob is not None


def test_an_exposure_of_no_length_is_refused():
    from whipple.assessment import plan_of
    from whipple.errors import CaseError

    table = hand.case().case.model_copy(update={"exposed_since": hand.case().epoch})
    with pytest.raises(CaseError, match="how long the vehicle is exposed"):
        plan_of(replace(hand.case(), case=table), hand.cube())
