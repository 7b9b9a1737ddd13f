"""Is the true place of a leak in the 95 % region, and is every ambiguous place listed? Simulated momentum on the bundled stack.

Truth: anywhere on the outside of the hull, by area, on all parts of the whole stack that carry air or a fluid (the array wings do not). The
pressure tells which system leaks (a module's own air, an ammonia loop), and the same record is also located without that.
Noise: gyro momentum 2 N m s white at 10 s; environment torque: steady 1 N m an axis, orbital harmonic 0.3 N m, and a random torque
of 0.03 N m with a correlation time of 900 s; thrust known to 5 % (1-sigma); push tilted 0.05 rad an axis from the normal; centre of
mass off by 0.3 m an axis; a jet that strikes structure loses that share and is thrown back in part. 0.1 N, 20 minutes, after 100 quiet ones.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import pytest
from scipy.linalg import expm

from whipple import vehicle
from whipple.casefile.read_case import read_case
from whipple.commands.folders import BUNDLED
from whipple.dynamics.hull import HullPoints, carriers_of, cone_directions, hull_points
from whipple.dynamics.locate import CENTRE_M, TILT_RAD, LeakSites, locate_leak
from whipple.dynamics.torque_fit import DISTURBANCE_NM, DISTURBANCE_S, MomentumRecord, fit_torque
from whipple.errors import RangeError
from whipple.vehicle.sampling import points_in_triangle
from whipple.vehicle.sight import rays_for
from whipple.vehicle.stack import Stack

STEP_S, THRUST_DOUBT, SIGMA_NMS, RATE_RAD_S, TRIALS = 10.0, 0.05, 2.0, 1.13e-3, 200
T_S = np.arange(-6000.0, 1200.0, STEP_S)

#: Ammonia loops of the truss: each has its own accumulator, so its own pressure. Everything else is a module with its own air.
LOOPS = {
    "external loop A": ("radiator.S1_1", "radiator.S1_2", "radiator.S1_3", "truss.starboard_inner"),
    "external loop B": ("radiator.P1_1", "radiator.P1_2", "radiator.P1_3", "truss.port_inner"),
    "loops A and B, centre": ("truss.centre",),
    "array P4": ("radiator.P4", "truss.port_outer"),
    "array P6": ("radiator.P6",),
    "array S4": ("radiator.S4", "truss.starboard_outer"),
    "array S6": ("radiator.S6",),
}


@cache
def stack() -> Stack:
    return vehicle.build(read_case(BUNDLED / "soyuz-ms22"))


@cache
def systems() -> dict[str, tuple[str, ...]]:
    """Every system of the stack with the parts that carry it."""
    found: dict[str, tuple[str, ...]] = dict(LOOPS)
    for part in stack().surfaces.parts:
        if part.module != "truss" and not part.tracks_sun and part.name != "cygnus.array":
            found[part.module] = (*found.get(part.module, ()), part.name)
    return found


@cache
def hull(system: str = "") -> HullPoints:
    names = systems()[system] if system else tuple(name for parts in systems().values() for name in parts)
    return hull_points(stack(), names)


def integrated(torque_Nm: np.ndarray, rate: np.ndarray) -> np.ndarray:
    """March h' = T - w x h by the matrix exponential of a step: not the axes that do not turn, which the room uses."""
    cross = np.array([[0.0, -rate[2], rate[1]], [rate[2], 0.0, -rate[0]], [-rate[1], rate[0], 0.0]])
    both = expm(STEP_S * np.block([[-cross, np.eye(3)], [np.zeros((3, 6))]]))
    held, out = np.zeros(3), []
    for torque in torque_Nm:
        out.append(held)
        held = both[:3, :3] @ held + both[:3, 3:] @ torque
    return np.array(out)


def outside(rng: np.random.Generator, wander_Nm: float) -> np.ndarray:
    """Torque of the surroundings (n, 3): steady, orbital, and wandering."""
    slow, keep = np.zeros((T_S.size, 3)), np.exp(-STEP_S / DISTURBANCE_S)
    slow[0] = rng.normal(0.0, wander_Nm, 3)
    for index in range(1, T_S.size):
        slow[index] = keep * slow[index - 1] + wander_Nm * np.sqrt(1 - keep**2) * rng.standard_normal(3)
    phase, swing = RATE_RAD_S * T_S[:, None], rng.normal(0.0, 0.3, (2, 3))
    return rng.normal(0.0, 1.0, 3) + swing[0] * np.cos(phase) + swing[1] * np.sin(phase) + slow


