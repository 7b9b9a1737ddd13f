"""Yamcs as a source: its archive between two moments, and its realtime stream with the gaps of a broken connection filled from the archive."""

from __future__ import annotations

import queue
import time
import urllib.parse
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

import numpy as np

from whipple.errors import BackendError, CaseError, Problem, RangeError
from whipple.telemetry.clock import Parcel
from whipple.telemetry.line_protocol import lines_of, same_unit

__all__ = ["YamcsPlace", "read_yamcs_archive", "read_yamcs_live"]

_BREATH_S, _FIRST_S, _LONGEST_S, _AT_ONCE = 0.25, 0.5, 30.0, 5000
#: The archive is asked from this long before the last sample seen: what came late there would be missed.
_OVERLAP_S = 60.0


@dataclass(frozen=True)
class YamcsPlace:
    """Server, instance and processor; `start` and `stop` ask for the archive instead of the realtime stream."""

    server: str
    instance: str
    processor: str = "realtime"
    start: datetime | None = None
    stop: datetime | None = None

    @classmethod
    def parse(cls, text: str) -> YamcsPlace:
        """From HOST:PORT/INSTANCE[/PROCESSOR][?start=...&stop=...], moments in ISO 8601. RangeError when it is not that.

        >>> YamcsPlace.parse("localhost:8090/simulator").processor
        'realtime'
        """
        path, _, query = text.partition("?")
        parts = [part for part in path.split("/") if part]
        words = dict(urllib.parse.parse_qsl(query))
        try:
            start, stop = (_moment(words.pop(key, "")) for key in ("start", "stop"))
        except ValueError:
            parts = []
            start = stop = None
        if len(parts) not in {2, 3} or words:
            expected = "yamcs://HOST:PORT/INSTANCE[/PROCESSOR][?start=2022-12-15T00:00:00Z&stop=...]"
            raise RangeError("yamcs", "address", repr(text), expected, "yamcs://localhost:8090/simulator")
        return cls(parts[0], parts[1], parts[2] if len(parts) == 3 else "realtime", start, stop)


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def connect(place: YamcsPlace) -> Any:
    """A client of the server; BackendError without yamcs-client."""
    try:
        from yamcs.client import YamcsClient
    except ImportError:
        raise BackendError("yamcs-client", "pip install whipple[sources]") from None
    return YamcsClient(place.server)


def read_yamcs_archive(place: YamcsPlace, parameters: Sequence[str], client: Any = None) -> Iterator[Parcel]:
    """The archived values of the parameters between `start` and `stop`, in the order the server gives them.

    Raises CaseError when the server refuses; a connection that breaks is told by CaseError with the last time received.
    """
    client = client or connect(place)
    last: datetime | None = None
    try:
        updates = client.get_archive(place.instance).stream_parameter_values(list(parameters), place.start, place.stop)
        for parcel in _gathered(updates):
            if parcel.t_s.size:
                last = datetime.fromtimestamp(float(parcel.t_s.max()), UTC)
            yield parcel
    except Exception as error:  # requests, protobuf and yamcs-client each raise their own kinds
        remedy = f"ask again with start={last.isoformat()}" if last else "check server, instance and parameter names"
        found = f"{type(error).__name__}: {error}"
        raise CaseError(
            [Problem(f"yamcs://{place.server}/{place.instance}", "", found, "archived values", remedy)]
        ) from None


def read_yamcs_live(
    address: str,
    parameters: Sequence[str],
    *,
    units: Mapping[str, str] = MappingProxyType({}),
    give_up_s: float = float("inf"),
    dial: Callable[[YamcsPlace], Any] = connect,
    sleep: Callable[[float], None] = time.sleep,
    wall: Callable[[], float] = time.monotonic,
) -> Iterator[Parcel]:
    """Realtime values; after a broken connection it dials again (0.5 s, then twice as long, 30 s at most) and fills the gap from the archive.

    `units` are those that the limits want: a parameter whose mission database states another is refused by CaseError; where the database
    cannot be asked that is told. With `start` in the address the archive is read first and last. Ends after `give_up_s` without a value.
    Every parcel carries its samples as lines, for the inbox.
    """
    place = YamcsPlace.parse(address)
    if not parameters:
        raise RangeError(
            "yamcs", "--channel", "none", "the parameters to watch", "--channel /YSS/SIMULATOR/BatteryVoltage1"
        )
    if place.start is not None:
        client = dial(place)
        yield _compared(client, place, parameters, units)
        yield from read_yamcs_archive(place, parameters, client)
        return
    wait_s, last, newest_s, compared = _FIRST_S, wall(), -np.inf, False
    while wall() - last < give_up_s:
        try:
            client = dial(place)
            if not compared:
                yield _compared(client, place, parameters, units)
                compared = True
            for parcel in _session(client, place, parameters, newest_s):
                if parcel.t_s.size:
                    newest_s, last, wait_s = max(newest_s, float(parcel.t_s.max())), wall(), _FIRST_S
                yield parcel
                if wall() - last >= give_up_s:
                    return
            reason = "the connection broke"
        except (BackendError, CaseError):
            raise
        except Exception as error:  # requests, websocket and yamcs-client each raise their own kinds
            if type(error).__name__ in {"NotFound", "Unauthorized"}:
                found = f"{type(error).__name__}: {error}"
                expected = "an instance, processor and parameters that are there"
                raise CaseError(
                    [Problem(f"yamcs://{place.server}/{place.instance}", "", found, expected, "check their names")]
                ) from None
            reason = f"{type(error).__name__}: {error}"
        yield _news(f"yamcs://{place.server}/{place.instance}: {reason}; trying again in {wait_s:g} s")
        sleep(min(wait_s, max(give_up_s - (wall() - last), 0.0)))
        wait_s = min(2 * wait_s, _LONGEST_S)


