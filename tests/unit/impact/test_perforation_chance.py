"""The chance of perforation: rises with size, falls back outside the shots and says so, refuses shields it does not know."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from whipple.commands.impact import app
from whipple.errors import RangeError
from whipple.impact import perforation_chance
from whipple.impact.asking import chance_rows, limit_rows
from whipple.impact.models.shot_scatter import BARE, COEFFICIENTS, COVARIANCE_ROOT, MEASURED
from whipple.impact.perforation_chance import punctures_ratio
from whipple.impact.perforation_terms import COVARIATES, columns, shield_terms
from whipple.impact.shield import Shield
from whipple.physics.materials import material

SHIELD = Shield(wall=material("6061-T6"), wall_m=0.00318, bumper_m=0.0016, standoff_m=0.1016)


@settings(max_examples=40, deadline=None)
@given(
    v=st.floats(500, 7e4), turn=st.floats(0, 1.5), rho=st.floats(500, 8000), gap=st.floats(0.005, 0.7), wall_m=st.floats(0.0003, 0.03),
    bumper_m=st.floats(0.0001, 0.01),
)  # fmt: skip
def test_larger_is_never_less_likely_to_perforate(
    v: float, turn: float, rho: float, gap: float, wall_m: float, bumper_m: float
) -> None:
    shield = replace(SHIELD, standoff_m=gap, wall_m=wall_m, bumper_m=bumper_m)
    chance = perforation_chance(shield, np.geomspace(1e-5, 0.1, 60), v, turn, rho)
    for row in (chance.low_prob, chance.perforation_prob, chance.high_prob):
        assert np.all(np.diff(row) >= 0)
        assert np.all((row >= 0) & (row <= 1))
    assert np.all(chance.low_prob <= chance.perforation_prob)
    assert np.all(chance.perforation_prob <= chance.high_prob)
    assert len(set(chance.from_tests.tolist())) == 1, "whether the shots speak may not depend on the size"


def test_a_dust_grain_does_not_and_a_pebble_does() -> None:
    chance = perforation_chance(SHIELD, [1e-4, 0.05], 7e3, 0.0, 2800.0).perforation_prob
    assert chance[0] < 1e-6
    assert chance[1] > 0.999


def test_within_the_shots_there_is_no_caveat_and_outside_there_is() -> None:
    assert perforation_chance(SHIELD, 0.005, 7e3, 0.0, 2800.0).caveats == ()
    fast = perforation_chance(SHIELD, 0.003, 20e3, 0.0, 1000.0)
    assert [caveat.code for caveat in fast.caveats] == ["beyond-the-shots"]
    assert not fast.from_tests.any()
    assert perforation_chance(SHIELD, 1e-4, 7e3, 0.0, 2800.0).caveats[0].code == "size-beyond-the-shots"


def test_the_interval_widens_the_further_the_laws_are_stretched() -> None:
    def width(v: float) -> float:
        limit = float(np.exp(shield_terms(SHIELD, v, 0.0, 1000.0).log_limit))
        chance = perforation_chance(SHIELD, limit, v, 0.0, 1000.0)
        return float(chance.high_prob - chance.low_prob)

    assert width(12e3) < width(30e3) < width(70e3)


def test_shapes_broadcast() -> None:
    chance = perforation_chance(SHIELD, np.full((3, 1), 0.005), np.linspace(2e3, 9e3, 4), 0.3, 2800.0)
    assert chance.perforation_prob.shape == chance.low_prob.shape == (3, 4)


@pytest.mark.parametrize(
    "shield",
    [
        Shield.single("6061-T6", 0.003),
        replace(SHIELD, wall=material("CFRP")),
        replace(SHIELD, stuffing_kg_m2=8.0),
        replace(SHIELD, blanket_kg_m2=0.6),
    ],
)
def test_other_shields_are_refused(shield: Shield) -> None:
    with pytest.raises(RangeError, match="expected an aluminium wall behind one bumper"):
        perforation_chance(shield, 0.005, 7e3, 0.0, 2800.0)


@pytest.mark.parametrize(
    ("layer", "shots"),
    [({"stuffing_kg_m2": 6.0}, "166 shots"), ({"cell_m": 0.005}, "142 shots"), ({"core_kg_m2": 6.0}, "110 shots")],
)
def test_a_refusal_says_what_shots_there_are(layer: dict[str, float], shots: str) -> None:
    shield = Shield(wall=material("6061-T6"), wall_m=0.003, bumper_m=0.001, standoff_m=0.1, **layer)
    with pytest.raises(RangeError, match=shots):
        perforation_chance(shield, 0.005, 7000.0, 0.0, 2800.0)


@pytest.mark.parametrize("size", [0.0, -1.0, np.nan, np.inf])
def test_impossible_sizes_are_refused(size: float) -> None:
    with pytest.raises(RangeError, match="expected a finite diameter > 0"):
        perforation_chance(SHIELD, size, 7e3, 0.0, 2800.0)


@pytest.mark.parametrize("slope", [1.0, 2.5, 3.6])
def test_what_the_scatter_adds_is_the_integral_of_the_chance(slope: float) -> None:
    """Numbers falling as d^-slope, times the chance of each size, against those above the size that perforates every other time."""
    size = np.geomspace(1e-6, 1.0, 60_001)
    chance = perforation_chance(SHIELD, size, 7e3, 0.0, 2800.0).perforation_prob
    even = float(np.interp(0.5, chance, size))
    punctures = float(np.trapezoid(slope * size**-slope * chance, np.log(size)))
    assert punctures / even**-slope == pytest.approx(punctures_ratio(slope), rel=0.12), (
        "its own spread here, not the laboratories' alone"
    )
    assert punctures / even**-slope > 1.0


def test_against_the_limit_of_an_equation_it_is_another_ratio() -> None:
    """NNO's limit perforates this shield one time in three, so the punctures are about as many as those counted above it, not 1.3 times."""
    (nno,) = (row for row in limit_rows(SHIELD, 7e3, 0.0, 2800.0) if row["model"] == "NNO")
    size = np.geomspace(1e-5, 0.3, 8001)
    chance = perforation_chance(SHIELD, size, 7e3, 0.0, 2800.0).perforation_prob
    assert np.interp(nno["diameter_m"], size, chance) == pytest.approx(0.32, abs=0.01)
    for slope, ratio in ((2.5, 0.98), (3.6, 1.18)):
        punctures = np.trapezoid(slope * size**-slope * chance, np.log(size)) / nno["diameter_m"] ** -slope
        assert punctures == pytest.approx(ratio, abs=0.02)
        assert punctures < punctures_ratio(slope) - 0.2


