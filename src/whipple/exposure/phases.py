"""When, under which sky, and standing how? A revolution in stretches, each with its sky, its Sun and its attitude."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from statistics import NormalDist

import numpy as np

from whipple.casefile.estimate import Array
from whipple.casefile.findings.sky import Stream

__all__ = ["Phase", "Skies", "Source", "joined", "sources_of", "stretches"]

#: Showers that get a line of their own; the rest is summed.
NAMED_SHOWERS = 3
OTHER_SHOWERS = "other showers"
#: The 95th percentile of a standard normal.
Z95 = NormalDist().inv_cdf(0.95)


@dataclass(frozen=True)
class Source:
    """What an answer is given for: one stream or several (`streams`, indices into the sky), whose level is one doubt."""

    name: str
    kind: str
    streams: tuple[int, ...]
    level_factor: float


def sources_of(streams: Sequence[Stream]) -> tuple[Source, ...]:
    """Every stream a source of its own, but of the showers only the strongest; the others are summed, and err together."""
    level = [float(stream.flux_per_m2_s.sum()) for stream in streams]
    showers = sorted((i for i, s in enumerate(streams) if s.kind == "shower"), key=lambda i: (-level[i], i))
    summed = tuple(sorted(showers[NAMED_SHOWERS:])) if len(showers) > NAMED_SHOWERS + 1 else ()
    found = [Source(s.name, s.kind, (i,), s.level_factor) for i, s in enumerate(streams) if i not in summed]
    if summed:
        found.append(Source(OTHER_SHOWERS, "shower", summed, _together(streams, level, summed)))
    return tuple(found)


def _together(streams: Sequence[Stream], level: Sequence[float], members: Sequence[int]) -> float:
    """The level factor of a sum whose members err together: at the 95th percentile the sum is that of the members there."""
    return _level_factor([streams[i].level_factor for i in members], [level[i] for i in members])


def _level_factor(factor: Sequence[float], level: Sequence[float]) -> float:
    """The factor of a sum of levels that err together, each with a factor of its own (n,): those that bring little count little.

    >>> _level_factor([2.0, 100.0], [1.0, 0.0]), round(_level_factor([2.0, 4.0], [1.0, 1.0]), 2)
    (2.0, 3.11)
    """
    return float((_shares(level) @ np.array(factor) ** Z95) ** (1 / Z95))


def _shares(level: Sequence[float]) -> Array:
    """Each level over their sum; equal shares where nothing is there."""
    weight = np.array(level)
    return weight / weight.sum() if weight.sum() > 0 else np.full(len(weight), 1 / len(weight))


@dataclass(frozen=True)
class Phase:
    """One stretch: its share of the time, its middle on the clock of the sky, the share in sunlight, Sun, attitude and sky of the day."""

    share_frac: float
    t_s: float
    sunlit_frac: float
    sun_dir_lvlh: Array
    body_from_lvlh: Array
    streams: tuple[Stream, ...]


@dataclass(frozen=True)
class Skies:
    """The sky of the epoch's day by stretch, and its mean over the whole time of exposure.

    `direction_lvlh` (n_dir, 3), `speed_m_s` (n_speed,). `mission` holds every stream met, in the order that answers use; `of_day` is True
    when the exposure is so short that the directions of the day stand for it (then stretches have the mean levels of its hours).
    `attitude_ends`: angle by name, and the attitudes (3, 3) at its low and high end. `date_s` (n_date,) are the dates (of a short exposure
    the hours) on the clock of the sky and `date_sun_lvlh` (n_date, n_phase, 3) the Sun then, in each stretch; both may be empty.
    `date_count`: dates whose whole sky was looked at. `date_frac` (n_stream, n_date): each stream's flux at a date over its mean.
    `history`: attitudes are those of an attitude file, whose window stands for the whole exposure.
    """

    direction_lvlh: Array
    speed_m_s: Array
    phases: tuple[Phase, ...]
    mission: tuple[Stream, ...]
    of_day: bool
    duration_s: float
    date_count: int
    attitude_ends: tuple[tuple[str, Array, Array], ...] = ()
    date_s: Array = field(default_factory=lambda: np.zeros(0))
    date_sun_lvlh: Array = field(default_factory=lambda: np.zeros((0, 0, 3)))
    date_frac: Array = field(default_factory=lambda: np.zeros((0, 0)))
    history: bool = False

    @property
    def sources(self) -> tuple[Source, ...]:
        """The sources that answers are given for."""
        return sources_of(self.mission)

    def flux(self, members: Sequence[int], spent: Sequence[float] | None = None) -> Array:
        """Cross-sectional flux during some stretches times their share of the time, for each stream of `mission`. (n_stream, n_dir, n_speed)

        The mean over the exposure, moved by what the stretch differs from the mean of the day (sporadic sources only, unless the day
        stands for the exposure); never below zero, and adding up to the mean over all stretches. `spent`: the part of each stretch that
        counts (all of it).
        """
        kept = np.ones(len(members)) if spent is None else np.asarray(spent, dtype=float)
        share = float(sum(self.phases[index].share_frac * part for index, part in zip(members, kept, strict=True)))
        mean = np.array([stream.flux_per_m2_s for stream in self.mission])
        if len(members) == len(self.phases) and (kept == 1).all():
            return share * mean
        return np.array([self._moved(members, kept, share, stream) for stream in self.mission])

    def _moved(self, members: Sequence[int], spent: Array, share: float, stream: Stream) -> Array:
        mean = stream.flux_per_m2_s
        day = self.day_mean(stream.name) if self.of_day or stream.kind == "sporadic" else None
        if day is None:
            return share * mean
        shift = mean - day
        total = sum(float(self._part(index, shift, stream.name).sum()) for index in range(len(self.phases)))
        level = float(mean.sum()) / total if total > 0 else 1.0
        mine = (part * self._part(index, shift, stream.name) for index, part in zip(members, spent, strict=True))
        return np.asarray(level * sum(mine))

    def _part(self, index: int, shift: Array, name: str) -> Array:
        """One stretch of one stream, cut at zero."""
        phase = self.phases[index]
        part: Array = np.maximum(phase.share_frac * (shift + _flux_of(phase.streams, name, shift.shape)), 0.0)
        return part

    def day_mean(self, name: str) -> Array | None:
        """Mean over the day of one stream's flux, None when the day does not hold it."""
        rows = [(p.share_frac, s.flux_per_m2_s) for p in self.phases for s in p.streams if s.name == name]
        if not rows:
            return None
        return np.asarray(sum(share * flux for share, flux in rows))


