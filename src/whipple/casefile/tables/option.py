"""[[option]]: what could be done."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from whipple.casefile.given import Given, quantity
from whipple.casefile.tables.table import Moment, Table

__all__ = ["OptionTable"]


class OptionTable(Table):
    """[[option]]: one course of action; times are measured from the case epoch.

    `ship`: "damaged", "other" or "replacement". `returns`: "crewed" or "uncrewed". `ready`: when it can be carried out. `interim`: when an
    interim lifeboat (a seat in another ship) is available for `interim_seats` people. `scenario`: the thermal scenario it would fly.
    `allows`: the looks at the damage that it still leaves time for, by their short names in decision/look_next.py.
    """

    name: str
    title: str
    ship: Literal["damaged", "other", "replacement"]
    returns: Literal["crewed", "uncrewed"]
    scenario: str = ""
    crew_aboard: int = Field(default=0, ge=0)
    ready_s: quantity("s", 0.0) = Field(alias="ready")  # type: ignore[valid-type]
    interim_s: quantity("s", 0.0) = Field(alias="interim", default=Given(0.0, 0.0, 0.0, "s"))  # type: ignore[valid-type]
    interim_seats: int = Field(default=0, ge=0)
    allows: tuple[Literal["preflight pictures", "second view", "full-rate record", "ground shots", "swab"], ...] = ()
    other_harm_prob: quantity("", 0.0, 1.0) = Field(alias="other_harm")  # type: ignore[valid-type]
    waits_for: str
    destroys: str
    known: Moment
    source: str
