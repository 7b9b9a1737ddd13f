"""Isolation against the sheet: the accumulator's and the spring's closed forms, and a textbook network of pipes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from whipple.telemetry.isolation_forward import fed_fall_Pa, rigid_level_Pa

SHEET = "reference/leak_and_dynamics.md section 3.3, table of check numbers"
#: Cd 0.61, d 0.8 mm, rho 692, p0 3.04e5: what leaks at the start.
LEAK = 0.61 * 5.0265482457e-07 * np.sqrt(2 * 3.04e5 / 692.0)


def test_the_accumulator_after_an_hour(authority: Callable[..., None]) -> None:
    fall = fed_fall_Pa(np.array(3.04e5), np.array(4e-3), np.array(40e-3), np.array(LEAK), 3600.0, 5e3)
    authority(
        "telemetry", "isolation: pressure of a piece with the accumulator, 0.8 mm, after 1 h", 3.04e5 + float(fall), 54237.615542,
        source=SHEET, why="closed form on both sides; digits printed", rtol=1e-9, unit="Pa",
    )  # fmt: skip


def test_the_spring_after_an_hour(authority: Callable[..., None]) -> None:
    """A shut-in rigid piece is a spring of stiffness B/V: the sheet's bellows with k = 6.35e6 Pa/m3."""
    level = rigid_level_Pa(np.array(3.04e5), np.array(6.35e6), np.array(LEAK), 3600.0, 5e3)
    authority(
        "telemetry", "isolation: pressure of a shut-in piece as a spring, 0.8 mm, after 1 h", float(level), 131732.883021,
        source=SHEET, why="closed form on both sides; digits printed", rtol=1e-9, unit="Pa",
    )  # fmt: skip
