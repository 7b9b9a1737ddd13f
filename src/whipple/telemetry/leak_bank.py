"""Is the loop leaking? Innovations of the compensated pressure against ramps from many onsets at once (generalised likelihood ratio)."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from whipple.casefile.estimate import Array
from whipple.telemetry.gas_law import LEAST_VOLUME, GasLaw, LoopFacts
from whipple.telemetry.quantised import score_information

__all__ = ["LoopBank", "LoopLaws", "Reading", "Stepped", "new_bank", "stack_laws", "step_bank"]

#: Onsets tried: on each of `LEVELS` scales the last `SLOTS` multiples of 2^level steps, so that spacing is a quarter of the age or less.
SLOTS, LEVELS = 8, 9
_SWING_WALK_K, _TRACK = 1e-4, 0.2
#: A rare code of a coarse sensor says more than a normal law would allow: no innovation counts for more than this many sigma.
_CLIP_RATIO = 3.5
#: A ramp of this age needs no handicap; a younger one has had as many more chances to be seen by accident as it is younger.
_OLD_COUNT = 256.0
#: The thermometers surprise the filter when the running mean square of its innovations is beyond this; the walk is then this much wider.
_SURPRISED_RATIO, _HURRIED_RATIO = 3.0, 1000.0
_SEEN = np.array([1.0, 1.0, 0.0, 1.0, 0.0])
#: The level of the law is known to this after learning, and may drift by this a step (46 Pa a day at 10 s): judgements of this project.
LEVEL_PA, DRIFT_PA = 15.0, 0.5


@dataclass(frozen=True)
class LoopLaws:
    """The learned laws of several loops side by side (n_run,): the same numbers as `GasLaw`."""

    level_Pa: Array
    couple_per_K: Array
    keep_ratio: Array
    bias_Pa: Array
    noise_Pa: Array
    temperature_K: Array
    walk_K: Array
    reading_K: Array
    offset_K: Array
    gain_ratio: Array
    lag_s: Array
    cools_ratio: Array


@dataclass(frozen=True)
class Reading:
    """One step: `temperature_K` (n_run, n_thermometer) and `pressure_Pa` (n_run, n_sensor), NaN where nothing was heard."""

    temperature_K: Array
    pressure_Pa: Array


@dataclass(frozen=True)
class LoopBank:
    """State of the filter and of the bank. Runs first; `liquid_K` (n_run, 5) level and swing, `error_K` (n_run, 3) of liquid, gas
    and level [K, K, Pa].

    `mark_per_s` (n_run, n_onset, 3) how a leak of one volume a second would bend the filter; `pull_s`, `weight_s2` (n_run, n_onset) its score
    and information; `age_count` (n_onset,).
    """

    step_count: int
    liquid_K: Array
    liquid_K2: Array
    surprise_ratio: Array
    gas_K: Array
    error_K: Array
    error_K2: Array
    shift_Pa: Array
    mark_per_s: Array
    pull_s: Array
    weight_s2: Array
    age_count: Array

    def to_plain(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {f.name: v.tolist() if isinstance(v := getattr(self, f.name), np.ndarray) else v for f in fields(self)}

    @classmethod
    def from_plain(cls, plain: dict[str, Any]) -> LoopBank:
        """Back from `to_plain`."""
        arrays = {f.name: np.array(plain[f.name], float) for f in fields(cls) if f.name != "step_count"}
        return cls(step_count=int(plain["step_count"]), **arrays)


@dataclass(frozen=True)
class Stepped:
    """What one step said (n_run,): `tight_Pa` expected, `missed_Pa` innovation of the fused pressure and its `variance_Pa2` (inf unheard).

    `level_nat` the largest log likelihood ratio over all onsets, `rate_per_s` the leak there (volume over gas volume), `age_count` its age.
    `bend_Pa_K` (n_run, 3) is how those errors enter; `sensor_Pa` (n_run, n_sensor) each sensor against expectation;
    `state_K` (n_run, 5) level and swings of the liquid.
    """

    tight_Pa: Array
    missed_Pa: Array
    variance_Pa2: Array
    bend_Pa_K: Array
    level_nat: Array
    rate_per_s: Array
    age_count: Array
    sensor_Pa: Array
    information_per_Pa2: Array
    liquid_K: Array
    gas_K: Array
    state_K: Array

    def rows(self, low: int, high: int) -> Stepped:
        """The runs `low` to `high` alone."""
        return Stepped(*(getattr(self, name)[low:high] for name in _SAID))


_SAID = tuple(field.name for field in fields(Stepped))


def stack_laws(laws: list[GasLaw], facts: LoopFacts) -> LoopLaws:
    """Several laws side by side."""

    def column(name: str) -> Array:
        return np.array([getattr(law, name) for law in laws], float)

    walk, reading = column("walk_K"), column("reading_K")
    ahead = (walk**2 + np.sqrt(walk**4 + 4 * walk**2 * reading**2)) / 2
    return LoopLaws(
        column("level_Pa"), column("couple_per_K"), np.exp(-facts.cadence_s / column("lag_s")), column("bias_Pa"),
        column("noise_Pa"), column("temperature_K"), walk, reading, column("offset_K"), ahead / (ahead + reading**2),
        column("lag_s"), column("cools_ratio"),
    )  # fmt: skip


def new_bank(laws: list[GasLaw], facts: LoopFacts, start_s: float, liquid_K: Array, gas_K: Array) -> LoopBank:
    """Begin at the step before `start_s` with the last known temperatures (n_run,)."""
    run, onset = len(laws), SLOTS * LEVELS
    state, cov = np.zeros((run, 5)), np.zeros((run, 5, 5))
    for i, law in enumerate(laws):
        angle = 2 * np.pi * (start_s - facts.cadence_s - law.zero_s) / facts.orbit_s
        for harmonic in (1, 2):
            s, c = law.swing_K[2 * harmonic - 2 : 2 * harmonic]
            sin, cos = np.sin(harmonic * angle), np.cos(harmonic * angle)
            state[i, 2 * harmonic - 1 : 2 * harmonic + 1] = s * sin + c * cos, s * cos - c * sin
        state[i, 0] = liquid_K[i] - state[i, 1] - state[i, 3]
        gain = stack_laws([law], facts).gain_ratio[0]
        cov[i] = np.diag([gain * law.reading_K**2, 2.5e-5, 2.5e-5, 1e-5, 1e-5])
    error = np.zeros((run, 3, 3))
    error[:, 0, 0] = cov[:, 0, 0]
    error[:, 1, 1] = 0.2 * cov[:, 0, 0]
    error[:, 2, 2] = LEVEL_PA**2
    return LoopBank(
        0, state, cov, np.ones(run), np.asarray(gas_K, float), np.zeros((run, 3)), error, np.zeros(run), np.zeros((run, onset, 3)),
        np.zeros((run, onset)), np.zeros((run, onset)), np.full(onset, np.nan),
    )  # fmt: skip


def step_bank(bank: LoopBank, laws: LoopLaws, facts: LoopFacts, reading: Reading) -> tuple[LoopBank, Stepped]:
    """One step of `cadence_s`: follow the temperature, expect the pressure, weigh what each sensor's code says, update every onset."""
    liquid, cov, stays, surprise = _follow(bank, laws, facts, reading.temperature_K)
    warm_K = liquid[:, 0] + liquid[:, 1] + liquid[:, 3]
    gas, volume = _gas_K(bank, laws, facts, warm_K)
    tight = laws.level_Pa * gas / laws.temperature_K / volume
    swells = (1 + laws.cools_ratio) * laws.couple_per_K
    bend = np.stack([-tight * swells, -tight / laws.temperature_K, np.ones(tight.size)], 1)
    error, error_cov, move = _ahead(bank, laws, cov, stays)
    shift, sensor, information = _codes(bank, laws, facts, reading.pressure_Pa, tight + (bend * error).sum(1))
    total = information.sum(1)
    z = bank.shift_Pa + np.where(total > 0, shift / np.maximum(total, 1e-30), -bank.shift_Pa)
    lean = np.einsum("rij,rj->ri", error_cov, bend)
    variance = (bend * lean).sum(1) + 1 / np.maximum(total, 1e-30)
    z = np.clip(z, -_CLIP_RATIO * np.sqrt(variance), _CLIP_RATIO * np.sqrt(variance))
    gain = np.where((total > 0)[:, None], lean / variance[:, None], 0.0)
    said = (z, variance, total > 0)
    marks, pull, weight, age = _onsets(bank, move, (bend, gain), said, _fall_Pa_s(bank, laws, facts, tight))
    after = replace(
        bank, step_count=bank.step_count + 1, surprise_ratio=surprise, liquid_K=liquid, liquid_K2=cov, gas_K=gas, error_K=error + gain * z[:, None],
        error_K2=error_cov - np.einsum("ri,rj->rij", gain, lean), mark_per_s=marks, pull_s=pull, weight_s2=weight, age_count=age,
        shift_Pa=bank.shift_Pa + np.where(total > 0, _TRACK * (z - bank.shift_Pa), 0.0),
    )  # fmt: skip
    level = np.where(pull > 0, pull**2 / np.maximum(2 * weight, 1e-300) - _many_tries_nat(age), 0.0)
    best = np.argmax(level, 1)
    run = np.arange(best.size)
    rate = pull[run, best] / np.maximum(weight[run, best], 1e-300)
    missed = np.where(total > 0, variance, np.inf)
    return after, Stepped(
        tight, z, missed, bend, level[run, best], rate, age[best], sensor, information, warm_K, gas, liquid
    )


