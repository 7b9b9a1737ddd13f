"""Numbers in a time column that cannot be seconds since the epoch of the case."""

from datetime import UTC, datetime

import pytest

from whipple.casefile.read_channels import check_channel_files, read_table
from whipple.casefile.tables.channel import ChannelTable
from whipple.errors import CaseError

EPOCH = datetime(2022, 12, 15, 0, 45, tzinfo=UTC)
_CHANNEL = ChannelTable(name="p", file="a.csv", column="p", unit="bar", measures="pressure", source="s")


@pytest.mark.parametrize("first", [1671064200, 1671064200000, -200000000])
def test_unix_times_are_refused_as_seconds_since_the_epoch(tmp_path, first) -> None:
    (tmp_path / "a.csv").write_text("time,p\n" + "".join(f"{first + i},3\n" for i in range(3)))
    (problem,) = check_channel_files(tmp_path, [_CHANNEL])
    assert problem.key == "time"
    assert f"{first} in line 2" in problem.found
    assert "ISO 8601" in problem.remedy
    with pytest.raises(CaseError, match="since the epoch"):
        read_table(tmp_path / "a.csv", "time", ["p"], EPOCH)


def test_numbers_near_the_epoch_and_dates_stay(tmp_path) -> None:
    (tmp_path / "a.csv").write_text("time,p\n-86400,3\n99999999,3\n")
    assert check_channel_files(tmp_path, [_CHANNEL]) == []
    (tmp_path / "a.csv").write_text("time,p\n2010-12-15T00:45:00Z,3\n2022-12-15T00:45:07Z,3\n")
    assert check_channel_files(tmp_path, [_CHANNEL]) == []


def test_without_a_case_unix_seconds_are_dates(tmp_path) -> None:
    (tmp_path / "a.csv").write_text("time,p\n1671064200,3\n1671064201,3\n")
    assert read_table(tmp_path / "a.csv", "time", ["p"])[1][0].t_s.tolist() == [1671064200, 1671064201]
