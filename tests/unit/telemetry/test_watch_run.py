"""`whipple watch` killed, dropped and restarted: no sample lost, no event repeated."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from whipple.errors import CaseError, RangeError
from whipple.telemetry.clock import Parcel
from whipple.telemetry.limits import Alarm, LimitBook, TypeLimits, cosmos_alarm
from whipple.telemetry.line_protocol import LineParser, format_line
from whipple.telemetry.read_stream import paced, read_lines, read_stdin, read_tcp
from whipple.telemetry.sequential import Event
from whipple.telemetry.watch import LiveWatch, WatchPlan
from whipple.telemetry.watch_run import follow, resume
from whipple.telemetry.write_watch import WatchFolder

BOOK = LimitBook.plain({"p1": TypeLimits(default=cosmos_alarm(-2.0, -1.0, 1.0, 2.0, 2))})
PLAN = WatchPlan(discover_s=5.0, lateness_s=2.0, stale_s=20.0, learn_s=30.0, mtbf_days=0.01)
VERB = """
import sys, typer
from whipple.commands.watch import watch
app = typer.Typer(add_completion=False)
app.command()(watch)
app(standalone_mode=False)
"""


def lines(count: int = 400, seed: int = 0) -> list[bytes]:
    rng = np.random.default_rng(seed)
    value = np.cumsum(rng.standard_normal((count, 2)) * 0.3, axis=0) * 0.3
    return [format_line(f"p{k + 1}", value[i, k], 1000.0 + i) for i in range(count) for k in range(2)]


def offline(rows: list[bytes]) -> list[str]:
    watch = LiveWatch(PLAN, BOOK)
    events = watch.put(LineParser().parse(b"".join(rows)))
    return [event.to_json() for event in events + watch.finish()]


def logged(folder: Path) -> list[str]:
    return (folder / "events.jsonl").read_text().splitlines()


def verb(*words: str, **kept: object) -> subprocess.Popen[bytes]:
    options = [
        "--limit",
        "p1=-2,-1,1,2",
        "--persistence",
        "2",
        "--discover",
        "5 s",
        "--lateness",
        "2 s",
        "--stale",
        "20 s",
    ]
    learned = ["--learn", "30 s", "--mtbf-days", "0.01", "--checkpoint", "0.05 s"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen([sys.executable, "-c", VERB, *words, *options, *learned], **{**quiet, **kept})


@pytest.mark.slow
@pytest.mark.parametrize("source", ["file", "stdin"])
def test_killed_at_several_points_it_loses_nothing_and_repeats_nothing(tmp_path: Path, source: str) -> None:
    rows = lines(1200)
    truth, state, record = offline(rows), tmp_path / "state", tmp_path / "record.lp"
    record.write_bytes(b"".join(rows))
    kills = 0
    for pause in (0.0, 0.3, 0.7, 1.2, None):
        if source == "file":
            run = verb(str(record), "--state", str(state), "--speed", "600")
        else:  # the producer sends the rest again from the start, as after a broken pipe: repeats do not count
            run = verb("-", "--state", str(state), stdin=subprocess.PIPE)
            feeding = threading.Thread(target=_feed, args=(run, rows, pause is not None))
            feeding.start()
        if pause is None:
            assert run.wait(60) == 0
            break
        seen = time.monotonic()
        while not (state / "state.json").exists() and run.poll() is None and time.monotonic() < seen + 30:
            time.sleep(0.02)
        time.sleep(pause)
        if run.poll() is None:
            kills += 1
        os.kill(run.pid, signal.SIGKILL)
        run.wait()
        if source == "stdin":
            feeding.join()
    assert kills >= 3
    assert logged(state) == truth


def _feed(run: subprocess.Popen[bytes], rows: list[bytes], slowly: bool) -> None:
    assert run.stdin is not None
    with contextlib.suppress(BrokenPipeError):
        for start in range(0, len(rows), 20):
            run.stdin.write(b"".join(rows[start : start + 20]))
            run.stdin.flush()
            time.sleep(0.02 if slowly else 0.0)
    with contextlib.suppress(BrokenPipeError):
        run.stdin.close()


@pytest.mark.parametrize("stop", [0, 1, 3, 7, 12, 19])
def test_stopped_between_any_two_steps_the_inbox_makes_up_for_the_checkpoint(tmp_path: Path, stop: int) -> None:
    rows = lines()
    parts = [b"".join(rows[i : i + 40]) for i in range(0, len(rows), 40)]
    told: list[Event] = []

    class Killed(BaseException):
        pass

    def source(parser: LineParser, todo: list[bytes], until: int) -> object:
        for number, part in enumerate(todo):
            if number == until:
                raise Killed
            yield parser.parse(part)

    clock = iter(np.arange(0.0, 1e6, 0.4))
    folder = WatchFolder(tmp_path, durable=False)
    saved = folder.save
    folder.save = lambda *args: None if stop == 12 else saved(*args)  # as if the last checkpoint never came
    with pytest.raises(Killed):
        follow(
            LiveWatch(PLAN, BOOK),
            source(LineParser(), parts, stop),
            folder,
            told.extend,
            checkpoint_s=1.0,
            wall=lambda: next(clock),
        )
    folder.close()
    watch, again = LiveWatch(PLAN, BOOK), WatchFolder(tmp_path, durable=False)
    resume(watch, again, LineParser(), told.extend)
    follow(
        watch, source(LineParser(), parts[stop:], 10**6), again, told.extend, checkpoint_s=1.0, wall=lambda: next(clock)
    )
    again.close()
    assert logged(tmp_path) == offline(rows)
    assert [event.number for event in told] == list(range(len(told)))


def test_half_an_event_and_half_a_line_left_by_a_kill_are_mended(tmp_path: Path) -> None:
    rows = lines()
    folder = WatchFolder(tmp_path)
    folder.receive(b"".join(rows[:100]) + b"p1 value=0.")
    folder.log([Event(0, 1.0, "stale", "p1", "p1 silent")])
    folder.close()
    with (tmp_path / "events.jsonl").open("ab") as file:
        file.write(b'{"about": "p1", "kin')
    with WatchFolder(tmp_path) as again:
        assert again.next_number == 1
        assert b"".join(again.received()) == b"".join(rows[:100])
        again.receive(rows[100])
        assert b"".join(again.received()) == b"".join(rows[:101])


def test_a_state_of_other_settings_or_a_broken_one_is_refused(tmp_path: Path) -> None:
    with WatchFolder(tmp_path) as folder:
        folder.save(LiveWatch(PLAN, BOOK).to_plain(), None)
    other = LiveWatch(WatchPlan(lateness_s=9.0), BOOK)
    with WatchFolder(tmp_path) as again, pytest.raises(RangeError, match="--fresh"):
        resume(other, again, LineParser(), lambda events: None)
    for words, said in (
        ('{"watch": {}, "position": null, "inbox": 1, "source": ""}', "another version"),
        ("{", "--fresh"),
    ):
        (tmp_path / "state.json").write_text(words)
        with pytest.raises(CaseError, match=said):
            WatchFolder(tmp_path)


def test_limits_may_change_after_a_clean_stop_and_what_was_learned_stays(tmp_path: Path) -> None:
    rows, other = lines(200), LimitBook.plain({"p1": TypeLimits(default=cosmos_alarm(-9.0, -8.0, 8.0, 9.0, 2))})
    first, folder = LiveWatch(PLAN, BOOK), WatchFolder(tmp_path)
    follow(first, [LineParser().parse(b"".join(rows[:200]))], folder, lambda events: None)
    folder.receive(rows[200])
    folder.close()
    with (
        WatchFolder(tmp_path) as killed,
        pytest.raises(RangeError, match="start and stop it once with the limits of before"),
    ):
        resume(LiveWatch(PLAN, other), killed, LineParser(), lambda events: None)
    again = LiveWatch(PLAN, BOOK)
    with WatchFolder(tmp_path) as folder:
        resume(again, folder, LineParser(), lambda events: None)
        follow(again, [], folder, lambda events: None)
    changed, told = LiveWatch(PLAN, other), []
    with WatchFolder(tmp_path) as folder:
        before = folder.next_number
        resume(changed, folder, LineParser(), lambda events: None)
        assert "the limits have changed" in changed.news()[0]
        follow(changed, [LineParser().parse(b"".join(rows[200:]))], folder, told.extend)
    assert not [event for event in told if event.kind in ("limit", "learned")], (
        "wide limits, and nothing is learned twice"
    )
    assert [event.number for event in told] == list(range(before, before + len(told)))


def test_a_server_that_drops_mid_line_is_dialled_again_and_nothing_received_is_lost() -> None:
    rows = lines(60)
    server = socket.create_server(("127.0.0.1", 0))
    host, port = server.getsockname()

    def serve() -> None:
        for part in (b"".join(rows[:50]) + rows[50][:7], b"".join(rows[50:])):
            link, _ = server.accept()
            link.sendall(part)
            link.close()
        server.close()

    threading.Thread(target=serve, daemon=True).start()
    parser, pauses, got, news = LineParser(f"{host}:{port}"), [], [], []
    for parcel in read_tcp(host, port, parser, give_up_s=0.5, sleep=lambda s: (pauses.append(s), time.sleep(0.01))[0]):
        got += parcel.t_s.tolist()
        news += parcel.problems
    assert got == LineParser().parse(b"".join(rows)).t_s.tolist()
    assert any("cut off" in line for line in news)
    assert any("closed the connection after line 50" in line for line in news)
    assert any("refused" in line and "trying again in" in line for line in news)
    assert pauses[0] == pytest.approx(0.5, rel=0.1)


def test_stdin_without_a_last_line_feed_tells_it(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.write(writing, b"p1 value=1 1000000000\np1 value=2.9")
    os.close(writing)
    parcels = list(read_stdin(LineParser(), reading))
    os.close(reading)
    assert sum(parcel.t_s.size for parcel in parcels) == 1
    assert "line 2: the last line was cut off" in parcels[-1].problems[0]
    assert parcels[-1].rejected == (b"p1 value=2.9",)


def test_a_file_goes_on_by_byte_and_line(tmp_path: Path) -> None:
    rows = lines(50)
    path = tmp_path / "a.lp"
    path.write_bytes(b"".join(rows))
    whole = list(read_lines(path, LineParser(), block=256))
    middle = whole[3].position
    rest = list(read_lines(path, LineParser(), middle, block=300))
    count = sum(parcel.t_s.size for parcel in whole[:4]) + sum(parcel.t_s.size for parcel in rest)
    assert count == len(rows)
    assert rest[-1].position["line"] == len(rows)
    with pytest.raises(CaseError, match="no such file"):
        list(read_lines(tmp_path / "b.lp", LineParser()))


def test_a_record_is_played_at_the_speed_asked_for() -> None:
    now, slept = [0.0], []

    def sleep(wait_s: float) -> None:
        slept.append(wait_s)
        now[0] += wait_s

    parcels = [Parcel(("p",), np.zeros(1, np.int64), np.array([t]), np.zeros(1)) for t in (0.0, 60.0, 120.0)]
    assert len(list(paced(parcels, 60.0, sleep, lambda: now[0]))) == 3
    assert sum(slept) == pytest.approx(2.0)


def test_bad_input_is_told_and_counted() -> None:
    watch = LiveWatch(WatchPlan(discover_s=2.0, lateness_s=2.0, detect=False, jump_s=1000.0), BOOK)
    parser = LineParser("feed", units={"p1": "bar"})
    good = [format_line("p1", 0.0, t, "bar") for t in range(10)]
    bad = [b"p1,unit=kPa value=1 11000000000\n", b"p1 value=x 11000000000\n", b"p1 value=1\n", b"\xff\xfe value=1 1\n"]
    odd = [
        format_line("p1", 0.0, 1.5),
        format_line("p1", float("nan"), 11.0),
        format_line("p1", float("nan"), 12.0),
        format_line("p_1", 0.0, 13.0),
    ]
    events = watch.put(parser.parse(b"".join(good + bad + odd))) + watch.finish()
    news = " | ".join(watch.news())
    for said in (
        "feed, line 11: found p1 in kPa, expected bar",
        "feed, line 12: found the value 'x', expected a number",
        "feed, line 13: found no time stamp",
        "feed, line 14: found bytes that are not UTF-8",
        "time going backwards: 1 samples of p1",
        "2 samples of p1 are not numbers",
    ):
        assert said in news
    assert watch.refused == {"late p1": 1, "missing p1": 2}
    assert [(event.kind, event.about) for event in events] == [("unknown", "p_1")]
    assert "was 'p1' renamed?" in events[0].text


def test_a_channel_asked_for_and_never_heard_is_named() -> None:
    watch = LiveWatch(WatchPlan(channels=("p1", "pres_2"), discover_s=2.0, detect=False), LimitBook())
    watch.put(
        LineParser().parse(b"".join(format_line(name, 0.0, float(t)) for t in range(20) for name in ("p1", "press_2")))
    )
    assert watch.news() == ["channel 'pres_2' was asked for and not heard so far; did you mean 'press_2'?"]


@pytest.mark.slow
def test_memory_stays_flat_over_an_hour_of_a_hundred_channels() -> None:
    import tracemalloc

    watch = LiveWatch(WatchPlan(learn_s=120.0), BOOK)
    names = tuple(f"c{i:03d}" for i in range(100))
    rng = np.random.default_rng(1)
    sizes = []
    tracemalloc.start()
    for minute in range(60):
        t_s = np.repeat(np.arange(60.0) + 60 * minute, 100)
        watch.put(Parcel(names, np.tile(np.arange(100), 60), t_s, rng.standard_normal(6000)))
        sizes.append(tracemalloc.get_traced_memory()[0])
    tracemalloc.stop()
    assert watch.sample_count == 360_000
    assert max(sizes[30:]) < 1.2 * max(sizes[5:30])


def test_json_lines_and_help(tmp_path: Path) -> None:
    record = tmp_path / "record.lp"
    record.write_bytes(b"".join(lines(200)))
    run = verb(str(record), "--json-lines", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    out, told = run.communicate(timeout=60)
    assert run.returncode == 0, told
    assert [json.loads(line)["number"] for line in out.splitlines()] == list(range(len(out.splitlines())))
    assert b"400 samples up to" in told


def test_a_limit_that_no_channel_has_is_told() -> None:
    book = LimitBook.plain(
        {"p_1": TypeLimits(default=cosmos_alarm(0, 1, 2, 3)), "/YSS/P": TypeLimits(default=cosmos_alarm(0, 1, 2, 3))}
    )
    watch = LiveWatch(WatchPlan(discover_s=2.0, detect=False), book)
    rows = [format_line(name, 9.0, float(t)) for t in range(20) for name in ("p1", "/YSS/P")]
    events = watch.put(LineParser().parse(b"".join(rows))) + watch.finish()
    assert watch.news() == ["limits without a channel: p_1; did you mean 'p1'?"]
    assert [(event.about, event.kind) for event in events] == [("/YSS/P", "limit")]


def test_words_that_never_come_twice_do_not_fill_the_memory() -> None:
    book = LimitBook.plain({"log": TypeLimits("String", default=Alarm(patterns=((".*ERROR.*", 4),)))})
    watch = LiveWatch(WatchPlan(discover_s=2.0, lateness_s=3.0, detect=False), book)
    told = []
    for start in range(0, 6000, 50):
        rows = [
            format_line("log", f"message {t}" + (" ERROR" if t == 4321 else ""), float(t))
            for t in range(start, start + 50)
        ]
        told += watch.put(LineParser().parse(b"".join(rows)))
    assert [(event.t_s, event.values["level"]) for event in told] == [(4321.0, 4.0), (4322.0, 0.0)]
    assert len(watch.to_plain()["words"]) < 1100


def test_a_checkpoint_belongs_to_its_source_and_a_record_read_to_its_end_stays_read(tmp_path: Path) -> None:
    record = tmp_path / "a.lp"
    record.write_bytes(b"".join(lines(100)))
    for _ in range(3):
        watch, folder = LiveWatch(PLAN, BOOK), WatchFolder(tmp_path / "w", source="a.lp")
        position = resume(watch, folder, LineParser(), lambda events: None)
        follow(watch, read_lines(record, LineParser(), position), folder, lambda events: None, position=position)
        folder.close()
    assert logged(tmp_path / "w") == offline(lines(100))
    assert watch.sample_count == 200
    assert watch.refused == {}
    with pytest.raises(CaseError, match=r"a checkpoint of 'a\.lp'"):
        WatchFolder(tmp_path / "w", source="b.lp")
