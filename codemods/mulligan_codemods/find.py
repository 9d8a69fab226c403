"""Find the loops that might retry, and the uses of retry libraries and helpers: bytes first, then `ast`.

Rules: a file whose bytes can hold neither is never parsed; libcst is never imported here; every loop that catches an
exception and may go round again because of it is a candidate, near misses included, because the recogniser has the
last word.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mulligan_codemods.files.source import Source, Unreadable, parse
from mulligan_codemods.names import Function
from mulligan_codemods.site import Kind, Span
from mulligan_codemods.uses.clients import clients_in, tells_clients
from mulligan_codemods.uses.helpers import is_helper
from mulligan_codemods.uses.sightings import Role, sightings, uses_in
from mulligan_codemods.uses.tables import BUILTIN, Tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mulligan.compat.symbols import Library

__all__ = ["MODULE", "PAUSES", "Candidate", "find", "promising"]

MODULE = "<module>"
"""The qualified name of a loop that stands in no function and no class."""

PAUSES = re.compile(r"sleep|(?<!a)wait|back_?off|delay|pause", re.IGNORECASE)
RETRIES = re.compile(r"retr[iy]|attempt|tries|trial|times", re.IGNORECASE)
HEADS = re.compile(rb"^([ \t]*)(async +for|for|while|try|def|async +def|class)\b([^\n]*)", re.MULTILINE)
HINTS = re.compile(
    rb"(?:[sS]leep|(?<!a)[wW]ait|[bB]ack_?[oO]ff|[dD]elay|[pP]ause)\w*\("
    rb"|(?:[rR]etr[iy]|[aA]ttempt|(?<![a-z])tries|trial|times)\w*\s*(?:[-+<>=!:)]|in\b)"
    rb"|\bexcept\b[^\n]{0,80}(?:\n[^\n]{0,80}){0,2}\n[ \t]*\w+ *[-+]= *1\b"
)
ALIAS = re.compile(r"(?:[sS]leep|[wW]ait|[bB]ack_?[oO]ff|[dD]elay|[pP]ause)\w* +as +(\w+)")
NEAR = 8_000
"""How many bytes after a `try` in a loop its hint is looked for."""

LONGEST = 400
"""No hint is longer: what was searched without success is searched again from this many bytes before its end."""

Loop = ast.For | ast.AsyncFor | ast.While
Try = ast.Try | ast.TryStar


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A loop that might retry, or the use of a library.

    Args:
        path: the file.
        qualname: where it stands, as Python names it (`Client.fetch`, `outer.<locals>.inner`), or `<module>`; for a
            decorator, the function that is decorated.
        span: the loop, from its `for`, `async for` or `while` to the end of its last line; or the expression.
        function: the innermost function around it with its decorators; `None` at the level of a module or a class.
        ordinal: how many candidates with the same qualified name stand before it.
        kind: what kind of code it is.
        role: what the use of a library is; `None` for a loop.
        helper: the table of the helper that is used.
    """

    path: str
    qualname: str
    span: Span
    function: Span | None
    ordinal: int = 0
    kind: Kind = Kind.LOOP
    role: Role | None = None
    helper: Library | None = None


def promising(data: bytes) -> bool:
    """Tell from the bytes alone whether a file can hold a retry loop.

    There must be a `try` that is indented deeper than a loop above it in the same function, and a hint that the
    loop pauses, counts or retries.
    """
    if b"except" not in data or not (b"for " in data or b"while" in data):
        return False
    low = high = 0
    for begin, attempt, counted in _tries_in_loops(data):
        if counted or b"sleep as " in data:
            return True
        known = low <= begin <= high
        if HINTS.search(data, max(begin, high - LONGEST) if known else begin, attempt + NEAR):
            return True
        low, high = (low if known else begin), attempt + NEAR
    return False


def _tries_in_loops(data: bytes) -> Iterator[tuple[int, int, bool]]:
    """Yield where a loop begins, where a `try` deeper than it begins, and whether the loop has a range."""
    loops: list[tuple[int, int, bool]] = []
    for head in HEADS.finditer(data):
        depth, word = len(head[1].expandtabs()), head[2]
        if word == b"try":
            yield from ((begin, head.start(), counted) for loop, begin, counted in loops if loop < depth)
        elif word in {b"for", b"while"} or word.endswith(b"for"):
            loops.append((depth, head.start(), b"range(" in head[3]))
        else:
            loops = [loop for loop in loops if loop[0] < depth]


