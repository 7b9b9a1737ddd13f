"""What every table of case.toml shares: strict keys, frozen values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    ModelWrapValidatorHandler,
    ValidationError,
    model_validator,
)

from whipple.casefile.mistake import Mistake, all_mistakes, wrong
from whipple.casefile.spelling import near_match, nearest

__all__ = ["Moment", "Table", "keys_of", "with_known_keys"]

#: Fields that code adds for itself.
_HIDDEN = {"centre_of_mass_m", "value"}


class Table(BaseModel):
    """A table of case.toml: an unknown key is an error, which hides no other; nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, arbitrary_types_allowed=True)

    @model_validator(mode="wrap")
    @classmethod
    def _every_mistake(cls, raw: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        """A misspelt key is read as the one it must be, to see what else is wrong."""
        if not isinstance(raw, Mapping) or not (told := _unknown_keys(cls, raw)):
            return handler(raw)
        try:
            cls.model_validate(with_known_keys(cls, raw))
        except ValidationError as error:
            raise all_mistakes(cls.__name__, error, told) from None
        raise all_mistakes(cls.__name__, None, told)


def keys_of(table: type[Table]) -> list[str]:
    """The keys a person may write in this table (what code adds for itself is left out)."""
    return [field.alias or name for name, field in table.model_fields.items() if name not in _HIDDEN]


def _meant(table: type[Table], raw: Mapping[str, Any]) -> dict[str, str]:
    """Unknown keys, and the key that each must stand for: a close one that the table does not give yet; "" when there is none."""
    known = keys_of(table)
    free = [key for key in known if key not in raw]
    return {key: nearest(key, free) for key in raw if key not in known and key not in table.model_fields}


def _unknown_keys(table: type[Table], raw: Mapping[str, Any]) -> list[Mistake]:
    known = keys_of(table)
    free = [key for key in known if key not in raw]
    return [
        ((key,), wrong("an unknown key", "one of: " + ", ".join(known), near_match(key, free)))
        for key in _meant(table, raw)
    ]


def with_known_keys(table: type[Table], raw: Mapping[str, Any]) -> dict[str, Any]:
    """The row with misspelt keys set right, and keys left out that stand for nothing."""
    meant = _meant(table, raw)
    row = {meant.get(key, key): value for key, value in raw.items()}
    return {key: value for key, value in row.items() if key}


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
