"""What is retried: exception classes, and predicates on errors and on values.

Rules: a predicate that is nothing but `isinstance` becomes the classes; any other is kept as the code spells it, made
to answer a bool where it may answer something else.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mulligan_codemods.libraries.reading.dictionaries import bindings_of
from mulligan_codemods.libraries.refusal import Refused
from mulligan_codemods.lowered import ErrorClass, Origin
from mulligan_codemods.names import Imported, dotted, read_names

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mulligan_codemods.libraries.reading.arguments import Argument
    from mulligan_codemods.libraries.reading.place import Place

__all__ = [
    "EXCEPTION",
    "Errors",
    "classes",
    "classes_of",
    "is_bool",
    "negated",
    "predicate",
    "predicate_text",
    "says_bool",
    "tested",
]

SUBJECTS = frozenset({"error", "subject", "value", "asked"})
"""The parameters of the lambdas that are written here."""

EXCEPTION = ErrorClass(text="Exception", origin=Origin.BUILTIN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Errors:
    """Which errors are retried.

    Args:
        classes: those of these classes; with a predicate, what it is asked about at most.
        predicate: the predicate's text; `None` where the classes alone decide.
        opaque: whether the predicate may be true for anything.
    """

    classes: tuple[ErrorClass, ...]
    predicate: str | None = None
    opaque: bool = False


def classes(argument: Argument) -> tuple[ErrorClass, ...]:
    """Answer the classes that an argument names."""
    if argument.listed and not isinstance(argument.node, ast.Tuple | ast.Name | ast.Attribute):
        return (ErrorClass(text=argument.text, origin=Origin.LOCAL),)
    if argument.listed and argument.place.names.resolve(argument.node) is None:
        return (ErrorClass(text=argument.text, origin=Origin.LOCAL),)
    return classes_of(argument.place, argument.node)


def classes_of(place: Place, expression: ast.expr) -> tuple[ErrorClass, ...]:
    """Answer the classes that an expression names."""
    parts = expression.elts if isinstance(expression, ast.Tuple) else [expression]
    return tuple(dict.fromkeys(_class(place, each) for each in parts))


def _class(place: Place, expression: ast.expr) -> ErrorClass:
    text, path = place.source(expression), dotted(expression)
    text = text if "\n" not in text else ast.unparse(expression)
    if path is None:
        return ErrorClass(text=text, origin=Origin.LOCAL)
    root = path.partition(".")[0]
    match place.names.binding(root):
        case Imported(module=module, attribute=attribute, certain=True) if root not in place.names.local:
            return ErrorClass(text=text, origin=Origin.IMPORTED, module=module, attribute=attribute, bound=root)
        case None if path == root and place.resolve(expression):
            return ErrorClass(text=text, origin=Origin.BUILTIN)
        case _ if root in place.names.local:
            return ErrorClass(text=text, origin=Origin.LOCAL)
        case _:
            return ErrorClass(text=text, origin=Origin.MODULE, bound=root)


def predicate(argument: Argument) -> Errors:
    """Answer what a predicate on errors retries."""
    node = argument.node
    if isinstance(node, ast.Lambda) and not argument.listed:
        found = _tested(argument.place, node.body, _parameter(node))
        if found is not None:
            return Errors(classes=tuple(dict.fromkeys(found)))
    return Errors(classes=(EXCEPTION,), predicate=predicate_text(argument), opaque=not isinstance(node, ast.Lambda))


def _parameter(node: ast.Lambda) -> str:
    arguments = [*node.args.posonlyargs, *node.args.args]
    return arguments[0].arg if len(arguments) == 1 else ""


def tested(subject: str, types: str) -> str:
    """Answer the test whether a lambda's parameter is of some types.

    Raises:
        Refused: the parameter hides one of them.
    """
    if subject in read_names([ast.parse(types, mode="eval")]):
        raise Refused("ML221", f"`{subject}` would hide the class of that name")
    return f"isinstance({subject}, {types})"


def _tested(place: Place, body: ast.expr, error: str) -> Iterable[ErrorClass] | None:
    """Answer the classes that a condition tests an error for, if that is all it does."""
    match body:
        case ast.Call(func=ast.Name(id="isinstance"), args=[ast.Name(id=name), types], keywords=[]) if name == error:
            return classes_of(place, types)
        case ast.BoolOp(op=ast.Or(), values=values):
            found = [_tested(place, each, error) for each in values]
            return None if None in found else [each for part in found for each in part or ()]
        case _:
            return None


def predicate_text(argument: Argument) -> str:
    """Answer a predicate that answers `True` or `False`, whatever the code's own answers."""
    node = argument.node
    if isinstance(node, ast.Lambda) and not argument.listed:
        if is_bool(node.body):
            return _one_line(argument.text, node)
        head = ast.unparse(node.args)
        return f"lambda {head}: bool({_one_line(argument.place.source(node.body), node.body)})"
    if says_bool(argument):
        return argument.text
    bound, name = _bound(argument)
    return f"lambda subject{bound}: bool({name}(subject))"


