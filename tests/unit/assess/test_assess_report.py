"""The page, the files and the command of a look ahead."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from pathlib import Path

import made_by_hand as hand
import numpy as np
import pytest
import typer
from scipy.io import netcdf_file
from typer.testing import CliRunner

from whipple.casefile.estimate import Estimate
from whipple.casefile.tables.assess_table import AcceptanceTable
from whipple.commands import assess as command
from whipple.errors import CaseError, RangeError
from whipple.exposure.read_plan import Plan
from whipple.exposure.risk import Whole
from whipple.report.assess import maps
from whipple.report.assess.figures import draw_sources
from whipple.report.assess.maps import FIRST_EYE, EYE_m, map_layers, map_payload, marked_spot
from whipple.report.assess.tables import _count, cards
from whipple.report.assess.terminal import print_risk
from whipple.report.assess.write_assess import write_assessment

REQUIRED = AcceptanceTable.model_validate(
    {"name": "cube holds", "parts": ["cube"], "pnp": 0.9, "source": "hb2009_214785"}
)


def answer():
    phases = [hand.phase([hand.stream()], 0.25, t_s=100.0 * i) for i in range(4)]
    sky = hand.skies(hand.stream(level=2.0), phases=phases, duration_s=1e6)
    return hand.assessed(hand.cube(), sky, Plan(acceptance=(REQUIRED,)))


def test_everything_is_written_and_the_same_twice(tmp_path):
    risk = answer()
    pages = [write_assessment(hand.case(), hand.cube(), None, risk, tmp_path / name) for name in ("one", "two")]
    assert pages[0].read_bytes() == pages[1].read_bytes()
    names = sorted(path.name for path in (tmp_path / "one").rglob("*") if path.is_file())
    assert names == [
        "assess.html", "assess_arrivals.svg", "assess_doubts.svg", "assess_map.svg", "assess_parts.svg", "assess_sources.svg",
        "assess_times.svg", "assessment.csv", "assessment.json", "assessment.nc",
    ]  # fmt: skip
    data = json.loads((tmp_path / "one" / "assessment.json").read_text())
    assert data["risk"]["total"]["none_prob"]["median"] == pytest.approx(risk.total.none_prob.median)
    with netcdf_file(str(tmp_path / "one" / "assessment.nc"), "r", mmap=False) as store:
        kept = store.variables["risk_facets_puncture_per_m2_s"][:]
    assert kept == pytest.approx(risk.facets.puncture_per_m2_s)


def test_the_page_says_the_numbers_and_loads_nothing_from_outside(tmp_path):
    text = write_assessment(hand.case(), hand.cube(), None, answer(), tmp_path).read_text()
    assert "probability of no puncture" in text
    assert "cube holds" in text
    assert not re.search(r'(?:src|href)="https?://(?!doi|ntrs|www|arxiv|[^"]*")', text)
    assert "<script src" not in text
    ids = re.findall(r' id="([^"]+)"', text)
    assert len(ids) == len(set(ids))


def test_the_map_holds_a_layer_for_punctures_and_strikes_of_every_source():
    risk = answer()
    names = [name for name, _ in map_layers(risk)]
    assert names == ["punctures, all sources", "strikes, all sources", "punctures, isotropic", "strikes, isotropic"]
    payload = json.loads(map_payload(hand.cube(), None, risk))
    assert [row["name"] for row in payload["streams"]] == names
    assert payload["sitePart"] == "cube"


def test_the_red_ball_is_where_the_first_view_sees_it_and_the_page_says_when_it_does_not(tmp_path):
    eye = np.array(FIRST_EYE) / np.linalg.norm(FIRST_EYE)
    spot, part, seen = marked_spot(hand.cube(), answer())
    assert (part, seen) == ("cube", True)
    assert np.abs(spot).max() == pytest.approx(0.5), "on a side of the cube, not inside it"
    assert spot @ eye > 0, "on the side that the first view looks at"
    screen = hand.placed((8.0, 0.1, 8.0), (0.0, 2.0, 0.0))
    hidden = hand.stack(
        [hand.placed((1.0, 1.0, 1.0)), screen], [hand.part("cube"), hand.part("screen", material="cheese")]
    )
    risk = hand.assessed(hidden, hand.skies())
    spot, part, seen = marked_spot(hidden, risk)
    assert (part, seen) == ("cube", False)
    assert np.abs(spot).max() == pytest.approx(0.5)
    text = write_assessment(hand.case(), hidden, None, risk, tmp_path).read_text()
    assert (
        "A red ball marks cube, the part that is pierced most, where its rate is highest; the first view hides it"
        in text
    )


def test_the_first_view_of_the_script_is_the_one_the_ball_is_placed_for():
    script = (Path(maps.__file__).parents[1] / "assets" / "stack_view.js").read_text(encoding="utf-8")
    eye = ",".join(f"{value:g}".replace("0.", ".") for value in FIRST_EYE)
    assert f"site:[{eye}]" in script
    assert f"?{EYE_m:g}:this.reach" in script


def test_a_vehicle_without_walls_still_gets_its_page_and_no_false_zeros(tmp_path, capsys):
    risk = hand.assessed(hand.cube(material="cheese"), hand.skies())
    text = write_assessment(hand.case(), hand.cube(material="cheese"), None, risk, tmp_path).read_text()
    assert "not the same as safe" in text
    assert "No puncture was counted" in text
    shares = draw_sources(risk)
    assert [row[2] for row in shares.data.rows] == ["–"]
    assert "punctures" not in shares.alt
    with (tmp_path / "assessment.csv").open() as file:
        row = next(csv.DictReader(file))
    assert (row["part_risk_frac"], row["part_puncture_count"]) == ("", "")
    print_risk(risk, tmp_path / "assess.html")
    told = next(line for line in capsys.readouterr().out.splitlines() if line.strip().startswith("cube"))
    assert told.split()[-3:] == ["–", "–", "–"]


def test_counts_are_told_with_the_figures_that_their_intervals_allow():
    wide = Estimate(0.0, 0.0, 1e-9, "")
    assert _count(Estimate(1243.2, 276.4, 14448.0, "")) == "1\u00a0240 (280 to 14\u00a0000)"
    assert _count(None) == "not counted"
    total = Whole("all", 1.0, Estimate(14.0, 3.0, 144674.0, ""), Estimate(1352.0, 378.0, 6718.0, ""), wide, 1.0)
    told = {title: (big, small) for title, big, small in cards(replace(answer(), total=total))}
    assert told["No puncture"][1].startswith("over the whole 90 % interval")
    assert told["Expected punctures"] == ("1\u00a0400", "90 % interval 380 to 6\u00a0700")


@pytest.fixture
def app() -> typer.Typer:
    made = typer.Typer()
    made.command()(command.assess_case)
    return made


def test_the_command_refuses_what_cannot_be(app):
    for asked, error, said in (
        (["soyuz-ms22", "--duration", "90"], RangeError, "unit"),
        (["soyuz-ms22", "--duration", "-1 day"], RangeError, "above 0"),
        (["soyuz-ms23"], CaseError, "soyuz-ms22"),
    ):
        with pytest.raises(error, match=said):
            CliRunner().invoke(app, asked, catch_exceptions=False)


def test_the_command_answers_remembers_and_says_when_it_was_stopped(app, tmp_path, monkeypatch):
    import whipple.assessment

    calls = []

    def quick(case, ask, *, duration_s=None, positions=None, stack=None, telling=None):
        return ask("assess", counted, case)

    def counted(case) -> whipple.exposure.risk.Risk:
        calls.append(case.digest)
        return answer()

    from whipple.exposure.risk import Risk

    counted.__annotations__["return"] = Risk
    monkeypatch.setattr(whipple.assessment, "assess", quick)
    monkeypatch.setattr("whipple.casefile.notebook.code_fingerprint", lambda package: "the same code")
    monkeypatch.setattr("whipple.vehicle.build", lambda case: hand.cube())
    out = str(tmp_path / "out")
    first = CliRunner().invoke(app, ["soyuz-ms22", "--out", out], catch_exceptions=False)
    assert first.exit_code == 0
    assert "report:" in first.stdout
    second = CliRunner().invoke(app, ["soyuz-ms22", "--out", out, "--json"], catch_exceptions=False)
    assert json.loads(second.stdout)["schema"] == "whipple-assessment/1"
    assert len(calls) == 1
    CliRunner().invoke(app, ["soyuz-ms22", "--out", out, "--duration", "2 day"], catch_exceptions=False)
    assert len(set(calls)) == 2

    def stopped(*about, **more):
        raise KeyboardInterrupt

    monkeypatch.setattr(whipple.assessment, "assess", stopped)
    assert CliRunner().invoke(app, ["soyuz-ms22", "--out", out]).exit_code == 130
