"""Learn the chance of perforation from the Whipple shots, score it on laboratories it has not seen, write its coefficients.

Reads shared/data/hypervelocity_shots/whipple.csv (pyBLOSSUM, MIT; 568 shots; argument or $WHIPPLE_SHARED_DATA); none of it is copied. Writes
src/whipple/impact/models/shot_scatter.py and docs/theory/impact_reliability.svg. `--check` fails when they are not current.
"""

from __future__ import annotations

import csv
import os
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
import numpy.typing as npt

from whipple.impact.perforation_terms import COVARIATES, EQUATIONS, ShieldTerms, columns, shield_terms
from whipple.impact.shield import Shield
from whipple.physics.materials import KSI_Pa, Material

HERE = Path(__file__).parents[1]
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


@dataclass(frozen=True)
class Shots:
    """The shots as arrays: size, outcome (1 perforated), who shot, and the terms of each shield."""

    diameter_m: Array
    perforated: Array
    source: Names
    laboratory: Names
    terms: ShieldTerms


@dataclass(frozen=True)
class Candidate:
    """One form the regression may take: which covariates, how strongly they are shrunk to none, how far laboratories may differ (logit)."""

    covariates: tuple[str, ...]
    shrinkage: float
    laboratory_sd: float


#: All of them speak with equal weight: nothing is chosen by score, so there is no choice that could look at the laboratory held out.
CANDIDATES = tuple(
    Candidate(*form)
    for form in product(((), ("bumper", "wall"), ("bumper", "gap", "wall"), COVARIATES), (1.0, 3.0, 10.0), (0.25, 0.5))
    if form[0] or form[1] == 1.0
)
LABORATORY_SD = float(np.sqrt(np.mean([form.laboratory_sd**2 for form in CANDIDATES])))


