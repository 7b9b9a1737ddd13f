"""telemetry/watch: samples a second from Parquet end to end, beside the same limits in pandas and in a plain loop; delay live; memory."""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import numpy as np

from whipple.telemetry.clock import Parcel
from whipple.telemetry.limits import LimitBook, TypeLimits, cosmos_alarm
from whipple.telemetry.line_protocol import LineParser
from whipple.telemetry.read_stream import read_replay
from whipple.telemetry.watch import LiveWatch, WatchPlan
from whipple.telemetry.watch_run import follow
from whipple.telemetry.write_watch import WatchFolder

LIMITS = (-6.0, -4.5, 4.5, 6.0)
COUNT, RATE_HZ = 1000, 10.0
NAMES = tuple(f"c{i:04d}" for i in range(COUNT))


def book(names: tuple[str, ...] = NAMES) -> LimitBook:
    return LimitBook.plain({name: TypeLimits(default=cosmos_alarm(*LIMITS, persistence=2)) for name in names})


def archive(path: Path, seconds: float) -> int:
    """1 000 channels at 10 Hz with noise, in one Parquet file; the number of samples."""
    rows = int(seconds * RATE_HZ)
    columns = ", ".join(f"sin(i * {0.001 * (k + 1)}) + 0.5 * random() AS {name}" for k, name in enumerate(NAMES))
    duckdb.connect().execute(
        f"COPY (SELECT i / {RATE_HZ} AS time, {columns} FROM range({rows}) t(i)) TO '{path}' (FORMAT parquet, ROW_GROUP_SIZE 2048)"
    )
    return rows * COUNT


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock and of the processor."""
    begin, worked = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - begin, time.process_time() - worked


def ours(path: Path, folder: Path | None, detect: bool) -> LiveWatch:
    """Read, order, judge, detect, log, checkpoint."""
    watch = LiveWatch(WatchPlan(step_s=1.0, lateness_s=1.0, discover_s=1.0, learn_s=30.0, detect=detect), book())
    keep = WatchFolder(folder, fresh=True) if folder else None
    follow(watch, read_replay(path, LineParser()), keep, lambda events: None)
    if keep:
        keep.close()
    return watch


def in_pandas(path: Path) -> None:
    """The same limits with persistence 2 in pandas, whole archive in memory, no detector, no order, no log."""
    table = (
        duckdb.connect(config={"threads": 2}).execute(f"SELECT * FROM '{path}' ORDER BY time").df().set_index("time")
    )
    out = (table <= LIMITS[1]) | (table >= LIMITS[2])
    (out & out.shift(fill_value=False)).to_numpy().sum()


def rolling_in_pandas(path: Path) -> None:
    """Limits as above and the usual detector of notebooks: deviation from a rolling mean of 60 s in rolling sigmas, smoothed over 1 s."""
    table = (
        duckdb.connect(config={"threads": 2}).execute(f"SELECT * FROM '{path}' ORDER BY time").df().set_index("time")
    )
    out = (table <= LIMITS[1]) | (table >= LIMITS[2])
    (out & out.shift(fill_value=False)).to_numpy().sum()
    window = int(60 * RATE_HZ)
    quiet = table.rolling(window)
    score = (table.rolling(int(RATE_HZ)).mean() - quiet.mean()) / quiet.std()
    (score.abs() > 5).to_numpy().sum()


def peak_MB(path: Path) -> float:
    """Peak memory of a process that does nothing but replay the archive."""
    done = subprocess.run([sys.executable, __file__, "--replay", str(path)], capture_output=True, text=True, check=True)
    return float(done.stdout)


def in_a_loop(path: Path, rows: int = 600) -> float:
    """Seconds a sample of a plain Python loop over rows and channels, reading included."""
    counts = [0] * COUNT
    begin = time.perf_counter()
    table = duckdb.connect().execute(f"SELECT * FROM '{path}' ORDER BY time LIMIT {rows}").fetchall()
    for row in table:
        for k in range(COUNT):
            value = row[k + 1]
            counts[k] = counts[k] + 1 if value <= LIMITS[1] or value >= LIMITS[2] else 0
    return (time.perf_counter() - begin) / (rows * COUNT)


def live(seconds: int, folder: Path) -> np.ndarray:
    """From the arrival of a tick of 1 000 samples to its events being logged, seconds a tick (checkpoints every 30 s of data included)."""
    watch = LiveWatch(WatchPlan(step_s=0.1, lateness_s=0.5, discover_s=1.0, learn_s=20.0), book())
    rng, delays, wall = np.random.default_rng(1), [], [0.0]

    def ticks() -> object:
        for tick in range(int(seconds * RATE_HZ)):
            wall[0] = tick / RATE_HZ
            parcel = Parcel(
                NAMES,
                np.arange(COUNT),
                np.full(COUNT, tick / RATE_HZ),
                rng.standard_normal(COUNT) + 3 * (tick % 200 == 7),
            )
            begin = time.perf_counter()
            yield parcel
            delays.append(time.perf_counter() - begin)

    with WatchFolder(folder, fresh=True) as keep:
        follow(watch, ticks(), keep, lambda events: None, checkpoint_s=30.0, wall=lambda: wall[0])
    return np.array(delays)


def a_day(channels: int, hours: float) -> list[float]:
    """Peak memory in MB after each twelfth of a replay at 1 Hz."""
    names = NAMES[:channels]
    watch = LiveWatch(WatchPlan(step_s=1.0, lateness_s=5.0, learn_s=3600.0), book(names))
    rng, sizes, chunk = np.random.default_rng(1), [], 60
    minutes = int(hours * 60)
    if minutes < 2:
        raise SystemExit(f"--hours: found {hours:g}, expected 0.04 or more (two minutes)\n  try: --hours 1")
    for minute in range(minutes):
        t_s = np.repeat(np.arange(chunk) + 60.0 * minute, channels)
        watch.put(Parcel(names, np.tile(np.arange(channels), chunk), t_s, rng.standard_normal(t_s.size)))
        if minute % max(1, minutes // 12) == 0:
            sizes.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return sizes


def main() -> None:
    """Print rates, ratios, the delay and the memory."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--seconds", type=float, default=300.0, help="length of the archive")
    asked.add_argument("--hours", type=float, default=24.0, help="length of the replay for memory")
    asked.add_argument("--replay", type=Path, help="only replay this archive and print the peak memory")
    words = asked.parse_args()
    if words.replay:
        ours(words.replay, None, True)
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        return
    sizes = a_day(100, words.hours)
    print(
        f"memory over {words.hours:g} h, 100 channels at 1 Hz: {sizes[1]:.0f} MB after 1/12, {sizes[-1]:.0f} MB at the end"
    )
    with tempfile.TemporaryDirectory() as made:
        _archive(Path(made), words.seconds)
        delays = live(120, Path(made) / "live") * 1e3
    middle, high = np.percentile(delays, 50), np.percentile(delays, 99)
    print(
        f"live: {COUNT} channels at {RATE_HZ:g} Hz, delay p50 {middle:.1f} ms, p99 {high:.1f} ms, worst {delays.max():.1f} ms"
    )


