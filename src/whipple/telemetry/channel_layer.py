"""One pace at which channels are judged: their filter, how far its errors may go, and the sums of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Array
from whipple.telemetry.channel_arms import ChannelSums, new_sums
from whipple.telemetry.channel_filter import ChannelFilter, packed, unpacked
from whipple.telemetry.channel_quiet import QuietRows, learn_quiet, quiet_scale, swing_spread, tail_ratio

__all__ = ["ChannelLayer", "Known", "learn_layer"]


@dataclass
class Known:
    """Learned of every channel (n_channel,): by how much its errors spread more than its filter says, and how far out rare ones lie.

    `slack_ratio` is how far it may be off unseen, `calm_ratio` its level when it was last calm.
    """

    widen_ratio: Array
    tail_ratio: Array
    slack_ratio: Array
    calm_ratio: Array


@dataclass
class ChannelLayer:
    """Judges all channels at one pace; `limits` (4, 1) are those of the sums."""

    filter: ChannelFilter
    known: Known
    sums: ChannelSums
    limits: Array

    def judge(
        self, block: int, which: npt.NDArray[np.int64] | slice, value: Array, held: Array | None
    ) -> tuple[npt.NDArray[np.int64], Array]:
        """Take the readings of the channels `which` in a step: the positions that changed their alarm, and the readings without the swing."""
        known, level = self.known, self.filter.level_ratio[which].copy()
        off, sigma = self.filter.step(block, which, value, held)
        level += off
        if self.has_slack:
            off = np.sign(off) * np.maximum(np.abs(off) - known.slack_ratio[which], 0.0)
        sigma *= known.widen_ratio[which]
        off /= sigma
        changed, calm = self.sums.step(which, off, known.tail_ratio[which], self.limits)
        if isinstance(which, slice):
            np.copyto(known.calm_ratio, self.filter.level_ratio, where=calm)
        else:
            known.calm_ratio[which[calm]] = self.filter.level_ratio[which[calm]]
        return changed, level

    def begin_anew(
        self,
        channels: npt.NDArray[np.int64],
        level_ratio: Array,
        variance: Array,
        swing_ratio: npt.NDArray[np.complex128] | None,
    ) -> None:
        """Channels that are calm again at this level, known to this variance, with these swings (None: as they are)."""
        self.filter.begin_anew(channels, level_ratio, variance, swing_ratio)
        self.known.calm_ratio[channels] = level_ratio
        self.sums.arm_ratio[:, channels] = 0.0
        self.sums.alarmed[channels] = 0.0

    def __post_init__(self) -> None:
        self.has_slack = bool(self.known.slack_ratio.any())

    def to_plain(self) -> dict[str, Any]:
        """The state as plain values for JSON."""
        return {"filter": packed(self.filter), "known": packed(self.known), "sums": packed(self.sums)}

    @classmethod
    def from_plain(cls, plain: dict[str, Any], limits: Array) -> Self:
        """Go on from `to_plain`."""
        parts = (
            unpacked(ChannelFilter, plain["filter"]),
            unpacked(Known, plain["known"]),
            unpacked(ChannelSums, plain["sums"]),
        )
        return cls(*parts, limits)


def learn_layer(
    rows: QuietRows,
    least_ratio: Array,
    slack_ratio: Array,
    turn_rad: float,
    swing: tuple[npt.NDArray[Any], float, float],
    limits: Array,
) -> tuple[ChannelLayer, Array]:
    """Learn a layer on the quiet rows; and the rows without the swing that it followed.

    `turn_rad` is the angle of the revolution in a step, 0 where the readings hold no swing any more; `swing` are the amplitudes that were
    there (n_harmonic, n_channel; none: its own), the angle of the revolution in a step, and the revolution in days.
    """
    made, innovation, rest = learn_quiet(rows, least_ratio, turn_rad)
    amplitude, angle, orbit_days = swing
    share = np.abs(amplitude if amplitude.size else made.swing_ratio) / np.where(
        made.white_ratio > 0, made.white_ratio, 1.0
    )
    spread = swing_spread(share, angle * made.usual_count, orbit_days)
    widen = np.sqrt(np.maximum(quiet_scale(innovation), 1e-6) ** 2 + spread)
    known = Known(widen, tail_ratio(innovation / widen), slack_ratio, made.level_ratio.copy())
    return ChannelLayer(made, known, new_sums(widen.size), limits), rest
