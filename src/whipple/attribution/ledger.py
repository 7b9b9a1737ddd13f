"""A ledger typed by a person: base rates and rows in, posterior out. No case is needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from whipple.attribution.base_rate import IMPACT_KINDS, BaseRate
from whipple.attribution.inputs import uncertain_inputs
from whipple.attribution.posterior import Race, run_race
from whipple.attribution.record import STEADY_KINDS, draw_with_any_hole
from whipple.attribution.row import Row
from whipple.attribution.standing import Standing, stand
from whipple.casefile.estimate import Estimate, Evidence
from whipple.errors import CaseError, Problem

__all__ = ["DRAW_COUNT", "parse_ledger", "settle", "stand_typed", "start_race"]

#: Draws over base rates and elicited likelihoods: the averaged probability is then good to about 0.005.
DRAW_COUNT = 32000


def settle(expected_count: Mapping[str, Estimate], rows: Sequence[Row], seed: int = 0) -> dict[str, Estimate]:
    """The posterior probability of each cause from expected counts and rows, with 90 % intervals.

    >>> rates = {"meteoroid": Estimate.exactly(0.02, ""), "defect": Estimate.exactly(0.005, "")}
    >>> row = Row(Evidence("round", "outline", {"meteoroid": 0.0, "defect": -0.5}, {}))
    >>> {name: round(p.median, 3) for name, p in settle(rates, [row]).items()}
    {'meteoroid': 0.868, 'defect': 0.132}
    """
    race = _typed(expected_count, seed)[1]
    return dict(zip(race.names, race.estimates(rows), strict=True))


def stand_typed(expected_count: Mapping[str, Estimate], rows: Sequence[Row], seed: int = 0) -> Standing:
    """Is the most probable cause of a typed ledger named, or does it only lead? The same rule as for a case.

    >>> rates = {"meteoroid": Estimate(0.02, 0.001, 0.4, ""), "defect": Estimate.exactly(0.005, "")}
    >>> found = stand_typed(rates, [])
    >>> found.word, found.unseating[0][0]
    ('leading', 'the base rate of “meteoroid”')
    """
    rates, race = _typed(expected_count, seed)
    return stand(race, rows, uncertain_inputs(race, rates, rows, {name: name for name in race.names}))


def _typed(expected_count: Mapping[str, Estimate], seed: int) -> tuple[tuple[BaseRate, ...], Race]:
    rates = tuple(BaseRate(name, name, count, "typed") for name, count in expected_count.items())
    return rates, start_race(rates, 0.0, np.random.default_rng(seed))


def start_race(rates: Sequence[BaseRate], record_ratio: float, rng: np.random.Generator) -> Race:
    """Draw the levels and line up the causes; impact causes share their elicited doubt.

    `record_ratio`: exposures like this one that passed without a loss.
    """
    count, any_hole = draw_with_any_hole(rates, record_ratio, rng, DRAW_COUNT)
    kinds = ["impact" if rate.kind in IMPACT_KINDS else rate.kind for rate in rates]
    classes = list(dict.fromkeys(kinds))
    race = run_race([rate.hypothesis for rate in rates], count, rng, [classes.index(kind) for kind in kinds])
    return replace(race, any_hole_count=any_hole) if any(rate.kind in STEADY_KINDS for rate in rates) else race


def parse_ledger(content: Mapping[str, Any], path: str) -> tuple[dict[str, Estimate], tuple[Row, ...]]:
    """Causes and rows of a ledger file (already read); CaseError lists every problem in one pass.

    Causes: `[[cause]] name, expected` with `expected` a number or { is, low, high }. Rows: `[[observation]] says, group, likelihood`
    with `likelihood` a table cause = P(observation | cause), or `log_likelihood` in natural log; `doubt` is an optional table of 1-sigma.
    """
    problems: list[Problem] = []
    counts = dict(filter(None, (_cause(entry, path, problems) for entry in content.get("cause", ()))))
    if not counts and not problems:
        problems.append(
            Problem(
                path,
                "cause",
                "no [[cause]]",
                "at least one cause with name and expected",
                'write [[cause]] name = "meteoroid" expected = 0.02',
            )
        )
    rows = [_row(entry, counts, path, problems) for entry in content.get("observation", ())]
    unknown = set(content) - {"cause", "observation", "title"}
    problems += [
        Problem(path, key, "an unknown key", "title, [[cause]], [[observation]]", "remove or rename it")
        for key in sorted(unknown)
    ]
    if problems:
        raise CaseError(problems)
    return counts, tuple(row for row in rows if row is not None)


def _cause(entry: Mapping[str, Any], path: str, problems: list[Problem]) -> tuple[str, Estimate] | None:
    name, given = str(entry.get("name", "")), entry.get("expected")
    table: Mapping[str, Any] = given if isinstance(given, Mapping) else {"is": given}
    numbers = [table.get(key, table.get("is")) for key in ("is", "low", "high")]
    real = all(isinstance(x, (int, float)) and not isinstance(x, bool) and np.isfinite(x) for x in numbers)
    if name and real and 0 < numbers[1] <= numbers[0] <= numbers[2]:
        return name, Estimate(float(numbers[0]), float(numbers[1]), float(numbers[2]), "")
    wanted = "a name, and an expected count > 0 with low <= is <= high"
    remedy = 'write name = "defect", expected = { is = 0.005, low = 0.001, high = 0.02 }'
    problems.append(Problem(path, f"cause.{name or '?'}", repr(given), wanted, remedy))
    return None


def _row(entry: Mapping[str, Any], counts: Mapping[str, Estimate], path: str, problems: list[Problem]) -> Row | None:
    says = str(entry.get("says", ""))
    key = f"observation.{says or '?'}"
    given = entry.get("log_likelihood", entry.get("likelihood"))
    if not says or not isinstance(given, Mapping) or not given:
        problems.append(
            Problem(
                path,
                key,
                repr(given),
                "says, and likelihood or log_likelihood as a table cause = number",
                "write likelihood = { meteoroid = 0.9, defect = 0.1 }",
            )
        )
        return None
    for name in sorted(set(given) - set(counts)):
        problems.append(
            Problem(
                path,
                f"{key}.{name}",
                "an unknown cause",
                f"one of: {', '.join(counts)}",
                "name a [[cause]] of this ledger",
            )
        )
    plain = "log_likelihood" not in entry
    wrong = [name for name, value in given.items() if not _usable(value, plain)]
    for name in wrong:
        expected = "a likelihood above 0, at most 1" if plain else "a finite number (natural log)"
        problems.append(
            Problem(
                path,
                f"{key}.{name}",
                repr(given[name]),
                expected,
                "give P(observation | cause); the floor protects against zeros",
            )
        )
    if wrong:
        return None
    values = {str(name): float(np.log(value)) if plain else float(value) for name, value in given.items()}
    because = dict.fromkeys(values, str(entry.get("because", "")))
    doubt = {str(name): float(value) for name, value in dict(entry.get("doubt", {})).items()}
    return Row(Evidence(says, str(entry.get("group", says)), values, because), doubt)


def _usable(value: Any, plain: bool) -> bool:
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not np.isfinite(value):
        return False
    return 0 < value <= 1 if plain else True
