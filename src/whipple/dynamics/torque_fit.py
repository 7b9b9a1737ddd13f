"""What torque did the push exert? From the momentum in the gyros, with the torques of the environment fitted beside it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from whipple.casefile.estimate import Array
from whipple.errors import RangeError
from whipple.physics.cited import Cited

__all__ = ["MomentumRecord", "TorqueFit", "fit_torque"]

#: 1-sigma beforehand of the steady torque of the environment and of its orbital harmonic, an axis.
STEADY_NM = Cited(3.0, unit="N*m", source="leak_sheet", grade="proposal")
HARMONIC_NM = Cited(0.5, unit="N*m", source="leak_sheet", grade="proposal")
#: What is left of the environment's torque after that: typical 1-sigma (each record tells its own) and correlation time.
DISTURBANCE_NM = Cited(0.03, unit="N*m", source="leak_sheet", grade="proposal")
DISTURBANCE_S = Cited(900.0, unit="s", source="leak_sheet", grade="proposal")
_LOOSE_NM, _MOST = 1e4, 120
#: Sizes of that torque which are tried, over the typical one; their likelihoods weigh them.
_TRIED_RATIO = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0)


@dataclass(frozen=True)
class MomentumRecord:
    """Momentum held in the gyros while the stack holds attitude, body axes: `t_s` (n,), `momentum_Nms` (n, 3), white `sigma_Nms`.

    `thrust_N` (n,) is the thrust of the leak as the pressure tells it, zero before the onset; `thrust_doubt_frac` the 1-sigma
    doubt of its size (common to all times). `rate_rad_s` (3,) is the steady body rate: the turn of LVLH in body axes, measured.
    """

    t_s: Array
    momentum_Nms: Array
    sigma_Nms: float
    thrust_N: Array
    thrust_doubt_frac: float
    rate_rad_s: Array


@dataclass(frozen=True)
class TorqueFit:
    """Torque over thrust (3,), which is the lever of the push in metres, and its covariance (3, 3) before the thrust's own doubt.

    `disturbance_Nm` is the 1-sigma of the wandering torque that the record itself shows.
    """

    lever_m: Array
    covariance_m2: Array
    disturbance_Nm: float = float(DISTURBANCE_NM)


def _turns(t_s: Array, rate_rad_s: Array) -> Array:
    """Matrices (n, 3, 3) from body axes to axes that do not turn, for a steady rate (Rodrigues)."""
    speed = float(np.linalg.norm(rate_rad_s))
    x, y, z = rate_rad_s / speed if speed else (0.0, 0.0, 1.0)
    cross = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    angle = (t_s - t_s[0])[:, None, None] * speed
    return np.asarray(np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * (cross @ cross))


def _summed(t_s: Array, value: Array) -> Array:
    steps = 0.5 * (value[1:] + value[:-1]) * np.diff(t_s)[:, None, None]
    return np.concatenate([np.zeros((1, *value.shape[1:])), np.cumsum(steps, axis=0)])


def _noise(t_s: Array, sigma_Nms: float, disturbance_Nm: float) -> Array:
    """Covariance (n, n) of one axis: white noise, and the integral of an Ornstein-Uhlenbeck torque."""
    late, tau = t_s - t_s[0], float(DISTURBANCE_S)
    first, second = np.minimum(late[:, None], late), np.abs(late[:, None] - late)
    decay = np.exp(-late / tau)
    bent = decay[:, None] + decay - 1 - np.exp(-second / tau)
    return np.asarray(sigma_Nms**2 * np.eye(t_s.size) + disturbance_Nm**2 * tau * (2 * first + tau * bent))


def _check(record: MomentumRecord) -> None:
    count = record.t_s.size
    if record.momentum_Nms.shape != (count, 3) or record.thrust_N.shape != (count,) or count < 10:
        found = f"{record.momentum_Nms.shape} and {record.thrust_N.shape} for {count} times"
        raise RangeError("momentum record", "momentum_Nms, thrust_N", found, "(n, 3) and (n,) with n at least 10")
    if np.any(np.diff(record.t_s) <= 0) or not record.sigma_Nms > 0 or not record.thrust_N.max() > 0:
        found = "times that do not rise, no noise, or no thrust"
        raise RangeError(
            "momentum record", "t_s, sigma_Nms, thrust_N", found, "rising times, noise and thrust above zero"
        )
    if not 0 <= record.thrust_doubt_frac < np.inf:
        raise RangeError("momentum record", "thrust_doubt_frac", f"{record.thrust_doubt_frac:g}", "0 or more")


def _binned(record: MomentumRecord) -> tuple[Array, Array, float]:
    """Times and momentum (m, 3) in at most 120 groups, and the white noise of a group."""
    size = max(1, -(-record.t_s.size // _MOST))
    whole = record.t_s.size // size * size
    t_s = record.t_s[:whole].reshape(-1, size).mean(axis=1)
    return t_s, record.momentum_Nms[:whole].reshape(-1, size, 3).mean(axis=1), record.sigma_Nms / np.sqrt(size)


def fit_torque(record: MomentumRecord) -> TorqueFit:
    """The lever of the push (torque over thrust), from h' + w x h = T of the environment + T of the push (sheet 7 and 8.1).

    In axes that do not turn the momentum is the sum of the torques. Fitted together by generalised least squares: start, steady
    torque (with w x J w), its orbital harmonic, and the lever; what is left is white noise and a slow random torque, whose size the
    record itself tells (by likelihood over a range of 32). A record that begins about an orbit before the onset tells the
    environment from the push.

    >>> t = np.arange(-3600.0, 1200.0, 2.0)
    >>> thrust = np.where(t > 0, 0.1, 0.0)
    >>> held = np.outer(np.maximum(t, 0.0) * 0.1, [2.0, -1.0, 5.0])
    >>> fit = fit_torque(MomentumRecord(t, held, 1.0, thrust, 0.05, np.array([0.0, 1e-9, 0.0])))
    >>> fit.lever_m.round(1).tolist()
    [2.0, -1.0, 5.0]
    """
    _check(record)
    t_s, momentum, white = _binned(record)
    fine = _turns(record.t_s, record.rate_rad_s)
    turn = np.stack([[np.interp(t_s, record.t_s, fine[:, i, j]) for j in range(3)] for i in range(3)]).transpose(
        2, 0, 1
    )
    speed = float(np.linalg.norm(record.rate_rad_s))
    phase = speed * record.t_s[:, None, None]
    causes = [fine, fine * np.cos(phase), fine * np.sin(phase), fine * record.thrust_N[:, None, None]]
    sums = [_summed(record.t_s, cause) for cause in causes]
    at = [
        np.stack([[np.interp(t_s, record.t_s, part[:, i, j]) for j in range(3)] for i in range(3)]).transpose(2, 0, 1)
        for part in sums
    ]
    design = np.concatenate([np.broadcast_to(np.eye(3), turn.shape), *at], axis=2)
    turned = np.einsum("nij,nj->ni", turn, momentum)
    fits = [_solved(t_s, design, turned, white, ratio * DISTURBANCE_NM) for ratio in _TRIED_RATIO]
    weight = np.exp(np.array([evidence for _, _, evidence in fits]) - max(evidence for _, _, evidence in fits))
    weight /= weight.sum()
    lever = np.sum([share * best for share, (best, _, _) in zip(weight, fits, strict=True)], axis=0)
    spread = [
        share * (cov + np.outer(best - lever, best - lever)) for share, (best, cov, _) in zip(weight, fits, strict=True)
    ]
    return TorqueFit(lever, np.sum(spread, axis=0), float(DISTURBANCE_NM * (weight @ np.array(_TRIED_RATIO))))


def _solved(
    t_s: Array, design: Array, momentum: Array, sigma_Nms: float, disturbance_Nm: float
) -> tuple[Array, Array, float]:
    """Lever (3,), its covariance (3, 3) and the log of the evidence, for one size of the wandering torque."""
    factor = np.linalg.cholesky(_noise(t_s, sigma_Nms, disturbance_Nm))
    whiten = np.linalg.inv(factor)
    left = np.einsum("ij,jak->iak", whiten, design).reshape(-1, design.shape[2])
    right = (whiten @ momentum).ravel()
    wide = np.repeat([_LOOSE_NM, STEADY_NM, HARMONIC_NM, HARMONIC_NM, _LOOSE_NM], 3)
    precision = left.T @ left + np.diag(wide**-2.0)
    covariance = np.linalg.inv(precision)
    along = left.T @ right
    best = covariance @ along
    evidence = (
        -0.5 * (right @ right - best @ along)
        - 3 * np.log(np.diag(factor)).sum()
        - 0.5 * np.linalg.slogdet(precision)[1]
    )
    return best[-3:], covariance[-3:, -3:], float(evidence)
