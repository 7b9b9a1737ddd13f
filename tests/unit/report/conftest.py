"""The invented case, stack and findings, once a session."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from whipple.casefile.case import Case
from whipple.casefile.findings import Findings
from whipple.report.page import Section
from whipple.report.write_report import sections_of, write_report
from whipple.vehicle.stack import Stack


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("whipple_invented_findings", Path(__file__).with_name("invented.py"))
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules.setdefault(spec.name, importlib.util.module_from_spec(spec))
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def invented() -> ModuleType:
    return _load()


@pytest.fixture
def case(invented: ModuleType, tmp_path: Path) -> Case:
    return invented.invented_case(tmp_path)


@pytest.fixture(scope="session")
def stack(invented: ModuleType) -> Stack:
    return invented.invented_stack()


@pytest.fixture(scope="session")
def findings(invented: ModuleType, stack: Stack) -> Findings:
    return invented.invented_findings(stack)


@pytest.fixture(scope="session")
def nothing() -> Findings:
    """Findings in which nobody asked anything."""
    return Findings("invented", "0" * 64, 1, "2023-04-01")


@pytest.fixture(scope="session")
def written(
    invented: ModuleType, stack: Stack, findings: Findings, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, tuple[Section, ...]]:
    """The page of the invented findings, and the sections it was made of."""
    folder, kept = tmp_path_factory.mktemp("report"), []

    def keeping(*arguments: Any) -> tuple[Section, ...]:
        kept.append(sections_of(*arguments))
        return kept[-1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("whipple.report.write_report.sections_of", keeping)
        page = write_report(invented.invented_case(folder), stack, findings, folder / "out")
    return page.read_text(encoding="utf-8"), kept[0]


@pytest.fixture(scope="session")
def page(written: tuple[str, tuple[Section, ...]]) -> str:
    """The text of the page of the invented findings."""
    return written[0]


@pytest.fixture(scope="session")
def sections(written: tuple[str, tuple[Section, ...]]) -> tuple[Section, ...]:
    """The sections of that page, with their drawings."""
    return written[1]
