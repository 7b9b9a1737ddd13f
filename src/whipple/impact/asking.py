"""Answers for one shield and one shot, a row a model: what `whipple impact` prints."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Any

import numpy as np

from whipple.casefile.estimate import Array
from whipple.errors import RangeError
from whipple.impact.failures import failure_of
from whipple.impact.hole_laws import WIDTH_LAWS, depth_laws, particle_m
from whipple.impact.layers import laws_for
from whipple.impact.limits import SINGLE_WALL, foil_aware_whipple_m
from whipple.impact.models import MODELS, ryan_2009, ryan_2009_heat_shields
from whipple.impact.models.christiansen_2009 import ISS_SHIELDS, iss_shield_m
from whipple.impact.perforation_chance import perforation_chance, punctures_ratio
from whipple.impact.shield import Shield
from whipple.impact.validity import SHOT_WITH, bumper_too_thin, outside_tests, outside_them_all
from whipple.physics.cited import Cited
from whipple.physics.models import Model, ModelAnswer, outside, spread

__all__ = ["CRATERS", "chance_rows", "crater_rows", "flight_rows", "hole_rows", "limit_rows"]

#: How numbers fall with size: F1 of NASA91, and Gruen's flux at 2 to 6 mm of 1 g/cm3 (3.88 to 3.97), where the limits of these shields lie.
_DEBRIS_SLOPE = Cited(2.5, unit="", source="kessler1989", grade="recalled")
_METEOROID_SLOPE = Cited(3.9, unit="", source="grun1985", grade="computed")
_HOLES_ONLY = "This is the chance of a hole: spall that flies off the wall without one is not in it."
#: The caveats of a chance in the few words of a row, by their codes.
_UNLIKE = {
    "beyond-the-shots": "chance: shield or shot unlike any of the 545 tested",
    "size-beyond-the-shots": "chance: particle outside the 0.4 to 19 mm shot",
}
#: Laws that take the density of a wall whose density in our table is recalled.
_TAKES_WALL_DENSITY = ("carbon-carbon", "Avcoat")
#: What a crater is in: the model's name in `MODELS`, and its law of (mouth, speed, incidence, density).
CRATERS: dict[str, tuple[str, Callable[..., Array]]] = {
    "glass": ("crater in glass", ryan_2009.glass_crater_particle_m),
    "quartz": ("crater in glass", partial(ryan_2009.glass_crater_particle_m, quartz=True)),
    "tile": ("cavity in a tile", ryan_2009_heat_shields.tile_cavity_particle_m),
    "carbon-carbon": ("hole in carbon-carbon", ryan_2009_heat_shields.rcc_hole_particle_m),
}


def limit_rows(
    shield: Shield,
    speed_m_s: float,
    incidence_rad: float,
    density_kg_m3: float,
    kind: str = "",
    options: Mapping[str, float | str] | None = None,
) -> list[dict[str, Any]]:
    """The ballistic limit by every model that speaks for this shield, in SI, with the ways it is used outside its tests.

    `kind` and `options` as in `layers.laws_for`; each row says which failure its law means. Laws for thicker bumpers than this one stand last.

    >>> [(row["model"], row["failure"]) for row in limit_rows(Shield.single("CFRP", 0.0038), 7000.0, 0.0, 2700.0)]
    [('CFRP', 'perforation')]
    """
    speaking = laws_for(shield, kind, options)
    shot = {"speed_m_s": speed_m_s, "incidence_rad": incidence_rad, "density_kg_m3": density_kg_m3}
    said = spread(speaking, **shot)
    flags = [
        _flags(model, answer, shield, density_kg_m3, options or {})
        for model, answer in zip(speaking, said, strict=True)
    ]
    too_thin = {answer.model for answer in said if bumper_too_thin(answer.model, shield, float(answer.value))}
    caveats = [
        text
        for text in (outside_them_all(flags), _what_a_foil_takes(shield, shot, too_thin) if too_thin else "")
        if text
    ]
    meant = str((options or {}).get("failure", ""))
    rows = [
        _row(answer.model, float(answer.value), flag, density_kg_m3, (model.grade, model.source))
        | {"failure": meant or failure_of(model.name)}
        | ({"caveats": caveats} if caveats else {})
        for model, answer, flag in zip(speaking, said, flags, strict=True)
    ]
    return sorted(rows, key=lambda row: row["model"] in too_thin)


def _what_a_foil_takes(shield: Shield, shot: Mapping[str, float], too_thin: Collection[str]) -> str:
    """What a law makes of a bumper too thin for it, and what can be said in its place."""
    if "NNO" in too_thin:
        taken_mm = float(foil_aware_whipple_m(shield, **shot)) * 1e3
        return (
            f"NNO counts a foil as a full bumper: it holds from a bumper of 0.15 of the particle on, and {shield.bumper_m * 1e3:.3g} mm is less. "
            f"Do not use its number alone: `whipple assess` takes the lesser of NNO and Ryan-Schonberg 2024, here {taken_mm:.4g} mm."
        )
    text = (
        f"No bumper stands in the law of high speeds of {', '.join(sorted(too_thin))}: a foil counts as a full one. What stands before this wall "
        "is thinner than 0.15 of the particle (where NNO ends; these laws name no end). Do not use the number as it stands"
    )
    alone = SINGLE_WALL.get(shield.wall.family)
    bare = "" if alone is None else f": the wall alone stops up to {float(alone(shield, **shot)) * 1e3:.4g} mm"
    return f"{text}{bare}."


def flight_rows(name: str, speed_m_s: float, incidence_rad: float, density_kg_m3: float) -> list[dict[str, Any]]:
    """The ballistic limit of a named ISS flight shield, in SI; where the source prints two exponents, a row each.

    >>> [round(row["diameter_m"] * 1e3, 1) for row in flight_rows("US Lab cylinder", 7000.0, 0.0, 2800.0)]
    [9.0]
    """
    shot = (speed_m_s, incidence_rad, density_kg_m3)
    said = {name: iss_shield_m(name, *shot), f"{name}, as printed": iss_shield_m(name, *shot, as_printed=True)}
    graded = ("source", ISS_SHIELDS[name].source)
    rows = [
        _row(words, float(limit), ("its tested range is not known",), density_kg_m3, graded)
        | {"failure": failure_of("ISS flight shields")}
        for words, limit in said.items()
    ]
    return rows[:1] if rows[0]["diameter_m"] == rows[1]["diameter_m"] else rows


def _flags(
    model: Model, answer: ModelAnswer, shield: Shield, density_kg_m3: float, options: Mapping[str, float | str]
) -> tuple[str, ...]:
    """Every way in which the model is used outside its tests; said too when its tests are not known."""
    numbers = {name: value for name, value in options.items() if isinstance(value, float)}
    flags = answer.extrapolations + outside(model, numbers)
    flags += outside_tests(model.name, shield, float(answer.value), density_kg_m3)
    if model.name in _TAKES_WALL_DENSITY and shield.wall.source == "recalled":
        found = f"{shield.wall.density_kg_m3 / 1e3:.2g} g/cm3"
        flags += (f"{model.name}: the wall's density, {found}, is recalled: give wall_density if you know it",)
    return flags if model.tested or model.name in SHOT_WITH else (*flags, "its tested range is not known")


def chance_rows(
    shield: Shield, rows: list[dict[str, Any]], shot: tuple[float, float, float], particle_m: float | None = None
) -> list[dict[str, Any]]:
    """The rows of `limit_rows` with the chance that a particle of each row's size perforates; a row of its own for `particle_m`.

    >>> from whipple.physics.materials import material
    >>> shield = Shield(wall=material("6061-T6"), wall_m=0.00318, bumper_m=0.0016, standoff_m=0.1016)
    >>> rows = chance_rows(shield, limit_rows(shield, 7000.0, 0.0, 2800.0), (7000.0, 0.0, 2800.0))
    >>> rows[0]["model"], round(rows[0]["perforation_prob"], 1)
    ('NNO', 0.3)
    """
    if particle_m is not None:
        unlike = tuple(_UNLIKE[caveat.code] for caveat in perforation_chance(shield, particle_m, *shot).caveats)
        rows = [*rows, _row("particle asked about", particle_m, unlike, shot[2], ("computed", "pyblossum"))]
    chance = perforation_chance(shield, [row["diameter_m"] for row in rows], *shot)
    said = [*(caveat.text for caveat in chance.caveats), _HOLES_ONLY, _what_scatter_adds(bool(chance.from_tests.all()))]
    return [
        row
        | {"perforation_prob": float(p), "low_prob": float(low), "high_prob": float(high)}
        | {"caveats": list(dict.fromkeys([*rows[0].get("caveats", []), *said]))}
        for row, p, low, high in zip(rows, chance.perforation_prob, chance.low_prob, chance.high_prob, strict=True)
    ]


def _what_scatter_adds(from_tests: bool) -> str:
    slow, steep = punctures_ratio(_DEBRIS_SLOPE), punctures_ratio(_METEOROID_SLOPE)
    beyond = " Unlike any shot tested, the chance rises more slowly with size here: expect more than these."
    return (
        "A limit is no edge: smaller particles, which are many, sometimes get through. Against the size that perforates every other time, not "
        f"against an equation's limit, expect {slow:.1f} times the punctures counted above it where numbers fall as d^-{_DEBRIS_SLOPE:g} (debris of "
        f"NASA91) and {steep:.1f} times where they fall as d^-{_METEOROID_SLOPE:g} (meteoroids of 2 to 6 mm); against a row whose chance is below "
        f"one half fewer, above it more.{'' if from_tests else beyond}"
    )


def hole_rows(
    shield: Shield, hole_m: float, speed_m_s: float, incidence_rad: float, density_kg_m3: float
) -> list[dict[str, Any]]:
    """The particle that leaves a hole of this size, by every depth law and hole law.

    >>> rows = hole_rows(Shield.single("6061-T6", 0.001), 0.0008, 7000.0, 0.0, 2800.0)
    >>> rows[0]["model"], round(rows[0]["diameter_m"] * 1e3, 3)
    ('Cour-Palais, pit only', 0.407)
    """
    if not hole_m > 0:
        raise RangeError("impact hole", "hole_m", hole_m, "a hole wider than 0", "check the unit")
    beyond = ("depth law extrapolated above 8 km/s",) if speed_m_s > 8e3 else ()
    shot = (speed_m_s, incidence_rad, density_kg_m3)
    rows = []
    for depth in depth_laws(shield.wall):
        for width in WIDTH_LAWS:
            grade = "proposal" if (depth, width) == ("Cour-Palais", "pit only") else "recalled"
            rows.append(
                _row(
                    f"{depth}, {width}",
                    float(particle_m(shield, hole_m, shot, depth, width)),
                    beyond,
                    density_kg_m3,
                    (grade, "love1995"),
                )
            )
    return rows


def crater_rows(
    target: str, mouth_m: float, speed_m_s: float, incidence_rad: float, density_kg_m3: float
) -> list[dict[str, Any]]:
    """The particle that leaves a pit or hole of this mouth in glass, quartz, a tile or carbon-carbon, where a wall's thickness is no matter.

    >>> round(crater_rows("quartz", 0.03, 7000.0, 0.785398, 2800.0)[0]["diameter_m"] * 100, 3)
    0.124
    """
    if target not in CRATERS:
        raise RangeError("impact crater", "target", repr(target), f"one of: {', '.join(CRATERS)}", "--target glass")
    if not mouth_m > 0:
        raise RangeError("impact crater", "mouth_m", mouth_m, "a mouth wider than 0", "check the unit")
    name, law = CRATERS[target]
    model = next(model for model in MODELS if model.name == name)
    shot = {"speed_m_s": speed_m_s, "incidence_rad": incidence_rad, "density_kg_m3": density_kg_m3}
    said = law(mouth_m, **shot)
    return [
        _row(
            name if target != "quartz" else "crater in quartz",
            float(said),
            outside(model, shot),
            density_kg_m3,
            (model.grade, model.source),
        )
    ]


def _row(
    name: str, diameter_m: float, outside: tuple[str, ...], density_kg_m3: float, graded: tuple[str, str]
) -> dict[str, Any]:
    mass = np.pi / 6 * density_kg_m3 * diameter_m**3
    return {
        "model": name,
        "diameter_m": diameter_m,
        "mass_kg": float(mass),
        "outside": list(outside),
        "grade": graded[0],
        "source": graded[1],
    }
