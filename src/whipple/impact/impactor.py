"""What particle made this hole: for every stream, joint over speed, angle, density, hole size, wall and the spread of laws."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from whipple.casefile.case import Case
from whipple.casefile.estimate import Array, Caveat, Estimate
from whipple.casefile.findings.hole import Hole
from whipple.casefile.findings.impactor import Impactor, SourceImpactor
from whipple.casefile.findings.pictures import Pictures
from whipple.casefile.findings.sky import Sky, Stream
from whipple.casefile.findings.strikes import Strikes
from whipple.casefile.given import Given
from whipple.impact.cells import Cells, site_cells
from whipple.impact.curves import law_curves, sentence_at_gun_speed
from whipple.impact.hole_laws import PIT_RATIO, WIDTH_LAWS, depth_laws, particle_m
from whipple.impact.hole_size import SIMULATED_SIZE, hole_size
from whipple.impact.shield import Shield
from whipple.physics.materials import Material, find_material, material

__all__ = ["what_made_it"]

_DRAWS = 1200
#: Step in ln(hole diameter) over which the number of holes is differentiated.
_STEP_nat = 0.02
_FALLBACK = "6061-T6"
#: Stands for "any perforation" when nobody knows the size: far below every wall thickness.
_PINPRICK_m = 1e-9


@dataclass(frozen=True)
class _Draws:
    """One row a draw (n, 1): what is not known about hole, wall, site and law; `law` is the index of (depth, width)."""

    hole_m: Array
    wall_m: Array
    area_m2: Array
    pit_ratio: Array
    law: Array


def what_made_it(
    case: Case, pictures: Pictures | None, hole: Hole | None, sky: Sky | None, strikes: Strikes | None
) -> Impactor:
    """The particle of each stream that would make this hole, and how many such holes the stream makes while the ship is exposed.

    The failure is a perforation of a bare thin wall (the tube). With no hole size at all the counts are of any perforation; with no sky
    there are no sources. Laws are tested below about 8 km/s: beyond, two velocity exponents carry the spread.
    """
    wall, caveats = _wall(case)
    size, about_size = hole_size(case, pictures, hole)
    caveats += about_size
    rng = case.rng("impact")
    draws = _draw(case, wall, size, rng)
    sources: tuple[SourceImpactor, ...] = ()
    if sky is None or strikes is None:
        caveats += (Caveat("impact.no-sky", "No sky or no view of the site was at hand: no source was weighed."),)
    else:
        sources = tuple(
            _source(case, wall, sky, strikes, stream, draws, rng, size is not None) for stream in sky.streams
        )
    given = case.vehicle.site_wall_m
    text = f"{given.value * 1e3:.2g} mm ({given.low * 1e3:.2g} to {given.high * 1e3:.2g} mm) of {wall.name}"
    return Impactor(
        part=case.vehicle.site_part,
        hole_diameter_m=size,
        wall=text,
        exposure_s=case.exposure_s,
        sources=sources,
        laws=law_curves(wall, given.value, None if size is None else size.median),
        headline=_headline(case, wall, size, sources),
        caveats=caveats,
    )


def _wall(case: Case) -> tuple[Material, tuple[Caveat, ...]]:
    caveats = (
        Caveat(
            "impact.extrapolated",
            "The penetration laws are tested below about 8 km/s; at meteoroid speeds they are extrapolated. Two velocity exponents "
            "(2/3 and 0.875, the second recalled) are run side by side and their spread is in every interval.",
        ),
        Caveat(
            "impact.hole-law",
            "No published hole law is known to hold for the wall of such a tube: the hole is taken as the cut of the pit by the "
            "rear face, an assumption of this project; published thin-plate hole laws (recalled) enter where they ask for more. On the one "
            "published check (Shuttle radiator, STS-115, a thinner sheet) these laws ask for 1.6 to 2.7 mm where NASA's tests gave 1.0 to 1.2 mm.",
        ),
    )
    found = find_material(case.vehicle.site_material)
    if found is None:
        text = (
            f"Nothing is known of a material called {case.vehicle.site_material!r}: the wall was taken as {_FALLBACK}."
        )
        return material(_FALLBACK), (*caveats, Caveat("impact.wall-material", text))
    return found, caveats


def _draw(case: Case, wall: Material, size: Estimate | None, rng: np.random.Generator) -> _Draws:
    """The unknowns common to all streams, so that their differences are not noise."""
    hole = _hole_draws(size, rng)
    laws = len(depth_laws(wall)) * len(WIDTH_LAWS)
    return _Draws(
        hole[:, None],
        case.vehicle.site_wall_m.draw(rng, _DRAWS)[:, None],
        case.vehicle.site_area_m2.draw(rng, _DRAWS)[:, None],
        PIT_RATIO + (PIT_RATIO.sigma or 0.0) * rng.standard_normal(_DRAWS)[:, None],
        rng.permutation(np.arange(_DRAWS) % laws),
    )


def _hole_draws(size: Estimate | None, rng: np.random.Generator) -> Array:
    """Diameters that the hole may have: the estimate's own draws, else a split log-normal with its median and interval (where that goes down to
    nothing, a split normal above zero); a pin-prick when no size is known."""
    if size is None:
        return np.full(_DRAWS, _PINPRICK_m)
    if size.samples is not None and size.samples.size > 1:
        return rng.choice(size.samples, _DRAWS)
    return Given(size.median, size.low, size.high, "m", least=0.0).draw(rng, _DRAWS)


def _source(
    case: Case,
    wall: Material,
    sky: Sky,
    strikes: Strikes,
    stream: Stream,
    draws: _Draws,
    rng: np.random.Generator,
    sized: bool,
) -> SourceImpactor:
    cells = site_cells(sky, strikes, stream)
    level = np.exp(np.log(max(stream.level_factor, 1.0)) * rng.standard_normal((_DRAWS, 1)))
    pick = rng.uniform(size=_DRAWS)
    zero = Estimate(0.0, 0.0, 0.0, "", models=stream.models, sources=stream.sources)
    empty = SourceImpactor(stream.name, stream.kind, stream.hypothesis, None, None, None, None, None, None, zero, zero)
    if not cells.flux_per_m2_s.sum() > 0:
        return empty
    fewer, diameter = _numbers(wall, cells, stream, draws, +_STEP_nat / 2)
    more, _ = _numbers(wall, cells, stream, draws, -_STEP_nat / 2)
    holes = draws.area_m2 * case.exposure_s * level
    count = holes[:, 0] * np.sqrt(fewer.sum(axis=1) * more.sum(axis=1))
    per_ln_size = (more - fewer) / _STEP_nat if sized else more
    density = holes[:, 0] * per_ln_size.sum(axis=1)
    if not per_ln_size.sum() > 0:
        return replace(
            empty, expected_count=_counted(count, stream, wall), expected_density_count=_counted(density, stream, wall)
        )
    made = _makers(per_ln_size.sum(axis=1))
    chosen = _pick(per_ln_size[made], pick)
    return _described(empty, stream, wall, cells, chosen, diameter[made, chosen], count, density)


def _numbers(wall: Material, cells: Cells, stream: Stream, draws: _Draws, step_nat: float) -> tuple[Array, Array]:
    """Per draw and cell: holes at least as large as the measured size (shifted by `step_nat` in ln), and the particle that makes it."""
    diameter = np.empty((draws.hole_m.shape[0], cells.flux_per_m2_s.size))
    laws = [(depth, width) for depth in depth_laws(wall) for width in WIDTH_LAWS]
    shot = (cells.speed_m_s, cells.incidence_rad, cells.density_kg_m3)
    for index, (depth, width) in enumerate(laws):
        row = draws.law == index
        hole = draws.hole_m[row] * np.exp(step_nat)
        diameter[row] = particle_m(
            Shield(wall=wall, wall_m=draws.wall_m[row]), hole, shot, depth, width, draws.pit_ratio[row]
        )
    mass = np.pi / 6 * cells.density_kg_m3 * diameter**3
    return cells.flux_per_m2_s * stream.heavier_than(mass), diameter


def _makers(rate: Array) -> np.ndarray:
    """Draws in proportion to the rate at which each makes such a hole (systematic resampling).

    That a hole was made speaks for the thin end of the wall's range and for the laws that need less: each draw counts by how often it makes one.
    The counts stay unweighted: they say what was to be expected before anybody looked.
    """
    step = (np.arange(rate.size) + 0.5) / rate.size
    return np.minimum(np.searchsorted(np.cumsum(rate) / rate.sum(), step), rate.size - 1)


def _pick(weight: Array, uniform: Array) -> np.ndarray:
    """One cell a draw, with probability proportional to its weight (n_draw, n_cell)."""
    cumulative = np.cumsum(weight, axis=1)
    return np.minimum((cumulative < uniform[:, None] * cumulative[:, -1:]).sum(axis=1), weight.shape[1] - 1)


def _counted(values: Array, stream: Stream, wall: Material) -> Estimate:
    return Estimate.from_samples(values, "", models=(*depth_laws(wall), *stream.models), sources=stream.sources)


def _described(
    empty: SourceImpactor,
    stream: Stream,
    wall: Material,
    cells: Cells,
    chosen: np.ndarray,
    diameter: Array,
    count: Array,
    density: Array,
) -> SourceImpactor:
    """The stream's answer from one chosen cell a draw."""
    laws = tuple(depth_laws(wall))
    speed, bulk = cells.speed_m_s[chosen], cells.density_kg_m3[chosen]
    mass = np.pi / 6 * bulk * diameter**3

    def told(values: Array, unit: str) -> Estimate:
        return Estimate.from_samples(values, unit, models=laws, sources=stream.sources)

    return replace(
        empty,
        diameter_m=told(diameter, "m"),
        mass_kg=told(mass, "kg"),
        speed_m_s=told(speed, "m/s"),
        incidence_rad=told(cells.incidence_rad[chosen], "rad"),
        density_kg_m3=told(bulk, "kg/m**3"),
        energy_J=told(0.5 * mass * speed**2, "J"),
        expected_count=_counted(count, stream, wall),
        expected_density_count=_counted(density, stream, wall),
    )


