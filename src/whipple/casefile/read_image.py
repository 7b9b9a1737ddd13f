"""Pictures in: any common image file becomes a grey-level array; and what is wrong with an [[image]] before anything is measured."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from whipple.casefile.estimate import Array
from whipple.casefile.tables.image import ImageTable
from whipple.errors import CaseError, Problem

__all__ = ["check_image", "image_size_px", "read_image"]


def read_image(path: Path) -> Array:
    """Grey levels 0 to 255 as floats, (height, width), row 0 on top. CaseError when the file is missing or not an image."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(path) as picture:
            return np.asarray(picture.convert("L"), dtype=float)
    except FileNotFoundError:
        raise CaseError([_missing(path)]) from None
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise CaseError([_unreadable(path, error)]) from None


def image_size_px(path: Path) -> tuple[int, int]:
    """Width and height from the file's header. CaseError when the file is missing or not an image."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(path) as picture:
            return picture.size
    except FileNotFoundError:
        raise CaseError([_missing(path)]) from None
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise CaseError([_unreadable(path, error)]) from None


def check_image(folder: Path, table: ImageTable) -> list[Problem]:
    """Everything wrong with one [[image]]: the file, its scale, and whether the hole lies in the frame."""
    key = f"image {table.name!r}"
    problems = _check_scale(key, table)
    try:
        width, height = image_size_px(folder / table.file)
    except CaseError as error:
        return problems + [replace(one, path=table.file) for one in error.problems]
    if table.hole_px is not None:
        x, y = table.hole_px
        if not (0 <= x < width and 0 <= y < height):
            remedy = "hole_px is [x, y] in pixels from the top left corner"
            problems.append(
                Problem(
                    "case.toml",
                    f"{key}.hole_px",
                    f"[{x:g}, {y:g}]",
                    f"a point inside {width} x {height} pixels",
                    remedy,
                )
            )
    return problems


def _check_scale(key: str, table: ImageTable) -> list[Problem]:
    if table.scale_px is None or table.scale_length_m is None:
        given = [
            name
            for name, value in (("scale_px", table.scale_px), ("scale_length", table.scale_length_m))
            if value is not None
        ]
        found = f"an image without scale (only {given[0]})" if given else "an image without scale"
        remedy = "name a feature of known size in the plane of the hole and the pixels it spans"
        return [Problem("case.toml", key, found, "scale_px and scale_length", remedy)]
    return []


def _missing(path: Path) -> Problem:
    return Problem(
        str(path), "", "no such file", "an image file", "put the picture into the case folder, or correct 'file'"
    )


def _unreadable(path: Path, error: Exception) -> Problem:
    reason = str(error).split("\n", maxsplit=1)[0]
    return Problem(
        str(path),
        "",
        f"something that is not a picture ({reason})",
        "a PNG, JPEG or TIFF image",
        "export the picture again",
    )
