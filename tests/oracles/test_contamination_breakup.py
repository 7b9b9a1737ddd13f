"""Does an authority agree on how a vented jet falls apart: numbers of the MS-22 jet, water vented in orbit?"""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from whipple.contamination.breakup import break_up, jet_numbers
from whipple.physics.fluids import fluid

TABLE = Path(__file__).parents[2] / "authorities" / "contamination_breakup.csv"
ROWS = list(csv.DictReader(line for line in TABLE.read_text().splitlines() if not line.startswith("#")))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['fluid']}-{row['what']}")
def test_jets_fall_apart_as_seen(row: dict[str, str], authority: Callable[..., None]) -> None:
    liquid, what, printed = fluid(row["fluid"]), row["what"], float(row["printed"])
    kelvin, hole, speed = (float(row[name]) for name in ("kelvin", "hole_m", "speed_m_s"))
    if what in ("weber", "ohnesorge"):
        ours = float(getattr(jet_numbers(liquid, kelvin, speed, hole), what))
    else:
        drops = break_up(liquid, kelvin, np.full(4000, speed), np.full(4000, hole), np.random.default_rng(1))
        ours = {
            "intact_m": float(np.median(drops.intact_m)),
            "drop_over_hole": float(np.median(drops.diameter_m)) / hole,
        }[what]
    authority(
        "contamination", f"{what} of a {hole * 1e3:g} mm jet of {row['fluid']} at {speed:g} m/s", ours, printed,
        source=row["source"], why=row["why"], rtol=float(row["rtol"]),
    )  # fmt: skip
