"""Saying it: the chance of a puncture, what it comes from, what could not have been reached, and what to keep in mind."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from whipple.casefile.case import Case
from whipple.casefile.estimate import Array, Caveat, Estimate
from whipple.exposure.phases import Skies
from whipple.exposure.read_plan import Plan
from whipple.exposure.risk import Doubt, PartRisk, SourceRisk, Whole
from whipple.exposure.walls import Wall
from whipple.exposure.words import compass
from whipple.physics.cited import Cited
from whipple.physics.constants import YEAR_s
from whipple.vehicle.stack import Stack

__all__ = ["acceptance_sentence", "arrivals", "caveats", "chance", "headline", "lasting", "odds", "unreachable"]

#: Above this speed no gun has tested any of the laws: everything is extrapolated.
TESTED_m_s = Cited(8000.0, unit="m/s", source="tm2009_214789", grade="source")


#: Sizes of the particles in 568 test shots on shields.
SHOT_m = (
    Cited(0.0004, unit="m", source="pyblossum", grade="computed"),
    Cited(0.01908, unit="m", source="pyblossum", grade="computed"),
)


def lasting(duration_s: float) -> str:
    """A time in words.

    >>> lasting(86400.0 * 85), lasting(3.15576e7), lasting(7200.0)
    ('85 days', '1 year', '2 hours')
    """
    for size, word in ((float(YEAR_s), "year"), (86_400.0, "day"), (3600.0, "hour")):
        if duration_s >= 0.9995 * size:
            number = f"{float(f'{duration_s / size:.3g}'):g}"
            return f"{number} {word}{'' if number == '1' else 's'}"
    return f"{duration_s:.0f} seconds"


def odds(prob: float) -> str:
    """A probability near 1 or 0 without rows of nines.

    >>> odds(0.987654), odds(0.9999912), odds(0.031), odds(4e-9)
    ('0.988', '1 − 8.8e-06', '0.031', 'below 0.001')
    """
    if 0.999 < prob < 1.0:
        return f"1 − {1 - prob:.2g}"
    return f"{prob:.3g}" if prob >= 0.001 else "below 0.001"


def chance(estimate: Estimate) -> str:
    """A probability with its 90 % interval in brackets, without it where both ends read alike.

    >>> chance(Estimate(0.9, 0.8, 0.95, "")), chance(Estimate(1e-9, 0.0, 1e-5, ""))
    ('0.9 (0.8 to 0.95)', 'below 0.001')
    """
    middle, low, high = (odds(x) for x in (estimate.median, estimate.low, estimate.high))
    return middle if low == high == middle else f"{middle} ({low} to {high})"


def _two(count: float) -> str:
    """Two figures, never in powers of ten."""
    return f"{float(f'{count:.2g}'):.15g}"


def _spread(estimate: Estimate) -> str:
    if odds(estimate.low) == odds(estimate.high):
        return f"{odds(estimate.median)} over the whole 90 % interval"
    return f"{odds(estimate.median)} (90 % interval {odds(estimate.low)} to {odds(estimate.high)})"


def headline(
    duration_s: float,
    total: Whole,
    parts: Sequence[PartRisk],
    sources: Sequence[str],
    source_frac: Array,
    doubts: Sequence[Doubt],
) -> str:
    """The probability of no puncture, what most of the risk comes from, and the doubt that matters most."""
    low, middle, high = (_two(x) for x in (total.strike_count.low, total.strike_count.median, total.strike_count.high))
    hit = f"about {middle} strikes heavier than 1 µg (90 % interval {low} to {high})"
    known = [part for part in parts if part.none_prob is not None]
    if total.none_prob is None or not known:
        return (
            f"Over {lasting(duration_s)}: {hit} on the whole vehicle; no wall is known, so no puncture can be counted."
        )
    where = (
        "of the whole vehicle"
        if len(known) == len(parts)
        else f"of the {len(known)} parts (of {len(parts)}) whose wall is known"
    )
    if len(known) == 1:
        where = f"of {known[0].part}, the only part whose wall is known,"
    said = [f"Over {lasting(duration_s)} the probability of no puncture {where} is {_spread(total.none_prob)}"]
    if source_frac.sum() > 0:
        worst, main = max(known, key=lambda part: part.risk_frac), int(np.argmax(source_frac))
        said.append(f"{100 * source_frac[main]:.0f} % of the expected punctures come from {sources[main]}")
        if len(known) > 1:
            said.append(f"{100 * worst.risk_frac:.0f} % fall on {worst.part}")
    if doubts:
        said.append(
            f"the largest doubt is the {doubts[0].name} ({100 * doubts[0].variance_frac:.0f} % of the variance)"
        )
    return "; ".join([*said, hit + " on the whole vehicle"]) + "."


def arrivals(share: Array, middle_rad: Array) -> str:
    """The directions most arrivals come from, in words.

    >>> arrivals(np.array([0.7, 0.3]), np.array([[0.0, 0.0], [1.5707963, 0.5]]))
    'ram, near the horizon (70 %); starboard, 29° up (30 %)'
    """
    if not share.sum() > 0:
        return "from nowhere"
    named: dict[str, float] = {}
    for part, middle in zip(share, middle_rad, strict=True):
        where = _where(*middle)
        named[where] = named.get(where, 0.0) + float(part)
    best = [where for where in sorted(named, key=lambda name: -named[name])[:3] if named[where] >= 0.05]
    return "; ".join(f"{where} ({100 * named[where]:.0f} %)" for where in best)


def _where(azimuth: float, elevation: float) -> str:
    degrees = float(np.degrees(elevation))
    if degrees > 60:
        return "from above"
    high = "near the horizon" if abs(degrees) < 1 else f"{abs(degrees):.0f}° {'up' if degrees > 0 else 'down'}"
    return f"{compass(azimuth)}, {high}"


def unreachable(rows: Sequence[SourceRisk], parts: Sequence[PartRisk], sources: Sequence[str]) -> tuple[str, ...]:
    """What could not have been reached: parts that a source never reaches, and parts that nothing reaches."""
    said = []
    dark = [part.part for part in parts if part.sheltered_frac >= 1.0]
    if dark:
        said.append(f"Nothing that flies reaches {_listed(dark)}: all of it lies in the shadow of the rest.")
    for source in sources:
        out = [row.part for row in rows if row.source == source and row.reached_frac <= 0.0 and row.part not in dark]
        if out:
            said.append(f"{source}: cannot reach {_listed(out)} (direction or shadow).")
    return tuple(said)


def _listed(names: Sequence[str], most: int = 8) -> str:
    return ", ".join(names[:most]) + (f" and {len(names) - most} more parts" if len(names) > most else "")


def acceptance_sentence(name: str, required: float, found: Estimate | None, met: float, unknown: Sequence[str]) -> str:
    """Whether a required probability of no puncture is met, and how sure that is."""
    if found is None:
        return f"{name}: cannot be judged, no wall of its parts is known."
    word = "met" if met >= 0.95 else "not met" if met <= 0.05 else "open"
    said = f"{name}: {word}. Required {required:g}, found {_spread(found)}; the probability that it is met is {100 * met:.0f} %."
    return said + (f" Not counted, because their walls are not known: {_listed(unknown)}." if unknown else "")


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
            f"published law speaks for: {_listed([part.name for part in unknown])}. They are struck, but their punctures are not counted; "
            "that is not the same as safe."
        )
        said.append(Caveat("assess-walls-unknown", text))
    beyond = {wall.name: _limit_m(wall) for wall in walls if wall.known}
    beyond = {name: size for name, size in beyond.items() if not SHOT_m[0] <= size <= SHOT_m[1]}
    if beyond:
        sizes = "; ".join(f"{name}: {1e3 * size:.2g} mm" for name, size in beyond.items())
        text = (
            f"The particle that just perforates at 7 km/s, head on, is outside the {1e3 * SHOT_m[0]:.2g} to {1e3 * SHOT_m[1]:.2g} mm that "
            f"the test shots of shields cover ({sizes}): the laws are extrapolated in size there."
        )
        said.append(Caveat("assess-size-extrapolated", text))
    bare = sorted({wall.name for wall in walls if "bumper" in wall.name and wall.laws[0].answers.startswith("single")})
    if bare:
        text = f"No law here speaks for a bumper in front of {_listed(bare)}: the wall is judged as if it stood alone, which counts too many."
        said.append(Caveat("assess-bumper-left-out", text))
    lone = sorted({wall.name for wall in walls if len(wall.laws) == 1})
    if lone:
        text = f"Only one published law speaks for {_listed(lone)}: the spread between laws is not shown there."
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
