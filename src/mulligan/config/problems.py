"""What is wrong with a file of policies: each problem with its file, line, field, value and remedy.

Rules: problems are values and are gathered; they are raised together, in the order of the file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mulligan._value import Value
from mulligan.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["PolicyFileError", "Problem", "in_order"]


class Problem(Value):
    """One thing that is wrong.

    Args:
        file: the path as it was given.
        line: where it stands, from 1; `None` where it concerns the whole file.
        field: what it is about, as the path of keys.
        value: what was given.
        remedy: what to give instead.

    >>> print(Problem(file="policies.toml", line=3, field="policies.a.timeout", value=-1, remedy="give more than 0"))
    policies.toml:3: policies.a.timeout=-1: give more than 0
    """

    file: str
    line: int | None
    field: str
    value: object
    remedy: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.field}={self.value!r}: {self.remedy}"


class PolicyFileError(ConfigError):
    """A file of policies that can't be used; it names everything that is wrong, not the first thing alone.

    Args:
        problems: at least one.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        first = problems[0]
        super().__init__(first.field, first.value, first.remedy)
        self.problems: tuple[Problem, ...] = tuple(problems)

    def __str__(self) -> str:
        told = "\n".join(f"  {problem}" for problem in self.problems)
        count = len(self.problems)
        return f"{count} {'problem' if count == 1 else 'problems'} in the policies:\n{told}"

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.problems,)


def in_order(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """Answer the problems in the order of the file, each once."""
    unique = {(each.line, each.field, repr(each.value), each.remedy): each for each in problems}
    return tuple(sorted(unique.values(), key=lambda each: (each.line or 0, each.field)))
