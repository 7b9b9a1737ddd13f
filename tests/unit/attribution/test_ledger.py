"""A typed ledger, and its mistakes."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from whipple.attribution.ledger import parse_ledger, settle
from whipple.attribution.words import likelihood_word, percent
from whipple.commands.attribution import app
from whipple.errors import CaseError

GOOD = """
[[cause]]
name = "meteoroid"
expected = { is = 0.02, low = 0.005, high = 0.08 }
[[cause]]
name = "defect"
expected = 0.002
[[observation]]
says = "the hole is round"
group = "outline"
likelihood = { meteoroid = 0.9, defect = 0.3 }
"""


def test_a_ledger_is_settled():
    causes = [{"name": "a", "expected": 0.3}, {"name": "b", "expected": 0.1}]
    rows = [{"says": "x", "likelihood": {"a": 0.1, "b": 0.9}}]
    answer = settle(*parse_ledger({"cause": causes, "observation": rows}, "ledger.toml"))
    assert answer["a"].median == pytest.approx(0.3 * 0.1 / (0.3 * 0.1 + 0.1 * 0.9))


def test_every_mistake_is_reported_in_one_pass():
    content = {
        "cause": [
            {"name": "a", "expected": -1},
            {"name": "b", "expected": {"is": 1, "low": 2}},
            {"expected": 1},
            {"name": "c", "expected": 1.0},
        ],
        "observation": [
            {"says": "x", "likelihood": {"c": 0.0}},
            {"likelihood": {"c": 1.0}},
            {"says": "y", "likelihood": {"z": 0.5, "c": 0.5}},
        ],
        "colour": "red",
    }
    with pytest.raises(CaseError) as caught:
        parse_ledger(content, "ledger.toml")
    assert [p.key for p in caught.value.problems] == [
        "cause.a",
        "cause.b",
        "cause.?",
        "observation.x.c",
        "observation.?",
        "observation.y.z",
        "colour",
    ]
    assert "try:" in str(caught.value)


def test_an_empty_ledger_says_what_is_missing():
    with pytest.raises(CaseError, match=r"no \[\[cause\]\]"):
        parse_ledger({}, "ledger.toml")


def test_the_command_prints_a_table_and_json(tmp_path):
    file = tmp_path / "ledger.toml"
    file.write_text(GOOD)
    shown = CliRunner().invoke(app, ["weigh", str(file)])
    assert shown.exit_code == 0
    assert "meteoroid" in shown.stdout
    told = json.loads(CliRunner().invoke(app, ["weigh", str(file), "--json"]).stdout)
    assert told["standing"] in ("named", "leading", "undetermined")
    assert f"{told['standing']}: meteoroid, the most probable in" in shown.stdout
    answer = told["causes"]
    assert sum(entry["lead_frac"] for entry in answer) == pytest.approx(1.0)
    assert answer[0]["cause"] == "meteoroid"
    assert sum(entry["posterior_prob"] for entry in answer) == pytest.approx(1.0)


@pytest.mark.parametrize("content", ["[[cause]\n", None])
def test_an_unreadable_ledger_names_the_file(tmp_path, content):
    file = tmp_path / "ledger.toml"
    if content is not None:
        file.write_text(content)
    result = CliRunner().invoke(app, ["weigh", str(file)])
    assert isinstance(result.exception, CaseError)
    assert "ledger.toml" in str(result.exception)


def test_words_and_percent_at_the_ends():
    assert likelihood_word(0.66) == "about as likely as not"
    assert likelihood_word(1.0) == "virtually certain"
    assert (percent(0.9999), percent(0.995), percent(0.0)) == ("above 99.9 %", "99.5 %", "below 0.1 %")
    with pytest.raises(ValueError, match="probability"):
        likelihood_word(1.2)
