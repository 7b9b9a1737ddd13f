"""What every table of case.toml shares: strict keys, frozen values."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict

from whipple.casefile.mistake import wrong

__all__ = ["Moment", "Table"]


class Table(BaseModel):
    """A table of case.toml: an unknown key is an error; nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, arbitrary_types_allowed=True)


def _moment(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    try:
        moment = datetime.fromisoformat(str(value).replace("Z", "+00:00"))
    except ValueError:
        expected, remedy = "an ISO 8601 date or time in UTC", "write 2022-12-15T00:45:00Z"
        raise wrong(repr(value), expected, remedy) from None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


#: A date or time; without a zone it is UTC.
Moment = Annotated[datetime, BeforeValidator(_moment)]
