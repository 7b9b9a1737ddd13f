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
from functools import cache
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
#: Every file once: what is written, and its tree with all the nodes of it.
TEXT = {path: path.read_text(encoding="utf-8") for path in FILES}
FORBIDDEN_NAMES = {"utils", "helpers", "common", "core", "misc", "manager", "base"}
OPENERS = {"open", "read_text", "write_text", "read_bytes", "write_bytes", "load", "loadtxt", "genfromtxt"}


def named(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(TEXT[path])


@cache
def nodes_of(path: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(tree_of(path)))


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_opens_with_its_question(room: str) -> None:
    first_line = (importlib.import_module(f"whipple.{room}").__doc__ or "").splitlines()[0]
    assert first_line.endswith("?"), f"whipple/{room}/__init__.py must open with the question it answers"


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_exports_few_entry_points(room: str) -> None:
    assert 1 <= len(importlib.import_module(f"whipple.{room}").__all__) <= 4


def test_files_and_functions_stay_small() -> None:
    assert [named(path) for path, text in TEXT.items() if text.count("\n") > 500] == [], "500 lines are refused"
    assert [named(path) for path in FILES if path.stem in FORBIDDEN_NAMES] == []
    long = [
        f"{named(path)}: {node.name}"
        for path in FILES
        for node in nodes_of(path)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (node.end_lineno or 0) - node.lineno >= 60
    ]
    assert long == [], "longer than 60 lines"


def exports(path: Path) -> ast.expr | None:
    """What stands behind `__all__ =`."""
    for node in tree_of(path).body:
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "__all__" for t in node.targets):
            return node.value
    return None


def public(path: Path) -> list[ast.FunctionDef | ast.ClassDef]:
    return [
        n for n in tree_of(path).body if isinstance(n, ast.FunctionDef | ast.ClassDef) and not n.name.startswith("_")
    ]


def test_every_module_says_what_it_is_and_what_it_exports() -> None:
    assert [named(path) for path in FILES if not ast.get_docstring(tree_of(path))] == [], (
        "a module opens with a docstring"
    )
    unlisted = [named(path) for path in FILES if public(path) and exports(path) is None]
    assert unlisted == [], "a module with public names lists them in __all__"
    many = [
        named(path)
        for path in FILES
        if isinstance(listed := exports(path), ast.List | ast.Tuple) and len(listed.elts) > 12
    ]
    assert [name for name in many if not name.endswith("constants.py")] == [], "about ten public names a module"


def test_public_functions_have_docstrings() -> None:
    assert [f"{named(path)}: {n.name}" for path in FILES for n in public(path) if not ast.get_docstring(n)] == []


def is_edge(path: Path) -> bool:
    """May this module open files?"""
    return (
        path.stem.startswith(("read", "write"))
        or "readers" in path.parts
        or path.parts[-2] in {"report", "commands"}
        or path.name in {"cli.py", "notebook.py"}
    )


