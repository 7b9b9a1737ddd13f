"""[wall.layers]: what else is in front of a wall, or makes it, in assess.toml."""

from __future__ import annotations

from pydantic import Field

from whipple.casefile.given import Given, quantity
from whipple.casefile.tables.table import Table

__all__ = ["WallLayersTable"]


class WallLayersTable(Table):
    """[wall.layers]: layers by name. A wall of cloth is given by `wall_weight` instead of `thickness`; `whipple impact layers --help` explains each.

    >>> table = WallLayersTable.model_validate({"stuffing": "6 kg/m**2", "second": "1 mm"})
    >>> table.said()
    {'second': 0.001, 'stuffing': 6.0}
    """

    second_m: quantity("m") | None = Field(alias="second", default=None)  # type: ignore[valid-type]
    second_standoff_m: quantity("m") | None = Field(alias="second_standoff", default=None)  # type: ignore[valid-type]
    blanket_standoff_m: quantity("m") | None = Field(alias="blanket_standoff", default=None)  # type: ignore[valid-type]
    cell_m: quantity("m") | None = Field(alias="cell", default=None)  # type: ignore[valid-type]
    tile_m: quantity("m") | None = Field(alias="tile", default=None)  # type: ignore[valid-type]
    stuffing_kg_m2: quantity("kg/m**2") | None = Field(alias="stuffing", default=None)  # type: ignore[valid-type]
    blanket_kg_m2: quantity("kg/m**2") | None = Field(alias="blanket", default=None)  # type: ignore[valid-type]
    core_kg_m2: quantity("kg/m**2") | None = Field(alias="core", default=None)  # type: ignore[valid-type]
    felt_kg_m2: quantity("kg/m**2") | None = Field(alias="felt", default=None)  # type: ignore[valid-type]
    bumper_density_kg_m3: quantity("kg/m**3") | None = Field(alias="bumper_density", default=None)  # type: ignore[valid-type]
    tile_density_kg_m3: quantity("kg/m**3") | None = Field(alias="tile_density", default=None)  # type: ignore[valid-type]
    wall_weight_kg_m2: quantity("kg/m**2") | None = Field(alias="wall_weight", default=None)  # type: ignore[valid-type]
    bumper_weight_kg_m2: quantity("kg/m**2") | None = Field(alias="bumper_weight", default=None)  # type: ignore[valid-type]
    wall_density_kg_m3: quantity("kg/m**3") | None = Field(alias="wall_density", default=None)  # type: ignore[valid-type]
    wall_yield_Pa: quantity("Pa") | None = Field(alias="wall_yield", default=None)  # type: ignore[valid-type]
    overwrap_m: quantity("m") | None = Field(alias="overwrap", default=None)  # type: ignore[valid-type]
    overwrap_density_kg_m3: quantity("kg/m**3") | None = Field(alias="overwrap_density", default=None)  # type: ignore[valid-type]
    insulation_kg_m2: quantity("kg/m**2") | None = Field(alias="insulation", default=None)  # type: ignore[valid-type]
    conductor_kg_m2: quantity("kg/m**2") | None = Field(alias="conductor", default=None)  # type: ignore[valid-type]

    def said(self) -> dict[str, float]:
        """The layers that were given, by the name a person writes, in SI."""
        found: dict[str, Given | None] = {
            str(field.alias): getattr(self, name) for name, field in type(self).model_fields.items()
        }
        return {word: given.value for word, given in found.items() if given is not None}
