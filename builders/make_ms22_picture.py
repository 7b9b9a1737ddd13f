"""Render the picture of the MS-22 hole that the bundled case carries: no close-up was released with a scale, so this one is made up.

    .venv/bin/python builders/make_ms22_picture.py

A pinhole camera 1.2 m away looks at a radiator panel tilted by 20 degrees: tubes under a sheet, rivets, scratches, paint texture, one hole
with a lip and a stain, a bar of known length; then blur, noise and JPEG blocks. The true diameter stands only here. The picture says on its face
that it is rendered. Writes images/hole_rendered.png and images/IMAGES.toml.txt (the [[image]] table) into the case folder.
"""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from scipy import ndimage

FOLDER = Path(__file__).parents[1] / "src" / "whipple" / "cases" / "soyuz-ms22" / "images"
SEED = 20230213
WIDTH, HEIGHT, FINE = 960, 640, 3
TRUE_DIAMETER_mm = 0.80  # what officials said on 19 December 2022; the tool is given the picture only
DISTANCE_mm, TILT_deg, PIXEL_mm = 1200.0, 20.0, 0.066
HOLE_mm = np.array([3.2, -2.1])
BAR_mm = (9.0, -7.1, 2.9)  # x of the bar, and its two ends in y: 10.0 mm long, along the axis of the tilt
LABEL = "RENDERED, NOT A PHOTOGRAPH"


def panel_coordinates() -> tuple[np.ndarray, np.ndarray]:
    """Where on the tilted panel (mm) each fine pixel looks."""
    u = (np.arange(WIDTH * FINE) + 0.5) / FINE - WIDTH / 2
    v = (np.arange(HEIGHT * FINE) + 0.5) / FINE - HEIGHT / 2
    ray_x, ray_y = np.meshgrid(u * PIXEL_mm / DISTANCE_mm, v * PIXEL_mm / DISTANCE_mm)
    slope = np.tan(np.radians(TILT_deg))
    depth = DISTANCE_mm / (1 - slope * ray_x)
    return ray_x * depth / np.cos(np.radians(TILT_deg)), ray_y * depth


def pixel_of(x_mm: float, y_mm: float) -> tuple[float, float]:
    """The pixel that sees a point of the panel."""
    tilt = np.radians(TILT_deg)
    depth = DISTANCE_mm + x_mm * np.sin(tilt)
    focal = DISTANCE_mm / PIXEL_mm
    return float(WIDTH / 2 + focal * x_mm * np.cos(tilt) / depth - 0.5), float(HEIGHT / 2 + focal * y_mm / depth - 0.5)


def texture(shape: tuple[int, int], grain: float, rng: np.random.Generator) -> np.ndarray:
    """Smooth noise of unit scatter with this grain (fine pixels)."""
    coarse = rng.standard_normal((int(shape[0] / grain) + 4, int(shape[1] / grain) + 4))
    field = ndimage.zoom(coarse, grain, order=3)[: shape[0], : shape[1]]
    return field / field.std()


