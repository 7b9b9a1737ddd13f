"""A second opinion on a shower forecast: what the stream table of ECSS would add in the same hours."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Caveat
from whipple.environment.forecast import Forecast
from whipple.environment.models.grun_1985 import CROSS_SECTION_PER_PLATE_ratio, grun_flux_per_m2_s
from whipple.environment.models.mcbride_1997 import STREAMS, streams_per_m2_s
from whipple.physics.cited import Cited

__all__ = ["stream_caveat", "stream_ratio"]

Array = npt.NDArray[np.float64]
#: The mean speed that goes with Grün's flux.
_SPORADIC_m_s = Cited(20e3, unit="m/s", source="ecss_10_04", grade="source")


def stream_ratio(found: Forecast) -> Array:
    """The 49 annual streams of ECSS over the background, in the hours and above the limits of a forecast (n, limits), both far from Earth."""
    flux = streams_per_m2_s(found.solar_longitude_rad, found.limits.mass_kg)
    return flux / (CROSS_SECTION_PER_PLATE_ratio * grun_flux_per_m2_s(found.limits.mass_kg(_SPORADIC_m_s)))


def stream_caveat(found: Forecast) -> Caveat:
    """How the forecast stands beside that table, in words."""
    theirs, ours = stream_ratio(found).mean(axis=0), found.enhancement_ratio.mean(axis=0)
    top = (found.high_per_m2_s / found.sporadic_per_m2_s).mean(axis=0)
    each = "; ".join(
        f"above {label} {100 * a:.2g} % (here {100 * b:.2g} %, up to {100 * c:.2g} %)"
        for label, a, b, c in zip(found.limits.labels(), theirs, ours, top, strict=True)
    )
    text = (
        f"A second opinion: the {len(STREAMS)} annual streams of ECSS (Jenniskens, McBride; recalled, heaviest mass scale) would add, on average "
        f"over these hours, {each}. Where that is above the 90 % range here, plan with theirs."
    )
    return Caveat("forecast-streams", text)
