"""[[hypothesis]]: a cause on the table."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from whipple.casefile.given import quantity
from whipple.casefile.tables.table import Table

__all__ = ["HypothesisTable"]


class HypothesisTable(Table):
    """[[hypothesis]]: `kind` decides which physics speaks for it; a `rate` (per vehicle-year, prior) is needed where none does.

    `shower` is the IAU code for kind "shower".
    """

    name: str
    title: str
    kind: Literal["sporadic", "shower", "debris", "manufacturing", "fatigue", "other"]
    shower: str = ""
    rate_per_s: quantity("1/s", 0.0, zero=False) | None = Field(alias="rate", default=None)  # type: ignore[valid-type]
    source: str
    note: str = ""
