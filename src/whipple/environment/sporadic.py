"""Sporadic meteoroids: Grün's flux spread over six moving sources, bent, focused and blocked by the Earth."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Caveat
from whipple.casefile.findings.sky import OrbitFacts, Stream
from whipple.environment.focusing import asymptote, blocked
from whipple.environment.grid import SkyGrid, SPEED_STEP_m_s
from whipple.environment.models.grun_1985 import CROSS_SECTION_PER_PLATE_ratio, grun_flux_per_m2_s
from whipple.environment.models.jones_brown_1993 import DEFAULT, RADAR_COUNTS, SOURCES, lobe_per_sr, speed_law_s_m
from whipple.environment.models.moorhead_2017 import LONG_PERIOD_kg_m3, SHORT_PERIOD_kg_m3
from whipple.physics.cited import Cited
from whipple.physics.constants import OBLIQUITY_J2000_rad
from whipple.physics.frames import lvlh_from_gcrs

__all__ = ["MASS_GRID_kg", "MASS_REFERENCE_kg", "source_dir_gcrs", "sporadic_flux_per_m2_s", "sporadic_stream"]

Array = npt.NDArray[np.float64]

#: Fluxes are counted above 1e-6 g, the limit of MEM 3 output, so that they can be compared: a choice, not a datum.
MASS_REFERENCE_kg = 1e-9
MASS_GRID_kg = np.logspace(-12, -2, 81)
#: 1-sigma factors: the level of the flux; the share that one face gets (environment sheet section 11).
LEVEL_factor = Cited(2.0, unit="", source="whipple_judgement", grade="proposal")
SHAPE_factor = Cited(1.2, unit="", source="whipple_judgement", grade="proposal")
#: Orbit steps that go into the average; the radius may vary by this much before the geometry is split.
_STEPS = 60
_RADIUS_SPREAD = 0.005


def source_dir_gcrs(solar_longitude_rad: float) -> Array:
    """Unit vectors (6, 3) to the centres of the six sources, GCRS, at a solar longitude (rad, J2000).

    >>> helion = source_dir_gcrs(np.radians(262.69))[0]
    >>> [round(float(np.degrees(x)), 1) for x in (np.arctan2(helion[1], helion[0]) % (2 * np.pi), np.arcsin(helion[2]))]
    [242.7, -21.1]
    """
    longitude = np.array([source.longitude_rad for source in SOURCES]) + solar_longitude_rad
    latitude = np.array([source.latitude_rad for source in SOURCES])
    x, y, z = np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude), np.sin(latitude)
    cosine, sine = np.cos(float(OBLIQUITY_J2000_rad)), np.sin(float(OBLIQUITY_J2000_rad))
    return np.stack([x, cosine * y - sine * z, sine * y + cosine * z], axis=-1)


def sporadic_flux_per_m2_s(grid: SkyGrid, orbit: OrbitFacts, shares: npt.ArrayLike = DEFAULT) -> Array:
    """Flux heavier than 1e-6 g (n_dir, n_speed) from each LVLH cell and relative-speed bin, averaged over the orbit.

    Each cell and speed is traced back: relative velocity to Earth-centred velocity, to the asymptote of its hyperbola, to
    the six lobes there. Phase-space density is constant, so the flux is I_inf (v_rel / v_inf)^3 (sheet 2.2). Unshielded and
    far from Earth the cross-sectional flux is 4 F_Gruen.
    """
    every = max(len(orbit.t_s) // _STEPS, 1)
    position, velocity = orbit.position_gcrs_m[::every], orbit.velocity_gcrs_m_s[::every]
    turn = lvlh_from_gcrs(position, velocity)
    radius = np.linalg.norm(position, axis=-1)
    motion = np.einsum("nij,nj->ni", turn, velocity)
    centre = np.einsum("nij,kj->nki", turn, source_dir_gcrs(orbit.solar_longitude_rad))
    groups = 1 if np.ptp(radius) < _RADIUS_SPREAD * radius.mean() else 8
    total = np.zeros((len(grid.direction_lvlh), len(grid.speed_m_s)))
    for part in np.array_split(np.argsort(radius, kind="stable"), groups):
        total += _mean_flux(grid, float(radius[part].mean()), motion[part].mean(axis=0), centre[part], shares) * len(
            part
        )
    level = CROSS_SECTION_PER_PLATE_ratio * grun_flux_per_m2_s(MASS_REFERENCE_kg)
    return np.asarray(total / len(radius) * level)


def _mean_flux(grid: SkyGrid, radius_m: float, motion: Array, centre: Array, shares: npt.ArrayLike) -> Array:
    """Flux per unit flux far away; `motion` (3,) the vehicle's velocity, `centre` (n, 6, 3) the sources, both LVLH."""
    relative = -grid.direction_lvlh[:, None, :] * grid.speed_m_s[:, None]
    velocity = (relative + motion).reshape(-1, 3)
    up = np.array([0.0, 0.0, -radius_m])
    radiant, far = asymptote(up, velocity)
    seen = np.flatnonzero((far > 0) & ~blocked(up, velocity))
    speed = np.tile(grid.speed_m_s, len(grid.direction_lvlh))
    flux = np.zeros(len(velocity))
    for index, (source, share) in enumerate(zip(SOURCES, np.asarray(shares, dtype=float), strict=True)):
        law = speed_law_s_m(source, far[seen])
        some = seen[law > 0]
        lobe, (x, y, z) = np.zeros(len(some)), radiant[some].T.copy()
        for along, across, down in centre[:, index]:  # not `@`: the last bit would depend on the number of threads
            lobe += lobe_per_sr(x * along + y * across + z * down)
        flux[some] += share * law[law > 0] * lobe / len(centre) * (speed[some] / far[some]) ** 3
    return np.asarray(flux.reshape(len(grid.direction_lvlh), -1) * grid.solid_angle_sr[:, None] * SPEED_STEP_m_s)


