"""A second opinion on a shower forecast: what the stream table of ECSS would add in the same hours."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from whipple.casefile.estimate import Caveat
from whipple.environment.forecast import Forecast, STATION_ratio
from whipple.environment.forecast_rows import SPORADIC_m_s
from whipple.environment.models.grun_1985 import CROSS_SECTION_PER_PLATE_ratio, grun_flux_per_m2_s
from whipple.environment.models.mcbride_1997 import STREAMS, streams_per_m2_s
from whipple.environment.outbursts import percent
from whipple.physics.cited import Cited

__all__ = ["stream_caveat", "stream_ratio"]

Array = npt.NDArray[np.float64]
#: Flux of a stream at the station over that far from Earth (occultation, focusing, own motion): mean over all radiants at the speeds of the
#: table (0.67 to 0.91 by speed). The table has no radiants; our own showers are at 0.62 to 0.98, mean 0.70.
_BEAM_ratio = Cited(0.72, unit="", source="ssp30425", grade="computed")


def stream_ratio(found: Forecast) -> Array:
    """The 49 annual streams of ECSS over the background, in the hours and above the limits of a forecast (n, limits), both behind the Earth.

    The streams with 0.72, the background with 0.95 of their flux far away, as at the station; other heights shield both alike.
    """
    flux = _BEAM_ratio * streams_per_m2_s(found.solar_longitude_rad, found.limits.mass_kg)
    background = CROSS_SECTION_PER_PLATE_ratio * grun_flux_per_m2_s(found.limits.mass_kg(SPORADIC_m_s))
    return flux / (STATION_ratio * background)


def stream_caveat(found: Forecast) -> Caveat:
    """How the forecast stands beside that table, in words."""
    theirs, ours = stream_ratio(found).mean(axis=0), found.enhancement_ratio.mean(axis=0)
    top = (found.high_per_m2_s / found.sporadic_per_m2_s).mean(axis=0)
    each = "; ".join(
        f"above {label} {percent(a)} (here {percent(b)}, up to {percent(c)})"
        for label, a, b, c in zip(found.limits.labels(), theirs, ours, top, strict=True)
    )
    text = (
        f"A second opinion: the {len(STREAMS)} annual streams of ECSS (Jenniskens, McBride; recalled, heaviest mass scale), behind the Earth as the "
        f"background is, would add, on average over these hours, {each}. Where that is above the 90 % range here, plan with theirs."
    )
    return Caveat("forecast-streams", text)
