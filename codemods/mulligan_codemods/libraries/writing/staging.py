"""The rewrite of a use that keeps the old expression: both stand there, and the flag says which of them counts.

Rules: what makes a decorator becomes `either(...)`; what is evaluated when the site runs becomes a conditional
expression. What is evaluated once, when its module is imported, can't be staged.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mulligan_codemods.central.homes import module_name
from mulligan_codemods.emit.emitter import Emitted, taken_name
from mulligan_codemods.emit.staging import site_name
from mulligan_codemods.files.source import offsets, parsed
from mulligan_codemods.files.width import line_length
from mulligan_codemods.libraries.reading.place import locate
from mulligan_codemods.libraries.writing.emitting import emit
from mulligan_codemods.lowered import Adopted
from mulligan_codemods.site import Reason
from mulligan_codemods.texts.choices import ASKED, EITHER, meant_by
from mulligan_codemods.texts.fitting import fitted
from mulligan_codemods.texts.imports import with_imports
from mulligan_codemods.texts.layout import indented, layout_of

if TYPE_CHECKING:
    import ast

    from mulligan_codemods.libraries.reading.place import Place
    from mulligan_codemods.site import Site, Span

__all__ = ["emit_staged"]

COMPAT = "mulligan.compat"
AT_ONCE = frozenset({"Execution", "attempts", "execute", "execute_async"})
"""What is made where the site runs; every other maker makes a decorator."""


def emit_staged(text: str, site: Site, policy: str, policies_module: str) -> Emitted | Reason:
    """Rewrite a use, and keep the old expression behind the flag.

    Args:
        text: the module that the site was recognised in.
        site: one with an `Adopted`.
        policy: the name of its policy's constant.
        policies_module: the absolute name of the central policies module.
    """
    adopted = site.lowered
    if not isinstance(adopted, Adopted):
        return emit(text, site, policy, policies_module)
    place = locate(site.path, text, adopted.region)
    if place is None or adopted.region != site.span or not _is_staged(adopted, place):
        return Reason(
            code="ML224", message="it is made once, not when the site runs: it can't be staged", span=site.span
        )
    word = ASKED if adopted.maker in AT_ONCE else EITHER
    tree = parsed(text)
    known = meant_by(tree, word)
    if not known and taken_name(tree, [(COMPAT, word)]) is not None:
        return Reason(code="ML223", message=f"`{word}` means something else in this module", span=site.span)
    doubled, region = _doubled(text, place.node, adopted, min(known, default=word), site_name(site))
    moved = replace(site, span=region, lowered=replace(adopted, region=region))
    emitted = emit(doubled, moved, policy, policies_module)
    if isinstance(emitted, Reason):
        return emitted
    own = (module_name(site.path) or policies_module).partition(".")[0]
    new = with_imports(emitted.text, [] if known else [(COMPAT, word)], own=own)
    return replace(emitted, text=fitted(doubled, new, line_length(site.path, text)), dropped=())


def _is_staged(adopted: Adopted, place: Place) -> bool:
    return adopted.maker not in AT_ONCE or place.function is not None


def _doubled(text: str, node: ast.expr, adopted: Adopted, word: str, name: str) -> tuple[str, Span]:
    """Answer the text with the old expression standing in both places, and the second one's span."""
    layout, region = layout_of(text), adopted.region
    begin, end = offsets(text, region)
    margin = layout.indent(region.line)
    deeper = f"{margin}    "
    first, *rest = layout.fragment(node).split("\n")
    old = [first, *(indented("\n".join(rest), deeper).split("\n") if rest else [])]
    if adopted.maker in AT_ONCE:
        head = ["(", f"{deeper}{old[0]}", *old[1:], f'{deeper}if {word}("{name}")', f"{deeper}else "]
        tail = ["", f"{margin})"]
    else:
        head = [f"{word}(", f'{deeper}"{name}",', f"{deeper}legacy={old[0]}", *old[1:]]
        head = [*head[:-1], f"{head[-1]},", f"{deeper}modern="]
        tail = [",", f"{margin})"]
    opening = "\n".join(head)
    line = region.line + len(head) - 1
    column = len(head[-1])
    last = old[-1]
    end_column = column + len(last) if len(old) == 1 else len(last)
    again = replace(region, line=line, column=column, end_line=line + len(old) - 1, end_column=end_column)
    return text[:begin] + opening + "\n".join(old) + "\n".join(tail) + text[end:], again
