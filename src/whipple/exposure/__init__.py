"""How often is each surface struck or pierced, by what, and could it come from there at all?

`strike_rates` answers for a case; `shower_reach` answers for one shower and one wall, with or without a vehicle (`bare_site`);
`look_ahead` answers before anything has happened: punctures and the probability of none, part by part.
"""

from __future__ import annotations

from whipple.exposure.look_ahead import look_ahead
from whipple.exposure.reach import shower_reach
from whipple.exposure.site import bare_site
from whipple.exposure.strikes import strike_rates

__all__ = ["bare_site", "look_ahead", "shower_reach", "strike_rates"]
