"""What the owners of the formats print: the XTCE schema of the OMG, and the state machine of OpenC3 COSMOS."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from whipple.telemetry.limit_state import LimitState
from whipple.telemetry.limits import Alarm, Band, Change, LimitBook, Ranges, TypeLimits, cosmos_alarm
from whipple.telemetry.read_xtce import read_xtce
from whipple.telemetry.write_xtce import write_xtce

ROOM = "telemetry"
XTCE = Path(__file__).parents[1] / "unit" / "telemetry" / "every_alarm.xml"
SCHEMA = "OMG XTCE 1.2 schema SpaceSystem.xsd (formal/2018-10-04), namespace .../XTCE/20180204"
XML_NAMESPACE = b"""<schema xmlns="http://www.w3.org/2001/XMLSchema" targetNamespace="http://www.w3.org/XML/1998/namespace">
<attribute name="base" type="anyURI"/><attribute name="lang" type="language"/></schema>"""
Authority = Callable[..., None]


def errors_of(path: Path) -> list[str]:
    """What the published schema has against a file."""
    etree = pytest.importorskip("lxml.etree")
    parser = pytest.importorskip("space_packet_parser")

    class Here(etree.Resolver):
        def resolve(self, url: str, name: str, context: object) -> object:
            return self.resolve_string(XML_NAMESPACE, context) if url.endswith("xml.xsd") else None

    reader = etree.XMLParser()
    reader.resolvers.add(Here())
    xsd = Path(parser.__file__).parent / "xtce" / "schemas" / "SpaceSystem.xsd"
    schema = etree.XMLSchema(etree.parse(str(xsd), reader))
    schema.validate(etree.parse(str(path)))
    return [f"{error.line}: {error.message}" for error in schema.error_log]


def test_what_is_written_is_valid_xtce(tmp_path: Path, authority: Authority) -> None:
    book = read_xtce(XTCE)
    assert errors_of(XTCE) == [], "the file of the tests is itself valid"
    write_xtce(tmp_path / "copy.xml", book, onto=XTCE)
    write_xtce(tmp_path / "alone.xml", book)
    for name in ("copy", "alone"):
        found = errors_of(tmp_path / f"{name}.xml")
        assert found == []
        authority(
            ROOM,
            f"schema errors of the written file ({name})",
            len(found),
            0,
            source=SCHEMA,
            why="exact: valid or not",
            atol=0.0,
        )


def last_level(alarm: Alarm, values: list[float]) -> int:
    state = LimitState(["P"], LimitBook.plain({"P": TypeLimits(default=alarm)}))
    count = len(values)
    state.update(np.zeros(count, np.int64), np.arange(count, dtype=float), np.array(values, float), {}, count)
    return int(state.level[0])


@pytest.mark.parametrize(
    ("what", "alarm", "values", "theirs"),
    [
        (
            "outside: -severe -critical -distress -warning -watch normal",
            Alarm(static=Ranges(tuple(Band(k, -k, k) for k in range(1, 6)))),
            [-3.5],
            3,
        ),
        (
            "inside inverts the bands",
            Alarm(static=Ranges((Band(1, -5, 5, inside=True), Band(5, -1, 1, inside=True)))),
            [0.5],
            5,
        ),
        (
            "minViolations: successive instances to trigger",
            Alarm(static=Ranges((Band(2, high=1),)), min_violations=2),
            [2, 2],
            2,
        ),
        (
            "minConformance not given: equal to minViolations",
            Alarm(static=Ranges((Band(2, high=1),)), min_violations=2),
            [2, 2, 0],
            2,
        ),
        (
            "most severe level of overlapping multi ranges",
            Alarm(multi=Ranges((Band(1, 0, 9, inside=True), Band(4, 4, 5, inside=True)))),
            [4.5],
            4,
        ),
        (
            "change: absolute value of range and sample",
            Alarm(change=Change(Ranges((Band(2, high=1.0),)), per_sample=True)),
            [0, -1.5],
            2,
        ),
        (
            "percentageChange over 1 s",
            Alarm(change=Change(Ranges((Band(2, high=5.0),)), percent=True, span_s=1.0)),
            [100, 94],
            2,
        ),
    ],
)
def test_the_words_of_the_xtce_schema(
    what: str, alarm: Alarm, values: list[float], theirs: int, authority: Authority
) -> None:
    authority(
        ROOM,
        f"XTCE level, {what}",
        last_level(alarm, values),
        theirs,
        source=SCHEMA + ", documentation of the type",
        why="exact: a level",
        atol=0.0,
    )


def cosmos(values: list[float], limits: tuple[float, float, float, float], persistence: int) -> list[int]:
    """The published state machine, written out from openc3/packets/packet.py (handle_limits_values), green band left out."""
    red_low, yellow_low, yellow_high, red_high = limits
    state, count, out = 0, 0, []
    for value in values:
        high = 0 if value < yellow_high else 2 if value < red_high else 4
        low = 2 if value > red_low else 4
        new = high if value > yellow_low else low
        count = count + 1 if new != state else 0
        if new != state and count >= persistence:
            state, count = new, 0
        out.append(state)
    return out


@pytest.mark.parametrize("persistence", [1, 2, 3, 5])
def test_the_state_machine_of_cosmos(persistence: int, authority: Authority) -> None:
    limits, rng = (-2.0, -1.0, 1.0, 2.0), np.random.default_rng(persistence)
    values = np.round(np.cumsum(rng.standard_normal(3000)) * 0.3 % 5 - 2.5, 1).tolist()
    state = LimitState(
        ["P"], LimitBook.plain({"P": TypeLimits(default=cosmos_alarm(*limits, persistence=persistence))})
    )
    ours = []
    for i, value in enumerate(values):
        state.update(np.zeros(1, np.int64), np.array([float(i)]), np.array([value]), {}, i + 1.0)
        ours.append(int(state.level[0]))
    theirs = cosmos(values, limits, persistence)
    assert len(set(theirs)) == 3
    differing = sum(a != b for a, b in zip(ours, theirs, strict=True))
    source = (
        "OpenC3 COSMOS, openc3/python/openc3/packets/packet.py, handle_limits_values (yellow = warning, red = critical)"
    )
    authority(
        ROOM,
        f"COSMOS states that differ of 3000, persistence {persistence}",
        differing,
        0,
        source=source,
        why="exact: a state",
        atol=0.0,
    )
