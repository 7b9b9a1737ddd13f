"""Which catalogue files are read, which refused, and is every bad set listed?"""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest
from sgp4.api import jday

from whipple.environment.read_elements_catalogue import catalogue_number, read_catalogue
from whipple.errors import CaseError
from whipple.physics.read_elements import checksum

ISS1 = "1 25544U 98067A   22350.92995838  .00012052  00000+0  21882-3 0  9998"
ISS2 = "2 25544  51.6430 151.3097 0003678 167.7951 338.1576 15.49996899373529"
OMM = {
    "OBJECT_NAME": "ISS (ZARYA)", "OBJECT_ID": "1998-067A", "EPOCH": "2022-12-16T22:19:08.404032", "MEAN_MOTION": 15.49996899,
    "ECCENTRICITY": 0.0003678, "INCLINATION": 51.643, "RA_OF_ASC_NODE": 151.3097, "ARG_OF_PERICENTER": 167.7951,
    "MEAN_ANOMALY": 338.1576, "EPHEMERIS_TYPE": 0, "CLASSIFICATION_TYPE": "U", "NORAD_CAT_ID": 25544, "ELEMENT_SET_NO": 999,
    "REV_AT_EPOCH": 37352, "BSTAR": 0.00021882, "MEAN_MOTION_DOT": 0.00012052, "MEAN_MOTION_DDOT": 0,
}  # fmt: skip
META = {"CENTER_NAME": "EARTH", "REF_FRAME": "TEME", "TIME_SYSTEM": "UTC", "MEAN_ELEMENT_THEORY": "SGP4"}


def numbered(line: str, number: int) -> str:
    line = line[:2] + f"{number:05d}" + line[7:68]
    return line + str(checksum(line + "0"))


def kvn(records) -> str:
    return "CCSDS_OMM_VERS = 2.0\n" + "\n".join(
        "\n".join(f"{key} = {value}" for key, value in {"OBJECT_NAME": r["OBJECT_NAME"], **META, **r}.items())
        for r in records
    )


def xml(records) -> str:
    segments = []
    for record in records:
        leaves = "".join(f"<{key}>{value}</{key}>" for key, value in {**META, **record}.items())
        segments.append(f"<omm><body><segment><metadata>{leaves}</metadata></segment></body></omm>")
    return '<?xml version="1.0"?><ndm>' + "".join(segments) + "</ndm>"


def table(records) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(records[0]))
    writer.writeheader()
    writer.writerows(records)
    return out.getvalue()


WRITERS = {"json": json.dumps, "kvn": kvn, "xml": xml, "csv": table}


def written(folder: Path, text: str) -> Path:
    path = folder / "catalogue.txt"
    path.write_text(text)
    return path


@pytest.mark.parametrize("form", WRITERS)
def test_every_form_of_omm_flies_like_the_two_lines(tmp_path, form):
    two = read_catalogue(written(tmp_path, f"ISS\n{ISS1}\n{ISS2}\n")).objects[0]
    other = dict(OMM, OBJECT_NAME="OTHER", NORAD_CAT_ID=123456789)
    found = read_catalogue(written(tmp_path, WRITERS[form]([OMM, other])))
    assert [one.catalogue_number for one in found.objects] == [25544, 123456789]
    assert found.objects[0].name == "ISS (ZARYA)"
    day, fraction = jday(2022, 12, 15, 0, 45, 0)
    ours, theirs = (one.satellite.sgp4(day, fraction)[1] for one in (found.objects[0], two))
    assert np.linalg.norm(np.subtract(ours, theirs)) < 1e-3, "1 m: the last printed digit of the epoch"


@pytest.mark.parametrize("lines", [f"{ISS1}\n{ISS2}", f"0 ISS\n{ISS1}\n{ISS2}\n", f"# note\n\nISS\n{ISS1}\n{ISS2}\n"])
def test_pairs_and_triples(tmp_path, lines):
    found = read_catalogue(written(tmp_path, lines))
    assert [str(one) for one in found.objects] in (["25544"], ["25544 ISS"])
    assert found.unreadable == ()


