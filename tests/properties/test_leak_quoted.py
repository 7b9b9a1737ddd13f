"""No false flag: figures that come from one leak never contradict each other, whatever the leak; and a lie is told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from whipple.casefile.given import Given
from whipple.leak.consistency import AirFlow, PressureFall, contradictions
from whipple.leak.forward import leak_law
from whipple.leak.quoted import LoopFigures, Quoted, liquid_contradictions
from whipple.physics.fluids import fluid

ISOOCTANE = fluid("isooctane")
off = st.floats(0.94, 1.06)


def around(value: float, unit: str = "") -> Given:
    """A figure quoted to two digits, with no range."""
    rounded = float(f"{value:.2g}")
    return Given(rounded, rounded, rounded, unit)


@settings(max_examples=60, deadline=None)
@given(
    st.floats(0.3, 2.0), st.floats(0.57, 0.83), st.floats(1.2e5, 5e5), st.floats(10.0, 80.0), st.floats(1.0, 20.0), st.floats(0.05, 0.98),
    st.floats(275.0, 310.0), off, off, st.booleans(),
)  # fmt: skip
def test_figures_of_one_liquid_leak_agree(
    mm: float,
    cd: float,
    pressure: float,
    litre: float,
    gas: float,
    share: float,
    kelvin: float,
    miss: float,
    other: float,
    bound: bool,
) -> None:
    law = leak_law(
        ISOOCTANE, kelvin, diameter_m=mm * 1e-3, discharge_ratio=cd, pressure_Pa=pressure, inventory_m3=litre * 1e-3,
        gas_volume_m3=gas * 1e-3, pushed_volume_m3=share * litre * 1e-3,
    )  # fmt: skip
    lasted, half = float(law.empty_s), float(law.time_to_lose_s(0.5))
    quoted = (
        Quoted("diameter", around(mm * 1e-3 * miss), "one"), Quoted("diameter", around(mm * 1e-3 * 1.05), "another", "upper"),
        Quoted("spray", around(lasted / 1.3) if bound else around(lasted * other), "crew", "lower" if bound else "two-sided"),
        Quoted("majority", around(max(half * 1.3, lasted / 2)), "ground", "upper"),
    )  # fmt: skip
    figures = LoopFigures(
        ((ISOOCTANE, "maker"),), Given(pressure, 0.95 * pressure, 1.05 * pressure, "Pa"), Given(kelvin, kelvin - 2, kelvin + 2, "K"),
        Given(litre * 1e-3, 0.95e-3 * litre, 1.05e-3 * litre, "m**3"), Given(0.7, 0.57, 0.83, ""), quoted,
    )  # fmt: skip
    assert liquid_contradictions(figures) == ()
    wrong = replace(figures, quoted=(*quoted, Quoted("spray", around(lasted * 100), "a lie")))
    assert any("a lie" in row.between for row in liquid_contradictions(wrong))


@settings(max_examples=100, deadline=None)
@given(
    st.floats(4.0, 1000.0), st.floats(0.3, 8.0), st.floats(4.0, 24.0), st.lists(st.floats(0.93, 1.07), min_size=2, max_size=4),
    st.lists(st.floats(0.93, 1.07), min_size=1, max_size=3), st.booleans(),
)  # fmt: skip
def test_figures_of_one_air_leak_agree(
    volume: float, kg_day: float, hours: float, flows: list[float], falls: list[float], known: bool
) -> None:
    leak = kg_day / 86400.0
    scale = 101325.0 * volume / (287.05 * 295.0 * leak)
    assume(1e-3 < hours * 3600 / scale < 3.0)
    said = [AirFlow(around(leak * miss, "kg/s"), str(i), "2020") for i, miss in enumerate(flows)]
    held = Given(volume, volume, volume, "m**3") if known else None
    seen = [
        PressureFall(1e5, 1e5 * float(np.exp(-hours * 3600 * miss / scale)), hours * 3600, held, f"fall {i}", "2020")
        for i, miss in enumerate(falls)
    ]
    assert contradictions(said, seen) == ()