def _many_tries_nat(age: Array) -> Array:
    """The handicap of an onset `age` steps ago: ramps of age a give 1/a independent tries a step."""
    return np.log(np.maximum(_OLD_COUNT / np.where(age > 0, age, 1.0), 1.0))


def _follow(bank: LoopBank, laws: LoopLaws, facts: LoopFacts, reading_K: Array) -> tuple[Array, Array, Array, Array]:
    """Kalman filter of the liquid: a walking level, two swings that turn; thermometers that are silent are left out.

    The level may walk faster while the readings surprise it: a thermal transient. Third: the share of an error that stays a step.
    """
    turn = np.eye(5)
    for harmonic in (1, 2):
        angle = 2 * np.pi * harmonic * facts.cadence_s / facts.orbit_s
        k = 2 * harmonic - 1
        turn[k : k + 2, k : k + 2] = [[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]]
    state = bank.liquid_K @ turn.T
    cov = turn @ bank.liquid_K2 @ turn.T
    cov[:, 0, 0] += laws.walk_K**2 * np.where(bank.surprise_ratio > _SURPRISED_RATIO, _HURRIED_RATIO, 1.0)
    for k in range(1, 5):
        cov[:, k, k] += _SWING_WALK_K**2
    count = np.isfinite(reading_K).sum(1)
    fused = np.nansum(reading_K - laws.offset_K, 1) / np.maximum(count, 1)
    lean = cov @ _SEEN
    variance = lean @ _SEEN + laws.reading_K**2 * reading_K.shape[1] / np.maximum(count, 1)
    missed = np.where(count > 0, fused - state @ _SEEN, 0.0)
    gain = np.where((count > 0)[:, None], lean / variance[:, None], 0.0)
    surprise = bank.surprise_ratio + np.where(count > 0, 0.1 * (missed**2 / variance - bank.surprise_ratio), 0.0)
    return state + gain * missed[:, None], cov - np.einsum("ri,rj->rij", gain, lean), 1 - gain @ _SEEN, surprise