def test_a_bad_checksum_is_listed_with_its_line_and_the_rest_is_read(tmp_path):
    bad = ISS2[:10] + "2" + ISS2[11:]
    good = f"{numbered(ISS1, 7)}\n{numbered(ISS2, 7)}"
    found = read_catalogue(written(tmp_path, f"{ISS1}\n{bad}\n{good}\n"))
    assert [one.catalogue_number for one in found.objects] == [7]
    assert found.unreadable[0].key == "line 2"
    assert "checksum 9" in found.unreadable[0].found


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (f"{ISS1}\n{ISS2}\n{ISS1}\n", "cut short"),
        (f"{ISS1}\n{ISS2}\n{ISS1}\n{ISS2[:40]}\n", "cut short"),
        (json.dumps([OMM])[:-40], "cut short"),
        (xml([OMM])[:-40], "cut short"),
        (kvn([OMM]).split("BSTAR")[0], "cut short"),
        (table([OMM, OMM])[:-60], "cut short"),
        (table([OMM]).replace("BSTAR", "DRAG"), "no column BSTAR"),
        ("", "no orbit"),
        ("hello\nworld\n", "no orbit"),
        (f"{ISS1}\n{ISS2[:10]}2{ISS2[11:]}\n", "checksum"),
    ],
)
def test_a_file_that_is_cut_short_or_holds_nothing_is_refused(tmp_path, text, says):
    with pytest.raises(CaseError, match=says):
        read_catalogue(written(tmp_path, text))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"TIME_SYSTEM": "TAI"}, "TIME_SYSTEM = TAI"),
        ({"REF_FRAME": "ICRF"}, "REF_FRAME = ICRF"),
        ({"MEAN_ELEMENT_THEORY": "SGP4-XP"}, "SGP4-XP"),
        ({"EPHEMERIS_TYPE": 4}, "EPHEMERIS_TYPE = 4"),
        ({"ECCENTRICITY": 1.2}, "eccentricity 1.2"),
        ({"MEAN_MOTION": 0}, "mean motion 0"),
        ({"INCLINATION": -3}, "inclination -3"),
        ({"EPOCH": "yesterday"}, "yesterday"),
        ({"BSTAR": "n/a"}, "n/a"),
        ({"NORAD_CAT_ID": None}, "no NORAD_CAT_ID"),
    ],
)
def test_a_foreign_or_impossible_set_is_listed_not_flown(tmp_path, change, says):
    found = read_catalogue(written(tmp_path, json.dumps([dict(OMM, **change), OMM])))
    assert len(found.objects) == 1
    assert says in str(found.unreadable[0])


def test_units_other_than_the_standards_are_listed(tmp_path):
    text = kvn([OMM, OMM]).replace("INCLINATION = 51.643", "INCLINATION = 0.9 [rad]", 1)
    found = read_catalogue(written(tmp_path, text))
    assert len(found.objects) == 1
    assert "INCLINATION in [rad]" in found.unreadable[0].found


def test_xml_with_a_name_space_is_read(tmp_path):
    text = xml([OMM]).replace("<ndm>", '<ndm xmlns="urn:ccsds:schema:ndmxml">')
    assert [one.catalogue_number for one in read_catalogue(written(tmp_path, text)).objects] == [25544]


def test_a_line_without_partner_and_xp_elements_are_listed(tmp_path):
    lone = numbered(ISS1, 8)
    other = f"{numbered(ISS1, 9)}\n{numbered(ISS2, 9)}"
    xp = numbered(ISS1[:62] + "4" + ISS1[63:], 10)
    found = read_catalogue(written(tmp_path, f"{lone}\nNAME\n{other}\n{xp}\n{numbered(ISS2, 10)}\n"))
    assert [str(one) for one in found.objects] == ["9 NAME"]
    assert "without its partner" in found.unreadable[0].found
    assert "SGP4-XP" in found.unreadable[1].found


def test_a_missing_file_and_binary_are_refused(tmp_path):
    (tmp_path / "b").write_bytes(b"\xff\xfe\x00")
    for name in ("a", "b"):
        with pytest.raises(CaseError):
            read_catalogue(tmp_path / name)


def test_alpha_5():
    assert catalogue_number("E8493") == 148493
