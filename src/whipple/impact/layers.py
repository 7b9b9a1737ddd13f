"""Any sort of wall by the names of its layers, and the published laws that speak for it: what a command line or a case can ask for in words."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial

import numpy as np

from whipple.casefile.estimate import Array
from whipple.casefile.problems import near_match
from whipple.errors import RangeError
from whipple.impact.models import MODELS
from whipple.impact.models.schaefer_2008_equipment import cable_wall_m, vessel_wall_m
from whipple.impact.needed import missing_layer, refuse_without_layers, speaks_for
from whipple.impact.shield import Shield
from whipple.physics.materials import FABRICS, Material, find_material, material
from whipple.physics.models import Model

__all__ = [
    "LAYER_UNITS",
    "idle_layers",
    "idle_material",
    "kinds",
    "laws_for",
    "shield_of_layers",
    "stuff",
    "unknown_name",
]

_LENGTHS = ("wall", "bumper", "standoff", "second", "second_standoff", "blanket_standoff", "cell", "tile")
_WEIGHTS = ("stuffing", "blanket", "core", "felt")
_DENSITIES = ("bumper_density", "tile_density")
#: What is no layer itself but makes the wall: its weight per area (cloth), its own alloy, a vessel's overwrap, a cable's parts.
_MAKING = {
    "wall_weight": "kg/m**2", "bumper_weight": "kg/m**2", "wall_density": "kg/m**3", "wall_yield": "Pa",
    "overwrap": "m", "overwrap_density": "kg/m**3", "insulation": "kg/m**2", "conductor": "kg/m**2",
}  # fmt: skip
#: What may be said of a wall: a name, and the SI unit of its number.
LAYER_UNITS: dict[str, str] = (
    dict.fromkeys(_LENGTHS, "m") | dict.fromkeys(_WEIGHTS, "kg/m**2") | dict.fromkeys(_DENSITIES, "kg/m**3") | _MAKING
)
#: Shots at which a layer must make a difference to some law: speeds in every regime, and angles; the particle is aluminium.
_SHOTS = {
    "speed_m_s": np.array([2000.0, 7000.0, 12000.0]), "incidence_rad": np.radians([[0.0], [50.0]]), "density_kg_m3": 2800.0
}  # fmt: skip
#: Materials so unlike that a law which answers alike for both does not look at the wall's material.
_UNLIKE = ("fused silica", "Kevlar")
_ENDS = {"m": "m", "kg/m**2": "kg_m2", "kg/m**3": "kg_m3"}


def stuff(name: str) -> Material:
    """A wall material or a fabric by name.

    >>> stuff("Kevlar").family, stuff("AMg6").family
    ('fabric', 'aluminium')
    """
    cloth = {known.lower(): item for known, item in FABRICS.items()}.get(name.strip().lower())
    return cloth if cloth is not None and find_material(name) is None else material(name)


def shield_of_layers(name: str, layers: Mapping[str, float]) -> Shield:
    """The shield whose wall is of this material, from its layers by name (`LAYER_UNITS`) in SI; what is not said is not there.

    `wall_density` and `wall_yield` stand for an alloy's own; `overwrap` makes the wall of a vessel, `insulation` and `conductor` that of a
    cable (Schäfer 2008). RangeError for a layer that is not known, and for no wall.

    >>> shield_of_layers("Nextel", {"wall_weight": 3.0, "standoff": 0.12, "stuffing": 6.0}).wall_m
    0.0011111111111111111
    """
    for word, value in layers.items():
        if word not in LAYER_UNITS:
            raise unknown_name("wall", "layer", word, LAYER_UNITS)
        if not (np.isfinite(value) and value >= 0 and (value > 0 or "density" not in word)):
            unit, least = LAYER_UNITS[word], "more than 0" if "density" in word else "no less than 0"
            raise RangeError("wall", word, f"{value:g} {unit}", f"{least} {unit}", "check the sign")
    wall = _own_alloy(stuff(name), layers)
    given = {f"{word}_{_ENDS[LAYER_UNITS[word]]}": value for word, value in layers.items() if word not in _MAKING}
    bumper = given.setdefault("bumper_density_kg_m3", wall.density_kg_m3)
    if "bumper_weight" in layers:
        given["bumper_m"] = layers["bumper_weight"] / bumper
    given["wall_m"] = _wall_m(wall, layers)
    if given.get("bumper_m", 0.0) > 0 and not given.get("standoff_m", 0.0) > 0:
        raise missing_layer("wall with a bumper", "standoff")
    return Shield(wall=wall, **given)  # type: ignore[arg-type]


def _own_alloy(wall: Material, layers: Mapping[str, float]) -> Material:
    """The material with the density and yield that were said instead of its table's."""
    own = {"density_kg_m3": layers.get("wall_density"), "yield_Pa": layers.get("wall_yield")}
    said = {field: value for field, value in own.items() if value is not None}
    return replace(wall, source="", **said) if said else wall  # type: ignore[arg-type]


def _wall_m(wall: Material, layers: Mapping[str, float]) -> float:
    """The wall's thickness as it counts: of a vessel with its overwrap, of a cable, of cloth by its weight."""
    if "insulation" in layers or "conductor" in layers:
        return cable_wall_m(layers.get("insulation", 0.0), layers.get("conductor", 0.0))
    weight = layers.get("wall_weight")
    thickness = layers.get("wall") if weight is None else weight / wall.density_kg_m3
    if thickness is None:
        raise RangeError("wall", "wall", "none", "a wall more than 0", 'give the wall, such as "wall=2 mm"')
    if "overwrap" in layers:
        return vessel_wall_m(thickness, layers["overwrap"], layers.get("overwrap_density", 1800.0))
    return thickness


