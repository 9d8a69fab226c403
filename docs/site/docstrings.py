"""What Griffe can't know of this code: examples without a heading, and the constructors of values.

Rules: only what is shown changes. A session that stands in a docstring becomes a fenced block. A class of values gets
the constructor that its fields stand for.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from griffe import Attribute, Class, Extension, Function, Module, Parameter, ParameterKind, Parameters

if TYPE_CHECKING:
    from collections.abc import Iterator

    from griffe import Object

__all__ = ["Docstrings", "fenced"]

SESSION: Final = re.compile(r"^>>> .*(?:\n.+)*", re.MULTILINE)
VALUE: Final = "mulligan._value.Value"


class Docstrings(Extension):
    """The extension that the settings name."""

    def on_instance(self, *, obj: Object, **_: object) -> None:
        """Fence the examples of one object."""
        if obj.docstring is not None:
            obj.docstring.value = fenced(obj.docstring.value)

    def on_package(self, *, pkg: Module, **_: object) -> None:
        """Give each class of values its constructor."""
        for each in _classes(pkg):
            if "__init__" not in each.members and any(base.path == VALUE for base in each.mro()):
                each.set_member("__init__", _constructor(each))


def fenced(text: str) -> str:
    r"""Answer a docstring with its interactive sessions in fences.

    >>> fenced("Add.\n\n>>> 1 + 1\n2")
    'Add.\n\n```pycon\n>>> 1 + 1\n2\n```'
    """
    return SESSION.sub(lambda session: f"```pycon\n{session[0]}\n```", text)


def _classes(module: Module | Class) -> Iterator[Class]:
    for member in module.members.values():
        if isinstance(member, Class):
            yield member
        if isinstance(member, Module | Class):
            yield from _classes(member)


def _constructor(of: Class) -> Function:
    lineage = [base for base in (of, *of.mro()) if base.path != VALUE]
    fields = {field.name: field for base in reversed(lineage) for field in _fields(base)}
    kind = ParameterKind.keyword_only
    if any(str(base.keywords.get("kw_only")) == "False" for base in lineage):
        kind = ParameterKind.positional_or_keyword
    given = [
        Parameter(field.name, annotation=field.annotation, kind=kind, default=field.value) for field in fields.values()
    ]
    itself = Parameter("self", kind=ParameterKind.positional_or_keyword)
    return Function("__init__", parameters=Parameters(itself, *given), parent=of, lineno=of.lineno, endlineno=of.lineno)


def _fields(of: Class) -> list[Attribute]:
    found = [
        member for member in of.members.values() if isinstance(member, Attribute) and "property" not in member.labels
    ]
    return [field for field in found if field.annotation is not None and "ClassVar" not in str(field.annotation)]
