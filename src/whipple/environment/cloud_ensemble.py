"""How far does the flux of the clouds move with what is not known: counts, area to mass, the air? An ensemble about one run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from whipple.environment.cloud_crossing import Ship
from whipple.environment.cloud_events import Cloud
from whipple.environment.clouds import CloudAnswer, CloudModel, fly_clouds
from whipple.environment.debris_tensors import SIZE_EDGES_m
from whipple.environment.read_f107 import SolarRecord
from whipple.physics.cited import Cited

__all__ = ["cloud_spread", "with_spread"]

Array = npt.NDArray[np.float64]
#: 1-sigma factors of what the ensemble varies: pieces a break-up left, area to mass of a cloud, mean density of the upper air.
_COUNT_factor = Cited(1.5, unit="", source="whipple_judgement", grade="proposal")
_AREA_factor = Cited(1.3, unit="", source="whipple_judgement", grade="proposal")
_AIR_factor = Cited(1.25, unit="", source="whipple_judgement", grade="proposal")


def cloud_spread(
    clouds: Sequence[Cloud],
    solar: SolarRecord,
    ship: Ship,
    month: int,
    members: int,
    model: CloudModel,
    tell: Callable[[str], None] | None = None,
) -> Array:
    """How far the flux of a month moves with what is not known: (members, n_size) ratios of cumulative flux to the nominal.

    Counts, area-to-mass ratios and the density of the air are drawn log-normally (factors 1.5, 1.3, 1.25); every member and
    the nominal use the same random fragments. Counts only scale, so only area and air are flown.
    """
    rng = np.random.default_rng([model.seed, 3])
    nominal = _cumulative(fly_clouds(clouds, solar, ship, (month, month), model))
    rows = []
    for member in range(members):
        count, area, air = (factor ** rng.standard_normal() for factor in (_COUNT_factor, _AREA_factor, _AIR_factor))
        if tell is not None:
            tell(f"member {member + 1} of {members}: area x {area:.2f}, air x {air:.2f}, counts x {count:.2f}")
        varied = fly_clouds(clouds, solar, ship, (month, month), replace(model, area_ratio=area, air_ratio=air))
        rows.append(count * _cumulative(varied) / np.maximum(nominal, 1e-300))
    return np.array(rows).reshape(members, len(SIZE_EDGES_m) - 1)


def with_spread(answer: CloudAnswer, spread_ratio: Array) -> CloudAnswer:
    """The same answer with the spread of an ensemble beside it."""
    return replace(answer, tensors=replace(answer.tensors, spread_ratio=spread_ratio))


def _cumulative(answer: CloudAnswer) -> Array:
    by_size = answer.tensors.flux_per_m2_s[-1].sum(axis=(1, 2))
    return np.asarray(np.cumsum(by_size[::-1])[::-1])
