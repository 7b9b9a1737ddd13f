"""What should be done, by when, and what would change our mind?

Every option of the case as a column: the probability of serious harm to at least one crew member, the gap in crew-days without a good
ship, the clock; then the option with the least harm, under the rule that is stated with it.
"""

from __future__ import annotations

from whipple.decision.choose import choose
from whipple.decision.gap import Gap, crew_gap

__all__ = ["Gap", "choose", "crew_gap"]
