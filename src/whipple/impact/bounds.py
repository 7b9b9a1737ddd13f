"""No particle, wall or speed beyond what there can be near the Earth: a slip of the unit is refused instead of answered."""

from __future__ import annotations

from whipple.errors import RangeError

__all__ = ["refuse_impossible_shot", "refuse_too_thick"]

#: Above the 72 km/s of a meteoroid that is bound to the Sun (30 of the Earth and 42 of the meteoroid, head on), with room.
_FASTEST_m_s = 100e3
#: From the fluffiest of comet dust to osmium (22.6 g/cm3).
_DENSITY_kg_m3 = (100.0, 23000.0)
#: No law here was shot with a hundredth of it.
_THICKEST_m = 1.0


def refuse_impossible_shot(speed_m_s: float, density_kg_m3: float) -> None:
    """RangeError for a particle faster, lighter or heavier than any that meets a ship.

    >>> refuse_impossible_shot(7000.0, 2800.0)
    """
    if not 0 < speed_m_s <= _FASTEST_m_s:
        expected = "above 0, at most 100 km/s: the fastest meteoroids bound to the Sun meet the Earth at 72 km/s"
        raise RangeError("impact", "--speed", f"{speed_m_s / 1e3:g} km/s", expected, "check the unit")
    if not _DENSITY_kg_m3[0] <= density_kg_m3 <= _DENSITY_kg_m3[1]:
        expected = "100 to 23000 kg/m3 (0.1 to 23 g/cm3): the loosest dust to osmium"
        raise RangeError("impact", "--density", f"{density_kg_m3:g} kg/m3", expected, "check the unit")


def refuse_too_thick(lengths_m: dict[str, float]) -> None:
    """RangeError for a wall, a bumper or a particle thicker than 1 m, by the name under which it was asked.

    >>> refuse_too_thick({"--wall": 0.003})
    """
    for name, length_m in lengths_m.items():
        if length_m > _THICKEST_m:
            raise RangeError("impact", name, f"{length_m:g} m", "at most 1 m", "check the unit, for example mm")
