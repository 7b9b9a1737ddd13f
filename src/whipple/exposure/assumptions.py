"""Which assumption moves the answer most? Each changed alone to its published or given alternative, against the best guess."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from whipple.casefile.estimate import Array
from whipple.exposure.chances import Counts
from whipple.exposure.phases import Skies
from whipple.exposure.risk import Assumption
from whipple.exposure.walls import Wall

__all__ = ["assumptions_of"]


def assumptions_of(
    counts: Counts, walls: Sequence[Wall], skies: Skies, day_per_s: Array, drawn_ratio: Array | None
) -> tuple[Assumption, ...]:
    """Expected punctures of the whole vehicle under each alternative, over the best guess; the one that moves it most first.

    `walls` (n_part,) are those of the parts. `day_per_s` (n_phase, n_part): punctures in each stretch under the sky of the epoch's day.
    `drawn_ratio` (n_part,): punctures with every moving part as drawn over those with it turned; None where nothing moves. Empty where no
    puncture is counted.
    """
    centre = float(counts.puncture.sum())
    if not centre > 0:
        return ()
    found = [*_laws(counts, walls), *_ends(counts), *_attitudes(counts, skies), *_dates(skies, day_per_s)]
    if drawn_ratio is not None:
        number = float((counts.puncture.sum(axis=1) * drawn_ratio).sum())
        found.append(("moving parts stay as drawn", number, "arrays and radiators do not follow the Sun"))
    rows = [Assumption(name, number / centre, note) for name, number, note in found]
    return tuple(sorted(rows, key=lambda row: -abs(np.log(max(row.count_ratio, 1e-300)))))


def _laws(counts: Counts, walls: Sequence[Wall]) -> list[tuple[str, float, str]]:
    """One published law for every wall it speaks for, the first for the others."""
    names = dict.fromkeys(law.name for wall in walls for law in wall.laws[1:])
    found = []
    for name in names:
        at = [next((i for i, law in enumerate(wall.laws) if law.name == name), 0) for wall in walls]
        number = sum(float(counts.by_law[part, :, law].sum()) for part, law in enumerate(at))
        usual = ", ".join(sorted({wall.laws[0].name for wall in walls if name in [law.name for law in wall.laws[1:]]}))
        found.append((f"law {name}", number, f"instead of {usual}, for every wall both speak for"))
    return found


def _ends(counts: Counts) -> list[tuple[str, float, str]]:
    low, high = (float(counts.by_end[:, :, end].sum()) for end in (0, 1))
    if not low > 0 or low == high:
        return []
    return [
        ("thinnest walls", low, "every wall at the low end of its range"),
        ("thickest walls", high, "every wall at the high end of its range"),
    ]


def _attitudes(counts: Counts, skies: Skies) -> list[tuple[str, float, str]]:
    number = counts.puncture.sum(axis=1)
    return [
        (f"{name} at the {end} end", float((number * ratio).sum()), "of its range, all the time")
        for (name, *_), pair in zip(skies.attitude_ends, counts.by_attitude, strict=True)
        for end, ratio in zip(("low", "high"), pair, strict=True)
    ]


def _dates(skies: Skies, day_per_s: Array) -> list[tuple[str, float, str]]:
    """The sky of the epoch's day for the whole exposure: what its stretches bring, from their own directions."""
    if skies.of_day:
        return []
    share = np.array([phase.share_frac for phase in skies.phases])
    number = float((share @ day_per_s).sum()) * skies.duration_s
    return [("the sky of the epoch's day", number, "for the whole exposure, instead of the mean over its dates")]
