"""What do the gyros' momentum channels of a case say about where the push comes from?"""

from __future__ import annotations

import numpy as np

from whipple.casefile.case import Case
from whipple.casefile.estimate import Array, Caveat
from whipple.casefile.findings.hole import Hole
from whipple.casefile.findings.push import PushSite, PushSites
from whipple.casefile.read_channels import Channel, read_channel, scale_to_si
from whipple.casefile.tables.channel import ChannelTable
from whipple.dynamics.hull import carriers_of
from whipple.dynamics.locate import LeakSites, locate_leak
from whipple.dynamics.reaction import FLASH_HIGH_RATIO, FLASH_LOW_RATIO
from whipple.dynamics.torque_fit import MomentumRecord
from whipple.physics.cited import Cited
from whipple.vehicle.stack import Stack

__all__ = ["as_finding", "pointed", "push_sites", "record_of"]

#: What is used of the record: about an orbit of quiet, and twenty minutes of leak. Later a stack that manages momentum has tilted.
BEFORE_S = Cited(6000.0, unit="s", source="leak_sheet", grade="proposal")
AFTER_S = Cited(1200.0, unit="s", source="leak_sheet", grade="proposal")
#: No leak and no air turns the stack this hard: such a step of momentum is an unloading, a docking or an error.
JUMP_NM = Cited(50.0, unit="N*m", source="leak_sheet", grade="proposal")
_AXES, _LEAST, _Z90 = ("x", "y", "z"), 10, 1.6449


def _channels(case: Case) -> list[Channel] | None:
    """The momentum of the three axes in N m s, or None without one channel each."""
    tables: dict[str, ChannelTable] = {
        table.component: table for table in case.channels if table.measures == "momentum"
    }
    if any(axis not in tables for axis in _AXES):
        return None
    found = []
    for axis in _AXES:
        channel = read_channel(case, tables[axis])
        factor, _ = scale_to_si(tables[axis].unit, "N*m*s")
        found.append(Channel(channel.name, channel.t_s, factor * channel.value, "N*m*s", channel.simulated))
    return found


def _white(momentum_Nms: Array, finest_Nms: float) -> float:
    """1-sigma of the noise of one sample, from second differences (what turns slowly drops out); never below the telemetry's step."""
    rough = np.diff(momentum_Nms, 2, axis=0) / np.sqrt(6.0)
    typical = float(1.4826 * np.median(np.abs(rough)))
    return max(typical, finest_Nms / np.sqrt(12.0), 1e-6 * float(np.ptp(momentum_Nms)), 1e-6)


def _thrust(hole: Hole, t_s: Array, onset_s: float) -> tuple[Array, float]:
    """The leak's own thrust on the clock, nothing before the onset; and the 1-sigma doubt of its size: its interval and its flashing."""
    assert hole.history is not None
    assert hole.thrust_N is not None
    middle = hole.history.thrust_N[1]
    flows = np.flatnonzero(middle > 0)
    flash = 0.5 * (FLASH_LOW_RATIO + FLASH_HIGH_RATIO)
    thrust = (
        flash * np.interp(t_s, hole.history.t_s[flows], middle[flows], right=0.0) * (t_s >= onset_s)
    )  # nothing once it is over
    wide = np.log(hole.thrust_N.high / max(hole.thrust_N.low, 1e-3 * hole.thrust_N.high)) / (2 * _Z90)
    return thrust, float(np.hypot(wide, (FLASH_HIGH_RATIO - FLASH_LOW_RATIO) / flash / np.sqrt(12.0)))


def record_of(case: Case, stack: Stack, hole: Hole, onset_s: float, rate_rad_s: float) -> MomentumRecord | str:
    """The momentum record around the onset, or why there is none, in words; "" where the case has no momentum channel at all.

    `stack` turns the orbit rate into body axes: the attitude is taken as held. The noise is told by the record itself.
    """
    if not any(table.measures == "momentum" for table in case.channels):
        return ""
    channels = _channels(case)
    if channels is None:
        return "three momentum channels are needed, with component x, y and z"
    begin, end = (pick(one.t_s[edge] for one in channels if one.t_s.size) for pick, edge in ((max, 0), (min, -1)))
    t_s = channels[0].t_s
    t_s = t_s[(t_s >= max(begin, onset_s - BEFORE_S)) & (t_s <= min(end, onset_s + AFTER_S))]
    late = t_s - onset_s
    if min(int(np.sum(late < 0)), int(np.sum(late > 0))) < _LEAST:
        return f"{_LEAST} samples are needed before and after the onset, {int(np.sum(late < 0))} and {int(np.sum(late > 0))} were found"
    momentum = np.column_stack([np.interp(t_s, one.t_s, one.value) for one in channels])
    steepest = np.linalg.norm(np.diff(momentum, axis=0), axis=1) / np.diff(t_s)
    if steepest.max() > JUMP_NM + 50 * _white(momentum, 0.0) / float(np.diff(t_s).min()):
        at = float(late[int(np.argmax(steepest))])
        return (
            f"the momentum jumps {abs(at) / 60:.0f} min {'before' if at < 0 else 'after'} the onset, as in an unloading"
        )
    thrust, doubt = _thrust(hole, t_s, onset_s)
    if not thrust.max() > 0:
        return "the leak has no thrust while the momentum was recorded"
    finest = max(
        (t.resolution or 0.0) * scale_to_si(t.unit, "N*m*s")[0] for t in case.channels if t.measures == "momentum"
    )
    turning = stack.body_from_lvlh @ np.array([0.0, -rate_rad_s, 0.0])
    return MomentumRecord(t_s, momentum, _white(momentum, finest), thrust, doubt, turning)


