"""Is it a retry? The cheap features that tell, measured on real loops.

A retry leaves the loop whenever its attempt succeeds: by `return`, `break`, or a flag that its condition tests. A loop
whose success goes round again is a daemon; one that goes round by what was answered is a poll; one whose rounds work
on different items is an iteration.

Rules: pure; a verdict is a code of the rule table and a sentence; `None` means that it is a retry.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from mulligan_codemods.names import dotted, literal_number, read_names
from mulligan_codemods.recognise.loops.flow import Exit
from mulligan_codemods.recognise.loops.heads import Counted, Items, head_of

if TYPE_CHECKING:
    from mulligan_codemods.recognise.loops.anatomy import Anatomy
    from mulligan_codemods.recognise.loops.place import Place

__all__ = ["judge", "sets_flag"]

Verdict = tuple[str, str]
INTERRUPTIONS = {"KeyboardInterrupt", "SystemExit", "GeneratorExit", "CancelledError"}
DELAYS = re.compile(r"delay|wait|back_?off|sleep|interval|pause|timeout|seconds", re.IGNORECASE)


def judge(place: Place, anatomy: Anatomy | None) -> Verdict | None:
    """Answer why a loop is no retry, `None` where it is one."""
    if anatomy is None or all(_is_interruption(handler.type) for handler in anatomy.again):
        what = "exception of its own makes" if anatomy is None else "exception but an interruption makes"
        return "ML307", f"no {what} it go round again"
    head = head_of(place.loop, place.names)
    if isinstance(head, Items):
        return _items(anatomy, head)
    if isinstance(head, Counted) and _counts_items(anatomy, head):
        return "ML304", f"each round works on another `{head.variable}`"
    if anatomy.always_leaves or sets_flag(anatomy) is not None:
        return None
    if anatomy.success & {Exit.RETURN, Exit.BREAK}:
        return "ML302", "what was answered decides whether it goes round again"
    return "ML301", "it goes round again after success too"


def _is_interruption(types: ast.expr | None) -> bool:
    """Tell whether a handler catches nothing that an operation fails with: it waits through Ctrl-C or cancellation."""
    classes = types.elts if isinstance(types, ast.Tuple) else [types]
    return all(each is not None and (dotted(each) or "").rpartition(".")[2] in INTERRUPTIONS for each in classes)


def _items(anatomy: Anatomy, head: Items) -> Verdict | None:
    if _is_library(head.items):
        return "ML306", "it runs over the attempts of a library"
    used = head.variable is None or head.variable in read_names(anatomy.attempt.body)
    if used or not _names_delays(head):
        return "ML304", "each round works on another item"
    return None if anatomy.always_leaves else ("ML302", "what was answered decides whether it goes round again")


def _is_library(items: ast.expr) -> bool:
    return any(
        isinstance(node, ast.Call) and re.search(r"[Rr]etry", ast.unparse(node.func)) for node in ast.walk(items)
    )


def _names_delays(head: Items) -> bool:
    names = {head.variable or "", *read_names([head.items])}
    numbers = isinstance(head.items, ast.Tuple | ast.List) and all(
        literal_number(each) is not None or (isinstance(each, ast.Constant) and each.value is None)
        for each in head.items.elts
    )
    return numbers or any(DELAYS.search(name) for name in names)


def _counts_items(anatomy: Anatomy, head: Counted) -> bool:
    """Tell whether the number is what the rounds work on, such as a port or a page."""
    name = head.variable or ""
    if name not in read_names(anatomy.attempt.body):
        return False
    return re.search(r"retr|attempt|tr[iy]|count|^[_ijkn]$|time|number|round", name, re.IGNORECASE) is None


def sets_flag(anatomy: Anatomy) -> str | None:
    """Answer the flag by which success ends the loop: the condition tests it, the last statement sets it."""
    loop = anatomy.place.loop
    if not isinstance(loop, ast.While):
        return None
    tested = _tested(loop.test)
    success = [*anatomy.attempt.body, *anatomy.attempt.orelse]
    match success[-1]:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=bool() as value)):
            stores = [
                node
                for node in ast.walk(loop)
                if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store)
            ]
            return name if len(stores) == 1 and tested.get(name) is (not value) else None
        case _:
            return None


def _tested(test: ast.expr) -> dict[str, bool]:
    """Answer the flags of a condition with the value that keeps the loop going."""
    match test:
        case ast.Name(id=name):
            return {name: True}
        case ast.UnaryOp(op=ast.Not(), operand=ast.Name(id=name)):
            return {name: False}
        case ast.Compare(
            left=ast.Name(id=name), ops=[ast.Is() | ast.Eq()], comparators=[ast.Constant(value=bool() as value)]
        ):
            return {name: value}
        case ast.BoolOp(op=ast.And(), values=values):
            return {name: value for each in values for name, value in _tested(each).items()}
        case _:
            return {}
