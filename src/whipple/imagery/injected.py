"""How wrong is the outline? Holes of known size, injected into hole-free places of the same picture, measured the same way.

A linear fit of ln(true diameter) on what was measured (diameter, blur, contrast, axis ratio) over the injected holes takes the bias off and
leaves the scatter: what could be the true diameter of *this* measured hole, on *this* surface, with *this* blur.
"""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from whipple.casefile.estimate import Array
from whipple.errors import EvidenceError
from whipple.imagery.outline import HoleOutline, find_hole

__all__ = ["could_be_px", "draw_hole", "places_without_hole"]

_FINE = 5
#: True sizes tried, as a share of the measured one; blur tried as a share of the measured one (a rough over-estimate).
_SIZES = (0.72, 1.22)
_BLURS = (0.45, 1.1)
_CONTRASTS = (0.95, 1.35)
_FEWEST = 30
_PLACES = 5
#: Grain of the made-up surface that stands in where the picture has no free place.
_GRAIN_px = 3.0


def draw_hole(
    shape: tuple[int, int], centre: tuple[float, float], axes: tuple[float, float], turn_rad: float, blur: float
) -> Array:
    """Share of each pixel that an elliptical hole covers after blur: (height, width), 1 inside.

    `centre` is x, y; `axes` the full long and short axis in pixels; `blur` the 1-sigma of the Gaussian blur in pixels.

    >>> float(draw_hole((40, 40), (20, 20), (10.0, 8.0), 0.3, 1.0).sum().round(0))
    63.0
    """
    fine = (np.arange(max(shape) * _FINE) + 0.5) / _FINE - 0.5
    x, y = fine[None, : shape[1] * _FINE] - centre[0], fine[: shape[0] * _FINE, None] - centre[1]
    along, across = x * np.cos(turn_rad) + y * np.sin(turn_rad), y * np.cos(turn_rad) - x * np.sin(turn_rad)
    inside = (2 * along / axes[0]) ** 2 + (2 * across / axes[1]) ** 2 < 1.0
    share = inside.reshape(shape[0], _FINE, shape[1], _FINE).mean(axis=(1, 3))
    return ndimage.gaussian_filter(share, blur, mode="constant")


def places_without_hole(
    image: Array, hole: HoleOutline, half: int, count: int, rng: np.random.Generator
) -> list[tuple[int, int]]:
    """Centres (x, y) of square patches like the surface around the hole: its level within a quarter of the contrast, as smooth as it."""
    height, width = image.shape
    contrast = hole.around_ratio - hole.inside_ratio
    found: list[tuple[int, int]] = []
    if min(height, width) <= 2 * half + 2:
        return found
    for _ in range(12 * count):
        x, y = int(rng.integers(half, width - half)), int(rng.integers(half, height - half))
        if max(abs(x - hole.centre_px[0]), abs(y - hole.centre_px[1])) < half + 0.8 * hole.long_px + 3:
            continue
        patch = ndimage.uniform_filter(image[y - half : y + half + 1, x - half : x + half + 1], 3)
        if abs(np.median(patch) - hole.around_ratio) < 0.25 * contrast and np.ptp(patch) < 0.4 * contrast:
            found.append((x, y))
        if len(found) == count:
            break
    return found


def could_be_px(
    image: Array, hole: HoleOutline, rng: np.random.Generator, count: int = 120, draws: int = 2000
) -> tuple[Array, int, bool]:
    """Draws of the true equal-area diameter (px) behind a measured one, how many injected holes say so, and whether on real surface.

    Where the picture has too little free surface, a made-up one with the measured noise and unevenness stands in. EvidenceError when
    too few injected holes can be measured at all.
    """
    half = int(1.15 * hole.long_px + 13)
    places = places_without_hole(image, hole, half, 40, rng)
    rows = []
    for _ in range(count):
        patch = _surface(image, hole, half, places, rng)
        row = _one(patch, hole, half, rng)
        if row is not None:
            rows.append(row)
    if len(rows) < _FEWEST:
        raise EvidenceError(
            "How good is this outline?", "injected hole like it that can be measured", "take the picture from closer by"
        )
    return _regressed(np.array(rows), hole, rng, draws), len(rows), len(places) >= _PLACES


