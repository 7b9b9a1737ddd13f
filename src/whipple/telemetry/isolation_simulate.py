"""What would the gauges of a leaking loop really show? A graph with a known leak, marched in time, with coarse sensors and a swinging temperature.

Nothing here uses the likelihood's short cuts: flows by Newton's method with the leak in place, every piece's volume balance second by second.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.casefile.tables.loop import LoopTable
from whipple.errors import RangeError
from whipple.physics.cited import Cited
from whipple.physics.flow_network import solve_flows
from whipple.telemetry.isolation_cells import VISCOUS_PER_K, Trial
from whipple.telemetry.isolation_march import MarchedPiece, exchange
from whipple.telemetry.isolation_plant import (
    Part,
    Plant,
    Unknowns,
    draw_unknowns,
    node_pieces,
    plant_of,
    settle,
    split,
)

__all__ = ["Leaking", "leaking_loop", "ring_loop"]

#: The sheet's plant (telemetry.md 5.1): revolution, swing, noise and steps of its sensors.
ORBIT_S = Cited(5560.0, unit="s", source="telemetry_sheet", grade="computed")
NOISE_Pa = Cited(400.0, unit="Pa", source="telemetry_sheet", grade="computed")
STEP_Pa = Cited(5e5 / 255, unit="Pa", source="telemetry_sheet", grade="computed")
_SWING_K, _GAS_LAG_S = (3.0, 1.2), (1000.0, 2000.0)
_NOISE_K, _STEP_K, _FLOW_NOISE, _FLOW_STEP = 0.1, 0.3, 1e-6, 1e-6
_CADENCE_S, _STEP_S, _WINDOW_S = 10.0, 1.0, 120.0
#: Parts of a second in which leaking valves are followed.
_SUBSTEPS = 4
#: Valves shut and pumps off.
Setting = tuple[Iterable[str], Iterable[str]]


@dataclass
class Leaking:
    """A loop with a hole: `trial(...)` makes a valve test on it, time goes on, liquid is lost.

    `segment` and `opening_m2` are the truth; `unknowns` (one row) the plant as it really is. `leakage_frac` says which valves do not shut: their flow
    then over that of their open segment.
    """

    plant: Plant
    unknowns: Unknowns
    segment: int
    opening_m2: float
    rng: np.random.Generator
    t_s: float = 0.0
    lost_m3: float = 0.0
    bias_Pa: Array = field(default_factory=lambda: np.zeros(0))
    gain: Array = field(default_factory=lambda: np.zeros(0))
    phase_rad: float = 0.0
    gas_lag_s: float = 1500.0
    stray: tuple[Array, Array] = (np.zeros(0), np.zeros(0))
    leakage_frac: Mapping[str, float] = field(default_factory=dict)

    def first_look(self, after_s: float) -> Trial:
        """Readings of the running loop before the leak (one revolution) and `after_s` after it began."""
        quiet = np.arange(-float(ORBIT_S), 0.0, _CADENCE_S)
        before, flow_before = self._running(quiet, 0.0, drifted=False)
        whole, middle = split(self.plant, self.unknowns)[0], after_s - 150.0
        self._march(np.arange(0.0, middle, _STEP_S), whole)
        late = np.arange(after_s - 300.0, after_s, _CADENCE_S)
        after, flow_after = self._running(late, self.lost_m3, drifted=True)  # lost by the middle of the window
        self._march(np.arange(middle, after_s, _STEP_S), whole)
        warmed = self._shown_K(late) - self._shown_K(quiet)
        gas = float(np.mean(self._gas_K(late, 1500.0)) - np.mean(self._gas_K(quiet, 1500.0)))
        self.t_s = after_s
        return Trial(frozenset(), frozenset(), middle, before, before, after, flow_after - flow_before, warmed, gas)

    def trial(self, closed: frozenset[str], off: frozenset[str], hold_s: float) -> Trial:
        """Shut, hold, open: gauges before, just after and at the end, averaged over up to two minutes."""
        window = min(_WINDOW_S, hold_s / 3)
        begin, end = self.t_s + window, self.t_s + window + hold_s
        before, _ = self._running(np.arange(self.t_s, begin, _CADENCE_S), self.lost_m3, drifted=True)
        parts, _ = split(self.plant, self.unknowns, closed, off)
        t_s = np.arange(begin, end, _STEP_S)
        levels = self._march(t_s, parts, (closed, off))
        first, last = t_s < begin + window, t_s >= end - window
        start, after = self._pieces(parts, levels, first), self._pieces(parts, levels, last)
        warmed = self._shown_K(t_s[last]) - self._shown_K(t_s[first])
        gas = float(np.mean(self._gas_K(t_s[last], 1500.0)) - np.mean(self._gas_K(t_s[first], 1500.0)))
        self.t_s = end + 600.0  # opened again, the flow settled, thought about
        self._march(np.arange(end, self.t_s, _STEP_S), split(self.plant, self.unknowns)[0])
        none = np.full(self.plant.meter_edge.size, np.nan)
        return Trial(closed, off, hold_s - window, before, start, after, none, warmed, gas)

    @property
    def _all(self) -> npt.NDArray[np.int64]:
        return np.arange(len(self.plant.segments), dtype=np.int64)

    def _swing_K(self, t_s: Array) -> Array:
        angle = 2 * np.pi * t_s / ORBIT_S
        return np.asarray(
            _SWING_K[0] * np.sin(angle + self.phase_rad) + _SWING_K[1] * np.sin(2 * angle + 2.1 * self.phase_rad)
        )

    def _gas_K(self, t_s: Array, lag_s: float) -> Array:
        """The swing after a first-order lag."""
        out = np.zeros(np.shape(t_s))
        for n, size, phase in ((1, _SWING_K[0], self.phase_rad), (2, _SWING_K[1], 2.1 * self.phase_rad)):
            rate = 2 * np.pi * n / ORBIT_S
            out = out + size / np.hypot(1, rate * lag_s) * np.sin(rate * t_s + phase - np.arctan(rate * lag_s))
        return out

    def _segments_K(self, t_s: Array) -> Array:
        """(n_segment, n): the swing and each segment's own straying."""
        size, phase = self.stray
        return self._swing_K(t_s) + size[:, None] * np.sin(2 * np.pi * np.asarray(t_s) / ORBIT_S + phase[:, None])

    def _shown_K(self, t_s: Array) -> float:
        noise = self.rng.normal(0, _NOISE_K, (2, t_s.size))
        return float(np.mean(np.round((self._swing_K(t_s) + noise) / _STEP_K) * _STEP_K))

    def _fed_Pa(self, gas_m3: Array, t_s: Array) -> Array:
        """Ideal gas at its own temperature; the vapour pressure once the accumulator is empty."""
        table, full = self.plant.table, float(self.unknowns.gas_m3[0])
        warm = 1 + self._gas_K(t_s, self.gas_lag_s) / table.temperature_K.value
        driven = self.plant.pressure_Pa * warm * full / gas_m3
        return np.where(gas_m3 < full + self.unknowns.pushed_m3[0], driven, self.plant.vapour_Pa)

    def _grown_m3(self, part_segments: npt.NDArray[np.int64], t_s: Array) -> Array:
        """How much the liquid of these segments has expanded since T0."""
        return self.plant.expansion_per_K * self.plant.volume_m3[part_segments] @ self._segments_K(t_s)[part_segments]

    def _march(self, t_s: Array, parts: Sequence[Part], setting: Setting = ((), ())) -> list[Array]:
        """Level of each piece at `t_s`, valves shut and pumps off as `setting` says; what leaks is added to `lost_m3`."""
        everything = self._all
        start_gas = float(self.unknowns.gas_m3[0] + self.lost_m3 - self._grown_m3(everything, t_s[:1])[0])
        start_Pa = float(self._fed_Pa(np.array(start_gas), t_s[0]))
        pieces = [self._piece(t_s, part, start_gas, start_Pa) for part in parts]
        valves = self._loose(parts, setting)
        steps = _SUBSTEPS if valves else 1
        for k in range(t_s.size):
            for _ in range(steps):
                for one in pieces:
                    one.settle(k)
                for one in pieces:
                    one.leak(_STEP_S / steps)
                for tail, head, above_Pa, valve in valves:
                    exchange(pieces[tail], pieces[head], above_Pa, valve * _STEP_S / steps)
        self.lost_m3 += float(sum(one.gone_m3 for one in pieces))
        return [one.levels_Pa for one in pieces]

    def _loose(self, parts: Sequence[Part], setting: Setting) -> list[tuple[int, int, float, float]]:
        """Shut valves that pass: the pieces before and behind, the flow's own pressure over it, and its flow for a root of a pascal."""
        plant, piece = self.plant, node_pieces(self.plant, *setting)
        at = {int(piece[plant.middle[part.segments[0]]]): i for i, part in enumerate(parts)}
        out = []
        for name in sorted(set(setting[0]) & set(self.leakage_frac)):
            edge = plant.valve_edge[name]
            ends = plant.tail[edge], plant.head[edge]
            tail, head = (at[int(piece[node])] for node in ends)
            over = float(parts[tail].above_Pa[0, ends[0]] - parts[head].above_Pa[0, ends[1]])
            open_loss = 2 * float(self.unknowns.loss_Pa_s2_m6[0, edge])
            out.append((tail, head, over, self.leakage_frac[name] / np.sqrt(open_loss)))
        return out

    def _piece(self, t_s: Array, part: Part, gas_m3: float, level_Pa: float) -> MarchedPiece:
        plant, relief = self.plant, self.plant.table.relief_Pa
        hole = self.opening_m2 if self.segment in part.segments else 0.0
        above = float(part.above_Pa[0, plant.middle[self.segment]]) if hole else 0.0
        stiff = float(self.unknowns.modulus_Pa[0]) / part.volume_m3
        if not part.live:
            running = split(plant, self.unknowns)[0][0].above_Pa[0, plant.middle[part.segments]]
            level_Pa += float(running @ plant.volume_m3[part.segments]) / part.volume_m3
        return MarchedPiece(
            self._grown_m3(part.segments, t_s), hole * float(np.sqrt(2 / plant.density_kg_m3)), above, stiff, gas_m3, level_Pa,
            (plant.vapour_Pa, np.inf if relief is None else relief.value), self._gas_law(t_s) if part.live else None,
        )  # fmt: skip

    def _gas_law(self, t_s: Array) -> Callable[[float, int], float]:
        full, charge = float(self.unknowns.gas_m3[0]), self.plant.pressure_Pa
        warm = 1 + self._gas_K(t_s, self.gas_lag_s) / self.plant.table.temperature_K.value
        most = full + float(self.unknowns.pushed_m3[0])
        return lambda gas, k: charge * warm[k] * full / gas if gas < most else self.plant.vapour_Pa

    def _read(self, true_Pa: Array) -> Array:
        """Means of coarse readings of true pressures (n_gauge, n)."""
        noisy = true_Pa + self.bias_Pa[:, None] + self.rng.normal(0, NOISE_Pa, true_Pa.shape)
        return np.clip(np.round(noisy / STEP_Pa), 0, 255).mean(axis=1) * STEP_Pa

    def _pieces(self, parts: Sequence[Part], levels: Sequence[Array], when: npt.NDArray[np.bool_]) -> Array:
        every = round(_CADENCE_S / _STEP_S)
        out = np.full(self.plant.gauge_Pa.size, np.nan)
        for part, level in zip(parts, levels, strict=True):
            above = part.above_Pa[0, self.plant.gauge_node[part.gauges]]
            true = np.maximum(level[when][::every] + above[:, None], 0.0)
            full = np.zeros((out.size, true.shape[1]))
            full[part.gauges] = true
            out[part.gauges] = self._read(full)[part.gauges]
        return out

    def _running(self, t_s: Array, lost_m3: float, *, drifted: bool) -> tuple[Array, Array]:
        """Averaged gauges and meters of the running loop with the leak in place (if it has begun); losses and heads have drifted."""
        plant = self.plant
        everything = self._all
        gas = self.unknowns.gas_m3[0] + lost_m3 - self._grown_m3(everything, t_s)
        level = self._fed_Pa(gas, t_s)
        loss, pump = self.unknowns.loss_Pa_s2_m6[0].copy(), self.unknowns.pump_Pa[0].copy()
        if drifted:
            loss *= np.exp(self.rng.normal(0, 0.003, len(plant.segments))).repeat(2)
            pump *= np.exp(self.rng.normal(0, 0.002, pump.size))
        loss *= 1 - VISCOUS_PER_K * float(np.mean(self._swing_K(t_s)))
        network, is_open, _ = settle(plant, self.unknowns)
        drawn = np.zeros(plant.node_count)
        for _ in range(3 if drifted else 1):
            flows = solve_flows(network, loss[is_open], pump[is_open], drawn)
            hole = float(level.mean() + flows.pressure_Pa[plant.middle[self.segment]])
            if drifted:
                drawn[plant.middle[self.segment]] = self.opening_m2 * np.sqrt(
                    2 * max(hole, plant.vapour_Pa) / plant.density_kg_m3
                )
        seen = np.zeros(is_open.size)
        seen[is_open] = flows.flow_m3_s
        gain = self.gain * np.exp(self.rng.normal(0, 0.001, self.gain.size) * drifted)
        flow = (gain * seen[plant.meter_edge])[:, None] + self.rng.normal(0, _FLOW_NOISE, (self.gain.size, t_s.size))
        pressure = self._read(level + flows.pressure_Pa[plant.gauge_node][:, None])
        return pressure, (np.round(flow / _FLOW_STEP) * _FLOW_STEP).mean(axis=1)


