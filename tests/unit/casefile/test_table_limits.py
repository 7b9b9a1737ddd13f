"""What no loop, wall, crew or option can have is refused where it is read, and named; what is drawn stays where it can be."""

from __future__ import annotations

import tomllib
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from whipple.casefile.problems import problems_of
from whipple.casefile.read_case import SINGLE_TABLES, TABLE_LISTS, read_case
from whipple.casefile.tables.table import Table
from whipple.commands.folders import BUNDLED

RAW = tomllib.loads((BUNDLED / "soyuz-ms22" / "case.toml").read_text(encoding="utf-8"))


def told(key: str, changes: dict[str, Any]) -> list[str]:
    """What is wrong with a table of the bundled case after some changes; a list of tables is tried with its first row."""
    row = RAW[key][0] if key in TABLE_LISTS else RAW[key]
    kind: type[Table] = TABLE_LISTS[key][1] if key in TABLE_LISTS else SINGLE_TABLES[key]
    with pytest.raises(ValidationError) as caught:
        kind.model_validate(row | changes)
    return [str(problem) for problem in problems_of("case.toml", key, kind, caught.value)]


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        ("loop.inventory", "0 L", "a range above zero"), ("loop.gas_volume", "-1 L", "a range above zero"),
        ("loop.temperature", {"is": "2 K", "low": "-1 K", "high": "3 K"}, "a range above zero"),
        ("loop.discharge_coefficient", "1.2", "at most 1"), ("loop.velocity_coefficient", {"is": "0.97", "low": "0", "high": "1"}, "above zero"),
        ("loop.residue", "-0.1", "at least 0, at most 1"), ("loop.pipe", "0 mm", "a range above zero"),
        ("loop.reaction_force", {"is": "0 N", "low": "-1 N", "high": "1 N"}, "a range above zero"),
        ("vehicle.site_wall", {"is": "1 mm", "low": "0 mm", "high": "2 mm"}, "a range above zero"), ("vehicle.mass", "0 kg", "above zero"),
        ("vehicle.gyro_capacity", ["-1 N*m*s"], "at least 0"), ("crew.metabolic", "0 W", "a range above zero"), ("crew.count", -1, "equal to 0"),
        ("image.scale_px", -1.0, "greater than 0"), ("image.scale_length", "0 mm", "a range above zero"), ("image.distance", "-1 m", "above zero"),
        ("option.other_harm", {"is": "0.9", "low": "0.5", "high": "1.4"}, "at least 0, at most 1"),
        ("option.other_harm", {"is": "0.1", "low": "-0.5", "high": "0.2"}, "at least 0, at most 1"), ("option.ready", "-1 day", "at least 0"),
        ("hypothesis.rate", "0 / day", "a range above zero"), ("channel.resolution", -1.0, "greater than or equal to 0"),
        ("orbit.valid_days", 0.0, "greater than 0"), ("case.exposed_since", RAW["case"]["epoch"], "exposed_since before epoch"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_by_name(place: str, value: Any, said: str) -> None:
    table, key = place.split(".")
    (problem,) = told(table, {key: value})
    assert problem.startswith(f"case.toml, {table}")
    assert key in problem
    assert said in problem
    assert "\n  try: " in problem


def test_a_flight_of_no_time_or_fewer_than_nobody_is_refused() -> None:
    row = RAW["thermal"]["scenario"][0]
    for changes, said in (({"crew": -1}, "equal to 0"), ({"duration": "0 s"}, "a range above zero")):
        (problem,) = told("thermal", {"scenario": [row | changes]})
        assert said in problem


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        ("channel.measures", "presure", "rename it to 'pressure'"), ("option.ship", "replacment", "rename it to 'replacement'"),
        ("hypothesis.kind", "meteor", "use one of them"), ("image.lens", "unkown", "rename it to 'unknown'"),
        ("claim.use", "chek", "rename it to 'check'"),
        ("attitude.order", "yaw-pitch-rol", "rename it to 'yaw-pitch-roll'"), ("claim.bond", "upper", "rename it to 'bound'"),
        ("channel.simulated", "perhaps", "write true or false"), ("crew.count", "three", "write a whole number"), ("loop.name", 3, "in quotes"),
    ],
)  # fmt: skip
def test_a_slip_of_the_pen_names_the_nearest_right_word(place: str, value: Any, said: str) -> None:
    table, key = place.split(".")
    (problem,) = told(table, {key: value})
    assert said in problem


def test_no_number_of_the_bundled_case_is_drawn_where_it_cannot_be() -> None:
    case = read_case(BUNDLED / "soyuz-ms22")
    ratio = case.loop().velocity_coefficient
    assert ratio.high == ratio.most == 1.0
    draws = ratio.draw(np.random.default_rng(1), 4000)
    assert draws.max() <= 1.0
    assert np.mean(draws == draws.max()) < 0.01  # no heap at the limit
    assert np.median(draws) == pytest.approx(ratio.value, rel=0.002)
