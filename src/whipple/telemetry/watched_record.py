"""What would `whipple watch` have said of this record? The same detector, run over a record that is already there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import numpy as np

from whipple.casefile.estimate import Caveat, Estimate
from whipple.casefile.findings.onset import WatchEvent
from whipple.casefile.read_channels import Channel, scale_to_si
from whipple.casefile.tables.channel import ChannelTable
from whipple.casefile.tables.loop import LoopTable
from whipple.errors import InvestigationError, RangeError
from whipple.physics.fluids import fluid
from whipple.telemetry.noise import reading_step
from whipple.telemetry.revolution import ORBIT_S
from whipple.telemetry.sequential import Event, Samples, WatchedChannel, WatchedLoop, Watcher, WatchSettings

__all__ = ["LEAST_STEP_S", "WatchedRecord", "loop_of_case", "watch_record", "watched_channel", "watched_loop"]

#: The limits of the leak watch were measured at this step; a denser record is averaged to it.
LEAST_STEP_S = 10.0
_STALE_STEPS = 60
#: The range of a number of the case holds 90 %.
_Z90 = 1.6449
#: From here the gas cools enough for its lag to date the onset; and what that means (docs/theory/telemetry.md).
_COOLS_RATIO = 0.05
_LAG_TEXT = (
    "The gas of the accumulator cools as it expands, and the interval takes its lag as it was learned while quiet, to 15 %: where the lag was"
    " 30 % longer by then, intervals of 90 % held the onset in 81 % of simulated leaks."
)
#: Named numbers in seconds that are spans; all others are moments.
_SPANS = {"lag_s", "age_s"}
#: What the watch says of single channels is in the verdicts; here it would only fill the page.
_OF_CHANNELS = {"alarm", "cleared", "stale", "fresh"}


@dataclass(frozen=True)
class WatchedRecord:
    """What the watch said: `events` on loops and data paths; why a loop was not watched, and what is `assumed` of its liquid, by loop."""

    events: tuple[WatchEvent, ...]
    not_watched: dict[str, str]
    step_s: float
    learn_s: float
    assumed: Mapping[str, str] = field(default_factory=dict)

    def first(self, kind: str, loop: str = "") -> WatchEvent | None:
        """The first event of a kind, of one loop or of any."""
        return next((e for e in self.events if e.kind == kind and loop in ("", e.about)), None)

    def onset_s(self, loop: str = "") -> Estimate | None:
        """The onset as the watch dated it when it said "leak", 90 %; None while it has not.

        Not as it dates it later: hours of decay under its one law of the gas would date it too sharply and, where the gas is not
        isothermal, minutes late (docs/theory/telemetry_sources.md). Where the gas was learned to cool as it expands, a caveat says what the interval
        takes for granted.
        """
        begun = self._of_leak(loop, ("onset_low_s", "onset_s", "onset_high_s"), 1.0, "s")
        learned = self.first("learned", loop)
        if begun is None or learned is None or learned.values.get("cools_ratio", 0.0) < _COOLS_RATIO:
            return begun
        return begun.with_caveats(Caveat("lag-as-learned", _LAG_TEXT))

    def rate_frac_s(self, loop: str = "") -> Estimate | None:
        """Share of the inventory lost a second at first, 90 %, as told with "leak"; None while it was not said."""
        names = ("rate_low_percent_h", "rate_percent_h", "rate_high_percent_h")
        rate, assumed = self._of_leak(loop, names, 1 / 3.6e5, "1/s"), self.assumed.get(loop, "")
        if rate is None or not assumed:
            return rate
        return rate.with_caveats(Caveat("liquid-assumed", f"Loop {loop}: {assumed}."))

    def _of_leak(self, loop: str, names: tuple[str, str, str], factor: float, unit: str) -> Estimate | None:
        told = self.first("leak", loop)
        if told is None or any(name not in told.values for name in names):
            return None
        low, middle, high = (told.values[name] * factor for name in names)
        return Estimate(middle, low, high, unit)


def watched_loop(name: str, liquid: str, temperature_K: float = 293.15, orbit_s: float = float(ORBIT_S)) -> WatchedLoop:
    """A loop as the watch takes it: how its liquid expands at that temperature, the revolution it swings with. A liquid that is not known here is
    said to be assumed, in "learned", in "leak" and beside the rate.

    >>> round(watched_loop("external", "isooctane").expansion_per_K * 1e3, 2)
    1.19
    >>> watched_loop("external", "brine").assumed
    "liquid 'brine' is not known here, nor how it expands"
    """
    try:
        known = fluid(liquid)
        low, high = known.density_kg_m3(temperature_K - 1.0), known.density_kg_m3(temperature_K + 1.0)
    except InvestigationError:
        return WatchedLoop(name, orbit_s=orbit_s, assumed=f"liquid {liquid!r} is not known here, nor how it expands")
    return WatchedLoop(name, float((low - high) / (low + high)), orbit_s)


def loop_of_case(loop: LoopTable, orbit_s: float = float(ORBIT_S)) -> WatchedLoop:
    """The same for a loop of a case, with what its accumulator can push and what drives it in the end: ranges of the case put together. Where the
    case says how the liquid expands, that counts, and its range is in every rate."""
    pushed, held, at, told = loop.pushed_volume_m3, loop.inventory_m3, loop.temperature_K, loop.expansion_per_K
    out = watched_loop(loop.name, loop.fluid, at.value, orbit_s)
    if told is not None:
        sigma = (told.high - told.low) / (2 * _Z90 * told.value)
        out = WatchedLoop(loop.name, told.value, orbit_s, expansion_sigma_ratio=sigma)
    share = (pushed.low / held.high, min(pushed.value / held.value, 1.0), min(pushed.high / held.low, 1.0))
    try:
        vapour = [fluid(loop.fluid).vapour_pressure_Pa(x) for x in (at.low, at.value, at.high)]
    except InvestigationError:
        return out
    charge = (loop.pressure_Pa.high, loop.pressure_Pa.value, loop.pressure_Pa.low)
    ratio = tuple(float(v / p) for v, p in zip(vapour, charge, strict=True))
    return replace(out, pushed_frac=share, vapour_ratio=ratio) if min(*share, *ratio) > 0 else out


def watched_channel(table: ChannelTable, channel: Channel | None = None) -> tuple[WatchedChannel, float, float]:
    """A channel as the watch takes it, and factor and offset into its unit there (Pa, K, else as it comes).

    What a sensor counts in is the case's word, else what the readings of `channel` show.
    """
    si = {"pressure": "Pa", "temperature": "K"}.get(table.measures, "")
    factor, offset = scale_to_si(table.unit, si) if si else (1.0, 0.0)
    seen = reading_step(channel.value) if channel is not None and table.resolution is None else 0.0
    step = (table.resolution or seen) * factor
    return (
        WatchedChannel(table.name, si or table.unit, table.measures, table.loop, table.data_path, step),
        factor,
        offset,
    )


def watch_record(
    tables: Sequence[ChannelTable],
    channels: Sequence[Channel],
    loops: Sequence[WatchedLoop],
    epoch: datetime,
    *,
    step_s: float,
    learn_until_s: float,
    mtbf_days: float,
    orbit_s: float = float(ORBIT_S),
) -> WatchedRecord:
    """Run the watch over the record: it learns up to `learn_until_s` and hears everything in order of time, as live.

    A loop that lacks a second thermometer or coarse readings is not watched, and the reason is kept. Times are since `epoch`.
    """
    known = [watched_channel(table, channel) for table, channel in zip(tables, channels, strict=True)]
    zero_s = epoch.timestamp()
    first_s = min((c.t_s[0] for c in channels if c.t_s.size), default=0.0)
    step_s = max(step_s, LEAST_STEP_S)
    settings = WatchSettings(
        tuple(row for row, _, _ in known), step_s, 0.0, max(learn_until_s - first_s, step_s), mtbf_days,
        _STALE_STEPS * step_s, orbit_s=orbit_s,
    )  # fmt: skip
    watched, refused = _accepted(settings, loops)
    if not watched:
        return WatchedRecord((), refused, step_s, settings.learn_s)
    watcher = Watcher(replace(settings, loops=watched))
    samples = _in_order(known, channels, zero_s)
    events = [_told(event, zero_s) for event in (*watcher.update(samples), *watcher.finish())]
    unlearned = {event.about: event.text for event in events if event.kind == "not watched"}
    kept = tuple(e for e in events if e.kind not in _OF_CHANNELS and (e.kind != "learned" or e.about))
    assumed = {loop.name: loop.caveat for loop in loops if loop.caveat}
    return WatchedRecord(kept, refused | unlearned, step_s, settings.learn_s, assumed)


def _accepted(settings: WatchSettings, loops: Sequence[WatchedLoop]) -> tuple[tuple[WatchedLoop, ...], dict[str, str]]:
    """The loops that can be watched, and what the others lack."""
    kept, refused = [], {}
    for loop in loops:
        try:
            Watcher(replace(settings, loops=(loop,)))
            kept.append(loop)
        except RangeError as error:
            refused[loop.name] = str(error).split("\n", maxsplit=1)[0]
    return tuple(kept), refused


def _in_order(
    known: Sequence[tuple[WatchedChannel, float, float]], channels: Sequence[Channel], zero_s: float
) -> Samples:
    index = np.concatenate([np.full(c.t_s.size, i) for i, c in enumerate(channels)])
    t_s = np.concatenate([c.t_s for c in channels]) + zero_s
    value = np.concatenate([row[1] * c.value + row[2] for row, c in zip(known, channels, strict=True)])
    order = np.lexsort((index, t_s))
    return Samples(index[order], t_s[order], value[order])


def _told(event: Event, zero_s: float) -> WatchEvent:
    moments = {name for name in event.values if name.endswith("_s") and name not in _SPANS}
    values = {name: x - zero_s if name in moments else x for name, x in event.values.items()}
    return WatchEvent(event.t_s - zero_s, event.kind, event.about, event.text, values)
