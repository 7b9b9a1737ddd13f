"""The water-loop runs of SKAB and the two scores of protocol 3.2 (telemetry.md): pooled confusion of a state, NAB of announcements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from whipple.casefile.read_channels import read_table
from whipple.telemetry.state_watch import WatchedChannel

__all__ = [
    "CHANNELS",
    "KINDS",
    "TRAIN",
    "Run",
    "counts",
    "cropped",
    "f1_far",
    "nab",
    "parts",
    "quiet_announcements",
    "read_quiet",
    "read_runs",
]

Array = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
TRAIN, WINDOW_S = 400, 60.0
KINDS = ("leak", "valve", "rotor")
FOLDERS = (("leak", "other", (1, 2)), ("rotor", "other", range(5, 10)), ("valve", "valve1", range(16)))
#: Low flow is the concern, from 1 % (the best that pipeline practice quotes, telemetry.md 8: 1 to 5 % of flow); high vibration, from a quarter
#: of its level (what machine practice takes as the alarm step above the baseline [recalled: ISO 20816-1]).
CHANNELS = (
    WatchedChannel("Volume Flow RateRMS", "low", 0.01),
    WatchedChannel("Accelerometer1RMS", "high", 0.25),
    WatchedChannel("Accelerometer2RMS", "high", 0.25),
)


@dataclass(frozen=True)
class Run:
    """One file: seconds (n,), values of `CHANNELS` (n, 3), labels (n,)."""

    name: str
    kind: str
    t_s: Array
    value: Array
    anomaly: Flags
    changepoint: Flags


def read_run(path: Path, kind: str, labels: bool = True) -> Run:
    """One file of the data set."""
    names = [c.name for c in CHANNELS] + (["anomaly", "changepoint"] if labels else [])
    _, columns = read_table(path, "datetime", names)
    value = np.stack([c.value for c in columns[: len(CHANNELS)]], axis=1)
    marks = [c.value > 0 for c in columns[len(CHANNELS) :]] or [np.zeros(len(value), bool)] * 2
    return Run(f"{path.parent.name}/{path.stem}", kind, columns[0].t_s, value, *marks)


def read_runs(root: Path) -> list[Run]:
    """The 23 labelled files that are shared."""
    return [read_run(root / folder / f"{i}.csv", kind) for kind, folder, numbers in FOLDERS for i in numbers]


def read_quiet(root: Path) -> Run:
    """The file without labels, which the protocol does not use."""
    return read_run(root / "anomaly-free" / "anomaly-free.csv", "free", labels=False)


def parts(run: Run, rows: int) -> list[Run]:
    """A long run as stretches of `rows`, each learned anew."""
    cuts = range(0, run.t_s.size - rows + 1, rows)
    return [
        Run(
            f"{run.name} from {k}",
            run.kind,
            *(getattr(run, n)[k : k + rows] for n in ("t_s", "value", "anomaly", "changepoint")),
        )
        for k in cuts
    ]


def cropped(run: Run, rows: int) -> Run:
    """The same run without its first `rows`."""
    return Run(run.name, run.kind, run.t_s[rows:], run.value[rows:], run.anomaly[rows:], run.changepoint[rows:])


def counts(runs: Sequence[Run], states: Sequence[Flags]) -> Array:
    """Hits, false and missed alarms and quiet rows of each run's test part (n_run, 4)."""
    rows = []
    for run, state in zip(runs, states, strict=True):
        true = run.anomaly[TRAIN:]
        rows.append([(state & true).sum(), (state & ~true).sum(), (~state & true).sum(), (~true).sum()])
    return np.array(rows, dtype=np.float64)


def f1_far(table: Array) -> tuple[Array, Array]:
    """Pooled F1 and false-alarm rate of `counts` (..., n_run, 4)."""
    hit, false, missed, quiet = np.moveaxis(table.sum(axis=-2), -1, 0)
    return 2 * hit / (2 * hit + false + missed), false / quiet


def nab(runs: Iterable[Run], said: Iterable[Array], false: float = -0.11, miss: float = -1.0) -> tuple[float, int, int]:
    """NAB score of announcement times (standard; lowFP -0.22/-1, lowFN -0.11/-2), changepoints missed, announcements outside every window.

    A window opens at each changepoint of the test part for 60 s (overlaps cut the right one's start); the first hit is scored by a tanh.
    """
    total, count, missed, outside = 0.0, 0, 0, 0
    for run, times in zip(runs, said, strict=True):
        used, end = np.zeros(times.size, bool), -np.inf
        for start in run.t_s[TRAIN:][run.changepoint[TRAIN:]]:
            begin, end, count = max(start, end + 1e-9), start + WINDOW_S, count + 1
            hits = np.flatnonzero((times >= begin) & (times <= end))
            used[hits] = True
            missed += not hits.size
            u = -np.pi / 2 + np.pi * (times[hits[0]] - begin) / (end - begin) if hits.size else 0.0
            total += (1 - false) / 2 * (1 - np.tanh(u) / np.tanh(np.pi / 2)) + false if hits.size else miss
        total += false * (~used).sum()
        outside += int((~used).sum())
    return float(100 * (total - count * miss) / (count - count * miss)), missed, outside


def quiet_announcements(runs: Iterable[Run], said: Iterable[Array]) -> tuple[int, float]:
    """Announcements on rows that are neither anomalous nor within 60 s of a changepoint, and how many hours of such rows there are."""
    number, rows = 0, 0
    for run, times in zip(runs, said, strict=True):
        t_s, marks = run.t_s[TRAIN:], run.t_s[TRAIN:][run.changepoint[TRAIN:]]
        near = ((t_s[:, None] >= marks) & (t_s[:, None] <= marks + WINDOW_S)).any(axis=1)
        quiet = t_s[~run.anomaly[TRAIN:] & ~near]
        number, rows = number + int(np.isin(times, quiet).sum()), rows + quiet.size
    return number, rows / 3600.0
