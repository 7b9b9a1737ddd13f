"""Does the reader of network.toml name every problem, with what to try?"""

from __future__ import annotations

from pathlib import Path

import pytest

import whipple
from whipple.casefile.read_toml import load_sources
from whipple.errors import CaseError, RangeError
from whipple.thermal.read_network import network_problems, read_network
from whipple.thermal.ship import State, first_ship

BUNDLED = Path(whipple.__file__).parent / "cases" / "soyuz-ms22"
BAD = """
[network]
title = "bad"
source = "whipple-assumed"
[node.air]
capacity = "10 kJ/K"
start = "295 K"
[node.wall]
capacty = "10 kJ/K"
start = "295"
[node.space]
fixed = "3 K"
start = "3 K"
[[link]]
name = "film"
between = ["air", "wal"]
conductance = "5 W/m**2"
[[link]]
name = "twice"
between = ["air", "spac"]
conductance = "5 W/K"
radiation = "1 m**2"
[loads.on]
air = "5 kg"
[sking]
x = 1
[reading.cabin]
nodes = ["ait"]
"""


def test_the_bundled_network_has_no_problem_and_known_sources() -> None:
    assert network_problems(BUNDLED, "network.toml") == []
    network = read_network(BUNDLED / "network.toml")
    known = load_sources(BUNDLED)
    given = [getattr(node, key) for node in network.nodes.values() for key in ("capacity", "start", "fixed")]
    given += [heat for by_node in network.loads.values() for heat in by_node.values()]
    assert {one.source or network.header.source for one in given if one is not None} <= set(known)
    assert all(one.low < one.high for one in given if one is not None), "every number is a range"


def test_every_problem_is_named_in_one_pass(tmp_path: Path) -> None:
    (tmp_path / "network.toml").write_text(BAD)
    text = "\n".join(str(one) for one in network_problems(tmp_path, "network.toml"))
    for expected in (
        "node.wall.capacty: found an unknown key", "rename it to 'capacity'", "node.wall.start", "W/K",
        "node.space: found not exactly one of fixed, start", "link 'twice': found 2 of them", "link[0].conductance",
        "link 'twice', between: found 'spac'", "rename it to 'space'",
        "loads.on.air", "sking: found an unknown table", "rename it to 'skin'", "reading.cabin.nodes: found 'ait'",
    ):  # fmt: skip
        assert expected in text, expected


def test_an_absent_file_is_a_problem(tmp_path: Path) -> None:
    assert "no such file" in str(network_problems(tmp_path, "network.toml")[0])
    with pytest.raises(CaseError):
        read_network(tmp_path / "network.toml")


def test_unknown_equipment_is_refused_with_the_known_names() -> None:
    network = read_network(BUNDLED / "network.toml")
    with pytest.raises(RangeError, match="docked_on"):
        first_ship(network, State(True, "doked_on", 417e3, 0.0))