def sporadic_stream(grid: SkyGrid, orbit: OrbitFacts, hypothesis: str) -> Stream:
    """The sporadic stream with its doubts: level, and what another published weighting of the sources would change."""
    flux = sporadic_flux_per_m2_s(grid, orbit)
    other = sporadic_flux_per_m2_s(grid, orbit, RADAR_COUNTS)
    shape = _face_spread(grid, flux, other)
    number = grun_flux_per_m2_s(MASS_GRID_kg) / grun_flux_per_m2_s(MASS_REFERENCE_kg)
    long_frac = float(sum(share for source, share in zip(SOURCES, DEFAULT, strict=True) if source.long_period))
    return Stream(
        name="sporadic meteoroids",
        kind="sporadic",
        hypothesis=hypothesis,
        flux_per_m2_s=flux,
        mass_reference_kg=MASS_REFERENCE_kg,
        mass_kg=MASS_GRID_kg,
        number_ratio=number,
        density_kg_m3=np.array([LONG_PERIOD_kg_m3, SHORT_PERIOD_kg_m3], dtype=float),
        density_frac=np.array([long_frac, 1 - long_frac]),
        level_factor=float(np.exp(np.sqrt(np.log(LEVEL_factor) ** 2 + np.log(SHAPE_factor) ** 2 + shape**2))),
        models=("grun_1985", "jones_brown_1993", "moorhead_2017"),
        sources=("ecss_10_04", "grun1985", "fentzke_janches2008", "jones_brown1993", "moorhead2017"),
        caveats=_caveats(float(np.exp(shape))),
    )


def _face_spread(grid: SkyGrid, one: Array, other: Array) -> float:
    """Root mean square of ln(other / one) over the six faces of a cube."""
    faces = np.array([[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1]], dtype=float)
    weight = np.maximum(faces @ grid.direction_lvlh.T, 0.0)
    ratio = np.sum(weight * other.sum(axis=1), axis=1) / np.sum(weight * one.sum(axis=1), axis=1)
    return float(np.sqrt(np.mean(np.log(ratio) ** 2)))


def _caveats(factor: float) -> tuple[Caveat, ...]:
    return (
        Caveat(
            "sporadic-source-strengths",
            "No open measurement gives the strengths of the six sporadic sources at a limiting mass. The dynamical weighting of "
            "Fentzke and Janches (2008), as coded by others, is used; plain radar counts change a face by a factor of "
            f"{factor:.2f}, which is carried as uncertainty.",
        ),
        Caveat(
            "sporadic-speeds",
            "Positions and speeds of the sources are radar values quoted from memory of Jones and Brown (1993). Radars favour fast "
            "meteors: the mean here is about 36 km/s, against 20 km/s assumed by Gruen and 28 km/s in published MEM 3 output.",
        ),
    )
