"""Drawings: contrast of the colours, themes, ids, the map, the packed stack."""

from __future__ import annotations

import base64
import json
import re
import zlib

import numpy as np
import pytest

from whipple.casefile.findings import Findings
from whipple.report.figures.sky import azimuth_elevation, draw_sky, hammer, inverse_hammer
from whipple.report.figures.strikes import most_struck
from whipple.report.ink import COLOURS, HUES, canvas, css_colours, light, svg_of, themed
from whipple.report.page import Section
from whipple.report.stack_view import DECADES, shades, stack_payload
from whipple.vehicle.stack import Stack


def luminance(colour: str) -> float:
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [v / 12.92 if v <= 0.03928 else ((v + 0.055) / 1.055) ** 2.4 for v in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dim, bright = sorted((luminance(one), luminance(other)))
    return (bright + 0.05) / (dim + 0.05)


@pytest.mark.parametrize("theme", [0, 1])
@pytest.mark.parametrize("name", ["ink", "muted", *HUES])
def test_text_and_lines_reach_wcag_aa(name: str, theme: int) -> None:
    assert contrast(COLOURS[name][theme], COLOURS["paper"][theme]) >= 4.5


@pytest.mark.parametrize(
    "page",
    [
        ("#1b2026", "#f4f6f8"),
        ("#e7ebef", "#0c1014"),
        ("#8a3d00", "#fff1e0"),
        ("#ffc58f", "#3a2610"),
        ("#7db9f7", "#13181d"),
    ],
)
def test_colours_of_the_page_reach_wcag_aa(page: tuple[str, str]) -> None:
    assert contrast(*page) >= 4.5


def test_light_values_are_distinct_so_that_a_drawing_can_be_swapped() -> None:
    values = [value for value, _ in COLOURS.values()]
    assert len(values) == len(set(values))
    assert "prefers-color-scheme:dark" in css_colours()


def test_a_drawing_has_no_date_no_fixed_size_and_the_pages_colours() -> None:
    with canvas(3, 2) as drawing:
        drawing.subplots().plot([0, 1], [0, 1.23456789], color=light("blue"))
        svg = svg_of(drawing, "line")
    assert "dc:date" not in svg
    assert light("blue") in svg
    on_page = themed(svg)
    assert light("blue") not in on_page
    assert "var(--blue)" in on_page
    assert re.match(r'<svg aria-hidden="true"[^>]*viewBox', on_page)
    assert " width=" not in on_page[: on_page.index(">")]
    assert light("blue") in themed(svg, swap=False)


def test_hammer_map_there_and_back_and_equal_area() -> None:
    rng = np.random.default_rng(1)
    azimuth, elevation = rng.uniform(-3.1, 3.1, 500), rng.uniform(-1.5, 1.5, 500)
    a, e, on = inverse_hammer(*hammer(azimuth, elevation))
    assert on.all()
    np.testing.assert_allclose(a, azimuth, atol=1e-9)
    np.testing.assert_allclose(e, elevation, atol=1e-9)


def test_hammer_map_keeps_areas() -> None:
    azimuth, elevation = np.meshgrid(np.linspace(-3.0, 3.0, 31), np.linspace(-1.4, 1.4, 15))
    step = 1e-5
    east = (np.array(hammer(azimuth + step, elevation)) - np.array(hammer(azimuth - step, elevation))) / (2 * step)
    north = (np.array(hammer(azimuth, elevation + step)) - np.array(hammer(azimuth, elevation - step))) / (2 * step)
    np.testing.assert_allclose(east[0] * north[1] - east[1] * north[0], np.cos(elevation), rtol=1e-7)


def test_azimuth_runs_from_ram_to_starboard_and_elevation_to_zenith() -> None:
    azimuth, elevation = azimuth_elevation(np.array([[0.0, 1.0, 0.0], [-1.0, 0.0, 0.0], [0.0, 0.0, -1.0]]))
    np.testing.assert_allclose(np.degrees(azimuth[:2]), [90.0, 180.0])
    assert np.degrees(elevation[2]) == pytest.approx(90.0)


def test_the_map_works_before_exposure_has_answered(findings: Findings) -> None:
    assert findings.sky is not None
    assert "Geminids" in draw_sky(findings.sky, None).alt


def test_every_drawing_is_small_and_says_what_it_shows(sections: tuple[Section, ...]) -> None:
    figures = [figure for section in sections for figure in section.figures]
    assert len(figures) >= 17
    assert len({figure.name for figure in figures}) == len(figures)
    for figure in figures:
        rastered = figure.name in ("stack", "residue")  # the facets of the stack as a picture inside the drawing
        assert len(figure.svg) < (200_000 if rastered else 80_000), figure.name
        assert len(figure.alt) > 30
        assert "nan" not in figure.alt


def test_shades_are_logarithmic_and_zero_stays_zero() -> None:
    level, top = shades(np.array([0.0, 1.0, 10.0 ** (-DECADES / 2), 1e-12]))
    assert (level.tolist(), top) == ([0, 255, 128, 1], 1.0)


def test_packed_corners_unpack_within_a_millimetre(stack: Stack, findings: Findings) -> None:
    packed = json.loads(stack_payload(stack, findings.sky, findings.strikes))
    corners = np.frombuffer(zlib.decompress(base64.b64decode(packed["corners"])), dtype="<u2").reshape(-1, 3)
    back = np.array(packed["low"]) + np.array(packed["step"]) * corners
    assert np.abs(back - stack.surfaces.vertex_m).max() < 1e-3
    triangles = np.frombuffer(zlib.decompress(base64.b64decode(packed["triangles"])), dtype="<u4")
    assert triangles.size == 3 * len(stack.surfaces.triangle)
    assert [s["name"] for s in packed["streams"]] == ["all streams", "sporadic", "Geminids", "debris"]


def test_the_suspect_part_is_always_among_those_drawn(findings: Findings) -> None:
    assert findings.strikes is not None
    assert "ship.radiator" in most_struck(findings.strikes.parts, 1, "ship.radiator")
    assert most_struck(findings.strikes.parts, 2, "no such part") == ["station.truss", "ship.radiator"]
