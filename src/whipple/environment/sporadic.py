"""Sporadic meteoroids: Grün's flux spread over six moving sources, bent, focused and blocked by the planet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Caveat
from whipple.casefile.findings.sky import OrbitFacts, Stream
from whipple.environment.focusing import EARTH, Planet, asymptote, blocked
from whipple.environment.grid import SkyGrid, SPEED_STEP_m_s
from whipple.environment.models.grun_1985 import CROSS_SECTION_PER_PLATE_ratio, grun_flux_per_m2_s
from whipple.environment.models.jones_brown_1993 import SOURCES, lobe_per_sr
from whipple.environment.models.moorhead_2017 import LONG_PERIOD_kg_m3, SHORT_PERIOD_kg_m3
from whipple.environment.sporadic_branches import BRANCHES, Branch
from whipple.environment.sporadic_elements import ElementSky
from whipple.environment.sporadic_tables import CENTRE_STEP, FAR_STEP_m_s, speed_table
from whipple.physics.cited import Cited
from whipple.physics.constants import OBLIQUITY_J2000_rad
from whipple.physics.frames import lvlh_from_gcrs

__all__ = [
    "MASS_GRID_kg",
    "MASS_REFERENCE_kg",
    "source_dir_gcrs",
    "sporadic_around_per_m2_s",
    "sporadic_flux_per_m2_s",
    "sporadic_stream",
]

Array = npt.NDArray[np.float64]

#: Fluxes are counted above 1e-6 g, the limit of MEM 3 output, so that they can be compared: a choice, not a datum.
MASS_REFERENCE_kg = 1e-9
MASS_GRID_kg = np.logspace(-12, -2, 81)
#: 1-sigma factors: the level of the flux; the share that one face gets (environment sheet section 11).
LEVEL_factor = Cited(2.0, unit="", source="whipple_judgement", grade="proposal")
SHAPE_factor = Cited(1.2, unit="", source="whipple_judgement", grade="proposal")
#: Characteristic speed of the meteoroids that enter the atmosphere, from a radar survey corrected for all its biases.
_SURVEY_SPEED_m_s = Cited(20e3, unit="m/s", source="moorhead2018")
#: Orbit steps that go into the average, and into that of an alternative; the radius may vary by this much before it is split.
_STEPS, _ROUGH_STEPS = 60, 6
_RADIUS_SPREAD = 0.005
#: Every speed bin is sampled at these parts of its width from its middle: the laws are steep and have cuts.
_SHIFTS = (-0.25, 0.25)
#: For laws that reach down to rest far away: there a thin shell of speeds just above escape holds much of the flux.
_FINE_SHIFTS = tuple(((np.arange(10) - 4.5) / 10).tolist())


def source_dir_gcrs(solar_longitude_rad: npt.ArrayLike) -> Array:
    """Unit vectors (..., 6, 3) to the centres of the six sources, GCRS, at solar longitudes (...) (rad, J2000).

    >>> helion = source_dir_gcrs(np.radians(262.69))[0]
    >>> [round(float(np.degrees(x)), 1) for x in (np.arctan2(helion[1], helion[0]) % (2 * np.pi), np.arcsin(helion[2]))]
    [242.7, -21.1]
    """
    solar = np.asarray(solar_longitude_rad, dtype=float)[..., None]
    longitude = np.array([source.longitude_rad for source in SOURCES]) + solar
    latitude = np.broadcast_to([source.latitude_rad for source in SOURCES], longitude.shape)
    x, y, z = np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude), np.sin(latitude)
    cosine, sine = np.cos(float(OBLIQUITY_J2000_rad)), np.sin(float(OBLIQUITY_J2000_rad))
    return np.stack([x, cosine * y - sine * z, sine * y + cosine * z], axis=-1)


def sporadic_flux_per_m2_s(grid: SkyGrid, orbit: OrbitFacts, branch: Branch = BRANCHES[0]) -> Array:
    """Flux heavier than 1e-6 g (n_dir, n_speed) from each LVLH cell and relative-speed bin, averaged over the orbit.

    `sporadic_around_per_m2_s` at about 60 points of the orbit around the Earth.
    """
    every = max(len(orbit.t_s) // _STEPS, 1)
    places = orbit.position_gcrs_m[::every], orbit.velocity_gcrs_m_s[::every]
    return sporadic_around_per_m2_s(grid, *places, orbit.solar_longitude_rad, branch=branch)


def sporadic_around_per_m2_s(
    grid: SkyGrid,
    position_m: Array,
    velocity_m_s: Array,
    solar_longitude_rad: npt.ArrayLike,
    *,
    planet: Planet = EARTH,
    branch: Branch = BRANCHES[0],
) -> Array:
    """Mean flux heavier than 1e-6 g (n_dir, n_speed) over places (n, 3) around a planet, axes along the GCRS.

    Each cell and speed is traced back: relative velocity to planet-centred velocity, to the asymptote of its hyperbola, to
    the six lobes there. Phase-space density is constant, so the flux is I_inf (v_rel / v_inf)^3 (sheet 2.2). Unshielded and
    far from the planet the cross-sectional flux is 4 F_Gruen. `solar_longitude_rad`: of the planet, one or (n,). The sources
    are those at 1 au: around Mars only bending and blocking are right, strengths and speeds are not.
    """
    turn = lvlh_from_gcrs(position_m, velocity_m_s)
    radius = np.linalg.norm(position_m, axis=-1)
    motion = np.einsum("nij,nj->ni", turn, velocity_m_s)
    sources = np.broadcast_to(source_dir_gcrs(solar_longitude_rad), (len(radius), len(SOURCES), 3))
    centre = np.einsum("nij,nkj->nki", turn, sources)
    groups = 1 if np.ptp(radius) < _RADIUS_SPREAD * radius.mean() else 8
    total = np.zeros((len(grid.direction_lvlh), len(grid.speed_m_s)))
    for part in np.array_split(np.argsort(radius, kind="stable"), groups):
        here = float(radius[part].mean()), motion[part].mean(axis=0)
        total += _mean_flux(grid, *here, centre[part], branch=branch, planet=planet) * len(part)
    level = CROSS_SECTION_PER_PLATE_ratio * grun_flux_per_m2_s(MASS_REFERENCE_kg)
    return np.asarray(total / len(radius) * level)


def _mean_flux(
    grid: SkyGrid,
    radius_m: float,
    motion: Array,
    centre: Array,
    shares: npt.ArrayLike | None = None,
    *,
    branch: Branch = BRANCHES[0],
    planet: Planet = EARTH,
) -> Array:
    """Flux per unit flux far away; `motion` (3,) the vehicle's velocity, `centre` (n, 6, 3) the sources, both LVLH."""
    if shares is not None:
        branch = replace(branch, shares=tuple(np.asarray(shares, dtype=float).tolist()))
    flux = np.zeros(len(grid.direction_lvlh) * len(grid.speed_m_s))
    shifts = _FINE_SHIFTS if branch.lobes_counted or branch.sky else _SHIFTS
    for shift in shifts:
        seen, radiant, far, gain = _traced(grid, radius_m, motion, shift, planet)
        flux[seen] += _intensity(radiant, far, centre, (branch,))[0] * gain / len(shifts)
    return flux.reshape(len(grid.direction_lvlh), -1)