def test_the_words_say_against_what_the_ratio_is() -> None:
    for speed, density, beyond in ((7e3, 2800.0, False), (20e3, 1000.0, True)):
        shot = (speed, 0.0, density)
        said = " ".join(chance_rows(SHIELD, limit_rows(SHIELD, *shot), shot)[0]["caveats"])
        assert "not against an equation's limit, expect 1.3 times" in said
        assert "2.0 times where they fall as d^-3.9 (meteoroids of 2 to 6 mm)" in said
        assert ("expect more than these" in said) == beyond


def test_too_steep_a_fall_is_refused() -> None:
    with pytest.raises(RangeError, match="integrate the chance"):
        punctures_ratio(6.0)


def test_the_table_is_whole() -> None:
    terms = shield_terms(SHIELD, 7e3, 0.0, 2800.0)
    assert columns(terms, 0.005).shape == (len(COEFFICIENTS),) == (4 + 3 * len(COVARIATES),)
    assert [len(line) for line in COVARIANCE_ROOT] == list(range(1, len(COEFFICIENTS) + 1))
    assert COEFFICIENTS[0] > 0, "the chance must rise with size"
    assert BARE[0] > 0


def test_it_beats_every_single_equation_where_it_had_not_looked() -> None:
    """80 % and more on the shots learned from; on the table as filed it leads too, below 80 %."""
    assert set(MEASURED) == {"source", "laboratory", "source, as filed", "laboratory, as filed"}
    for name, (_, loss, right, error, best_loss, best_right) in MEASURED.items():
        assert loss < best_loss
        assert right > best_right
        assert right >= 0.8 or "as filed" in name
        assert error <= 0.03


def test_rows_beside_the_equations() -> None:
    shot = (7e3, 0.0, 2800.0)
    rows = chance_rows(SHIELD, limit_rows(SHIELD, *shot), shot, 0.005)
    assert [row["model"] for row in rows][-1] == "particle asked about"
    assert all(row["low_prob"] <= row["perforation_prob"] <= row["high_prob"] for row in rows)
    ordered = sorted(rows, key=lambda row: row["diameter_m"])
    assert [row["perforation_prob"] for row in ordered] == sorted(row["perforation_prob"] for row in rows)


def test_a_particle_unlike_the_shots_says_so_in_its_row_and_no_chance_is_sure() -> None:
    shot = (70e3, 0.0, 2800.0)
    asked = chance_rows(SHIELD, limit_rows(SHIELD, *shot), shot, 0.03)[-1]
    assert [words.split()[1] for words in asked["outside"]] == ["shield", "particle"]
    near = (7e3, 0.0, 2800.0)
    assert chance_rows(SHIELD, limit_rows(SHIELD, *near), near, 0.005)[-1]["outside"] == []
    words = ["limit", "--wall", "3.2 mm", "--bumper", "1.6 mm", "--standoff", "10 cm", "--speed", "7 km/s"]
    said = CliRunner().invoke(app, [*words, "--probability", "--particle", "30 mm"]).stdout
    assert "> 99 % (> 99 to > 99)" in said
    assert "1e+02" not in said


def test_the_command_prints_the_chance() -> None:
    words = ["limit", "--wall", "3.2 mm", "--bumper", "1.6 mm", "--standoff", "10 cm", "--speed", "7 km/s"]
    runner = CliRunner()
    said = runner.invoke(app, [*words, "--probability", "--particle", "5 mm"])
    assert said.exit_code == 0
    assert "chance (90 % interval)" in said.stdout
    rows = json.loads(runner.invoke(app, [*words, "--probability", "--json"]).stdout)
    assert {row["model"] for row in rows} == {"NNO", "Ryan-Schonberg", "Reimerdes", "Christiansen-Kerr general"}
    assert all(0 < row["perforation_prob"] < 1 for row in rows)
    assert isinstance(runner.invoke(app, [*words, "--particle", "5 mm"]).exception, RangeError)