def _flux_of(streams: Sequence[Stream], name: str, shape: tuple[int, ...]) -> Array:
    return next((stream.flux_per_m2_s for stream in streams if stream.name == name), np.zeros(shape))


def joined(skies: Iterable[tuple[float, Sequence[Stream]]]) -> tuple[Stream, ...]:
    """The mean of several skies by their shares; a stream absent from one counts as zero there.

    >>> one = Stream("x", "debris", "d", np.ones((1, 1)), 1e-6, np.ones(1), np.ones(1), np.ones(1), np.ones(1), 2.0, (), ())
    >>> joined([(0.25, [one]), (0.75, [])])[0].flux_per_m2_s.tolist()
    [[0.25]]
    """
    flux: dict[str, Array] = {}
    held: dict[str, list[tuple[float, Stream]]] = {}
    for share, streams in skies:
        for stream in streams:
            part = share * stream.flux_per_m2_s
            flux[stream.name] = flux.get(stream.name, 0.0) + part
            held.setdefault(stream.name, []).append((float(part.sum()), replace(stream, flux_per_m2_s=part[:0].copy())))
    return tuple(replace(_mean_of(rows), flux_per_m2_s=flux[name]) for name, rows in held.items())


def _mean_of(rows: Sequence[tuple[float, Stream]]) -> Stream:
    """One stream from what several dates say of it, each by what it brings: level factor, sizes, densities. No flux.

    The dates err together. Words that hold for one date only (caveats) are those of the date by which half of it has come.
    """
    level, streams = [weight for weight, _ in rows], [stream for _, stream in rows]
    share = _shares(level)
    typical = streams[int(np.searchsorted(share.cumsum(), 0.5 - 1e-9))]
    same = all(np.array_equal(one.mass_kg, typical.mass_kg) for one in streams)
    alike = all(np.array_equal(one.density_kg_m3, typical.density_kg_m3) for one in streams)
    return replace(
        typical,
        level_factor=_level_factor([one.level_factor for one in streams], level),
        number_ratio=share @ np.array([one.number_ratio for one in streams]) if same else typical.number_ratio,
        density_frac=share @ np.array([one.density_frac for one in streams]) if alike else typical.density_frac,
        models=tuple(dict.fromkeys(name for one in streams for name in one.models)),
        sources=tuple(dict.fromkeys(key for one in streams for key in one.sources)),
    )


def stretches(t_s: Array, period_s: float, count: int, *, folded: bool) -> tuple[np.ndarray, ...]:
    """The samples of a clock that belong to each of `count` stretches: of the revolution (folded), or of the whole window in order.

    Stretches that would be empty are left out.

    >>> [rows.tolist() for rows in stretches(np.arange(0.0, 6.0), 3.0, 3, folded=True)]
    [[0, 3], [1, 4], [2, 5]]
    """
    since = t_s - t_s[0]
    span = period_s if folded else float(since[-1]) * (1 + 1e-12) if len(since) > 1 else 1.0
    if folded:  # whole revolutions only, so that every stretch counts the same
        step = float(since[1]) if len(since) > 1 else period_s
        turns = max(np.floor((since[-1] + step) / period_s + 1e-9), 1.0)
        since = np.where(since < turns * period_s - 1e-9 * period_s, since, np.nan)
    bins = (
        np.floor(np.mod(since, span) / span * count)
        if folded
        else np.minimum(np.floor(since / span * count), count - 1)
    )
    rows = [np.flatnonzero(bins == index) for index in range(count)]
    return tuple(row for row in rows if len(row))
