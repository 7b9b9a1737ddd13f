"""Every sort of wall can be named in assess.toml, and what cannot be asked about is one clear problem."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from whipple.assessment import SHIELDS, wall_problems
from whipple.exposure.read_plan import Plan, plan_problems, read_plan

HEAD = '[[wall]]\nparts = ["hull"]\nmaterial = "{material}"\n{said}source = "whipple_judgement"\n'


def plan(folder: Path, said: str, material: str = "6061-T6") -> Plan:
    (folder / "assess.toml").write_text(HEAD.format(material=material, said=said))
    return read_plan(folder, ("hull",), SHIELDS)


STUFFED = 'thickness = "4.8 mm"\nbumper = "2 mm"\nstandoff = "114 mm"\nkind = "stuffed Whipple shield"\nlayers = { stuffing = "6 kg/m**2" }\n'


def test_a_stuffed_shield_of_assess_toml_is_the_one_of_the_command(tmp_path: Path) -> None:
    from dataclasses import replace

    from whipple.assessment import laws_of
    from whipple.impact.layers import laws_for, shield_of_layers
    from whipple.vehicle.surfaces import Part

    row = plan(tmp_path, STUFFED).walls[0]
    bare = Part("hull", "", row.material, row.thickness_m.value, row.bumper_m.value, row.standoff_m.value, 0, 0, 0, "s")
    ours = laws_of(replace(bare, wall_kind=row.kind, layers=tuple(row.layers.said().items())))
    said = {"wall": 0.0048, "bumper": 0.002, "standoff": 0.114, "stuffing": 6.0}
    theirs = laws_for(shield_of_layers("6061-T6", said), "stuffed Whipple shield")
    shot = {"speed_m_s": 7000.0, "incidence_rad": 0.3, "density_kg_m3": 2800.0}
    assert [law.name for law in ours] == [law.name for law in theirs]
    assert np.allclose([law.function(**shot) for law in ours], [law.function(**shot) for law in theirs], rtol=1e-12)
    assert wall_problems(plan(tmp_path, STUFFED)) == []


@pytest.mark.parametrize(
    ("said", "material", "word"),
    [
        ('thickness = "2 mm"\nkind = "paper shield"\n', "6061-T6", "kind = 'paper shield'"),
        ('thickness = "2 mm"\nkind = "stuffed Whipple shield"\n', "6061-T6", "bumper = none"),
        ('thickness = "2 mm"\nkind = "foam sandwich"\n', "unobtainium", "unobtainium"),
        ('thickness = "2 mm"\n', "unobtainium", "unobtainium"),
        ('thickness = "2 mm"\nbumper = "1 mm"\nstandoff = "100 mm"\n', "CFRP", "CFRP"),
    ],
)
def test_a_wall_nobody_can_answer_for_is_one_problem(tmp_path: Path, said: str, material: str, word: str) -> None:
    found = wall_problems(plan(tmp_path, said, material))
    assert [problem.key for problem in found] == ["wall[0]"]
    assert word in found[0].found


def test_a_thickness_beside_a_wall_by_its_weight_is_not_passed_over_in_silence(tmp_path: Path) -> None:
    cloth = 'kind = "multi-shock shield"\nthickness = "1 mm"\nstandoff = "120 mm"\nlayers = { wall_weight = "3 kg/m**2", stuffing = "6 kg/m**2" }\n'
    (problem,) = wall_problems(plan(tmp_path, cloth, "Nextel"))
    assert problem.key == "wall[0].thickness"


def test_layers_have_strict_names(tmp_path: Path) -> None:
    (tmp_path / "assess.toml").write_text(
        HEAD.format(material="6061-T6", said='thickness = "2 mm"\nlayers = { stufing = "6 kg/m**2" }\n')
    )
    (problem,) = plan_problems(tmp_path, ("hull",), SHIELDS)
    assert "stufing" in problem.key
    assert "stuffing" in problem.remedy


def test_a_wall_of_cloth_is_given_by_its_weight(tmp_path: Path) -> None:
    cloth = 'kind = "multi-shock shield"\nstandoff = "120 mm"\nlayers = { wall_weight = "3 kg/m**2", stuffing = "6 kg/m**2" }\n'
    assert wall_problems(plan(tmp_path, cloth, "Nextel")) == []


@pytest.mark.parametrize("kind", ["", 'kind = "Whipple shield"\n'])
def test_a_layer_that_no_law_looks_at_is_not_passed_over_in_silence(tmp_path: Path, kind: str) -> None:
    said = f'thickness = "3 mm"\nbumper = "2 mm"\nstandoff = "100 mm"\n{kind}layers = {{ stuffing = "3 kg/m**2" }}\n'
    (problem,) = wall_problems(plan(tmp_path, said))
    assert problem.key == "wall[0].layers.stuffing"
    assert "stuffed Whipple shield" in problem.remedy


def test_an_alloy_of_ones_own_needs_no_kind(tmp_path: Path) -> None:
    said = 'thickness = "3 mm"\nlayers = { wall_density = "2.9 g/cm**3" }\n'
    assert wall_problems(plan(tmp_path, said)) == []


def test_only_plain_aluminium_bumpers_carry_the_doubt_of_the_edge(tmp_path: Path) -> None:
    from whipple.assessment.wall_checks import edge_caveat

    plain = 'thickness = "3 mm"\nbumper = "2 mm"\nstandoff = "100 mm"\n'
    (caveat,) = edge_caveat((), plan(tmp_path, plain))
    assert "times as many holes from debris" in caveat.text
    assert edge_caveat((), plan(tmp_path, STUFFED)) == ()
    assert edge_caveat((), plan(tmp_path, 'shield = "Soyuz blanket"\n', "")) == ()


def test_scatter_about_the_limit_adds_more_where_small_particles_abound() -> None:
    """Against the sheet's closed form with the limit where the chance is one half: (pi s/a)/sin(pi s/a), so the ratio grows with the slope."""
    from whipple.assessment.wall_checks import punctures_over_edge
    from whipple.impact.perforation_chance import punctures_ratio
    from whipple.vehicle.surfaces import Part

    tube = Part("tube", "m", "6061-T6", 0.00318, 0.0016, 0.1016, 0.5, 0.5, 290, "s")
    few, many = (punctures_over_edge(tube, slope, 7000.0, 0.0) for slope in (1.0, 3.6))
    assert many > few
    # one place of the limit fits both slopes: the size that perforates every other time, over the law's own
    shift = [np.log(punctures_ratio(slope) / ratio) / slope for slope, ratio in ((1.0, few), (3.6, many))]
    assert shift[0] == pytest.approx(shift[1], abs=0.03)


