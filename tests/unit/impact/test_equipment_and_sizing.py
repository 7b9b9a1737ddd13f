"""Pipes, tanks and cables behind walls, and shields sized for a particle."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from typer.testing import CliRunner

from whipple.commands.impact import app
from whipple.errors import RangeError
from whipple.impact.models.christiansen_1993 import whipple_m
from whipple.impact.models.schaefer_2008 import dual_wall_m, triple_wall_m
from whipple.impact.models.schaefer_2008_equipment import (
    blanket_covered_m,
    cable_wall_m,
    pipe_behind_wall_m,
    uncovered_m,
    vessel_wall_m,
)
from whipple.impact.shield import Shield
from whipple.impact.sizing import balance_ratio, sized_whipple
from whipple.physics.materials import material

PIPE = Shield(wall=material("6061-T6"), wall_m=0.001, bumper_m=0.001, standoff_m=0.05)
SHOTS = [(v, turn, 2700.0) for v in (2e3, 5e3, 9e3) for turn in (0.0, 0.9)]


@pytest.mark.parametrize("shot", SHOTS)
def test_a_pipe_behind_one_wall_is_the_triple_wall_with_nothing_inside(shot: tuple[float, float, float]) -> None:
    """The paper's mapping, put into its own law: the pipe as inner bumper, no equipment wall (1e-14 m stands for none)."""
    mapped = replace(PIPE, second_m=PIPE.wall_m, wall_m=1e-14)
    assert float(pipe_behind_wall_m(PIPE, *shot)) == pytest.approx(float(triple_wall_m(mapped, *shot)), rel=2e-5)


def test_a_denser_pipe_counts_by_its_areal_density() -> None:
    heavy = replace(PIPE, wall=replace(PIPE.wall, density_kg_m3=5400.0))
    assert float(pipe_behind_wall_m(heavy, 9e3, 0.0, 2700.0)) == pytest.approx(
        float(pipe_behind_wall_m(replace(PIPE, wall_m=0.002), 9e3, 0.0, 2700.0)), rel=1e-12
    )


def test_a_blanket_breaks_a_particle_at_higher_speeds_than_metal() -> None:
    blanket = replace(PIPE, bumper_m=0.0, blanket_kg_m2=0.9)
    assert float(blanket_covered_m(blanket, 3.9e3, 0.0, 2700.0)) == pytest.approx(
        float(uncovered_m(blanket, 3.9e3, 0.0, 2700.0)), rel=1e-12
    )
    metal = replace(PIPE, bumper_m=0.9 * 3 / 2700, bumper_density_kg_m3=2700.0)
    assert float(blanket_covered_m(blanket, 10e3, 0.0, 2700.0)) == pytest.approx(
        float(dual_wall_m(metal, 10e3, 0.0, 2700.0)), rel=1e-9
    )


def test_bare_equipment_only_loses_with_speed() -> None:
    assert np.all(np.diff(uncovered_m(PIPE, np.linspace(1e3, 30e3, 60), 0.2, 2700.0)) < 0)


def test_equal_walls_of_vessels_and_cables() -> None:
    assert vessel_wall_m(0.001, 0.0) == 0.001
    assert vessel_wall_m(0.0, 0.001, 2700.0) == pytest.approx(0.75 * 0.1 ** (1 / 3) / 100)
    assert cable_wall_m(0.0, 2.7) == pytest.approx(0.35e-3)


def test_covers_that_are_missing_are_refused() -> None:
    with pytest.raises(RangeError, match="a cover thicker than 0"):
        pipe_behind_wall_m(replace(PIPE, bumper_m=0.0), 7e3, 0.0, 2700.0)
    with pytest.raises(RangeError, match="expected both > 0"):
        blanket_covered_m(PIPE, 7e3, 0.0, 2700.0)


@pytest.mark.parametrize(("gap_m", "size_m"), [(0.1, 0.01), (0.3, 0.005), (0.05, 0.004)])
def test_a_sized_shield_just_holds_by_the_ballistic_limit(gap_m: float, size_m: float) -> None:
    """The handbook's sizing equation and its NNO are one law, read both ways; printed constants agree to 0.1 %."""
    sized = sized_whipple(replace(PIPE, standoff_m=gap_m), size_m, 7.5e3, 0.0, 2796.0)
    assert float(whipple_m(sized, 7.5e3, 0.0, 2796.0)) == pytest.approx(size_m, rel=1e-3)
    assert sized.bumper_m / size_m == pytest.approx((0.25 if gap_m / size_m < 30 else 0.2) * 2796 / 2700)
    assert 0 < balance_ratio(sized) < 0.5


def test_sizing_refuses_slow_particles_and_nothing() -> None:
    with pytest.raises(RangeError, match="a normal speed from 7 km/s"):
        sized_whipple(PIPE, 0.01, 5e3, 0.0, 2796.0)
    with pytest.raises(RangeError, match="diameter and gap"):
        sized_whipple(PIPE, 0.0, 8e3, 0.0, 2796.0)


def test_the_command_sizes_a_shield_that_its_own_limit_holds() -> None:
    runner = CliRunner()
    shot = ["--speed", "7.5 km/s", "--density", "2.796 g/cm3"]
    said = runner.invoke(
        app, ["size", "--particle", "1 cm", "--standoff", "10 cm", *shot, "--json"], catch_exceptions=False
    )
    row = json.loads(said.stdout)
    assert row["weight_kg_m2"] == pytest.approx(2700 * (row["bumper_m"] + row["wall_m"]))
    walls = ["--wall", f"{row['wall_m']} m", "--bumper", f"{row['bumper_m']} m", "--standoff", "10 cm"]
    limits = json.loads(runner.invoke(app, ["limit", *walls, *shot, "--json"], catch_exceptions=False).stdout)
    assert limits[0]["diameter_m"] == pytest.approx(0.01, rel=1e-3)
    assert "kg/m2" in runner.invoke(app, ["size", "--particle", "1 cm", "--standoff", "10 cm", *shot]).stdout
