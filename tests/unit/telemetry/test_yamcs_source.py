"""Yamcs: the real client against a small server of our own, and a stub session that breaks."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import numpy as np
import pytest

from whipple.errors import BackendError, CaseError, RangeError
from whipple.telemetry.line_protocol import LineParser
from whipple.telemetry.read_yamcs import YamcsPlace, read_yamcs_archive, read_yamcs_live

client_library = pytest.importorskip("yamcs.client")
NAMES = ("/YSS/P", "/YSS/MODE")


def update(t_s: float, *values: float | str, valid: bool = True) -> Any:
    """One ParameterData message as Yamcs sends it."""
    from yamcs.protobuf.pvalue import pvalue_pb2

    out = pvalue_pb2.ParameterData()
    for name, value in zip(NAMES, values, strict=False):
        one = out.parameter.add()
        one.id.name = name
        one.generationTime.FromDatetime(datetime.fromtimestamp(t_s, UTC))
        one.acquisitionStatus = 0 if valid else 3
        if isinstance(value, str):
            one.engValue.type, one.engValue.stringValue = one.engValue.STRING, value
        else:
            one.engValue.type, one.engValue.doubleValue = one.engValue.DOUBLE, value
    return out


@pytest.fixture
def server() -> Iterator[tuple[str, list[str], list[bytes]]]:
    """Address, the paths asked for, and the messages it answers with (an empty one breaks the connection)."""
    asked: list[str] = []
    answer: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.path)
            self.rfile.read(int(self.headers["Content-Length"]))
            if not answer:
                self.send_error(404)
                return
            self.send_response(200)
            if b"" in answer:
                self.send_header("Content-Length", "10000000")
            self.end_headers()
            for message in answer:
                self.wfile.write(message)

        def log_message(self, *words: object) -> None:
            pass

    made = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=made.serve_forever)
    thread.start()
    yield f"127.0.0.1:{made.server_port}", asked, answer
    made.shutdown()
    thread.join()
    made.server_close()


def framed(message: Any) -> bytes:
    """A message with its length in front, as in a stream."""
    data, size, out = message.SerializeToString(), len(message.SerializeToString()), b""
    while size > 127:
        out, size = out + bytes([size & 127 | 128]), size >> 7
    return out + bytes([size]) + data


def archive(address: str) -> list[tuple[str, float, float | str]]:
    place = YamcsPlace.parse(f"{address}/simulator?start=2022-12-15T00:45:00Z&stop=2022-12-15T01:00:00Z")
    client = client_library.YamcsClient(address)
    try:
        parcels = list(read_yamcs_archive(place, NAMES, client))
    finally:
        client.close()
    return [
        (p.names[i], float(t), p.text.get(k, float(v)))
        for p in parcels
        for k, (i, t, v) in enumerate(zip(p.index, p.t_s, p.value, strict=True))
    ]


def test_the_archive_through_the_real_client(server: tuple[str, list[str], list[bytes]]) -> None:
    address, asked, answer = server
    answer += [framed(update(1671065100.0 + i, 2.5 - i, "SAFE")) for i in range(3)] + [
        framed(update(1671065200.0, 9.0, valid=False))
    ]
    rows = archive(address)
    assert rows[:2] == [("/YSS/P", 1671065100.0, 2.5), ("/YSS/MODE", 1671065100.0, "SAFE")]
    assert len(rows) == 7
    assert np.isnan(rows[-1][2]), "Yamcs says that this value is not valid"
    assert asked == ["/api/stream-archive/simulator:streamParameterValues"]


def test_a_refusal_and_a_broken_download_say_where_to_go_on(server: tuple[str, list[str], list[bytes]]) -> None:
    address, _, answer = server
    with pytest.raises(CaseError, match="check server, instance and parameter names"):
        archive(address)
    answer += [framed(update(1671065100.0 + i, 1.0)) for i in range(6000)] + [b""]
    with pytest.raises(CaseError, match=r"ask again with start=2022-12-15T"):
        archive(address)


class Stub:
    """A client whose connection breaks after each batch; the archive holds what was missed."""

    def __init__(self, batches: list[list[Any]], missed: list[Any]) -> None:
        self.batches, self.missed, self.asked = batches, missed, []

    def __call__(self, place: YamcsPlace) -> Stub:
        if not self.batches:
            raise ConnectionError("connection refused")
        return self

    def get_processor(self, instance: str, processor: str) -> Stub:
        return self

    def get_archive(self, instance: str) -> Stub:
        return self

    def create_parameter_subscription(
        self, names: list[str], on_data: Callable[[Any], None], send_from_cache: bool
    ) -> Stub:
        for message in self.batches.pop(0):
            on_data(data(message))
        return self

    def stream_parameter_values(self, names: list[str], start: datetime, stop: datetime | None) -> list[Any]:
        self.asked.append(start.timestamp())
        return [data(message) for message in self.missed]

    def done(self) -> bool:
        return True

    def cancel(self) -> None:
        pass


def data(message: Any) -> Any:
    from yamcs.client.tmtc.model import ParameterData

    return ParameterData(message)


def test_a_broken_stream_is_dialled_again_and_its_gap_filled_from_the_archive() -> None:
    stub = Stub(
        [[update(1000.0 + i, 1.0) for i in range(3)], [update(1006.0, 1.0)]],
        [update(1000.0 + i, 1.0) for i in range(2, 6)],
    )
    now, slept, got, news = [0.0], [], [], []

    def sleep(wait_s: float) -> None:
        slept.append(wait_s)
        now[0] += wait_s

    lines = b""
    for parcel in read_yamcs_live("host:1/sim", NAMES, give_up_s=10.0, dial=stub, sleep=sleep, wall=lambda: now[0]):
        got += parcel.t_s.tolist()
        news += parcel.problems
        lines += parcel.raw
    assert sorted(set(got)) == [1000.0 + i for i in range(7)]
    assert stub.asked == [1002.0 - 60.0], "a minute earlier, for latecomers"
    assert slept[:4] == [0.5, 0.5, 1.0, 2.0]
    assert sum("connected to" in line for line in news) == 2
    assert any("connection refused; trying again in 1 s" in line for line in news)
    assert LineParser().parse(lines).t_s.tolist() == got, "every sample can be kept in the inbox"


class Mdb:
    """A client with a mission database that states a unit for the pressure and does not know the mode."""

    def get_mdb(self, instance: str) -> Mdb:
        return self

    def get_parameter(self, name: str) -> Any:
        from yamcs.client.mdb.model import Parameter
        from yamcs.protobuf.mdb import mdb_pb2

        if name != "/YSS/P":
            raise ConnectionError("no such parameter")
        info = mdb_pb2.ParameterInfo()
        info.type.unitSet.add().unit = "kPa"
        return Parameter(info)

    def get_archive(self, instance: str) -> Mdb:
        return self

    def stream_parameter_values(self, names: list[str], start: datetime, stop: datetime | None) -> list[Any]:
        return []


def test_a_unit_of_the_mission_database_that_is_not_the_one_of_the_limits_is_refused() -> None:
    address = "h:1/i?start=2022-12-15T00:00:00Z"
    with pytest.raises(CaseError, match=r"yamcs://h:1/i, /YSS/P: found unit kPa, expected bar"):
        list(read_yamcs_live(address, NAMES, units={"/YSS/P": "bar"}, dial=lambda place: Mdb()))
    parcels = list(
        read_yamcs_live(address, NAMES, units={"/YSS/P": "kPa", "/YSS/MODE": "bar"}, dial=lambda place: Mdb())
    )
    assert parcels[0].problems == (
        "the mission database does not tell the unit of /YSS/MODE: not compared with the limits",
    )


def test_addresses_names_and_the_missing_library(monkeypatch: pytest.MonkeyPatch) -> None:
    assert YamcsPlace.parse("h:1/i/replay").processor == "replay"
    for wrong in ("", "h:1", "h:1/i?begin=1", "h:1/i?start=noon"):
        with pytest.raises(RangeError, match="yamcs://"):
            YamcsPlace.parse(wrong)
    with pytest.raises(RangeError, match="--channel"):
        list(read_yamcs_live("h:1/i", ()))
    monkeypatch.setitem(sys.modules, "yamcs.client", None)
    with pytest.raises(BackendError, match=r"pip install whipple\[sources\]"):
        list(read_yamcs_live("h:1/i", NAMES))