def opens(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    owner = getattr(getattr(node.func, "value", None), "id", "")
    return name in OPENERS and not (name in {"load", "loadtxt", "genfromtxt"} and owner not in {"np", "numpy"})


def test_files_are_opened_only_at_the_edges() -> None:
    found = [
        f"{named(path)}:{node.lineno}" for path in FILES if not is_edge(path) for node in nodes_of(path) if opens(node)
    ]
    assert found == [], "files are opened only in read*/write* modules and on the desk"


def dataclass_fields() -> list[tuple[str, str, object]]:
    found = []
    for info in pkgutil.walk_packages(findings.__path__, findings.__name__ + "."):
        module = importlib.import_module(info.name)
        for cls in vars(module).values():
            if inspect.isclass(cls) and dataclasses.is_dataclass(cls) and cls.__module__ == module.__name__:
                hints = typing.get_type_hints(cls)
                found += [(cls.__name__, f.name, hints[f.name]) for f in dataclasses.fields(cls)]
    return found


def test_numbers_in_findings_carry_their_unit() -> None:
    # `change`, `value` and `smallest_seen` are in the channel's own unit, named beside them; directions are pure numbers.
    excepted = {
        "change", "value", "smallest_seen", "sunlit", "visible", "site_open", "hypotheses", "kinds", "accumulator",
    }  # fmt: skip
    found = dataclass_fields()
    assert len(found) > 100
    bare = [
        f"{owner}.{name}"
        for owner, name, kind in found
        if (kind is float or "Estimate" in str(kind) or "ndarray" in str(kind)) and "dict" not in str(kind)
        if not (name in excepted or name.endswith(("_lvlh", "_body")))
        if suffix_unit(name) is None and suffix_unit("_".join(name.split("_")[:-1])) is None
    ]
    assert bare == [], "each needs a unit suffix"


def source_keys_used() -> dict[str, str]:
    used: dict[str, str] = {}
    for path in FILES:
        for node in nodes_of(path):
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
    text = "".join([*TEXT.values(), *(path.read_text() for path in tables)])
    listed = {key for folder in [None, *(PACKAGE / "cases").iterdir()] for key in load_sources(folder)}
    assert [key for key in sorted(listed) if f'"{key}"' not in text] == []


def test_bundled_cases_cite_known_sources_of_known_grade() -> None:
    from whipple.physics.cited import GRADES

    for folder in (PACKAGE / "cases").iterdir():
        for key, entry in load_sources(folder).items():
            assert entry.get("grade") in GRADES, f"{folder.name}: {key} has grade {entry.get('grade')!r}"
            assert entry.get("grade") != "placeholder", f"{folder.name}: {key} is a placeholder"


def test_constants_are_cited() -> None:
    bare = []
    for path in FILES:
        if "commands" in path.parts or "report" in path.parts:
            continue
        for node in tree_of(path).body:
            if (
                isinstance(node, ast.Assign)
                and isinstance(node.value, ast.Constant)
                and isinstance(node.value.value, float)
            ):
                name = getattr(node.targets[0], "id", "")
                above = TEXT[path].splitlines()[node.lineno - 2]
                if not (above.startswith("#:") or name.startswith("_")):
                    bare.append(f"{named(path)}: {name}")
    assert bare == [], "a bare float needs Cited(...) or a '#:' line saying where it comes from"


#: Errors and problems, and which of their arguments says what to try.
REMEDIES = {
    "Problem": 5,
    "EvidenceError": 3,
    "RangeError": 5,
    "SolveError": 3,
    "BackendError": 2,
    "wrong": 3,
    "near_match": 3,
}


def test_every_error_says_what_to_try() -> None:
    """By construction (errors.py); here: that nobody hands over an empty remedy, or raises an error that knows of none."""
    silent = []
    for path in FILES:
        for node in nodes_of(path):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in REMEDIES:
                place = REMEDIES[node.func.id] - 1
                words = {k.arg: k.value for k in node.keywords}
                said = next((words[k] for k in ("remedy", "hint", "install", "otherwise") if k in words), None)
                said = node.args[place] if len(node.args) > place else said
                if isinstance(said, ast.Constant) and not str(said.value).strip():
                    silent.append(f"{named(path)}:{node.lineno}")
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
                raised = getattr(node.exc.func, "id", "")
                if raised in {"InvestigationError", "Exception", "SystemExit"}:
                    silent.append(f"{named(path)}:{node.lineno}")
    assert silent == []


def test_the_text_of_every_error_ends_with_what_to_try() -> None:
    from whipple import errors

    problem = errors.Problem("case.toml", "loop", "nothing", "a loop", "describe it")
    made = [
        errors.CaseError([problem, problem]),
        errors.EvidenceError("Which loop?", "loop", "describe it"),
        errors.RangeError("model", "x", 1, "more"),
        errors.SolveError("fit", 0.1, "more steps"),
        errors.BackendError("numba", "pip install numba"),
    ]
    kinds = {kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Exception)}
    assert {type(one) for one in made} == kinds - {errors.InvestigationError}
    assert all("\n  try: " in str(one) for one in made)


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
        assert not re.search(r"['\"]/(work|home|root|tmp)/", TEXT[path]), path


def test_numpy_is_not_seeded_globally() -> None:
    assert all("np.random.seed" not in text for text in TEXT.values())
    assert np.random.default_rng(1).random() != np.random.default_rng(2).random()
