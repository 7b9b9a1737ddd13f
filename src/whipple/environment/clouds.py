"""What of all the break-ups is still up there, and what of it crosses the ship's orbit? Fragment clouds, month by month."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from whipple.environment.breakup import Fragments, shatter
from whipple.environment.cloud_crossing import Ship, encounters
from whipple.environment.cloud_events import Cloud
from whipple.environment.debris_tensors import SPEED_BINS, DebrisTensors, SIZE_EDGES_m
from whipple.environment.grid import SkyGrid, sky_grid
from whipple.environment.orbit_decay import DRAG_ratio, Orbits, pressed_by_the_sun, shrink
from whipple.environment.read_f107 import SolarRecord
from whipple.errors import EvidenceError
from whipple.physics.cited import Cited
from whipple.physics.constants import YEAR_s

__all__ = ["CloudAnswer", "CloudModel", "fly_clouds"]

Array = npt.NDArray[np.float64]
_MONTH_s = float(YEAR_s) / 12
#: Mean longitude of the Sun on 1 January, and its advance a month.
_SUN_START_rad = Cited(np.radians(280.0), unit="rad", source="iau2012", grade="computed")

#: A cloud of which so little is left that it would have to be raised more than this says nothing about how it began.
_ANCHOR_factor = Cited(5.0, unit="", source="whipple_judgement", grade="proposal")
#: In about this many months J2 spreads the nodes of a cloud around the Earth.
_YOUNG_months = Cited(6.0, unit="month", source="whipple_judgement", grade="proposal")


@dataclass(frozen=True)
class CloudModel:
    """The choices of one run: how many samples, and the factors that an ensemble varies (1 = nominal).

    `anchored`: the pieces tracked in the year of the peak are what was left then, so each cloud is scaled to leave them (at most
    fivefold); otherwise they are taken as just after the event (the recipe of the sheet). `count_ratio` multiplies every count, `area_ratio` every
    area-to-mass ratio, `air_ratio` the density of the air.
    """

    samples: int = 230_000
    seed: int = 1
    count_ratio: float = 1.0
    area_ratio: float = 1.0
    air_ratio: float = 1.0
    sunlight: bool = True
    anchored: bool = True


@dataclass(frozen=True)
class CloudAnswer:
    """The tensors, and what a reader asks next.

    `size_m` (n,): edges; `released_count`, `surviving_count` (n,) above each, `surviving_by_cloud` (n_cloud, n) the same cloud
    by cloud; `share_ratio`: flux share of each named
    event above the smallest size in the last month; `young_ratio`: the share of break-ups of the last half year, whose nodes are
    not yet spread as the flux assumes; `survivors`: what is still up at the end.
    """

    tensors: DebrisTensors
    size_m: Array
    released_count: Array
    surviving_count: Array
    surviving_by_cloud: Array
    share_ratio: dict[str, float]
    young_ratio: float
    survivors: Fragments
    sample_count: int


@dataclass
class _Sky:
    """Fragments in flight, each with its number in the list at the start; `brought`, `owner` and `row` (size bin) keep that list.

    `factor` (n_cloud,): what anchoring has multiplied each cloud with, nan before it did."""

    fragments: Fragments
    start: Array
    tensor: Array
    brought: Array
    number: npt.NDArray[np.intp]
    owner: npt.NDArray[np.intp]
    row: npt.NDArray[np.intp]
    factor: Array

    def keep(self, which: npt.NDArray[np.bool_]) -> None:
        self.fragments = self.fragments.part(which)
        self.start, self.number = self.start[which], self.number[which]


def fly_clouds(
    clouds: Sequence[Cloud],
    solar: SolarRecord,
    ship: Ship,
    months: tuple[int, int],
    model: CloudModel | None = None,
    tell: Callable[[str], None] | None = None,
) -> CloudAnswer:
    """Break every object, fly its fragments to the last month, and count what meets the ship in the months asked for.

    `months`: first and last (12 x year + month - 1); `tell` hears of progress. Sizes from 1 mm. Raises EvidenceError when the
    solar record does not cover the flight or no cloud is older than the last month.
    """
    model = model or CloudModel()
    born = [(number, cloud) for number, cloud in enumerate(clouds) if 12 * cloud.year() < months[1] + 1]
    if not born:
        raise EvidenceError("What debris was there?", "break-up before the last month", "give older clouds")
    sky = _released(born, len(clouds), len(SIZE_EDGES_m) - 1, months, model)
    released = _by_cloud(sky.fragments, sky.owner, len(clouds))
    samples = len(sky.start)
    grid, rng = sky_grid(), np.random.default_rng([model.seed, 2])
    first = int(np.floor(sky.start.min()))
    for month in range(first, months[1] + 1):
        if tell is not None and month % 12 == 0:
            tell(f"{month // 12}: {len(sky.start)} of {samples} samples in flight")
        if model.anchored:
            _anchor(sky, born, month, month >= months[0], model)
        _one_month(sky, month, solar.of(month), model, (ship, months[0], grid, rng))
    left = _by_cloud(sky.fragments, sky.owner[sky.number], len(clouds))
    return CloudAnswer(
        tensors=_tensors(sky, ship, months, model.anchored),
        size_m=SIZE_EDGES_m[:-1],
        released_count=np.nan_to_num(sky.factor, nan=1.0) @ released,
        surviving_count=left.sum(axis=0),
        surviving_by_cloud=left,
        share_ratio=_shares(sky, clouds),
        young_ratio=_young(sky, clouds, months[1]),
        survivors=sky.fragments,
        sample_count=samples,
    )


def _released(
    born: list[tuple[int, Cloud]], clouds: int, sizes: int, months: tuple[int, int], model: CloudModel
) -> _Sky:
    """All fragments at their break-ups: half of the samples shared evenly, half by count."""
    total = sum(cloud.peak_count for _, cloud in born)
    parts, start, owner = [], [], []
    for number, cloud in born:
        share = 0.5 / len(born) + 0.5 * cloud.peak_count / total
        count = max(round(model.samples * share), 8)
        rng = np.random.default_rng([model.seed, 1, number])
        some = shatter(cloud.parent_orbit(), cloud.count_10cm() * model.count_ratio, count, rng)
        parts.append(some)
        start.append(np.full(len(some.length_m), 12 * cloud.year()))
        owner.append(np.full(len(some.length_m), number))
    fragments = Fragments(
        np.concatenate([part.length_m for part in parts]),
        np.concatenate([part.area_to_mass_m2_kg for part in parts]) * model.area_ratio,
        np.concatenate([part.weight_count for part in parts]),
        Orbits(
            *(np.concatenate([getattr(part.orbits, name) for part in parts]) for name in Orbits.__dataclass_fields__)
        ),
    )
    count = len(fragments.length_m)
    tensor = np.zeros(((months[1] - months[0] + 1) * sizes, len(sky_grid().solid_angle_sr), SPEED_BINS))
    return _Sky(
        fragments,
        np.concatenate(start),
        tensor,
        np.zeros(count),
        np.arange(count),
        np.concatenate(owner),
        _rows(fragments.length_m),
        np.full(clouds, np.nan),
    )


def _one_month(
    sky: _Sky, month: int, solar_sfu: float, model: CloudModel, watching: tuple[Ship, int, SkyGrid, np.random.Generator]
) -> None:
    """Fly the fragments that exist through one month; drop what re-enters."""
    up = np.flatnonzero(sky.start < month + 1)
    orbits = sky.fragments.orbits.part(up)
    area = sky.fragments.area_to_mass_m2_kg[up]
    late = np.clip(sky.start[up] - month, 0.0, 1.0)
    lasting = (1 - late) * _MONTH_s
    watch = _watch(sky, up, month - watching[1], watching) if month >= watching[1] else None
    gone = shrink(orbits, DRAG_ratio * model.air_ratio * area, solar_sfu, lasting, watch)
    sun = _SUN_START_rad + 2 * np.pi / 12 * (month % 12 + late)
    pressed_by_the_sun(orbits, area if model.sunlight else np.zeros_like(area), sun, lasting)
    sky.fragments.orbits.put(up, orbits)
    if gone.any():
        kept = np.ones(len(sky.start), dtype=bool)
        kept[up[gone]] = False
        sky.keep(kept)


def _watch(
    sky: _Sky, up: npt.NDArray[np.intp], row: int, watching: tuple[Ship, int, SkyGrid, np.random.Generator]
) -> Callable[[npt.NDArray[np.intp], Orbits, Array], None]:
    """Adds what each inner step brings to the ship, weighted by its share of the month."""
    ship, _, grid, rng = watching
    weight, number = sky.fragments.weight_count[up], sky.number[up]
    size = _rows(sky.fragments.length_m[up])
    sizes = len(SIZE_EDGES_m) - 1
    last = sky.tensor.shape[0] // sizes - 1
    month = sky.tensor[row * sizes : (row + 1) * sizes]

    def see(index: npt.NDArray[np.intp], orbits: Orbits, step_s: Array) -> None:
        met = encounters(orbits.axis_m, orbits.eccentricity, orbits.inclination_rad, ship, rng)
        if not met.index.size:
            return
        amount = weight[index] * step_s / _MONTH_s
        met.deposit(grid, amount, month, size[index])
        if row == last:
            np.add.at(sky.brought, number[index][met.index], amount[met.index] * met.flux_per_m2_s)

    return see


def _rows(length_m: Array) -> npt.NDArray[np.intp]:
    """The size bin of each length."""
    return np.clip(np.searchsorted(SIZE_EDGES_m, length_m, side="right") - 1, 0, len(SIZE_EDGES_m) - 2)


def _by_cloud(fragments: Fragments, owner: npt.NDArray[np.intp], clouds: int) -> Array:
    """How many fragments of each cloud are longer than each size edge: (n_cloud, n_size)."""
    large = (np.where(fragments.length_m >= edge, fragments.weight_count, 0.0) for edge in SIZE_EDGES_m[:-1])
    return np.stack([np.bincount(owner, weight, minlength=clouds) for weight in large], axis=-1)


def _anchor(sky: _Sky, born: list[tuple[int, Cloud]], month: int, watched: bool, model: CloudModel) -> None:
    """Scale the clouds whose peak was counted in this January (or later, once the ship watches) to leave what was counted."""
    owner = sky.owner[sky.number]
    due = [
        (number, cloud)
        for number, cloud in born
        if np.isnan(sky.factor[number]) and 12 * cloud.year() < month and (watched or 12 * cloud.peak_year <= month)
    ]
    if not due:
        return
    left = _by_cloud(sky.fragments, owner, len(sky.factor))[:, -1]
    scale = np.ones(len(sky.factor))
    for number, cloud in due:
        wanted = cloud.count_10cm() * model.count_ratio
        scale[number] = np.clip(wanted / max(left[number], 1e-9), 1.0, float(_ANCHOR_factor))
        sky.factor[number] = scale[number]
    sky.fragments.weight_count[:] *= scale[owner]


def _tensors(sky: _Sky, ship: Ship, months: tuple[int, int], anchored: bool) -> DebrisTensors:
    above = [sky.brought[sky.row >= row] for row in range(len(SIZE_EDGES_m) - 1)]
    count = months[1] - months[0] + 1
    return DebrisTensors(
        month=np.arange(months[0], months[1] + 1),
        size_m=SIZE_EDGES_m,
        flux_per_m2_s=sky.tensor.reshape(count, len(SIZE_EDGES_m) - 1, *sky.tensor.shape[1:]),
        ship=ship,
        sampling_ratio=np.array([np.linalg.norm(one) / one.sum() if one.sum() > 0 else 1.0 for one in above]),
        spread_ratio=np.zeros((0, len(SIZE_EDGES_m) - 1)),
        models=("johnson_2001", "picone_2002"),
        sources=("johnson2001", "picone2002"),
        anchored=anchored,
    )


def _shares(sky: _Sky, clouds: Sequence[Cloud]) -> dict[str, float]:
    """Share of each event in the flux of the last month, largest first; the clouds of one event are added up."""
    total = float(sky.brought.sum())
    shares: dict[str, float] = {}
    for number in np.unique(sky.owner) if total > 0 else ():
        name = clouds[number].name()
        shares[name] = float(shares.get(name, 0.0) + sky.brought[sky.owner == number].sum() / total)
    return dict(sorted(shares.items(), key=lambda item: -item[1]))


def _young(sky: _Sky, clouds: Sequence[Cloud], last: int) -> float:
    total = float(sky.brought.sum())
    recent = [number for number in np.unique(sky.owner) if 12 * clouds[number].year() > last + 1 - _YOUNG_months]
    return float(sky.brought[np.isin(sky.owner, recent)].sum() / total) if total > 0 else 0.0
