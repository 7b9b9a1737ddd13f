"""What does a film of residue do to light: power of a solar array, warmth of a radiator, view through a window?

    array power = 1 - int S QE (1 - exp(-a x)) / int S QE;   absorptance of a mirror + int S (1 - exp(-2 a x)) / int S;   a = 4 pi k / lambda

(thermal sheet, section 12). The residue's k(lambda) is not public: it is carried as a range. Beer's law fails in the visible for
films of 5 to 50 nm (Welsh and Jelinsky): there the numbers hold to a factor only.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.casefile.given import Given
from whipple.errors import RangeError
from whipple.physics.cited import Cited

__all__ = ["EXTINCTION", "STEEPNESS", "absorptance_rise", "array_power_frac", "window_clear_frac"]

#: Extinction index of the residue at 550 nm, and how steeply it rises to the blue: k = k550 (550 nm / lambda)^steepness. From nearly clear
#: plasticiser films to a dark, oxygen-fixed stain.
EXTINCTION = Given(0.01, 5e-4, 0.2, "", "contamination_proposal")
STEEPNESS = Given(3.0, 1.0, 6.0, "", "contamination_proposal")
SUN_K = Cited(5772.0, unit="K", source="iau2015", grade="recalled")
SECOND_RADIATION_m_K = Cited(1.438776877e-2, unit="m K", source="codata2018", grade="official")
_MIDDLE_m = 550e-9
#: Where each cares [m]: silicon cells, the whole solar spectrum, the eye.
_BANDS_m = {"cell": (0.35e-6, 1.1e-6), "sun": (0.25e-6, 2.5e-6), "eye": (0.4e-6, 0.7e-6)}


def array_power_frac(thickness_m: npt.ArrayLike, extinction: npt.ArrayLike, steepness: npt.ArrayLike = 3.0) -> Array:
    """Share of a solar array's power that is left under a film; arguments broadcast to (n,).

    Quantum efficiency is taken flat from 0.35 to 1.1 um, so a photon counts as one charge wherever it falls in between.

    >>> array_power_frac([0.0, 1e-7], 0.1).round(3).tolist()
    [1.0, 0.854]
    """
    return 1 - _mean("cell", thickness_m, extinction, steepness, lambda depth: -np.expm1(-depth), photons=True)


def absorptance_rise(
    thickness_m: npt.ArrayLike, extinction: npt.ArrayLike, steepness: npt.ArrayLike = 3.0, bare_frac: float = 0.1
) -> Array:
    """By how much the solar absorptance of a mirror-like radiator of `bare_frac` rises (n,): light crosses the film twice.

    >>> absorptance_rise([0.0, 1e-7], 0.1).round(3).tolist()
    [0.0, 0.264]
    """
    if not 0 <= bare_frac <= 1:
        raise RangeError("film optics", "bare_frac", bare_frac, "0 to 1")
    return (1 - bare_frac) * _mean("sun", thickness_m, extinction, steepness, lambda depth: -np.expm1(-2 * depth))


def window_clear_frac(thickness_m: npt.ArrayLike, extinction: npt.ArrayLike, steepness: npt.ArrayLike = 3.0) -> Array:
    """Share of visible sunlight (0.4 to 0.7 um) that a film on a window lets through (n,).

    >>> window_clear_frac([0.0, 1e-7], 0.1).round(3).tolist()
    [1.0, 0.754]
    """
    return 1 - _mean("eye", thickness_m, extinction, steepness, lambda depth: -np.expm1(-depth))


def _mean(
    band: str, thickness_m: npt.ArrayLike, extinction: npt.ArrayLike, steepness: npt.ArrayLike,
    effect: Callable[[Array], Array], photons: bool = False,
) -> Array:  # fmt: skip
    thickness, k, power = (np.atleast_1d(np.asarray(one, dtype=float)) for one in (thickness_m, extinction, steepness))
    if not ((thickness >= 0).all() and (k >= 0).all() and np.isfinite(power).all()):
        raise RangeError("film optics", "thickness_m, extinction, steepness", "one below 0 or no number", "0 or more")
    wave = np.linspace(*_BANDS_m[band], 91)
    light = wave ** (-4.0 if photons else -5.0) / np.expm1(SECOND_RADIATION_m_K / (wave * SUN_K))
    per_m = 4 * np.pi * k[:, None] / wave * (_MIDDLE_m / wave) ** power[:, None]
    seen = effect(per_m * thickness[:, None]) * light
    return np.asarray(np.trapezoid(seen, wave) / np.trapezoid(light, wave))
