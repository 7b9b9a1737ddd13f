"""The debris of a Sky from this room's own populations: below 1 mm the empirical family, then clouds, then the catalogue."""

from __future__ import annotations

from datetime import datetime

import numpy as np

from whipple.casefile.findings.sky import OrbitFacts, Stream
from whipple.environment.catalogue_flux import CatalogueFlux
from whipple.environment.debris import DENSITY_kg_m3, debris_shape_frac, decimal_year
from whipple.environment.debris_sun import solar_flux_sfu
from whipple.environment.debris_tensors import DebrisTensors, cloud_stream
from whipple.environment.flight import inclination_rad
from whipple.environment.grid import SkyGrid
from whipple.environment.models.grun_1985 import CROSS_SECTION_PER_PLATE_ratio
from whipple.environment.small_debris import LARGEST_m, SMALLEST_m, small_debris_flux
from whipple.environment.sporadic import MASS_REFERENCE_kg
from whipple.errors import EvidenceError, RangeError
from whipple.physics.cited import Cited
from whipple.physics.constants import EARTH_RADIUS_m

__all__ = ["debris_populations", "small_debris_stream"]

#: Sizes of the table; close together near 1 mm, where what is left to count goes to nothing.
_SIZES_m = np.concatenate(
    [np.geomspace(SMALLEST_m, 8e-4, 24), LARGEST_m * np.array([0.85, 0.9, 0.94, 0.97, 0.985, 0.995, 1.0])]
)
_MIDDLE = 12
#: How far the ship of the tensors may be from the orbit at hand: less than the flux changes by a tenth.
ALTITUDE_m = Cited(15e3, unit="m", source="whipple_judgement", grade="proposal")
INCLINATION_rad = Cited(np.radians(2.0), unit="rad", source="whipple_judgement", grade="proposal")


def small_debris_stream(grid: SkyGrid, orbit: OrbitFacts, epoch: datetime, hypothesis: str) -> Stream | None:
    """Debris below 1 mm, tuned on returned hardware, as a stream; None where NASA91, which lends it altitude, does not reach.

    Directions and speeds are those of NASA91 (horizontal). The count ends at 1 mm: above it the clouds take over.
    """
    year, inclination = decimal_year(epoch), inclination_rad(orbit)
    solar = float(solar_flux_sfu(year)[0])
    try:
        answers = [
            small_debris_flux(float(d), orbit.altitude_m, inclination, year=year, solar_sfu=solar) for d in _SIZES_m
        ]
    except RangeError:
        return None
    above = np.array([answer.median for answer in answers])
    inside = above - above[-1]
    mass = float(DENSITY_kg_m3) * np.pi / 6 * _SIZES_m**3
    reference = float(np.exp(np.interp(np.log(MASS_REFERENCE_kg), np.log(mass[:-1]), np.log(inside[:-1]))))
    widest = max(float(np.log(answer.high / answer.low)) for answer in answers) / 2 / 1.645
    ends = np.array([mass[-1], 2 * mass[-1]])
    return Stream(
        name="small debris",
        kind="debris",
        hypothesis=hypothesis,
        flux_per_m2_s=CROSS_SECTION_PER_PLATE_ratio * reference * debris_shape_frac(grid, inclination),
        mass_reference_kg=MASS_REFERENCE_kg,
        mass_kg=np.concatenate([mass[:-1], ends]),
        number_ratio=np.concatenate([inside[:-1] / reference, [1e-12, 1e-24]]),
        density_kg_m3=np.array([float(DENSITY_kg_m3)]),
        density_frac=np.array([1.0]),
        level_factor=float(np.exp(widest)),
        models=("small_debris", "kessler_1991"),
        sources=("odpo_returned", "kessler1989"),
        caveats=answers[_MIDDLE].caveats,
    )


def debris_populations(
    grid: SkyGrid,
    orbit: OrbitFacts,
    epoch: datetime,
    hypothesis: str,
    *,
    tensors: DebrisTensors | None = None,
    tracked: CatalogueFlux | None = None,
) -> tuple[Stream, ...]:
    """Every debris stream that can be had: small debris, the clouds of the epoch's month, tracked objects.

    They share no size: below 1 mm, 1 mm to 10 cm (to 1 m without a catalogue), 10 cm and more; together they stand in the place
    of the single NASA91 stream. Raises EvidenceError when the tensors do not hold the month or were made for
    another orbit.
    """
    small = small_debris_stream(grid, orbit, epoch, hypothesis)
    streams = [small] if small else []
    if tensors is not None:
        _same_orbit(tensors, orbit)
        month = 12 * epoch.year + epoch.month - 1
        below = 0.1 if tracked is not None else 1.0
        streams.append(cloud_stream(tensors, grid, month, hypothesis, MASS_REFERENCE_kg, below_m=below))
    if tracked is not None:
        streams.append(tracked.stream(MASS_REFERENCE_kg, hypothesis))
    return tuple(streams)


def _same_orbit(tensors: DebrisTensors, orbit: OrbitFacts) -> None:
    """The tensors must have been made for this orbit: flux doubles within some tens of kilometres."""
    held, tilt = tensors.ship.radius_m - EARTH_RADIUS_m, inclination_rad(orbit)
    off = abs(held - orbit.altitude_m), abs(tensors.ship.inclination_rad - tilt)
    if off[0] > ALTITUDE_m or off[1] > INCLINATION_rad:
        made = f"{held / 1e3:.0f} km, {np.degrees(tensors.ship.inclination_rad):.1f} deg"
        missing = f"debris tensor of this orbit ({orbit.altitude_m / 1e3:.0f} km, {np.degrees(tilt):.1f} deg; the file is for {made})"
        raise EvidenceError(
            "What debris was there?", missing, "run whipple debris clouds with --altitude and --inclination"
        )
