"""Does the room answer from whatever evidence there is, and say what it cannot know?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from bare_case import BareCase
from pydantic import ValidationError

from whipple.casefile.estimate import Estimate
from whipple.casefile.findings.hole import Hole
from whipple.casefile.findings.onset import LoopRecord, Onset
from whipple.casefile.findings.pictures import Pictures
from whipple.casefile.given import Given
from whipple.casefile.tables.loop import LoopTable
from whipple.errors import EvidenceError, RangeError
from whipple.leak import leak_law, size_hole
from whipple.leak.doubts import Doubts
from whipple.leak.infer import Weighed
from whipple.leak.prepare import Prepared
from whipple.leak.terms import claim_terms
from whipple.physics.fluids import fluid

TABLE = {
    "name": "external", "fluid": "isooctane", "inventory": {"is": "44 L", "low": "40 L", "high": "48 L"}, "pressure": "3 atm",
    "temperature": "293 K", "gas_volume": {"is": "6 L", "low": "4 L", "high": "9 L"},
    "pushed_volume": {"is": "38 L", "low": "30 L", "high": "43 L"}, "discharge_coefficient": {"is": "0.7", "low": "0.6", "high": "0.8"},
    "velocity_coefficient": "0.97", "residue": "0.002", "source": "x",
}  # fmt: skip


def claim(about: str, value: Given, bound: str) -> Any:
    return SimpleNamespace(id="c", about=about, value=value, bound=bound, said_by="somebody", source="x")


def case(*claims: Any, **changes: Any) -> Any:
    return BareCase((LoopTable.model_validate({**TABLE, **changes}),), claims)


def record(hours: float) -> LoopRecord:
    law = leak_law(
        fluid("isooctane"), 293.0, diameter_m=0.8e-3, discharge_ratio=0.7, pressure_Pa=3.04e5, inventory_m3=44e-3,
        gas_volume_m3=6e-3, pushed_volume_m3=38e-3,
    )  # fmt: skip
    t_s = np.arange(-3600.0, hours * 3600, 20.0)
    noise = np.random.default_rng(4).normal(0.0, 800.0, t_s.size)
    return LoopRecord(
        "external",
        t_s,
        law.pressure_at_Pa(t_s) + noise,
        np.full(t_s.size, 800.0),
        np.full(t_s.size, 293.0),
        300.0,
        True,
    )


def onset(*records: LoopRecord, when: Estimate | None = Estimate(0.0, -5.0, 5.0, "s")) -> Onset:
    empty = np.zeros(0)
    return Onset(when, None, empty, empty, {}, None, (), records, True, "")


def picture(low_m: float, high_m: float) -> Pictures:
    return Pictures((), Estimate((low_m + high_m) / 2, low_m, high_m, "m", sources=("picture",)), True, "")


def codes(hole: Hole) -> set[str]:
    return {caveat.code for caveat in hole.caveats}


def test_a_whole_record_gives_the_hole() -> None:
    hole = size_hole(case(), onset(record(8.0)), picture(0.7e-3, 0.9e-3))
    assert hole.diameter_m is not None
    assert hole.gas_volume_over_area_m is not None
    assert hole.history is not None
    assert hole.diameter_m.low < 0.8e-3 < hole.diameter_m.high
    assert hole.gas_volume_over_area_m.median == pytest.approx(6e-3 / (0.7 * np.pi / 4 * 0.8e-3**2), rel=0.02)
    assert [datum.name for datum in hole.data] == ["accumulator", "inventory", "picture"]
    assert hole.accumulator["gas"] > 0.99
    assert "Pressure alone cannot give the diameter" in hole.headline
    assert "leak-pressure-alone" in codes(hole)
    assert hole.history.pressure_Pa.shape == hole.history.thrust_N.shape == (3, hole.history.t_s.size)
    assert hole.data[0].shrinks_ratio is None
    assert all(datum.shrinks_ratio and datum.shrinks_ratio > 1 and datum.information_nat > 0 for datum in hole.data[1:])  # type: ignore[operator]
    assert "-fold" in hole.data[-1].sentence
    widths = [datum.diameter_m.high / datum.diameter_m.low for datum in hole.data]
    assert widths[0] > widths[1] > widths[2]


def test_pressure_alone_gives_no_diameter() -> None:
    vague = {"gas_volume": {"is": "6 L", "low": "0.5 L", "high": "60 L"}}
    hole = size_hole(case(**vague), onset(record(1.0)), None)
    assert hole.diameter_m is None
    assert hole.thrust_N is None
    assert hole.gas_volume_over_area_m is not None
    assert "cannot give the diameter" in hole.headline


@pytest.mark.slow
def test_it_says_what_a_picture_would_bring() -> None:
    """Before the picture it promises a shrinking; with the picture at hand the interval does shrink about as much."""
    vague = case(discharge_coefficient={"is": "0.7", "low": "0.5", "high": "0.95"})
    before = size_hole(vague, onset(record(8.0)), None)
    after = size_hole(vague, onset(record(8.0)), picture(0.76e-3, 0.84e-3))
    promise = next(line for line in before.worth if line.startswith("A picture"))
    ratio = float(promise.split("interval ")[1].split("-fold")[0])
    assert ratio > 2
    assert after.data[-1].shrinks_ratio == pytest.approx(ratio, rel=0.4)
    assert not any(line.startswith("A picture") for line in after.worth)


def test_without_telemetry_the_picture_still_speaks() -> None:
    hole = size_hole(case(), onset(when=None), picture(0.7e-3, 0.9e-3))
    assert hole.diameter_m is not None
    assert hole.diameter_m.low == pytest.approx(0.7e-3, rel=0.05)
    assert hole.diameter_m.high == pytest.approx(0.9e-3, rel=0.05)
    assert {"leak-no-record", "leak-no-onset"} <= codes(hole)
    assert hole.empty_s is not None


def test_with_nothing_at_all_it_says_so() -> None:
    hole = size_hole(case(), onset(when=None), None)
    assert hole.diameter_m is None
    assert "neither a pressure record nor a picture" in hole.headline


def test_without_a_loop_it_says_so() -> None:
    class NoLoop(BareCase):
        def loop(self, name: str = "") -> LoopTable:
            raise EvidenceError("Which loop leaks?", "[[loop]]", "describe it")

    hole = size_hole(NoLoop(()), onset(when=None), None)  # type: ignore[arg-type]
    assert hole.diameter_m is None
    assert codes(hole) == {"leak-no-loop"}


def test_when_most_was_gone_is_said_from_the_epoch_and_held_against_the_onset() -> None:
    """Half gone two hours after an epoch that lies an hour after the onset: three hours of leaking, whatever the epoch."""
    said = claim("leak.majority_gone_s", Given(7200.0, 6000.0, 8400.0, "s"), "two-sided")
    (term,) = claim_terms(case(said), -3600.0)
    assert term.says.endswith("3 h after the onset")
    three, two = (
        term.residual(SimpleNamespace(law=SimpleNamespace(time_to_lose_s=lambda _, s=s: np.array([s]))))  # type: ignore[arg-type]
        for s in (10800.0, 7200.0)
    )
    assert abs(three.item()) < 1e-9
    assert abs(two.item()) > 1
    assert claim_terms(case(said), 8000.0) == ()


@pytest.mark.slow
def test_claims_marked_as_evidence_move_the_diameter() -> None:
    upper = claim("hole.diameter_m", Given(0.7e-3, 0.7e-3, 0.7e-3, "m"), "upper")
    free = size_hole(case(), onset(record(1.0)), None)
    held = size_hole(case(upper), onset(record(1.0)), None)
    assert free.diameter_m is not None
    assert held.diameter_m is not None
    assert held.diameter_m.median < free.diameter_m.median
    assert held.data[-1].name == "claim c"


def test_a_duration_claim_lengthens_the_leak() -> None:
    long = claim("leak.spray_duration_s", Given(6 * 3600.0, 6 * 3600.0, 6 * 3600.0, "s"), "lower")
    free, held = (size_hole(case(*claims), onset(when=None), picture(0.6e-3, 1.0e-3)) for claims in ((), (long,)))
    assert free.empty_s is not None
    assert held.empty_s is not None
    assert held.empty_s.median > free.empty_s.median


@pytest.mark.slow
def test_the_pipe_bounds_the_hole() -> None:
    hole = size_hole(case(pipe="0.7 mm"), onset(record(1.0)), None)
    assert hole.diameter_m is not None
    assert hole.diameter_m.high <= 0.72e-3


def test_a_loop_below_its_vapour_pressure_is_refused() -> None:
    with pytest.raises(RangeError, match="above the vapour pressure"):
        size_hole(case(pressure="4 kPa"), onset(record(1.0)), None)


def test_an_empty_loop_is_refused() -> None:
    with pytest.raises(ValidationError, match=r"inventory\n.*above zero"):
        case(inventory="0 L")


@pytest.mark.slow
def test_the_same_seed_gives_the_same_answer() -> None:
    one, two = (size_hole(case(), onset(record(1.0)), None) for _ in range(2))
    assert one.diameter_m == two.diameter_m
    assert one.headline == two.headline


@pytest.mark.slow
def test_the_answer_does_not_look_past_the_data() -> None:
    """Samples after the end of the record cannot matter: the record cut there gives the same bytes."""
    whole = record(8.0)
    cut = whole.t_s <= 3600.0
    short = LoopRecord(
        "external", whole.t_s[cut], whole.pressure_Pa[cut], whole.sigma_Pa[cut], whole.temperature_K[cut], 300.0, True
    )
    hole = size_hole(case(), onset(short), None)
    assert hole.mass_gone_kg is not None
    assert hole.mass_gone_kg.high < 25.0


@pytest.mark.slow
def test_the_law_that_answers_must_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    """That one hole fits is no comfort when the answer is drawn from two holes that do not."""

    def two_that_do_not_fit(prepared: Prepared, ones: Sequence[Weighed], rng: np.random.Generator) -> Doubts:
        one = ones[0]
        off = replace(one, scored=one.stage.prior.scored(one.posterior.draws + 1.0))
        return Doubts({}, {"one": 0.0, "a second later": 1.0}, off, ())

    monkeypatch.setattr("whipple.leak.size.weigh_doubts", two_that_do_not_fit)
    monkeypatch.setattr("whipple.leak.size.gas_or_spring", lambda *_: ({"gas": 1.0, "spring": 0.0}, None))
    assert "leak-poor-fit" in codes(size_hole(case(), onset(record(1.0)), None))
