"""The room's answer: the jet's force and torque on the stack, and the momentum it costs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from whipple.casefile.case import Case
from whipple.casefile.estimate import Array, Caveat, Estimate
from whipple.casefile.findings.hole import Hole
from whipple.casefile.findings.push import Push
from whipple.casefile.given import Given
from whipple.dynamics.control import advice, desaturation_kg, equilibrium_tilt_rad
from whipple.dynamics.gravity_gradient import stiffness_Nm_rad
from whipple.dynamics.momentum import held_momentum_Nms, roll_yaw_bound_Nms
from whipple.errors import InvestigationError
from whipple.physics.cited import Cited
from whipple.physics.orbit import choose_elements
from whipple.physics.read_elements import read_elements
from whipple.vehicle.stack import Stack

__all__ = ["feel_push", "orbit_rate_rad_s"]

#: A jet that flashes outside pushes between these times the liquid's own momentum (sheet 7).
FLASH_LOW_RATIO = Cited(0.9, unit="", source="leak_sheet", grade="proposal")
FLASH_HIGH_RATIO = Cited(1.3, unit="", source="leak_sheet", grade="proposal")
#: Mean motion at 408 km, where no element set can be read (JEOD ISS orbit).
ORBIT_RATE_RAD_S = Cited(1.13115e-3, unit="rad/s", source="jeod", grade="computed")
#: Longest step of the momentum history: about a hundredth of an orbit.
STEP_S = Cited(60.0, unit="s", source="leak_sheet", grade="proposal")
_DRAW_COUNT, _LARGEST_COUNT = 400, 3000


@dataclass(frozen=True)
class _Pushes:
    """Draws of the push: force (n, 3) and torque (n, 3) at onset in LVLH, their sizes (n,), thrust (n, m) on `t_s` (m,)."""

    force_lvlh_N: Array
    torque_lvlh_Nm: Array
    force_N: Array
    impulse_Ns: Array
    t_s: Array
    share_frac: Array


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


def _drawn(estimate: Estimate, rng: np.random.Generator) -> Array:
    """Draws of an estimate: its samples, evenly thinned, or from its interval."""
    if estimate.samples is not None and estimate.samples.size >= _DRAW_COUNT:
        return np.asarray(estimate.samples[np.linspace(0, estimate.samples.size - 1, _DRAW_COUNT).astype(int)])
    return Given(estimate.median, estimate.low, estimate.high, estimate.unit).draw(rng, _DRAW_COUNT)


def _clock(hole: Hole) -> Array:
    """Times of the momentum history: from the onset to the end of the leak's own history."""
    assert hole.history is not None
    flowing = np.flatnonzero(hole.history.thrust_N[2] > 0)
    begin = float(hole.history.t_s[flowing[0]]) if flowing.size else float(hole.history.t_s[0])
    span = float(hole.history.t_s[-1]) - begin
    return begin + np.linspace(0.0, span, int(np.clip(span / STEP_S, 50, _LARGEST_COUNT)))


def _shares(hole: Hole, t_s: Array, thrust_N: Array, impulse_Ns: Array) -> Array:
    """Thrust over its value at onset (n, m): the median history, each draw stretched in time so that its impulse comes out."""
    assert hole.history is not None
    middle = np.interp(t_s, hole.history.t_s, hole.history.thrust_N[1])
    first = float(middle.max())
    whole = float(np.trapezoid(middle, t_s))
    if first <= 0 or whole <= 0:
        return np.zeros((thrust_N.size, t_s.size))
    stretch = (thrust_N / first) * (whole / impulse_Ns)
    place = (t_s - t_s[0])[None, :] * stretch[:, None]
    return np.asarray(np.interp(place, t_s - t_s[0], middle / first, right=0.0))


def _pushes(case: Case, stack: Stack, hole: Hole, rng: np.random.Generator) -> _Pushes:
    assert hole.thrust_N is not None
    assert hole.impulse_Ns is not None
    thrust, impulse = _drawn(hole.thrust_N, rng), _drawn(hole.impulse_Ns, rng)
    flash = rng.uniform(FLASH_LOW_RATIO, FLASH_HIGH_RATIO, _DRAW_COUNT)
    weights = np.asarray(stack.site_normal_frac, dtype=float)
    normal = stack.site_normal_body[rng.choice(len(weights), _DRAW_COUNT, p=weights / weights.sum())]
    spread = np.column_stack([case.vehicle.centre_of_mass_spread_m.draw(rng, _DRAW_COUNT) for _ in range(3)])
    arm = stack.site_m - (stack.centre_of_mass_m + spread)
    force = -(thrust * flash)[:, None] * normal
    torque = np.cross(arm, force)
    t_s = _clock(hole)
    return _Pushes(
        force @ stack.body_from_lvlh, torque @ stack.body_from_lvlh, thrust * flash, impulse * flash, t_s,
        _shares(hole, t_s, thrust, impulse),
    )  # fmt: skip


def _unfelt(case: Case, why: str, caveats: tuple[Caveat, ...]) -> Push:
    empty = np.zeros(0)
    capacity = tuple(given.value for given in case.vehicle.gyro_capacity_Nms)
    return Push(None, (), None, (), None, capacity, None, None, None, empty, np.zeros((3, 0)), "", why, caveats)


def _axes(values: Array, unit: str) -> tuple[Estimate, ...]:
    return tuple(Estimate.from_samples(values[:, axis], unit, models=("jet reaction",)) for axis in range(3))


