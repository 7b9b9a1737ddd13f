"""The verdict as a whole, on findings written by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from whipple.attribution import weigh

YEAR_S = 365.25 * 86400


def named(verdict):
    return {v.hypothesis: v for v in verdict.hypotheses}


def test_probabilities_add_to_one_and_intervals_hold_them(case, sky, strikes, impactor):
    verdict = weigh(case, None, None, None, sky, strikes, impactor)
    assert sum(v.posterior_prob.median for v in verdict.hypotheses) == pytest.approx(1.0)
    assert sum(v.prior_prob for v in verdict.hypotheses) == pytest.approx(1.0)
    assert len(verdict.hypotheses) == 6


def test_a_shower_from_the_other_side_is_excluded_in_words(case, sky, strikes, impactor):
    verdict = weigh(case, None, None, None, sky, strikes, impactor)
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


def test_the_same_case_gives_the_same_verdict(case, sky, strikes, impactor):
    first, second = (weigh(case, None, None, None, sky, strikes, impactor) for _ in range(2))
    assert [v.posterior_prob for v in first.hypotheses] == [v.posterior_prob for v in second.hypotheses]
    assert first.headline == second.headline


def test_the_prior_does_not_know_the_direction(case, sky, strikes, impactor):
    """Geminids have 4/3 of the cross-sectional flux of sporadics here and enter with a like base rate; the direction row throws them out."""
    verdict = named(weigh(case, None, None, None, sky, strikes, impactor))
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


def test_a_clean_record_lowers_the_steady_impact_causes(case, claim, sky, strikes, impactor):
    from whipple.casefile.given import Given

    record = claim("history.clean_exposure_s", "68 year", value=Given(68 * YEAR_S, 60 * YEAR_S, 75 * YEAR_S, "s"))
    before = named(weigh(case, None, None, None, sky, strikes, impactor))
    after_verdict = weigh(replace(case, claims=(record,)), None, None, None, sky, strikes, impactor)
    after = named(after_verdict)
    assert after["sporadic"].prior_prob < before["sporadic"].prior_prob
    assert any("clean record" in mover.observation for mover in after_verdict.movers)


def test_assumptions_are_ranked_by_what_they_move(case, sky, strikes, impactor):
    moved = [
        abs(a.at_high_prob - a.at_low_prob) for a in weigh(case, None, None, None, sky, strikes, impactor).assumptions
    ]
    assert moved == sorted(moved, reverse=True)
    assert moved[0] > 0.01


def test_movers_without_the_direction_the_shower_comes_back(case, sky, strikes, impactor):
    movers = weigh(case, None, None, None, sky, strikes, impactor).movers
    back = next(m for m in movers if m.hypothesis == "shower:GEM")
    assert back.without_prob > back.with_prob + 0.1
    assert np.isfinite([m.without_prob for m in movers]).all()
