"""What do the tracked objects bring? Flux of 10 cm and more from a user's catalogue, with directions, speeds and Poisson interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import gamma

from whipple.casefile.estimate import Caveat, Estimate
from whipple.casefile.findings.sky import Stream
from whipple.environment.cloud_crossing import Ship, encounters
from whipple.environment.grid import SkyGrid
from whipple.environment.read_elements_catalogue import Catalogue, CatalogueObject
from whipple.environment.read_satcat import SatcatObject
from whipple.errors import EvidenceError
from whipple.physics.cited import Cited

__all__ = ["CatalogueFlux", "TrackedOrbits", "catalogue_flux", "from_elements", "from_satcat"]

Array = npt.NDArray[np.float64]
#: Smallest size that is tracked reliably in low orbit.
TRACKED_SIZE_m = Cited(0.1, unit="m", source="whipple_judgement", grade="proposal")
DENSITY_kg_m3 = Cited(2800.0, unit="kg/m^3", source="nasa_tm_2009_214785", grade="source")
#: 1-sigma factor from how complete a catalogue is at 10 cm and from what keeps station or shares the ship's altitude.
_COMPLETE_factor = Cited(1.2, unit="", source="whipple_judgement", grade="proposal")
#: The radius of the Earth in sgp4 (WGS 72): its semi-major axes are multiples of it.
SGP4_RADIUS_m = Cited(6_378_135.0, unit="m", source="wgs72", grade="source")
_NODES = 24


@dataclass(frozen=True)
class TrackedOrbits:
    """Mean orbits of a catalogue, all (n,); `size_m` is nan where no size is known; `left_out` says what could not be used."""

    axis_m: Array
    eccentricity: Array
    inclination_rad: Array
    size_m: Array
    catalogue_number: npt.NDArray[np.int64]
    left_out: tuple[str, ...]

    def without(self, numbers: Sequence[int]) -> TrackedOrbits:
        """The same without these catalogue numbers (the ship itself, what is docked to it)."""
        kept = ~np.isin(self.catalogue_number, np.asarray(numbers, dtype=np.int64))
        return TrackedOrbits(
            self.axis_m[kept],
            self.eccentricity[kept],
            self.inclination_rad[kept],
            self.size_m[kept],
            self.catalogue_number[kept],
            self.left_out,
        )


@dataclass(frozen=True)
class CatalogueFlux:
    """The flux of tracked objects: an estimate on a cross-section (1/m2/s), its cells, and how many objects cross."""

    cross_section: Estimate
    flux_per_m2_s: Array
    mean_speed_m_s: float
    crossing_count: int
    effective_count: float

    def stream(self, mass_reference_kg: float, hypothesis: str) -> Stream:
        """A stream of a Sky: spheres of 10 cm of 2.8 g/cm3 and more; nothing smaller is in it, so the count stays flat below."""
        mass = float(DENSITY_kg_m3 * np.pi / 6 * TRACKED_SIZE_m**3)
        half = np.log(self.cross_section.high / self.cross_section.low) / 2 / 1.645
        return Stream(
            name="tracked objects",
            kind="debris",
            hypothesis=hypothesis,
            flux_per_m2_s=self.flux_per_m2_s,
            mass_reference_kg=mass_reference_kg,
            mass_kg=np.array([mass_reference_kg / 10, mass_reference_kg, mass, 100 * mass]),
            number_ratio=np.array([1.0, 1.0, 1.0, 0.1]),
            density_kg_m3=np.array([float(DENSITY_kg_m3)]),
            density_frac=np.array([1.0]),
            level_factor=float(np.exp(half)),
            models=("catalogue_flux",),
            sources=("kessler1981",),
            caveats=self.cross_section.caveats,
        )


def from_elements(catalogue: Catalogue) -> TrackedOrbits:
    """The mean orbits of element sets, as sgp4 recovers them; the newest set of each object; sizes unknown."""
    newest: dict[int, CatalogueObject] = {}
    for each in sorted(catalogue.objects, key=lambda one: one.epoch):
        newest[each.catalogue_number] = each
    satellites = [each.satellite for each in newest.values()]
    return TrackedOrbits(
        axis_m=np.array([satellite.a for satellite in satellites]) * SGP4_RADIUS_m,
        eccentricity=np.array([satellite.ecco for satellite in satellites]),
        inclination_rad=np.array([satellite.inclo for satellite in satellites]),
        size_m=np.full(len(satellites), np.nan),
        catalogue_number=np.array(list(newest), dtype=np.int64),
        left_out=tuple(str(problem) for problem in catalogue.unreadable),
    )


def from_satcat(objects: Sequence[SatcatObject]) -> TrackedOrbits:
    """The orbits and sizes of a SATCAT."""
    return TrackedOrbits(
        axis_m=np.array([each.axis_m for each in objects]),
        eccentricity=np.array([each.eccentricity for each in objects]),
        inclination_rad=np.array([each.inclination_rad for each in objects]),
        size_m=np.array([np.nan if each.size_m is None else each.size_m for each in objects]),
        catalogue_number=np.array([each.catalogue_number for each in objects], dtype=np.int64),
        left_out=(),
    )


def catalogue_flux(
    orbits: TrackedOrbits, ship: Ship, grid: SkyGrid, size_if_unknown_m: float = 0.1, seed: int = 1
) -> CatalogueFlux:
    """Flux of objects of 10 cm and more on a ship's orbit, from their orbits with uniform nodes and perigees.

    Objects of known smaller size are left out; `size_if_unknown_m` stands for a missing size. The interval joins the Poisson
    spread of how many objects cross (a gamma law with the effective number) with a factor for completeness. Raises
    EvidenceError when no object crosses the ship's shell.
    """
    size = np.where(np.isfinite(orbits.size_m), orbits.size_m, size_if_unknown_m)
    large = size >= TRACKED_SIZE_m * 0.999
    axis, e, tilt = orbits.axis_m[large], orbits.eccentricity[large], orbits.inclination_rad[large]
    met = encounters(axis, e, tilt, ship, np.random.default_rng(seed), _NODES)
    each = np.bincount(met.index, met.flux_per_m2_s, minlength=len(axis))
    total = float(each.sum())
    if not total > 0:
        left = int((~large).sum())
        small = f" ({left} smaller than 10 cm, or taken as that, left out)" if left else ""
        missing = f"tracked object that crosses {(ship.radius_m - 6378137.0) / 1e3:.0f} km{small}"
        raise EvidenceError("What tracked debris was there?", missing, "give a catalogue of all objects, not of one")
    tensor = np.zeros((1, len(grid.direction_lvlh), len(grid.speed_m_s)))
    met.deposit(grid, np.ones(len(axis)), tensor, np.zeros(len(axis), dtype=np.intp))
    effective = float(total**2 / (each**2).sum())
    return CatalogueFlux(
        cross_section=_interval(total, effective, orbits, int(large.sum())),
        flux_per_m2_s=tensor[0],
        mean_speed_m_s=float(met.flux_per_m2_s @ met.speed_m_s / total),
        crossing_count=int((each > 0).sum()),
        effective_count=effective,
    )


def _interval(total: float, effective: float, orbits: TrackedOrbits, used: int) -> Estimate:
    """Gamma quantiles of the effective number, widened by the completeness factor."""
    wide = float(_COMPLETE_factor**1.645)
    low = min(float(gamma.ppf(0.05, effective) / effective), 1.0) / wide
    high = max(float(gamma.ppf(0.95, effective + 1) / effective), 1.0) * wide
    unknown = int((~np.isfinite(orbits.size_m)).sum())
    text = (
        f"Tracked objects: {used} orbits, {unknown} of unknown size, effectively {effective:.0f} that cross; nodes and perigees "
        "taken as uniform, manoeuvres and avoidance left out: operators steer clear of many of them."
    )
    caveats = [Caveat("debris-catalogue", text)]
    if orbits.left_out:
        caveats.append(
            Caveat("debris-catalogue-unread", f"{len(orbits.left_out)} sets could not be read: {orbits.left_out[0]}")
        )
    return Estimate(total, total * low, total * high, "1/m^2/s", models=("catalogue_flux",), caveats=tuple(caveats))
