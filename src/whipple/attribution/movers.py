"""What moves the answer: each observation left out in turn, and each uncertain input varied alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from whipple.attribution.inputs import Input
from whipple.attribution.posterior import Race
from whipple.attribution.row import Row
from whipple.attribution.words import lower_title, percent
from whipple.casefile.estimate import Array
from whipple.casefile.findings.verdict import Assumption, Mover

__all__ = ["left_out", "record_left_out", "varied_alone"]

#: A row whose absence moves nothing by more than this is not listed.
_MOVES_PROB = 0.005


def left_out(
    race: Race, rows: Sequence[Row], titles: Mapping[str, str], instead: Mapping[str, Race]
) -> tuple[Mover, ...]:
    """For each row the posterior without it: of the leading cause, and of the causes that would rise and fall most.

    `instead`: by group of a row the race whose base rates do not rest on that observation either.
    """
    full = race.probabilities(rows)
    movers = []
    for index, row in enumerate(rows):
        left = instead.get(row.evidence.group, race)
        without = left.probabilities([*rows[:index], *rows[index + 1 :]])
        movers += _movers(row.evidence.observation, race.names, full, without, titles)
    return _sorted(movers)


def record_left_out(race: Race, free: Race, rows: Sequence[Row], titles: Mapping[str, str]) -> tuple[Mover, ...]:
    """The same for the clean record: `free` is the race whose base rates were not conditioned on it."""
    return _sorted(
        _movers(
            "the clean record of earlier ships", race.names, race.probabilities(rows), free.probabilities(rows), titles
        )
    )


def _movers(
    observation: str, names: Sequence[str], full: Array, without: Array, titles: Mapping[str, str]
) -> list[Mover]:
    change = without - full
    watched = (int(np.argmax(full)), int(np.argmax(change)), int(np.argmin(change)))
    picked = [h for h in dict.fromkeys(watched) if abs(change[h]) > _MOVES_PROB]
    return [_mover(observation, names[h], float(full[h]), float(without[h]), titles) for h in picked]


def _mover(observation: str, name: str, with_prob: float, without_prob: float, titles: Mapping[str, str]) -> Mover:
    verb = "fall" if without_prob < with_prob else "rise"
    sentence = f"Without “{observation}”, {lower_title(titles.get(name, name))} would {verb} from {percent(with_prob)} to {percent(without_prob)}."
    return Mover(observation, name, with_prob, without_prob, sentence)


def _sorted(movers: Sequence[Mover]) -> tuple[Mover, ...]:
    return tuple(sorted(movers, key=lambda mover: -abs(mover.with_prob - mover.without_prob)))


def varied_alone(inputs: Sequence[Input], leader: int, name: str, titles: Mapping[str, str]) -> tuple[Assumption, ...]:
    """What each input alone does to the leading cause over its 90 % range, all else as it is; the strongest first."""
    found = (
        _assumption(one.name, name, (float(one.at_low_prob[leader]), float(one.at_high_prob[leader])), titles)
        for one in inputs
    )
    return tuple(sorted(found, key=lambda a: -abs(a.at_high_prob - a.at_low_prob)))


def _assumption(what: str, name: str, ends: tuple[float, float], titles: Mapping[str, str]) -> Assumption:
    low, high = ends
    sentence = (
        f"{what[:1].upper() + what[1:]}: over its 90 % range the probability of "
        f"{lower_title(titles.get(name, name))} goes from {percent(low)} to {percent(high)}."
    )
    return Assumption(what, name, low, high, sentence)
