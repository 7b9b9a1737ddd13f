"""How noisy is a quiet signal, and for how long does it remember? White noise plus a slowly wandering part."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from whipple.casefile.estimate import Array

__all__ = ["Noise", "fit_noise", "reading_step"]


@dataclass(frozen=True)
class Noise:
    """White noise `white_Pa` and a wandering part of size `slow_Pa` that forgets in `memory_s` (1-sigma each)."""

    white_Pa: float
    slow_Pa: float
    memory_s: float

    @property
    def total_Pa(self) -> float:
        """Standard deviation of one sample."""
        return float(np.hypot(self.white_Pa, self.slow_Pa))

    def inflation(self, cadence_s: float) -> float:
        """How much wider sums of samples spread than if each were independent [ratio >= 1].

        Square root of the spectrum at zero frequency over the variance.

        >>> round(Noise(0.0, 1.0, 100.0).inflation(10.0), 2), Noise(1.0, 0.0, 1.0).inflation(10.0)
        (4.47, 1.0)
        """
        phi = np.exp(-cadence_s / self.memory_s)
        long_run = self.white_Pa**2 + self.slow_Pa**2 * (1 + phi) / (1 - phi)
        return float(max(np.sqrt(long_run) / self.total_Pa, 1.0))

    def covariance_Pa2(self, t_s: Array, count: Array) -> Array:
        """Covariance (n, n) of samples at `t_s` (n,), each the mean of `count` (n,) raw ones."""
        apart = np.abs(t_s[:, None] - t_s[None, :])
        return np.diag(self.white_Pa**2 / count) + self.slow_Pa**2 * np.exp(-apart / self.memory_s)


def reading_step(value: Array) -> float:
    """The step that a sensor counts in: the smallest difference between neighbouring distinct readings; 0 when not quantised.

    Taken as quantised when there are fewer distinct readings than a fifth of the samples.

    >>> reading_step(np.tile([1.0, 1.5, 3.0, 1.0], 20))
    0.5
    """
    distinct = np.unique(np.round(value, 9))
    if distinct.size < 2 or distinct.size > value.size / 5:
        return 0.0
    return float(np.diff(distinct).min())


def fit_noise(residual_Pa: Array, cadence_s: float, floor_Pa: float) -> Noise:
    """The noise of an evenly sampled quiet signal; `floor_Pa` is the least white noise (quantisation) it may be credited with.

    Whittle's likelihood of the periodogram with spectrum w^2 + g^2 (1 - phi^2)/|1 - phi exp(-i omega)|^2.

    >>> r = np.random.default_rng(1).normal(0, 2.0, 4000)
    >>> bool(abs(fit_noise(r, 10.0, 0.1).total_Pa - 2.0) < 0.1)
    True
    """
    n = residual_Pa.size
    power = np.abs(np.fft.rfft(residual_Pa - residual_Pa.mean())[1:]) ** 2 / n
    omega = 2 * np.pi * np.arange(1, power.size + 1) / n
    scale = max(float(residual_Pa.std()), floor_Pa, 1e-12)
    least = (floor_Pa / scale) ** 2

    def parts(x: Array) -> tuple[float, float, float]:
        phi = np.exp(-1 / np.exp(np.clip(x[2], -2.0, np.log(n / 4 + 1))))
        return least + np.exp(np.clip(x[0], -30, 5)), np.exp(np.clip(x[1], -30, 5)), phi

    def misfit(x: Array) -> float:
        white, slow, phi = parts(x)
        spectrum = white + slow * (1 - phi**2) / (1 - 2 * phi * np.cos(omega) + phi**2)
        return float(np.sum(np.log(spectrum) + power / scale**2 / spectrum))

    tries = [
        minimize(
            misfit,
            np.array([-1.0, -1.0, np.log(m)]),
            method="Nelder-Mead",
            options={"maxiter": 300, "xatol": 0.02, "fatol": 0.05},
        )
        for m in (3.0, 60.0)
    ]
    white, slow, phi = parts(min(tries, key=lambda found: found.fun).x)
    return Noise(scale * np.sqrt(white), scale * np.sqrt(slow), float(-cadence_s / np.log(phi)))
