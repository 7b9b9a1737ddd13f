"""A case folder: strict keys, every problem in one pass, dated facts, a digest."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from whipple.casefile.read_case import digest_of, read_case
from whipple.commands.checking import problems_in
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
    assert len(told) == 3  # a misspelt key is one mistake: unknown, not also missing
    assert any("orbit.elemnts" in t and "rename it to 'elements'" in t for t in told)
    assert any("loop[0].inventory" in t and "'44'" in t for t in told)
    assert any("loop[0].pressure" in t for t in told)


def test_a_wrong_key_hides_no_other_mistake_of_its_table(folder: Path) -> None:
    for old, new in (
        ('ship = "soyuz"', 'shp = "soyuz"'),
        ('centre_of_mass = ["-3.0 m"', 'centre_of_mass = ["-3.0"'),
        ('source = "jeod-inertia"', 'source = "jeod-inerta"'),
        ("exposed_since = 2022-09", "exposed_sinc = 2023-09"),
        ('site_part = "soyuz.radiator"', 'site_part = "soyuz.radiatr"'),
    ):
        edit(folder, old, new)
    told = {problem.key: problem.found for problem in problems_in(folder)}
    assert told == {
        "case.exposed_sinc": "an unknown key",
        "case.exposed_since": "exposed_since = 2023-09-21T13:54:50+00:00, epoch = 2022-12-15T00:45:00+00:00",
        "vehicle.shp": "an unknown key",
        "vehicle.centre_of_mass": "'-3.0'",
        "vehicle.source": "'jeod-inerta'",
        "part": "no part 'soyuz.radiatr'",
    }


def test_a_wrong_quantity_hides_nothing_that_rests_on_its_table(folder: Path) -> None:
    edit(folder, 'site_wall = { is = "1 mm"', 'site_wall = { is = "1"')
    edit(folder, 'ship = "soyuz"', 'ship = "soyus"')
    edit(folder, 'inventory = { is = "44 L"', 'inventory = { is = "44"')
    edit(folder, 'fluid = "isooctane"', 'fluid = "isooctan"')
    edit(folder, 'source = "sputnik-1105655709"\n\n[thermal]', 'source = "sputnik-110565570"\n\n[thermal]')
    told = [problem.key for problem in problems_in(folder)]
    assert told == ["vehicle.site_wall", "loop[0].inventory", "loop[0].source", "module", "loop[0].fluid"]


def test_a_source_is_known_however_deep_it_is_named(folder: Path) -> None:
    edit(
        folder,
        'gyro_capacity = [\n  { is = "19520 N*m*s", source = "boeing-gnc" }',
        'gyro_capacity = [\n  { is = "19520 N*m*s", source = "boing" }',
    )
    (told,) = problems(folder)
    assert told.startswith("case.toml, vehicle.gyro_capacity[0].source: found 'boing'")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("unti", "rename it to 'unit'"),
        ("Unit", "rename it to 'unit'"),
        ("colour", "remove it, or"),  # not 'column', which is only half like it
        ("colum", "remove it, or"),  # 'column' is given already
        ("notes", "remove it, or"),  # a channel has no note
    ],
)
def test_a_near_key_is_a_near_one_that_is_still_free(folder: Path, written: str, expected: str) -> None:
    if "unit" in expected:
        edit(folder, 'unit = "bar"', f'{written} = "bar"')
    else:
        edit(folder, 'unit = "bar"', f'unit = "bar"\n{written} = "bar"')
    (told,) = problems(folder)
    assert expected in told


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
