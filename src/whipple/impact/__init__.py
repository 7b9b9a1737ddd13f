"""What would a particle do to this wall, and what particle made this hole?

`critical_diameter_m` answers the first half for any part of a vehicle, `perforation_chance` as a chance where test shots allow one,
`what_made_it` the second half for a case.
"""

from whipple.impact.impactor import what_made_it
from whipple.impact.limits import critical_diameter_m
from whipple.impact.perforation_chance import perforation_chance

__all__ = ["critical_diameter_m", "perforation_chance", "what_made_it"]
