"""Do the gauges of a pumped loop read what a hole in segment i makes them read?"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from whipple.errors import RangeError
from whipple.leak.pumped import PumpedLoop, Segment, march_ring, rigid_law, ring_state

PARTS = (Segment("a", 4e-3, 1e10), Segment("b", 6e-3, 2e10), Segment("c", 5e-3, 5e9), Segment("d", 3e-3, 1.5e10))
LOOP = PumpedLoop(PARTS, 1, 0, 5e4, 1e10, 3e5, 6e-3, 30e-3, 692.0, 5156.0)
OPENING = 3e-7


def test_without_a_hole_the_head_is_the_loss() -> None:
    state = ring_state(LOOP, 3e5)
    total = sum(part.loss_Pa_s2_m6 for part in PARTS) + LOOP.head_loss_Pa_s2_m6
    assert state.circulation_m3_s == pytest.approx(np.sqrt(LOOP.head_Pa / total), rel=1e-10)
    assert state.leak_m3_s == 0.0


@pytest.mark.parametrize("hole_at", range(4))
def test_what_leaks_is_what_the_accumulator_gives(hole_at: int) -> None:
    """Bernoulli at the hole, and the pressures by hand around the ring with q before and q less the leak after."""
    state = ring_state(LOOP, 3e5, hole_at, OPENING)
    assert state.leak_m3_s == pytest.approx(OPENING * np.sqrt(2 * state.pressure_Pa[hole_at] / 692.0), rel=1e-10)
    pressure, flow = 3e5, state.circulation_m3_s
    for index, part in enumerate(PARTS):
        pressure += (LOOP.head_Pa - LOOP.head_loss_Pa_s2_m6 * flow**2) if index == 1 else 0.0
        pressure -= part.loss_Pa_s2_m6 / 2 * flow**2
        assert state.pressure_Pa[index] == pytest.approx(pressure, rel=1e-9)
        flow -= state.leak_m3_s if index == hole_at else 0.0
        pressure -= part.loss_Pa_s2_m6 / 2 * flow**2
    assert pressure == pytest.approx(3e5, rel=1e-9)


def test_the_segment_tells_by_the_flow_downstream() -> None:
    """The pattern of pressures differs with the segment: what an isolation needs."""
    states = np.array([ring_state(LOOP, 3e5, index, 3e-6).pressure_Pa for index in range(4)])
    apart = [np.abs(states[i] - states[j]).max() for i in range(4) for j in range(i)]
    assert min(apart) > 20.0


def test_the_volume_lost_is_the_integral_of_the_leak() -> None:
    times = np.linspace(0.0, 1200.0, 241)
    found = march_ring(LOOP, times, hole_at=2, opening_m2=OPENING)
    leak = OPENING * np.sqrt(2 * found.pressure_Pa[2] / 692.0)
    assert found.lost_m3[-1] == pytest.approx(np.trapezoid(leak, times), rel=1e-5)
    assert np.all(np.diff(found.pressure_Pa, axis=1) < 0)


def test_without_a_pump_it_is_the_closed_form() -> None:
    """No head, no losses worth the name: p = p0 / x, x^1.5 = 1 + 1.5 t/tau."""
    still = replace(LOOP, head_Pa=0.0, segments=tuple(replace(part, loss_Pa_s2_m6=1.0) for part in PARTS))
    times = np.array([0.0, 600.0, 1800.0])
    found = march_ring(still, times, hole_at=2, opening_m2=OPENING)
    tau = 6e-3 / (OPENING * np.sqrt(2 * 3e5 / 692.0))
    assert np.allclose(found.pressure_Pa[2], 3e5 * (1 + 1.5 * times / tau) ** (-2 / 3), rtol=1e-6)


def test_a_part_cut_off_with_the_hole_falls_and_the_rest_holds() -> None:
    found = march_ring(
        LOOP, np.array([0.0, 299.0, 301.0, 900.0]), hole_at=2, opening_m2=OPENING, valves=[(300.0, frozenset({2, 3}))]
    )
    assert found.pressure_Pa[2, -1] == 5156.0
    assert np.ptp(found.pressure_Pa[[0, 1, 3], 2:], axis=1).max() < 1e-6
    assert found.pressure_Pa[0, -1] > 1e5


def test_one_closed_valve_stops_the_flow_but_not_the_leak() -> None:
    found = march_ring(
        LOOP, np.array([0.0, 300.0, 900.0]), hole_at=2, opening_m2=OPENING, valves=[(300.0, frozenset({1}))]
    )
    assert np.ptp(found.pressure_Pa[:, -1]) < 1e-6
    assert found.lost_m3[-1] > found.lost_m3[1] + 1e-3


def test_a_rigid_loop_falls_as_its_modulus_says() -> None:
    law = rigid_law(
        area_m2=7.85e-7,
        discharge_ratio=0.61,
        density_kg_m3=692.0,
        pressure_Pa=3e5,
        vapour_pressure_Pa=5156.0,
        volume_m3=44e-3,
        modulus_Pa=1e9,
    )
    flow = 0.61 * 7.85e-7 * np.sqrt(2 * 3e5 / 692.0)
    step = 1e-4
    assert (law.pressure_at_Pa(step) - 3e5) / step == pytest.approx(-1e9 * flow / 44e-3, rel=1e-3)
    assert law.driven_s < 5.0
    assert law.mass_gone_kg(1e9) == pytest.approx(44e-3 * 692.0)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"pump_at": 4}, "a segment, 0 to 3"), ({"accumulator_Pa": 4e3}, "above 5156 Pa"), ({"gas_volume_m3": 0.0}, "above zero"),
        ({"segments": (replace(PARTS[0], volume_m3=0.0), *PARTS[1:])}, "volumes above zero"),
    ],
)  # fmt: skip
def test_impossible_loops_are_refused(change: dict[str, object], complaint: str) -> None:
    with pytest.raises(RangeError, match=complaint):
        ring_state(replace(LOOP, **change), 3e5)  # type: ignore[arg-type]


def test_a_hole_outside_the_ring_and_a_loop_without_loss_are_refused() -> None:
    with pytest.raises(RangeError, match="segments count from 0"):
        march_ring(LOOP, np.array([0.0, 1.0]), hole_at=9, opening_m2=OPENING)
    bare = replace(LOOP, head_loss_Pa_s2_m6=0.0, segments=tuple(replace(part, loss_Pa_s2_m6=0.0) for part in PARTS))
    with pytest.raises(RangeError, match="a loss above zero"):
        ring_state(bare, 3e5)
    with pytest.raises(RangeError, match="all above zero"):
        rigid_law(
            area_m2=0.0,
            discharge_ratio=0.6,
            density_kg_m3=692.0,
            pressure_Pa=3e5,
            vapour_pressure_Pa=5e3,
            volume_m3=1.0,
            modulus_Pa=1e9,
        )
