"""What each published law says of this hole and wall against speed, for a drawing and for one sentence at gun speed."""

from __future__ import annotations

import numpy as np

from whipple.casefile.estimate import Array, Caveat
from whipple.casefile.findings.impactor import LawAnswer
from whipple.casefile.given import Given
from whipple.impact.hole_laws import WIDTH_LAWS, depth_laws, particle_m
from whipple.impact.shield import Shield
from whipple.physics.cited import Cited
from whipple.physics.materials import Material

__all__ = ["law_curves", "sentence_at_gun_speed"]

_SPEEDS_m_s = (3e3, 70e3, 68)
#: Aluminium 2017-T4, what guns shoot, and a compact stone within 10 %.
_DENSITY_kg_m3 = Cited(2800.0, unit="kg/m3", source="hb2009_214785", grade="source")
_POROUS_kg_m3 = Cited(1000.0, unit="kg/m3", source="hb2009_214785", grade="source")
_GUN_m_s = 7000.0
_TESTED_m_s = Cited(8000.0, unit="m/s", source="tm2009_214789", grade="source")
_KEYS = {
    "Cour-Palais": "hb2009_214785",
    "Pailer-Grün": "pailer1980",
    "Maiden": "maiden1963",
    "Nysmith-Denardo": "nysmith1969",
}


def law_curves(wall: Material, wall_m: float, hole_m: float | None) -> tuple[LawAnswer, ...]:
    """Every law at normal incidence for a particle of 2.8 g/cm3: the ballistic limit, the hole by depth, the hole by width."""
    low, high, count = _SPEEDS_m_s
    speed = np.linspace(low, high, int(count))
    shield, shot = Shield(wall=wall, wall_m=wall_m), (speed, 0.0, _DENSITY_kg_m3)
    answers = [
        _answer(name, "just perforates the wall", speed, law(shield, *shot)) for name, law in depth_laws(wall).items()
    ]
    if hole_m is None:
        return tuple(answers)
    asked = f"leaves a {hole_m * 1e3:.2g} mm hole"
    answers += [_answer(name, asked, speed, particle_m(shield, hole_m, shot, name)) for name in depth_laws(wall)]
    limit = np.min([answer.diameter_m for answer in answers], axis=0)
    for name, width in WIDTH_LAWS.items():
        if width is not None:
            answers.append(_thin(_answer(name, asked, speed, width(shield, hole_m, *shot)), limit))
    return tuple(answers)


def _answer(law: str, question: str, speed_m_s: Array, diameter_m: Array) -> LawAnswer:
    text = f"{law}: tested below about {_TESTED_m_s / 1e3:.0f} km/s, extrapolated above."
    return LawAnswer(
        law, question, speed_m_s, diameter_m, (_KEYS.get(law, "tm2009_214789"),), (Caveat("impact.extrapolated", text),)
    )


def _thin(answer: LawAnswer, limit_m: Array) -> LawAnswer:
    """The same answer with a caveat where the particle it names could not get through the wall."""
    short = float(np.mean(answer.diameter_m < limit_m))
    if short == 0:
        return answer
    text = f"{answer.law}: a thin-plate law; over {short:.0%} of the speeds its particle would not perforate this wall, so depth decides there."
    caveats = (*answer.caveats, Caveat("impact.thin-plate-law", text))
    return LawAnswer(answer.law, answer.question, answer.speed_m_s, answer.diameter_m, answer.sources, caveats)


def sentence_at_gun_speed(wall: Material, wall_m: Given, hole_m: float | None) -> str:
    """What the laws ask for at 7 km/s, where guns can check it: over the wall's range, all pairs of laws, and 1.0 to 2.8 g/cm3."""
    shields = [Shield(wall=wall, wall_m=thickness) for thickness in (wall_m.low, wall_m.high)]
    found = [
        float(particle_m(shield, hole_m or 0.0, (_GUN_m_s, 0.0, bulk), law, width))
        for shield in shields
        for bulk in (float(_POROUS_kg_m3), float(_DENSITY_kg_m3))
        for law in depth_laws(wall)
        for width in (WIDTH_LAWS if hole_m else ("pit only",))
    ]
    hole = "perforate the wall" if hole_m is None else "make it"
    return f"At 7 km/s, head on, a particle of {min(found) * 1e3:.1f} to {max(found) * 1e3:.1f} mm (1.0 to 2.8 g/cm³) would {hole}."
