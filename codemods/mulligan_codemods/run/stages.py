"""The stages as the engine calls them: their protocols, and the real ones.

Rules: the engine gets the stages as values, so tests can put others in their place; the real ones are imported when
the first candidate appears, because most files hold none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

from mulligan_codemods.central.homes import module_name
from mulligan_codemods.site import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from mulligan_codemods.files.source import Source
    from mulligan_codemods.find import Candidate
    from mulligan_codemods.prove.result import Proof
    from mulligan_codemods.site import Form, Reason, Site

__all__ = ["Assign", "Book", "Emit", "Prove", "Recognise", "Rewritten", "Stages", "real_stages"]


class Rewritten(Protocol):
    """A module's text with one site rewritten."""

    @property
    def text(self) -> str:
        """The whole new text."""
        ...

    @property
    def form(self) -> Form:
        """What the rewritten site looks like."""
        ...

    @property
    def dropped(self) -> tuple[str, ...]:
        """The comments that are lost."""
        ...

    @property
    def unread(self) -> tuple[str, ...]:
        """The constants of the module that nothing in it reads any more."""
        ...


class Book(Protocol):
    """The policies of one central module."""

    def name_for(self, site: Site) -> str:
        """Answer the name that the rewrite of `site` uses."""
        ...

    def render(self, existing: str | None) -> str:
        """Answer the central module's text, given what it holds now."""
        ...

    def limited_to(self, sites: Sequence[Site]) -> Book:
        """Answer the book with those policies only that `sites` use; names stay."""
        ...


Recognise: TypeAlias = "Callable[[Source, Candidate], Site]"
"""Say what a candidate is."""

Assign: TypeAlias = "Callable[[Sequence[Site], str | None], Book]"
"""Give equal parameters one name, given what the central module holds now."""

Emit: TypeAlias = "Callable[[str, Site, str, str], Rewritten | Reason]"
"""Rewrite one site in a module's text, with the policy's name and the central module's."""

Prove: TypeAlias = "Callable[[str, str, Site, Mapping[str, str]], Proof]"
"""Compare a module before and after the rewrite of one site, given the central modules' texts by name."""


def _stage(text: str, site: Site, policy: str, module: str) -> Rewritten | Reason:
    if site.kind is not Kind.LOOP:
        from mulligan_codemods import libraries  # noqa: PLC0415 -- most files hold no use of a library

        return libraries.emit_staged(text, site, policy, module)
    from mulligan_codemods.emit import emit_staged  # noqa: PLC0415 -- most files hold no candidate

    return emit_staged(text, site, policy, module)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stages:
    """The stages between finding and writing; `stage` emits a rewrite that keeps the old code behind the flag."""

    recognise: Recognise
    assign: Assign
    emit: Emit
    prove: Prove
    stage: Emit = _stage


def real_stages() -> Stages:
    """Answer the stages of this package."""
    return Stages(recognise=_recognise, assign=_assign, emit=_emit, prove=_prove)


def _recognise(source: Source, candidate: Candidate) -> Site:
    if candidate.kind is not Kind.LOOP:
        from mulligan_codemods import libraries  # noqa: PLC0415 -- most files hold no use of a library

        return libraries.recognise(source, candidate)
    from mulligan_codemods.recognise import recognise  # noqa: PLC0415 -- most files hold no candidate

    return recognise(source, candidate)


def _assign(sites: Sequence[Site], existing: str | None) -> Book:
    from mulligan_codemods.central.policies import assign  # noqa: PLC0415 -- as above

    return assign(sites, existing)


def _emit(text: str, site: Site, policy: str, module: str) -> Rewritten | Reason:
    if site.kind is not Kind.LOOP:
        from mulligan_codemods import libraries  # noqa: PLC0415 -- as above

        return libraries.emit(text, site, policy, module)
    from mulligan_codemods.emit import emit  # noqa: PLC0415 -- as above

    return emit(text, site, policy, module)


def _prove(before: str, after: str, site: Site, policies: Mapping[str, str]) -> Proof:
    if site.kind is not Kind.LOOP:
        from mulligan_codemods import libraries  # noqa: PLC0415 -- as above

        return libraries.prove(before, after, site, policies)
    from mulligan_codemods.prove import prove  # noqa: PLC0415 -- as above

    package = site.path.endswith("__init__.py")
    module = module_name(site.path)
    return prove(before, after, qualname=site.qualname, policies=policies, module=module, package=package)
