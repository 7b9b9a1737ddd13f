"""Which cause survives all the evidence?

A Poisson race: each cause enters with the number of such leaks it was expected to bring over the exposure (physics for impacts,
history for hardware), each observation multiplies it by how well the cause explains what was seen, and what remains is the posterior.
"""

from __future__ import annotations

from whipple.attribution.ledger import settle
from whipple.attribution.weigh import weigh

__all__ = ["settle", "weigh"]
