"""What may a [[wall]] say, and what is told when a [[mesh]] leaves out its unit?"""

import pytest
from pydantic import ValidationError

from whipple.casefile.problems import problems_of
from whipple.casefile.tables.assess_table import AssessTable
from whipple.errors import CaseError, Problem
from whipple.vehicle.read_vehicle import mesh_table
from whipple.vehicle.shape_tables import MeshTable, WallTable

_WALL = {
    "name": "w",
    "material": "6061-T6",
    "absorptance": "0.4",
    "emittance": "0.8",
    "temperature": "270 K",
    "source": "s",
}


def _problem(table, raw) -> Problem:
    with pytest.raises(ValidationError) as caught:
        table.model_validate(raw)
    return problems_of("f.toml", "t", table, caught.value)[0]


@pytest.mark.parametrize("key", ["thickness", "bumper", "standoff"])
def test_a_layer_below_zero_is_refused_and_zero_is_not_known(key) -> None:
    problem = _problem(WallTable, _WALL | {key: "-2 mm"})
    assert problem.key == f"t.{key}"
    assert "at least 0" in problem.expected
    assert getattr(WallTable.model_validate(_WALL | {key: "0 mm"}), f"{key}_m").value == 0


def test_a_wall_with_a_thickness_is_of_a_known_material() -> None:
    problem = _problem(WallTable, _WALL | {"thickness": "2 mm", "material": "cheese"})
    assert "'cheese'" in problem.found
    assert "6061-T6" in problem.expected
    assert '"0 mm"' in problem.remedy
    assert _problem(WallTable, _WALL | {"thickness": "2 mm", "material": "6061-T66"}).remedy == "rename it to '6061-T6'"
    assert WallTable.model_validate(_WALL | {"material": "solar cells on blanket"}).thickness_m.value == 0
    assert WallTable.model_validate(_WALL | {"material": "AA6061-T6", "thickness": "2 mm"}).thickness_m.value == 0.002


def test_a_missing_unit_is_told_with_what_may_be_written() -> None:
    mesh = {
        "name": "a",
        "module": "m",
        "file": "a.obj",
        "axes": ["+x", "+y", "+z"],
        "handedness": "right",
        "wall": "w",
        "source": "s",
    }
    problem = _problem(MeshTable, mesh)
    assert problem.key == "t.units"
    assert problem.expected == "one of: 'm', 'cm', 'mm', 'in', 'ft'"
    with pytest.raises(CaseError, match="one of"):
        mesh_table("a.obj", "km", ("+x", "+y", "+z"), "right")


def test_a_number_beyond_its_limit_is_told_one_that_fits() -> None:
    assert _problem(AssessTable, {"positions": 0}).remedy == "write 1 or more"
    assert _problem(AssessTable, {"positions": 1000}).remedy == "write 240 or less"
