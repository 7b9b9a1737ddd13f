"""The causes side by side, what moves them, and the calendar of the case."""

from __future__ import annotations

import re
import textwrap
from datetime import datetime

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from whipple.casefile.findings.verdict import HypothesisVerdict, Mover, Verdict
from whipple.report.formats import percent
from whipple.report.ink import canvas, light, quiet, svg_of
from whipple.report.page import Figure, Table

__all__ = ["beside", "causes_table", "draw_calendar", "draw_causes", "draw_movers"]


def beside(share: float, bound: float) -> str:
    """A share in per cent; with a digit or two more where rounding hides on which side of the bound it stands.

    >>> beside(0.714, 0.66), beside(0.662, 0.66)
    ('71 %', '66.2 %')
    """
    texts = (percent(share), f"{100 * share:.1f} %", f"{100 * share:.2f} %")
    bounds = (percent(bound), f"{100 * bound:.1f} %", f"{100 * bound:.2f} %")
    return next((text for text, held in zip(texts, bounds, strict=True) if text != held), texts[0])


def _interval(text_low: float, text_high: float) -> str:
    return f"{percent(text_low)} to {percent(text_high)}"


def _word(verdict: Verdict, row: HypothesisVerdict) -> str:
    """The likelihood word, or "excluded" for a cause that is ruled out."""
    return "excluded" if any(row.hypothesis == gone.hypothesis for gone in verdict.excluded) else row.word


def _threshold(verdict: Verdict) -> str:
    """The threshold with the word that the scale gives it: "likely: 66 %"."""
    share = percent(verdict.threshold_prob)
    found = re.search(rf"([a-z][a-z ]*) above {100 * verdict.threshold_prob:.0f} %", verdict.word_scale)
    return f"{found[1].strip() if found else 'threshold'}: {share}"


#: Characters of a cause's name on one line: longer ones are broken, or they push the drawing off its canvas.
_WIDE = 38


def draw_causes(verdict: Verdict) -> Figure:
    """Every cause with its posterior, its 90 % interval and its prior, the most probable on top."""
    rows = sorted(verdict.hypotheses, key=lambda row: row.posterior_prob.median)
    most = max(len(textwrap.wrap(row.title, _WIDE - 8)) for row in rows)
    with canvas(7.4, 0.85 + max(0.26, 0.15 * most) * len(rows)) as drawing:
        axes = drawing.subplots()
        for y, row in enumerate(rows):
            _cause(
                axes,
                y,
                verdict,
                row.posterior_prob.low,
                row.posterior_prob.median,
                row.posterior_prob.high,
                row.prior_prob,
            )
            axes.text(104, y, _word(verdict, row), va="center", fontsize=8.5, clip_on=False)
        # the share stands beside the name: on a narrow screen, where the right of the drawing scrolls, it is still in sight
        held = (
            beside(row.posterior_prob.median, verdict.threshold_prob).replace(" ", "\u00a0") for row in rows
        )  # no line breaks inside the share
        names = [f"{row.title} ·\u00a0{share}" for row, share in zip(rows, held, strict=True)]
        axes.set_yticks(range(len(rows)), [textwrap.fill(name, _WIDE) for name in names], linespacing=0.95)
        axes.set(xlim=(-1, 102), ylim=(-0.6, len(rows) - 0.4), xlabel="probability, % (bar: 90 % interval; |: prior)")
        axes.axvline(100 * verdict.threshold_prob, color=light("muted"), linestyle=":", linewidth=1)
        axes.text(
            100 * verdict.threshold_prob,
            len(rows) - 0.35,
            _threshold(verdict),
            ha="center",
            va="bottom",
            fontsize=8,
            color=light("muted"),
        )
        quiet(axes, "x")
        drawing.get_layout_engine().set(rect=(0, 0, 0.83, 1))  # type: ignore[union-attr, call-arg]
        svg = svg_of(drawing, "causes")
    best = rows[-1]
    span = _interval(best.posterior_prob.low, best.posterior_prob.high)
    alt = f"Probability of each cause. Highest: {best.title}, {beside(best.posterior_prob.median, verdict.threshold_prob)} (90 %: {span})."
    alt += f" Dotted line, needed for a verdict: {_threshold(verdict)}."
    out = [row.title for row in rows[::-1] if _word(verdict, row) == "excluded"]
    alt += f" Excluded: {', '.join(out)}." if out else ""
    return Figure("causes", "Which cause survives all the evidence", alt, svg, causes_table(verdict))


