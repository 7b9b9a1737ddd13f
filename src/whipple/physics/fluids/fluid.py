"""A liquid with its vapour, as compact fits against temperature."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, TypeVar

import numpy as np
import numpy.typing as npt

from whipple.errors import RangeError
from whipple.physics.cited import Cited
from whipple.physics.constants import GAS_CONSTANT_J_molK

__all__ = ["Fit", "Fluid"]

#: A temperature, one or many; the answer has the same shape.
_T = TypeVar("_T", float, npt.NDArray[np.float64])


REFERENCE_K = Cited(300.0, unit="K", source="leak_sheet", grade="proposal")


@dataclass(frozen=True)
class Fit:
    """A polynomial, highest power first, in t = T/300 K or u = 300 K/T; of the value, or of its natural logarithm."""

    coefficients: tuple[float, ...]
    variable: Literal["t", "u"] = "t"
    logarithmic: bool = False

    def at(self, temperature_K: _T) -> _T:
        """The value at a temperature [K].

        >>> Fit((1.0, 2.0)).at(300.0)
        3.0
        """
        argument = temperature_K / REFERENCE_K if self.variable == "t" else REFERENCE_K / temperature_K
        value = np.polyval(self.coefficients, argument)
        value = np.exp(value) if self.logarithmic else value
        return float(value) if np.ndim(temperature_K) == 0 else value  # type: ignore[return-value]


@dataclass(frozen=True)
class Fluid:
    """A liquid with its vapour. Every method takes a temperature [K] (float or array) and answers in the same shape.

    Valid from the triple point to `highest_K`; outside, RangeError. Vapour pressure and heat of vaporisation also go
    below it, to `lowest_solid_K`, where they are those of the frozen solid; the vapour pressure also goes above,
    to `antoine_highest_K`, by the published `antoine` form: log10(p/Pa) = A - B/(T + C). A quantity without a fit
    (the surface tension of a glycol) raises RangeError. `fit_error_frac` is the largest relative error of each fit.
    """

    name: str
    molar_mass_kg_mol: float
    triple_point_K: float
    highest_K: float
    lowest_solid_K: float
    heat_of_fusion_J_kg: float
    heat_capacity_ratio: float
    fits: Mapping[str, Fit]
    source: str
    antoine: tuple[float, float, float] | None = None
    antoine_highest_K: float = 0.0
    fit_error_frac: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    note: str = ""

    @property
    def gas_constant_J_kgK(self) -> float:
        """Specific gas constant of the vapour.

        >>> from whipple.physics.fluids import fluid
        >>> round(fluid("isooctane").gas_constant_J_kgK, 3)
        72.788
        """
        return GAS_CONSTANT_J_molK / self.molar_mass_kg_mol

    def density_kg_m3(self, temperature_K: _T) -> _T:
        """Liquid density at 1 atm [kg/m3]; at 3 bar it is up to 5e-4 higher.

        >>> from whipple.physics.fluids import fluid
        >>> round(fluid("isooctane").density_kg_m3(293.15), 1)
        692.2
        """
        return self._liquid("density_kg_m3", temperature_K)

    def heat_capacity_J_kgK(self, temperature_K: _T) -> _T:
        """Heat capacity of the liquid [J/kg/K].

        >>> from whipple.physics.fluids import fluid
        >>> round(fluid("isooctane").heat_capacity_J_kgK(293.15))
        2069
        """
        return self._liquid("heat_capacity_J_kgK", temperature_K)

    def conductivity_W_mK(self, temperature_K: _T) -> _T:
        """Heat conductivity of the liquid [W/m/K].

        >>> from whipple.physics.fluids import fluid
        >>> round(fluid("isooctane").conductivity_W_mK(293.15), 4)
        0.0941
        """
        return self._liquid("conductivity_W_mK", temperature_K)

    def viscosity_Pas(self, temperature_K: _T) -> _T:
        """Dynamic viscosity of the liquid [Pa s].

        >>> from whipple.physics.fluids import fluid
        >>> round(fluid("isooctane").viscosity_Pas(293.15) * 1e3, 2)
        0.5
        """
        return self._liquid("viscosity_Pas", temperature_K)

    def surface_tension_N_m(self, temperature_K: _T) -> _T:
        """Surface tension [N/m].

        >>> from whipple.physics.fluids import fluid
        >>> round(fluid("isooctane").surface_tension_N_m(293.15) * 1e3, 2)
        18.8
        """
        return self._liquid("surface_tension_N_m", temperature_K)

    def heat_of_vaporisation_J_kg(self, temperature_K: _T) -> _T:
        """Heat of vaporisation of the liquid [J/kg]; below the triple point heat of sublimation, taken constant.

        >>> from whipple.physics.fluids import fluid
        >>> round(fluid("isooctane").heat_of_vaporisation_J_kg(293.15) / 1e3, 1)
        310.1
        """
        self._check(temperature_K, self.lowest_solid_K)
        fit, frozen = self.fits["heat_of_vaporisation_J_kg"], np.less(temperature_K, self.triple_point_K)
        solid = fit.at(self.triple_point_K) + self.heat_of_fusion_J_kg
        return _chosen(frozen, solid, fit.at(temperature_K), temperature_K)

    def vapour_pressure_Pa(self, temperature_K: _T) -> _T:
        """Vapour pressure over the liquid, and over the frozen solid below the triple point [Pa].

        The liquid fit must not be used below the triple point (at 150 K it would be twice too high): there the pressure
        follows Clapeyron, from the triple point down, with the heat of sublimation (vaporisation + fusion, constant).
        Above `highest_K` the Antoine form is used; it meets the fit within 0.1 % there.

        >>> from whipple.physics.fluids import fluid
        >>> pressure = fluid("isooctane").vapour_pressure_Pa
        >>> round(pressure(293.15)), round(pressure(150.0) * 1e6), round(pressure(372.36) / 101325, 3)
        (5157, 334, 0.999)
        """
        self._check(temperature_K, self.lowest_solid_K, self.antoine_highest_K)
        fit, liquid = self.fits["vapour_pressure_Pa"], self.fits["vapour_pressure_Pa"].at(temperature_K)
        if self.antoine is not None:
            a, b, c = self.antoine
            above = 10 ** (a - b / (temperature_K + c))
            liquid = np.where(np.greater(temperature_K, self.highest_K), above, liquid)  # type: ignore[assignment]
        sublimation = self.fits["heat_of_vaporisation_J_kg"].at(self.triple_point_K) + self.heat_of_fusion_J_kg
        lower = np.maximum(np.divide(1.0, temperature_K) - 1.0 / self.triple_point_K, 0.0)
        solid = fit.at(self.triple_point_K) * np.exp(-sublimation / self.gas_constant_J_kgK * lower)
        return _chosen(np.less(temperature_K, self.triple_point_K), solid, liquid, temperature_K)

    def _liquid(self, quantity: str, temperature_K: _T) -> _T:
        self._check(temperature_K, self.triple_point_K)
        if quantity not in self.fits:
            known = ", ".join(self.fits)
            raise RangeError(f"fluid {self.name}", quantity, "no fit", f"one of {known}", "take another fluid")
        return self.fits[quantity].at(temperature_K)

    def _check(self, temperature_K: _T, lowest_K: float, highest_K: float = 0.0) -> None:
        low, high, top = float(np.min(temperature_K)), float(np.max(temperature_K)), highest_K or self.highest_K
        if not (lowest_K <= low and high <= top):
            found, expected = f"{low:g} to {high:g} K", f"{lowest_K:g} to {top:g} K"
            remedy = "check the temperature and its unit"
            raise RangeError(f"fluid {self.name}", "temperature_K", found, expected, remedy)


def _chosen(frozen: object, solid: object, liquid: object, like: _T) -> _T:
    value = np.where(frozen, solid, liquid)  # type: ignore[call-overload]
    return float(value) if np.ndim(like) == 0 else value  # type: ignore[return-value]
