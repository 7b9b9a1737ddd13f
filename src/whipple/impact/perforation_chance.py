"""How likely is a Whipple shield perforated: a chance with an interval, where a ballistic limit only says yes or no."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array, Caveat
from whipple.errors import RangeError
from whipple.impact.models.shot_scatter import BARE, BARE_ROOT, COEFFICIENTS, COVARIANCE_ROOT, LABORATORY_SD, TESTED
from whipple.impact.perforation_terms import ShieldTerms, columns, shield_terms
from whipple.impact.shield import Shield
from whipple.physics.cited import Cited

__all__ = ["Chance", "perforation_chance", "punctures_ratio"]

#: Speeds (m/s), angle (rad) and particle densities (kg/m3) shot in the 545 tests; beyond 8 km/s they are 14 shots.
_SPEED_m_s = (850.0, 9890.0)
_ANGLE_rad = (0.0, 1.31)
_DENSITY_kg_m3 = (2650.0, 2850.0)
_SIZE_m = (0.0004, 0.01908)
#: How far published exponents of speed (2/3, 0.875) and of density (1/3, 1/2) disagree: what each factor e beyond the shots adds to ln d_c.
_SPEED_EXPONENT = Cited(0.875 - 2 / 3, unit="", source="pailer1980", grade="recalled")
_DENSITY_EXPONENT = Cited(1 / 2 - 1 / 3, unit="", source="christiansen1993", grade="source")
_WORDS = {
    "stuffing_kg_m2": "a stuffed shield", "cell_m": "a honeycomb core", "core_kg_m2": "a foam core", "blanket_kg_m2": "insulation",
    "second_m": "a second bumper", "tile_m": "a tile",
}  # fmt: skip
#: What shots there are of shields that no chance is given for; losses with a source left out (docs/theory/impact.md).
_TOO_FEW = {
    "stuffing_kg_m2": "166 shots of 11 sources do not teach a chance: log loss 1.24 on a source left out, 0.66 for the plain share",
    "cell_m": "142 shots of 15 sources do not teach a chance: log loss 0.68 on a source left out, 0.66 for the plain share",
    "core_kg_m2": "110 shots, all of one house: no laboratory can be left out to try a chance on",
}
_NINETY = Cited(1.6449, unit="standard deviations", source="pyblossum", grade="computed")


@dataclass(frozen=True)
class Chance:
    """Chance of perforation and the 90 % interval of it (coefficients and laboratory), arrays of one shape, with caveats.

    `from_tests` is False where the shield or the shot is unlike any tested: there the equations' mean alone speaks.
    """

    perforation_prob: Array
    low_prob: Array
    high_prob: Array
    from_tests: npt.NDArray[np.bool_]
    caveats: tuple[Caveat, ...]


def perforation_chance(
    shield: Shield,
    diameter_m: npt.ArrayLike,
    speed_m_s: npt.ArrayLike,
    incidence_rad: npt.ArrayLike,
    density_kg_m3: npt.ArrayLike,
) -> Chance:
    """The chance that a particle perforates an aluminium Whipple shield, broadcast over diameter, speed, incidence and density.

    A logistic regression on 545 gun shots about the mean of four equations; rises with size, by construction. With a whole source of
    shots left out it sorts 80.9 % right, against 79.8 % for the best equation; 78.5 against 77.8 % on all 568 as filed, with a source that
    contradicts itself and spall filed as holes (docs/theory/impact.md). RangeError for another shield.

    >>> from whipple.physics.materials import material
    >>> shield = Shield(wall=material("6061-T6"), wall_m=0.00318, bumper_m=0.0016, standoff_m=0.1016)
    >>> chance = perforation_chance(shield, [0.003, 0.006, 0.009], 7000.0, 0.0, 2800.0)
    >>> chance.perforation_prob.round(2).tolist()
    [0.01, 0.4, 0.9]
    """
    _refuse_other_shields(shield)
    size, speed, angle, density = np.broadcast_arrays(
        *(np.asarray(x, dtype=float) for x in (diameter_m, speed_m_s, incidence_rad, density_kg_m3))
    )
    if not (np.isfinite(size) & (size > 0)).all():
        raise RangeError("chance of perforation", "diameter_m", np.min(size), "a finite diameter > 0", "check the unit")
    terms = shield_terms(shield, speed, angle, density)
    known = _is_like_the_tests(terms, speed, angle, density)
    bare = _bare(terms, size, _reach(speed, density))
    mean, variance = (np.where(known, a, b) for a, b in zip(_learned(terms, size), bare, strict=True))
    chance = _logistic(mean / np.sqrt(1 + np.pi / 8 * variance))
    low, high = (_logistic(mean + side * _NINETY * np.sqrt(variance)) for side in (-1, 1))
    return Chance(chance, np.minimum(low, chance), np.maximum(high, chance), known, _caveats(known, size))


def punctures_ratio(number_slope: float) -> float:
    """Expected punctures over those counted above d50, for numbers that fall as d^-slope: what the scatter about d50 adds.

    Against the size that perforates every other time (d50), not against an equation's limit: NNO's limit for the shield of `perforation_chance`
    at 7 km/s perforates with 0.32, and against it the same punctures are 1.0 and 1.2 times as many (slopes 2.5 and 3.6).
    Integral of slope d^(-slope-1) P(d) over d, with P logistic in ln d about d50: (pi s/a)/sin(pi s/a). The slope a of the shots, flattened by the
    spread between laboratories, is 6.5; unlike any shot P rises more slowly (4.6 at 20 km/s, 1 g/cm3) and this is too low. RangeError from 0.9 a.

    >>> [round(punctures_ratio(slope), 1) for slope in (0.0, 2.5, 3.6, 3.9)]
    [1.0, 1.3, 1.8, 2.0]
    """
    slope = COEFFICIENTS[0] / np.sqrt(1 + np.pi / 8 * LABORATORY_SD**2)
    if not 0 <= number_slope < 0.9 * slope:
        raise RangeError(
            "punctures over those above d50", "number_slope", number_slope, f"0 to {0.9 * slope:.1f}", "integrate the chance over sizes"
        )  # fmt: skip
    return float(1 / np.sinc(number_slope / slope))


def _refuse_other_shields(shield: Shield) -> None:
    """RangeError for every shield that no chance was learned for, with what shots there are of it."""
    extra = next(
        (layer for layer in (*_TOO_FEW, "blanket_kg_m2", "second_m", "tile_m") if getattr(shield, layer) > 0), ""
    )
    if shield.bumper_m > 0 and shield.wall.family == "aluminium" and not extra:
        return
    found = f"{shield.wall.name}{', ' + _WORDS[extra] if extra else ''}{'' if shield.bumper_m > 0 else ', no bumper'}"
    shots = f" ({_TOO_FEW[extra]})" if extra in _TOO_FEW else ""
    expected, remedy = (
        "an aluminium wall behind one bumper, nothing between",
        f"ask for the ballistic limit instead{shots}",
    )
    raise RangeError("chance of perforation", "shield", found, expected, remedy)


def _is_like_the_tests(terms: ShieldTerms, speed: Array, angle: Array, density: Array) -> npt.NDArray[np.bool_]:
    """Whether shield and shot lie within what was tested. Never asks for the particle's size: the chance must rise with it."""
    low, high = np.array(list(TESTED.values())).T
    inside = ((terms.covariates >= low - 1e-3) & (terms.covariates <= high + 1e-3)).all(axis=-1)
    pairs = ((speed, _SPEED_m_s), (angle, _ANGLE_rad), (density, _DENSITY_kg_m3))
    return np.asarray(np.logical_and.reduce([inside, *((x >= a) & (x <= b) for x, (a, b) in pairs)]))


