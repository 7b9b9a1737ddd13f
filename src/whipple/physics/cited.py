"""Numbers with a witness: a constant is a float that remembers its unit, its source key and its evidence grade."""

from __future__ import annotations

from typing import Self

__all__ = ["GRADES", "Cited"]

#: Evidence grades, best first. `recalled` values are never used as test oracles.
GRADES = (
    "measured",
    "official",
    "published",
    "source",
    "computed",
    "press",
    "comment",
    "proposal",
    "recalled",
    "placeholder",
)


class Cited(float):
    """A float with `unit`, `source` (a key of sources.toml), `sigma` (1-sigma, same unit) and `grade`.

    Arithmetic gives plain floats.

    >>> light_speed_m_s = Cited(299_792_458.0, unit="m/s", source="codata2018", grade="official")
    >>> light_speed_m_s.source, light_speed_m_s * 2
    ('codata2018', 599584916.0)
    """

    unit: str
    source: str
    sigma: float | None
    grade: str

    def __new__(
        cls, value: float, *, unit: str, source: str, grade: str = "source", sigma: float | None = None
    ) -> Self:
        """Make the number; an unknown grade or an empty source key is refused."""
        if grade not in GRADES:
            raise ValueError(f"Cited: found grade {grade!r}, expected one of {', '.join(GRADES)}")
        if not source:
            raise ValueError("Cited: found no source key, expected a key of sources.toml")
        self = super().__new__(cls, value)
        self.unit, self.source, self.sigma, self.grade = unit, source, sigma, grade
        return self

    def __getnewargs_ex__(self) -> tuple[tuple[float], dict[str, object]]:
        return (float(self),), {"unit": self.unit, "source": self.source, "grade": self.grade, "sigma": self.sigma}
