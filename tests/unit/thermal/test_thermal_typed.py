"""Options of `whipple thermal solve` that cannot be are refused by name."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

import whipple
from whipple.cli import app
from whipple.errors import RangeError
from whipple.thermal.surroundings import eclipse_frac

FILE = str(Path(whipple.__file__).parent / "cases" / "soyuz-ms22" / "network.toml")


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--hours", "inf"),
        ("--hours", "1e12"),
        ("--altitude", "417 m"),
        ("--altitude", "1e12 km"),
        ("--beta", "1e9 deg"),
    ],
)
def test_what_cannot_be_is_refused_by_name(option: str, value: str) -> None:
    found = CliRunner().invoke(app, ["thermal", "solve", FILE, option, value]).exception
    assert isinstance(found, RangeError)
    assert str(found).startswith(f"{option}: ")


@pytest.mark.parametrize("beta_rad", [np.radians(1e9), 2 * np.pi, np.nan])
def test_a_beta_beyond_a_quarter_turn_has_no_shadow(beta_rad: float) -> None:
    with pytest.raises(RangeError, match="pi/2"):
        eclipse_frac(417e3, beta_rad)
    assert eclipse_frac(417e3, np.radians(90.0)) == 0
