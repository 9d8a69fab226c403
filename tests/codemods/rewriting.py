"""How the tests of recognise, policies and emit rewrite a module: all sites that can be, one after the other."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from textwrap import dedent
from typing import TYPE_CHECKING

from mulligan_codemods.central.policies import assign
from mulligan_codemods.emit import Emitted, emit
from mulligan_codemods.files.source import Source, Unreadable, decode
from mulligan_codemods.find import find
from mulligan_codemods.recognise import recognise

if TYPE_CHECKING:
    from mulligan_codemods.site import Reason, Site

__all__ = ["Rewrite", "definitions", "policy_fields", "rewrite", "sites_of"]

MODULE = "app.retry_policies"
PATH = "/nowhere/app.py"
"""A file of no project, so that nothing is known of what is installed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewrite:
    """A module after all of its sites were rewritten, and the policies module."""

    text: str
    policies: str
    emitted: tuple[Emitted, ...]
    refused: tuple[Reason, ...]


def source_of(code: str, path: str = PATH) -> Source:
    """Decode a module."""
    source = decode(path, dedent(code).lstrip("\n").encode())
    assert isinstance(source, Source)
    return source


def sites_of(code: str, path: str = PATH) -> tuple[Site, ...]:
    """Recognise every candidate of a module."""
    source = source_of(code, path)
    found = find(source)
    assert not isinstance(found, Unreadable)
    return tuple(recognise(source, candidate) for candidate in found)


def rewrite(code: str, path: str = PATH) -> Rewrite:
    """Rewrite every site of a module that can be rewritten, from the last to the first."""
    text = source_of(code, path).text
    sites = sites_of(text, path)
    book = assign([site for site in sites if site.lowered is not None])
    emitted: list[Emitted] = []
    refused = [site.reason for site in sites if site.reason is not None]
    for index, site in reversed(list(enumerate(sites))):
        if site.lowered is None:
            continue
        again = sites_of(text, path)[index]
        found = emit(text, again, book.name_for(site), MODULE)
        if isinstance(found, Emitted):
            text = found.text
            emitted.append(found)
        else:
            refused.append(found)
    return Rewrite(text=text, policies=book.render(None), emitted=tuple(emitted), refused=tuple(refused))


def definitions(text: str) -> str:
    """Answer a module's text from the first definition on."""
    lines = text.split("\n")
    first = next(index for index, line in enumerate(lines) if line.startswith(("def", "async def", "@")))
    return "\n".join(lines[first:])


def policy_fields(policies: str) -> list[str]:
    """Answer the fields of each policy of a module, except its name."""
    calls = [
        node
        for node in ast.walk(ast.parse(policies))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Policy"
    ]
    return [", ".join(ast.unparse(each) for each in call.keywords if each.arg != "name") for call in calls]
