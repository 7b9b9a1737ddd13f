"""Do crew, air and sunlight formulas do their line, and refuse bad input?"""

from __future__ import annotations

import numpy as np
import pytest

from whipple.errors import RangeError
from whipple.thermal.crew import core_rate_K_s, evaporation_limit_kg_s, sensible_frac, sensible_W
from whipple.thermal.humidity import saturation_kg_m3
from whipple.thermal.surroundings import absorbed_W_m2, eclipse_frac, equilibrium_K


def test_the_body_gives_no_sensible_heat_near_37_degrees() -> None:
    assert float(sensible_frac(310.55)) == pytest.approx(0.0, abs=0.002)
    assert float(sensible_frac(250.0)) == 1.0


def test_sweat_cannot_evaporate_into_air_as_moist_as_the_skin() -> None:
    assert float(evaporation_limit_kg_s(saturation_kg_m3(308.15), 4.0)) == 0.0
    assert float(core_rate_K_s(117.0, 117.0)) == 0.0


def test_a_warmer_body_sheds_more() -> None:
    assert sensible_W(117.0, 310.0, 4.0, 2.0) > sensible_W(117.0, 310.0, 4.0, 0.0)


def test_half_full_air_of_the_descent_module_takes_61_grams() -> None:
    assert 0.5 * 4.0 * float(saturation_kg_m3(303.15)) * 1e3 == pytest.approx(61.0, abs=0.6)


def test_no_eclipse_at_the_beta_of_ms22_and_more_sunlight() -> None:
    assert float(eclipse_frac(417e3, np.radians(-71.9))) == 0.0
    assert float(absorbed_W_m2(0.5, 0.0, 417e3, np.radians(-71.9))) > 0.5 * 1361 / 4
    assert float(absorbed_W_m2(0.5, 0.0, 417e3, 0.0)) > 0.5 * 1361 / 4 * (1 - 0.388)


def test_equilibrium_and_eclipse_refuse_the_impossible() -> None:
    assert float(equilibrium_K(0.0)) == 0.0
    with pytest.raises(RangeError):
        eclipse_frac(-1.0, 0.0)
    with pytest.raises(RangeError):
        eclipse_frac(417e3, 3.0)
