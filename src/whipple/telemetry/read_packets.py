"""CCSDS space packets (133.0-B) with their XTCE definition, read by space_packet_parser; framing, gaps and damage are told by byte."""

from __future__ import annotations

import difflib
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from whipple.errors import BackendError, CaseError, Problem, RangeError
from whipple.telemetry.clock import Parcel

__all__ = ["PacketTime", "read_packet_parcels"]

_HEADER, _COUNTS, _AT_ONCE = 6, 1 << 14, 2000
_IDLE_APID = 2047


@dataclass(frozen=True)
class PacketTime:
    """Which parameters are the time of a packet: the sum of `parts` (name, divisor) seconds after `zero_s` (since 1970)."""

    parts: tuple[tuple[str, float], ...]
    zero_s: float = 0.0

    @classmethod
    def parse(cls, text: str) -> PacketTime:
        """From "COARSE+FINE/65536@2000-01-01T12:00:00Z"; divisor and epoch may be left out. RangeError when it is not that.

        >>> PacketTime.parse("SECONDS+FRACTION/256@1980-01-06T00:00:00Z")
        PacketTime(parts=(('SECONDS', 1.0), ('FRACTION', 256.0)), zero_s=315964800.0)
        """
        names, _, epoch = text.partition("@")
        try:
            zero = datetime.fromisoformat(epoch.replace("Z", "+00:00")) if epoch else datetime(1970, 1, 1, tzinfo=UTC)
            pairs = [part.partition("/") for part in names.split("+")]
            parts = tuple((name.strip(), float(divisor or 1)) for name, _, divisor in pairs)
        except ValueError:
            parts, zero = (), datetime(1970, 1, 1, tzinfo=UTC)
        if not parts or not all(name and divisor for name, divisor in parts):
            expected = "parameter names, for example COARSE+FINE/65536@2000-01-01T12:00:00Z"
            raise RangeError("packets", "time", repr(text), expected, "--packet-time SC_TIME")
        return cls(parts, (zero if zero.tzinfo else zero.replace(tzinfo=UTC)).timestamp())

    def of(self, packet: Mapping[str, Any]) -> float | None:
        """Seconds since 1970, None when the packet has no such parameter."""
        if any(name not in packet for name, _ in self.parts):
            return None
        return self.zero_s + sum(float(packet[name]) / divisor for name, divisor in self.parts)


@dataclass(frozen=True)
class _Found:
    """One packet as framed: where it begins, its bytes, and what is wrong with it."""

    byte: int
    data: bytes
    problem: str = ""


def read_packet_parcels(
    path: Path,
    xtce: Path | None,
    packet_time: str,
    names: Sequence[str] = (),
    position: Mapping[str, Any] | None = None,
) -> Iterator[Parcel]:
    """The parameters of every packet of the file, behind the primary header; `names` empty means all numbers and words.

    A packet of an unknown kind, a cut-off or damaged one is told by its byte and kept in hexadecimal; the others count. Raises
    BackendError without space_packet_parser, CaseError when file, definition or time parameter is not there.
    """
    definition, when = _definition(xtce), PacketTime.parse(packet_time)
    if not path.is_file():
        raise CaseError([Problem(str(path), "", "no such file", "a file of CCSDS packets", "check the path")])
    start = int(position["byte"]) if position else 0
    last: dict[int, int] = {}
    rows: list[tuple[str, float, Any]] = []
    problems: list[str] = []
    rejected: list[bytes] = []
    timed, seen = position is not None, set(names if position is not None else ())
    for number, found in enumerate(_framed(path, start)):
        values, problem = _values(definition, path.name, found, last)
        if problem:
            problems.append(problem)
            rejected += [found.data.hex().encode()] if found.data and not problem.endswith("(told only)") else []
        t_s = when.of(values) if values else None
        seen.update(values)
        timed = timed or t_s is not None
        if t_s is not None:
            clock = {name for name, _ in when.parts}
            rows += [
                (name, t_s, one) for name, one in values.items() if (name in names if names else name not in clock)
            ]
        start = found.byte + len(found.data)
        if number % _AT_ONCE == _AT_ONCE - 1:
            yield _parcel(rows, start, problems, rejected)
            rows, problems, rejected = [], [], []
    problems += [_unseen(path.name, name, seen) for name in names if name not in seen]
    yield _parcel(rows, start, problems, rejected)
    if not timed:
        wanted = " + ".join(name for name, _ in when.parts)
        raise CaseError(
            [
                Problem(
                    path.name, wanted, "no packet with this parameter", "the time of each packet", "--packet-time NAME"
                )
            ]
        )


