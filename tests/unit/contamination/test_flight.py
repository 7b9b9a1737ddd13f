"""Do transport, droplet flight, residence, film optics and lines of sight do their line, and refuse bad input?"""

from __future__ import annotations

import numpy as np
import pytest

from whipple.contamination.ballistics import Air, DRAG_ratio, cone_of_droplets, fly_droplets
from whipple.contamination.column import NEAREST_m, column_between_per_m2, column_past_per_m2
from whipple.contamination.droplet import evaporate_droplet
from whipple.contamination.ice import ice_grain
from whipple.contamination.models import limiting_angle_rad
from whipple.contamination.optics import absorptance_rise, array_power_frac, window_clear_frac
from whipple.contamination.plume import expansion_per_sr, shape_per_sr
from whipple.contamination.residence import coverage_kg_m2, film_under, residence_s
from whipple.contamination.supercooled_water import SUPERCOOLED_WATER
from whipple.contamination.transport import directions_of, molecules_onto
from whipple.errors import RangeError
from whipple.physics.fluids import fluid
from whipple.vehicle.surfaces import Part, Surfaces

ISOOCTANE = fluid("isooctane")
PLATE = Part("plate", "", "", 0, 0, 0, 0.5, 0.5, 290, "none")
FORWARD = np.array([0.0, 0.0, 1.0])


def plates(*heights_m: float, half_m: float = 5.0) -> Surfaces:
    """Squares across the Z axis that face down, one above the other."""
    corners, triangles = [], []
    for z in heights_m:
        first = len(corners)
        corners += [[-half_m, -half_m, z], [half_m, -half_m, z], [half_m, half_m, z], [-half_m, half_m, z]]
        triangles += [[first, first + 2, first + 1], [first, first + 3, first + 2]]
    return Surfaces.from_triangles(corners, triangles, np.zeros(len(triangles), dtype=int), [PLATE])


def test_the_nearer_plate_shadows_the_farther() -> None:
    seen = molecules_onto(plates(1.0, 2.0), [0, 0, 0], FORWARD, lambda c: shape_per_sr(c, 1.0), count=20000)
    assert seen.facet_frac[:2].sum() > 0.9
    assert seen.facet_frac[2:].sum() < 0.02
    assert seen.per_m2(plates(1.0, 2.0))[0] == pytest.approx(seen.facet_frac[0] / 50)


def test_what_does_not_stick_comes_back() -> None:
    def facing(sticking: float) -> float:
        both = plates(1.0)
        down = plates(-1.0)
        two = Surfaces.from_triangles(
            np.vstack([both.vertex_m, down.vertex_m]), [*both.triangle.tolist(), *(down.triangle[:, ::-1] + 4).tolist()],
            np.zeros(4, dtype=int), [PLATE],
        )  # fmt: skip
        seen = molecules_onto(
            two,
            [0, 0, 0],
            FORWARD,
            lambda c: shape_per_sr(c, 1.0),
            count=20000,
            sticking_frac=sticking,
            rng=np.random.default_rng(1),
        )
        assert seen.direct_frac[2:].sum() == 0.0
        return float(seen.facet_frac[2:].sum())

    assert facing(1.0) == 0.0
    assert facing(0.5) > 0.2
    assert facing(0.0) == 0.0, "nothing sticks, all of it leaves"


def test_both_ray_libraries_count_alike() -> None:
    a, b = (
        molecules_onto(plates(1.0, 2.0), [0, 0, 0], FORWARD, lambda c: shape_per_sr(c, 2.0), count=3000, backend=name)
        for name in ("numpy", "auto")
    )
    assert np.abs(a.facet_frac - b.facet_frac).max() < 2e-3


