"""What the case knows and the watch uses: the revolution of its orbit, the expansion of its liquid; and what is said where it knows neither."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from whipple.casefile.findings.onset import WatchEvent
from whipple.casefile.given import Given
from whipple.casefile.read_case import read_case
from whipple.commands.watch import _from_case
from whipple.telemetry.loop_learn import learn_loop
from whipple.telemetry.rate_forecast import _span
from whipple.telemetry.revolution import ORBIT_S, revolution
from whipple.telemetry.sequential import Samples, WatchedChannel, Watcher, WatchSettings
from whipple.telemetry.watched_record import WatchedRecord, loop_of_case

FOLDER = Path(__file__).parents[3] / "src" / "whipple" / "cases" / "soyuz-ms22"


@pytest.fixture(scope="module")
def case():
    return read_case(FOLDER)


def test_the_revolution_is_that_of_the_element_set(case) -> None:
    period_s, assumed = revolution(case)
    assert assumed is None
    assert 5570.0 < period_s < 5580.0  # ISS in December 2022: 15.50 revolutions a day
    assert _from_case(str(FOLDER))["orbit_s"] == period_s
    assert all(loop.orbit_s == period_s for loop in _from_case(str(FOLDER))["loops"])


@pytest.mark.parametrize("change", [{"elements": "no_such_file.tle"}, {"catalogue_number": 1}])
def test_without_an_orbit_the_revolution_is_assumed_and_said_so(case, change) -> None:
    lost = SimpleNamespace(orbit=case.orbit.model_copy(update=change), path=case.path, epoch=case.epoch)
    period_s, assumed = revolution(lost)
    assert period_s == float(ORBIT_S)
    assert assumed.code == "revolution-assumed"
    assert "which is assumed" in assumed.text


def test_sets_that_are_too_old_to_say_where_still_say_how_long(case) -> None:
    strict = SimpleNamespace(orbit=case.orbit.model_copy(update={"valid_days": 1e-6}), path=case.path, epoch=case.epoch)
    assert revolution(strict)[0] == pytest.approx(revolution(case)[0], rel=1e-3)


def test_an_expansion_that_the_case_gives_counts_with_its_range(case) -> None:
    told = Given(0.9e-3, 0.8e-3, 1.0e-3, "1/K")
    loop = case.loops[0].model_copy(update={"fluid": "unheard of", "expansion_per_K": told})
    watched = loop_of_case(loop, 5574.0)
    assert (watched.expansion_per_K, watched.caveat, watched.orbit_s) == (0.9e-3, "", 5574.0)
    assert watched.expansion_sigma_ratio == pytest.approx(0.1e-3 / 1.6449 / 0.9e-3)
    assert "liquid 'unheard of'" in loop_of_case(loop.model_copy(update={"expansion_per_K": None})).caveat


def test_channels_that_are_not_judged_are_named() -> None:
    names, t_s = ("p", "still", "rare"), np.arange(200.0)
    watch = Watcher(
        WatchSettings(tuple(WatchedChannel(name) for name in names), cadence_s=1.0, lateness_s=0.0, learn_s=150.0)
    )
    index = np.concatenate([np.repeat([0, 1], 200), np.full(3, 2)])
    value = np.concatenate([np.sin(7 * t_s), np.ones(200), np.arange(3.0)])
    order = np.argsort(np.concatenate([t_s, t_s, t_s[:3]]), kind="stable")
    events = watch.update(Samples(index[order], np.concatenate([t_s, t_s, t_s[:3]])[order], value[order]))
    text = next(event.text for event in events if event.kind == "learned")
    assert "1 of 3 channels learned; not judged: still (never moved), rare (hardly heard)" in text
    assert "a revolution of 92.7 min" in text


def test_half_that_may_be_gone_by_now_is_said_so() -> None:
    assert _span(np.array([0.0, 0.0, 400.0])) == "by now, or within 6.7 min"
    assert _span(np.array([60.0, 120.0, 400.0])) == "in 2 min (1 to 6.7)"


def test_the_lag_that_is_taken_for_granted_is_a_caveat_where_the_gas_cools() -> None:
    onset = {"onset_low_s": 1.0, "onset_s": 2.0, "onset_high_s": 3.0}
    for cools, codes in ((0.0, []), (0.3, ["lag-as-learned"])):
        events = (WatchEvent(0.0, "learned", "x", "", {"cools_ratio": cools}), WatchEvent(5.0, "leak", "x", "", onset))
        told = WatchedRecord(events, {}, 10.0, 86400.0).onset_s("x")
        assert [caveat.code for caveat in told.caveats] == codes


def test_a_quiet_stretch_in_which_a_sensor_was_silent_cannot_be_learned() -> None:
    from whipple.telemetry.gas_law import LoopFacts

    with pytest.raises(ValueError, match="never heard"):
        learn_loop(np.zeros((0, 6)), 3, LoopFacts())
