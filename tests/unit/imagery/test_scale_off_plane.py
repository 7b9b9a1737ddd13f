"""A scale that does not lie in the plane of the hole, a tilt that cannot be, a tilt that nobody gave."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from whipple.casefile.findings.pictures import BudgetTerm
from whipple.casefile.given import Given
from whipple.casefile.tables.image import ImageTable
from whipple.cli import app
from whipple.errors import CaseError, RangeError
from whipple.imagery import find_hole, measure_picture
from whipple.imagery.budget import budget_terms, plane_ratio
from whipple.imagery.injected import draw_hole


def picture(diameter_px: float = 12.0) -> np.ndarray:
    rng = np.random.default_rng(1)
    hole = draw_hole((180, 200), (100.3, 90.6), (diameter_px, diameter_px), 0.4, 0.9)
    return 150 - 100 * hole + 3.0 * rng.standard_normal((180, 200))


def table(**changed: Any) -> ImageTable:
    values = {
        "name": "one", "file": "one.png", "part": "radiator", "hole_px": (100, 90), "scale_px": 100.0, "scale_length": "10 mm", "lens": "none",
        "incidence": "0 deg", "known": "2023-01-01", "source": "s",
    }  # fmt: skip
    return ImageTable.model_validate({key: value for key, value in (values | changed).items() if value is not None})


def sized(one: ImageTable) -> Any:
    return measure_picture(picture(), one, np.random.default_rng(2))


def seen_px(offset_m: float) -> float:
    """Pixels that 10 mm span in a pinhole camera with 0.1 mm a pixel at the hole, 1 m away, when they lie so much farther."""
    return 100.0 * 1.0 / (1.0 + offset_m)


@pytest.fixture(scope="module")
def in_plane() -> Any:
    return sized(table())


def plane_term(one: ImageTable) -> BudgetTerm:
    """That term of the budget, without injecting holes."""
    image = picture()
    terms = budget_terms(one, image, find_hole(image, (100, 90)), 0.01, (100, True))
    return next(term for term in terms if term.term == "plane of the scale feature")


def test_a_known_offset_is_taken_off(in_plane: Any) -> None:
    """A hole of 1.2 mm, 12 px across, the bar 30 mm behind it: uncorrected it would come out 3 % too large."""
    where = {"is": "30 mm", "low": "29 mm", "high": "31 mm"}
    found = sized(table(scale_px=seen_px(0.03), plane_offset=where, distance="1 m"))
    assert found.diameter_m.median == pytest.approx(in_plane.diameter_m.median, rel=1e-3)
    assert found.diameter_m.low < 1.2e-3 < found.diameter_m.high
    assert found.scale_m == pytest.approx(1e-4)


@pytest.mark.parametrize("offset_mm", [30, -30, 120])
def test_the_scale_at_the_hole_is_the_truth_and_the_doubt_widens(offset_mm: int) -> None:
    where = {"is": f"{offset_mm} mm", "low": f"{offset_mm - 1} mm", "high": f"{offset_mm + 1} mm"}
    one = table(scale_px=seen_px(offset_mm / 1e3), plane_offset=where, distance="1 m")
    assert 0.01 / one.scale_px * plane_ratio(one) == pytest.approx(1e-4)  # type: ignore[operator]
    assert plane_term(one).sigma_frac == pytest.approx(1e-3 / 1.645 / (1 + offset_mm / 1e3), rel=1e-3)
    assert f"{abs(offset_mm)} mm {'farther' if offset_mm > 0 else 'nearer'}" in plane_term(one).how


def test_the_doubt_of_the_distance_counts_where_there_is_an_offset() -> None:
    far = {"is": "1 m", "low": "0.8 m", "high": "1.2 m"}
    assert plane_term(table(plane_offset="100 mm", distance="1 m")).sigma_frac == 0.0
    doubted = plane_term(table(plane_offset="100 mm", distance=far)).sigma_frac
    assert doubted == pytest.approx(0.1 * 0.2 / 1.645 / 1.1, rel=1e-3)


def test_without_a_distance_nothing_is_taken_off() -> None:
    assert plane_ratio(table(plane_offset="30 mm")) == 1.0
    term = plane_term(table(plane_offset="30 mm"))
    assert term.sigma_frac == 0.10
    assert "not taken off" in term.how


@pytest.mark.parametrize("degrees", [95.0, 90.0, 200.0, -20.0, float("nan")])
def test_a_tilt_that_cannot_be_is_refused_by_the_room(degrees: float) -> None:
    tilt = Given(*(np.radians([degrees] * 3).tolist()), "rad")
    with pytest.raises(RangeError, match="incidence"):
        sized(table().model_copy(update={"incidence_rad": tilt}))


@pytest.mark.parametrize(
    "changed",
    [
        {"plane_offset": "-2 m", "distance": "1 m"},
        {"distance": "1 mm"},
        {"scale_px": 1e9},
        {"scale_px": float("inf")},
        {"scale_length": "1e300 m"},
    ],
)
def test_a_scale_that_no_camera_sees_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(RangeError, match="check"):
        sized(table(**changed))


@pytest.mark.parametrize(
    "words", [["--incidence", "95 deg"], ["--incidence=-20 deg"], ["--incidence", "90 deg"], ["--distance", "0 m"]]
)
def test_the_verb_refuses_it_too(tmp_path: Path, words: list[str]) -> None:
    from PIL import Image

    file = tmp_path / "one.png"
    Image.fromarray(np.clip(picture(), 0, 255).astype(np.uint8)).save(file)
    asked = ["imagery", "measure", str(file), "--at", "100,90", "--scale-px", "100", "--scale-length", "10 mm", *words]
    assert isinstance(CliRunner().invoke(app, asked).exception, CaseError)


def test_a_point_that_is_no_place_is_refused(tmp_path: Path) -> None:
    asked = [
        "imagery",
        "measure",
        str(tmp_path / "one.png"),
        "--at",
        "nan,nan",
        "--scale-px",
        "100",
        "--scale-length",
        "10 mm",
    ]
    assert isinstance(CliRunner().invoke(app, asked).exception, RangeError)


def test_a_tilt_that_nobody_gave_is_said(in_plane: Any) -> None:
    assert "imagery.tilt-assumed" not in {one.code for one in in_plane.caveats}
    assert "imagery.tilt-assumed" in {one.code for one in sized(table(incidence=None)).caveats}
