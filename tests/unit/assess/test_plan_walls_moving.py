"""assess.toml, walls by part, and parts that follow the Sun."""

from __future__ import annotations

from dataclasses import replace

import made_by_hand as hand
import numpy as np
import pytest

from whipple.assessment import SHIELDS, laws_of
from whipple.casefile.tables.assess_table import MovingTable
from whipple.errors import CaseError, RangeError
from whipple.exposure.moving import joints_of, sun_angles_rad, turned
from whipple.exposure.phases import joined, sources_of, stretches
from whipple.exposure.read_plan import Plan, plan_problems, read_plan
from whipple.exposure.walls import SHIELD, walls_of

PARTS = ("cube", "wing.left", "wing.right")
GOOD = """
[assess]
duration = "180 day"
positions = 12
[[moving]]
name = "mast"
parts = ["wing.*"]
axis = [0, 1, 0]
facing = [1, 0, 0]
source = "recalled"
[[wall]]
parts = ["cube"]
shield = "US Lab cylinder"
source = "hb2009_214785"
[[acceptance]]
name = "cube"
parts = ["cube"]
pnp = 0.98
source = "hb2009_214785"
"""
WRONG = {
    "unknown table": ("[colour]\n", "unknown table"),
    "unknown part": (GOOD.replace('parts = ["cube"]', 'parts = ["cubes"]'), "a part of the shape file"),
    "a part nobody means": (GOOD.replace('parts = ["wing.*"]', 'parts = ["panel"]'), "name some of: cube, wing.left"),
    "no part": (GOOD.replace('parts = ["cube"]', "parts = []"), "at least one name"),
    "no brackets": (GOOD.replace('parts = ["cube"]', 'parts = "cube"'), "a list of names"),
    "no axis": (GOOD.replace("axis = [0, 1, 0]\n", ""), "the axis it turns about"),
    "no facing": (GOOD.replace("facing = [1, 0, 0]\n", ""), "the side it turns to the Sun"),
    "unknown shield": (GOOD.replace("US Lab cylinder", "US Lab cilinder"), "rename it to 'US Lab cylinder'"),
    "rides on nothing": (GOOD.replace("facing =", 'rides_on = "boom"\nfacing ='), "write that"),
    "source": (GOOD.replace('"hb2009_214785"', '"nobody"'), "a key of sources.toml"),
    "duration": (GOOD.replace("180 day", "-1 day"), "a time above 0"),
    "duration unit": (GOOD.replace("180 day", "180"), "a number with a unit"),
    "history": (GOOD.replace("positions = 12", 'attitude_history = "x.aem"'), "no file 'x.aem'"),
    "no wall": (GOOD.replace('shield = "US Lab cylinder"\n', ""), "a material and a thickness"),
    "pnp": (GOOD.replace("pnp = 0.98", "pnp = 1.5"), "less than 1"),
    "brackets": ("[moving]\n", "double the brackets"),
    "no gap": (
        GOOD.replace('shield = "US Lab cylinder"', 'material = "AMg6"\nthickness = "1 mm"\nbumper = "1 mm"'),
        "gap behind",
    ),
}


def test_a_plan_is_read(tmp_path):
    assert read_plan(tmp_path, PARTS) == Plan()
    (tmp_path / "assess.toml").write_text(GOOD)
    plan = read_plan(tmp_path, PARTS, SHIELDS)
    assert plan.assess.duration_s.value == 180 * 86_400
    assert (plan.assess.positions, plan.moving[0].axis, plan.acceptance[0].pnp_prob) == (12, (0, 1, 0), 0.98)


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_plan_names_the_key_and_a_remedy(tmp_path, name):
    text, said = WRONG[name]
    (tmp_path / "assess.toml").write_text(text)
    with pytest.raises(CaseError, match=said) as caught:
        read_plan(tmp_path, PARTS, SHIELDS)
    assert plan_problems(tmp_path, PARTS, SHIELDS) == list(caught.value.problems)
    assert all(problem.path == "assess.toml" and problem.remedy for problem in caught.value.problems)


def test_an_unknown_key_hides_no_other_problem(tmp_path):
    (tmp_path / "assess.toml").write_text('[assess]\nduration = "0 day"\nposition = 12\n[asess]\n')
    told = {problem.key for problem in plan_problems(tmp_path, PARTS, SHIELDS)}
    assert told == {"asess", "assess.position", "assess.duration"}


def test_every_shield_named_has_a_law_that_answers():
    for name in SHIELDS:
        (law,) = laws_of(hand.part("x", 0.0, SHIELD + name))
        size = law.function(speed_m_s=np.array([3e3, 7e3, 20e3]), incidence_rad=0.3, density_kg_m3=2800.0)
        assert ((size > 1e-4) & (size < 0.05)).all(), name


def test_the_first_law_is_the_one_of_the_impact_room():
    from whipple.impact import critical_diameter_m

    shielded = [hand.part(bumper_m=bumper_m, standoff_m=0.1) for bumper_m in (1e-3, 2e-5)]
    for one in (hand.part(), *shielded, hand.part(material="CFRP")):
        shot = (9000.0, 0.4, 2800.0)
        law = laws_of(one)[0].function(speed_m_s=shot[0], incidence_rad=shot[1], density_kg_m3=shot[2])
        assert law == pytest.approx(critical_diameter_m(one, *shot), rel=1e-12)
    assert laws_of(hand.part(material="cheese")) == ()


def test_a_foil_counts_as_a_foil_in_every_law() -> None:
    """Dual and triple walls took 0.02 mm before the wall for a full bumper."""
    shot = {"speed_m_s": 7500.0, "incidence_rad": 0.0, "density_kg_m3": 2800.0}
    bare = float(laws_of(hand.part())[0].function(**shot))
    foil = replace(hand.part(bumper_m=2e-5, standoff_m=0.1), wall_kind="dual wall")
    for law in laws_of(foil):
        assert float(law.function(**shot)) < 1.5 * bare, law.name


