"""A residue that may be nothing is never less, and no line of sight crosses a negative number of molecules."""

from __future__ import annotations

import numpy as np
import pytest

from whipple.casefile.estimate import Estimate
from whipple.casefile.given import Given
from whipple.casefile.read_case import read_case
from whipple.commands.folders import BUNDLED
from whipple.contamination.column import column_between_per_m2, column_per_m2
from whipple.contamination.exits import Exits
from whipple.contamination.release import DRAWS, release
from whipple.errors import RangeError
from whipple.physics.fluids import fluid


class Gone:
    """What `release` asks of a hole."""

    mass_gone_kg = Estimate(30.0, 27.0, 33.0, "kg")


def test_a_residue_that_may_be_nothing_is_never_less() -> None:
    """From 0 one draw of twenty was negative, and the whole answer was refused for a film of negative thickness."""
    loop = read_case(BUNDLED / "soyuz-ms22").loops[0].model_copy(update={"residue_frac": Given(0.01, 0.0, 0.03, "")})
    out = Exits(np.zeros((1, 3)), np.array([[0.0, 0.0, 1.0]]), np.ones(1), 0.0)
    flow, near = Estimate(6e-3, 5e-3, 7e-3, "kg/s"), np.full(DRAWS, 0.4)
    spray = release(fluid("isooctane"), loop, Gone(), flow, near, out, np.random.default_rng(1))  # type: ignore[arg-type]
    assert spray.residue_frac.min() == 0.0
    assert np.median(spray.residue_frac) == pytest.approx(0.01, rel=0.1)


@pytest.mark.parametrize("per_speed", [-1e-5, np.nan, np.inf])
def test_a_flow_that_cannot_be_has_no_column(per_speed: float) -> None:
    axis = [[0.0, 0.0, 1.0]]
    with pytest.raises(RangeError, match="flow of 0 or more"):
        column_per_m2([per_speed], 0.114, [0.0, 5.0, 0.0], [0.0, 0.0, 1.0], axis)
    with pytest.raises(RangeError, match="flow of 0 or more"):
        column_between_per_m2([per_speed], 0.114, [0.0, 0.0, 10.0], [0.0, 0.0, 0.0], axis)
