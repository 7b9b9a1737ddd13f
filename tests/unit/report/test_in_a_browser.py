"""The page in headless Chromium: the 3-D view draws and turns, and nothing is asked of the network."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

CHROMIUM = shutil.which("chromium")
FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--hide-scrollbars", "--window-size=1000,900"),
    *("--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--virtual-time-budget=5000"),
]
ALONE = "<style>header,nav,section:not(#exposure),section>:not(#stack-view){display:none!important}</style>"


def shot(page: Path, folder: Path, press: str) -> np.ndarray:
    """A picture of the 3-D view after one of its buttons was pressed."""
    push = f"<script>addEventListener('load',()=>setTimeout(()=>document.querySelector('[data-view={press}]').click(),900))</script>"
    copy = folder / f"{press}.html"
    copy.write_text(page.read_text(encoding="utf-8").replace("</body>", ALONE + push + "</body>"), encoding="utf-8")
    picture = folder / f"{press}.png"
    command = [str(CHROMIUM), *FLAGS, f"--user-data-dir={folder / 'profile'}", f"--screenshot={picture}", copy.as_uri()]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return np.asarray(Image.open(io.BytesIO(picture.read_bytes())).convert("RGB"), dtype=int)


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="Debian's chromium is not installed")
def test_the_stack_is_drawn_and_turns(page: str, tmp_path: Path) -> None:
    source = tmp_path / "report.html"
    source.write_text(page, encoding="utf-8")
    ram, below = shot(source, tmp_path, "ram"), shot(source, tmp_path, "nadir")
    stage = ram[200:500]
    assert len(np.unique(stage.reshape(-1, 3), axis=0)) > 50
    assert np.mean(np.abs(ram - below).sum(axis=2) > 30) > 0.01
