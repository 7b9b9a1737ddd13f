"""Write the flux tensors of a run of the clouds, whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from whipple.environment.debris_tensors import DebrisTensors

__all__ = ["write_tensors"]


def write_tensors(tensors: DebrisTensors, path: Path | str) -> Path:
    """An .npz of arrays (flux as 4-byte floats), written under a temporary name beside its place and then moved there."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    waiting = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with waiting.open("wb") as file:
            np.savez_compressed(
                file,
                month=tensors.month,
                size_m=tensors.size_m,
                flux_per_m2_s=tensors.flux_per_m2_s.astype(np.float32),
                ship_radius_m=tensors.ship.radius_m,
                ship_inclination_rad=tensors.ship.inclination_rad,
                sampling_ratio=tensors.sampling_ratio,
                spread_ratio=tensors.spread_ratio,
                models=np.array(tensors.models),
                sources=np.array(tensors.sources),
                anchored=tensors.anchored,
            )
        os.replace(waiting, path)
    finally:
        waiting.unlink(missing_ok=True)
    return path
