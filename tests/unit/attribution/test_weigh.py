"""The verdict as a whole, on findings written by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from whipple.attribution import weigh
from whipple.attribution.observations.hole_size import SIMULATED_SIZE
from whipple.casefile.estimate import Caveat, Estimate
from whipple.casefile.findings.strikes import PartRate
from whipple.casefile.given import Given

YEAR_S = 365.25 * 86400
#: The four cells and streams of the hand-written sky (conftest.py): from starboard, port, ram, wake.
DIRECTIONS = np.array([[0.0, 1.0, 0.0], [0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [-1.0, 0.0, 0.0]])
FLUX = {"sporadic": [1.0, 1.0, 1.0, 1.0], "geminids": [0.0, 4.0, 0.0, 0.0], "debris": [0.2, 0.2, 3.0, 0.0]}


def years(claim, about, count):
    return claim(about, f"{count} year", value=Given(*(count * YEAR_S,) * 3, "s"))


def named(verdict):
    return {v.hypothesis: v for v in verdict.hypotheses}


@pytest.fixture(scope="module")
def plain(case, sky, strikes, impactor):
    """The verdict on the hand-written findings as they are."""
    return weigh(case, None, None, None, sky, strikes, impactor)


@pytest.fixture(scope="module")
def recorded(case, claim, sky, strikes, impactor):
    """The same after 68 vehicle-years without a loss."""
    known = replace(case, claims=(years(claim, "history.clean_exposure_s", 68),))
    return weigh(known, None, None, None, sky, strikes, impactor)


def test_probabilities_add_to_one_and_intervals_hold_them(plain):
    verdict = plain
    assert sum(v.posterior_prob.median for v in verdict.hypotheses) == pytest.approx(1.0, abs=1e-6)
    assert sum(v.prior_prob for v in verdict.hypotheses) == pytest.approx(1.0, abs=1e-6)
    assert all(v.posterior_prob.low <= v.posterior_prob.median <= v.posterior_prob.high for v in verdict.hypotheses)
    assert len(verdict.hypotheses) == 6


def test_a_shower_from_the_other_side_is_excluded_in_words(plain):
    verdict = plain
    out = {item.hypothesis: item for item in verdict.excluded}
    assert "shower:GEM" in out
    assert "arrive from port (azimuth -115° to -45°)" in out["shower:GEM"].why
    assert "aft-starboard" in out["shower:GEM"].why
    assert "and beyond" in out["shower:GEM"].what_would_change_it
    assert "Geminid" in verdict.headline


def test_direction_is_not_used_twice(case, sky, strikes, impactor):
    """Base rate times direction ratio gives back the impact room's own count on this face."""
    from whipple.attribution.base_rate import base_rates
    from whipple.attribution.observations.direction import face_ratio

    rates = {rate.hypothesis: rate for rate in base_rates(case, sky, strikes, impactor)}
    for source in impactor.sources:
        if source.expected_count.median > 0:
            rate = rates[source.hypothesis]
            assert rate.expected_count.median * face_ratio(rate) == pytest.approx(source.expected_count.median)


def test_the_same_case_gives_the_same_verdict(case, sky, strikes, impactor, plain):
    first, second = plain, weigh(case, None, None, None, sky, strikes, impactor)
    assert [v.posterior_prob for v in first.hypotheses] == [v.posterior_prob for v in second.hypotheses]
    assert first.headline == second.headline


def test_the_prior_does_not_know_the_direction(plain):
    """Geminids have 4/3 of the cross-sectional flux of sporadics here and enter with a like base rate; the direction row throws them out."""
    verdict = named(plain)
    assert verdict["shower:GEM"].prior_prob > 0.2
    assert verdict["shower:GEM"].posterior_prob.median < 0.01


def test_without_sky_only_hardware_is_weighed_and_it_says_so(case):
    verdict = weigh(case, None, None, None, None, None, None)
    assert {v.hypothesis for v in verdict.hypotheses} == {"manufacturing", "fatigue", "other"}
    assert "cause-not-weighed" in {note.code for note in verdict.caveats}


def test_nothing_to_go_on_is_an_empty_verdict(case):
    verdict = weigh(replace(case, hypotheses=()), None, None, None, None, None, None)
    assert verdict.hypotheses == ()
    assert not verdict.decided
    assert "No cause can be weighed" in verdict.headline


def test_undetermined_says_between_which(case, sky, strikes, impactor):
    weak = replace(
        impactor,
        sources=tuple(
            replace(
                s,
                expected_count=s.expected_count.scaled(0.01, ""),
                expected_density_count=s.expected_density_count.scaled(0.01, ""),
            )
            for s in impactor.sources
        ),
    )
    verdict = weigh(case, None, None, None, sky, strikes, weak)
    assert not verdict.decided
    assert verdict.headline.startswith("Undetermined: ")


