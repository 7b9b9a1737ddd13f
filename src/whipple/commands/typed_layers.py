"""Layers of a wall as typed, and what the answer for this sort of wall would pass over in silence."""

from __future__ import annotations

from typing import Any

__all__ = ["USUAL_ALLOY", "refuse_unheard", "typed_layers"]

#: The wall where `--material` is not said.
USUAL_ALLOY = "6061-T6"


def typed_layers(words: list[str]) -> dict[str, float]:
    """The layers as typed, in SI."""
    from whipple.errors import RangeError

    given: dict[str, float] = {}
    for name, value in map(_layer, words):
        if name in given:
            raise RangeError("impact layers", "--layer", f"{name} twice", "each layer once", f"leave out one {name}")
        given[name] = value
    return given


def _layer(word: str) -> tuple[str, float]:
    from whipple.casefile.units import parse_quantity
    from whipple.errors import RangeError
    from whipple.impact.layers import LAYER_UNITS, unknown_name

    name, _, value = (part.strip() for part in word.partition("="))
    if name not in LAYER_UNITS:
        raise unknown_name("impact layers", "--layer", name, LAYER_UNITS)
    if not value:
        raise RangeError("impact layers", "--layer", repr(word), "name=value", 'write it as "wall=2 mm"')
    return name, parse_quantity(value, LAYER_UNITS[name], f"--layer {name}")


def refuse_unheard(kind: str, material: str, given: dict[str, float], options: dict[str, Any]) -> None:
    """RangeError for a sort of wall that nobody knows, and for what the answer for this one would pass over in silence.

    `material` is "" where none was typed.
    """
    from whipple.assessment.standing_walls import SHIELDS
    from whipple.errors import RangeError
    from whipple.impact.layers import idle_layers, idle_material, kinds, unknown_name
    from whipple.impact.models.christiansen_2009 import ISS_SHIELDS

    if kind in ISS_SHIELDS:
        _refuse_beside_a_whole_shield(kind, material, given, options)
        return
    if kind in SHIELDS:
        remedy = '--kind "blanket over thin shell" --material AMg6 --layer wall=1.9mm --layer blanket=1.88kg/m**2 (toughened: 3.07)'
        expected = f'a sort of wall, or an ISS shield; as `shield = "{kind}"` assess.toml takes it'
        raise RangeError("impact layers", "--kind", repr(kind), expected, remedy)
    if kind not in kinds():
        raise unknown_name("impact layers", "--kind", kind, [*kinds(), *ISS_SHIELDS])
    if idle := idle_layers(material or USUAL_ALLOY, given, kind):
        expected = f"layers that a law for {kind!r} looks at"
        raise RangeError(
            "impact layers", "--layer", ", ".join(idle), expected, "leave it out, or name the kind that has it"
        )
    if material and idle_material(material, given, kind):
        expected = f"no material: no law for {kind!r} looks at it"
        raise RangeError("impact layers", "--material", material, expected, "leave it out")


def _refuse_beside_a_whole_shield(kind: str, material: str, given: dict[str, float], options: dict[str, Any]) -> None:
    from whipple.errors import RangeError

    words = [f"--material {material}"] if material else []
    words += [f"--layer {word}" for word in given] + [f"--{word.replace('_', '-')}" for word in options]
    if words:
        expected = f"--kind, speed, angle and density: {kind!r} is known only as a whole"
        raise RangeError("impact layers", "option", ", ".join(words), expected, "leave it out, or name a sort of wall")
