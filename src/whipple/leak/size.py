"""The room's answer: the stages of evidence weighed, and the hole, its flow and its future drawn from the last."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from whipple.casefile.case import Case
from whipple.casefile.estimate import Array, Caveat, Estimate
from whipple.casefile.findings.hole import Datum, Hole, LeakHistory
from whipple.casefile.findings.onset import Onset
from whipple.casefile.findings.pictures import Pictures
from whipple.errors import EvidenceError
from whipple.leak.doubts import weigh_doubts
from whipple.leak.ending import untold_end
from whipple.leak.fit_quality import poor_fit
from whipple.leak.infer import Weighed, gas_or_spring, settled, weigh_stages
from whipple.leak.models import DISCHARGE
from whipple.leak.orifice import LONG_HOLE_RATIO, flow_regime, jet_speed_m_s, liquid_flow_kg_s
from whipple.leak.prepare import Prepared, prepare
from whipple.leak.prior import Scored
from whipple.leak.terms import lost_share_s
from whipple.leak.worth import information_nat, shrink_ratio, worth_of
from whipple.physics.cited import Cited
from whipple.physics.models import spread

__all__ = ["size_hole"]

STANDARD_GRAVITY_M_S2 = Cited(9.80665, unit="m/s2", source="codata2018", grade="official")
#: The forecast stops here even when the loop might leak for longer.
HORIZON_S = Cited(10 * 86400.0, unit="s", source="leak_sheet", grade="proposal")
_DRAW_COUNT, _HISTORY_COUNT = 2000, 400
_PRESSURE_ALONE = Caveat(
    "leak-pressure-alone",
    "Pressure alone cannot give the diameter: it fixes only the accumulator's gas volume over the effective hole area, "
    "Vg0/(Cd A). The diameter comes from the absolute data listed.",
)
_UNSETTLED = Caveat(
    "leak-unsettled",
    "The draws of the posterior do not agree with an independent random walk from them: the intervals of the leak may be too narrow. "
    "Narrower ranges of volumes, or a longer record, would help.",
)
_ALL_REACHES = Caveat(
    "leak-all-reaches",
    "All the liquid is taken to reach the hole, at one temperature, and to flash outside it, not inside.",
)


@dataclass(frozen=True)
class _Mixture:
    """Draws of the gas law, and of the spring law in proportion to its probability."""

    parts: tuple[Scored, ...]
    velocity_ratio: tuple[Array, ...]

    def values(self, of: Callable[[Scored], Any]) -> Array:
        """One number a draw."""
        return np.concatenate([np.ravel(of(part)) for part in self.parts])

    def rows(self, of: Callable[[Scored, Array], Any], count: int, total: int) -> Array:
        """One row a draw, thinned to about `count` draws of `total`."""
        step = max(1, total // count)
        return np.vstack(
            [
                of(_taken(part, slice(None, None, step)), ratio[::step])
                for part, ratio in zip(self.parts, self.velocity_ratio, strict=True)
            ]
        )


def _taken(scored: Scored, chosen: Any) -> Scored:
    """Some of the draws."""
    law = scored.law
    columns = {name: value[chosen] for name, value in vars(law).items() if isinstance(value, np.ndarray)}
    return Scored(
        replace(law, **columns), scored.onset_s[chosen], scored.bias_Pa[chosen], scored.diameter_m[chosen],
        scored.residual_nat[chosen], scored.density_nat[chosen],
    )  # fmt: skip


def _mixture(
    gas: Weighed, spring: Weighed | None, share: float, prepared: Prepared, rng: np.random.Generator
) -> _Mixture:
    counts = [round(_DRAW_COUNT * share), _DRAW_COUNT - round(_DRAW_COUNT * share)] if spring else [_DRAW_COUNT, 0]
    parts, ratios = [], []
    for weighed, count in zip((gas, spring), counts, strict=True):
        if weighed is None or count == 0:
            continue
        scored = _taken(weighed.scored, rng.choice(len(weighed.scored.onset_s), count, replace=False))
        ratio = prepared.loop.velocity_coefficient.draw(rng, count)[:, None]
        parts.append(replace(scored, law=replace(scored.law, velocity_ratio=ratio)))
        ratios.append(ratio)
    return _Mixture(tuple(parts), tuple(ratios))


def _data(found: tuple[Weighed, ...], absolute: tuple[str, ...]) -> tuple[Datum, ...]:
    """Each absolute datum with the diameter after it; none before the first that is absolute."""
    rows: list[Datum] = []
    before: Array | None = None
    for weighed in found:
        if weighed.stage.name not in absolute:
            continue
        draws, sources = weighed.scored.diameter_m, weighed.stage.sources
        size = Estimate.from_samples(draws, "m", sources=sources)
        sentence = f"{weighed.stage.says}: diameter {_span(size, 1e3, 'mm', 2)}."
        ratio = None if before is None else shrink_ratio(before, draws)
        gained = None if before is None else information_nat(before, draws)
        if ratio is not None:
            sentence += f" It shrank the diameter interval {ratio:.1f}-fold."
        rows.append(Datum(weighed.stage.name, sentence, size, sources, ratio, gained))
        before = draws
    return tuple(rows)


def _span(estimate: Estimate, factor: float, unit: str, digits: int) -> str:
    low, middle, high = (f"{value * factor:.{digits}f}" for value in (estimate.low, estimate.median, estimate.high))
    return f"{middle} {unit} (90 %: {low} to {high} {unit})"


def _history(draws: _Mixture, onset_s: float, empty_s: Estimate) -> LeakHistory:
    last = float(min(1.1 * max(empty_s.high - onset_s, 60.0), HORIZON_S))
    t_s = onset_s + np.concatenate([[-1800.0, -600.0, -1.0], last * np.linspace(0.0, 1.0, 150) ** 2])

    def bands(of: Callable[[Scored], Array]) -> Array:
        rows = draws.rows(lambda scored, _: of(scored), _HISTORY_COUNT, _DRAW_COUNT)
        return np.quantile(rows, [0.05, 0.5, 0.95], axis=0)

    return LeakHistory(
        t_s,
        bands(lambda s: s.law.pressure_at_Pa(t_s - s.onset_s)),
        bands(lambda s: s.law.flow_at_kg_s(t_s - s.onset_s)),
        bands(lambda s: s.law.mass_gone_kg(t_s - s.onset_s)),
        bands(lambda s: s.law.thrust_at_N(t_s - s.onset_s)),
    )


def _hole_caveats(case: Case, prepared: Prepared, size: Estimate) -> tuple[Caveat, ...]:
    """What the hole's shape and the published discharge coefficients leave open."""
    wall = case.vehicle.site_wall_m.value / size.median
    loop, found = prepared.loop, [_PRESSURE_ALONE, _ALL_REACHES, *prepared.caveats]
    prior = prepared.stages[-1].prior
    vapour = prior.fluid.vapour_pressure_Pa(prior.temperature.value)
    if flow_regime(True, prior.pressure.value, vapour, wall) != "liquid jet":
        text = f"The wall may be {wall:.1f} hole diameters thick, above {LONG_HOLE_RATIO:.0f}: the liquid may flash inside, which lowers the flow."
        found.append(Caveat("leak-long-hole", text))
    head_m = prior.pressure.value / (prior.fluid.density_kg_m3(prior.temperature.value) * STANDARD_GRAVITY_M_S2)
    answers = spread(DISCHARGE, head_m=head_m, diameter_m=size.median, wall_over_diameter_ratio=wall)
    said = ", ".join(
        f"{answer.model} {answer.value:.3f}{' (outside its range)' if answer.extrapolations else ''}"
        for answer in answers
    )
    given = loop.discharge_coefficient
    text = f"Published discharge coefficients here: {said}; assumed {given.value:.2f} ({given.low:.2f} to {given.high:.2f}), for a torn edge."
    return (*found, Caveat("leak-discharge-models", text))