def test_a_clean_record_lowers_the_steady_impact_causes(plain, recorded):
    assert named(recorded)["sporadic"].prior_prob < named(plain)["sporadic"].prior_prob
    assert any("clean record" in mover.observation for mover in recorded.movers)


def test_assumptions_are_ranked_by_what_they_move(plain):
    moved = [abs(a.at_high_prob - a.at_low_prob) for a in plain.assumptions]
    assert moved == sorted(moved, reverse=True)
    assert moved[0] > 0.01


def test_movers_without_the_direction_the_shower_comes_back(plain):
    movers = plain.movers
    back = next(m for m in movers if m.hypothesis == "shower:GEM")
    assert back.without_prob > back.with_prob + 0.1
    assert np.isfinite([m.without_prob for m in movers]).all()


def struck_from(strikes, azimuths_deg, weights, high_frac):
    """The same face with several possible normals, some of which the shower reaches for up to `high_frac` of its time."""
    angle = np.radians(azimuths_deg)
    normals = np.column_stack([np.cos(angle), np.sin(angle), np.zeros(len(angle))])
    cosine = np.maximum(DIRECTIONS @ normals.T, 0.0)
    face = 1e-9 * np.array([(np.array(flux) @ cosine)[:, None] for flux in FLUX.values()])
    reach = replace(strikes.showers[0], reach_frac_range=(0.0, high_frac))
    return replace(
        strikes, site_normal_lvlh=normals, site_normal_frac=np.array(weights), site_open=np.ones((len(angle), 4)),
        site_flux_per_m2_s=face, showers=(reach,),
    )  # fmt: skip


def test_a_shower_that_some_reported_directions_let_in_is_excluded_only_on_a_condition(case, sky, strikes, impactor):
    """Normals at 135, 110 and 175 deg; the shower (from port) strikes a plate beyond 170: a tenth of the directions."""
    azimuth = strikes.showers[0].azimuth_rad
    strikes = replace(
        strikes, showers=(replace(strikes.showers[0], by_azimuth_frac=np.where(abs(azimuth) > 2.95, 0.3, 0.0)),)
    )
    open_to = struck_from(strikes, [135.0, 110.0, 175.0], [0.5, 0.4, 0.1], 0.24)
    verdict = weigh(case, None, None, None, sky, open_to, impactor)
    out = next(item for item in verdict.excluded if item.hypothesis == "shower:GEM")
    assert out.condition == "if the hole faces aft-starboard as reported"
    assert out.why.startswith(
        "Excluded by direction if the hole faces aft-starboard as reported (best-guess azimuth 135°)"
    )
    assert "but 10 % of the reported range (azimuth 170° and beyond) would be struck, for up to 24 %" in out.why
    assert "it would stand at" in out.why
    assert "Excluded by direction, if the hole faces aft-starboard as reported: Geminid" in verdict.headline


def test_a_shower_that_stays_probable_is_not_called_excluded(case, sky, strikes, impactor):
    """Half the reported directions look to port-aft, where the shower strikes squarely."""
    verdict = weigh(case, None, None, None, sky, struck_from(strikes, [135.0, -100.0], [0.5, 0.5], 1.0), impactor)
    assert named(verdict)["shower:GEM"].posterior_prob.median > 0.05
    assert "shower:GEM" not in {item.hypothesis for item in verdict.excluded}


def with_punctures(strikes, times):
    """Punctures of the whole part (30 m2, of which 3 m2 leak) that make any hole so many times as frequent as one of the size seen."""
    rates = []
    for name, face in zip(FLUX, strikes.site_flux_per_m2_s[:, 0, 0], strict=True):
        count = times * 1e7 * float(face) / 0.9
        per_s = Estimate.exactly(max(count, 1e-9) * 10 / (85 * 86400.0), "1/s")
        rates.append(PartRate("radiator", name, 30.0, 1e-9, per_s, per_s, 2e4, 0.5))
    return replace(strikes, parts=tuple(rates))


def test_the_record_counts_any_hole_that_leaks(case, claim, sky, strikes, impactor, recorded):
    """No loop at all was lost: with more holes of any size to one of this size, the clean record weighs more against particles."""
    from whipple.attribution.base_rate import base_rates

    rates = {rate.hypothesis: rate for rate in base_rates(case, sky, with_punctures(strikes, 3.0), impactor)}
    assert rates["sporadic"].any_hole_ratio > 1.5
    assert rates["manufacturing"].any_hole_ratio == 1.0
    assert {r.any_hole_ratio for r in base_rates(case, sky, strikes, impactor)} == {1.0}
    known = replace(case, claims=(years(claim, "history.clean_exposure_s", 68),))
    few, many = named(recorded), named(weigh(known, None, None, None, sky, with_punctures(strikes, 10.0), impactor))
    assert many["sporadic"].posterior_prob.median < few["sporadic"].posterior_prob.median - 0.02


