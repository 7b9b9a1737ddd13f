"""Reading element sets and choosing among them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from whipple.errors import CaseError, EvidenceError, SolveError
from whipple.physics.orbit import ElementSet, choose_elements, propagate
from whipple.physics.read_elements import checksum, element_problems, read_elements

ISS = Path(__file__).parents[3] / "src/whipple/cases/soyuz-ms22/iss.tle"
EVENT = datetime(2022, 12, 15, 0, 45, tzinfo=UTC)
BURN = (datetime(2022, 12, 21, tzinfo=UTC), "avoidance burn")
SETS = read_elements(ISS)


def fabricate(element: ElementSet, node_deg: float, day: str | None = None) -> ElementSet:
    """The same set with its node moved (and another epoch), checksums made right again: what a forger does."""
    line1 = element.line1 if day is None else element.line1[:18] + day + element.line1[32:]
    line2 = f"{element.line2[:17]}{(float(element.line2[17:25]) + node_deg) % 360:8.4f}{element.line2[25:]}"
    path_lines = [f"{line[:68]}{checksum(line)}" for line in (line1, line2)]
    epoch = element.epoch if day is None else datetime(2022, 12, 14, 13, tzinfo=UTC)
    return ElementSet(*path_lines, "", epoch, element.catalogue_number)


def test_reads_every_set_with_epoch_and_number():
    assert len(SETS) == 4
    assert {element.catalogue_number for element in SETS} == {25544}
    assert SETS[1].epoch.strftime("%Y-%m-%d %H:%M") == "2022-12-16 22:19"


def test_reads_three_line_sets(tmp_path):
    (tmp_path / "a.tle").write_text(f"0 ISS (ZARYA)\n{SETS[1].line1}\n{SETS[1].line2}\n")
    assert read_elements(tmp_path / "a.tle")[0].name == "ISS (ZARYA)"


def test_a_bad_checksum_names_file_line_found_and_expected(tmp_path):
    (tmp_path / "bad.tle").write_text(f"# made up\n{SETS[1].line1[:-1]}3\n{SETS[1].line2}\n")
    with pytest.raises(CaseError) as error:
        read_elements(tmp_path / "bad.tle")
    (problem,) = error.value.problems
    assert (problem.path, problem.key, problem.found) == ("bad.tle", "line 2", "checksum 3")
    assert problem.expected.startswith("8 ")


def test_every_problem_is_reported_in_one_pass(tmp_path):
    one, two = SETS[0], SETS[1]
    text = f"{one.line1[:-1]}0\n{one.line2[:-1]}1\n{two.line1[:40]}\n{two.line2}\n2 orphan\n1 last\n"
    (tmp_path / "bad.tle").write_text(text)
    keys = [problem.key for problem in element_problems(tmp_path / "bad.tle")]
    assert keys == ["line 5", "line 1", "line 2", "line 3", "line 6"] or sorted(keys) == [
        "line 1",
        "line 2",
        "line 3",
        "line 5",
        "line 6",
    ]


@pytest.mark.parametrize("text", ["", "# nothing\n", "hello\n"])
def test_a_file_without_sets_is_a_problem(tmp_path, text):
    (tmp_path / "none.tle").write_text(text)
    assert "no element set" in element_problems(tmp_path / "none.tle")[0].found


def test_a_missing_file_is_a_problem(tmp_path):
    assert element_problems(tmp_path / "absent.tle")[0].found == "no such file or directory"


def test_two_objects_in_one_set_are_refused(tmp_path):
    line2 = SETS[1].line2.replace("2 25544", "2 25545")
    (tmp_path / "mix.tle").write_text(f"{SETS[1].line1}\n{line2[:68]}{checksum(line2)}\n")
    assert "25544 and 25545" in element_problems(tmp_path / "mix.tle")[0].found


def test_letters_in_a_number_column_are_refused(tmp_path):
    line2 = SETS[1].line2[:34] + "12x.7951" + SETS[1].line2[42:]
    (tmp_path / "odd.tle").write_text(f"{SETS[1].line1}\n{line2[:68]}{checksum(line2)}\n")
    assert "12x.7951" in element_problems(tmp_path / "odd.tle")[0].found


def test_the_16_december_set_is_chosen_and_the_others_are_explained():
    choice = choose_elements(SETS, EVENT, [BURN], 5.0)
    assert choice.chosen is SETS[1]
    early, late, later = choice.rejected
    assert "too far in time: 10.0 days" in early
    assert "50 km (6.6 s) ahead" in early
    for text in (late, later):
        assert "after the manoeuvre of 2022-12-21" in text
        assert "the event lies on the other side" in text
    assert choice.along_track_s == pytest.approx(6.58, abs=0.1)


def test_a_manoeuvre_before_the_event_rejects_older_sets():
    burn = (datetime(2022, 12, 10, tzinfo=UTC), "reboost")
    choice = choose_elements(SETS, EVENT, [burn], 20.0)
    assert "before the manoeuvre of 2022-12-10" in choice.rejected[0]


def test_a_fabricated_set_nearer_in_time_is_rejected_by_its_node():
    fake = fabricate(SETS[1], 5.0, "22348.54006157")
    choice = choose_elements([*SETS, fake], EVENT, [BURN], 5.0)
    assert choice.chosen is SETS[1]
    assert "deg off the plane" in choice.rejected[-1]


def test_a_genuine_node_is_not_rejected():
    moved = fabricate(SETS[1], 0.0)
    assert choose_elements([*SETS, moved], EVENT, [BURN], 5.0).chosen in (SETS[1], moved)


def test_two_sets_that_contradict_each_other_are_not_chosen_between():
    with pytest.raises(EvidenceError, match="off the plane"):
        choose_elements([SETS[1], fabricate(SETS[1], 5.0, "22348.54006157")], EVENT, [], 5.0)


def test_an_epoch_outside_validity_is_refused_with_the_reason():
    with pytest.raises(EvidenceError, match="too far in time") as error:
        choose_elements(SETS[:2], datetime(2023, 3, 1, tzinfo=UTC), [], 5.0)
    assert "valid_days" in error.value.remedy


def test_no_sets_at_all_is_refused():
    with pytest.raises(EvidenceError, match="the file holds none"):
        choose_elements([], EVENT)


def test_a_decayed_orbit_is_said():
    with pytest.raises(SolveError, match="sgp4"):
        propagate(SETS[1], datetime(2026, 12, 15, tzinfo=UTC), np.linspace(0, 4e8, 5))
