"""What an interrupted run already found: each room's answer under a key made of its inputs, so that a second run resumes."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, get_type_hints

import numpy as np

from whipple.casefile.case import Case
from whipple.casefile.codec import decode, encode
from whipple.casefile.read_notebook import read_page
from whipple.casefile.write_findings import write_atomically

__all__ = ["Notebook", "code_fingerprint"]

_LIBRARIES = ("numpy", "scipy", "sgp4", "pyerfa", "trimesh")


def code_fingerprint(package: Path) -> str:
    """A hash over the package's code and tables and the versions of the libraries that decide numbers."""
    total = hashlib.sha256(" ".join(f"{name} {version(name)}" for name in _LIBRARIES).encode())
    for path in sorted([*package.rglob("*.py"), *package.glob("*.toml")]):
        total.update(path.relative_to(package).as_posix().encode() + path.read_bytes())
    return total.hexdigest()


@dataclass
class Notebook:
    """Answers kept in `folder` by room; `telling(room, state, answer)` is called when a room starts, is remembered, or is done.

    With `again` naming a room, its page is not trusted. `only` limits the rooms asked; the others stay None.
    """

    case: Case
    folder: Path
    fingerprint: str
    telling: Callable[[str, str, Any], None]
    only: frozenset[str] | None = None
    again: frozenset[str] = frozenset()
    answers: dict[str, Any] = field(default_factory=dict)

    def ask(self, room: str, question: Callable[..., Any], *arguments: Any) -> Any:
        """The room's answer, from the notebook if these very inputs were answered before."""
        if self.only is not None and room not in self.only:
            return None
        self.telling(room, "asked", None)
        page = self.folder / f"{room}-{self._key(room)}.npz"
        answer = None if room in self.again else self._recall(page, question)
        state = "remembered"
        if answer is None:
            answer = question(*arguments)
            self._keep(page, room, answer)
            state = "answered"
        self.answers[room] = answer
        self.telling(room, state, answer)
        return answer

    def _key(self, room: str) -> str:
        chosen = "all" if self.only is None else ",".join(sorted(self.only))
        parts = (self.case.digest, str(self.case.seed), self.fingerprint, room, chosen)
        return hashlib.sha256("|".join(parts).encode()).hexdigest()[:24]

    def _recall(self, page: Path, question: Callable[..., Any]) -> Any:
        kept = read_page(page)
        return None if kept is None else decode(get_type_hints(question)["return"], *kept)

    def _keep(self, page: Path, room: str, answer: Any) -> None:
        arrays: dict[str, Any] = {}
        text = json.dumps(encode(answer, arrays), sort_keys=True)
        buffer = io.BytesIO()
        np.savez(
            buffer,
            text=np.array(text),
            **{f"a{i}": value for i, value in enumerate(arrays.values())},
            paths=np.array(list(arrays), dtype=str),
        )
        for old in self.folder.glob(f"{room}-*.npz"):
            old.unlink()
        write_atomically(page, buffer.getvalue())
