"""What must a table have meant that has mistakes? So that one mistake hides no other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from whipple.casefile.given import Given
from whipple.casefile.tables.table import Table, with_known_keys

__all__ = ["mended"]

T = TypeVar("T", bound=Table)
#: Stands for a quantity that cannot be read: anything above zero, so that nothing is found odd about it.
_ANYTHING = Given(0.5, 5e-324, float("inf"), "")
#: What every range of a quantity allows.
_ALLOWED = Given(0.5, 5e-324, 1.0, "")


def mended(table: type[T], raw: Mapping[str, Any]) -> T | None:
    """The table as it must have been meant, None where it says too little: misspelt keys set right, unknown keys and wrong values left out.

    A quantity that must be there and cannot be read counts as anything above 0.
    """
    row = with_known_keys(table, raw)
    try:
        return table.model_validate(row)
    except ValidationError as error:
        bad = {line["loc"][0] for line in error.errors(include_url=False) if line["loc"]}
    fields = {name: field for name, field in table.model_fields.items() if field.is_required()}
    lost = {name: field.alias or name for name, field in fields.items() if field.annotation is Given}
    lost = {name: key for name, key in lost.items() if key in bad}
    right = {key: value for key, value in row.items() if key not in bad}
    try:
        read = table.model_validate(right | dict.fromkeys(lost.values(), _ALLOWED))
    except ValidationError:
        return None
    return read.model_copy(update=dict.fromkeys(lost, _ANYTHING))