def leaking_loop(
    table: LoopTable, *, seed: int, segment: int | None = None, rate_per_h: float | None = None
) -> Leaking:
    """A loop of this graph with a leak: segment from the prior, rate log-uniform over 0.1 to 10 % of the inventory an hour, unless given.

    Losses, heads, modulus and gas are drawn from the case's ranges; gauges have an offset of 10 mbar (1 sigma), meters of 1 %.

    >>> leak = leaking_loop(ring_loop(), seed=1, segment=3, rate_per_h=0.01)
    >>> look = leak.first_look(1800.0)
    >>> leak.segment, round(leak.lost_m3 * 1e3, 2), look.running
    (3, 0.23, True)
    """
    plant = plant_of(table)
    rng = np.random.default_rng([seed, 59])
    count = len(plant.segments)
    at = int(rng.choice(count, p=plant.prior_prob)) if segment is None else segment
    if not 0 <= at < count:
        raise RangeError("leaking_loop", "segment", at, f"0 to {count - 1}", "segments count from 0")
    rate = float(np.exp(rng.uniform(np.log(1e-3), np.log(0.1)))) if rate_per_h is None else rate_per_h
    opening = rate * table.inventory_m3.value / 3600 / np.sqrt(2 * plant.pressure_Pa / plant.density_kg_m3)
    stray = rng.normal(0, np.sqrt(2) * plant.uneven_K, count), rng.uniform(0, 2 * np.pi, count)
    return Leaking(
        plant, draw_unknowns(plant, 1, rng), at, float(opening), rng, bias_Pa=rng.normal(0, 1000.0, plant.gauge_Pa.size),
        gain=np.exp(rng.normal(0, 0.01, plant.meter_edge.size)), phase_rad=float(rng.uniform(0, 2 * np.pi)),
        gas_lag_s=float(rng.uniform(*_GAS_LAG_S)), stray=stray,
    )  # fmt: skip


