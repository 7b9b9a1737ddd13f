"""Which positions of vehicle and arrays must rays be cast for? Stretches of a revolution, and of a long exposure its dates, by position."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from whipple.casefile.estimate import Array
from whipple.exposure.moving import Joint, sun_angles_rad
from whipple.exposure.phases import Skies
from whipple.physics.cited import Cited

__all__ = ["SAME_ATTITUDE", "Pose", "poses_of"]

#: Attitudes nearer than this are one.
SAME_ATTITUDE = 1e-3
#: Steps of the golden ratio spread the dates evenly over the stretches.
GOLDEN = Cited(0.6180339887498949, unit="", source="geometry-sheet", grade="computed")


@dataclass(frozen=True)
class Pose:
    """One position: angles of the joints, attitude, the stretches (indices) in which it is taken and the part of each that is spent so.

    `date_s`: the dates of the exposure whose Sun it faces, on the clock of the sky; empty where the epoch's stands for all.
    """

    angle_rad: tuple[float, ...]
    body_from_lvlh: Array
    members: tuple[int, ...]
    spent_frac: tuple[float, ...]
    date_s: tuple[float, ...] = ()


def poses_of(skies: Skies, joints: tuple[Joint, ...], pairs: int = 1) -> tuple[Pose, ...]:
    """The stretches gathered by position: where nothing moves there is one.

    Where parts follow the Sun over a long exposure at least `pairs` pairs of stretch and date are looked at, with dates spread over the
    stretches by steps of the golden ratio: all dates and all stretches are met evenly, with far fewer positions than dates times stretches.
    """
    found: dict[tuple[object, ...], tuple[tuple[float, ...], Array, dict[int, float], list[float]]] = {}
    turns: list[Array] = []
    dated = len(joints) > 0 and len(skies.date_s) > 0
    each = min(max(1, -(-pairs // len(skies.phases))), len(skies.date_s)) if dated else 1
    for index, phase in enumerate(skies.phases):
        attitude = next(
            (i for i, turn in enumerate(turns) if np.abs(turn - phase.body_from_lvlh).max() < SAME_ATTITUDE), -1
        )
        if attitude < 0:
            attitude = len(turns)
            turns.append(phase.body_from_lvlh)
        for turn in range(each):
            date = int((index * GOLDEN + turn / each) % 1.0 * len(skies.date_s)) if dated else None
            sun = phase.sun_dir_lvlh if date is None else skies.date_sun_lvlh[date, index]
            angle = sun_angles_rad(joints, phase.body_from_lvlh @ sun)
            key = (attitude, *(round(one, 9) for one in angle))
            _, _, spent, dates = found.setdefault(key, (angle, turns[attitude], {}, []))
            spent[index] = spent.get(index, 0.0) + 1 / each
            dates += [] if date is None else [float(skies.date_s[date])]
    return tuple(
        Pose(angle, turn, tuple(spent), tuple(spent.values()), tuple(sorted(dates)))
        for angle, turn, spent, dates in found.values()
    )
