"""[[claim]]: what people said, kept apart from what was measured."""

from __future__ import annotations

from typing import Any, Literal

from whipple.casefile.given import Given
from whipple.casefile.tables.table import Moment, Table

__all__ = ["ClaimTable"]


class ClaimTable(Table):
    """[[claim]]: `says` about `about`, a slot named with its unit suffix ("hole.diameter_m"); a slot without a suffix takes text.

    `use`: "evidence" enters the inference, "check" is held out and compared at the end, "ignore" is kept for the record.
    `bound`: "lower" ("more than three hours"), "upper", or "two-sided". `said_on` decides what `--as-of` sees; `at` is when it held.
    `independent = false` marks a held-out claim that shares its origin with our inputs, or was in view when they were chosen.
    """

    id: str
    about: str
    says: Any
    value: Given | None = None
    bound: Literal["two-sided", "upper", "lower"] = "two-sided"
    said_by: str
    said_on: Moment
    at: Moment | None = None
    use: Literal["evidence", "check", "ignore"]
    independent: bool = True
    source: str
    note: str = ""
