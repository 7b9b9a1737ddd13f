"""Did the stack feel it, can it hold attitude, and where must the push have come from?"""

from __future__ import annotations

from whipple.dynamics.feel import feel_push
from whipple.dynamics.locate import locate_leak
from whipple.dynamics.momentum import held_momentum_Nms
from whipple.dynamics.rigid_body import body_rates_rad_s

__all__ = ["body_rates_rad_s", "feel_push", "held_momentum_Nms", "locate_leak"]
