"""Outside what was shot a number carries a flag; where a law cannot speak there is no number."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from typer.testing import CliRunner

from whipple.commands.impact import app
from whipple.errors import RangeError
from whipple.impact.asking import chance_rows, limit_rows
from whipple.impact.layers import kinds
from whipple.impact.models import MODELS
from whipple.impact.models.christiansen_2001 import general_whipple_m, stuffed_whipple_m
from whipple.impact.models.christiansen_2009 import iss_shield_m
from whipple.impact.models.reimerdes_2006 import whipple_m as reimerdes_m
from whipple.impact.models.ryan_2009 import cfrp_wall_m
from whipple.impact.models.ryan_2009_heat_shields import bare_tile_m
from whipple.impact.needed import LAYERS, speaks_for
from whipple.impact.shield import Shield
from whipple.impact.validity import SHOT_WITH, bumper_too_thin
from whipple.physics.materials import MATERIALS, Material, material

WHIPPLE = Shield(wall=material("6061-T6"), wall_m=0.0032, bumper_m=0.0016, standoff_m=0.1)
FULL = replace(
    WHIPPLE, second_m=0.001, second_standoff_m=0.1, stuffing_kg_m2=5.0, blanket_kg_m2=0.5, blanket_standoff_m=0.03, core_kg_m2=4.0,
    cell_m=0.005, tile_m=0.03, felt_kg_m2=0.5,
)  # fmt: skip


def test_tables_name_models_and_kinds_that_exist() -> None:
    assert set(SHOT_WITH) <= {model.name for model in MODELS}
    assert set(LAYERS) <= set(kinds())


@pytest.mark.parametrize("wall_m", [1e-6, 2.0])
@pytest.mark.parametrize("name", list(MATERIALS))
def test_a_wall_outside_every_range_is_never_a_bare_number(name: str, wall_m: float) -> None:
    for row in limit_rows(Shield.single(name, wall_m), 30e3, 1.5, 500.0):
        assert row["outside"]
        assert "every number is an extrapolation" in row["caveats"][0]


def test_within_the_tests_there_is_no_caveat() -> None:
    rows = limit_rows(WHIPPLE, 7e3, 0.0, 2800.0)
    assert all(row["outside"] == [] and "caveats" not in row for row in rows)


FAST = {"speed_m_s": 12e3, "incidence_rad": 0.0, "density_kg_m3": 2800.0}
FOIL = replace(FULL, bumper_m=1e-5, second_m=1e-6, stuffing_kg_m2=1e-3, blanket_kg_m2=1e-3, core_kg_m2=1e-3)


def test_every_law_that_takes_a_foil_for_a_full_bumper_is_known_to() -> None:
    """At 12 km/s such a law says the same of a bumper of 10 um and of 1 mm; at 2 km/s all of them tell the two apart."""
    found = set()
    for model in MODELS:
        try:
            slow, fast = (
                [float(model.function(replace(FOIL, bumper_m=b), **{**FAST, "speed_m_s": v})) for b in (1e-5, 1e-3)]
                for v in (2e3, 12e3)
            )
        except (RangeError, TypeError):
            continue  # no law of a shield
        if slow[0] < slow[1] and fast[0] > 0.999 * fast[1]:
            found.add(model.name)
            assert bumper_too_thin(model.name, FOIL, fast[0]), model.name
            assert not bumper_too_thin(model.name, replace(FOIL, bumper_m=0.2 * fast[0]), fast[0])
    assert len(found) > 12


@pytest.mark.parametrize("kind", ["dual wall", "triple wall", "Whipple shield with insulation"])
def test_a_foil_before_a_wall_is_told_with_what_the_wall_alone_stops(kind: str) -> None:
    foil = replace(WHIPPLE, bumper_m=0.00005)
    (row,) = limit_rows(foil, 7.5e3, 0.0, 2800.0, kind)
    alone = limit_rows(replace(foil, bumper_m=0.0, standoff_m=0.0), 7.5e3, 0.0, 2800.0)[0]["diameter_m"] * 1e3
    assert f"the wall alone stops up to {alone:.4g} mm" in row["caveats"][-1]
    assert row["diameter_m"] * 1e3 > 2 * alone
    (thick,) = limit_rows(WHIPPLE, 7.5e3, 0.0, 2800.0, kind)
    assert not any("foil" in text for text in (*thick["outside"], *thick.get("caveats", ())))


def test_gap_bumper_size_and_density_are_flagged() -> None:
    close = limit_rows(replace(WHIPPLE, standoff_m=0.02), 7e3, 0.0, 2800.0)
    assert any("gap over particle" in flag for flag in close[0]["outside"])
    foil = limit_rows(replace(WHIPPLE, bumper_m=0.0001), 7e3, 0.0, 2800.0)
    assert foil[-1]["model"] == "NNO", "a law beyond its own bumpers stands last"
    assert any("bumper over particle" in flag for flag in foil[-1]["outside"])
    taken = min(row["diameter_m"] for row in foil if row["model"] in ("NNO", "Ryan-Schonberg")) * 1e3
    assert foil[0]["caveats"] == [foil[-1]["caveats"][0]]
    assert f"lesser of NNO and Ryan-Schonberg 2024, here {taken:.4g} mm" in foil[0]["caveats"][0]
    dust = limit_rows(WHIPPLE, 7e3, 0.0, 300.0)
    assert any("particle density 0.3 g/cm3 is outside the tested 1.1 to 8.96" in flag for flag in dust[0]["outside"])


def test_the_caveats_of_equations_and_chance_stand_together() -> None:
    shot = (30e3, 0.0, 2800.0)
    rows = chance_rows(WHIPPLE, limit_rows(WHIPPLE, *shot), shot)
    assert len(rows[0]["caveats"]) >= 2


@pytest.mark.parametrize("kind", kinds())
@pytest.mark.parametrize("name", ["6061-T6", "CFRP", "CRES 15-5PH", "fused silica"])
def test_every_kind_gives_a_number_or_says_why_not(kind: str, name: str) -> None:
    shield = replace(FULL, wall=material(name))
    if any(speaks_for(model.name, kind, shield) for model in MODELS if model.answers == kind) and not _lacks_yield(
        kind, shield
    ):
        rows = limit_rows(shield, 7e3, 0.3, 2800.0, kind)
        assert all(np.isfinite(row["diameter_m"]) and row["diameter_m"] > 0 for row in rows)
    else:
        with pytest.raises(RangeError):
            limit_rows(shield, 7e3, 0.3, 2800.0, kind)


def _lacks_yield(kind: str, shield: Shield) -> bool:
    return kind == "dual wall" and shield.wall.yield_Pa is None


@pytest.mark.parametrize(("kind", "layer"), [(kind, layer) for kind, layers in LAYERS.items() for layer in layers])
def test_no_number_without_the_layers_a_law_needs(kind: str, layer: str) -> None:
    fields = {layer: 0.0} | ({"bumper_m": 0.0} if layer == "standoff_m" else {})
    with pytest.raises(RangeError, match="a layer more than 0"):
        limit_rows(replace(FULL, **fields), 7e3, 0.0, 2800.0, kind)


def test_a_fabric_wall_is_asked_of_fabric_laws_only() -> None:
    fabric = replace(FULL, wall=Material("Kevlar", "fabric", 1000, None, None, None, "ck01"))
    names = [row["model"] for row in limit_rows(fabric, 7e3, 0.0, 2800.0, "multi-shock shield")]
    assert names == ["multi-shock, Kevlar wall"]
    cloth = replace(fabric, wall=replace(fabric.wall, name="beta cloth"))
    names = [row["model"] for row in limit_rows(cloth, 7e3, 0.0, 2800.0, "multi-shock shield")]
    assert names == ["multi-shock, Nextel wall", "multi-shock, Kevlar wall"]


def test_carbon_fibre_faces_choose_the_carbon_fibre_law() -> None:
    light = replace(FULL, bumper_density_kg_m3=1800.0)
    for panel, expected in ((FULL, "SRL triple wall"), (light, "SRL triple wall, CFRP")):
        (row,) = limit_rows(panel, 7e3, 0.0, 2700.0, "equipment behind a dual wall")
        assert row["model"] == expected


def test_an_unknown_kind_and_an_unknown_flight_shield_name_the_known_ones() -> None:
    with pytest.raises(RangeError, match="stuffed Whipple shield"):
        limit_rows(WHIPPLE, 7e3, 0.0, 2800.0, "paper wall")
    with pytest.raises(RangeError, match="US Lab cylinder"):
        iss_shield_m("Hotel lobby", 7e3, 0.0, 2800.0)


def test_options_that_the_sources_leave_open() -> None:
    """Both printings are at hand: Node forward's exponent, the thin-bumper threshold, light stuffing, the second laminate law, AETB-8."""
    tilted = (2e3, np.radians(50), 2800.0)
    assert float(iss_shield_m("Node forward", *tilted, as_printed=True) / iss_shield_m("Node forward", *tilted)) == (
        pytest.approx(np.cos(np.radians(50)) ** (-2 / 3), rel=1e-9)
    )
    assert float(iss_shield_m("Node aft", *tilted, as_printed=True)) == float(iss_shield_m("Node aft", *tilted))
    thin = replace(WHIPPLE, bumper_m=0.0004)
    printed = [float(general_whipple_m(thin, 8e3, 0.0, 2800.0, gap_powers=(a, b))) for a, b in ((1 / 2, 1 / 2), (1 / 3, 1 / 3))]  # fmt: skip
    assert printed[0] < printed[1]
    fast = [float(stuffed_whipple_m(FULL, 9e3, 0.0, 2800.0, fast_factor=k)) for k in (0.45, 0.6)]
    assert fast[0] / fast[1] == pytest.approx(0.75, rel=1e-12)
    laminate = Shield.single("CFRP", 0.0038)
    second = float(cfrp_wall_m(laminate, 6e3, 0.0, 2700.0, laminate_density=False))
    assert pytest.approx(100 * second, rel=1e-9) == 0.38 / (1.8 * 0.52 * 2.7**0.5 * 6 ** (2 / 3))
    tile = [float(bare_tile_m(FULL, 6e3, 0.0, 2700.0, factor=k)) for k in (1.177, 1.27)]
    assert tile[0] / tile[1] == pytest.approx(1.27 / 1.177, rel=1e-12)


