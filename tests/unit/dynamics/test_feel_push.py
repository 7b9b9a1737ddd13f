"""Does the room turn a hole into a push, and cope with what is missing?"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from whipple.casefile.estimate import Estimate
from whipple.casefile.findings.hole import Hole, LeakHistory
from whipple.casefile.given import Given
from whipple.dynamics import body_rates_rad_s, feel_push
from whipple.dynamics.gravity_gradient import point_mass_torque_Nm, stiffness_Nm_rad
from whipple.dynamics.momentum import saturation_time_s
from whipple.errors import RangeError
from whipple.vehicle.stack import Stack
from whipple.vehicle.surfaces import Part, Surfaces

INERTIA = np.diag([1.02e8, 0.91e8, 1.64e8])
T_S = np.linspace(0.0, 7200.0, 121)
STEADY = np.tile(np.where(T_S < 7200.0, 0.2, 0.2), (3, 1))


@dataclass(frozen=True)
class BareCase:
    """What the room asks of a case, and nothing else; the element file does not exist."""

    channels: tuple[Any, ...] = ()
    capacity: tuple[Given, ...] = (Given(18970.0, 18970.0, 18970.0, "N*m*s"),)
    orbit: Any = field(default_factory=lambda: SimpleNamespace(elements="absent.tle", manoeuvre=(), valid_days=5.0))

    @property
    def vehicle(self) -> Any:
        return SimpleNamespace(
            centre_of_mass_spread_m=Given(0.0, -0.01, 0.01, "m"), source="case", mass_kg=Given(4e5, 4e5, 4e5, "kg"), gyro_capacity_Nms=self.capacity
        )  # fmt: skip

    def path(self, name: str) -> Path:
        return Path("/nowhere") / name

    def evidence(self, about: str) -> tuple[Any, ...]:
        return ()

    def rng(self, room: str) -> np.random.Generator:
        return np.random.default_rng(2)


def stack(normal: tuple[float, float, float], site: tuple[float, float, float]) -> Stack:
    """A plate at the site that faces along the normal, and nothing else."""
    out, place = np.array(normal), np.array(site)
    first = np.array([out[2], out[0], out[1]])
    corners = place + np.array([first, np.cross(out, first), -first - np.cross(out, first)])
    plate = Part("radiator", "ship", "", 0, 0, 0, 0.5, 0.5, 290, "none")
    surfaces = Surfaces.from_triangles(np.vstack([corners, corners]), [[0, 1, 2], [5, 4, 3]], [0, 0], [plate])
    return Stack(surfaces, np.eye(3), "radiator", place, out[None], np.array([1.0]), np.zeros(3), INERTIA, 4e5)


def exactly(value: float, unit: str) -> Estimate:
    return Estimate.from_samples(np.full(1000, value), unit)


def hole() -> Hole:
    return Hole(
        "external", None, None, (), {}, None, None, exactly(0.2, "N"), exactly(0.2 * 7200.0, "N*s"), None, None, None,
        LeakHistory(T_S, STEADY, STEADY, STEADY, STEADY), False, "",
    )  # fmt: skip


def test_force_is_opposite_to_the_jet_and_torque_follows() -> None:
    """Hole 10 m below the centre of mass (nadir +Z), jet to starboard: force to port, torque about ram."""
    push = feel_push(BareCase(), stack((0.0, 1.0, 0.0), (0.0, 0.0, 10.0)), hole())  # type: ignore[arg-type]
    assert push.force_lvlh_N[1].median == pytest.approx(-0.22, rel=0.02)
    assert push.torque_lvlh_Nm[0].median == pytest.approx(2.2, rel=0.02)
    assert push.arm_m is not None
    assert push.arm_m.median == pytest.approx(10.0, rel=1e-3)
    assert push.speed_change_m_s is not None
    assert push.speed_change_m_s.median == pytest.approx(0.22 * 7200 / 4e5, rel=0.03)


def test_roll_stays_below_its_bound_and_pitch_adds_up() -> None:
    rolled = feel_push(BareCase(), stack((0.0, 1.0, 0.0), (0.0, 0.0, 10.0)), hole())  # type: ignore[arg-type]
    pitched = feel_push(BareCase(), stack((1.0, 0.0, 0.0), (0.0, 0.0, 10.0)), hole())  # type: ignore[arg-type]
    assert rolled.peak_momentum_Nms is not None
    assert pitched.peak_momentum_Nms is not None
    assert rolled.peak_momentum_Nms.median <= 2 * 2.2 / 1.13115e-3 * 1.03
    assert pitched.peak_momentum_Nms.median == pytest.approx(2.2 * 7200, rel=0.03)
    assert "cannot build up" in rolled.accumulates.replace("build up:", "build up")


def test_tilt_is_torque_over_stiffness() -> None:
    push = feel_push(BareCase(), stack((1.0, 0.0, 0.0), (0.0, 0.0, 10.0)), hole())  # type: ignore[arg-type]
    _, pitch = stiffness_Nm_rad(np.diag([1.02e8, 0.91e8, 1.64e8]), 1.13115e-3)
    assert push.tilt_rad is not None
    assert push.tilt_rad.median == pytest.approx(2.2 / abs(pitch), rel=0.03)


def test_saturation_counts_every_published_capacity() -> None:
    both = (Given(1.0, 1.0, 1.0, "N*m*s"), Given(1e9, 1e9, 1e9, "N*m*s"))
    push = feel_push(BareCase(capacity=both), stack((1.0, 0.0, 0.0), (0.0, 0.0, 10.0)), hole())  # type: ignore[arg-type]
    assert push.saturated_prob == pytest.approx(0.5)


def test_it_says_when_the_gyros_are_full_and_what_to_do() -> None:
    small = (Given(5000.0, 5000.0, 5000.0, "N*m*s"),)
    push = feel_push(BareCase(capacity=small), stack((1.0, 0.0, 0.0), (0.0, 0.0, 10.0)), hole())  # type: ignore[arg-type]
    assert push.saturates_s is not None
    assert push.saturates_s.median == pytest.approx(5000.0 / 2.2, rel=0.05)
    assert push.desaturation_kg is not None
    assert 0 < push.desaturation_kg.median < 2
    assert push.advice.startswith("Tilt by ")
    easy = feel_push(BareCase(), stack((1.0, 0.0, 0.0), (0.0, 0.0, 10.0)), hole())  # type: ignore[arg-type]
    assert easy.saturates_s is None
    assert easy.saturated_prob == 0.0


def test_headline_advice_and_air_say_one_thing() -> None:
    """Jet and air in a hold that is never unloaded fill the gyros, the jet alone does not: nobody says that nothing needs doing."""
    big = (Given(18970.0, 18970.0, 18970.0, "N*m*s"),)
    plate = stack((1.0, 0.0, 0.0), (0.0, 0.0, 10.0))
    windy = replace(
        plate, centre_of_mass_m=np.array([0.0, 0.0, -150.0]), site_m=plate.site_m - np.array([0.0, 0.0, 150.0])
    )
    for seen in (plate, windy):
        push = feel_push(BareCase(capacity=big), seen, hole())  # type: ignore[arg-type]
        assert push.managed_peak_Nms is not None
        assert push.peak_momentum_Nms is not None
        assert push.peak_with_air_Nms is not None
        assert push.managed_peak_Nms.high < push.peak_momentum_Nms.high < 18970.0
        fills = push.peak_with_air_Nms.high > 18970.0
        assert fills == ("keep managing momentum" in push.advice)
        assert fills == (not push.advice.startswith("Nothing needs doing"))
        assert f"{push.peak_with_air_Nms.high:.0f}" in push.advice
        assert f"{push.managed_peak_Nms.median:.0f}" in push.headline
        assert "by itself" in push.headline.lower()


def test_missing_pieces_are_said() -> None:
    seen = stack((1.0, 0.0, 0.0), (0.0, 0.0, 10.0))
    nothing = feel_push(BareCase(), seen, replace(hole(), thrust_N=None))  # type: ignore[arg-type]
    assert nothing.force_N is None
    assert nothing.caveats[0].code == "dynamics-no-thrust"
    bare = feel_push(BareCase(capacity=()), replace(seen, inertia_kg_m2=np.zeros((3, 3)), mass_kg=0.0), hole())  # type: ignore[arg-type]
    found = {caveat.code for caveat in bare.caveats}
    assert {"dynamics-no-mass", "dynamics-no-capacity", "dynamics-orbit-rate"} <= found
    assert bare.tilt_rad is None
    assert bare.speed_change_m_s is None
    assert bare.saturated_prob is None


def test_impossible_bodies_and_gyros_are_refused() -> None:
    with pytest.raises(RangeError, match="principal moments above zero"):
        body_rates_rad_s(np.diag([1.0, -1.0, 1.0]), [(0.0, 1.0, lambda t: np.zeros(3))], np.array([1.0]))
    with pytest.raises(RangeError, match="0 to 1 s"):
        body_rates_rad_s(np.eye(3), [(0.0, 1.0, lambda t: np.zeros(3))], np.array([2.0]))
    with pytest.raises(RangeError, match="0 to the capacity"):
        saturation_time_s(10.0, 1.0, held_Nms=11.0)


def test_gravity_torque_vanishes_along_a_principal_axis() -> None:
    assert point_mass_torque_Nm(np.diag([1.0, 2.0, 3.0]), np.array([0.0, 0.0, 1.0]), 1e-3).tolist() == [0.0, 0.0, 0.0]


def test_air_and_disputed_capacities_are_in_the_answer() -> None:
    both = (Given(4880.0, 4880.0, 4880.0, "N*m*s", "boeing"), Given(4742.5, 4742.5, 4742.5, "N*m*s", "frost"))
    push = feel_push(BareCase(capacity=both), stack((1.0, 0.0, 0.0), (0.0, 0.0, 10.0)), hole())  # type: ignore[arg-type]
    codes = {caveat.code for caveat in push.caveats}
    assert {"dynamics-capacity-disputed", "dynamics-air", "dynamics-free-jet"} <= codes
    assert push.peak_with_air_Nms is not None
    assert push.peak_momentum_Nms is not None
    assert push.peak_with_air_Nms.high > push.peak_momentum_Nms.median
    assert push.sunlight_torque_Nm is not None
    same = (Given(4880.0, 4880.0, 4880.0, "N*m*s"), Given(4.9e3, 4.9e3, 4.9e3, "N*m*s"))
    agreed = feel_push(BareCase(capacity=same), stack((1.0, 0.0, 0.0), (0.0, 0.0, 10.0)), hole())  # type: ignore[arg-type]
    assert "dynamics-capacity-disputed" not in {caveat.code for caveat in agreed.caveats}


def test_a_jet_against_a_wall_pushes_less_and_missing_mass_widens() -> None:
    free = stack((0.0, 1.0, 0.0), (0.0, 0.0, 10.0))
    wall = np.array([[-9.0, 3.0, 1.0], [9.0, 3.0, 1.0], [9.0, 3.0, 19.0], [-9.0, 3.0, 19.0]])
    old = free.surfaces
    surfaces = Surfaces.from_triangles(
        np.vstack([old.vertex_m, wall]), np.vstack([old.triangle, len(old.vertex_m) + np.array([[0, 1, 2], [0, 2, 3]])]),
        [0, 0, 1, 1], [*old.parts, replace(old.parts[0], name="wall")],
    )  # fmt: skip
    caught = feel_push(BareCase(), replace(free, surfaces=surfaces), hole())  # type: ignore[arg-type]
    assert "dynamics-struck" in {caveat.code for caveat in caught.caveats}
    assert caught.force_N is not None
    assert caught.force_N.median < 0.15  # 0.22 N if nothing stood in the way; what is left is the recoil
    blind = feel_push(BareCase(), replace(free, mass_kg=0.0), hole())  # type: ignore[arg-type]
    seen = feel_push(BareCase(), free, hole())  # type: ignore[arg-type]
    assert blind.arm_m is not None
    assert seen.arm_m is not None
    assert blind.arm_m.high - blind.arm_m.low > 5 * (seen.arm_m.high - seen.arm_m.low)
    with pytest.raises(RangeError, match="none above the sum"):
        feel_push(BareCase(), replace(free, inertia_kg_m2=np.diag([1.0, 1.0, 3.0])), hole())  # type: ignore[arg-type]
