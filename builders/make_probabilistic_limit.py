"""Learn the chance of perforation from the Whipple shots, score it on laboratories it has not seen, write its coefficients.

Reads shared/data/hypervelocity_shots/whipple.csv (pyBLOSSUM, MIT; 568 shots; argument or $WHIPPLE_SHARED_DATA); none of it is copied. Writes
src/whipple/impact/models/shot_scatter.py and docs/theory/impact_reliability.svg. `--check` fails when they are not current. The other shields'
tables are scored too, and only scored: `perforation_chance/other_shields.py` says why no chance is learned from them.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np
from perforation_chance.contradictions import best_share, fewest_errors, repeats, sound, turned_round
from perforation_chance.learning import held_out
from perforation_chance.other_shields import READERS, scored
from perforation_chance.scores import (
    accuracy_drawn,
    each_way,
    error_if_perfect,
    gain_interval,
    other_countings,
    scores,
    single_equations,
)
from perforation_chance.shots import SHOTS, Shots, read_shots
from perforation_chance.writing import reliability_svg, table_text

HERE = Path(__file__).parents[1]


def report(filed: Shots) -> None:
    """Print what the theory page says."""
    for name, (agree, contradict, share) in turned_round(filed).items():
        print(f"left out: {name}, {agree} pairs agree, {contradict} contradict; as much in {share:.2%} of shuffles")
    for words, shots in (("as filed", filed), ("learned from", sound(filed))):
        print(
            f"{words}: {len(shots.perforated)} shots, at least {fewest_errors(shots, 0.03)} sorted wrong by any monotone answer"
        )
        for reach in (0.02, 0.1):
            (inside, unlike), (between, other) = repeats(shots, reach, shots.laboratory)
            print(
                f"  pairs within {reach:.0%}: {inside} in one laboratory, {unlike:.3f} disagree (best share {best_share(unlike):.3f})"
            )
            print(f"  {between} of two laboratories, {other:.3f} disagree (best share {best_share(other):.3f})")
    for name, shots, group in (*each_way(filed), *other_countings(filed)):
        chance = held_out(shots, group)
        low, high = gain_interval(shots, group)
        print(f"{name}: {len(np.unique(group))} left out in turn")
        print(
            "  ours: log loss {:.4f}, accuracy {:.4f}, calibration error {:.4f}".format(
                *scores(chance, shots.perforated)
            )
        )
        print(
            f"  a perfect answer would show {error_if_perfect(chance):.4f}; gain over Ryan-Schonberg {low:.4f} to {high:.4f}"
        )
        right, lead = accuracy_drawn(shots, group)
        print(
            f"  groups drawn: standard error of the accuracy {right.std():.4f}, below 80 % in {(right < 0.8).mean():.2f}; its lead over "
            "Ryan-Schonberg {:.4f} to {:.4f}".format(*np.quantile(lead, [0.05, 0.95]))
        )
        for words, theirs in single_equations(shots, group):
            print("  {}: {:.4f}, {:.4f}, {:.4f}".format(words, *scores(theirs, shots.perforated)))


def report_other_shields(folder: Path) -> None:
    """Print how a chance learned from the other tables does on a source it has not seen, beside naming the share perforated."""
    for name, read in READERS.items():
        for words, (loss, right, error) in scored(read(folder)).items():
            print(f"{name}, {words}: {loss:.3f}, {right:.3f}, {error:.3f}")


def main(arguments: list[str]) -> int:
    """Write the coefficients and the drawing, or say whether they are current."""
    folder = next((Path(word) for word in arguments if not word.startswith("-")), None)
    folder = folder or Path(os.environ.get("WHIPPLE_SHARED_DATA", HERE.parent / "shared" / "data"))
    shots = read_shots(folder / SHOTS)
    kept = sound(shots)
    made = {
        HERE / "src/whipple/impact/models/shot_scatter.py": table_text(shots),
        HERE / "docs/theory/impact_reliability.svg": reliability_svg(held_out(kept, kept.source), kept.perforated),
    }
    if "--check" in arguments:
        stale = [path.name for path, text in made.items() if not path.exists() or path.read_text() != text]
        print(f"not current: {', '.join(stale)}" if stale else "current")
        return 1 if stale else 0
    for path, text in made.items():
        path.write_text(text)
    report(shots)
    report_other_shields(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
