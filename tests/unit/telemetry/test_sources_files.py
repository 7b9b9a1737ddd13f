"""Recorded sources: Parquet folders larger than memory, HDF5, netCDF, CSV."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import duckdb
import numpy as np
import pytest
from scipy.io import netcdf_file

from whipple.casefile.read_arrays import names_of, read_arrays
from whipple.casefile.read_channels import columns_of, read_table
from whipple.casefile.read_windows import read_windows
from whipple.errors import CaseError
from whipple.telemetry.limits import LimitBook
from whipple.telemetry.line_protocol import LineParser
from whipple.telemetry.read_stream import read_replay
from whipple.telemetry.watch import LiveWatch, WatchPlan

EPOCH = datetime(2022, 12, 15, 0, 45, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of Parquet files out of order, one column only in the second."""
    out = tmp_path / "archive"
    (out / "day2").mkdir(parents=True)
    make = duckdb.connect()
    when = "TIMESTAMP '2022-12-15 00:45:00' + INTERVAL (i) SECOND AS time"
    make.execute(
        f"COPY (SELECT {when}, i / 10.0 AS p FROM range(500, 1000) t(i)) TO '{out / 'a.parquet'}' (FORMAT parquet)"
    )
    words = "CASE WHEN i > 250 THEN 'ON' ELSE 'OFF' END AS mode"
    rest = f"SELECT {when}, CASE WHEN i % 7 = 0 THEN NULL ELSE i / 10.0 END AS p, {words}, 'NaN'::DOUBLE AS q FROM range(0, 500) t(i) ORDER BY i DESC"
    make.execute(f"COPY ({rest}) TO '{out / 'day2' / 'b.parquet'}' (FORMAT parquet)")
    return out


def test_a_folder_is_one_table(folder: Path) -> None:
    assert columns_of(folder) == ("time", "p", "mode", "q")
    _, (p,) = read_table(folder / "a.parquet", "time", ["p"], EPOCH)
    assert (p.t_s[0], p.value[0], p.t_s.size) == (500.0, 50.0, 500)


@pytest.mark.parametrize("size", [37, 400, 100_000])
def test_windows_give_every_sample_once_in_order_of_time(folder: Path, size: int) -> None:
    windows = list(read_windows(folder, "time", sample_count=size))
    assert windows[0].names == ("p", "mode", "q")
    t_s = np.concatenate([one.t_s[one.index == 0] for one in windows]) - EPOCH.timestamp()
    value = np.concatenate([one.value[one.index == 0] for one in windows])
    blank = np.arange(0, 500, 7)
    np.testing.assert_array_equal(t_s, np.setdiff1d(np.arange(1000), blank))
    np.testing.assert_allclose(value, t_s / 10)
    words = [one.text[i] for one in windows for i in sorted(one.text)]
    assert words == ["OFF"] * 251 + ["ON"] * 249
    assert sum(int(np.isnan(one.value[one.index == 2]).sum()) for one in windows) == 500, (
        "not a number is told, a blank is no sample"
    )
    assert max(one.t_s.size for one in windows) <= max(8 * size, 40)


def test_reading_goes_on_at_a_mark(folder: Path) -> None:
    windows = list(read_windows(folder, "time", ("p",), sample_count=100))
    rest = list(read_windows(folder, "time", ("p",), start=windows[3].mark, sample_count=130))
    count = sum(one.t_s.size for one in windows[:4]) + sum(one.t_s.size for one in rest)
    assert count == sum(one.t_s.size for one in windows)


def test_one_wild_time_stamp_does_not_put_all_rows_into_one_window(tmp_path: Path) -> None:
    path = tmp_path / "wild.parquet"
    duckdb.connect().execute(
        f"COPY (SELECT CASE WHEN i = 5 THEN 4e9 ELSE i END AS t, i AS p FROM range(1000) t(i)) TO '{path}' (FORMAT parquet)"
    )
    windows = list(read_windows(path, "t", sample_count=50))
    assert sum(one.t_s.size for one in windows) == 1000
    assert max(one.t_s.size for one in windows) <= 400


