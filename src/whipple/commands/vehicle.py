"""`whipple vehicle`: is a mesh fit for rays?"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

__all__ = ["app"]

app = typer.Typer(
    help="What does the vehicle look like, where is everything, and what sees what?", no_args_is_help=True
)


@app.callback()
def _group() -> None:
    """Keeps `check` a verb of its own."""


@app.command()
def check(
    mesh: Annotated[Path, typer.Argument(help="an OBJ, STL, PLY or GLB file")],
    units: Annotated[str, typer.Option(help="length unit of the file: m, cm, mm, in or ft")],
    axes: Annotated[str, typer.Option(help="file axes that give the vehicle's X, Y, Z")] = "+x +y +z",
    handedness: Annotated[str, typer.Option(help="of the file's own axes: right or left")] = "right",
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """What is wrong with a mesh: open edges, winding, copies, empty triangles, a wrong unit. Exit code 3 when anything is.

    \b
    whipple vehicle check station.obj --units m
    whipple vehicle check station.obj --units m --axes "+x +z +y" --handedness left --json
    """
    from whipple.errors import CaseError
    from whipple.vehicle.read_mesh import mesh_problems, read_mesh
    from whipple.vehicle.read_vehicle import mesh_table

    table = mesh_table(mesh.name, units, axes.split(), handedness)
    shapes = read_mesh(mesh.parent, table)
    problems = mesh_problems(table, shapes.health)
    if as_json:
        health = asdict(shapes.health) | {"groups": sorted(shapes.groups), "closed": shapes.health.closed}
        typer.echo(json.dumps(health | {"problems": [asdict(problem) for problem in problems]}, sort_keys=True))
    else:
        typer.echo(f"{mesh.name}: {shapes.health.triangle_count} triangles in {len(shapes.groups)} groups")
    if problems:
        raise CaseError(problems)
    if not as_json:
        typer.echo("no problem found")
