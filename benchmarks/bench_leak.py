"""leak: seconds for the full posterior of the bundled case (asked: at most 10 s on 2 cores)."""

from __future__ import annotations

import time

from whipple import imagery, leak, telemetry
from whipple.casefile.read_case import read_case
from whipple.commands.folders import BUNDLED


def main() -> None:
    """Print the seconds that `size_hole` takes, and its answer."""
    case = read_case(BUNDLED / "soyuz-ms22")
    onset, pictures = telemetry.find_onset(case), imagery.measure(case)
    begun, busy = time.perf_counter(), time.process_time()
    hole = leak.size_hole(case, onset, pictures)
    took, worked = time.perf_counter() - begun, time.process_time() - busy
    print(f"leak: {took:.2f} s, {worked:.2f} s of CPU (asked: at most 10 s). {hole.headline}")


if __name__ == "__main__":
    main()
