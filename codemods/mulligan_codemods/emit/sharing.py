"""One constant for a policy that several calls of a file spell alike, where it can't live in the central module.

Rules: only policies that a run has just written, of numbers and of classes that the module imports or defines before
them, so that they mean the same when it is imported; the constant stands behind those. What would change more than
that is left as it is.
"""

from __future__ import annotations

import ast
import builtins
from collections import defaultdict
from itertools import takewhile
from typing import TYPE_CHECKING

from mulligan_codemods.central.importing import is_central
from mulligan_codemods.central.naming import named
from mulligan_codemods.emit.policy import policy_expression
from mulligan_codemods.lowered import Lowered
from mulligan_codemods.names import Imported, module_names
from mulligan_codemods.texts.layout import layout_of
from mulligan_codemods.texts.wrapping import called

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from mulligan_codemods.site import Site

__all__ = ["with_shared_policies"]

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def with_shared_policies(text: str, sites: Sequence[Site], width: int) -> str:
    """Give policies that several calls spell alike one constant.

    Args:
        text: a module whose sites were rewritten.
        sites: those sites, as they were.
        width: the longest line.
    """
    groups: dict[str, list[Site]] = defaultdict(list)
    for site in sites:
        if isinstance(site.lowered, Lowered) and not is_central(site.path, site.lowered):
            groups[_normal(policy_expression(site.lowered, None))].append(site)
    for policy, members in groups.items():
        text = _shared(text, policy, members, width) if len(members) > 1 else text
    return text


def _normal(expression: str) -> str:
    return ast.unparse(ast.parse(expression, mode="eval"))


def _shared(text: str, policy: str, sites: Sequence[Site], width: int) -> str:
    tree, layout = ast.parse(text), layout_of(text)
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node) == policy]
    line = _line_behind(tree, policy)
    if line is None or len(calls) < 2 or any(_top_line(tree, call) <= line for call in calls):
        return text
    taken = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} | set(module_names(tree))
    (naming,) = named([sites], taken)
    new = text
    for span in sorted((layout.span(call) for call in calls), key=lambda span: (-span.line, -span.column)):
        begin, end = layout.starts[span.line - 1] + span.column, layout.starts[span.end_line - 1] + span.end_column
        new = _joined(f"{new[:begin]}{naming.constant}{new[end:]}", span.line, width)
    lines = new.split("\n")
    gap = [""] if lines[line - 1][:1].strip() else ["", ""]
    lines[line:line] = [*gap, *_definition(policy, naming.constant, width)]
    new = "\n".join(lines)
    return new if _means_the_same(text, new, naming.constant, policy) else text


def _line_behind(tree: ast.Module, policy: str) -> int | None:
    """Answer the last line of what a policy reads and of the imports; `None` where it reads anything else."""
    bound = module_names(tree)
    read = {node.id for node in ast.walk(ast.parse(policy)) if isinstance(node, ast.Name)}
    leading = takewhile(lambda each: not isinstance(each, Definition), tree.body)
    needed: list[ast.stmt] = [each for each in leading if any(map(_is_import, ast.walk(each)))]
    for name in read:
        found = bound.get(name)
        if found is None and hasattr(builtins, name):
            continue
        binding = next((each for each in tree.body if found is not None and each.lineno == found.line), None)
        if not isinstance(binding, ast.ClassDef) and not (isinstance(found, Imported) and found.certain):
            return None
        needed += [binding] if binding is not None else []
    return max((each.end_lineno or each.lineno for each in needed), default=None)


def _is_import(node: ast.AST) -> bool:
    return isinstance(node, ast.Import | ast.ImportFrom)


def _top_line(tree: ast.Module, node: ast.expr) -> int:
    """Answer the first line of the module's statement that a node stands in, decorators included."""
    statement = next(each for each in tree.body if node.lineno <= (each.end_lineno or each.lineno))
    return min(statement.lineno, node.lineno)


def _joined(text: str, line: int, width: int) -> str:
    """Put a call whose arguments stand on lines of their own on one line, where it fits."""
    lines = text.split("\n")
    opened, margin = lines[line - 2], _indent(lines[line - 2])
    last = next((at for at in range(line, len(lines)) if _indent(lines[at]) == margin), line)
    inner = lines[line - 1 : last]
    if not opened.endswith("(") or any(_indent(each) != f"{margin}    " for each in inner):
        return text
    arguments = " ".join(each.strip() for each in inner).removesuffix(",")
    whole = f"{opened}{arguments}{lines[last].strip()}"
    if lines[last].lstrip().startswith(")") and len(whole) <= width:
        lines[line - 2 : last + 1] = [whole]
    return "\n".join(lines)


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _definition(policy: str, constant: str, width: int) -> Iterable[str]:
    made = ast.parse(policy, mode="eval").body
    keywords = made.keywords if isinstance(made, ast.Call) else []
    return called(f"{constant} = Policy", [ast.unparse(each) for each in keywords], "", width)


def _means_the_same(before: str, after: str, constant: str, policy: str) -> bool:
    """Tell whether a text is the other one with the policy in the constant's place."""
    tree = ast.parse(after)
    defined = [each for each in tree.body if isinstance(each, ast.Assign) and ast.unparse(each.targets[0]) == constant]
    if len(defined) != 1 or ast.unparse(defined[0].value) != policy:
        return False
    tree.body.remove(defined[0])
    return ast.unparse(_Put(constant, policy).visit(tree)) == ast.unparse(ast.parse(before))


class _Put(ast.NodeTransformer):
    """Puts a policy in the place of its constant."""

    def __init__(self, constant: str, policy: str) -> None:
        self._constant = constant
        self._policy = policy

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """Answer what a name stands for."""
        return ast.parse(self._policy, mode="eval").body if node.id == self._constant else node
