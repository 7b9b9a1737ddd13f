"""A hole in a picture: found, sized with a budget, refused or bounded when the picture cannot say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from whipple.casefile.case import Case
from whipple.casefile.read_image import check_image, image_size_px, read_image
from whipple.casefile.tables.image import ImageTable
from whipple.errors import CaseError, EvidenceError
from whipple.imagery import find_hole, measure, measure_picture
from whipple.imagery.budget import budget_terms, table_p95_frac
from whipple.imagery.injected import draw_hole, places_without_hole
from whipple.imagery.outline import spot_in

PICTURE = Path(__file__).parents[3] / "src" / "whipple" / "cases" / "soyuz-ms22" / "images" / "hole_rendered.png"


def picture(
    diameter_px: float, blur: float = 0.9, noise: float = 3.0, seed: int = 1, axis_ratio: float = 1.0
) -> np.ndarray:
    """A flat grey field with one hole at (100.3, 90.6)."""
    rng = np.random.default_rng(seed)
    axes = (diameter_px * axis_ratio**0.5, diameter_px / axis_ratio**0.5)
    return 150 - 100 * draw_hole((180, 200), (100.3, 90.6), axes, 0.4, blur) + noise * rng.standard_normal((180, 200))


def table(**changed: Any) -> ImageTable:
    values = {
        "name": "one", "file": "one.png", "part": "radiator", "hole_px": (100, 90), "scale_px": 100.0,
        "scale_length": {"is": "10 mm", "low": "9.9 mm", "high": "10.1 mm"}, "lens": "calibrated", "known": "2023-01-01", "source": "s",
    }  # fmt: skip
    values |= changed
    return ImageTable.model_validate({key: value for key, value in values.items() if value is not None})


def sized(image: np.ndarray, **changed: Any) -> Any:
    return measure_picture(image, table(**changed), np.random.default_rng(2))


def a_case(folder: Path, *images: ImageTable) -> Case:
    from types import SimpleNamespace

    return Case(folder, "d", "", SimpleNamespace(seed=3), None, None, None, None, images=images)  # type: ignore[arg-type]


def save(image: np.ndarray, path: Path) -> Path:
    from PIL import Image

    Image.fromarray(np.clip(image, 0, 255).astype(np.uint8)).save(path)
    return path


def test_finds_centre_size_and_shape() -> None:
    found = find_hole(picture(14, axis_ratio=1.3), (99, 92))
    assert found.centre_px == pytest.approx((100.3, 90.6), abs=0.15)
    assert found.diameter_px == pytest.approx(14, rel=0.03)
    assert found.long_px / found.short_px == pytest.approx(1.3, abs=0.06)
    assert found.outline_px.shape == (72, 2)


def test_finds_the_spot_without_being_told() -> None:
    assert spot_in(picture(10)) == pytest.approx((100.3, 90.6), abs=3)
    assert find_hole(picture(10)).diameter_px == pytest.approx(10, rel=0.05)


def test_large_holes_need_no_other_setting() -> None:
    y, x = np.mgrid[0:700, 0:700]
    big = np.where((x - 340) ** 2 + (y - 350) ** 2 < 90**2, 30.0, 140.0)
    assert find_hole(big, (345, 340)).diameter_px == pytest.approx(180, rel=0.01)


def test_no_hole_is_said() -> None:
    flat = 150 + np.random.default_rng(0).standard_normal((120, 120))
    with pytest.raises(EvidenceError, match="no enclosed dark spot"):
        find_hole(flat, (60, 60))
    with pytest.raises(EvidenceError, match="in a picture of 120 x 120"):
        find_hole(flat, (600, 60))


def test_a_dark_stripe_is_not_a_hole() -> None:
    stripe = np.full((120, 120), 150.0)
    stripe[55:62] = 30.0
    with pytest.raises(EvidenceError):
        find_hole(stripe, (60, 58))


def test_interval_holds_the_truth_and_is_a_few_per_cent_wide() -> None:
    found = sized(picture(12))
    assert found.diameter_m.low < 1.2e-3 < found.diameter_m.high
    assert 0.02 < (found.diameter_m.high - found.diameter_m.low) / found.diameter_m.median < 0.2
    assert found.diameter_m.bound == "two-sided"
    assert found.across_px == pytest.approx(12, rel=0.05)


def test_twice_the_scale_is_twice_the_diameter() -> None:
    assert sized(picture(12), scale_px=50.0).diameter_m.median == pytest.approx(
        2 * sized(picture(12)).diameter_m.median, rel=0.01
    )


def test_below_five_pixels_only_a_bound_below_three_only_presence() -> None:
    few, fewer = sized(picture(4.2, blur=0.6, noise=1.0)), sized(picture(2.0, blur=0.6, noise=0.5))
    for found in (few, fewer):
        assert found.diameter_m.bound == "upper"
        assert found.diameter_m.low == 0.0
    assert few.diameter_m.high > 0.40e-3
    assert "an upper bound, never a diameter" in few.caveats[-1].text
    assert "something is there" in fewer.caveats[-1].text
    assert "at most" in few.sentence


def test_every_term_of_the_budget_has_a_value_and_says_how() -> None:
    found = sized(picture(12))
    names = [term.term for term in found.budget]
    for wanted in ("edge and pixel model", "focus and blur", "size of the scale feature", "plane of the scale feature", "perspective, incidence",
                   "lens distortion", "curvature of the surface", "compression", "lighting and shadow", "definition"):  # fmt: skip
        assert wanted in names
    assert all(term.how and term.sigma_frac >= 0 for term in found.budget)
    assert all(term.how.startswith("0") for term in found.budget if term.sigma_frac == 0 and term.term != "compression")


def value_of(image: np.ndarray, name: str, **changed: Any) -> float:
    """One term of the budget of a picture, without injecting anything."""
    terms = budget_terms(table(**changed), image, find_hole(image, (100, 90)), 0.01, (100, True))
    return next(term.sigma_frac for term in terms if term.term == name)


def test_budget_follows_what_the_case_says() -> None:
    image = picture(12)
    assert value_of(image, "lens distortion", lens="unknown") == pytest.approx(0.164 / 1.96, rel=1e-3)
    assert value_of(image, "lens distortion", lens="none") == 0.0
    off = {"plane_offset": {"is": "0 mm", "low": "-5 mm", "high": "5 mm"}}
    assert value_of(image, "plane of the scale feature", **off, distance="1 m") == pytest.approx(
        0.005 / 1.645, rel=1e-3
    )
    assert value_of(image, "plane of the scale feature", **off) == 0.10
    assert value_of(image, "size of the scale feature", scale_length="10 mm") == 0.01
    tilt = {"incidence": {"is": "30 deg", "low": "25 deg", "high": "35 deg"}}
    assert value_of(image, "perspective, incidence", **tilt) > 0.1
    assert value_of(image, "perspective, incidence", **tilt, distance="1.2 m", scale_along="tilt axis") < 0.03


def test_blocks_of_eight_pixels_cost() -> None:
    rng = np.random.default_rng(5)
    blocks = np.kron(3 * rng.standard_normal((23, 25)), np.ones((8, 8)))[:180, :200]
    assert value_of(picture(12) + blocks, "compression") > 2 * value_of(picture(12), "compression")


def test_foreshortening_is_taken_off() -> None:
    """A circle of 12 px seen at 40 degrees: short axis 12 cos 40, scale read along the axis of the tilt."""
    cosine = np.cos(np.radians(40))
    image = 150 - 100 * draw_hole((180, 200), (100.3, 90.6), (12.0, 12.0 * cosine), 0.0, 0.8)
    tilt = {"incidence": {"is": "40 deg", "low": "38 deg", "high": "42 deg"}}
    assert sized(image, **tilt, scale_along="tilt axis").diameter_m.median == pytest.approx(1.2e-3, rel=0.02)
    assert sized(image, **tilt).diameter_m.median == pytest.approx(1.2e-3 * cosine**0.5, rel=0.02)


def test_no_scale_no_size() -> None:
    with pytest.raises(EvidenceError, match="no scale"):
        sized(picture(12), scale_px=None)


def test_the_case_is_measured_and_what_cannot_be_is_said(tmp_path: Path) -> None:
    save(picture(12), tmp_path / "one.png")
    save(picture(13, seed=4), tmp_path / "two.png")
    case = a_case(
        tmp_path, table(), table(name="two", file="two.png"), table(name="bare", scale_px=None, simulated=True)
    )
    found = measure(case)
    assert [item.image for item in found.measures] == ["one", "two"]
    assert found.hole_diameter_m is not None
    assert 1.15e-3 < found.hole_diameter_m.median < 1.35e-3
    assert {caveat.code for caveat in found.caveats} == {"imagery.passed-over", "imagery.rendered"}
    assert found.simulated
    assert "rendered" in found.headline
    again = measure(case).hole_diameter_m
    assert again == found.hole_diameter_m


def test_pictures_that_disagree_widen_the_answer(tmp_path: Path) -> None:
    for name, diameter in (("one", 12), ("two", 12), ("far", 20)):
        save(picture(diameter), tmp_path / f"{name}.png")
    agree = measure(a_case(tmp_path, table(), table(name="two", file="two.png"))).hole_diameter_m
    differ = measure(a_case(tmp_path, table(), table(name="far", file="far.png"))).hole_diameter_m
    assert agree is not None
    assert differ is not None
    assert np.log(differ.high / differ.low) > 3 * np.log(agree.high / agree.low)


def test_only_bounds_give_a_bound(tmp_path: Path) -> None:
    save(picture(4, blur=0.6), tmp_path / "one.png")
    found = measure(a_case(tmp_path, table()))
    assert found.hole_diameter_m is not None
    assert found.hole_diameter_m.bound == "upper"
    assert "at most" in found.headline


def test_no_picture_is_no_error(tmp_path: Path) -> None:
    found = measure(a_case(tmp_path))
    assert found.hole_diameter_m is None
    assert found.caveats[0].code == "imagery.no-picture"


def test_reading_refuses_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="no such file"):
        read_image(tmp_path / "gone.png")
    (tmp_path / "text.png").write_text("not a picture")
    with pytest.raises(CaseError, match="something that is not a picture"):
        read_image(tmp_path / "text.png")
    with pytest.raises(CaseError, match="no such file"):
        image_size_px(tmp_path / "gone.png")
    with pytest.raises(CaseError, match="not a picture"):
        image_size_px(tmp_path / "text.png")


def test_check_reports_everything_at_once(tmp_path: Path) -> None:
    save(picture(12), tmp_path / "one.png")
    assert check_image(tmp_path, table()) == []
    assert image_size_px(tmp_path / "one.png") == (200, 180)
    bare = check_image(tmp_path, table(scale_px=None, scale_length=None, hole_px=(900, 3)))
    assert [problem.found for problem in bare] == ["an image without scale", "[900, 3]"]
    assert bare[0].expected == "scale_px and scale_length"
    assert check_image(tmp_path, table(scale_px=None))[0].found == "an image without scale (only scale_length)"
    assert check_image(tmp_path, table(file="gone.png"))[0].found == "no such file"


def test_surface_for_injection_keeps_away_from_the_hole() -> None:
    image = picture(12)
    hole = find_hole(image, (100, 90))
    for x, y in places_without_hole(image, hole, 20, 15, np.random.default_rng(0)):
        assert max(abs(x - 100), abs(y - 90)) >= 32
    assert places_without_hole(image[:30, :30], hole, 20, 15, np.random.default_rng(0)) == []


def test_table_of_the_sheet_softens_with_blur() -> None:
    assert table_p95_frac(5.0, 0.7) < table_p95_frac(5.0, 1.2)


def test_bundled_picture_is_small_and_says_it_is_rendered() -> None:
    assert PICTURE.stat().st_size < 300_000
    image = read_image(PICTURE)
    assert image.shape == (640, 960)
    assert (image[605:635] > 200).sum() > 500  # the white letters of the label on its dark band
    assert np.median(image[605:635]) < 30
