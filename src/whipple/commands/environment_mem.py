"""`whipple environment mem-import` and `igloo-export`: output of NASA's MEM 3 in, our own sky out in its layout."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from whipple.environment.mem_files import MemRun

__all__ = ["app", "igloo_export", "mem_import"]

app = typer.Typer(help="Output of NASA's Meteoroid Engineering Model in, our own sky out.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="print JSON")]


@app.command("mem-import")
def mem_import(
    file: Annotated[
        list[Path], typer.Argument(help="results folder of a run, or one of its files; several: rising masses")
    ],
    mass: Annotated[str | None, typer.Option(help="limiting mass, when info.txt and options.txt are not there")] = None,
    as_json: Json = False,
) -> None:
    """What is in MEM 3 output: both density populations, sphere and faces, mean speeds, and whether its files agree.

    Reads igloo_avg.txt, flux_avg.txt and cube_avg.txt, and refuses what is cut short, negative, of unknown columns, or grows
    with mass. In Python, `mem_streams` and `with_mem` (whipple.environment.imported) put the flux into a sky.

    \b
    whipple environment mem-import results/run-1
    whipple environment mem-import results/run-1/HiDensity/igloo_avg.txt --mass "1e-6 g" --json
    whipple environment mem-import results/run-1e-6 results/run-1e-5 results/run-1e-4
    """
    from whipple.casefile.units import parse_quantity
    from whipple.environment.imported import mass_law
    from whipple.environment.read_mem_run import read_mem_run

    mass_kg = None if mass is None else parse_quantity(mass, "kg", "--mass")
    runs = [read_mem_run(path) for path in file]
    law = mass_law(runs, mass_kg)[1] if len(runs) > 1 else None
    answer: dict[str, Any] = {"runs": [_run(run, mass_kg) for run in runs]}
    if law is not None:
        answer["mass_law"] = {"mass_kg": law[1].tolist(), "number_ratio": law[2].tolist()}
    typer.echo(json.dumps(answer, sort_keys=True) if as_json else _table(answer))


def _run(run: MemRun, mass_kg: float | None) -> dict[str, Any]:
    """One run in words for JSON: SI, what each population holds."""
    names = sorted({*run.directions, *run.cubes})
    return {
        "path": run.path, "mass_kg": run.mass_kg or mass_kg, "axes": run.axes,
        "populations": [_population(run, name) for name in names],
    }  # fmt: skip


def _population(run: MemRun, name: str) -> dict[str, Any]:
    from whipple.environment.imported import face_closure_ratio
    from whipple.environment.mem_export import as_cube
    from whipple.environment.mem_files import CUBE_COLUMNS

    cube, file = run.cubes.get(name), run.directions.get(name)
    shown = cube or (as_cube(file) if file else None)
    assert shown is not None
    count = 12 if cube else 6
    faces = zip(CUBE_COLUMNS[:count], shown.face_per_m2_s, shown.face_speed_m_s, strict=False)
    return {
        "name": name, "directions": file.kind if file else None, "cells": len(file.cells.band) if file else 0,
        "cross_section_per_m2_s": shown.cross_section_per_m2_s,
        "faces": {face: {"flux_per_m2_s": float(flux), "mean_speed_m_s": float(speed)} for face, flux, speed in faces},
        "directions_over_cube": face_closure_ratio(run, name) if cube and file else None,
    }  # fmt: skip


def _table(answer: dict[str, Any]) -> str:
    from whipple.environment.mem_files import CUBE_COLUMNS
    from whipple.physics.constants import YEAR_s

    lines = ["Per m2 and year; sphere: per m2 of cross-section; faces: per m2 of face, mean km/s below."]
    for run in answer["runs"]:
        mass = f"heavier than {run['mass_kg'] * 1e3:.3g} g" if run["mass_kg"] else "limiting mass not said: give --mass"
        lines.append(f"{run['path']}: {mass}; axes {run['axes'] or 'not said'}")
        lines.append(f"{'population':<22}{'sphere':>11}" + "".join(f"{face:>11}" for face in CUBE_COLUMNS[:6]))
        for item in run["populations"]:
            faces = [item["faces"][face] for face in CUBE_COLUMNS[:6]]
            numbers = "".join(f"{face['flux_per_m2_s'] * YEAR_s:>11.3e}" for face in faces)
            lines.append(f"{item['name']:<22}{item['cross_section_per_m2_s'] * YEAR_s:>11.3e}{numbers}")
            lines.append(" " * 33 + "".join(f"{face['mean_speed_m_s'] / 1e3:>11.1f}" for face in faces))
            lines.append("  " + _agreement(item))
    if law := answer.get("mass_law"):
        pairs = zip(law["mass_kg"], law["number_ratio"], strict=True)
        lines.append(
            "number above a mass: " + ", ".join(f"{ratio:.3g} above {mass * 1e3:.3g} g" for mass, ratio in pairs)
        )
    return "\n".join(lines)


def _agreement(item: dict[str, Any]) -> str:
    """Do the directions give the cube of the same run?"""
    ratio = item["directions_over_cube"]
    if ratio is None:
        return f"{item['directions']} file, no cube beside it" if item["directions"] else "a cube alone: no directions"
    worst = max(ratio, key=lambda face: abs(ratio[face] - 1))
    return f"{item['directions']} file against the cube: sphere {ratio['sphere']:.4f}, worst {worst} {ratio[worst]:.4f}"


@app.command("igloo-export")
def igloo_export(
    case: Annotated[str, typer.Argument(help="a bundled case by name, or a case folder")],
    out: Annotated[Path, typer.Option("--out", help="folder to write to; one folder a stream below it")],
    as_json: Json = False,
) -> None:
    """Write the sky of a case in the layout of MEM 3 results: igloo_avg.txt, cube_avg.txt and info.txt for each stream.

    Cells of 5 degrees and 1 km/s, x ram, y port, z zenith, flux per m2 and year heavier than the limiting mass in info.txt.

    \b
    whipple environment igloo-export soyuz-ms22 --out igloo
    whipple environment mem-import igloo/sporadic-meteoroids
    """
    from whipple.casefile.read_case import read_case
    from whipple.commands.folders import case_folder
    from whipple.environment import what_was_there
    from whipple.environment.write_igloo import write_sky

    sky = what_was_there(read_case(case_folder(case)))
    folders = write_sky(sky, out)
    rows = [
        {"stream": stream.name, "folder": str(folder), "cross_section_per_m2_s": float(stream.flux_per_m2_s.sum()),
         "mass_kg": stream.mass_reference_kg}
        for stream, folder in zip(sky.streams, folders, strict=True)
    ]  # fmt: skip
    if as_json:
        typer.echo(json.dumps({"streams": rows}, sort_keys=True))
        return
    for row in rows:
        typer.echo(f"{row['stream']}: {row['folder']}")