def _unseen(file: str, name: str, seen: set[str]) -> str:
    near = difflib.get_close_matches(name, sorted(seen), 1)
    return f"{file}: no packet has the parameter {name!r}" + (f"; did you mean {near[0]!r}?" if near else "")


def _definition(xtce: Path | None) -> Any:
    try:
        import space_packet_parser
    except ImportError:
        raise BackendError("space_packet_parser", "pip install whipple[sources]") from None
    if xtce is None or not xtce.is_file():
        raise CaseError(
            [
                Problem(
                    str(xtce or "packets"), "", "no XTCE file", "the definition of the packets", "--xtce spacecraft.xml"
                )
            ]
        )
    try:
        return space_packet_parser.load_xtce(xtce)
    except Exception as error:  # lxml and the parser raise many kinds; each means the definition is not usable
        reason = str(error).split("\n", maxsplit=1)[0]
        raise CaseError(
            [Problem(xtce.name, "", f"{type(error).__name__}: {reason}", "an XTCE definition of packets", "correct it")]
        ) from None


def _framed(path: Path, start: int) -> Iterator[_Found]:
    """Packet after packet by the length in each primary header; the file is never in memory as a whole."""
    with path.open("rb") as file:
        file.seek(start)
        while head := file.read(_HEADER):
            if len(head) < _HEADER:
                yield _Found(start, head, f"{len(head)} bytes at the end are too few for a packet header")
                return
            if head[0] >> 5:
                rest = head + file.read()
                yield _Found(
                    start,
                    rest,
                    f"packet version {head[0] >> 5}, expected 0: the framing is lost; {len(rest)} bytes are not read",
                )
                return
            size = int.from_bytes(head[4:6], "big") + 1
            body = file.read(size)
            if len(body) < size:
                yield _Found(start, head + body, f"the packet was cut off: {size} bytes announced, {len(body)} there")
                return
            yield _Found(start, head + body)
            start += _HEADER + size


def _values(definition: Any, name: str, found: _Found, last: dict[int, int]) -> tuple[dict[str, Any], str]:
    """Parameters of one packet behind the header, and what is wrong in words ("" when nothing is)."""
    from space_packet_parser.exceptions import UnrecognizedPacketTypeError
    from space_packet_parser.generators.ccsds import CCSDSPacketBytes

    where = f"{name}, byte {found.byte}"
    if found.problem:
        return {}, f"{where}: {found.problem}"
    packet = CCSDSPacketBytes(found.data)
    if packet.apid == _IDLE_APID:
        return {}, ""
    gap = (packet.sequence_count - last.get(packet.apid, packet.sequence_count - 1) - 1) % _COUNTS
    last[packet.apid] = packet.sequence_count
    try:
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            values = definition.parse_bytes(packet)
    except UnrecognizedPacketTypeError:
        return {}, f"{where}: APID {packet.apid} is not in the XTCE definition; {len(packet)} bytes kept"
    except Exception as error:  # the parser raises many kinds for a packet that does not fit its definition
        return (
            {},
            f"{where}: APID {packet.apid} does not fit its definition ({type(error).__name__}: {error}); {len(packet)} bytes kept",
        )
    if any("bits parsed" in str(one.message) for one in told):
        return {}, f"{where}: APID {packet.apid} is not as long as its definition says; {len(packet)} bytes kept"
    missing = f"{where}: {gap} packets of APID {packet.apid} are missing before this one (told only)" if gap else ""
    return dict(list(values.items())[7:]), missing


def _parcel(rows: list[tuple[str, float, Any]], byte: int, problems: list[str], rejected: list[bytes]) -> Parcel:
    names: dict[str, int] = {}
    index: list[int] = []
    t_s: list[float] = []
    value: list[float] = []
    text: dict[int, str] = {}
    for name, moment, one in rows:
        if isinstance(one, bytes):
            continue
        if isinstance(one, str):
            text[len(index)] = str(one)
        index.append(names.setdefault(name, len(names)))
        t_s.append(moment)
        value.append(0.0 if isinstance(one, str) else float(one))
    arrays = np.array(index, np.int64), np.array(t_s, float), np.array(value, float)
    told = tuple(problem.removesuffix(" (told only)") for problem in problems)
    return Parcel(tuple(names), *arrays, text, {"byte": byte}, b"", told, tuple(rejected))