def pushed(rng: np.random.Generator, place: np.ndarray, normal: np.ndarray, medium: str) -> np.ndarray:
    """Torque over thrust, ray by ray over the jet's cone: what strikes is held, and thrown back off the struck wall."""
    surfaces = stack().surfaces
    along = normal + TILT_RAD * rng.standard_normal(3)
    along /= np.linalg.norm(along)
    centre = stack().centre_of_mass_m + CENTRE_M * rng.standard_normal(3)
    ways = cone_directions(along[None], np.radians(20.0), 200)[:, 0]
    met = rays_for(surfaces).first_hit(
        np.repeat((place + 1e-3 * normal)[None], 200, axis=0), np.ascontiguousarray(ways), np.inf
    )
    hit = met >= 0
    wall = surfaces.normal_body[met[hit]]
    slope = np.sum(ways[hit] * wall, axis=1)
    distance = np.sum((surfaces.vertex_m[surfaces.triangle[met[hit], 0]] - place) * wall, axis=1) / slope
    spot = place + distance[:, None] * ways[hit]
    warm = np.sqrt(np.pi / 2 * rng.uniform(200.0, 340.0)) / (1.852 * np.sqrt(295.0))
    back = warm if medium == "gas" else max(0.0, rng.normal(0.5, 0.5))
    thrown = back * np.cross(spot - centre, wall * np.sign(slope)[:, None]).sum(axis=0) / 200
    return (thrown - np.cross(place - centre, along) * (1 - hit.mean())) * np.exp(THRUST_DOUBT * rng.standard_normal())


@dataclass(frozen=True)
class Trial:
    place: np.ndarray
    system: str
    medium: str
    record: MomentumRecord


def trial(seed: int, system: str = "", wander_Nm: float = float(DISTURBANCE_NM)) -> Trial:
    """A hole anywhere on the outside (of one system, or of the whole stack), and its record."""
    rng, surfaces, points = np.random.default_rng([seed, 4]), stack().surfaces, hull(system)
    facet = points.facet[rng.choice(points.area_m2.size, p=points.area_m2 / points.area_m2.sum())]
    place = points_in_triangle(surfaces.vertex_m[surfaces.triangle[[facet]]], rng.random(1), rng.random(1))[0]
    name = surfaces.parts[surfaces.part_index[facet]].name
    leaking = next(key for key, parts in systems().items() if name in parts)
    medium = "liquid" if leaking in LOOPS else "gas"
    thrust = np.where(T_S > 0, 0.1 * np.exp(-np.maximum(T_S, 0) / 3000.0), 0.0)
    rate = stack().body_from_lvlh @ np.array([0.0, -RATE_RAD_S, 0.0])
    torque = outside(rng, wander_Nm) + thrust[:, None] * pushed(rng, place, surfaces.normal_body[facet], medium)
    held = integrated(torque, rate) + rng.normal(0.0, SIGMA_NMS, (T_S.size, 3))
    return Trial(place, leaking, medium, MomentumRecord(T_S, held, SIGMA_NMS, thrust, THRUST_DOUBT, rate))


@cache
def located(known: bool, count: int = TRIALS) -> tuple[tuple[np.ndarray, LeakSites], ...]:
    found = []
    for seed in range(count):
        one = trial(seed)
        if known:
            sites = locate_leak(stack(), one.record, systems()[one.system], medium=one.medium, hull=hull(one.system))
        else:
            sites = locate_leak(stack(), one.record, hull=hull())
        found.append((one.place, sites))
    return tuple(found)


@pytest.mark.slow
@pytest.mark.parametrize(("known", "likeliest_m"), [(True, 1.0), (False, 3.0)], ids=["system known", "system unknown"])
def test_the_true_site_is_in_the_region_and_listed(known: bool, likeliest_m: float) -> None:
    """Asked by the issue: inside in 95 % of 200 trials, within 1 m (median) of a listed site. With the system known from its pressure the
    most likely site alone is that near; without it several sites share one lever and only a picture decides (docs/theory/dynamics.md)."""
    found = located(known)
    inside = np.array([sites.holds(place) for place, sites in found])
    nearest = np.array([sites.error_m(place) for place, sites in found])
    likeliest = np.array([np.linalg.norm(sites.sites[0].place_m - place) for place, sites in found])
    said = f"inside {inside.mean():.3f}, nearest {np.median(nearest):.2f} m, likeliest {np.median(likeliest):.2f} m"
    assert inside.mean() >= 0.95, said
    assert np.median(nearest) <= 1.0, said
    assert np.median(likeliest) <= likeliest_m, said


