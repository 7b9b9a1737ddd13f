"""The last lines of a run: complete without colour, at 80 columns."""

from __future__ import annotations

import io
from pathlib import Path

from rich.console import Console

from whipple.casefile.findings import Findings
from whipple.report.terminal import headline_of, print_summary


def printed(findings: Findings, report: Path | None = None, width: int = 80) -> str:
    stream = io.StringIO()
    print_summary(findings, Console(file=stream, width=width, color_system=None, force_terminal=False), report)
    return stream.getvalue()


def test_fits_80_columns_and_carries_no_escape_codes(findings: Findings) -> None:
    text = printed(findings)
    assert max(len(line) for line in text.splitlines()) <= 80
    assert "\x1b" not in text


def test_says_verdict_interval_word_option_and_path(findings: Findings) -> None:
    text = printed(
        findings, Path("/a/rather/long/path/that/must/not/be/broken/by/the/width/of/the/terminal/out/report.html")
    )
    for part in (
        "81 %",
        "likely",
        "excluded",
        ">  Return uncrewed",
        "day 73",
        "SIMULATED",
        "/terminal/out/report.html",
    ):
        assert part in text
    assert "/a/rather/long/path/that/must/not/be/broken/by/the/width/of/the/terminal/out/report.html" in text


def test_names_are_never_read_as_markup_or_pictures(findings: Findings) -> None:
    from dataclasses import replace

    odd = replace(findings, verdict=replace(findings.verdict, headline="shower:GEM: [bold]x[/bold]"))
    assert "shower:GEM: [bold]x[/bold]" in printed(odd)


def test_nothing_answered_is_said(nothing: Findings) -> None:
    text = printed(nothing)
    assert "No verdict" in text
    assert text.count("not answered in this run") == 9


def test_headline_is_the_rooms_own(findings: Findings) -> None:
    assert headline_of("leak", findings.hole).startswith("The hole is 0.81 mm")
    assert headline_of("leak", None) == "not answered in this run"
