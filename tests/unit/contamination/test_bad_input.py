"""Bad input: an unknown fluid, a plume through a closed face, no stack, a surface colder than the fluid is known."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from whipple.casefile.case import Case
from whipple.commands.contamination import app
from whipple.contamination import where_it_went
from whipple.contamination.exits import exits_of
from whipple.errors import RangeError
from whipple.vehicle.surfaces import Surfaces


def _neighbour() -> ModuleType:
    spec = importlib.util.spec_from_file_location("stacks_of", Path(__file__).with_name("test_where_it_went.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


NEAR = _neighbour()


def with_loop(case: Case, **changed: Any) -> Case:
    return replace(case, loops=(case.loop().model_copy(update=changed),))


def test_an_unknown_fluid_names_the_known_ones(case: Case, sky: Any) -> None:
    with pytest.raises(RangeError, match=r"'mercury'.*expected one of isooctane, .*ammonia") as caught:
        where_it_went(with_loop(case, fluid="mercury"), NEAR.small_stack(False), NEAR.HOLE, sky)
    assert "try: use a listed name" in str(caught.value)
    with pytest.raises(RangeError, match="mercury"):
        CliRunner().invoke(app, ["film", "--temperature", "200 K", "--liquid", "mercury"], catch_exceptions=False)


def test_a_plume_into_a_closed_face_says_so_and_names_no_surface(case: Case, sky: Any) -> None:
    stack = NEAR.small_stack(False)
    inward = replace(stack, site_normal_body=np.array([[-1.0, 0.0, 0.0]]))
    assert exits_of(inward).closed_frac == 1.0
    deposit = where_it_went(case, inward, NEAR.HOLE, sky)
    assert deposit.surfaces == ()
    assert deposit.flash_frac is not None
    assert "contamination-closed-face" in {one.code for one in deposit.caveats}
    assert "closed face" in deposit.headline


def test_a_wall_right_before_the_hole_closes_it(case: Case) -> None:
    stack = NEAR.small_stack(True)
    vertex = stack.surfaces.vertex_m.copy()
    vertex[vertex[:, 0] == 5.0, 0] = 0.2
    lid = Surfaces.from_triangles(vertex, stack.surfaces.triangle, stack.surfaces.part_index, stack.surfaces.parts)
    assert exits_of(replace(stack, surfaces=lid)).closed_frac == 1.0
    assert exits_of(stack).closed_frac == 0.0


def test_some_closed_axes_are_left_out_with_a_caveat(case: Case, sky: Any) -> None:
    stack = replace(
        NEAR.small_stack(False),
        site_normal_body=np.array([[1.0, 0, 0], [-1.0, 0, 0]]),
        site_normal_frac=np.array([0.75, 0.25]),
    )
    deposit = where_it_went(case, stack, NEAR.HOLE, sky)
    (text,) = [one.text for one in deposit.caveats if one.code == "contamination-closed-axes"]
    assert text.startswith("25 %")
    assert deposit.surfaces[0].line_of_sight


def test_without_a_stack_only_the_fluid_is_told(case: Case, sky: Any) -> None:
    deposit = where_it_went(case, None, NEAR.HOLE, sky)
    assert deposit.surfaces == ()
    assert deposit.droplet_diameter_m is not None
    assert "contamination-no-stack" in {one.code for one in deposit.caveats}


@pytest.mark.parametrize("name", ["ammonia", "water", "meg-30"])
def test_other_coolants_do_not_stop_the_room(case: Case, sky: Any, name: str) -> None:
    stack = NEAR.small_stack(False)
    cold = [replace(part, temperature_K=150.0) for part in stack.surfaces.parts]
    faces = Surfaces.from_triangles(stack.surfaces.vertex_m, stack.surfaces.triangle, stack.surfaces.part_index, cold)
    (array,) = where_it_went(with_loop(case, fluid=name), replace(stack, surfaces=faces), NEAR.HOLE, sky).surfaces
    known = name == "ammonia"  # its ice is known down to 150 K, that of water to 180 K, glycol not at all
    assert array.film_life_s.bound == ("two-sided" if known else "lower")
    assert [one.code for one in array.film_life_s.caveats] == ([] if known else ["contamination-film-bound"])


def test_a_loop_hotter_than_the_fluid_is_known_is_told(case: Case, sky: Any) -> None:
    hot = case.loop().temperature_K
    deposit = where_it_went(
        with_loop(case, temperature_K=replace(hot, value=400.0, low=390.0, high=410.0)),
        NEAR.small_stack(False),
        NEAR.HOLE,
        sky,
    )
    assert "contamination-temperature" in {one.code for one in deposit.caveats}
