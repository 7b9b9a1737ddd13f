"""Did the stack feel it, can it hold attitude, and where must the push have come from?"""

from __future__ import annotations

from whipple.casefile.case import Case
from whipple.casefile.findings import Findings
from whipple.casefile.findings.push import Push
from whipple.report.figures.push import draw_momentum
from whipple.report.figures.push_sites import draw_sites, likely
from whipple.report.formats import cell, clock, number, percent
from whipple.report.page import Notes, Section, Table
from whipple.report.sections import answer, quantities
from whipple.vehicle.stack import Stack

__all__ = ["dynamics_section"]

#: So many sites stand in the short table.
_SHOWN = 5
_AXES = ("X (ram)", "Y (starboard)", "Z (nadir)")


def _more(push: Push, notes: Notes) -> list[tuple[str, str]]:
    """What is known of saturation, propellant and the torques of air and light; only rows with an answer."""
    full = push.saturates_s
    rows = [
        (
            "gyros full, from the onset",
            cell(full, clock(full.median), notes) if full else "not in every draw: see the probability",
        ),
        ("propellant to unload the peak", cell(push.desaturation_kg, "kg", notes)),
        ("torque of the air", cell(push.air_torque_Nm, "N m", notes)),
        ("jet and air in a fixed LVLH hold that is never unloaded", cell(push.peak_with_air_Nms, "N m s", notes)),
        (
            "torque of sunlight, at most",
            f"{number(push.sunlight_torque_Nm)} N m" if push.sunlight_torque_Nm else "not known",
        ),
    ]
    if not push.saturated_prob:
        rows = rows[1:]
    return [(name, text) for name, text in rows if text != "not known"]


def _places(push: Push) -> Table | None:
    """The likeliest places that fit the push; all of them stand below the drawing."""
    if push.sites is None or not push.sites.sites:
        return None
    sites, apart = push.sites.sites, push.sites.apart_m
    rows = tuple(
        (
            str(i + 1),
            site.part,
            likely(site.site_prob),
            f"{site.reach_m:.1f} m",
            f"{float(apart[0, i]):.1f} m" if i else "",
        )
        for i, site in enumerate(sites[:_SHOWN])
    )
    count = f" (the likeliest {_SHOWN} of {len(sites)})" if len(sites) > _SHOWN else ""
    return Table(f"Places that fit the push{count}", ("site", "part", "probability", "reach", "from site 1"), rows)


def _strike(push: Push, notes: Notes) -> tuple[Table, ...]:
    """What the strike itself handed over, what particle of each kind carries it, and where it must have struck; nothing where nothing was felt."""
    if push.strike is None:
        return ()
    asked = (
        ("impulse", "impulse_Ns", "N s"), ("arm about the centre of mass", "arm_m", "m"), ("particle, mass", "mass_kg", "g"),
        ("particle, diameter", "diameter_m", "mm"), ("speed", "speed_m_s", "km/s"), ("energy", "energy_J", "kJ"),
        ("came from, azimuth", "from_azimuth_rad", "deg"), ("came from, elevation", "from_elevation_rad", "deg"),
    )  # fmt: skip
    kinds = push.strike.particles
    rows = tuple((name, *(cell(getattr(one, field), unit, notes) for one in kinds)) for name, field, unit in asked)
    felt = Table("What was felt", ("component (90 %)",), tuple((text,) for text in push.strike.felt))
    made = Table(f"The strike, on {push.strike.part}", ("", *(one.kind for one in kinds)), rows if kinds else ())
    shares = zip(push.strike.parts, push.strike.part_prob, strict=True)
    where = Table(
        "Where the push alone would place a strike of debris",
        ("part", "probability"),
        tuple((p, percent(s)) for p, s in shares),
    )
    return (felt, made, where)


def dynamics_section(case: Case, stack: Stack, findings: Findings) -> Section:
    """Force, torque, momentum, what accumulates, and where on the hull it comes from."""
    push = findings.push
    if push is None:
        return answer("dynamics", None)
    notes = Notes(push.caveats)
    strike = _strike(push, notes)
    if push.force_N is None and strike:
        return answer("dynamics", push, (), strike, notes)
    capacity = ", ".join(f"{number(c)} N m s" for c in push.capacity_Nms) or "not given"
    managed = (
        [("peak momentum of the jet alone, torque-equilibrium attitude", cell(push.managed_peak_Nms, "N m s", notes))]
        if push.managed_peak_Nms
        else []
    )
    where = [("where the push comes from", push.sites.sentence)] if push.sites is not None else []
    kick = [("kick of the strike itself", push.kick)] if push.kick else []
    rows = [
        *([("what to do", push.advice)] if push.advice else []),
        ("force at onset", cell(push.force_N, "N", notes)),
        ("arm about the centre of mass", cell(push.arm_m, "m", notes)),
        *managed,
        ("peak momentum of the jet alone, fixed LVLH hold", cell(push.peak_momentum_Nms, "N m s", notes)),
        ("published capacities of the gyros", capacity),
        (
            "probability that the jet alone exceeds the capacity in that hold",
            "not known"
            if push.saturated_prob is None
            else percent(push.saturated_prob)
            if push.saturated_prob
            else "below 1 %",
        ),
        *_more(push, notes),
        ("tilt in roll and pitch alone that would take their torque off", cell(push.tilt_rad, "deg", notes)),
        ("speed change", cell(push.speed_change_m_s, "mm/s", notes)),
        *kick,
        *where,
        ("what accumulates", push.accumulates or "not known"),
    ]
    along = tuple(
        (name, cell(f, "N", notes), cell(t, "N m", notes))
        for name, f, t in zip(_AXES, push.force_lvlh_N, push.torque_lvlh_Nm, strict=False)
    )
    axes = Table("Force and torque in LVLH, at onset", ("axis", "force (90 %)", "torque (90 %)"), along)
    place = draw_sites(stack, push.sites) if push.sites is not None else None
    return answer(
        "dynamics",
        push,
        (draw_momentum(push), place),
        (quantities("The push", rows), _places(push), axes, *strike),
        notes,
    )
