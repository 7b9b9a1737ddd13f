"""How big is the hole, how much has gone, and when will it be empty?"""

from __future__ import annotations

from whipple.leak.consistency import contradictions
from whipple.leak.forward import leak_law
from whipple.leak.size import size_hole
from whipple.leak.vessel import air_leak

__all__ = ["air_leak", "contradictions", "leak_law", "size_hole"]
