"""Is the house in order? Questions, suffixes, sizes, names, citations, quiet import."""

from __future__ import annotations

import ast
import dataclasses
import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
import typing
from pathlib import Path

import numpy as np
import pytest

import whipple
from whipple.casefile import findings
from whipple.casefile.read_toml import load_sources
from whipple.casefile.units import suffix_unit
from whipple.investigation import NEEDS, ROOMS, SLOTS

PACKAGE = Path(whipple.__file__).parent
FILES = sorted(path for path in PACKAGE.rglob("*.py"))
FORBIDDEN_NAMES = {"utils", "helpers", "common", "core", "misc", "manager", "base"}
OPENERS = {"open", "read_text", "write_text", "read_bytes", "write_bytes", "load", "loadtxt", "genfromtxt"}


def named(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_opens_with_its_question(room: str) -> None:
    first_line = (importlib.import_module(f"whipple.{room}").__doc__ or "").splitlines()[0]
    assert first_line.endswith("?"), f"whipple/{room}/__init__.py must open with the question it answers"


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_exports_few_entry_points(room: str) -> None:
    assert 1 <= len(importlib.import_module(f"whipple.{room}").__all__) <= 4


@pytest.mark.parametrize("path", FILES, ids=named)
def test_files_and_functions_stay_small(path: Path) -> None:
    text = path.read_text()
    assert text.count("\n") <= 500, "500 lines are refused"
    assert path.stem not in FORBIDDEN_NAMES
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            assert (node.end_lineno or 0) - node.lineno < 60, f"{node.name} is longer than 60 lines"


@pytest.mark.parametrize("path", FILES, ids=named)
def test_every_module_says_what_it_is_and_what_it_exports(path: Path) -> None:
    tree = ast.parse(path.read_text())
    assert ast.get_docstring(tree), "a module opens with a docstring"
    exported = [
        n
        for n in tree.body
        if isinstance(n, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "__all__" for t in n.targets)
    ]
    public = [n for n in tree.body if isinstance(n, (ast.FunctionDef, ast.ClassDef)) and not n.name.startswith("_")]
    assert exported or not public, "a module with public names lists them in __all__"
    if exported and isinstance(exported[0].value, (ast.List, ast.Tuple)) and path.name != "constants.py":
        assert len(exported[0].value.elts) <= 12, "about ten public names a module"


@pytest.mark.parametrize("path", FILES, ids=named)
def test_public_functions_have_docstrings(path: Path) -> None:
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
            assert ast.get_docstring(node), f"{node.name} has no docstring"


@pytest.mark.parametrize("path", FILES, ids=named)
def test_files_are_opened_only_at_the_edges(path: Path) -> None:
    edges = (
        path.stem.startswith(("read", "write")) or "readers" in path.parts or path.parts[-2] in {"report", "commands"}
    )
    if edges or path.name in {"cli.py", "notebook.py"}:
        return
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            owner = getattr(getattr(node.func, "value", None), "id", "")
            if name in {"load", "loadtxt", "genfromtxt"} and owner not in {"np", "numpy"}:
                continue
            assert name not in OPENERS, (
                f"line {node.lineno}: files are opened only in read*/write* modules and on the desk"
            )


def dataclass_fields() -> list[tuple[str, str, object]]:
    found = []
    for info in pkgutil.walk_packages(findings.__path__, findings.__name__ + "."):
        module = importlib.import_module(info.name)
        for cls in vars(module).values():
            if inspect.isclass(cls) and dataclasses.is_dataclass(cls) and cls.__module__ == module.__name__:
                hints = typing.get_type_hints(cls)
                found += [(cls.__name__, f.name, hints[f.name]) for f in dataclasses.fields(cls)]
    return found


@pytest.mark.parametrize(("owner", "name", "kind"), dataclass_fields(), ids=lambda x: x if isinstance(x, str) else "")
def test_numbers_in_findings_carry_their_unit(owner: str, name: str, kind: object) -> None:
    text = str(kind)
    physical = kind is float or "Estimate" in text or "ndarray" in text
    # `change`, `value` and `smallest_seen` are in the channel's own unit, named beside them; directions are pure numbers.
    excepted = name in {
        "change",
        "value",
        "smallest_seen",
        "sunlit",
        "visible",
        "site_open",
        "hypotheses",
        "kinds",
        "accumulator",
    } or name.endswith(("_lvlh", "_body"))
    if physical and not excepted and "dict" not in text:
        assert suffix_unit(name) is not None or suffix_unit("_".join(name.split("_")[:-1])) is not None, (
            f"{owner}.{name} needs a unit suffix"
        )


def source_keys_used() -> dict[str, str]:
    used: dict[str, str] = {}
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.keyword)
                and node.arg == "source"
                and isinstance(node.value, ast.Constant)
                and isinstance(node.value.value, str)
            ):
                used[node.value.value] = named(path)
    return used


