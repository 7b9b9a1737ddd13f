"""Does the graph of a [[loop]] hang together? Names used once, names that exist, pipes in one piece: every mistake, not only the first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from whipple.casefile.mistake import Location, Mistake, wrong
from whipple.casefile.spelling import near_match

if TYPE_CHECKING:
    from whipple.casefile.tables.loop import LoopTable

__all__ = ["graph_mistakes"]

#: What a loop may only have with segments.
_NEED_SEGMENTS = ("accumulator", "valve", "pump", "gauge", "meter", "forbid", "test")


def graph_mistakes(loop: LoopTable) -> list[Mistake]:
    """Everything wrong between the rows of a graph, in the order of the file; empty when it hangs together, or when there is none.

    Of names that are used twice only that is said: what rests on them may be right.
    """
    if not loop.segment:
        if any(getattr(loop, key) for key in _NEED_SEGMENTS):
            return [
                ((), wrong("a graph without segments", "at least one [[loop.segment]]", "describe the pipes first"))
            ]
        return []
    return [*_twice(loop), *_places(loop), *_pieces(loop), *_stubs(loop), *_settings(loop)]


def _twice(loop: LoopTable) -> Iterator[Mistake]:
    kinds: tuple[tuple[str, str, list[str]], ...] = (
        ("segment", "segment", [s.name for s in loop.segment]),
        ("valve", "valve", [v.name for v in loop.valve]),
        ("pump", "pump", [p.name for p in loop.pump]),
        ("gauge or meter", "gauge", [g.channel for g in loop.gauge] + [m.channel for m in loop.meter]),
    )
    for kind, key, names in kinds:
        for name, count in Counter(names).items():
            if count > 1:
                number = "two" if count == 2 else str(count)
                yield (key,), wrong(f"{number} {kind}s called {name!r}", "names used once", "rename one of them")
    for segment, count in Counter(p.segment for p in loop.pump).items():
        if count > 1:
            yield (
                ("pump",),
                wrong(f"{count} pumps on segment {segment!r}", "one at most", "split the segment at a node"),
            )


def _places(loop: LoopTable) -> Iterator[Mistake]:
    """Everything stands on a segment or at a node that there is."""
    segments, nodes = [s.name for s in loop.segment], _nodes(loop)
    stand = [("valve", i, v.name, v.segment) for i, v in enumerate(loop.valve)]
    stand += [("pump", i, p.name, p.segment) for i, p in enumerate(loop.pump)]
    stand += [("meter", i, m.channel, m.segment) for i, m in enumerate(loop.meter)]
    for key, i, name, segment in stand:
        yield from _known((key, i, "segment"), f"{key} {name!r} on segment", segment, segments, "segment")
    if not loop.accumulator:
        yield (
            ("accumulator",),
            wrong("no accumulator", "the node where it stands", f'add accumulator = "{nodes[0]}"'),
        )
    else:
        yield from _known(("accumulator",), "accumulator at node", loop.accumulator, nodes, "node")
    for i, gauge in enumerate(loop.gauge):
        yield from _known(("gauge", i, "node"), f"gauge {gauge.channel!r} at node", gauge.node, nodes, "node")


def _known(where: Location, what: str, name: str, known: Sequence[str], kind: str) -> Iterator[Mistake]:
    if name not in known and len(set(known)) == len(known):
        expected = f"a {kind}: {', '.join(known) or 'there is none'}"
        yield where, wrong(f"{what} {name!r}", expected, near_match(name, known, f"name a {kind} of this loop"))


def _nodes(loop: LoopTable) -> list[str]:
    return list(dict.fromkeys(node for s in loop.segment for node in (s.from_node, s.to_node)))


def _pieces(loop: LoopTable) -> Iterator[Mistake]:
    """The pipes hang together in one piece."""
    ends, nodes = [(s.from_node, s.to_node) for s in loop.segment], _nodes(loop)
    start = loop.accumulator if loop.accumulator in nodes else nodes[0]
    reached = {start}
    while grown := {b for pair in ends for a, b in (pair, pair[::-1]) if a in reached} - reached:
        reached |= grown
    if lost := [node for node in nodes if node not in reached]:
        to = f"the accumulator at {start!r}" if start == loop.accumulator else f"node {start!r}"
        found, expected = f"a piece on its own: nodes {', '.join(lost)}", f"every node joined to {to}"
        yield ("segment",), wrong(found, expected, "add the segment that joins them")


def _stubs(loop: LoopTable) -> Iterator[Mistake]:
    """A pipe ends where another begins, or is meant as a stub."""
    ends, nodes = [(s.from_node, s.to_node) for s in loop.segment], _nodes(loop)
    for i, segment in enumerate(loop.segment):
        for key, node in (("from", segment.from_node), ("to", segment.to_node)):
            if sum(node in pair for pair in ends) == 1 and not segment.dead_end:
                found, expected = (
                    f"segment {segment.name!r} alone at node {node!r}",
                    "a node that another segment joins",
                )
                others = [n for n in nodes if n != node]
                yield (
                    ("segment", i, key),
                    wrong(found, expected, near_match(node, others, "say dead_end = true if it is a stub")),
                )


def _settings(loop: LoopTable) -> Iterator[Mistake]:
    """Valves, pumps and channels that rules and tests name."""
    valves, pumps = [v.name for v in loop.valve], [p.name for p in loop.pump]
    gauges, meters = [g.channel for g in loop.gauge], [m.channel for m in loop.meter]
    for i, forbidden in enumerate(loop.forbid):
        for name in forbidden.closed:
            yield from _known(("forbid", i, "closed"), "forbid: valve", name, valves, "valve")
    for i, test in enumerate(loop.test):
        read, flown = (*test.before, *test.start, *test.after), (*test.flow_before, *test.flow_after)
        for names, what, known, kind in (
            (test.closed, "valve", valves, "valve"), (test.off, "pump", pumps, "pump"),
            (read, "channel", gauges, "gauge"), (flown, "channel", meters, "meter"),
        ):  # fmt: skip
            for name in dict.fromkeys(names):
                yield from _known(("test", i), f"test[{i}]: {what}", name, known, kind)
