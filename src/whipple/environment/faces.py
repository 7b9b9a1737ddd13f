"""What a face, a sphere or an orientation gets of a stream: face flux and cross-sectional flux are never confused."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from whipple.casefile.findings.sky import Sky, Stream

__all__ = ["FACES_LVLH", "cross_section_flux_per_m2_s", "face_flux_per_m2_s", "mean_speed_m_s"]

#: Outward normals of a cube in LVLH.
FACES_LVLH: dict[str, tuple[float, float, float]] = {
    "ram": (1.0, 0.0, 0.0),
    "wake": (-1.0, 0.0, 0.0),
    "port": (0.0, -1.0, 0.0),
    "starboard": (0.0, 1.0, 0.0),
    "zenith": (0.0, 0.0, -1.0),
    "nadir": (0.0, 0.0, 1.0),
}


def cross_section_flux_per_m2_s(stream: Stream, mass_kg: float | None = None) -> float:
    """Flux per m2 of projected area (a sphere) heavier than `mass_kg` (the stream's reference if None)."""
    ratio = 1.0 if mass_kg is None else float(stream.heavier_than(mass_kg))
    return float(stream.flux_per_m2_s.sum() * ratio)


def face_flux_per_m2_s(sky: Sky, stream: Stream, normal_lvlh: npt.ArrayLike, mass_kg: float | None = None) -> float:
    """Flux on an unshadowed face of this outward normal, per m2 of face: the sum of flux times max(0, n.d)."""
    cosine = np.maximum(sky.direction_lvlh @ np.asarray(normal_lvlh, dtype=float), 0.0)
    ratio = 1.0 if mass_kg is None else float(stream.heavier_than(mass_kg))
    return float(np.sum(cosine * stream.flux_per_m2_s.sum(axis=1)) * ratio)


def mean_speed_m_s(sky: Sky, stream: Stream) -> float:
    """Flux-weighted mean relative speed; nan for a stream without flux."""
    total = stream.flux_per_m2_s.sum()
    return float(stream.flux_per_m2_s.sum(axis=0) @ sky.speed_m_s / total) if total > 0 else float("nan")