def test_drag_pushes_a_slow_droplet_downwind() -> None:
    life = evaporate_droplet(ISOOCTANE, 1e-3, 110.0)
    spray = cone_of_droplets([0, 0, 0], FORWARD, 0.01, [1e-6], 1e-3, 692.0)
    density, wind = 1e-11, 7660.0
    landing = fly_droplets(plates(1e3), spray, life, 1e-3, Air(density, np.array([-wind, 0, 0])), until_s=0.05)
    push = 0.375 * DRAG_ratio * density * wind**2 / (692.0 * 0.5e-3)
    assert landing.position_m[0, 0] == pytest.approx(-push * 0.05**2 / 2, rel=0.1), (
        "the droplet thins by a quarter meanwhile"
    )
    still = fly_droplets(plates(1e3), spray, life, 1e-3, None, until_s=0.05)
    assert abs(still.position_m[0, 0]) < 1e-9


def test_landing_says_when_how_fast_and_how_cold() -> None:
    life = evaporate_droplet(ISOOCTANE, 1e-3, 60.0)
    spray = cone_of_droplets([0, 0, 0], FORWARD, 1e-3, np.full(3, 20.0), [1e-6, 1e-3, 2e-3], 692.0)
    landing = fly_droplets(plates(10.0), spray, life, 1e-3)
    assert landing.facet[0] >= 0
    assert landing.time_s[1:] == pytest.approx([0.5, 0.5], rel=1e-3)
    assert landing.into_m_s[1] == pytest.approx(20.0, rel=1e-3)
    assert landing.temperature_K[2] > landing.temperature_K[1] > 190
    assert landing.mass_frac[0] < landing.mass_frac[1] < landing.mass_frac[2] < 1
    assert landing.onto_kg(spray, 2).sum() == pytest.approx(float((spray.mass_kg * landing.mass_frac).sum()))


def test_unheated_droplets_freeze_and_keep_their_mass() -> None:
    life = evaporate_droplet(ISOOCTANE, 1e-4, 0.0)
    spray = cone_of_droplets([0, 0, 0], FORWARD, 1e-3, [1.0], 1e-4, 692.0)
    landing = fly_droplets(plates(30.0), spray, life, 1e-4)
    assert landing.frozen[0]
    assert landing.mass_frac[0] == pytest.approx(0.5055, abs=0.002)
    gone = fly_droplets(plates(30.0), spray, evaporate_droplet(ISOOCTANE, 1e-4, 2000.0), 1e-4)
    assert gone.facet[0] == -1, "a droplet that has gone lands nowhere"
    assert not gone.frozen[0]


def test_ice_lasts_by_the_light_it_takes_up() -> None:
    life = evaporate_droplet(fluid("water"), 1e-3, 100.0, 293.15)
    grain, dimmer = (ice_grain(fluid("water"), life, 1e-3, flux) for flux in (100.0, 50.0))
    assert life.freezes
    assert dimmer.life_s == pytest.approx(2 * grain.life_s)
    assert dimmer.temperature_K < grain.temperature_K < 200
    assert 0.8 < grain.mass_frac < life.mass_frac[-1], "freezing itself boils off an eighth"
    # energy: all the ice must take up its heat of sublimation through a shrinking sphere; the mean area is a third of the first
    heat = 4 * np.pi * (0.5e-3 * grain.mass_frac ** (1 / 3)) ** 2 / 3 * 100.0 * grain.life_s
    mass = grain.mass_frac * np.pi / 6 * 1e-9 * 998
    assert heat == pytest.approx(mass * 2.834e6, rel=0.01)


def test_residence_and_coverage() -> None:
    assert residence_s(0.0, 300.0) == pytest.approx(1e-13)
    assert residence_s(60e3, 200.0) > 1e5 * residence_s(60e3, 300.0)
    assert coverage_kg_m2(1e-6, 10.0, 1e-3) == pytest.approx(1e-9, rel=1e-3)
    film = film_under(ISOOCTANE, 300.0, 1e-5, 100.0)
    assert not film.grows
    assert film.thickness_m < 1e-9


