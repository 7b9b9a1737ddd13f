"""What does each piece of the loop do while valves are shut? Fed by the accumulator, or shut in and rigid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from whipple.casefile.estimate import Array
from whipple.telemetry.isolation_cells import Candidates, Trial
from whipple.telemetry.isolation_forward import fed_fall_Pa, rigid_level_Pa, unseen_m3
from whipple.telemetry.isolation_plant import BIAS_Pa, Part, Plant, split
from whipple.telemetry.isolation_valves import Behind, came_through, reach_m3_s_Pa05

__all__ = ["PieceForecast", "accumulator_Pa", "fed", "forecast_passing", "forecast_pieces", "rate_step_ratio"]

#: How much of the leak's answer to a swing of the pressure is open, as the swing's path is not followed: 15 % of the swing.
_PATH = 0.15
#: What comes through a leaking valve is worked out for every so many rates of the grid.
_RATES = 6


@dataclass(frozen=True)
class PieceForecast:
    """One piece at the end of a hold: level (n_segment, n, n_rate) if segment i leaks, its 1 sigma (temperature not seen; same shape or scalar),
    1 sigma of reading it, and between which pressures it stays. For a fed piece the level is the change over the hold. `joined`: a valve without any
    loss joins it to the fed one."""

    part: Part
    level_Pa: Array
    spread_Pa: Array
    reading_Pa: float
    floor_Pa: float
    top_Pa: float
    joined: bool = False


def fed(
    cells: Candidates,
    trial: Trial,
    part: Part,
    level_Pa: Array,
    through_m3: Array | float = 0.0,
    beyond_m3: float = 0.0,
) -> tuple[Array, Array, Array]:
    """A piece with the accumulator at `level_Pa` (1, n, 1): the leak at the end, the change of its pressure, and 1 sigma of that.

    All (n_segment, n, n_rate). The sigma holds what the thermometers do not tell, the gas's own temperature, and half a step of the rates.
    `through_m3` has gone through valves that do not shut; `beyond_m3` is 1 sigma of what swelled behind them unseen.
    """
    plant, known = cells.plant, cells.unknowns
    gas = known.gas_m3[None, :, None] * plant.pressure_Pa / level_Pa
    left = np.maximum(known.pushed_m3[None, :, None] + known.gas_m3[None, :, None] - gas, 0.0)
    inside = np.isin(np.arange(len(plant.segments)), part.segments)[:, None, None]
    pressure = np.maximum(level_Pa + part.above_Pa[:, plant.middle].T[:, :, None], plant.vapour_Pa)
    leak = np.where(inside, cells.opening_m2 * trial.opening_ratio * np.sqrt(2 * pressure / plant.density_kg_m3), 0.0)
    grown = plant.expansion_per_K * part.volume_m3 * trial.warming_K
    ended = level_Pa + fed_fall_Pa(level_Pa, gas, left, leak, trial.hold_s, plant.vapour_Pa, grown - through_m3)
    (gas_K, gas_sigma_K), kelvin = trial.gas_K, plant.table.temperature_K.value
    softness = ended**2 / (level_Pa * gas)
    lost = np.maximum(gas * level_Pa / ended + grown - gas, 0.0)
    unsure = (
        np.hypot(unseen_m3(plant, part, trial.hold_s, trial.warming_K), beyond_m3) + _PATH * np.abs(grown) / gas * lost
    )
    unsure_ratio = np.hypot(rate_step_ratio(cells), trial.opening_sigma_ratio)
    sigma = np.sqrt(
        (softness * unsure) ** 2 + (ended * gas_sigma_K / kelvin) ** 2 + (softness * lost * unsure_ratio) ** 2
    )
    return leak * np.sqrt(ended / level_Pa), ended * (1 + gas_K / kelvin) - level_Pa, sigma


def rate_step_ratio(cells: Candidates) -> float:
    """1 sigma of a rate that lies between two of the grid, relative."""
    return float(np.log(cells.rate_m3_s[1] / cells.rate_m3_s[0]) / np.sqrt(12))


def forecast_pieces(cells: Candidates, trial: Trial, parts: Sequence[Part] | None = None) -> list[PieceForecast]:
    """What each piece that holds liquid and has a gauge does during the hold, for every candidate; start levels from the readings before it.

    `parts` are what `split` says of this setting, when it is known already.

    >>> from whipple.telemetry.isolation_cells import candidates
    >>> from whipple.telemetry.isolation_plant import plant_of
    >>> from whipple.telemetry.isolation_simulate import leaking_loop, ring_loop
    >>> cells = candidates(plant_of(ring_loop()), np.random.default_rng(1), 4)
    >>> leak = leaking_loop(ring_loop(), seed=1, segment=3, rate_per_h=0.02)
    >>> fed, shut = forecast_pieces(cells, leak.trial(frozenset({"v2", "v6"}), frozenset(), 600.0))
    >>> fed.part.live, shut.part.segments.tolist(), bool(shut.level_Pa[3].mean() < shut.level_Pa[0].mean())
    (True, [2, 3, 4, 5], True)
    """
    parts = split(cells.plant, cells.unknowns, trial.closed, trial.off)[0] if parts is None else parts
    out = []
    for part in (part for part in parts if part.gauges.size):
        level = _level(cells, trial, part)
        if level is not None:
            out.append(_fed_piece(cells, trial, part, level) if part.live else _rigid_piece(cells, trial, part, level))
    return out


def accumulator_Pa(cells: Candidates, trial: Trial) -> float:
    """The accumulator's pressure at the end of a trial, from the gauges it feeds. NaN when none of them was read.

    >>> from whipple.telemetry.isolation_cells import candidates
    >>> from whipple.telemetry.isolation_plant import plant_of
    >>> from whipple.telemetry.isolation_simulate import leaking_loop, ring_loop
    >>> cells = candidates(plant_of(ring_loop()), np.random.default_rng(1), 4)
    >>> look = leaking_loop(ring_loop(), seed=1, segment=3, rate_per_h=0.02).first_look(1800.0)
    >>> 2.7e5 < accumulator_Pa(cells, look) < 2.8e5
    True
    """
    plant, level = cells.plant, []
    for part in split(plant, cells.unknowns, trial.closed, trial.off)[0]:
        if part.live:
            level = [trial.after_Pa[g] - np.median(part.above_Pa[:, plant.gauge_node[g]]) for g in part.gauges]
    return float(np.mean([one for one in level if np.isfinite(one)])) if np.isfinite(level).any() else float("nan")


def forecast_passing(cells: Candidates, trial: Trial, leakage_frac: Mapping[str, float]) -> list[PieceForecast]:
    """The same where shut valves let through `leakage_frac` of their flow (inf: all there is to pass): what goes into a piece leaves the fed one.

    >>> from whipple.telemetry.isolation_cells import candidates
    >>> from whipple.telemetry.isolation_plant import plant_of
    >>> from whipple.telemetry.isolation_simulate import leaking_loop, ring_loop
    >>> cells = candidates(plant_of(ring_loop()), np.random.default_rng(1), 4)
    >>> leak = leaking_loop(ring_loop(), seed=1, segment=3, rate_per_h=0.02)
    >>> test = leak.trial(frozenset({"v2", "v6"}), frozenset(), 600.0)
    >>> fed, shut = forecast_passing(cells, test, {"v2": 1e-3})
    >>> bool(fed.level_Pa[3].mean() < fed.level_Pa[2].mean() + 1e3), shut.joined  # the hole behind the valve draws on the accumulator too
    (True, False)
    """
    plant, setting = cells.plant, (trial.closed, trial.off)
    parts = split(plant, cells.unknowns, *setting)[0]
    reach = reach_m3_s_Pa05(plant, parts, setting, leakage_frac)
    shut = list(zip((part for part in parts if not part.live), reach, strict=True))
    own = next(part for part in parts if part.live)
    whole = _joined(plant, own, [(part, over) for part, (valve, over) in shut if np.isinf(valve)])
    running = replace(whole, gauges=np.arange(plant.gauge_Pa.size), live=False)
    before = _level(cells, trial, running)
    feeds = _level(cells, trial, own) if own.gauges.size else before
    through, beyond, out = np.zeros(1), 0.0, []
    for part, (valve, over) in shut:
        start = _level(cells, trial, part) if part.gauges.size else before
        start = before if start is None else start
        if start is None or feeds is None:
            continue
        piece = _rigid_piece(cells, trial, part, start)
        if 0 < valve < np.inf:
            gone, level = _came_through(cells, trial, (whole, part), (feeds, start), (valve, over))
            through, beyond = through + gone, float(np.hypot(beyond, _comes_out_m3(cells, trial, part, valve)))
            piece = replace(piece, level_Pa=level)
        out.append(replace(piece, joined=bool(np.isinf(valve))))
    first = [] if feeds is None or not own.gauges.size else [_fed_piece(cells, trial, whole, feeds, through, beyond)]
    return [*first, *(piece for piece in out if piece.part.gauges.size)]


def _joined(plant: Plant, own: Part, more: Sequence[tuple[Part, Array]]) -> Part:
    """A piece with others that valves join to it without any loss, each at the pressure before its valve."""
    above = own.above_Pa.copy()
    for part, over in more:
        above[:, plant.middle[part.segments]] = over[:, None]
    every = np.sort(np.concatenate([own.segments, *(part.segments for part, _ in more)]))
    return replace(own, segments=every, volume_m3=float(plant.volume_m3[every].sum()), above_Pa=above)


def _level(cells: Candidates, trial: Trial, part: Part) -> Array | None:
    """The level a piece begins at by its own gauges (1, n, 1): of the fed one when the flow had settled, of others before. None without a reading."""
    shown = (trial.start_Pa if part.live else trial.before_Pa)[part.gauges]
    if not np.isfinite(shown).any():
        return None
    around = part.above_Pa if part.live else cells.pattern.node_Pa
    return np.asarray(np.nanmean(shown - around[:, cells.plant.gauge_node[part.gauges]], axis=1)[None, :, None])


def _came_through(
    cells: Candidates, trial: Trial, parts: tuple[Part, Part], levels: tuple[Array, Array], valve: tuple[float, Array]
) -> tuple[Array, Array]:
    """What has come from the first of two pieces into the second (n_segment, n, n_rate), and its level then; every sixth rate, the rest between."""
    at = np.unique(np.append(np.arange(0, cells.rate_m3_s.size, _RATES), cells.rate_m3_s.size - 1))
    found = came_through(
        _behind(replace(cells, opening_m2=cells.opening_m2[at]), trial, parts, levels, valve), trial.hold_s
    )
    after = np.clip(np.searchsorted(at, np.arange(cells.rate_m3_s.size)), 1, at.size - 1)
    ends = cells.rate_m3_s[at]
    share = (cells.rate_m3_s - ends[after - 1]) / (ends[after] - ends[after - 1])
    few = (np.broadcast_to(one, (*cells.prior_nat.shape[:2], at.size)) for one in found)
    through, level = (one[..., after - 1] * (1 - share) + one[..., after] * share for one in few)
    return through, level


def _behind(
    cells: Candidates, trial: Trial, parts: tuple[Part, Part], levels: tuple[Array, Array], valve: tuple[float, Array]
) -> Behind:
    """The second of two pieces, fed from the first through a valve that passes."""
    plant, known, (own, part), (feeds, before) = cells.plant, cells.unknowns, parts, levels
    hole = cells.opening_m2 * trial.opening_ratio * np.sqrt(2 / plant.density_kg_m3)
    inside, at_home = (np.isin(np.arange(len(plant.segments)), p.segments)[:, None, None] for p in (part, own))
    return Behind(
        level_Pa=_started_Pa(cells, part, before),
        fed_Pa=feeds,
        over_Pa=valve[1][None, :, None],
        gas_m3=known.gas_m3[None, :, None] * plant.pressure_Pa / feeds,
        drain_m3_s=np.where(at_home, hole * np.sqrt(feeds), 0.0),
        hole_m3_s_Pa05=np.where(inside, hole, 0.0),
        above_Pa=part.above_Pa[:, plant.middle].T[:, :, None],
        valve_m3_s_Pa05=valve[0],
        give_m3_Pa=(part.volume_m3 / known.modulus_Pa)[None, :, None],
        swelling_m3_s=plant.expansion_per_K * part.volume_m3 * trial.warming_K / trial.hold_s,
        floor_Pa=plant.vapour_Pa,
        top_Pa=_top_Pa(plant, part),
    )


def _comes_out_m3(cells: Candidates, trial: Trial, part: Part, valve_m3_s_Pa05: float) -> float:
    """1 sigma of what swells unseen in a shut-in piece and leaves it: less what its liquid holds back under the pressure that drives it through."""
    swells = unseen_m3(cells.plant, part, trial.hold_s, trial.warming_K)
    give = part.volume_m3 / float(np.median(cells.unknowns.modulus_Pa))
    return max(swells - give * (swells / trial.hold_s / valve_m3_s_Pa05) ** 2, 0.0)


def _fed_piece(
    cells: Candidates, trial: Trial, part: Part, level: Array, through: Array | float = 0.0, beyond: float = 0.0
) -> PieceForecast:
    _, change, sigma = fed(cells, trial, part, level, through, beyond)
    reading = float(np.sqrt(2 / part.gauges.size) * np.sqrt(np.mean(cells.plant.gauge_Pa[part.gauges] ** 2)))
    return PieceForecast(part, change, sigma, reading, -np.inf, np.inf)


def _started_Pa(cells: Candidates, part: Part, before: Array) -> Array:
    """The mean pressure of a piece as it is shut in (1, n, 1); `before` is what the accumulator had."""
    plant = cells.plant
    share = plant.volume_m3[part.segments] / part.volume_m3
    level = before + (cells.pattern.node_Pa[:, plant.middle[part.segments]] @ share)[None, :, None]
    return np.asarray(np.maximum(level, plant.vapour_Pa))


def _top_Pa(plant: Plant, part: Part) -> float:
    """Where a shut-in piece is let off, or its gauges end."""
    gauges = np.array(plant.table.gauge, dtype=object)[part.gauges]
    tops = [g.full_scale_Pa.value for g in gauges if g.full_scale_Pa is not None]
    tops += [plant.table.relief_Pa.value] if plant.table.relief_Pa is not None else []
    return min(tops, default=np.inf)


def _rigid_piece(cells: Candidates, trial: Trial, part: Part, before: Array) -> PieceForecast:
    plant = cells.plant
    level = _started_Pa(cells, part, before)
    stiff = (cells.unknowns.modulus_Pa / part.volume_m3)[None, :, None]
    inside = np.isin(np.arange(len(plant.segments)), part.segments)[:, None, None]
    pressure = np.maximum(level + part.above_Pa[:, plant.middle].T[:, :, None], plant.vapour_Pa)
    opening = cells.opening_m2 * trial.opening_ratio
    leak = np.where(inside, opening * np.sqrt(2 * pressure / plant.density_kg_m3), 0.0)
    held = rigid_level_Pa(level, stiff, leak, trial.hold_s, plant.vapour_Pa)
    warm = plant.expansion_per_K * part.volume_m3 * trial.warming_K * stiff
    unseen = unseen_m3(plant, part, trial.hold_s, trial.warming_K) * stiff
    spread = np.hypot(unseen, (level - held) * trial.opening_sigma_ratio)
    gauges = max(part.gauges.size, 1)
    reading = float(np.hypot(np.sqrt(np.sum(plant.gauge_Pa[part.gauges] ** 2) / gauges**2), BIAS_Pa))
    return PieceForecast(
        part, held + warm, np.broadcast_to(spread, held.shape), reading, plant.vapour_Pa, _top_Pa(plant, part)
    )
