"""Water below its melting point, still liquid: what a droplet in vacuum needs to know of it.

Vapour pressure: Murphy and Koop 2005, eq. 10; heat capacity: fit to Archer and Carter 2000; density: Hare and Sorensen 1987 below the
melting point, Caupin and Anisimov 2019 above; all as printed in temp_liq_jet 0.2.3 (Goy and Grisenti). Heat of vaporisation by Clapeyron.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from whipple.errors import RangeError
from whipple.physics.cited import Cited
from whipple.physics.constants import GAS_CONSTANT_J_molK

__all__ = ["SUPERCOOLED_WATER", "SupercooledWater"]

_SOURCE = "temp_liq_jet2026"
MOLAR_MASS_kg_mol = Cited(18.015e-3, unit="kg/mol", source=_SOURCE)
#: Density of liquid water in powers of the temperature, highest last: below melting of t/degC [g/cm3], above of T/K [kg/m3].
HARE_1987 = (0.99986, 6.69e-05, -8.484e-06, 1.518e-07, -6.9484e-09, -3.6449e-10, -7.497e-12)
CAUPIN_2019 = (
    -671649.56609929, 14584.455054882, -131.95828285732, 0.63749917015289, -0.001733846814305, 2.516524948219e-6, -1.5225226829696e-9,
)  # fmt: skip
MELTING_K = Cited(273.15, unit="K", source=_SOURCE)
_STEP_K = 1e-3


@dataclass(frozen=True)
class SupercooledWater:
    """Liquid water from `triple_point_K` (here the coldest a micrometre droplet was seen liquid, not a triple point) to `highest_K`.

    Same questions and answers as a fluid of `whipple.physics.fluids`; RangeError outside.
    """

    name: str = "supercooled water"
    triple_point_K: float = 228.0
    highest_K: float = 310.0
    source: str = _SOURCE

    @property
    def gas_constant_J_kgK(self) -> float:
        """Specific gas constant of the vapour.

        >>> round(SUPERCOOLED_WATER.gas_constant_J_kgK, 1)
        461.5
        """
        return float(GAS_CONSTANT_J_molK / MOLAR_MASS_kg_mol)

    def vapour_pressure_Pa(self, temperature_K: float) -> float:
        """Over the liquid, 123 to 332 K (Murphy and Koop 2005, eq. 10) [Pa].

        >>> round(SUPERCOOLED_WATER.vapour_pressure_Pa(273.16), 1), round(SUPERCOOLED_WATER.vapour_pressure_Pa(240.0), 1)
        (611.7, 37.7)
        """
        kelvin = self._checked(temperature_K)
        low = 54.842763 - 6763.22 / kelvin - 4.210 * np.log(kelvin) + 0.000367 * kelvin
        high = 53.878 - 1331.22 / kelvin - 9.44523 * np.log(kelvin) + 0.014025 * kelvin
        return float(np.exp(low + np.tanh(0.0415 * (kelvin - 218.8)) * high))

    def heat_of_vaporisation_J_kg(self, temperature_K: float) -> float:
        """R T^2 dlnp/dT of that pressure (Clapeyron, ideal vapour) [J/kg].

        >>> round(SUPERCOOLED_WATER.heat_of_vaporisation_J_kg(273.15) / 1e3, -1)
        2500.0
        """
        kelvin = self._checked(temperature_K)
        up, down = (np.log(self.vapour_pressure_Pa(kelvin + side * _STEP_K)) for side in (0.5, -0.5))
        return float(self.gas_constant_J_kgK * kelvin**2 * (up - down) / _STEP_K)

    def heat_capacity_J_kgK(self, temperature_K: float) -> float:
        """Fit to Archer and Carter 2000 [J/kg/K].

        >>> round(SUPERCOOLED_WATER.heat_capacity_J_kgK(273.15)), round(SUPERCOOLED_WATER.heat_capacity_J_kgK(240.0))
        (4213, 4949)
        """
        kelvin = self._checked(temperature_K)
        return float(4197.14238779 + 4595.88383033 * np.exp(-(kelvin - 224.41061552) / 8.61062621))

    def density_kg_m3(self, temperature_K: float) -> float:
        """Hare and Sorensen 1987 below the melting point, Caupin and Anisimov 2019 above [kg/m3].

        >>> round(SUPERCOOLED_WATER.density_kg_m3(240.0), 1), round(SUPERCOOLED_WATER.density_kg_m3(293.15), 1)
        (979.0, 998.2)
        """
        kelvin = self._checked(temperature_K)
        if kelvin < MELTING_K:
            return float(1e3 * np.polynomial.polynomial.polyval(kelvin - MELTING_K, HARE_1987))
        return float(np.polynomial.polynomial.polyval(kelvin, CAUPIN_2019))

    def _checked(self, temperature_K: float) -> float:
        if not self.triple_point_K - 1 <= temperature_K <= self.highest_K:
            raise RangeError(
                self.name, "temperature_K", temperature_K, f"{self.triple_point_K:g} to {self.highest_K:g} K"
            )
        return float(temperature_K)


SUPERCOOLED_WATER = SupercooledWater()
