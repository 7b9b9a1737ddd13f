"""The debris of a licensed model in a sky of ours: numbers by size from its table, directions and speeds from NASA91, whose law is public."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np

from whipple.casefile.estimate import Caveat
from whipple.casefile.findings.sky import Sky, Stream
from whipple.environment.debris import DENSITY_kg_m3, debris_shape_frac
from whipple.environment.flight import inclination_rad
from whipple.environment.grid import sky_grid
from whipple.environment.models.grun_1985 import CROSS_SECTION_PER_PLATE_ratio
from whipple.environment.read_ordem import ImportedFlux
from whipple.environment.sporadic import MASS_REFERENCE_kg
from whipple.errors import CaseError, Problem, RangeError
from whipple.physics.cited import Cited

__all__ = ["Meaning", "imported_debris_stream", "with_debris_of"]

#: What a flux is per: area across its arrival (a sphere), or one side of a randomly turned plate, a quarter of it.
Meaning = Literal["cross-section", "plate"]
#: 1-sigma factor of the level; the files state none. The sheet's for debris of 1 to 3 mm, where no two models agree.
LEVEL_factor = Cited(5.0, unit="", source="whipple_judgement", grade="proposal")


def imported_debris_stream(table: ImportedFlux, meaning: Meaning, sky: Sky, hypothesis: str = "debris") -> Stream:
    """One debris stream with the numbers of an imported table, spheres of 2.8 g/cm3, arriving as NASA91 has it.

    `meaning`: what the run's flux is per; a table does not say, and a mistake is a factor of four. RangeError for another word, CaseError for
    a table that does not reach the reference mass of a sky (0.09 mm) or holds no flux there.
    """
    if meaning not in ("cross-section", "plate"):
        raise RangeError(
            "debris import", "meaning", repr(meaning), "'cross-section' or 'plate'", "look it up in the run"
        )
    grid = sky_grid()
    if sky.direction_lvlh.shape != grid.direction_lvlh.shape:
        found = f"a sky of {len(sky.direction_lvlh)} directions"
        raise CaseError([Problem(table.file, "", found, "a sky of this project's grid", "make it with what_was_there")])
    mass = DENSITY_kg_m3 * np.pi / 6 * table.size_m**3
    seen = table.flux_per_m2_s > 0
    if not (seen.any() and mass[seen][0] <= MASS_REFERENCE_kg <= mass[seen][-1]):
        found = f"flux at sizes {table.size_m[0]:g} to {table.size_m[-1]:g} m"
        raise CaseError([Problem(table.file, "", found, "flux at 0.09 mm, where streams meet", "give the whole table")])
    at = np.exp(np.interp(np.log(MASS_REFERENCE_kg), np.log(mass[seen]), np.log(table.flux_per_m2_s[seen])))
    level = (CROSS_SECTION_PER_PLATE_ratio if meaning == "plate" else 1.0) * float(at)
    return Stream(
        name=f"debris of {table.model}",
        kind="debris",
        hypothesis=hypothesis,
        flux_per_m2_s=level * debris_shape_frac(grid, inclination_rad(sky.orbit)),
        mass_reference_kg=MASS_REFERENCE_kg,
        mass_kg=mass[seen],
        number_ratio=table.flux_per_m2_s[seen] / at,
        density_kg_m3=np.array([float(DENSITY_kg_m3)]),
        density_frac=np.array([1.0]),
        level_factor=float(LEVEL_factor),
        models=("kessler_1991",),
        sources=("odpo_ordem", "kessler1989"),
        caveats=(Caveat("debris-import", _text(table, meaning)),),
    )


def with_debris_of(sky: Sky, table: ImportedFlux, meaning: Meaning, hypothesis: str = "debris") -> Sky:
    """The same sky with its debris replaced by an imported table; meteoroids, showers and the screening stay."""
    kept = tuple(stream for stream in sky.streams if stream.kind != "debris")
    return replace(sky, streams=(*kept, imported_debris_stream(table, meaning, sky, hypothesis)))


def _text(table: ImportedFlux, meaning: Meaning) -> str:
    return (
        f"Debris of this sky: numbers by size from {table.model} ({table.file}), read as flux on a {meaning}; directions and speeds are NASA91's, "
        "horizontal, because the layout of the model's own directional files is not public. The file states no uncertainty: the factor "
        f"{float(LEVEL_factor):g} (1 sigma) is ours."
    )
