"""What things are called after: the policy of a loop, and a function that holds the operation.

Rules: pure; a name says what is tried, in the words of the code: the function around the loop, else the call that is
tried, else the class. Words that only say that something is tried again are left out.
"""

from __future__ import annotations

import ast
import builtins
import re
from typing import TYPE_CHECKING

from mulligan_codemods.names import Function, bound_names, dotted, own_nodes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mulligan_codemods.recognise.loops.place import Place
    from mulligan_codemods.recognise.reading.reading import Reading

__all__ = ["operation_name", "stem_of", "telling"]

GENERIC = re.compile(
    r"(wrap\w*|inner\w*|\w*decorat\w*|call|do_?call|run|main|init|execute|f|fn|g|func\w*|method\w*|callable|callback"
    r"|handler|target|task|action|operation|op|block|thunk|test\w*|do|invoke|apply|process|handle|work|worker|loop|new"
    r"|enter|next|self|obj|it)",
    re.IGNORECASE,
)
"""Names that say nothing about what is tried."""

AGAIN = re.compile(
    r"^(re_?try(ing)?|try|attempt(_to)?)_|_?(with|and|until)?_?(re_?tr(y|ies|ying|ied)|back_?off|attempts?)$"
)
"""What a name says only of the trying."""

VAGUE = frozenset(
    {"call", "check", "create", "delete", "describe", "execute", "fetch", "find", "get", "list", "load", "open"}
    | {"patch", "post", "put", "query", "read", "request", "run", "send", "submit", "update"}
)
"""Verbs that say more with their object."""

LOGGING = frozenset({"debug", "info", "warning", "warn", "error", "exception", "critical", "log", "print"})


def stem_of(place: Place, reading: Reading) -> str:
    """Answer what a loop's policy is for: its function's name, else what it calls, else the class around it.

    Nothing (an empty text) where none of them says anything.
    """
    functions = [node.name for node in reversed(place.ancestors) if isinstance(node, Function)]
    classes = [node.name for node in reversed(place.ancestors) if isinstance(node, ast.ClassDef)]
    made = classes[:1] if functions[:1] == ["__init__"] else []
    called = [call.rpartition(".")[2] for call in _calls(reading.anatomy.attempt.body)]
    stems = (telling(name) for name in (*made, *functions, *called, *classes))
    return next((stem for stem in stems if stem), "")


def operation_name(reading: Reading, body: Sequence[ast.stmt], values: Sequence[str], stem: str) -> str:
    """Answer what a function that holds these statements is called.

    Args:
        reading: the loop.
        body: the statements of an attempt.
        values: the names that are read behind it.
        stem: what the loop's policy is called after.
    """
    taken = reading.place.names.module.keys() | _names_in(reading.place.scope)
    found = _named_after(list(_calls(body)), values)
    if found and found not in taken and not hasattr(builtins, found):
        return found
    return f"{stem}_once" if stem else "attempt"


def _named_after(calls: list[str], values: Sequence[str]) -> str | None:
    """Answer the one call's name, with its object where the verb alone says little."""
    if len(calls) != 1:
        return None
    verb = telling(calls[0].rpartition(".")[2])
    if verb in VAGUE and len(values) == 1 and len(values[0]) > 2:
        return f"{verb}_{values[0]}"
    return verb if len(verb) > 2 and verb not in VAGUE - {"post", "submit"} else None


def telling(name: str) -> str:
    """Answer what a name says beyond the trying; nothing where it is a word for anything."""
    stem = AGAIN.sub("", AGAIN.sub("", _snake(name)))
    return "" if not stem or GENERIC.fullmatch(stem) else stem


def _snake(name: str) -> str:
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    return re.sub(r"_+", "_", spaced).strip("_").lower()


def _calls(body: Sequence[ast.stmt]) -> Iterator[str]:
    """Yield the dotted names of the calls that do the work: no logging, no builtins, nothing on their answers."""
    bound = bound_names(body)
    calls = [node for node in own_nodes(body) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        path = dotted(call.func)
        if path is None or path.partition(".")[0] in bound:
            continue
        name = path.rpartition(".")[2]
        builtin = path == name and hasattr(builtins, name)
        if not builtin and name not in LOGGING and not name[:1].isupper():
            yield path


def _names_in(scope: ast.AST) -> set[str]:
    return {node.id for node in ast.walk(scope) if isinstance(node, ast.Name)}
