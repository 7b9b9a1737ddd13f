"""Do two sayings about one figure contradict each other only where rounding cannot explain them?"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from whipple.casefile.claims import contradictions
from whipple.casefile.given import Given
from whipple.casefile.tables.claim import ClaimTable
from whipple.casefile.units import parse_quantity


def said(name: str, says: str, unit: str, bound: str = "two-sided") -> ClaimTable:
    value = parse_quantity(says, unit)
    row = ClaimTable.model_validate(
        {"id": name, "about": "a.figure", "says": says, "bound": bound, "said_by": name, "said_on": datetime(2022, 12, 19, tzinfo=UTC),
         "use": "ignore", "source": "none"}
    )  # fmt: skip
    return row.model_copy(update={"value": Given(value, value, value, unit)})


@pytest.mark.parametrize(
    ("one", "other", "unit", "clash"),
    [
        ("400 t", "419.7 t", "kg", False),  # the second, rounded
        ("419.7 t", "459.692 t", "kg", True),
        ("400 t", "459.692 t", "kg", True),
        ("4880 N*m*s", "4742.5 N*m*s", "N*m*s", True),
        ("0.8 mm", "1 mm", "m", True),  # one digit is no licence: 20 % apart
        ("7 km/s", "7.5 km/s", "m/s", True),
        ("10 km/s", "7 km/s", "m/s", True),
        ("50 degC", "30 degC", "K", True),
        ("50 degC", "49 degC", "K", False),
        ("3.0 h", "3 h", "s", False),
        ("0 s", "1 s", "s", True),
    ],
)
def test_rounding_is_no_contradiction(one: str, other: str, unit: str, clash: bool) -> None:
    assert bool(contradictions((said("one", one, unit), said("other", other, unit)))) == clash


def test_a_bound_is_not_rounded() -> None:
    assert contradictions((said("one", "400 t", "kg", "upper"), said("other", "459.7 t", "kg")))
    assert not contradictions((said("one", "400 t", "kg", "lower"), said("other", "459.7 t", "kg")))
