"""How does a rigid body turn under a torque, with momentum held in gyros?"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from scipy.integrate import solve_ivp

from whipple.casefile.estimate import Array
from whipple.dynamics.inertia import checked_inertia
from whipple.errors import RangeError, SolveError

__all__ = ["body_rates_rad_s"]

_RELATIVE, _LONGEST_STEP_S = 1e-13, 50.0


def body_rates_rad_s(
    inertia_kg_m2: Array, arcs: Sequence[tuple[float, float, Callable[[float], Array]]], times_s: Array, *,
    start_rad_s: Array | None = None, momentum_Nms: Array | None = None,
) -> Array:  # fmt: skip
    """Body rates (n, 3) at `times_s` (n,), from Euler's equation J w' + w x (J w + h) = T (sheet 8.1), constant h.

    `arcs` are (from, to, torque_Nm(t)), one after the other without gaps; each is integrated by itself (DOP853), so that a
    torque may jump between them. Raises RangeError for an impossible inertia or a time outside the arcs.

    >>> spin = body_rates_rad_s(np.diag([10.0, 20.0, 30.0]), [(0.0, 5.0, lambda t: np.array([1.0, 0.0, 0.0]))], np.array([5.0]))
    >>> spin.round(6).tolist()
    [[0.5, 0.0, 0.0]]
    """
    inertia, wanted = checked_inertia(inertia_kg_m2, "rigid body"), np.asarray(times_s, dtype=float)
    if wanted.min() < arcs[0][0] or wanted.max() > arcs[-1][1]:
        raise RangeError(
            "rigid body", "times_s", f"{wanted.min():g} to {wanted.max():g}", f"{arcs[0][0]:g} to {arcs[-1][1]:g} s"
        )
    held = np.zeros(3) if momentum_Nms is None else np.asarray(momentum_Nms, dtype=float)
    inverse, rate = np.linalg.inv(inertia), np.zeros(3) if start_rad_s is None else np.asarray(start_rad_s, dtype=float)
    out = np.empty((wanted.size, 3))
    for begin, end, torque in arcs:

        def turning(t: float, w: Array, torque: Callable[[float], Array] = torque) -> Array:
            return np.asarray(inverse @ (torque(t) - np.cross(w, inertia @ w + held)), dtype=float)

        inside = (wanted >= begin) & (wanted <= end)
        at = np.unique(np.append(wanted[inside], end))
        run = solve_ivp(turning, (begin, end), rate, "DOP853", at, rtol=_RELATIVE, atol=1e-20, max_step=_LONGEST_STEP_S)
        if not run.success:
            raise SolveError("rigid body", float("nan"), run.message)
        out[inside], rate = run.y.T[np.searchsorted(at, wanted[inside])], run.y[:, -1]
    return out