def _traced(
    grid: SkyGrid, radius_m: float, motion: Array, shift: float, planet: Planet
) -> tuple[npt.NDArray[np.int64], Array, Array, Array]:
    """The cells (flat) that see the sky, their radiants (m, 3), speeds far away (m,) and flux per flux far away and sr m/s.

    `shift`: where in each speed bin, as a part of its width from its middle.
    """
    speed = grid.speed_m_s + shift * SPEED_STEP_m_s
    velocity = (motion - grid.direction_lvlh[:, None, :] * speed[:, None]).reshape(-1, 3)
    up = np.array([0.0, 0.0, -radius_m])
    radiant, far = asymptote(up, velocity, planet)
    seen = np.flatnonzero((far > 0) & ~blocked(up, velocity, planet))
    cell, column = np.divmod(seen, len(speed))
    gain = (speed[column] / far[seen]) ** 3 * grid.solid_angle_sr[cell] * SPEED_STEP_m_s
    return seen, radiant[seen], far[seen], gain


def _intensity(radiant: Array, far_m_s: Array, centre: Array, branches: Sequence[Branch]) -> Array:
    """Mean over places of the flux far away per sr and m/s (n_branch, m), at radiants (m, 3) and far speeds (m,); 1 in all."""
    apex = centre[:, 2] + centre[:, 3]
    apex = apex / np.linalg.norm(apex, axis=-1, keepdims=True)
    total = np.zeros((len(branches), len(radiant)))
    lobed = [index for index, branch in enumerate(branches) if branch.sky is None]
    if lobed:
        total[lobed] = _of_lobes(radiant, far_m_s, centre, apex, [branches[index] for index in lobed])
    for index, branch in enumerate(branches):
        if branch.sky is not None:
            total[index] = _of_orbits(radiant, far_m_s, centre, apex, branch.sky())
    return total