def negated(argument: Argument, subject: str = "error", *, types: str = "") -> str:
    """Answer the opposite of a predicate.

    Args:
        argument: the predicate.
        subject: what its parameter is to be called, unless it is a lambda that has a name for it.
        types: the classes that an error must be of besides; empty for any.
    """
    node = argument.node
    if isinstance(node, ast.Lambda) and not argument.listed:
        parameters, asked = ast.unparse(node.args), _one_line(argument.place.source(node.body), node.body)
        asked = asked if isinstance(node.body, ast.Name | ast.Attribute | ast.Call) else f"({asked})"
        subject = next((each.arg for each in (*node.args.posonlyargs, *node.args.args)), "")
    else:
        bound, name = _bound(argument)
        parameters, asked = f"{subject}{bound}", f"{name}({subject})"
    if not types:
        return f"lambda {parameters}: not {asked}"
    if not subject:
        raise Refused("ML206", "what the predicate is asked about has no name", node)
    return f"lambda {parameters}: {tested(subject, types)} and not {asked}"


def _bound(argument: Argument) -> tuple[str, str]:
    """Answer how a lambda comes by a predicate: by its name, or by a default that is evaluated once, as it was."""
    if argument.listed or _is_steady(argument):
        return "", argument.text
    return f", asked={_one_line(argument.text, argument.node)}", "asked"


def _is_steady(argument: Argument) -> bool:
    """Tell whether the inside of a lambda sees what an expression is, and that it stays so."""
    path = dotted(argument.node)
    if path is None:
        return False
    root, place = path.partition(".")[0], argument.place
    if root in SUBJECTS:
        return False
    if root not in place.names.local:
        return True
    in_class = isinstance(place.around[-1], ast.ClassDef)
    return path == root and not in_class and len([*bindings_of(place, root)]) < 2


def _one_line(text: str, node: ast.expr) -> str:
    return text if "\n" not in text else ast.unparse(node)


def is_bool(found: ast.expr) -> bool:
    """Tell whether an expression is sure to be a bool."""
    match found:
        case ast.Compare() | ast.UnaryOp(op=ast.Not()) | ast.Constant(value=bool()):
            return True
        case ast.BoolOp(values=values):
            return all(map(is_bool, values))
        case ast.Call(func=ast.Name(id="isinstance" | "issubclass" | "bool" | "any" | "all" | "hasattr" | "callable")):
            return True
        case _:
            return False


def says_bool(argument: Argument) -> bool:
    """Tell whether a name is a function of its module that says that it answers a bool."""
    name = dotted(argument.node)
    for node in argument.place.tree.body:
        match node:
            case ast.FunctionDef(name=found, returns=ast.Name(id="bool"), decorator_list=[]) if found == name:
                return True
            case _:
                continue
    return False
