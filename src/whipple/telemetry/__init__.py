"""When did it begin, what changed, and what did not?

`find_onset` answers for a case; `detect` for channels without a case. The same causal detector serves both.
"""

from whipple.telemetry.find_onset import MTBF_DAYS, detect, find_onset

__all__ = ["MTBF_DAYS", "detect", "find_onset"]
