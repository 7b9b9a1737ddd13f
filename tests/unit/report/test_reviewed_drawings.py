"""What a first reader stumbled over: words, times, areas, axes and badges that must stay clear."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from whipple.casefile.estimate import Caveat, Evidence
from whipple.casefile.findings import Findings
from whipple.report.figures.causes import draw_calendar, draw_causes
from whipple.report.figures.heat import draw_temperatures
from whipple.report.figures.onset import draw_onset
from whipple.report.figures.sky import draw_sky
from whipple.report.figures.strikes import draw_reach, weighed
from whipple.report.sections import rests_on_made_data
from whipple.report.sections.attribution import attribution_section
from whipple.report.sections.exposure import exposure_section
from whipple.report.sections.leak import leak_section
from whipple.report.write_report import write_report

EPOCH = datetime(2022, 12, 15, 0, 45, tzinfo=UTC)


def texts(svg: str) -> list[str]:
    return [re.sub(r"<[^>]+>", "", hit) for hit in re.findall(r"<text[^>]*>(.*?)</text>", svg, re.DOTALL)]


def test_the_onset_is_told_in_utc_with_few_ticks(findings: Findings) -> None:
    assert findings.onset is not None
    drawn = draw_onset(findings.onset, EPOCH)
    assert drawn is not None
    clocks = [text for text in texts(drawn.svg) if re.fullmatch(r"\d\d:\d\d:\d\d", text)]
    assert len(clocks) == len(set(clocks)) == 3
    assert any(text.startswith("onset ") and "UTC" in text for text in texts(drawn.svg))


def test_an_excluded_cause_says_so_and_the_threshold_has_its_word(findings: Findings) -> None:
    verdict = findings.verdict
    assert verdict is not None
    drawn = draw_causes(replace(verdict, threshold_prob=0.66, word_scale="very likely above 90 %, likely above 66 %"))
    assert "likely: 66 %" in texts(drawn.svg)
    assert texts(drawn.svg).count("excluded") == len(verdict.excluded) > 0
    assert "excluded" not in texts(draw_causes(replace(verdict, excluded=())).svg)


def test_claims_of_one_day_get_an_axis_of_whole_days() -> None:
    svg = draw_calendar(EPOCH, ((EPOCH + timedelta(hours=1), "evidence", "x"),)).svg
    days = [text for text in texts(svg) if re.fullmatch(r"[−\d.]+", text)]
    assert days == ["−1", "0", "1"]


def test_the_badge_follows_caveats_that_count(case, findings: Findings) -> None:
    assert findings.verdict is not None
    bare = replace(findings.verdict, caveats=(), ledger=())
    told = Caveat("size-simulated", "The size is simulated.")
    idle = Caveat("start-simulated", "Simulated, not counted.")
    silent = Evidence("start", "start", {"a": 0.0, "b": 0.0}, {}, (), (idle,))
    assert not rests_on_made_data(bare)
    assert not rests_on_made_data(replace(bare, caveats=(idle,), ledger=(silent,)))
    assert rests_on_made_data(replace(bare, caveats=(idle, told), ledger=(silent,)))
    weighed_row = replace(silent, log_likelihood_nat={"a": 0.0, "b": -1.0})
    assert rests_on_made_data(replace(bare, caveats=(idle,), ledger=(weighed_row,)))
    assert attribution_section(case, replace(findings, verdict=replace(bare, caveats=(told,)))).simulated


def test_half_gone_counts_from_the_onset_and_from_the_epoch(case, findings: Findings) -> None:
    assert findings.onset is not None
    assert findings.onset.onset_s is not None
    rows = dict(leak_section(case, findings).tables[0].rows)
    onset, epoch = rows["half gone, from the onset"], rows["half gone, from the epoch"]
    step_h = findings.onset.onset_s.median / 3600
    assert float(epoch.split()[0]) - float(onset.split()[0]) == pytest.approx(step_h, abs=0.06)
    alone = dict(leak_section(case, replace(findings, onset=None)).tables[0].rows)
    assert "half gone, from the onset" not in alone


def test_the_site_table_says_which_area_and_small_masses_are_micrograms(case, stack, findings: Findings) -> None:
    assert findings.strikes is not None
    coded = replace(findings.strikes, headline="GEM cannot reach it.")
    section = exposure_section(case, stack, replace(findings, strikes=coded))
    assert "Geminids cannot reach it." in section.headline
    site = next(table for table in section.tables if table.caption == "The suspect site")
    assert any(name.startswith("area of the whole part") for name, _ in site.rows)
    assert weighed(1e-9) == "1 µg"


def test_reach_and_sky_share_the_azimuths_and_the_shade_has_a_scale(findings: Findings) -> None:
    assert findings.sky is not None
    assert findings.strikes is not None
    reach = draw_reach(findings.strikes)
    assert reach is not None
    assert {"−180", "180"} <= set(texts(reach.svg))
    assert "sporadic meteoroids per m² and sr" in texts(draw_sky(findings.sky, findings.strikes).svg)


def test_no_bare_node_keys_in_the_temperatures(findings: Findings) -> None:
    assert findings.heat is not None
    drawn = draw_temperatures(findings.heat)
    assert drawn is not None
    assert not [text for text in texts(drawn.svg) if "_" in text]


def test_the_verdict_names_two_different_observations(
    case, stack, findings: Findings, nothing: Findings, tmp_path
) -> None:
    verdict = findings.verdict
    assert verdict is not None
    first = replace(verdict.movers[0], observation="one", sentence="Without “one” it falls.")
    movers = (
        first,
        replace(first, sentence="Without “one” it rises."),
        replace(first, observation="two", sentence="“two”"),
    )
    told = replace(nothing, verdict=replace(verdict, movers=movers))
    text = write_report(case, stack, told, tmp_path / "out").read_text(encoding="utf-8")
    card = text[text.index("The observations that move the verdict") :]
    assert re.findall(r"“([^”]+)”", card[: card.index("</ol>")]) == ["one", "two"]
