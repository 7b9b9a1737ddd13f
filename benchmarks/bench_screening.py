"""environment/screening: 30 000 objects for a day, beside flying every one of them on the same grid; and what brute force finds."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from whipple.environment.read_elements_catalogue import catalogued
from whipple.environment.screening_rehearsal import rehearsal_catalogue
from whipple.environment.screening_sweep import sweep
from whipple.physics.orbit import choose_elements
from whipple.physics.read_elements import read_elements
from whipple.physics.time import utc_julian

ELEMENTS = Path(__file__).parents[1] / "src/whipple/cases/soyuz-ms22/iss.tle"
START = datetime(2022, 12, 15, tzinfo=UTC)
DAY_S = 86_400.0


def brute_force(ship: object, other: object, within_m: float) -> list[tuple[float, float]]:
    """Minima below `within_m` over a day from positions every second, chords between."""
    day, fraction = utc_julian(START)
    t = fraction + np.arange(0.0, DAY_S + 0.5) / DAY_S
    here, there = (1e3 * one.sgp4_array(np.full(t.shape, day), t)[1] for one in (ship, other))  # type: ignore[attr-defined]
    offset = there - here
    chord = np.diff(offset, axis=0)
    share = np.clip(-np.einsum("ij,ij->i", offset[:-1], chord) / np.einsum("ij,ij->i", chord, chord), 0, 1)
    miss = np.linalg.norm(offset[:-1] + share[:, None] * chord, axis=1)
    padded = np.r_[np.inf, miss, np.inf]
    hits = np.flatnonzero((miss <= within_m) & (miss <= padded[:-2]) & (miss < padded[2:]))
    return [(float(i + share[i]), float(miss[i])) for i in hits]


def main(count: int = 30_000, sample: int = 1000, within_m: float = 50e3) -> None:
    """Print the time, the ratio to the unfiltered sweep, and what brute force finds of a sample that ours does not."""
    chosen = choose_elements(read_elements(ELEMENTS), START).chosen
    ship = catalogued(chosen.line1, chosen.line2).satellite
    some = [one.satellite for one in rehearsal_catalogue(count, START, 11, ship).objects]
    begin = time.perf_counter()
    ours = sweep(ship, some, START, DAY_S, within_m)
    quick = time.perf_counter() - begin
    begin = time.perf_counter()
    slow = sweep(ship, some, START, DAY_S, within_m, filters=False)
    whole = time.perf_counter() - begin
    print(
        f"screening: {count} objects x 24 h in {quick:.1f} s ({len(ours.after_apsis)} and {len(ours.after_path)} left after the filters), "
        f"unfiltered {whole:.1f} s, ratio {whole / quick:.1f}; {len(ours.minima)} and {len(slow.minima)} approaches below {within_m / 1e3:g} km"
    )
    times = {i: [seen.t_s for k, seen in ours.minima + ours.edges if k == i] for i in range(count)}
    low = [i for i, one in enumerate(some) if one.altp * 6378.0 < 700.0]
    picked = np.random.default_rng(1).choice(low, min(sample, len(low)), replace=False)
    found = [(int(i), hit) for i in picked for hit in brute_force(ship, some[i], within_m)]
    missed = [(i, hit) for i, hit in found if not any(abs(hit[0] - at) < 30 for at in times[i])]
    print(f"brute force on {len(picked)} low objects: {len(found)} approaches, missed by the screening: {len(missed)}")


if __name__ == "__main__":
    main()
