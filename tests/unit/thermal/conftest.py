"""The bundled case, and a sky known by its orbit only."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import whipple
from whipple.casefile.case import Case
from whipple.casefile.read_case import read_case


@pytest.fixture(scope="session")
def case() -> Case:
    return read_case(Path(whipple.__file__).parent / "cases" / "soyuz-ms22")


@pytest.fixture(scope="session")
def sky() -> Any:
    return SimpleNamespace(orbit=SimpleNamespace(altitude_m=417e3, beta_rad=float(np.radians(-71.9)), eclipse_frac=0.0))
