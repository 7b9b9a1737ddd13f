"""A table without a case: its times must be said to be seconds, its pressures the unit that their names end in."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from whipple.commands.telemetry import app
from whipple.commands.timed_table import read_timed, unit_of
from whipple.errors import RangeError
from whipple.telemetry.onset_caveats import stamp

NOON = datetime(2022, 12, 15, 12, tzinfo=UTC)


def table(path: Path, times: np.ndarray, column: str = "time") -> Path:
    file = path / "loop.csv"
    file.write_text("\n".join([f"{column},p1", *(f"{t!r},{2.5}" for t in times.tolist())]))
    return file


@pytest.mark.parametrize(
    ("column", "times", "word"),
    [
        ("time", 1.6710624e12 + 1e4 * np.arange(5), "--time-unit ms"),
        ("time", 1.6710624e15 + 1e7 * np.arange(5), "--time-unit us"),
        ("time", np.arange(5) / 360, "--time-unit s, min or h"),
        ("time_h", np.arange(5) / 360, "--time-unit h"),
        ("t_s", 1e13 + np.arange(5.0), "years 1957 to 2100"),
        ("t_s", -1e9 + np.arange(5.0), "years 1957 to 2100"),
    ],
)
def test_times_that_may_be_no_seconds_are_refused_with_the_option_to_try(
    tmp_path: Path, column: str, times: np.ndarray, word: str
) -> None:
    with pytest.raises(RangeError, match=word):
        read_timed(table(tmp_path, times, column), column, ["p1"], None)


@pytest.mark.parametrize(
    ("times", "unit", "epoch", "first_s"),
    [
        (1.6710624e12 + 1e4 * np.arange(5), "ms", None, 1.6710624e9),
        (1.6710624e9 + 10 * np.arange(5), "", None, 1.6710624e9),
        (2 + np.arange(5) / 360, "h", NOON, 7200.0),
        (np.arange(5.0), "min", None, 0.0),
    ],
)
def test_times_become_seconds(
    tmp_path: Path, times: np.ndarray, unit: str, epoch: datetime | None, first_s: float
) -> None:
    found = read_timed(table(tmp_path, times), "time", ["p1"], epoch, unit)
    assert found.channels[0].t_s[0] == pytest.approx(first_s)
    assert np.diff(found.channels[0].t_s) == pytest.approx(60 if unit == "min" else 10)
    assert found.undated == (unit == "min")


def test_dates_keep_to_the_epoch_that_was_given(tmp_path: Path) -> None:
    file = tmp_path / "dated.csv"
    file.write_text("time,p1\n2022-12-15T12:00:10Z,2.5\n2022-12-15T12:00:20Z,2.5\n")
    assert read_timed(file, "time", ["p1"], NOON).channels[0].t_s.tolist() == [10.0, 20.0]
    assert read_timed(file, "time", ["p1"], None).zero.second == 10


def test_dates_as_numbers_and_an_epoch_exclude_each_other(tmp_path: Path) -> None:
    with pytest.raises(RangeError, match="leave --epoch out"):
        read_timed(table(tmp_path, 1.6710624e9 + np.arange(5.0)), "time", ["p1"], NOON)


@pytest.mark.parametrize(
    ("column", "default", "unit"),
    [("p_kPa", "bar", "kPa"), ("p1 [psi]", "bar", "psi"), ("p_mbar", "bar", "mbar"), ("p_Pa", "bar", "Pa"), ("p_torr", "bar", "torr"),
     ("t_K", "degC", "K"), ("t1_degF", "degC", "degF")],
)  # fmt: skip
def test_a_name_that_ends_in_another_unit_refuses_the_default(column: str, default: str, unit: str) -> None:
    with pytest.raises(RangeError, match=f"write --unit {unit}"):
        unit_of(["p1", column], "", default, "--unit")
    assert unit_of([column], default, default, "--unit") == default


def test_the_verb_refuses_both(tmp_path: Path) -> None:
    file = str(table(tmp_path, 1.6710624e12 + 1e4 * np.arange(5)))
    found = CliRunner().invoke(app, ["detect", file, "--pressure", "p1"]).exception
    assert isinstance(found, RangeError)
    assert "--time-unit ms" in str(found)
    assert isinstance(
        CliRunner().invoke(app, ["detect", file, "--pressure", "p1", "--mtbf-days", "nan"]).exception, RangeError
    )


def test_a_time_beyond_the_calendar_is_told_and_not_a_crash() -> None:
    with pytest.raises(RangeError, match="milliseconds"):
        stamp(NOON, 1.6710624e12)


def dated(path: Path, pressure: str) -> str:
    file = path / "dated.csv"
    file.write_text("\n".join(["time,p1", *(f"2022-12-15T00:{i // 6:02d}:{i % 6}0Z,{pressure}" for i in range(120))]))
    return str(file)


@pytest.mark.parametrize(
    ("pressure", "words", "told"),
    [
        ("-2.5", [], "an absolute pressure, above zero"),
        ("0", [], "dead channel"),
        ("2.5", ["--pressure", "p1"], "a second time"),
        ("2.5", ["--mtbf-days", "1e-300"], "--mtbf-days"),
        ("2.5", ["--epoch", "9999-12-31"], "--epoch"),
    ],
)
def test_what_would_be_answered_with_nonsense_is_refused(
    tmp_path: Path, pressure: str, words: list[str], told: str
) -> None:
    found = CliRunner().invoke(app, ["detect", dated(tmp_path, pressure), "--pressure", "p1", *words]).exception
    assert isinstance(found, RangeError)
    assert told in str(found)
