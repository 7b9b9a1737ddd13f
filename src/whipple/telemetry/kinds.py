"""What kind of event was it? A transparent score: which signs are there, and how often each kind would show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from whipple.casefile.findings.onset import ChannelVerdict
from whipple.casefile.tables.channel import ChannelTable
from whipple.telemetry.alarm import Alarm
from whipple.telemetry.loop_signal import LoopSignal
from whipple.telemetry.onset_posterior import OnsetPosterior

__all__ = ["KINDS", "SIGNS", "Sign", "read_signs", "weigh_kinds"]

KINDS = ("leak", "sensor fault", "common data path", "thermal transient", "pump or valve event", "unknown")


@dataclass(frozen=True)
class Sign:
    """A yes-or-no sign and the probability that each kind, in the order of `KINDS`, would show it."""

    name: str
    shown_prob: tuple[float, ...]


#: Every number is a judgement `[proposal]`, source whipple_judgement: a sign that follows from the kind 0.95-0.98, one that would be a
#: coincidence 0.03-0.05, no opinion 0.5. All kinds are equally probable beforehand. The case of 14 Jan 2015, when one multiplexer sent
#: four off-scale readings, is why data paths are asked about (telemetry.md section 8).
SIGNS = (
    Sign("every pressure sensor of the loop moved", (0.98, 0.03, 0.5, 0.95, 0.95, 0.5)),
    Sign("the sensors that moved agree on how much", (0.97, 0.3, 0.2, 0.95, 0.95, 0.5)),
    Sign("the sensors that moved use more than one data path", (0.97, 0.05, 0.03, 0.97, 0.97, 0.5)),
    Sign("a channel outside the loop moved on a data path of theirs", (0.03, 0.03, 0.95, 0.1, 0.05, 0.5)),
    Sign("the loop's temperature explains most of it", (0.03, 0.03, 0.03, 0.95, 0.05, 0.3)),
    Sign("the change goes on instead of stopping after a step", (0.97, 0.3, 0.2, 0.8, 0.05, 0.5)),
    Sign("the pressure fell", (0.98, 0.5, 0.5, 0.5, 0.5, 0.5)),
    Sign("the gyros' momentum changed, on other data paths", (0.5, 0.05, 0.05, 0.05, 0.1, 0.3)),
)
#: A leak pushes the ship: what its attitude does is no sign that sensors share a fault, and no proof of a leak where it stays.
_PUSHED = ("momentum", "rate")


def weigh_kinds(signs: dict[str, bool]) -> dict[str, float]:
    """Probability of each kind from the signs that could be read; a sign that could not be read is left out.

    >>> found = weigh_kinds({"every pressure sensor of the loop moved": False})
    >>> max(found, key=found.get)
    'sensor fault'
    """
    weight = np.ones(len(KINDS))
    for sign in SIGNS:
        if sign.name in signs:
            shown = np.array(sign.shown_prob)
            weight *= shown if signs[sign.name] else 1 - shown
    return {kind: float(w) for kind, w in zip(KINDS, weight / weight.sum(), strict=True)}


def read_signs(
    loop: LoopSignal,
    heard: Alarm,
    when: OnsetPosterior,
    tables: Sequence[ChannelTable],
    verdicts: Sequence[ChannelVerdict],
) -> dict[str, bool]:
    """Which of the signs are there; those that the channels cannot show are missing from the answer."""
    by_name = {table.name: table for table in tables}
    inside = [v for v in verdicts if by_name[v.name].loop == loop.name and by_name[v.name].measures == "pressure"]
    moved = [v for v in inside if v.verdict == "changed"]
    names = [sign.name for sign in SIGNS]
    out = {names[5]: when.decay_over_step_nat > 0, names[6]: heard.sign < 0}
    if len(inside) > 1 and moved:
        out[names[0]] = len(moved) == len(inside)
    if len(moved) > 1:
        sizes = np.array([v.change.median for v in moved])
        out[names[1]] = bool(np.ptp(sizes) < 0.2 * np.abs(sizes).mean())
    out |= _paths(names, moved, inside, verdicts, by_name, loop.name)
    if loop.temperature_K is not None:
        out[names[4]] = _thermal_share(loop, heard, when) > 0.5
    return out


def _paths(
    names: list[str],
    moved: list[ChannelVerdict],
    inside: list[ChannelVerdict],
    verdicts: Sequence[ChannelVerdict],
    by_name: dict[str, ChannelTable],
    loop: str,
) -> dict[str, bool]:
    """The signs about data paths, where the case names them; attitude and momentum feel a leak and are asked apart."""
    used, out = {by_name[v.name].data_path for v in moved} - {""}, {}
    if len({by_name[v.name].data_path for v in inside} - {""}) > 1 and len(moved) > 1:
        out[names[2]] = len(used) > 1
    elsewhere = [v for v in verdicts if by_name[v.name].loop != loop]
    others = [v for v in elsewhere if by_name[v.name].data_path in used and by_name[v.name].measures not in _PUSHED]
    if others:
        out[names[3]] = any(v.verdict == "changed" for v in others)
    momentum = [
        v for v in elsewhere if by_name[v.name].measures == "momentum" and by_name[v.name].data_path not in used
    ]
    if momentum:
        out[names[7]] = any(v.verdict == "changed" for v in momentum)
    return out


def _thermal_share(loop: LoopSignal, heard: Alarm, when: OnsetPosterior) -> float:
    """The share of the fall, from the onset to a little after the alarm, that the temperature law accounts for."""
    start = int(np.searchsorted(loop.t_s, when.onset_s.median))
    alarm = heard.alarm or 0
    end = min(loop.t_s.size, alarm + max(10, alarm - start))
    before, after = slice(max(0, start - 10), start), slice(alarm, end)
    whole = loop.fused_Pa[after].mean() - loop.fused_Pa[before].mean()
    warm = heard.compensation.explained_Pa[after].mean() - heard.compensation.explained_Pa[before].mean()
    return float(warm / whole) if whole else 0.0