def _archive(folder: Path, seconds: float) -> None:
    """Rates of the whole way from Parquet, beside two ways in pandas and a plain loop, and memory against the length of the archive."""
    path, short = folder / "archive.parquet", folder / "short.parquet"
    samples, _ = archive(path, seconds), archive(short, seconds / 5)
    whole, bare = timed(lambda: ours(path, folder / "w", True)), timed(lambda: ours(path, None, False))
    print(f"archive of {samples / 1e6:.1f} M samples, M/s by the clock (of processor time)")
    for name, (wall, work) in (("with detector, log and checkpoints", whole), ("limits alone", bare)):
        print(f"  {name}: {samples / wall / 1e6:.2f} ({samples / work / 1e6:.2f})")
    for name, work in (("limits in pandas", in_pandas), ("limits and rolling sigmas in pandas", rolling_in_pandas)):
        try:
            other = timed(lambda work=work: work(path))
        except ImportError:
            print("pandas is not installed: no ratio to it")
            break
        print(
            f"ratio to {name}, archive whole in memory: {other[0] / whole[0]:.2f} by the clock, {other[1] / whole[1]:.2f} of processor time"
        )
    loop_s = in_a_loop(path) * samples
    print(f"ratio to a plain loop (limits only): {loop_s / whole[0]:.2f}, limits alone {loop_s / bare[0]:.2f}")
    print(
        f"peak memory of a replay: {peak_MB(short):.0f} MB for {samples / 5e6:.1f} M samples, {peak_MB(path):.0f} MB for {samples / 1e6:.1f} M"
    )


if __name__ == "__main__":
    main()
