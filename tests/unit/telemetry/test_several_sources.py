"""Several sources in one watch: merged by their own time, restarted anywhere, live ones behind the records."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from whipple.commands.watch import watch
from whipple.errors import CaseError, Problem, RangeError
from whipple.telemetry.clock import Parcel
from whipple.telemetry.line_protocol import LineParser, format_line
from whipple.telemetry.read_several import Source, read_several
from whipple.telemetry.read_stream import read_lines, read_replay

run = CliRunner().invoke
app = typer.Typer()
app.command()(watch)


@pytest.fixture
def records(tmp_path: Path) -> list[Source]:
    """Three records of different kinds, rates and lengths, one with every stamp alike, one with a line that cannot be read."""
    fast = [
        format_line(name, one, t / 4)
        for t in range(400)
        for name, one in (("p", float(t)), ("mode", "A" if t < 99 else "B"))
    ]
    (tmp_path / "fast.lp").write_bytes(b"".join(fast))
    (tmp_path / "slow.csv").write_text("time,q\n" + "\n".join(f"{20 + 7 * t},{t}" for t in range(20)))
    lines = [format_line("r", float(t), 33.0 if t < 60 else 50.0 + t) for t in range(90)]
    (tmp_path / "stops.lp").write_bytes(b"".join([*lines[:70], b"r value=x 1\n", *lines[70:]]))

    def source(name: str, size: int) -> Source:
        path = tmp_path / name
        if path.suffix == ".lp":
            return Source(name, lambda at: read_lines(path, LineParser(name), at, block=300))
        return Source(name, lambda at: read_replay(path, LineParser(), at, sample_count=size))

    return [source("fast.lp", 0), source("slow.csv", 5), source("stops.lp", 0)]


def rows(parcels: list[Parcel]) -> list[tuple[str, float, float | str]]:
    return [
        (one.names[i], float(t), one.text.get(k, float(v)))
        for one in parcels
        for k, (i, t, v) in enumerate(zip(one.index, one.t_s, one.value, strict=True))
    ]


def test_records_are_merged_by_their_own_time_and_nothing_is_lost(records: list[Source]) -> None:
    got = list(read_several(records))
    merged, alone = rows(got), [row for one in records for row in rows(list(one.read(None)))]
    assert sorted(map(str, merged)) == sorted(map(str, alone))
    assert np.all(np.diff([t_s for _, t_s, _ in merged]) >= 0)
    (problem,) = [problem for one in got for problem in one.problems]
    assert problem.startswith("stops.lp, line 71: found the value 'x', expected a number")
    assert [line for one in got for line in one.rejected] == [b"r value=x 1"]


def test_a_restart_at_any_parcel_goes_on_where_it_was(records: list[Source]) -> None:
    got = list(read_several(records))
    assert len(got) > 10
    for k in (0, len(got) // 3, len(got) // 2, len(got) - 2):
        position = json.loads(json.dumps(got[k].position))
        assert rows(list(read_several(records, position))) == rows(got[k + 1 :]), k


def live(name: str, parcels: list[Parcel], error: Exception | None = None) -> Source:
    def read(position: object) -> Iterator[Parcel]:
        yield from parcels
        if error is not None:
            raise error

    return Source(name, read, live=True)


def test_live_sources_come_behind_the_records_and_one_that_fails_does_not_stop_the_others(
    records: list[Source],
) -> None:
    heard = [LineParser().parse(format_line("s", float(t), 900.0 + t)) for t in range(200)]
    broken = CaseError([Problem("yamcs://h/i", "", "NotFound", "an instance", "check the name")])
    got = list(read_several([*records[:2], live("tcp://a:1", heard), live("yamcs://h/i", [], broken)]))
    last = max(k for k, one in enumerate(got) if {"p", "q"} & set(one.names))
    assert "s" not in [row[0] for row in rows(got[: last + 1])]
    assert [row[0] for row in rows(got)].count("s") == 200
    assert all(one.position == got[last].position for one in got[last + 1 :] if one.raw)
    assert b"".join(one.raw for one in got) == b"".join(one.raw for one in heard)
    news = " | ".join(problem for one in got for problem in one.problems)
    assert "yamcs://h/i: found NotFound, expected an instance" in news
    assert "the other sources go on" in news
    with pytest.raises(CaseError, match="NotFound"):
        list(read_several([live("a", [], broken), live("b", [], broken)]))


def test_the_verb_takes_an_archive_and_a_server_and_comes_back_after_a_stop(tmp_path: Path) -> None:
    (tmp_path / "old.csv").write_text("time,p\n" + "\n".join(f"{1e9 + t:.0f},{t % 3}" for t in range(300)))
    new = b"".join(format_line("p", 9.0 if t > 50 else 0.0, 1e9 + 300 + t) for t in range(100)).replace(
        b"000000\n", b"\n"
    )
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        for part in (new[:500], new):  # the server drops in the middle of a line; after that it sends everything again
            link, _ = server.accept()
            link.sendall(part)
            link.close()
        server.close()

    threading.Thread(target=serve, daemon=True).start()
    words = [
        str(tmp_path / "old.csv"),
        f"tcp://127.0.0.1:{server.getsockname()[1]}",
        "--no-detect",
        "--limit",
        "p=-4,-3,5,8",
    ]
    words += ["--give-up", "0.9 s", "--precision", "ms", "--state", str(tmp_path / "w"), "--json-lines"]
    for _ in range(2):  # the second time everything is in the checkpoint, and the server is gone
        done = run(app, words, catch_exceptions=False)
        assert done.exit_code == 0
        events = [json.loads(line) for line in (tmp_path / "w" / "events.jsonl").read_text().splitlines()]
        assert [(event["kind"], event["t_s"]) for event in events] == [("limit", 1e9 + 351)]
    assert (tmp_path / "w" / "rejected.txt").read_text().startswith("p valu")
    assert isinstance(run(app, ["a.csv", "a.csv"]).exception, RangeError)


def test_of_several_sources_each_is_asked_only_for_the_channels_it_has(tmp_path: Path) -> None:
    for name, column in (("a.csv", "p"), ("b.csv", "q"), ("c.csv", "other")):
        (tmp_path / name).write_text(f"time,{column}\n" + "\n".join(f"{t},1.0" for t in range(90)))
    words = [str(tmp_path / name) for name in ("a.csv", "b.csv", "c.csv")]
    done = run(app, [*words, "--no-detect", "--channel", "p", "--channel", "q"], catch_exceptions=False)
    assert "c.csv: none of the channels asked for is in it" in done.stderr
    assert "180 samples up to 89.000 s, 0 refused" in done.stderr


def test_one_wild_stamp_in_a_record_makes_no_other_late(tmp_path: Path) -> None:
    for name, wild in (("a", 40), ("b", -1)):
        rows = "\n".join(f"{4e9 if t == wild else t},{t}" for t in range(90))
        (tmp_path / f"{name}.csv").write_text(f"time,{name}\n{rows}")
    done = run(app, [str(tmp_path / "a.csv"), str(tmp_path / "b.csv"), "--no-detect"], catch_exceptions=False)
    assert "180 samples up to 89.000 s, 1 refused" in done.stderr
    assert "a time stamp of a leaps" in done.stderr


def test_a_bug_in_a_live_source_is_not_swallowed(records: list[Source]) -> None:
    with pytest.raises(ZeroDivisionError):
        list(read_several([live("a", []), live("b", [], ZeroDivisionError())]))
