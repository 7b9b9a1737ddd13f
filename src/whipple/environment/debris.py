"""Orbital debris: the NASA91 flux with its speed and direction law, in the horizontal plane."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Caveat
from whipple.casefile.findings.sky import OrbitFacts, Stream
from whipple.environment.debris_sun import solar_flux_sfu, solar_words
from whipple.environment.flight import inclination_rad
from whipple.environment.grid import SkyGrid
from whipple.environment.models.grun_1985 import CROSS_SECTION_PER_PLATE_ratio
from whipple.environment.models.kessler_1991 import (
    collision_speed_law,
    debris_flux_per_m2_s,
    orbit_speed_m_s,
)
from whipple.environment.sporadic import MASS_GRID_kg, MASS_REFERENCE_kg
from whipple.errors import RangeError
from whipple.physics.cited import Cited
from whipple.physics.frames import direction_lvlh

__all__ = ["DENSITY_kg_m3", "debris_shape_frac", "debris_stream", "decimal_year"]

Array = npt.NDArray[np.float64]

DENSITY_kg_m3 = Cited(2800.0, unit="kg/m^3", source="nasa_tm_2009_214785", grade="source")
#: 1-sigma factor for 0.1 to 1 mm: the sheet says 5 to 10.
LEVEL_factor = Cited(7.0, unit="", source="whipple_judgement", grade="proposal")
_FINE_m_s = 5.0


def decimal_year(moment: datetime) -> float:
    """A UTC moment as a decimal year.

    >>> from datetime import UTC
    >>> round(decimal_year(datetime(2022, 12, 15, tzinfo=UTC)), 3)
    2022.953
    """
    start = datetime(moment.year, 1, 1, tzinfo=moment.tzinfo)
    return moment.year + (moment - start) / (datetime(moment.year + 1, 1, 1, tzinfo=moment.tzinfo) - start)


def debris_shape_frac(grid: SkyGrid, inclination: float) -> Array:
    """The share of the debris flux (n_dir, n_speed) in each cell and speed bin; sums to 1.

    Horizontal arrivals only, at +-acos(v / 2 v0) from ram, half from each side (inclination in rad).
    """
    limit = 2 * orbit_speed_m_s(inclination)
    speed = np.arange(_FINE_m_s / 2, limit, _FINE_m_s)
    weight = collision_speed_law(speed, inclination)
    off_ram = np.arccos(speed / limit)
    share = np.zeros((len(grid.direction_lvlh), len(grid.speed_m_s)))
    for side in (-1.0, 1.0):
        cells = grid.cell_of(direction_lvlh(side * off_ram, 0.0))
        np.add.at(share, (cells, grid.bin_of(speed)), weight)
    return np.asarray(share / share.sum())


def debris_stream(grid: SkyGrid, orbit: OrbitFacts, epoch: datetime, hypothesis: str) -> Stream | None:
    """The debris stream, or None where the model does not reach (altitude, inclination): a caveat says so instead."""
    year, inclination = decimal_year(epoch), inclination_rad(orbit)
    solar, real = solar_flux_sfu(year)
    diameter = (6 * MASS_GRID_kg / np.pi / DENSITY_kg_m3) ** (1 / 3)
    at = (6 * MASS_REFERENCE_kg / np.pi / DENSITY_kg_m3) ** (1 / 3)
    try:
        plate = debris_flux_per_m2_s(np.append(diameter, at), orbit.altitude_m, inclination, year=year, solar_sfu=solar)
    except RangeError:
        return None
    return Stream(
        name="orbital debris",
        kind="debris",
        hypothesis=hypothesis,
        flux_per_m2_s=CROSS_SECTION_PER_PLATE_ratio * plate[-1] * debris_shape_frac(grid, inclination),
        mass_reference_kg=MASS_REFERENCE_kg,
        mass_kg=MASS_GRID_kg,
        number_ratio=plate[:-1] / plate[-1],
        density_kg_m3=np.array([float(DENSITY_kg_m3)]),
        density_frac=np.array([1.0]),
        level_factor=float(LEVEL_factor),
        models=("kessler_1991",),
        sources=("kessler1989", "nasa_tm_2009_214785", solar.source),
        caveats=_caveats(float(solar), real),
    )


def _caveats(solar_sfu: float, real: bool) -> tuple[Caveat, ...]:
    return (
        Caveat(
            "debris-model-1988",
            "Debris below 1 mm rests on the NASA91 formula: its growth terms are assumptions of 1988, its coefficients are quoted "
            "from memory, and no open model does better. Its level is uncertain by a factor of 5 to 10 (1 sigma) below 1 mm, "
            f"5 at 1 to 3 mm, 2 above 1 cm. Solar activity: {solar_words(solar_sfu, real)}.",
        ),
        Caveat(
            "debris-horizontal",
            "The formula lets debris arrive horizontally from circular orbits only, so none comes from behind; objects on "
            "eccentric orbits can, slowly: see the fastest Earth-bound speed by side.",
        ),
    )
