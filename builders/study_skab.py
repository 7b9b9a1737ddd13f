"""SKAB, causal, protocol of telemetry.md 3.2, on the 23 labelled files that are shared; settings chosen leaving whole categories out.

    python builders/study_skab.py ../shared/data/skab        prints every row of docs/measured/telemetry_skab.md; under a minute

The detector is the product's (`telemetry/state_watch.py`, `telemetry/level_change.py`); here it is only fed and scored.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from skab.choice import (
    ANNOUNCEMENTS,
    STATES,
    announced,
    best,
    chosen_announcements,
    chosen_states,
    middle,
    state_table,
    states,
)  # fmt: skip
from skab.equivalence import attempts, chosen_attempts, end_rows, equivalence_states
from skab.protocol import (
    CHANNELS,
    KINDS,
    TRAIN,
    Array,
    Flags,
    Run,
    counts,
    cropped,
    f1_far,
    nab,
    parts,
    quiet_announcements,
    read_quiet,
    read_runs,
)  # fmt: skip
from skab.rivals import always, as_many_at_random, first_sight, flips, flow_sum, metronome, row_number, skill

from whipple.telemetry.state_watch import StateSettings, watch_state

#: Rows of a stretch of the unlabelled file: as long as a labelled file.
STRETCH = 1150


def state_row(name: str, runs: Sequence[Run], said: Sequence[Flags]) -> None:
    """F1, false-alarm rate, F1 of each category, NAB of the flips."""
    table, kinds = counts(runs, said), np.array([run.kind for run in runs])
    f1, far = f1_far(table)
    each = " / ".join(f"{f1_far(table[kinds == kind])[0]:.3f}" for kind in KINDS)
    print(
        f"{name}: F1 {f1:.3f}, FAR {100 * far:.1f} %, {' / '.join(KINDS)} {each}, flips NAB {nab(runs, flips(runs, said))[0]:.1f}"
    )


def announcement_row(name: str, runs: Sequence[Run], said: Sequence[Array]) -> None:
    """NAB three ways, what was missed, how often it spoke, and the same against chance."""
    (score, missed, outside), number = nab(runs, said), sum(times.size for times in said)
    few, many = nab(runs, said, -0.22)[0], nab(runs, said, -0.11, -2.0)[0]
    alone, hours = quiet_announcements(runs, said)
    chance = as_many_at_random(runs, said)
    print(
        f"{name}: NAB {score:.1f} / {few:.1f} / {many:.1f}, missed {missed}, outside {outside}, {number} announcements, {alone} on"
        f" {hours:.2f} quiet hours ({alone / hours:.1f}/h), chance {chance:.1f}, skill {skill(score, chance):.2f}"
    )


def tell_states(runs: Sequence[Run], quiet: Sequence[Run]) -> None:
    """Rows of the outlier task."""
    table, silence = state_table(runs), state_table(quiet)
    for name, rule in (("middle of the plateau", middle), ("best point", best)):
        chosen = chosen_states(runs, table, silence, rule)
        state_row(f"category left out, {name}", runs, [states([run], STATES[chosen[run.kind]])[0] for run in runs])
        for kind, number in chosen.items():
            watched, judged = STATES[number]
            print(
                f"    {kind}: {watched[0].concern}, {watched[0].least_change_frac}, {judged}, free FAR {f1_far(silence[number])[1]:.3f}"
            )
        began = [flips([run], states([run], STATES[chosen[run.kind]]))[0][::2] for run in runs]
        alone, hours = quiet_announcements(runs, began)
        lonely = [flips([run], states([run], STATES[chosen["none left out"]]))[0][::2] for run in quiet]
        print(
            f"    alarms that began on quiet rows: {alone} in {hours:.2f} h; unlabelled file: {sum(map(len, lonely))} in",
            end=" ",
        )
        print(
            f"{sum(run.t_s.size - TRAIN for run in quiet) / 3600:.2f} h; {sum(map(len, began))} alarms in all {len(runs)} files"
        )
        for rows in (50, 100, 150):
            short = [cropped(run, rows) for run in runs]
            state_row(
                f"... first {rows} rows cropped", short, [states([run], STATES[chosen[run.kind]])[0] for run in short]
            )
    f1, far = f1_far(table)
    state_row("best in sample", runs, states(runs, STATES[best(f1, far <= 0.12, np.zeros((1, 1)), 0.0)]))
    low = np.array([watched[0].concern == "low" and watched[0].least_change_frac == 0.01 for watched, _ in STATES])
    print(
        f"low flow from 1 %: F1 {f1[low].min():.3f} to {f1[low].max():.3f}, FAR {far[low].min():.3f} to {far[low].max():.3f}"
    )
    print(f"either way: F1 at most {f1[[w[0].concern == 'either' for w, _ in STATES]].max():.3f}")


def tell_announcements(runs: Sequence[Run], quiet: Sequence[Run]) -> None:
    """Rows of the changepoint task."""
    for period_s in (10.0, 20.0, 30.0, 45.0, 60.0, 90.0, 165.0):
        beats = [metronome(runs, period_s, phase / 12) for phase in range(12)]
        score, chance = [nab(runs, said)[0] for said in beats], as_many_at_random(runs, beats[0])
        print(
            f"metronome {period_s:g} s: NAB {np.mean(score):.1f} ({min(score):.1f} to {max(score):.1f}), {3600 / period_s:.0f}/h,"
            f" chance {chance:.1f}, skill {skill(float(np.mean(score)), chance):.2f}"
        )
    tried = [announced(runs, told) for told in ANNOUNCEMENTS]
    chosen = chosen_announcements(runs, tried)
    announcement_row("category left out", runs, [tried[chosen[run.kind]][i] for i, run in enumerate(runs)])
    for kind, number in chosen.items():
        print(f"    {kind}: {ANNOUNCEMENTS[number]}")
    for rows in (50, 100, 150):
        short = [cropped(run, rows) for run in runs]
        said = [announced([run], ANNOUNCEMENTS[chosen[run.kind]])[0] for run in short]
        announcement_row(f"... first {rows} rows cropped", short, said)
    for kind in KINDS:
        own = [i for i, run in enumerate(runs) if run.kind == kind]
        announcement_row(f"    {kind}", [runs[i] for i in own], [tried[chosen[kind]][i] for i in own])
    score = [nab(runs, said)[0] for said in tried]
    print(f"every settings tried: NAB {min(score):.1f} to {max(score):.1f}")
    alone, hours = quiet_announcements(quiet, announced(quiet, ANNOUNCEMENTS[chosen["none left out"]]))
    print(f"unlabelled file: {alone} announcements in {hours:.2f} h")


def tell_sensitivity(runs: Sequence[Run]) -> None:
    """The default settings with one thing changed at a time."""
    for rows in (400, 300, 200, 120):
        said = [watch_state(run.t_s, run.value, CHANNELS, rows).disturbed[TRAIN:] for run in runs]
        state_row(f"default, {rows} training rows", runs, said)
    pairs = (
        ("reference_memory_s", 100.0, 400.0),
        ("near_ratio", 0.4, 0.8),
        ("back_ratio", 0.2, 0.5),
        ("hold_s", 0.0, 60.0),
    )
    for name, *values in pairs:
        for value in values:
            state_row(
                f"default, {name} {value:g}", runs, states(runs, (CHANNELS, replace(StateSettings(), **{name: value})))
            )
    for words, change in (("no smallest change", {"least_change_frac": 0.0}), ("either way", {"concern": "either"})):
        state_row(
            f"default, {words}", runs, states(runs, (tuple(replace(c, **change) for c in CHANNELS), StateSettings()))
        )


def tell_dropped(runs: Sequence[Run], quiet: Sequence[Run]) -> None:
    """An alarm that ends by an equivalence test instead of a hold, without and with a longer memory: tried and dropped."""
    for name, longer in (("end by test", False), ("end by test, longer memory", True)):
        chosen = chosen_attempts(runs, quiet, attempts(longer))
        for rows in (0, 50, 100, 150):
            short = [cropped(run, rows) for run in runs]
            said = [equivalence_states(run, [chosen[run.kind]])[:, 0] for run in short]
            state_row(f"{name}, category left out, first {rows} rows cropped", short, said)
        needed = [end_rows(run, chosen["leak"]) for run in runs]
        said = [equivalence_states(run, [chosen["leak"]])[:, 0] for run in runs]
        print(f"    test of the flow takes {min(needed):.0f} to {max(needed):.0f} rows, median {np.median(needed):.0f}")
        print(
            f"    {name}: last row of the block to the nearest end of an alarm, median {ends_after(runs, said):.0f} rows"
        )
    print(f"    hold: {ends_after(runs, states(runs, (CHANNELS, StateSettings()))):.0f} rows")


def ends_after(runs: Sequence[Run], said: Sequence[Flags]) -> float:
    """Rows from the last anomalous one to the end of an alarm that is nearest to it, median over the files with an alarm that ends."""
    late = []
    for run, state in zip(runs, said, strict=True):
        apart = np.flatnonzero(np.diff(state.astype(int)) < 0) - np.flatnonzero(run.anomaly[TRAIN:])[-1]
        if apart.size:
            late.append(apart[np.argmin(np.abs(apart))])
    return float(np.median(late))


def tell_ceiling(runs: Sequence[Run]) -> None:
    """What an alarm could reach that sees a shift of two sigma at once and knows the end."""
    sight = [first_sight(run) for run in runs]
    blind, told = [], []
    for run, rows in zip(runs, sight, strict=True):
        start = np.flatnonzero(run.anomaly)[0]
        state = run.anomaly.copy()
        if rows is not None:
            state[start : start + rows] = False
            blind.append(rows)
        told.append(state[TRAIN:])
    print(
        f"rows from the label to two sigma: median {np.median(blind):.0f}, {dict(zip([run.name for run in runs], sight, strict=True))}"
    )
    state_row("seen at two sigma, end given", runs, told)


def main(root: Path) -> None:
    """All rows."""
    runs, quiet = read_runs(root), parts(read_quiet(root), STRETCH)
    state_row("always", runs, always(runs))
    state_row("row number", runs, row_number(runs))
    state_row("the sheet's sum of the flow, k 1, h 10", runs, flow_sum(runs))
    tell_ceiling(runs)
    tell_states(runs, quiet)
    tell_sensitivity(runs)
    tell_dropped(runs, quiet)
    tell_announcements(runs, quiet)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
