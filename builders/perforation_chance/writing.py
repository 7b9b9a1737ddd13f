"""What is written: the module with the coefficients, and the drawing of the calibration."""

from __future__ import annotations

import textwrap

import numpy as np
from perforation_chance.contradictions import sound
from perforation_chance.learning import LABORATORY_SD, learn, learn_fallback, tested_range
from perforation_chance.scores import calibration_bins, measured
from perforation_chance.shots import Array, Shots

from whipple.impact.perforation_terms import COVARIATES


def table_text(filed: Shots) -> str:
    """The module with the coefficients, their spread, the tested range and the measured scores."""
    shots = sound(filed)
    mean, covariance = learn(shots, shots.source, np.full(len(shots.source), True))
    everything = np.full(len(shots.source), True)
    bare_mean, bare_covariance = learn_fallback(shots, shots.source, everything)
    limits = tested_range(shots, everything)
    lines = [
        '"""Chance of perforation of a Whipple shield: coefficients learned from 545 shots, their spread, where they were learned, how they score.',
        "",
        "Written by builders/make_probabilistic_limit.py from the shot table of pyBLOSSUM (github.com/shannonjryan/pyBLOSSUM, MIT); do not edit.",
        "Of its 568 shots the 23 of AFML-TR-70-135 are left out (their outcomes contradict themselves) and seven that only spalled count as held",
        "(builders/perforation_chance/contradictions.py).",
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
        "#: Left out in turn: (groups, log loss, accuracy, calibration error, best log loss and best accuracy of one equation). As filed: all 568.",
        "MEASURED = {",
        *(
            f'    "{name}": ({count}, {", ".join(f"{x:.4f}" for x in (*ours, *best))}),'
            for name, count, ours, best in measured(filed)
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