def _learned(terms: ShieldTerms, size: Array) -> tuple[Array, Array]:
    """Mean of the logit from the regression, and its variance at the limit: independent of size, so that the chance rises with size."""
    design = columns(terms, size)
    at_limit = design * (np.arange(design.shape[-1]) > 0)
    root = np.zeros((len(COEFFICIENTS), len(COEFFICIENTS)))
    for line, values in enumerate(COVARIANCE_ROOT):
        root[line, : len(values)] = values
    return design @ np.array(COEFFICIENTS), ((at_limit @ root) ** 2).sum(axis=-1) + LABORATORY_SD**2


def _reach(speed: Array, density: Array) -> Array:
    """Variance of ln(limit) from going beyond the speeds and densities shot."""
    faster = _SPEED_EXPONENT * np.log(np.maximum(speed / _SPEED_m_s[1], 1.0))
    other = _DENSITY_EXPONENT * np.log(density / np.clip(density, *_DENSITY_kg_m3))
    return np.asarray(faster**2 + other**2)


def _bare(terms: ShieldTerms, size: Array, reach: Array) -> tuple[Array, Array]:
    """Mean and variance of the logit from the equations' mean alone; how far they disagree, or are stretched, widens it."""
    ratio = np.log(size) - terms.log_limit
    disagreement = BARE[0] ** 2 * (terms.log_limits.var(axis=-1, ddof=1) + reach)
    offset = sum(part**2 for part in BARE_ROOT[1])
    return BARE[0] * ratio + BARE[1], offset + LABORATORY_SD**2 + disagreement


def _logistic(logit: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-np.clip(logit, -700, 700))))


def _caveats(known: npt.NDArray[np.bool_], size: Array) -> tuple[Caveat, ...]:
    said = []
    if not known.all():
        text = (
            "The shield or the shot is unlike any of the 545 tested (aluminium on aluminium, 0.85 to 9.9 km/s, to 75 deg): "
            "the mean of the equations speaks alone, and the interval is widened by their disagreement and by how far they are stretched."
        )
        said.append(Caveat("beyond-the-shots", text))
    if (size < _SIZE_m[0]).any() or (size > _SIZE_m[1]).any():
        said.append(Caveat("size-beyond-the-shots", "The particle is outside the 0.4 to 19 mm that were shot."))
    return tuple(said)
