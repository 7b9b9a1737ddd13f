"""Does the march of many ships agree with the exact solver, and does the cabin obey its water balance?"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import whipple
from whipple.thermal.humidity import saturation_kg_m3
from whipple.thermal.march import Cabin, History, march
from whipple.thermal.network import Network, solve_transient
from whipple.thermal.read_network import read_network
from whipple.thermal.ship import State, build_networks, draw_ships, start_K

NETWORK = read_network(Path(whipple.__file__).parent / "cases" / "soyuz-ms22" / "network.toml")


def one_of(many: Network, index: int) -> Network:
    return Network(
        many.names,
        many.capacity_J_K[index],
        many.fixed,
        many.load_W[index],
        many.gl_W_K[index],
        many.gr_m2[index],
        many.flow_W_K[index],
    )


@pytest.mark.parametrize(
    ("state", "hours", "steps"),
    [(State(True, "docked_on", 417e3, -1.255), 48.0, 48), (State(False, "return_on", 417e3, 0.3), 6.0, 360)],
)
def test_march_agrees_with_the_bdf_solver(state: State, hours: float, steps: int) -> None:
    ships = draw_ships(NETWORK, 5, np.random.default_rng(3))
    networks, begin = build_networks(NETWORK, ships, state), start_K(NETWORK, ships)
    ours = march(networks, begin, hours * 3600, steps).temperature_K[-1]
    exact = [solve_transient(one_of(networks, i), begin[i], np.array([0.0, hours * 3600]))[-1] for i in range(5)]
    assert np.abs(ours - exact).max() < 0.05


def cabin_run(crew: int, volume_m3: float = 4.0, hours: float = 1.0) -> History:
    ships = draw_ships(NETWORK, 4, np.random.default_rng(5))
    networks = build_networks(NETWORK, ships, State(False, "return_on", 417e3, 0.0))
    air, wall = (NETWORK.names.index(name) for name in ("dm_air", "dm_structure"))
    full = np.ones(4)
    cabin = Cabin(air, wall, crew, volume_m3 * full, 14 * full, 4.5 * full, 4 * full, 0.5 * full, 117.0 * full)
    return march(networks, start_K(NETWORK, ships), hours * 3600, round(60 * hours), cabin)


def test_water_is_neither_made_nor_lost() -> None:
    history = cabin_run(crew=3)
    air = history.temperature_K[:, :, NETWORK.names.index("dm_air")]
    vapour = history.humidity_frac * saturation_kg_m3(air)
    gained = 4.0 * (vapour[-1] - vapour[0]) + history.condensed_kg
    assert gained == pytest.approx(history.breathed_kg, rel=1e-9)


def test_three_people_soon_make_the_descent_module_humid() -> None:
    history = cabin_run(crew=3)
    assert (history.humidity_frac[16] > 0.65).all(), (
        "sheet: saturated in 9 to 16 min, were nothing to condense on the walls"
    )
    assert (history.humidity_frac <= 1.02).all()


def test_more_people_make_it_hotter_and_wetter() -> None:
    three, two = cabin_run(3, hours=3.0), cabin_run(2, hours=3.0)
    air = NETWORK.names.index("dm_air")
    assert (three.temperature_K[-1, :, air] >= two.temperature_K[-1, :, air]).all()
    assert (three.breathed_kg > two.breathed_kg).all()
    assert (three.core_rise_K[-1] >= two.core_rise_K[-1] - 1e-12).all()