def _of_orbits(radiant: Array, far_m_s: Array, centre: Array, apex: Array, sky: ElementSky) -> Array:
    """The same of a sky made of orbits: it is the same in the axes of apex, Sun and ecliptic pole at every place."""
    north = centre[:, 4] - np.sum(centre[:, 4] * apex, axis=-1, keepdims=True) * apex
    north = north / np.linalg.norm(north, axis=-1, keepdims=True)
    total = np.zeros(len(radiant))
    x, y, z = radiant.T.copy()
    for axes in np.stack([apex, np.cross(north, apex), north], axis=1):
        ahead, aside, up = (x * part[0] + y * part[1] + z * part[2] for part in axes)
        total += sky.per_sr_s_m(ahead, aside, up, far_m_s)
    return np.asarray(total / len(centre))


def _of_lobes(radiant: Array, far_m_s: Array, centre: Array, apex: Array, branches: Sequence[Branch]) -> Array:
    """The same of the six lobes with their laws of speed."""
    total = np.zeros((len(branches), len(radiant)))
    column = np.rint(far_m_s / FAR_STEP_m_s).astype(np.int64)
    for pair in range(0, len(SOURCES), 2):  # the sources of a pair share their speed law
        laws = [speed_table(branch)[pair] for branch in branches]
        used = np.append(np.any([law.any(axis=0) for law in laws], axis=0), False)[np.minimum(column, laws[0].shape[1])]
        some = np.flatnonzero(used)
        (x, y, z), at = radiant[some].T.copy(), column[some]
        found = np.zeros((len(branches), len(some)))
        for sources, (along, across, down) in zip(centre, apex, strict=True):
            row = ((x * along + y * across + z * down + 1) / CENTRE_STEP + 0.5).astype(np.int64)
            cell = row * laws[0].shape[1] + at
            # not `@`: the last bit would depend on the number of threads
            here, other = (
                lobe_per_sr(x * ahead + y * aside + z * under) for ahead, aside, under in sources[pair : pair + 2]
            )
            for one, law, branch in zip(found, laws, branches, strict=True):
                one += (branch.shares[pair] * here + branch.shares[pair + 1] * other) * law.reshape(-1)[cell]
        total[:, some] += found
    return np.asarray(total / len(centre))


