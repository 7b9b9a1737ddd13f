"""What would gauges and meters show if segment i leaked? The running loop by linear response, a shut-off piece by its volume balance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.physics.cited import Cited
from whipple.physics.flow_network import respond
from whipple.telemetry.isolation_plant import Part, Plant, Unknowns, settle

__all__ = ["MEMORY_S", "Pattern", "fed_fall_Pa", "rigid_level_Pa", "running_pattern", "unseen_m3"]

#: How long a stretch's stray temperature keeps: the sheet's revolution of 5560 s over 2 pi (telemetry.md 5.1).
MEMORY_S = Cited(885.0, unit="s", source="telemetry_sheet", grade="computed")
#: 1 sigma of an averaged change of temperature: noise 0.1 K and steps of 0.3 K over some minutes (telemetry.md 5.1).
THERMOMETER_K = Cited(0.03, unit="K", source="telemetry_sheet", grade="computed")
#: Share of the shown expansion that is not believed: the liquid's expansion and where the thermometers sit.
DOUBT_RATIO = Cited(0.03, unit="", source="whipple_judgement", grade="proposal")


@dataclass(frozen=True)
class Pattern:
    """The running loop: what a leak in segment i adds for each m3/s, and what it is without one.

    `gauge_Pa_s_m3` (n_segment, n, n_gauge) is against the accumulator, `meter_ratio` (n_segment, n, n_meter). Without a leak: `node_Pa`
    (n, n_node) above the accumulator, `meter_m3_s` (n, n_meter), and `segment_m3_s` (n, n_segment) through each inlet.
    """

    gauge_Pa_s_m3: Array
    meter_ratio: Array
    node_Pa: Array
    meter_m3_s: Array
    segment_m3_s: Array


def running_pattern(plant: Plant, unknowns: Unknowns) -> Pattern:
    """How gauges and meters of the running loop answer a small leak in each segment, fed by the accumulator.

    First order in leak over circulation: mass balance at the nodes, dp = R q|q| (`physics/flow_network.py`).

    >>> from whipple.telemetry.isolation_plant import draw_unknowns, plant_of
    >>> from whipple.telemetry.isolation_simulate import ring_loop
    >>> plant = plant_of(ring_loop())
    >>> found = running_pattern(plant, draw_unknowns(plant, 1, np.random.default_rng(1)))
    >>> found.gauge_Pa_s_m3.shape, found.meter_ratio[3, 0].round(2).tolist()  # 4 gauges; more flow before the hole, less after it
    ((8, 1, 4), [0.56, -0.44])
    """
    network, is_open, flows = settle(plant, unknowns)
    gauge, meter = [], []
    for middle in plant.middle:
        drawn = np.zeros((len(unknowns.gas_m3), plant.node_count))
        drawn[:, middle] = 1.0
        flow, pressure = respond(network, flows, drawn)
        gauge.append(pressure[:, plant.gauge_node])
        meter.append(_every_edge(is_open, flow)[:, plant.meter_edge])
    running = _every_edge(is_open, flows.flow_m3_s)
    return Pattern(np.array(gauge), np.array(meter), flows.pressure_Pa, running[:, plant.meter_edge], running[:, ::2])


def _every_edge(is_open: npt.NDArray[np.bool_], flow_m3_s: Array) -> Array:
    """Flows of the open edges (n, n_open) as flows of all (n, n_edge), zero through what is shut."""
    out = np.zeros((len(flow_m3_s), is_open.size))
    out[:, is_open] = flow_m3_s
    return out


def fed_fall_Pa(
    level_Pa: Array,
    gas_m3: Array,
    left_m3: Array,
    leak_m3_s: Array,
    hold_s: float,
    floor_Pa: float,
    grown_m3: Array | float = 0.0,
) -> Array:
    """How far the accumulator's pressure falls in `hold_s` when `leak_m3_s` (at `level_Pa`) is drawn from gas `gas_m3`; arrays broadcast.

    Isothermal gas: x^1.5 = 1 + 1.5 t Q/Vg, p = p0/x (sheet 3.3); at the floor once `left_m3` have been pushed out. `grown_m3` is how much the
    liquid has expanded meanwhile: it squeezes the gas, p = p0 Vg/(x Vg - grown), and the leak by half of that on average.

    >>> round(float(fed_fall_Pa(np.array(3e5), np.array(4e-3), np.array(9e-3), np.array(1e-7), 3600.0, 5e3)), 1)
    -24286.9
    """
    x = (1 + 1.5 * hold_s * leak_m3_s * (1 + grown_m3 / (4 * gas_m3)) / gas_m3) ** (2 / 3)
    room = np.maximum(x * gas_m3 - grown_m3, 0.1 * gas_m3)
    return np.where(room - gas_m3 < left_m3, level_Pa * gas_m3 / room, floor_Pa) - level_Pa


def rigid_level_Pa(level_Pa: Array, stiffness_Pa_m3: Array, leak_m3_s: Array, hold_s: float, floor_Pa: float) -> Array:
    """Pressure of a shut-off piece full of liquid after `hold_s`; below the floor it counts on, as if the liquid could be stretched.

    dp/dt = -(B/V) Q(p), Q as the root of p: sqrt(p) falls evenly (sheet 3.2, 3.3); at the vapour pressure the flow stays, and the volume
    that is missing is written as a pressure below it, so that a warming liquid has to fill it again first.

    >>> rigid_level_Pa(np.array(3e5), np.array(2.5e10), np.array(1e-7), np.array([10.0, 60.0, 600.0]), 5e3).round(-2).tolist()
    [275500.0, 168800.0, -121200.0]
    """
    rate = stiffness_Pa_m3 * leak_m3_s / (2 * np.sqrt(level_Pa))  # of sqrt(p)
    low = np.sqrt(floor_Pa)
    lasts = np.divide(
        np.sqrt(level_Pa) - low, rate, out=np.full(np.broadcast(level_Pa, rate).shape, np.inf), where=rate > 0
    )
    root = np.sqrt(level_Pa) - rate * np.minimum(hold_s, lasts)
    return root**2 - 2 * rate * low * np.maximum(hold_s - lasts, 0.0)


def unseen_m3(plant: Plant, part: Part, hold_s: float, warming_K: float) -> float:
    """1 sigma of the liquid's expansion in a piece that the thermometers do not tell.

    Each segment strays by itself (`uneven`, forgotten over `MEMORY_S`); the thermometers err, and 3 % of what they show is not believed.

    >>> from whipple.telemetry.isolation_plant import draw_unknowns, plant_of, split
    >>> from whipple.telemetry.isolation_simulate import ring_loop
    >>> plant = plant_of(ring_loop())
    >>> whole = split(plant, draw_unknowns(plant, 1, np.random.default_rng(1)))[0][0]
    >>> round(unseen_m3(plant, whole, 600.0, 0.0) * 1e6, 1)  # cm3 of 44 L
    5.7
    """
    grown = plant.uneven_K * np.sqrt(2 * (1 - np.exp(-hold_s / MEMORY_S)))
    stray = np.sqrt(np.sum((plant.volume_m3[part.segments] * grown) ** 2))
    shown = part.volume_m3 * np.hypot(THERMOMETER_K, DOUBT_RATIO * warming_K)
    return plant.expansion_per_K * float(np.hypot(stray, shown))