def _tilt(stack: Stack, torque_lvlh_Nm: Array, rate_rad_s: float) -> Estimate | None:
    """Tilt in roll and pitch at which gravity would balance the torque at onset; None without mass properties."""
    inertia = stack.body_from_lvlh.T @ stack.inertia_kg_m2 @ stack.body_from_lvlh
    roll, pitch = stiffness_Nm_rad(inertia, rate_rad_s)
    if not roll or not pitch or not np.isfinite([roll, pitch]).all():
        return None
    angle = np.hypot(torque_lvlh_Nm[:, 0] / roll, torque_lvlh_Nm[:, 1] / pitch)
    return Estimate.from_samples(angle, "rad", models=("gravity-gradient stiffness",))


def feel_push(case: Case, stack: Stack, hole: Hole) -> Push:
    """Force, torque and momentum of the jet on the stack: did it feel it, and can the gyros hold attitude?

    The force is opposite to the outward normal at the hole, over its possible directions; torque about the centre of mass
    with its spread; momentum as the gyros would hold it in LVLH if nothing were done (h' = T - w x h). Sheet 7 and 8.3.
    """
    if hole.thrust_N is None or hole.impulse_Ns is None or hole.history is None:
        text = "The push was not computed: the leak room could not give a thrust."
        return _unfelt(case, text, (Caveat("dynamics-no-thrust", text),))
    rng = case.rng("dynamics")
    rate, caveats = orbit_rate_rad_s(case)
    pushes = _pushes(case, stack, hole, rng)
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
    heavy = stack.mass_kg > 0
    speed = pushes.impulse_Ns / case.vehicle.mass_kg.draw(rng, _DRAW_COUNT) if heavy else None
    return Push(
        force, _axes(pushes.force_lvlh_N, "N"), Estimate.from_samples(moment / pushes.force_N, "m"),
        _axes(pushes.torque_lvlh_Nm, "N*m"), peak, capacity, saturated, tilt,
        None if speed is None else Estimate.from_samples(speed, "m/s"), pushes.t_s, np.quantile(size, [0.05, 0.5, 0.95], axis=0),
        _accumulates(held, pushes.torque_lvlh_Nm, rate), _headline(force, moment, peak, capacity, saturated, hole.simulated),
        (*caveats, *_caveats(tilt, capacity, heavy)), *_remedy(stack, pushes, peak, held, capacity, rate),
    )  # fmt: skip


def _remedy(
    stack: Stack, pushes: _Pushes, peak: Estimate, held: Array, capacity: tuple[float, ...], rate_rad_s: float
) -> tuple[Estimate | None, Estimate, str]:
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
    if stack.mass_kg > 0 and np.linalg.eigvalsh(stack.inertia_kg_m2).min() > 0:
        torque = stack.body_from_lvlh @ np.median(pushes.torque_lvlh_Nm, axis=0)
        off = equilibrium_tilt_rad(stack.inertia_kg_m2, torque, rate_rad_s)
        tilt = None if off is None else float(np.linalg.norm(off))
    return full, unload, advice(tilt, peak.high, capacity, soonest)


def _accumulates(held: Array, torque: Array, rate: float) -> str:
    """Which axis builds momentum up and which does not, in words."""
    pitch = Estimate.from_samples(np.abs(held[:, :, 1]).max(axis=1), "N*m*s")
    side = Estimate.from_samples(np.hypot(held[:, :, 0], held[:, :, 2]).max(axis=1), "N*m*s")
    bound = float(np.median(roll_yaw_bound_Nms(np.hypot(torque[:, 0], torque[:, 2]), rate)))
    return (
        f"About pitch (the orbit normal) the torque adds up for as long as it lasts: {pitch.median:.0f} N·m·s at its largest "
        f"(90 %: {pitch.low:.0f} to {pitch.high:.0f}). About roll and yaw the body-fixed torque turns with the orbit and cannot "
        f"build up: {side.median:.0f} N·m·s at its largest ({side.low:.0f} to {side.high:.0f}), never above 2T/n = {bound:.0f} N·m·s."
    )


def _chance(probability: float) -> str:
    return "below 1 %" if probability < 0.01 else f"{probability:.0%}".replace("%", " %")


def _headline(
    force: Estimate, moment: Array, peak: Estimate, capacity: tuple[float, ...], saturated: float | None, simulated: bool
) -> str:  # fmt: skip
    torque = Estimate.from_samples(moment, "N*m")
    against = (
        f"against {min(capacity):.0f} to {max(capacity):.0f} N·m·s in the gyros"
        if capacity
        else "with no gyro capacity given"
    )
    chance = "" if saturated is None else f"; probability that they saturate {_chance(saturated)}"
    source = " (thrust from simulated data)" if simulated else ""
    return (
        f"The jet pushed with {force.median:.2f} N (90 %: {force.low:.2f} to {force.high:.2f} N), a torque of {torque.median:.1f} N·m "
        f"({torque.low:.1f} to {torque.high:.1f} N·m){source}. Holding attitude costs up to {peak.median:.0f} N·m·s "
        f"({peak.low:.0f} to {peak.high:.0f}) {against}{chance}."
    )


def _caveats(tilt: Estimate | None, capacity: tuple[float, ...], heavy: bool) -> tuple[Caveat, ...]:
    found = [
        Caveat("dynamics-flashing", "The jet flashes outside the hole: its push is taken as 0.9 to 1.3 times that of the liquid alone."),
        Caveat("dynamics-free-jet", "The jet leaves along the wall normal and misses the stack; spray that strikes structure would push less."),
        Caveat("dynamics-momentum-start", "The gyros start empty and are not unloaded, so the peak is what the jet alone would ask of them."),
    ]  # fmt: skip
    if tilt is None or not heavy:
        found.append(
            Caveat("dynamics-no-mass", "Mass properties are missing: tilt or change of speed were not computed.")
        )
    if not capacity:
        found.append(Caveat("dynamics-no-capacity", "No gyro capacity is given: saturation was not judged."))
    return tuple(found)
