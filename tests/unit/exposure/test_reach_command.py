"""`whipple exposure reach`: what could not have been reached, and by how many degrees."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from whipple.commands.exposure import app
from whipple.errors import RangeError


@pytest.mark.slow
def test_the_suspect_spot_is_out_of_reach_of_the_geminids_by_what_the_sheet_says():
    """Geometry sheet 5: Geminids need a wall that faces beyond about 155 degrees; the claim in the case says about 131."""
    result = CliRunner().invoke(app, ["reach", "soyuz-ms22", "--json"], catch_exceptions=False)
    rows = {(row["source"], row["part"].split(" (")[0]): row for row in json.loads(result.stdout)}
    row = rows["Geminids", "the suspect spot"]
    assert row["reached_frac"] == 0.0
    assert row["turn_rad"] * 57.29578 == pytest.approx(155 - 131, abs=3.0)
    assert "by direction" in row["sentence"]
    assert rows["sporadic meteoroids", "the suspect spot"]["reached_frac"] > 0.1
    assert rows["Geminids", "soyuz.radiator"]["reached_frac"] > 0.1  # the other side of it


def test_a_wrong_name_is_refused():
    with pytest.raises(RangeError, match=r"soyuz\.radiator"):
        CliRunner().invoke(app, ["reach", "soyuz-ms22", "--part", "soyuz.radiatr"], catch_exceptions=False)
