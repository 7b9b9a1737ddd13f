"""What reaches the suspect site from one stream: face flux by speed, incidence and density, and how it falls with size."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from whipple.casefile.estimate import Array
from whipple.casefile.findings.sky import Sky, Stream
from whipple.casefile.findings.strikes import Strikes

__all__ = ["Cells", "site_cells"]

_COSINE_BINS = 12
#: Cells that carry less than this share of the stream are left out, and the rest scaled up to the same total.
_LEAST_SHARE = 1e-4


@dataclass(frozen=True)
class Cells:
    """Arrivals at the site, one cell a row (n,): face flux heavier than the stream's reference mass, and the shot they make."""

    flux_per_m2_s: Array
    speed_m_s: Array
    incidence_rad: Array
    density_kg_m3: Array


def site_cells(sky: Sky, strikes: Strikes, stream: Stream) -> Cells:
    """The arrivals of one stream at the suspect site, empty when it cannot reach it.

    The angles come from the sky's directions, the site's possible normals and its view of the sky; the level of each normal and speed
    is what exposure found.
    """
    cosine = np.maximum(sky.direction_lvlh @ strikes.site_normal_lvlh.T, 0.0)
    weight = (cosine * strikes.site_open.T)[:, :, None] * stream.flux_per_m2_s[:, None, :]
    face = strikes.site_flux_per_m2_s[strikes.stream_names.index(stream.name)] * strikes.site_normal_frac[:, None]
    shape = weight.sum(axis=0)
    weight *= np.divide(face, shape, out=np.zeros_like(face), where=shape > 0)[None, :, :]
    return _with_density(_binned(weight, cosine, sky.speed_m_s), stream)


def _binned(weight: Array, cosine: Array, speed_m_s: Array) -> tuple[Array, Array, Array]:
    """Flux, speed and mean cosine by cosine bin and speed, from the weights (n_dir, n_normal, n_speed)."""
    row = np.minimum((cosine * _COSINE_BINS).astype(int), _COSINE_BINS - 1).ravel()
    flat = weight.reshape(-1, weight.shape[2])
    flux = np.zeros((_COSINE_BINS, flat.shape[1]))
    moment = np.zeros_like(flux)
    np.add.at(flux, row, flat)
    np.add.at(moment, row, flat * cosine.reshape(-1, 1))
    keep = flux > _LEAST_SHARE * flux.sum()
    mean = np.divide(moment, flux, out=np.ones_like(flux), where=flux > 0)
    scale = flux.sum() / flux[keep].sum() if keep.any() else 1.0
    return flux[keep] * scale, np.broadcast_to(speed_m_s, flux.shape)[keep], mean[keep]


def _with_density(binned: tuple[Array, Array, Array], stream: Stream) -> Cells:
    flux, speed, mean_cosine = binned
    groups = np.flatnonzero(stream.density_frac > 0)
    share = stream.density_frac[groups] / stream.density_frac[groups].sum()
    return Cells(
        np.outer(flux, share).ravel(),
        np.repeat(speed, groups.size),
        np.repeat(np.arccos(np.clip(mean_cosine, 0.0, 1.0)), groups.size),
        np.tile(stream.density_kg_m3[groups], flux.size),
    )
