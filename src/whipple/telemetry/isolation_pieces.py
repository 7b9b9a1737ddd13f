"""What does each piece of the loop do while valves are shut? Fed by the accumulator, or shut in and rigid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from whipple.casefile.estimate import Array
from whipple.telemetry.isolation_cells import Candidates, Trial
from whipple.telemetry.isolation_forward import fed_fall_Pa, rigid_level_Pa, unseen_m3
from whipple.telemetry.isolation_plant import BIAS_Pa, Part, split

__all__ = ["PieceForecast", "accumulator_Pa", "fed", "forecast_pieces", "rate_step_ratio"]

#: How much of the leak's answer to a swing of the pressure is open, as the swing's path is not followed: 15 % of the swing.
_PATH = 0.15


@dataclass(frozen=True)
class PieceForecast:
    """One piece at the end of a hold: level (n_segment, n, n_rate) if segment i leaks, its 1 sigma (temperature not seen; same shape or scalar),
    1 sigma of reading it, and between which pressures it stays. For a fed piece the level is the change over the hold."""

    part: Part
    level_Pa: Array
    spread_Pa: Array
    reading_Pa: float
    floor_Pa: float
    top_Pa: float


def fed(cells: Candidates, trial: Trial, part: Part, level_Pa: Array) -> tuple[Array, Array, Array]:
    """A piece with the accumulator at `level_Pa` (1, n, 1): the leak at the end, the change of its pressure, and 1 sigma of that.

    All (n_segment, n, n_rate). The sigma holds what the thermometers do not tell, the gas's own temperature, and half a step of the rates.
    """
    plant, known = cells.plant, cells.unknowns
    gas = known.gas_m3[None, :, None] * plant.pressure_Pa / level_Pa
    left = np.maximum(known.pushed_m3[None, :, None] + known.gas_m3[None, :, None] - gas, 0.0)
    inside = np.isin(np.arange(len(plant.segments)), part.segments)[:, None, None]
    pressure = np.maximum(level_Pa + part.above_Pa[:, plant.middle].T[:, :, None], plant.vapour_Pa)
    leak = np.where(inside, cells.opening_m2 * np.sqrt(2 * pressure / plant.density_kg_m3), 0.0)
    grown = plant.expansion_per_K * part.volume_m3 * trial.warming_K
    ended = level_Pa + fed_fall_Pa(level_Pa, gas, left, leak, trial.hold_s, plant.vapour_Pa, grown)
    (gas_K, gas_sigma_K), kelvin = trial.gas_K, plant.table.temperature_K.value
    softness = ended**2 / (level_Pa * gas)
    lost = np.maximum(gas * level_Pa / ended + grown - gas, 0.0)
    unsure = unseen_m3(plant, part, trial.hold_s, trial.warming_K) + _PATH * np.abs(grown) / gas * lost
    sigma = np.sqrt(
        (softness * unsure) ** 2 + (ended * gas_sigma_K / kelvin) ** 2 + (softness * lost * rate_step_ratio(cells)) ** 2
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
    plant, node = cells.plant, cells.plant.gauge_node
    parts = split(plant, cells.unknowns, trial.closed, trial.off)[0] if parts is None else parts
    out = []
    for part in (part for part in parts if part.gauges.size):
        shown = (trial.start_Pa if part.live else trial.before_Pa)[part.gauges]
        around = part.above_Pa if part.live else cells.pattern.node_Pa
        if not np.isfinite(shown).any():
            continue
        level = np.nanmean(shown - around[:, node[part.gauges]], axis=1)[None, :, None]
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


def _fed_piece(cells: Candidates, trial: Trial, part: Part, level: Array) -> PieceForecast:
    _, change, sigma = fed(cells, trial, part, level)
    reading = float(np.sqrt(2 / part.gauges.size) * np.sqrt(np.mean(cells.plant.gauge_Pa[part.gauges] ** 2)))
    return PieceForecast(part, change, sigma, reading, -np.inf, np.inf)


def _rigid_piece(cells: Candidates, trial: Trial, part: Part, before: Array) -> PieceForecast:
    plant, known = cells.plant, cells.unknowns
    share = plant.volume_m3[part.segments] / part.volume_m3
    level = np.maximum(
        before + (cells.pattern.node_Pa[:, plant.middle[part.segments]] @ share)[None, :, None], plant.vapour_Pa
    )
    stiff = (known.modulus_Pa / part.volume_m3)[None, :, None]
    inside = np.isin(np.arange(len(plant.segments)), part.segments)[:, None, None]
    pressure = np.maximum(level + part.above_Pa[:, plant.middle].T[:, :, None], plant.vapour_Pa)
    leak = np.where(inside, cells.opening_m2 * np.sqrt(2 * pressure / plant.density_kg_m3), 0.0)
    held = rigid_level_Pa(level, stiff, leak, trial.hold_s, plant.vapour_Pa)
    warm = plant.expansion_per_K * part.volume_m3 * trial.warming_K * stiff
    spread = unseen_m3(plant, part, trial.hold_s, trial.warming_K) * stiff
    tops = [
        g.full_scale_Pa.value
        for g in np.array(plant.table.gauge, dtype=object)[part.gauges]
        if g.full_scale_Pa is not None
    ]
    tops += [plant.table.relief_Pa.value] if plant.table.relief_Pa is not None else []
    reading = float(np.hypot(np.sqrt(np.mean(plant.gauge_Pa[part.gauges] ** 2) / part.gauges.size), BIAS_Pa))
    return PieceForecast(
        part, held + warm, np.broadcast_to(spread, held.shape), reading, plant.vapour_Pa, min(tops, default=np.inf)
    )
