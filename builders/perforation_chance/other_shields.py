"""Stuffed Whipple shields, honeycomb and foam panels: does a chance learned from their shots help at a source not seen? Not so far.

For each table the published equation is given its own scale and offset (a logistic regression with an offset a source, as for Whipple
shields) and scored with each source left out, beside two plain answers: the share perforated elsewhere, and the equation as it stands. A
chance that does not beat the plain share in log loss would mislead, so none is shipped: `perforation_chance` refuses these shields.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from perforation_chance.learning import fitted, predicted
from perforation_chance.scores import scores
from perforation_chance.shots import Array, Names

from whipple.impact.models.christiansen_2001 import stuffed_whipple_m
from whipple.impact.models.ryan_2009_whipple import honeycomb_m
from whipple.impact.models.ryan_2015 import foam_sandwich_m
from whipple.impact.shield import Shield
from whipple.physics.materials import KSI_Pa, Material

_FOLDER = "hypervelocity_shots"


@dataclass(frozen=True)
class Scored:
    """One table: ln(d / published limit), outcome (1 perforated), who shot."""

    log_ratio: Array
    perforated: Array
    source: Names


def _rows(folder: Path, name: str) -> list[dict[str, str]]:
    text = (folder / _FOLDER / name).read_text(encoding="utf-8-sig").splitlines()
    return [row for row in csv.DictReader([text[0], *text[2:]]) if row["proj_diam"].strip() and row["angle"].strip()]


def _number(row: dict[str, str], key: str, absent: float = 0.0) -> float:
    return float(row[key]) if row.get(key, "").strip() else absent


def _shield(row: dict[str, str], **layers: float) -> Shield:
    strength = _number(row, "wall_yield") * KSI_Pa
    wall = Material("shot", "aluminium", _number(row, "wall_density") * 1e3, strength, None, None, "pyblossum")
    return Shield(
        wall=wall, wall_m=_number(row, "wall_thick") / 100, bumper_m=_number(row, "bumper_thick") / 100,
        bumper_density_kg_m3=_number(row, "bumper_density", _number(row, "wall_density")) * 1e3, standoff_m=_number(row, "standoff") / 100, **layers,
    )  # fmt: skip


def _scored(
    rows: list[dict[str, str]], law: Callable[..., Array], layers: Callable[[dict[str, str]], dict[str, float]]
) -> Scored:
    limit = [
        float(law(_shield(row, **layers(row)), _number(row, "velocity") * 1e3, np.radians(_number(row, "angle")), _number(row, "proj_density") * 1e3))
        for row in rows
    ]  # fmt: skip
    size = np.array([_number(row, "proj_diam") / 100 for row in rows])
    outcome = np.array([_number(row, "perforated_class") for row in rows])
    return Scored(np.log(size / limit), outcome, np.array([row["source"] for row in rows]))


def read_stuffed(folder: Path) -> Scored:
    """166 stuffed Whipple shots (one row has no angle), insulation counted."""
    rows = _rows(folder, "database_stuffedWhipple_pyBLOSSUM.csv")
    return _scored(
        rows,
        stuffed_whipple_m,
        lambda row: {"stuffing_kg_m2": 10 * _number(row, "stuffing_AD"), "blanket_kg_m2": 10 * _number(row, "MLI_AD")},
    )


def read_honeycomb(folder: Path) -> Scored:
    """142 bare panels with a known yield and cell; HITF11393 (0.03 km/s) is a typing error."""
    rows = [
        row for row in _rows(folder, "database_HCSP_pyBLOSSUM.csv")
        if row["shotID"].strip() != "HITF11393" and not row["MLI_AD"].strip() and row["wall_yield"].strip() and row["HC_diam"].strip("? ")
    ]  # fmt: skip
    return _scored(rows, honeycomb_m, lambda row: {"cell_m": _number(row, "HC_diam") / 100})


def read_foam(folder: Path) -> Scored:
    """110 foam panels, of two reports of one house."""
    rows = _rows(folder, "database_foamSP_pyBLOSSUM.csv")
    return _scored(rows, foam_sandwich_m, _foam_core)


def _foam_core(row: dict[str, str]) -> dict[str, float]:
    """Areal density from alloy, relative density in percent and depth in cm."""
    share = _number(row, "foam_relDensity") / 100
    return {"core_kg_m2": 10 * share * _number(row, "foam_density") * _number(row, "standoff")}


READERS: dict[str, Callable[[Path], Scored]] = {
    "stuffed Whipple": read_stuffed,
    "honeycomb": read_honeycomb,
    "foam": read_foam,
}


def scored(shots: Scored) -> dict[str, tuple[float, float, float]]:
    """Log loss, accuracy and calibration error with each source left out: the regression, and the share perforated elsewhere."""
    ours, share = np.empty(len(shots.perforated)), np.empty(len(shots.perforated))
    for name in np.unique(shots.source):
        mine = shots.source == name
        share[mine] = (shots.perforated[~mine].sum() + 1) / ((~mine).sum() + 2)
        ours[mine] = _elsewhere(shots, mine)
    return {"regression": scores(ours, shots.perforated), "share perforated elsewhere": scores(share, shots.perforated)}


def _elsewhere(shots: Scored, mine: np.ndarray) -> Array:
    names = np.unique(shots.source[~mine])
    own = (shots.source[~mine][:, None] == names[None, :]).astype(float)
    design = np.c_[shots.log_ratio, np.ones_like(shots.log_ratio)]
    precision = np.r_[0.01, 0.1, np.full(len(names), 4.0)]
    mean, covariance = fitted(
        np.c_[design[~mine], own], shots.perforated[~mine], precision, np.r_[4.0, np.zeros(1 + len(names))]
    )
    return predicted(design[mine], mean[:2], covariance[:2, :2])


def accuracy_as_it_stands(shots: Scored) -> tuple[float, float, float]:
    """Share sorted right by the equation alone: of all, of the perforated, of the others."""
    right = (shots.log_ratio > 0) == (shots.perforated > 0.5)
    hit = shots.perforated > 0.5
    return float(right.mean()), float(right[hit].mean()), float(right[~hit].mean())
