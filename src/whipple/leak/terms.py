"""What each piece of absolute evidence says about a draw, as residuals (a likelihood is exp(-1/2 residual^2))."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from statistics import NormalDist

import numpy as np
from scipy.special import log_ndtr, ndtr

from whipple.casefile.case import Case
from whipple.casefile.estimate import Array
from whipple.casefile.findings.pictures import Pictures
from whipple.casefile.given import Given
from whipple.casefile.tables.claim import ClaimTable
from whipple.casefile.tables.loop import LoopTable
from whipple.leak.forward import LeakLaw
from whipple.leak.orifice import FLASHING_THRUST_RANGE
from whipple.leak.prior import LoopPrior, Scored
from whipple.leak.record import Bins

__all__ = ["Term", "claim_terms", "lost_share_s", "picture_term", "reaction_terms", "record_residuals", "since_onset"]

_Z90 = NormalDist().inv_cdf(0.95)
#: Doubt about a figure quoted without a range: 1-sigma of its natural logarithm.
_BARE_NAT = 0.05
#: What the vehicle feels over the thrust of the liquid alone, any share in that range alike: its middle, and 1-sigma of its natural logarithm.
_FELT_RATIO = 0.5 * (FLASHING_THRUST_RANGE[0] + FLASHING_THRUST_RANGE[1])
_FELT_NAT = (FLASHING_THRUST_RANGE[1] - FLASHING_THRUST_RANGE[0]) / _FELT_RATIO / np.sqrt(12.0)


@dataclass(frozen=True)
class Term:
    """One absolute datum: its residual for every draw (n,), a name and what it says."""

    name: str
    says: str
    sources: tuple[str, ...]
    residual: Callable[[Scored], Array]


def _against(value: Array, middle: float, low: float, high: float, bound: str) -> Array:
    """Residual of positive values against a quoted one: split log-normal, or one-sided with a soft edge."""
    off = np.log(value / middle)
    up = max(np.log(high / middle) / _Z90, _BARE_NAT)
    down = max(np.log(middle / low) / _Z90, _BARE_NAT)
    if bound == "two-sided":
        return np.asarray(off / np.where(off > 0, up, down))
    inside = off / down if bound == "lower" else -off / up
    return np.asarray(np.sqrt(np.maximum(-2 * log_ndtr(inside), 0.0)))


def lost_share_s(scored: Scored, share_frac: float) -> Array:
    """Seconds after the case epoch when this share of the inventory is gone (n,); 1 is the end of the flow."""
    law = scored.law
    elapsed = law.empty_s if share_frac == 1 else law.time_to_lose_s(share_frac)
    return np.ravel(scored.onset_s + elapsed)


#: The claim that counts from the epoch of the case; every other duration counts from the onset.
_SINCE_EPOCH = "leak.majority_gone_s"


def since_onset(about: str, value: Given, onset_s: float) -> Given:
    """What a claim says, times counted from the onset: `leak.majority_gone_s` is said from the epoch of the case.

    >>> since_onset("leak.majority_gone_s", Given(7200.0, 7000.0, 7400.0, "s"), -600.0).value
    7800.0
    >>> since_onset("leak.spray_duration_s", Given(7200.0, 7000.0, 7400.0, "s"), -600.0).value
    7200.0
    """
    if about != _SINCE_EPOCH:
        return value
    return replace(value, value=value.value - onset_s, low=value.low - onset_s, high=value.high - onset_s)


#: The claims that say something about the leak: slot -> the positive number a draw gives for it, times from its onset.
_SLOTS: dict[str, Callable[[Scored], Array]] = {
    "hole.diameter_m": lambda scored: np.ravel(scored.diameter_m),
    "leak.spray_duration_s": lambda scored: np.ravel(scored.law.empty_s),
    "leak.majority_gone_s": lambda scored: np.ravel(scored.law.time_to_lose_s(0.5)),
    "leak.thrust_N": lambda scored: np.ravel(scored.law.thrust_at_onset_N),
    "leak.impulse_Ns": lambda scored: np.ravel(scored.law.impulse_Ns),
    "leak.flow_kg_s": lambda scored: np.ravel(scored.law.flow_at_kg_s(0.0)),
}
#: How a value in SI is shown: unit -> (factor, unit for people).
_SHOWN = {"m": (1e3, "mm"), "s": (1 / 3600, "h"), "kg/s": (1e3, "g/s")}


def _claim_term(claim: ClaimTable, value: Given, slot: Callable[[Scored], Array]) -> Term:
    sign = {"upper": "at most ", "lower": "at least "}.get(claim.bound, "")
    factor, unit = _SHOWN.get(value.unit, (1.0, value.unit))
    shown = f"{value.value * factor:.3g} {unit}"
    since = " after the onset" if claim.about == _SINCE_EPOCH else ""
    says = f"{claim.said_by}: {claim.about} {sign}{shown}{since}"
    return Term(
        f"claim {claim.id}", says, (claim.source,),
        lambda scored: _against(slot(scored), value.value, max(value.low, 1e-9), value.high, claim.bound),
    )  # fmt: skip


def claim_terms(case: Case, onset_s: float) -> tuple[Term, ...]:
    """The claims of the case that may enter the inference and speak about diameter, duration, thrust, impulse or flow."""
    return tuple(
        _claim_term(claim, value, slot)
        for about, slot in _SLOTS.items()
        for claim in case.evidence(about)
        if claim.value is not None and (value := since_onset(about, claim.value, onset_s)).value > 0
    )


def reaction_terms(loop: LoopTable) -> tuple[Term, ...]:
    """What the vehicle felt at the onset, from the [[loop]] table: the reaction force, or the reaction torque with its arm."""
    terms = []
    if loop.reaction_force_N is not None:
        terms.append(_reaction("thrust", loop.reaction_force_N, 1.0, 0.0))
    if loop.reaction_torque_Nm is not None and loop.reaction_arm_m is not None:
        arm = loop.reaction_arm_m
        terms.append(
            _reaction("torque", loop.reaction_torque_Nm, arm.value, float(np.log(arm.high / arm.low)) / (2 * _Z90))
        )
    return tuple(terms)


def _reaction(name: str, given: Given, arm: float, arm_nat: float) -> Term:
    """The jet's force times an arm, with the doubts of arm, figure and flashing together (natural logarithm)."""
    spread = float(np.log(given.high / given.low)) / (2 * _Z90) if given.low > 0 else np.inf
    doubt = float(np.linalg.norm([max(spread, _BARE_NAT), arm_nat, _FELT_NAT]))
    unit, by = ("N", "") if name == "thrust" else ("N m", f" at an arm of {arm:.3g} m")
    says = f"reaction {name} {given.value:.3g} {unit}{by} (90 %: ±{_Z90 * doubt:.0%})"
    sources = (given.source,) if given.source else ()
    return Term(
        name, says, sources,
        lambda scored: np.ravel(np.log(_FELT_RATIO * scored.law.thrust_at_onset_N * arm / given.value) / doubt),
    )  # fmt: skip


