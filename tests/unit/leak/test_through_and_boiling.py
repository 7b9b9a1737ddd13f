"""Does one dispatch reach every regime, show its models and say its limits; and does a boiling loop cool as it should?"""

from __future__ import annotations

import math

import numpy as np
import pytest

from whipple.errors import RangeError
from whipple.leak.boiling import Boiling, boil_down
from whipple.leak.models.leung_grolmes_1988 import critical_ratio, flux_kg_m2s
from whipple.leak.orifice import hole_area_m2
from whipple.leak.through import Upstream, through_hole
from whipple.physics.fluids import fluid

ISOOCTANE, AMMONIA, WATER = fluid("isooctane"), fluid("ammonia"), fluid("water")
OPENING = 0.61 * hole_area_m2(0.8e-3)


@pytest.mark.parametrize(
    ("up", "regime"),
    [
        (Upstream(ISOOCTANE, "liquid", 3e5, 293.15, 0.8e-3, 1e-3), "liquid jet"),
        (Upstream(ISOOCTANE, "liquid", 3e5, 293.15, 0.8e-3, 6e-3, "tube"), "flashing in a long hole"),
        (Upstream(ISOOCTANE, "liquid", 5e3, 293.15, 0.8e-3), "vapour-driven liquid"),
        (Upstream(ISOOCTANE, "vapour", 5e3, 293.15, 0.8e-3), "choked gas"),
        (Upstream(ISOOCTANE, "vapour", 1.0, 293.15, 0.8e-3), "rarefied gas"),
    ],
)
def test_every_regime_is_reached(up: Upstream, regime: str) -> None:
    found = through_hole(up)
    assert found.regime == regime
    assert found.flow_kg_s.low < found.flow_kg_s.median < found.flow_kg_s.high
    assert found.thrust_N.low < found.thrust_N.median < found.thrust_N.high


@pytest.mark.parametrize("wall_m", [0.0, 8e-3])
def test_a_jet_into_vacuum_flashes_and_so_does_its_thrust(wall_m: float) -> None:
    """0.9 to 1.3 times the liquid's own (sheet 7), for a jet that flashes outside as for one that flashes in a long hole."""
    found = through_hole(Upstream(ISOOCTANE, "liquid", 3e5, 293.15, 0.8e-3, wall_m)).thrust_N
    alone = 2 * 0.97 * 0.61 * hole_area_m2(0.8e-3) * 3e5
    assert found.median == pytest.approx(1.1 * alone, rel=1e-9)
    assert found.low == pytest.approx(0.9 * alone * 0.597 / 0.61, rel=1e-9)
    assert found.high == pytest.approx(1.3 * alone * 0.62 / 0.61, rel=1e-9)


def test_a_long_hole_shows_the_spread_of_its_models() -> None:
    """Near saturation the models part: held back by its vapour pressure almost nothing flows, in equilibrium a good deal."""
    found = through_hole(Upstream(AMMONIA, "liquid", 8.575e5, 293.15, 0.8e-3, 8e-3, "tube"))
    flows = dict(found.models)
    assert len(flows) == 3
    assert flows["homogeneous equilibrium (omega)"] > 2 * flows["jet held back by 1 psat"]
    assert found.flow_kg_s.low <= min(flows.values())
    assert found.flow_kg_s.high >= max(flows.values())
    assert "hole-flashing" in {caveat.code for caveat in found.caveats}


def test_far_from_boiling_equilibrium_is_the_held_back_jet() -> None:
    flows = dict(through_hole(Upstream(ISOOCTANE, "liquid", 3e5, 293.15, 0.8e-3, 8e-3, "tube")).models)
    assert flows["homogeneous equilibrium (omega)"] == pytest.approx(flows["jet held back by 1 psat"], rel=1e-12)


def test_caveats_name_the_limits() -> None:
    slow = through_hole(Upstream(ISOOCTANE, "liquid", 6e3, 293.15, 0.1e-3))
    assert "hole-reynolds" in {caveat.code for caveat in slow.caveats}
    assert "hole-reattach" in {
        c.code for c in through_hole(Upstream(ISOOCTANE, "liquid", 3e5, 293.15, 1e-3, 3e-3)).caveats
    }
    assert "hole-edge" in {
        c.code for c in through_hole(Upstream(ISOOCTANE, "liquid", 3e5, 293.15, 1e-3, 0.0, "lip")).caveats
    }


def test_thin_vapour_is_free_molecular() -> None:
    found = through_hole(Upstream(ISOOCTANE, "vapour", 0.01, 293.15, 0.8e-3))
    flows = dict(found.models)
    assert flows["Sharipov 2004 (recalled)"] == pytest.approx(flows["free-molecular"], rel=1e-3)
    assert found.thrust_N.median == pytest.approx(0.5 * hole_area_m2(0.8e-3) * 0.01, rel=1e-2)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"pressure_Pa": 0.0}, "above zero"), ({"diameter_m": -1.0}, "above zero"), ({"wall_m": -1e-3}, "a thickness"),
        ({"edge": "torn"}, "one of sharp, tube, lip"), ({"at_hole": "vapour"}, "saturation pressure, 5157 Pa"),
    ],
)  # fmt: skip
def test_impossible_holes_are_refused(change: dict[str, object], complaint: str) -> None:
    usual = {"fluid": ISOOCTANE, "at_hole": "liquid", "pressure_Pa": 3e5, "temperature_K": 293.15, "diameter_m": 1e-3}
    with pytest.raises(RangeError, match=complaint):
        through_hole(Upstream(**{**usual, **change}))  # type: ignore[arg-type]


