"""The page: every question answered or said not to be, offline, deterministic, readable without eyes."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from whipple.casefile.findings import Findings
from whipple.report.sections import QUESTIONS
from whipple.report.write_report import sections_of, write_report

SLOTS = (
    "onset",
    "pictures",
    "hole",
    "push",
    "sky",
    "strikes",
    "impactor",
    "deposit",
    "heat",
    "verdict",
    "plan",
    "checks",
)
VOID = {"meta", "br", "hr", "img", "input", "link", "image", "use", "path", "rect"}


class Outline(HTMLParser):
    """Headings, ids, links, table heads and whether every tag is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.unlabelled: list[str] = []
        self.tables = self.headed = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.ids += [found["id"]] if found.get("id") else []
        self.links += [found["href"]] if tag == "a" and found.get("href") else []
        self.fetched += [str(found[key]) for key in ("src", "data", "srcset") if found.get(key)]
        self.fetched += [str(found["href"])] if tag == "link" else []
        if found.get("role") == "img" and not (found.get("aria-label") or "").strip():
            self.unlabelled.append(tag)
        self.tables += tag == "table"
        self.headed += tag == "caption"
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag


@pytest.fixture(scope="session")
def outline(page: str) -> Outline:
    reader = Outline()
    reader.feed(page)
    return reader


def test_every_question_has_its_section_in_order(page: str) -> None:
    places = [page.index(question) for question in QUESTIONS.values()]
    assert places == sorted(places)


def test_tags_are_closed_and_ids_unique(outline: Outline) -> None:
    assert outline.open == []
    assert len(outline.ids) == len(set(outline.ids))


def test_every_link_inside_the_page_leads_somewhere(outline: Outline) -> None:
    inside = {link[1:] for link in outline.links if link.startswith("#")}
    assert inside
    assert inside <= set(outline.ids)


def test_nothing_is_fetched(page: str, outline: Outline) -> None:
    assert outline.fetched == []
    assert not re.search(r"@import|url\(['\"]?http", page)


def test_every_drawing_has_words_and_every_table_a_caption(outline: Outline) -> None:
    assert outline.unlabelled == []
    assert outline.tables == outline.headed > 20


def test_first_screen_says_verdict_option_clock_and_assumptions(page: str, findings: Findings) -> None:
    first = page[page.index('id="verdict"') : page.index('id="calendar"')].replace("\xa0", " ")
    assert findings.verdict is not None
    assert findings.plan is not None
    assert findings.verdict.headline in first
    assert findings.plan.headline in first
    assert "26 Feb 2023" in first
    assert "Sporadic: likely, 81 %" in first
    assert "Shower gem: It came from port; the hole faces aft-starboard." in first
    assert "<strong>cabin limit of the crew</strong>: now 40 °C; 48 °C would make it" in first
    assert "replacement ready on" in first
    assert ">third" not in first


def test_simulated_is_said_at_the_top_and_beside_the_drawings(
    page: str, case, stack, findings: Findings, nothing: Findings, tmp_path: Path
) -> None:
    assert "SIMULATED TELEMETRY AND PICTURES" in page
    assert page.count('class="tag">simulated') >= 6
    onset, hole = findings.onset, findings.hole
    real = replace(nothing, onset=replace(onset, simulated=False, channels=()), hole=replace(hole, simulated=False))
    text = write_report(case, stack, real, tmp_path / "real").read_text(encoding="utf-8")
    assert 'class="badge"' not in text
    assert 'class="tag">simulated' not in text


def test_caveats_stand_in_their_section_and_the_numbers_point_at_them(page: str) -> None:
    leak = page[page.index('<section id="leak"') : page.index('<section id="dynamics"')]
    assert "The accumulator volume is assumed, not published." in leak
    assert re.search(r'0\.81.mm[^<]*<a class="note" href="#leak-a">', leak)


def test_floor_of_the_ledger_and_its_sentences_are_shown(page: str) -> None:
    ledger = page[page.index("evidence ledger") : page.index('<section id="decision"')]
    assert "−2.6" in ledger
    assert "reason 1 for debris" in ledger


def test_unknown_source_key_is_listed_not_dropped(
    case, stack, findings: Findings, nothing: Findings, tmp_path: Path
) -> None:
    claim = replace(findings.checks.claims[0], sources=("nobody-knows",))
    odd = replace(nothing, checks=replace(findings.checks, claims=(claim,)))
    text = write_report(case, stack, odd, tmp_path / "odd").read_text(encoding="utf-8")
    assert "no entry in sources.toml for this key" in text
    assert "<code>nobody-knows</code>" in text


def test_text_of_the_case_cannot_become_markup(case, stack, nothing: Findings, tmp_path: Path) -> None:
    evil = replace(case, case=case.case.model_copy(update={"title": "<script>alert(1)</script>"}))
    text = write_report(evil, stack, nothing, tmp_path / "evil").read_text(encoding="utf-8")
    assert "<script>alert(1)</script>" not in text


def test_same_findings_same_bytes_and_nothing_left_over(
    page: str, case, stack, findings: Findings, tmp_path: Path
) -> None:
    again = write_report(case, stack, findings, tmp_path / "deep" / "again")
    assert again.read_text(encoding="utf-8") == page
    assert len(list((again.parent / "figures").glob("*.svg"))) >= 19
    assert not list(tmp_path.rglob("*.part"))
    assert str(tmp_path) not in page


def test_page_stays_under_its_budget(page: str) -> None:
    assert len(page.encode()) < 3_000_000


def test_payloads_are_valid_json(page: str) -> None:
    for name in ("stack-data", "time-line-data"):
        found = re.search(rf'id="{name}">(.*?)</script>', page, re.DOTALL)
        assert found is not None
        assert json.loads(found[1])


@pytest.mark.parametrize("slot", SLOTS)
def test_one_answer_alone_stands_and_the_others_are_said_to_be_missing(
    slot: str, case, stack, findings: Findings, nothing: Findings
) -> None:
    sections = sections_of(case, stack, replace(nothing, **{slot: getattr(findings, slot)}))
    answered = [section for section in sections if section.answered]
    assert len(answered) == 1
    assert answered[0].headline == getattr(findings, slot).headline
    assert all("was not asked in this run" in section.headline for section in sections if section not in answered)


def test_no_answer_at_all_is_still_a_page(case, stack, nothing: Findings, tmp_path: Path) -> None:
    text = write_report(replace(case, claims=()), stack, nothing, tmp_path / "nothing").read_text(encoding="utf-8")
    assert text.count("was not asked in this run") == len(QUESTIONS)
    assert "No verdict" in text
    assert "stack-data" not in text