def _nothing(
    loop: str, headline: str, caveats: tuple[Caveat, ...], *,
    length: Estimate | None = None, kinds: dict[str, float] | None = None, simulated: bool = False,
) -> Hole:  # fmt: skip
    return Hole(
        loop,
        length,
        None,
        (),
        kinds or {},
        None,
        None,
        None,
        None,
        None,
        None,
        None,
        None,
        simulated,
        headline,
        caveats,
    )


def _length(scored: Scored) -> Array:
    return np.asarray(scored.law.stiffness_volume_m3 / (scored.law.discharge_ratio * scored.law.area_m2))


def size_hole(case: Case, onset: Onset, pictures: Pictures | None) -> Hole:
    """How big the hole is, how much has gone, and when the loop is empty.

    The record gives Vg0/(Cd A); the diameter follows from the absolute data, in this order: accumulator, inventory with the
    emptying the record shows, claims marked as evidence, pictures. `mass_gone_kg` holds at the last sample of the record (in
    all, without a record). Without any absolute datum `diameter_m` stays None. Raises RangeError for an impossible loop.
    Equations: sheet leak_and_dynamics 3.1 to 3.3, 6 and 7; posterior by importance sampling (posterior.py).
    """
    try:
        prepared = prepare(case, onset, pictures)
    except EvidenceError as error:
        return _nothing(
            "", "The leak was not sized: the case describes no loop.", (Caveat("leak-no-loop", str(error)),)
        )
    rng, name = case.rng("leak"), prepared.loop.name
    if not prepared.stages:
        text = f"The hole in loop {name} was not sized: there is neither a pressure record nor a picture nor a claim that may be used."
        return _nothing(name, text, (_PRESSURE_ALONE, *prepared.caveats))
    found = weigh_stages(prepared.stages, prepared.bins, rng)
    last, trusted = settled(found[-1], prepared.bins, case.rng("leak.settled"))
    found = (*found[:-1], last)
    kinds, spring = gas_or_spring(last, prepared.bins, rng)
    ones = (found[-1], *([spring] if spring else []))
    doubts = weigh_doubts(prepared, ones, case.rng("leak.doubts"))
    answer = ones if doubts.instead is None else (doubts.instead,)  # a law that fits but does not answer is no comfort
    said = (
        None if trusted else _UNSETTLED,
        poor_fit(answer, prepared.bins),
        untold_end(prepared.bins, last.stage.prior),
    )
    warned = tuple(caveat for caveat in said if caveat is not None)
    prepared = replace(prepared, caveats=(*prepared.caveats, *doubts.caveats, *warned))
    if doubts.instead is not None:
        draws = _mixture(doubts.instead, None, 1.0, prepared, rng)
    else:
        draws = _mixture(found[-1], spring, kinds["gas"], prepared, rng)
    length = Estimate.from_samples(draws.values(_length), "m", models=("leak.forward",)) if prepared.bins else None
    if not prepared.absolute:
        assert length is not None
        text = f"Pressure alone fixes Vg0/(Cd A) at {_span(length, 1e-3, 'km', 2)} in loop {name}"
        text += "; without an absolute datum it cannot give the diameter."
        hole = _nothing(
            name, text, (_PRESSURE_ALONE, *prepared.caveats), length=length, kinds=kinds, simulated=prepared.simulated
        )
    else:
        hole = _hole(case, prepared, found, draws, length, kinds)
    return replace(hole, regime=dict(doubts.regime), holes=dict(doubts.holes))