def _alternatives(grid: SkyGrid, orbit: OrbitFacts) -> list[Array]:
    """Every branch on a rough clock, in arbitrary level: what the choice among them changes."""
    every = max(len(orbit.t_s) // _ROUGH_STEPS, 1)
    position, velocity = orbit.position_gcrs_m[::every], orbit.velocity_gcrs_m_s[::every]
    turn = lvlh_from_gcrs(position, velocity)
    centre = np.einsum("nij,kj->nki", turn, source_dir_gcrs(orbit.solar_longitude_rad))
    motion = np.einsum("nij,nj->ni", turn, velocity).mean(axis=0)
    seen, radiant, far, gain = _traced(grid, float(np.linalg.norm(position, axis=-1).mean()), motion, 0.0, EARTH)
    fluxes = []
    for one in _intensity(radiant, far, centre, BRANCHES):
        flux = np.zeros(len(grid.direction_lvlh) * len(grid.speed_m_s))
        flux[seen] = one * gain
        fluxes.append(flux.reshape(len(grid.direction_lvlh), -1))
    return fluxes


def sporadic_stream(grid: SkyGrid, orbit: OrbitFacts, hypothesis: str) -> Stream:
    """The sporadic stream with its doubts: level, and what the other published branches would change."""
    flux = sporadic_flux_per_m2_s(grid, orbit)
    rough = _alternatives(grid, orbit)
    shape = _face_spread(grid, rough)
    speeds = [float(one.sum(axis=0) @ grid.speed_m_s / one.sum()) for one in rough]
    number = grun_flux_per_m2_s(MASS_GRID_kg) / grun_flux_per_m2_s(MASS_REFERENCE_kg)
    shares = BRANCHES[0].shares
    long_frac = float(sum(share for source, share in zip(SOURCES, shares, strict=True) if source.long_period))
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
        models=("grun_1985", "jones_brown_1993", "peterson_1999", "blaauw_2011", "pokorny_2019", "moorhead_2017"),
        sources=("ecss_10_04", "grun1985", *BRANCHES[0].sources, "wmpl_sporadic", "pokorny2019", "moorhead2017"),
        caveats=_caveats(float(np.exp(shape)), speeds),
    )


def _face_spread(grid: SkyGrid, rough: Sequence[Array]) -> float:
    """Root mean square of ln(other / default) over the six faces of a cube, and over the families of branches, each counted once.

    A family is what stands before the comma of the names: another reading of the same speeds does not narrow the interval.
    """
    faces = np.array([[1, 0, 0], [-1, 0, 0], [0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1]], dtype=float)
    weight = np.maximum(faces @ grid.direction_lvlh.T, 0.0)
    on_face = [np.sum(weight * one.sum(axis=1), axis=1) for one in rough]
    squares: dict[str, list[float]] = {}
    for branch, face in zip(BRANCHES[1:], on_face[1:], strict=True):
        family = squares.setdefault(branch.name.split(",")[0], [])
        family.append(float(np.mean(np.log(face / on_face[0]) ** 2)))
    return float(np.sqrt(np.mean([np.mean(family) for family in squares.values()])))


def _caveats(factor: float, speeds_m_s: list[float]) -> tuple[Caveat, ...]:
    ours, low, high = (value / 1e3 for value in (speeds_m_s[0], min(speeds_m_s), max(speeds_m_s)))
    return (
        Caveat(
            "sporadic-source-strengths",
            "No open measurement gives the strengths of the six sporadic sources at a limiting mass. The dynamical weighting of "
            "Fentzke and Janches (2008), as coded by others, is used; the other published strengths and speeds change a face by a "
            f"factor of {factor:.2f} (rms), which is carried as uncertainty. That strengths change over the year is not in it: in a given "
            "week port or starboard may be 20 % off, one up and one down, within the factor of the level.",
        ),
        Caveat(
            "sporadic-speeds",
            f"The mean relative speed is {ours:.0f} km/s; published inputs give {low:.0f} to {high:.0f} km/s. Radar speeds (middles "
            "quoted from memory of Jones and Brown 1993; two public codings of that paper are 10 km/s apart) are corrected to a "
            "limiting mass with published exponents (2 km/s either way for where the slow end of the radar law is cut), and each "
            "source has one law of speed from all its directions. So at the Moon the port and starboard faces come out 3.5 km/s "
            "faster than public MEM 3 output, where 2 were asked; one law of orbital energy instead makes every face slower. Radar "
            "cannot tell how many slow ones there are: a dust model of 20 km/s (branch elements) would show it the same middles, and "
            f"a fully corrected radar survey (Moorhead 2018) has a characteristic speed of {_SURVEY_SPEED_m_s / 1e3:.0f} km/s.",
        ),
    )