def find(source: Source, tables: Tables = BUILTIN) -> tuple[Candidate, ...] | Unreadable:
    r"""Answer the loops of `source` that might retry and its uses of libraries, in the order of the text.

    Args:
        source: the file.
        tables: the libraries and helpers to look for.

    >>> from mulligan_codemods.files.source import decode
    >>> text = b'''
    ... import time
    ... def fetch(url):
    ...     for _ in range(3):
    ...         try:
    ...             return get(url)
    ...         except OSError:
    ...             time.sleep(1)
    ... '''
    >>> [(found.qualname, found.span.line) for found in find(decode("a.py", text))]
    [('fetch', 4)]
    """
    data = source.data if source.ends == "\n" else source.text.encode("utf-8", "replace")
    loops, uses, clients = promising(data), uses_in(data, tables), tells_clients(data)
    if not (loops or uses or clients):
        return ()
    tree = parse(source)
    if isinstance(tree, Unreadable):
        return tree
    found = [*(_candidates(source, tree) if loops else ()), *(_uses(source, tree, tables) if uses else ())]
    found += _clients(source, tree) if clients else ()
    return tuple(_numbered(found))


def _uses(source: Source, tree: ast.Module, tables: Tables) -> Iterator[Candidate]:
    lines = source.text.split("\n")
    for each in sightings(source.path, tree, tables):
        kind = Kind.DECORATOR if each.role is Role.DECORATOR else Kind.CALL
        helper = each.entry.library if each.entry is not None and is_helper(each.entry.library) else None
        where, span = each.qualname or MODULE, _span(lines, each.node)
        yield Candidate(
            path=source.path, qualname=where, span=span, function=None, kind=kind if helper is None else Kind.HELPER,
            role=each.role, helper=helper,
        )  # fmt: skip


def _clients(source: Source, tree: ast.Module) -> Iterator[Candidate]:
    lines = source.text.split("\n")
    for node, where in clients_in(tree):
        yield Candidate(
            path=source.path, qualname=where or MODULE, span=_span(lines, node), function=None, kind=Kind.CALL,
            role=Role.CLIENT,
        )  # fmt: skip


def _numbered(candidates: Iterable[Candidate]) -> Iterator[Candidate]:
    seen: dict[str, int] = {}
    for found in sorted(candidates, key=lambda each: (each.span.line, each.span.column)):
        ordinal = seen.get(found.qualname, 0)
        seen[found.qualname] = ordinal + 1
        yield replace(found, ordinal=ordinal)


def _candidates(source: Source, tree: ast.Module) -> Iterator[Candidate]:
    pauses = frozenset(ALIAS.findall(source.text) if " as " in source.text else ())
    lines = source.text.split("\n")
    stack: list[tuple[ast.AST, str, Function | None]] = [(tree, "", None)]
    while stack:
        node, prefix, function = stack.pop()
        if isinstance(node, Loop) and _might_retry(node, pauses):
            where = prefix.removesuffix(".").removesuffix(".<locals>") or MODULE
            span = None if function is None else _function_span(lines, function)
            yield Candidate(path=source.path, qualname=where, span=_span(lines, node), function=span)
        if isinstance(node, Function):
            prefix, function = f"{prefix}{node.name}.<locals>.", node
        elif isinstance(node, ast.ClassDef):
            prefix, function = f"{prefix}{node.name}.", None
        stack.extend((child, prefix, function) for child in _statements(node))


