"""Noise over many positions: it may be told as lower only where every position has other origins, fixed parts under fixed parts included."""

from __future__ import annotations

from dataclasses import replace

import made_by_hand as hand
import numpy as np
import pytest

from whipple.casefile.tables.assess_table import AssessTable, MovingTable
from whipple.exposure import summing
from whipple.exposure.origins import facet_order, looked_at, origins_needed
from whipple.exposure.poses import Pose
from whipple.exposure.read_plan import Plan
from whipple.vehicle.sampling import samples_on
from whipple.vehicle.shapes import split_large

WING = MovingTable.model_validate(
    {"name": "wing", "parts": ["wing"], "axis": [0, 1, 0], "facing": [1, 0, 0], "step": "1 deg", "source": "recalled"}
)


def turning(count: int):
    """The Sun goes round the pitch axis in so many stretches."""
    one = hand.stream()
    angle = np.arange(count) / count * 2 * np.pi
    return hand.skies(one, phases=[hand.phase([one], 1 / count, (np.cos(a), 0.0, -np.sin(a)), t_s=a) for a in angle])


def roofed(gap_m: float):
    """A fixed plate under a fixed roof, and a wing far off that turns."""
    shapes = [
        split_large(hand.placed((3.0, 3.0, 0.1)), 0.6), hand.placed((0.7, 0.7, 0.05), (0.2, 0.1, -gap_m)),
        hand.placed((0.05, 2.0, 2.0), (0.0, 30.0, 0.0)),
    ]  # fmt: skip
    return hand.stack(shapes, [hand.part("plate"), hand.part("roof"), hand.part("wing")])


def poses(shares) -> tuple[Pose, ...]:
    return tuple(Pose((float(i),), np.eye(3), (i,), (1.0,)) for i in range(len(shares)))


@pytest.mark.parametrize(
    ("shares", "loose"),
    [([1.0], False), ([0.25] * 4, False), ([0.2] * 5, True), ([1 / 24] * 24, True), ([0.9, *[0.02] * 5], False)],
)
def test_one_position_for_most_of_the_time_is_not_an_average(shares, loose):
    sky = hand.skies(phases=[hand.phase([hand.stream()], share) for share in shares])
    assert summing._averaged(sky, poses(shares)) is loose


def test_every_look_stands_elsewhere_on_every_facet_and_the_same_look_where_it_stood():
    scene = roofed(0.4).surfaces
    facets = np.arange(len(scene.triangle))

    def spots(number):
        order = facet_order(len(facets), number)
        found = np.zeros((len(facets), 3))
        found[order] = samples_on(looked_at(scene, np.ones(len(facets)), order), facets, least=1).point_m
        return found

    at = [spots(number) for number in range(7)]
    assert np.array_equal(at[3], spots(3))
    for one in range(7):
        for other in range(one):
            moved = np.abs(at[one] - at[other]).max(axis=1) > 1e-6
            assert moved.mean() > 0.9  # all but the few facets that keep their place by chance


@pytest.mark.slow
def test_the_noise_told_for_twelve_positions_holds_for_fixed_parts_under_fixed_parts(monkeypatch):
    """Roofs at 8 heights, each with origins of its own, against 400 origins a facet: rms error over the noise told (0.58 expected) below 1."""
    heights = np.linspace(0.15, 0.9, 8)

    def plate(at, count):
        monkeypatch.setattr(summing, "facet_order", lambda facets, number: facet_order(facets, number + 100 * at))
        plan = Plan(moving=(WING,), assess=AssessTable.model_validate({"ray_noise": 0.003}))
        risk = hand.assessed(roofed(heights[at]), turning(count), plan)
        assert risk.pose_count == count
        struck = next(row for row in risk.sources if row.part == "plate").strike_count.median
        return struck, risk.parts[0].ray_noise_frac

    found = np.array([plate(at, 12) for at in range(len(heights))])
    monkeypatch.setattr(
        summing,
        "origins_needed",
        lambda *given: replace(found := origins_needed(*given), count=np.maximum(found.count, 400.0)),
    )
    monkeypatch.setattr(
        summing, "joined_looks", lambda scene, needed, _: (np.ones(len(scene.parts)), needed.spread_frac)
    )
    true = np.array([plate(at, 1)[0] for at in range(len(heights))])  # without the looks, which have few origins
    rms = float(np.sqrt(np.mean(((found[:, 0] / true - 1) / found[:, 1]) ** 2)))
    assert 0.1 < rms < 1.0
