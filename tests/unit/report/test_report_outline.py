"""Did the page move? Its outline (headings, captions, drawings with their alt texts) against the frozen one.

`--update-golden` is not wired to one file: set WHIPPLE_UPDATE_GOLDEN=1 to rewrite it, and read the diff before you commit it.
"""

from __future__ import annotations

import os
import re
from html import unescape
from pathlib import Path

GOLDEN = Path(__file__).parents[2] / "golden" / "report_outline.txt"


def outline(page: str) -> str:
    page = page[page.index("<body>") : page.index("<script>")]
    pattern = r"<(h[1-4]|figcaption|caption|summary)\b[^>]*>(.*?)</\1>|role=\"img\" aria-label=\"([^\"]*)\""
    lines = []
    for hit in re.finditer(pattern, page, re.DOTALL):
        text = hit[3] if hit[3] is not None else re.sub(r"<[^>]+>", "", hit[2])
        lines.append(f"{hit[1] or 'alt'}: {' '.join(unescape(text).split())}")
    return "\n".join(lines) + "\n"


def test_outline_of_the_invented_report_has_not_moved(page: str) -> None:
    found = outline(page)
    if os.environ.get("WHIPPLE_UPDATE_GOLDEN"):
        GOLDEN.write_text(found, encoding="utf-8")
    assert found == GOLDEN.read_text(encoding="utf-8")
