"""The central policies as a file of settings, `policies.toml`, with a module beside it that names them.

The settings say what a policy is; the module binds each constant, `FETCH = policy("billing.fetch", beside=__file__)`,
so that type checkers know the names that code uses.

Rules: pure. What is in either file is never changed, only added to; a policy whose settings are there already is not
added again. The proof reads `as_module` of both files as they would be written: the settings are read back by
mulligan's own reader, so that what is proved is what the file says.
"""

from __future__ import annotations

import ast
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import mulligan
from mulligan import Policy
from mulligan.config import outlined
from mulligan.errors import ConfigError
from mulligan.policy import FIELDS
from mulligan_codemods.central.homes import SETTINGS_NAME
from mulligan_codemods.texts.imports import with_imports

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence
    from typing import Never

    from mulligan_codemods.central.policies import Entry, PolicyBook
    from mulligan_codemods.site import Site

__all__ = ["SettingsBook", "as_module"]

HEADER = (
    f'"""The retry policies of this package by name; what they say stands in {SETTINGS_NAME}, beside this file."""\n'
)
PLAIN = Policy(retry_on=OSError)
"""A policy that says nothing but what is retried: what differs from it is written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsBook:
    """The policies of some sites, kept in a file of settings.

    Args:
        book: the policies, as for a module.
        module: the module's text as it is; empty where there is none.
        settings: the file's text as it is; empty where there is none.
        package: the package around both, which relative imports start from.
    """

    book: PolicyBook
    module: str
    settings: str
    package: str = ""

    def name_for(self, site: Site) -> str:
        """Answer the name of the constant that the rewrite of `site` uses."""
        return self.book.name_for(site)

    def limited_to(self, sites: Sequence[Site]) -> SettingsBook:
        """Answer the book with those policies only that `sites` use."""
        return replace(self, book=self.book.limited_to(sites))

    def render(self, existing: str | None) -> str:  # noqa: ARG002 -- both texts are known already
        """Answer what the module stands for: each constant with what the settings say of it."""
        return as_module(*self.texts())

    def texts(self) -> tuple[str, str]:
        """Answer the texts of the module and of the settings with the policies of this book.

        What settings can't say (a delay that mulligan refuses, say) is defined in the module, as without settings.
        """
        known = {policy.name: _key(policy) for policy in outlined(self.settings)}
        settings, bindings = self.settings, list[tuple[str, str]]()
        defined: list[Entry] = []
        for entry in self.book.entries:
            table = None if entry.known else self._table(entry)
            if table is None:
                defined += [] if entry.known else [entry]
                continue
            key = _key(outlined(_headed(entry.name, table))[0])
            name = next((other for other, each in known.items() if each == key), None)
            if name is None:
                name = _free(entry.name, known)
                known[name] = key
                settings = f"{settings.rstrip()}\n\n{_headed(name, table)}".lstrip("\n")
            bindings.append((entry.constant, name))
        module = replace(self.book, entries=tuple(defined)).render(self.module or HEADER) if defined else self.module
        return _bound(module, bindings), settings

    def _table(self, entry: Entry) -> str | None:
        """Write the settings of one policy; `None` where they can't be."""
        try:
            lines = [f"retry_on = {json.dumps(list(_exceptions(entry, self.package)))}"]
            lines += [f"{field} = {written_value(field, text)}" for field, text in entry.fields if field != "retry_on"]
            table = "".join(f"{line}\n" for line in lines)
            outlined(_headed(entry.name, table))
        except (ConfigError, ValueError):
            return None
        return table


def _headed(name: str, table: str) -> str:
    return f"[policies.{json.dumps(name)}]\n{table}"


def _free(name: str, taken: Container[str]) -> str:
    number, found = 1, name
    while found in taken:
        number += 1
        found = f"{name}.{number}"
    return found


def _bound(module: str, bindings: Sequence[tuple[str, str]]) -> str:
    if not bindings:
        return module
    text = with_imports(module or HEADER, [("mulligan.config", "policy")], [])
    lines = [f"{constant} = policy({json.dumps(name)}, beside=__file__)\n" for constant, name in bindings]
    gap = "\n" if _ends_with_binding(text) else "\n\n"
    return f"{text.rstrip()}{gap}{''.join(lines)}"


def _ends_with_binding(text: str) -> bool:
    body = ast.parse(text).body
    return bool(body) and _binding(body[-1]) is not None


def written_value(field: str, text: str) -> str:
    """Write the value of a field as TOML, given its source."""
    if field == "schedule":
        return json.dumps(text)
    if text == "UNLIMITED":
        return '"unlimited"'
    return json.dumps(ast.literal_eval(text))


