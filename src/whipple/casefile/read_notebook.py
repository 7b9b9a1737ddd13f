"""Reading a page of the notebook."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from whipple.casefile.estimate import Array

__all__ = ["read_page"]


def read_page(page: Path) -> tuple[Any, dict[str, Array]] | None:
    """The encoded answer and its arrays, None when the page is absent or damaged (it is then answered again)."""
    try:
        with page.open("rb") as file, np.load(file, allow_pickle=False) as store:
            arrays = {str(path): store[f"a{i}"] for i, path in enumerate(store["paths"])}
            return json.loads(str(store["text"])), arrays
    except (FileNotFoundError, BadZipFile, KeyError, ValueError, OSError, EOFError):
        return None
