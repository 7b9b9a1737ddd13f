"""What several dates say of one stream, draws that do not scatter, angles on the grid of the sky, and sides equally wide."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pytest

from whipple.casefile.estimate import Caveat
from whipple.casefile.findings.sky import OrbitFacts, Sky
from whipple.environment.grid import sky_grid
from whipple.exposure import strike_rates
from whipple.exposure.chances import level_draws
from whipple.exposure.margins import reach_margins
from whipple.exposure.phases import Source, joined
from whipple.exposure.risk_words import arrivals
from whipple.exposure.weights import sector_of, sectors
from whipple.physics.frames import direction_lvlh

sys.path.insert(0, str(Path(__file__).parents[1] / "assess"))
import made_by_hand as hand

Z95 = NormalDist().inv_cdf(0.95)


def on_a_date(level: float, factor: float, word: str, **more):
    """A shower of so much flux whose level is known to a factor, with a sentence of that date."""
    one = hand.stream("shower", kind="shower", level=factor)
    return replace(one, flux_per_m2_s=level * one.flux_per_m2_s, caveats=(Caveat("c", word),), **more)


def test_a_shower_is_as_sure_as_on_the_dates_that_bring_it():
    """First met at the far edge of its activity, where nothing is known of it and nothing comes of it."""
    dates = [on_a_date(1e-3, 160.0, "edge"), on_a_date(1.0, 4.0, "peak"), on_a_date(0.5, 6.0, "fall")]
    (mean,) = joined((1 / 3, [one]) for one in dates)
    share = np.array([1e-3, 1.0, 0.5]) / 1.501
    assert mean.level_factor == pytest.approx((share @ np.array([160.0, 4.0, 6.0]) ** Z95) ** (1 / Z95))
    assert mean.level_factor < 6.0
    assert mean.caveats[0].text == "peak"
    assert joined([(1.0, [dates[0]])])[0].level_factor == pytest.approx(160.0)
    assert joined([(1.0, [on_a_date(0.0, 3.0, "none")])])[0].level_factor == pytest.approx(3.0)


def test_sizes_and_witnesses_are_those_of_all_dates():
    few, many = hand.NUMBER, hand.NUMBER * np.array([3.0, 2.0, 1.0, 1.0, 1.0])
    dates = [
        on_a_date(1.0, 2.0, "", number_ratio=few, sources=("a",)),
        on_a_date(3.0, 2.0, "", number_ratio=many, sources=("b",)),
    ]
    (mean,) = joined((0.5, [one]) for one in dates)
    assert mean.number_ratio == pytest.approx((few + 3 * many) / 4)
    assert mean.sources == ("a", "b")


def test_the_sky_of_the_epochs_day_counts_by_its_own_directions():
    """As much of it, but from the side of the plate and not onto its face."""
    face, side = hand.beam([1.0, 0.0, 0.0], "one"), hand.beam([0.0, 1.0, 0.0], "one")
    sky = replace(hand.skies(face, phases=[hand.phase([side])], duration_s=1e5), of_day=False)
    plate = hand.stack([hand.placed((0.01, 1.0, 1.0))], [hand.part("plate")])
    risk = hand.assessed(plate, sky)
    (day,) = (row for row in risk.assumptions if "epoch's day" in row.name)
    assert day.count_ratio == pytest.approx(0.01, rel=1e-6)
    held = hand.assessed(plate, replace(hand.skies(face, duration_s=1e5), of_day=False))
    (day,) = (row for row in held.assumptions if "epoch's day" in row.name)
    assert day.count_ratio == pytest.approx(1.0, rel=0.01)


def test_draws_of_a_sum_lie_where_the_law_says():
    """The share below each drawn quantile of a sum of two levels, by integration: 5, 50 and 95 %, to a twentieth of a per cent."""
    sources = (Source("a", "sporadic", (0,), 2.3), Source("b", "debris", (1,), 7.0))
    count = np.array([2800.0, 2600.0])
    found = np.quantile(level_draws(sources, np.random.default_rng(7)) @ count, [0.05, 0.5, 0.95])
    z = np.linspace(-8.0, 8.0, 20001)
    chance = np.exp(-z * z / 2) * (z[1] - z[0]) / np.sqrt(2 * np.pi)
    normal = NormalDist()
    for share, value in zip((0.05, 0.5, 0.95), found, strict=True):
        rest = np.maximum(value - count[0] * 2.3**z, 1e-300) / count[1]
        below = sum(p * normal.cdf(x) for p, x in zip(chance, np.log(rest) / np.log(7.0), strict=True))
        assert below == pytest.approx(share, abs=5e-4)


def oblique_m(part, speed_m_s, incidence_rad, density_kg_m3):
    return 3e-4 * (7e3 / (speed_m_s * np.cos(incidence_rad))) ** (2 / 3) * (2800 / density_kg_m3) ** 0.5


def of_a_cube(flux, level=1.0):
    """One stream on a cube that stands along the axes of the sky, and what strikes it."""
    one, zero = hand.stream(flux=flux, level=level), np.zeros((10, 3))
    orbit = OrbitFacts("", (), np.arange(10.0), zero, zero, zero, np.ones(10), 0, 0, 0, 0, 4e5, 5500.0, 0.0)
    grid = sky_grid()
    sky = Sky(orbit, grid.direction_lvlh, grid.solid_angle_sr, hand.SPEED, (one,), (), np.zeros(1), np.zeros(1), "")
    return one, strike_rates(hand.case(), hand.cube(), sky, oblique_m)


@pytest.mark.parametrize("around", ["everywhere", "the horizon"])
def test_incidences_on_the_grid_of_the_sky_are_taken_as_they_are(around):
    grid = sky_grid()
    level = np.abs(grid.direction_lvlh[:, 2]) < 1e-9
    flux = (hand.FLUX * (grid.solid_angle_sr if around == "everywhere" else level / level.sum()))[:, None]
    one, found = of_a_cube(flux)
    rate = found.parts[0]
    cosine = np.clip(grid.direction_lvlh @ np.vstack([np.eye(3), -np.eye(3)]).T, 0.0, 1.0)
    cosine[cosine < 1e-4] = 0.0
    mass = np.pi / 6 * 2800.0 * oblique_m(None, hand.SPEED[0], np.arccos(np.maximum(cosine, 1e-4)), 2800.0) ** 3
    assert rate.puncture_per_s.median == pytest.approx(float((flux * cosine * one.heavier_than(mass)).sum()), rel=1e-3)
    angle = float((flux * cosine * np.arccos(cosine)).sum() / (flux * cosine).sum())
    assert np.degrees(rate.mean_incidence_rad) == pytest.approx(np.degrees(angle), abs=0.1)


def test_the_headline_tells_the_strikes_of_a_year_and_no_noise():
    """Six faces in 1e-6 /m2/s each above 1e-6 kg, a hundred times as many above 1 µg; a factor of 5 either way (1 sigma)."""
    solid = sky_grid().solid_angle_sr
    _, found = of_a_cube(hand.FLUX * (solid / solid.sum())[:, None], level=5.0)
    year = 6e-6 * 100 * 31_557_600.0
    assert [f"{year * 5 ** (z * Z95):.2g}" for z in (0, -1, 1)] == ["1.9e+04", "1.3e+03", "2.7e+05"]
    assert "19\u00a0000 times a year (90 % interval 1\u00a0300 to 270\u00a0000)" in found.headline


def test_what_runs_along_a_surface_is_not_said_to_be_in_a_shadow():
    """A lone cube under arrivals from the horizon: nothing stands in the way of its upper side."""
    cube, horizon = hand.cube(), direction_lvlh(np.radians(np.arange(-180.0, 180.0, 5.0)), 0.0)
    upper = np.flatnonzero(cube.surfaces.normal_body[:, 2] < -0.9)
    (row,) = reach_margins(cube, {"debris": (horizon, np.ones(len(horizon)))}, {"upper side": upper}, backend="embree")
    assert row.grazing
    assert "grazing, by direction" in row.sentence
    assert "stands in the way" not in row.sentence


def test_the_sides_that_arrivals_are_named_by_are_equally_wide():
    way = direction_lvlh(np.radians(np.arange(0.25, 360.0, 0.5)), 0.0)
    named = Counter(arrivals(np.eye(len(sectors()))[at], sectors()).split(",")[0] for at in sector_of(way))
    assert set(named.values()) == {90}
    assert len(named) == 8
