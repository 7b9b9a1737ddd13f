"""Where must the push of the strike have come from: the case's change of speed and of body rates, turned into momentum, place and particle."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from whipple.casefile.case import Case
from whipple.casefile.estimate import Z90, Array, Caveat, Estimate
from whipple.casefile.findings.push import StrikeParticle, StrikePush
from whipple.dynamics.inertia import checked_inertia, is_given
from whipple.dynamics.strike import (
    LEAST_CAUGHT_RATIO,
    MOST_THROWN_RATIO,
    Felt,
    Pushed,
    Shots,
    StrikeDraws,
    solve_strike,
)
from whipple.dynamics.strike_shots import KINDS, hull_shots
from whipple.physics.cited import Cited
from whipple.vehicle.stack import Stack

__all__ = ["SPEED_SLOTS", "TURN_SLOTS", "felt_of", "strike_push"]

#: Claims that say what was felt: of the change of speed in LVLH (X ram, Y starboard, Z nadir), of the body rates about body X, Y, Z (right-handed).
SPEED_SLOTS = ("strike.forward_m_s", "strike.starboard_m_s", "strike.down_m_s")
TURN_SLOTS = ("strike.roll_rad_s", "strike.pitch_rad_s", "strike.yaw_rad_s")
#: 90 % factor of an inertia that is given without a range.
INERTIA_FACTOR = Cited(1.4, unit="", source="whipple_strike", grade="proposal")
_SHOTS, _DRAWS, _MISFIT = 60_000, 4_000, 4.0
_NOT_READ = ("recalled", "placeholder")
_SIDES = 0.97  # facets whose normal lies within 14 deg of a possible normal of the site


@dataclass(frozen=True)
class _Scene:
    """What every question of one case shares: what was felt, the stack, the orbit."""

    felt: tuple[Felt, ...]
    stack: Stack
    case: Case
    rate_rad_s: float


def felt_of(case: Case, stepped: tuple[Felt, ...] = ()) -> tuple[Felt, ...]:
    """The components of the change of speed and of body rates: what the case's evidence names, and the step of its rate record.

    A rate of which only the size is known takes "_size" in its slot ("strike.yaw_size_rad_s"): either sign is tried. Where a claim names a
    component that the record has too, the record speaks, but a made-up record never before a claim.
    """
    found = [
        Felt(kind, axis, claim.value, signed)
        for kind, slots in (("speed", SPEED_SLOTS), ("turn", TURN_SLOTS))
        for axis, slot in enumerate(slots)
        for name, signed in ((slot, True), (_size_slot(slot), False))
        for claim in case.evidence(name)
        if claim.value is not None
    ]
    said = {(one.kind, one.axis) for one in found}
    record = [one for one in stepped if not (one.simulated and (one.kind, one.axis) in said)]
    held = {(one.kind, one.axis) for one in record}
    return (*(one for one in found if (one.kind, one.axis) not in held), *record)


def _size_slot(slot: str) -> str:
    name, _, unit = slot.partition("_")
    return f"{name}_size_{unit}"


def _in_words(one: Felt) -> str:
    what = (SPEED_SLOTS if one.kind == "speed" else TURN_SLOTS)[one.axis].partition(".")[2].partition("_")[0]
    factor, unit = (1e3, "mm/s") if one.kind == "speed" else (float(np.degrees(1.0)), "deg/s")
    either = ("" if one.signed else " either way") + (" (SIMULATED)" if one.simulated else "")
    low, middle, high = (factor * x for x in (one.value.low, one.value.value, one.value.high))
    return f"{what} {middle:.2g} {unit}{either} ({low:.2g} to {high:.2g})"


def strike_push(
    case: Case, stack: Stack, felt: tuple[Felt, ...], rate_rad_s: float, rng: np.random.Generator
) -> tuple[StrikePush | None, tuple[Caveat, ...]]:
    """The push of the strike itself from what was felt (at least one component): None, with a caveat, without mass properties.

    The answer is for the suspect part and the ways it may face; the probability of every part of the ship is given beside it.
    """
    if not is_given(stack.inertia_kg_m2) or not stack.mass_kg > 0:
        why = "A change of speed or of body rates is given, but no mass and inertia: the momentum of the strike was not computed."
        return None, (Caveat("dynamics-strike-no-mass", why),)
    checked_inertia(stack.inertia_kg_m2, "[vehicle] inertia_kg_m2")
    scene, words = _Scene(felt, stack, case, rate_rad_s), tuple(_in_words(one) for one in felt)
    parts, share = _by_part(scene, rng)
    answers = [(kind, *_solved(scene, kind, _site_area(stack), rng)) for kind in KINDS]
    particles = tuple(_particle(scene, kind, shots, draws) for kind, shots, draws in answers if draws is not None)
    ends = float(LEAST_CAUGHT_RATIO), float(MOST_THROWN_RATIO)
    if not particles:
        why = f"No strike on {stack.site_part} from outside pushes the way that was felt: wrong part, wrong side, or a wrong sign."
        return StrikePush(words, stack.site_part, parts, share, (), why, *ends), (
            Caveat("dynamics-strike-no-fit", why),
        )
    says = _sentence(particles, parts, share, stack.site_part)
    says += " (From SIMULATED rates.)" if any(one.simulated for one in felt) else ""
    recalled = _recalled(case)
    if recalled:
        says += " What was felt is RECALLED, not read: replace it before anybody relies on this."
    notes = _caveats(particles, answers) + recalled
    return StrikePush(words, stack.site_part, parts, share, particles, says, *ends, bool(recalled)), notes


def _recalled(case: Case) -> tuple[Caveat, ...]:
    """A caveat where the source of what was felt is graded so by the case."""
    slots = [name for slot in (*SPEED_SLOTS, *TURN_SLOTS) for name in (slot, _size_slot(slot))]
    claims = [claim for slot in slots for claim in case.evidence(slot)]
    keys = {c.source for c in claims if case.sources.get(c.source, {}).get("grade") in _NOT_READ}
    if not keys:
        return ()
    text = (
        f"The figures of what was felt are remembered, not read (source {', '.join(sorted(keys))}): impulse, particle, counts and cause all "
        "rest on them. Replace them by measured or published ones, with their ranges, before anybody relies on the answer."
    )
    return (Caveat("dynamics-strike-recalled", text),)


def _site_area(stack: Stack) -> Array:
    """Area (n_facet,) of the suspect part, where a facet lies one of the ways that the site may face."""
    surfaces = stack.surfaces
    area = np.zeros(len(surfaces.area_m2))
    site = surfaces.of_part(stack.site_part)
    faces = surfaces.normal_body[site] @ stack.site_normal_body.T > _SIDES
    area[site] = surfaces.area_m2[site] * (faces @ (stack.site_normal_frac / stack.site_normal_frac.sum()))
    return area


def _body(scene: _Scene, rng: np.random.Generator) -> tuple[Pushed, Array]:
    """The pushed body and its centre of mass, each in draws."""
    vehicle = scene.case.vehicle
    factor = np.exp(np.log(INERTIA_FACTOR) / Z90 * rng.standard_normal(_SHOTS))
    mass = vehicle.mass_kg.draw(rng, _SHOTS)
    spread = np.column_stack([vehicle.centre_of_mass_spread_m.draw(rng, _SHOTS) for _ in range(3)])
    inertia = factor[:, None, None] * scene.stack.inertia_kg_m2
    return Pushed(mass, inertia, scene.stack.body_from_lvlh), scene.stack.centre_of_mass_m + spread


def _solved(
    scene: _Scene, kind: str, area_m2: Array, rng: np.random.Generator
) -> tuple[Shots | None, StrikeDraws | None]:
    if not area_m2.sum() > 0:
        return None, None
    body, centre = _body(scene, rng)
    facets = rng.choice(area_m2.size, _SHOTS, p=area_m2 / area_m2.sum())
    shots = hull_shots(scene.stack.surfaces, facets, centre, scene.stack.body_from_lvlh, kind, scene.rate_rad_s, rng)
    return shots, solve_strike(scene.felt, shots, body, rng, _DRAWS)


def _by_part(scene: _Scene, rng: np.random.Generator) -> tuple[tuple[str, ...], tuple[float, ...]]:
    """Where debris must have struck if nobody had looked: the probability of every part of the ship, most likely first."""
    surfaces, ship = scene.stack.surfaces, scene.case.vehicle.ship
    own = np.array([part.module == ship for part in surfaces.parts])[surfaces.part_index]
    shots, draws = _solved(scene, KINDS[0], np.where(own, surfaces.area_m2, 0.0), rng)
    if shots is None or draws is None:
        return (), ()
    share = np.bincount(shots.part_index[draws.row], minlength=len(surfaces.parts)) / draws.row.size
    order = [int(k) for k in np.argsort(-share, kind="stable") if share[k] > 0]
    return tuple(surfaces.parts[k].name for k in order), tuple(float(share[k]) for k in order)


def _particle(scene: _Scene, kind: str, shots: Shots | None, draws: StrikeDraws) -> StrikeParticle:
    assert shots is not None
    velocity, lever = shots.velocity_m_s[draws.row], shots.lever_m[draws.row]
    size = np.linalg.norm(draws.impulse_body_Ns, axis=1)
    speed = np.linalg.norm(velocity, axis=1)
    lvlh = draws.impulse_body_Ns @ scene.stack.body_from_lvlh
    came = -(velocity @ scene.stack.body_from_lvlh) / speed[:, None]
    turn = np.linalg.norm(np.cross(lever, draws.impulse_body_Ns), axis=1)
    diameter = np.cbrt(6 * draws.mass_kg / (np.pi * shots.density_kg_m3[draws.row]))

    def told(values: Array, unit: str) -> Estimate:
        return Estimate.from_samples(values, unit, models=("momentum and angular momentum",))

    return StrikeParticle(
        kind, told(size, "N*s"), tuple(told(lvlh[:, axis], "N*s") for axis in range(3)), told(turn / size, "m"),
        told(draws.mass_kg, "kg"), told(diameter, "m"), told(speed, "m/s"), told(0.5 * draws.mass_kg * speed**2, "J"),
        told(_unwrapped(np.arctan2(came[:, 1], came[:, 0])), "rad"), told(np.arcsin(np.clip(-came[:, 2], -1, 1)), "rad"),
        draws.misfit_ratio,
    )  # fmt: skip


def _unwrapped(angle: Array) -> Array:
    """Azimuths about their own mean direction, so that an interval does not tear at 180 deg."""
    middle = np.angle(np.mean(np.exp(1j * angle)))
    return np.asarray(middle + np.angle(np.exp(1j * (angle - middle))))


def _ranged(one: Estimate, factor: float, unit: str) -> str:
    return f"{factor * one.median:.2g} {unit} (90 %: {factor * one.low:.2g} to {factor * one.high:.2g})"


def _sentence(
    particles: tuple[StrikeParticle, ...], parts: tuple[str, ...], share: tuple[float, ...], site: str
) -> str:
    first = particles[0]
    made = "; ".join(
        f"a {one.kind} particle of {_ranged(one.mass_kg, 1e3, 'g')}, {_ranged(one.diameter_m, 1e3, 'mm')}, at {_ranged(one.speed_m_s, 1e-3, 'km/s')}"
        for one in particles
    )
    where = ", ".join(
        f"{name} {chance:.0%}".replace("%", " %") for name, chance in list(zip(parts, share, strict=True))[:4]
    )
    return (
        f"The strike handed {_ranged(first.impulse_Ns, 1.0, 'N·s')} to {site}, {_ranged(first.arm_m, 1.0, 'm')} from the centre of mass. "
        f"That takes {made}. If nobody had looked, what was felt would place a strike of debris on: {where}."
    )


def _caveats(
    particles: tuple[StrikeParticle, ...], answers: list[tuple[str, Shots | None, StrikeDraws | None]]
) -> tuple[Caveat, ...]:
    kept = (
        "How much of a particle's momentum a thin wall keeps is hardly known: a tenth to all of it was taken, and one to four times that along the "
        "normal for what is thrown back. This alone spreads the particle's mass over more than a decade."
    )
    flux = (
        "The particles are stand-ins (circular orbits that cross at any angle alike; meteoroids from anywhere above the horizon), not the flux "
        "of the environment room, and no size is taken to be commoner than another."
    )
    body = (
        "The body is taken as rigid and free. Arrays that swing, and wheels that answer, change a peak rate: say so in the range of what was felt. "
        f"The inertia is doubted by a factor {INERTIA_FACTOR:.2g}; what shades the part is left out."
    )
    found = [
        Caveat("dynamics-strike-kept", kept), Caveat("dynamics-strike-flux", flux), Caveat("dynamics-strike-rigid", body)
    ]  # fmt: skip
    widened = max(draws.widened_ratio for _, _, draws in answers if draws is not None)
    if widened > 1:
        text = f"What was felt is finer than the shots tried lie close, or fits none of them well: its doubt was widened {widened:.2g} times."
        found.append(Caveat("dynamics-strike-widened", text))
    bad = [one.kind for one in particles if one.misfit_ratio > _MISFIT]
    if bad:
        text = f"What was felt does not fit a strike of {' or '.join(bad)} on this part well: look at signs, inertia and which part was struck."
        found.append(Caveat("dynamics-strike-misfit", text))
    return tuple(found)