def test_a_renamed_column_is_named(folder: Path) -> None:
    with pytest.raises(CaseError, match=r"did you mean 'mode'\?"):
        list(read_windows(folder, "time", ("modes",)))
    with pytest.raises(CaseError, match="folder of Parquet"):
        columns_of(folder / "none")


def test_csv_goes_row_by_row_so_time_going_backwards_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = [f"{i},{i / 10},OK" for i in range(50)] + ["3,9.9,OK"] + [f"{i},,BAD" for i in range(50, 60)]
    path.write_text("time,p,mode\n" + "\n".join(rows) + "\n")
    watch = LiveWatch(WatchPlan(discover_s=1.0, lateness_s=2.0, detect=False), LimitBook())
    for parcel in read_replay(path, LineParser(), sample_count=21):
        watch.put(parcel)
    assert watch.refused == {"late mode": 1, "late p": 1}
    assert watch.sample_count == 2 * 61 - 10
    assert "time going backwards: 1 samples of p" in " ".join(watch.news())
    path.write_text("time,p\n1,2\n2,x7\n")
    with pytest.raises(CaseError, match="'x7' in line 3"):
        list(read_replay(path, LineParser()))


def test_hdf5_each_group_has_its_own_clock(tmp_path: Path) -> None:
    h5py = pytest.importorskip("h5py")
    path = tmp_path / "a.h5"
    with h5py.File(path, "w") as file:
        for group, step in (("fast", 1), ("slow", 10)):
            clock = file.create_dataset(f"{group}/time", data=np.arange(0, 60, step))
            clock.attrs["units"] = "seconds since 2022-12-15T00:45:00Z"
            one = file.create_dataset(f"{group}/pressure", data=np.arange(0, 60, step) * 0.5)
            one.attrs["units"] = "bar"
        file.create_dataset("picture", data=np.zeros((3, 3)))
    assert names_of(path) == ("fast/pressure", "fast/time", "slow/pressure", "slow/time")
    fast, slow = read_arrays(path, "time")
    assert (fast.t_s.size, slow.t_s.size, fast.unit, fast.dated) == (60, 6, "bar", True)
    assert fast.t_s[1] - EPOCH.timestamp() == 1.0
    _, (channel,) = read_table(path, "time", ["slow/pressure"], EPOCH)
    assert channel.t_s.tolist() == [0, 10, 20, 30, 40, 50]
    windows = list(read_windows(path, "time", sample_count=20))
    assert sum(one.t_s.size for one in windows) == 66
    assert np.all(np.diff(np.concatenate([one.t_s for one in windows])) >= 0)


def test_netcdf3_fill_values_scales_and_time_units(tmp_path: Path) -> None:
    path = tmp_path / "a.nc"
    with netcdf_file(path, "w") as file:
        file.createDimension("time", 4)
        clock = file.createVariable("time", "d", ("time",))
        clock[:], clock.units = [0, 1, 2, 3], "minutes since 2022-12-15 00:45:00"
        p = file.createVariable("p", "i", ("time",))
        p[:], p.units, p.scale_factor, p.add_offset, p._FillValue = [1, 2, -9, 4], "bar", 0.5, 1.0, -9
    (one,) = read_arrays(path, "time")
    np.testing.assert_array_equal(one.value, [1.5, 2.0, np.nan, 3.0])
    assert (one.t_s - EPOCH.timestamp()).tolist() == [0, 60, 120, 180]
    _, (channel,) = read_table(path, "time", ["p"], EPOCH)
    assert channel.t_s.tolist() == [0, 60, 180]


