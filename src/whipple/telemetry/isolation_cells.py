"""Every segment at every leak rate with every likely plant: the cells that readings are held against, and what a reading is."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from whipple.casefile.estimate import Array, Estimate
from whipple.physics.cited import Cited
from whipple.telemetry.isolation_forward import Pattern, running_pattern
from whipple.telemetry.isolation_plant import Plant, Unknowns, draw_unknowns
from whipple.telemetry.isolation_rates import rate_grid_m3_s, rate_prior_nat

__all__ = ["VISCOUS_PER_K", "Candidates", "Trial", "candidates", "cells_of"]

#: How far a segment's loss and a pump's head may wander between quiet and leaking readings (1 sigma), and how the losses
#: move together with the liquid's temperature (viscosity of isooctane 1.2 % a kelvin, to the power 1/4).
LOSS_DRIFT_RATIO = Cited(0.003, unit="", source="whipple_judgement", grade="proposal")
HEAD_DRIFT_RATIO = Cited(0.002, unit="", source="whipple_judgement", grade="proposal")
VISCOUS_PER_K = Cited(0.003, unit="1/K", source="leak_sheet", grade="computed")
#: 1 sigma of the gas's warming when a lag of 1500 s was assumed and it is 1000 to 2000 s, for the swing of telemetry.md 5.1.
GAS_LAG_K = Cited(0.3, unit="K", source="telemetry_sheet", grade="computed")


@dataclass(frozen=True)
class Trial:
    """Readings of gauges and meters around one setting: what was shut or off, for how long, and what changed.

    Pressures (n_gauge,), NaN where there is none: `before_Pa` (running; for an empty setting: before the leak), `start_Pa` (flow settled), and
    `after_Pa`. `flow_change_m3_s` (n_meter,). The empty setting is the loop as it runs, `hold_s` after the leak began. `gas_warming_K` None: not
    known, then half of what the liquid did, as uncertain. `opening_ratio` is the hole then over the hole at first, `opening_sigma_ratio` its 1 sigma.
    """

    closed: frozenset[str]
    off: frozenset[str]
    hold_s: float
    before_Pa: Array
    start_Pa: Array
    after_Pa: Array
    flow_change_m3_s: Array
    warming_K: float = 0.0
    gas_warming_K: float | None = None
    opening_ratio: float = 1.0
    opening_sigma_ratio: float = 0.0

    @property
    def running(self) -> bool:
        """Nothing shut, nothing off."""
        return not (self.closed or self.off)

    @property
    def gas_K(self) -> tuple[float, float]:
        """Warming of the accumulator's gas and its 1 sigma."""
        known = self.gas_warming_K is not None
        sigma = float(GAS_LAG_K) if known else GAS_LAG_K + abs(self.warming_K) / 2
        return (float(self.gas_warming_K), sigma) if self.gas_warming_K is not None else (self.warming_K / 2, sigma)


@dataclass(frozen=True)
class Candidates:
    """Every segment (n_segment) with every set of unknowns (n) at every opening (n_rate): the cells of all likelihoods here.

    `opening_m2` (n_rate,) is Cd A; `rate_m3_s` what it leaks at the charged pressure, `rate_nat` how likely that is beforehand (natural log);
    `drift` the running loop's wandering (n_cause, n_gauge + n_meter) for 1 sigma of each cause, the last row for one kelvin of warming.
    """

    plant: Plant
    unknowns: Unknowns
    pattern: Pattern
    opening_m2: Array
    rate_m3_s: Array
    rate_nat: Array
    drift: Array

    @property
    def prior_nat(self) -> Array:
        """Natural log of the prior (n_segment, n, n_rate): exposed wall (or equal), every set of unknowns alike, rates as `rate_nat`."""
        place = np.log(np.maximum(self.plant.prior_prob, 1e-12) / self.unknowns.gas_m3.size)
        shape = (place.size, self.unknowns.gas_m3.size, self.rate_nat.size)
        return np.broadcast_to(place[:, None, None] + self.rate_nat, shape)


def candidates(
    plant: Plant, rng: np.random.Generator, count: int = 16, measured_per_s: Estimate | None = None
) -> Candidates:
    """The cells for a plant: `count` equally likely sets of its unknowns, and leak rates over a wide range, or about a measured one.

    `measured_per_s` is the share of the inventory lost a second at the charged pressure, with its 90 % interval.

    >>> from whipple.telemetry.isolation_plant import plant_of
    >>> from whipple.telemetry.isolation_simulate import ring_loop
    >>> cells = candidates(plant_of(ring_loop()), np.random.default_rng(1), 4)
    >>> cells.prior_nat.shape, round(float(np.exp(cells.prior_nat).sum()), 9)
    ((8, 4, 412), 1.0)
    """
    unknowns = draw_unknowns(plant, count, rng)
    rate = rate_grid_m3_s(plant, measured_per_s)
    return replace(cells_of(plant, unknowns, rate), rate_nat=rate_prior_nat(plant, rate, measured_per_s))


def cells_of(plant: Plant, unknowns: Unknowns, rate_m3_s: Array) -> Candidates:
    """The cells for these unknowns and leak rates (n_rate,), all alike beforehand."""
    opening = rate_m3_s / np.sqrt(2 * plant.pressure_Pa / plant.density_kg_m3)
    alike = np.full(rate_m3_s.size, -np.log(rate_m3_s.size))
    return Candidates(plant, unknowns, running_pattern(plant, unknowns), opening, rate_m3_s, alike, _drift(plant))


def _drift(plant: Plant) -> Array:
    """What 1 sigma of each drifting loss and head does to gauges and meters, by differences on the plant as given."""
    table = plant.table
    loss = np.array([s.loss_Pa_s2_m6.value for s in table.segment]).repeat(2) / 2
    pump = np.zeros_like(loss)
    for one in table.pump:
        loss[plant.pump_edge[one.name]] += one.head_loss_Pa_s2_m6.value
        pump[plant.pump_edge[one.name]] = one.head_Pa.value
    count = len(plant.segments)
    losses, pumps = np.tile(loss, (count + len(table.pump) + 2, 1)), np.tile(pump, (count + len(table.pump) + 2, 1))
    for i in range(count):
        losses[1 + i, 2 * i : 2 * i + 2] *= 1 + LOSS_DRIFT_RATIO
    for j, one in enumerate(table.pump):
        pumps[1 + count + j, plant.pump_edge[one.name]] *= 1 + HEAD_DRIFT_RATIO
    losses[-1] *= 1 + VISCOUS_PER_K
    ones = np.ones(len(losses))
    found = running_pattern(plant, Unknowns(losses, pumps, ones, ones, ones))
    seen = np.hstack([found.node_Pa[:, plant.gauge_node], found.meter_m3_s])
    return seen[1:] - seen[0]
