"""The graph of a loop in case.toml: read whole, and each mistake told once and clearly."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from pydantic import ValidationError

from whipple.casefile.problems import problems_of
from whipple.casefile.tables.loop import LoopTable, channel_problems

PLAIN: dict[str, Any] = {
    "name": "ring", "fluid": "isooctane", "inventory": "44 L", "pressure": "3 bar", "temperature": "293 K", "gas_volume": "4 L",
    "pushed_volume": "4 L", "discharge_coefficient": "0.62", "velocity_coefficient": "0.97", "residue": "0", "source": "x",
}  # fmt: skip


def graph() -> dict[str, Any]:
    """Two radiator branches between the ends of a trunk with the pump."""

    def pipe(name: str, start: str, end: str) -> dict[str, Any]:
        return {"name": name, "from": start, "to": end, "volume": "5 L", "loss": "1e11 Pa*s**2/m**6"}

    return PLAIN | {
        "accumulator": "in",
        "segment": [pipe("trunk", "in", "out"), pipe("left", "out", "in"), pipe("right", "out", "in")],
        "valve": [{"name": "V1", "segment": "left"}, {"name": "V2", "segment": "left", "end": "to"}],
        "pump": [{"name": "P", "segment": "trunk", "head": "0.5 bar"}],
        "gauge": [{"channel": "p1", "node": "in", "accuracy": "2 mbar"}],
        "meter": [{"channel": "q1", "segment": "left", "accuracy": "0.01 L/min"}],
        "forbid": [{"closed": ["V1"], "why": "sticks"}],
        "test": [
            {"closed": ["V1", "V2"], "hold": "1 h", "before": {"p1": "3 bar"}, "start": {"p1": "3 bar"}, "after": {"p1": "2.9 bar"}, "source": "log"}
        ],
    }  # fmt: skip


def told(raw: dict[str, Any]) -> list[str]:
    with pytest.raises(ValidationError) as caught:
        LoopTable.model_validate(raw)
    return [str(problem) for problem in problems_of("case.toml", "loop[0]", LoopTable, caught.value)]


def test_a_loop_without_a_graph_reads_as_before() -> None:
    loop = LoopTable.model_validate(PLAIN)
    assert loop.segment == ()
    assert loop.accumulator == ""
    assert loop.modulus_Pa is None


def test_a_graph_is_read_in_si() -> None:
    loop = LoopTable.model_validate(graph())
    assert loop.segment[1].loss_Pa_s2_m6.value == 1e11
    assert loop.meter[0].accuracy_m3_s.value == pytest.approx(1e-5 / 60)
    assert loop.pump[0].head_Pa.value == pytest.approx(5e4)
    assert loop.pump[0].running
    assert loop.test[0].after["p1"].value == pytest.approx(2.9e5)
    assert loop.valve[1].end == "to"


def change(where: Callable[[dict[str, Any]], Any], **values: Any) -> dict[str, Any]:
    raw = graph()
    where(raw).update({key.rstrip("_"): value for key, value in values.items()})
    return raw


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (change(lambda g: g["segment"][1], to="inn"), ["'left' alone at node 'inn'", "rename it to 'in'"]),
        (change(lambda g: g["segment"][0], loss="-1 Pa*s**2/m**6"), ["loop[0].segment[0].loss", "found -1", "at least 0"]),
        (change(lambda g: g["segment"][0], volume="0 L"), ["loop[0].segment[0].volume", "found 0", "a range above zero"]),
        (change(lambda g: g["segment"][0], to="in"), ["from = to = 'in'"]),
        (change(lambda g: g["segment"][1], name="right"), ["two segments called 'right'"]),
        (change(lambda g: g["valve"][0], segment="lefft"), ["valve 'V1' on segment 'lefft'", "rename it to 'left'"]),
        (change(lambda g: g["valve"][0], end="middle"), ["loop[0].valve[0].end"]),
        (change(lambda g: g["valve"][0], passes=1.5), ["loop[0].valve[0].passes", "less than 1"]),
        (change(lambda g: g["pump"][0], segment="pipe"), ["pump 'P' on segment 'pipe'", "a segment: trunk, left, right"]),
        (change(lambda g: g["pump"][0], head="-1 bar"), ["loop[0].pump[0].head", "found -100000", "at least 0"]),
        (change(lambda g: g["gauge"][0], node="top"), ["gauge 'p1' at node 'top'", "a node: in, out"]),
        (change(lambda g: g["meter"][0], segment="centre"), ["meter 'q1' on segment 'centre'"]),
        (change(lambda g: g["meter"][0], channel="p1"), ["two gauge or meters called 'p1'"]),
        (change(lambda g: g, accumulator="nowhere"), ["accumulator at node 'nowhere'"]),
        (change(lambda g: g, accumulator=""), ["no accumulator", 'accumulator = "in"']),
        (change(lambda g: g, accumulator=["in", "out"]), ["loop[0].accumulator", "string"]),
        (change(lambda g: g["forbid"][0], closed=["V9"]), ["forbid: valve 'V9'", "a valve: V1, V2"]),
        (change(lambda g: g["test"][0], closed=["V9"]), ["test[0]: valve 'V9'"]),
        (change(lambda g: g["test"][0], off=["Q"]), ["test[0]: pump 'Q'"]),
        (change(lambda g: g["test"][0], after={"p7": "3 bar"}), ["test[0]: channel 'p7'", "a gauge: p1"]),
        (change(lambda g: g["test"][0], start={}), ["loop[0].test[0]", "no start"]),
        (change(lambda g: g["test"][0], hold="0 s"), ["loop[0].test[0]", "hold = 0 s"]),
        (change(lambda g: g["test"][0], after={"p1": "3 L"}), ["loop[0].test[0].after.p1"]),
        (PLAIN | {"accumulator": "in"}, ["a graph without segments"]),
    ],
)  # fmt: skip
def test_each_mistake_is_told_once_and_clearly(raw: dict[str, Any], expected: list[str]) -> None:
    problems = told(raw)
    assert len(problems) == 1
    for words in expected:
        assert words in problems[0]
    assert "try: " in problems[0]


def test_all_mistakes_of_a_loop_are_told_at_once() -> None:
    """Wrong rows and wrong names between rows, of every kind, in one pass; each with its place."""
    raw = graph()
    raw["segment"][0]["volume"] = "0 L"
    raw["segment"][1]["to"] = "inn"
    raw["valve"][0]["segment"] = "lefft"
    raw["pump"][0]["segment"] = "trunck"
    raw["gauge"][0]["node"] = "top"
    raw["meter"][0]["segment"] = "centre"
    raw["accumulator"] = "inlet"
    raw["forbid"][0]["closed"] = ["V9", "V8"]
    raw["test"][0] |= {"closed": ["V7"], "off": ["Q"], "after": {"p7": "3 bar"}}
    problems = told(raw)
    places = [problem.split(": ")[0].removeprefix("case.toml, loop[0].") for problem in problems]
    assert places == [
        "segment[0].volume", "valve[0].segment", "pump[0].segment", "meter[0].segment", "accumulator", "gauge[0].node", "segment[1].to",
        "forbid[0].closed", "forbid[0].closed", "test[0]", "test[0]", "test[0]",
    ]  # fmt: skip
    assert all("try: " in problem for problem in problems)


@pytest.mark.parametrize(("key", "rows"), [("valve", "V1"), ("segment", [{"from": "in", "to": "out"}]), ("test", [3])])
def test_rows_that_cannot_be_read_are_told_without_guessing_the_rest(key: str, rows: Any) -> None:
    assert all(f"loop[0].{key}" in problem for problem in told(graph() | {key: rows}))


def test_a_graph_in_two_pieces_is_refused() -> None:
    raw = graph()
    raw["segment"] += [
        {"name": "x", "from": "far", "to": "off", "volume": "1 L", "loss": "1 Pa*s**2/m**6"},
        {"name": "y", "from": "off", "to": "far", "volume": "1 L", "loss": "1 Pa*s**2/m**6"},
    ]
    assert "a piece on its own: nodes far, off" in told(raw)[0]


def test_a_stub_must_be_meant() -> None:
    raw = graph()
    stub = {"name": "fill", "from": "in", "to": "cap", "volume": "1 L", "loss": "1 Pa*s**2/m**6"}
    raw["segment"].append(stub)
    assert "dead_end = true" in told(raw)[0]
    stub["dead_end"] = True
    assert len(LoopTable.model_validate(raw).segment) == 4


def test_two_pumps_on_one_segment_are_refused() -> None:
    raw = graph()
    raw["pump"].append({"name": "P2", "segment": "trunk", "head": "0.5 bar"})
    assert "2 pumps on segment 'trunk'" in told(raw)[0]


def test_a_test_by_its_times_needs_no_readings() -> None:
    raw = graph()
    raw["test"] = [{"closed": ["V1"], "begins": "2022-12-15T02:00Z", "ends": "2022-12-15T02:10Z", "source": "log"}]
    assert LoopTable.model_validate(raw).test[0].begins is not None
    raw["test"][0]["ends"] = "2022-12-15T01:00Z"
    assert "put the two times in order" in told(raw)[0]


def test_an_unknown_channel_is_named_with_its_near_match() -> None:
    problems = channel_problems(LoopTable.model_validate(graph()), "loop[0]", ["p11", "q1"])
    assert [problem.key for problem in problems] == ["loop[0].gauge[0].channel"]
    assert "rename it to 'p11'" in str(problems[0])


def test_channels_of_a_loop_that_could_not_be_read_are_named_too() -> None:
    raw = graph() | {"accumulator": "nowhere"}
    told_so = channel_problems(raw, "loop[0]", ["p1"])
    assert [problem.key for problem in told_so] == ["loop[0].meter[0].channel"]
    assert channel_problems({"gauge": "p1", "meter": [3, {}]}, "loop[0]", []) == []
