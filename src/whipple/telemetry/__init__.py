"""When did it begin, what changed, and what did not?

`find_onset` answers for a case; `detect` for channels without a case; `Watcher` judges a stream as it comes; `simulate_loop` makes a loop
with a known truth to try them on.
"""

from whipple.telemetry.find_onset import detect, find_onset
from whipple.telemetry.sequential import Watcher
from whipple.telemetry.simulate import simulate_loop

__all__ = ["Watcher", "detect", "find_onset", "simulate_loop"]