def push_sites(
    case: Case, stack: Stack, hole: Hole, onset_s: float, rate_rad_s: float
) -> tuple[PushSites | None, tuple[Caveat, ...]]:
    """Where on the parts that carry the leaking loop the push comes from; None without momentum channels, or with a caveat that says why.

    Raises RangeError for carriers that the shape file does not have, CaseError for files that cannot be read.
    """
    record = record_of(case, stack, hole, onset_s, rate_rad_s)
    if isinstance(record, str):
        text = f"Where the push comes from was not looked for: {record}."
        return None, (Caveat("dynamics-momentum-record", text),) if record else ()
    loop = next((one for one in case.loops if one.name == hole.loop), None)
    named = loop.carriers if loop is not None else ()
    carriers = named or carriers_of(case, stack)
    likeliest = max(hole.regime, key=lambda kind: hole.regime[kind], default="")
    found = locate_leak(stack, record, carriers, medium="gas" if likeliest in ("gas", "vapour") else "liquid")
    simulated = hole.simulated or any(table.simulated for table in case.channels if table.measures == "momentum")
    held = (
        "The momentum is read as that of a stack that holds its attitude for an orbit before the onset and 20 minutes after: where it tilts, "
        "gravity adds a torque (some 4 N·m a degree) that is taken for the push's or the air's. Walls are as flat as the facets of the shape file: a "
        "round wall turns by up to half a facet's angle within one, so neighbours of the places listed fit as well."
    )
    caveats = [*found.caveats, Caveat("dynamics-sites-attitude", held)]
    if not named:
        text = f"No carriers are named for loop {hole.loop}: the leak was looked for on every part of {case.vehicle.ship} but its array wings."
        caveats.append(Caveat("dynamics-carriers", text))
    return as_finding(found, carriers, simulated), tuple(caveats)


def as_finding(found: LeakSites, carriers: tuple[str, ...], simulated: bool = False) -> PushSites:
    """The sites as the findings keep them, with the distances between them and a sentence.

    >>> as_finding(LeakSites((), np.empty((0, 3)), np.empty(0), np.zeros(3), ()), ("ship",)).sentence
    'No place of the parts searched fits the torque.'
    """
    places = np.array([site.place_m for site in found.sites]).reshape(-1, 3)
    apart = np.linalg.norm(places[:, None] - places, axis=2)
    sites = tuple(
        PushSite(site.part, _three(site.place_m), _three(site.normal_body), float(site.prob), float(site.radius_m))
        for site in found.sites
    )
    return PushSites(
        sites, apart, found.region_m, found.region_prob, found.region_m2, _three(found.torque_Nm), carriers, simulated,
        _sentence(sites, apart, found.region_m2) + (" (SIMULATED momentum.)" if simulated and sites else ""),
    )  # fmt: skip


def pointed(sites: PushSites | None) -> str:
    """The half sentence of the headline: which part the momentum points to; nothing without sites."""
    if sites is None or not sites.sites:
        return ""
    best, count = sites.sites[0], len(sites.sites)
    more = f", the likeliest of {count} places that fit" if count > 1 else ""
    made = "SIMULATED " if sites.simulated else ""
    return f" The gyros' {made}momentum points to {best.part} ({_share(best.site_prob)}){more}."


def _three(value: Array) -> tuple[float, float, float]:
    x, y, z = (float(part) for part in value)
    return x, y, z


def _share(prob: float) -> str:
    """A probability that never reads as certain."""
    return "over 99 %" if prob > 0.99 else f"{100 * prob:.0f} %"


def _sentence(sites: tuple[PushSite, ...], apart_m: Array, region_m2: float) -> str:
    if not sites:
        return "No place of the parts searched fits the torque."
    best = sites[0]
    says = f"By the gyros' momentum the push comes from {best.part}, within {best.reach_m:.1f} m of the site shown ({_share(best.site_prob)})"
    if len(sites) > 1:
        says += f"; {len(sites)} separate sites fit, up to {float(np.max(apart_m)):.0f} m apart, and only a picture of each decides"
    return f"{says}. The 95 % region covers {region_m2:.1f} m²."
