"""The Sun that the debris flux asks for: dated, smooth, and said to be typical where the record does not reach."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from whipple.environment.debris_sun import solar_flux_sfu, solar_words
from whipple.environment.models.kessler_1991 import debris_flux_per_m2_s

SHARED = Path(__file__).parents[4] / "shared" / "data" / "debris" / "f107_monthly.csv"


def test_no_step_of_the_debris_flux_at_new_year_or_any_other_day():
    year = np.arange(1980.0, 2026.0, 5 / 365.25)
    flux = [
        float(debris_flux_per_m2_s(1e-3, 415e3, np.radians(51.6), year=2020.0, solar_sfu=float(solar_flux_sfu(y)[0])))
        for y in year
    ]
    assert np.abs(np.diff(np.log(flux))).max() < 0.02


def test_every_month_is_the_smoothed_mean_of_the_record_one_year_earlier():
    if not SHARED.is_file():
        pytest.skip("the monthly record of the shared data is not here")
    rows = list(csv.DictReader(SHARED.read_text().splitlines()))
    middle = np.array([int(row["year"]) + (int(row["month"]) - 0.5) / 12 for row in rows])
    weight = np.array([0.5, *[1.0] * 11, 0.5]) / 12
    mean = np.convolve([float(row["f107_observed_sfu"]) for row in rows], weight, "valid")
    known = [(at, one) for at, one in zip(middle[6:-6], mean, strict=True) if 1979 <= at <= 2025]
    ours = np.array([float(solar_flux_sfu(at + 1)[0]) for at, _ in known])
    off = ours - np.array([one for _, one in known])
    assert np.abs(off).max() < 5.0
    assert off.std() < 1.0


@pytest.mark.parametrize("year", [1979.9, 2026.1])
def test_outside_the_record_the_sun_is_a_typical_one(year):
    flux, known = solar_flux_sfu(year)
    assert not known
    assert "typical" in solar_words(float(flux), known)
