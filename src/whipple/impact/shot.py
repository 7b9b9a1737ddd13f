"""One shot in the units the ballistic-limit formulas are printed in: cm, g/cm3, km/s, ksi, g/cm2; SI on both sides of it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.errors import RangeError
from whipple.impact.shield import Shield
from whipple.physics.materials import KSI_Pa

__all__ = ["Shot", "joined"]

#: Beyond this a strike is grazing: the cosine is held here so that the limits stay finite (and very large).
_LEAST_COSINE = 1e-6


class Shot:
    """A particle against a shield, broadcast over speed, angle and density; attributes carry the formulas' own units.

    `v`, `vn` speed and its normal part (km/s), `c` cosine of incidence, `rho` particle density (g/cm3); `tw`, `tb`, `s` wall, bumper and
    gap (cm); `rho_w`, `rho_b` their densities (g/cm3); `sigma` wall yield (ksi); `mli`, `stuffing` areal densities (g/cm2). Angles beyond
    `cut_rad` count as `cut_rad`, as the families prescribe. RangeError for a speed, density or angle that cannot be.
    """

    def __init__(
        self,
        shield: Shield,
        speed_m_s: npt.ArrayLike,
        incidence_rad: npt.ArrayLike,
        density_kg_m3: npt.ArrayLike,
        cut_rad: float = np.pi / 2,
    ) -> None:
        speed, angle, density = (np.asarray(x, dtype=float) for x in (speed_m_s, incidence_rad, density_kg_m3))
        _refuse("speed_m_s", speed, (speed > 0) & np.isfinite(speed), "a finite speed > 0")
        _refuse("density_kg_m3", density, (density > 0) & np.isfinite(density), "a finite density > 0")
        _refuse(
            "incidence_rad", angle, (angle >= 0) & (angle <= np.pi / 2), "an angle from the normal between 0 and pi/2"
        )
        self.shield = shield
        self.v = speed / 1e3
        self.angle_deg = np.round(np.degrees(angle), 9)  # so that 60 deg in radians is 60 at a branch
        self.c = np.maximum(np.cos(np.minimum(angle, cut_rad)), _LEAST_COSINE)
        self.vn = self.v * self.c
        self.rho = density / 1e3
        self.tw, self.tb, self.s = shield.wall_m * 100, shield.bumper_m * 100, shield.standoff_m * 100
        self.rho_w, self.rho_b = shield.wall.density_kg_m3 / 1e3, shield.bumper_density_kg_m3 / 1e3
        self.mli, self.stuffing = shield.blanket_kg_m2 / 10, shield.stuffing_kg_m2 / 10

    @property
    def sigma(self) -> float:
        """Yield strength of the wall in ksi; RangeError when its source gives none."""
        if self.shield.wall.yield_Pa is None:
            name = self.shield.wall.name
            raise RangeError(
                "ballistic limit",
                "wall",
                name,
                "a wall material with a yield strength",
                "use an aluminium alloy or another law",
            )
        return self.shield.wall.yield_Pa / KSI_Pa


def joined(
    v: npt.ArrayLike,
    low: npt.ArrayLike,
    high: npt.ArrayLike,
    below: Callable[[Array], Array],
    above: Callable[[Array], Array],
) -> Array:
    """The three regimes of a ballistic limit in SI metres: `below(v)` up to `low`, `above(v)` from `high`, linear in v between.

    `below` and `above` give cm at a speed in km/s. Where `low` reaches `high` (very oblique shots) there is no middle regime.

    >>> joined([1.0, 5.0, 9.0], 3.0, 7.0, lambda v: 0.1 + 0 * v, lambda v: 0.3 + 0 * v).round(6).tolist()
    [0.001, 0.002, 0.003]
    """
    speed, top = np.asarray(v, dtype=float), np.asarray(high, dtype=float)
    bottom = np.minimum(np.asarray(low, dtype=float), top * (1 - 1e-12))
    share = np.clip((speed - bottom) / (top - bottom), 0.0, 1.0)
    slow, fast = below(np.minimum(speed, bottom)), above(np.maximum(speed, top))
    return (slow * (1 - share) + fast * share) / 100


def _refuse(name: str, values: Array, good: npt.NDArray[np.bool_], expected: str) -> None:
    if not good.all():
        raise RangeError(
            "ballistic limit", name, f"{np.ravel(values)[~np.ravel(good)][0]:g}", expected, "check the unit"
        )
