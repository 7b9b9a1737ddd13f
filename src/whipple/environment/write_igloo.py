"""Writing a sky in the layout of MEM 3 results: `igloo_avg.txt`, `cube_avg.txt` and an `info.txt` that says whose it is.

More digits than MEM writes (13 instead of 7), so that nothing is lost on the way back; the columns are the same.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from whipple.casefile.findings.sky import Sky, Stream
from whipple.environment.mem_export import as_cube, as_igloo
from whipple.environment.mem_files import CubeFile, DirectionFile
from whipple.physics.constants import YEAR_s

__all__ = ["write_cube", "write_igloo", "write_sky"]

_CELL_HEAD = "#  ID   I   J   PHI1   PHI2 THETA1 THETA2 PHIavg THETAavg"
_ZERO = f" {0:.12e}"
_CUBE_HEAD = (
    "+x ram", "-x wake", "+y port", "-y starboard", "+z zenith", "-z nadir",
    "Earth", "Sun", "anti-Sun", "rot (x)", "rot (y)", "rot (z)",
)  # fmt: skip


def write_sky(sky: Sky, folder: Path) -> list[Path]:
    """Every stream of a sky in a folder of its own name below `folder`; the folders written.

    An existing file of the same name is overwritten.
    """
    return [
        _write_stream(sky, stream, folder / re.sub(r"[^a-z0-9]+", "-", stream.name.lower()).strip("-"))
        for stream in sky.streams
    ]


def _write_stream(sky: Sky, stream: Stream, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    cells = as_igloo(sky, stream)
    write_igloo(cells, folder / "igloo_avg.txt")
    write_cube(as_cube(cells), folder / "cube_avg.txt")
    (folder / "info.txt").write_text(_info(stream), encoding="utf-8")
    return folder


def _info(stream: Stream) -> str:
    groups = ", ".join(
        f"{share:.3f} at {density:.0f} kg/m3"
        for density, share in zip(stream.density_kg_m3, stream.density_frac, strict=True)
    )
    lines = [
        "Written by whipple in the layout of NASA's Meteoroid Engineering Model (MEM) 3. NOT output of MEM.",
        f"Stream:               {stream.name} ({stream.kind})",
        f"Limiting mass:        10^{np.log10(stream.mass_reference_kg * 1e3):.9g} grams",
        f"Density groups:       {groups}",
        f"Level, 1 sigma:       a factor of {stream.level_factor:.2f}",
        f"Models:               {', '.join(stream.models)}",
        "Axes:                 x ram, y port, z zenith; angles are where particles come from",
        "Cube:                 the columns Earth, Sun, anti-Sun and rot are not computed and hold 0",
        *(f"Caveat {caveat.code}: {caveat.text}" for caveat in stream.caveats),
    ]
    return "\n".join(lines) + "\n"


def write_igloo(file: DirectionFile, path: Path) -> None:
    """An igloo file: cell edges in degrees, flux per m2 and year by bin, speed bins labelled by their middles in km/s."""
    cells, year = file.cells, file.flux_per_m2_s * YEAR_s
    speeds = "".join(f"{speed / 1e3:>20.1f}" for speed in file.speed_m_s)
    head = [
        f"# {len(cells.band)} rows of flux data",
        f"# {len(file.speed_m_s)} columns of flux data",
        "#",
        "# flux is distributed by angle and speed:",
        "# angle values give boundaries and center of angular bin (degrees)",
        "# numeric column labels give midpoint of speed range (km/s)",
        "#",
        _CELL_HEAD + speeds,
    ]
    edges = (
        cells.low_phi_deg,
        cells.high_phi_deg,
        cells.low_theta_deg,
        cells.high_theta_deg,
        cells.phi_deg,
        cells.theta_deg,
    )
    rows = []
    for i, values in enumerate(year.tolist()):
        place = f"{i + 1:5d} {cells.band[i]:3d} {cells.place[i]:3d} " + " ".join(f"{edge[i]:6.2f}" for edge in edges)
        rows.append(place + "".join(f" {value:.12e}" if value else _ZERO for value in values))
    path.write_text("\n".join([*head, *rows]) + "\n\n\n", encoding="utf-8")


def write_cube(cube: CubeFile, path: Path) -> None:
    """A cube file: the sphere, twelve faces with mean speeds and totals, and their flux by speed bin, per m2 and year."""
    columns = "".join(f"{name:>20}" for name in _CUBE_HEAD)
    head = [
        f"# {len(cube.speed_m_s)} rows of flux data",
        f"# {len(_CUBE_HEAD)} columns of flux data",
        "# ",
        f"# total cross-sectional flux  {cube.cross_section_per_m2_s * YEAR_s:.12e} /m^2/yr",
        "#",
        "#" + " " * 22 + columns,
        "# average speed (km/s)  " + "".join(f"{speed / 1e3:>20.4f}" for speed in cube.face_speed_m_s),
        "# total flux (#/m2/yr)  " + "".join(f"{face * YEAR_s:>20.12e}" for face in cube.face_per_m2_s),
        "# velocity (km/s)",
    ]
    rows = [
        f"{speed / 1e3:8.1f}" + " " * 15 + "".join(f" {value * YEAR_s:.12e}" for value in row)
        for speed, row in zip(cube.speed_m_s, cube.flux_per_m2_s, strict=True)
    ]
    path.write_text("\n".join([*head, *rows]) + "\n\n\n", encoding="utf-8")
