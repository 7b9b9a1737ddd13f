"""What would a particle do to this wall, and what particle made this hole?

`critical_diameter_m` answers the first half for any part of a vehicle, `what_made_it` the second half for a case.
"""

from whipple.impact.impactor import what_made_it
from whipple.impact.limits import critical_diameter_m

__all__ = ["critical_diameter_m", "what_made_it"]
