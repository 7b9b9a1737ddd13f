"""Do the verbs of `whipple dynamics` answer, in words and in JSON, and does the drawing show the region?"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from whipple import vehicle
from whipple.casefile.read_case import read_case
from whipple.commands.dynamics import app
from whipple.commands.folders import BUNDLED
from whipple.dynamics.locate import LeakSites
from whipple.dynamics.momentum import held_momentum_Nms
from whipple.dynamics.whereabouts import as_finding
from whipple.errors import RangeError
from whipple.report.figures.push_sites import draw_sites

RUN = CliRunner()


def answer(*arguments: str) -> dict[str, object]:
    result = RUN.invoke(app, [*arguments, "--json"], catch_exceptions=False)
    assert result.exit_code == 0
    return json.loads(result.stdout)  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A leak of 0.1 N on the Soyuz radiator's side, recorded with a little noise."""
    stack = vehicle.build(read_case(BUNDLED / "soyuz-ms22"))
    t_s = np.arange(-6000.0, 1200.0, 20.0)
    lever = -np.cross(stack.site_m - stack.centre_of_mass_m, stack.site_normal_body[0]) @ stack.body_from_lvlh
    thrust = np.where(t_s > 0, 0.1, 0.0)
    held = held_momentum_Nms(thrust[:, None] * lever, t_s, 2 * np.pi / 5556.0) @ stack.body_from_lvlh.T
    held += np.random.default_rng(1).normal(0.0, 2.0, held.shape)
    path = tmp_path_factory.mktemp("locate") / "momentum.csv"
    lines = [",".join(f"{value:.4f}" for value in row) for row in np.column_stack([t_s, held, thrust])]
    path.write_text("time,momentum_x,momentum_y,momentum_z,thrust\n" + "\n".join(lines) + "\n")
    return path


def test_locate_finds_the_ship_and_draws_it(record: Path, tmp_path: Path) -> None:
    drawing = tmp_path / "sites.svg"
    found = answer("locate", str(record), "--drawing", str(drawing))
    best = found["sites"][0]  # type: ignore[index]
    assert best["part"].startswith("soyuz.")
    assert 0 < best["probability"] <= 1
    assert drawing.read_text().startswith("<svg")
    said = RUN.invoke(app, ["locate", str(record), "--carriers", "soyuz.radiator"], catch_exceptions=False).stdout
    assert "soyuz.radiator" in said
    with pytest.raises(RangeError, match="three names"):
        RUN.invoke(app, ["locate", str(record), "--columns", "momentum_x"], catch_exceptions=False)


def test_no_site_no_drawing() -> None:
    none = LeakSites((), np.empty((0, 3)), np.empty(0), np.zeros(3), ())
    assert draw_sites(vehicle.build(read_case(BUNDLED / "soyuz-ms22")), as_finding(none, ())) is None
    assert not none.holds(np.zeros(3))


def test_thrust_and_its_regime() -> None:
    found = answer("thrust", "--regime", "flashing", "--diameter", "0.8 mm", "--pressure", "3 bar")
    assert found["low_N"] < found["thrust_N"] < found["high_N"]  # type: ignore[operator]
    said = RUN.invoke(app, ["thrust", "--regime", "gas", "--diameter", "1 um", "--pressure", "1 Pa"]).stdout
    assert "'effusion'" in said


def test_fly_fills_the_gyros_in_lvlh_but_not_at_the_equilibrium() -> None:
    held = answer("fly", "--pitch", "3 N*m", "--duration", "1 h")
    managed = answer("fly", "--pitch", "3 N*m", "--duration", "1 h", "--law", "equilibrium")
    assert held["full_s"]
    assert not managed["full_s"]
    assert managed["peak_momentum_Nms"] < 1.0  # type: ignore[operator]


def test_kick_says_what_would_have_shown(tmp_path: Path) -> None:
    t_s, rng = np.arange(0.0, 600.0, 2.0), np.random.default_rng(2)
    rates = rng.normal(0, 1e-5, (t_s.size, 3))
    rows = "\n".join(",".join(f"{value:.9f}" for value in row) for row in np.column_stack([t_s, rates]))
    file = tmp_path / "rates.csv"
    file.write_text("time,rate_x,rate_y,rate_z\n" + rows + "\n")
    found = answer("kick", str(file), "--onset", "300", "--unit", "deg/s")
    assert not found["seen"]
    assert found["smallest_Nms"] > 0  # type: ignore[operator]


@pytest.mark.parametrize("verb", ["push", "hold", "thrust", "fly", "kick", "locate"])
def test_help_shows_an_example(verb: str) -> None:
    assert f"whipple dynamics {verb}" in RUN.invoke(app, [verb, "--help"]).stdout
