"""What a shield must have before a law may speak for it: layers, and a wall of the right stuff. Otherwise its number would come out of nowhere."""

from __future__ import annotations

import numpy as np

from whipple.errors import RangeError
from whipple.impact.shield import Shield

__all__ = ["LAYERS", "missing_layer", "refuse_without_layers", "speaks_for"]

_BUMPER = ("bumper_m", "standoff_m")
#: Layers that must be there, by what a model answers; a sort of wall without a row needs only the wall.
LAYERS: dict[str, tuple[str, ...]] = {
    "Whipple shield": _BUMPER,
    "Whipple shield with insulation": _BUMPER,
    "Whipple shield, insulation outside": (*_BUMPER, "blanket_kg_m2"),
    "Whipple shield, spheroid end on": _BUMPER,
    "stuffed Whipple shield": (*_BUMPER, "stuffing_kg_m2"),
    "multi-shock shield": ("standoff_m", "stuffing_kg_m2"),
    "mesh double bumper": ("standoff_m", "stuffing_kg_m2"),
    "blanket over thin shell": ("blanket_kg_m2",),
    "enhanced insulation": ("standoff_m", "blanket_kg_m2"),
    "insulated aluminium wall": ("blanket_kg_m2",),
    "triple wall": _BUMPER,
    "dual wall": _BUMPER,
    "equipment behind a dual wall": (*_BUMPER, "second_m"),
    "equipment behind one wall": _BUMPER,
    "equipment behind a blanket": ("standoff_m", "blanket_kg_m2"),
    "foam sandwich": (*_BUMPER, "core_kg_m2"),
    "honeycomb sandwich": (*_BUMPER, "cell_m"),
    "tile on aluminium structure": ("tile_m",),
    "through a tile": ("tile_m",),
}
#: What a person would write for a layer that is missing; a weight per area where nothing else is said.
_SUCH_AS = {"bumper": "2 mm", "standoff": "10 cm", "second": "1 mm", "cell": "5 mm", "tile": "3 cm"}
#: Families a model's wall may be of, where it is not aluminium.
_FAMILIES = {
    "multi-shock, Nextel wall": ("fabric",),
    "multi-shock, Kevlar wall": ("fabric",),
    "SRL dual wall, CFRP": ("cfrp",),
    "enhanced insulation": ("fabric",),
}
#: The cloth that a law is not made for; a fabric of another name is asked of both.
_NOT_FOR = {"multi-shock, Nextel wall": "Kevlar", "multi-shock, Kevlar wall": "Nextel"}
_ANY_WALL = ("bare tile", "AETB-8 on sandwich")
#: A carbon-fibre face is lighter than any of aluminium.
_LIGHTEST_METAL_kg_m3 = 2000.0


def refuse_without_layers(kind: str, shield: Shield) -> None:
    """RangeError naming the layer that this sort of wall cannot be asked about without.

    >>> refuse_without_layers("single aluminium wall", Shield.single("6061-T6", 0.001))
    """
    for name in LAYERS.get(kind, ()):
        if not np.all(np.asarray(getattr(shield, name)) > 0):
            raise missing_layer(kind, name.removesuffix("_m").removesuffix("_kg_m2"))


def missing_layer(kind: str, word: str) -> RangeError:
    """The refusal of a wall without this layer, in the layer's own word.

    >>> print(missing_layer("stuffed Whipple shield", "stuffing"))
    stuffed Whipple shield: found stuffing = none, expected a layer more than 0
      try: give stuffing, such as stuffing = "5 kg/m**2"
    """
    said = _SUCH_AS.get(word, "5 kg/m**2")
    return RangeError(kind, word, "none", "a layer more than 0", f'give {word}, such as {word} = "{said}"')


def speaks_for(model: str, kind: str, shield: Shield) -> bool:
    """Whether a model of this kind was made for a wall of this stuff (and, behind carbon-fibre faces, for such a panel).

    >>> speaks_for("multi-shock, Nextel wall", "multi-shock shield", Shield.single("6061-T6", 0.001))
    False
    """
    if kind.startswith("single") or model in _ANY_WALL:
        return model in _ANY_WALL or kind == f"single {shield.wall.family} wall"
    if kind == "equipment behind a dual wall" and model.endswith("CFRP") != (
        shield.bumper_density_kg_m3 < _LIGHTEST_METAL_kg_m3
    ):
        return False
    if _NOT_FOR.get(model) == shield.wall.name:
        return False
    return shield.wall.family in _FAMILIES.get(model, ("aluminium",))