def test_a_gap_without_a_bumper_is_not_passed_over_in_silence(tmp_path: Path) -> None:
    (problem,) = wall_problems(plan(tmp_path, 'thickness = "3 mm"\nstandoff = "100 mm"\n'))
    assert problem.key == "wall[0].standoff"


@pytest.mark.parametrize(
    ("material", "more"),
    [("6061-T6", ""), ("", 'thickness = "2 mm"\n'), ("", 'bumper = "2 mm"\n'), ("", 'standoff = "10 cm"\n')],
)
def test_a_shield_by_name_takes_nothing_beside_it(tmp_path: Path, material: str, more: str) -> None:
    text = HEAD.format(material=material, said=f'{more}shield = "Soyuz blanket"\n')
    (tmp_path / "assess.toml").write_text(text)
    (problem,) = plan_problems(tmp_path, ("hull",), SHIELDS)
    assert problem.key == "wall[0].shield"


BARE = '[[wall]]\nparts = ["{parts}"]\nmaterial = "6061-T6"\nthickness = "2 mm"\nsource = "whipple_judgement"\n'
WING = '[[moving]]\nname = "{name}"\nparts = ["{parts}"]\naxis = [0, 1, 0]\nfacing = [1, 0, 0]\nsource = "whipple_judgement"\n'


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (BARE.format(parts="hull") + BARE.format(parts="*"), "wall[0].parts"),
        (WING.format(name="a", parts="hull") + WING.format(name="b", parts="h*"), "moving[1].parts"),
        (WING.format(name="a", parts="hull") + WING.format(name="a", parts="fin"), "moving[1].name"),
        ('[assess]\ndebris_meaning = "plate"\n', "assess.debris_meaning"),
        ('[assess]\nbody_frame = "SC_BODY_1"\n', "assess.body_frame"),
    ],
)
def test_what_another_line_makes_void_is_one_problem(tmp_path: Path, text: str, key: str) -> None:
    (tmp_path / "assess.toml").write_text(text)
    (problem,) = plan_problems(tmp_path, ("hull", "fin"), SHIELDS)
    assert problem.key == key


def test_a_wall_below_may_take_some_parts_from_one_above(tmp_path: Path) -> None:
    (tmp_path / "assess.toml").write_text(BARE.format(parts="*") + BARE.format(parts="hull"))
    assert plan_problems(tmp_path, ("hull", "fin"), SHIELDS) == []


def test_a_part_cannot_turn_about_the_line_it_faces_along(tmp_path: Path) -> None:
    row = '[[moving]]\nname = "wing"\nparts = ["hull"]\naxis = [0, 2, 0]\nfacing = [0, -1, 0]\nsource = "whipple_judgement"\n'
    (tmp_path / "assess.toml").write_text(row)
    (problem,) = plan_problems(tmp_path, ("hull",), SHIELDS)
    assert problem.key == "moving[0].facing"