def surface(x: np.ndarray, y: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Grey levels of the undamaged panel: paint, tubes 18 mm apart, rivets, scratches."""
    grey = 158 + 5 * texture(x.shape, 90, rng) + 2.5 * texture(x.shape, 18, rng) + 1.5 * texture(x.shape, 6, rng)
    across = (y + 2.6 + 9) % 18 - 9
    ridge = np.clip(1 - (across / 3.4) ** 2, 0, 1)
    grey += 16 * np.sqrt(ridge) - 14 * (np.sign(across) * np.exp(-((np.abs(across) - 3.3) ** 2) / 0.35))
    grey -= 20 * np.exp(-((x + 17) ** 2) / 0.02)  # a seam
    for rivet_x in (-25.0, -21.0, 21.5, 26.0):
        for rivet_y in (-15.0, 9.5):
            r = np.hypot(x - rivet_x, y - rivet_y)
            grey += np.where(r < 1.1, 10 - 22 * (y - rivet_y), 0) - 38 * np.exp(-((r - 1.15) ** 2) / 0.012)
    for _ in range(14):
        at, turn, length = rng.uniform([-28, -18], [28, 18]), rng.uniform(0, np.pi), rng.uniform(1, 6)
        along, off = (
            (x - at[0]) * np.cos(turn) + (y - at[1]) * np.sin(turn),
            (y - at[1]) * np.cos(turn) - (x - at[0]) * np.sin(turn),
        )
        grey += rng.choice([-14, 16]) * np.exp(-(off**2) / 0.004) * (np.abs(along) < length / 2)
    return grey


def damaged(grey: np.ndarray, x: np.ndarray, y: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The panel with stain, lip and hole."""
    dx, dy = x - HOLE_mm[0], y - HOLE_mm[1]
    r, turn = np.hypot(dx, dy), np.arctan2(dy, dx)
    run = np.hypot(dx / 1.0, (dy - 0.9) / 1.7)
    grey = (
        grey - 17 * np.exp(-((run / 2.1) ** 2)) * (1 + 0.25 * texture(x.shape, 40, rng)) - 8 * np.exp(-((r / 5.5) ** 2))
    )
    edge = TRUE_DIAMETER_mm / 2 * (1 + 0.025 * np.cos(2 * turn + 0.7) + 0.015 * np.cos(3 * turn - 1.0))
    lip = np.exp(-(((r - edge - 0.06) / 0.05) ** 2))
    grey = grey + lip * (14 - 16 * np.cos(turn - 2.4))
    return np.where(r < edge, 26 + 8 * (dx + dy), grey)


def bar(grey: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """A scale bar printed on the panel, ends marked."""
    at, low, high = BAR_mm
    stroke = (np.abs(x - at) < 0.09) & (y > low) & (y < high)
    ends = (np.abs(x - at) < 0.9) & ((np.abs(y - low) < 0.08) | (np.abs(y - high) < 0.08))
    return np.where(stroke | ends, 40.0, grey)


def lettered(picture: Image.Image) -> Image.Image:
    """The label, and the length of the bar."""
    pen = ImageDraw.Draw(picture)
    pen.rectangle([0, HEIGHT - 40, WIDTH, HEIGHT], fill=12)
    pen.text((16, HEIGHT - 33), LABEL, fill=245, font=ImageFont.load_default(24))
    x, y = pixel_of(BAR_mm[0] + 0.7, (BAR_mm[1] + BAR_mm[2]) / 2)
    pen.text((x, y - 10), "10 mm", fill=30, font=ImageFont.load_default(20))
    return picture


def render() -> Image.Image:
    """The finished picture."""
    rng = np.random.default_rng(SEED)
    x, y = panel_coordinates()
    fine = bar(damaged(surface(x, y, rng), x, y, rng), x, y)
    grey = fine.reshape(HEIGHT, FINE, WIDTH, FINE).mean(axis=(1, 3))
    grey = ndimage.gaussian_filter(grey, 0.9) + 2.2 * rng.standard_normal((HEIGHT, WIDTH))
    picture = lettered(Image.fromarray(np.clip(np.round(grey), 0, 255).astype(np.uint8)))
    blocks = io.BytesIO()
    picture.save(blocks, "JPEG", quality=88)
    return Image.open(blocks)


def table() -> str:
    """The [[image]] table: what a person would read off the picture, rounded to a pixel; never the diameter."""
    hole = pixel_of(*HOLE_mm)
    low, high = pixel_of(BAR_mm[0], BAR_mm[1]), pixel_of(BAR_mm[0], BAR_mm[2])
    return f"""[[image]]
name = "hole, rendered"
file = "images/hole_rendered.png"
part = "soyuz.radiator"
hole_px = [{hole[0]:.0f}, {hole[1]:.0f}]
scale_px = {np.hypot(high[0] - low[0], high[1] - low[1]):.0f}
scale_length = {{ is = "10 mm", low = "9.9 mm", high = "10.1 mm" }}
scale_along = "tilt axis"
incidence = {{ is = "{TILT_deg:.0f} deg", low = "{TILT_deg - 5:.0f} deg", high = "{TILT_deg + 5:.0f} deg" }}
plane_offset = {{ is = "0 mm", low = "-3 mm", high = "3 mm" }}   # the bar lies on the sheet, the hole on the ridge of a tube
distance = {{ is = "1.2 m", low = "1.0 m", high = "1.4 m" }}
lens = "none"
simulated = true
known = 2023-02-13
source = "whipple-simulated"
note = "RENDERED by builders/make_ms22_picture.py, not a photograph: the close-ups of 2022-2023 were released without scale, lens or range"
"""


def main() -> None:
    """Write the picture and its table."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    render().save(FOLDER / "hole_rendered.png", optimize=True)
    (FOLDER / "IMAGES.toml.txt").write_text(table())
    print(f"{(FOLDER / 'hole_rendered.png').stat().st_size / 1e3:.0f} kB\n{table()}")


if __name__ == "__main__":
    main()