def test_spall_of_a_thin_bumper_shield_comes_before_its_perforation() -> None:
    limits = [
        float(reimerdes_m(WHIPPLE, 2e3, 0.0, 2800.0, k)) for k in ("perforation", "detached spall", "attached spall")
    ]
    assert limits[0] > limits[1] > limits[2]


def test_thin_bumpers_may_come_as_an_array_of_walls() -> None:
    both = general_whipple_m(replace(WHIPPLE, wall_m=np.array([0.001, 0.03])), 8e3, 0.0, 2800.0)
    for wall_m, limit in zip((0.001, 0.03), both, strict=True):
        assert float(general_whipple_m(replace(WHIPPLE, wall_m=wall_m), 8e3, 0.0, 2800.0)) == pytest.approx(limit)


def test_the_command_for_layers() -> None:
    runner = CliRunner()
    words = ["layers", "--kind", "stuffed Whipple shield", "--speed", "7 km/s", "--json", "--material", "2219-T87"]
    given = ["wall=4.8 mm", "bumper=2 mm", "standoff=11.4 cm", "stuffing=8.5 kg/m**2"]
    said = runner.invoke(app, [*words, *(word for layer in given for word in ("--layer", layer))])
    assert said.exit_code == 0, said.output
    (row,) = json.loads(said.stdout)
    assert row["diameter_m"] == pytest.approx(0.0133, abs=1e-4)
    for layers, text in ((["--layer", "wall"], "name=value"), (["--layer", "bumper=1 mm"], "a wall")):
        refused = runner.invoke(app, [*words, *layers]).exception
        assert isinstance(refused, RangeError)
        assert text in str(refused)


def test_named_flight_shields_need_no_layers() -> None:
    runner = CliRunner()
    said = runner.invoke(app, ["layers", "--kind", "Node forward", "--speed", "2 km/s", "--angle", "50 deg", "--json"])
    assert said.exit_code == 0, said.output
    assert [row["model"] for row in json.loads(said.stdout)] == ["Node forward", "Node forward, as printed"]
    assert all(row["outside"] for row in json.loads(said.stdout))
