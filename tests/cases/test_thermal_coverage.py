"""Do 90 % intervals of the thermal room hold the truth nine times in ten? Synthetic ships with known temperatures."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

import whipple
from whipple.casefile.given import Given
from whipple.casefile.tables.claim import ClaimTable
from whipple.thermal.calibrate import DISCREPANCY_K, Reading, resample, weigh_ships
from whipple.thermal.march import march
from whipple.thermal.read_network import read_network
from whipple.thermal.ship import State, build_networks, draw_ships, start_K

NETWORK = read_network(Path(whipple.__file__).parent / "cases" / "soyuz-ms22" / "network.toml")
SHIPS, TRUTHS, SIGMA_K = 1500, 150, 1.2


def reading_of(said_K: float) -> Reading:
    half = SIGMA_K * 1.645
    moment = datetime(2022, 12, 16, tzinfo=UTC)
    claim = ClaimTable(
        id="x", about="cabin.temperature_K", says="", value=Given(said_K, said_K - half, said_K + half, "K"), said_by="",
        said_on=moment, at=moment, use="evidence", source="synthetic",
    )  # fmt: skip
    return Reading(claim, "cabin", 0.0, said_K, said_K - half, said_K + half)


@pytest.mark.slow
def test_ninety_per_cent_intervals_hold_the_truth() -> None:
    rng = np.random.default_rng(22)
    ships = draw_ships(NETWORK, SHIPS, rng)
    docked = march(
        build_networks(NETWORK, ships, State(True, "docked_on", 417e3, -1.255)), start_K(NETWORK, ships), 172800.0, 48
    )
    state = State(False, "return_on", 417e3, ships.draws["sun.any_beta"])
    home = march(build_networks(NETWORK, ships, state), docked.temperature_K[-1], 21600.0, 36)
    cabin, drum, answer = (NETWORK.names.index(name) for name in ("om_air", "po_gas", "dm_air"))
    seen = [docked.temperature_K[36, :, node] for node in (cabin, drum)]
    truth_K = home.temperature_K[-1, :, answer]
    held = 0
    for truth in rng.choice(SHIPS, TRUTHS, replace=False):
        others = np.delete(np.arange(SHIPS), truth)
        noise = rng.normal(0.0, np.hypot(SIGMA_K, DISCREPANCY_K), 2)
        readings = [reading_of(float(ours[truth] + error)) for ours, error in zip(seen, noise, strict=True)]
        weight = weigh_ships(readings, [ours[others] for ours in seen], SHIPS - 1)
        low, high = np.quantile(truth_K[others][resample(weight, 200, rng)], [0.05, 0.95])
        held += low <= truth_K[truth] <= high
    assert 0.83 <= held / TRUTHS <= 0.96, "binomial 3 sigma about 0.90 with 150 truths, resampling included"
