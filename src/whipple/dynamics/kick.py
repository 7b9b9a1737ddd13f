"""Did an impact kick the stack: a step in its body rates at the onset?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from whipple.casefile.estimate import Array, Caveat, Estimate
from whipple.dynamics.inertia import checked_inertia, is_given
from whipple.errors import RangeError
from whipple.physics.cited import Cited

__all__ = ["Kick", "rate_step"]

#: Samples this near the onset are left out (the kick itself, and the doubt of the onset), and this far away used.
GAP_S = Cited(10.0, unit="s", source="leak_sheet", grade="proposal")
REACH_S = Cited(300.0, unit="s", source="leak_sheet", grade="proposal")
_DRAW_COUNT, _LEAST = 4000, 8
#: 1 % of chi-square with three degrees of freedom; a step of so many sigma passes it in 90 % of records (non-central chi-square).
_SEEN_RATIO, _SHOWN_RATIO = 11.34, 4.386


@dataclass(frozen=True)
class Kick:
    """The step in body rates (3 estimates) and in angular momentum, whether it was seen, and the least step that would have been.

    `momentum_Nms` is None without an inertia. `smallest_Nms` is the smallest kick that 90 % of records like this would show, whichever way.
    """

    step_rad_s: tuple[Estimate, ...]
    momentum_Nms: Estimate | None
    smallest_Nms: float | None
    seen: bool
    sentence: str
    caveats: tuple[Caveat, ...]


def _step(late_s: Array, rate: Array) -> tuple[float, float]:
    """Step and its 1-sigma from one line through both sides with a jump between (common slope)."""
    design = np.column_stack([np.ones(late_s.size), late_s / REACH_S, late_s > 0])
    weights, *_ = np.linalg.lstsq(design, rate, rcond=None)
    left = rate - design @ weights
    # slow errors: scatter of means of eight counts as much as that of single samples says, or more
    whole = left.size // _LEAST * _LEAST
    blocks = left[:whole].reshape(-1, _LEAST).mean(axis=1)
    variance = max(float(np.var(left, ddof=3)), _LEAST * float(np.var(blocks)) if blocks.size > 3 else 0.0)
    return float(weights[2]), float(np.sqrt(variance * np.linalg.inv(design.T @ design)[2, 2]))


def rate_step(
    t_s: Array, rate_rad_s: Array, onset_s: float, inertia_kg_m2: Array | None, rng: np.random.Generator,
    resolution_rad_s: float = 0.0,
) -> Kick:  # fmt: skip
    """The step in body rates (n, 3) at the onset, five minutes either side: an impact's own kick, dL = J dw (sheet 8.1).

    A controlled stack takes the step out again within its bandwidth, so a step not seen is an upper bound only for rates that
    were sampled before the controller answered. `resolution_rad_s` is the step of the telemetry: what it rounds off does not average out.
    Raises RangeError with too few samples on a side, for rates that never vary and no resolution (nothing says what would have shown), or an
    impossible inertia.

    >>> rng = np.random.default_rng(1)
    >>> t = np.arange(-300.0, 300.0, 2.0)
    >>> rate = rng.normal(0.0, 1e-6, (300, 3)) + np.outer(t > 0, [0.0, 5e-6, 0.0])
    >>> kick = rate_step(t, rate, 0.0, np.diag([1e8, 1e8, 1.6e8]), rng)
    >>> kick.seen, round(kick.momentum_Nms.median / 100)
    (True, 5)
    """
    late = np.asarray(t_s) - onset_s
    use = (np.abs(late) > GAP_S) & (np.abs(late) < REACH_S) & np.isfinite(rate_rad_s).all(axis=1)
    if min(int(np.sum(use & (late < 0))), int(np.sum(use & (late > 0)))) < _LEAST:
        found = f"{int(np.sum(use & (late < 0)))} before, {int(np.sum(use & (late > 0)))} after"
        raise RangeError(
            "rate_step", "samples near the onset", found, f"at least {_LEAST} a side", "use a faster channel"
        )
    if not resolution_rad_s > 0 and bool(np.any(np.ptp(rate_rad_s[use], axis=0) == 0)):
        remedy = "give the step of the telemetry; is the channel frozen?"
        raise RangeError(
            "rate_step", "scatter on an axis", "no", "rates that vary, or the step they are rounded to", remedy
        )
    rounded = resolution_rad_s / np.sqrt(12.0)
    fits = [
        (step, float(np.hypot(sigma, rounded)))
        for step, sigma in (_step(late[use], rate_rad_s[use, axis]) for axis in range(3))
    ]
    draws = np.column_stack([rng.normal(step, max(sigma, 1e-15), _DRAW_COUNT) for step, sigma in fits])
    steps = tuple(Estimate.from_samples(draws[:, axis], "rad/s", models=("step in rate",)) for axis in range(3))
    chi2 = sum((step / max(sigma, 1e-15)) ** 2 for step, sigma in fits)
    seen = bool(chi2 > _SEEN_RATIO)
    largest = max(abs(step) for step, _ in fits)
    says = (
        f"The body rates stepped by {np.degrees(largest):.1e} deg/s at the onset."
        if seen
        else "No step in the body rates was seen."
    )
    if inertia_kg_m2 is None or not is_given(inertia_kg_m2):
        caveat = Caveat(
            "dynamics-no-mass", "Mass properties are missing: the step in rates was not turned into momentum."
        )
        return Kick(steps, None, None, seen, says, (caveat,))
    inertia = checked_inertia(inertia_kg_m2, "rate_step")
    momentum = np.linalg.norm(draws @ inertia.T, axis=1)
    least = _SHOWN_RATIO * float(
        np.linalg.norm(inertia * np.array([sigma for _, sigma in fits]), 2)
    )  # in the direction that shows it least
    says += f" A kick of {least:.0f} N·m·s or more would have shown."
    bound = Estimate.from_samples(momentum, "N*m*s", models=("step in rate",))
    return Kick(steps, bound, least, seen, says, ())
