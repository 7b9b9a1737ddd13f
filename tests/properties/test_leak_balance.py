"""Laws of the leak to 1e-10: what is lost was there, and every joule is accounted for."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from whipple.leak.accumulator import Kind
from whipple.leak.cabin import Cabin, march_cabin
from whipple.leak.forward import LeakLaw

NODES, WEIGHTS = np.polynomial.legendre.leggauss(40)


def integral(values, begin: float, end: float, pieces: int = 6) -> float:  # type: ignore[no-untyped-def]
    """Gauss-Legendre in six pieces: independent of the closed forms."""
    edges = np.linspace(begin, end, pieces + 1)
    return float(sum((b - a) / 2 * (WEIGHTS @ values((b + a) / 2 + (b - a) / 2 * NODES)) for a, b in pairwise(edges)))


@settings(max_examples=20, deadline=None)
@given(
    st.floats(5.0, 1000.0), st.floats(0.5e-3, 8e-3), st.floats(280.0, 305.0), st.floats(0.0, 2e-3), st.floats(-500.0, 500.0),
    st.booleans(),
)  # fmt: skip
def test_a_cabin_keeps_its_books(
    volume: float, hole: float, kelvin: float, let_in: float, heat: float, driven: bool
) -> None:
    share = {"heat_W": lambda t: heat * volume / 1e3 * np.sin(t / 900.0)} if driven else {
        "temperature_rate_K_s": lambda t: 1e-3 * np.cos(t / 900.0)}  # fmt: skip
    cabin = Cabin(
        volume, 101325.0, kelvin, hole, 0.84, lambda t: let_in * (1 + 0.5 * np.sin(t / 700.0)), 290.0, **share
    )  # type: ignore[arg-type]
    found = march_cabin(cabin, np.linspace(0.0, 3600.0, 7))
    mass = found.mass_kg - found.mass_kg[0] - found.made_up_kg + found.lost_kg
    energy = found.energy_J - found.energy_J[0] - found.energy_in_J + found.energy_out_J
    assert np.max(np.abs(mass)) < 1e-10 * found.mass_kg[0]
    assert np.max(np.abs(energy)) < 1e-10 * found.energy_J[0]


@settings(max_examples=30, deadline=None)
@given(
    st.sampled_from(["gas", "spring"]),
    st.floats(0.3, 2.0),
    st.floats(2.0, 20.0),
    st.floats(5.0, 40.0),
    st.floats(0.9, 1.4),
)
def test_a_loop_keeps_its_books(kind: Kind, mm: float, litre: float, pushed: float, exponent: float) -> None:
    """Flow integrates to the mass that left, and the accumulator's work to the jet's energy (Cv = 1, contraction only), to 1e-10."""
    stiffness = litre * 1e-3 + (50e-3 if kind == "spring" else 0.0)
    law = LeakLaw(
        kind,
        np.pi / 4 * (mm * 1e-3) ** 2,
        0.65,
        1.0,
        692.0,
        3e5,
        100.0,
        44e-3,
        pushed * 1e-3,
        stiffness,
        exponent,
        900.0,
    )
    end = float(law.driven_s) * (1 - 1e-12)
    gone = integral(law.flow_at_kg_s, 0.0, end)
    assert np.isclose(gone, law.mass_gone_kg(end), rtol=1e-10, atol=0)
    work = integral(
        lambda v: 3e5 * ((1 + v / stiffness) ** -exponent if kind == "gas" else 1 - v / stiffness),
        0.0,
        float(law.volume_gone_m3(end)),
    )
    speed = lambda t: np.sqrt(2 * law.pressure_at_Pa(t) / 692.0)  # noqa: E731
    jet = integral(lambda t: 0.5 * law.flow_at_kg_s(t) * speed(t) ** 2, 0.0, end)
    assert np.isclose(work, jet, rtol=1e-10, atol=0)
    tail = law.mass_gone_kg(float(law.empty_s)) + 0.0
    assert np.isclose(tail, 44e-3 * 692.0, rtol=1e-10, atol=0)
