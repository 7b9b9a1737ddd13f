"""Reading telemetry files: clocks, gaps, units, and every way in which a file can be wrong."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from whipple.casefile.read_channels import check_channel_files, columns_of, read_table, scale_to_si
from whipple.casefile.tables.channel import ChannelTable
from whipple.errors import CaseError

EPOCH = datetime(2022, 12, 15, 0, 45, tzinfo=UTC)


def table(folder: Path, text: str, name: str = "loop.csv") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def channel(**changes: object) -> ChannelTable:
    row = {
        "name": "p1",
        "file": "loop.csv",
        "column": "p1_bar",
        "unit": "bar",
        "measures": "pressure",
        "source": "test",
    }
    return ChannelTable.model_validate(row | changes)


def test_iso_times_become_seconds_since_the_epoch(tmp_path: Path) -> None:
    path = table(tmp_path, "time,p\n2022-12-15T00:44:00Z,3.0\n2022-12-15T00:46:00.500Z,2.9\n")
    _, (p,) = read_table(path, "time", ["p"], EPOCH)
    assert p.t_s.tolist() == [-60.0, 60.5]
    assert p.value.tolist() == [3.0, 2.9]


def test_an_offset_from_utc_is_honoured(tmp_path: Path) -> None:
    path = table(tmp_path, "time,p\n2022-12-15T03:45:00+03:00,3.0\n2022-12-15T03:46:00+03:00,2.9\n")
    _, (p,) = read_table(path, "time", ["p"], EPOCH)
    assert p.t_s.tolist() == [0.0, 60.0]


@pytest.mark.parametrize("zone", ["Europe/Moscow", "America/New_York"])
def test_a_time_without_a_zone_is_utc_on_every_machine(tmp_path: Path, zone: str) -> None:
    stamps = ["2022-12-15T00:45:00", "2022-12-15 00:45:00", "2022-12-15T00:45:00Z", "2022-12-14T19:45:00.000-0500"]
    paths = [str(table(tmp_path, f"time,p\n{stamp},3.0\n", f"{i}.csv")) for i, stamp in enumerate(stamps)]
    code = f"""
from pathlib import Path
from datetime import datetime, UTC
from whipple.casefile.read_channels import read_table
for path in {paths}:
    print(read_table(Path(path), "time", ["p"], datetime(2022, 12, 15, 0, 45, tzinfo=UTC))[1][0].t_s.tolist())
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=os.environ | {"TZ": zone}, check=True
    )
    assert done.stdout.split() == ["[0.0]"] * 4


def test_plain_numbers_are_seconds_since_the_epoch(tmp_path: Path) -> None:
    _, (p,) = read_table(table(tmp_path, "t;p\n-1.5;3\n2;4\n"), "t", ["p"], EPOCH)
    assert p.t_s.tolist() == [-1.5, 2.0]


def test_without_an_epoch_the_first_time_stamp_is_zero(tmp_path: Path) -> None:
    epoch, (p,) = read_table(table(tmp_path, "time,p\n2022-12-15T00:45:00Z,3\n2022-12-15T00:45:07Z,3\n"), "time", ["p"])
    assert epoch == EPOCH
    assert p.t_s.tolist() == [0.0, 7.0]


def test_gaps_and_repeated_stamps_are_dropped_and_counted(tmp_path: Path) -> None:
    path = table(tmp_path, "t,p,q\n0,1,5\n1,,6\n2,nan,7\n2,4,8\n3,5,9\n3,6,9\n")
    _, (p, q) = read_table(path, "t", ["p", "q"], EPOCH)
    assert (p.value.tolist(), p.dropped_count) == ([1.0, 4.0, 5.0], 3)
    assert (q.t_s.tolist(), q.dropped_count) == ([0.0, 1.0, 2.0, 3.0], 2)


def test_parquet_reads_like_csv(tmp_path: Path) -> None:
    import duckdb

    path = table(tmp_path, "time,p\n2022-12-15T00:45:00Z,3.0\n2022-12-15T00:45:20Z,2.5\n")
    copy = tmp_path / "loop.parquet"
    duckdb.execute(
        f"COPY (SELECT CAST(time AS TIMESTAMP) AS time, p FROM read_csv('{path}')) TO '{copy}' (FORMAT parquet)"
    )
    _, (p,) = read_table(copy, "time", ["p"], EPOCH)
    assert (p.t_s.tolist(), p.value.tolist()) == ([0.0, 20.0], [3.0, 2.5])
    assert columns_of(copy) == ("time", "p")


