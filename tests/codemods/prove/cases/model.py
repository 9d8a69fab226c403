"""What a case for the prover is: old code, new code, the policies, and what the proof must answer.

Rules: the texts are data for the prover, which never runs them; only `running` executes those written for this suite.
A corpus case stores where the old code stands and the rewritten lines, never the old code.
"""

from __future__ import annotations

import hashlib
import textwrap
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Case", "CorpusLoop", "Locator", "Mutant", "Trap", "text_of"]

POLICIES = "policies"
"""The module that holds the policies, as the new code imports it."""


def text_of(*parts: str) -> str:
    """Join pieces of a module, each moved to the left margin."""
    return "\n\n".join(textwrap.dedent(part).strip("\n") for part in parts if part.strip()) + "\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A loop and its rewrite, in our own words.

    Args:
        name: what the case is about.
        like: the labelled loops whose structure it has.
        imports: what both texts import.
        before: the old code.
        added: what the new text imports besides.
        after: the new code.
        policies: the policies module.
        qualname: the function that holds the loop, "" for the module.
        calls: expressions over the module's names that are run; each is a scenario of its own.
        assumes: codes of the assumptions that the proof may rest on.
        grain: where a delay is drawn, the seconds below which old and new may differ.
    """

    name: str
    imports: str
    before: str
    after: str
    policies: str
    calls: tuple[str, ...]
    added: str = ""
    qualname: str = "work"
    like: tuple[str, ...] = ()
    assumes: frozenset[str] = frozenset()
    grain: float | None = None

    @property
    def old_text(self) -> str:
        """Return the old module."""
        return text_of(self.imports, self.before)

    @property
    def new_text(self) -> str:
        """Return the new module."""
        return text_of(f"{textwrap.dedent(self.imports).strip()}\n{textwrap.dedent(self.added).strip()}", self.after)

    @property
    def policies_text(self) -> str:
        """Return the policies module."""
        return text_of(self.policies)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A wrong rewrite: the right one of a case with one piece of text replaced.

    Args:
        name: what went wrong.
        case: the name of the case.
        find: a text that occurs once in the new code, or in the policies.
        put: what stands there instead.
        imports: what the changed module imports besides.
        in_policies: whether the text is one of the policies module.
        seen: whether a script of faults can show the difference.
    """

    name: str
    case: str
    find: str
    put: str
    imports: str = ""
    in_policies: bool = False
    seen: bool = True

    def of(self, right: Case) -> Case:
        """Return the case with the wrong rewrite.

        Raises:
            ValueError: when the text does not occur once.
        """
        text = right.policies if self.in_policies else right.after
        if text.count(self.find) != 1:
            raise ValueError(f"{self.name}: {self.find!r} occurs {text.count(self.find)} times in {right.name}")
        changed = text.replace(self.find, self.put)
        if self.in_policies:
            return replace(right, name=self.name, policies=text_of(self.imports, changed))
        return replace(right, name=self.name, after=changed, added=f"{textwrap.dedent(right.added)}\n{self.imports}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trap:
    """A loop that invites a wrong rewrite, and that rewrite.

    Args:
        number: its number in the list of traps, from 1.
        case: old code and naive new code.
        why: what the naive rewrite misses.
        point: the code of the assumption that is the trap's point, where the proof may hold under it.
        seen: whether a script of faults can show the difference.
    """

    number: int
    case: Case
    why: str
    point: str | None = None
    seen: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Locator:
    """Where a labelled loop stands; the hash is of lines start..end with LF line ends."""

    package: str
    version: str
    path: str
    start: int
    end: int
    sha256: str

    @property
    def module(self) -> str:
        """Return the module's dotted name, as far as the path tells it."""
        return self.path.removesuffix(".py").replace("/", ".")

    def read(self, corpus: Path) -> str:
        """Return the file's text.

        Raises:
            ValueError: when the lines are not the labelled ones.
        """
        data = (corpus / f"{self.package}-{self.version}" / self.path).read_bytes()
        text = data.decode("utf-8").replace("\r\n", "\n")
        found = "\n".join(text.split("\n")[self.start - 1 : self.end]) + "\n"
        if hashlib.sha256(found.encode()).hexdigest() != self.sha256:
            raise ValueError(f"{self.path}: lines {self.start} to {self.end} are not the labelled loop")
        return text


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusLoop:
    """A labelled loop and its rewrite.

    Args:
        name: the label's id.
        at: where the loop stands.
        qualname: the function that holds it, "" for the module.
        first: the first line that is replaced, from 1.
        last: the last line that is replaced.
        lines: the rewritten statements, at the left margin.
        imports: what the new text imports besides.
        policies: the policies module.
        assumes: codes of the assumptions that the proof may rest on.
        note: what is remarkable about the rewrite.
    """

    name: str
    at: Locator
    qualname: str
    first: int
    last: int
    lines: str
    imports: str
    policies: str
    assumes: frozenset[str]
    note: str = ""

    def rewrite(self, before: str) -> str:
        """Return the file's text with the loop rewritten and the imports added."""
        lines = before.split("\n")
        margin = lines[self.first - 1][: len(lines[self.first - 1]) - len(lines[self.first - 1].lstrip())]
        replaced = textwrap.indent(textwrap.dedent(self.lines).strip("\n"), margin).split("\n")
        place = self._place(lines)
        added = textwrap.dedent(self.imports).strip().split("\n")
        return "\n".join([*lines[:place], *added, *lines[place : self.first - 1], *replaced, *lines[self.last :]])

    @staticmethod
    def _place(lines: list[str]) -> int:
        return next(
            number
            for number, line in enumerate(lines)
            if line.startswith(("import ", "from ")) and not line.startswith("from __future__")
        )
