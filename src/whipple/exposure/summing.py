"""What do all directions bring to every facet? Sums over every position of vehicle and arrays, with as many rays as the answer needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.exposure.incidences import cos_nodes
from whipple.exposure.moving import Joint, turned
from whipple.exposure.origins import Looked, Origins, facet_order, joined_looks, looked_at, origins_needed
from whipple.exposure.phases import Skies
from whipple.exposure.poses import SAME_ATTITUDE, Pose, poses_of
from whipple.exposure.walls import Wall
from whipple.exposure.weights import Layout, Passing, passing_of, sector_of, totals, weights
from whipple.vehicle.exposure_sums import exposure_sums
from whipple.vehicle.surfaces import Surfaces

__all__ = ["Summed", "attitude_ratios", "summed"]

#: Weights held at once, in numbers (8 bytes each): more kinds of wall than fit are taken in turns.
WEIGHTS_AT_ONCE = 48_000_000
#: Noise of a single position may be so much larger where more than `FEW_POSES` are averaged, none of them for most of the time: rays start
#: elsewhere on every facet from position to position, on fixed parts too.
LOOSER, FEW_POSES = 2.0, 4
#: Looks that find out how many origins are needed; those of the sums are numbered on from here.
LOOKS = 2
#: Where parts follow the Sun over a long exposure so many pairs of stretch and date are looked at, on more facets than this one a stretch.
PAIRS, MANY_FACETS = 48, 20_000
#: Called with what is being done, between rays.
Telling = Callable[[str], None]


@dataclass(frozen=True)
class Summed:
    """Sums over every position: `facet` (n_facet, n_channel) rates per m2 and second; by stretch and part (n_phase, n_part) per second.

    `ray_spread` (n_part,): 1-sigma noise that the number of rays leaves in a part's sum, over that sum. `origin_count` (n_facet,) origins
    of each facet in each position. `drawn_ratio` (n_part,): what counts with every moving part as drawn, over the sums here; None where
    nothing moves, or the attitude changes. `pose_count`: positions that rays were cast for.
    """

    facet: Array
    phase_strike_per_s: Array
    phase_puncture_per_s: Array
    ray_spread: Array
    origin_count: Array
    drawn_ratio: Array | None
    pose_count: int


@dataclass(frozen=True)
class _Cast:
    """What rays of one position are weighed with."""

    skies: Skies
    passing: tuple[Passing, ...]
    wall: npt.NDArray[np.int64]
    known: npt.NDArray[np.bool_]

    @classmethod
    def of(
        cls, surfaces: Surfaces, skies: Skies, walls: tuple[Wall, ...], wall_of_part: npt.NDArray[np.int64]
    ) -> _Cast:
        passing = tuple(passing_of(wall, skies.mission, skies.speed_m_s) for wall in walls)
        known = np.array([wall.known for wall in walls])[wall_of_part]
        return cls(skies, passing, wall_of_part[surfaces.part_index], known)

    def counted(self, scene: Surfaces, pose: Pose) -> Looked:
        """What counts of each facet in this position: punctures by all sources, strikes where the wall is not known."""
        flux = self.skies.flux(pose.members, pose.spent_frac)
        filled = np.flatnonzero(flux.any(axis=(0, 2)))
        toward = self.skies.direction_lvlh[filled] @ pose.body_from_lvlh.T
        rows = [(at, one[filled]) for at, one in enumerate(flux)]
        kinds = [totals(passing, rows, len(filled))[int(passing.law_count > 0)] for passing in self.passing]
        table = np.stack(kinds)[..., None]

        def rate(count: Array, number: int) -> Array:
            return _sums(scene, toward, table, self.wall, count, number)[:, 0]

        return rate

    def whole(
        self,
        scene: Surfaces,
        pose: Pose,
        layout: Layout,
        day: list[list[tuple[int, Array]]],
        origins: Array,
        number: int,
    ) -> Array:
        """Every channel of one position for every facet, a few kinds of wall at a time where there are many. (n_facet, n_channel)"""
        skies, flux = self.skies, self.skies.flux(pose.members, pose.spent_frac)
        seen = flux.any(axis=(0, 2))
        for streams in day:
            for _, one in streams:
                seen = seen | one.any(axis=1)
        filled = np.flatnonzero(seen)
        direction = skies.direction_lvlh[filled]
        sector = sector_of(direction)
        numbers = len(filled) * len(cos_nodes()) * sum(layout.sizes)
        at_once = max(1, WEIGHTS_AT_ONCE // max(numbers, 1))
        rows = [[(at, one[filled]) for at, one in streams] for streams in day]
        found = np.zeros((len(scene.triangle), sum(layout.sizes)))
        for begin in range(0, len(self.passing), at_once):
            chosen = self.passing[begin : begin + at_once]
            table = np.stack([weights(layout, p, flux[:, filled], skies.speed_m_s, sector, rows) for p in chosen])
            mine = (self.wall >= begin) & (self.wall < begin + len(chosen))
            place = np.where(mine, self.wall - begin, 0)
            toward = direction @ pose.body_from_lvlh.T
            sums = _sums(scene, toward, table, place, np.where(mine, origins, 0.0), number)
            found[mine] = sums[mine]
        return found


def _sums(
    scene: Surfaces, toward: Array, table: Array, wall: npt.NDArray[np.int64], count: Array, number: int
) -> Array:
    """Sums of every facet from `count` (n_facet,) origins on each, those of the `number`-th look. (n_facet, n_channel)"""
    order = facet_order(len(count), number)
    sums = exposure_sums(
        looked_at(scene, count, order),
        toward,
        table,
        wall[order],
        cos_nodes=cos_nodes(),
        origins_per_facet=1,
        origins_per_m2=1.0,
    )
    found = np.empty_like(sums)
    found[order] = sums
    return found


def summed(
    surfaces: Surfaces,
    skies: Skies,
    walls: tuple[Wall, ...],
    wall_of_part: npt.NDArray[np.int64],
    joints: tuple[Joint, ...],
    layout: Layout,
    *,
    noise_frac: float = 0.01,
    telling: Telling = lambda _: None,
) -> Summed:
    """Rays for every position, and the sums of what they bring, each part to a noise of `noise_frac` (1 sigma) where rays can give it."""
    cast = _Cast.of(surfaces, skies, walls, wall_of_part)
    poses = poses_of(skies, joints, 1 if skies.of_day or len(surfaces.triangle) > MANY_FACETS else PAIRS)
    telling("rays, how many each facet needs")
    needed = _needed(cast, surfaces, joints, poses, noise_frac, _averaged(skies, poses))
    facet = np.zeros((len(surfaces.triangle), sum(layout.sizes[:3])))
    strike, pierce = (np.zeros((len(skies.phases), len(surfaces.parts))) for _ in range(2))
    for number, pose in enumerate(poses):
        telling(f"rays, position {number + 1} of {len(poses)}")
        mine = Layout(layout.sources, layout.branch_count, len(pose.members), layout.in_full)
        days = [_day(skies, index) for index in pose.members]
        sums = cast.whole(turned(surfaces, joints, pose.angle_rad), pose, mine, days, needed.count, LOOKS + number)
        facet += sums[:, : facet.shape[1]]
        by_phase = mine.parted(sums)[3]
        for place, (index, spent) in enumerate(zip(pose.members, pose.spent_frac, strict=True)):
            for kind, table in ((0, strike), (1, pierce)):
                rate = spent * by_phase[:, kind, place] * surfaces.area_m2
                table[index] += np.bincount(surfaces.part_index, rate, minlength=len(surfaces.parts))
    moments = layout.parted(facet)[0][:, :, :, 0].sum(axis=1)
    counted = np.where(cast.known[surfaces.part_index], moments[:, 1], moments[:, 0])
    drawn = None
    one_attitude = all(np.abs(pose.body_from_lvlh - poses[0].body_from_lvlh).max() < SAME_ATTITUDE for pose in poses)
    if one_attitude and any(any(pose.angle_rad) for pose in poses):
        telling("rays, moving parts as drawn")
        at = _by_part(surfaces, cast.counted(surfaces, _still(skies))(needed.count, LOOKS))
        drawn = _over(at, _by_part(surfaces, counted))
    if len(poses) > 1:
        return Summed(facet, strike, pierce, needed.spread_frac, needed.count, drawn, len(poses))
    ratio, spread = joined_looks(surfaces, needed, counted)
    facet *= ratio[surfaces.part_index, None]
    return Summed(facet, strike * ratio, pierce * ratio, spread, needed.count, drawn, 1)


def _still(skies: Skies, turn: Array | None = None) -> Pose:
    """Every stretch in one attitude, that of the first."""
    every = tuple(range(len(skies.phases)))
    return Pose((), skies.phases[0].body_from_lvlh if turn is None else turn, every, (1.0,) * len(every))


def _by_part(surfaces: Surfaces, rate: Array) -> Array:
    """Rates per m2 added up by part. (n_part,)"""
    return np.asarray(np.bincount(surfaces.part_index, rate * surfaces.area_m2, minlength=len(surfaces.parts)), float)


def _over(one: Array, other: Array) -> Array:
    """one / other where both are there, else 1."""
    return np.asarray(np.where((one > 0) & (other > 0), one / np.where(other > 0, other, 1.0), 1.0))


def _averaged(skies: Skies, poses: tuple[Pose, ...]) -> bool:
    """Whether so many positions are averaged, by their shares of the time, that each may be `LOOSER` times noisier."""
    time = np.array([phase.share_frac for phase in skies.phases])
    share = np.array([time[list(pose.members)] @ pose.spent_frac for pose in poses])
    return len(poses) > FEW_POSES and bool(LOOSER * np.linalg.norm(share) <= share.sum())


def _needed(
    cast: _Cast, surfaces: Surfaces, joints: tuple[Joint, ...], poses: tuple[Pose, ...], noise_frac: float, loose: bool
) -> Origins:
    """Origins that serve the first position and, of many, the middle one too. `loose`: noise falls in the mean over the positions."""
    fall = LOOSER if loose else 1.0
    looked = []
    for pose in poses[:1] if len(poses) <= FEW_POSES else (poses[0], poses[len(poses) // 2]):
        scene = turned(surfaces, joints, pose.angle_rad)
        looked.append(origins_needed(scene, cast.known.astype(int), cast.counted(scene, pose), noise_frac * fall))
    return Origins(
        np.max([one.count for one in looked], axis=0),
        np.max([one.spread_frac for one in looked], axis=0) / fall,
        sum(one.used_count for one in looked),
        looked[0].looks,
    )


def attitude_ratios(
    surfaces: Surfaces,
    skies: Skies,
    walls: tuple[Wall, ...],
    wall_of_part: npt.NDArray[np.int64],
    origins: Array,
    *,
    telling: Telling = lambda _: None,
) -> Array:
    """Punctures of each part at the low and high end of each uncertain angle, over those at the middle. (n_angle, 2, n_part)

    Arrays stand as drawn; a part that is not pierced keeps a ratio of 1 in its strikes. `origins` (n_facet,) of each facet.
    """
    if not skies.attitude_ends or not any(wall.known for wall in walls):
        return np.ones((0, 2, len(surfaces.parts)))
    cast = _Cast.of(surfaces, skies, walls, wall_of_part)

    def counted(turn: Array, name: str) -> Array:
        telling(f"rays, {name}")
        return _by_part(surfaces, cast.counted(surfaces, _still(skies, turn))(origins, 0))

    middle = counted(skies.phases[0].body_from_lvlh, "middle attitude")
    ends = np.array([[counted(turn, f"attitude, {name}") for turn in pair] for name, *pair in skies.attitude_ends])
    return _over(ends, np.broadcast_to(middle, ends.shape))


def _day(skies: Skies, index: int) -> list[tuple[int, Array]]:
    """The streams of one stretch by their place in the mission's sky."""
    place = {stream.name: at for at, stream in enumerate(skies.mission)}
    return [(place[stream.name], stream.flux_per_m2_s) for stream in skies.phases[index].streams]
