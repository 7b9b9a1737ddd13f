"""`whipple imagery`: the size of a hole in one picture, without a case."""

from __future__ import annotations

import json
from math import isfinite
from pathlib import Path
from typing import Annotated, Any

import typer

__all__ = ["app"]

app = typer.Typer(help="What do the pictures show, and where should the camera look next?", no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Keeps `measure` a verb of its own."""


@app.command()
def measure(
    image: Annotated[Path, typer.Argument(help="PNG, JPEG or TIFF")],
    scale_px: Annotated[float, typer.Option(help="pixels that the known feature spans")],
    scale_length: Annotated[str, typer.Option(help='its length, e.g. "10 mm"')],
    at: Annotated[
        str,
        typer.Option(
            help="a point inside the hole, X,Y in pixels from the top left; the darkest enclosed spot if empty"
        ),
    ] = "",
    incidence: Annotated[
        str, typer.Option(help='angle between line of sight and surface normal, e.g. "20 deg"; face on if empty')
    ] = "",
    scale_along: Annotated[
        str, typer.Option(help="tilt axis, tilt or unknown: how the feature lies against the tilt")
    ] = "unknown",
    distance: Annotated[str, typer.Option(help='camera to hole, e.g. "1.2 m"')] = "",
    offset: Annotated[
        str, typer.Option(help='how much farther from the camera than the hole the feature lies, e.g. "30 mm"')
    ] = "",
    lens: Annotated[str, typer.Option(help="calibrated, self-calibrated, none or unknown")] = "unknown",
    seed: Annotated[int, typer.Option(min=0, help="seed of the injected holes")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="print JSON")] = False,
) -> None:
    """The diameter of a hole with its error budget.

    \b
    whipple imagery measure hole.png --at 525,288 --scale-px 151 --scale-length "10 mm"
    whipple imagery measure hole.png --at 525,288 --scale-px 151 --scale-length "10 mm" --incidence "20 deg" --json
    """
    import numpy as np

    from whipple.casefile.read_image import read_image
    from whipple.imagery import measure_picture

    values: dict[str, Any] = {
        "name": image.name, "file": str(image), "part": "the surface", "scale_px": scale_px, "scale_length": scale_length,
        "scale_along": scale_along, "lens": lens, "known": "1970-01-01", "source": "command line",
        **({"hole_px": _point(at)} if at else {}),
        **{key: text for key, text in (("incidence", incidence), ("distance", distance), ("plane_offset", offset)) if text},
    }  # fmt: skip
    found = measure_picture(read_image(image), _table(values), np.random.default_rng(seed))
    typer.echo(json.dumps(_plain(found), sort_keys=True) if as_json else _told(found))


def _table(values: dict[str, Any]) -> Any:
    from pydantic import ValidationError

    from whipple.casefile.problems import problems_of
    from whipple.casefile.tables.image import ImageTable
    from whipple.errors import CaseError

    try:
        return ImageTable.model_validate(values)
    except ValidationError as error:
        raise CaseError(problems_of("command line", "option", ImageTable, error)) from None


def _point(text: str) -> tuple[float, float]:
    from whipple.errors import RangeError

    try:
        x, y = (float(part) for part in text.split(","))
        if not (isfinite(x) and isfinite(y)):
            raise ValueError
    except ValueError:
        raise RangeError("--at", "point", repr(text), "two numbers X,Y", "--at 525,288") from None
    return x, y


def _plain(found: Any) -> dict[str, Any]:
    size = found.diameter_m
    return {
        "diameter_m": {"median": size.median, "low": size.low, "high": size.high, "bound": size.bound},
        "across_px": found.across_px, "axis_ratio": found.axis_ratio, "scale_m_per_px": found.scale_m,
        "budget": [{"term": t.term, "sigma_frac": t.sigma_frac, "how": t.how} for t in found.budget],
        "caveats": [{"code": c.code, "text": c.text} for c in found.caveats], "sentence": found.sentence,
    }  # fmt: skip


def _told(found: Any) -> str:
    rows = [found.sentence, "", f"{'error term':<28}{'1-sigma':>9}  how"]
    rows += [f"{term.term:<28}{term.sigma_frac:>9.1%}  {term.how}" for term in found.budget]
    return "\n".join([*rows, "", *(caveat.text for caveat in found.caveats)])