@pytest.mark.slow
def test_the_probability_of_the_likeliest_site_is_honest() -> None:
    """The truth lies at the likeliest site (within its reach) about as often as its probability says."""
    found = located(False)
    said = np.mean([sites.sites[0].prob for _, sites in found])
    was = np.mean(
        [np.linalg.norm(sites.sites[0].place_m - place) <= sites.sites[0].radius_m + 0.5 for place, sites in found]
    )
    assert was == pytest.approx(said, abs=0.12)


@pytest.mark.slow
def test_a_rougher_environment_than_expected_is_told_by_the_record() -> None:
    """Wandering torque three times as large as typical: the region widens by itself and still holds the truth."""
    inside = []
    for seed in range(100):
        one = trial(seed, wander_Nm=3 * float(DISTURBANCE_NM))
        sites = locate_leak(stack(), one.record, systems()[one.system], medium=one.medium, hull=hull(one.system))
        inside.append(sites.holds(one.place))
    assert np.mean(inside) >= 0.91  # 0.95 less 1.8 binomial sigmas
    assert fit_torque(one.record).disturbance_Nm > 1.5 * DISTURBANCE_NM


def test_one_leak_is_found_on_its_ship() -> None:
    one = trial(5, "soyuz")
    sites = locate_leak(stack(), one.record, systems()["soyuz"], medium="gas", hull=hull("soyuz"))
    assert sites.holds(one.place)
    assert all(site.part.startswith("soyuz") for site in sites.sites)
    assert sum(site.prob for site in sites.sites) == pytest.approx(0.95, abs=0.02)


def test_ambiguous_places_are_all_listed_and_said() -> None:
    """A torque does not tell places along the same line of push apart: the whole stack gives more than one site."""
    sites = next(
        sites for seed in range(9) if len((sites := locate_leak(stack(), trial(seed).record, hull=hull())).sites) > 1
    )
    assert sites.caveats[-1].code == "dynamics-ambiguous"
    assert [site.prob for site in sites.sites] == sorted((site.prob for site in sites.sites), reverse=True)


def test_missing_mass_properties_widen_the_answer() -> None:
    rate, thrust = np.array([0.0, -RATE_RAD_S, 0.0]), np.where(T_S > 0, 0.1, 0.0)
    held = np.outer(np.maximum(T_S, 0) * 0.1, [1.0, 8.0, 2.0])
    record = MomentumRecord(T_S, held, SIGMA_NMS, thrust, THRUST_DOUBT, rate)
    known, unknown = (locate_leak(one, record, ("soyuz",)) for one in (stack(), replace(stack(), mass_kg=0.0)))
    assert unknown.caveats[0].code == "dynamics-no-mass"
    assert len(unknown.region_m) > len(known.region_m)


def test_the_case_names_the_carriers() -> None:
    names = carriers_of(read_case(BUNDLED / "soyuz-ms22"), stack())
    assert "soyuz.radiator" in names
    assert not any("array" in name for name in names)


def test_a_name_means_its_part_and_a_star_its_module() -> None:
    area = {name: hull_points(stack(), (name,)).area_m2.sum() for name in ("unity", "unity.*", "z1")}
    assert area["unity"] + area["z1"] < area["unity.*"]
    everything = hull_points(stack())
    assert not any(stack().surfaces.parts[index].tracks_sun for index in stack().surfaces.part_index[everything.facet])


def test_only_walls_that_see_space_can_leak() -> None:
    """Rassvet's end, where the Soyuz is docked, is no place for a hole; neither is the inside of the station's row of modules."""
    points = hull("rassvet")
    docked = (points.normal_body[:, 2] > 0.99) & (np.hypot(points.point_m[:, 0] + 12.4, points.point_m[:, 1]) < 0.3)
    assert not docked.any()
    assert points.area_m2.sum() < 52.9
    assert points.free_frac.min() < 0.5 < points.free_frac.max()


def test_bad_records_are_refused() -> None:
    good = MomentumRecord(T_S, np.zeros((T_S.size, 3)), 1.0, np.where(T_S > 0, 0.1, 0.0), 0.05, np.zeros(3))
    with pytest.raises(RangeError, match="thrust above zero"):
        fit_torque(replace(good, thrust_N=np.zeros(T_S.size)))
    with pytest.raises(RangeError, match="at least 10"):
        fit_torque(replace(good, momentum_Nms=np.zeros((3, 3))))
    with pytest.raises(RangeError, match="modules or parts of the shape file"):
        locate_leak(stack(), good, ("nauka2",))
    with pytest.raises(RangeError, match="'gas' or 'liquid'"):
        locate_leak(stack(), good, ("nauka",), medium="plasma")