def read_shots(path: Path) -> Shots:
    """The shot table: row 1 names, row 2 units; cm, g/cm3, km/s, ksi, degrees."""
    text = path.read_text(encoding="utf-8-sig").splitlines()
    rows = list(csv.DictReader([text[0], *text[2:]]))
    each = [_terms_of(row) for row in rows]
    parts = [np.array([getattr(t, name) for t in each]) for name in ("log_limits", "covariates", "regimes")]
    source = np.array([row["source"] for row in rows])
    return Shots(
        np.array([float(row["proj_diam"]) / 100 for row in rows]),
        np.array([float(row["perforated_class"]) for row in rows]),
        source,
        np.array([SAME_LABORATORY.get(name, name) for name in source]),
        ShieldTerms(*parts),
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


def fitted(design: Array, outcome: Array, precision: Array, centre: Array) -> tuple[Array, Array]:
    """Coefficients and covariance (Laplace) of a logistic regression with normal priors, by Newton's method."""
    at = centre.copy()
    for _ in range(50):
        chance = 1 / (1 + np.exp(-design @ at))
        curvature = (design * (chance * (1 - chance))[:, None]).T @ design + np.diag(precision)
        step = np.linalg.solve(curvature, design.T @ (outcome - chance) - precision * (at - centre))
        step *= min(1.0, 5.0 / max(float(np.abs(design @ step).max()), 1e-12))
        at = at + step
        if np.abs(step).max() < 1e-8:
            break
    return at, np.linalg.inv(curvature)


def learn(shots: Shots, group: Names, used: npt.NDArray[np.bool_]) -> tuple[Array, Array]:
    """Mean and covariance of the coefficients over all candidates (law of total variance), from the shots `used`.

    Every laboratory has an offset of its own, shrunk towards none; a covariate that a candidate leaves out counts as exactly 0 there.
    """
    design = columns(shots.terms, shots.diameter_m)
    names = np.unique(group[used])
    own = (group[used][:, None] == names[None, :]).astype(float)
    means, covariances = [], []
    for form in CANDIDATES:
        kept = _kept(form)
        precision = np.r_[
            0.01, np.full(3, 0.1), np.full(kept.sum() - 4, form.shrinkage), np.full(len(names), form.laboratory_sd**-2)
        ]
        centre = np.r_[4.0, np.zeros(kept.sum() - 1 + len(names))]
        mean, covariance = fitted(np.c_[design[used][:, kept], own], shots.perforated[used], precision, centre)
        means.append(np.zeros(len(kept)))
        means[-1][kept] = mean[: kept.sum()]
        covariances.append(np.zeros((len(kept), len(kept))))
        covariances[-1][np.ix_(kept, kept)] = covariance[: kept.sum(), : kept.sum()]
    return np.mean(means, axis=0), np.mean(covariances, axis=0) + np.cov(np.transpose(means), bias=True)


def _kept(form: Candidate) -> npt.NDArray[np.bool_]:
    """Which columns a candidate uses: the size, the three regimes, and three a covariate."""
    return np.r_[np.full(4, True), np.repeat([name in form.covariates for name in COVARIATES], 3)]


def learn_fallback(shots: Shots, group: Names, used: npt.NDArray[np.bool_]) -> tuple[Array, Array]:
    """Scale and offset of the equations' mean alone, for shields and shots unlike any tested."""
    names = np.unique(group[used])
    design = np.c_[_bare(shots)[used], (group[used][:, None] == names[None, :]).astype(float)]
    precision = np.r_[0.01, 0.1, np.full(len(names), LABORATORY_SD**-2)]
    mean, covariance = fitted(design, shots.perforated[used], precision, np.r_[4.0, np.zeros(1 + len(names))])
    return mean[:2], covariance[:2, :2]


def tested_range(shots: Shots, used: npt.NDArray[np.bool_]) -> Array:
    """Least and greatest of each covariate in the shots `used` (5, 2): outside it the equations' mean speaks alone."""
    return np.stack([shots.terms.covariates[used].min(axis=0), shots.terms.covariates[used].max(axis=0)], axis=1)


def _bare(shots: Shots) -> Array:
    size = np.log(shots.diameter_m) - shots.terms.log_limit
    return np.c_[size, np.ones_like(size)]


def predicted(design: Array, mean: Array, covariance: Array, disagreement: Array | float = 0.0) -> Array:
    """Chance at a laboratory not seen: the logit's normal spread (coefficients and laboratory) averaged out (MacKay's probit form).

    The spread is that at the limit (first column 0), whatever the size: so the chance rises with size by construction.
    """
    at_limit = design * (np.arange(design.shape[1]) > 0)
    variance = np.einsum("ij,jk,ik->i", at_limit, covariance, at_limit) + LABORATORY_SD**2 + mean[0] ** 2 * disagreement
    return 1 / (1 + np.exp(-(design @ mean) / np.sqrt(1 + np.pi / 8 * variance)))


def held_out(shots: Shots, group: Names) -> Array:
    """The chance of each shot, its laboratory left out of all learning: coefficients, fallback and tested range, as they are shipped."""
    design, bare, chance = columns(shots.terms, shots.diameter_m), _bare(shots), np.empty(len(group))
    disagreement = shots.terms.log_limits.var(axis=1, ddof=1)
    for name in np.unique(group):
        mine = group == name
        low, high = tested_range(shots, ~mine).T
        known = ((shots.terms.covariates >= low) & (shots.terms.covariates <= high)).all(axis=1)[mine]
        learned = predicted(design[mine], *learn(shots, group, ~mine))
        fallback = predicted(bare[mine], *learn_fallback(shots, group, ~mine), disagreement[mine])
        chance[mine] = np.where(known, learned, fallback)
    return chance


def single_equations(shots: Shots, group: Names) -> Iterator[tuple[str, Array]]:
    """Each equation with its own logistic scale, with and without an offset, learned in the same folds; and as it stands (d > limit)."""
    for number, name in enumerate(EQUATIONS):
        size = (np.log(shots.diameter_m) - shots.terms.log_limits[:, number])[:, None]
        for words, design in (("scale", size), ("scale and offset", np.c_[size, np.ones_like(size)])):
            chance = np.empty(len(group))
            for held in np.unique(group):
                mine = group == held
                flat = np.full(design.shape[1], 1e-3)
                mean, _ = fitted(design[~mine], shots.perforated[~mine], flat, np.zeros_like(flat))
                chance[mine] = 1 / (1 + np.exp(-design[mine] @ mean))
            yield f"{name}, {words}", chance


def log_loss(chance: Array, outcome: Array) -> float:
    """Mean of -ln(chance given to what happened)."""
    held = np.clip(chance, 1e-12, 1 - 1e-12)
    return float(-np.mean(np.log(np.where(outcome > 0.5, held, 1 - held))))


def accuracy(chance: Array, outcome: Array) -> float:
    """Share sorted right at one half."""
    return float(np.mean((chance > 0.5) == (outcome > 0.5)))


def calibration_bins(chance: Array, outcome: Array, count: int = 10) -> list[tuple[float, float, int]]:
    """Mean chance, share perforated and number of shots in bins of equally many shots."""
    order = np.argsort(chance, kind="stable")
    return [(float(chance[i].mean()), float(outcome[i].mean()), len(i)) for i in np.array_split(order, count)]


def calibration_error(chance: Array, outcome: Array, count: int = 10) -> float:
    """Expected calibration error over bins of equally many shots."""
    return sum(n * abs(said - seen) for said, seen, n in calibration_bins(chance, outcome, count)) / len(chance)


def scores(chance: Array, outcome: Array) -> tuple[float, float, float]:
    """Log loss, accuracy, expected calibration error."""
    return log_loss(chance, outcome), accuracy(chance, outcome), calibration_error(chance, outcome)


def measured(shots: Shots) -> list[tuple[str, int, tuple[float, float, float], tuple[float, float]]]:
    """Both ways of leaving laboratories out: name, number of groups, our scores, and the best log loss and accuracy of any one equation.

    The equations' best are taken one by one, so they may come from two different equations.
    """
    rows = []
    for name, group in (("source", shots.source), ("laboratory", shots.laboratory)):
        single = [scores(chance, shots.perforated) for _, chance in single_equations(shots, group)]
        best = (min(loss for loss, _, _ in single), max(right for _, right, _ in single))
        rows.append((name, len(np.unique(group)), scores(held_out(shots, group), shots.perforated), best))
    return rows


def gain_interval(shots: Shots, group: Names) -> tuple[float, float]:
    """90 % interval of the gain in log loss over Ryan-Schonberg (scale and offset), laboratories drawn with replacement."""
    theirs = dict(single_equations(shots, group))["Ryan-Schonberg, scale and offset"]
    loss = [
        -np.log(np.where(shots.perforated > 0.5, chance, 1 - chance)) for chance in (theirs, held_out(shots, group))
    ]
    names = np.unique(group)
    gain = np.array([(loss[0] - loss[1])[group == name].sum() for name in names])
    count = np.array([(group == name).sum() for name in names])
    drawn = np.random.default_rng(0).integers(0, len(names), (4000, len(names)))
    low, high = np.quantile(gain[drawn].sum(1) / count[drawn].sum(1), [0.05, 0.95])
    return float(low), float(high)


def error_if_perfect(chance: Array) -> float:
    """The calibration error that chance alone gives a perfectly calibrated answer with as many shots (mean of 2000 draws)."""
    rng = np.random.default_rng(0)
    return float(
        np.mean([calibration_error(chance, (rng.random(len(chance)) < chance).astype(float)) for _ in range(2000)])
    )


def table_text(shots: Shots) -> str:
    """The module with the coefficients, their spread, the tested range and the measured scores."""
    mean, covariance = learn(shots, shots.source, np.full(len(shots.source), True))
    everything = np.full(len(shots.source), True)
    bare_mean, bare_covariance = learn_fallback(shots, shots.source, everything)
    limits = tested_range(shots, everything)
    lines = [
        '"""Chance of perforation of a Whipple shield: coefficients learned from 568 shots, their spread, where they were learned, how they score.',
        "",
        "Written by builders/make_probabilistic_limit.py from the shot table of pyBLOSSUM (github.com/shannonjryan/pyBLOSSUM, MIT); do not edit.",
        "Columns: ln(d/limit), three regimes of normal speed, then each covariate in each regime (`perforation_terms.columns`).",
        '"""',
        "",
        "from whipple.physics.cited import Cited",
        "",
        '__all__ = ["BARE", "BARE_ROOT", "COEFFICIENTS", "COVARIANCE_ROOT", "LABORATORY_SD", "MEASURED", "TESTED"]',
        "",
        "# fmt: off",
        "#: How far a laboratory not seen may lie from the rest, in the logit.",
        f'LABORATORY_SD = Cited({LABORATORY_SD:.3f}, unit="", source="pyblossum", grade="computed")',
        f"COEFFICIENTS = {_row(mean)}",
        "#: Lower triangle whose product with its transpose is the covariance of the coefficients.",
        f"COVARIANCE_ROOT = (\n{_triangle(covariance)})",
        "#: The same for the equations' mean alone (scale, offset), used for shields and shots unlike any tested.",
        f"BARE = {_row(bare_mean)}",
        f"BARE_ROOT = (\n{_triangle(bare_covariance)})",
        "#: Least and greatest of each covariate in the shots.",
        "TESTED = {",
        *(f'    "{name}": ({low:.3f}, {high:.3f}),' for name, (low, high) in zip(COVARIATES, limits, strict=True)),
        "}",
        "#: Left out in turn: (number of groups, log loss, accuracy, calibration error, best log loss and best accuracy of one equation).",
        "MEASURED = {",
        *(
            f'    "{name}": ({count}, {", ".join(f"{x:.4f}" for x in (*ours, *best))}),'
            for name, count, ours, best in measured(shots)
        ),
        "}",
    ]
    return "\n".join(lines) + "\n"


def _row(values: Array) -> str:
    """A tuple as text, folded at the house's line length."""
    text = "(" + ", ".join(f"{x:.4f}" for x in values) + ("," if len(values) == 1 else "") + ")"
    return "\n        ".join(textwrap.wrap(text, 120))


def _triangle(covariance: Array) -> str:
    root = np.linalg.cholesky(covariance + 1e-9 * np.eye(len(covariance)))
    return "".join(f"    {_row(root[i, : i + 1])},\n" for i in range(len(root)))


def reliability_svg(chance: Array, outcome: Array) -> str:
    """Share perforated against the chance said, in ten bins of equally many held-out shots, with 90 % binomial bars."""
    size, edge = 300, 44
    at = lambda x, y: (edge + x * size, edge / 2 + (1 - y) * size)  # noqa: E731
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size + 1.5 * edge:.0f} {size + 1.5 * edge:.0f}" width="420" font-family="sans-serif"'
        ' font-size="11" role="img" aria-label="Reliability of the chance of perforation">',
        f'<rect x="{edge}" y="{edge / 2}" width="{size}" height="{size}" fill="white" stroke="#444"/>',
        _line(at(0, 0), at(1, 1), "#888", "4 3"),
    ]
    for said, seen, count in calibration_bins(chance, outcome):
        spread = 1.645 * np.sqrt(max(said * (1 - said), 1e-4) / count)
        parts.append(_line(at(said, max(seen - spread, 0)), at(said, min(seen + spread, 1)), "#1f5fa8"))
        x, y = at(said, seen)
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="#1f5fa8"/>')
    for tick in (0, 0.5, 1):
        (x, y), (left, height) = at(tick, 0), at(0, tick)
        parts.append(f'<text x="{x:.0f}" y="{y + 15:.0f}" text-anchor="middle">{tick:g}</text>')
        parts.append(f'<text x="{left - 6:.0f}" y="{height + 4:.0f}" text-anchor="end">{tick:g}</text>')
    middle = edge + size / 2
    parts.append(
        f'<text x="{middle}" y="{size + 1.25 * edge:.0f}" text-anchor="middle">chance said (source left out)</text>'
    )
    parts.append(
        f'<text transform="translate(12 {middle - edge / 2}) rotate(-90)" text-anchor="middle">share perforated</text></svg>'
    )
    return "\n".join(parts) + "\n"


