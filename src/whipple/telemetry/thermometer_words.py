"""What is told of a thermometer that cannot be believed, and of one that can again?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from whipple.telemetry.thermometer_law import BLIND_K
from whipple.telemetry.verdict import Told

__all__ = ["Judged", "rests_on", "thermometer_told"]

_KINDS = {"out": "sensor fault", "back": "sensor back", "open": "sensors differ"}


@dataclass(frozen=True)
class Judged:
    """What was found of thermometer `which`: `kind` "out", "back" or "open", by how much it lies off [K], evidence of the pressures [nat], why."""

    which: int
    kind: str
    off_K: float
    nat: float
    why: str


def thermometer_told(loop: str, names: Sequence[str], found: Judged, trusted: npt.NDArray[np.bool_]) -> Told:
    """An event on thermometer `names[found.which]`; `trusted` (n,) are those that count from here on.

    >>> told = thermometer_told("ext", ("T1", "T2"), Judged(0, "out", 5.0, 40.0, "it moved"), np.array([False, True]))
    >>> told.kind, told.text
    ('sensor fault', 'loop ext: T1 is not believed: it moved; the watch goes on with T2')
    """
    name, left = names[found.which], [names[i] for i in np.flatnonzero(trusted).tolist()]
    values = {"off_K": found.off_K, "pressures_nat": found.nat, "believed_count": float(len(left))}
    if found.kind == "back":
        text = f"{name} is believed again: {found.why}"
    elif found.kind == "open":
        text = f"{name} is in doubt: {found.why}; a leak is said only where each data path shows it with its own thermometer"
    elif left:
        text = f"{name} is not believed: {found.why}; the watch goes on with {', '.join(left)}"
    else:
        text = f"{name} is not believed: {found.why}; no thermometer is left: {_BLIND}"
    return Told(_KINDS[found.kind], f"loop {loop}: {text}", values)


def rests_on(names: Sequence[str], trusted: npt.NDArray[np.bool_]) -> str:
    """What a verdict rests on when a thermometer is out; "" when none is.

    >>> rests_on(("T1", "T2"), np.array([True, False]))
    '; it rests on T1 alone: T2 is not believed'
    """
    left, out = ([names[i] for i in np.flatnonzero(one).tolist()] for one in (trusted, ~trusted))
    if not out:
        return ""
    if not left:
        return f"; no thermometer is believed: {_BLIND}"
    return f"; it rests on {', '.join(left)} alone: {', '.join(out)} {'is' if len(out) == 1 else 'are'} not believed"


_BLIND = f"only a fall beyond what a liquid that strays by {float(BLIND_K):g} K in an hour (1 sigma) explains counts"