def ring_loop(
    segments: int = 8, valves: Sequence[int] = (0, 2, 4, 6), gauges: Sequence[int] = (0, 2, 4, 6)
) -> LoopTable:
    """An invented ring like the sheet's plant: 44 L of isooctane at 3 bar, 4 L of gas, one pump, two meters, valves and gauges at these inlets.

    Every number is an assumption; losses, head and modulus are known within a few per cent to a factor of two.

    >>> ring = ring_loop(8, valves=(0, 4))
    >>> [valve.segment for valve in ring.valve], ring.gauge[1].node
    (['s0', 's4'], 'n2')
    """
    litres = 44.0 / segments
    total = 4.0e4 / (1e-4) ** 2  # the pump's 0.4 bar at 6 L/min
    rows = [
        {
            "name": f"s{i}", "from": f"n{i}", "to": f"n{(i + 1) % segments}", "volume": f"{litres} L",
            "loss": {k: f"{total / segments * f} Pa*s**2/m**6" for k, f in (("is", 1.0), ("low", 0.95), ("high", 1.05))},
        }
        for i in range(segments)
    ]  # fmt: skip
    return LoopTable.model_validate(
        {
            "name": "ring", "fluid": "isooctane", "inventory": "44 L", "pressure": "3 bar", "temperature": "293 K",
            "gas_volume": {"is": "4 L", "low": "3.6 L", "high": "4.4 L"}, "pushed_volume": "4 L", "discharge_coefficient": "0.62",
            "velocity_coefficient": "0.97", "residue": "0", "source": "telemetry_sheet", "accumulator": "n0", "relief": "5 bar",
            "modulus": {"is": "0.5 GPa", "low": "0.25 GPa", "high": "1 GPa"}, "segment": rows,
            "pump": [{"name": "pump", "segment": "s0", "head": {"is": "0.4 bar", "low": "0.39 bar", "high": "0.41 bar"}}],
            "valve": [{"name": f"v{i}", "segment": f"s{i}"} for i in valves],
            "gauge": [{"channel": f"p{i}", "node": f"n{i}", "accuracy": "2.5 mbar", "full_scale": "5 bar"} for i in gauges],
            "meter": [{"channel": f"q{i}", "segment": f"s{i}", "accuracy": "2e-7 m**3/s"} for i in (0, segments // 2)],
        }
    )  # fmt: skip