def causes_table(verdict: Verdict) -> Table:
    """Every cause with prior, posterior, interval and word, the most probable first."""
    rows = sorted(verdict.hypotheses, key=lambda row: -row.posterior_prob.median)
    cells = (
        (
            r.title,
            percent(r.prior_prob),
            beside(r.posterior_prob.median, verdict.threshold_prob),
            _interval(r.posterior_prob.low, r.posterior_prob.high),
            "–" if r.lead_frac is None else percent(r.lead_frac),
            "–" if r.pass_frac is None else percent(r.pass_frac),
            _word(verdict, r),
        )
        for r in rows
    )
    passes = f"passes {percent(verdict.threshold_prob)} in"
    head = ("cause", "prior", "posterior", "90 % interval", "leads in", passes, "word")
    title = "Causes: prior, posterior (its mean), the share of all draws of the inputs in which it leads and passes, and word"
    return Table(title, head, tuple(cells))


def _cause(axes: Axes, y: int, verdict: Verdict, low: float, middle: float, high: float, prior: float) -> None:
    colour = light("blue") if verdict.decided and middle >= verdict.threshold_prob else light("muted")
    axes.hlines(y, 100 * low, 100 * high, color=colour, linewidth=4, alpha=0.45)
    axes.plot(100 * middle, y, "o", color=colour, markersize=7)
    axes.plot(100 * prior, y, "|", color=light("orange"), markersize=12, markeredgewidth=1.8)


def _short(text: str, most: int = 56) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def draw_movers(movers: tuple[Mover, ...], titles: dict[str, str]) -> Figure:
    """How far each observation carries the cause it moves most: with it and without it."""
    rows = movers[:8][::-1]
    with canvas(7.4, 0.8 + 0.34 * len(rows)) as drawing:
        axes = drawing.subplots()
        for y, row in enumerate(rows):
            axes.annotate(
                "",
                (100 * row.with_prob, y),
                (100 * row.without_prob, y),
                arrowprops={"arrowstyle": "->", "color": light("muted"), "shrinkA": 4, "shrinkB": 4},
            )
            axes.plot(
                100 * row.without_prob,
                y,
                "o",
                color=light("paper"),
                markeredgecolor=light("orange"),
                markersize=7,
                markeredgewidth=1.6,
            )
            axes.plot(100 * row.with_prob, y, "o", color=light("blue"), markersize=7)
        axes.set_yticks(
            range(len(rows)),
            [f"{_short(row.observation)}\n→ {titles.get(row.hypothesis, row.hypothesis)}" for row in rows],
            fontsize=7.5,
        )
        axes.set(
            xlim=(-2, 102),
            ylim=(-0.6, len(rows) - 0.4),
            xlabel="probability of the cause, %  (open: without the observation, filled: with it)",
        )
        quiet(axes, "x")
        svg = svg_of(drawing, "movers")
    first = movers[0]
    cause = titles.get(first.hypothesis, first.hypothesis)
    step = f"{first.observation} takes {cause} from {percent(first.without_prob)} to {percent(first.with_prob)}"
    alt = f"Probability of a cause without and with each observation. Largest move: {step}."
    cells = tuple(
        (m.observation, titles.get(m.hypothesis, m.hypothesis), percent(m.without_prob), percent(m.with_prob))
        for m in movers
    )
    return Figure(
        "movers",
        "Which observation moves the verdict most",
        alt,
        svg,
        Table("With and without each observation", ("observation", "cause", "without", "with"), cells),
    )


def draw_calendar(epoch: datetime, said: tuple[tuple[datetime, str, str], ...]) -> Figure:
    """The claims by the day they were made; `said` holds (when, use, text)."""
    marks = {"evidence": ("o", "blue", 2.0), "check": ("D", "orange", 1.0), "ignore": ("x", "muted", 0.0)}
    with canvas(7.4, 1.7) as drawing:
        axes = drawing.subplots()
        stacked: dict[tuple[str, int], int] = {}
        for when, use, _ in said:
            shape, colour, row = marks[use]
            day = round((when - epoch).total_seconds() / 86400)
            stacked[use, day] = stacked.get((use, day), -1) + 1
            axes.plot(day, row + 0.13 * stacked[use, day], shape, color=light(colour), markersize=5)
        axes.axvline(0, color=light("red"), linewidth=1)
        axes.text(0, 3.15, " first sign", color=light("red"), va="top", fontsize=8)
        axes.set_yticks(
            [0, 1, 2], ["kept for the record (×)", "held out, compared at the end (◆)", "used as evidence (●)"]
        )
        low, high = axes.get_xlim()
        axes.set_xlim(min(low, -1.0), max(high, 1.0))  # claims of one day get an axis of days, not of minutes
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.set(ylim=(-0.4, 3.2), xlabel=f"days after {epoch:%d %B %Y, %H:%M} UTC")
        quiet(axes, "x")
        svg = svg_of(drawing, "calendar")
    counts = {use: sum(1 for row in said if row[1] == use) for use in marks}
    shares = (
        f"{counts['evidence']} used as evidence, {counts['check']} held out, {counts['ignore']} kept for the record"
    )
    alt = f"Calendar of {len(said)} claims: {shares}."
    return Figure("calendar", "Claims by the day they were made", alt, svg)
