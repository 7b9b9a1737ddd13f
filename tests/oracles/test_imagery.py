"""Does an authority agree with the imagery room: measured accuracies of half-maximum diameters, and the geometry of pixels."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from whipple.imagery.budget import table_p95_frac
from whipple.imagery.injected import draw_hole
from whipple.imagery.outline import equivalent_diameter_px, find_hole

TABLE = Path(__file__).parents[2] / "authorities" / "imagery.csv"
ROWS = list(csv.DictReader(line for line in TABLE.read_text().splitlines() if not line.startswith("#")))


def p95_of_outline(across_px: float, blur: float, noise: float, trials: int = 60) -> float:
    """95th percentile of |error| of the bare half-maximum diameter, made as the sheet made its table."""
    rng = np.random.default_rng(int(100 * across_px + 10 * blur + noise))
    errors = []
    for _ in range(trials):
        ratio = rng.uniform(1.0, 1.5) ** 0.5
        centre = tuple(30 + rng.uniform(-0.5, 0.5, 2))
        cover = draw_hole((61, 61), centre, (across_px * ratio, across_px / ratio), rng.uniform(0, np.pi), blur)
        image = 150 - 100 * cover + noise * rng.standard_normal(cover.shape)
        errors.append(abs(find_hole(image, centre).diameter_px / across_px - 1))
    return float(np.quantile(errors, 0.95))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['across_px']}px-{row['blur_px']}-{row['noise']}")
def test_outline_is_no_worse_than_the_measured_anchor(authority: Callable[..., None], row: dict[str, str]) -> None:
    anchor = float(row["p95_frac"])
    ours = p95_of_outline(*(float(row[key]) for key in ("across_px", "blur_px", "noise")))
    what = (
        f"95th percentile of the diameter's error, {row['across_px']} px, blur {row['blur_px']}, noise {row['noise']}"
    )
    authority(
        "imagery", what, ours, anchor, source=row["source"], unit="",
        why="not larger than the anchor of another half-maximum code; smaller is welcome", atol=anchor,
    )  # fmt: skip
    assert ours <= anchor


def test_the_table_in_the_budget_is_the_printed_one(authority: Callable[..., None]) -> None:
    for row in ROWS:
        if row["noise"] == "3":
            authority(
                "imagery", f"budget table at {row['across_px']} px, blur {row['blur_px']}",
                table_p95_frac(float(row["across_px"]), float(row["blur_px"])),
                float(row["p95_frac"]), source=row["source"], why="a copied number", atol=1e-12,
            )  # fmt: skip


def test_eight_pixels_face_on_are_four_across_at_sixty_degrees(authority: Callable[..., None]) -> None:
    cosine = float(np.cos(np.radians(60)))
    found = find_hole(150 - 100 * draw_hole((121, 121), (60.2, 60.4), (48.0, 48.0 * cosine), 0.5, 0.8), (60, 60))
    authority(
        "imagery", "short over long axis of a circle seen at 60 deg", found.short_px / found.long_px, 0.5,
        source="imagery sheet section 1 (computed): 8 px face-on is 4 px across the short axis at 60 deg",
        why="blur and the smooth outline round a 24 px axis", rtol=0.03,
    )  # fmt: skip


def test_equal_area_of_a_disc(authority: Callable[..., None]) -> None:
    authority(
        "imagery", "diameter of a disc of area pi", equivalent_diameter_px(np.pi), 2.0, source="definition", why="closed form", rtol=1e-12, unit="px",
    )  # fmt: skip
