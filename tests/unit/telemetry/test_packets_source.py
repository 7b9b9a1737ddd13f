"""CCSDS packets with their XTCE definition, whole and damaged."""

from __future__ import annotations

import struct
import sys
from pathlib import Path

import pytest

from whipple.errors import BackendError, CaseError, RangeError
from whipple.telemetry.read_packets import PacketTime, read_packet_parcels

XTCE = Path(__file__).parent / "every_alarm.xml"
TIME = "SECONDS+FRACTION/65536@2022-12-15T00:45:00Z"
EPOCH_S = 1671065100.0
spp = pytest.importorskip("space_packet_parser")


def packet(count: int, pressure: float, mode: int = 0, apid: int = 11, data: bytes | None = None) -> bytes:
    data = struct.pack(">IHfB", count, 32768, pressure, mode) if data is None else data
    return struct.pack(">HHH", apid, 0xC000 | (count % 16384), len(data) - 1) + data


def read(path: Path, **words: object) -> tuple[list[tuple[str, float, float | str]], list[str], list[bytes]]:
    rows, problems, rejected = [], [], []
    for parcel in read_packet_parcels(path, XTCE, TIME, **words):
        rows += [
            (parcel.names[i], t - EPOCH_S, parcel.text.get(k, float(v)))
            for k, (i, t, v) in enumerate(zip(parcel.index, parcel.t_s, parcel.value, strict=True))
        ]
        problems += parcel.problems
        rejected += parcel.rejected
    return rows, problems, rejected


def test_parameters_and_their_time(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(packet(1, 2.5) + packet(2, 2.25, 1))
    rows, problems, _ = read(path)
    assert rows == [("PRESSURE", 1.5, 2.5), ("MODE", 1.5, "NOMINAL"), ("PRESSURE", 2.5, 2.25), ("MODE", 2.5, "SAFE")]
    assert problems == []
    assert read(path, names=("MODE",))[0] == [("MODE", 1.5, "NOMINAL"), ("MODE", 2.5, "SAFE")]


def test_damage_is_told_by_byte_and_the_rest_counts(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    whole = packet(1, 2.5)
    size = len(whole)
    stranger, short = packet(2, 0.0, apid=99), packet(2, 0.0, data=b"\0" * 20)
    path.write_bytes(whole + stranger + short + packet(2047, 0.0, apid=2047) + packet(5, 2.0) + whole[:9])
    rows, problems, rejected = read(path)
    assert [row[2] for row in rows if row[0] == "PRESSURE"] == [2.5, 2.0]
    assert f"a.bin, byte {size}: APID 99 is not in the XTCE definition" in problems[0]
    assert f"byte {2 * size}: APID 11 is not as long as its definition says" in problems[1]
    assert "2 packets of APID 11 are missing" in problems[2]
    assert "the packet was cut off: 11 bytes announced, 3 there" in problems[3]
    assert rejected == [stranger.hex().encode(), short.hex().encode(), whole[:9].hex().encode()], "nothing is lost"


def test_lost_framing_and_a_cut_header(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(packet(1, 2.5) + b"\xff" * 30)
    assert "byte 17: packet version 7, expected 0: the framing is lost; 30 bytes are not read" in read(path)[1][0]
    path.write_bytes(packet(1, 2.5) + b"\x08\x0b")
    assert "byte 17: 2 bytes at the end are too few" in read(path)[1][0]


def test_reading_goes_on_at_a_byte(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"".join(packet(i, 2.5) for i in range(4100)))
    parcels = list(read_packet_parcels(path, XTCE, TIME))
    assert len(parcels) == 3
    rest = list(read_packet_parcels(path, XTCE, TIME, position=parcels[0].position))
    assert sum(one.t_s.size for one in rest) == 2 * 2100


def test_what_is_missing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(packet(1, 2.5))
    with pytest.raises(CaseError, match="no packet with this parameter"):
        list(read_packet_parcels(path, XTCE, "CLOCK"))
    with pytest.raises(CaseError, match="--xtce"):
        list(read_packet_parcels(path, None, TIME))
    with pytest.raises(CaseError, match="no such file"):
        list(read_packet_parcels(tmp_path / "b.bin", XTCE, TIME))
    for wrong in ("", "A/0", "A@noon"):
        with pytest.raises(RangeError, match="COARSE"):
            PacketTime.parse(wrong)
    (tmp_path / "x.xml").write_text("<a>")
    with pytest.raises(CaseError, match="XTCE definition of packets"):
        list(read_packet_parcels(path, tmp_path / "x.xml", TIME))
    monkeypatch.setitem(sys.modules, "space_packet_parser", None)
    with pytest.raises(BackendError, match=r"pip install whipple\[sources\]"):
        list(read_packet_parcels(path, XTCE, TIME))