def kinds() -> tuple[str, ...]:
    """Every sort of wall that a ballistic limit here speaks for.

    >>> "stuffed Whipple shield" in kinds(), "triple wall" in kinds()
    (True, True)
    """
    unlike = ("particle from", "chance of", "named")
    return tuple(dict.fromkeys(model.answers for model in MODELS if not model.answers.startswith(unlike)))


def unknown_name(where: str, argument: str, found: str, known: Iterable[str]) -> RangeError:
    """The refusal of a name that nobody knows: what it may have meant, then every name there is.

    >>> print(unknown_name("wall", "layer", "stufing", ["wall", "stuffing"]))
    wall: found layer = 'stufing', expected one of: stuffing; wall
      try: rename it to 'stuffing'
    """
    names = list(known)
    near = difflib.get_close_matches(found, names, n=1)
    listed = "; ".join([*near, *(name for name in names if name not in near)])
    return RangeError(where, argument, repr(found), f"one of: {listed}", near_match(found, names, "copy one of these"))


def idle_layers(material: str, layers: Mapping[str, float], kind: str = "") -> tuple[str, ...]:
    """The layers that no law of this kind looks at: half as much again changes no limit, at any speed or angle.

    Not idle is one that this kind cannot be asked about without, and one of 0, which is not there. Arguments and RangeError as in
    `shield_of_layers` and `laws_for`.

    >>> idle_layers("6061-T6", {"wall": 0.003, "tile": 0.03}, "single aluminium wall")
    ('tile',)
    """
    plain = _limits_m(material, layers, kind)
    more = {word: {**layers, word: 1.5 * value} for word, value in layers.items() if value > 0}
    same = [word for word, these in more.items() if np.array_equal(plain, _limits_or_none_m(material, these, kind))]
    left = dict(layers)
    for word in (*same, *same):  # twice: a gap may be left out once its bumper is
        without = {name: value for name, value in left.items() if name != word}
        if _limits_or_none_m(material, without, kind).size:
            left = without
    return tuple(word for word in layers if word not in left)


def idle_material(material: str, layers: Mapping[str, float], kind: str = "") -> bool:
    """Whether no law of this kind looks at what the wall is made of: glass and cloth have the very same limits.

    Arguments and RangeError as in `idle_layers`.

    >>> idle_material("AMg6", {"wall": 0.003, "tile": 0.03}, "through a tile"), idle_material("AMg6", {"wall": 0.003})
    (True, False)
    """
    plain = _limits_m(material, layers, kind)
    return all(np.array_equal(plain, _limits_or_none_m(other, layers, kind)) for other in _UNLIKE)


def _limits_m(material: str, layers: Mapping[str, float], kind: str) -> Array:
    """The limits of every law for this wall at a few shots, (n_law, 2, 3)."""
    laws = laws_for(shield_of_layers(material, layers), kind)
    return np.array([np.broadcast_to(law.function(**_SHOTS), (2, 3)) for law in laws], dtype=float)


def _limits_or_none_m(material: str, layers: Mapping[str, float], kind: str) -> Array:
    """The same, none where such a wall cannot be asked about."""
    try:
        return _limits_m(material, layers, kind)
    except RangeError:
        return np.empty(0)


def laws_for(shield: Shield, kind: str = "", options: Mapping[str, float | str] | None = None) -> tuple[Model, ...]:
    """The laws that speak for this shield as a wall of this kind, called as function(speed_m_s=, incidence_rad=, density_kg_m3=).

    `kind` is one of `kinds()`; left out, a single wall or a Whipple shield, as the shield has a bumper or not. `options` of a law: `failure`
    (which damage is meant), `length_ratio` of a projectile, `depth_frac` of an ablator; only laws that know all of them are given.
    RangeError: no such kind, a layer missing, no law for this material or option.

    >>> [law.name for law in laws_for(Shield.single("6061-T6", 0.001))]
    ['Cour-Palais', 'Pailer-Grün']
    >>> [law.name for law in laws_for(Shield.single("6061-T6", 0.001), options={"failure": "detached spall"})]
    ['Cour-Palais']
    """
    about = kind or ("Whipple shield" if shield.bumper_m > 0 else f"single {shield.wall.family} wall")
    if kind and kind not in kinds():
        raise unknown_name("ballistic limit", "kind", kind, kinds())
    refuse_without_layers(about, shield)
    speaking = [model for model in MODELS if model.answers == about and speaks_for(model.name, about, shield)]
    if not speaking:
        raise RangeError(
            "ballistic limit", "material", shield.wall.name, "a wall some model speaks for", "use an aluminium alloy"
        )
    said = dict(options or {})
    knowing = [model for model in speaking if set(said) <= set(inspect.signature(model.function).parameters)]
    if not knowing:
        names = ", ".join(model.name for model in speaking)
        expected = f"an option that one of these laws has: {names}"
        raise RangeError("ballistic limit", "option", ", ".join(said), expected, "ask without it")
    return tuple(_bound(model, shield, said) for model in knowing)


def _bound(model: Model, shield: Shield, options: Mapping[str, float | str]) -> Model:
    """The model with its shield and options filled in, so that only the shot is left to say."""
    return replace(model, function=partial(model.function, shield, **options))
