"""Laws of limits: causal, cut anywhere, nested levels, and XTCE read what was written."""

from __future__ import annotations

import itertools
import tempfile
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from whipple.telemetry.limit_state import LimitState
from whipple.telemetry.limits import Alarm, Band, Change, LimitBook, Ranges, TypeLimits
from whipple.telemetry.limits_match import Comparison, Group
from whipple.telemetry.read_xtce import read_xtce
from whipple.telemetry.write_xtce import write_xtce

numbers = st.floats(-100, 100).map(lambda x: round(x, 3))
ends = st.none() | numbers
bands = st.builds(Band, st.integers(1, 5), ends, ends, st.booleans(), st.booleans()).map(
    lambda b: Band(b.level, b.low, b.high, b.low_open and b.low is not None, b.high_open and b.high is not None)
)
ranges = st.lists(bands, min_size=1, max_size=5, unique_by=lambda b: b.level).map(lambda rows: Ranges(tuple(rows)))
multi = st.lists(
    st.builds(Band, st.integers(0, 5), numbers, numbers, inside=st.booleans()), min_size=1, max_size=4
).map(lambda r: Ranges(tuple(r)))
tests = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
short = st.builds(Comparison, st.sampled_from(["MODE", "P"]), tests, numbers.map(str))
long = st.builds(Comparison, st.just("MODE"), tests, numbers.map(str), long_form=st.just(True))
matches = (
    short
    | st.lists(short, min_size=2, max_size=3).map(lambda rows: Group("list", tuple(rows)))
    | st.recursive(
        long,
        lambda inner: st.builds(
            Group, st.sampled_from(["and", "or"]), st.lists(inner, min_size=2, max_size=3).map(tuple)
        ),
        max_leaves=4,
    )
)
changes = st.builds(Change, ranges, st.booleans(), st.booleans(), st.integers(1, 9), numbers.map(abs))
alarms = st.builds(
    Alarm,
    static=st.none() | ranges,
    multi=st.none() | multi,
    change=st.none() | changes,
    conditions=st.lists(st.tuples(st.integers(1, 5), matches), max_size=2, unique_by=lambda row: row[0]).map(tuple),
    min_violations=st.integers(1, 5),
    min_conformance=st.none() | st.integers(1, 5),
    name=st.sampled_from(["", "low"]),
)
contexts = st.builds(lambda alarm, match: Alarm(**{**vars(alarm), "context": match}), alarms, matches)
types = st.builds(
    TypeLimits,
    st.just("Float"),
    st.sampled_from(["", "bar"]),
    st.none() | alarms,
    st.lists(contexts, max_size=2).map(tuple),
)


@settings(max_examples=60, deadline=None)
@given(types)
def test_a_written_xtce_file_reads_back_identical(limits: TypeLimits) -> None:
    book = LimitBook.plain({"P": limits, "MODE": TypeLimits("Enumerated", labels=((0, "OFF"), (1, "ON")))})
    with tempfile.TemporaryDirectory() as folder:
        first, second = Path(folder) / "a.xml", Path(folder) / "b.xml"
        write_xtce(first, book)
        read = read_xtce(first)
        assert read == book
        write_xtce(second, read)
        assert first.read_bytes() == second.read_bytes()


@settings(max_examples=60, deadline=None)
@given(alarms, st.lists(numbers, min_size=1, max_size=40), st.integers(0, 40))
def test_limits_are_causal_and_cut_anywhere(alarm: Alarm, value: list[float], cut: int) -> None:
    book = LimitBook.plain({"P": TypeLimits(default=alarm), "MODE": TypeLimits()})
    t_s = np.arange(len(value), dtype=float)
    index, whole = np.zeros(len(value), np.int64), np.array(value)

    def run(edges: list[int], upto: int) -> list[object]:
        state, out = LimitState(["P", "MODE"], book), []
        for low, high in itertools.pairwise(edges):
            part = slice(low, min(high, upto))
            out += state.update(index[part], t_s[part], whole[part], {}, float(high))
        return out

    at_once = run([0, len(value)], len(value))
    assert run([0, min(cut, len(value)), len(value)], len(value)) == at_once
    assert run([0, len(value)], cut) == [change for change in at_once if change.t_s < cut], (
        "the past knows nothing of what follows"
    )


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 5), min_size=1, max_size=50), st.integers(1, 4), st.integers(1, 4))
def test_a_level_needs_its_violations_in_a_row_and_its_conformance_to_leave(
    raw: list[int], enter: int, leave: int
) -> None:
    ladder = Ranges(tuple(Band(level, high=level - 0.5) for level in range(1, 6)))
    book = LimitBook.plain({"P": TypeLimits(default=Alarm(static=ladder, min_violations=enter, min_conformance=leave))})
    state = LimitState(["P"], book)
    now = 0
    for i, value in enumerate(raw):
        changes = state.update(np.zeros(1, np.int64), np.array([float(i)]), np.array([float(value)]), {}, i + 1.0)
        after = changes[-1].level if changes else now
        if after > now:
            assert i + 1 >= enter
            assert min(raw[i + 1 - enter : i + 1]) >= after
        if after < now:
            assert i + 1 >= leave
            assert max(raw[i + 1 - leave : i + 1]) < now
        now = after