def _headline(case: Case, wall: Material, size: Estimate | None, sources: tuple[SourceImpactor, ...]) -> str:
    gun = sentence_at_gun_speed(wall, case.vehicle.site_wall_m, None if size is None else size.median)
    able = sorted((s for s in sources if s.diameter_m), key=lambda s: -s.expected_density_count.median)
    if not able:
        return f"No modelled source reaches the site with a particle that makes this hole. {gun}" if sources else gun
    best = able[0]
    if best.diameter_m is None or best.speed_m_s is None:
        return gun
    simulated = size is not None and any(note.code == SIMULATED_SIZE for note in size.caveats)
    sized = "" if size is None else f"a {size.median * 1e3:.2g} mm hole{' (SIMULATED size)' if simulated else ''}"
    hole = sized or "a perforation"
    d, v, n = best.diameter_m, best.speed_m_s, best.expected_count
    return (
        f"By the medians of the counts the likeliest source of {hole} is {best.stream}: "
        f"a particle of {d.median * 1e3:.2g} mm ({d.low * 1e3:.2g} to {d.high * 1e3:.2g} mm) at "
        f"{v.median / 1e3:.0f} km/s ({v.low / 1e3:.0f} to {v.high / 1e3:.0f} km/s), of which {n.median:.1g} ({n.low:.1g} to {n.high:.1g}) were to be "
        f"expected in {case.exposure_s / 86400:.0f} days. {gun}"
    )