def _statements(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the statements (with handlers and match cases) directly below `node`: loops are statements."""
    for _, value in ast.iter_fields(node):
        if isinstance(value, list):
            for item in value:  # pyright: ignore[reportUnknownVariableType] -- ast fields are untyped
                if isinstance(item, ast.stmt | ast.excepthandler | ast.match_case):
                    yield item


def _might_retry(loop: Loop, pauses: frozenset[str]) -> bool:
    tries = [node for node in _own(loop.body) if isinstance(node, Try) and node.handlers]
    if not tries:
        return False
    if any(_pauses(node, pauses) for node in _inside(loop)):
        return True
    again = any(not _leaves(handler.body) for each in tries for handler in each.handlers)
    return again and _counts(loop) and _succeeds(loop)


def _own(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Yield the statements that belong to the loop itself: not those of functions, classes and loops inside."""
    stack = list(body)
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, Loop | Function | ast.ClassDef):
            stack.extend(_statements(node))


def _inside(loop: Loop | ast.ExceptHandler) -> Iterator[ast.AST]:
    """Yield every node below the loop that runs with it: not those of functions and classes inside."""
    stack: list[ast.AST] = list(ast.iter_child_nodes(loop))
    while stack:
        node = stack.pop()
        yield node
        if not isinstance(node, Function | ast.ClassDef | ast.Lambda):
            stack.extend(ast.iter_child_nodes(node))


def _pauses(node: ast.AST, pauses: frozenset[str]) -> bool:
    if not isinstance(node, ast.Call):
        return False
    match node.func:
        case ast.Name(id=name):
            return name in pauses or PAUSES.search(name) is not None
        case ast.Attribute(attr=name):
            return PAUSES.search(name) is not None
        case _:
            return False


def _leaves(body: list[ast.stmt]) -> bool:
    """Tell whether a block always leaves the loop (`continue` goes round again)."""
    match body[-1] if body else None:
        case ast.Raise() | ast.Return() | ast.Break():
            return True
        case ast.If(body=then, orelse=otherwise):
            return bool(otherwise) and _leaves(then) and _leaves(otherwise)
        case ast.With(body=inner) | ast.AsyncWith(body=inner):
            return _leaves(inner)
        case _:
            return False


def _counts(loop: Loop) -> bool:
    """Tell whether a loop without a pause counts attempts: over a range, or by the names in its head."""
    if isinstance(loop, ast.While):
        return _names_retries(loop) or _counts_failures(loop)
    calls = (node for node in ast.walk(loop.iter) if isinstance(node, ast.Call))
    ranges = any(isinstance(call.func, ast.Name) and call.func.id in {"range", "count"} for call in calls)
    return ranges or any(_is_retry_name(node) for part in (loop.target, loop.iter) for node in ast.walk(part))


def _names_retries(loop: ast.While) -> bool:
    return any(_is_retry_name(node) for node in _inside(loop))


def _counts_failures(loop: ast.While) -> bool:
    """Tell whether a handler counts by one what the loop compares, whatever the counter is called."""
    handlers = [node for node in _inside(loop) if isinstance(node, ast.ExceptHandler)]
    counted = {
        node.target.id
        for handler in handlers
        for node in _inside(handler)
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name) and _is_one(node.value)
    }
    tests = [node.test for node in (loop, *_inside(loop)) if isinstance(node, ast.While | ast.If)]
    return any(isinstance(node, ast.Name) and node.id in counted for test in tests for node in ast.walk(test))


def _is_one(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value == 1


def _is_retry_name(node: ast.AST) -> bool:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return RETRIES.search(name) is not None
        case _:
            return False


def _succeeds(loop: Loop) -> bool:
    """Tell whether something besides an exception ends the loop early."""
    return any(isinstance(node, ast.Return | ast.Break) for node in _own(loop.body)) or isinstance(loop, ast.While)


def _function_span(lines: list[str], function: Function) -> Span:
    span = _span(lines, function)
    first = min((decorator.lineno for decorator in function.decorator_list), default=span.line)
    return Span(line=first, column=span.column, end_line=span.end_line, end_column=span.end_column)


def _span(lines: list[str], node: ast.stmt | ast.expr) -> Span:
    end_line = node.end_lineno or node.lineno
    return Span(
        line=node.lineno,
        column=_column(lines[node.lineno - 1], node.col_offset),
        end_line=end_line,
        end_column=_column(lines[end_line - 1], node.end_col_offset or 0),
    )


def _column(line: str, offset: int) -> int:
    """Translate `ast`'s offset in UTF-8 bytes to characters."""
    return offset if line.isascii() else len(line.encode()[:offset].decode())
