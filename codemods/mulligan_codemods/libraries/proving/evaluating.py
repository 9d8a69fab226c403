"""The policy that was written, as a real value: read from the new text, built by mulligan itself, at drawn numbers.

Rules: only mulligan's own makers and arithmetic are evaluated; every other expression is an atom whose number is drawn.
Nothing of the scanned project is imported or executed.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Final, cast

import mulligan
from mulligan import UNLIMITED, Policy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["Evaluator", "NotEvaluated", "atoms"]

MAKERS: Final = frozenset(
    {"constant", "linear", "exponential", "fibonacci", "from_delays", "no_delay", "max_of", "min_of"}
    | {"full_jitter", "equal_jitter", "proportional_jitter", "additive_jitter"}
)
METHODS: Final = frozenset({"jittered", "capped", "take", "then"})
OPERATORS: Final[Mapping[type[ast.operator], Callable[[float, float], float]]] = {
    ast.Add: lambda one, other: one + other,
    ast.Sub: lambda one, other: one - other,
    ast.Mult: lambda one, other: one * other,
    ast.Div: lambda one, other: one / other,
    ast.FloorDiv: lambda one, other: one // other,
}
JUDGING: Final = frozenset({"retry_on", "retry_if", "name"})


class NotEvaluated(Exception):  # noqa: N818 - control flow of the proof
    """The written text holds something that is not interpreted."""


def atoms(text: str) -> frozenset[str]:
    """Answer the parts of an expression whose numbers are drawn.

    >>> sorted(atoms("conf.pause / 1000 + max(most, 1)"))
    ['conf.pause', 'max(most, 1)']
    """
    return frozenset(_atoms(ast.parse(f"({text}\n)", mode="eval").body))


def _atoms(node: ast.expr) -> set[str]:
    match node:
        case ast.Constant(value=int() | float()):
            return set()
        case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
            return _atoms(left) | _atoms(right)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return _atoms(operand)
        case _:
            return {ast.unparse(node)}


class Evaluator:
    """Evaluates expressions at drawn numbers.

    Args:
        numbers: the number of each atom.
        policies: the policies that names stand for, as expressions.
    """

    __slots__ = ("_numbers", "_policies")

    def __init__(self, numbers: Mapping[str, float], policies: Mapping[str, ast.expr]) -> None:
        self._numbers = numbers
        self._policies = policies

    def number(self, text: str) -> float:
        """Answer the number that an expression of the code stands for."""
        return self._plain(ast.parse(f"({text}\n)", mode="eval").body)

    def policy(self, node: ast.expr) -> Policy[object]:
        """Answer a policy.

        Raises:
            NotEvaluated: the expression is no policy that mulligan's own makers make.
            ConfigError: mulligan refuses what was written.
        """
        match node:
            case ast.Call(func=ast.Attribute(value=base, attr="replace"), args=[], keywords=keywords):
                return _made(self.policy(base).replace, self._fields(keywords))
            case ast.Call(func=func, args=[inner], keywords=[]) if _name(func) == "define":
                return self.policy(inner)
            case ast.Call(func=func, args=[], keywords=keywords) if _name(func) == "Policy":
                return _made(Policy, {"retry_on": (Exception,), **self._fields(keywords)})
            case ast.Name(id=name) if name in self._policies:
                return self.policy(self._policies[name])
            case _:
                raise NotEvaluated(ast.unparse(node))

    def _fields(self, keywords: list[ast.keyword]) -> dict[str, object]:
        return {each.arg or "": self._value(each.value) for each in keywords if each.arg not in JUDGING}

    def _value(self, node: ast.expr) -> object:
        found: object
        match node:
            case ast.Constant(value=value):
                found = value
            case ast.Name() | ast.Attribute() if _name(node) == "UNLIMITED":
                found = UNLIMITED
            case ast.Call(func=func, args=args, keywords=keywords) if _name(func) in MAKERS:
                found = self._built(getattr(mulligan, _name(func)), args, keywords)
            case ast.Call(func=ast.Attribute(value=owner, attr=name), args=args, keywords=keywords) if name in METHODS:
                found = self._built(getattr(self._value(owner), name), args, keywords)
            case ast.List(elts=elements) | ast.Tuple(elts=elements):
                found = [self._value(each) for each in elements]
            case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
                found = OPERATORS[type(op)](self._plain(left), self._plain(right))
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                found = -self._plain(operand)
            case _:
                found = self._drawn(ast.unparse(node))
        return found

    def _plain(self, node: ast.expr) -> float:
        found = self._value(node)
        if not isinstance(found, int | float):
            raise NotEvaluated(ast.unparse(node))
        return found

    def _drawn(self, text: str) -> float:
        if text not in self._numbers:
            raise NotEvaluated(text)
        return self._numbers[text]

    def _built(self, make: Callable[..., object], args: list[ast.expr], keywords: list[ast.keyword]) -> object:
        return make(*map(self._value, args), **{each.arg or "": self._value(each.value) for each in keywords})


def _made(make: object, fields: Mapping[str, object]) -> Policy[object]:
    """Let mulligan make a policy of fields whose types are not known here: it checks them itself."""
    return cast("Callable[..., Policy[object]]", make)(**fields)


def _name(node: ast.expr) -> str:
    """Answer a name, also one that is spelled by its module: `mulligan.retry`."""
    match node:
        case ast.Name(id=name) | ast.Attribute(value=ast.Name(id="mulligan"), attr=name):
            return name
        case _:
            return ""
