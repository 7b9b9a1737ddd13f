"""What does the loop's own warmth say before the leak? How much the pressure rises a kelvin, and so inventory over gas volume.

A loop full of liquid squeezes its gas when it warms: d ln p = n beta V / Vg0 dT for a gas charge, and the gas adds dT_gas / T, late
and unmeasured (sheet 3.4). The first coefficient is the datum: with an inventory it gives the gas volume, which pressure alone does not.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from whipple.casefile.estimate import Array
from whipple.casefile.findings.onset import LoopRecord
from whipple.leak.accumulator import Kind
from whipple.leak.prior import Scored
from whipple.leak.record import QUIET_S, lagged
from whipple.leak.terms import Term
from whipple.physics.cited import Cited
from whipple.physics.fluids import Fluid

__all__ = ["Swing", "expansion_per_K", "learn_swing", "temperature_term"]

#: 1-sigma doubt that the thermometers stand for all the liquid, beside the scatter of the record.
EVERYWHERE_FRAC = Cited(0.10, unit="", source="leak_sheet", grade="proposal")
#: The late part is the gas's own dT/T to about this (1-sigma); a spring has none.
LATE_FRAC = Cited(0.3, unit="", source="leak_sheet", grade="proposal")
#: Lags tried for the gas: five minutes to 100 minutes.
_LAGS_S = np.geomspace(300.0, 6000.0, 14)
_BLOCK_S, _SETTLING_S, _LEAST_BLOCKS, _LEAST_K = 300.0, 5400.0, 20, 0.1
#: A coefficient known worse than this (1-sigma, relative) says nothing worth using.
_WORTHLESS_FRAC = 0.5


@dataclass(frozen=True)
class Swing:
    """Rise of ln p a kelvin of the liquid with 1-sigma, if the gas follows late ("gas"), and if there is none ("spring")."""

    gas_per_K: float
    gas_sigma_per_K: float
    spring_per_K: float
    spring_sigma_per_K: float

    def of(self, kind: Kind) -> tuple[float, float]:
        """Coefficient and 1-sigma for this kind of accumulator."""
        if kind == "gas":
            return self.gas_per_K, self.gas_sigma_per_K
        return self.spring_per_K, self.spring_sigma_per_K


def expansion_per_K(fluid: Fluid, temperature_K: float) -> float:
    """Relative growth of the liquid's volume a kelvin.

    >>> from whipple.physics.fluids import fluid
    >>> round(expansion_per_K(fluid("isooctane"), 293.0) * 1e3, 2)
    1.19
    """
    low, high = fluid.density_kg_m3(temperature_K - 0.5), fluid.density_kg_m3(temperature_K + 0.5)
    return float(2 * (low - high) / (low + high))


def _blocks(value: Array, size: int, skip: int) -> Array:
    whole = value.size // size * size
    return np.asarray(value[:whole].reshape(-1, size).mean(axis=1)[skip:])


def learn_swing(record: LoopRecord, onset_s: float, doubt_s: float) -> Swing | None:
    """The coefficient by regression on five-minute means before the onset, averaged over the lags of the gas; None when the record is
    too short (one orbit), too even in temperature (0.1 K), or says nothing (1-sigma above one half).

    >>> t = np.arange(-40_000.0, 0.0, 20.0)
    >>> warm = 293.0 + np.sin(t / 885.0)
    >>> record = LoopRecord("a", t, 3e5 * (1 + 0.01 * (warm - 293.0)), np.full(t.size, 1e3), warm, 0.0, True)
    >>> round(learn_swing(record, 0.0, 60.0).spring_per_K, 4)
    0.01
    """
    quiet = record.t_s < onset_s - doubt_s
    if quiet.sum() < _LEAST_BLOCKS or np.ptp(record.t_s[quiet]) < QUIET_S:
        return None
    step_s = float(np.median(np.diff(record.t_s[quiet])))
    size = max(1, round(_BLOCK_S / step_s))
    skip = int(min(quiet.sum() // size // 4, _SETTLING_S / (size * step_s)))
    warmer = record.temperature_K - record.temperature_K[quiet].mean()
    ratio = _blocks(record.pressure_Pa[quiet] / record.pressure_Pa[quiet].mean() - 1, size, skip)
    prompt, ones = _blocks(warmer[quiet], size, skip), np.ones(ratio.size)
    if ratio.size < _LEAST_BLOCKS or np.std(prompt) < _LEAST_K:
        return None
    drift = np.linspace(-1.0, 1.0, ratio.size)
    late = [
        _blocks(lagged(record.t_s, warmer, step_s, lag_s)[quiet], size, skip) / record.temperature_K[quiet].mean()
        for lag_s in _LAGS_S
    ]
    columns = [np.column_stack([prompt, one, ones, drift]) for one in late]
    noise = float(np.mean(record.sigma_Pa[quiet]) / record.pressure_Pa[quiet].mean() / np.sqrt(size))
    gas = _averaged(columns, ratio, noise, 1.0)
    spring = _averaged([columns[0][:, [0, 2, 3]]], ratio, noise, None)
    if gas[1] > _WORTHLESS_FRAC * abs(gas[0]) or gas[0] <= 0 or spring[0] <= 0:
        return None
    return Swing(*gas, *spring)


def _averaged(columns: list[Array], ratio: Array, noise: float, late: float | None) -> tuple[float, float]:
    """First coefficient and its 1-sigma, averaged over designs by their evidence; `late` is the expected second coefficient."""
    left = [ratio - design @ np.linalg.lstsq(design, ratio, rcond=None)[0] for design in columns]
    variance = max(min(float(row @ row) for row in left) / (ratio.size - columns[0].shape[1] - 1), noise**2)
    rows = []
    for design in columns:
        known, middle = np.zeros((design.shape[1], design.shape[1])), np.zeros(design.shape[1])
        if late is not None:
            known[1, 1], middle[1] = 1 / LATE_FRAC**2, late
        curvature = design.T @ design / variance + known
        found = np.linalg.solve(curvature, design.T @ ratio / variance + known @ middle)
        misfit = float(np.sum((ratio - design @ found) ** 2) / variance + (found - middle) @ known @ (found - middle))
        rows.append((-0.5 * (misfit + np.linalg.slogdet(curvature)[1]), found[0], np.linalg.inv(curvature)[0, 0]))
    evidence, value, spread = np.array(rows).T
    weight = np.exp(evidence - evidence.max())
    weight /= weight.sum()
    mean = float(weight @ value)
    return mean, float(np.sqrt(weight @ (spread + (value - mean) ** 2)))


def temperature_term(swing: Swing, fluid: Fluid, temperature_K: float) -> Term:
    """The datum: n beta V/Vg0 of a draw against the rise that was seen (for a spring beta V k/p0)."""
    growth = expansion_per_K(fluid, temperature_K)

    def residual(scored: Scored) -> Array:
        law = scored.law
        value, sigma = swing.of(law.kind)
        exponent = law.polytropic_ratio if law.kind == "gas" else 1.0
        expected = exponent * growth * law.inventory_m3 / law.stiffness_volume_m3
        doubt = np.hypot(sigma / value, EVERYWHERE_FRAC)
        return np.ravel(np.log(value / expected) / doubt)

    sigma = np.hypot(swing.gas_sigma_per_K / swing.gas_per_K, EVERYWHERE_FRAC) * 1.645
    says = f"warming before the leak: {swing.gas_per_K * 100:.2g} % of pressure a kelvin (90 %: ±{sigma:.0%}), inventory over gas volume"
    return Term("temperature", says, (), residual)
