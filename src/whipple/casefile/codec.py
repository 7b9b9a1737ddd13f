"""Findings to plain data and back: dataclasses, tuples, dicts and numbers; arrays on the side."""

from __future__ import annotations

import dataclasses
import types
import typing
from typing import Any

import numpy as np

from whipple.casefile.estimate import Array

__all__ = ["decode", "encode", "plain"]


def encode(value: Any, arrays: dict[str, Array], path: str = "") -> Any:
    """JSON-able data that `decode` turns back; every array goes into `arrays` under its path.

    >>> from whipple.casefile.estimate import Caveat
    >>> encode((Caveat("thin", "few data"), 1.5), {})
    [{'code': 'thin', 'text': 'few data'}, 1.5]
    """
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: encode(getattr(value, f.name), arrays, f"{path}/{f.name}") for f in dataclasses.fields(value)}
    if isinstance(value, np.ndarray):
        arrays[path] = value
        return {"array": path}
    if isinstance(value, dict):
        return {str(key): encode(item, arrays, f"{path}/{key}") for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [encode(item, arrays, f"{path}/{i}") for i, item in enumerate(value)]
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, float):
        return float(value)
    return value


def plain(value: Any, skip: tuple[str, ...] = ("samples",)) -> Any:
    """The same for reading by people and machines: arrays become their shape, samples are left out.

    >>> plain({"t_s": np.zeros(3)})
    {'t_s': 'array of 3, see arrays.nc'}
    """
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name), skip) for f in dataclasses.fields(value) if f.name not in skip}
    if isinstance(value, np.ndarray):
        return f"array of {' x '.join(map(str, value.shape))}, see arrays.nc"
    if isinstance(value, dict):
        return {str(key): plain(item, skip) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item, skip) for item in value]
    return value.item() if isinstance(value, np.generic) else float(value) if isinstance(value, float) else value


def decode(kind: Any, data: Any, arrays: dict[str, Array]) -> Any:
    """Turn encoded data back into `kind` (a dataclass, tuple, dict, union or plain type).

    >>> from whipple.casefile.estimate import Caveat
    >>> decode(Caveat, {"code": "thin", "text": "few data"}, {})
    Caveat(code='thin', text='few data')
    """
    if isinstance(data, dict) and set(data) == {"array"}:
        return arrays[data["array"]]
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        return None if data is None else decode(next(a for a in arguments if a is not type(None)), data, arrays)
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        hints = typing.get_type_hints(kind)
        return kind(**{name: decode(hints[name], item, arrays) for name, item in data.items()})
    if origin is tuple:
        inner = [arguments[0]] * len(data) if arguments[-1] is Ellipsis else list(arguments)
        return tuple(decode(a, item, arrays) for a, item in zip(inner, data, strict=True))
    if isinstance(data, dict):
        inner_kind = arguments[1] if len(arguments) == 2 else Any
        return {key: decode(inner_kind, item, arrays) for key, item in data.items()}
    return data
