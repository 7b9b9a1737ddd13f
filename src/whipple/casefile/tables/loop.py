"""[[loop]]: a fluid loop that may leak, and (optional) its graph: segments, valves, pumps, gauges, forbidden settings, tests made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Self

from pydantic import Field, ModelWrapValidatorHandler, ValidationError, model_validator

from whipple.casefile.given import Given, quantity
from whipple.casefile.mistake import all_mistakes, wrong
from whipple.casefile.spelling import near_match
from whipple.casefile.tables.loop_graph import graph_mistakes
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


class SegmentTable(Table):
    """[[loop.segment]]: a stretch of pipe `from` one node `to` another, named in the direction of the flow.

    `volume` is the liquid in it, `loss` its R in dp = R q|q| (with its range). `area` (optional) is the wall that can be struck: the prior.
    `cooling = "needed"`: it may not go without flow, unless `pause` says for how long it may. `dead_end = true`: a stub that nothing joins.
    """

    name: str
    from_node: str = Field(alias="from")
    to_node: str = Field(alias="to")
    volume_m3: quantity("m**3", 0.0, zero=False) = Field(alias="volume")  # type: ignore[valid-type]
    loss_Pa_s2_m6: quantity(_LOSS, 0.0) = Field(alias="loss")  # type: ignore[valid-type]
    area_m2: quantity("m**2", 0.0) | None = Field(alias="area", default=None)  # type: ignore[valid-type]
    cooling: Literal["", "needed"] = ""
    dead_end: bool = False
    pause_s: quantity("s", 0.0) | None = Field(alias="pause", default=None)  # type: ignore[valid-type]

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if self.from_node == self.to_node:
            raise wrong(f"from = to = {self.to_node!r}", "two different nodes", "name the node at each end")
        return self


class ValveTable(Table):
    """[[loop.valve]]: a valve that can be shut at one `end` ("from" or "to") of a segment.

    `passes` (optional) is the probability that it lets liquid through when it is shut; without it it counts as tight. `leakage` (optional, with its
    range) is how much then: its flow over that of its open segment at the same difference of pressure; without it as much as there is to
    pass. With `leakage` alone it certainly passes.
    """

    name: str
    segment: str
    end: Literal["from", "to"] = "from"
    passes_prob: float = Field(alias="passes", default=0.0, ge=0.0, lt=1.0)
    leakage_frac: quantity("", 0.0, 1.0, zero=False) | None = Field(alias="leakage", default=None)  # type: ignore[valid-type]

    @model_validator(mode="after")
    def _possible(self) -> Self:
        if self.leakage_frac is not None and "passes_prob" in self.model_fields_set and self.passes_prob == 0:
            raise wrong("passes = 0 with a leakage", "one or the other", "leave out passes, or the leakage")
        return self

    @property
    def passing_prob(self) -> float:
        """How likely it lets liquid through when it is shut."""
        return 1.0 if self.leakage_frac is not None and self.passes_prob == 0 else self.passes_prob


class PumpTable(Table):
    """[[loop.pump]]: at the inlet of a segment, head = `head` - `head_loss` q|q|: turn the segment round if it pumps the other way.

    One that does not run passes the flow, or blocks it.
    """

    name: str
    segment: str
    head_Pa: quantity("Pa", 0.0) = Field(alias="head")  # type: ignore[valid-type]
    head_loss_Pa_s2_m6: quantity(_LOSS, 0.0) = Field(alias="head_loss", default=Given(0.0, 0.0, 0.0, _LOSS))  # type: ignore[valid-type]
    running: bool = True
    when_off: Literal["passes", "blocks"] = "passes"


class GaugeTable(Table):
    """[[loop.gauge]]: the pressure `channel` at a node; `accuracy` is 1 sigma of one averaged reading, `full_scale` its end of range."""

    channel: str
    node: str
    accuracy_Pa: quantity("Pa", 0.0) = Field(alias="accuracy")  # type: ignore[valid-type]
    full_scale_Pa: quantity("Pa", 0.0, zero=False) | None = Field(alias="full_scale", default=None)  # type: ignore[valid-type]


class MeterTable(Table):
    """[[loop.meter]]: the flow `channel` at the inlet of a segment; `accuracy` is 1 sigma of one averaged reading.

    `steady` (optional, 1 sigma) is how far its gain may wander from before the leak on, as a share of the flow; 0.001 without it.
    """

    channel: str
    segment: str
    accuracy_m3_s: quantity("m**3/s", 0.0) = Field(alias="accuracy")  # type: ignore[valid-type]
    steady_ratio: quantity("", 0.0) | None = Field(alias="steady", default=None)  # type: ignore[valid-type]


class ForbidTable(Table):
    """[[loop.forbid]]: valves that may never be shut together (or one never at all), and why."""

    closed: tuple[str, ...]
    why: str


class TrialTable(Table):
    """[[loop.test]]: readings while the loop leaks. Without valves and pumps it is the loop as it runs, `before` being before the leak.

    With valves `closed` or pumps `off`: `before` the valves moved, `start` when the flow had settled, `after` the hold; gauges and meters by
    channel name. `warming` is the change of the liquid's temperature over the hold, `gas_warming` that of the accumulator's gas. `hold` runs from
    `start` to `after`. With `begins` and `ends` instead, readings and warming are averaged from the channels. `at` (optional) is when the
    hold began, for a leak whose rate has changed.
    """

    closed: tuple[str, ...] = ()
    off: tuple[str, ...] = ()
    hold_s: quantity("s", 0.0) | None = Field(alias="hold", default=None)  # type: ignore[valid-type]
    at: Moment | None = None
    begins: Moment | None = None
    ends: Moment | None = None
    before: dict[str, quantity("Pa", 0.0)] = Field(default_factory=dict)  # type: ignore[valid-type]
    start: dict[str, quantity("Pa", 0.0)] = Field(default_factory=dict)  # type: ignore[valid-type]
    after: dict[str, quantity("Pa", 0.0)] = Field(default_factory=dict)  # type: ignore[valid-type]
    flow_before: dict[str, quantity("m**3/s")] = Field(default_factory=dict)  # type: ignore[valid-type]
    flow_after: dict[str, quantity("m**3/s")] = Field(default_factory=dict)  # type: ignore[valid-type]
    warming_K: quantity("K", change=True) = Field(alias="warming", default=Given(0.0, 0.0, 0.0, "K"))  # type: ignore[valid-type]
    gas_warming_K: quantity("K", change=True) | None = Field(alias="gas_warming", default=None)  # type: ignore[valid-type]
    source: str

    @model_validator(mode="after")
    def _readable(self) -> Self:
        if self.begins is not None and self.ends is not None:
            if self.ends <= self.begins:
                raise wrong(f"ends {self.ends}", f"a time after begins, {self.begins}", "put the two times in order")
            return self
        if self.hold_s is None or self.hold_s.low <= 0:
            found = "no hold" if self.hold_s is None else f"hold = {self.hold_s.low:g} s"
            raise wrong(found, "more than 0 s", "say how long the valves were shut, or when the test begins and ends")
        needed = {"before": self.before, "after": self.after}
        if self.closed or self.off:
            needed["start"] = self.start
        for name, readings in needed.items():
            if not readings:
                raise wrong(f"no {name}", "a pressure by channel name", f'add {name} = {{ p1 = "3.02 bar" }}')
        return self


class LoopTable(Table):
    """[[loop]]: inventory, pressure and accumulator. `gas_volume` is the accumulator's gas at charge, `pushed_volume` the liquid it can push.

    `expansion` (optional, with its range and source) is how the liquid expands at `temperature`: dV/V a kelvin; without it that of `fluid`, which
    must then be known here. `pipe` (optional) is the bore of the pipe or tube that leaks: the hole cannot be wider. `reaction_force`, or
    `reaction_torque` with `reaction_arm` (optional), is what the vehicle felt at the onset: an absolute datum for the hole. `carriers` (optional)
    are the parts or modules of the shape file that carry this loop: where it may leak, if the gyros' momentum is to tell the place; without them
    the ship's parts but its array wings.

    The graph (optional): `segment`, `valve`, `pump`, `gauge`, `meter`, `forbid`, `test` are tables of their own; `accumulator` is the node
    where the accumulator stands. `modulus` is the effective bulk modulus of pipe and liquid, `relief` the pressure at which a shut-off
    stretch is let off, `uneven` (1 sigma) how far a stretch's temperature strays from what the thermometers show, `swing` (1 sigma) how far the
    whole loop's may move during a hold, `clocks` by how much the clocks of its channels may differ: readings that close to a valve's moving are
    not used.
    """

    name: str
    fluid: str
    inventory_m3: quantity("m**3", 0.0, zero=False) = Field(alias="inventory")  # type: ignore[valid-type]
    pressure_Pa: quantity("Pa", 0.0, zero=False) = Field(alias="pressure")  # type: ignore[valid-type]
    temperature_K: quantity("K", 0.0, zero=False) = Field(alias="temperature")  # type: ignore[valid-type]
    gas_volume_m3: quantity("m**3", 0.0, zero=False) = Field(alias="gas_volume")  # type: ignore[valid-type]
    pushed_volume_m3: quantity("m**3", 0.0, zero=False) = Field(alias="pushed_volume")  # type: ignore[valid-type]
    discharge_coefficient: quantity("", 0.0, 1.0, zero=False)  # type: ignore[valid-type]
    velocity_coefficient: quantity("", 0.0, 1.0, zero=False)  # type: ignore[valid-type]
    residue_frac: quantity("", 0.0, 1.0) = Field(alias="residue")  # type: ignore[valid-type]
    expansion_per_K: quantity("1/K", 0.0, zero=False) | None = Field(alias="expansion", default=None)  # type: ignore[valid-type]
    pipe_m: quantity("m", 0.0, zero=False) | None = Field(alias="pipe", default=None)  # type: ignore[valid-type]
    reaction_force_N: quantity("N", 0.0, zero=False) | None = Field(alias="reaction_force", default=None)  # type: ignore[valid-type]
    reaction_torque_Nm: quantity("N*m", 0.0, zero=False) | None = Field(alias="reaction_torque", default=None)  # type: ignore[valid-type]
    reaction_arm_m: quantity("m", 0.0, zero=False) | None = Field(alias="reaction_arm", default=None)  # type: ignore[valid-type]
    carriers: tuple[str, ...] = ()
    accumulator: str = ""
    modulus_Pa: quantity("Pa", 0.0, zero=False) | None = Field(alias="modulus", default=None)  # type: ignore[valid-type]
    relief_Pa: quantity("Pa", 0.0) | None = Field(alias="relief", default=None)  # type: ignore[valid-type]
    uneven_K: quantity("K", 0.0, change=True) | None = Field(alias="uneven", default=None)  # type: ignore[valid-type]
    swing_K: quantity("K", 0.0, change=True) | None = Field(alias="swing", default=None)  # type: ignore[valid-type]
    clocks_s: quantity("s", 0.0) | None = Field(alias="clocks", default=None)  # type: ignore[valid-type]
    segment: tuple[SegmentTable, ...] = ()
    valve: tuple[ValveTable, ...] = ()
    pump: tuple[PumpTable, ...] = ()
    gauge: tuple[GaugeTable, ...] = ()
    meter: tuple[MeterTable, ...] = ()
    forbid: tuple[ForbidTable, ...] = ()
    test: tuple[TrialTable, ...] = ()
    source: str

    @model_validator(mode="wrap")
    @classmethod
    def _hangs_together(cls, raw: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        """Wrong rows and what is wrong between the rows, told together."""
        loop, error = None, None
        try:
            loop = handler(raw)
        except ValidationError as found:
            error = found
        graph = loop if loop is not None else _as_written(raw)
        mistakes = graph_mistakes(graph) if graph is not None else []
        if loop is None or mistakes:
            raise all_mistakes(cls.__name__, error, mistakes)
        return loop


#: The rows of a graph, and the keys in which they name each other.
_ROWS: dict[str, tuple[type[Table], tuple[str, ...]]] = {
    "segment": (SegmentTable, ("name", "from", "to")),
    "valve": (ValveTable, ("name", "segment")),
    "pump": (PumpTable, ("name", "segment")),
    "gauge": (GaugeTable, ("channel", "node")),
    "meter": (MeterTable, ("channel", "segment")),
}


def _as_written(raw: Any) -> LoopTable | None:
    """The names of a graph some of whose rows could not be read: enough to see what names what. None where even names are missing."""
    if not isinstance(raw, Mapping) or not isinstance(raw.get("accumulator", ""), str):
        return None
    rows: dict[str, Any] = {"forbid": _naming(raw, "forbid", ForbidTable), "test": _naming(raw, "test", TrialTable)}
    for key, (table, names) in _ROWS.items():
        listed = raw.get(key, [])
        if not isinstance(listed, list) or not all(
            isinstance(row, dict) and all(isinstance(row.get(name), str) for name in names) for row in listed
        ):
            return None
        aliases = {"from": "from_node", "to": "to_node"}
        rows[key] = tuple(table.model_construct(**{aliases.get(k, k): v for k, v in row.items()}) for row in listed)
    return LoopTable.model_construct(accumulator=raw.get("accumulator", ""), **rows) if rows["segment"] else None


def _naming(raw: Mapping[str, Any], key: str, table: type[Table]) -> tuple[Table, ...]:
    """The rows that only name others, as written; none of them where one is not even lists and tables of names."""
    lists, tables = ("closed", "off"), ("before", "start", "after", "flow_before", "flow_after")
    listed = raw.get(key, [])
    sound = isinstance(listed, list) and all(
        isinstance(row, dict)
        and all(isinstance(row.get(k, []), list) and all(isinstance(x, str) for x in row.get(k, [])) for k in lists)
        and all(isinstance(row.get(k, {}), dict) for k in tables)
        for row in listed
    )
    empty: dict[str, Any] = dict.fromkeys(lists, ()) | {k: {} for k in tables}
    return tuple(table.model_construct(**(empty | row)) for row in listed) if sound else ()


def channel_problems(loop: LoopTable | Mapping[str, Any], key: str, channels: Sequence[str]) -> list[Problem]:
    """Gauges and meters of the graph that name no [[channel]]; empty when all do. `key` is where the loop stands ("loop[0]").

    A loop that could not be read may be given as it was written.

    >>> channel_problems({"gauge": [{"channel": "p1"}]}, "loop[0]", ["p11"])[0].remedy
    "rename it to 'p11'"
    """
    expected = f"a [[channel]]: {', '.join(channels) or 'there is none'}"
    return [
        Problem("case.toml", where, repr(name), expected, near_match(name, channels, "add a [[channel]] of that name"))
        for where, name in _channels_of(loop, key)
        if name not in channels
    ]


def _channels_of(loop: LoopTable | Mapping[str, Any], key: str) -> list[tuple[str, str]]:
    """Where a gauge or meter names a channel, and which."""
    out = []
    for kind in ("gauge", "meter"):
        rows = getattr(loop, kind) if isinstance(loop, LoopTable) else loop.get(kind, [])
        for i, row in enumerate(rows if isinstance(rows, list | tuple) else ()):
            name = row.get("channel") if isinstance(row, dict) else getattr(row, "channel", None)
            if isinstance(name, str):
                out.append((f"{key}.{kind}[{i}].channel", name))
    return out
