"""The list of stages on stderr: what is being asked, what was found, how long it took."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any, Self

__all__ = ["Progress"]


class Progress:
    """Tells each room's state, numbered when the `order` of the rooms is known; a moving line with a running clock only on a terminal."""

    def __init__(self, order: Sequence[str] = ()) -> None:
        from rich.console import Console
        from rich.progress import Progress as Bar
        from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

        self.console = Console(stderr=True, highlight=False)
        self.order = order
        self.asked = time.monotonic()
        columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
        self.bar = Bar(*columns, console=self.console, transient=True, disable=not self.console.is_terminal)
        self.task = self.bar.add_task("reading the case", total=None)

    def __enter__(self) -> Self:
        self.bar.__enter__()
        return self

    def __exit__(self, *what: Any) -> None:
        self.bar.__exit__(*what)

    def note(self, text: str) -> None:
        """Say what is going on now."""
        self.bar.update(self.task, description=text)

    def tell(self, room: str, state: str, answer: Any) -> None:
        """A room was asked, answered, or its answer remembered from an earlier run."""
        place = f"{self.order.index(room) + 1:2d}/{len(self.order)} " if self.order else ""
        if state == "asked":
            self.asked = time.monotonic()
            self.note(f"{place}{room} …")
            return
        took = "remembered" if state == "remembered" else f"{time.monotonic() - self.asked:.1f} s"
        self.bar.console.print(f"{place}{room} ({took}): {answer.headline}", markup=False)
