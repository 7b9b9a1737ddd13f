"""Every kind of alarm, each by itself."""

from __future__ import annotations

import numpy as np
import pytest

from whipple.errors import RangeError
from whipple.telemetry.limit_state import LimitState
from whipple.telemetry.limits import Alarm, Band, Change, LimitBook, Ranges, TypeLimits, cosmos_alarm
from whipple.telemetry.limits_match import Comparison, Custom, Group


def levels(
    alarm: Alarm, values: list[float | str], t_s: list[float] | None = None, **others: list[float | str]
) -> list[int]:
    """The level after each sample of P; `others` are sampled at the same times."""
    names = ["P", *others]
    book = LimitBook.plain({"P": TypeLimits(default=alarm), **{name: TypeLimits() for name in others}})
    return after_each(book, names, [values, *others.values()], t_s or [float(i) for i in range(len(values))])


def after_each(book: LimitBook, names: list[str], rows: list[list[float | str]], t_s: list[float]) -> list[int]:
    state, out = LimitState(names, book), []
    for i, moment in enumerate(t_s):
        now = [(k, row[i]) for k, row in enumerate(rows) if row[i] is not None]
        index, value = (
            np.array([k for k, _ in now], np.int64),
            np.array([0.0 if isinstance(v, str) else v for _, v in now]),
        )
        text = {place: v for place, (_, v) in enumerate(now) if isinstance(v, str)}
        state.update(index, np.full(len(now), moment), value, text, moment + 1)
        out.append(int(state.level[0]))
    return out


def test_five_ranges_outside_the_worst_wins_and_ends_count_as_stated() -> None:
    bands = tuple(Band(level, low=-10.0 * level, high=10.0 * level) for level in range(1, 6))
    assert levels(Alarm(static=Ranges(bands)), [0, 10, 10.1, -25, 35, 45, -55, 0]) == [0, 0, 1, 2, 3, 4, 5, 0]
    opened = Ranges((Band(2, low=0.0, high=1.0, low_open=True),))
    assert levels(Alarm(static=opened), [0.0, 1.0, 0.5]) == [2, 0, 0]


def test_inside_and_multi_ranges() -> None:
    inside = Ranges((Band(2, low=4.0, high=6.0, inside=True), Band(4, low=4.9, high=5.1, inside=True)))
    assert levels(Alarm(static=inside), [3, 4.5, 5, 7]) == [0, 2, 4, 0]
    barber = Ranges((Band(2, low=0, high=1, inside=True), Band(4, low=3, high=4, inside=True), Band(1, low=-9, high=9)))
    assert levels(Alarm(multi=barber), [0.5, 2, 3.5, 10, 5]) == [2, 0, 4, 1, 0]
    named = Ranges((Band(0, low=0, high=1, inside=True), Band(4, low=2, high=3, inside=True)))
    assert levels(Alarm(multi=named), [0.5, 2.5, 1.5]) == [0, 4, 1], "what is neither normal nor named is non-normal"


def test_violations_and_conformance_in_a_row() -> None:
    high = Ranges((Band(2, high=1.0),))
    assert levels(Alarm(static=high, min_violations=3), [2, 2, 0, 2, 2, 2, 0, 0, 0]) == [0, 0, 0, 0, 0, 2, 2, 2, 0]
    assert levels(Alarm(static=high, min_violations=1, min_conformance=2), [2, 0, 2, 0, 0]) == [2, 2, 2, 2, 0]
    with pytest.raises(RangeError, match="1 or more"):
        Alarm(min_violations=0)


def test_cosmos_persistence_counts_samples_that_differ_from_the_state() -> None:
    alarm = cosmos_alarm(0.0, 1.0, 3.0, 4.0, persistence=3)
    assert levels(alarm, [2, 0.5, -1, 0.5, -1, -1, -1, 2, 2, 2]) == [0, 0, 0, 2, 2, 2, 4, 4, 4, 0]
    with pytest.raises(RangeError, match="red low"):
        cosmos_alarm(2.0, 1.0, 3.0, 4.0)


def test_change_per_second_per_sample_and_percent() -> None:
    fast = Change(Ranges((Band(2, high=1.0), Band(4, high=3.0))), span_s=2.0)
    assert levels(Alarm(change=fast), [0, 1, 4, 12, 12, 12]) == [0, 0, 2, 4, 4, 0]
    step = Change(Ranges((Band(2, high=5.0),)), per_sample=True, span_count=2)
    assert levels(Alarm(change=step), [0, 4, 8, 8, 8]) == [0, 0, 2, 0, 0]
    share = Change(Ranges((Band(2, high=10.0),)), per_sample=True, percent=True)
    assert levels(Alarm(change=share), [0.0, 1.0, 1.05, 1.3]) == [0, 0, 0, 2], "a percentage of zero is not defined"
    slow = Change(Ranges((Band(3, high=0.1, inside=True),)))
    assert levels(Alarm(change=slow), [0, 1, 1.05]) == [0, 0, 3]
    assert levels(Alarm(change=fast), [0.0, 30.0], [0.0, 1.0]) == [0, 0], "the span has not passed"


