"""Which published laws speak for the walls of a vehicle, those of its shape file and those of assess.toml?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from whipple.exposure.walls import SHIELD
from whipple.impact.layers import laws_for, shield_of_layers
from whipple.impact.limits import SINGLE_WALL, behind_foil_m, foil_aware_whipple_m, shield_of
from whipple.impact.models import MODELS, christiansen_2009
from whipple.impact.shield import Shield
from whipple.impact.validity import BLIND_TO_FOILS
from whipple.physics.materials import find_material
from whipple.physics.models import Model
from whipple.vehicle.surfaces import Part

__all__ = ["SHIELDS", "laws_of"]

#: Shields of the handbook that assess.toml may name; the Soyuz blankets lie over 1.9 mm of AMg-6 (TM-2009-214785 section 6.2).
_BLANKETS = {
    "Soyuz blanket": (christiansen_2009.soyuz_blanket_m, 1.88),
    "toughened Soyuz blanket": (christiansen_2009.toughened_blanket_m, 3.07),
}
SHIELDS = (*christiansen_2009.ISS_SHIELDS, *_BLANKETS)
_SOYUZ_WALL_m = 0.0019


def laws_of(part: Part) -> tuple[Model, ...]:
    """Every published ballistic limit for a part's wall, the one that `impact.critical_diameter_m` uses first; empty when not known.

    >>> tube = Part("tube", "m", "6061-T6", 0.001, 0.0, 0.0, 0.5, 0.5, 290, "s")
    >>> [law.name for law in laws_of(tube)]
    ['Cour-Palais', 'Pailer-Grün']
    """
    if part.material.startswith(SHIELD):
        return (_named(part.material.removeprefix(SHIELD)),)
    if part.wall_kind or part.layers:
        stack = shield_of_layers(part.material, dict(_given_layers(part)))
        return _foil_aware(laws_for(stack, part.wall_kind), stack)
    shield = shield_of(part)
    if shield is None:
        return ()
    shielded = shield.bumper_m > 0 and shield.wall.yield_Pa is not None
    about = "Whipple shield" if shielded else f"single {shield.wall.family} wall"
    first = "NNO" if shielded else next(m.name for m in MODELS if m.function is SINGLE_WALL[shield.wall.family])
    speaking = [_bound(model, shield) for model in MODELS if model.answers == about]
    return _foil_aware(sorted(speaking, key=lambda model: model.name != first), shield)


def _foil_aware(laws: Sequence[Model], shield: Shield) -> tuple[Model, ...]:
    """The laws, those that would count a foil as a full bumper kept to what it can break; NNO as `impact.critical_diameter_m` takes it."""
    held = {"NNO": partial(foil_aware_whipple_m, shield)}
    held |= {law.name: partial(behind_foil_m, law.function, shield) for law in laws if law.name in BLIND_TO_FOILS}
    return tuple(replace(law, function=held.get(law.name, law.function)) for law in laws)


def _given_layers(part: Part) -> Iterator[tuple[str, float]]:
    """The layers of a part by name: wall, bumper and gap where they are there, then what else was said."""
    yield from (
        (name, m)
        for name, m in (("wall", part.wall_m), ("bumper", part.bumper_m), ("standoff", part.standoff_m))
        if m > 0
    )
    yield from part.layers


def _bound(model: Model, shield: Shield) -> Model:
    return replace(model, function=partial(model.function, shield))


def _named(name: str) -> Model:
    """One published shield as a whole."""
    if name in _BLANKETS:
        law, blanket = _BLANKETS[name]
        wall = find_material("AMg6")
        assert wall is not None
        shield = Shield(wall=wall, wall_m=_SOYUZ_WALL_m, blanket_kg_m2=blanket)
        return Model(name, partial(law, shield), "blanket over thin shell", "hb2009_214785", "source")
    row = christiansen_2009.ISS_SHIELDS[name]
    return Model(name, partial(christiansen_2009.iss_shield_m, name), "named ISS shield", row.source, "source")
