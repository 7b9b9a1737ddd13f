"""The study behind docs/measured/telemetry_channels.md, alarms of single channels: false alarms by kind of noise, delays of steps and ramps.

python tests/cases/study_channels.py quiet SEED CHANNELS DAYS STEP_S LEARN_H [KIND ...]
python tests/cases/study_channels.py delay SEED CHANNELS STEP_S LEARN_H [KIND ...]
python tests/cases/study_channels.py lasts SEED CHANNELS STEP_S LEARN_H [KIND ...]     how long an alarm lasts once the readings are back

Every channel is watched for itself: one false alarm in 30 days is asked of each. Unit: the standard deviation of the white noise of a reading.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import numpy as np
from scipy.signal import lfilter

from whipple.telemetry.channel_watch import ChannelPlan, ChannelWatch

Array = np.ndarray
ORBIT_S, MTBF_DAYS, HOUR_S, DAY_S = 5560.0, 30.0, 3600.0, 86400.0
HARMONICS = ((1, 1.0), (2, 0.4), (3, 0.15))
#: Steps at once and ramps in an hour, in sigma.
CHANGES = {
    "step 3": (3.0, 0.0),
    "step 5": (5.0, 0.0),
    "step 10": (10.0, 0.0),
    "ramp 1/h": (0.0, 1.0),
    "ramp 5/h": (0.0, 5.0),
}
#: Excursions an hour after learning: size in sigma, hours from leaving to being back, hours of the ramp on either side.
EXCURSIONS = {
    "900 sigma, 1 h": (-900.0, 1.0, 0.0),
    "40 sigma, ramps": (40.0, 2.5, 0.5),
    "6 sigma, 1 h": (6.0, 1.0, 0.0),
}


def walk(rng: np.random.Generator, shape: tuple[int, int], per_step: float) -> Array:
    return np.cumsum(rng.normal(size=shape), axis=0) * per_step


def remembering(rng: np.random.Generator, shape: tuple[int, int], memory_steps: float) -> Array:
    """First-order autoregressive noise of size 1."""
    phi = np.exp(-1 / memory_steps)
    drive = rng.normal(size=shape) * np.sqrt(1 - phi**2)
    drive[0] /= np.sqrt(1 - phi**2)
    return lfilter([1], [1, -phi], drive, axis=0)


def swing(rng: np.random.Generator, shape: tuple[int, int], step_s: float, size: float, wander: float) -> Array:
    """Three harmonics of the revolution; each amplitude is drawn, and wanders by `wander` of the size in a day (the beta angle)."""
    t_s, out = np.arange(shape[0])[:, None] * step_s, np.zeros(shape)
    for harmonic, share in HARMONICS:
        angle = 2 * np.pi * harmonic * t_s / ORBIT_S
        for wave in (np.cos(angle), np.sin(angle)):
            amplitude = rng.normal(size=(1, shape[1])) + walk(rng, shape, wander * np.sqrt(step_s / DAY_S))
            out += size * share * amplitude * wave
    return out


def stepped(value: Array, rng: np.random.Generator, step: float) -> Array:
    """The nearest code of a sensor that counts in `step`, each channel anywhere between two codes."""
    return np.round((value + rng.uniform(-step / 2, step / 2, size=(1, value.shape[1]))) / step) * step


Made = Callable[[np.random.Generator, tuple[int, int], float], Array]


def white(rng: np.random.Generator, shape: tuple[int, int], step_s: float) -> Array:
    return rng.normal(size=shape)


def hourly(size: float) -> Made:
    return lambda rng, shape, step_s: walk(rng, shape, size * np.sqrt(step_s / HOUR_S))


def kept(memory_s: float) -> Made:
    return lambda rng, shape, step_s: remembering(rng, shape, memory_s / step_s)


def swung(size: float, wander: float) -> Made:
    return lambda rng, shape, step_s: swing(rng, shape, step_s, size, wander)


#: Kind of noise: what is added up, and the step of the sensor (0: none).
KINDS: dict[str, tuple[tuple[Made, ...], float]] = {
    "white": ((white,), 0.0),
    "AR(1), 5 min": ((kept(300.0),), 0.0),
    "white + AR(1), 1 h": ((white, kept(3600.0)), 0.0),
    "white + AR(1), 6 h": ((white, kept(21600.0)), 0.0),
    "white + walk 0.1 in sqrt(h)": ((white, hourly(0.1)), 0.0),
    "white + walk 0.8 in sqrt(h)": ((white, hourly(0.8)), 0.0),
    "white + walk 5 in sqrt(h)": ((white, hourly(5.0)), 0.0),
    "walk alone": ((hourly(1.0),), 0.0),
    "white + swing 3, 10 % a day": ((white, swung(3.0, 0.1)), 0.0),
    "white + swing 20, 10 % a day": ((white, swung(20.0, 0.1)), 0.0),
    "white + swing 3, 50 % a day": ((white, swung(3.0, 0.5)), 0.0),
    "white, counts in 1": ((white,), 1.0),
    "white, counts in 3": ((white,), 3.0),
    "white + walk 0.8, counts in 10": ((white, hourly(0.8)), 10.0),
    "white + swing 3 + walk 0.8, counts in 1": ((white, swung(3.0, 0.1), hourly(0.8)), 1.0),
    "white + swing 3 + AR(1) 1 h, counts in 2": ((white, swung(3.0, 0.1), kept(3600.0)), 2.0),
    "Student t, 4 degrees": ((lambda rng, shape, step_s: rng.standard_t(4, size=shape) / np.sqrt(2),), 0.0),
    "white + day swing 2": (
        (white, lambda rng, shape, step_s: 2 * np.sin(2 * np.pi * (np.arange(shape[0])[:, None] * step_s / DAY_S + rng.uniform(size=(1, shape[1]))))),
        0.0,
    ),
}  # fmt: skip


def noise(kind: str, seed: int, shape: tuple[int, int], step_s: float) -> tuple[Array, float]:
    """Readings (n_step, n_channel) of a kind of noise before rounding, and the step of the sensor."""
    rng = np.random.default_rng([seed, list(KINDS).index(kind)])
    parts, step = KINDS[kind]
    return sum(part(rng, shape, step_s) for part in parts), step


def alarms(value: Array, step_s: float, learn_h: float) -> tuple[list[tuple[float, int, int]], ChannelWatch]:
    """What the watch says of channels (n_step, n_channel): seconds after the quiet stretch, channel, side (0: calm again)."""
    count = value.shape[1]
    watch = ChannelWatch(ChannelPlan(step_s, learn_h * HOUR_S, MTBF_DAYS / count, ORBIT_S), [0.0] * count)
    quiet, every = round(learn_h * HOUR_S / step_s), np.arange(count)
    for i in range(quiet):
        watch.learn(i, every, value[i])
    watch.settle()
    moved = [one for i in range(quiet, value.shape[0]) for one in watch.step(i, every, value[i])]
    return [(one.t_s - quiet * step_s, one.channel_count, one.side) for one in moved], watch


def false_alarms(kind: str, seed: int, count: int, days: float, step_s: float, learn_h: float) -> int:
    """Alarms of `count` channels in `days` after learning, where nothing happens."""
    shape = round((learn_h * HOUR_S + days * DAY_S) / step_s), count
    value, step = noise(kind, seed, shape, step_s)
    rounded = stepped(value, np.random.default_rng([seed, 99]), step) if step else value
    return sum(side != 0 for _, _, side in alarms(rounded, step_s, learn_h)[0])


def delays_s(
    kind: str, change: str, seed: int, count: int, step_s: float, learn_h: float, after_h: float = 12.0
) -> Array:
    """Seconds from the onset of a rise, an hour after learning, to the first alarm that says so; infinity when none comes in `after_h`."""
    shape = round((learn_h + 1 + after_h) * HOUR_S / step_s), count
    value, step = noise(kind, seed, shape, step_s)
    since = (np.arange(shape[0]) * step_s - (learn_h + 1) * HOUR_S)[:, None]
    at_once, an_hour = CHANGES[change]
    value = value + np.where(since >= 0, at_once + an_hour * since / HOUR_S, 0.0)
    rounded = stepped(value, np.random.default_rng([seed, 99]), step) if step else value
    out = np.full(count, np.inf)
    for at_s, channel, side in alarms(rounded, step_s, learn_h)[0]:
        if side > 0 and at_s > HOUR_S:
            out[channel] = min(out[channel], at_s - HOUR_S)
    return out


def lasts_s(
    kind: str, excursion: str, seed: int, count: int, step_s: float, learn_h: float, after_h: float = 10.0
) -> tuple[Array, int]:
    """Seconds from the last reading that is off to the end of the last alarm, infinity where it has none in `after_h`; and alarms begun after it."""
    size, hours, ramp_h = EXCURSIONS[excursion]
    shape = round((learn_h + 1 + hours + after_h) * HOUR_S / step_s), count
    value, step = noise(kind, seed, shape, step_s)
    since_h = np.arange(shape[0]) * step_s / HOUR_S - learn_h - 1
    inside = np.minimum(since_h, hours - since_h)
    shape_ratio = np.clip(inside / ramp_h, 0.0, 1.0) if ramp_h else (inside >= 0) & (since_h < hours)
    value = value + (size * shape_ratio)[:, None]
    rounded = stepped(value, np.random.default_rng([seed, 99]), step) if step else value
    end_s, out, anew = (1 + hours) * HOUR_S, np.zeros(count), 0
    for at_s, channel, side in alarms(rounded, step_s, learn_h)[0]:
        out[channel] = np.inf if side else at_s - end_s
        anew += bool(side) and at_s > end_s
    return out, anew


def main() -> None:
    """Print one line a kind of noise."""
    what, seed, count, *rest = sys.argv[1:]
    if what == "quiet":
        days, step_s, learn_h = (float(one) for one in rest[:3])
        for kind in rest[3:] or KINDS:
            found, months = false_alarms(kind, int(seed), int(count), days, step_s, learn_h), int(count) * days / 30
            sys.stdout.write(f"{kind:42s} {found:5d} in {months:.0f} channel-months: {found / months:.2f} a month\n")
        return
    step_s, learn_h = (float(one) for one in rest[:2])
    for kind in rest[2:] or KINDS:
        told = []
        for excursion in EXCURSIONS if what == "lasts" else ():
            last, anew = lasts_s(kind, excursion, int(seed), int(count), step_s, learn_h)
            middle, most, soon = np.median(last) / 60, last.max() / 60, 100 * (last <= 1800).mean()
            told.append(f"{excursion}: {middle:.0f} min, at most {most:.0f} ({soon:.0f} % in 30, {anew} anew)")
        for change in CHANGES if what == "delay" else ():
            late = delays_s(kind, change, int(seed), int(count), step_s, learn_h)
            seen, middle = np.isfinite(late).mean(), np.median(late)
            told.append(f"{change}: {middle / 60:.1f} min ({100 * seen:.0f} %)")
        sys.stdout.write(f"{kind:42s} {'; '.join(told)}\n")


if __name__ == "__main__":
    main()
