"""Where live samples come from: standard input, a TCP server, a file that is played again. All of them give parcels."""

from __future__ import annotations

import os
import select
import socket
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from whipple.casefile.read_windows import TABLES, read_windows
from whipple.errors import CaseError, Problem
from whipple.telemetry.clock import Parcel
from whipple.telemetry.line_protocol import LineParser, lines_of, same_unit

__all__ = ["paced", "read_lines", "read_replay", "read_stdin", "read_tcp", "said"]

#: How long a quiet source is waited for before the screen is drawn again; back-off of a connection, first and longest.
_BREATH_S, _FIRST_S, _LONGEST_S = 0.25, 0.5, 30.0
_NOTHING = np.zeros(0)


def said(*problems: str) -> Parcel:
    """No samples, only news."""
    return Parcel((), np.zeros(0, np.int64), _NOTHING, _NOTHING, problems=problems)


def read_stdin(parser: LineParser, handle: int = 0) -> Iterator[Parcel]:
    """Lines from a file handle until it ends; an empty parcel each time it is quiet for a moment."""
    rest = b""
    while True:
        ready, _, _ = select.select([handle], [], [], _BREATH_S)
        if not ready:
            yield said()
            continue
        block = os.read(handle, 1 << 16)
        if not block:
            if rest.strip():
                yield parser.cut_off(rest)
            return
        whole, feed, rest = (rest + block).rpartition(b"\n")
        if feed:
            yield _heard(parser, whole + feed)


def read_tcp(
    host: str,
    port: int,
    parser: LineParser,
    *,
    give_up_s: float = float("inf"),
    sleep: Callable[[float], None] = time.sleep,
    wall: Callable[[], float] = time.monotonic,
) -> Iterator[Parcel]:
    """Lines from a server. A dropped connection is told and tried again, after 0.5 s, then twice as long each time, 30 s at most.

    Ends after `give_up_s` without a line. What was received before a drop has already been handed over; half a line is told, not used.
    """
    wait_s, last = _FIRST_S, wall()
    while wall() - last < give_up_s:
        try:
            with socket.create_connection((host, port), timeout=5.0) as link:
                yield said(f"connected to {host}:{port}")
                for parcel in _from_link(link, f"{host}:{port}", parser):
                    if parcel.raw:
                        wait_s, last = _FIRST_S, wall()
                    yield parcel
                    if wall() - last >= give_up_s:
                        return
        except OSError as error:
            yield said(f"{host}:{port}: {error.strerror or error}; trying again in {wait_s:g} s")
        sleep(min(wait_s, max(give_up_s - (wall() - last), 0.0)))
        wait_s = min(2 * wait_s, _LONGEST_S)


def _from_link(link: socket.socket, where: str, parser: LineParser) -> Iterator[Parcel]:
    rest = b""
    link.settimeout(_BREATH_S)
    while True:
        try:
            block = link.recv(1 << 16)
        except TimeoutError:
            yield said()
            continue
        except OSError as error:
            yield said(f"{where}: the connection broke ({error.strerror or error}) after line {parser.line_count}")
            block = b""
        if not block:
            if rest.strip():
                yield parser.cut_off(rest)
            yield said(f"{where}: the server closed the connection after line {parser.line_count}; connecting again")
            return
        whole, feed, rest = (rest + block).rpartition(b"\n")
        if feed:
            yield _heard(parser, whole + feed)


def _heard(parser: LineParser, lines: bytes) -> Parcel:
    """A parcel of a source that cannot go back: its lines are kept, with nanoseconds, whatever their own precision."""
    parcel = parser.parse(lines)
    return parcel if parser.precision == "ns" else replace(parcel, raw=lines_of(parcel))


def read_lines(
    path: Path, parser: LineParser, position: Mapping[str, Any] | None = None, block: int = 1 << 20
) -> Iterator[Parcel]:
    """A file of lines, from `position` on."""
    try:
        file = path.open("rb")
    except FileNotFoundError:
        raise CaseError(
            [Problem(str(path), "", "no such file", "a file of the line protocol", "check the path")]
        ) from None
    with file:
        start = int(position["byte"]) if position else 0
        parser.line_count = int(position["line"]) if position else 0
        file.seek(start)
        rest = b""
        while data := file.read(block):
            whole, feed, rest = (rest + data).rpartition(b"\n")
            if feed:
                start += len(whole) + 1
                parcel = parser.parse(whole + feed)
                yield _at(parcel, {"byte": start, "line": parser.line_count})
        if rest.strip():
            yield _at(parser.cut_off(rest), {"byte": start, "line": parser.line_count})


def _at(parcel: Parcel, position: Mapping[str, Any]) -> Parcel:
    return replace(parcel, position=position, raw=b"")


def read_replay(
    path: Path,
    parser: LineParser,
    position: Mapping[str, Any] | None = None,
    *,
    time_column: str = "time",
    columns: Iterable[str] = (),
    sample_count: int = 500_000,
) -> Iterator[Parcel]:
    """A recorded file as parcels: CSV, Parquet (a file or a folder), HDF5, netCDF; any other file is read as lines."""
    if path.suffix not in TABLES and not path.is_dir():
        yield from read_lines(path, parser, position, max(4096, 16 * sample_count // 8))
        return
    start = float(position["mark"]) if position else -np.inf
    for window in read_windows(path, time_column, tuple(columns), start=start, sample_count=sample_count):
        where = {"mark": window.mark}
        wrong = [name for name, unit in window.units.items() if not same_unit(parser.units.get(name, unit), unit)]
        if wrong:
            remedy = "convert the record, or correct the limits"
            problems = [
                Problem(path.name, name, f"unit {window.units[name]}", parser.units[name], remedy) for name in wrong
            ]
            raise CaseError(problems)
        yield Parcel(window.names, window.index, window.t_s, window.value, window.text, where)


def paced(
    parcels: Iterable[Parcel],
    speed: float,
    sleep: Callable[[float], None] = time.sleep,
    wall: Callable[[], float] = time.monotonic,
) -> Iterator[Parcel]:
    """The same parcels, no faster than `speed` seconds of data a second; 0 as fast as they come."""
    first: tuple[float, float] | None = None
    for parcel in parcels:
        if speed > 0 and parcel.t_s.size:
            newest = float(np.nanmax(parcel.t_s))
            first = first or (wall(), newest)
            left = first[0] + (newest - first[1]) / speed - wall()
            while left > 0:
                sleep(min(left, _BREATH_S))
                left = first[0] + (newest - first[1]) / speed - wall()
        yield parcel
