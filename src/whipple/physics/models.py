"""Published models as data: a function, the range it was tested in, its source, and what it does not claim."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from whipple.physics.cited import GRADES

__all__ = ["Model", "ModelAnswer", "applicable", "outside", "spread"]


@dataclass(frozen=True)
class Model:
    """One published model: `function(**arguments)` in SI, with the tested range of each argument.

    `tested` maps an argument name (with its unit suffix) to (lowest, highest) tested value; an argument not named
    there has no stated limit. `source` is a key of sources.toml.
    """

    name: str
    function: Callable[..., Any]
    answers: str
    source: str
    grade: str
    tested: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    note: str = ""

    def __post_init__(self) -> None:
        if self.grade not in GRADES:
            raise ValueError(f"Model {self.name}: found grade {self.grade!r}, expected one of {', '.join(GRADES)}")


@dataclass(frozen=True)
class ModelAnswer:
    """What one model says, and every way in which it was used outside its tested range."""

    model: str
    value: Any
    extrapolations: tuple[str, ...]


def outside(model: Model, arguments: Mapping[str, float]) -> tuple[str, ...]:
    """Which arguments leave the tested range of the model, each as a sentence for the report.

    >>> law = Model("square", lambda side_m: side_m**2, "area", "none", "computed", {"side_m": (0.0, 2.0)})
    >>> outside(law, {"side_m": 3.0})
    ('square: side_m = 3 is outside the tested 0 to 2',)
    """
    return tuple(
        f"{model.name}: {name} = {arguments[name]:.6g} is outside the tested {low:.6g} to {high:.6g}"
        for name, (low, high) in model.tested.items()
        if name in arguments and not low <= arguments[name] <= high
    )


def applicable(models: Sequence[Model], **arguments: float) -> tuple[Model, ...]:
    """The models whose tested range holds at these arguments.

    >>> laws = [Model("low", abs, "x", "none", "computed", {"v_m_s": (0, 1)}),
    ...         Model("high", abs, "x", "none", "computed", {"v_m_s": (1, 9)})]
    >>> [law.name for law in applicable(laws, v_m_s=0.5)]
    ['low']
    """
    return tuple(model for model in models if not outside(model, arguments))


def spread(models: Sequence[Model], **arguments: float) -> tuple[ModelAnswer, ...]:
    """Run every model; extrapolation is not refused, it is said.

    >>> laws = [Model("twice", lambda x_m: 2 * x_m, "x", "none", "computed", {"x_m": (0, 1)})]
    >>> spread(laws, x_m=2.0)
    (ModelAnswer(model='twice', value=4.0, extrapolations=('twice: x_m = 2 is outside the tested 0 to 1',)),)
    """
    return tuple(ModelAnswer(model.name, model.function(**arguments), outside(model, arguments)) for model in models)
