"""Attribution against printed numbers: the season of sunlight, the record of clean flights, the sheet's Bayesian network."""

from __future__ import annotations

import csv
import tomllib
from importlib.resources import files
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import chi2

from whipple.attribution.ledger import settle
from whipple.attribution.observations.outline import LONG, ROUND
from whipple.attribution.observations.sunlight import high_beta_frac
from whipple.attribution.row import Row
from whipple.attribution.words import likelihood_word
from whipple.casefile.estimate import Estimate, Evidence
from whipple.casefile.units import parse_quantity

YEAR_S = 365.25 * 86400


TABLE = Path(__file__).parents[2] / "authorities" / "attribution.csv"
ROWS = list(csv.DictReader(line for line in TABLE.read_text().splitlines() if not line.startswith("#")))
#: Docked vehicle-years of the record (65 to 70).
RECORD_YEARS = 68


def asia() -> dict[tuple[int, ...], float]:
    """Full joint of Lauritzen and Spiegelhalter 1988: asia, tub, smoke, lung, bronc, xray, dysp."""
    joint = {}
    for visit, tub, smoke, lung, bronc, xray, dysp in product((0, 1), repeat=7):
        either = int(tub or lung)
        chances = (
            (visit, 0.01),
            (tub, 0.05 if visit else 0.01),
            (smoke, 0.5),
            (lung, 0.1 if smoke else 0.01),
            (bronc, 0.6 if smoke else 0.3),
            (xray, 0.98 if either else 0.05),
            (dysp, {(1, 1): 0.9, (1, 0): 0.7, (0, 1): 0.8, (0, 0): 0.1}[(either, bronc)]),
        )
        joint[(visit, tub, smoke, lung, bronc, xray, dysp)] = float(np.prod([p if on else 1 - p for on, p in chances]))
    return joint


def asia_tub() -> float:
    """P(tub | asia, xray) as a race of "tub" against "none", given a visit to Asia, with one row for the X-ray."""
    joint = asia()
    base = {t: sum(p for key, p in joint.items() if key[0] and key[1] == t) for t in (0, 1)}
    seen = {t: sum(p for key, p in joint.items() if key[0] and key[1] == t and key[5]) / base[t] for t in (0, 1)}
    rates = {"tub": Estimate.exactly(base[1], ""), "none": Estimate.exactly(base[0], "")}
    row = Row(Evidence("xray", "xray", {"tub": np.log(seen[1]), "none": np.log(seen[0])}, {}))
    return settle(rates, [row])["tub"].median


OURS = {
    "high_beta_frac": lambda beta_deg: high_beta_frac(np.radians(beta_deg), np.radians(51.64)),
    "jeffreys_mean_rate": lambda losses: (losses + 0.5) / RECORD_YEARS,
    "upper_rate_of_none": lambda _: chi2.ppf(0.95, 2) / 2 / RECORD_YEARS,
    "asia_tub_given_asia_xray": lambda _: asia_tub(),
}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['quantity']} {row['argument']}")
def test_printed_numbers(authority, row):
    ours = float(OURS[row["quantity"]](float(row["argument"] or 0)))
    what = f"{row['quantity']} {row['argument']}".strip()
    printed, rtol = float(row["printed"]), float(row["rtol"])
    authority("attribution", what, ours, printed, source=row["source"], why=row["why"], rtol=rtol, unit=row["unit"])


@pytest.mark.parametrize(("quantile", "per_year"), [(0.05, 2.89e-5), (0.5, 3.345e-3), (0.95, 2.825e-2)])
def test_the_rates_of_the_bundled_case_are_the_jeffreys_quantiles(quantile, per_year):
    """The three hardware rates of soyuz-ms22 add up to gamma(1/2, 68 years)."""
    content = tomllib.loads((files("whipple") / "cases" / "soyuz-ms22" / "case.toml").read_text())
    key = {0.05: "low", 0.5: "is", 0.95: "high"}[quantile]
    total = sum(parse_quantity(h["rate"][key], "1/s") * YEAR_S for h in content["hypothesis"] if "rate" in h)
    assert chi2.ppf(quantile, 1) / 2 / 68 == pytest.approx(per_year, rel=2e-3)
    assert total == pytest.approx(per_year, rel=0.01)


def test_love_counts_of_crater_outline(authority):
    """Fewer than 10 % of craters are longer than 1.5 to 1: our P(long | impact) keeps below."""
    long_prob, round_prob = LONG.impact[0], ROUND.impact[0]
    why = "'fewer than 10 %' is a bound; ours must lie below it and add to one"
    source = "Love et al. 1995, NTRS 19940031652"
    authority("attribution", "P(axis ratio > 1.5 | impact)", long_prob, 0.10, source=source, why=why, atol=0.05)
    assert long_prob < 0.10
    assert long_prob + round_prob == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("prob", "word"),
    [(0.67, "likely"), (0.91, "very likely"), (0.96, "extremely likely"), (0.995, "virtually certain")],
)
def test_words_of_the_scale(prob, word):
    """ATSB AR-2007-053 quoting the IPCC: likely > 66 %, very likely > 90 %, extremely likely > 95 %, virtually certain > 99 %."""
    assert likelihood_word(prob) == word
