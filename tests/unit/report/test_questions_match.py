"""The page asks each question in the words of its room."""

from __future__ import annotations

import ast
import importlib.util
from pathlib import Path

import pytest

from whipple.report.sections import QUESTIONS
from whipple.report.terminal import SLOTS

ROOT = Path(__file__).parents[3] / "src" / "whipple"


@pytest.mark.parametrize("room", [room for room in QUESTIONS if room != "checks"])
def test_question_is_word_for_word_the_rooms_own(room: str) -> None:
    text = ast.get_docstring(ast.parse((ROOT / room / "__init__.py").read_text(encoding="utf-8")))
    assert text is not None
    assert text.splitlines()[0] == QUESTIONS[room]


def test_every_room_has_a_section_and_a_line_in_the_summary() -> None:
    assert list(SLOTS) == [room for room in QUESTIONS if room != "checks"]
    assert importlib.util.find_spec("whipple.report") is not None
