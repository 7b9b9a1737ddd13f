"""Answers for one shield and one shot, a row a model: what `whipple impact` prints."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from whipple.errors import RangeError
from whipple.impact.hole_laws import WIDTH_LAWS, depth_laws, particle_m
from whipple.impact.models import MODELS
from whipple.impact.perforation_chance import perforation_chance
from whipple.impact.shield import Shield
from whipple.physics.models import Model, spread

__all__ = ["chance_rows", "hole_rows", "limit_rows"]


def limit_rows(shield: Shield, speed_m_s: float, incidence_rad: float, density_kg_m3: float) -> list[dict[str, Any]]:
    """The ballistic limit by every model that speaks for this shield, in SI, with the ways it is used outside its tests.

    >>> [row["model"] for row in limit_rows(Shield.single("CFRP", 0.0038), 7000.0, 0.0, 2700.0)]
    ['CFRP']
    """
    about = "Whipple shield" if shield.bumper_m > 0 else f"single {shield.wall.family} wall"
    speaking = [model for model in MODELS if model.answers == about]
    if not speaking or (shield.bumper_m > 0 and shield.wall.yield_Pa is None):
        raise RangeError(
            "impact limit", "material", shield.wall.name, "a wall some model speaks for", "use an aluminium alloy"
        )
    shot = {"speed_m_s": speed_m_s, "incidence_rad": incidence_rad, "density_kg_m3": density_kg_m3}
    grades = {model.name: (model.grade, model.source) for model in speaking}
    said = spread([_bound(model, shield) for model in speaking], **shot)
    unknown = {model.name: () if model.tested else ("its tested range is not known",) for model in speaking}
    return [
        _row(
            answer.model,
            float(answer.value),
            answer.extrapolations + unknown[answer.model],
            density_kg_m3,
            grades[answer.model],
        )
        for answer in said
    ]


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
        row | {"perforation_prob": float(p), "low_prob": float(low), "high_prob": float(high), "caveats": said}
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
