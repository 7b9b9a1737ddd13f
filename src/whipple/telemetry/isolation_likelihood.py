"""How likely are these readings if segment i leaks at this rate? The running loop, and every piece of it when valves are shut."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.special import chdtrc, log_ndtr, logsumexp, ndtri

from whipple.casefile.estimate import FLOOR_NAT, Array
from whipple.telemetry.isolation_cells import Candidates, Trial
from whipple.telemetry.isolation_pieces import PieceForecast, fed, forecast_passing, forecast_pieces
from whipple.telemetry.isolation_plant import Part
from whipple.telemetry.isolation_valves import passing_states

__all__ = ["held_log_density", "likelihood_nat", "misfit_sigma", "running_forecast"]

#: Readings this near to what a cell says fit: no other explanation is looked for.
_FITS_SIGMA = 2.0


def likelihood_nat(cells: Candidates, trial: Trial) -> Array:
    """ln p(readings | segment, unknowns, rate) (n_segment, n, n_rate) of one trial, up to a constant. Trials are independent: add them.

    One trial in a thousand is taken for a blunder that says nothing: the likelihood is floored at that share of its mean over the prior, so
    that no single trial convicts (the house's floor of evidence).

    >>> from whipple.telemetry.isolation_cells import candidates
    >>> from whipple.telemetry.isolation_plant import plant_of
    >>> from whipple.telemetry.isolation_simulate import leaking_loop, ring_loop
    >>> cells = candidates(plant_of(ring_loop()), np.random.default_rng(1), 4)
    >>> leak = leaking_loop(ring_loop(), seed=1, segment=3, rate_per_h=0.02)
    >>> nat = likelihood_nat(cells, leak.trial(frozenset({"v2", "v6"}), frozenset(), 600.0))
    >>> nat.shape, bool(nat[3].max() > nat[0].max())
    ((8, 4, 412), True)
    """
    sure = _sure_nat(cells, trial)
    return np.logaddexp(sure, FLOOR_NAT + logsumexp(sure + cells.prior_nat))


def _sure_nat(cells: Candidates, trial: Trial) -> Array:
    """The same, every reading believed."""
    total = np.zeros(cells.prior_nat.shape)
    if trial.running:
        off = _running_off(cells, trial)
        return total if off is None else -0.5 * np.sum(off**2, axis=-1)
    tight_prob, states = passing_states(cells.plant, trial.closed)
    total = (
        _pieces_nat(cells, trial, forecast_pieces(cells, trial)) + np.log(tight_prob)
        if tight_prob > 0
        else total - np.inf
    )
    for prob, leakage in states:
        total = np.logaddexp(total, np.log(prob) + _pieces_nat(cells, trial, forecast_passing(cells, trial, leakage)))
    return total


def _pieces_nat(cells: Candidates, trial: Trial, pieces: Sequence[PieceForecast]) -> Array:
    """What the gauges of every piece say. A piece that a valve feeds without any loss is at the pressure of no one piece: there a reading is anywhere
    between its ends (or up to twice the charge)."""
    total = np.zeros(cells.prior_nat.shape)
    for piece, gauges in _seen(trial, pieces):
        if piece.joined:
            total = total - np.log(min(piece.top_Pa, 2 * cells.plant.pressure_Pa) - piece.floor_Pa)
        else:
            total = total + _piece_nat(cells, trial, piece, gauges)
    return total


def misfit_sigma(cells: Candidates, trial: Trial) -> float:
    """By how many sigma the best of all cells misses these readings: 0 to 2 when something fits. Shut-in pieces are not judged.

    >>> from whipple.telemetry.isolation_cells import candidates
    >>> from whipple.telemetry.isolation_plant import plant_of
    >>> from whipple.telemetry.isolation_simulate import leaking_loop, ring_loop
    >>> cells = candidates(plant_of(ring_loop()), np.random.default_rng(1), 4)
    >>> look = leaking_loop(ring_loop(), seed=1, segment=3, rate_per_h=0.02).first_look(1800.0)
    >>> misfit_sigma(cells, look) < 2
    True
    """
    if trial.running:
        off = _running_off(cells, trial)
        if off is None:
            return 0.0
        tail = float(chdtrc(off.shape[-1], np.sum(off**2, axis=-1).min()))
        return float(-ndtri(np.clip(tail / 2, 1e-300, 0.5)))
    best = _most_off(cells, trial, forecast_pieces(cells, trial))
    for _, leakage in passing_states(cells.plant, trial.closed)[1]:
        best = (
            best if best < _FITS_SIGMA else min(best, _most_off(cells, trial, forecast_passing(cells, trial, leakage)))
        )
    return best


def _most_off(cells: Candidates, trial: Trial, pieces: Sequence[PieceForecast]) -> float:
    off_sigma = [_live_off(trial, p, gauges)[0] for p, gauges in _seen(trial, pieces) if p.part.live]
    return max((float(np.abs(one).min()) for one in off_sigma), default=0.0)


def _seen(trial: Trial, pieces: Sequence[PieceForecast]) -> list[tuple[PieceForecast, npt.NDArray[np.int64]]]:
    """The pieces of which something was read before and after, and by which gauges."""
    out = []
    for piece in pieces:
        first = trial.start_Pa if piece.part.live else trial.before_Pa
        seen = np.isfinite(trial.after_Pa + first)[piece.part.gauges]
        if seen.any():
            out.append((piece, piece.part.gauges[seen]))
    return out


def _live_off(trial: Trial, piece: PieceForecast, gauges: npt.NDArray[np.int64]) -> tuple[Array, Array]:
    """How far the change of a fed piece is from what each cell says, in sigma, and that sigma."""
    change = float(np.mean(trial.after_Pa[gauges] - trial.start_Pa[gauges]))
    sigma = np.hypot(piece.spread_Pa, piece.reading_Pa)
    return (change - piece.level_Pa) / sigma, sigma


def _piece_nat(cells: Candidates, trial: Trial, piece: PieceForecast, gauges: npt.NDArray[np.int64]) -> Array:
    if piece.part.live:
        off, sigma = _live_off(trial, piece, gauges)
        return -0.5 * off**2 - np.log(sigma)
    around = piece.part.above_Pa[:, cells.plant.gauge_node[gauges]]
    level = np.mean(trial.after_Pa[gauges] - around, axis=1)[None, :, None]
    return held_log_density(level, piece.level_Pa, piece.spread_Pa, piece.reading_Pa, piece.floor_Pa, piece.top_Pa)


def held_log_density(seen: Array, level: Array, spread: Array, reading: float, floor: float, top: float) -> Array:
    """ln density of reading `seen` +- `reading` of a normal level +- `spread` that is held between `floor` and `top` (a censored normal).

    A level that has been held at the top may have come down again since: half of that share is spread evenly between the ends.

    >>> round(float(held_log_density(np.array(0.0), np.array(0.0), np.array(1.0), 0.1, -np.inf, np.inf)), 3)
    -0.924
    """
    wide = np.sqrt(spread**2 + reading**2)
    inside = -0.5 * ((seen - level) / wide) ** 2 - np.log(wide)
    total = inside
    if np.isfinite(floor) or np.isfinite(top):
        centre, narrow = (level * reading**2 + seen * spread**2) / wide**2, spread * reading / wide
        total = inside + log_ndtr(np.minimum(centre - floor, top - centre) / narrow)
    for end, side in ((floor, floor - level), (top, level - top)):
        if np.isfinite(end):
            at_end = -0.5 * ((seen - end) / reading) ** 2 - np.log(reading)
            if end == top:
                anywhere = np.where(
                    (seen >= floor) & (seen <= top), 0.5 * np.log(2 * np.pi) - np.log(top - floor), -np.inf
                )
                at_end = np.logaddexp(at_end, anywhere) - np.log(2)
            total = np.logaddexp(total, at_end + log_ndtr(side / spread))
    return total - 0.5 * np.log(2 * np.pi)


def _running_off(cells: Candidates, trial: Trial) -> Array | None:
    """The running loop: changes of gauges and meters less what each cell says, whitened (n_segment, n, n_rate, n_seen); None without any."""
    seen = np.concatenate([trial.after_Pa - trial.before_Pa, trial.flow_change_m3_s])
    used = np.isfinite(seen)
    if not used.any() or not np.isfinite(trial.before_Pa).any():
        return None
    mean, covariance = running_forecast(cells, trial)
    root = np.linalg.cholesky(covariance[np.ix_(used, used)])
    return np.asarray((seen - mean)[..., used] @ np.linalg.inv(root).T)


def running_forecast(cells: Candidates, trial: Trial) -> tuple[Array, Array]:
    """The running loop: what each cell says of the changes of gauges and meters (n_segment, n, n_rate, n_seen), and their covariance.

    The covariance, the same for all cells, is noise, the drift of losses, heads and gains, and the temperature's common pull.
    """
    plant, pattern = cells.plant, cells.pattern
    before = np.nanmean(trial.before_Pa - pattern.node_Pa[:, plant.gauge_node], axis=1)[None, :, None]
    segments, gauge_count = np.arange(len(plant.segments)), plant.gauge_Pa.size
    whole = Part(segments, np.arange(gauge_count), float(plant.volume_m3.sum()), True, pattern.node_Pa)
    leak, change, sigma = fed(cells, trial, whole, before)
    gauge = change[..., None] + leak[..., None] * pattern.gauge_Pa_s_m3[:, :, None, :]
    mean = np.concatenate([gauge, leak[..., None] * pattern.meter_ratio[:, :, None, :]], axis=-1)
    gauges = np.concatenate([np.ones(gauge_count), np.zeros(plant.meter_m3_s.size)])
    noise = np.sqrt(2) * np.concatenate([plant.gauge_Pa, plant.meter_m3_s])
    gain = np.concatenate([0 * plant.gauge_Pa, plant.meter_drift_ratio * np.median(pattern.meter_m3_s, axis=0)])
    drift = cells.drift * np.append(np.ones(len(cells.drift) - 1), np.hypot(trial.warming_K, plant.uneven_K))[:, None]
    near = np.argmin(np.abs(change - np.nanmean(trial.after_Pa - trial.before_Pa)))
    level_sigma = float(np.broadcast_to(sigma, change.shape).ravel()[near])
    return mean, np.diag(noise**2 + gain**2) + drift.T @ drift + level_sigma**2 * np.outer(gauges, gauges)
