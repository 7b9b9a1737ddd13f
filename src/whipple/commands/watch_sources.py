"""What is typed as a source of `whipple watch`, as a source of samples."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from whipple.telemetry.clock import Parcel
    from whipple.telemetry.limits import LimitBook
    from whipple.telemetry.line_protocol import LineParser
    from whipple.telemetry.read_several import Source
    from whipple.telemetry.watch_plan import Known

__all__ = ["Wanted", "expected_units", "samples_of"]

_PACKETS = {".bin", ".ccsds", ".pkts", ".tlm", ".dat"}


@dataclass(frozen=True)
class Wanted:
    """What is asked of every source: columns and units, precision of time stamps, patience with servers, how packets are read, pace."""

    columns: tuple[str, ...]
    units: dict[str, str]
    precision: str = "ns"
    time_column: str = "time"
    give_up_s: float = float("inf")
    xtce: Path | None = None
    packet_time: str = ""
    speed: float = 0.0


def expected_units(known: Sequence[Known], book: LimitBook) -> dict[str, str]:
    """The unit that each channel must come in, as the limits and the case say; RangeError where the two differ."""
    from whipple.commands.typed_limits import units_of
    from whipple.errors import RangeError
    from whipple.telemetry.line_protocol import same_unit

    units = units_of(book)
    for one in known:
        name = one.channel.name
        if one.unit and not same_unit(units.setdefault(name, one.unit), one.unit):
            expected = f"{one.unit} as in the case"
            raise RangeError("watch --limits", f"unit of {name}", units[name], expected, "the same unit in both")
    return units


def samples_of(typed: Sequence[str], wanted: Wanted, position: Mapping[str, Any] | None) -> Iterator[Parcel]:
    """The parcels of every source typed, from `position` on. Raises RangeError for what is no source, or is typed twice."""
    from whipple.errors import RangeError
    from whipple.telemetry.read_several import read_several
    from whipple.telemetry.read_stream import paced

    if len(set(typed)) < len(typed):
        raise RangeError("watch", "source", " ".join(typed), "every source once", "leave out the one that comes twice")
    sources = [_source(word, wanted, several=len(typed) > 1) for word in typed]
    return read_several(sources, position, lambda parcels: paced(parcels, wanted.speed))


def _source(word: str, wanted: Wanted, *, several: bool) -> Source:
    """One source; of `several`, each is asked only for the channels it can have."""
    from whipple.errors import RangeError
    from whipple.telemetry.line_protocol import LineParser
    from whipple.telemetry.read_several import Source
    from whipple.telemetry.read_stream import read_stdin, read_tcp

    parser = LineParser("stdin" if word == "-" else word, wanted.precision, wanted.units)
    if word == "-":
        return Source(word, lambda position: read_stdin(parser), live=True)
    scheme, separator, rest = word.partition("://")
    if separator and scheme == "tcp":
        host, _, port = rest.rpartition(":")
        if not host or not port.isdigit():
            raise RangeError("watch", "source", repr(word), "tcp://HOST:PORT", "tcp://localhost:9000")
        return Source(word, lambda position: read_tcp(host, int(port), parser, give_up_s=wanted.give_up_s), live=True)
    if separator and scheme == "yamcs":
        from whipple.telemetry.read_yamcs import read_yamcs_live

        names = tuple(name for name in wanted.columns if name.startswith("/") or not several)
        return Source(
            word,
            lambda position: read_yamcs_live(rest, names, units=wanted.units, give_up_s=wanted.give_up_s),
            live=True,
        )
    if separator:
        raise RangeError("watch", "source", repr(word), "-, tcp://, yamcs://, a file or a folder")
    return Source(word, lambda position: _recorded(Path(word), parser, wanted, position, several=several))


def _recorded(
    path: Path, parser: LineParser, wanted: Wanted, position: Mapping[str, Any] | None, *, several: bool
) -> Iterator[Parcel]:
    from whipple.casefile.read_channels import columns_of
    from whipple.casefile.read_windows import TABLES

    if path.suffix in _PACKETS or (wanted.xtce is not None and path.suffix not in TABLES and not path.is_dir()):
        from whipple.telemetry.read_packets import read_packet_parcels

        return read_packet_parcels(path, wanted.xtce, wanted.packet_time, wanted.columns, position)
    from whipple.telemetry.read_stream import read_replay, said

    count, names = 500_000, wanted.columns
    if wanted.speed:  # played again, a CSV file comes row by row as it did; other records in stretches
        count = 1 if path.suffix == ".csv" else 20_000
    if several and names and (path.suffix in TABLES or path.is_dir()):
        there = columns_of(path)
        names = tuple(name for name in names if name in there)
        if not names:
            return iter([said(f"{path.name}: none of the channels asked for is in it")])
    return read_replay(path, parser, position, time_column=wanted.time_column, columns=names, sample_count=count)
