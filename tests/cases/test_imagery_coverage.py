"""Do 90 % intervals of the measured diameter hold the truth about 90 % of the time, and is the error within the goal?"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage

from whipple.imagery.injected import could_be_px, draw_hole
from whipple.imagery.outline import find_hole

TRIALS = 120


def scene(rng: np.random.Generator, across_px: float, lip: bool) -> tuple[np.ndarray, tuple[float, float]]:
    """A textured surface with one hole: blur, noise, contrast, tilt and place drawn; the texture is not the estimator's own."""
    centre = (float(rng.uniform(80, 120)), float(rng.uniform(80, 120)))
    ratio, blur, contrast = rng.uniform(1.0, 1.4) ** 0.5, rng.uniform(0.6, 1.3), rng.uniform(60, 120)
    turn = rng.uniform(0, np.pi)
    grain = ndimage.gaussian_filter(rng.standard_normal((200, 200)), 3)
    surface = 150 + rng.uniform(0.5, 3.0) * grain / grain.std()
    if lip:
        ring = [
            draw_hole((200, 200), centre, (grow * across_px * ratio, grow * across_px / ratio), turn, blur)
            for grow in (1.25, 1.0)
        ]
        surface = surface + rng.uniform(-15, 25) * (ring[0] - ring[1])
    cover = draw_hole((200, 200), centre, (across_px * ratio, across_px / ratio), turn, blur)
    return surface - contrast * cover + rng.uniform(2, 7) * rng.standard_normal((200, 200)), centre


def run(seed: int, lip: bool) -> tuple[float, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    held, error, across = 0, [], []
    for _ in range(TRIALS):
        true = rng.uniform(6, 20)
        image, centre = scene(rng, true, lip)
        draws, _, _ = could_be_px(image, find_hole(image, centre), rng, 80, 1000)
        low, middle, high = np.quantile(draws, [0.05, 0.5, 0.95])
        held += bool(low <= true <= high)
        error.append(abs(middle / true - 1))
        across.append(true)
    return held / TRIALS, np.array(error), np.array(across)


@pytest.mark.slow
def test_edge_intervals_cover_and_errors_meet_the_goal() -> None:
    """Binomial scatter of 120 trials is 2.7 %: 83 to 97 % is 90 % within 2.5 sigma. Goal M1: 10 % from 6 px, 5 % from 10 px."""
    coverage, error, across = run(11, lip=False)
    assert 0.83 <= coverage <= 0.97
    assert np.quantile(error, 0.95) <= 0.10
    assert np.quantile(error[across >= 10], 0.95) <= 0.05


@pytest.mark.slow
def test_a_lip_that_the_estimator_does_not_know_stays_within_the_assumed_terms() -> None:
    """Lips move the edge: the edge term alone is too narrow, with the 3 % definition term the 90 % range 1.645 x 3 % holds most."""
    _, error, _ = run(12, lip=True)
    assert np.mean(error <= 1.645 * np.hypot(0.03, 0.015)) >= 0.88