def _compared(client: Any, place: YamcsPlace, parameters: Sequence[str], units: Mapping[str, str]) -> Parcel:
    """The unit of each parameter in the mission database beside the one its limits want."""
    problems, unknown = [], []
    for name in (one for one in parameters if one in units):
        try:
            stated = client.get_mdb(place.instance).get_parameter(name).units
        except (
            Exception
        ):  # requests and yamcs-client each raise their own kinds; the unit is then unknown, the values are not
            unknown.append(name)
            continue
        if stated and not same_unit(stated[0], units[name]):
            problems.append(
                Problem(
                    f"yamcs://{place.server}/{place.instance}",
                    name,
                    f"unit {stated[0]}",
                    units[name],
                    "correct the limits",
                )
            )
    if problems:
        raise CaseError(problems)
    listed = ", ".join(unknown)
    return (
        _news(f"the mission database does not tell the unit of {listed}: not compared with the limits")
        if unknown
        else _news()
    )


def _session(client: Any, place: YamcsPlace, parameters: Sequence[str], newest_s: float) -> Iterator[Parcel]:
    """One connection until it breaks: subscribe first, then fill the gap, so that nothing falls between."""
    arrived: queue.SimpleQueue[Any] = queue.SimpleQueue()
    processor = client.get_processor(place.instance, place.processor)
    link = processor.create_parameter_subscription(list(parameters), on_data=arrived.put, send_from_cache=False)
    try:
        yield _news(f"connected to yamcs://{place.server}/{place.instance}/{place.processor}")
        if np.isfinite(newest_s):
            begin = datetime.fromtimestamp(newest_s, UTC) - timedelta(seconds=_OVERLAP_S)
            yield from _gathered(
                client.get_archive(place.instance).stream_parameter_values(list(parameters), begin, None)
            )
        while True:
            try:
                updates = [arrived.get(timeout=_BREATH_S)]
            except queue.Empty:
                yield _news()
                if link.done():
                    return
                continue
            while not arrived.empty() and len(updates) < _AT_ONCE:
                updates.append(arrived.get())
            yield from _gathered(updates)
    finally:
        link.cancel()


def _news(*problems: str) -> Parcel:
    nothing = np.zeros(0)
    return Parcel((), np.zeros(0, np.int64), nothing, nothing, problems=problems)


def _gathered(updates: Iterable[Any]) -> Iterator[Parcel]:
    """ParameterData updates as parcels of some thousand samples."""
    rows: list[tuple[str, float, float | str]] = []
    for update in updates:
        rows += [row for one in update.parameters if (row := _row(one)) is not None]
        if len(rows) >= _AT_ONCE:
            yield _parcel(rows)
            rows = []
    if rows:
        yield _parcel(rows)


def _row(one: Any) -> tuple[str, float, float | str] | None:
    """Name, time and engineering value; not a number where Yamcs says that the value is not valid."""
    value = one.eng_value
    if value is None or isinstance(value, (bytes, list, dict)):
        return None
    valid = getattr(one, "validity_status", None) in {None, "ACQUIRED"}
    moment = one.generation_time.timestamp()
    if isinstance(value, str):
        return (one.name, moment, value) if valid else (one.name, moment, float("nan"))
    if isinstance(value, datetime):
        value = value.timestamp()
    return one.name, moment, float(value) if valid else float("nan")


def _parcel(rows: list[tuple[str, float, float | str]]) -> Parcel:
    names: dict[str, int] = {}
    index = np.array([names.setdefault(name, len(names)) for name, _, _ in rows], np.int64)
    text = {i: one for i, (_, _, one) in enumerate(rows) if isinstance(one, str)}
    value = np.array([0.0 if isinstance(one, str) else one for _, _, one in rows], float)
    parcel = Parcel(tuple(names), index, np.array([t_s for _, t_s, _ in rows], float), value, text)
    return replace(parcel, raw=lines_of(parcel))
