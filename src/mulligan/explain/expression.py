"""Reading a policy from text, such as a command line's `Policy(max_attempts=5, timeout=30)`.

Rules: the text is parsed, never evaluated. Keywords are those of `Policy` whose values can be written down: numbers,
strings, True, False, None, UNLIMITED, schedules, and names of builtin exceptions. A schedule alone is a policy with
that schedule. What is retried may be left out, because nothing that is explained depends on it.
"""

from __future__ import annotations

import ast
import builtins
from typing import TYPE_CHECKING, Final

from mulligan.errors import ConfigError
from mulligan.policy import FIELDS, UNLIMITED, Policy
from mulligan.schedules.expression import ExpressionError, read_schedule

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Never

__all__ = ["read_policy"]

LONGEST: Final = 1_000


class Unnamed(Exception):  # noqa: N818 - it stands for any
    """What a policy retries whose text doesn't say."""


def read_policy(text: str) -> Policy[Never]:
    """Read a policy, or a schedule, from text, without evaluating it.

    Args:
        text: one expression, at most 1,000 characters.

    Raises:
        ExpressionError: when it is neither; it says where.

    >>> read_policy("Policy(retry_on=OSError, max_attempts=5, schedule=constant(1))")
    Policy(retry_on=(OSError,), schedule=constant(1), max_attempts=5)
    >>> read_policy("exponential(0.1, cap=10)").schedule
    exponential(0.1, factor=2, cap=10)
    """
    line = " ".join(text.split())
    call = _policy_call(line)
    if call is None:
        return Policy(retry_on=Unnamed, schedule=read_schedule(line))
    fields: dict[str, object] = {"retry_on": Unnamed}
    for keyword in call.keywords:
        name = keyword.arg
        if name is None or name not in FIELDS:
            raise _refusal(line, keyword, name or "**", f"no such field; use {', '.join(FIELDS)}")
        fields[name] = _value(line, keyword.value, name)
    if call.args:
        raise _refusal(line, call.args[0], _source(line, call.args[0]), "give fields by name, as in timeout=30")
    return _made(line, fields)


def _policy_call(line: str) -> ast.Call | None:
    """Answer the call of `Policy`; `None` for everything else, which is a schedule or is refused as one."""
    try:
        tree = ast.parse(line[:LONGEST], mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return tree if isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name) and tree.func.id == "Policy" else None


def _made(line: str, fields: dict[str, object]) -> Policy[Never]:
    try:
        return _called(Policy, fields)
    except ConfigError as error:
        raise ExpressionError(error.field, error.value, error.remedy, line, max(0, line.find(error.field))) from None


def _called(make: Callable[..., Policy[Never]], fields: dict[str, object]) -> Policy[Never]:
    """Call it with fields of any type: it checks each one."""
    return make(**fields)


def _value(line: str, node: ast.expr, name: str) -> object:
    match node:
        case ast.Constant(value=int() | float() | str() | None as value):
            return value
        case ast.Name(id="UNLIMITED"):
            return UNLIMITED
        case ast.Tuple(elts=items) if name == "retry_on":
            return tuple(_value(line, item, name) for item in items)
        case ast.Name(id=error) if name == "retry_on" and _is_builtin_error(error):
            return vars(builtins)[error]
        case ast.Call() if name == "schedule":
            return _schedule(line, node)
        case _:
            remedy = "name builtin exceptions" if name == "retry_on" else "give a number, a text or a schedule"
            raise _refusal(line, node, _source(line, node), remedy)


def _is_builtin_error(name: str) -> bool:
    found: object = vars(builtins).get(name)
    return isinstance(found, type) and issubclass(found, BaseException)


def _schedule(line: str, node: ast.expr) -> object:
    try:
        return read_schedule(_source(line, node))
    except ExpressionError as error:
        column = _column(line, node) + error.column
        raise ExpressionError(error.field, error.value, error.remedy, line, column) from None


def _refusal(line: str, node: ast.expr | ast.keyword, value: str, remedy: str) -> ExpressionError:
    return ExpressionError("policy", value, remedy, line, _column(line, node))


def _column(line: str, node: ast.expr | ast.keyword) -> int:
    return len(line.encode()[: node.col_offset].decode())


def _source(line: str, node: ast.expr) -> str:
    return ast.get_source_segment(line, node) or line