def test_the_first_context_that_matches_rules_and_counts_start_again() -> None:
    low, tight = Ranges((Band(4, low=0.0),)), Ranges((Band(2, low=5.0),))
    book = LimitBook.plain(
        {
            "P": TypeLimits(
                default=Alarm(static=low),
                contexts=(
                    Alarm(static=tight, context=Group("list", (Comparison("MODE", "==", "SAFE"), Comparison("N", ">=", "0x2")))),
                    Alarm(context=Comparison("MODE", "==", "SAFE")),
                ),
            ),
            "MODE": TypeLimits("Enumerated"), "N": TypeLimits(),
        }
    )  # fmt: skip
    mode = ["NOMINAL", "SAFE", "SAFE", "NOMINAL"]
    assert after_each(book, ["P", "MODE", "N"], [[1, 1, 1, -1], mode, [1, 2, 1, 1]], [0, 1, 2, 3]) == [0, 2, 0, 4]


def test_a_context_is_the_one_of_the_data_s_own_time() -> None:
    alarm = Alarm(static=Ranges((Band(4, high=1.0),)), context=Comparison("MODE", "==", "ON"))
    book = LimitBook.plain({"P": TypeLimits(contexts=(alarm,)), "MODE": TypeLimits("String")})
    state = LimitState(["P", "MODE"], book)
    index, t_s = np.array([0, 1, 0, 1]), np.array([0.0, 1.0, 1.0, 2.0])
    changes = state.update(index, t_s, np.array([5.0, 0.0, 5.0, 0.0]), {1: "ON", 3: "OFF"}, 3.0)
    assert [(change.t_s, change.level) for change in changes] == [(1.0, 4)]


def test_conditions_boolean_expressions_and_what_cannot_be_evaluated() -> None:
    either = Group(
        "or",
        (
            Comparison("A", ">", other="B", long_form=True),
            Group("and", (Comparison("A", "==", "7"), Comparison("B", "==", "7"))),
        ),
    )
    alarm = Alarm(conditions=((2, Comparison("P", "<", "0")), (5, either)))
    assert levels(alarm, [1, -1, 1, 1], A=[0, 0, 2, 7], B=[1, 1, 1, 7]) == [0, 2, 5, 5]
    book = LimitBook.plain({"P": TypeLimits(default=Alarm(conditions=((2, Custom("<CustomAlgorithm />")),)))})
    assert "kept, not evaluated" in LimitState(["P"], book).not_evaluated[0]


def test_enumerations_words_and_their_default() -> None:
    alarm = Alarm(labels=(("FAIL", 4), ("WARM", 2)), default_level=0)
    assert levels(alarm, ["OK", "WARM", "FAIL", "OK"]) == [0, 2, 4, 0]
    assert levels(Alarm(patterns=(("ok.*", 0), (".*fire.*", 5)), default_level=1), ["ok now", "a fire!", "hm"]) == [
        0,
        5,
        1,
    ]


def test_time_alarms_use_their_units() -> None:
    alarm = Alarm(static=Ranges((Band(2, high=2.0),), time_units="days"), rate=Ranges((Band(4, low=0.9, high=1.1),)))
    assert levels(alarm, [0.0, 86400.0, 86401.0, 3 * 86400.0]) == [0, 4, 0, 4]


def test_not_a_number_is_not_judged() -> None:
    high = Ranges((Band(2, high=1.0),))
    assert levels(Alarm(static=high, min_violations=2), [2, float("nan"), 2, 0]) == [0, 0, 2, 2]


def test_silent_channels_are_stale_by_data_time_and_come_back() -> None:
    state = LimitState(["P", "Q"], LimitBook(), {"P": 10.0})
    put = lambda t, k: [(c.kind, c.t_s) for c in state.update(np.array([k]), np.array([t]), np.zeros(1), {}, t + 1)]  # noqa: E731
    assert put(0.0, 0) == []
    assert put(5.0, 1) == []
    assert put(9.5, 1) == [("stale", 10.0)]
    assert state.silent.tolist() == [True, False]
    assert put(30.0, 0) == [("fresh", 30.0)]
    assert put(55.0, 0) == [("stale", 40.0), ("fresh", 55.0)]


def test_a_name_is_found_in_full_from_its_system_upwards_or_by_its_last_part() -> None:
    book = LimitBook({}, {"/S/P": "", "/S/A/P": "", "/S/A/Q": "", "/S/B/R": ""})
    assert book.find("P", "/S/A/Q") == "/S/A/P"
    assert book.find("P", "/S/B/R") == "/S/P"
    assert book.find("R") == "/S/B/R"
    assert book.find("P") is None, "two have this name"
    assert book.near("QQ") == ["Q"]
