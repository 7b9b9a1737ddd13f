"""A gas at cabin pressures, as compact fits against temperature."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from whipple.errors import RangeError
from whipple.physics.constants import GAS_CONSTANT_J_molK
from whipple.physics.fluids.fluid import Fit

__all__ = ["Gas"]


@dataclass(frozen=True)
class Gas:
    """An ideal gas with its transport properties at 1 atm, valid from `lowest_K` to `highest_K`; outside, RangeError.

    `fit_error_frac` is the largest relative error of each fit.
    """

    name: str
    molar_mass_kg_mol: float
    heat_capacity_ratio: float
    lowest_K: float
    highest_K: float
    fits: Mapping[str, Fit]
    fit_error_frac: Mapping[str, float]
    source: str

    @property
    def gas_constant_J_kgK(self) -> float:
        """Specific gas constant.

        >>> from whipple.physics.fluids import gas
        >>> round(gas("air").gas_constant_J_kgK, 2)
        287.05
        """
        return GAS_CONSTANT_J_molK / self.molar_mass_kg_mol

    def heat_capacity_J_kgK(self, temperature_K: float) -> float:
        """Heat capacity at constant pressure [J/kg/K].

        >>> from whipple.physics.fluids import gas
        >>> round(gas("air").heat_capacity_J_kgK(295.0))
        1006
        """
        return self._at("heat_capacity_J_kgK", temperature_K)

    def viscosity_Pas(self, temperature_K: float) -> float:
        """Dynamic viscosity [Pa s].

        >>> from whipple.physics.fluids import gas
        >>> round(gas("air").viscosity_Pas(295.0) * 1e6, 1)
        18.3
        """
        return self._at("viscosity_Pas", temperature_K)

    def conductivity_W_mK(self, temperature_K: float) -> float:
        """Heat conductivity [W/m/K].

        >>> from whipple.physics.fluids import gas
        >>> round(gas("nitrogen").conductivity_W_mK(295.0), 4)
        0.0256
        """
        return self._at("conductivity_W_mK", temperature_K)

    def density_kg_m3(self, pressure_Pa: float, temperature_K: float) -> float:
        """Density of the ideal gas [kg/m3]; at 1 atm and 295 K it is 4e-4 low.

        >>> from whipple.physics.fluids import gas
        >>> round(gas("air").density_kg_m3(101325.0, 295.0), 4)
        1.1966
        """
        return pressure_Pa / (self.gas_constant_J_kgK * temperature_K)

    def mean_free_path_m(self, pressure_Pa: float, temperature_K: float) -> float:
        """Equivalent mean free path [m]: mu sqrt(pi R T / 2) / p, with R the specific gas constant (Sharipov's convention).

        >>> from whipple.physics.fluids import gas
        >>> round(gas("air").mean_free_path_m(101325.0, 295.0) * 1e9, 1)
        65.9
        """
        if not pressure_Pa > 0:
            raise RangeError(
                f"gas {self.name}", "pressure_Pa", f"{pressure_Pa:g}", "a value above zero", "check the unit"
            )
        return (
            self.viscosity_Pas(temperature_K)
            * math.sqrt(math.pi * self.gas_constant_J_kgK * temperature_K / 2)
            / pressure_Pa
        )

    def _at(self, quantity: str, temperature_K: float) -> float:
        if not self.lowest_K <= temperature_K <= self.highest_K:
            found, expected = f"{temperature_K:g} K", f"{self.lowest_K:g} to {self.highest_K:g} K"
            raise RangeError(f"gas {self.name}", "temperature_K", found, expected, "check the temperature and its unit")
        return self.fits[quantity].at(temperature_K)
