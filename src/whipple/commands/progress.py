"""The list of stages on stderr: what is being asked, what was found, how long it took."""

from __future__ import annotations

import time
from typing import Any, Self

__all__ = ["Progress"]


class Progress:
    """Tells each room's state; a moving line only on a terminal, plain lines elsewhere."""

    def __init__(self, rooms: frozenset[str] | None) -> None:
        from rich.console import Console

        from whipple.investigation import ROOMS

        self.console = Console(stderr=True, highlight=False)
        self.order = [room for room in ROOMS if rooms is None or room in rooms]
        self.started = self.asked = time.monotonic()
        self.status: Any = None

    def __enter__(self) -> Self:
        if self.console.is_terminal:
            self.status = self.console.status("reading the case")
            self.status.__enter__()
        return self

    def __exit__(self, *what: object) -> None:
        if self.status is not None:
            self.status.__exit__(*what)

    def note(self, text: str) -> None:
        """Say what is going on now."""
        if self.status is not None:
            self.status.update(text)

    def tell(self, room: str, state: str, answer: Any) -> None:
        """A room was asked, answered, or its answer remembered from an earlier run."""
        now = time.monotonic()
        place = f"{self.order.index(room) + 1:2d}/{len(self.order)}" if room in self.order else "     "
        if state == "asked":
            self.asked = now
            self.note(f"{place} {room} … ({now - self.started:.0f} s so far)")
            return
        took = "remembered" if state == "remembered" else f"{now - self.asked:.1f} s"
        self.console.print(f"{place} {room} ({took}): {answer.headline}", markup=False)
