"""What does a free direction bring to a wall? Strikes and punctures by source, with the moments of speed and incidence, as weights.

Speed, size and density are summed here, once a kind of wall: the particles above the smallest that perforates it at that speed and
incidence. Rays then only ask which directions are free.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.casefile.findings.sky import Stream
from whipple.exposure.incidences import NODE_rad, STEEPEST_rad
from whipple.exposure.rates import counted_mass_kg
from whipple.exposure.walls import Wall
from whipple.physics.models import Model

__all__ = [
    "MOMENTS",
    "Layout",
    "Passing",
    "passing_of",
    "sector_of",
    "sectors",
    "totals",
    "weights",
]

#: Per source: number, speed, speed squared, incidence, incidence squared.
MOMENTS = 5
#: Sectors of arrival: edges of the elevation bands (deg) and the number of sectors in each. Below 60 degrees one sector is one of the eight
#: sides that `words.compass` names, so that none is wider than another (and no edge cuts cells of the horizon).
_BANDS = ((-90.0, -17.5, 8), (-17.5, 17.5, 8), (17.5, 52.5, 8), (52.5, 90.0, 4))


def sectors() -> Array:
    """Middles of the 28 sectors of arrival: azimuth and elevation in LVLH (rad). (28, 2)"""
    rows = [
        (360.0 * k / count - 360.0 * (2 * k >= count and 2 * k > count), (low + high) / 2)
        for low, high, count in _BANDS
        for k in range(count)
    ]
    return np.radians(np.array(rows))


def sector_of(direction_lvlh: Array) -> npt.NDArray[np.int64]:
    """The sector of each direction (n, 3).

    >>> np.degrees(sectors()[sector_of(np.array([[1.0, 0, 0], [0, -1.0, 0]]))]).round(6).tolist()
    [[0.0, 0.0], [-90.0, 0.0]]
    """
    azimuth = np.degrees(np.arctan2(direction_lvlh[:, 1], direction_lvlh[:, 0]))
    elevation = np.degrees(np.arcsin(np.clip(-direction_lvlh[:, 2], -1.0, 1.0)))
    found = np.zeros(len(direction_lvlh), dtype=np.int64)
    first = 0
    for low, _, count in _BANDS:
        inside = elevation >= low - 1e-9
        found[inside] = first + np.rint(azimuth[inside] / 360.0 * count).astype(np.int64) % count
        first += count
    return found


@dataclass(frozen=True)
class Passing:
    """How many particles of each source pass a wall: for one heavier than the reference mass, by law, speed and incidence.

    `ratio[stream]` (n_law, n_speed, n_node): the first law is the answer, then the other laws, then the first at the thinnest and
    thickest wall (`has_ends`). `struck_ratio` (n_stream,): strikes heavier than the mass that counts. Empty arrays for an unknown wall.
    """

    ratio: tuple[Array, ...]
    struck_ratio: Array
    law_count: int
    has_ends: bool


def passing_of(wall: Wall, streams: tuple[Stream, ...], speed_m_s: Array) -> Passing:
    """The passing shares of one wall. Sizes above the critical diameter are those heavier than its mass in each density group."""
    struck = np.array([float(stream.heavier_than(counted_mass_kg(stream))) for stream in streams])
    laws = wall.laws + (wall.ends or ())
    ratio = tuple(np.array([_passed(law, stream, speed_m_s) for law in laws]) for stream in streams) if laws else ()
    return Passing(ratio, struck, len(wall.laws), wall.ends is not None)


def _passed(law: Model, stream: Stream, speed_m_s: Array) -> Array:
    """Particles that pass, for one heavier than the reference. (n_speed, n_node)"""
    density, speed, angle = np.meshgrid(
        stream.density_kg_m3, speed_m_s, np.minimum(NODE_rad, STEEPEST_rad), indexing="ij"
    )
    answer = law.function(speed_m_s=speed, incidence_rad=angle, density_kg_m3=density)
    diameter = np.broadcast_to(np.asarray(answer, dtype=float), speed.shape)
    passes = np.isfinite(diameter) & (diameter > 0)
    mass = np.pi / 6 * density * np.where(passes, diameter, 1.0) ** 3
    share = stream.density_frac / max(float(stream.density_frac.sum()), 1e-300)
    passed: Array = np.einsum("d,dvn->vn", share, np.where(passes, stream.heavier_than(mass), 0.0))
    return passed


@dataclass(frozen=True)
class Layout:
    """Which channel holds what: moments by source, laws and thickness ends by source, sectors (`in_full`), stretches.

    `sources` holds the streams that each source sums.
    """

    sources: tuple[tuple[int, ...], ...]
    branch_count: int
    phase_count: int
    in_full: bool = True

    @property
    def sizes(self) -> tuple[int, int, int, int]:
        """Channels in each block."""
        wide, count = 2 * MOMENTS * len(self.sources), 2 * len(sectors()) * self.in_full
        return wide, len(self.sources) * self.branch_count, count, 2 * self.phase_count

    def parted(self, sums: Array) -> tuple[Array, Array, Array, Array]:
        """Sums (n, n_channel) as (n, stream, strike or puncture, moment), (n, stream, branch), (n, 2, sector), (n, 2, phase)."""
        blocks = np.split(sums, np.cumsum(self.sizes)[:-1], axis=-1)
        shapes = (
            (len(self.sources), 2, MOMENTS),
            (len(self.sources), self.branch_count),
            (2, len(sectors()) * self.in_full),
            (2, self.phase_count),
        )
        first, second, third, fourth = (
            block.reshape(*sums.shape[:-1], *shape) for block, shape in zip(blocks, shapes, strict=True)
        )
        return first, second, third, fourth


def weights(
    layout: Layout,
    passing: Passing,
    flux: Array,
    speed_m_s: Array,
    sector: npt.NDArray[np.int64],
    by_phase: Sequence[Sequence[tuple[int, Array]]] = (),
) -> Array:
    """The weights of one wall (n_dir, n_node, n_channel), from the flux (n_stream, n_dir, n_speed).

    `by_phase`: for each stretch, the streams it holds and their flux (n_dir, n_speed).
    """
    found = [_added([_moments(passing, flux[s], speed_m_s, s) for s in source]) for source in layout.sources]
    branches = [_added([_branches(layout, passing, flux[s], s) for s in source]) for source in layout.sources]
    blocks = [*found, *(branches if layout.branch_count else [])]
    if layout.in_full:
        strike, pierce = (_added([block[..., at] for block in found]) for at in (0, MOMENTS))
        inside = (sector[:, None] == np.arange(len(sectors())))[:, None, :]
        blocks += [strike[..., None] * inside, pierce[..., None] * inside]
    course = [totals(passing, phase, len(found[0])) for phase in by_phase]
    if course:
        blocks += [np.stack([one[kind] for one in course], axis=-1) for kind in (0, 1)]
    whole: Array = np.concatenate(blocks, axis=-1)
    return whole


def _added(arrays: Sequence[Array]) -> Array:
    return np.asarray(sum(arrays[1:], arrays[0]))


def _moments(passing: Passing, flux: Array, speed: Array, stream: int) -> Array:
    """Strikes then punctures, each with its moments. (n_dir, n_node, 2 MOMENTS)"""
    count = len(NODE_rad)
    struck = [(flux @ speed**power) * passing.struck_ratio[stream] for power in range(3)]
    strike = [np.repeat(value[:, None], count, axis=1) for value in struck]
    if passing.law_count:
        ratio = passing.ratio[stream][0]
        pierce = [flux @ (ratio * speed[:, None] ** power) for power in range(3)]
    else:
        pierce = [np.zeros_like(strike[0])] * 3
    rows = []
    for kind in (strike, pierce):
        rows += [*kind, kind[0] * NODE_rad, kind[0] * NODE_rad**2]
    return np.stack(rows, axis=-1)


def _branches(layout: Layout, passing: Passing, flux: Array, stream: int) -> Array:
    """Punctures by every law (repeated in turn where a wall has fewer), then at both ends of the thickness. (n_dir, n_node, branch)"""
    laws = layout.branch_count - 2
    if not passing.law_count:
        return np.zeros((len(flux), len(NODE_rad), layout.branch_count))
    ratio, first = passing.ratio[stream], passing.law_count
    chosen = [ratio[index % first] for index in range(laws)]
    chosen += [ratio[first + end] if passing.has_ends else ratio[0] for end in (0, 1)]
    return np.stack([flux @ one for one in chosen], axis=-1)


def totals(passing: Passing, streams: Sequence[tuple[int, Array]], directions: int) -> tuple[Array, Array]:
    """Strikes and punctures by several streams together, each given by its place in the sky and its flux (n_dir, n_speed).

    (n_dir, n_node) each.
    """
    strike, pierce = (np.zeros((directions, len(NODE_rad))) for _ in range(2))
    for index, flux in streams:
        strike += flux.sum(axis=1)[:, None] * passing.struck_ratio[index]
        if passing.law_count:
            pierce += flux @ passing.ratio[index][0]
    return strike, pierce
