"""[[loop]]: a fluid loop that may leak, and (optional) its graph: segments, valves, pumps, gauges, forbidden settings, tests made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from whipple.casefile.given import Given, quantity
from whipple.casefile.problems import near_match
from whipple.casefile.tables.table import Moment, Table
from whipple.errors import Problem

__all__ = [
    "ForbidTable",
    "GaugeTable",
    "LoopTable",
    "MeterTable",
    "PumpTable",
    "SegmentTable",
    "TrialTable",
    "ValveTable",
    "channel_problems",
]

_LOSS = "Pa*s**2/m**6"


def _wrong(found: str, expected: str, remedy: str) -> PydanticCustomError:
    return PydanticCustomError(
        "whipple_quantity", "{expected}", {"found": found, "expected": expected, "remedy": remedy}
    )


class SegmentTable(Table):
    """[[loop.segment]]: a stretch of pipe `from` one node `to` another, named in the direction of the flow.

    `volume` is the liquid in it, `loss` its R in dp = R q|q| (with its range). `area` (optional) is the wall that can be struck: the prior.
    `cooling = "needed"`: it may not go without flow, unless `pause` says for how long it may. `dead_end = true`: a stub that nothing joins.
    """

    name: str
    from_node: str = Field(alias="from")
    to_node: str = Field(alias="to")
    volume_m3: quantity("m**3") = Field(alias="volume")  # type: ignore[valid-type]
    loss_Pa_s2_m6: quantity(_LOSS) = Field(alias="loss")  # type: ignore[valid-type]
    area_m2: quantity("m**2") | None = Field(alias="area", default=None)  # type: ignore[valid-type]
    cooling: Literal["", "needed"] = ""
    dead_end: bool = False
    pause_s: quantity("s") | None = Field(alias="pause", default=None)  # type: ignore[valid-type]

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if self.volume_m3.low <= 0:
            raise _wrong(f"volume = {self.volume_m3.low:g} m3", "more than 0", "every segment holds liquid")
        if self.loss_Pa_s2_m6.low < 0:
            raise _wrong(f"loss = {self.loss_Pa_s2_m6.low:g} Pa s2/m6", "0 or more", "dp = R q|q|: R is never negative")
        if self.from_node == self.to_node:
            raise _wrong(f"from = to = {self.to_node!r}", "two different nodes", "name the node at each end")
        return self


class ValveTable(Table):
    """[[loop.valve]]: a valve that can be shut at one `end` ("from" or "to") of a segment."""

    name: str
    segment: str
    end: Literal["from", "to"] = "from"


class PumpTable(Table):
    """[[loop.pump]]: at the inlet of a segment, head = `head` - `head_loss` q|q|. One that does not run passes the flow, or blocks it."""

    name: str
    segment: str
    head_Pa: quantity("Pa") = Field(alias="head")  # type: ignore[valid-type]
    head_loss_Pa_s2_m6: quantity(_LOSS) = Field(alias="head_loss", default=Given(0.0, 0.0, 0.0, _LOSS))  # type: ignore[valid-type]
    running: bool = True
    when_off: Literal["passes", "blocks"] = "passes"

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if self.head_Pa.low < 0 or self.head_loss_Pa_s2_m6.low < 0:
            raise _wrong("a negative head or head_loss", "0 or more", "turn the segment round: from inlet to outlet")
        return self


class GaugeTable(Table):
    """[[loop.gauge]]: the pressure `channel` at a node; `accuracy` is 1 sigma of one averaged reading, `full_scale` its end of range."""

    channel: str
    node: str
    accuracy_Pa: quantity("Pa") = Field(alias="accuracy")  # type: ignore[valid-type]
    full_scale_Pa: quantity("Pa") | None = Field(alias="full_scale", default=None)  # type: ignore[valid-type]


class MeterTable(Table):
    """[[loop.meter]]: the flow `channel` at the inlet of a segment; `accuracy` is 1 sigma of one averaged reading."""

    channel: str
    segment: str
    accuracy_m3_s: quantity("m**3/s") = Field(alias="accuracy")  # type: ignore[valid-type]


class ForbidTable(Table):
    """[[loop.forbid]]: valves that may never be shut together (or one never at all), and why."""

    closed: tuple[str, ...]
    why: str


class TrialTable(Table):
    """[[loop.test]]: readings while the loop leaks. Without valves and pumps it is the loop as it runs, `before` being before the leak.

    With valves `closed` or pumps `off`: `before` the valves moved, `start` when the flow had settled, `after` the hold; gauges and meters by
    channel name. `warming` is the change of the liquid's temperature over the hold, `gas_warming` that of the accumulator's gas. `hold` runs from
    `start` to `after`. With `begins` and `ends` instead, readings and warming are averaged from the channels.
    """

    closed: tuple[str, ...] = ()
    off: tuple[str, ...] = ()
    hold_s: quantity("s") | None = Field(alias="hold", default=None)  # type: ignore[valid-type]
    begins: Moment | None = None
    ends: Moment | None = None
    before: dict[str, quantity("Pa")] = Field(default_factory=dict)  # type: ignore[valid-type]
    start: dict[str, quantity("Pa")] = Field(default_factory=dict)  # type: ignore[valid-type]
    after: dict[str, quantity("Pa")] = Field(default_factory=dict)  # type: ignore[valid-type]
    flow_before: dict[str, quantity("m**3/s")] = Field(default_factory=dict)  # type: ignore[valid-type]
    flow_after: dict[str, quantity("m**3/s")] = Field(default_factory=dict)  # type: ignore[valid-type]
    warming_K: quantity("K") = Field(alias="warming", default=Given(0.0, 0.0, 0.0, "K"))  # type: ignore[valid-type]
    gas_warming_K: quantity("K") | None = Field(alias="gas_warming", default=None)  # type: ignore[valid-type]
    source: str

    @model_validator(mode="after")
    def _readable(self) -> Self:
        if self.begins is not None and self.ends is not None:
            if self.ends <= self.begins:
                raise _wrong(f"ends {self.ends}", f"a time after begins, {self.begins}", "put the two times in order")
            return self
        if self.hold_s is None or self.hold_s.low <= 0:
            found = "no hold" if self.hold_s is None else f"hold = {self.hold_s.low:g} s"
            raise _wrong(found, "more than 0 s", "say how long the valves were shut, or when the test begins and ends")
        needed = {"before": self.before, "after": self.after}
        if self.closed or self.off:
            needed["start"] = self.start
        for name, readings in needed.items():
            if not readings:
                raise _wrong(f"no {name}", "a pressure by channel name", f'add {name} = {{ p1 = "3.02 bar" }}')
        return self


class LoopTable(Table):
    """[[loop]]: inventory, pressure and accumulator. `gas_volume` is the accumulator's gas at charge, `pushed_volume` the liquid it can push.

    `pipe` (optional) is the bore of the pipe or tube that leaks: the hole cannot be wider. `reaction_force`, or `reaction_torque` with
    `reaction_arm` (optional), is what the vehicle felt at the onset: an absolute datum for the hole. `carriers` (optional) are the
    parts or modules of the shape file that carry this loop: where it may leak, if the gyros' momentum is to tell the place; without them the
    ship's parts but its array wings.

    The graph (optional): `segment`, `valve`, `pump`, `gauge`, `meter`, `forbid`, `test` are tables of their own; `accumulator` is the node
    where the accumulator stands. `modulus` is the effective bulk modulus of pipe and liquid, `relief` the pressure at which a shut-off
    stretch is let off, `uneven` (1 sigma) how far a stretch's temperature strays from what the thermometers show, `swing` (1 sigma) how far the
    whole loop's may move during a hold.
    """

    name: str
    fluid: str
    inventory_m3: quantity("m**3") = Field(alias="inventory")  # type: ignore[valid-type]
    pressure_Pa: quantity("Pa") = Field(alias="pressure")  # type: ignore[valid-type]
    temperature_K: quantity("K") = Field(alias="temperature")  # type: ignore[valid-type]
    gas_volume_m3: quantity("m**3") = Field(alias="gas_volume")  # type: ignore[valid-type]
    pushed_volume_m3: quantity("m**3") = Field(alias="pushed_volume")  # type: ignore[valid-type]
    discharge_coefficient: quantity("")  # type: ignore[valid-type]
    velocity_coefficient: quantity("")  # type: ignore[valid-type]
    residue_frac: quantity("") = Field(alias="residue")  # type: ignore[valid-type]
    pipe_m: quantity("m") | None = Field(alias="pipe", default=None)  # type: ignore[valid-type]
    reaction_force_N: quantity("N") | None = Field(alias="reaction_force", default=None)  # type: ignore[valid-type]
    reaction_torque_Nm: quantity("N*m") | None = Field(alias="reaction_torque", default=None)  # type: ignore[valid-type]
    reaction_arm_m: quantity("m") | None = Field(alias="reaction_arm", default=None)  # type: ignore[valid-type]
    carriers: tuple[str, ...] = ()
    accumulator: str = ""
    modulus_Pa: quantity("Pa") | None = Field(alias="modulus", default=None)  # type: ignore[valid-type]
    relief_Pa: quantity("Pa") | None = Field(alias="relief", default=None)  # type: ignore[valid-type]
    uneven_K: quantity("K") | None = Field(alias="uneven", default=None)  # type: ignore[valid-type]
    swing_K: quantity("K") | None = Field(alias="swing", default=None)  # type: ignore[valid-type]
    segment: tuple[SegmentTable, ...] = ()
    valve: tuple[ValveTable, ...] = ()
    pump: tuple[PumpTable, ...] = ()
    gauge: tuple[GaugeTable, ...] = ()
    meter: tuple[MeterTable, ...] = ()
    forbid: tuple[ForbidTable, ...] = ()
    test: tuple[TrialTable, ...] = ()
    source: str

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if self.segment:
            _check_names(self)
            _check_nodes(self)
            _check_settings(self)
        elif self.accumulator or self.valve or self.pump or self.gauge or self.meter or self.forbid or self.test:
            raise _wrong("a graph without segments", "at least one [[loop.segment]]", "describe the pipes first")
        return self


def _known(what: str, name: str, known: Iterable[str], kind: str) -> None:
    names = list(known)
    if name not in names:
        expected = f"a {kind}: {', '.join(names) or 'there is none'}"
        raise _wrong(f"{what} {name!r}", expected, near_match(name, names, f"name a {kind} of this loop"))


def _check_names(loop: LoopTable) -> None:
    for kind, names in (
        ("segment", [s.name for s in loop.segment]),
        ("valve", [v.name for v in loop.valve]),
        ("pump", [p.name for p in loop.pump]),
        ("gauge or meter", [g.channel for g in loop.gauge] + [m.channel for m in loop.meter]),
    ):
        for name in (name for name, count in Counter(names).items() if count > 1):
            raise _wrong(f"two {kind}s called {name!r}", "names used once", "rename one of them")
    segments = [s.name for s in loop.segment]
    for kind, rows in (("valve", loop.valve), ("pump", loop.pump)):
        for row in rows:
            _known(f"{kind} {row.name!r} on segment", row.segment, segments, "segment")
    for meter in loop.meter:
        _known(f"meter {meter.channel!r} on segment", meter.segment, segments, "segment")
    for segment, count in Counter(p.segment for p in loop.pump).items():
        if count > 1:
            raise _wrong(f"{count} pumps on segment {segment!r}", "one at most", "split the segment at a node")


def _check_nodes(loop: LoopTable) -> None:
    """The pipes hang together in one piece, and everything stands at a node that a pipe ends at."""
    ends = [(s.from_node, s.to_node) for s in loop.segment]
    nodes = list(dict.fromkeys(node for pair in ends for node in pair))
    if not loop.accumulator:
        raise _wrong("no accumulator", "the node where it stands", f'add accumulator = "{nodes[0]}"')
    _known("accumulator at node", loop.accumulator, nodes, "node")
    for gauge in loop.gauge:
        _known(f"gauge {gauge.channel!r} at node", gauge.node, nodes, "node")
    reached = {loop.accumulator}
    while grown := {b for pair in ends for a, b in (pair, pair[::-1]) if a in reached} - reached:
        reached |= grown
    if lost := [node for node in nodes if node not in reached]:
        expected = f"every node joined to the accumulator at {loop.accumulator!r}"
        raise _wrong(f"a piece on its own: nodes {', '.join(lost)}", expected, "add the segment that joins them")
    for segment in loop.segment:
        for node in (segment.from_node, segment.to_node):
            if sum(node in pair for pair in ends) == 1 and not segment.dead_end:
                expected, remedy = "a node that another segment joins", "say dead_end = true if it is a stub"
                raise _wrong(
                    f"segment {segment.name!r} alone at node {node!r}",
                    expected,
                    near_match(node, [n for n in nodes if n != node], remedy),
                )


def _check_settings(loop: LoopTable) -> None:
    valves, pumps = [v.name for v in loop.valve], [p.name for p in loop.pump]
    gauges, meters = [g.channel for g in loop.gauge], [m.channel for m in loop.meter]
    for forbidden in loop.forbid:
        for name in forbidden.closed:
            _known("forbid: valve", name, valves, "valve")
    for i, test in enumerate(loop.test):
        for name in test.closed:
            _known(f"test[{i}]: valve", name, valves, "valve")
        for name in test.off:
            _known(f"test[{i}]: pump", name, pumps, "pump")
        for name in (*test.before, *test.start, *test.after):
            _known(f"test[{i}]: channel", name, gauges, "gauge")
        for name in (*test.flow_before, *test.flow_after):
            _known(f"test[{i}]: channel", name, meters, "meter")


def channel_problems(loop: LoopTable, key: str, channels: Sequence[str]) -> list[Problem]:
    """Gauges and meters of the graph that name no [[channel]]; empty when all do. `key` is where the loop stands ("loop[0]").

    >>> channel_problems(LoopTable.model_construct(gauge=(), meter=()), "loop[0]", [])
    []
    """
    used = [(f"{key}.gauge[{i}].channel", g.channel) for i, g in enumerate(loop.gauge)]
    used += [(f"{key}.meter[{i}].channel", m.channel) for i, m in enumerate(loop.meter)]
    expected = f"a [[channel]]: {', '.join(channels) or 'there is none'}"
    return [
        Problem("case.toml", where, repr(name), expected, near_match(name, channels, "add a [[channel]] of that name"))
        for where, name in used
        if name not in channels
    ]
