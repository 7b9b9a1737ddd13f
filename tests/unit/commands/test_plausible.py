"""Dates and sizes that no flight can have are refused by name; what a flight can have is not."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from whipple.commands.folders import BUNDLED, bundled_names
from whipple.commands.loose_tables import loose
from whipple.commands.plausible import sound_epoch, unlikely

TODAY = datetime(2026, 6, 1, tzinfo=UTC)


def told(tmp_path: Path, *changes: tuple[str, str]) -> dict[str, str]:
    """What is found unlikely in the bundled case after some changes, by key."""
    shutil.copy(BUNDLED / "soyuz-ms22" / "case.toml", tmp_path)
    text = (tmp_path / "case.toml").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    (tmp_path / "case.toml").write_text(text, encoding="utf-8")
    return {problem.key: problem.found for problem in unlikely(loose(tmp_path), TODAY)}


@pytest.mark.parametrize(
    ("old", "new", "key", "found"),
    [
        ('site_wall = { is = "1 mm", low = "0.5 mm", high = "2 mm"', 'site_wall = { is = "2 m"', "vehicle.site_wall", "2 m"),
        ('"3 atm", low = "2.5 atm", high = "3.5 atm"', '"3 mPa"', "loop[0].pressure", "0.003 Pa"),
        ('about = "impactor.speed_m_s"\nsays', 'about = "impactor.speed_m_s"\nsays = "7000 km/s"\nsaid', "claim[16].says", "7e+06 m/s"),
        ("known = 2022-12-16", "known = 2032-12-16", "option[0].known", "2032-12-16"),
        ("known = 2023-02-13", "known = 2002-02-13", "image[0].known", "2002-02-13"),
        ("said_on = 2022-12-22", "said_on = 2012-12-22", "claim[0].said_on", "2012-12-22"),
        ("epoch = 2022-12-15T00:45:00Z", "epoch = 1970-01-01", "case.epoch", "1970-01-01, where Unix seconds begin"),
        ("epoch = 2022-12-15T00:45:00Z", "epoch = 0202-12-15", "case.epoch", "0202-12-15, when nothing flew"),
    ],
)  # fmt: skip
def test_what_no_flight_has_is_refused_by_name(tmp_path: Path, old: str, new: str, key: str, found: str) -> None:
    earlier = ("exposed_since = 2022-09-21T13:54:50Z", "exposed_since = 0200-01-01")
    changes = [(old, new), earlier] if key == "case.epoch" else [(old, new)]
    assert told(tmp_path, *changes) == {key: found}


def test_what_flew_is_not_unlikely() -> None:
    for name in bundled_names():
        assert unlikely(loose(BUNDLED / name), TODAY) == []


def test_an_exercise_may_lie_ahead_of_today(tmp_path: Path) -> None:
    """A case whose epoch is still to come is made up: its dates are not held against the clock."""
    later = (
        ("epoch = 2022-12-15T00:45:00Z", "epoch = 2030-12-15T00:45:00Z"),
        ("known = 2022-12-16", "known = 2032-12-16"),
    )
    assert "option[0].known" not in told(tmp_path, *later)


def test_what_was_said_of_the_past_may_be_said_before(tmp_path: Path) -> None:
    shutil.copy(BUNDLED / "progress-ms21" / "case.toml", tmp_path)
    assert {row.said_on < loose(tmp_path).epoch for row in loose(tmp_path).claims.values()} == {True, False}
    assert unlikely(loose(tmp_path), TODAY) == []


def test_nothing_is_measured_against_an_epoch_that_cannot_be(tmp_path: Path) -> None:
    told(tmp_path, ("epoch = 2022-12-15", "epoch = 1970-01-01"), ("exposed_since = 2022", "exposed_since = 1969"))
    assert loose(tmp_path).epoch is not None
    assert sound_epoch(loose(tmp_path)) is None
