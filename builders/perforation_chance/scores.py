"""How good a chance is: log loss, share sorted right, calibration; beside every single equation, and how sure the lead is."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from perforation_chance.contradictions import exchanged, sound, spall_held
from perforation_chance.learning import fitted, held_out
from perforation_chance.shots import Array, Names, Shots

from whipple.impact.perforation_terms import EQUATIONS


def single_equations(shots: Shots, group: Names) -> Iterator[tuple[str, Array]]:
    """Each equation with its own logistic scale, with and without an offset, learned in the same folds; and as it stands (d > limit)."""
    for number, name in enumerate(EQUATIONS):
        size = (np.log(shots.diameter_m) - shots.terms.log_limits[:, number])[:, None]
        for words, design in (("scale", size), ("scale and offset", np.c_[size, np.ones_like(size)])):
            chance = np.empty(len(group))
            for held in np.unique(group):
                mine = group == held
                flat = np.full(design.shape[1], 1e-3)
                mean, _ = fitted(design[~mine], shots.perforated[~mine], flat, np.zeros_like(flat))
                chance[mine] = 1 / (1 + np.exp(-design[mine] @ mean))
            yield f"{name}, {words}", chance


def log_loss(chance: Array, outcome: Array) -> float:
    """Mean of -ln(chance given to what happened)."""
    held = np.clip(chance, 1e-12, 1 - 1e-12)
    return float(-np.mean(np.log(np.where(outcome > 0.5, held, 1 - held))))


def accuracy(chance: Array, outcome: Array) -> float:
    """Share sorted right at one half."""
    return float(np.mean((chance > 0.5) == (outcome > 0.5)))


def calibration_bins(chance: Array, outcome: Array, count: int = 10) -> list[tuple[float, float, int]]:
    """Mean chance, share perforated and number of shots in bins of equally many shots."""
    order = np.argsort(chance, kind="stable")
    return [(float(chance[i].mean()), float(outcome[i].mean()), len(i)) for i in np.array_split(order, count)]


def calibration_error(chance: Array, outcome: Array, count: int = 10) -> float:
    """Expected calibration error over bins of equally many shots."""
    return sum(n * abs(said - seen) for said, seen, n in calibration_bins(chance, outcome, count)) / len(chance)


def scores(chance: Array, outcome: Array) -> tuple[float, float, float]:
    """Log loss, accuracy, expected calibration error."""
    return log_loss(chance, outcome), accuracy(chance, outcome), calibration_error(chance, outcome)


def measured(filed: Shots) -> list[tuple[str, int, tuple[float, float, float], tuple[float, float]]]:
    """Both ways of leaving laboratories out: name, number of groups, our scores, and the best log loss and accuracy of any one equation.

    Of the shots that are learned from, and of all as filed (learned and scored). The equations' best are taken one by one, so they may come
    from two different equations.
    """
    rows = []
    for name, shots, group in each_way(filed):
        single = [scores(chance, shots.perforated) for _, chance in single_equations(shots, group)]
        best = (min(loss for loss, _, _ in single), max(right for _, right, _ in single))
        rows.append((name, len(np.unique(group)), scores(held_out(shots, group), shots.perforated), best))
    return rows


def each_way(filed: Shots) -> list[tuple[str, Shots, Names]]:
    """Shots and their groups: those learned from, then all as filed; by source, then by laboratory."""
    both = (("", sound(filed)), (", as filed", filed))
    return [(by + words, shots, getattr(shots, by)) for words, shots in both for by in ("source", "laboratory")]


def other_countings(filed: Shots) -> list[tuple[str, Shots, Names]]:
    """Two ways of counting between those of `each_way`: the source that contradicts itself kept, and turned round; spall held in both."""
    both = (("kept", spall_held(filed)), ("turned round", exchanged(filed)))
    return [(f"{by}, {words}", shots, getattr(shots, by)) for words, shots in both for by in ("source", "laboratory")]


def gain_interval(shots: Shots, group: Names) -> tuple[float, float]:
    """90 % interval of the gain in log loss over Ryan-Schonberg (scale and offset), laboratories drawn with replacement."""
    theirs = dict(single_equations(shots, group))["Ryan-Schonberg, scale and offset"]
    loss = [
        -np.log(np.where(shots.perforated > 0.5, chance, 1 - chance)) for chance in (theirs, held_out(shots, group))
    ]
    low, high = np.quantile(drawn_means(loss[0] - loss[1], group), [0.05, 0.95])
    return float(low), float(high)


def accuracy_drawn(shots: Shots, group: Names) -> tuple[Array, Array]:
    """Our accuracy, and its lead over Ryan-Schonberg (scale), in draws of whole groups: shots of one source are not independent."""
    theirs = dict(single_equations(shots, group))["Ryan-Schonberg, scale"]
    right = [(chance > 0.5) == (shots.perforated > 0.5) for chance in (held_out(shots, group), theirs)]
    return drawn_means(right[0].astype(float), group), drawn_means(right[0].astype(float) - right[1], group)


def drawn_means(value: Array, group: Names, draws: int = 4000) -> Array:
    """Means over the shots (draws,), whole groups drawn with replacement."""
    names = np.unique(group)
    total = np.array([value[group == name].sum() for name in names])
    count = np.array([(group == name).sum() for name in names])
    drawn = np.random.default_rng(0).integers(0, len(names), (draws, len(names)))
    return np.asarray(total[drawn].sum(1) / count[drawn].sum(1))


def error_if_perfect(chance: Array) -> float:
    """The calibration error that chance alone gives a perfectly calibrated answer with as many shots (mean of 2000 draws)."""
    rng = np.random.default_rng(0)
    return float(
        np.mean([calibration_error(chance, (rng.random(len(chance)) < chance).astype(float)) for _ in range(2000)])
    )
