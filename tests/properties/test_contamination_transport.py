"""Do plumes, molecules and droplets conserve what they carry?"""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from whipple.contamination.ballistics import Air, cone_of_droplets, fly_droplets
from whipple.contamination.droplet import evaporate_droplet
from whipple.contamination.models import MODELS, limiting_angle_rad
from whipple.contamination.optics import absorptance_rise, array_power_frac, window_clear_frac
from whipple.contamination.plume import cone_per_sr, expansion_per_sr, shape_per_sr
from whipple.contamination.transport import directions_of, molecules_onto
from whipple.errors import RangeError
from whipple.physics.fluids import fluid
from whipple.vehicle.surfaces import Part, Surfaces

LIFE = evaporate_droplet(fluid("isooctane"), 1e-3, 110.0)
PLATE = Part("plate", "", "", 0, 0, 0, 0.5, 0.5, 290, "none")
LAWS: dict[str, Callable[[Any], Any]] = {
    "cosine": lambda cosine: shape_per_sr(cosine, 1.7, 0.15),
    "expansion": lambda cosine: expansion_per_sr(cosine, 1.33, 0.05),
    "cone": lambda cosine: cone_per_sr(cosine, 0.35),
}


def box(open_top: bool) -> Surfaces:
    """A cube of 2 m about the origin with walls facing inward; without its lid if asked."""
    vertex = [[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)]
    walls = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
    chosen = walls[:5] if open_top else walls
    triangles = [[a, b, c] for q in chosen for a, b, c in ((q[0], q[1], q[2]), (q[0], q[2], q[3]))]
    surfaces = Surfaces.from_triangles(vertex, triangles, np.zeros(len(triangles), dtype=int), [PLATE])
    assert (np.einsum("nc,nc->n", surfaces.normal_body, surfaces.centroid_m) != 0).all()
    return surfaces


def over_sphere(law: Callable[[Any], Any], edges_rad: list[float]) -> float:
    """Integral over the sphere, Gauss-Legendre in the angle between the places where a law has a corner."""
    node, weight = np.polynomial.legendre.leggauss(400)
    total = 0.0
    for low, high in pairwise(edges_rad):
        angle = (low + high) / 2 + (high - low) / 2 * node
        total += float((high - low) / 2 * 2 * np.pi * weight @ (np.sin(angle) * law(np.cos(angle))))
    return total


@settings(max_examples=40, deadline=None)
@given(st.floats(1.2501, 1.67), st.floats(0.0, 1.0))
def test_the_expansion_conserves_the_flow(ratio: float, floor_frac: float) -> None:
    edges = [0.0, limiting_angle_rad(ratio), np.pi]
    assert abs(over_sphere(lambda cosine: expansion_per_sr(cosine, ratio, floor_frac), edges) - 1) < 1e-6


@settings(max_examples=30, deadline=None)
@given(st.floats(0.0, 20.0), st.floats(0.05, 3.0))
def test_cosine_and_cone_conserve_the_flow_over_the_angle(exponent: float, half_rad: float) -> None:
    assert abs(over_sphere(lambda cosine: shape_per_sr(cosine, exponent, 0.2), [0.0, np.pi / 2, np.pi]) - 1) < 1e-6
    inside = [0.0, half_rad * (1 - 1e-12), half_rad * (1 + 1e-12), np.pi]
    assert abs(over_sphere(lambda cosine: cone_per_sr(cosine, half_rad), inside) - 1) < 1e-6


def test_isooctane_has_no_continuum_plume() -> None:
    with pytest.raises(RangeError, match="503 degrees"):
        expansion_per_sr(1.0, float(fluid("isooctane").heat_capacity_ratio))
    assert next(model.name for model in MODELS) == "boynton_1967"


@settings(max_examples=20, deadline=None)
@given(st.sampled_from(sorted(LAWS)), st.floats(0.05, 1.0), st.integers(0, 2**32 - 1), st.booleans())
def test_molecules_are_all_accounted_for(law: str, sticking: float, seed: int, open_top: bool) -> None:
    rng = np.random.default_rng(seed)
    seen = molecules_onto(
        box(open_top), [0.1, -0.2, 0.3], rng.normal(size=3), LAWS[law], count=3000, sticking_frac=sticking, rng=rng
    )
    assert abs(seen.total_frac - 1) < 1e-6
    assert (seen.facet_frac >= 0).all()
    if not open_top:
        assert seen.escaped_frac < 1e-3, "a closed box keeps all but what slips through a seam"


@pytest.mark.parametrize("law", sorted(LAWS))
def test_directions_follow_their_law(law: str) -> None:
    ways = directions_of(LAWS[law], [0, 0, 1.0], 200_000)
    edges = np.linspace(-1, 1, 21)
    count = np.histogram(ways[:, 2], edges)[0] / len(ways)
    fine = np.linspace(-1, 1, 200_001)
    share = 2 * np.pi * np.asarray(LAWS[law](fine)) * (fine[1] - fine[0])
    expected = np.histogram(fine, edges, weights=share)[0]
    assert np.abs(count - expected).max() < 2e-3
    assert np.allclose(np.linalg.norm(ways, axis=1), 1)
    assert np.abs(ways[:, :2].mean(axis=0)).max() < 2e-3, "as much to each side"


@settings(max_examples=10, deadline=None)
@given(st.floats(0.01, 1.0), st.floats(1.0, 60.0), st.floats(0.1, 1.5))
def test_droplet_mass_is_landed_left_or_evaporated(size_mm: float, speed_m_s: float, half_rad: float) -> None:
    sizes = size_mm * 1e-3 * np.linspace(0.1, 2.0, 400)
    spray = cone_of_droplets([0, 0, 0], [0, 0, -1.0], half_rad, np.full(400, speed_m_s), sizes, 692.0)
    surfaces = box(open_top=True)
    landing = fly_droplets(surfaces, spray, LIFE, 1e-3, Air(2e-12, np.array([-7660.0, 0, 0])))
    landed = landing.onto_kg(spray, len(surfaces.triangle)).sum()
    away = (spray.mass_kg * landing.mass_frac)[landing.facet < 0].sum()
    vapour = (spray.mass_kg * (1 - landing.mass_frac)).sum()
    assert abs((landed + away + vapour) / spray.mass_kg.sum() - 1) < 1e-6
    assert (landing.into_m_s <= landing.speed_m_s + 1e-9).all()


@settings(max_examples=20, deadline=None)
@given(st.floats(0.0, 1e-6), st.floats(0.0, 0.5), st.floats(0.0, 6.0))
def test_more_residue_never_helps(thickness_m: float, k: float, steepness: float) -> None:
    thick = np.array([thickness_m, 2 * thickness_m + 1e-9])
    for effect, sign in ((array_power_frac, -1), (window_clear_frac, -1), (absorptance_rise, 1)):
        first, second = effect(thick, k, steepness)
        assert -1e-12 <= first <= 1 + 1e-12
        assert sign * (second - first) >= -1e-12