def _line(start: tuple[float, float], end: tuple[float, float], colour: str, dash: str = "none") -> str:
    (x1, y1), (x2, y2) = start, end
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" stroke-dasharray="{dash}"/>'
    )


def report(shots: Shots) -> None:
    """Print what the theory page says."""
    for name, group in (("source", shots.source), ("laboratory", shots.laboratory)):
        chance = held_out(shots, group)
        low, high = gain_interval(shots, group)
        print(f"{name}: {len(np.unique(group))} left out in turn")
        print(
            "  ours: log loss {:.4f}, accuracy {:.4f}, calibration error {:.4f}".format(
                *scores(chance, shots.perforated)
            )
        )
        print(
            f"  a perfect answer would show {error_if_perfect(chance):.4f}; gain over Ryan-Schonberg {low:.4f} to {high:.4f}"
        )
        for words, theirs in single_equations(shots, group):
            print("  {}: {:.4f}, {:.4f}, {:.4f}".format(words, *scores(theirs, shots.perforated)))


def main(arguments: list[str]) -> int:
    """Write the coefficients and the drawing, or say whether they are current."""
    folder = next((Path(word) for word in arguments if not word.startswith("-")), None)
    folder = folder or Path(os.environ.get("WHIPPLE_SHARED_DATA", HERE.parent / "shared" / "data"))
    shots = read_shots(folder / SHOTS)
    made = {
        HERE / "src/whipple/impact/models/shot_scatter.py": table_text(shots),
        HERE / "docs/theory/impact_reliability.svg": reliability_svg(held_out(shots, shots.source), shots.perforated),
    }
    if "--check" in arguments:
        stale = [path.name for path, text in made.items() if not path.exists() or path.read_text() != text]
        print(f"not current: {', '.join(stale)}" if stale else "current")
        return 1 if stale else 0
    for path, text in made.items():
        path.write_text(text)
    report(shots)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
