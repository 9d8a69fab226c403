"""From `Lowered` to the module's new text: choose the form, write it, edit the lines, settle the imports."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from mulligan_codemods.central.homes import module_name
from mulligan_codemods.central.importing import is_central
from mulligan_codemods.central.render import mulligan_names
from mulligan_codemods.emit.central import spelled
from mulligan_codemods.emit.classifier import verdicts
from mulligan_codemods.emit.code import Code, written
from mulligan_codemods.emit.edits import Edit, applied, deletion
from mulligan_codemods.emit.policy import policy_expression
from mulligan_codemods.files.width import line_length
from mulligan_codemods.lowered import Lowered
from mulligan_codemods.names import Imported, Literal, module_names, read_names
from mulligan_codemods.site import Form, Reason
from mulligan_codemods.texts.imports import with_imports, without_imports
from mulligan_codemods.texts.wrapping import WIDTH

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mulligan_codemods.site import Site, Span

__all__ = ["Emitted", "binds_any_name", "emit", "freed_names", "taken_name"]


EVENTS = "mulligan.events"
EXECUTORS = ("Execution", "attempts", "execute", "execute_async", "retry")


@dataclass(frozen=True, slots=True, kw_only=True)
class Emitted:
    """A module's text with one site rewritten.

    Args:
        text: the whole new text.
        form: what the site looks like now.
        dropped: comments that are lost.
        unread: constants of the module that nothing in it reads any more; other modules may.
    """

    text: str
    form: Form
    dropped: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


def emit(text: str, site: Site, policy: str, policies_module: str) -> Emitted | Reason:
    """Rewrite a site.

    Args:
        text: the module that the site was recognised in.
        site: one with `lowered`.
        policy: the name of its policy's constant.
        policies_module: the absolute name of the central policies module.
    """
    lowered = site.lowered
    if not isinstance(lowered, Lowered):
        return site.reason or Reason(code="ML201", message="nothing is known of this loop", span=site.span)
    tree = ast.parse(text)
    if binds_any_name(tree):
        return Reason(code="ML223", message="a star import may bind any name", span=site.span)
    central = is_central(site.path, lowered)
    wanted = [
        ("mulligan", name)
        for name in sorted(_policy_names(lowered, central=central) | mulligan_names(lowered.parameters, fixed=False))
    ]
    if lowered.hint is not None:
        wanted = [each for each in wanted if each[1] != "no_delay"] + verdicts(lowered)
    if central:
        wanted.append((spelled(tree, site.path, policies_module), policy))
    hidden = frozenset(name for name in EXECUTORS if taken_name(tree, [("mulligan", name)]) is not None)
    taken = taken_name(tree, wanted) or (taken_name(tree, [("", "mulligan")]) if hidden else None)
    if taken is not None:
        return Reason(code="ML223", message=f"`{taken}` means something else in this module", span=site.span)
    spelling = policy_expression(lowered, policy if central else None)
    code = written(text, lowered, spelling, hidden=hidden, width=max(WIDTH, line_length(site.path, text)))
    new = applied(text, _edits(text, lowered, code))
    needed = [(EVENTS if name == "Retrying" else "mulligan", name) for name in sorted(code.mulligan - hidden)]
    if "Retrying" in code.mulligan and taken_name(tree, [(EVENTS, "Retrying")]) is not None:
        return Reason(code="ML223", message="`Retrying` means something else in this module", span=site.span)
    names = [*wanted, *needed]
    statements = ["import mulligan"] if code.mulligan & hidden else []
    own = (module_name(site.path) or "").partition(".")[0]
    new = with_imports(new, names, statements, own=own or policies_module.partition(".")[0])
    new = without_imports(new, freed_names(tree, [lowered.region, *lowered.removed]))
    return Emitted(text=new, form=code.form, dropped=lowered.dropped, unread=_unread(tree, new))


def _unread(tree: ast.Module, new: str) -> tuple[str, ...]:
    """Answer the constants of a module whose last reader is gone."""
    constants = {name for name, bound in module_names(tree).items() if isinstance(bound, Literal)}
    return tuple(sorted((constants & read_names([tree])) - read_names([ast.parse(new)])))


def _edits(text: str, lowered: Lowered, code: Code) -> list[Edit]:
    edits = [deletion(text, span) for span in lowered.removed]
    if _opens_with_function(code):
        edits += _separation(text, lowered.region, edits)
    edits.append(Edit(first=lowered.region.line, last=lowered.region.end_line, lines=code.lines))
    if code.decorator is not None:
        edits.append(Edit(first=code.decorator_line, last=code.decorator_line - 1, lines=(code.decorator,)))
    return edits


def _opens_with_function(code: Code) -> bool:
    """Tell whether new lines begin with a local function, but for the comments above it."""
    first = next((line.lstrip() for line in code.lines if not line.lstrip().startswith("#")), "")
    return code.decorator is None and first.startswith(("def ", "async def "))


def _separation(text: str, region: Span, deletions: Sequence[Edit]) -> list[Edit]:
    """Answer the blank line that parts a local function, and the comments above it, from the statement before it."""
    gone = {number for edit in deletions for number in range(edit.first, edit.last + 1)}
    lines = text.split("\n")
    above = region.line - 1
    while above in gone or (above > 0 and lines[above - 1].lstrip().startswith("#")):
        above -= 1
    ends = {node.end_lineno for node in ast.walk(ast.parse(text)) if isinstance(node, ast.stmt)}
    return [Edit(first=above + 1, last=above, lines=("",))] if above in ends else []


def _policy_names(lowered: Lowered, *, central: bool) -> set[str]:
    return set() if central else {"Policy", *mulligan_names(lowered.parameters, fixed=True)}


def binds_any_name(tree: ast.Module) -> bool:
    """Tell whether a module holds a star import, which may bind any name."""
    return any(isinstance(node, ast.ImportFrom) and node.names[0].name == "*" for node in tree.body)


def taken_name(tree: ast.Module, names: Iterable[tuple[str, str]]) -> str | None:
    """Answer the first of some names that means something else in a module than what is to be imported.

    Args:
        tree: the module.
        names: pairs of a module and a name in it; of nothing and a name, where that is a module's own.
    """
    bound = module_names(tree)
    for module, name in names:
        found = bound.get(name)
        known = isinstance(found, Imported) and found.path == (f"{module}.{name}" if module else name)
        if not known and (found is not None or name in _spelled_names(tree)):
            return name
    return None


@lru_cache(maxsize=4)
def _spelled_names(tree: ast.Module) -> frozenset[str]:
    """Answer every name and parameter of a module."""
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Name | ast.arg)]
    return frozenset(node.id if isinstance(node, ast.Name) else node.arg for node in nodes)


def freed_names(tree: ast.Module, spans: Sequence[Span]) -> set[str]:
    """Answer the imported names that the replaced lines read, which may have been their imports' last readers."""
    read = {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and any(span.line <= node.lineno <= span.end_line for span in spans)
    }
    return {name for name in read if isinstance(module_names(tree).get(name), Imported)}
