"""The push of a strike from what was felt: the equations, what is refused, and what is said where evidence is missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from whipple import vehicle
from whipple.casefile.case import Case
from whipple.casefile.codec import decode, encode
from whipple.casefile.estimate import Array, Caveat
from whipple.casefile.findings.push import StrikePush
from whipple.casefile.given import Given
from whipple.casefile.read_case import read_case
from whipple.casefile.tables.channel import ChannelTable
from whipple.casefile.tables.claim import ClaimTable
from whipple.dynamics import feel_push
from whipple.dynamics.rigid_body import body_rates_rad_s
from whipple.dynamics.strike import Felt, Pushed, Shots, felt_per_kg, handed_per_kg, solve_strike
from whipple.dynamics.strike_answer import felt_of, strike_push
from whipple.dynamics.strike_shots import arrivals, hull_shots
from whipple.errors import RangeError
from whipple.vehicle.stack import Stack

NO_HOLE: Any = SimpleNamespace(thrust_N=None, impulse_Ns=None, history=None)
TEMPLATE = Path(vehicle.__file__).parents[1] / "cases" / "template"
RATE_RAD_S = 1.1e-3
INERTIA = np.diag([2000.0, 8000.0, 9000.0])


@pytest.fixture(scope="module")
def case() -> Case:
    return read_case(TEMPLATE)


@pytest.fixture(scope="module")
def stack(case: Case) -> Stack:
    return vehicle.build(case)


def said(about: str, value: float, spread: float) -> ClaimTable:
    claim = ClaimTable(
        id=about, about=about, says="typed", said_by="a test", said_on=datetime(2023, 1, 1, tzinfo=UTC), use="evidence",
        source="example",
    )  # fmt: skip
    return claim.model_copy(update={"value": Given(value, value - spread, value + spread, "")})


def on_array(case: Case, *claims: ClaimTable) -> tuple[Case, Stack]:
    """The template with its starboard array as the suspect part, and these claims."""
    changed = case.vehicle.model_copy(update={"site_part": "bus.array_starboard"})
    touched = replace(case, vehicle=changed, claims=claims)
    return touched, vehicle.build(touched)


def test_a_strike_turns_a_body_as_the_equations_of_motion_do() -> None:
    """Authority: the rigid body of this room (itself tested on JEOD), under a torque r x p / T that lasts a moment T."""
    inertia = np.array([[2000.0, 30.0, -20.0], [30.0, 8000.0, 50.0], [-20.0, 50.0, 9000.0]])
    lever, handed, short_s = np.array([1.0, 5.0, -0.5]), np.array([-2.0, 0.4, 0.7]), 1e-6
    torque = np.cross(lever, handed) / short_s
    rates = body_rates_rad_s(inertia, [(0.0, short_s, lambda _: torque)], np.array([short_s]))[-1]
    felt = [Felt("turn", axis, Given(0.0, -1.0, 1.0, "rad/s")) for axis in range(3)]
    body = Pushed(np.ones(1), inertia[None], np.eye(3))
    assert felt_per_kg(felt, handed[None], lever[None], body)[0] == pytest.approx(rates, rel=1e-6)


def test_momentum_is_kept_and_never_turned_round() -> None:
    """With nothing thrown back and all caught, the body takes what the particle brought; ejecta only add along the inward normal."""
    rng = np.random.default_rng(2)
    normal = rng.standard_normal((50, 3))
    normal /= np.linalg.norm(normal, axis=1)[:, None]
    fly = rng.standard_normal((50, 3))
    fly -= 2 * np.maximum(np.sum(fly * normal, axis=1), 0)[:, None] * normal
    assert handed_per_kg(fly, normal, np.ones(50), np.ones(50)) == pytest.approx(fly)
    more = handed_per_kg(fly, normal, np.ones(50), np.full(50, 3.0)) - fly
    assert np.cross(more, normal) == pytest.approx(np.zeros((50, 3)), abs=1e-12)
    assert (np.sum(more * normal, axis=1) <= 0).all()


def test_speed_change_is_read_in_lvlh_and_turn_in_the_body() -> None:
    """A body turned by 90 deg about Z: its own +X looks to starboard."""
    turned = np.array([[0.0, 1.0, 0.0], [-1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
    body = Pushed(np.full(1, 10.0), INERTIA[None], turned)
    felt = [Felt("speed", axis, Given(0.0, -1.0, 1.0, "m/s")) for axis in range(3)]
    assert felt_per_kg(felt, np.array([[5.0, 0.0, 0.0]]), np.zeros((1, 3)), body)[0] == pytest.approx([0.0, 0.5, 0.0])


def known_shots(count: int) -> Shots:
    fly = np.tile([-1e4, 0.0, 0.0], (count, 1))
    lever, normal = np.tile([0.0, 5.0, 0.0], (count, 1)), np.tile([1.0, 0.0, 0.0], (count, 1))
    return Shots(fly, lever, normal, np.ones(count), np.full(count, 2700.0), np.zeros(count, dtype=np.int64))


def test_impulse_is_mass_times_change_of_speed() -> None:
    body = Pushed(np.full(4000, 2000.0), np.broadcast_to(INERTIA, (4000, 3, 3)), np.eye(3))
    felt = [Felt("speed", 0, Given(-1e-3, -1.01e-3, -0.99e-3, "m/s"))]
    found = solve_strike(felt, known_shots(4000), body, np.random.default_rng(1))
    assert found is not None
    assert np.median(found.impulse_body_Ns[:, 0]) == pytest.approx(-2.0, rel=2e-3)
    assert found.mass_kg.max() < 2.0 / 1e4 / 0.1 * 1.05, "no wall keeps less than a tenth"
    assert found.mass_kg.min() > 2.0 / 1e4 / 4.0 * 0.95, "nor throws back more than three times what it caught"


def test_a_pull_is_no_strike_and_a_size_alone_tries_both_ways() -> None:
    body = Pushed(np.full(500, 2000.0), np.broadcast_to(INERTIA, (500, 3, 3)), np.eye(3))
    shots, rng = known_shots(500), np.random.default_rng(1)
    pulled = Felt("speed", 0, Given(1e-3, 0.99e-3, 1.01e-3, "m/s"))
    assert solve_strike([pulled], shots, body, rng) is None
    either = solve_strike([replace(pulled, signed=False)], shots, body, rng)
    assert either is not None
    assert (either.impulse_body_Ns[:, 0] < 0).all()


def test_what_contradicts_itself_is_called_a_misfit() -> None:
    """Backward and turned the wrong way for a strike on the starboard side."""
    body = Pushed(np.full(500, 2000.0), np.broadcast_to(INERTIA, (500, 3, 3)), np.eye(3))
    slowed = Felt("speed", 0, Given(-1e-3, -1.02e-3, -0.98e-3, "m/s"))
    right, wrong = (Felt("turn", 2, Given(w, w - 2e-5, w + 2e-5, "rad/s")) for w in (10 / 9000, -4 / 9000))
    good, bad = (
        solve_strike([slowed, one], known_shots(500), body, np.random.default_rng(1)) for one in (right, wrong)
    )
    assert good is not None
    assert bad is not None
    assert good.misfit_ratio < 1.0 < 100.0 < bad.misfit_ratio


def test_refusals() -> None:
    with pytest.raises(RangeError, match="without a range"):
        _ = Felt("speed", 0, Given(1e-3, 1e-3, 1e-3, "m/s")).sigma
    body = Pushed(np.ones(1), INERTIA[None], np.eye(3))
    with pytest.raises(RangeError, match="a component of the change of speed"):
        solve_strike([], known_shots(1), body, np.random.default_rng(1))
    with pytest.raises(RangeError, match="one of: debris, meteoroid"):
        arrivals("snow", RATE_RAD_S, np.random.default_rng(1), 3)
    with pytest.raises(RangeError, match="above zero"):
        arrivals("debris", 0.0, np.random.default_rng(1), 3)


def test_arrivals_are_where_they_can_be() -> None:
    rng = np.random.default_rng(5)
    debris, often = arrivals("debris", 1.06e-3, rng, 4000)
    assert (debris[:, 0] <= 0).all(), "nothing on a circular orbit overtakes from behind"
    assert often.mean() == pytest.approx(1.0)
    meteoroids, _ = arrivals("meteoroid", 1.06e-3, rng, 4000)
    came_from = -(meteoroids + np.array([7.5e3, 0.0, 0.0]))
    down = came_from[:, 2] / np.linalg.norm(came_from, axis=1)
    assert down.max() < 0.45, "the Earth, 26 deg below the horizon at 700 km, stops those from below"


def test_shots_strike_the_facets_asked_for_from_outside(stack: Stack) -> None:
    facets = stack.surfaces.of_part("bus.array_port")[np.zeros(300, dtype=int)]
    shots = hull_shots(
        stack.surfaces,
        facets,
        np.zeros((300, 3)),
        stack.body_from_lvlh,
        "meteoroid",
        RATE_RAD_S,
        np.random.default_rng(3),
    )
    off = np.sum((shots.lever_m - stack.surfaces.centroid_m[facets[0]]) * shots.normal, axis=1)
    assert off == pytest.approx(np.zeros(300), abs=1e-9), "points lie in the facet"
    inward = np.sum(shots.velocity_m_s * shots.normal, axis=1) < 0
    assert ((shots.weight > 0) == inward).all()


def test_a_case_names_what_was_felt(case: Case) -> None:
    claims = (said("strike.forward_m_s", -7e-4, 1e-4), said("strike.yaw_size_rad_s", 7e-4, 1e-4))
    touched = replace(case, claims=claims)
    felt = felt_of(touched)
    assert [(one.kind, one.axis, one.signed) for one in felt] == [("speed", 0, True), ("turn", 2, False)]
    strike, _ = strike_push(touched, vehicle.build(touched), felt, RATE_RAD_S, np.random.default_rng(1))
    assert strike is not None
    assert strike.felt[0].startswith("forward -0.7 mm/s (")
    assert "yaw 0.04 deg/s either way" in strike.felt[1]


def test_a_record_speaks_before_a_claim_unless_it_was_made_up(case: Case) -> None:
    claimed = replace(case, claims=(said("strike.yaw_rad_s", 7e-4, 1e-4),))
    real = Felt("turn", 2, Given(5e-4, 4e-4, 6e-4, "rad/s"))
    assert felt_of(claimed, (real,)) == (real,)
    (kept,) = felt_of(claimed, (replace(real, simulated=True),))
    assert kept.value.value == 7e-4
    assert felt_of(case, (replace(real, simulated=True),))[0].simulated, (
        "with nothing else a made-up one is shown as such"
    )


def recorded(case: Case, folder: Path, yaw_step_rad_s: float) -> Case:
    """The case with a record of body rates, 2 s apart, that steps in yaw at the epoch; nothing leaks."""
    rng, t_s = np.random.default_rng(4), np.arange(-300.0, 300.0, 2.0)
    rates = rng.normal(0.0, 2e-6, (t_s.size, 3)) + np.outer(t_s > 0, [0.0, 0.0, yaw_step_rad_s])
    rows = "\n".join(",".join(f"{x:.9g}" for x in row) for row in np.column_stack([t_s, rates]))
    (folder / "rates.csv").write_text(f"time,roll,pitch,yaw\n{rows}\n")
    tables = tuple(
        ChannelTable(
            name=f"{axis} rate", file="rates.csv", column=axis, unit="rad/s", measures="rate", source="example"
        )
        for axis in ("roll", "pitch", "yaw")
    )
    return replace(case, folder=folder, channels=tables, loops=())


def test_without_a_leak_the_rate_record_is_read_and_its_step_becomes_a_strike(case: Case, tmp_path: Path) -> None:
    """Slowed by 1 mm/s (a claim) and turned to starboard (the record): struck on the starboard array."""
    touched, stack = on_array(case, said("strike.forward_m_s", -1e-3, 1e-4))
    push = feel_push(recorded(touched, tmp_path, 1.6e-3), stack, NO_HOLE)
    assert push.kick.startswith("The body rates stepped by")
    assert push.strike is not None
    assert len(push.strike.felt) == 4
    assert push.strike.parts[0] == "bus.array_starboard"


def test_a_record_without_a_step_bounds_the_kick_and_claims_no_strike(case: Case, stack: Stack, tmp_path: Path) -> None:
    push = feel_push(recorded(case, tmp_path, 0.0), stack, NO_HOLE)
    assert push.strike is None
    assert push.kick.startswith("No step in the body rates was seen.")


def test_without_mass_properties_a_caveat(case: Case, stack: Stack) -> None:
    felt, light = (Felt("speed", 0, Given(-7e-4, -8e-4, -6e-4, "m/s")),), replace(stack, inertia_kg_m2=np.zeros((3, 3)))
    none, (note,) = strike_push(case, light, felt, RATE_RAD_S, np.random.default_rng(1))
    assert none is None
    assert note.code == "dynamics-strike-no-mass"


Struck = tuple[StrikePush | None, tuple[Caveat, ...]]


@pytest.fixture(scope="module")
def struck(case: Case) -> Struck:
    touched, stack = on_array(case, said("strike.forward_m_s", -1e-3, 1e-4), said("strike.yaw_rad_s", 1.6e-3, 2e-4))
    return strike_push(touched, stack, felt_of(touched), RATE_RAD_S, np.random.default_rng(1))


def test_the_answer_names_part_momentum_and_particles(struck: Struck) -> None:
    """A satellite slowed by 1 mm/s and turned to starboard was struck from ahead on its starboard side."""
    strike, caveats = struck
    assert strike is not None
    assert [one.kind for one in strike.particles] == ["debris", "meteoroid"]
    debris = strike.particles[0]
    assert debris.impulse_lvlh_Ns[0].median == pytest.approx(-3.0, rel=0.1)
    assert debris.mass_kg.high / debris.mass_kg.low > 5, "what a thin wall keeps is hardly known"
    assert strike.parts[0] == "bus.array_starboard"
    assert sum(strike.part_prob) == pytest.approx(1.0)
    assert dict(zip(strike.parts, strike.part_prob, strict=True)).get("bus.array_port", 0.0) < 0.02
    assert {"dynamics-strike-kept", "dynamics-strike-flux", "dynamics-strike-rigid"} <= {note.code for note in caveats}
    assert "N·s" in strike.sentence


def test_a_strike_alone_leads_the_answer_of_the_room(case: Case) -> None:
    """No loop and no leak: the room answers with the strike, and nothing of a jet is said."""
    touched, stack = on_array(case, said("strike.forward_m_s", -1e-3, 1e-4), said("strike.yaw_rad_s", 1.6e-3, 2e-4))
    bare = replace(touched, loops=())
    push = feel_push(bare, stack, NO_HOLE)
    assert push.force_N is None
    assert push.strike is not None
    assert push.headline == push.strike.sentence
    assert push.strike.felt[0].startswith("forward -1 mm/s")
    assert not any(note.code == "dynamics-no-thrust" for note in push.caveats)
    assert "jet" not in push.headline


def test_the_finding_survives_the_notebook(struck: Struck) -> None:
    strike, _ = struck
    assert strike is not None
    arrays: dict[str, Array] = {}
    again = decode(StrikePush, encode(strike, arrays), arrays)
    assert again.sentence == strike.sentence
    assert again.particles[0].mass_kg.median == strike.particles[0].mass_kg.median
