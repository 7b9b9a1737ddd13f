"""What stops an investigation is told by `check` before it: by file, key, what was found, what is expected and a remedy."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from whipple.commands.checking import problems_in
from whipple.commands.folders import BUNDLED

CLAIM = """
[[claim]]
id = "felt"
about = "strike.forward_m_s"
says = "-0.01 m/s"
said_by = "flight dynamics"
said_on = 2022-12-15
use = "evidence"
source = "example"
"""


def told(tmp_path: Path, old: str, new: str) -> list[tuple[str, str, str]]:
    folder = tmp_path / "case"
    shutil.copytree(BUNDLED / "template", folder)
    text = (folder / "case.toml").read_text(encoding="utf-8")
    assert old in text
    (folder / "case.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    found = problems_in(folder)
    assert all(one.expected and one.remedy for one in found)
    return [(one.path, one.key, one.found) for one in found]


@pytest.mark.parametrize(
    ("old", "new", "key", "found"),
    [
        ("catalogue_number = 25544", "catalogue_number = 25545", "orbit.catalogue_number", "25545"),
        ('{ is = "290 K", low = "280 K", high = "300 K" }', '"36 K"', "loop[0].temperature", "36 K"),
        ('{ is = "10 L", low = "9 L", high = "11 L" }', '"10 mL"', "loop[0].inventory", "0.01 L"),
        ('{ is = "3 bar", low = "2.8 bar", high = "3.2 bar" }', '"3 mbar"', "loop[0].pressure", "300 Pa"),
        ("[[hypothesis]]", CLAIM + "\n[[hypothesis]]", "claim[0].says", "-0.01 m/s, without a range"),
    ],
)
def test_what_would_stop_the_run_is_told(tmp_path: Path, old: str, new: str, key: str, found: str) -> None:
    assert told(tmp_path, old, new) == [("case.toml", key, found)]


def test_what_the_run_can_take_is_not_told(tmp_path: Path) -> None:
    """A claim with a range, one that is only compared, and no catalogue number in a file of one object."""
    ranged = CLAIM.replace('"-0.01 m/s"', '{ is = "-0.01 m/s", low = "-0.02 m/s", high = "-0.005 m/s" }')
    compared = CLAIM.replace('"evidence"', '"check"').replace('"felt"', '"compared"')
    assert told(tmp_path, "[[hypothesis]]", ranged + compared + "\n[[hypothesis]]") == []
    assert told(tmp_path / "other", "catalogue_number = 25544", "") == []


def test_the_template_says_one_wall_of_the_suspect_part() -> None:
    from whipple.casefile.read_case import read_case
    from whipple.vehicle.build import surfaces_of
    from whipple.vehicle.read_vehicle import read_vehicle

    for name in ("template", "soyuz-ms22", "progress-ms21", "sentinel-1a"):
        case = read_case(BUNDLED / name)
        parts = surfaces_of(read_vehicle(case.folder, case.vehicle.file)).parts
        (wall_m,) = (part.wall_m for part in parts if part.name == case.vehicle.site_part)
        assert wall_m == case.vehicle.site_wall_m.value, name
