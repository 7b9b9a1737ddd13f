"""Which way does the hole face, and what arrives from there?

    L(h) = sum over streams of h of n_s r_s / sum n_s,   r_s = face flux on this face / mean face flux over all ways the part could face

with the hole's normal averaged over its possible directions. A hardware cause does not care which way the part faces: L = 1.
"""

from __future__ import annotations

import numpy as np

from whipple.attribution.base_rate import IMPACT_KINDS, BaseRate
from whipple.attribution.row import Exhibits, Row
from whipple.casefile.estimate import Caveat, Evidence
from whipple.casefile.findings.sky import Sky
from whipple.casefile.findings.strikes import Strikes
from whipple.casefile.tables.claim import ClaimTable
from whipple.physics.cited import Cited

__all__ = ["face_ratio", "way_it_faces"]

#: Doubt of a flux on one face against its mean (natural log): the per-face shape of a sporadic model is good to 10-20 %.
_SHAPE_NAT = Cited(0.2, unit="", source="whipple_elicited", grade="proposal")
#: Nothing is ruled out to better than this before the floor applies.
_LEAST_RATIO = 1e-6
#: Mean of the possible normals above which a part counts as facing one way (half a sphere of normals has 0.5).
_ONE_WAY = 0.5
#: The claim that says which way the hole faces.
_CLAIM = "hole.normal_azimuth_rad"


def face_ratio(rate: BaseRate) -> float:
    """How much more often a face like this one is struck by this cause than the average face (1 where the cause has no direction)."""
    total = sum(stream.count.median for stream in rate.streams)
    return sum(stream.count.median * stream.face_ratio for stream in rate.streams) / total if total else 1.0


def way_it_faces(exhibits: Exhibits) -> tuple[Row, ...]:
    """One row: the direction of the hole against what each cause sends onto such a face.

    No row when nobody said which way the hole faces and the part itself faces more than one way: that is no observation.
    """
    if exhibits.strikes is None or exhibits.sky is None or not any(rate.streams for rate in exhibits.rates):
        return ()
    if not exhibits.case.evidence(_CLAIM) and not _faces_one_way(exhibits.strikes):
        return ()
    ratios = {rate.hypothesis: face_ratio(rate) if rate.kind in IMPACT_KINDS else 1.0 for rate in exhibits.rates}
    values = {name: float(np.log(max(ratio, _LEAST_RATIO))) for name, ratio in ratios.items()}
    because = {rate.hypothesis: _because(rate, ratios[rate.hypothesis], exhibits) for rate in exhibits.rates}
    doubt = {rate.hypothesis: float(_SHAPE_NAT) for rate in exhibits.rates if rate.kind in IMPACT_KINDS}
    said = exhibits.case.evidence(_CLAIM)
    note = Caveat(
        "direction-from-plume", f"Which way the hole faces rests on {_who(said)}; it is taken to be the wall normal."
    )
    sources = tuple(dict.fromkeys(claim.source for claim in said))
    evidence = Evidence(f"the hole faces {_faces(exhibits.strikes)}", "direction", values, because, sources, (note,))
    return (Row(evidence, doubt),)


def _who(said: tuple[ClaimTable, ...]) -> str:
    return (
        "what was said of the plume (" + "; ".join(claim.said_by for claim in said) + ")"
        if said
        else "the shape of the part alone"
    )


def _faces_one_way(strikes: Strikes) -> bool:
    return bool(np.linalg.norm(strikes.site_normal_frac @ strikes.site_normal_lvlh) > _ONE_WAY)


def _faces(strikes: Strikes) -> str:
    middle = strikes.site_normal_frac @ strikes.site_normal_lvlh
    if np.linalg.norm(middle) < 0.1:
        return "an unknown way"
    azimuth = float(np.degrees(np.arctan2(middle[1], middle[0])))
    sides = ("forward", "forward-starboard", "starboard", "aft-starboard", "aft", "aft-port", "port", "forward-port")
    return f"{sides[round((azimuth % 360) / 45) % 8]} (azimuth about {azimuth:.0f}°)"


def _because(rate: BaseRate, ratio: float, exhibits: Exhibits) -> str:
    if rate.kind not in IMPACT_KINDS:
        return "does not depend on which way the part faces"
    times = (
        f"such a face is struck {ratio:.2g} times as often as the average face"
        if ratio >= 0.005
        else "practically nothing of it reaches such a face"
    )
    if rate.kind == "shower" and exhibits.strikes is not None:
        code = next((table.shower for table in exhibits.hypotheses if table.name == rate.hypothesis), "")
        reach = next((shower for shower in exhibits.strikes.showers if shower.code == code), None)
        return f"{times}; {reach.sentence}" if reach else times
    if rate.kind == "debris" and exhibits.sky is not None and exhibits.strikes is not None:
        return f"{times}; {_bound(exhibits.sky, exhibits.strikes)}"
    return times


def _bound(sky: Sky, strikes: Strikes) -> str:
    x, y, _ = strikes.site_normal_lvlh[0]
    azimuth = float(np.arctan2(y, x))
    order = np.argsort(sky.debris_limit_azimuth_rad)
    speed = float(np.interp(abs(azimuth), sky.debris_limit_azimuth_rad[order], sky.debris_limit_speed_m_s[order]))
    return f"the fastest object bound to Earth that can arrive from azimuth {np.degrees(azimuth):.0f}° does {speed / 1000:.1f} km/s"
