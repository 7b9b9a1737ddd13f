"""The options by risk and by clock."""

from __future__ import annotations

from whipple.casefile.findings.plan import Plan
from whipple.report.formats import number, shown
from whipple.report.ink import canvas, light, log_ticks, quiet, svg_of
from whipple.report.page import Figure

__all__ = ["draw_options"]


def draw_options(plan: Plan) -> Figure | None:
    """Harm to the crew and the day each option is ready, with 90 % intervals; the recommended one is filled, none while none is recommended."""
    rows = plan.options[::-1]
    if not rows:
        return None
    with canvas(7.4, 0.95 + 0.36 * len(rows)) as drawing:
        harm, ready = drawing.subplots(1, 2, sharey=True)
        for y, row in enumerate(rows):
            fill = light("blue") if row.option == plan.recommended else light("paper")
            for axes, value, factor in ((harm, row.harm_prob, 100.0), (ready, row.ready_s, 1 / 86400)):
                axes.hlines(y, factor * value.low, factor * value.high, color=light("blue"), linewidth=4, alpha=0.4)
                axes.plot(factor * value.median, y, "o", color=fill, markeredgecolor=light("blue"), markersize=7)
        harm.set_yticks(
            range(len(rows)), [row.title if len(row.title) < 34 else row.title[:32] + "…" for row in rows], fontsize=7.5
        )
        harm.set(
            xlabel="serious harm to a crew member, %" if plan.ridden else "harm as the case means it, %",
            ylim=(-0.6, len(rows) - 0.4),
        )
        if min(row.harm_prob.low for row in rows) > 0:
            log_ticks(harm, "x")
        ready.set(xlabel="ready, days after the epoch")
        for axes in (harm, ready):
            quiet(axes, "x")
        svg = svg_of(drawing, "options")
    words = "; ".join(
        f"{r.title}: harm {shown(r.harm_prob, '%')}, ready on day {number(r.ready_s.median / 86400, 5)}"
        for r in plan.options
    )
    mark = "Filled: recommended" if plan.recommended else "None is filled: no option is recommended yet"
    return Figure("options", "Risk and clock of each option", f"{words}. {mark}.", svg)
