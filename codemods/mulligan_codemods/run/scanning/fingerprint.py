"""A name for a site that edits elsewhere do not change.

Rules: it is made of the qualified name and of the syntax tree of the site alone, so lines above, comments, layout and
quotes don't matter; every version of Python gives the same name.
"""

from __future__ import annotations

import ast
import hashlib
from typing import TYPE_CHECKING

from mulligan_codemods.files.source import cut, parsed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mulligan_codemods.site import Span

__all__ = ["fingerprint"]

IGNORED = frozenset({"ctx", "kind", "type_comment", "type_params"})
"""Fields that say nothing about a loop, or that some versions of Python lack."""


def fingerprint(text: str, qualname: str, span: Span) -> str:
    r"""Answer 16 hexadecimal digits.

    Args:
        text: the module's text.
        qualname: where the site stands.
        span: the site.

    >>> from mulligan_codemods.site import Span
    >>> first = fingerprint("for x in y:\n    f( x )", "<module>", Span(line=1, column=0, end_line=2, end_column=10))
    >>> first == fingerprint("# y\nfor x in y: f(x)", "<module>", Span(line=2, column=0, end_line=2, end_column=16))
    True
    """
    node = _parsed(text, span)
    shape = " ".join(cut(text, span).split()) if node is None else " ".join(_normal(node))
    return hashlib.sha256(f"{qualname}\0{shape}".encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _parsed(text: str, span: Span) -> ast.AST | None:
    """Parse a site alone; `None` where that is not possible."""
    lines = text.split("\n")
    before = lines[span.line - 1][: span.column]
    alone = cut(text, span)
    try:
        return parsed(f"if 1:\n{before}{alone}\n" if before and not before.strip() else alone)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _normal(node: object) -> Iterator[str]:
    match node:
        case ast.AST():
            yield f"({type(node).__name__}"
            for name, value in ast.iter_fields(node):
                if value is not None and value != [] and name not in IGNORED:
                    yield name
                    yield from _normal(value)
            yield ")"
        case list():
            yield "["
            for item in node:  # pyright: ignore[reportUnknownVariableType] -- ast fields are untyped
                yield from _normal(item)  # pyright: ignore[reportUnknownArgumentType] -- as above
            yield "]"
        case _:
            yield repr(node)
