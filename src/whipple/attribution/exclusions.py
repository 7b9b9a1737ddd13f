"""Which causes are ruled out, why, and what would bring them back?

A cause is called excluded when its posterior is below 5 % ("extremely unlikely") AND a single observation speaks against it by at least
4 nat (1 in 55): a cause that is merely rare is called unlikely, not excluded. A shower is excluded by direction when it strikes the face
at its best-guess direction for less than 1 % of the time that it is in view. Where the interval of that share goes above 1 %, some of the
reported directions would let the shower in: the exclusion then holds "if the hole faces as reported", says which share of the
directions would be struck and what probability the shower would have there, and stands only while its posterior is below 5 %.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from whipple.attribution.base_rate import IMPACT_KINDS, face_ratios
from whipple.attribution.observations.direction import way_it_faces
from whipple.attribution.posterior import Race, speakers
from whipple.attribution.row import Exhibits, Row
from whipple.attribution.words import percent
from whipple.casefile.findings.strikes import ShowerReach, Strikes
from whipple.casefile.findings.verdict import Excluded, HypothesisVerdict
from whipple.casefile.tables.hypothesis import HypothesisTable
from whipple.physics.cited import Cited

__all__ = ["AGAINST_NAT", "RARE_PROB", "excluded", "prob_at_worst", "shower_reason", "shower_return", "struck_share"]

RARE_PROB = Cited(0.05, unit="", source="whipple_elicited", grade="proposal")
AGAINST_NAT = Cited(-4.0, unit="", source="whipple_elicited", grade="proposal")
#: A face counts as reached when the shower strikes it for more than this share of the time that it is in view.
_REACHED_FRAC = Cited(0.01, unit="", source="whipple_elicited", grade="proposal")


def excluded(
    verdicts: Sequence[HypothesisVerdict], rows: Sequence[Row], race: Race, exhibits: Exhibits
) -> tuple[Excluded, ...]:
    """The causes that an observation rules out, each with the reason and what would change it."""
    named = {table.name: table for table in exhibits.hypotheses}
    return tuple(
        item
        for verdict in verdicts
        if (
            item := _by_direction(verdict, named[verdict.hypothesis], rows, race, exhibits)
            or _by_observation(verdict, named[verdict.hypothesis], rows)
        )
    )


def _by_direction(
    verdict: HypothesisVerdict, table: HypothesisTable, rows: Sequence[Row], race: Race, exhibits: Exhibits
) -> Excluded | None:
    strikes = exhibits.strikes
    faces = next((row.evidence.observation for row in rows if row.evidence.group == "direction"), None)
    if table.kind != "shower" or strikes is None or faces is None:
        return None
    reach = next((s for s in strikes.showers if s.code == table.shower), None)
    if reach is None or reach.reach_frac > _REACHED_FRAC:
        return None
    posterior_prob = verdict.posterior_prob.median
    if reach.reach_frac_range[1] > _REACHED_FRAC:
        if posterior_prob >= RARE_PROB:
            return None
        condition = f"if {faces.split(' (')[0]} as reported"
        there_prob = prob_at_worst(table, rows, race, exhibits)
        reason = shower_reason(reach, strikes, condition)
        reason += f" Even for a hole that faces where it strikes most, it would stand at {percent(there_prob)}: its base rate is low."
        return Excluded(table.name, reason, shower_return(reach, strikes), condition)
    reason = shower_reason(reach, strikes, f"because {faces.split(' (')[0]}")
    if posterior_prob >= 0.001:
        reason += f" The {percent(posterior_prob)} that remain belong to a hole that faces another way than reported."
    return Excluded(table.name, reason, shower_return(reach, strikes))


def prob_at_worst(table: HypothesisTable, rows: Sequence[Row], race: Race, exhibits: Exhibits) -> float:
    """The posterior of a shower if the hole faced, of all the reported ways, the one that the shower strikes most."""
    sky, strikes = exhibits.sky, exhibits.strikes
    if sky is None or strikes is None:
        raise ValueError("prob_at_worst: found no sky or no strikes, expected both")
    own = [index for index, stream in enumerate(sky.streams) if stream.hypothesis == table.name]
    struck = strikes.site_flux_per_m2_s[own].sum(axis=(0, 2)) * (strikes.site_normal_frac > 0)
    there = face_ratios(sky, strikes, np.eye(len(struck))[int(np.argmax(struck))])
    rates = tuple(
        replace(rate, streams=tuple(replace(s, face_ratio=there.get(s.stream, s.face_ratio)) for s in rate.streams))
        for rate in exhibits.rates
    )
    others = [row for row in rows if row.evidence.group != "direction"]
    moved = race.probabilities([*others, *way_it_faces(replace(exhibits, rates=rates))])
    return float(moved[race.names.index(table.name)])


def _by_observation(verdict: HypothesisVerdict, table: HypothesisTable, rows: Sequence[Row]) -> Excluded | None:
    held = [
        (row.evidence.floored().log_likelihood_nat.get(table.name, 0.0), index, row)
        for index, row in enumerate(speakers(rows))
        if table.kind in IMPACT_KINDS
        or row.evidence.group != "direction"  # a hardware cause has no direction to speak against it
    ]
    value, _, row = min(held, default=(0.0, 0, None))
    if row is None or value > AGAINST_NAT or verdict.posterior_prob.median >= RARE_PROB:
        return None
    reason = f"Excluded by “{row.evidence.observation}”: {row.evidence.because[table.name]}."
    change = f"Showing that “{row.evidence.observation}” is mistaken."
    if row.evidence.group == "direction" and table.kind == "debris":
        change = "A hole that faces forward of the beam (outward normal within 90° of ram), or a plume report that proves mistaken."
    return Excluded(table.name, reason, change)


def shower_reason(reach: ShowerReach, strikes: Strikes, condition: str) -> str:
    """Why a shower cannot have made this hole, on which condition, and which of the reported directions would let it in."""
    low, high = (float(np.degrees(angle)) for angle in reach.arrival_azimuth_rad)
    side = "port" if low < 0 and high < 0 else "starboard" if low > 0 and high > 0 else "both sides"
    text = (
        f"Excluded by direction {condition} (best-guess azimuth {_here(strikes):.0f}°): the {reach.shower} arrive from {side} "
        f"(azimuth {low:.0f}° to {high:.0f}°) whenever they stand above the limb and strike such a face for "
        f"{100 * reach.reach_frac:.0f} % of the time that they are in view"
    )
    most = reach.reach_frac_range[1]
    if most <= _REACHED_FRAC:
        return f"{text}."
    share_frac, where = struck_share(reach, strikes)
    if share_frac <= 0:
        return f"{text}; with the doubt of the attitude, for up to {100 * most:.0f} %."
    return f"{text}; but {100 * share_frac:.0f} % of the reported range ({where}) would be struck, for up to {100 * most:.0f} % of that time."


def struck_share(reach: ShowerReach, strikes: Strikes) -> tuple[float, str]:
    """The share of the reported directions that the shower strikes (a free plate, no shadow), and from which azimuth on."""
    azimuth = np.arctan2(strikes.site_normal_lvlh[:, 1], strikes.site_normal_lvlh[:, 0])
    struck = np.interp(azimuth, reach.azimuth_rad, reach.by_azimuth_frac, period=2 * np.pi) > _REACHED_FRAC
    turn = (np.degrees(azimuth[struck]) - _here(strikes) + 180) % 360 - 180
    sides = [side for side, hit in ((1, (turn > 0).any()), (-1, (turn < 0).any())) if hit]
    return float(strikes.site_normal_frac[struck].sum() / strikes.site_normal_frac.sum()), _edges(reach, strikes, sides)


def _here(strikes: Strikes) -> float:
    """Azimuth of the best-guess normal, degrees."""
    x, y, _ = strikes.site_normal_lvlh[0]
    return float(np.degrees(np.arctan2(y, x)))


def _edges(reach: ShowerReach, strikes: Strikes, sides: Sequence[int] = (1, -1)) -> str:
    """The azimuth from which the shower strikes a face turned one way (1) or the other (-1) from the suspect one; "" if never."""
    here = _here(strikes)
    reached = np.degrees(np.asarray(reach.azimuth_rad))[np.asarray(reach.by_azimuth_frac) > _REACHED_FRAC]
    turn = (reached - here + 180) % 360 - 180
    edges = {
        1: (turn[turn > 0].min(initial=np.inf), "and beyond"),
        -1: (turn[turn < 0].max(initial=-np.inf), "and below"),
    }
    found = [edges[side] for side in sides if np.isfinite(edges[side][0])]
    return " or ".join(f"azimuth {(here + by + 180) % 360 - 180:.0f}° {way}" for by, way in found)


def shower_return(reach: ShowerReach, strikes: Strikes) -> str:
    """From which outward azimuth on, turning the way the suspect face turns, the shower would reach it."""
    beyond = _edges(reach, strikes)
    if not beyond:
        return "No horizontal face of any azimuth is reached; only a mistaken radiant or attitude would bring it back."
    return (
        f"A hole whose outward normal points to {beyond} (this one: about {_here(strikes):.0f}°) would bring it back; "
        "so would a plume report that proves mistaken."
    )
