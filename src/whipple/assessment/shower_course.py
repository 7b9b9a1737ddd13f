"""How strong is each shower through an exposure? Its activity rises and falls within hours, between the dates at which a whole sky is asked for."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from whipple.assessment.other_models import Look
from whipple.casefile.estimate import Array
from whipple.casefile.findings.sky import OrbitFacts, Stream
from whipple.environment.grid import sky_grid
from whipple.environment.models.moorhead_activity import SHOWERS
from whipple.environment.models.moorhead_activity import Shower as Listed
from whipple.environment.showers import shower_flux, shower_stream, shower_track
from whipple.physics.sun import solar_longitude_rad

__all__ = ["Courses", "courses_of"]


@dataclass(frozen=True)
class Courses:
    """Level of every shower met (1/m2/s far from Earth) at the hours of an exposure, in even steps about its dates.

    `hour_s` (n_date, n_hour); `level` by name, the same shape; `at_date` by name (n_date,), the level that the sky of a date has.
    """

    hour_s: Array
    level: dict[str, Array]
    at_date: dict[str, Array]

    def weighed(self, stream: Stream, date: int) -> Stream:
        """A shower of the sky of one date at the mean level of the hours nearer to this date than to another that holds it, over all hours.

        Summed over its dates it is the mean over the exposure times the number of dates. Other streams are handed back as they are.
        """
        if stream.name not in self.level or not self.at_date[stream.name][date] > 0:
            return stream
        present = np.flatnonzero(self.at_date[stream.name] > 0)
        dates = self.hour_s.mean(axis=1)
        nearest = present[np.abs(self.hour_s[..., None] - dates[present]).argmin(axis=-1)]
        share = float(self.level[stream.name][nearest == date].sum()) / self.hour_s.shape[1]
        return replace(stream, flux_per_m2_s=stream.flux_per_m2_s * (share / self.at_date[stream.name][date]))

    def between(self) -> tuple[tuple[str, float, float], ...]:
        """Showers that are active at none of the dates: name, the hour of their best level, and their mean level over that one."""
        absent = [name for name, level in self.at_date.items() if not level.any()]
        best = {name: np.unravel_index(self.level[name].argmax(), self.hour_s.shape) for name in absent}
        return tuple(
            (name, float(self.hour_s[at]), float(self.level[name].mean() / self.level[name][at]))
            for name, at in best.items()
        )

    @staticmethod
    def at_its_best(orbit: OrbitFacts, name: str) -> Stream:
        """A shower along an orbit whose solar longitude is that of its best hour."""
        listed = next(one for one in SHOWERS if one.name == name)
        return shower_stream(sky_grid(), orbit, listed, shower_track(listed, orbit), f"shower:{listed.code}")


def courses_of(look: Look, date_s: Array, hour_s: Array) -> Courses:
    """The courses of all listed showers; those active at no hour are left out."""
    dates = np.asarray(solar_longitude_rad(look.case.epoch, date_s))
    hours = np.asarray(solar_longitude_rad(look.case.epoch, hour_s.ravel()))
    met = [one for one in SHOWERS if any(one.is_active(float(at)) for at in (*hours, *dates))]
    level = {one.name: _levels(one, hours).reshape(hour_s.shape) for one in met}
    return Courses(hour_s, level, {one.name: _levels(one, dates) for one in met})


def _levels(shower: Listed, longitude_rad: Array) -> Array:
    """The flux of one shower at some solar longitudes, zero outside its listed interval. (n,)"""
    active = [float(at) if shower.is_active(float(at)) else None for at in longitude_rad]
    return np.array([0.0 if at is None else float(shower_flux(shower, at).flux_per_m2_s) for at in active])
