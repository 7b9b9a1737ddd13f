"""How far has a pressure fallen, does every data path show it, and was it too fast to tell why?"""

from __future__ import annotations

import numpy as np
from scipy.signal import medfilt

from whipple.casefile.estimate import Array
from whipple.physics.cited import Cited
from whipple.telemetry.gas_law import GasLaw, LoopFacts, predicted_Pa
from whipple.telemetry.leak_window import Window

__all__ = ["FALL_COUNT", "fallen_Pa", "leak_text", "paths_agree", "too_fast_text", "until_fallen"]

#: A data path alone must show the fall this clearly before "leak" is said.
PATH_NAT = Cited(8.0, unit="", source="whipple_judgement", grade="proposal")
#: ... the rates that the paths see differ by no more than this factor, and the weaker path shows at least this share of what the stronger
#: shows: a stray excursion of one does not match a fault of another.
RATE_RATIO = Cited(3.0, unit="", source="whipple_judgement", grade="proposal")
LEVEL_FRAC = Cited(0.2, unit="", source="whipple_judgement", grade="proposal")
#: A fall of `_FALLEN_FRAC` in fewer steps than this has no shape.
FALL_COUNT = 10
_FALLEN_FRAC, _LEAST_BEFORE = 0.2, 30


def fallen_Pa(window: Window, law: GasLaw, facts: LoopFacts) -> Array:
    """How far the readings (n,) lie off the tight loop, smoothed."""
    tight = predicted_Pa(law, facts, window.liquid_K, window.gas_K)
    off = window.pressure_Pa - tight - law.bias_Pa[:, None]
    heard = np.isfinite(off)
    return np.asarray(medfilt(np.where(heard, off, 0.0).sum(0) / np.maximum(heard.sum(0), 1), 5))


def until_fallen(window: Window, law: GasLaw, facts: LoopFacts) -> Window:
    """The window up to where a fifth of the pressure is gone, if it is: shapes are told apart before the gas has spent itself."""
    low = np.flatnonzero(fallen_Pa(window, law, facts) < -_FALLEN_FRAC * law.level_Pa)
    if not low.size or low[0] < _LEAST_BEFORE:
        return window
    cut = slice(0, int(low[0]) + 1)
    blind = None if window.blind_count is None else window.blind_count[cut]
    return Window(
        window.t_s[cut],
        window.liquid_K[cut],
        window.gas_K[cut],
        window.pressure_Pa[:, cut],
        window.since_count,
        blind_count=blind,
    )


def paths_agree(level_nat: Array, rate_per_s: Array) -> bool:
    """Does every data path alone (n_path,) show the same leak?

    >>> paths_agree(np.array([20.0, 30.0]), np.array([1e-5, 2e-5])), paths_agree(np.array([20.0, 5.0]), np.array([1e-5, 2e-5]))
    (True, False)
    """
    clear = level_nat.min() > max(float(PATH_NAT), float(LEVEL_FRAC) * level_nat.max())
    return bool(clear and rate_per_s.max() < float(RATE_RATIO) * rate_per_s.min())


def too_fast_text(loop: str, cadence_s: float) -> str:
    """What is said of a fall that no shape can explain."""
    return (
        f"loop {loop}: a fifth of the pressure went in fewer than {FALL_COUNT} steps of {cadence_s:g} s; so fast a leak"
        " and a sudden event look alike: take it for a leak until shown otherwise, and watch with a shorter step"
    )


def leak_text(loop: str, now_s: float, onset_s: Array, percent_h: Array) -> str:
    """The first words of "leak": its rate and how long before the last reading it began, low, median and high of each (3,).

    >>> leak_text("external", 500.0, np.array([98.0, 110.0, 122.0]), np.array([75.0, 79.2, 90.0]))
    'loop external leaks 79.2 % of the inventory an hour (90 % interval 75 to 90), begun 390 s before its last reading (378 to 402); '
    """
    ago = now_s - onset_s
    size, unit = (1.0, "s") if ago[0] - ago[2] < 60 else (60.0, "min")
    low, middle, high = (f"{x / size:.0f}" for x in (ago[2], ago[1], ago[0]))
    return (
        f"loop {loop} leaks {percent_h[1]:.3g} % of the inventory an hour (90 % interval {percent_h[0]:.3g} to {percent_h[2]:.3g}), begun"
        f" {middle} {unit} before its last reading ({low} to {high}); "
    )
