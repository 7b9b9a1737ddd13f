"""The outline of a dark hole: a closed contour at half maximum, found to a fraction of a pixel.

Half maximum lies midway between the level inside the hole and that of the surface around it. Rays from the hole's centre meet that
level; a smooth closed curve through the meeting points (harmonics of 1/r^2 up to the third) is the outline.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from whipple.casefile.estimate import Array
from whipple.errors import EvidenceError

__all__ = ["HoleOutline", "equivalent_diameter_px", "find_hole", "spot_in"]

_RAYS = 72
_HARMONICS = 3
_WINDOWS = (24, 48, 96, 192, 384)
_STEP_px = 0.25
_QUESTION = "How big is the hole in this picture?"


@dataclass(frozen=True)
class HoleOutline:
    """A hole in pixels: `outline_px` (n, 2) as x, y; full axes of the ellipse of equal moments; area; levels and blur of its edge.

    `blur_ratio` is the 1-sigma of a Gaussian blur that explains the edge, in pixels; `noise_ratio` the 1-sigma of the surface around it
    and `inside_ratio`, `around_ratio` the two levels, in grey levels of 255. `level_frac` is the level outlined (0.5: half maximum).
    """

    outline_px: Array
    centre_px: tuple[float, float]
    long_px: float
    short_px: float
    area_px: float
    inside_ratio: float
    around_ratio: float
    blur_ratio: float
    noise_ratio: float
    level_frac: float

    @property
    def diameter_px(self) -> float:
        """Diameter of the circle of equal area."""
        return equivalent_diameter_px(self.area_px)


def equivalent_diameter_px(area_px: float) -> float:
    """The diameter of a circle with this area.

    >>> round(equivalent_diameter_px(78.54), 3)
    10.0
    """
    return float(2 * np.sqrt(area_px / np.pi))


def spot_in(image: Array) -> tuple[float, float]:
    """The darkest enclosed spot of a picture as (x, y): where filling small dark places would change it most.

    >>> picture = np.full((60, 80), 200.0); picture[30:35, 50:55] = 20.0
    >>> spot_in(picture)
    (52.0, 32.0)
    """
    smooth = ndimage.gaussian_filter(image, 1.0)
    depth = ndimage.grey_closing(smooth, size=(41, 41)) - smooth
    y, x = np.unravel_index(int(np.argmax(depth)), depth.shape)
    return float(x), float(y)


def find_hole(image: Array, at_px: tuple[float, float] | None = None, level_frac: float = 0.5) -> HoleOutline:
    """The hole at (or within a few pixels of) `at_px`; the darkest enclosed spot when no point is given.

    `image` (height, width) in grey levels. EvidenceError when no enclosed dark spot is there.

    >>> y, x = np.mgrid[0:64, 0:64]
    >>> picture = ndimage.gaussian_filter(np.where((x - 31.3) ** 2 + (y - 30.8) ** 2 < 36.0, 40.0, 160.0), 1.0)
    >>> found = find_hole(picture, (32, 31))
    >>> round(found.diameter_px, 1), [round(c, 1) for c in found.centre_px]
    (11.8, [31.3, 30.7])
    """
    start = _darkest_near(image, at_px if at_px is not None else spot_in(image))
    for window in _WINDOWS:
        found = _rough(image, start, window)
        if found is not None and found[2] < window / 3:
            return _refined(image, found, level_frac)
    raise EvidenceError(
        _QUESTION, "enclosed dark spot at the point given", "give hole_px as a point inside the hole, x then y"
    )


def _darkest_near(image: Array, at_px: tuple[float, float], reach: int = 4) -> tuple[float, float]:
    """The darkest smoothed pixel within `reach` pixels."""
    x, y = (round(one) if np.isfinite(one) else -1 for one in at_px)
    if not (0 <= x < image.shape[1] and 0 <= y < image.shape[0]):
        raise EvidenceError(
            _QUESTION,
            f"pixel ({x}, {y}) in a picture of {image.shape[1]} x {image.shape[0]}",
            "give a point inside the frame",
        )
    top, left = max(y - reach, 0), max(x - reach, 0)
    patch = ndimage.gaussian_filter(image[max(top - 4, 0) : y + reach + 5, max(left - 4, 0) : x + reach + 5], 1.0)
    core = patch[top - max(top - 4, 0) :, left - max(left - 4, 0) :][: y + reach + 1 - top, : x + reach + 1 - left]
    row, column = np.unravel_index(int(np.argmin(core)), core.shape)
    return float(left + column), float(top + row)


def _rough(image: Array, start: tuple[float, float], window: int) -> tuple[float, float, float, float, float] | None:
    """Centre, radius, level inside and around of the dark spot at `start` seen in a window, None if it is not enclosed there."""
    x0, y0 = round(start[0]), round(start[1])
    top, left = max(y0 - window, 0), max(x0 - window, 0)
    patch = ndimage.gaussian_filter(image[top : y0 + window + 1, left : x0 + window + 1], 0.7)
    seed = (y0 - top, x0 - left)
    rows, columns = np.indices(patch.shape)
    far = np.hypot(rows - seed[0], columns - seed[1]) > 0.6 * window
    if not far.any():
        return None
    inside, around = float(patch[seed]), float(np.median(patch[far]))
    radius, centre = 0.0, (float(seed[1]), float(seed[0]))
    for _ in range(12):
        if around - inside < 5:
            return None
        spots, _count = ndimage.label(patch < 0.5 * (inside + around))
        if spots[seed] == 0:
            return None
        spot = spots == spots[seed]
        if spot[0].any() or spot[-1].any() or spot[:, 0].any() or spot[:, -1].any():
            return None
        before, radius = radius, float(np.sqrt(spot.sum() / np.pi))
        row, column = ndimage.center_of_mass(spot)
        centre = (float(column), float(row))
        inside, around = _levels(patch, centre, radius)
        if abs(radius - before) < 0.05:
            break
    return centre[0] + left, centre[1] + top, radius, inside, around


def _levels(patch: Array, centre: tuple[float, float], radius: float) -> tuple[float, float]:
    """Grey level in the middle of the spot and of the surface close around it."""
    rows, columns = np.indices(patch.shape)
    distance = np.hypot(rows - centre[1], columns - centre[0])
    core = distance <= max(0.4 * radius, 0.8)
    ring = (distance > 1.4 * radius + 2.5) & (distance < 2.0 * radius + 6.0)
    return float(patch[core].mean()), float(np.median(patch[ring])) if ring.any() else float(patch.max())


def _refined(image: Array, rough: tuple[float, float, float, float, float], level_frac: float) -> HoleOutline:
    """The outline at a share of the contrast, from rays; twice, so that the rays start from the outline's own centre."""
    x, y, radius, inside, around = rough
    angle = np.linspace(0.0, 2 * np.pi, _RAYS, endpoint=False)
    level = inside + level_frac * (around - inside)
    reach = 2.2 * radius + 5.0
    left, top = max(int(x - reach) - 3, 0), max(int(y - reach) - 3, 0)
    patch = image[top : int(y + reach) + 4, left : int(x + reach) + 4]
    coefficients = ndimage.spline_filter(ndimage.gaussian_filter(patch, 0.35), order=3, mode="mirror")
    for _ in range(3):
        crossing = _smooth(angle, _crossings(coefficients, (x - left, y - top), angle, level, radius))
        outline = np.stack([x + crossing * np.cos(angle), y + crossing * np.sin(angle)], axis=1)
        area, (x, y), axes = _moments(outline)
        radius = float(np.sqrt(area / np.pi))
    blur, noise = _edge_and_noise(patch, outline - [left, top], (x - left, y - top), (inside, around))
    return HoleOutline(outline, (x, y), axes[0], axes[1], area, inside, around, blur, noise, level_frac)