@pytest.mark.parametrize("omega", [0.7, 1.481, 5.0, 14.4, 385.0])
@pytest.mark.parametrize("start", [1.0, 0.99, 0.97])
def test_the_choked_flux_is_the_largest_of_all(omega: float, start: float) -> None:
    """Independent of the root: among all throat pressures none passes more."""
    throat = np.linspace(0.02, 1.0, 20_001) * start
    work = (1 - start) + omega * start * np.log(start / throat) - (omega - 1) * (start - throat)
    flux = np.sqrt(np.maximum(2 * work, 0.0)) / (omega * (start / throat - 1) + 1)
    assert flux_kg_m2s(1.0, start, 1.0, omega) == pytest.approx(float(flux.max()), rel=1e-6)
    assert critical_ratio(omega, start) == pytest.approx(float(throat[flux.argmax()]), abs=2e-3)


def test_omega_refuses_nonsense() -> None:
    with pytest.raises(RangeError, match="above zero to one"):
        critical_ratio(2.0, 1.2)


def test_liquid_at_the_hole_hardly_cools_isooctane_but_does_cool_ammonia() -> None:
    mild = boil_down(Boiling(ISOOCTANE, "liquid", 2.77, 44e-3, 293.15, OPENING), 1e6)
    cold = boil_down(Boiling(AMMONIA, "liquid", 20.0, 40e-3, 293.15, OPENING), 1e6)
    assert 0.05 < 293.15 - mild.temperature_K[-1] < 3.0
    assert 5.0 < 293.15 - cold.temperature_K[-1] < 20.0
    assert mild.ended == cold.ended == "empty"


def test_at_constant_temperature_the_tail_is_the_closed_form() -> None:
    """A wall that holds the temperature: flow Cd A sqrt(2 rho psat), less what turns to vapour to fill the room."""
    found = boil_down(Boiling(ISOOCTANE, "liquid", 2.77, 44e-3, 293.15, OPENING, wall_J_K=1e9), 1e6)
    flow = OPENING * math.sqrt(2 * ISOOCTANE.density_kg_m3(293.15) * ISOOCTANE.vapour_pressure_Pa(293.15))
    assert found.lost_kg[-1] / found.t_s[-1] == pytest.approx(flow, rel=1e-6)
    assert found.temperature_K[-1] == pytest.approx(293.15, abs=1e-3)


def test_water_that_loses_its_vapour_freezes() -> None:
    found = boil_down(Boiling(WATER, "vapour", 5.0, 20e-3, 283.15, OPENING), 1e8)
    assert found.ended == "frozen"
    assert {caveat.code for caveat in found.caveats} == {"boil-frozen"}
    heat, latent = WATER.heat_capacity_J_kgK(278.0), WATER.heat_of_vaporisation_J_kg(278.0)
    assert found.lost_kg[-1] / 5.0 == pytest.approx(heat * (283.15 - 273.3) / latent, rel=0.02)


def test_heat_past_the_fits_ends_the_law_and_says_so() -> None:
    found = boil_down(Boiling(ISOOCTANE, "liquid", 5.94, 40e-3, 281.0, 2.07e-7, heat_W=182.2, wall_J_K=0.345), 3600.0)
    assert found.ended == "too hot"
    assert {caveat.code for caveat in found.caveats} == {"boil-hot"}
    assert found.temperature_K[-1] == pytest.approx(ISOOCTANE.highest_K, abs=0.3)
    assert found.lost_kg[-1] < 5.94


def test_heat_keeps_it_warm() -> None:
    free, held = (
        boil_down(Boiling(AMMONIA, "liquid", 20.0, 40e-3, 293.15, OPENING, heat_W=heat), 1200.0)
        for heat in (0.0, 500.0)
    )
    assert held.temperature_K[-1] > free.temperature_K[-1]
    assert held.ended == "still boiling"


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"liquid_kg": 0.0}, "cannot leak"),
        ({"temperature_K": 333.1}, "332.95 K for isooctane"),
        ({"volume_m3": 1e-3}, "fits into the volume"),
        ({"opening_m2": -1.0}, "above zero"),
    ],
)
def test_impossible_boiling_loops_are_refused(change: dict[str, float], complaint: str) -> None:
    usual = {
        "fluid": ISOOCTANE,
        "at_hole": "liquid",
        "liquid_kg": 2.0,
        "volume_m3": 44e-3,
        "temperature_K": 293.15,
        "opening_m2": OPENING,
    }
    with pytest.raises(RangeError, match=complaint):
        boil_down(Boiling(**{**usual, **change}), 1e3)  # type: ignore[arg-type]
