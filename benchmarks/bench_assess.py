"""How long does a whole `assess` of the 24 309-triangle ISS mesh take, for one attitude and with 24 array positions?

Goals (issue 3): at most 30 s and 2 GiB on 2 cores for one attitude, all sources at 5 degrees and 1 km/s; at most 180 s with 24 positions.
The mesh is `../shared/data/stations/iss_project_alpha.obj`; its walls are assumed (this measures time, not the station's risk).

    python benchmarks/bench_assess.py            both       python benchmarks/bench_assess.py fixed | moving
"""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import whipple

MESH = Path(__file__).parents[2] / "shared/data/stations/iss_project_alpha.obj"
MS22 = Path(whipple.__file__).parent / "cases" / "soyuz-ms22"
VEHICLE = """
[vehicle]
title = "ISS mesh"
facet_area = "100 m**2"
source = "iss-coarse-model"
[[wall]]
name = "shielded"
material = "6061-T6"
thickness = "4.8 mm"
bumper = "2 mm"
standoff = "110 mm"
absorptance = "0.35"
emittance = "0.8"
temperature = "280 K"
source = "iss-coarse-model"
[[module]]
name = "station"
source = "iss-coarse-model"
[[mesh]]
name = "iss"
module = "station"
file = "iss.obj"
units = "m"
axes = ["+z", "+x", "-y"]
handedness = "left"
closed = false
wall = "shielded"
source = "iss-coarse-model"
"""
MOVING = """
[[moving]]
name = "one group"
parts = ["{part}"]
axis = [0, 1, 0]
facing = [1, 0, 0]
step = "1 deg"
source = "iss-coarse-model"
"""


def case_in(folder: Path, moving: bool) -> None:
    """The MS-22 case with the mesh for a vehicle, no attitude ranges, and one texture group that turns."""
    from whipple.casefile.read_case import read_case
    from whipple.vehicle import build

    shutil.copytree(MS22, folder, dirs_exist_ok=True)
    shutil.copy(MESH, folder / "iss.obj")
    (folder / "vehicle.toml").write_text(VEHICLE)
    text = (folder / "case.toml").read_text()
    for angle in ("yaw", "pitch", "roll"):
        lines = [line for line in text.splitlines() if not line.startswith(f"{angle} = ")]
        text = "\n".join(lines)
    names = [
        line.split()[1] for line in MESH.read_text().splitlines() if line.startswith("g ") and len(line.split()) > 1
    ]
    text = text.replace('site_part = "soyuz.radiator"', f'site_part = "iss.{names[0]}"').replace(
        'ship = "soyuz"', 'ship = "station"'
    )
    (folder / "case.toml").write_text(text)
    surfaces = build(read_case(folder)).surfaces
    area = {part.name: surfaces.area_m2[surfaces.part_index == i].sum() for i, part in enumerate(surfaces.parts)}
    widest = max(area, key=lambda name: area[name])
    (folder / "assess.toml").write_text(
        '[assess]\nduration = "365 day"\n' + (MOVING.format(part=widest) if moving else "")
    )


def run(name: str) -> None:
    """One whole assessment, report included, timed."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "case"
        case_in(folder, moving=name == "moving")
        began, used = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
        code = (
            "import resource, sys, time; t = time.perf_counter()\n"
            "from pathlib import Path; from whipple.casefile.read_case import read_case\n"
            "from whipple.assessment import assess; from whipple.vehicle import build\n"
            "from whipple.report.assess.write_assess import write_assessment\n"
            f"case = read_case(Path({str(folder)!r}))\n"
            "stack = build(case)\n"
            "risk = assess(case, stack=stack, telling=lambda text: print(f'{time.perf_counter() - t:7.1f} s  {text}', file=sys.stderr))\n"
            f"write_assessment(case, stack, None, risk, Path({place!r}) / 'out')\n"
            "print(f'{risk.pose_count} positions, {len(risk.facets.arrival_lvlh)} facets,',"
            " f'{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.2f} GiB')\n"
        )
        done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
        spent = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = spent.ru_utime + spent.ru_stime - used.ru_utime - used.ru_stime
        print(done.stderr[-400:], file=sys.stderr)
        print(f"{name}: {time.perf_counter() - began:.1f} s wall, {cpu:.1f} s CPU; {done.stdout.strip()}")


if __name__ == "__main__":
    for wanted in sys.argv[1:] or ("fixed", "moving"):
        run(wanted)
