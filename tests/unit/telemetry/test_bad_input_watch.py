"""Bad input of every kind of file through `whipple watch`: a clear message, and nothing lost.

A server that drops the connection: test_watch_run.py and test_several_sources.py (TCP), test_yamcs_source.py (Yamcs).
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np
import pytest
import typer
from scipy.io import netcdf_file
from typer.testing import CliRunner

from whipple.commands.watch import watch
from whipple.errors import CaseError, EvidenceError
from whipple.telemetry.line_protocol import format_line

XTCE = Path(__file__).parent / "every_alarm.xml"
app = typer.Typer()
app.command()(watch)
Rows = tuple[np.ndarray, np.ndarray]


def as_csv(path: Path, t_s: np.ndarray, value: np.ndarray) -> list[str]:
    path.write_text("time,PRESSURE\n" + "\n".join(f"{t:.3f},{v:.6g}" for t, v in zip(t_s, value, strict=True)))
    return []


def as_parquet(path: Path, t_s: np.ndarray, value: np.ndarray) -> list[str]:
    rows = ", ".join(f"({t}, '{v}'::DOUBLE)" for t, v in zip(t_s, value, strict=True))
    duckdb.connect().execute(f"COPY (SELECT * FROM (VALUES {rows}) AS a(time, PRESSURE)) TO '{path}' (FORMAT parquet)")
    return []


def as_hdf5(path: Path, t_s: np.ndarray, value: np.ndarray) -> list[str]:
    h5py = pytest.importorskip("h5py")
    with h5py.File(path, "w") as file:
        file["time"], file["PRESSURE"] = t_s, value
        file["PRESSURE"].attrs["units"] = "bar"
    return []


def as_netcdf(path: Path, t_s: np.ndarray, value: np.ndarray) -> list[str]:
    with netcdf_file(path, "w") as file:
        file.createDimension("time", t_s.size)
        for name, one in (("time", t_s), ("PRESSURE", value)):
            file.createVariable(name, "d", ("time",))[:] = one
    return []


def as_lines(path: Path, t_s: np.ndarray, value: np.ndarray) -> list[str]:
    path.write_bytes(b"".join(format_line("PRESSURE", v, t) for t, v in zip(t_s, value, strict=True)))
    return []


def as_packets(path: Path, t_s: np.ndarray, value: np.ndarray) -> list[str]:
    pytest.importorskip("space_packet_parser")
    body = [struct.pack(">IHfB", int(t), round(t % 1 * 65536), v, 0) for t, v in zip(t_s, value, strict=True)]
    heads = [struct.pack(">HHH", 11, 0xC000 | count, len(one) - 1) for count, one in enumerate(body)]
    path.write_bytes(b"".join(head + one for head, one in zip(heads, body, strict=True)))
    return ["--xtce", str(XTCE), "--packet-time", "SECONDS+FRACTION/65536", "--channel", "PRESSURE"]


WRITE: dict[str, Callable[..., list[str]]] = {
    "csv": as_csv, "parquet": as_parquet, "h5": as_hdf5, "nc": as_netcdf, "lp": as_lines, "bin": as_packets
}  # fmt: skip
EVERY = pytest.mark.parametrize("kind", WRITE)


def record() -> Rows:
    return np.arange(100.0) + 1000.0, np.full(100, 2.5)


def told(path: Path, *words: str) -> str:
    """What the verb says of the record, on both outputs."""
    done = CliRunner().invoke(app, [str(path), "--no-detect", "--lateness", "2 s", *words], catch_exceptions=False)
    assert done.exit_code == 0
    return done.stderr + done.stdout


def told_of_nothing(path: Path, *words: str) -> str:
    """The same of a record in which nothing can be watched."""
    done = CliRunner().invoke(app, [str(path), "--no-detect", *words])
    assert isinstance(done.exception, EvidenceError)
    return done.stderr


@EVERY
def test_time_going_backwards(tmp_path: Path, kind: str) -> None:
    t_s, value = record()
    t_s[60:63] = [1020.0, 1021.0, 1022.0]
    value[60:63] = 2.75
    path = tmp_path / f"a.{kind}"
    said = told(path, *WRITE[kind](path, t_s, value))
    if kind == "parquet":  # comes in order of time: what went back meets the sample that has its stamp
        assert "3 samples of PRESSURE contradict another with the same time stamp; the smaller value counts" in said
    else:
        assert "time going backwards: 3 samples of PRESSURE are behind the newest by more than 2 s" in said
    assert "100 samples up to 1099.000 s, 3 refused" in said


@EVERY
def test_a_run_of_not_a_number(tmp_path: Path, kind: str) -> None:
    t_s, value = record()
    value[30:50] = np.nan
    path = tmp_path / f"a.{kind}"
    said = told(path, *WRITE[kind](path, t_s, value))
    assert "20 samples of PRESSURE are not numbers; they do not count" in said
    assert "100 samples up to 1099.000 s, 20 refused" in said


@EVERY
def test_a_renamed_channel(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"a.{kind}"
    words = [word for word in WRITE[kind](path, *record()) if word not in ("--channel", "PRESSURE")]
    if kind in ("lp", "bin"):
        said = told_of_nothing(path, *words, "--channel", "PRESURE")
        assert "channel 'PRESURE' was asked for and not heard so far" in said
        assert "did you mean 'PRESSURE'?" in said
    else:
        with pytest.raises(CaseError, match=r"did you mean 'PRESSURE'\?"):
            told(path, *words, "--channel", "PRESURE")


@EVERY
def test_a_truncated_file(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"a.{kind}"
    words = WRITE[kind](path, *record())
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) - 5 if kind in ("lp", "bin") else len(whole) // 2 + 3])
    if kind == "lp":
        said = told(path, *words, "--state", str(tmp_path / "w"))
        assert "line 100: the last line was cut off (no line feed); it does not count" in said
        assert "99 samples" in said
        assert (tmp_path / "w" / "rejected.txt").read_bytes().startswith(b"PRESSURE value=2.5 10990000")
    elif kind == "bin":
        said = told(path, *words, "--state", str(tmp_path / "w"))
        assert "the packet was cut off: 11 bytes announced, 6 there" in said
        assert "99 samples" in said
        assert bytes.fromhex((tmp_path / "w" / "rejected.txt").read_text()) == whole[-17:-5]
    elif kind == "csv":  # a row that has lost its value is a gap; half a number cannot be told from a whole one
        assert "samples up to 10" in told(path, *words)
    else:
        with pytest.raises(CaseError, match=rf"a\.{kind}"):
            told(path, *words)


@pytest.mark.parametrize("kind", ["h5", "nc", "lp"])
def test_a_unit_that_is_not_the_one_of_the_limits(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"a.{kind}"
    WRITE[kind](path, *record())
    limits = tmp_path / "kpa.xml"
    limits.write_text(
        XTCE.read_text().replace("<xtce:Unit>bar</xtce:Unit>", "<xtce:Unit>kPa</xtce:Unit>").replace(">bar<", ">kPa<")
    )
    if kind == "lp":
        path.write_bytes(b"".join(format_line("PRESSURE", 2.5, 1000.0 + t, "bar") for t in range(9)))
        assert "line 1: found PRESSURE in bar, expected kPa" in told_of_nothing(path, "--limits", str(limits))
    elif kind == "nc":  # no unit in the file: nothing to compare
        assert "100 samples" in told(path, "--limits", str(limits))
    else:
        with pytest.raises(CaseError, match="found unit bar, expected kPa"):
            told(path, "--limits", str(limits))
