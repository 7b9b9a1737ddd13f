"""Write requirements.lock (what a run needs) and requirements-dev.lock (test tools and cross-checks) from pyproject.toml."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
#: Libraries without a wheel everywhere: the marker keeps the lock installable there (whipple then uses its portable back end).
MARKERS = {"embreex": 'platform_machine != "aarch64" or sys_platform != "linux"'}
HEAD = "# Written by builders/make_locks.py (make lock); do not edit.\n"


def frozen(extras: str) -> list[str]:
    """The exact versions that a fresh environment gets."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        python = Path(folder) / "bin" / "python"
        subprocess.run([python, "-m", "pip", "-q", "install", "hatchling", "editables", f"{ROOT}{extras}"], check=True)
        listed = subprocess.run(
            [python, "-m", "pip", "freeze", "--exclude", "whipple"], check=True, capture_output=True, text=True
        )
    return listed.stdout.splitlines()


def with_marker(line: str) -> str:
    """The pinned line, with its platform marker where one is needed."""
    name = line.split("==")[0].lower()
    return f"{line}; {MARKERS[name]}" if name in MARKERS else line


if __name__ == "__main__":
    base = frozen("")
    dev = [line for line in frozen("[dev,crosscheck,fast,sources]") if line not in base]
    (ROOT / "requirements.lock").write_text(HEAD + "\n".join(map(with_marker, base)) + "\n")
    (ROOT / "requirements-dev.lock").write_text(HEAD + "\n".join(map(with_marker, dev)) + "\n")
