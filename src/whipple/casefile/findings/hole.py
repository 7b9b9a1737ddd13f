"""The slot of `leak`: how big the hole is, how much has gone, and when it is empty."""

from __future__ import annotations

from dataclasses import dataclass, field

from whipple.casefile.estimate import Array, Caveat, Estimate

__all__ = ["Datum", "Hole", "LeakHistory"]


@dataclass(frozen=True)
class Datum:
    """One absolute datum, and the diameter interval with everything up to and including it.

    `shrinks_ratio` is how many times narrower (in the logarithm) the interval became with this datum; `information_nat` the
    entropy it took from the diameter; both None for the first.
    """

    name: str
    sentence: str
    diameter_m: Estimate
    sources: tuple[str, ...]
    shrinks_ratio: float | None = None
    information_nat: float | None = None


@dataclass(frozen=True)
class LeakHistory:
    """Posterior bands on one clock: rows of each (3, n) array are the 5th, 50th and 95th percentile."""

    t_s: Array
    pressure_Pa: Array
    flow_kg_s: Array
    mass_gone_kg: Array
    thrust_N: Array


@dataclass(frozen=True)
class Hole:
    """What the leak says about the hole.

    `gas_volume_over_area_m` is the identifiable combination Vg0/(Cd A); `diameter_m` is None until an absolute datum is
    used. `data` lists the absolute data in the order used, with the diameter interval after each. `accumulator` maps
    "gas" and "spring" to their probability. `majority_gone_s` (half has gone) and `empty_s` are seconds since the case epoch, NOT since the onset:
    take off `Onset.onset_s` for how long it took. `thrust_N` and `flow_kg_s` are at onset; thrust and impulse are of the
    liquid alone: what flashes outside pushes more (dynamics adds it). Where estimates have samples, their rows belong together:
    the same row of flow, jet speed, diameter, mass gone and times is one history of the leak.
    `worth` says in words what data not yet at hand would do to the diameter interval, best first. `regime` maps "liquid, gas charge",
    "liquid, spring", "gas" and "vapour", `holes` maps "one", "a second later" and "one before the record" to their probability by the
    shape of the record alone; both empty without one.
    """

    loop: str
    gas_volume_over_area_m: Estimate | None
    diameter_m: Estimate | None
    data: tuple[Datum, ...]
    accumulator: dict[str, float]
    flow_kg_s: Estimate | None
    jet_speed_m_s: Estimate | None
    thrust_N: Estimate | None
    impulse_Ns: Estimate | None
    mass_gone_kg: Estimate | None
    majority_gone_s: Estimate | None
    empty_s: Estimate | None
    history: LeakHistory | None
    simulated: bool
    headline: str
    caveats: tuple[Caveat, ...] = ()
    worth: tuple[str, ...] = ()
    regime: dict[str, float] = field(default_factory=dict)
    holes: dict[str, float] = field(default_factory=dict)
