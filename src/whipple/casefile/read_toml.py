"""Reading TOML: one clear problem instead of a parser's exception."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from whipple.casefile.sources import LIBRARY
from whipple.errors import CaseError, Problem

__all__ = ["load_sources", "read_toml"]


def read_toml(path: Path, shown: str = "") -> dict[str, Any]:
    """The tables of a TOML file; CaseError with file and line when it is absent or not TOML."""
    name = shown or path.name
    try:
        text = path.read_text(encoding="utf-8-sig")
        return tomllib.loads(text)
    except FileNotFoundError:
        raise CaseError(
            [Problem(name, "", "no such file", "a TOML file", f"create {name}, or correct the name")]
        ) from None
    except UnicodeDecodeError as error:
        raise CaseError(
            [Problem(name, f"byte {error.start}", "text that is not UTF-8", "UTF-8", "save the file as UTF-8")]
        ) from None
    except tomllib.TOMLDecodeError as error:
        curly = any(mark in text for mark in "“”„‘’")
        remedy = 'write straight quotes, " not “”, in the line it names' if curly else "mend the line it names"
        raise CaseError([Problem(name, "", f"not TOML: {error}", "valid TOML", remedy)]) from None


@cache
def _library_sources() -> dict[str, dict[str, str]]:
    return {key: {k: str(v) for k, v in row.items()} for key, row in read_toml(LIBRARY).items()}


def load_sources(folder: Path | None = None) -> dict[str, dict[str, str]]:
    """The library's bibliography, joined with the case folder's own sources.toml (which wins)."""
    joined = dict(_library_sources())
    if folder is not None and (folder / "sources.toml").exists():
        joined |= {key: {k: str(v) for k, v in row.items()} for key, row in read_toml(folder / "sources.toml").items()}
    return joined
