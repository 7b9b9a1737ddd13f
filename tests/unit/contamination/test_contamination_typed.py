"""Options of `whipple contamination` that cannot be are refused by name: no answer is "nan molecules"."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from whipple.cli import app
from whipple.errors import RangeError

_COLUMN = ["column", "--flow", "7 g/s", "--eye", "0 m, 0 m, 10 m"]
_JET = ["breakup", "--diameter", "1 mm", "--speed", "10 m/s"]


@pytest.mark.parametrize(
    ("words", "option"),
    [
        ([*_COLUMN, "--exponent", "nan"], "--exponent"),
        ([*_COLUMN, "--floor", "nan"], "--floor"),
        ([*_COLUMN, "--flow", "1e300 g/s"], "--flow"),
        ([*_COLUMN, "--speed", "1e9 m/s"], "--speed"),
        ([*_COLUMN, "--toward", "0 m, 0 m, 1e300 m"], "--toward"),
        ([*_COLUMN, "--axis", "0, 0, 1e300"], "--axis"),
        (["film", "--temperature", "200 K", "--thickness", "1e30 m"], "--thickness"),
        ([*_JET, "--speed", "1e12 m/s"], "--speed"),
        ([*_JET, "--diameter", "1 km"], "--diameter"),
        (["droplet", "--diameter", "1 pm", "--flux", "200 W/m**2"], "--diameter"),
        (["droplet", "--diameter", "1 km", "--flux", "200 W/m**2"], "--diameter"),
        (["droplet", "--diameter", "1 mm", "--flux", "1e12 W/m**2"], "--flux"),
    ],
)
def test_what_cannot_be_is_refused_by_name(words: list[str], option: str) -> None:
    found = CliRunner().invoke(app, ["contamination", *words]).exception
    assert isinstance(found, RangeError)
    assert str(found).startswith(f"{option}: ")
