"""Do published figures of one air leak agree: its flow, the fall of pressure, the volume?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from whipple.casefile.given import Given
from whipple.casefile.quoted_figures import BARE_RATIO, Contradiction, bare_range
from whipple.errors import RangeError
from whipple.physics.fluids import gas

__all__ = ["AirFlow", "PressureFall", "contradictions", "implied_flow_kg_s", "implied_volume_m3"]

_REFERENCE_PA, _CABIN_K, _DAY_S = 101_325.0, 295.0, 86_400.0


@dataclass(frozen=True)
class AirFlow:
    """A quoted leak [kg/s] at cabin pressure, with who says so, and when (days apart, figures may differ)."""

    flow_kg_s: Given
    said_by: str
    period: str = ""


@dataclass(frozen=True)
class PressureFall:
    """A quoted fall of pressure in a volume left alone: from, to, how long; the volume may be unknown (None)."""

    from_Pa: float
    to_Pa: float
    lasting_s: float
    volume_m3: Given | None
    said_by: str
    period: str = ""


def _scale_s(fall: PressureFall) -> float:
    """The time constant of a choked leak: pressure falls as exp(-t/T), so the leak falls with the pressure."""
    if not fall.from_Pa > fall.to_Pa > 0 or fall.lasting_s <= 0:
        found = f"{fall.from_Pa:g} to {fall.to_Pa:g} Pa in {fall.lasting_s:g} s"
        raise RangeError(
            "pressure fall", "from_Pa, to_Pa, lasting_s", found, "a fall to above zero, in a time above zero"
        )
    return fall.lasting_s / math.log(fall.from_Pa / fall.to_Pa)


def implied_flow_kg_s(fall: PressureFall, volume_m3: float, temperature_K: float = _CABIN_K) -> float:
    """The leak, at one atmosphere, that makes this fall in this volume [kg/s] (constant temperature, no make-up).

    1 mmHg in 8 h over 915 m3 is 4.3 kg a day (sheet 9.7):

    >>> fall = PressureFall(101325.0, 101325.0 - 133.322, 8 * 3600.0, None, "press")
    >>> round(implied_flow_kg_s(fall, 915.0) * 86400, 1)
    4.3
    """
    return _REFERENCE_PA * volume_m3 / (gas("air").gas_constant_J_kgK * temperature_K * _scale_s(fall))


def implied_volume_m3(fall: PressureFall, flow_kg_s: float, temperature_K: float = _CABIN_K) -> float:
    """The volume in which this leak (at one atmosphere) makes this fall [m3].

    733 to 643 mmHg in 12 h at 1.4 kg a day needs 4.5 m3 (sheet 9.7):

    >>> fall = PressureFall(733 * 133.322, 643 * 133.322, 12 * 3600.0, None, "press")
    >>> round(implied_volume_m3(fall, 1.4 / 86400), 1)
    4.5
    """
    return flow_kg_s / implied_flow_kg_s(fall, 1.0, temperature_K)


def _miss(one: tuple[float, float], other: tuple[float, float]) -> float:
    """The ratio between two ranges that do not meet; 1 when they do."""
    return max(one[0] / other[1], other[0] / one[1], 1.0)


def _day(bounds: tuple[float, float]) -> str:
    return f"{bounds[0] * _DAY_S:.2g} to {bounds[1] * _DAY_S:.2g} kg/day"


def _fall_range(fall: PressureFall) -> tuple[float, float]:
    """Range of the implied leak: the volume's range, and one unit of doubt of 15 % on the fall itself."""
    assert fall.volume_m3 is not None
    low, high = bare_range(fall.volume_m3)
    return implied_flow_kg_s(fall, low) / BARE_RATIO, implied_flow_kg_s(fall, high) * BARE_RATIO


def _volume_range(fall: PressureFall, flow: AirFlow) -> tuple[float, float]:
    middle = implied_volume_m3(fall, flow.flow_kg_s.value)  # the same flow on both sides: only the falls are in doubt
    return middle / BARE_RATIO, middle * BARE_RATIO


def contradictions(flows: Sequence[AirFlow], falls: Sequence[PressureFall]) -> tuple[Contradiction, ...]:
    """Every pair of figures of the same period that cannot both hold, worst first (an empty tuple when all agree).

    Flow against flow; flow against a fall in a known volume; and, where the volume is unknown, the volumes that two falls or two
    flows would need. A figure without a range is taken good to 15 %. Temperature and crew make-up can explain a
    difference: a contradiction is a question to ask, not a verdict.

    >>> press = AirFlow(Given(1.4 / 86400, 1.4 / 86400, 1.4 / 86400, "kg/s"), "the article", "2020")
    >>> fall = PressureFall(101325.0, 101325.0 - 133.322, 8 * 3600.0, Given(915.0, 900.0, 930.0, "m**3"), "the same article", "2020")
    >>> [round(row.ratio, 1) for row in contradictions([press], [fall])]
    [2.3]
    """
    asked = [(flow.said_by, flow.flow_kg_s) for flow in flows]
    asked += [(fall.said_by, fall.volume_m3) for fall in falls if fall.volume_m3 is not None]
    for who, given in asked:
        if not given.low > 0:
            raise RangeError(
                "air leak figures", who, f"{given.low:g} {given.unit}", "a figure above zero", "check its sign"
            )
    rows = [_two_flows(one, other) for one, other in combinations(flows, 2) if one.period == other.period]
    for fall in falls:
        same = [flow for flow in flows if flow.period == fall.period]
        if fall.volume_m3 is not None:
            rows += [_flow_and_fall(flow, fall) for flow in same]
    unknown = [fall for fall in falls if fall.volume_m3 is None]
    for one, other in combinations(unknown, 2):
        rows += [_two_volumes(one, other, flow) for flow in flows if flow.period == one.period == other.period]
    return tuple(sorted((row for row in rows if row is not None), key=lambda row: -row.ratio))


def _two_flows(one: AirFlow, other: AirFlow) -> Contradiction | None:
    first, second = bare_range(one.flow_kg_s), bare_range(other.flow_kg_s)
    ratio = _miss(first, second)
    says = f"{one.said_by} says {_day(first)}, {other.said_by} {_day(second)}: they miss each other by a factor {ratio:.1f}."
    return Contradiction((one.said_by, other.said_by), ratio, says) if ratio > 1 else None


def _flow_and_fall(flow: AirFlow, fall: PressureFall) -> Contradiction | None:
    said, needed = bare_range(flow.flow_kg_s), _fall_range(fall)
    ratio = _miss(said, needed)
    says = f"{fall.said_by}: the fall of pressure needs {_day(needed)}, but {flow.said_by} says {_day(said)} (factor {ratio:.1f})."
    return Contradiction((flow.said_by, fall.said_by), ratio, says) if ratio > 1 else None


def _two_volumes(one: PressureFall, other: PressureFall, flow: AirFlow) -> Contradiction | None:
    first, second = _volume_range(one, flow), _volume_range(other, flow)
    ratio = _miss(first, second)
    spans = [f"{low:.2g} to {high:.2g} m³" for low, high in (first, second)]
    says = f"At the leak of {flow.said_by}, {one.said_by} needs a volume of {spans[0]} but {other.said_by} {spans[1]} (factor {ratio:.1f})."
    return Contradiction((one.said_by, other.said_by), ratio, says) if ratio > 1 else None
