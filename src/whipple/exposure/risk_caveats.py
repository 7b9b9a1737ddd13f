"""What must a reader of a look ahead keep in mind? Walls, sky, moving parts and rays, as caveats."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from whipple.casefile.case import Case
from whipple.casefile.estimate import Array, Caveat
from whipple.exposure.phases import Skies
from whipple.exposure.read_plan import Plan
from whipple.exposure.risk_words import lasting, listed
from whipple.exposure.walls import Wall
from whipple.physics.cited import Cited
from whipple.physics.constants import YEAR_s
from whipple.vehicle.stack import Stack

__all__ = ["caveats"]

#: Above this speed no gun has tested any of the laws: everything is extrapolated.
TESTED_m_s = Cited(8000.0, unit="m/s", source="tm2009_214789", grade="source")
#: Sizes of the particles in 568 test shots on shields.
SHOT_m = (
    Cited(0.0004, unit="m", source="pyblossum", grade="computed"),
    Cited(0.01908, unit="m", source="pyblossum", grade="computed"),
)


def caveats(
    case: Case,
    stack: Stack,
    skies: Skies,
    plan: Plan,
    walls: Sequence[Wall],
    area_m2: Array,
    puncture: Array,
    noise: Array,
) -> tuple[Caveat, ...]:
    """What the reader must know beside the numbers."""
    found = [
        *_site_caveats(case, stack, walls, area_m2),
        *_walls_caveats(stack, walls, area_m2),
        *_sky_caveats(skies),
        *_moving_caveats(stack, skies, plan),
    ]
    found.append(
        Caveat(
            "assess-interval",
            "Intervals hold the level of each source, the published ballistic limits (each as likely), the ranges of wall thickness and "
            "of yaw, pitch and roll, and the number of rays. They do not hold the shape of the directional models, shape and make-up of "
            "particles, or fragments of one part striking another.",
        )
    )
    found.append(
        Caveat(
            "assess-rays",
            f"Rays are cast until the noise they leave in a part's count is below {100 * plan.assess.ray_noise_frac:g} % (1 sigma), or their "
            f"budget is spent; what is left is in each part's interval{_noisiest(noise, puncture)}. One source, or one facet near a shadow edge, is "
            "noisier.",
        )
    )
    if puncture.sum() > 0:
        found.append(
            Caveat(
                "assess-extrapolated",
                f"Ballistic limits were tested up to about {TESTED_m_s / 1e3:.0f} km/s. Meteoroids and most debris are faster: their "
                "punctures rest on extrapolation, which the spread between the laws shows only in part.",
            )
        )
    return tuple(found)


def _walls_caveats(stack: Stack, walls: Sequence[Wall], area_m2: Array) -> list[Caveat]:
    said = []
    unknown = [part for part, wall in zip(stack.surfaces.parts, walls, strict=True) if not wall.known]
    if unknown:
        area = sum(a for a, wall in zip(area_m2, walls, strict=True) if not wall.known)
        text = (
            f"{len(unknown)} of {len(walls)} parts ({area:.0f} of {area_m2.sum():.0f} m²) have a wall that is not known or that no "
            f"published law speaks for: {listed([part.name for part in unknown])}. They are struck, but their punctures are not counted; "
            "that is not the same as safe."
        )
        said.append(Caveat("assess-walls-unknown", text))
    beyond = {wall.name: _limit_m(wall) for wall in walls if wall.known}
    beyond = {name: size for name, size in beyond.items() if not SHOT_m[0] <= size <= SHOT_m[1]}
    if beyond:
        sizes = "; ".join(f"{name}: {float(f'{1e3 * size:.2g}'):g} mm" for name, size in beyond.items())
        text = (
            f"The particle that just perforates at 7 km/s, head on, is outside the {1e3 * SHOT_m[0]:.2g} to {1e3 * SHOT_m[1]:.2g} mm that "
            f"the test shots of shields cover ({sizes}): the laws are extrapolated in size there."
        )
        said.append(Caveat("assess-size-extrapolated", text))
    bare = sorted({wall.name for wall in walls if "bumper" in wall.name and wall.laws[0].answers.startswith("single")})
    if bare:
        text = f"No law here speaks for the bumper of {listed(bare)}: the wall is judged as if it stood alone, which counts too many."
        said.append(Caveat("assess-bumper-left-out", text))
    lone = sorted({wall.name for wall in walls if len(wall.laws) == 1})
    if lone:
        text = f"Only one published law speaks for {listed(lone)}: the spread between laws is not shown there."
        said.append(Caveat("assess-one-law", text))
    return said


def _limit_m(wall: Wall) -> float:
    """The particle of 2.8 g/cm3 that just perforates at 7 km/s, head on."""
    answer = wall.laws[0].function(speed_m_s=7000.0, incidence_rad=0.0, density_kg_m3=2800.0)
    return float(np.asarray(answer))


def _site_caveats(case: Case, stack: Stack, walls: Sequence[Wall], area_m2: Array) -> list[Caveat]:
    """The suspect part is more than what can leak."""
    names, given = [part.name for part in stack.surfaces.parts], case.vehicle.site_area_m2
    at = names.index(stack.site_part) if stack.site_part in names else -1
    if at < 0 or not walls[at].known or not given.high < area_m2[at]:
        return []
    text = (
        f"Punctures of {stack.site_part} are counted on all of its {area_m2[at]:.1f} m²; only about {given.value:g} m² of it ({given.low:g} "
        f"to {given.high:g}) can leak: there the expected number is about {100 * given.value / area_m2[at]:.0f} % of what stands here."
    )
    return [Caveat("assess-site-area", text)]


def _sky_caveats(skies: Skies) -> list[Caveat]:
    said = [caveat for stream in skies.mission for caveat in stream.caveats if stream.kind != "shower"]
    if not skies.of_day:
        text = (
            f"The exposure of {lasting(skies.duration_s)} is a mean over {skies.date_count} dates, the orbit plane turned by its node "
            "rate at constant height and inclination; between the dates showers rise and fall in steps of 6 hours, and come from where they did "
            "on the nearest date that holds them. Rates over the revolution are those of the epoch's day."
        )
        if skies.duration_s > 1.001 * float(YEAR_s):
            text += " The dates lie in its first year, which stands for every year; only debris is that of the years of the whole exposure."
        said.append(Caveat("assess-dates", text))
    elif len(skies.date_s):
        text = (
            f"The exposure of {lasting(skies.duration_s)} meets the directions of the revolutions after the epoch; showers rise and fall hour by "
            "hour, the rest day by day. Rates over the revolution are means over the exposure."
        )
        said.append(Caveat("assess-hours", text))
    if skies.history and not skies.of_day:
        text = "The attitude history covers four revolutions from the epoch; it is taken to repeat itself over the whole exposure."
        said.append(Caveat("assess-history-repeats", text))
    return list(dict.fromkeys(said))


def _noisiest(noise: Array, puncture: Array) -> str:
    """The noise of the noisiest part, and what noise is left in the punctures of all parts. `puncture` (n_part, n_source)."""
    worst, each = float(noise.max()) if len(noise) else 0.0, puncture.sum(axis=1)
    whole = float(np.linalg.norm(noise * each) / each.sum()) if each.sum() > 0 else 0.0
    if not worst > 0:
        return ""
    return f" (at most {100 * worst:.2g} %" + (f"; {100 * whole:.2g} % in the sum of all)" if whole > 0 else ")")


def _moving_caveats(stack: Stack, skies: Skies, plan: Plan) -> list[Caveat]:
    named = {name for row in plan.moving for name in row.parts}
    moving = sorted({part.module for part in stack.surfaces.parts if part.tracks_sun})
    if plan.moving:
        when = (
            f"each stretch of the revolution is looked at on some of the {len(skies.date_s)} {'hours' if skies.of_day else 'dates'}, spread evenly "
            "over stretches and dates"
            if len(skies.date_s)
            else "their angles are those of the epoch's day"
        )
        text = f"Moving parts face the Sun as well as their axes allow, in eclipse too; {when}."
        return [Caveat("assess-moving", text)]
    if moving and not named:
        text = (
            f"Sun-tracking parts ({', '.join(moving)}) stand at the position drawn: assess.toml names no axis for them."
        )
        return [Caveat("arrays-fixed", text)]
    return []
