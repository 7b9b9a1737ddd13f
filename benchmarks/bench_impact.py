"""impact: a hundred thousand chances of perforation beside as many limits of one equation, in the same run (what the chance costs over yes or no)."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from whipple.impact import perforation_chance
from whipple.impact.models.christiansen_1993 import whipple_m
from whipple.impact.models.ryan_schonberg_2024 import whipple_m as ryan_schonberg_m
from whipple.impact.shield import Shield
from whipple.physics.materials import material

SHIELD = Shield(wall=material("6061-T6"), wall_m=0.00318, bumper_m=0.0016, standoff_m=0.1016)


def seconds(run: Callable[[], object], repeats: int = 3) -> float:
    """The best of a few runs."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return min(times)


def main(count: int = 100_000) -> None:
    """Print the ratios."""
    rng = np.random.default_rng(1)
    shot = (rng.uniform(1e3, 2e4, count), rng.uniform(0, 1.4, count), np.full(count, 2800.0))
    size = rng.uniform(0.001, 0.01, count)
    chance = seconds(lambda: perforation_chance(SHIELD, size, *shot))
    plain, bisected = seconds(lambda: whipple_m(SHIELD, *shot)), seconds(lambda: ryan_schonberg_m(SHIELD, *shot))
    print(
        f"impact: {count} chances {chance:.3f} s = {chance / plain:.0f} x NNO alone, {chance / bisected:.1f} x Ryan-Schonberg alone"
    )


if __name__ == "__main__":
    main()
