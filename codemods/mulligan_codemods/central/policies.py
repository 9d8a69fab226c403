"""The central policies module: which sites share a policy, what it is called, and the module's text.

Rules: sites with equal parameters share one policy, named after what they have in common; a name once given in an
existing module stays; what is already there is never changed, only added to.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mulligan_codemods.central.importing import central_import, is_central
from mulligan_codemods.central.naming import Naming, named
from mulligan_codemods.central.render import fixed_fields, is_literal, mulligan_names
from mulligan_codemods.lowered import Origin, Parameters, Symbol, Understood
from mulligan_codemods.texts.imports import with_imports

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mulligan_codemods.site import Site

__all__ = ["PolicyBook", "assign"]

HEADER = '"""The retry policies of this package, all in one place."""\n'


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One policy.

    Args:
        constant: the name of the constant.
        name: the name that operators and events know it by.
        fields: its keyword arguments as source.
        imports: the import statements that they need.
        mulligan: the names of mulligan that they need.
        known: whether the existing module defines it already.
    """

    constant: str
    name: str
    fields: tuple[tuple[str, str], ...]
    imports: tuple[str, ...]
    mulligan: frozenset[str]
    known: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyBook:
    """The policies of some sites.

    Args:
        names: the constant's name by path and first line of each site.
        entries: the policies of the central module.
    """

    names: dict[tuple[str, int, str], str]
    entries: tuple[Entry, ...]

    def name_for(self, site: Site) -> str:
        """Answer the name of the constant that the rewrite of `site` uses."""
        return self.names[_key(site)]

    def limited_to(self, sites: Sequence[Site]) -> PolicyBook:
        """Answer the book with those policies only that `sites` use; names stay."""
        names = {key: self.names[key] for key in map(_key, sites)}
        used = frozenset(names.values())
        return PolicyBook(names=names, entries=tuple(entry for entry in self.entries if entry.constant in used))

    def render(self, existing: str | None) -> str:
        """Answer the central module's text with the policies of this book, given what it holds now."""
        added = [entry for entry in self.entries if not entry.known]
        if not added:
            return HEADER if existing is None else existing
        text = HEADER if existing is None else existing.rstrip("\n") + "\n"
        needed = [("mulligan", name) for entry in added for name in sorted(entry.mulligan)]
        needed += [("mulligan", "Policy"), ("mulligan.config", "define")]
        text = with_imports(text, sorted(set(needed)), [each for entry in added for each in entry.imports])
        return text.rstrip("\n") + "\n\n" + "\n".join(_definition(entry) for entry in added)


def assign(sites: Sequence[Site], existing: str | None = None) -> PolicyBook:
    """Give the sites with equal parameters one policy.

    Args:
        sites: those that are to be rewritten; the others are left out.
        existing: the central module's text, where there is one.
    """
    lowered = [(site, site.lowered) for site in sites if site.lowered is not None]
    shared: dict[object, list[tuple[Site, Understood]]] = {}
    for site, each in lowered:
        if is_central(site.path, each):
            shared.setdefault(_cluster(site, each.parameters), []).append((site, each))
    entries = _entries([*shared.values()], existing)
    names: dict[tuple[str, int, str], str] = {}
    for members, entry in zip(shared.values(), entries, strict=True):
        names |= {_key(site): entry.constant for site, _ in members}
    for site, each in lowered:
        names.setdefault(_key(site), _own_name(site, each))
    return PolicyBook(names=names, entries=entries)


def _entries(clusters: Sequence[Sequence[tuple[Site, Understood]]], existing: str | None) -> tuple[Entry, ...]:
    """Answer the policies of some clusters; a name that the existing module has for a policy stays."""
    defined = _defined(existing)
    fields = [tuple(fixed_fields(members[0][1].parameters)) for members in clusters]
    known = [defined.get(_normal(each)) for each in fields]
    added = [members for members, name in zip(clusters, known, strict=True) if name is None]
    taken = {name for members in clusters for _, lowered in members for name in lowered.globals}
    namings = iter(named([[site for site, _ in members] for members in added], set(_bound(existing)), taken))
    return tuple(
        _entry(members, each, next(namings) if name is None else Naming(constant=name, name=""), known=name is not None)
        for members, each, name in zip(clusters, fields, known, strict=True)
    )


def _key(site: Site) -> tuple[str, int, str]:
    return site.path, site.span.line, site.qualname


def _cluster(site: Site, parameters: Parameters) -> object:
    """Answer what sites have in common that share a policy."""
    classes = tuple(central_import(site.path, each) or each.text for each in parameters.retry_on)
    texts = tuple(each.text for each in parameters.retry_on)
    limit = None if isinstance(parameters.max_attempts, Symbol) else (parameters.max_attempts,)
    found = parameters.schedule if is_literal(parameters.schedule) else None
    seconds = [None if isinstance(each, Symbol) else (each,) for each in (parameters.stop_after, parameters.timeout)]
    return (frozenset(zip(classes, texts, strict=True)), limit, found, *seconds, parameters.on_exhausted)


def _entry(
    members: Sequence[tuple[Site, Understood]], fields: tuple[tuple[str, str], ...], naming: Naming, *, known: bool
) -> Entry:
    site, lowered = members[0]
    parameters = lowered.parameters
    imports = tuple(
        found
        for each in parameters.retry_on
        if each.origin is Origin.IMPORTED and (found := central_import(site.path, each))
    )
    return Entry(
        constant=naming.constant,
        name=naming.name,
        fields=fields,
        imports=imports,
        mulligan=frozenset(mulligan_names(parameters, fixed=True)),
        known=known,
    )


def _own_name(site: Site, lowered: Understood) -> str:
    (naming,) = named([[site]], lowered.globals)
    return naming.constant


def _definition(entry: Entry) -> str:
    fields = [("name", f'"{entry.name}"'), *entry.fields]
    body = "".join(f"        {name}={text},\n" for name, text in fields)
    return f"{entry.constant} = define(\n    Policy(\n{body}    )\n)\n"


def _bound(existing: str | None) -> Iterable[str]:
    if existing is None:
        return ()
    return [node.id for node in ast.walk(ast.parse(existing)) if isinstance(node, ast.Name)]


def _defined(existing: str | None) -> dict[str, str]:
    """Answer the policies that a module defines: what they say, and under which name."""
    found: dict[str, str] = {}
    for statement in ast.parse(existing).body if existing is not None else ():
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(args=[ast.Call(keywords=keywords)])):
                fields = [(each.arg or "", ast.unparse(each.value)) for each in keywords if each.arg != "name"]
                found.setdefault(_normal(fields), name)
            case _:
                continue
    return found


def _normal(fields: Iterable[tuple[str, str]]) -> str:
    return ", ".join(f"{name}={ast.unparse(ast.parse(text, mode='eval'))}" for name, text in sorted(fields))