def _gas_K(bank: LoopBank, laws: LoopLaws, facts: LoopFacts, liquid_K: Array) -> tuple[Array, Array]:
    """Temperature of the gas a step on, and its volume over that at charge (n_run,): it follows the liquid, and warms as that swells."""
    then, now = (_volume_ratio(laws, facts, x) for x in (bank.liquid_K @ _SEEN, liquid_K))
    power = now**laws.cools_ratio
    stored = laws.keep_ratio * bank.gas_K * then**laws.cools_ratio + (1 - laws.keep_ratio) * liquid_K * power
    return stored / power, now


def _volume_ratio(laws: LoopLaws, facts: LoopFacts, liquid_K: Array) -> Array:
    warm = liquid_K - laws.temperature_K
    return np.maximum(1 - laws.couple_per_K * warm / (1 - facts.expansion_per_K * warm), LEAST_VOLUME)


def _fall_Pa_s(bank: LoopBank, laws: LoopLaws, facts: LoopFacts, tight_Pa: Array) -> Array:
    """By how much a leak of one volume a second from each onset has let the pressure fall (n_run, n_onset); the gas cools as it expands."""
    age_s = np.nan_to_num(_ages(bank)) * facts.cadence_s
    cooled = laws.cools_ratio * laws.lag_s
    return np.asarray(tight_Pa[:, None] * (age_s - cooled[:, None] * np.expm1(-age_s / laws.lag_s[:, None])))


