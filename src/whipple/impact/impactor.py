"""What particle made this hole: for every stream, joint over speed, angle, density, hole size, wall and the spread of laws."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from whipple.casefile.case import Case
from whipple.casefile.estimate import Array, Caveat, Estimate
from whipple.casefile.findings.hole import Hole
from whipple.casefile.findings.impactor import Impactor, SourceImpactor
from whipple.casefile.findings.pictures import Pictures
from whipple.casefile.findings.push import Push, StrikePush
from whipple.casefile.findings.sky import Sky, Stream
from whipple.casefile.findings.strikes import Strikes
from whipple.casefile.given import Given
from whipple.impact.cells import Cells, site_cells
from whipple.impact.curves import law_curves, sentence_at_gun_speed
from whipple.impact.hole_laws import PIT_RATIO, WIDTH_LAWS, depth_laws, particle_m
from whipple.impact.hole_size import SIMULATED_SIZE, hole_size
from whipple.impact.kicked import KICK_LAW, Kick, kick_of, kicking_particle_m, kicking_words
from whipple.impact.shield import Shield
from whipple.physics.materials import Material, find_material, material

__all__ = ["what_made_it"]

_DRAWS = 1200
#: Step in ln(hole diameter) over which the number of holes is differentiated.
_STEP_nat = 0.02
#: Caveats that say nothing where the particle follows from the push.
_OF_HOLES = ("impact.no-hole-size", "impact.hole-law", "impact.extrapolated")
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
    kick: Kick | None = None

    def of(self, rows: np.ndarray) -> _Draws:
        """Some of the draws, in that order."""
        kick = None if self.kick is None else self.kick.of(rows)
        return _Draws(
            self.hole_m[rows], self.wall_m[rows], self.area_m2[rows], self.pit_ratio[rows], self.law[rows], kick
        )

    def larger(self, step_nat: float) -> _Draws:
        """The draws with what was seen (hole or push) made by a particle so much larger, in ln of the diameter."""
        kick = None if self.kick is None else self.kick.larger(step_nat)
        return replace(self, hole_m=self.hole_m * np.exp(step_nat), kick=kick)


def what_made_it(
    case: Case,
    pictures: Pictures | None,
    hole: Hole | None,
    sky: Sky | None,
    strikes: Strikes | None,
    push: Push | None = None,
) -> Impactor:
    """The particle of each stream that would make this hole, and how many such holes the stream makes while the ship is exposed.

    The failure is a perforation of a bare thin wall (the tube). With no hole size the particle is the one that hands over the momentum that
    was felt (dynamics); with neither the counts are of any perforation; with no sky
    there are no sources. Laws are tested below about 8 km/s: beyond, two velocity exponents carry the spread.
    """
    wall, caveats = _wall(case)
    size, about_size = hole_size(case, pictures, hole)
    caveats += about_size
    rng = case.rng("impact")
    felt = (
        push.strike if size is None and push is not None and push.strike is not None and push.strike.particles else None
    )
    if felt is not None:
        caveats = (*(note for note in caveats if note.code not in _OF_HOLES), kicking_words(felt))
    draws = _draw(case, wall, size, felt, rng)
    sources: tuple[SourceImpactor, ...] = ()
    if sky is None or strikes is None:
        caveats += (Caveat("impact.no-sky", "No sky or no view of the site was at hand: no source was weighed."),)
    else:
        sources = tuple(
            _source(case, wall, sky, strikes, stream, draws, rng, size is not None or felt is not None)
            for stream in sky.streams
        )
    given = case.vehicle.site_wall_m
    text = f"{given.value * 1e3:.2g} mm ({given.low * 1e3:.2g} to {given.high * 1e3:.2g} mm) of {wall.name}"
    return Impactor(
        part=case.vehicle.site_part,
        hole_diameter_m=size,
        wall=text,
        exposure_s=case.exposure_s,
        sources=sources,
        laws=() if felt is not None else law_curves(wall, given.value, None if size is None else size.median),
        headline=_headline(case, wall, size, sources, felt is not None),
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


def _draw(
    case: Case, wall: Material, size: Estimate | None, felt: StrikePush | None, rng: np.random.Generator
) -> _Draws:
    """The unknowns common to all streams, so that their differences are not noise."""
    hole = _hole_draws(size, rng)
    laws = len(depth_laws(wall)) * len(WIDTH_LAWS)
    return _Draws(
        hole[:, None],
        case.vehicle.site_wall_m.draw(rng, _DRAWS)[:, None],
        case.vehicle.site_area_m2.draw(rng, _DRAWS)[:, None],
        PIT_RATIO + (PIT_RATIO.sigma or 0.0) * rng.standard_normal(_DRAWS)[:, None],
        rng.permutation(np.arange(_DRAWS) % laws),
        None if felt is None else kick_of(felt, case.rng("impact.kick"), _DRAWS),
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
    laws = tuple(depth_laws(wall)) if draws.kick is None else (KICK_LAW,)
    fewer = _numbers(wall, cells, stream, draws, +_STEP_nat / 2)
    more = _numbers(wall, cells, stream, draws, -_STEP_nat / 2)
    holes = draws.area_m2 * case.exposure_s * level
    count = holes[:, 0] * np.sqrt(fewer.sum(axis=1) * more.sum(axis=1))
    per_ln_size = (more - fewer) / _STEP_nat if sized else more
    density = holes[:, 0] * per_ln_size.sum(axis=1)
    if not per_ln_size.sum() > 0:
        return replace(
            empty, expected_count=_counted(count, stream, laws), expected_density_count=_counted(density, stream, laws)
        )
    made = _makers(per_ln_size.sum(axis=1))
    chosen, place = _pick(per_ln_size[made], pick)
    shots = _shots(cells, chosen, (place - 0.5) * _speed_step_m_s(sky.speed_m_s))
    return _described(empty, stream, laws, shots, _sizes(wall, shots, draws.of(made)), count, density)


def _numbers(wall: Material, cells: Cells, stream: Stream, draws: _Draws, step_nat: float) -> Array:
    """Per draw and cell: holes at least as large as the measured size (shifted by `step_nat` in ln)."""
    diameter = _sizes(wall, cells, draws.larger(step_nat))
    mass = np.pi / 6 * cells.density_kg_m3 * diameter**3
    return np.asarray(cells.flux_per_m2_s * stream.heavier_than(mass))


def _sizes(wall: Material, cells: Cells, draws: _Draws) -> Array:
    """The particle that makes the hole of each draw, by its law: for every cell (n_cell,), or for one shot a draw (n_draw, 1). (n_draw, n_cell)"""
    if draws.kick is not None:
        return kicking_particle_m(draws.kick, cells)
    shot = (cells.speed_m_s, cells.incidence_rad, cells.density_kg_m3)
    diameter = np.empty((len(draws.law), cells.flux_per_m2_s.shape[-1]))
    for index, (depth, width) in enumerate((depth, width) for depth in depth_laws(wall) for width in WIDTH_LAWS):
        row = draws.law == index
        speed, angle, bulk = shot if shot[0].ndim == 1 else (one[row] for one in shot)
        shield = Shield(wall=wall, wall_m=draws.wall_m[row])
        diameter[row] = particle_m(shield, draws.hole_m[row], (speed, angle, bulk), depth, width, draws.pit_ratio[row])
    return diameter


def _speed_step_m_s(speed_m_s: Array) -> float:
    """Width of the speed bins, from their even middles."""
    return float(speed_m_s[1] - speed_m_s[0]) if len(speed_m_s) > 1 else 0.0


def _shots(cells: Cells, chosen: np.ndarray, off_m_s: Array) -> Cells:
    """One shot a draw (n_draw, 1): that of the chosen cell, at a speed so far from the middle of its bin."""
    at = chosen[:, None]
    return Cells(
        cells.flux_per_m2_s[at],
        cells.speed_m_s[at] + off_m_s[:, None],
        cells.incidence_rad[at],
        cells.density_kg_m3[at],
    )


def _makers(rate: Array) -> np.ndarray:
    """Draws in proportion to the rate at which each makes such a hole (systematic resampling).

    That a hole was made speaks for the thin end of the wall's range and for the laws that need less: each draw counts by how often it makes one.
    The counts stay unweighted: they say what was to be expected before anybody looked.
    """
    step = (np.arange(rate.size) + 0.5) / rate.size
    return np.minimum(np.searchsorted(np.cumsum(rate) / rate.sum(), step), rate.size - 1)


def _pick(weight: Array, uniform: Array) -> tuple[np.ndarray, Array]:
    """One cell a draw, with probability proportional to its weight (n_draw, n_cell), and what is left of the draw: again even from 0 to 1.

    >>> cell, rest = _pick(np.array([[1.0, 3.0], [1.0, 3.0]]), np.array([0.125, 0.4]))
    >>> cell.tolist(), rest.round(9).tolist()
    ([0, 1], [0.5, 0.2])
    """
    cumulative, row = np.cumsum(weight, axis=1), np.arange(len(weight))
    wanted = uniform * cumulative[:, -1]
    cell = np.minimum((cumulative < wanted[:, None]).sum(axis=1), weight.shape[1] - 1)
    mine = weight[row, cell]
    rest = (wanted - cumulative[row, cell]) / np.where(mine > 0, mine, 1.0) + 1.0
    return cell, np.clip(rest, 0.0, 1.0)


def _counted(values: Array, stream: Stream, laws: tuple[str, ...]) -> Estimate:
    return Estimate.from_samples(values, "", models=(*laws, *stream.models), sources=stream.sources)


def _described(
    empty: SourceImpactor,
    stream: Stream,
    laws: tuple[str, ...],
    shots: Cells,
    diameter: Array,
    count: Array,
    density: Array,
) -> SourceImpactor:
    """The stream's answer from one shot a draw and the particle (n_draw, 1) that makes the hole then."""
    speed, bulk = shots.speed_m_s, shots.density_kg_m3
    mass = np.pi / 6 * bulk * diameter**3

    def told(values: Array, unit: str) -> Estimate:
        return Estimate.from_samples(values, unit, models=laws, sources=stream.sources)

    return replace(
        empty,
        diameter_m=told(diameter, "m"),
        mass_kg=told(mass, "kg"),
        speed_m_s=told(speed, "m/s"),
        incidence_rad=told(shots.incidence_rad, "rad"),
        density_kg_m3=told(bulk, "kg/m**3"),
        energy_J=told(0.5 * mass * speed**2, "J"),
        expected_count=_counted(count, stream, laws),
        expected_density_count=_counted(density, stream, laws),
    )


