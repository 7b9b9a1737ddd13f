"""The simulated loop of the bundled case, from its builder: the tests know the truth."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from whipple.telemetry.loop_signal import LoopSignal

HOURS_S = 3600.0


@pytest.fixture(scope="session")
def simulated_loop() -> Callable[..., LoopSignal]:
    """`simulated_loop(seed, **truth)`: three pressures and the mean liquid temperature."""
    path = Path(__file__).parents[3] / "builders" / "make_ms22_channels.py"
    spec = importlib.util.spec_from_file_location("ms22_plant", path)
    made = importlib.util.module_from_spec(spec)
    sys.modules["ms22_plant"] = made
    spec.loader.exec_module(made)

    def make(seed: int, **truth: float) -> LoopSignal:
        data = made.simulate_loop(made.Truth(**{"start_s": -16 * HOURS_S, "end_s": 2 * HOURS_S, **truth}), seed)
        warmth = (data["temperature_1_K"] + data["temperature_2_K"]) / 2
        return LoopSignal(
            "external", data["t_s"], np.array([data[f"pressure_{i}_Pa"] for i in (1, 2, 3)]), warmth, np.full(3, 2000.0)
        )

    return make
