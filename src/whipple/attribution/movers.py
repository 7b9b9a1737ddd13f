"""What moves the answer: each observation left out in turn, and each uncertain input varied alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from whipple.attribution.base_rate import BaseRate
from whipple.attribution.posterior import Race, speakers
from whipple.attribution.row import Row
from whipple.attribution.words import lower_title, percent
from whipple.casefile.estimate import Z90, Array
from whipple.casefile.findings.verdict import Assumption, Mover

__all__ = ["left_out", "record_left_out", "varied_alone"]

#: A row whose absence moves nothing by more than this is not listed.
_MOVES_PROB = 0.005


def left_out(race: Race, rows: Sequence[Row], titles: dict[str, str]) -> tuple[Mover, ...]:
    """For each row the posterior without it: of the leading cause, and of the causes that would rise and fall most."""
    full = race.probabilities(rows)
    movers = []
    for index, row in enumerate(rows):
        without = race.probabilities([*rows[:index], *rows[index + 1 :]])
        movers += _movers(row.evidence.observation, race.names, full, without, titles)
    return _sorted(movers)


def record_left_out(race: Race, free: Race, rows: Sequence[Row], titles: dict[str, str]) -> tuple[Mover, ...]:
    """The same for the clean record: `free` is the race whose base rates were not conditioned on it."""
    return _sorted(
        _movers(
            "the clean record of earlier ships", race.names, race.probabilities(rows), free.probabilities(rows), titles
        )
    )


def _movers(observation: str, names: Sequence[str], full: Array, without: Array, titles: dict[str, str]) -> list[Mover]:
    change = without - full
    watched = (int(np.argmax(full)), int(np.argmax(change)), int(np.argmin(change)))
    picked = [h for h in dict.fromkeys(watched) if abs(change[h]) > _MOVES_PROB]
    return [_mover(observation, names[h], float(full[h]), float(without[h]), titles) for h in picked]


def _mover(observation: str, name: str, with_prob: float, without_prob: float, titles: dict[str, str]) -> Mover:
    verb = "fall" if without_prob < with_prob else "rise"
    sentence = f"Without “{observation}”, {lower_title(titles.get(name, name))} would {verb} from {percent(with_prob)} to {percent(without_prob)}."
    return Mover(observation, name, with_prob, without_prob, sentence)


def _sorted(movers: Sequence[Mover]) -> tuple[Mover, ...]:
    return tuple(sorted(movers, key=lambda mover: -abs(mover.with_prob - mover.without_prob)))


def varied_alone(
    race: Race, rates: Sequence[BaseRate], rows: Sequence[Row], titles: dict[str, str]
) -> tuple[Assumption, ...]:
    """Each base rate and each elicited likelihood at the ends of its 90 % range, all else as it is; the strongest first."""
    leading = int(np.argmax(race.probabilities(rows)))
    found = [_rate_varied(race, index, rate, rows, titles, leading) for index, rate in enumerate(rates)]
    found += [a for row in speakers(rows) for a in _row_varied(race, rates, row, rows, titles, leading)]
    return tuple(sorted(found, key=lambda a: -abs(a.at_high_prob - a.at_low_prob)))


def _rate_varied(
    race: Race, index: int, rate: BaseRate, rows: Sequence[Row], titles: dict[str, str], leading: int
) -> Assumption:
    ends: list[float] = []
    for end in np.quantile(race.count[:, index], [0.05, 0.95]):
        count = race.count.copy()
        count[:, index] = end
        ends.append(float(replace(race, count=count).probabilities(rows)[leading]))
    return _assumption(f"the base rate of “{titles[rate.hypothesis]}”", race.names[leading], (ends[0], ends[1]), titles)


def _row_varied(
    race: Race, rates: Sequence[BaseRate], row: Row, rows: Sequence[Row], titles: dict[str, str], leading: int
) -> list[Assumption]:
    kinds: dict[str, list[str]] = {}
    for rate in rates:
        if row.doubt_nat.get(rate.hypothesis, 0.0) > 0:
            kinds.setdefault(rate.kind, []).append(rate.hypothesis)
    others = [other for other in rows if other is not row]
    found = []
    for kind, names in kinds.items():
        ends = [float(race.probabilities([*others, _shifted(row, names, side * Z90)])[leading]) for side in (-1.0, 1.0)]
        found.append(
            _assumption(
                f"how well a {kind} cause explains “{row.evidence.observation}”",
                race.names[leading],
                (ends[0], ends[1]),
                titles,
            )
        )
    return found


def _shifted(row: Row, names: Sequence[str], z: float) -> Row:
    shift = {
        name: value + (z * row.doubt_nat[name] if name in names else 0.0)
        for name, value in row.evidence.log_likelihood_nat.items()
    }
    doubt = {name: 0.0 if name in names else value for name, value in row.doubt_nat.items()}
    return Row(replace(row.evidence, log_likelihood_nat=shift), doubt)


def _assumption(what: str, name: str, ends: tuple[float, float], titles: dict[str, str]) -> Assumption:
    low, high = ends
    sentence = (
        f"{what[:1].upper() + what[1:]}: over its 90 % range the probability of "
        f"{lower_title(titles.get(name, name))} goes from {percent(low)} to {percent(high)}."
    )
    return Assumption(what, name, low, high, sentence)
