"""Does the page show what leak, dynamics and contamination know: worth of data, saturation, what to turn away, where residue settles?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from whipple.casefile.case import Case
from whipple.casefile.estimate import Estimate
from whipple.casefile.findings import Findings
from whipple.casefile.findings.push import PushSite, PushSites
from whipple.report.figures.hole import draw_narrowing
from whipple.report.figures.push import draw_momentum
from whipple.report.figures.residue import draw_residue, draw_waits
from whipple.report.page import Section
from whipple.report.sections.contamination import contamination_section
from whipple.report.sections.dynamics import dynamics_section
from whipple.report.sections.leak import leak_section
from whipple.vehicle.stack import Stack


def test_the_worth_of_each_datum_stands_beside_it(case: Case, findings: Findings) -> None:
    assert findings.hole is not None
    figure = draw_narrowing(findings.hole)
    assert figure is not None
    assert "3.1 times narrower" in figure.svg
    section = leak_section(case, findings)
    assert section.tables[-1].caption.startswith("What would narrow the diameter")
    assert "1.3-fold" in section.tables[-1].rows[0][0]


def test_what_to_turn_comes_first_with_one_clock_for_all(
    case: Case,
    stack: Stack,
    findings: Findings,
    sections: tuple[Section, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    section = next(section for section in sections if section.room == "contamination")
    first = section.tables[0]
    assert first.caption == "What to shutter or turn away: 3.2 h from the onset (90 %: 3.0 h–3.4 h)"
    assert first.rows[0][0] == "Turn station.truss edge-on"
    assert [figure.name for figure in section.figures] == ["waits", "residue", "deposit"]
    deposit = findings.deposit
    assert deposit is not None
    other = "Shutter cupola until the spray ends: 9 % chance."
    monkeypatch.setattr("whipple.report.sections.contamination.draw_residue", lambda *_: None)
    mixed = replace(findings, deposit=replace(deposit, advice=(*deposit.advice, other)))
    assert contamination_section(case, stack, mixed).tables[0].head == ("do this", "how long", "because")
    calm = contamination_section(case, stack, replace(findings, deposit=replace(deposit, advice=())))
    assert calm.tables[0].caption == "The jet and its verdict"


def test_the_residue_is_drawn_only_on_its_own_stack(stack: Stack, findings: Findings) -> None:
    deposit = findings.deposit
    assert deposit is not None
    figure = draw_residue(stack, deposit)
    assert figure is not None
    assert figure.data is not None
    assert figure.data.rows[0][1] == "20.0 nm"
    assert draw_residue(stack, replace(deposit, facet_residue_m=np.ones(3))) is None
    assert draw_residue(stack, replace(deposit, facet_residue_m=np.zeros_like(deposit.facet_residue_m))) is None


def test_waits_start_at_the_onset_and_vanish_without_any(findings: Findings) -> None:
    deposit = findings.deposit
    assert deposit is not None
    figure = draw_waits(deposit, findings.hole)
    assert figure is not None
    assert figure.data is not None
    assert [name for name, _ in figure.data.rows][:2] == ["the hole sprays", "spacewalk near the plume"]
    none = replace(deposit, spacewalk_s=None, surfaces=())
    assert draw_waits(none, None) is None


def test_saturation_and_propellant_are_told(case: Case, stack: Stack, findings: Findings) -> None:
    push = findings.push
    assert push is not None
    rows = dict(dynamics_section(case, stack, findings).tables[0].rows)
    assert rows["what to do"].startswith("Nothing needs doing")
    assert rows["probability that the jet alone exceeds the capacity in that hold"] == "below 1 %"
    assert "kg" in rows["propellant to unload the peak"]
    assert "kick of the strike itself" not in rows
    kicked = replace(push, kick="No step was seen.", managed_peak_Nms=Estimate(2e3, 1e3, 3e3, "N*m*s"))
    rows = dict(dynamics_section(case, stack, replace(findings, push=kicked)).tables[0].rows)
    assert rows["kick of the strike itself"] == "No step was seen."
    assert rows["peak momentum of the jet alone, torque-equilibrium attitude"].startswith("2")
    full = replace(push, saturated_prob=0.97, saturates_s=Estimate(4e4, 3e4, 5e4, "s"))
    rows = dict(dynamics_section(case, stack, replace(findings, push=full)).tables[0].rows)
    assert rows["gyros full, from the onset"].startswith("11.1 h")


def test_a_near_capacity_is_drawn_on_a_plain_axis(findings: Findings) -> None:
    push = findings.push
    assert push is not None
    near = draw_momentum(replace(push, capacity_Nms=(3000.0,), peak_with_air_Nms=Estimate(2e3, 1e3, 4e3, "N*m*s")))
    far = draw_momentum(push)
    assert near is not None
    assert far is not None
    assert "jet and air" in near.svg
    assert "10⁴" in far.svg
    assert "10⁴" not in near.svg


def test_places_of_the_push_are_drawn_and_listed(case: Case, stack: Stack, findings: Findings) -> None:
    """Seven places: five in the short table, all below the drawing; one place: no distance."""
    push = findings.push
    assert push is not None
    part = stack.surfaces.parts[0].name
    spots = [stack.surfaces.centroid_m[0] + [i * 1.5, 0.0, 0.0] for i in range(7)]
    every = tuple(PushSite(part, tuple(spot), (0.0, 0.0, 1.0), 0.94 / 7, 0.4) for spot in spots)
    apart = np.linalg.norm(np.array(spots)[:, None] - np.array(spots), axis=2)
    sites = PushSites(
        every, apart, np.array(spots), np.full(7, 0.94 / 7), 3.0, (1.0, 2.0, 3.0), (part,), True, "Seven places fit."
    )
    section = dynamics_section(case, stack, replace(findings, push=replace(push, sites=sites)))
    short = next(table for table in section.tables if table.caption.startswith("Places that fit the push"))
    assert "5 of 7" in short.caption
    assert len(short.rows) == 5
    assert short.rows[1][-1] == "1.5 m"
    assert dict(section.tables[0].rows)["where the push comes from"] == "Seven places fit."
    drawing = next(figure for figure in section.figures if figure.name == "push-sites")
    assert drawing.data is not None
    assert len(drawing.data.rows) == 7
    none = dynamics_section(case, stack, findings)
    assert all(figure.name != "push-sites" for figure in none.figures)
