"""The room's answer: the jet's force and torque on the stack, and the momentum it costs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from whipple.casefile.case import Case
from whipple.casefile.estimate import Array, Caveat, Estimate
from whipple.casefile.findings.hole import Hole
from whipple.casefile.findings.push import Push
from whipple.dynamics.consistency import contradictions, quote_of
from whipple.dynamics.control import advice, desaturation_kg, equilibrium_tilt_rad
from whipple.dynamics.gravity_gradient import stiffness_Nm_rad
from whipple.dynamics.jet_push import DRAW_COUNT, JetPush, has_mass, jet_caveats, jet_push
from whipple.dynamics.managing import managed_momentum_Nms
from whipple.dynamics.momentum import held_momentum_Nms
from whipple.dynamics.outside_budget import outside_budget
from whipple.dynamics.push_words import accumulates, headline
from whipple.dynamics.rate_record import kick_of_case
from whipple.dynamics.strike import Felt
from whipple.dynamics.strike_answer import felt_of, strike_push
from whipple.dynamics.whereabouts import pointed, push_sites
from whipple.errors import InvestigationError
from whipple.physics.cited import Cited
from whipple.physics.orbit import choose_elements
from whipple.physics.read_elements import read_elements
from whipple.vehicle.stack import Stack

__all__ = ["feel_push", "orbit_rate_rad_s"]

#: Mean motion at 408 km, where no element set can be read (JEOD ISS orbit).
ORBIT_RATE_RAD_S = Cited(1.13115e-3, unit="rad/s", source="jeod", grade="computed")


def orbit_rate_rad_s(case: Case) -> tuple[float, tuple[Caveat, ...]]:
    """Mean motion from the element set that fits the epoch, or a typical one with a caveat when none can be read."""
    try:
        sets = read_elements(case.path(case.orbit.elements))
        burns = [(burn.at, burn.note) for burn in case.orbit.manoeuvre]
        chosen = choose_elements(sets, case.epoch, burns, case.orbit.valid_days).chosen
        return float(chosen.line2[52:63]) * 2 * np.pi / 86400, ()
    except (InvestigationError, OSError) as error:
        text = (
            f"No element set could be used ({str(error).splitlines()[0]}); the orbit rate of a 408 km orbit was taken."
        )
        return float(ORBIT_RATE_RAD_S), (Caveat("dynamics-orbit-rate", text),)


def _unfelt(case: Case, why: str, caveats: tuple[Caveat, ...]) -> Push:
    empty = np.zeros(0)
    capacity = tuple(given.value for given in case.vehicle.gyro_capacity_Nms)
    return Push(None, (), None, (), None, capacity, None, None, None, empty, np.zeros((3, 0)), "", why, caveats)


def _axes(values: Array, unit: str) -> tuple[Estimate, ...]:
    return tuple(Estimate.from_samples(values[:, axis], unit, models=("jet reaction",)) for axis in range(3))


def _tilt(stack: Stack, torque_lvlh_Nm: Array, rate_rad_s: float) -> Estimate | None:
    """Tilt in roll and pitch at which the torque at onset would be balanced; None without mass properties.

    In pitch gravity balances it alone. A stack tilted in roll that turns with the orbit also turns about an axis that is none of its own: that adds
    a third of gravity's stiffness, 4 n^2 (Jy - Jz) in all (sheet 8.2, the libration in roll).
    """
    if not has_mass(stack):
        return None
    inertia = stack.body_from_lvlh.T @ stack.inertia_kg_m2 @ stack.body_from_lvlh
    roll, pitch = stiffness_Nm_rad(inertia, rate_rad_s)
    if not roll or not pitch:
        return None
    angle = np.hypot(torque_lvlh_Nm[:, 0] / (4 / 3 * roll), torque_lvlh_Nm[:, 1] / pitch)
    return Estimate.from_samples(angle, "rad", models=("gravity-gradient stiffness",))


def _arm(moment_Nm: Array, force_N: Array) -> Estimate | None:
    """Torque over force, of the draws that push at all (a jet caught whole by a wall that holds it does not)."""
    pushes = force_N > 0
    return Estimate.from_samples(moment_Nm[pushes] / force_N[pushes], "m") if pushes.any() else None


def feel_push(case: Case, stack: Stack, hole: Hole) -> Push:
    """Did the stack feel it: the push of the leak, and of the strike itself where a change of speed or of body rates was felt?

    Either may be missing: without a leak the rate channels are looked at about the epoch, and a strike alone leads the answer.
    """
    push, stepped = _feel_jet(case, stack, hole)
    if push.force_N is None:
        says, stepped = kick_of_case(case, stack, 0.0, case.rng("dynamics.kick"))
        push = replace(push, kick=says)
    felt = felt_of(case, stepped)
    if not felt:
        return push
    rate, about_rate = orbit_rate_rad_s(case)
    strike, doubts = strike_push(case, stack, felt, rate, case.rng("dynamics.strike"))
    if strike is None:
        return replace(push, caveats=(*push.caveats, *doubts))
    alone = push.force_N is None
    headline_text = strike.sentence if alone else f"{push.headline} {strike.sentence}"
    notes = (*(about_rate if alone else push.caveats), *doubts)
    return replace(push, headline=headline_text, caveats=notes, strike=strike)


def _feel_jet(case: Case, stack: Stack, hole: Hole) -> tuple[Push, tuple[Felt, ...]]:
    """Force, torque and momentum of the jet on the stack, and the step in the body rates at the onset.

    The force is opposite to the outward normal at the hole, over its possible directions; torque about the centre of mass
    with its spread; momentum as the gyros would hold it in LVLH if nothing were done (h' = T - w x h). Sheet 7 and 8.3.
    """
    if hole.thrust_N is None or hole.impulse_Ns is None or hole.history is None:
        text = "The push was not computed: the leak room could not give a thrust."
        why = "Force, torque and momentum all follow from the thrust of the leak; nothing is said about them."
        return _unfelt(case, text, (Caveat("dynamics-no-thrust", why),)), ()
    rng = case.rng("dynamics")
    rate, caveats = orbit_rate_rad_s(case)
    pushes = jet_push(case, stack, hole, rng)
    torque = pushes.torque_lvlh_Nm[:, None, :] * pushes.share_frac[:, :, None]
    held = held_momentum_Nms(torque, pushes.t_s, rate)
    size = np.linalg.norm(held, axis=2)
    peak = Estimate.from_samples(size.max(axis=1), "N*m*s", models=("LVLH hold",))
    capacity = tuple(given.value for given in case.vehicle.gyro_capacity_Nms)
    assert peak.samples is not None
    saturated = float(np.mean([np.mean(peak.samples > limit) for limit in capacity])) if capacity else None
    moment = np.linalg.norm(pushes.torque_lvlh_Nm, axis=1)
    force = Estimate.from_samples(pushes.force_N, "N", models=("jet reaction",))
    tilt = _tilt(stack, pushes.torque_lvlh_Nm, rate)
    heavy = has_mass(stack)
    speed = pushes.impulse_Ns / case.vehicle.mass_kg.draw(rng, DRAW_COUNT) if heavy else None
    managed = _managed(stack, pushes, rate) if heavy else None
    sites, unsure = push_sites(case, stack, hole, float(pushes.t_s[0]), rate)
    outside = outside_budget(stack, rate, torque, pushes.t_s, rng)
    kick, stepped = kick_of_case(case, stack, float(pushes.t_s[0]), rng)
    return Push(
        force, _axes(pushes.force_lvlh_N, "N"), _arm(moment, pushes.force_N),
        _axes(pushes.torque_lvlh_Nm, "N*m"), peak, capacity, saturated, tilt,
        None if speed is None else Estimate.from_samples(speed, "m/s"), pushes.t_s, np.quantile(size, [0.05, 0.5, 0.95], axis=0),
        accumulates(held, pushes.torque_lvlh_Nm, rate),
        headline(force, moment, peak, outside.peak_with_air_Nms, capacity, managed=managed, simulated=hole.simulated)
        + pointed(sites),
        (*caveats, *jet_caveats(pushes), outside.caveat, *_caveats(case, tilt, heavy), *unsure),
        *_remedy(stack, pushes, rate, peak, held, capacity, {"with_air_Nms": outside.peak_with_air_Nms, "managed_Nms": managed}),
        outside.air_torque_Nm, outside.peak_with_air_Nms, outside.sunlight_torque_Nm, kick, managed, sites,
    ), stepped  # fmt: skip


def _managed(stack: Stack, pushes: JetPush, rate_rad_s: float) -> Estimate | None:
    """Peak momentum of the jet alone where attitude and momentum are managed together; None where no attitude balances the stack.

    Linear in the torque; the history of the thrust is the median of the draws.
    """
    unit = managed_momentum_Nms(stack.inertia_kg_m2, rate_rad_s, np.median(pushes.share_frac, axis=0), pushes.t_s)
    if unit is None:
        return None
    torque = pushes.torque_lvlh_Nm @ stack.body_from_lvlh.T
    size = np.linalg.norm(np.tensordot(torque, unit, axes=1), axis=2)
    return Estimate.from_samples(size.max(axis=1), "N*m*s", models=("torque-equilibrium control",))


def _remedy(
    stack: Stack, pushes: JetPush, rate_rad_s: float, peak: Estimate, held: Array, capacity: tuple[float, ...],
    others: dict[str, Estimate | None],
) -> tuple[Estimate | None, Estimate, str]:  # fmt: skip
    """When the gyros are full (None unless in every draw), the propellant to unload the peak, and what to do."""
    assert peak.samples is not None
    unload = Estimate.from_samples([desaturation_kg(float(size)) for size in peak.samples], "kg", models=("LVLH hold",))
    full, soonest = None, None
    if capacity:
        over = np.linalg.norm(held, axis=2) > min(capacity)
        first = (pushes.t_s - pushes.t_s[0])[np.argmax(over, axis=1)]
        reached = over.any(axis=1)
        soonest = float(np.quantile(first[reached], 0.05)) if reached.mean() > 0.05 else None
        full = Estimate.from_samples(first, "s", models=("LVLH hold",)) if reached.all() else None
    tilt = None
    if has_mass(stack):
        torque = stack.body_from_lvlh @ np.median(pushes.torque_lvlh_Nm, axis=0)
        off = equilibrium_tilt_rad(stack.inertia_kg_m2, torque, rate_rad_s)
        tilt = None if off is None else float(np.linalg.norm(off))
    upper = {name: None if one is None else one.high for name, one in others.items()}
    return full, unload, advice(tilt, peak.high, capacity, soonest, **upper)


def _caveats(case: Case, tilt: Estimate | None, heavy: bool) -> tuple[Caveat, ...]:
    start = (
        "Momentum is that of the jet alone, from empty gyros that are not unloaded, on top of what gravity asks of the stack. At the "
        "torque-equilibrium attitude it is that of a linear-quadratic law of this project (after Wie, Byun and Warren 1989), not the station's."
    )
    found = [Caveat("dynamics-momentum-start", start)]
    if tilt is None or not heavy:
        text = "Mass properties are missing: tilt or change of speed were not computed, and the centre of mass was doubted by 3 m more."
        found.append(Caveat("dynamics-no-mass", text))
    given = case.vehicle.gyro_capacity_Nms
    if not given:
        found.append(Caveat("dynamics-no-capacity", "No gyro capacity is given: saturation was not judged."))
    said = [quote_of("gyro capacity", one, one.source or case.vehicle.source) for one in given]
    clash = contradictions(said)
    if clash:
        values = ", ".join(f"{one.value:.0f} ({one.said_by})" for one in said)
        text = f"Published gyro capacities contradict each other: {values} N·m·s; each is used in turn."
        found.append(Caveat("dynamics-capacity-disputed", text))
    return tuple(found)
