"""Which positions of vehicle and arrays must rays be cast for, and what do they bring? Sums over all of them, facet by facet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.exposure.moving import Joint, sun_angles_rad, turned
from whipple.exposure.phases import Skies
from whipple.exposure.walls import Wall
from whipple.exposure.weights import Layout, Passing, cos_nodes, passing_of, sector_of, weights
from whipple.vehicle.exposure_sums import exposure_sums
from whipple.vehicle.surfaces import Surfaces

__all__ = ["Pose", "Summed", "attitude_ratios", "poses_of", "summed"]

#: Weights held at once, in numbers (8 bytes each): more kinds of wall than fit are taken in turns.
WEIGHTS_AT_ONCE = 48_000_000
#: Ray origins in all, where a vehicle has few facets; each facet has at least two, and two a square metre.
ORIGINS_IN_ALL, LEAST = 120_000, 2
#: ... but no more than these a square metre: nothing on a spacecraft that shadows is much smaller than a decimetre.
MOST_PER_M2 = 64.0
#: Share of the origins for passes that only tell how much an answer moves, and for each of many positions.
FEW = 0.25
#: Attitudes nearer than this are one.
SAME_ATTITUDE = 1e-3
#: Called with what is being done, between rays.
Telling = Callable[[str], None]


@dataclass(frozen=True)
class Pose:
    """One position: angles of the joints, attitude, and the stretches (indices) spent in it."""

    angle_rad: tuple[float, ...]
    body_from_lvlh: Array
    members: tuple[int, ...]


@dataclass(frozen=True)
class Summed:
    """Sums over every position: `facet` (n_facet, n_channel) rates per m2 and second; by stretch and part (n_phase, n_part) per second.

    `ray_ratio` (n_part,): what a quarter of the rays gives in the first position, over all of them: how far the rays are to be trusted.
    """

    facet: Array
    phase_strike_per_s: Array
    phase_puncture_per_s: Array
    ray_ratio: Array


def poses_of(skies: Skies, joints: tuple[Joint, ...]) -> tuple[Pose, ...]:
    """The stretches gathered by position: where nothing moves there is one."""
    angles = [sun_angles_rad(joints, phase.body_from_lvlh @ phase.sun_dir_lvlh) for phase in skies.phases]
    groups: list[tuple[tuple[float, ...], Array, list[int]]] = []
    for index, (angle, phase) in enumerate(zip(angles, skies.phases, strict=True)):
        same = (
            members
            for other, turn, members in groups
            if np.allclose(other, angle, atol=1e-9) and np.abs(turn - phase.body_from_lvlh).max() < SAME_ATTITUDE
        )
        members = next(same, None)
        if members is None:
            groups.append((angle, phase.body_from_lvlh, [index]))
        else:
            members.append(index)
    return tuple(Pose(angle, turn, tuple(members)) for angle, turn, members in groups)


def summed(
    surfaces: Surfaces,
    skies: Skies,
    walls: tuple[Wall, ...],
    wall_of_part: npt.NDArray[np.int64],
    joints: tuple[Joint, ...],
    layout: Layout,
    *,
    telling: Telling = lambda _: None,
) -> Summed:
    """Rays for every position, and the sums of what they bring."""
    passing = [passing_of(wall, skies.mission, skies.speed_m_s) for wall in walls]
    poses = poses_of(skies, joints)
    share = 1.0 if len(poses) <= 4 else FEW
    first: Array = np.ones(len(surfaces.parts))
    facet = np.zeros((len(surfaces.triangle), sum(layout.sizes[:3])))
    strike, pierce = (np.zeros((len(skies.phases), len(surfaces.parts))) for _ in range(2))
    for number, pose in enumerate(poses, 1):
        telling(f"rays, position {number} of {len(poses)}")
        scene = turned(surfaces, joints, pose.angle_rad)
        mine = Layout(layout.sources, layout.branch_count, len(pose.members), layout.in_full)
        days = [_day(skies, i) for i in pose.members]
        sums = _of_pose(scene, skies, passing, wall_of_part, pose, mine, days, share)
        if number == 1:
            slim = Layout(layout.sources, 0, 0, False)
            few = _of_pose(scene, skies, passing, wall_of_part, pose, slim, [], share * FEW)
            first = _ratio(_by_part(surfaces, slim, few), _by_part(surfaces, mine, sums))
        facet += sums[:, : facet.shape[1]]
        by_phase = mine.parted(sums)[3]
        for place, index in enumerate(pose.members):
            for kind, table in ((0, strike), (1, pierce)):
                rate = by_phase[:, kind, place] * surfaces.area_m2
                table[index] = np.bincount(surfaces.part_index, rate, minlength=len(surfaces.parts))
    return Summed(facet, strike, pierce, first)


def _by_part(surfaces: Surfaces, layout: Layout, sums: Array) -> Array:
    """Punctures of each part by all sources, of one that is not pierced the strikes. (n_part,)"""
    number = layout.parted(sums)[0][:, :, :, 0].sum(axis=1) * surfaces.area_m2[:, None]
    struck, pierced = (np.bincount(surfaces.part_index, kind, minlength=len(surfaces.parts)) for kind in number.T)
    return np.where(pierced > 0, pierced, struck)


def _ratio(one: Array, other: Array) -> Array:
    """one / other where both are there, else 1."""
    return np.asarray(np.where((one > 0) & (other > 0), one / np.where(other > 0, other, 1.0), 1.0))


def attitude_ratios(
    surfaces: Surfaces,
    skies: Skies,
    walls: tuple[Wall, ...],
    wall_of_part: npt.NDArray[np.int64],
    layout: Layout,
    *,
    telling: Telling = lambda _: None,
) -> Array:
    """Punctures of each part at the low and high end of each uncertain angle, over those at the middle. (n_angle, 2, n_part)

    Arrays stand as drawn; a part that is not pierced keeps a ratio of 1.
    """
    passing = [passing_of(wall, skies.mission, skies.speed_m_s) for wall in walls]
    slim = Layout(layout.sources, 0, 0, False)
    every = tuple(range(len(skies.phases)))

    def pierced(turn: Array, name: str) -> Array:
        telling(f"rays, {name}")
        sums = _of_pose(surfaces, skies, passing, wall_of_part, Pose((), turn, every), slim, [], FEW)
        return _by_part(surfaces, slim, sums)

    if not skies.attitude_ends or not any(wall.known for wall in walls):
        return np.ones((0, 2, len(surfaces.parts)))
    middle = pierced(skies.phases[0].body_from_lvlh, "middle attitude")
    ends = [[pierced(turn, f"attitude, {name}") for turn in pair] for name, *pair in skies.attitude_ends]
    return _ratio(np.array(ends), np.broadcast_to(middle, (len(ends), 2, len(middle))))


def _origins_per_m2(surfaces: Surfaces, share: float) -> float:
    """So many origins a square metre that a small vehicle gets `ORIGINS_IN_ALL` of them times the share; never below two."""
    left = share * ORIGINS_IN_ALL - LEAST * len(surfaces.triangle)
    return min(max(2.0, left / max(float(surfaces.area_m2.sum()), 1e-9)), MOST_PER_M2)


def _day(skies: Skies, index: int) -> list[tuple[int, Array]]:
    """The streams of one stretch by their place in the mission's sky."""
    place = {stream.name: at for at, stream in enumerate(skies.mission)}
    return [(place[stream.name], stream.flux_per_m2_s) for stream in skies.phases[index].streams]


