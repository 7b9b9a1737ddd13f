"""Do the laws of heat hold for any network and any cabin?"""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from whipple.thermal.calibrate import effective_count, resample
from whipple.thermal.humidity import saturation_kg_m3
from whipple.thermal.network import Network, heat_W, solve_steady, solve_transient
from whipple.thermal.surroundings import eclipse_frac, plate_factor, sphere_factor

SEEDS = st.integers(0, 10_000)


def any_network(seed: int, isolated: bool) -> tuple[Network, np.ndarray]:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 6))
    gl, gr = (np.triu(rng.uniform(0.1, 3.0, (n, n)), 1) for _ in range(2))
    fixed = np.zeros(n, bool) if isolated else np.arange(n) == n - 1
    load = np.zeros(n) if isolated else rng.uniform(0, 50, n)
    network = Network(
        tuple(f"n{i}" for i in range(n)), rng.uniform(10, 100, n), fixed, load, gl + gl.T, gr + gr.T, np.zeros((n, n))
    )
    return network, rng.uniform(200, 350, n)


@settings(max_examples=15, deadline=None)
@given(SEEDS)
def test_an_isolated_network_keeps_its_heat(seed: int) -> None:
    network, start = any_network(seed, isolated=True)
    end = solve_transient(network, start, np.array([0.0, 50.0]))[-1]
    stored = float(network.capacity_J_K @ (end - start))
    assert abs(stored) < 1e-4 * float(network.capacity_J_K @ start)
    assert start.min() - 1e-6 <= end.min()
    assert end.max() <= start.max() + 1e-6


@settings(max_examples=15, deadline=None)
@given(SEEDS)
def test_exchange_between_nodes_sums_to_zero(seed: int) -> None:
    network, at = any_network(seed, isolated=True)
    assert abs(heat_W(network, at).sum()) < 1e-8 * np.abs(heat_W(network, at)).sum()


@settings(max_examples=15, deadline=None)
@given(SEEDS, st.floats(1.0, 100.0))
def test_more_heat_never_cools_a_node(seed: int, extra_W: float) -> None:
    network, start = any_network(seed, isolated=False)
    more = Network(
        network.names,
        network.capacity_J_K,
        network.fixed,
        network.load_W + extra_W,
        network.gl_W_K,
        network.gr_m2,
        network.flow_W_K,
    )
    assert (solve_steady(more, start) >= solve_steady(network, start) - 1e-9).all()


@settings(max_examples=50, deadline=None)
@given(st.floats(200e3, 2000e3), st.floats(0.0, 1.5))
def test_orbit_shares_stay_in_range_and_fall_with_beta(altitude_m: float, beta_rad: float) -> None:
    assert 0 <= float(eclipse_frac(altitude_m, beta_rad)) <= float(eclipse_frac(altitude_m, 0.0)) < 0.5
    assert 0 < float(sphere_factor(altitude_m)) < float(plate_factor(altitude_m)) < 1


@settings(max_examples=50, deadline=None)
@given(st.floats(240.0, 330.0), st.floats(0.1, 5.0))
def test_warmer_air_holds_more_water(kelvin: float, step: float) -> None:
    assert float(saturation_kg_m3(kelvin + step)) > float(saturation_kg_m3(kelvin))


@settings(max_examples=30, deadline=None)
@given(SEEDS)
def test_resampling_keeps_every_share_to_one_draw(seed: int) -> None:
    rng = np.random.default_rng(seed)
    weight = rng.dirichlet(np.full(20, 0.3))
    counts = np.bincount(resample(weight, 200, rng), minlength=20)
    assert (np.abs(counts - 200 * weight) < 1.0 + 1e-6).all()
    assert 1 <= effective_count(weight) <= 20
