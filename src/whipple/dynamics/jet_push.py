"""What force and torque does the jet put on the stack: draws over thrust, direction, centre of mass and what it strikes?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from whipple.casefile.case import Case
from whipple.casefile.estimate import Array, Caveat, Estimate
from whipple.casefile.findings.hole import Hole
from whipple.casefile.given import Given
from whipple.dynamics.hull import struck
from whipple.dynamics.inertia import checked_inertia, is_given
from whipple.dynamics.locate import NO_CENTRE_M, RECOIL_RATIO
from whipple.dynamics.reaction import FLASH_HIGH_RATIO, FLASH_LOW_RATIO
from whipple.physics.cited import Cited
from whipple.vehicle.sight import rays_for
from whipple.vehicle.stack import Stack

__all__ = ["DRAW_COUNT", "JetPush", "has_mass", "jet_caveats", "jet_push"]

#: Longest step of the momentum history: about a hundredth of an orbit.
STEP_S = Cited(60.0, unit="s", source="leak_sheet", grade="proposal")
#: Jet directions start this far above the wall: the seam between two facets must not stop them.
_LIFT_M = 1e-3
DRAW_COUNT, _LARGEST_COUNT = 400, 3000


@dataclass(frozen=True)
class JetPush:
    """Draws of the push: force (n, 3) and torque (n, 3) at onset in LVLH, size (n,) and impulse (n,), share of both on `t_s` (n, m).

    `struck_frac` (n,) is the share of the jet that strikes the stack.
    """

    force_lvlh_N: Array
    torque_lvlh_Nm: Array
    force_N: Array
    impulse_Ns: Array
    t_s: Array
    share_frac: Array
    struck_frac: Array


def has_mass(stack: Stack) -> bool:
    """Are mass and inertia given? An inertia that no body can have is refused (RangeError)."""
    if not is_given(stack.inertia_kg_m2):
        return False
    checked_inertia(stack.inertia_kg_m2, "[vehicle] inertia_kg_m2")
    return bool(stack.mass_kg > 0)


def _drawn(estimate: Estimate, rng: np.random.Generator) -> Array:
    """Draws of an estimate: its samples, evenly thinned, or from its interval."""
    if estimate.samples is not None and estimate.samples.size >= DRAW_COUNT:
        return np.asarray(estimate.samples[np.linspace(0, estimate.samples.size - 1, DRAW_COUNT).astype(int)])
    return Given(estimate.median, estimate.low, estimate.high, estimate.unit).draw(rng, DRAW_COUNT)


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


def _outlets(stack: Stack) -> Array:
    """Where the jet starts for each possible normal (n, 3): the middle of the facets of the site that face that way."""
    surfaces, site = stack.surfaces, stack.surfaces.of_part(stack.site_part)
    if not site.size:
        return np.asarray(stack.site_m + _LIFT_M * stack.site_normal_body)
    cosine = surfaces.normal_body[site] @ stack.site_normal_body.T
    starts = []
    for column in cosine.T:
        facing = site[column > column.max() - 1e-6]
        spot = np.average(surfaces.centroid_m[facing], axis=0, weights=surfaces.area_m2[facing])
        starts.append(spot + _LIFT_M * surfaces.normal_body[facing[0]])
    return np.array(starts)


def jet_push(case: Case, stack: Stack, hole: Hole, rng: np.random.Generator) -> JetPush:
    """The push in LVLH: opposite to the jet over its possible normals, less what strikes the stack, about a doubted centre of mass.

    The struck share of the jet gives back what it took, and the wall it strikes is pushed by the recoil (sheet 7). Without mass
    properties the centre of mass is doubted by 3 m more.
    """
    assert hole.thrust_N is not None
    assert hole.impulse_Ns is not None
    thrust, impulse = _drawn(hole.thrust_N, rng), _drawn(hole.impulse_Ns, rng)
    flash = rng.uniform(FLASH_LOW_RATIO, FLASH_HIGH_RATIO, DRAW_COUNT)
    weights = np.asarray(stack.site_normal_frac, dtype=float)
    which = rng.choice(len(weights), DRAW_COUNT, p=weights / weights.sum())
    spread = np.column_stack([case.vehicle.centre_of_mass_spread_m.draw(rng, DRAW_COUNT) for _ in range(3)])
    if not has_mass(stack):
        spread = spread + NO_CENTRE_M * rng.standard_normal(spread.shape)
    normal = stack.site_normal_body[which]
    free, lever, thrown = struck(
        rays_for(stack.surfaces), stack.surfaces, _outlets(stack), stack.site_normal_body, stack.centre_of_mass_m
    )
    wide = RECOIL_RATIO["liquid"]
    recoil = np.maximum(0.0, rng.normal(float(wide), float(wide.sigma or 0.0), DRAW_COUNT))[:, None]
    along = -free[which, None] * normal + recoil * thrown[which]
    arm = stack.site_m - (stack.centre_of_mass_m + spread)
    torque = -free[which, None] * np.cross(arm, normal) + recoil * (lever[which] - np.cross(spread, thrown[which]))
    size = (thrust * flash)[:, None]
    t_s = _clock(hole)
    return JetPush(
        size * along @ stack.body_from_lvlh, size * torque @ stack.body_from_lvlh,
        size[:, 0] * np.linalg.norm(along, axis=1), impulse * flash * np.linalg.norm(along, axis=1), t_s,
        _shares(hole, t_s, thrust, impulse), 1 - free[which],
    )  # fmt: skip


def jet_caveats(push: JetPush) -> tuple[Caveat, ...]:
    """What the reader must know about the push: flashing, and how much of the jet strikes the stack."""
    flashing = "The jet flashes outside the hole: its push is taken as 0.9 to 1.3 times that of the liquid alone."
    share = float(push.struck_frac.mean())
    if share > 0:
        text = (
            f"On average {100 * share:.0f} % of the jet (a cone of 20 deg about the wall normal) strikes the stack and its push is taken off; what "
            "the struck walls throw back is hardly known (0 to 1.3 times what struck them)."
        )
        return (Caveat("dynamics-flashing", flashing), Caveat("dynamics-struck", text))
    free = "The jet (a cone of 20 deg about the wall normal) meets nothing of the stack; spray that strikes structure would push less."
    return (Caveat("dynamics-flashing", flashing), Caveat("dynamics-free-jet", free))
