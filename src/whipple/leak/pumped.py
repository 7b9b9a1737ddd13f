"""What does each pressure gauge of a pumped loop read while segment i leaks? Pump, segments, valves, one accumulator.

A ring of segments with turbulent losses dp = R q^2; a pump with the head H0 - C q^2 at the inlet of its segment; the accumulator at
the inlet of its own holds the pressure there and feeds the leak, so the flow is q up to the hole and q less the leak after it.
Valves at the inlets of segments cut the ring: a part without the accumulator is rigid, dp/dt = -B Q/V (sheet 3.2), and falls in seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

from whipple.casefile.estimate import Array
from whipple.errors import RangeError, SolveError
from whipple.leak.forward import LeakLaw

__all__ = ["PumpedLoop", "RingState", "Segment", "SegmentHistory", "march_ring", "rigid_law", "ring_state"]

_ROUNDS, _CLOSE = 200, 1e-13


@dataclass(frozen=True)
class Segment:
    """A stretch of pipe between two nodes: the liquid it holds and its loss coefficient R [Pa s2/m6]."""

    name: str
    volume_m3: float
    loss_Pa_s2_m6: float


@dataclass(frozen=True)
class PumpedLoop:
    """A ring in the order of the flow. `pump_at` and `accumulator_at` are the segments at whose inlets they stand.

    Gas charge p = p0 (Vg0/(Vg0 + V))^n; `pushed_volume_m3` is its stroke; `modulus_Pa` the effective bulk modulus of pipe and liquid.
    """

    segments: tuple[Segment, ...]
    pump_at: int
    accumulator_at: int
    head_Pa: float
    head_loss_Pa_s2_m6: float
    accumulator_Pa: float
    gas_volume_m3: float
    pushed_volume_m3: float
    density_kg_m3: float
    vapour_pressure_Pa: float
    modulus_Pa: float = 1.0e9
    polytropic_ratio: float = 1.0


@dataclass(frozen=True)
class RingState:
    """Pressure in the middle of each segment (n,), the flow before the hole, and the leak."""

    pressure_Pa: Array
    circulation_m3_s: float
    leak_m3_s: float


@dataclass(frozen=True)
class SegmentHistory:
    """Pressure of each segment (n segments, n times), and the volume lost (n times)."""

    t_s: Array
    pressure_Pa: Array
    lost_m3: Array


def rigid_law(
    *, area_m2: float, discharge_ratio: float, density_kg_m3: float, pressure_Pa: float, vapour_pressure_Pa: float,
    volume_m3: float, modulus_Pa: float, drain_s: float = 1e3,
) -> LeakLaw:  # fmt: skip
    """A rigid loop full of liquid, without an accumulator: dp/dt = -B Q/V is the spring law with p0/k = p0 V/B.

    A 1 mm hole takes 44 L at 3 bar down to the vapour pressure in a second; then its own vapour drives the rest.

    >>> law = rigid_law(area_m2=7.85e-7, discharge_ratio=0.61, density_kg_m3=692.0, pressure_Pa=3e5, vapour_pressure_Pa=5156.0,
    ...                 volume_m3=44e-3, modulus_Pa=1e9)
    >>> round(float(law.driven_s), 2)
    1.63
    """
    if min(area_m2, density_kg_m3, volume_m3, modulus_Pa) <= 0 or pressure_Pa <= vapour_pressure_Pa:
        found = f"area {area_m2:g}, density {density_kg_m3:g}, volume {volume_m3:g}, modulus {modulus_Pa:g}, pressure {pressure_Pa:g}"
        raise RangeError(
            "rigid loop", "arguments", found, f"all above zero, the pressure above {vapour_pressure_Pa:g} Pa"
        )
    soft = pressure_Pa * volume_m3 / modulus_Pa
    pushed = soft * (1 - vapour_pressure_Pa / pressure_Pa)
    return LeakLaw(
        "spring", area_m2, discharge_ratio, 1.0, density_kg_m3, pressure_Pa, vapour_pressure_Pa, volume_m3, pushed, soft, 1.0, drain_s
    )  # fmt: skip


def _check(loop: PumpedLoop, hole_at: int | None) -> None:
    count = len(loop.segments)
    for name, index in (("pump_at", loop.pump_at), ("accumulator_at", loop.accumulator_at), ("hole_at", hole_at)):
        if index is not None and not 0 <= index < count:
            raise RangeError("pumped loop", name, index, f"a segment, 0 to {count - 1}", "segments count from 0")
    if not (loop.head_Pa >= 0 and loop.head_loss_Pa_s2_m6 >= 0):
        raise RangeError("pumped loop", "head", f"{loop.head_Pa:g} Pa", "zero or more", "turn the segments round")
    if not all(part.volume_m3 > 0 and part.loss_Pa_s2_m6 >= 0 for part in loop.segments):
        raise RangeError("pumped loop", "segments", "one without volume, or of negative loss", "volumes above zero")
    if not (loop.accumulator_Pa > loop.vapour_pressure_Pa and loop.gas_volume_m3 > 0 and loop.density_kg_m3 > 0):
        found = f"{loop.accumulator_Pa:g} Pa, {loop.gas_volume_m3:g} m3, {loop.density_kg_m3:g} kg/m3"
        expected = f"a pressure above {loop.vapour_pressure_Pa:g} Pa, gas and density above zero"
        raise RangeError("pumped loop", "accumulator_Pa, gas_volume_m3, density_kg_m3", found, expected)


def ring_state(
    loop: PumpedLoop, accumulator_Pa: float, hole_at: int | None = None, opening_m2: float = 0.0
) -> RingState:
    """Steady pressures with all valves open; `opening_m2` = Cd A of a hole in the middle of segment `hole_at`.

    >>> part = Segment("pipe", 5e-3, 1e10)
    >>> loop = PumpedLoop((part,) * 4, 0, 0, 4e4, 0.0, 2e5, 6e-3, 30e-3, 692.0, 5156.0)
    >>> state = ring_state(loop, 2e5)
    >>> round(state.circulation_m3_s, 9), [round(float(p)) for p in state.pressure_Pa]
    (0.001, [235000, 225000, 215000, 205000])
    """
    _check(loop, hole_at)
    if not 0 <= opening_m2 < np.inf:
        raise RangeError(
            "pumped loop", "opening_m2", f"{opening_m2:g}", "an area, zero or more", "check hole and coefficient"
        )
    count = len(loop.segments)
    order = [(loop.accumulator_at + step) % count for step in range(count)]
    leak = 0.0

    def walk(flow: float) -> tuple[float, dict[int, float]]:
        """Pressure back at the accumulator less its own, and in the middle of every segment."""
        pressure, middle = accumulator_Pa, {}
        for index in order:
            if index == loop.pump_at:
                pressure += loop.head_Pa - loop.head_loss_Pa_s2_m6 * flow * abs(flow)
            pressure -= loop.segments[index].loss_Pa_s2_m6 / 2 * flow * abs(flow)
            middle[index] = pressure
            flow -= leak if index == hole_at else 0.0
            pressure -= loop.segments[index].loss_Pa_s2_m6 / 2 * flow * abs(flow)
        return pressure - accumulator_Pa, middle

    for _ in range(_ROUNDS):
        total = sum(part.loss_Pa_s2_m6 for part in loop.segments) + loop.head_loss_Pa_s2_m6
        if total <= 0:
            raise RangeError("pumped loop", "segments", "no loss anywhere", "a loss above zero in some segment")
        most = 2 * (np.sqrt(loop.head_Pa / total) + leak) + 1e-9
        flow = float(brentq(lambda q: walk(q)[0], -most, most, xtol=1e-18, rtol=1e-14))
        middle = walk(flow)[1]
        if hole_at is None or opening_m2 == 0:
            break
        before, leak = (
            leak,
            opening_m2 * float(np.sqrt(2 * max(middle[hole_at], loop.vapour_pressure_Pa) / loop.density_kg_m3)),
        )
        if abs(leak - before) <= _CLOSE * leak:
            break
    pressures = np.array([middle[index] for index in range(count)])
    if accumulator_Pa >= loop.accumulator_Pa * (1 - 1e-9):
        _refuse_torn(loop, pressures)
    return RingState(np.maximum(pressures, loop.vapour_pressure_Pa), flow, leak)


def _refuse_torn(loop: PumpedLoop, pressure_Pa: Array) -> None:
    """The liquid cannot pull: a pressure below its vapour's tears the column, and the losses of this ring no longer hold."""
    worst = int(np.argmin(pressure_Pa))
    if pressure_Pa[worst] < loop.vapour_pressure_Pa:
        found = f"{pressure_Pa[worst]:.4g} Pa in segment {worst}"
        raise RangeError(
            "pumped loop", "pressure", found, f"at least the vapour pressure, {loop.vapour_pressure_Pa:.0f} Pa, everywhere",
            "the hole is too wide for the losses given, or the accumulator too far from the pump's inlet",
        )  # fmt: skip


