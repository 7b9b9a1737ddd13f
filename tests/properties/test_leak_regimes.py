"""Laws of the other regimes: a boiling loop keeps its books to 1e-10, omega is continuous, a ring never gains."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from whipple.leak.boiling import Boiling, boil_down
from whipple.leak.models.leung_grolmes_1988 import critical_ratio, flux_kg_m2s
from whipple.leak.pumped import PumpedLoop, Segment, march_ring
from whipple.leak.regime import fall_ratio
from whipple.physics.fluids import fluid


@settings(max_examples=5, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(
    st.sampled_from(["isooctane", "ammonia", "water"]), st.sampled_from(["liquid", "vapour"]), st.floats(0.2, 0.95), st.floats(280.0, 305.0),
    st.floats(1e-8, 1e-6), st.floats(0.0, 200.0), st.floats(0.0, 5e3),
)  # fmt: skip
def test_a_boiling_loop_keeps_its_books(
    name: str, at_hole: str, full: float, kelvin: float, opening: float, heat: float, wall: float
) -> None:
    liquid = fluid(name)
    loop = Boiling(
        liquid, at_hole, full * 40e-3 * float(liquid.density_kg_m3(kelvin)), 40e-3, kelvin, opening, heat, wall
    )  # type: ignore[arg-type]
    found = boil_down(loop, 3600.0, 40)
    mass = found.liquid_kg + found.vapour_kg + found.lost_kg
    energy = found.latent_J - found.heat_J - found.sensible_J
    assert np.abs(mass / mass[0] - 1).max() < 1e-10
    assert np.abs(energy).max() <= 1e-10 * max(float(np.abs(found.latent_J).max()), loop.liquid_kg * 1e5)
    assert np.all(np.diff(found.lost_kg) >= 0)


@settings(max_examples=60)
@given(st.floats(0.6, 500.0), st.floats(0.05, 1.0), st.floats(1e4, 2e6))
def test_omega_flux_is_continuous_and_below_the_jet(omega: float, start: float, pressure: float) -> None:
    edge = 2 * omega / (1 + 2 * omega)
    below, above = (
        flux_kg_m2s(pressure, pressure * ratio, 700.0, omega)
        for ratio in (edge * (1 - 1e-9), min(edge * (1 + 1e-9), 1.0))
    )
    assert below == pytest.approx(above, rel=1e-4)
    assert flux_kg_m2s(pressure, start * pressure, 700.0, omega) <= np.sqrt(2 * 700.0 * pressure) * (1 + 1e-12)
    assert 0 < critical_ratio(omega, start) <= start


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.tuples(st.floats(1e-3, 1e-2), st.floats(1e8, 5e10)), min_size=2, max_size=6), st.integers(0, 5), st.integers(0, 5),
    st.floats(1e-8, 1e-6), st.floats(0.0, 1e5),
)  # fmt: skip
def test_a_leaking_ring_only_falls(
    parts: list[tuple[float, float]], hole: int, pump: int, opening: float, head: float
) -> None:
    pieces = tuple(Segment(str(i), volume, loss) for i, (volume, loss) in enumerate(parts))
    count = len(pieces)
    loop = PumpedLoop(pieces, pump % count, 0, head, 0.0, 3e5, 6e-3, 30e-3, 692.0, 5156.0)
    found = march_ring(loop, np.linspace(0.0, 1200.0, 7), hole_at=hole % count, opening_m2=opening)
    assert np.all(np.diff(found.pressure_Pa, axis=1) <= 1e-3)
    assert np.all(np.diff(found.lost_m3) > 0)


@settings(max_examples=50)
@given(st.floats(0.0, 1.9), st.floats(-0.5, 1.6), st.floats(0.01, 0.1))
def test_every_fall_falls(fallen: float, inverse: float, more: float) -> None:
    one, other = (float(fall_ratio(np.array(value), np.array(inverse))) for value in (fallen, fallen + more))
    assert 0 <= other <= one <= 1
