"""Gathering what is wrong with a file while it is read.

Rules: a complaint names a path of keys; its line is that of the path, or of the nearest path above that has one.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

from mulligan.config.file.positions import line_of
from mulligan.config.problems import PolicyFileError, Problem, in_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mulligan.config.file.positions import Path

__all__ = ["Complaints", "guess"]

_BARE = re.compile(r"[A-Za-z0-9_-]+")


class Complaints:
    """What is wrong with one file.

    Args:
        file: its path, as it was given.
        lines: the line of each path of keys.
    """

    def __init__(self, file: str, lines: Mapping[Path, int]) -> None:
        self.file = file
        self.lines = lines
        self._problems: list[Problem] = []

    def add(self, path: Path, value: object, remedy: str) -> None:
        """Take note of a problem.

        Args:
            path: the keys that lead to it.
            value: what was given.
            remedy: what to give instead.
        """
        problem = Problem(file=self.file, line=self.line(path), field=spelled(path), value=value, remedy=remedy)
        self._problems.append(problem)

    def line(self, path: Path) -> int | None:
        """Answer the line of a path, or of the nearest one above it."""
        return line_of(self.lines, path)

    def raise_any(self) -> None:
        """Raise what was noted, all at once.

        Raises:
            PolicyFileError: when anything was.
        """
        if self._problems:
            raise PolicyFileError(in_order(self._problems))


def spelled(path: Path) -> str:
    """Answer a path of keys as TOML writes it.

    >>> spelled(("policies", "a b", "retry_on", 0))
    'policies."a b".retry_on[0]'
    """
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += ("." if text else "") + (part if _BARE.fullmatch(part) else f'"{part}"')
    return text


def guess(name: str, known: Iterable[str]) -> str:
    """Answer the end of a sentence that guesses what was meant, empty where nothing is near.

    >>> guess("timeuot", ("timeout", "note"))
    ': did you mean timeout?'
    """
    near = get_close_matches(name, list(known), n=1)
    return f": did you mean {near[0]}?" if near else ""
