"""What was flying there, and from which way?"""

from __future__ import annotations

import math

from whipple.casefile.case import Case
from whipple.casefile.findings import Findings
from whipple.casefile.findings.sky import Sky, Stream
from whipple.report.figures.sky import draw_sky, draw_speeds
from whipple.report.figures.strikes import weighed
from whipple.report.formats import number, percent, value_in
from whipple.report.page import Notes, Section, Table
from whipple.report.sections import answer, cited, quantities

__all__ = ["environment_section"]


def environment_section(case: Case, findings: Findings) -> Section:
    """Orbit, Sun, streams and showers."""
    sky = findings.sky
    if sky is None:
        return answer("environment", None)
    notes = Notes((*sky.caveats, *(sky.tracked.caveats if sky.tracked else ())))
    streams = Table(
        "Streams of particles",
        ("stream", "kind", "heavier than", "flux, per m² and year", "1-sigma factor", "models"),
        tuple(_stream(stream, notes) for stream in sky.streams),
    )
    figures = (draw_sky(sky, findings.strikes), draw_speeds(sky) if len(sky.debris_limit_azimuth_rad) else None)
    return answer("environment", sky, figures, (quantities("Orbit and Sun at the epoch", _orbit(sky)), streams), notes)


def _degrees(angle_rad: float) -> str:
    return f"{math.degrees(angle_rad):.2f}°".replace("-", "−")


def _orbit(sky: Sky) -> list[tuple[str, str]]:
    orbit = sky.orbit
    return [
        ("element set used", orbit.elements),
        *(
            (f"not used ({i + 1})", why)
            for i, why in enumerate(orbit.rejected)
            if not any(why in c.text for c in sky.caveats)
        ),
        *([("tracked objects", sky.tracked.headline)] if sky.tracked else []),
        ("beta angle", _degrees(orbit.beta_rad)),
        ("solar longitude, J2000", _degrees(orbit.solar_longitude_rad)),
        (
            "Sun, azimuth and elevation in LVLH",
            f"{_degrees(orbit.sun_azimuth_rad)}, {_degrees(orbit.sun_elevation_rad)}",
        ),
        ("altitude", f"{orbit.altitude_m / 1e3:.1f} km"),
        ("period", f"{orbit.period_s / 60:.2f} min"),
        ("share of the orbit in shadow", percent(orbit.eclipse_frac)),
    ]


def _stream(stream: Stream, notes: Notes) -> tuple[str, ...]:
    flux = value_in(float(stream.flux_per_m2_s.sum()), "per m² and year")
    return (
        stream.name + cited(stream.sources) + notes.mark(stream.caveats),
        stream.kind,
        weighed(stream.mass_reference_kg),
        number(flux),
        f"× {number(stream.level_factor)}",
        ", ".join(stream.models),
    )
