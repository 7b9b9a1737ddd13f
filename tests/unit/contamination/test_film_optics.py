"""The sums over the spectrum are integrals: the same as an adaptive rule finds."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.integrate import quad

from whipple.contamination.optics import (
    SUN_K,
    SECOND_RADIATION_m_K,
    absorptance_rise,
    array_power_frac,
    window_clear_frac,
)
from whipple.errors import RangeError


def mean(low_m: float, high_m: float, passes: float, photons: bool) -> float:
    """Share of the light from `low_m` to `high_m` that a film of 0.1 um with k 0.1, rising as the cube to the blue, takes."""

    def light(um: float) -> float:
        return um ** (-4.0 if photons else -5.0) / np.expm1(float(SECOND_RADIATION_m_K) / (um * 1e-6 * float(SUN_K)))

    def taken(um: float) -> float:
        return -np.expm1(-passes * 4 * np.pi * 0.1 * 0.1 / um * (0.55 / um) ** 3) * light(um)

    return float(quad(taken, low_m, high_m)[0] / quad(light, low_m, high_m)[0])


def test_the_sums_are_integrals() -> None:
    assert 1 - array_power_frac([1e-7], 0.1)[0] == pytest.approx(mean(0.35, 1.1, 1, photons=True), abs=5e-5)
    assert absorptance_rise([1e-7], 0.1)[0] == pytest.approx(0.9 * mean(0.25, 2.5, 2, photons=False), abs=3e-4)
    assert 1 - window_clear_frac([1e-7], 0.1)[0] == pytest.approx(mean(0.4, 0.7, 1, photons=False), abs=5e-5)


@pytest.mark.parametrize(("thickness", "k"), [(-1e-9, 0.1), (1e-9, -0.1), (float("nan"), 0.1), (1e-9, float("nan"))])
def test_what_is_no_film_is_refused(thickness: float, k: float) -> None:
    with pytest.raises(RangeError):
        array_power_frac([thickness], k)
