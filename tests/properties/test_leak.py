"""Laws of the leak: mass balance, order, scaling."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from whipple.leak.forward import LeakLaw
from whipple.leak.orifice import rarefied_factor
from whipple.physics.fluids import fluid

ISOOCTANE = fluid("isooctane")
laws = st.builds(
    lambda kind, mm, litre, pushed, exponent: LeakLaw(
        kind, np.pi / 4 * (mm * 1e-3) ** 2, 0.65, 0.97, 692.0, 3e5, 5156.0, 44e-3, pushed * 1e-3,
        litre * 1e-3 + (50e-3 if kind == "spring" else 0.0), exponent, 900.0,
    ),
    st.sampled_from(["gas", "spring"]), st.floats(0.2, 3.0), st.floats(1.0, 30.0), st.floats(2.0, 44.0), st.floats(0.9, 2.2),
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(laws)
def test_everything_in_the_loop_goes_out_and_no_more(law: LeakLaw) -> None:
    gone = law.mass_gone_kg(np.linspace(-10, 1.2 * float(law.empty_s), 400))
    assert np.all(np.diff(gone) >= -1e-12)
    assert np.isclose(gone[-1], 44e-3 * 692.0)


@settings(max_examples=40, deadline=None)
@given(laws)
def test_pressure_never_rises(law: LeakLaw) -> None:
    pressure = law.pressure_at_Pa(np.linspace(-10, 1.5 * float(law.empty_s), 400))
    assert np.all(np.diff(pressure) <= 1e-6 * 3e5)


@settings(max_examples=40, deadline=None)
@given(laws)
def test_flow_is_the_rate_of_the_mass(law: LeakLaw) -> None:
    middle = 0.4 * float(law.driven_s)
    step = 1e-3 * float(law.driven_s)
    rate = (law.mass_gone_kg(middle + step) - law.mass_gone_kg(middle - step)) / (2 * step)
    assert np.isclose(rate, law.flow_at_kg_s(middle), rtol=1e-4)


@settings(max_examples=30, deadline=None)
@given(laws, st.floats(1.1, 3.0))
def test_twice_the_area_halves_every_time(law: LeakLaw, factor: float) -> None:
    wider = LeakLaw(**{**vars(law), "area_m2": law.area_m2 * factor})
    assert np.isclose(wider.driven_s * factor, law.driven_s)
    assert np.isclose(wider.impulse_Ns, law.impulse_Ns)


@settings(max_examples=50)
@given(st.floats(0.0, 1e4), st.floats(0.0, 1e4))
def test_rarefied_flow_grows_with_density(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert rarefied_factor(low) <= rarefied_factor(high) + 1e-12


@settings(max_examples=60)
@given(st.floats(91.0, 390.0), st.floats(0.5, 5.0))
def test_vapour_pressure_rises_with_temperature(kelvin: float, more: float) -> None:
    assert ISOOCTANE.vapour_pressure_Pa(kelvin + more) > ISOOCTANE.vapour_pressure_Pa(kelvin)


@settings(max_examples=30)
@given(st.lists(st.floats(166.0, 333.0), min_size=1, max_size=5))
def test_arrays_and_floats_agree(kelvins: list[float]) -> None:
    many = ISOOCTANE.vapour_pressure_Pa(np.array(kelvins))
    assert np.allclose(many, [ISOOCTANE.vapour_pressure_Pa(one) for one in kelvins])
