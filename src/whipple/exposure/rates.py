"""How often is a part struck, and how often pierced? Sums over directions, speeds, angles and densities of the open projected area."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from whipple.casefile.estimate import Array, Estimate
from whipple.casefile.findings.sky import Stream
from whipple.casefile.findings.strikes import PartRate
from whipple.exposure.incidences import NODE_rad, STEEPEST_rad
from whipple.exposure.openness import PartView
from whipple.physics.cited import Cited
from whipple.vehicle.surfaces import Part

__all__ = [
    "STRIKE_MASS_KG",
    "CriticalDiameter",
    "counted_mass_kg",
    "crossed_per_s",
    "levelled",
    "part_rate",
]

#: Strikes are counted above this mass (1 ug, about 0.1 mm across): the smallest that marks a bare wall visibly.
STRIKE_MASS_KG = Cited(1e-9, unit="kg", source="whipple_judgement", grade="proposal")
_Z90 = NormalDist().inv_cdf(0.95)

#: `critical_diameter_m(part, speed_m_s, incidence_rad, density_kg_m3)`: smallest particle that perforates the wall; None if the wall is unknown.
CriticalDiameter = Callable[[Part, Array, Array, Array], "Array | None"]


def counted_mass_kg(stream: Stream) -> float:
    """The mass above which this stream's strikes are counted: 1e-9 kg, or the nearest mass that the stream covers.

    >>> import numpy as np
    >>> counted_mass_kg(Stream("x", "debris", "d", np.ones((1, 1)), 1e-6, np.array([1e-7, 1e-6]), np.array([5.0, 1.0]),
    ...                        np.ones(1), np.ones(1), 2.0, (), ()))
    1e-07
    """
    return float(min(max(STRIKE_MASS_KG, stream.mass_kg[0]), stream.mass_kg[-1]))


def levelled(rate: float, stream: Stream) -> Estimate:
    """A rate with the 90 % interval of the stream's log-normal level."""
    wide = stream.level_factor**_Z90
    return Estimate(rate, rate / wide, rate * wide, "1/s", models=stream.models, sources=stream.sources)


def crossed_per_s(views: Sequence[PartView], streams: Sequence[Stream]) -> Array:
    """Strikes per second above each stream's reference mass, by part, stream, node of incidence and speed.

    (n_part, n_stream, n_node, n_speed), in one matrix product.
    """
    open_m2 = np.concatenate([view.open_m2 for view in views])
    flux = np.concatenate([stream.flux_per_m2_s for stream in streams], axis=1)
    crossed: Array = (open_m2 @ flux).reshape(len(views), len(NODE_rad), len(streams), -1).swapaxes(1, 2)
    return crossed


@dataclass(frozen=True)
class _Grid:
    """Speeds, incidences and densities on common axes (n_density, n_node, n_speed)."""

    speed_m_s: Array
    incidence_rad: Array
    density_kg_m3: Array

    @classmethod
    def of(cls, stream: Stream, speed_m_s: Array) -> _Grid:
        density, angle, speed = np.meshgrid(
            stream.density_kg_m3, np.minimum(NODE_rad, STEEPEST_rad), speed_m_s, indexing="ij"
        )
        return cls(speed, angle, density)


def _pierced_per_s(
    crossed: Array, stream: Stream, speed_m_s: Array, part: Part, critical_diameter_m: CriticalDiameter
) -> float | None:
    grid = _Grid.of(stream, speed_m_s)
    answer = critical_diameter_m(part, grid.speed_m_s, grid.incidence_rad, grid.density_kg_m3)
    if answer is None:
        return None
    diameter = np.broadcast_to(np.asarray(answer, dtype=float), grid.speed_m_s.shape)
    passes = np.isfinite(diameter)
    mass = np.pi / 6 * grid.density_kg_m3 * np.where(passes, diameter, 1.0) ** 3
    ratio = np.where(passes, stream.heavier_than(mass), 0.0)
    return float(np.einsum("d,das,as->", stream.density_frac, ratio, crossed))


def part_rate(
    part: Part, area_m2: float, crossed: Array, stream: Stream, speed_m_s: Array, critical_diameter_m: CriticalDiameter
) -> PartRate:
    """Strikes and punctures of one part by one stream, with mean speed and incidence of what strikes.

    `crossed` (n_node, n_speed) is its share of `crossed_per_s`.
    """
    total = float(crossed.sum())
    mass = counted_mass_kg(stream)
    pierced = _pierced_per_s(crossed, stream, speed_m_s, part, critical_diameter_m)
    speed = float((crossed.sum(axis=0) * speed_m_s).sum() / total) if total else 0.0
    angle = float((crossed.sum(axis=1) * NODE_rad).sum() / total) if total else 0.0
    struck = levelled(total * float(stream.heavier_than(mass)), stream)
    return PartRate(
        part.name,
        stream.name,
        area_m2,
        mass,
        struck,
        None if pierced is None else levelled(pierced, stream),
        speed,
        angle,
    )