def test_damaged_array_files_say_what_is_wrong(tmp_path: Path) -> None:
    h5py = pytest.importorskip("h5py")
    path = tmp_path / "a.h5"
    with h5py.File(path, "w") as file:
        file["time"], file["p"], file["short"] = np.arange(500.0), np.arange(500.0), np.arange(4.0)
        file["time"].attrs["units"] = "fortnights"
    with pytest.raises(CaseError, match="'fortnights'"):
        read_arrays(path, "time", ("p",))
    with pytest.raises(CaseError, match="4 values for 500 times"):
        read_arrays(path, "time", ("short",))
    with pytest.raises(CaseError, match=r"did you mean 'time'\?"):
        read_arrays(path, "times", ("p",))
    path.write_bytes(path.read_bytes()[:3000])
    with pytest.raises(CaseError, match="cut off"):
        names_of(path)
    path.write_bytes(b"time,p\n1,2\n")
    with pytest.raises(CaseError, match="begins with"):
        names_of(path)


def test_a_unit_that_is_not_the_one_of_the_limits_is_refused(tmp_path: Path) -> None:
    h5py = pytest.importorskip("h5py")
    path = tmp_path / "a.h5"
    with h5py.File(path, "w") as file:
        file["time"], file["p"], file["t"] = np.arange(5.0), np.arange(5.0), np.arange(5.0)
        file["p"].attrs["units"], file["t"].attrs["units"] = "kPa", "degree_Celsius"
    with pytest.raises(CaseError, match=r"a\.h5, p: found unit kPa, expected bar") as told:
        list(read_replay(path, LineParser(units={"p": "bar", "t": "degC"})))
    assert len(told.value.problems) == 1, "degC is degree_Celsius"
    assert sum(one.t_s.size for one in read_replay(path, LineParser(units={"p": "kPa"}))) == 10


@pytest.mark.parametrize("size", [7, 20, 64, 10_000])
def test_arrays_come_by_blocks_in_order_of_time_and_go_on_at_any_mark(tmp_path: Path, size: int) -> None:
    h5py = pytest.importorskip("h5py")
    path = tmp_path / "a.h5"
    clocks = {"fast": np.repeat(np.arange(50.0), 2), "slow": np.arange(0.0, 90.0, 7.0)}  # "fast" has every stamp twice
    with h5py.File(path, "w") as file:
        for group, t_s in clocks.items():
            file[f"{group}/time"], file[f"{group}/p"] = t_s, np.arange(t_s.size, dtype=float)
    windows = list(read_windows(path, "time", sample_count=size))
    assert max(one.t_s.size for one in windows) <= max(2 * size, 4)
    t_s = np.concatenate([one.t_s for one in windows])
    assert np.all(np.diff(t_s) >= 0)
    for i, clock in enumerate(clocks.values()):
        value = np.concatenate([one.value[one.index == i] for one in windows])
        np.testing.assert_array_equal(value, np.arange(clock.size))
    for k in range(len(windows) - 1):
        rest = [one.t_s for one in read_windows(path, "time", start=windows[k].mark, sample_count=13)]
        np.testing.assert_array_equal(np.concatenate(rest), np.concatenate([one.t_s for one in windows[k + 1 :]]))


def test_time_going_backwards_in_arrays_is_told_not_sorted_away(tmp_path: Path) -> None:
    h5py = pytest.importorskip("h5py")
    for path in (tmp_path / "a.h5", tmp_path / "a.nc"):
        t_s, value = np.arange(100.0), np.arange(100.0)
        t_s[60] = 12.0
        value[70:73] = np.nan
        if path.suffix == ".h5":
            with h5py.File(path, "w") as file:
                file["time"], file["p"] = t_s, value
        else:
            with netcdf_file(path, "w") as file:
                file.createDimension("time", 100)
                for name, one in (("time", t_s), ("p", value)):
                    file.createVariable(name, "d", ("time",))[:] = one
        watch = LiveWatch(WatchPlan(discover_s=1.0, lateness_s=2.0, detect=False), LimitBook())
        for parcel in read_replay(path, LineParser(), sample_count=31):
            watch.put(parcel)
        assert watch.refused == {"late p": 1, "missing p": 3}
        assert "time going backwards: 1 samples of p" in " ".join(watch.news())
