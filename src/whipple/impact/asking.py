"""Answers for one shield and one shot, a row a model: what `whipple impact` prints."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from whipple.errors import RangeError
from whipple.impact.hole_laws import WIDTH_LAWS, depth_laws, particle_m
from whipple.impact.models import MODELS
from whipple.impact.models.christiansen_2009 import ISS_SHIELDS, iss_shield_m
from whipple.impact.needed import refuse_without_layers, speaks_for
from whipple.impact.perforation_chance import perforation_chance
from whipple.impact.shield import Shield
from whipple.impact.validity import SHOT_WITH, outside_tests, outside_them_all
from whipple.physics.models import Model, ModelAnswer, spread

__all__ = ["chance_rows", "flight_rows", "hole_rows", "kinds", "limit_rows"]


def limit_rows(
    shield: Shield, speed_m_s: float, incidence_rad: float, density_kg_m3: float, kind: str = ""
) -> list[dict[str, Any]]:
    """The ballistic limit by every model that speaks for this shield, in SI, with the ways it is used outside its tests.

    `kind` is what the models answer, one of `kinds()`; left out, a single wall or a Whipple shield, as the shield has a bumper or not.

    >>> [row["model"] for row in limit_rows(Shield.single("CFRP", 0.0038), 7000.0, 0.0, 2700.0)]
    ['CFRP']
    """
    about = kind or ("Whipple shield" if shield.bumper_m > 0 else f"single {shield.wall.family} wall")
    if kind and kind not in kinds():
        raise RangeError("impact limit", "kind", repr(kind), f"one of: {', '.join(kinds())}", "see whipple models")
    refuse_without_layers(about, shield)
    speaking = [model for model in MODELS if model.answers == about and speaks_for(model.name, about, shield)]
    if not speaking:
        raise RangeError(
            "impact limit", "material", shield.wall.name, "a wall some model speaks for", "use an aluminium alloy"
        )
    shot = {"speed_m_s": speed_m_s, "incidence_rad": incidence_rad, "density_kg_m3": density_kg_m3}
    said = spread([_bound(model, shield) for model in speaking], **shot)
    flags = [_flags(model, answer, shield, density_kg_m3) for model, answer in zip(speaking, said, strict=True)]
    caveat = outside_them_all(flags)
    return [
        _row(answer.model, float(answer.value), flag, density_kg_m3, (model.grade, model.source))
        | ({"caveats": [caveat]} if caveat else {})
        for model, answer, flag in zip(speaking, said, flags, strict=True)
    ]


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
        for words, limit in said.items()
    ]
    return rows[:1] if rows[0]["diameter_m"] == rows[1]["diameter_m"] else rows


def kinds() -> tuple[str, ...]:
    """What can be asked for by `kind`: every sort of wall that a ballistic limit here speaks for.

    >>> "stuffed Whipple shield" in kinds(), "triple wall" in kinds()
    (True, True)
    """
    unlike = ("particle from", "chance of", "named")
    return tuple(dict.fromkeys(model.answers for model in MODELS if not model.answers.startswith(unlike)))


def _flags(model: Model, answer: ModelAnswer, shield: Shield, density_kg_m3: float) -> tuple[str, ...]:
    """Every way in which the model is used outside its tests; said too when its tests are not known."""
    flags = answer.extrapolations + outside_tests(model.name, shield, float(answer.value), density_kg_m3)
    return flags if model.tested or model.name in SHOT_WITH else (*flags, "its tested range is not known")


def chance_rows(
    shield: Shield, rows: list[dict[str, Any]], shot: tuple[float, float, float], particle_m: float | None = None
) -> list[dict[str, Any]]:
    """The rows of `limit_rows` with the chance that a particle of each row's size perforates; a row of its own for `particle_m`.

    >>> from whipple.physics.materials import material
    >>> shield = Shield(wall=material("6061-T6"), wall_m=0.00318, bumper_m=0.0016, standoff_m=0.1016)
    >>> rows = chance_rows(shield, limit_rows(shield, 7000.0, 0.0, 2800.0), (7000.0, 0.0, 2800.0))
    >>> rows[0]["model"], round(rows[0]["perforation_prob"], 1)
    ('NNO', 0.4)
    """
    if particle_m is not None:
        rows = [*rows, _row("particle asked about", particle_m, (), shot[2], ("computed", "pyblossum"))]
    chance = perforation_chance(shield, [row["diameter_m"] for row in rows], *shot)
    said = [caveat.text for caveat in chance.caveats]
    return [
        row
        | {"perforation_prob": float(p), "low_prob": float(low), "high_prob": float(high)}
        | {"caveats": list(dict.fromkeys([*rows[0].get("caveats", []), *said]))}
        for row, p, low, high in zip(rows, chance.perforation_prob, chance.low_prob, chance.high_prob, strict=True)
    ]


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


def _bound(model: Model, shield: Shield) -> Model:
    """The model with its shield filled in, so that only the shot is left to say."""
    return replace(model, function=lambda **shot: model.function(shield, **shot))


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
