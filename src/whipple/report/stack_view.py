"""What the 3-D view of the stack needs, packed small: 16-bit corners, one byte a facet and stream, deflated, base64."""

from __future__ import annotations

import base64
import json
import zlib
from typing import Any

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.casefile.findings.sky import Sky
from whipple.casefile.findings.strikes import Strikes
from whipple.report.formats import value_in
from whipple.vehicle.stack import Stack

__all__ = ["arrows", "pack", "shades", "stack_payload"]

#: Facet rates are drawn over this many decades below the highest; lower ones share the first colour.
DECADES = 3.0


def pack(array: npt.NDArray[Any]) -> str:
    """An array's bytes (little endian), deflated, as base64 text.

    >>> zlib.decompress(base64.b64decode(pack(np.array([1, 2], dtype="<u2")))).hex()
    '01000200'
    """
    return base64.b64encode(zlib.compress(np.ascontiguousarray(array).tobytes(), 9)).decode()


def shades(rate_per_m2_s: Array) -> tuple[npt.NDArray[np.uint8], float]:
    """Rates (n,) as bytes: 0 never struck, 1..255 the logarithm over `DECADES` below the highest; and the highest.

    >>> shades(np.array([0.0, 1e-9, 1e-6]))[0].tolist()
    [0, 1, 255]
    """
    top = float(rate_per_m2_s.max()) if rate_per_m2_s.size else 0.0
    if top <= 0:
        return np.zeros(rate_per_m2_s.shape, dtype=np.uint8), 0.0
    with np.errstate(divide="ignore"):
        level = 1 + 254 * np.clip(1 + np.log10(rate_per_m2_s / top) / DECADES, 0, 1)
    return np.where(rate_per_m2_s > 0, np.round(level), 0).astype(np.uint8), top


def arrows(stack: Stack, sky: Sky | None, strikes: Strikes | None) -> list[dict[str, Any]]:
    """Directions from which light and particles arrive at the epoch, and the site's normal, in body axes."""
    turn = stack.body_from_lvlh
    named: list[tuple[str, str, Array, bool]] = [
        ("ram", "axis", np.array([1.0, 0, 0]), True),
        ("nadir", "axis", np.array([0, 0, 1.0]), True),
    ]
    if sky is not None:
        named.append(("Sun", "sun", sky.orbit.sun_dir_lvlh[0], True))
        named += [
            (track.name, "shower", track.arrival_dir_lvlh[0], bool(track.visible[0] > 0.5)) for track in sky.showers
        ]
    found = [
        {"name": name, "kind": kind, "dir": _rounded(turn @ direction), "up": up} for name, kind, direction, up in named
    ]
    normals = stack.site_normal_body[:: max(1, len(stack.site_normal_body) // 12)]
    return found + [
        {"name": "site normal" if i == 0 else "", "kind": "normal", "dir": _rounded(normal), "up": True}
        for i, normal in enumerate(normals)
    ]


def _rounded(vector: Array) -> list[float]:
    return [round(float(v), 4) + 0.0 for v in vector]


def stack_payload(stack: Stack, sky: Sky | None, strikes: Strikes | None) -> str:
    """The JSON text that the 3-D view reads."""
    surfaces = stack.surfaces
    low, high = surfaces.vertex_m.min(axis=0), surfaces.vertex_m.max(axis=0)
    step = np.where(high > low, (high - low) / 65535.0, 1.0)
    corners = np.round((surfaces.vertex_m - low) / step).astype("<u2")
    streams = []
    rates = strikes.facet_strike_per_m2_s if strikes is not None else np.zeros((0, len(surfaces.triangle)))
    layers = (
        [("all streams", rates.sum(axis=0)), *zip(strikes.stream_names, rates, strict=True)]
        if strikes is not None and len(rates)
        else []
    )
    for name, rate in layers:
        level, top = shades(rate)
        streams.append({"name": name, "top": float(f"{value_in(top, 'per m² and year'):.4g}"), "shade": pack(level)})
    whole = {
        "low": _rounded(low),
        "step": [float(f"{v:.8g}") for v in step],
        "corners": pack(corners),
        "triangles": pack(surfaces.triangle.astype("<u4")),
        "part": pack(surfaces.part_index.astype("<u2")),
        "parts": [part.name for part in surfaces.parts],
        "decades": DECADES,
        "streams": streams,
        "arrows": arrows(stack, sky, strikes),
        "site": _rounded(stack.site_m),
        "sitePart": stack.site_part,
    }
    return json.dumps(whole, sort_keys=True, separators=(",", ":"), ensure_ascii=False).replace("</", "<\\/")
