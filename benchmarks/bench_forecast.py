"""environment/forecast: a year of showers by the hour, beside the sky of single moments asked one after the other."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from whipple.environment import fly
from whipple.environment.forecast import forecast_showers
from whipple.environment.forecast_orbit import orbit_of_elements
from whipple.environment.models.moorhead_activity import active_showers
from whipple.environment.showers import shower_track
from whipple.physics.read_elements import read_elements

ELEMENTS = Path(__file__).parents[1] / "src/whipple/cases/soyuz-ms22/iss.tle"
NEW_YEAR = datetime(2022, 1, 1, tzinfo=UTC)


def main(hours: int = 8760, single: int = 20) -> None:
    """Print the time of the year and the ratio to single moments."""
    sets = read_elements(ELEMENTS)
    begin = time.perf_counter()
    found = forecast_showers(orbit_of_elements(sets, NEW_YEAR), NEW_YEAR, hours)
    year = time.perf_counter() - begin
    begin = time.perf_counter()
    for k in range(single):
        orbit = fly(sets, datetime(2022, 12, 14, tzinfo=UTC) + timedelta(hours=k), revolutions=1.0)
        for shower in active_showers(orbit.solar_longitude_rad):
            shower_track(shower, orbit)
    moments = (time.perf_counter() - begin) / single * hours
    print(
        f"forecast: {hours} hours x {len(found.showers)} showers in {year:.2f} s; single moments would take {moments:.0f} s, "
        f"ratio {moments / year:.0f}"
    )


if __name__ == "__main__":
    main()