def test_film_optics_against_one_wavelength() -> None:
    # a grey film (steepness 1 makes k / lambda fall as 1 / lambda^2, so compare the thin limit of the mean depth)
    loss = 1 - array_power_frac([1e-9], 0.1, 1.0)[0]
    assert 4 * np.pi * 0.1 / 1.1e-6 * 1e-9 * 0.5 < loss < 4 * np.pi * 0.1 / 0.35e-6 * 1e-9 * 1.6
    assert window_clear_frac([1e-3], 0.1)[0] < 1e-6
    assert absorptance_rise([1.0], 0.1, 0.0, 0.2)[0] == pytest.approx(0.8)


def test_a_line_of_sight_to_the_hole_and_one_past_it() -> None:
    to_hole = column_between_per_m2([1e-5], 0.114, [0, 0, 10.0], [0, 0, 0], [FORWARD], exponent=0.0, floor_frac=0.0)[0]
    expected = 1e-5 * 6.02214076e23 / 0.114 / (2 * np.pi) * (1 / NEAREST_m - 0.1)
    assert to_hole == pytest.approx(expected, rel=1e-9)
    past = column_between_per_m2([1e-5], 0.114, [-1e7, 0, 5.0], [1e7, 0, 5.0], [FORWARD], exponent=0.0, floor_frac=0.0)[
        0
    ]
    assert past == pytest.approx(column_past_per_m2(1e-5, 1.0, 0.114, 5.0), rel=1e-5)
    half = column_between_per_m2([1e-5], 0.114, [-1e7, 0, 5.0], [0, 0, 5.0], [FORWARD], exponent=0.0, floor_frac=0.0)[0]
    assert half == pytest.approx(past / 2, rel=1e-5)


@pytest.mark.parametrize(
    "call",
    [
        lambda: limiting_angle_rad(1.0),
        lambda: expansion_per_sr(1.0, 1.1),
        lambda: expansion_per_sr(1.0, 1.4, 2.0),
        lambda: directions_of(lambda cosine: 0 * cosine, FORWARD, 5),
        lambda: molecules_onto(plates(1.0), [0, 0, 0], FORWARD, lambda c: shape_per_sr(c, 1.0), count=0),
        lambda: molecules_onto(plates(1.0), [0, 0, 0], FORWARD, lambda c: shape_per_sr(c, 1.0), sticking_frac=0.5),
        lambda: cone_of_droplets([0, 0, 0], FORWARD, 4.0, [1.0], 1e-3, 700.0),
        lambda: cone_of_droplets([0, 0, 0], FORWARD, 0.3, [1.0], 0.0, 700.0),
        lambda: fly_droplets(
            plates(1.0), cone_of_droplets([0, 0, 0], FORWARD, 0.3, [1.0], 1e-3, 700.0),
            evaporate_droplet(ISOOCTANE, 1e-3, 60.0), 1e-3, until_s=0.0,
        ),
        lambda: residence_s(-1.0, 300.0),
        lambda: ice_grain(ISOOCTANE, evaporate_droplet(ISOOCTANE, 1e-3, 200.0), 1e-3, 200.0),
        lambda: coverage_kg_m2(1e-6, 0.0, 1.0),
        lambda: array_power_frac([-1e-9], 0.1),
        lambda: absorptance_rise([1e-9], 0.1, bare_frac=2.0),
        lambda: column_between_per_m2([1.0], 0.1, [0, 0, 1.0], [0, 0, 1.0], [FORWARD]),
        lambda: column_between_per_m2([1.0], 0.1, [0, 0, 0.1], [0, 0, 1.0], [FORWARD]),
        lambda: SUPERCOOLED_WATER.density_kg_m3(200.0),
    ],
)  # fmt: skip
def test_bad_input_is_refused(call: object) -> None:
    with pytest.raises(RangeError, match="expected"):
        call()  # type: ignore[operator]
