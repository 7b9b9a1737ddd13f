"""Do the intervals of the particle hold a made-up truth nine times in ten, when the hole was made by the physics that the room assumes?

Particles fly by the sky's flux, strike walls of unknown thickness, obey one law nobody knows, and leave a hole that is then measured with an
error. Every quantity of the particle is asked for; its truth must lie inside the 90 % interval in 88 to 92 % of the holes.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from whipple.casefile.case import Case
from whipple.casefile.estimate import Array, Estimate
from whipple.casefile.findings.impactor import SourceImpactor
from whipple.casefile.findings.pictures import Pictures
from whipple.casefile.findings.sky import Sky, Stream
from whipple.casefile.findings.strikes import Strikes
from whipple.casefile.given import Given
from whipple.impact import impactor, what_made_it
from whipple.impact.cells import Cells, site_cells
from whipple.impact.hole_laws import PIT_RATIO, WIDTH_LAWS, depth_laws, particle_m
from whipple.impact.shield import Shield
from whipple.impact.thin_bumper import bisected
from whipple.physics.materials import material

SPEED = np.array([7e3, 12e3, 20e3, 35e3])
WALL = Given(1e-3, 0.5e-3, 2e-3, "m")
ERROR = 0.12
HOLES = 2000
LAWS = [(depth, width) for depth in depth_laws(material("AMg6")) for width in WIDTH_LAWS]


def heavens() -> tuple[Sky, Strikes]:
    """Three directions, four speeds, two densities; a site that looks to starboard."""
    dirs = np.array([[0.0, 1.0, 0.0], [0.7071, 0.7071, 0.0], [0.94, 0.3412, 0.0]])
    flux = 1e-12 * np.array([[1.0, 2.0, 3.0, 1.0], [0.5, 2.0, 4.0, 2.0], [2.0, 1.0, 1.0, 1.0]])
    mass = np.logspace(-16, 2, 91)
    stream = Stream(
        "s", "sporadic", "s", flux, 1e-6, mass, (mass / 1e-6) ** -1.1, np.array([1000.0, 3000.0]), np.array([0.6, 0.4]), 1.5, ("m",), ("s",)
    )  # fmt: skip
    sky = Sky(None, dirs, np.ones(3), SPEED, (stream,), (), np.zeros(1), np.zeros(1), "")  # type: ignore[arg-type]
    normal = np.array([[0.0, 1.0, 0.0]])
    site = np.einsum("ds,dn->ns", flux, np.maximum(dirs @ normal.T, 0))[None]
    strikes = Strikes("r", normal, np.ones(1), np.ones((1, 3)), 3.0, site, ("s",), (), (), np.zeros((1, 1)), 0, "")
    return sky, strikes


@dataclass(frozen=True)
class Truth:
    """Holes and the particles that made them, arrays (n,)."""

    measured_m: Array
    diameter_m: Array
    mass_kg: Array
    speed_m_s: Array
    incidence_rad: Array
    density_kg_m3: Array
    energy_J: Array


def make_holes(count: int, seed: int) -> Truth:
    """Strike walls until `count` measured holes lie between 0.5 and 3 mm: forward physics only, nothing of the inference."""
    rng, (sky, strikes) = np.random.default_rng(seed), heavens()
    cells = site_cells(sky, strikes, sky.streams[0])
    kept: list[Array] = []
    while sum(len(batch) for batch in kept) < count:
        kept.append(_struck(rng, cells, 200_000))
    return Truth(*np.concatenate(kept)[:count].T)


def _struck(rng: np.random.Generator, cells: Cells, number: int) -> Array:
    chosen = rng.choice(cells.flux_per_m2_s.size, number, p=cells.flux_per_m2_s / cells.flux_per_m2_s.sum())
    speed, angle, density = cells.speed_m_s[chosen], cells.incidence_rad[chosen], cells.density_kg_m3[chosen]
    mass = 1e-12 * rng.uniform(size=number) ** (-1 / 1.1)
    diameter = (6 * mass / np.pi / density) ** (1 / 3)
    wall = WALL.draw(rng, number)
    pit = PIT_RATIO + (PIT_RATIO.sigma or 0.0) * rng.standard_normal(number)
    law, hole = rng.integers(len(LAWS), size=number), np.zeros(number)
    for index, (depth, width) in enumerate(LAWS):
        mine = np.flatnonzero(law == index)
        shield, shot = Shield(wall=material("AMg6"), wall_m=wall[mine]), (speed[mine], angle[mine], density[mine])
        enough = diameter[mine] > particle_m(shield, 0.3e-3, shot, depth, width, pit[mine])
        mine = mine[enough]
        shield, shot = Shield(wall=material("AMg6"), wall_m=wall[mine]), (speed[mine], angle[mine], density[mine])
        hole[mine] = bisected(
            lambda d, m=mine, s=shield, a=shot, u=depth, w=width: particle_m(s, d, a, u, w, pit[m]) - diameter[m],
            np.full(mine.size, 1e-4), np.full(mine.size, 1.0), 40,
        )  # fmt: skip
    measured = hole * np.exp(ERROR * rng.standard_normal(number))
    seen = (measured > 0.5e-3) & (measured < 3e-3)
    energy = 0.5 * mass * speed**2
    return np.stack([measured, diameter, mass, speed, angle, density, energy], axis=1)[seen]


def asked(measured_m: float, seed: int) -> SourceImpactor:
    """What the room says of one measured hole."""
    vehicle = SimpleNamespace(
        site_part="r", site_wall_m=WALL, site_area_m2=Given(3.0, 1.0, 8.0, "m**2"), site_material="AMg6"
    )
    case = Case(Path(), "d", "", SimpleNamespace(seed=seed), None, None, vehicle, None, claims=())  # type: ignore[arg-type]
    size = Estimate.from_samples(measured_m * np.exp(ERROR * np.random.default_rng(seed).standard_normal(2000)), "m")
    sky, strikes = heavens()
    return what_made_it(case, Pictures((), size, False, ""), None, sky, strikes).sources[0]


@pytest.mark.slow
def test_intervals_hold_the_particle_nine_times_in_ten(monkeypatch: pytest.MonkeyPatch) -> None:
    """2000 holes: the share held has a standard error of 0.7 points, so 88 to 92 % is three of them. Unweighted draws held 83.5 to 86.3 %."""
    monkeypatch.setattr(Case, "exposure_s", property(lambda self: 84 * 86400.0))
    monkeypatch.setattr(impactor, "law_curves", lambda *_: ())  # drawings are not asked for here
    truth = make_holes(HOLES, 21)
    names = [field.name for field in fields(Truth) if field.name != "measured_m"]
    inside = dict.fromkeys(names, 0)
    for number in range(HOLES):
        found = asked(float(truth.measured_m[number]), number)
        for name in names:
            estimate = getattr(found, name)
            inside[name] += int(estimate.low <= getattr(truth, name)[number] <= estimate.high)
    held = {name: count / HOLES for name, count in inside.items()}
    for name in ("diameter_m", "mass_kg", "energy_J"):
        assert 0.88 <= held[name] <= 0.92, held
    for name in (
        "speed_m_s",
        "incidence_rad",
        "density_kg_m3",
    ):  # a few steps only: an interval that ends on one holds more
        assert held[name] >= 0.88, held
