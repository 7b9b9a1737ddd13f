"""Do the names of a case file point to something? Sources, loops, channels and scenarios; each wrong name told once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from whipple.casefile.spelling import near_match
from whipple.casefile.tables.channel import ChannelTable
from whipple.casefile.tables.loop import channel_problems
from whipple.errors import Problem

__all__ = ["reference_problems"]


def reference_problems(
    values: dict[str, Any], raw: dict[str, Any], sources: dict[str, Any], has_sources: bool
) -> list[Problem]:
    """Names that point to nothing: sources, loops, channels, scenarios. `values` are the tables that could be read, `raw` the file as written."""
    problems: list[Problem] = []
    rows = raw.get("loop", [])
    loops = {str(row.get("name")) for row in rows if isinstance(row, dict)} if isinstance(rows, list) else set()
    problems += _unknown_loops(values.get("channels", ()), loops)
    listed = raw.get("channel", [])
    names = [str(row.get("name")) for row in listed if isinstance(row, dict)] if isinstance(listed, list) else []
    written = rows if isinstance(rows, list) else []
    for i, (loop, row) in enumerate(zip(values.get("loops", ()), written, strict=False)):
        given = loop or (row if isinstance(row, dict) else {})
        problems += channel_problems(given, f"loop[{i}]", names)
    problems += _flights(values, raw)
    return problems + _unknown_sources(raw, sources, has_sources)


def _unknown_loops(channels: Sequence[ChannelTable | None], loops: set[str]) -> list[Problem]:
    """Loops that channels name and that are not there, each told once."""
    places: dict[str, list[str]] = {}
    for i, channel in enumerate(channels):
        if channel and channel.loop and channel.loop not in loops:
            places.setdefault(channel.loop, []).append(f"channel[{i}].loop")
    expected = f"one of: {', '.join(sorted(loops))}" if loops else "a [[loop]] of that name"
    return [
        Problem("case.toml", where[0], _with_places(name, where), expected, near_match(name, loops, "name a [[loop]]"))
        for name, where in places.items()
    ]


def _with_places(word: str, where: Sequence[str]) -> str:
    """A wrong word, and how often it stands elsewhere."""
    return repr(word) + (f", here and in {len(where) - 1} more places" if len(where) > 1 else "")


def _unknown_sources(tables: dict[str, Any], sources: dict[str, Any], has_sources: bool) -> list[Problem]:
    """Sources that are in no bibliography, each told once; where the case has none at all, only that."""
    places: dict[str, list[str]] = {}
    for where, source in _named_sources(tables):
        if source and source not in sources:
            places.setdefault(source, []).append(where)
    if places and not has_sources:
        expected = f"a table for each source that case.toml names: {', '.join(list(places)[:4])} ..."
        remedy = "create it as `whipple new` does: [key], then author, title, year, where, link and grade"
        return [Problem("sources.toml", "", "no such file", expected, remedy)]
    return [
        Problem(
            "case.toml",
            where[0],
            _with_places(source, where),
            "a key of sources.toml",
            near_match(source, sources, f"add [{source}] to sources.toml, or correct the name"),
        )
        for source, where in places.items()
    ]


def _named_sources(value: Any, where: str = "") -> Iterator[tuple[str, str]]:
    """Every source named in a table, at any depth, and where it stands."""
    if isinstance(value, list):
        for i, row in enumerate(value):
            yield from _named_sources(row, f"{where}[{i}]")
    elif isinstance(value, dict):
        for key, inside in value.items():
            place = f"{where}.{key}" if where else key
            if key == "source" and isinstance(inside, str):
                yield place, inside
            else:
                yield from _named_sources(inside, place)


def _riders(values: dict[str, Any], crews: dict[str, Any]) -> list[Problem]:
    """Options that carry more people than there are, or whose scenario flies with another number of them."""
    crew, problems = values.get("crew"), []
    for i, option in enumerate(values.get("options", ())):
        if not option or option.returns != "crewed" or option.ship != "damaged":
            continue
        key, aboard = f"option[{i}].crew_aboard", option.crew_aboard
        if crew and aboard > crew.count:
            problems.append(
                Problem("case.toml", key, str(aboard), f"at most crew.count, {crew.count}", "correct either")
            )
        flown = crews.get(option.scenario, aboard)
        if flown != aboard:
            expected = f"{flown}, the crew of scenario {option.scenario!r}"
            problems.append(
                Problem("case.toml", key, str(aboard), expected, "name the scenario that flies with these people")
            )
    return problems


def _flights(values: dict[str, Any], raw: dict[str, Any]) -> list[Problem]:
    """Options that would fly a scenario that [thermal] does not have, or one that stays docked."""
    table = raw.get("thermal")
    rows = table.get("scenario") if isinstance(table, dict) else None
    listed = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    free = [str(row.get("name")) for row in listed if row.get("docked") is not True]
    docked = {str(row.get("name")) for row in listed} - set(free)
    expected = (
        f"one of: {', '.join(map(repr, free))}" if free else "none: the case has no [[thermal.scenario]] that flies"
    )
    remedy = "name a [[thermal.scenario]] that is not docked, or leave it out"
    crews = {str(row.get("name")): row.get("crew") for row in listed if row.get("docked") is not True}
    return _riders(values, crews) + [
        Problem(
            "case.toml",
            f"option[{i}].scenario",
            repr(option.scenario) + (", which stays docked" if option.scenario in docked else ""),
            expected,
            remedy if option.scenario in docked else near_match(option.scenario, free, remedy),
        )
        for i, option in enumerate(values.get("options", ()))
        if option and option.scenario and option.scenario not in free
    ]