def test_offset_units_are_not_mistaken_for_factors() -> None:
    assert scale_to_si("degC", "K") == pytest.approx((1.0, 273.15))
    assert scale_to_si("bar", "Pa") == pytest.approx((1e5, 0.0))
    assert scale_to_si("mmHg", "Pa") == pytest.approx((133.322, 0.0), rel=1e-5)


def test_a_missing_file_names_the_near_one(tmp_path: Path) -> None:
    table(tmp_path, "time,p1_bar\n0,1\n", "loops.csv")
    (problem,) = check_channel_files(tmp_path, [channel()])
    assert problem.found == "no such file"
    assert "loops.csv" in problem.remedy


def test_a_missing_file_hints_at_no_file_of_another_name(tmp_path: Path) -> None:
    table(tmp_path, "time,p1_bar\n0,1\n1,1\n", "other_simulated.csv")
    (problem,) = check_channel_files(tmp_path, [channel(file="loop_simulated.csv")])
    assert problem.remedy == "put the file into the case folder"


@pytest.mark.parametrize(
    ("text", "key", "found"),
    [
        ("time,p1_bar\n", "", "0 usable samples in 0 rows"),
        ("time,p1_bar\n0,1\n", "", "1 usable samples in 1 rows"),
        ("time,p1_bar\n0,nan\n1,\n2,nan\n", "channel p1", "0 usable samples in 3 rows"),
        ("", "", "the file is empty"),
        ("\n \n", "", "the file is empty"),
    ],
)
def test_a_file_without_data_is_a_problem(tmp_path: Path, text: str, key: str, found: str) -> None:
    table(tmp_path, text)
    (problem,) = check_channel_files(tmp_path, [channel()])
    assert (problem.path, problem.key, problem.found) == ("loop.csv", key, found)


def test_a_missing_column_names_the_near_one_and_those_found(tmp_path: Path) -> None:
    table(tmp_path, "time,p1_baar,t1\n0,1,2\n")
    (problem,) = check_channel_files(tmp_path, [channel()])
    assert "p1_baar, t1" in problem.found
    assert problem.remedy == "did you mean 'p1_baar'?"


def test_words_among_the_numbers_are_shown_with_their_line(tmp_path: Path) -> None:
    table(tmp_path, "time,p1_bar\n0,1\n1,high\n2,3\n3,off\n")
    (problem,) = check_channel_files(tmp_path, [channel()])
    assert problem.found == "'high' in line 3 and 1 more"


def test_a_clock_that_runs_backwards_says_where_and_how_often(tmp_path: Path) -> None:
    table(tmp_path, "time,p1_bar\n0,1\n5,1\n3,1\n6,1\n4,1\n")
    (problem,) = check_channel_files(tmp_path, [channel()])
    assert problem.found == "time going backwards 2 times, first in line 4"


def test_an_unreadable_time_is_a_problem(tmp_path: Path) -> None:
    table(tmp_path, "time,p1_bar\n0,1\nyesterday,1\n2,1\n")
    (problem,) = check_channel_files(tmp_path, [channel()])
    assert "'yesterday' in line 3" in problem.found


@pytest.mark.parametrize("unit", ["K", "barr", "parsec per"])
def test_a_wrong_unit_is_a_problem(tmp_path: Path, unit: str) -> None:
    table(tmp_path, "time,p1_bar\n0,1\n1,1\n")
    problems = check_channel_files(tmp_path, [channel(unit=unit)])
    assert [problem.key for problem in problems] == ["channel p1.unit"]


def test_a_good_file_has_no_problem_and_a_bad_one_raises_them(tmp_path: Path) -> None:
    path = table(tmp_path, "time,p1_bar\n0,1\n1,1\n")
    assert check_channel_files(tmp_path, [channel()]) == []
    with pytest.raises(CaseError, match="no such column"):
        read_table(path, "time", ["p2_bar"], EPOCH)


def test_a_file_that_is_no_table_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "loop.parquet"
    path.write_bytes(b"not parquet at all")
    with pytest.raises(CaseError, match="CSV file with a header line, or Parquet"):
        read_table(path, "time", ["p"], EPOCH)


def test_names_with_quotes_are_only_names(tmp_path: Path) -> None:
    path = table(tmp_path, 'time,"p ""1"""\n0,1\n1,2\n', "o'clock.csv")
    _, (p,) = read_table(path, "time", ['p "1"'], EPOCH)
    assert np.array_equal(p.value, [1.0, 2.0])
