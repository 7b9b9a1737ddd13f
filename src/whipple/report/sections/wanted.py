"""Why is a section empty, and which data would fill it?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from whipple.attribution.too_thin import TOO_THIN
from whipple.report.page import Table

__all__ = ["wanted"]

_LOOP = ("what the loop held, at which pressure, and the gas of its accumulator", "[[loop]]")
_SIZE = (
    "a pressure record, or what somebody says of the size of the hole",
    "[[channel]], or a [[claim]] about hole.diameter_m",
)

#: Asked for only where no verdict stands for want of a size and a push: a ship that lost its coolant has felt a jet, not a strike.
_FELT = (
    "where nothing leaked, the push: what change of speed and of body rates the strike made",
    "[[claim]] about strike.forward_m_s, strike.yaw_rad_s and the like",
)

#: Room -> whether its answer holds nothing, and what would fill it: the data, and where they go in the case folder.
_WANTED: dict[str, tuple[Callable[[Any], bool], tuple[tuple[str, str], ...]]] = {
    "telemetry": (
        lambda onset: not onset.channels,
        (
            ("pressures of the loop over the hours around the event, each sensor by itself", "[[channel]] and its file"),
            ("without a loop: body rates, momentum of the wheels, power of each array", '[[channel]] named roll, pitch, yaw; "momentum"'),
            ("anything else recorded then: temperatures, voltages, rates", "[[channel]]: what did not change counts too"),
        ),
    ),
    "imagery": (
        lambda pictures: not pictures.measures,
        (("a picture of the damage with a known length in it, and its angle of view", "[[image]] with scale_px, scale_length, incidence"),),
    ),
    "leak": (lambda hole: hole.diameter_m is None and hole.flow_kg_s is None, (_LOOP, _SIZE)),
    "dynamics": (lambda push: push.force_N is None and push.strike is None, (_LOOP, _SIZE)),
    "contamination": (
        lambda deposit: not deposit.surfaces and deposit.flash_frac is None,
        (_LOOP, ("which way the spray went", "a [[claim]] about hole.normal_azimuth_rad")),
    ),
    "thermal": (
        lambda heat: not heat.scenarios,
        (
            ("the ship as nodes, links and heat loads", "[thermal] file, as the network.toml of soyuz-ms22"),
            ("how it flies, and with how many aboard", "[[thermal.scenario]]"),
        ),
    ),
    "attribution": (lambda verdict: verdict.result == TOO_THIN, (_SIZE, _FELT)),
    "decision": (lambda plan: not plan.options, (("what could be done, by when, and what it risks", "[[option]]"),)),
}  # fmt: skip


def wanted(room: str, slot: Any) -> Table | None:
    """The data that would answer this room's question, where its answer holds nothing; None where it holds something."""
    empty, rows = _WANTED.get(room, (lambda _: False, ()))
    return Table("What would answer it", ("data", "where it goes"), rows) if empty(slot) else None
