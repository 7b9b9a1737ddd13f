"""Where cases and their results live: a bundled case by name, or a path to a folder."""

from __future__ import annotations

from pathlib import Path

from whipple.casefile.problems import near_match
from whipple.errors import CaseError, Problem

__all__ = ["BUNDLED", "bundled_names", "case_folder", "results_folder"]

#: Case folders shipped with whipple (data only).
BUNDLED = Path(__file__).parents[1] / "cases"


def bundled_names() -> list[str]:
    """The names of the bundled cases."""
    return sorted(path.name for path in BUNDLED.iterdir() if (path / "case.toml").is_file() and path.name != "template")


def case_folder(case: str) -> Path:
    """The folder of a case given as a path or as the name of a bundled case; CaseError when there is none."""
    for folder in (Path(case), BUNDLED / case):
        if (folder / "case.toml").is_file():
            return folder
    names = bundled_names()
    expected = f"a case folder, or one of: {', '.join(names)}"
    remedy = near_match(case, names, "give a folder with a case.toml, or make one: whipple new my-case")
    raise CaseError([Problem(case, "", "no case.toml there", expected, remedy)])


def results_folder(case: str, out: Path | None) -> Path:
    """Where results go: `--out`, else `<case>/out`; for a bundled case `out/<name>` below the current folder."""
    if out is not None:
        return out
    folder = case_folder(case)
    return Path("out") / folder.name if folder.parent == BUNDLED else folder / "out"
