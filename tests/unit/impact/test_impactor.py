"""Which particle made the hole: per source, with nothing that stops when evidence is missing."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from whipple.casefile.case import Case
from whipple.casefile.estimate import Estimate
from whipple.casefile.findings.pictures import Pictures
from whipple.casefile.findings.sky import Sky, Stream
from whipple.casefile.findings.strikes import Strikes
from whipple.casefile.given import Given
from whipple.casefile.tables.claim import ClaimTable
from whipple.impact import what_made_it
from whipple.impact.cells import site_cells
from whipple.impact.impactor import _makers

N_SPEED = 35
SPEED = np.linspace(1e3, 70e3, N_SPEED)


def directions() -> np.ndarray:
    elevation, azimuth = np.meshgrid(
        np.radians(np.arange(-80, 81, 20)), np.radians(np.arange(0, 360, 20)), indexing="ij"
    )
    return np.stack(
        [np.cos(elevation) * np.cos(azimuth), np.cos(elevation) * np.sin(azimuth), -np.sin(elevation)], axis=-1
    ).reshape(-1, 3)


def stream(name: str, flux: np.ndarray, level: float = 1.5) -> Stream:
    mass = np.logspace(-12, -2, 41)
    ratio, bulk, share = (mass / 1e-6) ** -1.2, np.array([1000.0, 3000.0]), np.array([0.6, 0.4])
    return Stream(name, "sporadic", name, flux, 1e-6, mass, ratio, bulk, share, level, ("m",), ("s",))


def heavens(normal: tuple[float, float, float] = (0.0, 1.0, 0.0)) -> tuple[Sky, Strikes]:
    """A sky with one stream from everywhere at 20 km/s and one from port only, and a site that looks to starboard."""
    dirs = directions()
    everywhere = np.zeros((len(dirs), N_SPEED))
    everywhere[:, np.argmin(abs(SPEED - 20e3))] = 1e-12
    port = np.where(dirs[:, 1:2] < -0.2, everywhere, 0.0)
    streams = (stream("sporadic", everywhere), stream("port shower", port))
    sky = Sky(None, dirs, np.ones(len(dirs)), SPEED, streams, (), np.zeros(1), np.zeros(1), "")  # type: ignore[arg-type]
    normals = np.array([normal])
    cosine = np.maximum(dirs @ normals.T, 0)
    site = np.stack([np.einsum("ds,dn->ns", s.flux_per_m2_s, cosine) for s in streams])
    strikes = Strikes(
        "radiator",
        normals,
        np.ones(1),
        np.ones((1, len(dirs))),
        3.0,
        site,
        ("sporadic", "port shower"),
        (),
        (),
        np.zeros((2, 1)),
        0,
        "",
    )
    return sky, strikes


def a_case(claims: tuple[ClaimTable, ...] = (), material: str = "AMg6") -> Case:
    vehicle = SimpleNamespace(
        site_part="radiator",
        site_wall_m=Given(1e-3, 0.5e-3, 2e-3, "m"),
        site_area_m2=Given(3.0, 1.0, 8.0, "m**2"),
        site_material=material,
    )
    head = SimpleNamespace(seed=1, epoch=SimpleNamespace(), exposed_since=SimpleNamespace())
    case = Case(Path(), "d", "", head, None, None, vehicle, None, claims=claims)  # type: ignore[arg-type]
    object.__setattr__(case, "exposure", 0)
    return case


@pytest.fixture(autouse=True)
def _eighty_four_days(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Case, "exposure_s", property(lambda self: 84 * 86400.0))


def pictures(diameter_m: float = 0.8e-3, simulated: bool = True) -> Pictures:
    size = Estimate.from_samples(diameter_m * np.exp(0.06 * np.random.default_rng(3).standard_normal(2000)), "m")
    return Pictures((), size, simulated, "")


def answer(**changed: Any) -> Any:
    sky, strikes = heavens()
    return what_made_it(changed.get("case", a_case()), changed.get("pictures", pictures()), None, sky, strikes)


def test_each_source_is_answered_and_the_unreachable_one_gets_zero() -> None:
    found = answer()
    able, unable = found.sources
    assert able.stream == "sporadic"
    assert able.diameter_m is not None
    assert unable.diameter_m is None
    assert unable.expected_count.median == 0.0
    assert unable.expected_density_count.high == 0.0


def test_the_particle_is_a_few_tenths_of_a_millimetre_at_twenty_kilometres_a_second() -> None:
    able = answer().sources[0]
    assert 0.1e-3 < able.diameter_m.median < 0.5e-3
    width, middle = SPEED[1] - SPEED[0], SPEED[np.argmin(abs(SPEED - 20e3))]
    speeds = (able.speed_m_s.low, able.speed_m_s.median, able.speed_m_s.high)
    assert speeds == pytest.approx(middle + width * np.array([-0.45, 0.0, 0.45]), abs=0.04 * width)  # even in its bin
    assert able.mass_kg.median == pytest.approx(np.pi / 6 * 1500 * able.diameter_m.median**3, rel=1.2)
    assert able.energy_J.median == pytest.approx(0.5 * able.mass_kg.median * 20e3**2, rel=0.2)
    assert 0 <= able.incidence_rad.low < able.incidence_rad.high < np.pi / 2


def test_counts_follow_area_time_and_flux() -> None:
    """N for the median draw, worked out by hand, lies inside the interval of the room."""
    sky, strikes = heavens()
    cells = site_cells(sky, strikes, sky.streams[0])
    assert cells.flux_per_m2_s.sum() == pytest.approx(strikes.site_flux_per_m2_s[0].sum(), rel=1e-9)
    able = answer().sources[0]
    assert able.expected_count.low < able.expected_count.median < able.expected_count.high
    assert able.expected_count.high / able.expected_count.low > 5
    assert able.expected_density_count.median < 3.6 * able.expected_count.median  # slope 3 x 1.2 at most


def test_twice_the_flux_makes_twice_the_holes() -> None:
    sky, strikes = heavens()
    richer = replace(strikes, site_flux_per_m2_s=2 * strikes.site_flux_per_m2_s)
    one = what_made_it(a_case(), pictures(), None, sky, strikes).sources[0].expected_count.median
    two = what_made_it(a_case(), pictures(), None, sky, richer).sources[0].expected_count.median
    assert two == pytest.approx(2 * one, rel=1e-9)


def test_a_larger_hole_needs_a_larger_and_rarer_particle() -> None:
    small, large = answer(pictures=pictures(0.8e-3)).sources[0], answer(pictures=pictures(3e-3)).sources[0]
    assert large.diameter_m.median > 1.5 * small.diameter_m.median
    assert large.expected_count.median < small.expected_count.median / 3


def test_same_seed_same_answer() -> None:
    assert answer().sources[0] == answer().sources[0]


def test_without_any_size_the_counts_are_of_perforations() -> None:
    found = answer(pictures=None)
    assert found.hole_diameter_m is None
    assert "impact.no-hole-size" in {caveat.code for caveat in found.caveats}
    assert found.sources[0].expected_count.median > answer().sources[0].expected_count.median
    assert {law.question for law in found.laws} == {"just perforates the wall"}


def test_a_claim_used_as_evidence_gives_the_size() -> None:
    claim = ClaimTable.model_validate(
        {
            "id": "x",
            "about": "hole.diameter_m",
            "says": "0.8 mm",
            "said_by": "someone",
            "said_on": "2022-12-19",
            "use": "evidence",
            "source": "s",
        }
    ).model_copy(update={"value": Given(0.8e-3, 0.6e-3, 1e-3, "m", "s")})
    found = answer(case=a_case((claim,)), pictures=None)
    assert found.hole_diameter_m.median == 0.8e-3
    assert "impact.claimed-size" in {caveat.code for caveat in found.caveats}


def test_no_sky_is_said_not_raised() -> None:
    found = what_made_it(a_case(), pictures(), None, None, None)
    assert found.sources == ()
    assert "impact.no-sky" in {caveat.code for caveat in found.caveats}


def test_an_unknown_wall_material_is_said() -> None:
    found = answer(case=a_case(material="unobtainium"))
    assert any("unobtainium" in caveat.text for caveat in found.caveats)


def test_a_rendered_picture_is_said() -> None:
    assert "impact.simulated-size" in {caveat.code for caveat in answer().caveats}


def test_headline_names_hole_particle_speed_and_count() -> None:
    text = answer().headline
    assert "0.8 mm hole" in text
    assert "km/s" in text
    assert "expected in 84 days" in text
    assert "At 7 km/s" in text


def test_thin_plate_laws_say_where_they_cannot_hold() -> None:
    thin = [law for law in answer().laws if law.law == "Maiden"]
    assert thin
    assert any(caveat.code == "impact.thin-plate-law" for caveat in thin[0].caveats)


def test_number_ratio_interpolates_and_continues() -> None:
    one = stream("x", np.zeros((1, 1)))
    assert one.heavier_than(3e-6) == pytest.approx(3**-1.2, rel=1e-9)
    assert one.heavier_than([1e-14, 1.0]).tolist() == pytest.approx([1e-8**-1.2, 1e6**-1.2], rel=1e-6)


def test_answers_within_its_time() -> None:
    begun = time.perf_counter()
    answer()
    assert time.perf_counter() - begun < 4.0


def test_draws_speak_by_how_often_they_make_such_a_hole() -> None:
    rate = np.array([0.0, 1.0, 3.0, 0.0, 4.0, 0.0, 0.0, 0.0])
    assert _makers(rate).tolist() == [1, 2, 2, 2, 4, 4, 4, 4]
    assert _makers(np.ones(5)).tolist() == [0, 1, 2, 3, 4]
