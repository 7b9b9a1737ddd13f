"""Ranges that touch zero, and figures that nothing can have: drawn within what is possible, or refused by name."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from whipple.casefile.estimate import Estimate
from whipple.casefile.given import Given
from whipple.commands.folders import BUNDLED
from whipple.thermal.read_network import network_problems, read_network
from whipple.thermal.ship import State, build_networks, draw_ships
from whipple.thermal.words import harm

TEXT = (BUNDLED / "soyuz-ms22" / "network.toml").read_text()


def changed(folder: Path, key: str, **ends: str) -> Path:
    """The bundled network with the first range of this key changed."""
    found = re.search(rf"^{key}\s*=\s*\{{[^}}]*\}}", TEXT, re.MULTILINE)
    assert found
    text = found.group(0)
    for end, value in ends.items():
        text = re.sub(rf'{end} = "[-0-9.e]+', f'{end} = "{value}', text)
    path = folder / "network.toml"
    path.write_text(TEXT.replace(found.group(0), text, 1))
    return path


@pytest.mark.parametrize("key", ["conductance", "radiation", "flow", "area", "shadowed", "absorptance"])
def test_a_range_that_begins_at_zero_is_not_drawn_below_it(key: str, tmp_path: Path) -> None:
    """One draw of twenty was negative: the whole answer was refused, or a flow ran backwards unseen."""
    network = read_network(changed(tmp_path, key, low="0"))
    ships = draw_ships(network, 300, np.random.default_rng(1))
    made = build_networks(network, ships, State(True, "docked_on", 417e3, np.zeros(300)))
    assert min(made.gl_W_K.min(), made.gr_m2.min(), made.flow_W_K.min()) == 0.0
    assert all(values.min() >= 0 for name, values in ships.draws.items() if not name.startswith(("loads.", "sun.any")))


@pytest.mark.parametrize(
    ("key", "ends", "said"),
    [
        ("capacity", {"low": "0"}, "node.om_air, capacity"), ("film", {"low": "0"}, "crew_room.film"), ("volume", {"low": "-1"}, "crew_room.volume"),
        ("area", {"low": "-1"}, "area"), ("emittance", {"high": "1.4"}, "emittance"), ("humidity", {"low": "-0.1"}, "crew_room.humidity"),
    ],
)  # fmt: skip
def test_what_nothing_can_have_is_refused_by_name(key: str, ends: dict[str, str], said: str, tmp_path: Path) -> None:
    changed(tmp_path, key, **ends)
    problems = network_problems(tmp_path, "network.toml")
    assert len(problems) == 1
    assert said in problems[0].key


def test_the_worst_rate_told_is_that_of_this_crew() -> None:
    """117 W of the sheet make 1.62 K/h; a crew of 136.7 W (to 160 W) warms by 1.9 (to 2.2): "at most 1.62" was too low."""
    some = Estimate(310.0, 305.0, 318.0, "K")
    told = harm(
        3, some, Estimate(0.9, 0.8, 1.0, ""), Estimate(0.2, 0.0, 1.0, "K"), 0.2, Given(136.7, 100.0, 160.0, "W")
    )
    assert "1.9 K/h (up to 2.2)" in told
