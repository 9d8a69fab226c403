"""What a legacy library offers, as plain values: the model of the symbol tables.

Rules: a table is data alone and is importable without the library. Defaults stand as source text, because some are
functions of the library. Tests compare each table with the library itself.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from mulligan._value import Value

__all__ = ["Kind", "Library", "Parameter", "Passing", "Symbol", "Unit"]

Unit: TypeAlias = Literal["", "s", "ms"]
Passing: TypeAlias = Literal["either", "keyword", "rest", "keywords"]
Kind: TypeAlias = Literal[
    "decorator", "call", "class", "exception", "wait", "jitter", "stop", "predicate", "value", "switch"
]


class Parameter(Value, kw_only=False):
    """One parameter of a legacy function.

    Args:
        name: its name.
        default: its default as source text, `None` where it is required.
        unit: "s" or "ms" where it is a length of time.
        field: the policy field or schedule argument that takes its place, "" where there is none.
        passing: "either" by position or by keyword, "keyword" only, or "rest" and "keywords" for `*a` and `**k`.
        note: what to know when it is migrated, as a sentence; "" where there is nothing.
    """

    name: str
    default: str | None = None
    unit: Unit = ""
    field: str = ""
    passing: Passing = "either"
    note: str = ""


class Symbol(Value, kw_only=False):
    """One public name of a legacy library.

    Args:
        name: the name in its module.
        kind: what it is.
        parameters: in the order of the signature.
        module: the module that defines it, as it is imported: `retry.api`.
        modern: what takes its place in mulligan, as source text; "" where nothing does.
        note: what to know when it is migrated, as a sentence.

    >>> Symbol("fibo", "wait", (Parameter("max_value", "None", "s", "cap"),), "backoff").takes("max_value").field
    'cap'
    """

    name: str
    kind: Kind
    parameters: tuple[Parameter, ...]
    module: str
    modern: str = ""
    note: str = ""

    def takes(self, name: str) -> Parameter:
        """Answer the parameter of this name.

        Raises:
            KeyError: when there is none.
        """
        for parameter in self.parameters:
            if parameter.name == name:
                return parameter
        raise KeyError(name)


class Library(Value):
    """A legacy library.

    Args:
        name: the name that code imports.
        distributions: the distributions that bring it, the original first.
        versions: the versions that the table was checked against.
        unit: the unit of its numbers.
        modules: every module that code may import, the library's own first.
        symbols: every public name.
        shim: the module of mulligan that serves its interface, "" where there is none.
        quirks: what surprises people, each a sentence.
    """

    name: str
    distributions: tuple[str, ...]
    versions: tuple[str, ...]
    unit: Unit
    modules: tuple[str, ...]
    symbols: tuple[Symbol, ...]
    shim: str = ""
    quirks: tuple[str, ...] = ()

    def symbol(self, name: str) -> Symbol:
        """Answer the symbol of this name.

        Raises:
            KeyError: when there is none.
        """
        for symbol in self.symbols:
            if symbol.name == name:
                return symbol
        raise KeyError(name)