def _crossings(coefficients: Array, centre: tuple[float, float], angle: Array, level: float, radius: float) -> Array:
    """Where each ray first climbs through the level, searched outward from well inside the hole (px)."""
    step = np.arange(0.0, 2.2 * radius + 4.0, _STEP_px)
    x = centre[0] + step[None, :] * np.cos(angle)[:, None]
    y = centre[1] + step[None, :] * np.sin(angle)[:, None]
    value = ndimage.map_coordinates(coefficients, [y, x], order=3, prefilter=False, mode="mirror")
    above = (value >= level) & (step > 0.3 * radius)
    first = np.where(above.any(axis=1), above.argmax(axis=1), step.size - 1)
    first = np.maximum(first, 1)
    ray = np.arange(angle.size)
    lower, upper = value[ray, first - 1], value[ray, first]
    share = np.clip((level - lower) / np.where(upper > lower, upper - lower, 1.0), 0.0, 1.0)
    return (first - 1 + share) * _STEP_px


def _smooth(angle: Array, crossing: Array) -> Array:
    """The closed curve of few harmonics through the crossings, outliers down-weighted.

    The harmonics are those of 1/r^2, in which an ellipse of any axis ratio has only the second; weights turn its errors into those of r.
    """
    waves = np.concatenate(
        [[np.ones_like(angle)], *[[np.cos(k * angle), np.sin(k * angle)] for k in range(1, _HARMONICS + 1)]]
    ).T
    distance = np.maximum(crossing, 0.3)
    weight, fitted = np.ones_like(angle), distance
    for _ in range(4):
        scale = weight * fitted**3
        inverse = waves @ np.linalg.lstsq(waves * scale[:, None], distance**-2 * scale, rcond=None)[0]
        fitted = np.maximum(inverse, (1.5 * distance.max()) ** -2) ** -0.5
        miss = np.abs(distance - fitted)
        bound = 1.5 * 1.4826 * float(np.median(miss)) + 0.02
        weight = np.sqrt(np.minimum(1.0, bound / np.maximum(miss, 1e-12)))
    return fitted


