"""XTCE in and out: every alarm kind of the schema, and a file with packets keeps all else."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from whipple.errors import CaseError
from whipple.telemetry.limits import Alarm, Band, Ranges
from whipple.telemetry.limits_match import Comparison, Group
from whipple.telemetry.read_xtce import read_xtce
from whipple.telemetry.write_xtce import write_xtce

XTCE = Path(__file__).parent / "every_alarm.xml"


def test_every_kind_is_read() -> None:
    book = read_xtce(XTCE)
    pressure = book.of("PRESSURE")
    assert pressure is not None
    assert pressure.unit == "bar"
    first, second = pressure.contexts
    assert first.context == Comparison("MODE", "==", "SAFE")
    assert second.context == Group("or", (
        Comparison("MODE", "!=", "SAFE", long_form=True),
        Group("and", (Comparison("PRESSURE", "<", "", "LIMIT", True), Comparison("COUNT", ">", "3", "", True, -1, False))),
    ))  # fmt: skip
    default = pressure.default
    assert default is not None
    assert (default.min_violations, default.min_conformance, default.name) == (3, 2, "nominal")
    assert default.static == Ranges(
        (Band(1, 2.6, 3.3), Band(2, 2.4, 3.4), Band(3, 2.3, 3.5), Band(4, 2.0, 3.8), Band(5, 1.0, 4.0, True, True))
    )
    assert default.change is not None
    assert (default.change.percent, default.change.span_s, default.change.span_count) == (True, 60.0, 1)
    assert default.multi is not None
    assert [band.inside for band in default.multi.bands] == [True, False]
    assert book.of("MODE").default.labels == (("SAFE", 2),)
    assert book.of("MODE").default.default_level == 0
    assert book.of("TEXT").default.patterns == ((".*ERROR.*", 4),)
    assert book.of("TEXT").default.custom.startswith("<CustomAlarm")
    assert book.of("FLAG").default.conditions[0][0] == 4
    assert book.of("CLOCK").default.rate.time_units == "seconds"
    assert book.of("BLOB").contexts[0].conditions[0][0] == 5
    assert book.of("/Ship/Loop/PUMP").default.static.bands[0].high == 9.0
    assert "Note" in default.extra


def test_a_copy_with_the_same_limits_is_the_same_document(tmp_path: Path) -> None:
    book = read_xtce(XTCE)
    write_xtce(tmp_path / "copy.xml", book, onto=XTCE)
    assert read_xtce(tmp_path / "copy.xml") == book
    write_xtce(tmp_path / "alone.xml", book)
    assert read_xtce(tmp_path / "alone.xml") == book
    kept = ElementTree.parse(tmp_path / "copy.xml").getroot()
    names = [element.tag.rsplit("}", 1)[-1] for element in kept.iter()]
    before = [
        element.tag.rsplit("}", 1)[-1]
        for element in ElementTree.parse(XTCE).getroot().iter()
        if isinstance(element.tag, str)
    ]
    assert sorted(names) == sorted(before), "containers and encodings are still there"


def test_limits_changed_are_the_only_change(tmp_path: Path) -> None:
    from dataclasses import replace

    book = read_xtce(XTCE)
    path = book.parameters["/Ship/PRESSURE"]
    changed = replace(book.types[path], default=Alarm(static=Ranges((Band(2, 2.5, 3.5),))))
    new = replace(book, types={**book.types, path: changed})
    write_xtce(tmp_path / "new.xml", new, onto=XTCE)
    assert read_xtce(tmp_path / "new.xml") == new


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("</SpaceSystem>", "", "line"),
        (
            'enumerationLabel="SAFE" alarmLevel="warning"',
            'enumerationLabel="SAFE" alarmLevel="warnin"',
            "EnumeratedParameterType MODE_Type",
        ),
        ('minViolations="3"', 'minViolations="three"', "FloatParameterType PRESSURE_Type"),
        ('maxInclusive="3.4"', 'maxInclusive="high"', "FloatParameterType PRESSURE_Type"),
    ],
)
def test_a_broken_file_says_where(tmp_path: Path, old: str, new: str, said: str) -> None:
    path = tmp_path / "broken.xml"
    path.write_text(XTCE.read_text().replace(old, new))
    with pytest.raises(CaseError, match=said):
        read_xtce(path)


def test_not_xtce_at_all(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text("<html/>")
    with pytest.raises(CaseError, match="SpaceSystem"):
        read_xtce(path)
    with pytest.raises(CaseError, match="no such file"):
        read_xtce(tmp_path / "none.xml")
