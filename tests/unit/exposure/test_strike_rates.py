"""A cube in a sky made by hand: rates, shadows, punctures and intervals have closed forms."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import whipple
from whipple.casefile.case import Case
from whipple.casefile.estimate import Estimate
from whipple.casefile.findings.sky import OrbitFacts, ShowerTrack, Sky, Stream
from whipple.casefile.read_case import read_case
from whipple.exposure import strike_rates
from whipple.exposure.openness import view_by_part
from whipple.vehicle.shapes import Triangles, box
from whipple.vehicle.sight import rays_for
from whipple.vehicle.stack import Stack
from whipple.vehicle.surfaces import Part, Surfaces

FLUX = 4e-6
MASS = np.array([1e-12, 1e-9, 1e-6, 1e-3])
T_S = np.arange(0.0, 600.0, 60.0)


@cache
def case() -> Case:
    return read_case(Path(whipple.__file__).parent / "cases" / "soyuz-ms22")


def part(name: str, wall_m: float = 1e-3) -> Part:
    return Part(name, "m", "AMg6", wall_m, 0.0, 0.0, 0.5, 0.5, 290.0, "none", name == "wing")


def stack(*boxes, parts=("cube",), normals=((1.0, 0.0, 0.0),)) -> Stack:
    shapes = [Triangles(box(size).vertex_m + np.asarray(at), box(size).triangle) for size, at in boxes]
    starts = np.cumsum([0] + [len(shape.vertex_m) for shape in shapes])
    faces = np.vstack([shape.triangle + start for shape, start in zip(shapes, starts, strict=False)])
    index = np.repeat(np.arange(len(shapes)), 12)
    surfaces = Surfaces.from_triangles(
        np.vstack([s.vertex_m for s in shapes]),
        faces,
        index,
        [part(name, 0.0 if name == "wing" else 1e-3) for name in parts],
    )
    weight = np.full(len(normals), 1 / len(normals))
    return Stack(surfaces, np.eye(3), parts[0], np.zeros(3), np.array(normals), weight, np.zeros(3), np.eye(3), 1.0)


CUBE = (([1.0, 1.0, 1.0], [0.0, 0.0, 0.0]),)


def directions(count: int = 2000) -> np.ndarray:
    i = np.arange(count) + 0.5
    height, turn = 1 - 2 * i / count, np.pi * (1 + 5**0.5) * i
    level = np.sqrt(1 - height**2)
    return np.column_stack([level * np.cos(turn), level * np.sin(turn), height])


def stream(name: str, flux: np.ndarray, kind: str = "sporadic", mass: np.ndarray = MASS) -> Stream:
    return Stream(
        name,
        kind,
        kind,
        flux,
        1e-6,
        mass,
        (mass / 1e-6) ** -1.0,
        np.array([1000.0, 3000.0]),
        np.array([0.25, 0.75]),
        2.0,
        ("by hand",),
        ("none",),
    )


def track(direction, name="GEM", visible=1.0, speed=30e3) -> ShowerTrack:
    way = np.broadcast_to(np.asarray(direction, dtype=float), (len(T_S), 3))
    return ShowerTrack(
        name,
        name,
        0.0,
        0.0,
        Estimate.exactly(1.0, "1/hour"),
        2.0,
        np.full(len(T_S), speed),
        way,
        np.full(len(T_S), visible),
        (),
    )


def sky(*streams, showers=(), ways=None) -> Sky:
    ways = directions() if ways is None else ways
    zero = np.zeros((len(T_S), 3))
    orbit = OrbitFacts("", (), T_S, zero, zero, zero, np.ones(len(T_S)), 0, 0, 0, 0, 4e5, 5500.0, 0.0)
    return Sky(
        orbit,
        ways,
        np.full(len(ways), 4 * np.pi / len(ways)),
        np.array([10e3, 30e3]),
        tuple(streams),
        tuple(showers),
        np.zeros(1),
        np.zeros(1),
        "",
    )


def isotropic(count: int = 2000) -> np.ndarray:
    flux = np.zeros((count, 2))
    flux[:, 1] = FLUX / count
    return flux


def never(part, speed, angle, density):
    return None


def test_an_isotropic_flux_gives_a_quarter_on_every_face_of_a_cube():
    found = strike_rates(case(), stack(*CUBE), sky(stream("all", isotropic())), never)
    assert found.facet_strike_per_m2_s == pytest.approx(np.full((1, 12), FLUX / 4 * 1000), rel=2e-3)
    (rate,) = found.parts
    assert rate.strike_per_s.median == pytest.approx(6 * FLUX / 4 * 1000, rel=2e-3)
    assert rate.mean_speed_m_s == pytest.approx(30e3)
    assert np.degrees(rate.mean_incidence_rad) == pytest.approx(45.0, abs=0.3)
    assert rate.puncture_per_s is None
    assert rate.mass_kg == pytest.approx(1e-9)
    assert rate.strike_per_s.high / rate.strike_per_s.median == pytest.approx(2**1.6449, rel=1e-3)
    assert found.site_flux_per_m2_s.shape == (1, 1, 2)
    assert found.site_flux_per_m2_s[0, 0].tolist() == pytest.approx([0.0, FLUX / 4], rel=2e-3)


def test_a_wall_in_front_hides_the_half_it_covers():
    wall = ([0.1, 400.0, 400.0], [0.8, 0.0, 0.0])
    found = strike_rates(case(), stack(*CUBE, wall, parts=("cube", "wing")), sky(stream("all", isotropic())), never)
    assert found.site_open[0][directions()[:, 0] > 0.01].max() == 0.0
    assert found.site_flux_per_m2_s.sum() < 1e-5 * FLUX
    assert any(caveat.code == "arrays-fixed" for caveat in found.caveats)
    aft = found.facet_strike_per_m2_s[0, :12][stack(*CUBE).surfaces.normal_body[:, 0] < -0.9]
    assert aft == pytest.approx(FLUX / 4 * 1000, rel=2e-3)


def test_punctures_count_what_is_heavier_than_the_critical_particle():
    def critical(one, speed_m_s, incidence_rad, density_kg_m3):
        assert speed_m_s.shape == incidence_rad.shape == density_kg_m3.shape
        return None if one.wall_m == 0 else (6 * 1e-7 / np.pi / density_kg_m3) ** (1 / 3)

    found = strike_rates(case(), stack(*CUBE), sky(stream("all", isotropic())), critical)
    assert found.parts[0].puncture_per_s is not None
    assert found.parts[0].puncture_per_s.median == pytest.approx(found.parts[0].strike_per_s.median / 100, rel=1e-9)


def test_the_suspect_part_is_asked_about_with_the_wall_of_the_case():
    """The shape file's 3 mm were pierced in this room and the case's 1 mm in the impact room: two walls of one part."""
    asked = {}

    def critical(one, speed_m_s, incidence_rad, density_kg_m3):
        asked[one.name] = one.wall_m

    vehicle = stack(*CUBE, ([1.0, 1.0, 1.0], [0.0, 9.0, 0.0]), parts=("soyuz.radiator", "cube"))
    vehicle = replace(
        vehicle, surfaces=replace(vehicle.surfaces, parts=tuple(part(one.name, 3e-3) for one in vehicle.surfaces.parts))
    )
    strike_rates(case(), vehicle, sky(stream("all", isotropic())), critical)
    assert asked == {"soyuz.radiator": 1e-3, "cube": 3e-3}


def test_a_wall_that_nothing_pierces():
    found = strike_rates(case(), stack(*CUBE), sky(stream("all", isotropic())), lambda *a: np.full(a[1].shape, np.inf))
    assert found.parts[0].puncture_per_s is not None
    assert found.parts[0].puncture_per_s.high == 0.0


def test_a_stream_that_starts_above_a_microgram_is_counted_from_its_lightest_and_says_so():
    found = strike_rates(case(), stack(*CUBE), sky(stream("heavy", isotropic(), "debris", MASS[2:])), never)
    assert found.parts[0].mass_kg == pytest.approx(1e-6)
    assert any(caveat.code == "mass-range" for caveat in found.caveats)


def test_the_size_law_goes_on_beyond_its_table():
    ratio = stream("all", isotropic()).heavier_than([1e-13, 1e-7, 1.0])
    assert ratio.tolist() == pytest.approx([1e7, 10.0, 1e-6])


def test_an_empty_sky_answers_with_a_caveat():
    found = strike_rates(case(), stack(*CUBE), sky(), never)
    assert found.parts == ()
    assert found.showers == ()
    assert found.site_flux_per_m2_s.shape == (0, 1, 2)
    assert any(caveat.code == "no-streams" for caveat in found.caveats)
    assert "nothing can be said" in found.headline


def test_a_shower_is_followed_along_its_track_not_through_its_cells():
    flux = np.zeros((2000, 2))
    flux[:, 1] = FLUX / 2000  # smeared over the whole sky on purpose
    beams = [stream("GEM", flux, "shower"), stream("COM", flux, "shower")]
    behind, front = track([-1.0, 0.0, 0.0]), track([0.6, 0.8, 0.0], "COM")
    found = strike_rates(case(), stack(*CUBE), sky(*beams, showers=(behind, front)), never)
    assert found.site_flux_per_m2_s[0].sum() == 0.0
    assert found.site_flux_per_m2_s[1, 0].tolist() == pytest.approx([0.0, 0.6 * FLUX])
    assert [shower.reach_frac for shower in found.showers] == [0.0, 1.0]
    assert "1 of" not in found.headline
    assert "GEM cannot reach" in found.headline


def test_the_same_bytes_for_any_number_of_threads_and_for_a_second_run():
    whole = stack(*CUBE, ([0.1, 2.0, 2.0], [0.8, 0.0, 0.0]), parts=("cube", "wing")).surfaces
    weight = isotropic().sum(axis=1)[None]
    one, three = (view_by_part(whole, rays_for(whole), directions(), weight, workers=count) for count in (1, 3))
    for a, b in zip(one, three, strict=True):
        assert a.open_m2.tobytes() == b.open_m2.tobytes()
        assert a.face_flux.tobytes() == b.face_flux.tobytes()
    made = [
        strike_rates(case(), stack(*CUBE), sky(stream("all", isotropic()), showers=(track([1.0, 0, 0]),)), never)
        for _ in range(2)
    ]
    assert made[0].headline == made[1].headline
    assert made[0].showers[0].reach_frac_range == made[1].showers[0].reach_frac_range


def test_back_ends_give_the_same_rates():
    few = directions(200)
    flux = np.full((200, 2), FLUX / 400)
    wall = ([0.1, 2.0, 2.0], [0.8, 0.0, 0.0])
    both = [
        strike_rates(
            case(), stack(*CUBE, wall, parts=("cube", "wing")), sky(stream("all", flux), ways=few), never, backend=name
        )
        for name in ("embree", "numpy")
    ]
    assert both[0].facet_strike_per_m2_s == pytest.approx(both[1].facet_strike_per_m2_s, rel=1e-9)
    assert "embree" in both[0].caveats[0].text
    assert "numpy" in both[1].caveats[0].text


def test_attitude_turns_the_site():
    turned = replace(stack(*CUBE), body_from_lvlh=np.array([[0.0, 1, 0], [-1, 0, 0], [0, 0, 1]]))
    found = strike_rates(case(), turned, sky(stream("all", isotropic())), never)
    assert found.site_normal_lvlh[0].tolist() == pytest.approx([0.0, 1.0, 0.0])
    reached = directions()[found.site_open[0] > 0]
    assert reached[:, 1].min() > 0
