"""`whipple telemetry isolate`: which segment of a loop leaks, and which valve test would tell."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from whipple.casefile.case import Case
    from whipple.casefile.findings.isolation import Isolation, NextTest

__all__ = ["isolate"]

_BAR = 30


def isolate(
    case: Annotated[str, typer.Argument(help="a case folder, or the name of a bundled case")],
    at_once: Annotated[int, typer.Option(help="valves that may be shut together in one test")] = 2,
    telemetry: Annotated[
        bool, typer.Option(help="read the channels and date the onset; else typed-in tests only")
    ] = True,
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """Which segment leaks: probabilities from the loop's graph, its gauges and the tests made; and the valve test to make next.

    The case needs [[loop.segment]], [[loop.gauge]] and the accumulator's node; tests made are [[loop.test]]: see
    docs/theory/telemetry_isolation.md for every key. Make the test it asks for, write its readings down, ask again.

    \b
    Example:
      whipple telemetry isolate my-case
      whipple telemetry isolate my-case --at-once 4 --json
    """
    from whipple.casefile.read_case import read_case
    from whipple.commands.folders import case_folder
    from whipple.errors import EvidenceError, RangeError

    if not 1 <= at_once <= 4:
        raise RangeError("telemetry isolate", "--at-once", at_once, "1 to 4", "2")
    found = _answer(read_case(case_folder(case)), at_once, telemetry)
    if found is None:
        remedy = "describe segments, valves, pumps and gauges of the loop: docs/theory/telemetry_isolation.md"
        raise EvidenceError("Which segment leaks?", "[[loop.segment]] in any loop of the case", remedy)
    typer.echo(json.dumps(_plain(found), sort_keys=True) if as_json else _told(found))


def _answer(case: Case, at_once: int, telemetry: bool) -> Isolation | None:
    """The answer that dating the onset brings along; asked again only for another number of valves, or without the channels."""
    from rich.console import Console

    from whipple.casefile.read_channels import read_record
    from whipple.telemetry import find_onset
    from whipple.telemetry.isolation_answer import AT_ONCE, isolate

    if not telemetry or not case.channels or not any(loop.segment for loop in case.loops):
        return isolate(case, (), None, at_once)
    with Console(stderr=True).status("reading the channels and dating the onset ..."):  # silent where nobody looks on
        onset = find_onset(case)
    return onset.isolation if at_once == AT_ONCE else isolate(case, read_record(case).channels, onset, at_once)


def _plain(found: Isolation) -> dict[str, Any]:
    """The answer as plain values for JSON."""
    from whipple.casefile.codec import plain

    return dict(plain(found))


def _told(found: Isolation) -> str:
    """The answer for people: a bar a segment, the tests worth making, what to beware of."""
    wide = max(len(one.name) for one in found.segments)
    rate = found.rate_per_s
    percent = [f"{100 * 3600 * x:.2g}" for x in (rate.median, rate.low, rate.high)]
    lines = [found.headline, "", f"{'segment':<{max(wide, 7)}}  now   before"]
    for one in found.segments:
        bar = "#" * round(_BAR * one.leaks_prob)
        lines.append(f"{one.name:<{max(wide, 7)}}  {one.leaks_prob:.3f} {one.prior_prob:.3f}  {bar}".rstrip())
    if found.trial_count:
        lines += [
            "",
            f"leak: {percent[0]} % of the inventory an hour ({percent[1]} to {percent[2]}), from {_counted(found.trial_count)}",
        ]
    if found.tests:
        lines += ["", "tests worth making, most telling first (1 bit = one halving):"]
        lines += [_test_line(i, test) for i, test in enumerate(found.tests, 1)]
    if found.would_part:
        lines += ["", "what else would tell:", *(f"  - {text}" for text in found.would_part)]
    notes = [f"note: {caveat.text}" for caveat in found.caveats if caveat.code != "would-part"]
    return "\n".join([*lines, "", *notes])


def _counted(count: int) -> str:
    return "1 trial" if count == 1 else f"{count} trials"


def _test_line(number: int, test: NextTest) -> str:
    return f"  {number}. {test.gain_nat / 0.6931471805599453:.2f} bit  {test.sentence}"