def _parts(loop: PumpedLoop, closed: frozenset[int]) -> list[list[int]]:
    """Segments that hang together when the valves at these inlets are closed."""
    count = len(loop.segments)
    if not closed:
        return [list(range(count))]
    cuts = sorted(closed)
    return [
        [(first + step) % count for step in range((following - first) % count or count)]
        for first, following in zip(cuts, [*cuts[1:], cuts[0]], strict=True)
    ]


def march_ring(
    loop: PumpedLoop, t_s: Array, *, hole_at: int, opening_m2: float, valves: Sequence[tuple[float, frozenset[int]]] = (),
) -> SegmentHistory:  # fmt: skip
    """Pressure of every segment from t = 0, when the hole opens, at the rising times `t_s` (n,).

    `valves` lists (time, inlets closed from then on), rising; the pump stops while any is closed. A part cut off keeps its mean pressure.
    Below the vapour pressure nothing falls: the liquid boils; the leak ends when all the liquid is gone. The quasi-steady flow holds for
    changes slower than a sound wave takes round the loop. Raises RangeError for an impossible loop, an inlet it does not have, or a hole so
    wide that the ring would be pulled below the vapour pressure from the first moment.

    >>> part = Segment("pipe", 5e-3, 1e10)
    >>> loop = PumpedLoop((part,) * 4, 0, 0, 4e4, 0.0, 2e5, 6e-3, 30e-3, 692.0, 5156.0)
    >>> found = march_ring(loop, np.array([0.0, 600.0, 660.0]), hole_at=2, opening_m2=4e-7, valves=[(600.0, frozenset({1, 3}))])
    >>> [round(float(p) / 1e3) for p in found.pressure_Pa[:, 2]]
    [108, 5, 5, 108]
    """
    _check(loop, hole_at)
    for _, closed in valves:
        for inlet in closed:
            if not 0 <= inlet < len(loop.segments):
                expected = f"inlets 0 to {len(loop.segments) - 1}"
                raise RangeError("pumped loop", "valves", inlet, expected, "segments count from 0")
    times = np.asarray(t_s, dtype=float)
    pressure, lost = np.empty((len(loop.segments), times.size)), np.empty(times.size)
    moments = [0.0, *(moment for moment, _ in valves), np.inf]
    settings = [frozenset[int](), *(closed for _, closed in valves)]
    gone, held = 0.0, np.full(len(loop.segments), loop.accumulator_Pa)
    fed = 0.0  # what the accumulator has given
    for begin, end, closed in zip(moments[:-1], moments[1:], settings, strict=True):
        inside = (times >= begin) & (times < end)
        last = min(end, float(times[-1]))
        if last < begin:
            break
        wanted = np.unique(np.concatenate([[begin], times[inside], [last]]))
        drained = max(gone - fed, 0.0)  # what has left the pipes themselves
        found, fed, gone_at, held = _march_part(loop, wanted, hole_at, opening_m2, (closed, fed, held, drained))
        where = np.searchsorted(wanted, times[inside])
        pressure[:, inside], lost[inside] = found[:, where], gone + gone_at[where]
        gone += float(gone_at[-1])
    return SegmentHistory(times, pressure, lost)


