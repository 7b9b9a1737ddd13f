"""What was flying there, and from which way?

`what_was_there(case)` answers for a case; `fly` and `sky_along` do the same from element sets and a time alone.
"""

from whipple.environment.flight import fly
from whipple.environment.sky import sky_along, what_was_there

__all__ = ["fly", "sky_along", "what_was_there"]
