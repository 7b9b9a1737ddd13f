"""The line protocol: what is a sample, what is told."""

from __future__ import annotations

import pytest

from whipple.errors import RangeError
from whipple.telemetry.line_protocol import LineParser, format_line


def parse(text: str, **settings: str) -> tuple[list[str], list[float], list[float | str], tuple[str, ...]]:
    parcel = LineParser(**settings).parse(text.encode())
    values = [parcel.text.get(i, float(v)) for i, v in enumerate(parcel.value)]
    return [parcel.names[i] for i in parcel.index], parcel.t_s.tolist(), values, parcel.problems


def test_fields_tags_and_kinds() -> None:
    line = 'loop,z=9,sensor=1 pressure=2.5,mode="A, B=\\"C\\"",on=t,n=12i 1671065100000000000\n'
    names, t_s, values, problems = parse(line)
    assert names == [f"loop,sensor=1,z=9.{key}" for key in ("pressure", "mode", "on", "n")]
    assert values == [2.5, 'A, B="C"', 1.0, 12.0]
    assert set(t_s) == {1671065100.0}
    assert problems == ()


def test_escapes_comments_and_precision() -> None:
    names, t_s, values, _ = parse("# a comment\n\npressure\\ 1\\,a value=1e-3 1500\n", precision="ms")
    assert (names, t_s, values) == (["pressure 1,a"], [1.5], [0.001])
    assert parse("p value=1 2022-12-15T00:45:00Z\n")[1] == [1671065100.0]
    with pytest.raises(RangeError, match="precision"):
        LineParser(precision="h")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("p value=1 1 2 3", "found 5 parts"),
        ("p value=1", "no time stamp"),
        ("p value 1", "expected field=value"),
        ("p value=abc 1", "found the value 'abc'"),
        ('p value="abc 1', "found"),
        ("p value=1 noon", "found the time stamp 'noon'"),
        ("p,tag value=1 1", "expected tag=value"),
        ("p value=1,q= 1", "found the value ''"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line_and_kept(line: str, said: str) -> None:
    parcel = LineParser("tcp").parse(f"p value=1 1\n{line}\np value=2 2\n".encode())
    assert parcel.value.tolist() == [1.0, 2.0], "the others count"
    assert parcel.problems[0].startswith("tcp, line 2: ")
    assert said in parcel.problems[0]
    assert parcel.rejected == (line.encode(),)


def test_a_unit_that_changes_is_refused() -> None:
    parser = LineParser()
    parser.parse(b"p,unit=bar value=1 1\n")
    parcel = parser.parse(b"p,unit=psi value=14 2\np value=1 3\n")
    assert parcel.value.tolist() == [1.0]
    assert "found p in psi, expected bar" in parcel.problems[0]


@pytest.mark.parametrize("value", [1.25, "CLOSED", 'a "b" \\ c', float("inf")])
def test_what_is_written_is_read(value: float | str) -> None:
    names, t_s, values, problems = parse(format_line("/YSS/P 1", value, 12.5, "bar").decode())
    assert (names, t_s, values, problems) == (["/YSS/P 1"], [12.5], [value], ())
