"""Limits written as XTCE 1.2: a file of its own, or into a copy of a file that has packets and all else."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from whipple.telemetry.limits import LEVELS, Alarm, Band, LimitBook, Ranges, TypeLimits
from whipple.telemetry.limits_match import Comparison, Custom, Group, Match
from whipple.telemetry.read_xtce import PARAMETER_TYPES, local, systems

__all__ = ["write_xtce"]

_NAMESPACE = "http://www.omg.org/spec/XTCE/20180204"
#: The children of each parameter type that come after the alarms in the schema: the alarms go before them.
_AFTER = ("ContextCalibratorList",)


def write_xtce(path: Path, book: LimitBook, onto: Path | None = None) -> None:
    """Write the book; with `onto` the alarms of that file are replaced and everything else of it is kept.

    A parameter type that `onto` has and the book has not loses nothing.
    """
    if onto is None:
        root = _document(book)
    else:
        root = ElementTree.parse(onto).getroot()
        _replace(root, book)
    if root.tag.startswith("{"):
        ElementTree.register_namespace("xtce", root.tag[1:].split("}")[0])
    ElementTree.indent(root)
    beside = path.with_name(path.name + ".part")
    ElementTree.ElementTree(root).write(beside, encoding="utf-8", xml_declaration=True)
    os.replace(beside, path)


def _document(book: LimitBook) -> Element:
    """A bare XTCE document: systems, parameter types with alarms, parameters."""
    made: dict[str, Element] = {}
    for path in [*book.types, *book.parameters]:
        _system(made, path.rsplit("/", 1)[0])
    for path, limits in book.types.items():
        folder, name = path.rsplit("/", 1)
        if limits.kind in PARAMETER_TYPES:
            one = SubElement(
                _set(made[folder], "ParameterTypeSet"), _tag(f"{limits.kind}ParameterType"), {"name": name}
            )
            if not limits.kind.endswith("Time"):  # times have no units in the schema
                units = SubElement(one, _tag("UnitSet"))
                if limits.unit:
                    SubElement(units, _tag("Unit")).text = limits.unit
            _encoding(one, limits)
            _alarms(one, limits, _tag(""))
    for path, kind in book.parameters.items():
        folder, name = path.rsplit("/", 1)
        near = kind.rsplit("/", 1)[-1] if kind.rsplit("/", 1)[0] == folder else kind
        SubElement(_set(made[folder], "ParameterSet"), _tag("Parameter"), {"name": name, "parameterTypeRef": near})
    return next(iter(made.values()))


def _encoding(one: Element, limits: TypeLimits) -> None:
    if limits.kind == "Enumerated":
        rows = SubElement(one, _tag("EnumerationList"))
        for value, label in limits.labels:
            SubElement(rows, _tag("Enumeration"), {"value": str(value), "label": label})


def _tag(name: str) -> str:
    return f"{{{_NAMESPACE}}}{name}"


def _system(made: dict[str, Element], folder: str) -> Element:
    if folder not in made:
        above, name = folder.rsplit("/", 1) if "/" in folder else ("", "limits")
        one = Element(_tag("SpaceSystem"), {"name": name or "limits"})
        if above:
            _system(made, above).append(one)
        made[folder] = one
    return made[folder]


def _set(system: Element, name: str) -> Element:
    tables = system.find(_tag("TelemetryMetaData"))
    if tables is None:
        tables = Element(_tag("TelemetryMetaData"))
        system.insert(0, tables)
    found = tables.find(_tag(name))
    return found if found is not None else SubElement(tables, _tag(name))


def _replace(root: Element, book: LimitBook) -> None:
    for folder, system in systems(root):
        for one in system.iter():
            limits = book.types.get(f"{folder}/{one.get('name', '')}")
            if limits is not None and local(one) == f"{limits.kind}ParameterType":
                for child in list(one):
                    if local(child) in {"DefaultAlarm", "ContextAlarmList", "BinaryContextAlarmList"}:
                        one.remove(child)
                space = one.tag[: one.tag.rindex("}") + 1] if "}" in one.tag else ""
                _alarms(one, limits, space)


def _alarms(one: Element, limits: TypeLimits, space: str) -> None:
    place = next((i for i, child in enumerate(one) if local(child) in _AFTER), len(one))
    made = []
    if limits.default is not None:
        made.append(_alarm(Element(f"{space}DefaultAlarm"), limits.default, space))
    if limits.contexts:
        rows = Element(f"{space}{'BinaryContextAlarmList' if limits.kind == 'Binary' else 'ContextAlarmList'}")
        rows.extend(_alarm(Element(f"{space}ContextAlarm"), alarm, space) for alarm in limits.contexts)
        made.append(rows)
    for number, element in enumerate(made):
        one.insert(place + number, element)


def _alarm(out: Element, alarm: Alarm, space: str) -> Element:
    _named(out, alarm.name, alarm.description)
    if alarm.min_violations != 1:
        out.set("minViolations", str(alarm.min_violations))
    if alarm.min_conformance is not None:
        out.set("minConformance", str(alarm.min_conformance))
    if alarm.default_level:
        out.set("defaultAlarmLevel", LEVELS[alarm.default_level])
    _kept(out, alarm.extra, space)
    if alarm.conditions:
        rows = SubElement(out, f"{space}AlarmConditions")
        for level, match in alarm.conditions:
            _match(SubElement(rows, f"{space}{LEVELS[level].capitalize()}Alarm"), match, space)
    _kept(out, alarm.custom, space)
    _by_word(out, "EnumerationAlarm", "enumerationLabel", alarm.labels, space)
    _by_word(out, "StringAlarm", "matchPattern", alarm.patterns, space)
    _ranges(out, "StaticAlarmRanges", alarm.static, space)
    if alarm.change:
        change, rows = alarm.change, _ranges(out, "ChangeAlarmRanges", alarm.change.ranges, space)
        rows.set("changeType", "changePerSample" if change.per_sample else "changePerSecond")
        rows.set("changeBasis", "percentageChange" if change.percent else "absoluteChange")
        rows.set("spanOfInterestInSamples", str(change.span_count))
        rows.set("spanOfInterestInSeconds", repr(change.span_s))
    _ranges(out, "ChangePerSecondAlarmRanges", alarm.rate, space)
    _multi(out, alarm.multi, space)
    if alarm.context is not None:
        _match(SubElement(out, f"{space}ContextMatch"), alarm.context, space)
    return out


def _named(out: Element, name: str, description: str) -> None:
    if name:
        out.set("name", name)
    if description:
        out.set("shortDescription", description)


def _kept(out: Element, text: str, space: str) -> None:
    if text:
        one = ElementTree.fromstring(text)
        for part in one.iter():
            part.tag = space + part.tag
        out.append(one)


def _by_word(out: Element, name: str, key: str, rows: Iterable[tuple[str, int]], space: str) -> None:
    listed = [(word, LEVELS[level]) for word, level in rows]
    if listed:
        table = SubElement(out, f"{space}{name}List")
        for word, level in listed:
            SubElement(table, f"{space}{name}", {"alarmLevel": level, key: word})


def _ranges(out: Element, name: str, ranges: Ranges | None, space: str) -> Element:
    if ranges is None:
        return out
    rows = SubElement(out, f"{space}{name}")
    _named(rows, ranges.name, ranges.description)
    _kept(rows, ranges.extra, space)
    if ranges.time_units:
        rows.set("timeUnits", ranges.time_units)
    if any(band.inside for band in ranges.bands):
        rows.set("rangeForm", "inside")
    for band in ranges.bands:
        SubElement(rows, f"{space}{LEVELS[band.level].capitalize()}Range", _ends(band))
    return rows


def _multi(out: Element, ranges: Ranges | None, space: str) -> None:
    if ranges is None:
        return
    rows = SubElement(out, f"{space}AlarmMultiRanges")
    _named(rows, ranges.name, ranges.description)
    _kept(rows, ranges.extra, space)
    for band in ranges.bands:
        words = _ends(band) | {"rangeForm": "inside" if band.inside else "outside", "level": LEVELS[band.level]}
        SubElement(rows, f"{space}Range", words)


def _ends(band: Band) -> dict[str, str]:
    out = {}
    if band.low is not None:
        out["minExclusive" if band.low_open else "minInclusive"] = repr(float(band.low))
    if band.high is not None:
        out["maxExclusive" if band.high_open else "maxInclusive"] = repr(float(band.high))
    return out


def _match(out: Element, match: Match, space: str) -> None:
    if isinstance(match, Custom):
        _kept(out, match.text, space)
    elif isinstance(match, Comparison) and not match.long_form:
        _comparison(out, match, space)
    elif isinstance(match, Group) and match.word == "list":
        rows = SubElement(out, f"{space}ComparisonList")
        for part in match.parts:
            if isinstance(part, Comparison):
                _comparison(rows, part, space)
    else:
        _expression(SubElement(out, f"{space}BooleanExpression"), match, space)


def _comparison(out: Element, one: Comparison, space: str) -> None:
    words = {"parameterRef": one.parameter, "comparisonOperator": one.test, "value": one.value}
    SubElement(out, f"{space}Comparison", words | _reference(one))


def _reference(one: Comparison) -> dict[str, str]:
    out = {} if one.instance == 0 else {"instance": str(one.instance)}
    return out if one.calibrated else out | {"useCalibratedValue": "false"}


def _expression(out: Element, match: Match, space: str) -> None:
    if isinstance(match, Group):
        rows = SubElement(out, f"{space}{'ANDedConditions' if match.word == 'and' else 'ORedConditions'}")
        for part in match.parts:
            _expression(rows, part, space)
    elif isinstance(match, Comparison):
        row = SubElement(out, f"{space}Condition")
        SubElement(row, f"{space}ParameterInstanceRef", {"parameterRef": match.parameter} | _reference(match))
        SubElement(row, f"{space}ComparisonOperator").text = match.test
        if match.other:
            SubElement(row, f"{space}ParameterInstanceRef", {"parameterRef": match.other})
        else:
            SubElement(row, f"{space}Value").text = match.value