def test_parts_of_one_wall_share_it_and_unknown_walls_are_the_first():
    vehicle = hand.stack(
        [hand.placed((1, 1, 1))] * 3, [hand.part("a"), hand.part("b"), hand.part("c", material="cheese")]
    )
    walls, index = walls_of(hand.case(), Plan(), vehicle.surfaces, laws_of)
    assert [wall.name for wall in walls] == ["not known", "1 mm AMg6"]
    assert index.tolist() == [1, 1, 0]
    assert not walls[0].known


def test_the_range_of_the_site_wall_gives_both_ends():
    vehicle = hand.stack([hand.placed((1, 1, 1))], [hand.part("soyuz.radiator")])
    walls, index = walls_of(hand.case(), Plan(), vehicle.surfaces, laws_of)
    thin, thick = (law.function(speed_m_s=7e3, incidence_rad=0.0, density_kg_m3=2800.0) for law in walls[index[0]].ends)
    assert float(thick / thin) == pytest.approx(
        4 ** (18 / 19), rel=0.02
    )  # Cour-Palais: size to the power 19/18 goes with thickness


def test_the_suspect_part_has_the_wall_of_the_case_whatever_the_shapes_say():
    """It counted only where both agreed: one report then held two walls."""
    vehicle = hand.stack([hand.placed((1, 1, 1))], [replace(hand.part("soyuz.radiator"), wall_m=3e-3)])
    walls, index = walls_of(hand.case(), Plan(), vehicle.surfaces, laws_of)
    assert walls[index[0]].name == "1 mm AMg6"
    assert walls[index[0]].ends is not None


def test_a_wing_follows_the_sun_and_one_on_it_too():
    rows = [
        {"name": "outer", "parts": ["cube"], "axis": [0, 1, 0], "facing": [1, 0, 0], "step": "0.001 deg", "source": "recalled"},
        {"name": "inner", "parts": ["wing"], "axis": [1, 0, 0], "facing": [0, 0, 1], "rides_on": "outer", "step": "0.001 deg", "source": "recalled"},
    ]  # fmt: skip
    vehicle = hand.stack(
        [hand.placed((1, 1, 1)), hand.placed((0.1, 2, 2), (0, 3, 0))], [hand.part("cube"), hand.part("wing")]
    )
    joints = joints_of(tuple(MovingTable.model_validate(row) for row in rows), vehicle.surfaces)
    sun = np.array([0.0, 0.6, -0.8])
    angles = sun_angles_rad(joints, sun)
    assert np.degrees(angles[0]) == pytest.approx(90.0)
    moved = turned(vehicle.surfaces, joints, angles)
    assert moved.area_m2 == pytest.approx(vehicle.surfaces.area_m2)
    assert moved.normal_body[:12].max(axis=0) == pytest.approx([1, 1, 1], abs=1e-6)
    still = turned(vehicle.surfaces, joints, (0.0, 0.0))
    assert still is vehicle.surfaces


def test_a_part_that_faces_along_its_axis_cannot_follow():
    row = MovingTable.model_validate(
        {"name": "w", "parts": ["cube"], "axis": [0, 1, 0], "facing": [0, 2, 0], "source": "recalled"}
    )
    with pytest.raises(RangeError, match="facing"):
        joints_of((row,), hand.cube().surfaces)


def test_stretches_cover_whole_revolutions_once():
    t_s = np.arange(0.0, 4 * 5574.0, 60.0)
    rows = stretches(t_s, 5574.0, 24, folded=True)
    every = np.concatenate(rows)
    assert len(rows) == 24
    assert len(np.unique(every)) == len(every)
    assert t_s[every].max() < 4 * 5574.0
    in_order = stretches(t_s, 5574.0, 5, folded=False)
    assert np.concatenate(in_order).tolist() == list(range(len(t_s)))


def test_many_showers_are_summed_but_for_the_strongest():
    streams = [hand.stream("sporadic")] + [
        hand.beam([1, 0, 0], f"shower {i}", kind="shower", level=2.0 + i) for i in range(6)
    ]
    sources = sources_of(streams)
    assert [source.name for source in sources] == ["sporadic", "shower 0", "shower 1", "shower 2", "other showers"]
    assert sources[-1].streams == (4, 5, 6)
    assert 6.0 < sources[-1].level_factor < 7.0  # equal fluxes of factors 5, 6 and 7 that err together
    halves = joined([(0.5, streams), (0.5, streams[:1])])
    assert halves[0].flux_per_m2_s == pytest.approx(streams[0].flux_per_m2_s)
    assert halves[1].flux_per_m2_s == pytest.approx(streams[1].flux_per_m2_s / 2)


def test_the_example_of_the_tutorial_is_valid(tmp_path):
    """The block of docs/tutorial/assess.md, in a copy of the bundled case."""
    import shutil
    from pathlib import Path

    import whipple
    from whipple.vehicle import build

    page = Path(__file__).parents[3] / "docs" / "tutorial" / "assess.md"
    block = page.read_text().split("```toml\n")[1].split("```")[0]
    folder = tmp_path / "case"
    shutil.copytree(Path(whipple.__file__).parent / "cases" / "soyuz-ms22", folder)
    (folder / "assess.toml").write_text(block)
    names = tuple(part.name for part in build(hand.case()).surfaces.parts)
    plan = read_plan(folder, names, SHIELDS)
    assert [row.name for row in plan.moving] == ["port arrays"]
    assert len(plan.walls) == 3
    assert all(name in page.read_text() for name in SHIELDS)