def _of_pose(
    scene: Surfaces,
    skies: Skies,
    passing: list[Passing],
    wall_of_part: npt.NDArray[np.int64],
    pose: Pose,
    layout: Layout,
    day: list[list[tuple[int, Array]]],
    share: float,
) -> Array:
    """Sums of one position for every facet, a few kinds of wall at a time where there are many. (n_facet, n_channel)"""
    flux = skies.flux(pose.members)
    seen = flux.any(axis=(0, 2))
    for streams in day:
        for _, one in streams:
            seen = seen | one.any(axis=1)
    filled = np.flatnonzero(seen)
    direction = skies.direction_lvlh[filled]
    sector, nodes = sector_of(direction), cos_nodes()
    numbers = len(filled) * len(nodes) * sum(layout.sizes)
    at_once = max(1, WEIGHTS_AT_ONCE // max(numbers, 1))
    wall = wall_of_part[scene.part_index]
    found = np.zeros((len(scene.triangle), sum(layout.sizes)))
    for begin in range(0, len(passing), at_once):
        chosen = passing[begin : begin + at_once]
        rows = [[(at, one[filled]) for at, one in streams] for streams in day]
        table = np.stack([weights(layout, p, flux[:, filled], skies.speed_m_s, sector, rows) for p in chosen])
        mine = (wall >= begin) & (wall < begin + len(chosen))
        sums = exposure_sums(
            scene, direction @ pose.body_from_lvlh.T, table, np.where(mine, wall - begin, 0), cos_nodes=nodes,
            origins_per_facet=LEAST, origins_per_m2=_origins_per_m2(scene, share),
        )  # fmt: skip
        found[mine] = sums[mine]
    return found
