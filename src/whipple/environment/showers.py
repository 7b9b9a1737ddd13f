"""Meteor showers of the day: how active, from where along the orbit, how many, with the published scales side by side."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Caveat, Estimate
from whipple.casefile.findings.sky import OrbitFacts, ShowerTrack, Stream
from whipple.environment.focusing import blocked, density_ratio, escape_speed_m_s, incoming_velocity_m_s
from whipple.environment.grid import SkyGrid
from whipple.environment.models import jenniskens_1994, peterson_1999, verniani_1973
from whipple.environment.models.grun_1985 import CROSS_SECTION_PER_PLATE_ratio, grun_flux_per_m2_s
from whipple.environment.models.koschack_rendtel_1990 import flux_heavier_per_m2_s, mass_index
from whipple.environment.models.moorhead_2017 import LONG_PERIOD_kg_m3, SHORT_PERIOD_kg_m3, STREAM_DENSITY_kg_m3
from whipple.environment.models.moorhead_activity import (
    PROFILES,
    Shower,
    profile_history_per_h,
    zhr_history_per_h,
)
from whipple.environment.sporadic import MASS_GRID_kg, MASS_REFERENCE_kg
from whipple.physics.cited import Cited
from whipple.physics.constants import ATMOSPHERE_m, EARTH_RADIUS_m
from whipple.physics.frames import lvlh_from_gcrs

__all__ = [
    "SCALES",
    "ShowerBranch",
    "ShowerFlux",
    "beam_ratio",
    "entry_speed_m_s",
    "shower_branches",
    "shower_flux",
    "shower_stream",
    "shower_track",
    "stream_density",
]

Array = npt.NDArray[np.float64]

#: 1-sigma factor of a shower flux besides the spread of the scales and profiles (environment sheet section 11).
LEVEL_factor = Cited(3.0, unit="", source="whipple_judgement", grade="proposal")
#: How far the true ZHR may lie outside the published profiles (90 %): several profiles agree; a single one is a guess.
ZHR_SEVERAL_factor = Cited(1.25, unit="", source="whipple_judgement", grade="proposal")
ZHR_SINGLE_factor = Cited(2.0, unit="", source="whipple_judgement", grade="proposal")
#: "A major shower at peak may double the total flux": a branch whose peak says more, at equal kinetic energy, is left out.
#: The energy is that of a 1 mm sphere of 1 g/cm3 at 20 km/s, the mean speed that goes with Gruen's flux.
_DOUBLING_J = Cited(104.72, unit="J", source="ecss_10_04", grade="computed")
_SPORADIC_m_s = Cited(20e3, unit="m/s", source="ecss_10_04", grade="source")
_FAINT_MAGNITUDE = 6.5
#: The three published magnitude-mass scales, lightest first.
SCALES: dict[str, Callable[[float, float], float]] = {
    "peterson_1999": peterson_1999.meteor_mass_kg,
    "verniani_1973": verniani_1973.meteor_mass_kg,
    "jenniskens_1994": jenniskens_1994.meteor_mass_kg,
}


@dataclass(frozen=True)
class ShowerFlux:
    """Flux heavier than the reference mass, normal to the radiant, far from Earth: log-mean over the branches and its spread.

    `branches` names each (profile, scale) with its flux; `left_out` those that would more than double the total flux.
    """

    flux_per_m2_s: float
    spread_nat: float
    branches: tuple[tuple[str, float], ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class ShowerBranch:
    """One published activity on one magnitude-mass scale: `zhr_per_h` of solar longitudes (rad), `mass_of` (magnitude, speed)."""

    name: str
    scale: str
    population_ratio: float
    mass_of: Callable[[float, float], float]
    zhr_per_h: Callable[[Array], Array]


@dataclass(frozen=True)
class _Profile:
    """One published activity: its history and its peak, with its population index."""

    name: str
    zhr_per_h: Callable[[Array], Array]
    peak_zhr_per_h: float
    ratio: float


def shower_track(shower: Shower, orbit: OrbitFacts) -> ShowerTrack:
    """One shower along the orbit: apparent arrival direction and speed, bending and aberration included, and is it up."""
    ra, dec, far = shower.radiant(orbit.solar_longitude_rad)
    radiant = np.array([np.cos(dec) * np.cos(ra), np.cos(dec) * np.sin(ra), np.sin(dec)])
    local = incoming_velocity_m_s(radiant, far, orbit.position_gcrs_m)
    relative = local - orbit.velocity_gcrs_m_s
    speed = np.linalg.norm(relative, axis=-1)
    turn = lvlh_from_gcrs(orbit.position_gcrs_m, orbit.velocity_gcrs_m_s)
    return ShowerTrack(
        name=shower.name,
        code=shower.code,
        right_ascension_rad=ra,
        declination_rad=dec,
        zhr_per_h=_zhr(shower, orbit.solar_longitude_rad),
        population_index_ratio=shower.population_ratio,
        speed_m_s=speed,
        arrival_dir_lvlh=np.einsum("nij,nj->ni", turn, -relative / speed[:, None]),
        visible=np.where(blocked(orbit.position_gcrs_m, local), 0.0, 1.0),
        sources=tuple(
            sorted({shower.source, "rms_flux"} | {branch.source for branch in PROFILES.get(shower.code, ())})
        ),
    )


def _zhr(shower: Shower, longitude_rad: float) -> Estimate:
    profiles = _profiles(shower)
    rates = [float(profile.zhr_per_h(np.array([longitude_rad]))[0]) for profile in profiles]
    factor = float(ZHR_SEVERAL_factor if len(rates) > 1 else ZHR_SINGLE_factor)
    names = ("moorhead_activity", *(profile.name for profile in profiles[1:]))
    caveats = (Caveat("shower-" + shower.code.lower(), f"{shower.name}: {shower.note}."),) if shower.note else ()
    return Estimate(rates[0], min(rates) / factor, max(rates) * factor, "1/hour", models=names, caveats=caveats)


def shower_flux(shower: Shower, longitude_rad: float, mass_kg: float = MASS_REFERENCE_kg) -> ShowerFlux:
    """The flux of a shower heavier than `mass_kg` on every published profile and magnitude-mass scale."""
    entry = entry_speed_m_s(shower, longitude_rad)
    branches, left_out = shower_branches(shower, entry)
    kept = []
    for branch in branches:
        faint = branch.mass_of(_FAINT_MAGNITUDE, entry)
        zhr = branch.zhr_per_h(np.array([longitude_rad]))[0]
        kept.append((branch.name, flux_heavier_per_m2_s(zhr, branch.population_ratio, mass_kg, faint)))
    logs = np.log([flux for _, flux in kept])
    return ShowerFlux(float(np.exp(logs.mean())), float(logs.std()), tuple(kept), left_out)


def entry_speed_m_s(shower: Shower, longitude_rad: float) -> float:
    """The speed at which meteors of a shower enter the atmosphere (100 km): the V of the magnitude-mass scales.

    >>> from whipple.environment.models.moorhead_activity import SHOWERS
    >>> geminids = next(one for one in SHOWERS if one.code == "GEM")
    >>> round(entry_speed_m_s(geminids, np.radians(262.0)))
    35764
    """
    _, _, far = shower.radiant(longitude_rad)
    return float(np.hypot(far, escape_speed_m_s(EARTH_RADIUS_m + ATMOSPHERE_m)))


def shower_branches(shower: Shower, entry_m_s: float) -> tuple[list[ShowerBranch], tuple[str, ...]]:
    """Every published profile on each magnitude-mass scale, and the names of those left out.

    A branch whose peak would more than double the sporadic flux at 105 J is left out ("a major shower at peak may double the
    total flux").
    """
    kept, left_out = [], []
    for profile in _profiles(shower):
        for scale, mass_of in SCALES.items():
            faint, name = mass_of(_FAINT_MAGNITUDE, entry_m_s), f"{profile.name}, {scale}"
            peak = flux_heavier_per_m2_s(profile.peak_zhr_per_h, profile.ratio, 2 * _DOUBLING_J / entry_m_s**2, faint)
            if peak > CROSS_SECTION_PER_PLATE_ratio * grun_flux_per_m2_s(2 * _DOUBLING_J / _SPORADIC_m_s**2):
                left_out.append(name)
            else:
                kept.append(ShowerBranch(name, scale, profile.ratio, mass_of, profile.zhr_per_h))
    return kept, tuple(left_out)


def _profiles(shower: Shower) -> list[_Profile]:
    found = [_Profile("NASA list", partial(zhr_history_per_h, shower), shower.peak_zhr, shower.population_ratio)]
    for branch in PROFILES.get(shower.code, ()):
        peak = max(zhr for _, zhr, _, _ in branch.components)
        history = partial(profile_history_per_h, branch)
        found.append(_Profile(branch.name, history, peak, branch.population_ratio))
    return found


def shower_stream(grid: SkyGrid, orbit: OrbitFacts, shower: Shower, track: ShowerTrack, hypothesis: str) -> Stream:
    """The stream of one shower: a cold beam deposited in the cells that it crosses along the orbit."""
    level = shower_flux(shower, orbit.solar_longitude_rad)
    s = mass_index(shower.population_ratio)
    density, frac = stream_density(shower.code)
    return Stream(
        name=shower.name,
        kind="shower",
        hypothesis=hypothesis,
        flux_per_m2_s=level.flux_per_m2_s * beam_ratio(grid, orbit, shower, track),
        mass_reference_kg=MASS_REFERENCE_kg,
        mass_kg=MASS_GRID_kg,
        number_ratio=(MASS_GRID_kg / MASS_REFERENCE_kg) ** (1 - s),
        density_kg_m3=density,
        density_frac=frac,
        level_factor=float(np.exp(np.hypot(np.log(LEVEL_factor), level.spread_nat))),
        models=("moorhead_activity", "koschack_rendtel_1990", *SCALES),
        sources=(*track.sources, "koschack_rendtel1990", "verniani1973", "jenniskens1994"),
        caveats=_caveats(shower, level),
    )


def beam_ratio(grid: SkyGrid, orbit: OrbitFacts, shower: Shower, track: ShowerTrack) -> Array:
    """Mean over the orbit of the relative flux over that far away (n_dir, n_speed): density ratio times v_rel / v_inf."""
    _, _, far = shower.radiant(orbit.solar_longitude_rad)
    ra, dec = track.right_ascension_rad, track.declination_rad
    radiant = np.array([np.cos(dec) * np.cos(ra), np.cos(dec) * np.sin(ra), np.sin(dec)])
    radius = np.linalg.norm(orbit.position_gcrs_m, axis=-1)
    ratio = (
        density_ratio(np.sum(orbit.position_gcrs_m * radiant, axis=-1) / radius, radius, far)
        * track.speed_m_s
        / far
        * track.visible
    )
    cells = np.zeros((len(grid.direction_lvlh), len(grid.speed_m_s)))
    np.add.at(cells, (grid.cell_of(track.arrival_dir_lvlh), grid.bin_of(track.speed_m_s)), ratio / len(ratio))
    return cells


def stream_density(code: str) -> tuple[Array, Array]:
    """Bulk densities (kg/m3) and their shares: the stream's own where one is published, else the two groups of meteoroids, evenly.

    >>> stream_density("GEM")[0].tolist(), stream_density("PER")[1].tolist()
    ([2900.0], [0.5, 0.5])
    """
    known = STREAM_DENSITY_kg_m3.get(code)
    if known is not None:
        return np.array([float(known)]), np.array([1.0])
    return np.array([LONG_PERIOD_kg_m3, SHORT_PERIOD_kg_m3], dtype=float), np.array([0.5, 0.5])


def _caveats(shower: Shower, level: ShowerFlux) -> tuple[Caveat, ...]:
    values = [flux for _, flux in level.branches]
    text = (
        f"{shower.name}: the mass of a meteor of a given brightness differs between three published scales; with the published "
        f"activity profiles the flux above 1e-6 g spans a factor of {max(values) / min(values):.0f}, and that mass lies below "
        "what showers are observed at (about 1e-4 g), so it is an extrapolation of their mass index."
    )
    if level.left_out:
        text += f" Left out, because they would more than double the total flux: {'; '.join(level.left_out)}."
    found = [Caveat("shower-mass-scale", text)]
    if shower.code not in STREAM_DENSITY_kg_m3:
        text = f"{shower.name}: no bulk density is published; 857 and 3792 kg/m3 are taken as equally likely."
        found.append(Caveat("shower-density", text))
    return tuple(found)
