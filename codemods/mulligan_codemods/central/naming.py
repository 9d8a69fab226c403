"""What policies are called: constants that say what they are for, and the names that operators know them by.

One site's policy is called after its class and function; several sites' after what they share: the class, the function,
a word of their functions, the module, at last the errors that they retry. `CLIENT_FETCH` of the package `billing` is
known as `billing.client.fetch`, because two packages may run in one process.

Rules: pure; what would be called the same is told apart by its module, or by its attempts, and only then by a number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mulligan_codemods.central.homes import module_name, package_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from mulligan_codemods.lowered import Parameters
    from mulligan_codemods.site import Site

__all__ = ["Naming", "named"]

Parts = tuple[str, ...]
LONGEST = 5
"""How many words a constant may have before the class is left out."""

GENERIC = frozenset(
    {"api", "base", "common", "core", "helper", "helpers", "impl", "init", "lib", "main", "misc", "shared"}
    | {"tools", "util", "utils"}
)
"""Modules whose names say nothing about what is in them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """How code and operators call a policy."""

    constant: str
    name: str


def named(
    clusters: Sequence[Sequence[Site]], taken: Collection[str] = (), hidden: Collection[str] = ()
) -> tuple[Naming, ...]:
    """Answer what the policies of these clusters of sites are called, all of them differently.

    Args:
        clusters: the sites that share a policy, for each policy.
        taken: constants that mean something else already.
        hidden: names that mean something else in a site's module: a policy is called after the module too.
    """
    wanted = [_parts(sites) for sites in clusters]
    told = [
        _told_apart(sites, parts, _rivals(clusters, wanted, parts))
        for sites, parts in zip(clusters, wanted, strict=True)
    ]
    found: list[Naming] = []
    used = {*taken, *hidden}
    for sites, parts in zip(clusters, told, strict=True):
        longer = _without_repetition((_module(sites[0].path), *parts))
        found.append(_free(sites, longer if "_".join(parts).upper() in hidden else parts, used))
        used.add(found[-1].constant)
    return tuple(found)


def _rivals(clusters: Sequence[Sequence[Site]], wanted: Sequence[Parts], parts: Parts) -> list[Sequence[Site]]:
    return [sites for sites, other in zip(clusters, wanted, strict=True) if other == parts]


def _told_apart(sites: Sequence[Site], parts: Parts, rivals: Sequence[Sequence[Site]]) -> Parts:
    """Answer a name that tells a cluster from those that would be called the same, where something does."""
    if len(rivals) == 1:
        return parts
    if len({_module(each[0].path) for each in rivals}) == len(rivals):
        return _without_repetition((_module(sites[0].path), *parts))
    if len({_attempts(each[0]) for each in rivals}) == len(rivals):
        return tuple(part for part in (*parts, _attempts(sites[0])) if part)
    return parts


def _free(sites: Sequence[Site], parts: Parts, taken: Collection[str]) -> Naming:
    package = package_of(sites[0].path)
    number = 1
    while True:
        numbered = parts if number == 1 else (*parts, str(number))
        constant = "_".join(numbered).upper()
        if constant not in taken:
            return Naming(constant=constant, name=_dotted(package, numbered))
        number += 1


def _parts(sites: Sequence[Site]) -> Parts:
    """Answer the words for what all these sites have in common."""
    owners = {_owner(site) for site in sites}
    stems = {_stem(site) for site in sites}
    modules = {_module(site.path) for site in sites}
    if len(owners) == len(stems) == 1 and stems != {""}:
        return _shortened(_without_repetition((owners.pop(), stems.pop())))
    if len(owners) == 1 and owners != {""}:
        return (owners.pop(),)
    if len(stems) == 1 and stems != {""}:
        return (stems.pop(),)
    shared = _shared_words(stems)
    if shared:
        return (shared,)
    if len(modules) == 1 and modules != {""}:
        return (modules.pop(),)
    return _without_repetition((_shared_package(sites), _errors(_parameters(sites[0]))))


def _shortened(parts: Parts) -> Parts:
    """Leave the class out where its name and the function's are a sentence."""
    words = sum(len(part.split("_")) for part in parts)
    return parts[-1:] if words > LONGEST and "_" in parts[-1] else parts


def _dotted(package: str, parts: Parts) -> str:
    return ".".join(_without_repetition((package, *parts)))


def _without_repetition(parts: Sequence[str]) -> Parts:
    """Leave out a part that the next one begins with: `job`, `job_status` is `job_status`."""
    kept = [
        part
        for part, following in zip(parts, [*parts[1:], ""], strict=True)
        if part and not f"{following}_".startswith(f"{part}_")
    ]
    return tuple(kept) or ("retry",)


def _owner(site: Site) -> str:
    """Answer the class around a method; a function of a module has none."""
    names = [part for part in site.qualname.split(".") if part != "<locals>"]
    return _snake(next((name for name in reversed(names[:-1]) if name[:1].isupper()), ""))


def _stem(site: Site) -> str:
    return "" if site.lowered is None else _snake(site.lowered.stem)


def _module(path: str) -> str:
    """Answer the last part of a module's name that says something."""
    parts = [_snake(part) for part in (module_name(path) or "").split(".")]
    return next((part for part in reversed(parts) if part and part not in GENERIC), "")


def _shared_package(sites: Sequence[Site]) -> str:
    """Answer the innermost package around all sites, if it isn't the whole."""
    packages = [(module_name(site.path) or "").split(".")[:-1] for site in sites]
    common = [parts[0] for parts in zip(*packages, strict=False) if len(set(parts)) == 1]
    return _snake(common[-1]) if common and common[-1] != package_of(sites[0].path) else ""


def _shared_words(stems: Collection[str]) -> str:
    """Answer the words that all functions' names begin with, or end with."""
    split = [stem.split("_") for stem in stems]
    heads = [words[0] for words in zip(*split, strict=False) if len(set(words)) == 1]
    tails = [words[0] for words in zip(*(each[::-1] for each in split), strict=False) if len(set(words)) == 1]
    shared = "_".join(heads or tails[::-1])
    return shared if len(shared) > 3 else ""


def _parameters(site: Site) -> Parameters | None:
    return None if site.lowered is None else site.lowered.parameters


def _attempts(site: Site) -> str:
    limit = None if site.lowered is None else site.lowered.parameters.max_attempts
    return f"{limit}_attempts" if isinstance(limit, int) else ""


def _errors(parameters: Parameters | None) -> str:
    """Answer the word for the errors that are retried.

    >>> _errors(None)
    'any_error'
    """
    texts = [] if parameters is None else [each.text.rpartition(".")[2] for each in parameters.retry_on]
    words = [_snake(re.sub(r"(Error|Exception|Err)s?$", "", text)) for text in texts]
    if not words or not all(words) or len(words) > 2:
        return "any_error" if not words or "" in words else "transient_errors"
    return "_or_".join(words) if len(words) == 2 else f"{words[0]}_errors"


def _snake(name: str) -> str:
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    return re.sub(r"\W|__+", "_", spaced).strip("_").lower()
