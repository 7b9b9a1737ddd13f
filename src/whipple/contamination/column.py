"""How many molecules does a line of sight cross on its way past the plume?"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from numpy.polynomial.legendre import leggauss

from whipple.casefile.estimate import Array
from whipple.contamination.plume import shape_per_sr
from whipple.errors import RangeError
from whipple.physics.cited import Cited

__all__ = ["AVOGADRO_per_mol", "NEAREST_m", "column_between_per_m2", "column_past_per_m2", "column_per_m2"]

AVOGADRO_per_mol = Cited(6.02214076e23, unit="1/mol", source="codata2018", grade="official")
#: A line nearer the source than this crosses the liquid jet itself: counted as passing at this distance.
NEAREST_m = Cited(0.5, unit="m", source="contamination_proposal", grade="proposal")
_NODE, _WEIGHT = leggauss(48)


def column_past_per_m2(flow_kg_s: float, speed_m_s: float, molar_mass_kg_mol: float, distance_m: float) -> float:
    """Column of a full line passing an isotropic half-space source at this distance: mdot / (2 v m b) [1/m2].

    >>> f"{column_past_per_m2(2.2e-3, 974.0, 0.1142285, 5.0) * 1e-4:.1e}"
    '1.2e+14'
    """
    return float(flow_kg_s / (2 * speed_m_s * molar_mass_kg_mol / AVOGADRO_per_mol * distance_m))


def _check_flow(per_speed_kg_m: npt.ArrayLike) -> None:
    flow = np.asarray(per_speed_kg_m, dtype=float)
    if not (np.isfinite(flow).all() and (flow >= 0).all()):
        expected = "a flow of 0 or more over a speed above 0"
        raise RangeError("column", "per_speed_kg_m", "below 0, or no number", expected, "check flow and speed")


def column_per_m2(
    per_speed_kg_m: npt.ArrayLike, molar_mass_kg_mol: float, eye_m: npt.ArrayLike, look_dir_body: npt.ArrayLike,
    axis_dir_body: npt.ArrayLike, *, exponent: npt.ArrayLike = 1.0, floor_frac: npt.ArrayLike = 0.1, length_m: float = np.inf,
    law: Callable[[Array], Array] | None = None,
) -> Array:  # fmt: skip
    """Column from an eye outward (as far as `length_m`), past a plume at the origin with this axis (n, 3): (n,) [1/m2].

    `per_speed_kg_m` (n,) is vapour flow over speed; `eye_m`, `look_dir_body` (3,). The density mdot g(theta)/(v m R^2) is
    integrated over the angle at which the line is seen from the source (48-point Gauss-Legendre; exact for an isotropic one).
    A line through the source has no finite column; nearer than NEAREST_m counts as NEAREST_m. `law` (cosines (n, 48) to share per
    steradian) takes the place of the cosine plume of `exponent` and `floor_frac`.

    >>> full = column_per_m2([2.2e-3 / 974.0], 0.1142285, [0.0, 5.0, -1e7], [0, 0, 1.0], [[0, 1.0, 0]], exponent=0.0, floor_frac=0.0)
    >>> f"{full[0] * 1e-4:.2e}"
    '1.19e+14'
    """
    _check_flow(per_speed_kg_m)
    eye, look, axis = (np.asarray(vector, dtype=float) for vector in (eye_m, look_dir_body, axis_dir_body))
    along = float(eye @ look)
    foot = eye - along * look
    foot_m = float(np.linalg.norm(foot))
    offset_m = max(foot_m, NEAREST_m)
    first, last = np.arctan(along / offset_m), np.arctan((along + length_m) / offset_m)
    angle = (first + last) / 2 + (last - first) / 2 * _NODE
    seen = np.cos(angle)[:, None] * foot / max(foot_m, 1e-12) + np.sin(angle)[:, None] * look
    k, f = (
        np.broadcast_to(np.asarray(value, dtype=float), axis.shape[:1])[:, None] for value in (exponent, floor_frac)
    )
    per_sr = law(axis @ seen.T) if law is not None else shape_per_sr(axis @ seen.T, k, f)
    share = per_sr @ _WEIGHT * (last - first) / 2
    return np.asarray(np.asarray(per_speed_kg_m) * AVOGADRO_per_mol / molar_mass_kg_mol / offset_m * share)


def column_between_per_m2(
    per_speed_kg_m: npt.ArrayLike, molar_mass_kg_mol: float, eye_m: npt.ArrayLike, target_m: npt.ArrayLike,
    axis_dir_body: npt.ArrayLike, *, exponent: npt.ArrayLike = 1.0, floor_frac: npt.ArrayLike = 0.1,
    law: Callable[[Array], Array] | None = None,
) -> Array:  # fmt: skip
    """Column on the line of sight between two points (3,), such as a camera and what it looks at; the hole is the origin. (n,) [1/m2]

    A target nearer to the hole than NEAREST_m, in line with it, is the hole itself: then the line ends NEAREST_m short of it, where the
    column is mdot g / (v m) (1 / NEAREST_m - 1 / distance). No account of hull between: the vapour is taken to be there.

    >>> seen = column_between_per_m2([7e-3 / 600.0], 0.1142285, [0, 0, 10.0], [0, 0, 0], [[0, 0, 1.0]])
    >>> f"{seen[0] * 1e-4:.1e}"
    '3.4e+15'
    """
    eye, target = np.asarray(eye_m, dtype=float), np.asarray(target_m, dtype=float)
    length, distance = float(np.linalg.norm(target - eye)), float(np.linalg.norm(eye))
    if not length > 0 or distance <= NEAREST_m:
        raise RangeError(
            "line of sight",
            "eye_m, target_m",
            f"{eye}, {target}",
            f"two points, the eye over {NEAREST_m:g} m from the hole",
        )
    _check_flow(per_speed_kg_m)
    per_speed, look = np.atleast_1d(np.asarray(per_speed_kg_m, dtype=float)), (target - eye) / length
    axis = np.atleast_2d(np.asarray(axis_dir_body, dtype=float))
    if np.linalg.norm(target) < NEAREST_m:
        cosine = axis @ (eye / distance)
        per_sr = law(cosine) if law is not None else shape_per_sr(cosine, exponent, floor_frac)
        share = per_sr * (1 / NEAREST_m - 1 / distance)
        return np.asarray(per_speed * AVOGADRO_per_mol / molar_mass_kg_mol * share)
    return column_per_m2(
        per_speed,
        molar_mass_kg_mol,
        eye,
        look,
        axis,
        exponent=exponent,
        floor_frac=floor_frac,
        length_m=length,
        law=law,
    )