def test_the_rate_of_a_repeat_follows_the_record(case, plain, recorded):
    assert recorded.repeat_per_s.median < plain.repeat_per_s.median
    assert weigh(case, None, None, None, None, None, None).repeat_per_s is None


def test_a_likely_cause_that_one_input_would_unseat_only_leads(plain):
    verdict = plain
    lead = verdict.hypotheses[0]
    assert lead.posterior_prob.median > verdict.threshold_prob
    assert verdict.standing == "leading"
    assert not verdict.decided
    assert verdict.unseating_count > 0
    assert lead.word == "likely, not robust"
    assert verdict.headline.startswith("Leading, not robust: sporadic meteoroid, ")
    assert "alone, within its 90 % range, would bring it below 66 %" in verdict.headline
    assert f"{100 * lead.pass_frac:.0f} %" in verdict.headline
    assert verdict.result.startswith("Leading, not robust: sporadic meteoroid, ")


def test_every_input_that_unseats_the_leading_cause_is_listed(plain):
    unseating = [a for a in plain.assumptions if min(a.at_low_prob, a.at_high_prob) <= plain.threshold_prob]
    assert len(unseating) == plain.unseating_count


def test_a_cause_that_every_input_leaves_in_place_is_named(case, claim, sky, strikes, impactor, pictures, onset):
    """A round hole, a sudden start and natural residue beside the same flux."""
    found = claim("cause.residue", "meteoroid")
    verdict = weigh(replace(case, claims=(found,)), onset(8.0), pictures(1.0), None, sky, strikes, impactor)
    lead = verdict.hypotheses[0]
    assert verdict.decided
    assert (verdict.standing, verdict.unseating_count, verdict.measurements) == ("named", 0, ())
    assert lead.pass_frac >= 0.8
    assert verdict.headline.startswith(f"{lead.title}: {lead.word}, ")
    assert "no single input within its 90 % range takes it below" in verdict.headline
    assert verdict.result.startswith(f"{lead.title}: {lead.word}, ")


def test_without_a_size_no_base_rate_hangs_on_it(case, sky, strikes, impactor):
    """Ten times as many holes of any size: without the size the impacts would be judged by those, not by the holes of this size."""

    def without(punctures):
        verdict = weigh(case, None, None, None, sky, punctures, impactor)
        return next(m for m in verdict.movers if m.observation.startswith("a hole of") and m.hypothesis == "sporadic")

    few, many = without(strikes), without(with_punctures(strikes, 10.0))
    assert many.without_prob > few.without_prob + 0.1
    assert many.with_prob == pytest.approx(few.with_prob, abs=0.01)


def test_a_sister_loss_is_varied_and_can_leave_the_cause_open(case, claim, sky, strikes, impactor):
    record, loss = years(claim, "history.clean_exposure_s", 68), years(claim, "history.sister_loss_s", 58 / 365.25)
    rarer = [
        replace(
            s,
            expected_count=s.expected_count.scaled(0.1, ""),
            expected_density_count=s.expected_density_count.scaled(0.1, ""),
        )
        for s in impactor.sources
    ]
    impactor = replace(impactor, sources=tuple(rarer))
    before = weigh(replace(case, claims=(record,)), None, None, None, sky, strikes, impactor)
    after = weigh(replace(case, claims=(record, loss)), None, None, None, sky, strikes, impactor)
    assert named(after)["sporadic"].posterior_prob.median < named(before)["sporadic"].posterior_prob.median
    assert any("sister ship" in a.assumption for a in after.assumptions)
    assert not after.decided
    assert after.headline.startswith("Undetermined: ")
    assert "What would decide it: " in after.headline
    chances = [one.named_prob for one in after.measurements]
    assert 1 <= len(chances) <= 3
    assert chances == sorted(chances)
    assert f"To be measured first: {after.measurements[-1].inputs[0]}" in after.headline
    assert all(name in one.sentence for one in after.measurements for name in one.inputs)


def test_simulated_evidence_moves_nothing(case, sky, strikes, impactor, onset, pictures):
    """Whatever simulated channels and pictures say, the verdict is the same."""
    simulated = replace(impactor.hole_diameter_m, caveats=(Caveat(SIMULATED_SIZE, ""),))
    sized = replace(impactor, hole_diameter_m=simulated)
    answers = []
    for nat, ratio in ((8.0, 1.0), (-8.0, 3.0)):
        made_up = onset(nat, simulated=True), pictures(ratio, simulated=True)
        verdict = weigh(case, *made_up, None, sky, strikes, sized)
        answers.append({v.hypothesis: v.posterior_prob.median for v in verdict.hypotheses})
    assert answers[0] == pytest.approx(answers[1], abs=1e-12)