def _hole(
    case: Case, prepared: Prepared, found: tuple[Weighed, ...], draws: _Mixture, length: Estimate | None, kinds: dict[str, float]
) -> Hole:  # fmt: skip
    def estimate(of: Callable[[Scored], Any], unit: str) -> Estimate:
        return Estimate.from_samples(draws.values(of), unit, models=("leak.forward",), sources=(prepared.loop.source,))

    size, empty = estimate(lambda s: s.diameter_m, "m"), estimate(lambda s: lost_share_s(s, 1), "s")
    until = float(prepared.bins.to_s[-1]) if prepared.bins else np.inf
    gone = estimate(lambda s: s.law.mass_gone_kg(np.minimum(until - s.onset_s, s.law.empty_s)), "kg")
    half = estimate(lambda s: lost_share_s(s, 0.5), "s")
    return Hole(
        prepared.loop.name, length, size, _data(found, prepared.absolute), kinds,
        estimate(lambda s: liquid_flow_kg_s(s.law.area_m2, s.law.discharge_ratio, s.law.density_kg_m3, s.law.pressure_Pa), "kg/s"),
        estimate(lambda s: jet_speed_m_s(s.law.velocity_ratio, s.law.density_kg_m3, s.law.pressure_Pa), "m/s"),
        estimate(lambda s: s.law.thrust_at_onset_N, "N"), estimate(lambda s: s.law.impulse_Ns, "N*s"),
        gone, half, empty, _history(draws, prepared.onset_s, empty), prepared.simulated,
        _headline(prepared, size, gone, half, empty), _hole_caveats(case, prepared, size), _worth(draws, prepared.absolute),
    )  # fmt: skip


def _worth(draws: _Mixture, absolute: tuple[str, ...]) -> tuple[str, ...]:
    """What data not yet at hand would do, in words; those that would not help are left out."""
    rows = worth_of(draws.parts, absolute)
    return tuple(
        f"{what.capitalize()} would shrink the diameter interval {ratio:.1f}-fold."
        for what, ratio in rows
        if ratio > 1.05
    )


def _headline(prepared: Prepared, size: Estimate, gone: Estimate, half: Estimate, empty: Estimate) -> str:
    after = replace(
        empty,
        median=empty.median - prepared.onset_s,
        low=empty.low - prepared.onset_s,
        high=empty.high - prepared.onset_s,
    )
    telemetry = " (from simulated data)" if prepared.simulated else ""
    basis = ", ".join(prepared.absolute)
    middle = (half.median - prepared.onset_s) / 3600
    return (
        f"The hole is {_span(size, 1e3, 'mm', 2)} across{telemetry}; {_span(gone, 1.0, 'kg', 1)} of coolant "
        f"{'had gone by the last reading' if prepared.bins else 'go in all'}, half of it {middle:.1f} h after the onset, and the loop is empty "
        f"after {_span(after, 1 / 3600, 'h', 1)}. Pressure alone cannot give the diameter: it rests on {basis}."
    )