def _charge_Pa(loop: PumpedLoop, fed_m3: float) -> float:
    """The accumulator's pressure; the vapour pressure once it is at its stop."""
    if fed_m3 >= loop.pushed_volume_m3:
        return loop.vapour_pressure_Pa
    gas = loop.gas_volume_m3
    return max(loop.accumulator_Pa * (gas / (gas + fed_m3)) ** loop.polytropic_ratio, loop.vapour_pressure_Pa)


def _march_part(
    loop: PumpedLoop, wanted: Array, hole_at: int, opening_m2: float, now: tuple[frozenset[int], float, Array, float]
) -> tuple[Array, float, Array, Array]:
    """One setting of the valves: pressures (n, times), what the accumulator has given, volume lost since (times,), pressures at the end."""
    closed, fed, held, drained = now
    parts = _parts(loop, closed)
    leaking = next(part for part in parts if hole_at in part)
    live = loop.accumulator_at in leaking
    speed = np.sqrt(2 / loop.density_kg_m3)
    volume = sum(loop.segments[index].volume_m3 for index in leaking)
    start = float(np.mean(held[leaking]))
    most = max(volume - drained + (max(loop.pushed_volume_m3 - fed, 0.0) if live else 0.0), 0.0)

    def state(lost: float) -> Array:
        found = held.copy()
        for part in parts:
            found[part] = (
                _charge_Pa(loop, fed + (lost if live else 0.0)) if loop.accumulator_at in part else np.mean(held[part])
            )
        if not closed:
            return ring_state(loop, _charge_Pa(loop, fed + lost), hole_at, opening_m2).pressure_Pa
        if not live:
            found[leaking] = max(start - loop.modulus_Pa * lost / volume, loop.vapour_pressure_Pa)
        return found

    def rate(_: float, lost: Array) -> list[float]:
        return [opening_m2 * speed * np.sqrt(max(float(state(float(lost[0]))[hole_at]), loop.vapour_pressure_Pa))]

    if wanted.size == 1:
        return state(0.0)[:, None], fed, np.zeros(1), state(0.0)
    run = solve_ivp(rate, (wanted[0], wanted[-1]), [0.0], "LSODA", wanted, rtol=1e-8, atol=1e-13)
    if not run.success:
        raise SolveError("pumped loop", float("nan"), run.message)
    lost = np.minimum(run.y[0], most)
    pressures = np.column_stack([state(float(value)) for value in lost])
    given = min(fed + float(lost[-1]), max(loop.pushed_volume_m3, fed)) if live else fed
    return pressures, given, lost, pressures[:, -1]
