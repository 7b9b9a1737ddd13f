"""Time scales: UTC at the door and for sgp4, TT for precession, nutation and the Sun. The only module that converts."""

from __future__ import annotations

import warnings
from datetime import UTC, datetime

import erfa
import numpy as np
import numpy.typing as npt

from whipple.errors import RangeError

__all__ = ["DAY_S", "tt_julian", "utc_julian"]

#: By definition.
DAY_S = 86_400.0


def utc_julian(moment: datetime) -> tuple[float, float]:
    """The Julian date of a moment in UTC, as a whole half day and a fraction.

    A moment without a zone is refused: nothing is guessed. Raises RangeError.

    >>> from datetime import UTC, datetime
    >>> utc_julian(datetime(2022, 12, 15, 0, 45, tzinfo=UTC))
    (2459928.5, 0.03125)
    """
    if moment.tzinfo is None:
        raise RangeError("UTC", "moment", moment.isoformat(), "a time with a zone", f"write {moment.isoformat()}Z")
    utc = moment.astimezone(UTC)
    second = utc.second + utc.microsecond * 1e-6
    with warnings.catch_warnings():
        warnings.simplefilter("error", erfa.ErfaWarning)
        try:
            day, fraction = erfa.dtf2d("UTC", utc.year, utc.month, utc.day, utc.hour, utc.minute, second)
        except (erfa.ErfaWarning, erfa.ErfaError):
            raise RangeError(
                "leap seconds",
                "moment",
                utc.isoformat(),
                "a date inside the leap-second table (1960 to a few years ahead)",
                "use a date inside the table, or a newer pyerfa",
            ) from None
    return float(day), float(fraction)


def tt_julian(epoch: datetime, t_s: npt.ArrayLike = 0.0) -> tuple[float, npt.NDArray[np.float64]]:
    """The Julian date in TT of `t_s` SI seconds after a UTC epoch: (day, fraction with the shape of `t_s`).

    TT = TAI + 32.184 s, TAI from the leap-second table of ERFA. Raises RangeError outside that table.

    >>> from datetime import UTC, datetime
    >>> day, fraction = tt_julian(datetime(2022, 12, 15, tzinfo=UTC), 86400.0)
    >>> round((float(fraction) - 1.0) * 86400, 3)
    69.184
    """
    day, fraction = utc_julian(epoch)
    tai_day, tai_fraction = erfa.utctai(day, fraction)
    tt_day, tt_fraction = erfa.taitt(tai_day, tai_fraction)
    return float(tt_day), float(tt_fraction) + np.asarray(t_s, dtype=float) / DAY_S