def _headline(
    case: Case, wall: Material, size: Estimate | None, sources: tuple[SourceImpactor, ...], felt: bool
) -> str:
    gun = "" if felt else sentence_at_gun_speed(wall, case.vehicle.site_wall_m, None if size is None else size.median)
    able = sorted((s for s in sources if s.diameter_m), key=lambda s: -s.expected_density_count.median)
    if not able:
        made = "hands over such a push" if felt else "makes this hole"
        none = f"No modelled source reaches the site with a particle that {made}. {gun}"
        return none.rstrip() if sources else gun or "No source was weighed."
    best = able[0]
    if best.diameter_m is None or best.speed_m_s is None:
        return gun
    simulated = size is not None and any(note.code == SIMULATED_SIZE for note in size.caveats)
    sized = "" if size is None else f"a {size.median * 1e3:.2g} mm hole{' (SIMULATED size)' if simulated else ''}"
    hole = sized or ("a push as hard as was felt" if felt else "a perforation")
    d, v, n = best.diameter_m, best.speed_m_s, best.expected_count
    return (
        f"By the medians of the counts the likeliest source of {hole} is {best.stream}: "
        f"a particle of {d.median * 1e3:.2g} mm ({d.low * 1e3:.2g} to {d.high * 1e3:.2g} mm) at "
        f"{v.median / 1e3:.0f} km/s ({v.low / 1e3:.0f} to {v.high / 1e3:.0f} km/s), of which {n.median:.1g} ({n.low:.1g} to {n.high:.1g}) were to be "
        f"expected in {case.exposure_s / 86400:.0f} days. {gun}".rstrip()
    )
