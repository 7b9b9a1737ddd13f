"""A small case with four options, and a heat finding written by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from whipple.casefile.case import Case
from whipple.casefile.estimate import Estimate
from whipple.casefile.findings.heat import Heat, HeatScenario
from whipple.casefile.findings.verdict import HypothesisVerdict, Verdict
from whipple.casefile.tables.case_table import AttitudeTable, CaseTable, CrewTable, OrbitTable, VehicleTable
from whipple.casefile.tables.hypothesis import HypothesisTable
from whipple.casefile.tables.option import OptionTable


def option(name: str, **more: object) -> OptionTable:
    base = {
        "name": name, "title": f"Option {name}", "ship": "damaged", "returns": "crewed", "scenario": "return with 3 crew, 6 h",
        "crew_aboard": 3, "ready": "10 day",
        "other_harm": {"is": "0.001", "low": "0.0005", "high": "0.004"}, "waits_for": "-", "destroys": "-", "known": "2022-12-16", "source": "t",
    }  # fmt: skip
    return OptionTable.model_validate(base | more)


@pytest.fixture
def case() -> Case:
    """Three people, options: return now, one seat elsewhere and two home late, replacement with one seat elsewhere, stay."""
    vehicle = {
        "file": "v", "ship": "s", "site_part": "radiator", "site_wall": "1 mm", "site_area": "3 m**2",
        "site_material": "AMg6", "mass": "1 kg",
        "centre_of_mass": ["0 m"] * 3, "centre_of_mass_spread": "0 m", "inertia_kg_m2": np.eye(3).tolist(),
        "gyro_capacity": [], "source": "t",
    }  # fmt: skip
    kinds = {"sporadic": "sporadic", "manufacturing": "manufacturing"}
    hypotheses = tuple(
        HypothesisTable.model_validate({"name": n, "title": n, "kind": k, "source": "t"}) for n, k in kinds.items()
    )
    seat = {"interim": "33 day", "interim_seats": 1}
    options = (
        option("crewed-return"),
        option(
            "seats-moved",
            scenario="return with 2 crew, 6 h",
            crew_aboard=2,
            ready="103 day",
            known="2023-01-11",
            **seat,
        ),
        option(
            "replacement",
            ship="replacement",
            returns="uncrewed",
            crew_aboard=2,
            ready="73 day",
            known="2023-01-11",
            **seat,
        ),
        option("stay", ready="103 day"),
    )
    return Case(
        Path("."), "digest", "",
        CaseTable.model_validate({"name": "t", "title": "t", "epoch": "2022-12-15T00:45:00Z", "exposed_since": "2022-09-21", "source": "t"}),
        OrbitTable.model_validate({"elements": "e", "source": "t"}), AttitudeTable.model_validate({"source": "t"}),
        VehicleTable.model_validate(vehicle),
        CrewTable.model_validate({"count": 3, "seats": 3, "metabolic": "137 W", "source": "t"}), hypotheses=hypotheses, options=options,
    )  # fmt: skip


@pytest.fixture
def heat() -> Callable[..., Heat]:
    """Returns with 3 and 2 crew whose peak cabin temperature is this, in degrees Celsius."""

    def make(three_C: float = 40.0, two_C: float = 37.0, half_width_K: float = 3.0) -> Heat:
        def scenario(name: str, crew: int, peak_C: float) -> HeatScenario:
            peak = Estimate(peak_C + 273.15, peak_C + 273.15 - half_width_K, peak_C + 273.15 + half_width_K, "K")
            warm = (
                0.6 * (kelvin - 309.0) for kelvin in (peak.median, peak.low, peak.high)
            )  # as a body in humid air for 6 h
            return HeatScenario(
                name,
                crew,
                False,
                6 * 3600.0,
                (),
                np.zeros(0),
                np.zeros((3, 0, 0)),
                peak,
                None,
                0.5,
                "",
                Estimate(*warm, "K"),
            )

        return Heat(
            (scenario("return with 3 crew, 6 h", 3, three_C), scenario("return with 2 crew, 6 h", 2, two_C)), (), ""
        )

    return make


@pytest.fixture
def verdict() -> Callable[[bool], Verdict]:
    """Two causes, decided or not."""

    def make(decided: bool) -> Verdict:
        high = 0.9 if decided else 0.5
        causes = (
            HypothesisVerdict("sporadic", "Sporadic meteoroid", 0.5, Estimate.exactly(high, ""), "likely", ""),
            HypothesisVerdict("manufacturing", "Defect", 0.5, Estimate.exactly(1 - high, ""), "unlikely", ""),
        )
        return Verdict(causes, (), (), (), decided, 0.66, "", "")

    return make
