"""Did the strike itself step the body rates: the case's channels named roll, pitch and yaw, in words and as what was felt?"""

from __future__ import annotations

import numpy as np

from whipple.casefile.case import Case
from whipple.casefile.given import Given
from whipple.casefile.read_channels import read_channel, scale_to_si
from whipple.dynamics.jet_push import has_mass
from whipple.dynamics.kick import Kick, rate_step
from whipple.dynamics.strike import Felt
from whipple.errors import RangeError
from whipple.vehicle.stack import Stack

__all__ = ["AXES", "kick_of_case"]

AXES = ("roll", "pitch", "yaw")


def kick_of_case(case: Case, stack: Stack, onset_s: float, rng: np.random.Generator) -> tuple[str, tuple[Felt, ...]]:
    """A step in the case's rate channels at the onset: in words, and its three components where it was seen.

    "" and nothing without three channels.
    """
    tables = [table for table in case.channels if table.measures == "rate"]
    order = [next((table for table in tables if axis in table.name), None) for axis in AXES]
    if len(tables) < len(AXES) or any(table is None for table in order):
        return "", ()
    found = [table for table in order if table is not None]
    channels = [read_channel(case, table) for table in found]
    t_s = channels[0].t_s
    factors = [scale_to_si(table.unit, "rad/s")[0] for table in found]
    rates = [factor * np.interp(t_s, one.t_s, one.value) for factor, one in zip(factors, channels, strict=True)]
    finest = max(factor * (table.resolution or 0.0) for factor, table in zip(factors, found, strict=True))
    inertia = stack.inertia_kg_m2 if has_mass(stack) else None
    try:
        kick = rate_step(t_s, np.column_stack(rates), onset_s, inertia, rng, finest)
    except RangeError as error:
        return (
            f"A kick of the strike could not be looked for: {error.value} {error.argument} in the rate channels, {error.expected} needed.",
            (),
        )
    made = any(one.simulated for one in channels)
    return kick.sentence + (" (SIMULATED rates.)" if made else ""), _components(kick, simulated=made)


def _components(kick: Kick, *, simulated: bool) -> tuple[Felt, ...]:
    """The step as what was felt, nothing where it could be noise."""
    if not kick.seen:
        return ()
    given = (Given(step.median, step.low, step.high, "rad/s") for step in kick.step_rad_s)
    return tuple(Felt("turn", axis, one, simulated=simulated) for axis, one in enumerate(given))
