"""Colours, type and paper of every drawing, and the way a drawing becomes bytes that are the same each time.

Each colour has a light and a dark value under one name; drawings use the light one, and the page swaps it for the
variable of that name, so that one drawing serves both themes.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
import numpy as np
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure as Drawing
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from whipple.report.formats import times_ten

__all__ = ["COLOURS", "HUES", "canvas", "css_colours", "light", "log_ticks", "quiet", "svg_of", "themed"]

#: name -> (on white, on dark); text and lines reach 4.5:1 on their paper (a test computes it), "grid" is decoration.
COLOURS: dict[str, tuple[str, str]] = {
    "paper": ("#ffffff", "#13181d"),
    "ink": ("#1b2026", "#e7ebef"),
    "muted": ("#56606b", "#a5afba"),
    "grid": ("#d9dee3", "#353e48"),
    "blue": ("#0b5cad", "#72b4f5"),
    "orange": ("#a84b00", "#f2a65e"),
    "green": ("#0f6e49", "#62cba0"),
    "purple": ("#75409c", "#c8a1ea"),
    "red": ("#b1241d", "#ff9389"),
    "teal": ("#0a6a78", "#63c9d9"),
    "olive": ("#6b6100", "#d3c65a"),
    "rose": ("#a03070", "#f29ac6"),
}
#: Series colours in order; series also differ by marker, dash or label.
HUES = ("blue", "orange", "green", "purple", "red", "teal", "olive", "rose")

_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "whipple",
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 8.5,
    "axes.titlesize": 9,
    "axes.labelsize": 8.5,
    "xtick.labelsize": 8,
    "ytick.labelsize": 8,
    "legend.fontsize": 8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlelocation": "left",
    "legend.frameon": False,
    "axes.linewidth": 0.8,
    "grid.linewidth": 0.6,
    "lines.linewidth": 1.5,
    "axes.unicode_minus": True,
    "path.simplify": True,
    "path.simplify_threshold": 0.3,
}

_LONG = re.compile(r"(?<=[\d\s\"(,-])\d*\.\d{3,}")


def light(name: str) -> str:
    """The light value of a colour: what a drawing uses.

    >>> light("ink")
    '#1b2026'
    """
    return COLOURS[name][0]


@contextmanager
def canvas(width_in: float = 7.4, height_in: float = 3.0) -> Iterator[Drawing]:
    """A drawing in the house style; draw on it inside the block, `svg_of` it before the block ends."""
    ink, muted, grid, paper = light("ink"), light("muted"), light("grid"), light("paper")
    colours: dict[Any, Any] = {
        "text.color": ink,
        "axes.labelcolor": ink,
        "axes.edgecolor": muted,
        "xtick.color": muted,
        "ytick.color": muted,
        "xtick.labelcolor": ink,
        "ytick.labelcolor": ink,
        "grid.color": grid,
        "axes.facecolor": paper,
        "figure.facecolor": paper,
        "savefig.facecolor": paper,
        "axes.prop_cycle": cycler(color=[light(name) for name in HUES]),
    }
    with mpl.rc_context({**_STYLE, **colours}):
        drawing = Drawing(figsize=(width_in, height_in), layout="constrained")
        FigureCanvasSVG(drawing)
        yield drawing


def quiet(axes: Axes, axis: str = "both") -> None:
    """A faint grid behind the data."""
    axes.grid(True, axis=axis)  # type: ignore[arg-type]
    axes.set_axisbelow(True)


def log_ticks(axes: Axes, which: str) -> None:
    """A logarithmic axis with few, plain labels: 1, 2, 5 within two decades, powers of ten beyond."""
    (axes.set_xscale if which == "x" else axes.set_yscale)("log")
    axis = axes.xaxis if which == "x" else axes.yaxis
    low, high = axis.get_view_interval()
    decades = np.log10(high / low)
    axis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0) if decades < 2 else (1.0,), numticks=12))
    axis.set_minor_formatter(NullFormatter())
    axis.set_major_formatter(
        FuncFormatter(
            lambda value, _: f"{value:g}" if 0.009 < value < 9999 else times_ten(value, 1).replace("1 × ", "")
        )
    )


def svg_of(drawing: Drawing, name: str, dpi: int = 120) -> str:
    """The drawing as one svg element with ids of its own, no date, short numbers: the same bytes each time."""
    buffer = io.StringIO()
    drawing.savefig(buffer, format="svg", dpi=dpi, metadata={"Date": None, "Creator": None})
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<!--.*?-->|<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(
        r"<[^>]*>", lambda tag: _LONG.sub(lambda hit: f"{float(hit[0]):.2f}".rstrip("0").rstrip("."), tag[0]), text
    )
    text = re.sub(r"<defs><style.*?</style></defs>", "", text, flags=re.DOTALL)
    text = _own_ids(text, name)
    return re.sub(r">\s+<", "><", text).strip()


def _own_ids(text: str, name: str) -> str:
    used = set(re.findall(r"#([\w-]+)\)", text)) | set(re.findall(r'href="#([\w-]+)"', text))
    short = {
        old: f"{name}-{index}"
        for index, old in enumerate(dict.fromkeys(re.findall(r' id="([\w.-]+)"', text)))
        if old in used
    }
    text = re.sub(r' id="([\w.-]+)"', lambda hit: f' id="{short[hit[1]]}"' if hit[1] in short else "", text)
    text = re.sub(r"url\(#([\w-]+)\)", lambda hit: f"url(#{short.get(hit[1], hit[1])})", text)
    return re.sub(r'href="#([\w-]+)"', lambda hit: f'href="#{short.get(hit[1], hit[1])}"', text)


def themed(svg: str, swap: bool = True) -> str:
    """The drawing for the page: sized by it, hidden from screen readers (its alt text speaks), in its colours if `swap`."""
    for name, (value, _) in COLOURS.items() if swap else ():
        svg = svg.replace(value, f"var(--{name})")
    svg = re.sub(r'(<svg[^>]*?) (?:width|height)="[^"]*"', r"\1", svg, count=1)
    svg = re.sub(r'(<svg[^>]*?) (?:width|height)="[^"]*"', r"\1", svg, count=1)
    svg = svg.replace("font-family: 'DejaVu Sans', sans-serif", "").replace("'DejaVu Sans'", "inherit")
    return svg.replace("<svg", '<svg aria-hidden="true" focusable="false"', 1)


def css_colours() -> str:
    """The colour variables of both themes; print is always light."""
    lights = ";".join(f"--{name}:{value}" for name, (value, _) in COLOURS.items())
    darks = ";".join(f"--{name}:{value}" for name, (_, value) in COLOURS.items())
    return f":root{{{lights}}}\n@media screen and (prefers-color-scheme:dark){{:root{{{darks}}}}}\n"
