"""Limits as an XTCE file (CCSDS 660.0, OMG XTCE 1.2) states them: parameters, their types, every kind of alarm."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from whipple.errors import CaseError, Problem, RangeError
from whipple.telemetry.limits import Alarm, Band, Change, LimitBook, Ranges, TypeLimits, level_number
from whipple.telemetry.limits_match import Comparison, Custom, Group, Match

__all__ = ["PARAMETER_TYPES", "read_xtce"]

#: The kinds of parameter types that may carry alarms, as XTCE names them without "ParameterType".
PARAMETER_TYPES = ("Float", "Integer", "Enumerated", "Boolean", "String", "Binary", "RelativeTime", "AbsoluteTime")


def read_xtce(path: Path) -> LimitBook:
    """Every parameter and parameter type of the file with its alarms; systems within systems give paths "/A/B/NAME".

    Raises CaseError naming file and line or parameter type.
    """
    try:
        root = ElementTree.parse(path).getroot()
    except FileNotFoundError:
        raise CaseError([Problem(path.name, "", "no such file", "an XTCE file", "check the path")]) from None
    except ElementTree.ParseError as error:
        line, column = error.position
        where = f"line {line}, column {column + 1}"
        raise CaseError(
            [Problem(path.name, where, str(error).split(":")[0], "well-formed XML", "correct the file there")]
        ) from None
    if local(root) != "SpaceSystem":
        raise CaseError([Problem(path.name, "", f"<{local(root)}>", "an XTCE <SpaceSystem>", "give an XTCE file")])
    types: dict[str, TypeLimits] = {}
    parameters: dict[str, str] = {}
    for folder, system in systems(root):
        _read_types(path, folder, system, types)
        for one in _below(system, "TelemetryMetaData", "ParameterSet"):
            if local(one) == "Parameter":
                parameters[f"{folder}/{one.get('name', '')}"] = _absolute(
                    folder, one.get("parameterTypeRef", ""), types
                )
    return LimitBook(types, parameters)


def systems(root: Element, above: str = "") -> Iterator[tuple[str, Element]]:
    """Each SpaceSystem with its path."""
    folder = f"{above}/{root.get('name', '')}"
    yield folder, root
    for child in root:
        if local(child) == "SpaceSystem":
            yield from systems(child, folder)


def local(element: Element) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rsplit("}", 1)[-1]


def _read_types(path: Path, folder: str, system: Element, types: dict[str, TypeLimits]) -> None:
    for one in _below(system, "TelemetryMetaData", "ParameterTypeSet"):
        kind = local(one).removesuffix("ParameterType")
        if kind in PARAMETER_TYPES:
            try:
                types[f"{folder}/{one.get('name', '')}"] = _type(kind, one)
            except (RangeError, ValueError) as error:
                found = str(error).split("\n", maxsplit=1)[0]
                problem = Problem(
                    path.name, f"{local(one)} {one.get('name', '')}", found, "an alarm as XTCE defines it", "correct it"
                )
                raise CaseError([problem]) from None


def _absolute(folder: str, name: str, types: dict[str, TypeLimits]) -> str:
    """The path of a type named in a system, from that system upwards."""
    while not name.startswith("/") and folder:
        if f"{folder}/{name}" in types:
            return f"{folder}/{name}"
        folder = folder.rsplit("/", 1)[0]
    return name


def _below(element: Element, *names: str) -> list[Element]:
    """The children of the element reached by these names."""
    for name in names:
        found = _child(element, name)
        if found is None:
            return []
        element = found
    return list(element)


def _child(element: Element, name: str) -> Element | None:
    return next((child for child in element if local(child) == name), None)


def _type(kind: str, element: Element) -> TypeLimits:
    units = [unit.text or "" for unit in _below(element, "UnitSet")]
    labels = tuple((int(one.get("value", "0")), one.get("label", "")) for one in _below(element, "EnumerationList"))
    default = _child(element, "DefaultAlarm")
    contexts = _below(element, "BinaryContextAlarmList") or _below(element, "ContextAlarmList")
    return TypeLimits(
        kind,
        " ".join(unit.strip() for unit in units if unit.strip()),
        None if default is None else _alarm(default),
        tuple(_alarm(one) for one in contexts if local(one) == "ContextAlarm"),
        labels,
    )


def _alarm(element: Element) -> Alarm:
    change, context = _child(element, "ChangeAlarmRanges"), _child(element, "ContextMatch")
    custom = _child(element, "CustomAlarm")
    conformance = element.get("minConformance")
    conditions = _below(element, "AlarmConditions")
    return Alarm(
        static=_ranges(_child(element, "StaticAlarmRanges")),
        multi=_multi(_child(element, "AlarmMultiRanges")),
        change=None if change is None else _change(change),
        rate=_ranges(_child(element, "ChangePerSecondAlarmRanges")),
        conditions=tuple((level_number(local(one).removesuffix("Alarm").lower()), _match(one)) for one in conditions),
        labels=_leveled(element, "EnumerationAlarmList", "enumerationLabel"),
        patterns=_leveled(element, "StringAlarmList", "matchPattern"),
        default_level=level_number(element.get("defaultAlarmLevel", "normal")),
        min_violations=int(element.get("minViolations", "1")),
        min_conformance=None if conformance is None else int(conformance),
        context=None if context is None else _match(context),
        custom="" if custom is None else _kept(custom),
        name=element.get("name", ""),
        description=element.get("shortDescription", ""),
        extra=_extra(element),
    )


def _leveled(element: Element, name: str, key: str) -> tuple[tuple[str, int], ...]:
    return tuple((one.get(key, ""), level_number(one.get("alarmLevel", ""))) for one in _below(element, name))


def _ranges(element: Element | None) -> Ranges | None:
    if element is None:
        return None
    inside = element.get("rangeForm", "outside") == "inside"
    bands = [
        _band(one, level_number(local(one).removesuffix("Range").lower()), inside)
        for one in element
        if local(one).endswith("Range")
    ]
    return Ranges(
        tuple(bands),
        element.get("name", ""),
        element.get("shortDescription", ""),
        element.get("timeUnits", ""),
        _extra(element),
    )


def _multi(element: Element | None) -> Ranges | None:
    if element is None:
        return None
    rows = [one for one in element if local(one) == "Range"]
    bands = [
        _band(one, level_number(one.get("level", "normal")), one.get("rangeForm", "outside") == "inside")
        for one in rows
    ]
    return Ranges(tuple(bands), element.get("name", ""), element.get("shortDescription", ""), "", _extra(element))


def _change(element: Element) -> Change:
    ranges = _ranges(element) or Ranges(())
    return Change(
        ranges,
        element.get("changeType", "changePerSecond") == "changePerSample",
        element.get("changeBasis", "absoluteChange") == "percentageChange",
        int(element.get("spanOfInterestInSamples", "1")),
        float(element.get("spanOfInterestInSeconds", "0")),
    )


def _band(element: Element, level: int, inside: bool) -> Band:
    def end(side: str) -> tuple[float | None, bool]:
        for word, is_open in (("Inclusive", False), ("Exclusive", True)):
            if element.get(side + word) is not None:
                return float(element.get(side + word, "")), is_open
        return None, False

    (low, low_open), (high, high_open) = end("min"), end("max")
    return Band(level, low, high, low_open, high_open, inside)


def _match(element: Element) -> Match:
    """A MatchCriteria: what is inside a ContextMatch or a level of AlarmConditions."""
    for child in element:
        name = local(child)
        if name == "Comparison":
            return _comparison(child)
        if name == "ComparisonList":
            return Group("list", tuple(_comparison(one) for one in child))
        if name == "BooleanExpression":
            return _expression(child[0])
        if name == "CustomAlgorithm":
            return Custom(_kept(child))
    raise ValueError(f"<{local(element)}> without a comparison")


def _expression(element: Element) -> Match:
    name = local(element)
    if name == "Condition":
        return _condition(element)
    return Group("and" if name == "ANDedConditions" else "or", tuple(_expression(one) for one in element))


def _comparison(element: Element) -> Comparison:
    test, value = element.get("comparisonOperator", "=="), element.get("value", "")
    return Comparison(element.get("parameterRef", ""), test, value, "", False, *_reference(element))


def _condition(element: Element) -> Comparison:
    refs = [one for one in element if local(one) == "ParameterInstanceRef"]
    test, value = _child(element, "ComparisonOperator"), _child(element, "Value")
    if not refs or test is None:
        raise ValueError("<Condition> without a parameter or an operator")
    other = refs[1].get("parameterRef", "") if len(refs) > 1 else ""
    word = (test.text or "==").strip()
    text = "" if value is None else (value.text or "")
    return Comparison(refs[0].get("parameterRef", ""), word, text, other, True, *_reference(refs[0]))


def _reference(element: Element) -> tuple[int, bool]:
    return int(element.get("instance", "0")), element.get("useCalibratedValue", "true").lower() in {"true", "1"}


def _extra(element: Element) -> str:
    found = _child(element, "AncillaryDataSet")
    return "" if found is None else _kept(found)


def _kept(element: Element) -> str:
    """An element word for word, without its namespace, so that it can be written back."""
    return ElementTree.canonicalize(ElementTree.tostring(_bare(element), encoding="unicode"), strip_text=True)


def _bare(element: Element) -> Element:
    out = Element(local(element), element.attrib)
    out.text, out.tail = element.text, None
    out.extend(_bare(child) for child in element)
    return out