def _exceptions(entry: Entry, package: str) -> Iterator[str]:
    """Answer the classes of an entry as settings name them: a builtin, or `module:Class`."""
    homes = dict(home for statement in entry.imports for home in _homes(statement, package))
    retry_on = ast.parse(dict(entry.fields)["retry_on"], mode="eval").body
    for node in retry_on.elts if isinstance(retry_on, ast.Tuple) else [retry_on]:
        text = ast.unparse(node)
        bound = max((each for each in homes if text == each or text.startswith(f"{each}.")), key=len, default=None)
        if bound is None:
            yield text
            continue
        module, attributes = homes[bound]
        yield f"{module}:{'.'.join([*attributes, *text[len(bound) :].strip('.').split('.')]).strip('.')}"


def _homes(statement: str, package: str) -> Iterator[tuple[str, tuple[str, tuple[str, ...]]]]:
    """Answer what an import binds: the text that names it, its module, and the attributes inside."""
    for node in ast.parse(statement).body:
        match node:
            case ast.Import(names=names):
                yield from ((alias.asname or alias.name, (alias.name, ())) for alias in names)
            case ast.ImportFrom(module=None, names=names, level=level):
                above = _above(package, level)
                yield from ((alias.asname or alias.name, (f"{above}{alias.name}", ())) for alias in names)
            case ast.ImportFrom(module=str() as module, names=names, level=level):
                home = f"{_above(package, level)}{module}" if level else module
                yield from ((alias.asname or alias.name, (home, (alias.name,))) for alias in names)
            case _:
                continue


def _above(package: str, level: int) -> str:
    """Answer what a relative import of this many dots begins with, the dot at its end included."""
    parts = package.split(".")[: len(package.split(".")) - level + 1]
    return "".join(f"{part}." for part in parts)


def as_module(module: str, settings: str) -> str:
    r"""Answer a module that says by itself what `module` says by its settings.

    Args:
        module: the module that names the policies; empty where there is none.
        settings: the file beside it.

    >>> print(as_module('A = policy("a", beside=__file__)', '[policies.a]\nretry_on = "OSError"'))
    from mulligan import Policy
    from mulligan.config import define
    <BLANKLINE>
    A = define(Policy(name='a', retry_on=(OSError,)))
    """
    policies = {policy.name: policy for policy in outlined(settings)}
    lines = module.split("\n")
    needed: set[tuple[str, str]] = set()
    statements: list[str] = []
    for statement in reversed(ast.parse(module).body):
        binding = _binding(statement)
        if binding is None or binding[1] not in policies or policies[binding[1]].judges_values:
            continue
        policy = policies[binding[1]]
        lines[statement.lineno - 1 : statement.end_lineno] = [f"{binding[0]} = define({_written(policy)})"]
        needed |= {("mulligan.config", "define"), ("mulligan", "Policy"), *_names(policy)}
        statements += _imports(policy)
    text = "\n".join(lines)
    return with_imports(text, sorted(needed), sorted(set(statements))) if needed else text


def _binding(statement: ast.stmt) -> tuple[str, str] | None:
    """Answer the constant and the policy that a statement binds it to."""
    match statement:
        case ast.Assign(
            targets=[ast.Name(id=constant)],
            value=ast.Call(func=ast.Name(id="policy"), args=[ast.Constant(value=str() as name)]),
        ):
            return constant, name
        case _:
            return None


def _key(policy: Policy[Never]) -> object:
    """Answer what tells policies apart besides their names; stand-ins for classes are told apart by theirs."""
    fields = tuple(repr(getattr(policy, field)) for field in FIELDS if field not in {"name", "retry_on"})
    return frozenset(map(_class, policy.retry_types)), callable(policy.retry_on), fields


def _class(found: type[BaseException]) -> tuple[str, str]:
    return found.__module__, found.__qualname__


def _written(policy: Policy[Never]) -> str:
    classes = [_class_text(found) for found in policy.retry_types]
    fields = [("name", repr(policy.name)), ("retry_on", f"({', '.join(classes)},)")]
    values = ((field, getattr(policy, field)) for field in FIELDS if field not in {"name", "retry_on"})
    fields += [(field, repr(value)) for field, value in values if value != getattr(PLAIN, field)]
    return f"Policy({', '.join(f'{field}={text}' for field, text in fields)})"


def _class_text(found: type[BaseException]) -> str:
    module, name = _class(found)
    return name if module == "builtins" else f"{module}.{name}"


def _imports(policy: Policy[Never]) -> list[str]:
    return [f"import {found.__module__}" for found in policy.retry_types if found.__module__ != "builtins"]


def _names(policy: Policy[Never]) -> set[tuple[str, str]]:
    """Answer the names of mulligan that a policy's text uses."""
    tree = ast.parse(_written(policy), mode="eval")
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return {("mulligan", name) for name in names if name in mulligan.__all__}
