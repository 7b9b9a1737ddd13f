"""Long blocks may break across printed pages, and a caption keeps to the width of a phone."""

from __future__ import annotations

import re
from importlib.resources import files


def _unbroken(css: str) -> set[str]:
    """What the print style keeps on one page."""
    style = css[css.index("@media print{") :]
    rules = re.findall(r"([^{}]+)\{([^{}]*)\}", style.removeprefix("@media print{"))
    return {one for names, body in rules if "break-inside:avoid" in body for one in names.split(",")}


def test_long_tables_and_caveats_may_break_in_print() -> None:
    kept = _unbroken(files("whipple.report").joinpath("assets/report.css").read_text(encoding="utf-8"))
    assert {"figure", "tr", ".caveats li", "h2"} <= kept
    assert not kept & {".wide", ".caveats"}


def test_a_caption_is_no_wider_than_the_screen_of_a_phone() -> None:
    css = files("whipple.report").joinpath("assets/report.css").read_text(encoding="utf-8")
    phone = css[css.index("max-width:40rem") : css.index("@media (prefers-reduced-motion")]
    assert "caption{position:sticky;left:0;max-width:calc(100vw" in phone
