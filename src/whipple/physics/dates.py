"""Which times can be those of a flight, and from where on is a number of seconds a date?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

__all__ = ["DATED_S", "LAST_FLIGHT", "UNIX_ZERO", "flown_at"]

#: Where Unix seconds begin.
UNIX_ZERO = datetime(1970, 1, 1, tzinfo=UTC)
#: Larger numbers of seconds are counted from 1970: no record is three years away from the zero of its own clock.
DATED_S = 1e8
#: Nothing flew before; nothing is planned after.
_FIRST_FLIGHT, LAST_FLIGHT = datetime(1957, 1, 1, tzinfo=UTC), datetime(2101, 1, 1, tzinfo=UTC)


def flown_at(epoch: datetime, t_s: float) -> datetime | None:
    """The moment `t_s` seconds after the epoch, None outside the years 1957 to 2100: a slip, or times in another unit.

    >>> flown_at(UNIX_ZERO, 1671065100.0).isoformat(), flown_at(UNIX_ZERO, 1671065100e3)
    ('2022-12-15T00:45:00+00:00', None)
    """
    try:
        moment = epoch + timedelta(seconds=t_s)
    except OverflowError:
        return None
    return moment if _FIRST_FLIGHT <= moment < LAST_FLIGHT else None
