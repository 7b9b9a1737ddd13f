"""Numbers out of nowhere: what no loop, hole or cabin can be is refused, and what rests on less than it seems says so."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError
from scipy.integrate import quad
from test_bad_loops import case, onset

from whipple.casefile.given import Given
from whipple.errors import RangeError
from whipple.leak import leak_law
from whipple.leak.cabin import Cabin, march_cabin
from whipple.leak.consistency import AirFlow, PressureFall, contradictions
from whipple.leak.orifice import hole_area_m2
from whipple.leak.prepare import prepare
from whipple.leak.pumped import PumpedLoop, Segment, march_ring
from whipple.leak.quoted import LoopFigures, Quoted, liquid_contradictions
from whipple.leak.terms import reaction_terms
from whipple.leak.through import Upstream, through_hole
from whipple.leak.vessel import air_leak
from whipple.physics.fluids import fluid

ISOOCTANE = fluid("isooctane")
LAW: dict[str, Any] = {
    "diameter_m": 0.8e-3, "discharge_ratio": 0.61, "velocity_ratio": 0.98, "pressure_Pa": 3.04e5, "inventory_m3": 44e-3, "gas_volume_m3": 4e-3,
    "pushed_volume_m3": 40e-3,
}  # fmt: skip
RING = PumpedLoop((Segment("a", 5e-3, 1e10), Segment("b", 5e-3, 1e10)), 0, 0, 5e4, 0.0, 3e5, 6e-3, 30e-3, 692.0, 5156.0)


@pytest.mark.parametrize("kind", ["gas", "spring"])
def test_the_accumulator_prior_with_its_offset_is_a_probability(kind: Any) -> None:
    """Gas against spring compares evidences: each prior must integrate to one, also where its two sides differ."""
    prior = replace(
        prepare(case(gas_volume={"is": "4 L", "low": "3 L", "high": "20 L"}), onset(), None).stages[-1].prior, kind=kind
    )
    pushed = prior.pushed_volume.value

    def density(stiffness_nat: float) -> float:
        stiffness = np.exp(np.array([stiffness_nat]))
        _, residual, extra = prior._accumulator(stiffness, pushed / stiffness, np.zeros(1))
        return float(np.exp(extra - 0.5 * residual**2 + prior.evidence_offset_nat())[0])

    places = np.log([4e-3, pushed / 0.95, pushed / 0.1])
    assert quad(density, -12.0, 4.0, points=places, limit=400)[0] == pytest.approx(
        1.0, abs=0.07
    )  # the soft ends of the spring


def test_what_the_vehicle_felt_holds_the_flashing_of_the_jet() -> None:
    """Dynamics takes 0.9 to 1.3 of the liquid's thrust as felt: the datum is met at the middle, and doubted as much."""
    prepared = prepare(case(reaction_force={"is": "0.21 N", "low": "0.209 N", "high": "0.211 N"}), onset(), None)
    (term,) = reaction_terms(prepared.loop)
    prior = prepared.stages[-1].prior
    scored = prior.scored(prior.middle(np.log(1e4), np.log(5000.0), np.log(2000.0))[None, :])
    liquid = float(scored.law.thrust_at_onset_N.item())
    assert term.residual(scored).item() == pytest.approx(
        np.log(1.1 * liquid / 0.21) / np.hypot(0.05, 0.4 / 1.1 / np.sqrt(12)), rel=1e-6
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"discharge_ratio": -1.0}, "discharge_ratio = -1"), ({"discharge_ratio": 0.0}, "above zero"), ({"discharge_ratio": 5.0}, "at most 1"),
        ({"velocity_ratio": -3.0}, "velocity_ratio"), ({"polytropic_ratio": 0.0}, "polytropic_ratio"),
        ({"polytropic_ratio": -3.0}, "polytropic_ratio"), ({"pushed_volume_m3": -1e-3}, "pushed_volume_m3"),
    ],
)  # fmt: skip
def test_a_law_of_impossible_numbers_is_refused(change: dict[str, float], said: str) -> None:
    with pytest.raises(RangeError, match=said):
        leak_law(ISOOCTANE, 293.15, **{**LAW, **change})


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"pipe": "0 mm"}, "above zero"), ({"discharge_coefficient": {"is": "0.7", "low": "0", "high": "0.8"}}, "above zero"),
        ({"discharge_coefficient": "1.7"}, "at most 1"), ({"velocity_coefficient": {"is": "0.97", "low": "-0.1", "high": "1"}}, "at most 1"),
    ],
)  # fmt: skip
def test_a_loop_of_impossible_numbers_is_refused_where_it_is_read(change: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        case(**change)


def test_a_tube_pushes_with_the_speed_that_leaves_it() -> None:
    """Cd = Cc Cv: a tube runs full, so its jet is as much slower as its coefficient is below 1, and F = 2 Cd^2 A p."""
    tube = through_hole(Upstream(ISOOCTANE, "liquid", 3e5, 293.15, 0.8e-3, 2e-3, "tube"))
    area = hole_area_m2(0.8e-3)
    assert tube.thrust_N.median == pytest.approx(1.1 * 2 * 0.80**2 * area * 3e5, rel=1e-9)  # 0.9 to 1.3: it flashes
    assert tube.thrust_N.low == pytest.approx(0.9 * 2 * 0.75**2 * area * 3e5, rel=1e-9)
    lip = through_hole(Upstream(ISOOCTANE, "liquid", 3e5, 293.15, 0.8e-3, 0.0, "lip"))
    assert (
        0.9 * 2 * 0.57 * 0.57
        <= lip.thrust_N.low / (area * 3e5)
        < lip.thrust_N.high / (area * 3e5)
        < 1.3 * 2 * 0.83 * 0.98
    )


def test_liquid_below_its_vapour_pressure_is_told() -> None:
    found = through_hole(Upstream(fluid("ammonia"), "liquid", 1e5, 293.15, 0.8e-3))
    assert any(row.code == "hole-below-vapour" and "8.57e+05 Pa" in row.text for row in found.caveats)
    boiling = through_hole(Upstream(ISOOCTANE, "liquid", float(ISOOCTANE.vapour_pressure_Pa(293.15)), 293.15, 0.8e-3))
    assert not any(row.code == "hole-below-vapour" for row in boiling.caveats)


def test_a_cabin_cannot_be_colder_than_nothing_or_emptier_than_empty() -> None:
    cabin = Cabin(915.0, 101325.0, 295.0, 0.3e-3, 0.84, temperature_rate_K_s=lambda _: -20.0 / 3600)
    with pytest.raises(RangeError, match="200 to 400 K"):
        march_cabin(cabin, np.linspace(0.0, 86400.0, 9))
    drained = replace(cabin, temperature_rate_K_s=lambda _: 0.0, makeup_kg_s=lambda _: -0.1)
    with pytest.raises(RangeError, match="more taken out"):
        march_cabin(drained, np.linspace(0.0, 86400.0, 9))
    with pytest.raises(RangeError, match="two rising times"):
        march_cabin(cabin, np.zeros(9))


@pytest.mark.parametrize(
    "change", [{"discharge_ratio": -1.0}, {"discharge_ratio": 0.0}, {"pressure_Pa": -1.0}, {"temperature_K": 0.0}]
)
def test_an_air_leak_of_impossible_numbers_is_refused(change: dict[str, float]) -> None:
    with pytest.raises(RangeError, match="above zero"):
        air_leak(1e-3, 1000.0, **{"discharge_ratio": 0.84, **change})


def test_figures_of_nothing_do_not_agree() -> None:
    bare = {value: Given(value, value, value, "") for value in (-1e-5, 0.0, 1e-5, 8e-4, 0.044, 0.61, 293.0, 915.0, 3e5)}
    fall = PressureFall(101325.0, 101200.0, 28800.0, bare[915.0], "press")
    for flow in (0.0, -1e-5):
        with pytest.raises(RangeError, match="above zero"):
            contradictions([AirFlow(bare[flow], "press"), AirFlow(bare[1e-5], "wire")], [fall])
    with pytest.raises(RangeError, match="above zero"):
        contradictions([AirFlow(bare[1e-5], "press")], [replace(fall, volume_m3=bare[0.0])])
    loop = LoopFigures(
        ((ISOOCTANE, "press"),),
        bare[3e5],
        bare[293.0],
        bare[0.044],
        bare[0.61],
        (Quoted("diameter", bare[8e-4], "press"),),
    )
    assert liquid_contradictions(loop) == ()
    for wrong in (
        replace(loop, pressure_Pa=bare[0.0]),
        replace(loop, quoted=(Quoted("diameter", bare[0.0], "press"),)),
    ):
        with pytest.raises(RangeError, match="above zero"):
            liquid_contradictions(wrong)


def test_a_ring_is_not_pulled_below_its_vapour_pressure() -> None:
    """A hole of 8 cm printed -16 bar and lost 16 m3 of 40 litres."""
    times = np.linspace(0.0, 1200.0, 11)
    with pytest.raises(RangeError, match="too wide for the losses"):
        march_ring(RING, times, hole_at=1, opening_m2=0.61 * hole_area_m2(0.08))
    with pytest.raises(RangeError, match="inlets 0 to 1"):
        march_ring(RING, times, hole_at=1, opening_m2=3e-7, valves=[(600.0, frozenset({7}))])
    for wrong, said in ((replace(RING, head_Pa=-1e5), "head"), (RING, "opening_m2")):
        with pytest.raises(RangeError, match=said):
            march_ring(wrong, times, hole_at=1, opening_m2=3e-7 if said == "head" else -3e-7)


def test_no_more_leaks_than_there_is() -> None:
    found = march_ring(RING, np.linspace(0.0, 3e6, 31), hole_at=1, opening_m2=3e-7)
    assert found.lost_m3[-1] == pytest.approx(40e-3, rel=1e-6)
    assert found.pressure_Pa.min() >= RING.vapour_pressure_Pa


def test_a_ring_that_runs_low_is_held_at_its_vapour_pressure() -> None:
    """The suction side of a pump far from the accumulator reaches the vapour pressure first: the run goes on, and nothing reads below it."""
    far = replace(RING, pump_at=1, segments=(Segment("a", 5e-3, 4e10), Segment("b", 5e-3, 1e9)))
    found = march_ring(far, np.linspace(0.0, 4e4, 41), hole_at=1, opening_m2=3e-7)
    assert found.pressure_Pa.min() == RING.vapour_pressure_Pa
    assert np.all(np.diff(found.lost_m3) >= 0)
