"""How far can any answer go on these shots? Repeats that disagree, sources that contradict themselves, spall that is filed as a hole.

No equation and no learning is in here: only that a larger particle is not stopped by a thinner, softer wall closer behind the same bumper, at
the same speed and angle. `turned_round` applies one rule to every source; a source it names is left out of learning and scored apart.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt
from perforation_chance.shots import CONDITIONS, Array, Names, Shots
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import maximum_bipartite_matching

#: Speeds and bumpers (relative) and angles (deg) that count as the same.
SAME_SPEED, SAME_BUMPER, SAME_ANGLE_deg = 0.05, 0.03, 1.0
#: A source is left out when its pairs contradict each other more than they agree, as fewer than this share of shuffles of its own outcomes do.
LEVEL, SHUFFLES = 0.005, 20_000
#: What a relative change of each condition does to the limit, roughly: to say how near two shots are (speed, bumper, gap, wall, yield; size 1).
_POWERS = {"velocity": 0.7, "bumper_thick": 0.3, "standoff": 0.33, "wall_thick": 0.67, "wall_yield": 0.33, "proj_diam": 1.0}  # fmt: skip
#: Shots at JSC that `whipple.csv` files as perforated and the fuller table of the same repository (`data/database_TP-2003-210788.csv`, commit
#: 69565a2) as detached spall without a hole (SP, perforated 0); all 7 of the 13 head-on shots in both that are SP there. The shots that
#: `whipple.csv` takes from that table itself (8 of them SP) it files as not perforated: the two sources mean different failures.
SPALLED = ("HD9920034", "HD9920066", "HD9920114", "HD9920032", "HD9920058", "HD9920040", "HD9920104")
_Pairs = npt.NDArray[np.bool_]


def harder(shots: Shots, same_speed: float = SAME_SPEED) -> _Pairs:
    """(n, n): shot i asks more of its wall than shot j in nothing but size, gap, wall and yield; all else is the same."""
    value = {name: shots.conditions[:, k] for k, name in enumerate(CONDITIONS)}

    def near(name: str, reach: float) -> _Pairs:
        log = np.log(value[name])
        return np.asarray(np.abs(log[:, None] - log[None, :]) <= reach)

    def at_most(name: str) -> _Pairs:
        return np.asarray(value[name][:, None] <= value[name][None, :] * (1 + 1e-9))

    pairs = at_most("wall_thick") & at_most("wall_yield") & at_most("standoff") & at_most("proj_diam").T
    pairs &= near("velocity", same_speed) & near("bumper_thick", SAME_BUMPER)
    pairs &= np.abs(value["angle"][:, None] - value["angle"][None, :]) <= SAME_ANGLE_deg
    np.fill_diagonal(pairs, False)
    return pairs


def turned_round(shots: Shots) -> dict[str, tuple[int, int, float]]:
    """Sources that contradict themselves: pairs that agree, pairs that contradict, share of shuffles of its outcomes that contradict as much."""
    found, rng = {}, np.random.default_rng(0)
    for name in np.unique(shots.source):
        mine = shots.part(shots.source == name)
        pairs = harder(mine)
        agree, contradict = _counted(pairs, mine.perforated)
        if contradict <= agree:
            continue
        shuffled = (_counted(pairs, rng.permutation(mine.perforated)) for _ in range(SHUFFLES))
        as_much = float(np.mean([worse - better >= contradict - agree for better, worse in shuffled]))
        if as_much < LEVEL:
            found[str(name)] = (agree, contradict, as_much)
    return found


def _counted(pairs: _Pairs, outcome: Array) -> tuple[int, int]:
    hole = outcome > 0.5
    return int((pairs & hole[:, None] & ~hole[None, :]).sum()), int((pairs & ~hole[:, None] & hole[None, :]).sum())


def sound(shots: Shots) -> Shots:
    """The shots without the sources that contradict themselves, spall without a hole counted as none everywhere."""
    return spall_held(shots.part(~np.isin(shots.source, list(turned_round(shots)))))


def spall_held(shots: Shots) -> Shots:
    """All the shots, spall without a hole counted as none everywhere."""
    spalled = np.isin(shots.name, SPALLED) & (shots.source == "Ryan_2011")
    return replace(shots, perforated=np.where(spalled, 0.0, shots.perforated))


def exchanged(shots: Shots) -> Shots:
    """All the shots, spall counted as held, the outcomes of the sources that contradict themselves turned round: only to be scored beside."""
    held, mine = spall_held(shots), np.isin(shots.source, list(turned_round(shots)))
    return replace(held, perforated=np.where(mine, 1.0 - held.perforated, held.perforated))


def fewest_errors(shots: Shots, same_speed: float = SAME_SPEED) -> int:
    """How many shots any answer must sort wrong that never calls an easier shot perforated and a harder one not (König: largest matching)."""
    hole = shots.perforated > 0.5
    contradict = harder(shots, same_speed) & ~hole[:, None] & hole[None, :]
    return int((maximum_bipartite_matching(csr_matrix(contradict)) >= 0).sum())


def repeats(shots: Shots, reach: float, group: Names) -> tuple[tuple[int, float], tuple[int, float]]:
    """Pairs of shots that differ by at most `reach` in the limit: (count, share that disagree) within a group, and between two."""
    logs = np.stack([power * np.log(shots.conditions[:, CONDITIONS.index(name)]) for name, power in _POWERS.items()])
    cosine = np.cos(np.radians(shots.conditions[:, CONDITIONS.index("angle")]))
    each = np.vstack([logs, cosine[None, :]])
    near = np.sqrt(((each[:, :, None] - each[:, None, :]) ** 2).sum(axis=0)) <= reach
    near = np.triu(near, 1)
    unlike = shots.perforated[:, None] != shots.perforated[None, :]
    same = group[:, None] == group[None, :]
    inside, between = near & same, near & ~same
    return tuple((int(p.sum()), float((p & unlike).sum() / max(p.sum(), 1))) for p in (inside, between))  # type: ignore[return-value]


def best_share(disagreement: float) -> float:
    """The share that the best answer sorts right where repeats disagree this often: 2 p (1 - p) = q, so (1 + sqrt(1 - 2 q)) / 2.

    >>> round(best_share(0.26), 3)
    0.846
    """
    return float((1 + np.sqrt(max(1 - 2 * disagreement, 0.0))) / 2)