def picture_term(pictures: Pictures | None) -> Term | None:
    """The diameter measured in the pictures, None when no picture gave one."""
    measured = pictures.hole_diameter_m if pictures else None
    if pictures is None or measured is None or measured.low <= 0:
        return None
    sign = {"upper": "at most ", "lower": "at least "}.get(measured.bound, "")
    label = "a simulated picture" if pictures.simulated else "the pictures"
    says = f"{label}: {sign}{measured.median * 1e3:.2f} mm ({measured.low * 1e3:.2f} to {measured.high * 1e3:.2f} mm)"
    edge = {"upper": measured.high, "lower": measured.low}.get(measured.bound, measured.median)
    return Term(
        "picture", says, measured.sources,
        lambda scored: _against(np.ravel(scored.diameter_m), edge, min(measured.low, edge), measured.high, measured.bound),
    )  # fmt: skip


def record_residuals(prior: LoopPrior, bins: Bins, scored: Scored) -> Array:
    """(record - law), whitened, for draws and bins (n, m); the law is averaged over each bin, temperature included."""
    law = scored.law
    edges = np.unique(np.concatenate([bins.from_s, bins.to_s]))
    total = law.pressure_sum_Pa_s(edges[None, :] - scored.onset_s)
    first, last = np.searchsorted(edges, bins.from_s), np.searchsorted(edges, bins.to_s)
    mean = (total[:, last] - total[:, first]) / (bins.to_s - bins.from_s)
    slope = prior.fluid.heat_of_vaporisation_J_kg(bins.temperature_K) / prior.fluid.gas_constant_J_kgK
    boiling = 1 + slope / bins.temperature_K**2 * bins.warmer_K
    driven = mean + _swing_Pa(bins, law, mean)
    expected = np.where(mean > 1.5 * law.vapour_pressure_Pa, driven, mean * boiling)
    read = _stopped_Pa(expected + scored.bias_Pa, bins.stop_Pa)
    return np.einsum("ij,nj->ni", bins.whitener_per_Pa, bins.pressure_Pa - read)


def _stopped_Pa(pressure_Pa: Array, stop_Pa: float) -> Array:
    """The mean reading of a gauge that cannot read below zero, of noise `stop_Pa`: E max(x, 0); 0 for a gauge without a stop."""
    if stop_Pa == 0:
        return pressure_Pa
    steps = np.clip(pressure_Pa / stop_Pa, -8.0, 8.0)
    lifted = stop_Pa * (np.exp(-0.5 * steps**2) / np.sqrt(2 * np.pi) - steps * ndtr(-steps))
    return np.asarray(pressure_Pa + np.where(steps < 8.0, lifted, 0.0))


def _swing_Pa(bins: Bins, law: LeakLaw, mean_Pa: Array) -> Array:
    """What temperature adds to the pressure (n, m) while the accumulator pushes.

    The liquid that is left expands into the gas that has grown: its share falls as (liquid left) / (gas volume). The gas itself
    follows p ~ T: its share stays. For a spring both are steps of volume times k.
    """
    ratio = np.minimum(mean_Pa / law.pressure_Pa, 1.0)
    if law.kind == "gas":
        grown = np.maximum(ratio, 1e-6) ** (-1 / law.polytropic_ratio)
        left = np.maximum(1 - law.stiffness_volume_m3 * (grown - 1) / law.inventory_m3, 0.0)
        return np.asarray(mean_Pa * (bins.expanding_frac * left / grown + bins.gas_frac))
    left = np.maximum(1 - law.stiffness_volume_m3 * (1 - ratio) / law.inventory_m3, 0.0)
    return np.asarray(law.pressure_Pa * (bins.expanding_frac * left + bins.gas_frac))
