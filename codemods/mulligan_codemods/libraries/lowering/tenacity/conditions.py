"""tenacity's retry conditions: which errors, and which values."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mulligan_codemods.libraries.reading.errors import EXCEPTION, classes, negated, predicate, predicate_text, tested
from mulligan_codemods.libraries.refusal import Refused

if TYPE_CHECKING:
    from mulligan_codemods.libraries.lowering.tenacity.pieces import Piece
    from mulligan_codemods.libraries.reading.arguments import Argument
    from mulligan_codemods.lowered import ErrorClass

__all__ = ["Condition", "condition_of"]

UNWANTED = {"retry_if_not_exception_type", "retry_unless_exception_type"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What is retried.

    Args:
        classes: the classes of errors; none where no error is.
        error: a predicate on errors, instead of them.
        value: a predicate on values.
        opaque: whether the predicate on errors could be true for KeyboardInterrupt.
    """

    classes: tuple[ErrorClass, ...] = ()
    error: str | None = None
    value: str | None = None
    opaque: bool = False


def condition_of(piece: Piece | None) -> Condition:
    """Answer what a condition retries."""
    if piece is None:
        return Condition(classes=(EXCEPTION,))
    if isinstance(piece.node, ast.BinOp) or piece.name in {"retry_any", "retry_all"}:
        every = piece.name == "retry_all" or isinstance(getattr(piece.node, "op", None), ast.BitAnd)
        return _all(piece) if every else _any([condition_of(each) for each in piece.parts()], piece)
    argument = _first(piece) if isinstance(piece.node, ast.Call) else None
    if piece.elsewhere and argument is not None and not _is_fixed(argument):
        raise Refused("ML255", "the condition is made before the use", piece.node)
    return _simple(piece, argument)


def _simple(piece: Piece, argument: Argument | None) -> Condition:
    """Answer what a condition retries that is combined of none."""
    match piece.name, argument:
        case "retry_if_exception_type", _:
            return Condition(classes=(EXCEPTION,) if argument is None else classes(argument))
        case "retry_if_exception", argument if argument is not None:
            errors = predicate(argument)
            return Condition(classes=errors.classes, error=errors.predicate, opaque=errors.opaque)
        case "retry_if_not_exception_type", _:
            text = f"lambda error: not {tested('error', _types(argument))}"
            return Condition(classes=(EXCEPTION,), error=text, opaque=True)
        case "retry_if_result", argument if argument is not None:
            return Condition(value=predicate_text(argument))
        case "retry_if_not_result", argument if argument is not None:
            return Condition(value=negated(argument, "value"))
        case _:
            raise Refused("ML251", f"`{ast.unparse(piece.node)}` retries by a rule of its own", piece.node)


def _first(piece: Piece) -> Argument | None:
    return next(iter(piece.arguments().values()), None)


def _is_fixed(argument: Argument) -> bool:
    return isinstance(argument.node, ast.Name | ast.Attribute | ast.Lambda | ast.Tuple)


def _types(argument: Argument | None) -> str:
    return "Exception" if argument is None else argument.text


def _any(found: list[Condition], piece: Piece) -> Condition:
    """Answer a condition that holds where one of several does."""
    predicates = [each.error for each in found if each.error is not None]
    besides = any(each.classes for each in found if each.error is None)
    if len(predicates) > (0 if besides else 1):
        raise Refused("ML206", "predicates on errors are combined", piece.node)
    values = [each.value for each in found if each.value is not None]
    if len(values) > 1:
        raise Refused("ML206", "predicates on values are combined", piece.node)
    return Condition(
        classes=tuple(dict.fromkeys(one for each in found for one in each.classes)),
        error=predicates[0] if predicates else None,
        value=values[0] if values else None,
        opaque=any(each.opaque for each in found),
    )


def _all(piece: Piece) -> Condition:
    """Answer a condition that holds where two do: errors of some classes, and not of others."""
    match sorted(piece.parts(), key=lambda each: each.name != "retry_if_exception_type"):
        case [wanted, other] if wanted.name == "retry_if_exception_type" and other.name in UNWANTED:
            unwanted = _first(other)
            if unwanted is not None and not unwanted.listed:
                wants, not_wants = tested("error", _types(_first(wanted))), tested("error", unwanted.text)
                return Condition(classes=(EXCEPTION,), error=f"lambda error: {wants} and not {not_wants}")
        case _:
            pass
    raise Refused("ML206", "conditions that must all hold are combined", piece.node)
