"""Does each leak law do its line, and refuse the impossible?"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from whipple.errors import RangeError
from whipple.leak.forward import LeakLaw, leak_law
from whipple.leak.orifice import flow_regime, hole_area_m2, rarefied_factor, rarefied_flow_kg_s
from whipple.leak.vessel import air_leak, emptying_time_s
from whipple.physics.fluids import fluid

ISOOCTANE = fluid("isooctane")
USUAL = {
    "diameter_m": 0.8e-3, "discharge_ratio": 0.61, "pressure_Pa": 3.04e5, "inventory_m3": 44e-3,
    "gas_volume_m3": 4e-3, "pushed_volume_m3": 40e-3,
}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "stiffness", "exponent"), [("gas", 4e-3, 1.0), ("gas", 4e-3, 1.3), ("spring", 48e-3, 1.0)]
)
def test_closed_forms_agree_with_an_integrator(kind: str, stiffness: float, exponent: float) -> None:
    """Independent of the closed forms: march dV/dt = Cd A sqrt(2p/rho) and the impulse."""
    law = LeakLaw(kind, 5e-7, 0.61, 0.98, 692.0, 3.04e5, 5156.0, 44e-3, 40e-3, stiffness, exponent, 1e3)  # type: ignore[arg-type]

    def pressure(volume: float) -> float:
        return 3.04e5 * ((stiffness / (stiffness + volume)) ** exponent if kind == "gas" else 1 - volume / stiffness)

    def rates(_: float, state: np.ndarray) -> list[float]:
        p = pressure(state[0])
        return [0.61 * 5e-7 * np.sqrt(2 * p / 692.0), 2 * 0.61 * 0.98 * 5e-7 * p]

    end = float(law.driven_s)
    run = solve_ivp(rates, (0, end), [0.0, 0.0], "DOP853", rtol=1e-11, atol=1e-14)
    assert run.y[0, -1] == pytest.approx(40e-3, rel=1e-8)
    assert run.y[1, -1] == pytest.approx(float(law.driven_impulse_Ns), rel=1e-8)


def test_history_follows_the_two_regimes() -> None:
    law = leak_law(ISOOCTANE, 293.15, **USUAL)
    times = np.array([-1.0, 0.0, float(law.driven_s) - 1e-6, float(law.driven_s) + 1.0, float(law.empty_s) + 1.0])
    flow, pressure = law.flow_at_kg_s(times), law.pressure_at_Pa(times)
    assert flow[0] == 0.0
    assert flow[-1] == 0.0
    assert pressure[2] == pytest.approx(float(law.end_pressure_Pa))
    assert pressure[3] == pytest.approx(ISOOCTANE.vapour_pressure_Pa(293.15))
    assert pressure[4] < pressure[3]
    assert law.mass_gone_kg(1e9) == pytest.approx(44e-3 * ISOOCTANE.density_kg_m3(293.15))


def test_pressure_sum_is_the_integral_of_the_pressure() -> None:
    law = leak_law(ISOOCTANE, 293.15, **USUAL)
    edges = np.array([-600.0, 0.0, 2000.0, float(law.driven_s) + 900.0, float(law.empty_s) + 900.0])
    total = np.diff(law.pressure_sum_Pa_s(edges))
    for begin, end, ours in zip(edges[:-1], edges[1:], total, strict=True):
        middle = begin + (np.arange(200_000) + 0.5) * (end - begin) / 200_000
        assert ours == pytest.approx(law.pressure_at_Pa(middle).mean() * (end - begin), rel=1e-4)


def test_half_is_gone_when_half_is_gone() -> None:
    law = leak_law(ISOOCTANE, 293.15, **USUAL)
    for share in (0.2, 0.5, 0.95):
        assert law.volume_gone_m3(law.time_to_lose_s(share)) == pytest.approx(share * 44e-3)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"diameter_m": 0.0}, "expected a value above zero"),
        ({"inventory_m3": 0.0}, "a loop without it cannot leak"),
        ({"pipe_m": 0.5e-3}, "bore of the pipe, 0.0005 m"),
        ({"pressure_Pa": 4000.0}, "above the vapour pressure, 5157 Pa"),
    ],
)
def test_impossible_loops_are_refused(change: dict[str, float], complaint: str) -> None:
    with pytest.raises(RangeError, match=complaint):
        leak_law(ISOOCTANE, 293.15, **{**USUAL, **change})


def test_regimes() -> None:
    assert flow_regime(True, 3e5, 5e3, 6.0) == "flashing in a long hole"
    assert flow_regime(False, 1.0, 0.0, 1.0, knudsen_ratio=0.1) == "rarefied gas"


def test_rarefied_flow_ends_free_molecular_and_is_held_above_sixty() -> None:
    assert rarefied_factor(0.0) == 1.0
    assert rarefied_factor(61.0) == rarefied_factor(1e6)
    assert rarefied_flow_kg_s(2e-6, 1.0, 0.029, 295.0, 0.0) == pytest.approx(
        2 * rarefied_flow_kg_s(1e-6, 1.0, 0.029, 295.0, 0.0)
    )


def test_air_leak_refuses_no_volume_and_no_hole() -> None:
    with pytest.raises(RangeError, match="both above zero"):
        air_leak(1e-3, 0.0, discharge_ratio=0.84)
    with pytest.raises(RangeError, match="both above zero"):
        emptying_time_s(1.0, hole_area_m2(0.0), 0.84, 295.0)


def test_an_unknown_fluid_and_a_temperature_out_of_range_are_refused() -> None:
    with pytest.raises(RangeError, match="one of isooctane"):
        fluid("mercury")
    with pytest.raises(RangeError, match=r"165\.77 to 333\.15 K"):
        ISOOCTANE.density_kg_m3(150.0)
    assert fluid("LZ-TK-2") is ISOOCTANE
