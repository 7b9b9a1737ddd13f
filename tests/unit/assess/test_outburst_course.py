"""A flight over an outburst counts it, once, with its place in the hours, and says so first."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import made_by_hand as hand
import numpy as np
import pytest

from whipple.assessment import by_date, skies_of
from whipple.assessment.by_date import Times, cut
from whipple.assessment.other_models import Look, known_outbursts
from whipple.assessment.outburst_course import outburst_caveats, outbursts_met
from whipple.assessment.over_time import times_of
from whipple.casefile.tables.assess_table import AssessTable
from whipple.casefile.tables.outburst import OutburstTable
from whipple.environment.models.outburst_years import OUTBURSTS
from whipple.environment.outbursts_given import known_with, outbursts_of_rows
from whipple.errors import CaseError
from whipple.exposure.phases import joined
from whipple.exposure.read_plan import Plan

DAY_s = 86_400.0
STORM = datetime(1999, 11, 17, tzinfo=UTC)
ROW = {"shower": "GEM", "peak": "2022-12-15T06:00Z", "zhr": 5000, "width": "60 min", "source": "whipple_judgement"}


def plan(duration: str = "1 day", *rows: dict) -> Plan:
    said = {"duration": duration, "positions": 1, "outburst": rows}
    return Plan(assess=AssessTable.model_validate(said))


@pytest.fixture(scope="module")
def day():
    return skies_of(hand.case(), plan("1 day", ROW), hand.sky_of_case())


def test_however_long_the_exposure_an_outburst_counts_once():
    lasting = [2 * DAY_s, 30 * DAY_s, 5 * 365 * DAY_s]
    met = [outbursts_met(OUTBURSTS, STORM, 0.0, length)[0] for length in lasting]
    assert {one.outburst.title for one in met} == {"Leonids 1999 outburst"}
    fluence = [one.mean_zhr_per_h * length for one, length in zip(met, lasting, strict=True)]
    assert fluence == pytest.approx([fluence[0]] * 3, rel=1e-3)
    halves = [
        outbursts_met(OUTBURSTS, STORM, *span)[0].mean_zhr_per_h
        for span in ((0.0, 1.05 * DAY_s), (1.05 * DAY_s, 2 * DAY_s))
    ]
    assert halves[0] * 1.05 + halves[1] * 0.95 == pytest.approx(met[0].mean_zhr_per_h * 2)
    assert outbursts_met(OUTBURSTS, STORM, 10 * DAY_s, 11 * DAY_s) == ()


def test_a_day_over_an_outburst_has_a_stream_that_peaks_in_its_hour(day):
    stream = day.mission[-1]
    course = day.date_frac[-1]
    assert stream.name == "Geminids 2022 outburst"
    assert course.mean() == pytest.approx(1.0, rel=1e-6)
    peak_s = (datetime(2022, 12, 15, 6, tzinfo=UTC) - hand.case().epoch).total_seconds()
    assert abs(day.date_s[course.argmax()] - peak_s) <= 1800
    assert course.max() > 5
    assert stream.level_factor > 3, "an interval of its own"
    # the stretches hold it, and add up to the mean
    whole = {one.name: one for one in joined((phase.share_frac, phase.streams) for phase in day.phases)}
    assert whole[stream.name].flux_per_m2_s.sum() == pytest.approx(stream.flux_per_m2_s.sum(), rel=1e-9)


@pytest.mark.slow
def test_without_one_nothing_of_a_flight_changes(day):
    none = skies_of(hand.case(), plan("1 day"), hand.sky_of_case())
    assert [one.name for one in none.mission] == [one.name for one in day.mission[:-1]]
    for one, other in zip(none.mission, day.mission, strict=False):
        assert np.array_equal(one.flux_per_m2_s, other.flux_per_m2_s)
    assert np.array_equal(none.date_frac, day.date_frac[:-1])


@pytest.mark.slow
def test_a_month_brings_of_it_what_a_day_does(day, monkeypatch):
    monkeypatch.setattr(by_date, "DATE_SAMPLES", 2)
    case, month = hand.case(), 30 * DAY_s
    look = Look.of(case, plan("30 day", ROW))
    hours = (np.arange(4) + 0.5).reshape(2, 2) / 4 * month
    times = Times(hours.mean(axis=1), hours, False, 0.0, month, month / 4)
    mission, course = by_date.mean_by_date(look, cut(hand.sky_of_case().orbit, np.arange(94)), times, lambda _: None)
    assert mission[-1].name == "Geminids 2022 outburst"
    assert course[-1] == pytest.approx([2.0, 0.0], abs=1e-6)
    ratio = mission[-1].flux_per_m2_s.sum() * month / (day.mission[-1].flux_per_m2_s.sum() * DAY_s)
    assert ratio == pytest.approx(1.0, rel=0.05)


def test_what_it_brings_is_said_with_its_interval_and_what_is_missed_too(day):
    far = ROW | {"shower": "URS", "peak": "2022-12-22T22:00Z"}
    case, asked = hand.case(), plan("1 day", ROW, far)
    times, known = times_of(case, asked), known_outbursts(case, asked)
    period = hand.sky_of_case().orbit.period_s
    said = outburst_caveats(
        known, case.epoch, (times.begin_s, times.end_s), day, {"Geminids 2022 outburst": 0.12}, period
    )
    assert [one.code for one in said] == ["shower-outburst", "shower-outburst-given", "shower-outbursts"]
    brings = day.mission[-1].flux_per_m2_s.sum() * DAY_s
    assert f"it brings {brings:.2g} particles heavier than 1 µg" in said[0].text
    assert "(90 %: " in said[0].text
    assert "Of the expected punctures 12 % are its own." in said[0].text
    assert "the Earth may hide it all" in said[0].text
    assert "does not meet: Ursids 2022 outburst" in said[1].text
    assert "Weak outbursts" in said[2].text


def test_assess_says_it_first_and_replaces_that_of_the_case_of_the_same_hour(day):
    rows = tuple(OutburstTable.model_validate(ROW | {"zhr": zhr}) for zhr in (300, 5000))
    orbit = hand.case().orbit.model_copy(update={"outburst": rows[:1]})
    known = known_outbursts(replace(hand.case(), orbit=orbit), plan("1 day", ROW))
    assert [one.zhr for one in known.given] == [5000]
    assert known.caveats == known_with(outbursts_of_rows(rows[1:]), known_with(outbursts_of_rows(rows[:1]))).caveats


def test_one_out_of_season_stops_the_run_before_anything_is_computed():
    with pytest.raises(CaseError, match=r"assess.toml, assess.outburst\[0\].peak.*08 Dec to 18 Dec"):
        Look.of(hand.case(), plan("1 day", ROW | {"peak": "2022-06-15T06:00Z"}))


@pytest.mark.slow
def test_assess_says_it_in_its_headline_and_first_of_its_caveats():
    from whipple.assessment import _risk_under

    case, asked = hand.case(), plan("1 day", ROW)
    risk = _risk_under(
        case, hand.cube(), asked, hand.sky_of_case(), lambda sky: skies_of(case, asked, sky), lambda _: None
    )
    assert risk.headline.endswith("Outbursts of showers within this time are counted: Geminids 2022 outburst.")
    assert risk.caveats[0].code == "shower-outburst"
    assert risk.caveats[-1].code == "shower-outbursts"
    shares = dict(zip(risk.source_names, risk.source_frac.tolist(), strict=True))
    assert 0 < shares["Geminids 2022 outburst"] < 1
    rows = [row for row in risk.sources if row.source == "Geminids 2022 outburst"]
    assert rows[0].strike_count.low < rows[0].strike_count.median < rows[0].strike_count.high
