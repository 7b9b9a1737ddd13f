"""What counts as out of limits? Every alarm kind of XTCE, and COSMOS limits, as plain data; `limit_state` applies them to a stream."""

from __future__ import annotations

import difflib
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from whipple.errors import RangeError
from whipple.telemetry.limits_match import Match

__all__ = ["LEVELS", "Alarm", "Band", "Change", "LimitBook", "Ranges", "TypeLimits", "cosmos_alarm", "level_number"]

#: The six concern levels of XTCE, least first; their place is their number.
LEVELS = ("normal", "watch", "warning", "distress", "critical", "severe")
_WARNING, _CRITICAL = 2, 4


@dataclass(frozen=True)
class Band:
    """A stretch of values; `low`, `high` None when open-ended; `low_open`, `high_open` when the end itself is left out.

    `level` is what it means to be in it (`inside`) or out of it.

    >>> band = Band(2, low=2.4, high=3.4)
    >>> band.hit(2.4), band.hit(2.3)
    (False, True)
    """

    level: int
    low: float | None = None
    high: float | None = None
    low_open: bool = False
    high_open: bool = False
    inside: bool = False

    @property
    def ends(self) -> tuple[float, float]:
        """Lowest and highest value that is in the band."""
        low = -math.inf if self.low is None else math.nextafter(self.low, math.inf) if self.low_open else self.low
        high = math.inf if self.high is None else math.nextafter(self.high, -math.inf) if self.high_open else self.high
        return low, high

    def hit(self, value: float) -> bool:
        """Does the value raise the level of this band?"""
        low, high = self.ends
        return (low <= value <= high) == self.inside


@dataclass(frozen=True)
class Ranges:
    """StaticAlarmRanges or AlarmMultiRanges: the worst level of all bands that are hit. `time_units` for the alarms of time parameters."""

    bands: tuple[Band, ...]
    name: str = ""
    description: str = ""
    time_units: str = ""
    extra: str = ""

    def level(self, value: float) -> int:
        """The concern level of one value (in the parameter's unit; seconds for a time).

        A value that no band names, where some band says what is normal, is of the least concern, watch: XTCE calls it "non-normal".
        """
        worst = max((band.level for band in self.bands if band.level and band.hit(value)), default=0)
        normal = [band for band in self.bands if band.level == 0]
        return 1 if not worst and normal and not any(band.hit(value) for band in normal) else worst


@dataclass(frozen=True)
class Change:
    """ChangeAlarmRanges: how much a value may change, in `span_count` samples and at least `span_s`; absolute sizes are compared.

    Per second the change over the span is divided by its time; per sample it is the change over `span_count` samples. `percent` is
    relative to the older value.
    """

    ranges: Ranges
    per_sample: bool = False
    percent: bool = False
    span_count: int = 1
    span_s: float = 0.0


@dataclass(frozen=True)
class Alarm:
    """One alarm definition. `min_violations` samples in a row enter it, `min_conformance` (None: the same) leave it.

    `labels` (label, level) judges enumerations, `patterns` (regular expression, level) texts, `default_level` what neither names.
    `conditions` (level, match) hold at any value. `context` None is the default alarm. `custom` is kept, not evaluated. With `cosmos` the
    persistence is counted as OpenC3 COSMOS does: samples in a row that differ from the state, whatever they differ to.
    """

    static: Ranges | None = None
    multi: Ranges | None = None
    change: Change | None = None
    rate: Ranges | None = None
    conditions: tuple[tuple[int, Match], ...] = ()
    labels: tuple[tuple[str, int], ...] = ()
    patterns: tuple[tuple[str, int], ...] = ()
    default_level: int = 0
    min_violations: int = 1
    min_conformance: int | None = None
    context: Match | None = None
    custom: str = ""
    name: str = ""
    description: str = ""
    extra: str = ""
    cosmos: bool = False

    def __post_init__(self) -> None:
        if self.min_violations < 1 or (self.min_conformance is not None and self.min_conformance < 1):
            raise RangeError(
                "limits", "minViolations, minConformance", (self.min_violations, self.min_conformance), "1 or more"
            )


