"""Do the `whipple leak` commands answer in words and JSON, print their examples, and refuse the impossible in one clear sentence?"""

from __future__ import annotations

import json
import shlex

import pytest
from typer.testing import CliRunner

from whipple.commands.leak import app
from whipple.errors import RangeError

FORWARD = 'forward --diameter "0.8 mm" --pressure "3 atm" --inventory "44 L" --gas-volume "4 L" --pushed "40 L"'
RING = (
    'segments --hole-at 1 --diameter "0.8 mm" --volume "5 L" --volume "5 L" --loss 1e10 --loss 1e10 --close 0 --close 1'
)
ASKED = {
    "through": 'through --diameter "0.8 mm" --pressure "3 atm"',
    "long": 'through --diameter "0.5 mm" --pressure "10 bar" --fluid ammonia --wall "5 mm" --edge tube',
    "thin": 'through --diameter "0.8 mm" --pressure "1 Pa" --vapour',
    "boil": 'boil --diameter "0.8 mm" --liquid "2.8 kg" --volume "44 L"',
    "ice": 'boil --diameter "1 mm" --liquid "5 kg" --volume "20 L" --fluid water --temperature "283 K" --vapour --longest "3000 day"',
    "ring": RING,
    "quoted": 'quoted --pressure "3 atm" --inventory "44 L" --coolant isooctane --coolant ammonia',
    "agree": 'quoted --pressure "3 atm" --inventory "44 L" --diameter "0.8 mm" --lasted "> 3 h"',
}


def say(line: str) -> str:
    found = CliRunner().invoke(app, shlex.split(line), catch_exceptions=False)
    assert found.exit_code == 0
    return found.stdout


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("through", "regime   liquid jet"), ("long", "homogeneous equilibrium (omega)"), ("thin", "rarefied gas"), ("boil", "empty after 57 min"),
        ("ice", "frozen after"), ("ring", "bar 1"), ("quoted", "could not be liquid"), ("agree", "The figures agree."),
    ],
)  # fmt: skip
def test_words(name: str, expected: str) -> None:
    assert expected in say(ASKED[name])


@pytest.mark.parametrize("name", ASKED)
def test_json(name: str) -> None:
    assert json.loads(say(ASKED[name] + " --json")) is not None


def test_json_says_the_same() -> None:
    answer = json.loads(say(ASKED["through"] + " --json"))
    assert answer["flow_kg_s"][1] == pytest.approx(6.29e-3, rel=0.01)
    ring = json.loads(say(RING + " --json"))
    assert ring["pressure_Pa"][1][-1] < 6e3 < ring["pressure_Pa"][0][-1]


@pytest.mark.parametrize("verb", ["forward", "through", "boil", "segments", "quoted", "air", "cabin", "agree"])
def test_help_shows_an_example(verb: str) -> None:
    assert f"whipple leak {verb}" in say(f"{verb} --help")


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        (FORWARD + ' --pipe "0.5 mm"', "at most 0.5 mm, the bore of the pipe"),
        (FORWARD.replace("3 atm", "4 kPa"), "above the vapour pressure, 5157 Pa"),
        (FORWARD.replace("44 L", "0 L"), "a loop without it cannot leak"),
        (FORWARD.replace("0.8 mm", "0 mm"), "above zero"),
        (FORWARD.replace("40 L", "45 L"), "--pushed = 45 L, expected no more than the 44 L of --inventory"),
        (ASKED["through"].replace("0.8 mm", "-1 mm"), "above zero"),
        (ASKED["through"] + " --edge torn", "sharp, tube, lip"),
        (ASKED["through"] + " --vapour", "at most its saturation pressure"),
        (ASKED["boil"].replace("2.8 kg", "0 kg"), "cannot leak"),
        (ASKED["boil"].replace("44 L", "1 L"), "fits into the volume"),
        (ASKED["boil"] + ' --longest "0 s"', "--longest = 0 s, expected a time above zero"),
        (RING.replace("--hole-at 1", "--hole-at 7"), "a segment, 0 to 1"),
        (RING.replace("--loss 1e10 --loss 1e10", "--loss 1e10"), "one loss a volume"),
        (RING + ' --pressure "4 kPa"', "a pressure above"),
        (RING + " --cd 1.2", "discharge coefficient = 1.2, expected above zero, at most 1"),
        (ASKED["boil"] + " --cd 1.2", "discharge coefficient = 1.2, expected above zero, at most 1"),
        (ASKED["boil"] + " --cd 0", "above zero, at most 1"),
        (FORWARD.replace("0.8 mm", "80 mm"), "--diameter = 80 mm, expected at most 20 mm"),
        (ASKED["boil"].replace("0.8 mm", "8 cm"), "--diameter = 8 cm, expected at most 20 mm"),
        (ASKED["boil"].replace("0.8 mm", "8 cm") + ' --pipe "2 cm"', "at most 20 mm, the bore of the pipe"),
        ('cabin --diameter "1 mm" --volume "100 m**3" --cd 1.5', "discharge_ratio = 1.5, expected at most 1"),
    ],
)
def test_the_impossible_is_refused(line: str, complaint: str) -> None:
    with pytest.raises(RangeError, match=complaint):
        CliRunner().invoke(app, shlex.split(line), catch_exceptions=False)


def test_a_wide_hole_needs_its_pipe() -> None:
    assert "at onset" in say(FORWARD.replace("0.8 mm", "25 mm") + ' --pipe "40 mm"')
    assert "empty after 3.5 s" in say(ASKED["boil"].replace("0.8 mm", "25 mm") + ' --pipe "40 mm"')


def test_air_of_a_wide_hole_says_check_the_unit() -> None:
    """157 t/s of air through "1 m" came without a word; a hole of 3 mm says nothing."""
    air = 'air --volume "915 m**3" --diameter '
    assert "A hole of 1000 mm is wider than any considered here (20 mm): check its unit." in say(air + '"1 m"')
    assert "check its unit" not in say(air + '"3 mm"')
    wide, usual = (json.loads(say(air + size + " --json"))["caveats"] for size in ('"1 m"', '"3 mm"'))
    assert (len(wide), usual) == (1, [])


def test_thin_vapour_shows_its_pressure_and_says_that_it_is_not_choked() -> None:
    """Isooctane boils down to hundredths of a pascal: four decimals of a bar showed 0.0000 and nothing else."""
    cold = say(ASKED["boil"] + ' --vapour --longest "100 day"')
    assert "0.0000 " not in cold
    assert "e-05" in cold
    assert "to free-molecular" in cold
    assert "free-molecular" not in say(ASKED["boil"])


def test_vapour_passes_a_hole_as_a_gas() -> None:
    """A gas through a sharp hole has 0.842, not a liquid's 0.61: the loop freezes a quarter sooner."""
    ammonia = 'boil --diameter "1 mm" --liquid "20 kg" --volume "40 L" --fluid ammonia --vapour'
    assert say(ammonia) == say(ammonia + " --cd 0.842")
    assert "frozen after 22.47 h" in say(ammonia)
    assert say(ASKED["boil"]) == say(ASKED["boil"] + " --cd 0.61")