def _moments(outline: Array) -> tuple[float, tuple[float, float], tuple[float, float]]:
    """Area, centroid and full axes (long, short) of the ellipse of equal second moments, of a closed polygon."""
    x, y = outline[:, 0], outline[:, 1]
    x1, y1 = np.roll(x, -1), np.roll(y, -1)
    cross = x * y1 - x1 * y
    area = float(cross.sum() / 2)
    cx, cy = float(((x + x1) * cross).sum() / (6 * area)), float(((y + y1) * cross).sum() / (6 * area))
    x, y, x1, y1 = x - cx, y - cy, x1 - cx, y1 - cy
    cross = x * y1 - x1 * y
    xx = float(((x * x + x * x1 + x1 * x1) * cross).sum() / 12) / area
    yy = float(((y * y + y * y1 + y1 * y1) * cross).sum() / 12) / area
    xy = float(((x * y1 + 2 * x * y + 2 * x1 * y1 + x1 * y) * cross).sum() / 24) / area
    short, long = np.sqrt(np.maximum(np.linalg.eigvalsh([[xx, xy], [xy, yy]]), 1e-12))
    return area, (cx, cy), (float(4 * long), float(4 * short))


def _edge_and_noise(
    patch: Array, outline: Array, centre: tuple[float, float], levels: tuple[float, float]
) -> tuple[float, float]:
    """Blur of the edge (px) from its 25-75 % width, and 1-sigma of the surface around the hole (grey levels)."""
    rows, columns = np.indices(patch.shape)
    angle = np.arctan2(rows - centre[1], columns - centre[0])
    own = np.arctan2(outline[:, 1] - centre[1], outline[:, 0] - centre[0])
    order = np.argsort(own)
    edge = np.interp(angle, own[order], np.hypot(*(outline - centre).T)[order], period=2 * np.pi)
    signed = np.hypot(rows - centre[1], columns - centre[0]) - edge
    share = (patch - levels[0]) / (levels[1] - levels[0])
    near = (np.abs(signed) < 3.0) & (share > 0.05) & (share < 0.95)
    slope = np.polyfit(signed[near], share[near], 1)[0] if near.sum() > 8 else 0.4
    blur = 1.0 / (np.sqrt(2 * np.pi) * max(float(slope), 0.05)) * 0.85
    ring = (signed > 3.0) & (signed < 9.0)
    rough = patch - ndimage.gaussian_filter(patch, 1.5)
    noise = float(1.4826 * np.median(np.abs(rough[ring] - np.median(rough[ring])))) if ring.sum() > 8 else 3.0
    return float(np.clip(blur, 0.4, 4.0)), max(noise, 0.3)
