"""The Whipple shots as arrays, and who shot them."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from whipple.impact.perforation_terms import ShieldTerms, shield_terms
from whipple.impact.shield import Shield
from whipple.physics.materials import KSI_Pa, Material

_TERMS = ("log_limits", "covariates", "regimes")
SHOTS = "hypervelocity_shots/whipple.csv"
Array = npt.NDArray[np.float64]
Names = npt.NDArray[np.str_]

#: Reports of one laboratory (where the gun stood): a stricter grouping than the table's `source` column.
SAME_LABORATORY = {
    "CR-915": "GM Defense Research", "GM-DRL-TR-63-225": "GM Defense Research", "AFML-TR-67-324": "Dayton", "AFML-TR-68-257": "Dayton",
    "AFML-TR-70-135": "Dayton", "Piekutowski_2011": "Dayton", "Piekutowski_2013": "Dayton", "Piekutowski_CR-4707": "Dayton",
    "TP-2003-210788": "NASA JSC", "Ryan_2011": "NASA JSC", "ELC_87-163": "NASA JSC", "ELC_86-128": "NASA JSC",
    "Codazzi_2002": "Fraunhofer EMI", "Reimerdes_2006": "Fraunhofer EMI", "CR-4343": "NASA MSFC",
}  # fmt: skip


#: Columns of the table that say how a shot was set up (cm, km/s, degrees, ksi).
CONDITIONS = ("proj_diam", "velocity", "angle", "bumper_thick", "standoff", "wall_thick", "wall_yield")


@dataclass(frozen=True)
class Shots:
    """The shots as arrays: size, outcome (1 perforated), who shot, the terms of each shield, its `CONDITIONS` as printed (n, 7), its name."""

    diameter_m: Array
    perforated: Array
    source: Names
    laboratory: Names
    terms: ShieldTerms
    conditions: Array
    name: Names

    def part(self, which: npt.NDArray[np.bool_]) -> Shots:
        """Some of the shots."""
        terms = ShieldTerms(*(getattr(self.terms, name)[which] for name in _TERMS))
        return Shots(
            self.diameter_m[which], self.perforated[which], self.source[which], self.laboratory[which], terms, self.conditions[which],
            self.name[which],
        )  # fmt: skip


def read_shots(path: Path) -> Shots:
    """The shot table: row 1 names, row 2 units; cm, g/cm3, km/s, ksi, degrees."""
    text = path.read_text(encoding="utf-8-sig").splitlines()
    rows = list(csv.DictReader([text[0], *text[2:]]))
    each = [_terms_of(row) for row in rows]
    parts = [np.array([getattr(t, name) for t in each]) for name in _TERMS]
    source = np.array([row["source"] for row in rows])
    return Shots(
        np.array([float(row["proj_diam"]) / 100 for row in rows]),
        np.array([float(row["perforated_class"]) for row in rows]),
        source,
        np.array([SAME_LABORATORY.get(name, name) for name in source]),
        ShieldTerms(*parts),
        np.array([[float(row[name]) for name in CONDITIONS] for row in rows]),
        np.array([row["shotID"].strip() for row in rows]),
    )


def _terms_of(row: dict[str, str]) -> ShieldTerms:
    value = {
        key: float(row[key])
        for key in row
        if key.endswith(("density", "angle", "velocity", "thick", "standoff", "yield"))
    }
    wall = Material(
        "shot", "aluminium", value["wall_density"] * 1e3, value["wall_yield"] * KSI_Pa, None, None, "pyblossum"
    )
    shield = Shield(
        wall=wall, wall_m=value["wall_thick"] / 100, bumper_m=value["bumper_thick"] / 100,
        bumper_density_kg_m3=value["bumper_density"] * 1e3, standoff_m=value["standoff"] / 100,
    )  # fmt: skip
    return shield_terms(shield, value["velocity"] * 1e3, np.radians(value["angle"]), value["proj_density"] * 1e3)
