"""Broken thermometers in a record: the onset stays where it is without them, or is wider with a caveat, and never lies on the fault."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from whipple.casefile.read_case import read_case
from whipple.casefile.read_channels import Channel, read_record
from whipple.casefile.tables.channel import ChannelTable
from whipple.telemetry import detect
from whipple.telemetry.revolution import revolution
from whipple.telemetry.sequential import WatchedLoop
from whipple.telemetry.simulate import Leak, Plant, simulate_loop
from whipple.telemetry.watched_record import loop_of_case

pytestmark = pytest.mark.slow
FOLDER = Path(__file__).parents[2] / "src" / "whipple" / "cases" / "soyuz-ms22"
HOUR_S = 3600.0
Spoil = Callable[[np.ndarray], np.ndarray]


def cold(value: np.ndarray) -> np.ndarray:
    return np.full_like(value, 200.0 - 273.15)


def stuck(value: np.ndarray) -> np.ndarray:
    return np.full_like(value, value[0])


def at(day: int, hour: float) -> float:
    """Hours of December 2022, UTC, from the epoch of the case: 15 Dec 00:45."""
    return ((day - 15) * 24 + hour - 0.75) * HOUR_S


@pytest.mark.parametrize(
    ("which", "hours", "spoil", "codes"),
    [
        ("12", (at(14, 16), at(14, 17)), cold, {"thermometer-not-believed", "no-thermometer-left"}),
        ("1", (at(14, 20), at(14, 21)), lambda v: v + 30.0, {"thermometer-not-believed"}),
        ("12", (at(14, 18), 1e9), stuck, {"thermometer-not-believed", "no-thermometer-left", "not-compensated"}),
        ("12", (at(14, 20), at(14, 20) + 60.0), cold, {"wild-temperatures"}),
    ],
)
def test_the_onset_of_the_bundled_record_stays(
    which: str, hours: tuple[float, float], spoil: Spoil, codes: set
) -> None:
    case = read_case(FOLDER)
    orbit, channels = revolution(case), []
    for one in read_record(case).channels:
        value, bad = one.value.copy(), (one.t_s >= hours[0]) & (one.t_s < hours[1])
        if one.name in [f"loop_temperature_{i}" for i in which]:
            value[bad] = spoil(value[bad])
        channels.append(replace(one, value=value))
    loops = [loop_of_case(loop, orbit[0]) for loop in case.loops]
    onset = detect(case.channels, channels, case.epoch, {}, 30.0, loops=loops, orbit=orbit)
    assert onset.onset_s.low < -367.0 < onset.onset_s.high
    assert onset.onset_s.median == pytest.approx(-367.98, abs=0.2 if "not-compensated" not in codes else 1.5)
    assert max(onset.kinds, key=lambda kind: onset.kinds[kind]) == "leak"
    assert [c.name for c in onset.channels if c.verdict == "changed"] == [f"loop_pressure_{i}" for i in (1, 2, 3)]
    every = {
        "thermometer-not-believed",
        "no-thermometer-left",
        "not-compensated",
        "wild-temperatures",
        "onset-disagree",
    }
    assert {c.code for c in onset.caveats} & every == codes
    (record,) = onset.loops
    assert record.temperature_K.min() > 285.0, "what sizes the hole knows nothing of 200 K"


@pytest.mark.parametrize("percent", [0.0, 1.0])
def test_both_at_200_K_make_no_onset_and_hide_none_of_a_slow_leak(percent: float) -> None:
    begun = 28.5 * HOUR_S
    leak = Leak(begun, Plant().inventory_kg * percent / 100 / 3600) if percent else None
    loop = simulate_loop(31 / 24, seed=981000, leak=leak)
    loop.value[3:5, (loop.t_s >= 26 * HOUR_S) & (loop.t_s < 27 * HOUR_S)] = 200.0
    made = loop.channels[:5]
    rows = [
        {"name": c.name, "file": "x.csv", "column": c.name, "unit": c.unit, "measures": c.measures, "loop": c.loop, "source": "test"}
        | {"data_path": c.data_path, "resolution": c.resolution_ratio}
        for c in made
    ]  # fmt: skip
    tables = [ChannelTable.model_validate(row) for row in rows]
    channels = [Channel(c.name, loop.t_s, loop.value[i], c.unit, True) for i, c in enumerate(made)]
    epoch = datetime(2022, 12, 14, tzinfo=UTC)
    onset = detect(tables, channels, epoch, {}, 30.0, loops=[WatchedLoop(made[0].loop)], quiet_until_s=24 * HOUR_S)
    assert "no-thermometer-left" in [c.code for c in onset.caveats]
    if percent:
        assert onset.onset_s.low - 60.0 < begun < onset.onset_s.high + 60.0
        assert onset.onset_s.high - onset.onset_s.low < 240.0
    else:
        assert onset.onset_s is None