def _ages(bank: LoopBank) -> Array:
    """Age of every onset at this step; new ones take the oldest slots."""
    age = bank.age_count + 1
    age[_new_slots(bank)] = 1.0
    return np.asarray(age)


def _new_slots(bank: LoopBank) -> list[int]:
    due = [level for level in range(LEVELS) if bank.step_count % (1 << level) == 0]
    return [level * SLOTS + (bank.step_count >> level) % SLOTS for level in due]


def _ahead(bank: LoopBank, laws: LoopLaws, cov_K2: Array, stays: Array) -> tuple[Array, Array, Array]:
    """One step of the errors of the followed temperature, of what the gas made of it (but for the heat of its swelling, which comes at once),
    and of the level: mean, covariance, matrix."""
    before = np.einsum("i,rij,j->r", _SEEN, bank.liquid_K2, _SEEN)
    fresh = np.maximum(np.einsum("i,rij,j->r", _SEEN, cov_K2, _SEEN) - stays**2 * before, 0.0)
    lag = (1 - laws.keep_ratio) * (1 - laws.cools_ratio * laws.couple_per_K * laws.temperature_K)
    move = np.zeros((stays.size, 3, 3))
    move[:, 2, 2] = 1.0
    move[:, 0, 0], move[:, 1, 0], move[:, 1, 1] = stays, lag * stays, laws.keep_ratio
    cov = move @ bank.error_K2 @ move.transpose(0, 2, 1)
    cov[:, 0, 0] += fresh
    cov[:, 0, 1] += lag * fresh
    cov[:, 1, 0] += lag * fresh
    cov[:, 1, 1] += lag**2 * fresh
    cov[:, 2, 2] += DRIFT_PA**2
    return np.einsum("rij,rj->ri", move, bank.error_K), cov, move


def _codes(
    bank: LoopBank, laws: LoopLaws, facts: LoopFacts, pressure_Pa: Array, expected_Pa: Array
) -> tuple[Array, Array, Array]:
    """Sum of the scores of the codes, each sensor against what was expected, and the information of each; silent ones count nothing."""
    off = pressure_Pa - expected_Pa[:, None] - laws.bias_Pa
    heard = np.isfinite(off)
    slope, information = score_information(
        np.where(heard, off, 0.0) - bank.shift_Pa[:, None], facts.step_Pa, laws.noise_Pa[:, None]
    )
    return (slope * heard).sum(1), off, information * heard


def _onsets(
    bank: LoopBank, move: Array, filtered: tuple[Array, Array], said: tuple[Array, Array, Array], fall_Pa_s: Array
) -> tuple[Array, Array, Array, Array]:
    """Every onset one step on: a leak begun then would bend the innovations by its signature; new onsets take the oldest slots."""
    (bend, gain), (z, variance, heard) = filtered, said
    marks, pull, weight, fresh = bank.mark_per_s.copy(), bank.pull_s.copy(), bank.weight_s2.copy(), _new_slots(bank)
    marks[:, fresh], pull[:, fresh], weight[:, fresh] = 0.0, 0.0, 0.0
    marks = marks @ move.transpose(0, 2, 1)
    signature = -fall_Pa_s - (marks * bend[:, None, :]).sum(2)
    signature = signature * heard[:, None]
    marks = marks + signature[:, :, None] * gain[:, None, :]
    pull = pull + signature * (z / variance)[:, None]
    weight = weight + signature**2 / variance[:, None]
    return marks, pull, weight, _ages(bank)
