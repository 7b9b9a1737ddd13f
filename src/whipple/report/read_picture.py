"""A piece of a picture, for the page."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

__all__ = ["read_crop"]


def read_crop(path: Path, x_px: float, y_px: float, half_px: float) -> tuple[npt.NDArray[np.uint8], int, int] | None:
    """The grey levels within `half_px` of a point, with the left and top pixel of the piece; None when there is no such file."""
    if not path.is_file():
        return None
    with Image.open(path) as picture:
        left, top = max(int(x_px - half_px), 0), max(int(y_px - half_px), 0)
        right, bottom = min(int(x_px + half_px) + 1, picture.width), min(int(y_px + half_px) + 1, picture.height)
        return np.asarray(picture.convert("L").crop((left, top, right, bottom))), left, top
