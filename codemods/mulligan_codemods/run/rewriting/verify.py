"""Check a rewrite without trusting what wrote it.

Rules: the new text parses, and each statement stands where Python allows it; outside the function (or the statements)
of the site, the imports and the definition of its policy the syntax tree is the old one; an import that went away
bound nothing that is still read; the loop itself is gone; no string became another one when its lines were moved. The
first violation is answered as a sentence.
"""

from __future__ import annotations

import ast
import warnings
from typing import TYPE_CHECKING

from mulligan_codemods.files.source import Source, Unreadable, cut
from mulligan_codemods.find import MODULE, find
from mulligan_codemods.run.rewriting.placement import misplaced
from mulligan_codemods.site import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mulligan_codemods.site import Site

__all__ = ["violation"]

Import = ast.Import | ast.ImportFrom
Function = ast.FunctionDef | ast.AsyncFunctionDef
Scope = ast.Module | ast.ClassDef | Function


def violation(before: str, after: str, site: Site, policy: str) -> str | None:
    """Say what is wrong with the rewrite of `site`, a site of `before`, or `None`.

    Args:
        before: the module's text.
        after: the rewritten text.
        site: the site.
        policy: the name of its policy, which the new text may import or define.
    """
    if site.kind is Kind.LOOP:
        return _loop_violation(before, after, site, policy)
    from mulligan_codemods import libraries  # noqa: PLC0415 -- most files hold no use of a library

    return libraries.violation(before, after, site)


def _loop_violation(before: str, after: str, site: Site, policy: str) -> str | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            old, new = ast.parse(before), ast.parse(after)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return f"the new text does not parse: {error}"
    wrong = misplaced(new) if misplaced(old) is None else None
    if wrong is not None:
        return f"the new text is no valid Python: {wrong}"
    if _stays(before, after, site):
        return "the loop is still there"
    lost = _lost_names(old, new)
    if lost:
        return f"an import that is still needed was removed: {', '.join(sorted(lost))}"
    moved = _moved_strings(_spaced_strings(old), _spaced_strings(new))
    if moved:
        return f"a string over several lines would change: {min(moved)!r}"
    _drop_new_policy(old, new, policy)
    return _elsewhere(old, new, site)


def _stays(before: str, after: str, site: Site) -> bool:
    loop = cut(before, site.span)
    return _occurrences(after, site, loop) >= _occurrences(before, site, loop) > 0


def _occurrences(text: str, site: Site, loop: str) -> int:
    found = find(Source(path=site.path, data=text.encode(), text=text, encoding="utf-8"))
    if isinstance(found, Unreadable):
        return 0
    return sum(each.qualname == site.qualname and cut(text, each.span) == loop for each in found)


def _imports(tree: ast.Module) -> dict[str, str]:
    """Answer what every import anywhere binds, with what it is."""
    return {
        (alias.asname or alias.name.split(".")[0]): ast.dump(node)
        for node in ast.walk(tree)
        if isinstance(node, Import)
        for alias in node.names
    }


def _lost_names(old: ast.Module, new: ast.Module) -> set[str]:
    """Answer names that an import of `old` bound, that none of `new` binds, and that are still read."""
    gone = _imports(old).keys() - _imports(new).keys()
    read = {node.id for node in ast.walk(new) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    return gone & (read | _exported(new))


def _spaced_strings(tree: ast.Module) -> set[str]:
    """Answer the strings that moving lines could change: those with a line's end or with blanks side by side."""
    texts = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    readable = (text.decode("latin-1") if isinstance(text, bytes) else text for text in texts)
    return {text for text in readable if isinstance(text, str) and ("\n" in text or "  " in text)}


def _moved_strings(old: set[str], new: set[str]) -> set[str]:
    """Answer the strings that are old ones but for their blanks; what else is new, the proof reads."""
    words = {tuple(text.split()) for text in old}
    return {text for text in new - old if tuple(text.split()) in words}


def _exported(tree: ast.Module) -> set[str]:
    return {
        item.value
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign)
        and any(isinstance(part, ast.Name) and part.id == "__all__" for part in ast.walk(node))
        for item in ast.walk(node)
        if isinstance(item, ast.Constant) and isinstance(item.value, str)
    }


def _elsewhere(old: ast.Module, new: ast.Module, site: Site) -> str | None:
    before, after = _scopes(old, site.qualname), _scopes(new, site.qualname)
    if not before or len(before) != len(after):
        return f"{site.qualname} is defined {len(before)} times before and {len(after)} times after"
    for one, other in zip(before, after, strict=True):
        if isinstance(one, Function) and isinstance(other, Function):
            one.body, other.body = [ast.Pass()], [ast.Pass()]
            one.decorator_list, other.decorator_list = [], []
        else:
            _cut_difference(one, other, site.span.line)
    _drop_imports(old)
    _drop_imports(new)
    return None if ast.dump(old) == ast.dump(new) else f"code outside {site.qualname} would change"


def _scopes(tree: ast.Module, qualname: str) -> list[Scope]:
    return [tree] if qualname == MODULE else [scope for name, scope in _named(tree, "") if name == qualname]


def _named(node: ast.AST, prefix: str) -> Iterator[tuple[str, Scope]]:
    for child in ast.iter_child_nodes(node):
        match child:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield prefix + name, child
                yield from _named(child, f"{prefix}{name}.<locals>.")
            case ast.ClassDef(name=name):
                yield prefix + name, child
                yield from _named(child, f"{prefix}{name}.")
            case ast.stmt() | ast.excepthandler() | ast.match_case():
                yield from _named(child, prefix)
            case _:
                pass


def _cut_difference(old: Scope, new: Scope, line: int) -> None:
    """Cut from both bodies the changed statements, where those of `old` may belong to the loop.

    These are the loop itself, assignments before it, and raises and conditions behind it.
    """
    _drop_imports(old)
    _drop_imports(new)
    one, other = [ast.dump(each) for each in old.body], [ast.dump(each) for each in new.body]
    begin = 0
    while begin < min(len(one), len(other)) and one[begin] == other[begin]:
        begin += 1
    end = 0
    while end < min(len(one), len(other)) - begin and one[-1 - end] == other[-1 - end]:
        end += 1
    changed = old.body[begin : len(one) - end]
    if all(_belongs(each, line) for each in changed):
        old.body[begin : len(one) - end] = []
        new.body[begin : len(other) - end] = []


def _belongs(statement: ast.stmt, line: int) -> bool:
    if (statement.end_lineno or statement.lineno) < line:
        return isinstance(statement, ast.Assign | ast.AnnAssign)
    return statement.lineno <= line or isinstance(statement, ast.Raise | ast.If)


def _drop_new_policy(old: ast.Module, new: ast.Module, policy: str) -> None:
    """Drop the definition of the policy from `new`, unless `old` binds the name too."""
    if not any(_defines(each, policy) for each in old.body):
        new.body[:] = [each for each in new.body if not _defines(each, policy)]


def _defines(statement: ast.stmt, name: str) -> bool:
    match statement:
        case ast.Assign(targets=[ast.Name(id=target)]) | ast.AnnAssign(target=ast.Name(id=target)):
            return target == name
        case _:
            return False


def _drop_imports(scope: Scope) -> None:
    scope.body[:] = [each for each in scope.body if not isinstance(each, Import)]
