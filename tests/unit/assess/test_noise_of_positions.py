"""Noise over many positions: it may be told as lower only where every position has other origins, fixed parts under fixed parts included."""

from __future__ import annotations

from dataclasses import replace

import made_by_hand as hand
import numpy as np
import pytest

from whipple.casefile.tables.assess_table import AssessTable, MovingTable
from whipple.exposure import summing
from whipple.exposure.origins import origins_needed
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


def test_six_positions_have_six_sets_of_origins_on_the_same_facets():
    scene = roofed(0.4).surfaces
    facets = np.arange(len(scene.triangle))
    spots = [samples_on(summing._reordered(scene, number), facets, least=3).point_m for number in range(7)]
    assert np.array_equal(spots[0], samples_on(scene, facets, least=3).point_m)
    assert np.array_equal(spots[0], spots[6])
    for one in range(6):
        for other in range(one):
            moved = np.abs(spots[one] - spots[other]).max(axis=1) > 1e-6
            assert moved.mean() > 0.9  # all but points on a line of symmetry


@pytest.mark.slow
def test_the_noise_told_for_twelve_positions_holds_for_fixed_parts_under_fixed_parts(monkeypatch):
    """Roofs at 8 heights against 400 origins a facet: rms error over the noise told below 0.8, and below that of the same rays in one position."""

    def plate(gap, count):
        plan = Plan(moving=(WING,), assess=AssessTable.model_validate({"ray_noise": 0.003}))
        risk = hand.assessed(roofed(gap), turning(count), plan)
        assert risk.pose_count == count
        return next(row for row in risk.sources if row.part == "plate").strike_count.median, risk.parts[
            0
        ].ray_noise_frac

    heights = np.linspace(0.15, 0.9, 8)
    many = [plate(gap, 12) for gap in heights]
    few = [plate(gap, 1) for gap in heights]
    monkeypatch.setattr(
        summing,
        "origins_needed",
        lambda *given: replace(found := origins_needed(*given), count=np.maximum(found.count, 400.0)),
    )
    true = np.array([plate(gap, 1)[0] for gap in heights])
    off, told = (np.array(column) for column in zip(*many, strict=True))
    rms = float(np.sqrt(np.mean(((off / true - 1) / told) ** 2)))
    assert 0.02 < rms < 0.8
    assert np.abs(off / true - 1).mean() < np.abs(np.array(few)[:, 0] / true - 1).mean()