def test_every_source_key_in_the_code_resolves() -> None:
    known = load_sources()
    missing = {key: path for key, path in source_keys_used().items() if key and key not in known}
    doctest_only = {"none", "codata2018"}
    assert not {k: v for k, v in missing.items() if k not in doctest_only}


def test_every_listed_source_is_used() -> None:
    tables = [path for path in PACKAGE.rglob("*.toml") if path.name != "sources.toml"]
    text = "".join(path.read_text() for path in [*FILES, *tables])
    listed = {key for folder in [None, *(PACKAGE / "cases").iterdir()] for key in load_sources(folder)}
    assert [key for key in sorted(listed) if f'"{key}"' not in text] == []


def test_bundled_cases_cite_known_sources_of_known_grade() -> None:
    from whipple.physics.cited import GRADES

    for folder in (PACKAGE / "cases").iterdir():
        for key, entry in load_sources(folder).items():
            assert entry.get("grade") in GRADES, f"{folder.name}: {key} has grade {entry.get('grade')!r}"
            assert entry.get("grade") != "placeholder", f"{folder.name}: {key} is a placeholder"


@pytest.mark.parametrize("path", [p for p in FILES if "commands" not in p.parts and "report" not in p.parts], ids=named)
def test_constants_are_cited(path: Path) -> None:
    for node in ast.parse(path.read_text()).body:
        if (
            isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, float)
        ):
            name = getattr(node.targets[0], "id", "")
            above = path.read_text().splitlines()[node.lineno - 2]
            assert above.startswith("#:") or name.startswith("_"), (
                f"{name}: a bare float needs Cited(...) or a '#:' line saying where it comes from"
            )


def test_needs_matches_the_investigation() -> None:
    tree = ast.parse((PACKAGE / "investigation.py").read_text())
    body = next(n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == "investigate").body
    room_of = {}
    for line in body:
        if (
            isinstance(line, ast.Assign)
            and isinstance(line.value, ast.Call)
            and getattr(line.value.func, "id", "") == "ask"
        ):
            room = line.value.args[0].value
            rests_on = {room_of[a.id] for a in line.value.args[3:] if isinstance(a, ast.Name) and a.id in room_of}
            assert rests_on == set(NEEDS[room]), f"NEEDS[{room!r}] should be {sorted(rests_on)}"
            room_of[line.targets[0].id] = room
    assert list(room_of.values()) == list(ROOMS)


def test_slots_are_slots_of_the_findings() -> None:
    fields = {f.name for f in dataclasses.fields(findings.Findings)}
    assert set(SLOTS.values()) <= fields
    assert list(SLOTS) == list(ROOMS)


def test_import_is_quiet_and_light() -> None:
    heavy = ("numpy", "scipy", "matplotlib", "pint", "pydantic", "duckdb", "trimesh", "embreex")
    code = f"import sys, whipple.cli; print([name for name in {heavy} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stderr == ""
    assert run.stdout.strip() == "[]", "the command line imports nothing heavy before a command runs"


def test_no_private_host_names_or_absolute_paths() -> None:
    for path in FILES:
        assert not re.search(r"['\"]/(work|home|root|tmp)/", path.read_text()), path


def test_numpy_is_not_seeded_globally() -> None:
    assert all("np.random.seed" not in path.read_text() for path in FILES)
    assert np.random.default_rng(1).random() != np.random.default_rng(2).random()
