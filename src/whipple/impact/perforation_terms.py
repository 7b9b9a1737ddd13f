"""What the chance of perforation is judged by: the particle against the equations' mean limit, and where the shield stands."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.impact.models import christiansen_1993, christiansen_2001, reimerdes_2006, ryan_schonberg_2024
from whipple.impact.models.christiansen_1993 import CUT_rad
from whipple.impact.shield import Shield
from whipple.impact.shot import Shot

__all__ = ["COVARIATES", "EQUATIONS", "ShieldTerms", "columns", "shield_terms"]

#: The equations whose mean (in the logarithm) is the limit that the chance is centred on.
EQUATIONS = {
    "NNO": christiansen_1993.whipple_m,
    "Christiansen-Kerr general": christiansen_2001.general_whipple_m,
    "Ryan-Schonberg": ryan_schonberg_2024.whipple_m,
    "Reimerdes": reimerdes_2006.whipple_m,
}
#: Logarithms of bumper, gap and wall over the mean limit, of the wall's yield and of the cosine, each about its middle in the shots.
COVARIATES = ("bumper", "gap", "wall", "yield", "cosine")
_MIDDLE = (0.2, 15.0, 0.5, 45.0, 1.0)
#: Normal speeds (km/s) between which a correction is interpolated: intact, breaking up, and broken up.
_REGIMES_km_s = (3.0, 5.0, 7.0)


@dataclass(frozen=True)
class ShieldTerms:
    """Everything about a shot but the particle's size, one row a shot: limits in ln m (n, 4), covariates (n, 5), regimes (n, 3)."""

    log_limits: Array
    covariates: Array
    regimes: Array

    @property
    def log_limit(self) -> Array:
        """Mean over the equations of ln(critical diameter in m)."""
        return np.asarray(self.log_limits.mean(axis=-1))


def shield_terms(
    shield: Shield, speed_m_s: npt.ArrayLike, incidence_rad: npt.ArrayLike, density_kg_m3: npt.ArrayLike
) -> ShieldTerms:
    """The terms of a Whipple shield, broadcast over speed, incidence and density. None depends on the particle's size.

    >>> from whipple.physics.materials import material
    >>> shield = Shield(wall=material("6061-T6"), wall_m=0.00318, bumper_m=0.0016, standoff_m=0.1016)
    >>> terms = shield_terms(shield, 7000.0, 0.0, 2800.0)
    >>> round(float(np.exp(terms.log_limit)) * 1e3, 1), terms.regimes.tolist()
    (5.7, [0.0, 0.0, 1.0])
    """
    shot = Shot(shield, speed_m_s, incidence_rad, density_kg_m3, CUT_rad)
    arguments = (shield, speed_m_s, incidence_rad, density_kg_m3)
    limits = np.stack(np.broadcast_arrays(*(np.log(law(*arguments)) for law in EQUATIONS.values())), axis=-1)
    mean_cm = 100 * np.exp(limits.mean(axis=-1))
    raw = (shot.tb / mean_cm, shot.s / mean_cm, shot.tw / mean_cm, shot.sigma, shot.c)
    values = [
        np.broadcast_to(np.log(value / middle), mean_cm.shape) for value, middle in zip(raw, _MIDDLE, strict=True)
    ]
    weights = [np.interp(shot.vn, _REGIMES_km_s, peak) for peak in np.eye(len(_REGIMES_km_s))]
    regimes = np.stack([np.broadcast_to(weight, mean_cm.shape) for weight in weights], axis=-1)
    return ShieldTerms(limits, np.stack(values, axis=-1), regimes)


def columns(terms: ShieldTerms, diameter_m: npt.ArrayLike, covariates: tuple[str, ...] = COVARIATES) -> Array:
    """The columns of the regression (n, k): ln(d/limit), the regimes, and each covariate in each regime.

    Only the first depends on the particle's size, so the chance grows with size wherever its coefficient is positive.

    >>> flat = ShieldTerms(np.zeros((1, 4)), np.ones((1, 5)), np.array([[0.0, 0.5, 0.5]]))
    >>> columns(flat, np.array([np.e]), ("gap",)).tolist()
    [[1.0, 0.0, 0.5, 0.5, 0.0, 0.5, 0.5]]
    """
    size = np.log(np.asarray(diameter_m, dtype=float)) - terms.log_limit
    regimes = np.broadcast_to(terms.regimes, (*size.shape, terms.regimes.shape[-1]))
    chosen = [terms.covariates[..., COVARIATES.index(name), None] * regimes for name in covariates]
    return np.concatenate([size[..., None], regimes, *chosen], axis=-1)
