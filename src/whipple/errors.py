"""Every error whipple raises on purpose.

    InvestigationError
      CaseError       the folder says something impossible    (problems: path, key, found, expected, remedy)
      EvidenceError   the data cannot answer this question    question, what is missing, what would help
      RangeError      a model outside its tested range        model, argument, value, range      (also ValueError)
      SolveError      no convergence                          what, residual, hint
      BackendError    optional library absent or unfit        name, install line                 (also ImportError)

Sentence form: *where: what was found, what was expected* / `try: next step`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["BackendError", "CaseError", "EvidenceError", "InvestigationError", "Problem", "RangeError", "SolveError"]


class InvestigationError(Exception):
    """Base of every error that is the input's or the evidence's fault, not a bug of ours."""


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong with a case: file, key (or line), what was found, what was expected, what to try.

    >>> print(Problem("case.toml", "orbit.tel", "an unknown key", "one of: tle", "rename it to 'tle'"))
    case.toml, orbit.tel: found an unknown key, expected one of: tle
      try: rename it to 'tle'
    """

    path: str
    key: str
    found: str
    expected: str
    remedy: str

    def __str__(self) -> str:
        where = f"{self.path}, {self.key}" if self.key else self.path
        return f"{where}: found {self.found}, expected {self.expected}\n  try: {self.remedy}"


class CaseError(InvestigationError):
    """The case folder says something impossible; `problems` holds every one found, in one pass.

    >>> str(CaseError([Problem("case.toml", "case.epoch", "'yesterday'", "an ISO 8601 time", "2022-12-15T00:45:00Z")]))
    "case.toml, case.epoch: found 'yesterday', expected an ISO 8601 time\\n  try: 2022-12-15T00:45:00Z"
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class EvidenceError(InvestigationError):
    """The data at hand cannot answer this question."""

    def __init__(self, question: str, missing: str, remedy: str) -> None:
        self.question, self.missing, self.remedy = question, missing, remedy
        super().__init__(f"{question}: found no {missing}\n  try: {remedy}")


class RangeError(InvestigationError, ValueError):
    """A value outside what a model or a definition allows. Without a `remedy` of its own: what was expected, for that argument.

    >>> print(RangeError("exposure_sums", "threads", 0, "1 or more"))
    exposure_sums: found threads = 0, expected 1 or more
      try: give 1 or more as threads
    """

    def __init__(self, model: str, argument: str, value: object, expected: str, remedy: str = "") -> None:
        self.model, self.argument, self.value, self.expected = model, argument, value, expected
        self.remedy = remedy or f"give {expected} as {argument}"
        super().__init__(f"{model}: found {argument} = {value}, expected {expected}\n  try: {self.remedy}")


class SolveError(InvestigationError):
    """A solver did not converge."""

    def __init__(self, what: str, residual: float, hint: str) -> None:
        self.what, self.residual, self.hint = what, residual, hint
        super().__init__(f"{what}: found a residual of {residual:.3g}, expected convergence\n  try: {hint}")


class BackendError(InvestigationError, ImportError):
    """An optional library is absent or unfit."""

    def __init__(self, name: str, install: str) -> None:
        self.install = install
        super().__init__(f"{name}: not installed, expected it for this back end\n  try: {install}", name=name)
