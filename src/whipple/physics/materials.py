"""Wall materials: density, yield, sound speed and hardness, one row an alloy, each from a named table."""

from __future__ import annotations

from dataclasses import dataclass

from whipple.errors import RangeError
from whipple.physics.cited import Cited

__all__ = ["FABRICS", "MATERIALS", "KSI_Pa", "Material", "find_material", "material"]

#: One thousand pounds-force per square inch.
KSI_Pa = Cited(6.894757e6, unit="Pa", source="tm2009_214789", grade="source")


@dataclass(frozen=True)
class Material:
    """A wall material. `family` decides which penetration law speaks for it; None marks a property the source does not give.

    `brinell_ratio` is the Brinell hardness number.
    """

    name: str
    family: str
    density_kg_m3: float
    yield_Pa: float | None
    sound_speed_m_s: float | None
    brinell_ratio: float | None
    source: str


_Row = tuple[float, float | None, float | None, float | None]


def _alloy(name: str, family: str, row: _Row, source: str = "tm2009_214789") -> Material:
    """A row as the source prints it (g/cm3, ksi, km/s, Brinell) in SI."""
    density, strength, sound, hardness = row
    return Material(
        name,
        family,
        density * 1e3,
        None if strength is None else strength * KSI_Pa,
        None if sound is None else sound * 1e3,
        hardness,
        source,
    )


#: NASA/TM-2009-214789 Table 1 (density, yield, sound speed, Brinell) and the single-wall sections of that report (from
#: "CRES 15-5PH" on, where a density is all the law needs). The last six densities are recalled: glass,
#: polycarbonate and PICA laws need none; carbon-carbon goes with its root; Avcoat's decides a branch only.
MATERIALS: dict[str, Material] = {
    item.name: item
    for item in (
        _alloy("1100-O", "aluminium", (2.71, 5, 5.05, 23)),
        _alloy("1100-H14", "aluminium", (2.71, 17, 5.05, 32)),
        _alloy("2024-T3", "aluminium", (2.77, 50, 5.11, 120)),
        _alloy("2024-T4", "aluminium", (2.77, 47, 5.11, 120)),
        _alloy("2024-T351", "aluminium", (2.77, 47, 5.11, 120)),
        _alloy("2219-T87", "aluminium", (2.84, 57, 5.10, 130)),
        _alloy("2219-T851", "aluminium", (2.84, 51, 5.10, 130)),
        _alloy("2219-T852", "aluminium", (2.84, 54, 5.10, 115)),
        _alloy("3003-O", "aluminium", (2.73, 6, 5.06, 28)),
        _alloy("3003-H12", "aluminium", (2.73, 18, 5.06, 35)),
        _alloy("3003-H14", "aluminium", (2.73, 21, 5.06, 40)),
        _alloy("6061-O", "aluminium", (2.70, 8, 5.05, 30)),
        _alloy("6061-T6", "aluminium", (2.70, 40, 5.05, 95)),
        _alloy("7075-T6", "aluminium", (2.80, 73, 5.04, 150)),
        _alloy("7075-T73", "aluminium", (2.80, 63, 5.04, 135)),
        _alloy("7178-T6", "aluminium", (2.83, 78, 5.03, 160)),
        _alloy("AMg6", "aluminium", (2.63, 35, 5.07, 73)),
        _alloy("Ti-15-3-3-3", "titanium", (4.73, None, 4.26, 257)),
        _alloy("CRES 15-5PH", "steel", (7.80, None, None, None)),
        _alloy("CFRP", "cfrp", (1.80, None, None, None)),
        _alloy("fibreglass", "fibreglass", (1.80, None, None, None)),
        _alloy("fused silica", "glass", (2.20, None, None, None), "recalled"),
        _alloy("fused quartz", "quartz", (2.20, None, None, None), "recalled"),
        _alloy("polycarbonate", "polycarbonate", (1.20, None, None, None), "recalled"),
        _alloy("carbon-carbon", "carbon-carbon", (1.60, None, None, None), "recalled"),
        _alloy("PICA", "PICA", (0.27, None, None, None), "recalled"),
        _alloy("Avcoat", "Avcoat", (0.53, None, None, None), "recalled"),
    )
}

#: Cloth that walls and bumpers are made of: the laws take its weight per area, so the density of the fibre only turns it into a thickness.
FABRICS: dict[str, Material] = {
    item.name: item
    for item in (
        _alloy("Nextel", "fabric", (2.70, None, None, None), "recalled"),
        _alloy("Kevlar", "fabric", (1.44, None, None, None), "recalled"),
    )
}

#: Other spellings, in the plain form that `find_material` compares.
_ALSO = {
    "aluminium": "6061-T6", "aluminum": "6061-T6", "al": "6061-T6", "6061": "6061-T6", "amg6m": "AMg6", "1560": "AMg6",
    "2024": "2024-T3", "2219": "2219-T87", "7075": "7075-T6", "titanium": "Ti-15-3-3-3", "ti": "Ti-15-3-3-3",
    "steel": "CRES 15-5PH", "stainlesssteel": "CRES 15-5PH", "155ph": "CRES 15-5PH", "carbonfibre": "CFRP", "carbonfiber": "CFRP",
    "fiberglass": "fibreglass", "glass": "fused silica", "quartz": "fused quartz", "lexan": "polycarbonate",
    "rcc": "carbon-carbon",
}  # fmt: skip


def _plain(name: str) -> str:
    letters = "".join(letter for letter in name.lower() if letter.isalnum())
    return (
        letters[2:]
        if letters[:3] in {"aa1", "aa2", "aa3", "aa6", "aa7", "al1", "al2", "al3", "al6", "al7"}
        else letters
    )


def find_material(name: str) -> Material | None:
    """The material of that name or spelling (case, spaces and hyphens do not matter), None if it is not known.

    >>> find_material("AA6061-T6").density_kg_m3, find_material("cheese")
    (2700.0, None)
    """
    wanted = _plain(name)
    plain = {_plain(known): item for known, item in MATERIALS.items()}
    if wanted in plain:
        return plain[wanted]
    return MATERIALS[_ALSO[wanted]] if wanted in _ALSO else None


def material(name: str) -> Material:
    """The material of that name; RangeError naming what is known otherwise.

    >>> round(material("AMg6").yield_Pa / 1e6)
    241
    """
    found = find_material(name)
    if found is None:
        raise RangeError(
            "material", "name", repr(name), f"one of {', '.join(MATERIALS)}", "use the nearest listed alloy and say so"
        )
    return found
