"""Laws of measuring in pictures: moving, turning, brightening a picture does not change the hole; magnifying it does, in proportion."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from whipple.imagery.injected import draw_hole
from whipple.imagery.outline import find_hole

size, ratio, turn, blur = st.floats(7, 24), st.floats(1.0, 1.6), st.floats(0, np.pi), st.floats(0.6, 1.4)


def field(diameter: float, axis_ratio: float, angle: float, soft: float, contrast: float = 100.0) -> np.ndarray:
    return 160 - contrast * draw_hole(
        (100, 110), (55.2, 48.7), (diameter * axis_ratio**0.5, diameter / axis_ratio**0.5), angle, soft
    )


@settings(max_examples=15, deadline=None)
@given(d=size, q=ratio, t=turn, b=blur)
def test_a_clean_hole_is_sized_within_five_per_cent(d: float, q: float, t: float, b: float) -> None:
    found = find_hole(field(d, q, t, b), (55, 49))
    assert abs(found.diameter_px / d - 1) < 0.06
    assert found.long_px >= found.short_px > 0


@settings(max_examples=10, deadline=None)
@given(d=size, q=ratio, t=turn)
def test_turning_and_mirroring_change_nothing(d: float, q: float, t: float) -> None:
    image = field(d, q, t, 0.9)
    upright = find_hole(image, (55, 49))
    turned = find_hole(np.rot90(image).copy(), (49, 54))
    assert abs(turned.diameter_px / upright.diameter_px - 1) < 2e-3
    assert abs(turned.short_px / upright.short_px - 1) < 1e-2


@settings(max_examples=10, deadline=None)
@given(d=size, gain=st.floats(0.4, 1.5), offset=st.floats(0, 20))
def test_brightness_and_contrast_change_nothing(d: float, gain: float, offset: float) -> None:
    image = field(d, 1.2, 0.3, 0.9)
    assert (
        abs(find_hole(gain * image + offset, (55, 49)).diameter_px / find_hole(image, (55, 49)).diameter_px - 1) < 1e-3
    )


@settings(max_examples=10, deadline=None)
@given(d=st.floats(8, 14))
def test_a_magnified_picture_shows_a_magnified_hole(d: float) -> None:
    small = find_hole(field(d, 1.1, 0.3, 0.8), (55, 49)).diameter_px
    large = find_hole(
        160 - 100 * draw_hole((200, 220), (110.4, 97.4), (2 * d * 1.1**0.5, 2 * d / 1.1**0.5), 0.3, 1.6), (110, 97)
    ).diameter_px
    assert abs(large / small / 2 - 1) < 5e-3


@settings(max_examples=10, deadline=None)
@given(d=size, level=st.floats(0.35, 0.6))
def test_a_higher_level_never_gives_a_smaller_hole(d: float, level: float) -> None:
    image = field(d, 1.2, 0.3, 1.1)
    assert find_hole(image, (55, 49), level + 0.1).area_px > find_hole(image, (55, 49), level).area_px
