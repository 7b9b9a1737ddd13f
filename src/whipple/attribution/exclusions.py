"""Which causes are ruled out, why, and what would bring them back?

A cause is called excluded when its posterior is below 5 % ("extremely unlikely") AND a single observation speaks against it by at least
4 nat (1 in 55): a cause that is merely rare is called unlikely, not excluded. A shower is excluded by direction when it strikes the face
as reported for less than 1 % of the time that it is in view; whatever probability remains then belongs to holes that face another way.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from whipple.attribution.base_rate import IMPACT_KINDS
from whipple.attribution.posterior import speakers
from whipple.attribution.row import Row
from whipple.attribution.words import percent
from whipple.casefile.findings.strikes import ShowerReach, Strikes
from whipple.casefile.findings.verdict import Excluded, HypothesisVerdict
from whipple.casefile.tables.hypothesis import HypothesisTable
from whipple.physics.cited import Cited

__all__ = ["AGAINST_NAT", "RARE_PROB", "excluded", "shower_reason", "shower_return"]

RARE_PROB = Cited(0.05, unit="", source="whipple_elicited", grade="proposal")
AGAINST_NAT = Cited(-4.0, unit="", source="whipple_elicited", grade="proposal")
#: A face counts as reached when the shower strikes it for more than this share of the time that it is in view.
_REACHED_FRAC = Cited(0.01, unit="", source="whipple_elicited", grade="proposal")


def excluded(
    verdicts: Sequence[HypothesisVerdict],
    rows: Sequence[Row],
    tables: Sequence[HypothesisTable],
    strikes: Strikes | None,
) -> tuple[Excluded, ...]:
    """The causes that an observation rules out, each with the reason and what would change it."""
    named = {table.name: table for table in tables}
    return tuple(
        item
        for verdict in verdicts
        if (
            item := _by_direction(verdict, named[verdict.hypothesis], rows, strikes)
            or _by_observation(verdict, named[verdict.hypothesis], rows)
        )
    )


def _by_direction(
    verdict: HypothesisVerdict, table: HypothesisTable, rows: Sequence[Row], strikes: Strikes | None
) -> Excluded | None:
    faces = next((row.evidence.observation for row in rows if row.evidence.group == "direction"), None)
    if table.kind != "shower" or strikes is None or faces is None:
        return None
    reach = next((s for s in strikes.showers if s.code == table.shower), None)
    if reach is None or reach.reach_frac > _REACHED_FRAC:
        return None
    reason = shower_reason(reach, faces)
    if verdict.posterior_prob.median >= 0.001:
        reason += f" The {percent(verdict.posterior_prob.median)} that remain belong to a hole that faces another way than reported."
    return Excluded(table.name, reason, shower_return(reach, strikes))


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


def shower_reason(reach: ShowerReach, faces: str) -> str:
    """Why a shower cannot have made this hole, in words."""
    low, high = (float(np.degrees(angle)) for angle in reach.arrival_azimuth_rad)
    side = "port" if low < 0 and high < 0 else "starboard" if low > 0 and high > 0 else "both sides"
    return (
        f"Excluded by direction: {faces}, and the {reach.shower} arrive from {side} (azimuth {low:.0f}° to {high:.0f}°) "
        f"whenever they stand above the limb; they strike this face for {100 * reach.reach_frac:.0f} % of the time that they are in view."
    )


def shower_return(reach: ShowerReach, strikes: Strikes) -> str:
    """From which outward azimuth on, turning the way the suspect face turns, the shower would reach it."""
    x, y, _ = strikes.site_normal_lvlh[0]
    here = float(np.degrees(np.arctan2(y, x)))
    azimuth = np.degrees(np.asarray(reach.azimuth_rad))
    reached = azimuth[np.asarray(reach.by_azimuth_frac) > _REACHED_FRAC]
    if reached.size == 0:
        return "No horizontal face of any azimuth is reached; only a mistaken radiant or attitude would bring it back."
    turn = (reached - here + 180) % 360 - 180
    sides = ((turn[turn > 0].min(initial=np.inf), "and beyond"), (turn[turn < 0].max(initial=-np.inf), "and below"))
    beyond = " or ".join(f"azimuth {(here + by + 180) % 360 - 180:.0f}° {way}" for by, way in sides if np.isfinite(by))
    return (
        f"A hole whose outward normal points to {beyond} (this one: about {here:.0f}°) would bring it back; "
        "so would a plume report that proves mistaken."
    )
