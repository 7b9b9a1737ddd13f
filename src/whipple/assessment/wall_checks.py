"""Can a [[wall]] of assess.toml be asked about, and what does counting punctures at the edge of a limit leave out behind its bumper?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from whipple.assessment.standing_walls import laws_of
from whipple.casefile.estimate import Caveat
from whipple.casefile.tables.assess_table import WallOverrideTable
from whipple.errors import Problem, RangeError
from whipple.exposure.read_plan import FILE, Plan
from whipple.impact.layers import idle_layers
from whipple.impact.limits import shield_of
from whipple.impact.perforation_chance import perforation_chance
from whipple.physics.cited import Cited
from whipple.vehicle.surfaces import Part

__all__ = ["edge_caveat", "punctures_over_edge", "wall_problems"]

_DENSITY_kg_m3 = 2800.0
#: How numbers of debris fall with diameter about the limits of shields, a few millimetres (Kessler 1991).
_DEBRIS_SLOPE = Cited(2.5, unit="", source="kessler1989", grade="recalled")
#: The shots asked about: aluminium at a usual speed of debris, head on and slanting, inside what was tested.
_DEBRIS_m_s, _SLANT_rad = 7000.0, (0.0, float(np.radians(45.0)))


def wall_problems(plan: Plan) -> list[Problem]:
    """Why a [[wall]] cannot be asked about: a sort of wall nobody knows, a layer that it needs, one that no law looks at, a material without law."""
    problems: list[Problem] = []
    for i, row in enumerate(plan.walls):
        if not row.shield:
            problems += _problems_of(row, f"wall[{i}]")
    return problems


def _problems_of(row: WallOverrideTable, where: str) -> list[Problem]:
    own = {"wall": row.thickness_m.value, "bumper": row.bumper_m.value, "standoff": row.standoff_m.value}
    said = {word: m for word, m in own.items() if m > 0} | row.layers.said()
    try:
        idle = idle_layers(row.material, said, row.kind)
    except RangeError as error:
        found = str(error.value) if error.argument == "layer" else f"{error.argument} = {error.value}"
        return [Problem(FILE, where, found, error.expected, error.remedy)]
    key = {"wall": "thickness", "bumper": "bumper", "standoff": "standoff"}
    remedy = 'name the kind that has it, such as kind = "stuffed Whipple shield", or leave it out'
    expected = f"layers that a law for {row.kind or 'this wall'} looks at"
    return [
        Problem(FILE, f"{where}.{key.get(word, f'layers.{word}')}", "a layer that changes nothing", expected, remedy)
        for word in idle
    ]


def punctures_over_edge(part: Part, number_slope: float, speed_m_s: float, incidence_rad: float) -> float:
    """Holes to be expected over particles above the first law's limit, behind a plain aluminium bumper, numbers falling as d^-slope.

    Integral of slope d^(-slope-1) P(d) over d, over d_limit^-slope; P is `impact.perforation_chance`, learned from test shots.

    >>> tube = Part("tube", "m", "6061-T6", 0.00318, 0.0016, 0.1016, 0.5, 0.5, 290, "s")
    >>> round(punctures_over_edge(tube, 2.5, 7000.0, 0.0), 1)
    1.0
    """
    shot = {"speed_m_s": speed_m_s, "incidence_rad": incidence_rad, "density_kg_m3": _DENSITY_kg_m3}
    limit = float(laws_of(part)[0].function(**shot))
    shield = shield_of(part)
    assert shield is not None
    log_ratio = np.linspace(-4.0, 4.0, 801)
    chance = perforation_chance(shield, limit * np.exp(log_ratio), *shot.values()).perforation_prob
    return float(np.trapezoid(number_slope * np.exp(-number_slope * log_ratio) * chance, log_ratio))


def _plain_shields(parts: Sequence[Part], plan: Plan) -> Iterator[Part]:
    """The different plain aluminium Whipple shields of the shape file and of assess.toml."""
    named = [
        Part("", "", row.material, row.thickness_m.value, row.bumper_m.value, row.standoff_m.value, 0.0, 0.0, 0.0, row.source)
        for row in plan.walls
        if not row.shield and not row.kind and not row.layers.said()
    ]  # fmt: skip
    seen = {
        (one.material, one.wall_m, one.bumper_m, one.standoff_m): one for one in (*parts, *named) if one.bumper_m > 0
    }
    yield from (one for one in seen.values() if (laws := laws_of(one)) and laws[0].name == "NNO")


def edge_caveat(parts: Sequence[Part], plan: Plan) -> tuple[Caveat, ...]:
    """What counting every particle above the limit, and none below, leaves out behind plain bumpers; empty without one.

    >>> edge_caveat((), Plan())
    ()
    """
    shields = list(_plain_shields(parts, plan))
    if not shields:
        return ()
    ratio = [
        punctures_over_edge(one, float(_DEBRIS_SLOPE), _DEBRIS_m_s, angle) for one in shields for angle in _SLANT_rad
    ]
    text = (
        "Every particle above the ballistic limit is counted as a puncture and none below it, as risk programs do. Test shots on aluminium Whipple "
        f"shields scatter about it: for the plain shields here they expect {min(ratio):.1f} to {max(ratio):.1f} times as many holes from debris "
        "(aluminium at 7 km/s, head on to 45°). Meteoroids at 20 km/s are beyond every test, and there the ratio may be larger."
    )
    return (Caveat("limit-as-an-edge", text),)
