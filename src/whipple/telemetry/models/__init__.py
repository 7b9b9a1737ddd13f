"""Published models that telemetry rests on: a literal table, one file a paper."""

from __future__ import annotations

from whipple.physics.models import Model
from whipple.telemetry.models.page_1954 import average_run_length
from whipple.telemetry.shapes import gas_fall_Pa, spring_fall_Pa, steady_fall_Pa

__all__ = ["MODELS"]

#: Tested: false-alarm intervals against the printed tables (tests/oracles), leak shapes against the closed forms of the sheet.
MODELS = (
    Model(
        "page 1954 run length",
        average_run_length,
        "mean samples to an alarm of a cumulative sum",
        "spc_xcusum",
        "source",
        {"k_ratio": (0.0, 2.0), "h_ratio": (1.0, 40.0), "shift_ratio": (-0.5, 5.0)},
        "independent normal samples; autocorrelation is met by widening the noise, not by this law",
    ),
    Model(
        "gas accumulator",
        gas_fall_Pa,
        "fall of the pressure after a hole opens",
        "leak_sheet",
        "computed",
        {"exponent_ratio": (1.0, 1.4)},
        "hole into vacuum, accumulator not yet at its stop",
    ),
    Model("spring bellows", spring_fall_Pa, "fall of the pressure after a hole opens", "leak_sheet", "computed"),
    Model("steady", steady_fall_Pa, "fall of the pressure after a hole opens", "telemetry_sheet", "computed"),
)