@dataclass(frozen=True)
class TypeLimits:
    """The limits of a parameter type: the first of `contexts` that matches, else `default`. `kind` as XTCE calls it, "Float" ... "String"."""

    kind: str = "Float"
    unit: str = ""
    default: Alarm | None = None
    contexts: tuple[Alarm, ...] = ()
    labels: tuple[tuple[int, str], ...] = ()

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        """Every alarm, contexts first."""
        return self.contexts + ((self.default,) if self.default else ())


@dataclass(frozen=True)
class LimitBook:
    """Limits by parameter: `parameters` path -> type path, `types` path -> limits. Paths are "/System/Sub/NAME"."""

    types: Mapping[str, TypeLimits] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)

    def find(self, name: str, near: str = "") -> str | None:
        """The path of a parameter named in full, from the system of `near` upwards, or by its last name where only one has it.

        >>> LimitBook({}, {"/S/P": "/S/T"}).find("P")
        '/S/P'
        """
        folder = near.rsplit("/", 1)[0]
        while folder:
            if f"{folder}/{name}" in self.parameters:
                return f"{folder}/{name}"
            folder = folder.rsplit("/", 1)[0]
        if name in self.parameters or f"/{name}" in self.parameters:
            return name if name in self.parameters else f"/{name}"
        if f"/limits/{name}" in self.parameters:
            return f"/limits/{name}"
        return self._by_last_name.get(name)

    @cached_property
    def _by_last_name(self) -> dict[str, str | None]:
        """Path by last name, None where several share it."""
        out: dict[str, str | None] = {}
        for path in self.parameters:
            last = path.rsplit("/", 1)[-1]
            out[last] = None if last in out else path
        return out

    def of(self, channel: str) -> TypeLimits | None:
        """The limits of a channel, None when the book has none."""
        path = self.find(channel)
        return None if path is None else self.types.get(self.parameters[path])

    def near(self, name: str) -> list[str]:
        """Parameters whose name is close to one that is not there."""
        return difflib.get_close_matches(name, [path.rsplit("/", 1)[-1] for path in self.parameters], 1)

    @classmethod
    def plain(cls, limits: Mapping[str, TypeLimits]) -> LimitBook:
        """A book of one type a channel; a name that is a path stays one."""
        path = {name: name if name.startswith("/") else f"/limits/{name}" for name in limits}
        types = {f"{path[name]}_Type": one for name, one in limits.items()}
        return cls(types, {path[name]: f"{path[name]}_Type" for name in limits})


def level_number(word: str, where: str = "limits") -> int:
    """The number of a concern level.

    >>> level_number("critical")
    4
    """
    if word not in LEVELS:
        raise RangeError(
            where,
            "level",
            repr(word),
            "one of " + ", ".join(LEVELS),
            (difflib.get_close_matches(word, LEVELS, 1) or [""])[0],
        )
    return LEVELS.index(word)


def cosmos_alarm(red_low: float, yellow_low: float, yellow_high: float, red_high: float, persistence: int = 1) -> Alarm:
    """OpenC3 COSMOS limits: yellow is warning, red is critical; a value on a limit is already out; `persistence` samples in a row.

    Raises RangeError when they are not in order. Source: openc3/packets/packet.py, handle_limits_values.

    >>> alarm = cosmos_alarm(1.0, 2.0, 4.0, 5.0)
    >>> [alarm.static.level(x) for x in (0.5, 1.0, 1.5, 2.0, 3.0)]
    [4, 4, 2, 2, 0]
    """
    if not red_low <= yellow_low < yellow_high <= red_high:
        found = (red_low, yellow_low, yellow_high, red_high)
        raise RangeError(
            "limits",
            "limits",
            found,
            "red low <= yellow low < yellow high <= red high",
            "give the four in rising order",
        )
    yellow = Band(_WARNING, yellow_low, yellow_high, low_open=True, high_open=True)
    red = Band(_CRITICAL, red_low, red_high, low_open=True, high_open=True)
    return Alarm(static=Ranges((yellow, red)), min_violations=persistence, cosmos=True)
