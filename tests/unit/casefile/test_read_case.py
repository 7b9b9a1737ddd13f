"""A case folder: strict keys, every problem in one pass, dated facts, a digest."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from whipple.casefile.read_case import digest_of, read_case
from whipple.commands.folders import BUNDLED
from whipple.errors import CaseError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the bundled case that a test may break."""
    return Path(shutil.copytree(BUNDLED / "soyuz-ms22", tmp_path / "case", ignore=shutil.ignore_patterns("out")))


def edit(folder: Path, old: str, new: str) -> None:
    text = (folder / "case.toml").read_text()
    assert old in text
    (folder / "case.toml").write_text(text.replace(old, new, 1))


def problems(folder: Path) -> list[str]:
    with pytest.raises(CaseError) as caught:
        read_case(folder)
    return [str(problem) for problem in caught.value.problems]


def test_the_bundled_case_reads() -> None:
    case = read_case(BUNDLED / "soyuz-ms22")
    assert case.loop().inventory_m3.value == pytest.approx(0.044)
    assert case.evidence("hole.normal_azimuth_rad")[0].value.value == pytest.approx(2.35619449)
    assert all(claim.use == "check" for claim in case.held_out())


def test_several_mistakes_are_told_at_once(folder: Path) -> None:
    edit(folder, "elements = ", "elemnts = ")
    edit(folder, '"44 L"', '"44"')
    edit(folder, '"3 atm"', '"3 m"')
    told = problems(folder)
    assert len(told) == 4  # a misspelt key is both unknown and missing
    assert any("orbit.elemnts" in t and "rename it to 'elements'" in t for t in told)
    assert any("loop[0].inventory" in t and "'44'" in t for t in told)
    assert any("loop[0].pressure" in t for t in told)


def test_an_unknown_table_names_the_near_match(folder: Path) -> None:
    edit(folder, "[attitude]", "[atitude]")
    assert any("rename it to 'attitude'" in t for t in problems(folder))


def test_an_option_that_flies_no_scenario_names_the_near_one(folder: Path) -> None:
    edit(folder, 'scenario = "return with 2 crew, 6 h"', 'scenario = "return with 2 crew, 6h"')
    (told,) = problems(folder)
    assert "].scenario: found 'return with 2 crew, 6h', expected one of: " in told
    assert "rename it to 'return with 2 crew, 6 h'" in told


def test_an_option_may_not_fly_a_scenario_that_stays_docked(folder: Path) -> None:
    docked = next(row.name for row in read_case(folder).thermal.scenario if row.docked)
    edit(folder, 'scenario = "return with 2 crew, 6 h"', f'scenario = "{docked}"')
    (told,) = problems(folder)
    assert f"found '{docked}', which stays docked, expected one of: 'return with" in told
    assert "that is not docked" in told


def test_an_option_flies_with_the_people_it_carries(folder: Path) -> None:
    """Three aboard on the scenario of an empty ship: harm by heat 0, and "all three return" was recommended."""
    edit(folder, 'scenario = "return with 2 crew, 6 h"', 'scenario = "return with 0 crew, 1.8 h"')
    (told,) = problems(folder)
    assert "crew_aboard" in told
    assert "expected 0, the crew of scenario 'return with 0 crew, 1.8 h'" in told


def test_an_unknown_source_key_is_an_error(folder: Path) -> None:
    edit(folder, 'source = "wikipedia-ms22"', 'source = "wikipedia-ms23"')
    assert any("'wikipedia-ms23'" in t and "wikipedia-ms22" in t for t in problems(folder))


def test_a_broken_toml_names_the_line(folder: Path) -> None:
    edit(folder, "[crew]", "[crew")
    assert "line" in problems(folder)[0]


def test_as_of_leaves_out_what_was_said_later() -> None:
    then = read_case(BUNDLED / "soyuz-ms22", as_of="2022-12-20")
    ids = {claim.id for claim in then.claims}
    assert "hole-borisov" in ids
    assert "official-cause" not in ids
    assert then.digest != read_case(BUNDLED / "soyuz-ms22").digest


def test_the_digest_sees_every_byte_but_not_the_results(folder: Path) -> None:
    before = digest_of(folder)
    (folder / "out").mkdir()
    (folder / "out" / "x").write_text("x")
    assert digest_of(folder) == before
    (folder / "iss.tle").write_text((folder / "iss.tle").read_text() + "\n")
    assert digest_of(folder) != before


def test_a_room_draws_the_same_numbers_alone() -> None:
    case = read_case(BUNDLED / "soyuz-ms22")
    assert case.rng("leak").random() == case.rng("leak").random()
    assert case.rng("leak").random() != case.rng("thermal").random()
