"""MEM 3 output as a sky of ours: units, axes, two densities, a mass law; and its own checks of itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Caveat
from whipple.casefile.findings.sky import Sky, Stream
from whipple.environment.grid import SkyGrid
from whipple.environment.mem_files import CUBE_COLUMNS, HIGH, LOW, DirectionFile, MemRun
from whipple.environment.mem_grid import Igloo, lvlh_direction
from whipple.environment.models.grun_1985 import grun_flux_per_m2_s
from whipple.environment.models.moorhead_2017 import LONG_PERIOD_kg_m3, SHORT_PERIOD_kg_m3
from whipple.environment.sporadic import LEVEL_factor, MASS_GRID_kg
from whipple.errors import CaseError, EvidenceError, Problem

__all__ = ["face_closure_ratio", "mass_law", "mem_streams", "regrid", "spread_cells", "with_mem"]

Array = npt.NDArray[np.float64]

#: Bulk density of a population, by the name of its folder; anything else is read as the high one, which pierces more.
_DENSITY_kg_m3 = {HIGH: SHORT_PERIOD_kg_m3, LOW: LONG_PERIOD_kg_m3}
#: A cell is spread as this many by this many equal parts when it is brought to another grid.
_PARTS = 8


def mem_streams(
    runs: Sequence[MemRun], grid: SkyGrid, hypothesis: str = "sporadic", mass_kg: float | None = None
) -> tuple[Stream, ...]:
    """One stream per density population of a MEM 3 run, on a grid of ours in LVLH (MEM: x ram, y port, z zenith).

    Several `runs` of the same orbit at rising limiting masses give the mass law; of one run it is Grün's. `mass_kg`: the
    limiting mass when the run does not say it. Total flux is kept exactly; faces to the size of a cell. Raises EvidenceError
    (no directions, only cubes; no limiting mass), CaseError (axes not those of the body; flux that grows with mass).
    """
    first, law = mass_law(runs, mass_kg)
    if not first.directions:
        missing = "igloo_avg.txt or flux_avg.txt: a cube holds face fluxes, not directions"
        raise EvidenceError("mem-import", missing, "run MEM with igloo files switched on")
    if first.axes in ("eq", "ec"):
        found = f"output axes '{first.axes}'"
        raise CaseError(
            [Problem(first.path, "options.txt line 11", found, "'bo', body axes", "run MEM with output axes bo")]
        )
    return tuple(_stream(name, file, grid, hypothesis, law) for name, file in first.directions.items())


def _stream(name: str, file: DirectionFile, grid: SkyGrid, hypothesis: str, law: tuple[float, Array, Array]) -> Stream:
    mass_kg, masses, ratio = law
    density = float(_DENSITY_kg_m3.get(name, SHORT_PERIOD_kg_m3))
    return Stream(
        name=f"MEM 3 {name}",
        kind="sporadic",
        hypothesis=hypothesis,
        flux_per_m2_s=regrid(file.cells, file.speed_m_s, file.flux_per_m2_s, grid),
        mass_reference_kg=mass_kg,
        mass_kg=masses,
        number_ratio=ratio,
        density_kg_m3=np.array([density]),
        density_frac=np.array([1.0]),
        level_factor=float(LEVEL_factor),
        models=(*(("grun_1985",) if masses is MASS_GRID_kg else ()), "moorhead_2017"),
        sources=("mem_guide", "grun1985", "moorhead2017"),
        caveats=_caveats(name, density, own_masses=masses is not MASS_GRID_kg),
    )


def _caveats(name: str, density: float, *, own_masses: bool) -> tuple[Caveat, ...]:
    law = "the runs themselves" if own_masses else "Grün's law, as MEM 3 itself scales"
    return (
        Caveat(
            "mem-import",
            f"Flux of {name} read from MEM 3 output, which states no uncertainty; a factor of {float(LEVEL_factor):g} (1 sigma) "
            f"is ours. Numbers above other masses follow {law}. No showers are in it.",
        ),
        Caveat(
            "mem-density",
            f"MEM's density distribution is not in its flux files: one density of {density:.0f} kg/m3 (the median of the "
            "population, quoted from memory of Moorhead et al. 2017) stands for all of it.",
        ),
    )


def mass_law(runs: Sequence[MemRun], mass_kg: float | None = None) -> tuple[MemRun, tuple[float, Array, Array]]:
    """The run of the least mass, and (its mass, masses, number above each over that above its own).

    Raises EvidenceError when a mass is not known, CaseError when two runs share one or the flux grows with mass.
    """
    known = [(run.mass_kg or mass_kg, run) for run in runs]
    masses = [mass for mass, _ in known if mass is not None]
    if len(masses) < len(known) or not masses:
        raise EvidenceError("mem-import", "limiting mass in info.txt or options.txt", 'give it: --mass "1e-6 g"')
    order = np.argsort(masses)
    mass, ranked = np.array(masses)[order], [known[i][1] for i in order]
    if len(ranked) == 1:
        number = grun_flux_per_m2_s(MASS_GRID_kg) / grun_flux_per_m2_s(mass[0])
        return ranked[0], (float(mass[0]), MASS_GRID_kg, number)
    total = np.array([_total(run) for run in ranked])
    bad = np.flatnonzero((np.diff(total) > 0) | (np.diff(mass) <= 0))
    if len(bad):
        one, other = ranked[bad[0]], ranked[bad[0] + 1]
        found = f"{total[bad[0] + 1]:.4g} per m2 s above {mass[bad[0] + 1]:.3g} kg, {total[bad[0]]:.4g} above {mass[bad[0]]:.3g} kg"
        expected = f"fewer above a greater mass than in {one.path}"
        raise CaseError([Problem(other.path, "cumulative flux", found, expected, "check which run is which")])
    return ranked[0], (float(mass[0]), mass, total / total[0])


def _total(run: MemRun) -> float:
    files = run.directions.values()
    return float(sum(f.flux_per_m2_s.sum() for f in files) or sum(c.cross_section_per_m2_s for c in run.cubes.values()))


def spread_cells(cells: Igloo) -> tuple[Array, npt.NDArray[np.int64]]:
    """Every cell as equal parts: LVLH directions (n * parts, 3) and the cell (n * parts,) of each."""
    part = (np.arange(_PARTS) + 0.5) / _PARTS
    low, high = (np.sin(np.radians(edge))[:, None, None] for edge in (cells.low_phi_deg, cells.high_phi_deg))
    phi = np.degrees(np.arcsin(low + (high - low) * part[:, None]))
    theta = cells.low_theta_deg[:, None, None] + (cells.high_theta_deg - cells.low_theta_deg)[:, None, None] * part
    phi, theta = np.broadcast_arrays(phi, theta)
    return lvlh_direction(phi, theta).reshape(-1, 3), np.repeat(np.arange(len(cells.band)), _PARTS**2)


def regrid(cells: Igloo, speed_m_s: Array, flux: Array, grid: SkyGrid) -> Array:
    """Flux (n_cell, n_speed) of igloo cells brought to our cells and speed bins by equal parts; the sum is kept.

    >>> from whipple.environment.grid import sky_grid
    >>> from whipple.environment.mem_grid import igloo
    >>> one = np.zeros((1652, 40)); one[800, 10] = 1.0
    >>> round(float(regrid(igloo(), np.arange(1e3, 80e3, 2e3), one, sky_grid()).sum()), 12)
    1.0
    """
    direction, cell = spread_cells(cells)
    into = np.zeros((len(grid.direction_lvlh), flux.shape[1]))
    np.add.at(into, grid.cell_of(direction), flux[cell] / _PARTS**2)
    return into @ _speed_shares(speed_m_s, grid.speed_m_s)


def _speed_shares(old_m_s: Array, new_m_s: Array) -> Array:
    """Share (n_old, n_new) of an old speed bin that falls into each new one; what is faster than all goes to the last."""
    half, width = (old_m_s[1] - old_m_s[0]) / 2, new_m_s[1] - new_m_s[0]
    edges = np.append(new_m_s - width / 2, np.inf)
    low, high = (old_m_s - half)[:, None], (old_m_s + half)[:, None]
    overlap = np.minimum(high, edges[1:]) - np.maximum(low, edges[:-1])
    return np.asarray(np.maximum(overlap, 0.0) / (2 * half))


def with_mem(sky: Sky, streams: Sequence[Stream]) -> Sky:
    """The same sky with its sporadic streams replaced by imported ones (on the grid of the sky); showers and debris stay."""
    cells = (len(sky.direction_lvlh), len(sky.speed_m_s))
    if any(stream.flux_per_m2_s.shape != cells for stream in streams):
        found = f"streams of {[stream.flux_per_m2_s.shape for stream in streams]} cells"
        raise CaseError(
            [
                Problem(
                    "mem-import", "", found, f"the {cells} of the sky", "make them with mem_streams(runs, sky_grid())"
                )
            ]
        )
    kept = tuple(stream for stream in sky.streams if stream.kind != "sporadic")
    text = (
        "The sporadic meteoroids of this sky are imported MEM 3 output, not this project's model; its files do not say for which orbit and dates "
        "it was run: it is taken to be for these."
    )
    given = {stream.name.removeprefix("MEM 3 ") for stream in streams} & {HIGH, LOW}
    if len(given) == 1:
        absent = LOW if HIGH in given else HIGH
        text += f" Only {given.pop()} was given: {absent} is missing, so the flux is too low."
    return replace(sky, streams=(*streams, *kept), caveats=(*sky.caveats, Caveat("mem-sporadic", text)))


def face_closure_ratio(run: MemRun, name: str) -> dict[str, float]:
    """Fluxes of the directional file over those of the cube of a population: the sphere and the six faces of the body.

    They must agree within the size of a cell; faces that get less than 1e-3 of the sphere are left out.
    """
    file, cube = run.directions[name], run.cubes[name]
    direction, cell = spread_cells(file.cells)
    total = file.flux_per_m2_s.sum(axis=1)
    ratio = {"sphere": float(total.sum() / cube.cross_section_per_m2_s)}
    axes = np.array([[1, 0, 0], [-1, 0, 0], [0, -1, 0], [0, 1, 0], [0, 0, -1], [0, 0, 1]], dtype=float)
    for face, normal, theirs in zip(CUBE_COLUMNS, axes, cube.face_per_m2_s, strict=False):
        if theirs > 1e-3 * cube.cross_section_per_m2_s:
            ours = np.sum(np.maximum(direction @ normal, 0.0) * total[cell]) / _PARTS**2
            ratio[face] = float(ours / theirs)
    return ratio
