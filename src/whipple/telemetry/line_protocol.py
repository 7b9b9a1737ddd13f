"""The line protocol of `whipple watch`: one sample or several a line, as InfluxDB writes them, with units where known.

    measurement[,tag=value...] field=value[,field=value...] [timestamp]

    loop,sensor=1 pressure=2.98,temperature=293.1 1671065100000000000     two channels: loop,sensor=1.pressure and loop,sensor=1.temperature
    p1,unit=bar value=2.98 1671065100000000000                            one channel: p1 (a field named "value" adds nothing to the name)
    valve_3 value="CLOSED" 1671065100000000000                            a word; t, true, f, false are truth values; 12i an integer

The tag `unit` is the unit of every field of the line and no part of the name; other tags are, in alphabetical order. Commas, spaces and
equals signs in names are written with a backslash before them. The time stamp is a whole number of nanoseconds since 1970 UTC
(or of `precision`); ISO 8601 is taken too. A line that starts with # is a comment. Each line ends in a line feed: a last line without
one is taken as cut off.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

import numpy as np

from whipple.casefile.units import parse_quantity
from whipple.errors import InvestigationError, RangeError
from whipple.telemetry.clock import Parcel

__all__ = ["PRECISIONS", "LineParser", "format_line", "lines_of", "same_unit"]

#: Units of the time stamp in one second.
PRECISIONS = {"ns": 1e9, "us": 1e6, "ms": 1e3, "s": 1.0}
_PART = re.compile(r'((?:\\.|"(?:\\.|[^"\\])*"|[^\\ "])+|")')
_FIELD = re.compile(r'((?:\\.|"(?:\\.|[^"\\])*"|[^\\,"])+)')
_TRUTH = {"t": 1.0, "true": 1.0, "f": 0.0, "false": 0.0}
_SHOWN = 60


@dataclass
class LineParser:
    """Turns complete lines into a Parcel; a line that cannot be read is told by its number and kept, the others count.

    `units` are the units each channel must have, by name; the first unit a channel comes with is its unit from then on.
    `line_count` is the number of lines seen so far.
    """

    where: str = "stdin"
    precision: str = "ns"
    units: dict[str, str] = field(default_factory=dict)
    line_count: int = 0
    _heads: dict[str, tuple[str, str]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        if self.precision not in PRECISIONS:
            raise RangeError("watch", "precision", repr(self.precision), "one of " + ", ".join(PRECISIONS))

    def parse(self, data: bytes, position: Mapping[str, Any] | None = None) -> Parcel:
        """The samples of whole lines.

        >>> parcel = LineParser().parse(b"p1,unit=bar value=2.5 1000000000\\n")
        >>> parcel.names, parcel.t_s.tolist(), parcel.value.tolist()
        (('p1',), [1.0], [2.5])
        """
        names: dict[str, int] = {}
        index: list[int] = []
        t_s: list[float] = []
        value: list[float] = []
        text: dict[int, str] = {}
        problems: list[str] = []
        rejected: list[bytes] = []
        for line in data.split(b"\n")[:-1]:
            self.line_count += 1
            words = line.strip()
            if not words or words.startswith(b"#"):
                continue
            try:
                moment, samples = self._line(words.decode("utf-8"))
            except (ValueError, UnicodeDecodeError) as error:
                problems.append(f"{self.where}, line {self.line_count}: {_reason(error)}: {_shown(words)}")
                rejected.append(line)
                continue
            for name, one in samples:
                if isinstance(one, str):
                    text[len(index)] = one
                index.append(names.setdefault(name, len(names)))
                t_s.append(moment)
                value.append(0.0 if isinstance(one, str) else one)
        places = np.array(index, np.int64)
        return Parcel(
            tuple(names),
            places,
            np.array(t_s, float),
            np.array(value, float),
            text,
            position,
            data,
            tuple(problems),
            tuple(rejected),
        )

    def cut_off(self, rest: bytes) -> Parcel:
        """What to say of a last line without its end: it may have lost digits, so it does not count."""
        found = "the last line was cut off (no line feed); it does not count"
        problem = f"{self.where}, line {self.line_count + 1}: {found}: {_shown(rest)}"
        nothing = np.zeros(0)
        return Parcel((), np.zeros(0, np.int64), nothing, nothing, problems=(problem,), rejected=(rest,))

    def _line(self, line: str) -> tuple[float, list[tuple[str, float | str]]]:
        parts = _PART.findall(line)
        if len(parts) not in {2, 3}:
            raise ValueError(f"found {len(parts)} parts, expected 'name field=value timestamp'")
        if len(parts) == 2:
            raise ValueError("found no time stamp, expected nanoseconds since 1970 at the end")
        base, unit = self._name(parts[0])
        moment = _moment(parts[2], self.precision)
        out = []
        for pair in _FIELD.findall(parts[1]):
            key, equals, word = _split(pair)
            if not equals:
                raise ValueError(f"found the field {pair!r}, expected field=value")
            name = base if key == "value" else f"{base}.{key}"
            self._check_unit(name, unit)
            out.append((name, _value(word)))
        return moment, out

    def _name(self, head: str) -> tuple[str, str]:
        known = self._heads.get(head)
        if known is None:
            measurement, *tags = _FIELD.findall(head)
            pairs = sorted(_split(tag) for tag in tags)
            if any(not equals for _, equals, _ in pairs):
                raise ValueError(f"found the tags {tags}, expected tag=value")
            unit = next((word for key, _, word in pairs if key == "unit"), "")
            name = ",".join(
                [_plain(measurement), *(f"{key}={_plain(word)}" for key, _, word in pairs if key != "unit")]
            )
            known = (name, _plain(unit))
            if len(self._heads) < 100_000:
                self._heads[head] = known
        return known

    def _check_unit(self, name: str, unit: str) -> None:
        if unit and not same_unit(self.units.setdefault(name, unit), unit):
            known = "its unit in the case, the limits or its first line"
            raise ValueError(f"found {name} in {unit}, expected {self.units[name]}, {known}")


@cache
def same_unit(one: str, other: str) -> bool:
    """Do two texts name the same unit, however written?

    >>> same_unit("degC", "degree_Celsius"), same_unit("bar", "kPa"), same_unit("counts", "bar")
    (True, False, False)
    """
    if one == other:
        return True
    try:
        return [parse_quantity(f"{x} {one}", other) for x in (0, 1)] == [0.0, 1.0]
    except InvestigationError:
        return False


def format_line(name: str, value: float | str, t_s: float, unit: str = "") -> bytes:
    """One sample as a line.

    >>> format_line("p 1", 2.5, 1.5, "bar")
    b'p\\\\ 1,unit=bar value=2.5 1500000000\\n'
    """
    shown = (
        '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' if isinstance(value, str) else repr(float(value))
    )
    tag = f",unit={_escaped(unit, ', =')}" if unit else ""
    return f"{_escaped(name, ' ')}{tag} value={shown} {round(t_s * 1e9)}\n".encode()


def lines_of(parcel: Parcel) -> bytes:
    """The samples of a parcel as lines with nanoseconds."""
    rows = zip(parcel.index.tolist(), parcel.t_s.tolist(), parcel.value.tolist(), strict=True)
    return b"".join(format_line(parcel.names[i], parcel.text.get(k, v), t_s) for k, (i, t_s, v) in enumerate(rows))


def _escaped(word: str, marks: Iterable[str]) -> str:
    return "".join("\\" + mark if mark in marks else mark for mark in word)


def _split(pair: str) -> tuple[str, str, str]:
    """A pair at its first equals sign that has no backslash."""
    found = re.match(r"((?:\\.|[^\\=])*)(=)(.*)", pair, re.S)
    return (_plain(found[1]), "=", found[3]) if found else (pair, "", "")


def _plain(word: str) -> str:
    return re.sub(r"\\([,= \\])", r"\1", word)


def _value(word: str) -> float | str:
    if word.startswith('"'):
        if len(word) < 2 or not word.endswith('"'):
            raise ValueError(f"found the word {word}, expected a closing quotation mark")
        return re.sub(r'\\(["\\])', r"\1", word[1:-1])
    truth = _TRUTH.get(word.lower())
    if truth is not None:
        return truth
    try:
        return float(word[:-1] if word[-1:] in {"i", "u"} else word)
    except ValueError:
        raise ValueError(
            f"found the value {word!r}, expected a number, a truth value or a word in quotation marks"
        ) from None


def _moment(word: str, precision: str) -> float:
    try:
        whole = int(word)
    except ValueError:
        try:
            moment = datetime.fromisoformat(word.replace("Z", "+00:00"))
        except ValueError:
            raise ValueError(
                f"found the time stamp {word!r}, expected a whole number of {precision} since 1970, or ISO 8601"
            ) from None
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    return whole / PRECISIONS[precision]


def _reason(error: Exception) -> str:
    return "found bytes that are not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)


def _shown(line: bytes) -> str:
    word = line.decode("utf-8", "replace")
    return word if len(word) <= _SHOWN else word[:_SHOWN] + "..."
