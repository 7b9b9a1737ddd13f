"""A small case and its findings, written by hand: one sporadic, one shower and one debris stream against a face to starboard-aft."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from whipple.casefile.case import Case
from whipple.casefile.estimate import Estimate
from whipple.casefile.findings.impactor import Impactor, SourceImpactor
from whipple.casefile.findings.onset import Onset
from whipple.casefile.findings.pictures import PictureMeasure, Pictures
from whipple.casefile.findings.sky import OrbitFacts, Sky, Stream
from whipple.casefile.findings.strikes import ShowerReach, Strikes
from whipple.casefile.tables.case_table import AttitudeTable, CaseTable, CrewTable, OrbitTable, VehicleTable
from whipple.casefile.tables.claim import ClaimTable
from whipple.casefile.tables.hypothesis import HypothesisTable

DIRECTIONS = np.array([[0.0, 1.0, 0.0], [0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [-1.0, 0.0, 0.0]])
NORMAL = np.array([[-1.0, 1.0, 0.0]]) / np.sqrt(2)
#: Cross-sectional flux from starboard, port, ram, wake.
FLUX = {"sporadic": [1.0, 1.0, 1.0, 1.0], "geminids": [0.0, 4.0, 0.0, 0.0], "debris": [0.2, 0.2, 3.0, 0.0]}
HYPOTHESIS = {"sporadic": "sporadic", "geminids": "shower:GEM", "debris": "debris"}
KIND = {"sporadic": "sporadic", "geminids": "shower", "debris": "debris"}
YEAR_S = 365.25 * 86400


def tables() -> tuple[HypothesisTable, ...]:
    rate = {"is": "0.0013 / year", "low": "0.00001 / year", "high": "0.011 / year"}
    given: list[dict[str, Any]] = [
        {"name": "sporadic", "title": "Sporadic meteoroid", "kind": "sporadic"},
        {"name": "shower:GEM", "title": "Geminid meteoroid", "kind": "shower", "shower": "GEM"},
        {"name": "debris", "title": "Orbital debris", "kind": "debris"},
        {"name": "manufacturing", "title": "Hardware: manufacturing defect", "kind": "manufacturing", "rate": rate},
        {"name": "fatigue", "title": "Hardware: thermal fatigue", "kind": "fatigue", "rate": rate},
        {"name": "other", "title": "Other", "kind": "other", "rate": rate},
    ]
    return tuple(HypothesisTable.model_validate(entry | {"source": "test"}) for entry in given)


@pytest.fixture(scope="session")
def case() -> Case:
    """A case with six causes on the table, 85 days after launch."""
    vehicle = {
        "file": "v", "ship": "s", "site_part": "radiator", "site_wall": "1 mm", "site_area": "3 m**2",
        "site_material": "AMg6", "mass": "1 kg",
        "centre_of_mass": ["0 m"] * 3, "centre_of_mass_spread": "0 m", "inertia_kg_m2": np.eye(3).tolist(),
        "gyro_capacity": [], "source": "t",
    }  # fmt: skip
    return Case(
        Path("."), "digest", "",
        CaseTable.model_validate({"name": "t", "title": "t", "epoch": "2022-12-15", "exposed_since": "2022-09-21", "source": "t"}),
        OrbitTable.model_validate({"elements": "e", "source": "t"}), AttitudeTable.model_validate({"source": "t"}),
        VehicleTable.model_validate(vehicle),
        CrewTable.model_validate({"count": 3, "seats": 3, "metabolic": "137 W", "source": "t"}), hypotheses=tables(),
    )  # fmt: skip


@pytest.fixture(scope="session")
def claim() -> Callable[..., ClaimTable]:
    """A claim marked as evidence."""

    def make(about: str, says: Any, **more: Any) -> ClaimTable:
        base = {
            "id": about,
            "about": about,
            "says": says,
            "said_by": "the council",
            "said_on": "2022-12-20",
            "use": "evidence",
            "source": "t",
        }
        return ClaimTable.model_validate(base | more)

    return make


@pytest.fixture(scope="session")
def sky() -> Sky:
    """Four direction cells in the horizontal plane, three streams."""
    tilt = np.radians(51.64)
    orbit = OrbitFacts(
        "e", (), np.zeros(1), np.array([[6.8e6, 0.0, 0.0]]), 7.66e3 * np.array([[0.0, np.cos(tilt), np.sin(tilt)]]), np.array([[0.0, 1.0, 0.0]]),
        np.ones(1), np.radians(-71.9), 4.58, 1.4, -0.2, 4.1e5, 5560.0, 0.0,
    )  # fmt: skip
    streams = tuple(
        Stream(
            name,
            KIND[name],
            HYPOTHESIS[name],
            1e-9 * np.array(flux)[:, None],
            1e-9,
            np.array([1e-9]),
            np.ones(1),
            np.array([2500.0]),
            np.ones(1),
            2.0,
            (),
            (),
        )
        for name, flux in FLUX.items()
    )
    limit = (np.radians(np.array([0.0, 90.0, 180.0])), np.array([15e3, 7.7e3, 3.2e3]))
    return Sky(orbit, DIRECTIONS, np.full(4, np.pi), np.array([2e4]), streams, (), *limit, "")


@pytest.fixture(scope="session")
def strikes() -> Strikes:
    """The suspect face looks aft-starboard; the Geminids never reach it."""
    cosine = np.maximum(DIRECTIONS @ NORMAL[0], 0.0)
    face = 1e-9 * np.array([[[float(np.array(flux) @ cosine)]] for flux in FLUX.values()])
    azimuth = np.radians(np.arange(-180.0, 180.0, 5.0))
    share = np.where(np.cos(azimuth + np.pi / 2) > 0.1, 1.0, 0.0)
    reach = ShowerReach(
        "Geminids", "GEM", 0.67, 0.0, (0.0, 0.0), -0.34, tuple(np.radians([-115.0, -45.0])), tuple(np.radians([-19.0, 36.0])), (32e3, 41e3),
        azimuth, share, "the Geminids arrive from port",
    )  # fmt: skip
    return Strikes(
        "radiator", NORMAL, np.ones(1), np.ones((1, 4)), 3.0, face, tuple(FLUX), (reach,), (), np.zeros((3, 0)), 0, ""
    )


@pytest.fixture(scope="session")
def impactor(strikes: Strikes) -> Impactor:
    """Counts in proportion to the face flux: 0.01 sporadic holes, none from the Geminids."""
    found = []
    for name, face in zip(FLUX, strikes.site_flux_per_m2_s[:, 0, 0], strict=True):
        count = 1e7 * float(face)
        estimate = Estimate(count, count / 4, count * 4, "")
        found.append(
            SourceImpactor(
                name,
                KIND[name],
                HYPOTHESIS[name],
                None,
                None,
                None,
                None,
                None,
                None,
                estimate,
                estimate.scaled(2.5, ""),
            )
        )
    return Impactor("radiator", Estimate(8e-4, 6e-4, 1e-3, "m"), "1 mm", 85 * 86400.0, tuple(found), (), "")


@pytest.fixture
def onset() -> Callable[..., Onset]:
    """A start that favours a step by so many nat."""

    def make(nat: float | None, simulated: bool = False) -> Onset:
        return Onset(None, None, np.zeros(0), np.zeros(0), {}, nat, (), (), simulated, "")

    return make


@pytest.fixture
def pictures() -> Callable[..., Pictures]:
    """One picture with this axis ratio."""

    def make(axis_ratio: float, simulated: bool = False) -> Pictures:
        diameter = Estimate(8e-4, 7e-4, 9e-4, "m")
        measure = PictureMeasure(
            "p", "p.png", diameter, 20.0, 4e-5, axis_ratio, np.zeros((0, 2)), (), simulated, "", ()
        )
        return Pictures((measure,), diameter, simulated, "")

    return make