def _surface(
    image: Array, hole: HoleOutline, half: int, places: list[tuple[int, int]], rng: np.random.Generator
) -> Array:
    if len(places) >= _PLACES:
        x, y = places[int(rng.integers(len(places)))]
        return image[y - half : y + half + 1, x - half : x + half + 1]
    shape = (2 * half + 1, 2 * half + 1)
    grain = ndimage.gaussian_filter(rng.standard_normal(shape), _GRAIN_px)
    uneven = _unevenness(image, hole) * grain / grain.std()
    return hole.around_ratio + uneven + 1.15 * hole.noise_ratio * rng.standard_normal(shape)


def _unevenness(image: Array, hole: HoleOutline) -> float:
    """1-sigma of the slow changes of the surface in a ring around the hole (grey levels)."""
    rows, columns = np.indices(image.shape)
    away = np.hypot(rows - hole.centre_px[1], columns - hole.centre_px[0]) - 0.5 * hole.long_px
    ring = (away > 4.0) & (away < 6.0 + 0.7 * hole.long_px)
    return float(ndimage.gaussian_filter(image, 1.5)[ring].std()) if ring.any() else 0.0


def _one(patch: Array, hole: HoleOutline, half: int, rng: np.random.Generator) -> list[float] | None:
    """ln true diameter, then what is measured of it: ln diameter, blur, ln contrast, axis ratio."""
    true = hole.diameter_px * rng.uniform(*_SIZES)
    ratio = np.sqrt(max(hole.long_px / hole.short_px * rng.uniform(0.9, 1.1), 1.0))
    centre = (half + rng.uniform(-0.5, 0.5), half + rng.uniform(-0.5, 0.5))
    cover = draw_hole(
        patch.shape, centre, (true * ratio, true / ratio), rng.uniform(0, np.pi), hole.blur_ratio * rng.uniform(*_BLURS)
    )
    contrast = (hole.around_ratio - hole.inside_ratio) * rng.uniform(*_CONTRASTS)
    try:
        found = find_hole(patch - contrast * cover, centre)
    except EvidenceError:
        return None
    return [np.log(true), *_measured(found)]


def _measured(hole: HoleOutline) -> tuple[float, float, float, float]:
    contrast = hole.around_ratio - hole.inside_ratio
    return float(np.log(hole.diameter_px)), hole.blur_ratio, float(np.log(contrast)), hole.long_px / hole.short_px


def _regressed(rows: Array, hole: HoleOutline, rng: np.random.Generator, draws: int) -> Array:
    """Draws of the true diameter: the fit at what was measured, plus its residuals, nearer injections counting more."""
    here = np.array(_measured(hole))
    offset = rows[:, 1:] - here
    spread = np.maximum(offset.std(axis=0), 1e-6)
    weight = np.exp(-0.5 * (np.abs(offset[:, :3] / spread[:3]) ** 2).mean(axis=1))
    design = np.column_stack([np.ones(len(rows)), offset / spread])
    normal = np.linalg.inv((design * weight[:, None]).T @ design)
    fitted = normal @ ((design * weight[:, None]).T @ rows[:, 0])
    residual = rows[:, 0] - design @ fitted
    # what a weighted fit to few injections does not know: the degrees of freedom it used, and where its line lies at `here`
    effective = weight.sum() ** 2 / (weight**2).sum()
    line = normal[0] @ ((design * weight[:, None] ** 2).T @ design) @ normal[0]
    wider = np.sqrt((1 + line) * effective / max(effective - design.shape[1], 1.0))
    picked = rng.choice(residual, draws, p=weight / weight.sum()) - np.average(residual, weights=weight)
    smear = 0.15 * float(np.std(residual)) * rng.standard_normal(draws)
    return np.exp(fitted[0] + wider * picked + smear)
