"""A site's rewrite that keeps the old code: both stand in the function, and the flag says which of them runs.

Rules: the old code is the old text, moved to the right and otherwise as it was; what only served it and stands directly
above it goes with it, the rest stays where it is. The new code is what an ordinary rewrite would be there, with one
exception: a function cannot carry a policy while its old code stands in it, so it calls one.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from mulligan_codemods.central.homes import module_name
from mulligan_codemods.emit.emitter import Emitted, emit, taken_name
from mulligan_codemods.files.width import line_length
from mulligan_codemods.lowered import Lowered
from mulligan_codemods.site import Reason
from mulligan_codemods.texts.fitting import fitted
from mulligan_codemods.texts.imports import with_imports
from mulligan_codemods.texts.layout import indented, layout_of
from mulligan_codemods.texts.staging import ASKED, asked_as

if TYPE_CHECKING:
    from mulligan_codemods.site import Site

__all__ = ["emit_staged", "site_name"]

COMPAT = "mulligan.compat"


def site_name(site: Site) -> str:
    """Answer what the flag knows a site by, `module:qualname`."""
    return f"{module_name(site.path) or Path(site.path).stem}:{site.qualname}"


def emit_staged(text: str, site: Site, policy: str, policies_module: str) -> Emitted | Reason:
    """Rewrite a site, and keep its old code behind the flag.

    Args:
        text: the module that the site was recognised in.
        site: one with `lowered`.
        policy: the name of its policy's constant.
        policies_module: the absolute name of the central policies module.
    """
    if not isinstance(site.lowered, Lowered):
        return emit(text, site, policy, policies_module)
    if taken_name(ast.parse(text), [(COMPAT, ASKED)]) is not None:
        return Reason(code="ML223", message=f"`{ASKED}` means something else in this module", span=site.span)
    doubled, lowered = _doubled(text, site.lowered, f"{_asked(text)}({_quoted(site_name(site))})")
    emitted = emit(doubled, replace(site, lowered=lowered), policy, policies_module)
    if isinstance(emitted, Reason):
        return emitted
    own = (module_name(site.path) or policies_module).partition(".")[0]
    wanted = [] if asked_as(ast.parse(text)) else [(COMPAT, ASKED)]
    new = with_imports(emitted.text, wanted, own=own)
    return replace(emitted, text=fitted(doubled, new, line_length(site.path, text)), dropped=())


def _asked(text: str) -> str:
    return min(asked_as(ast.parse(text)), default=ASKED)


def _quoted(name: str) -> str:
    return f'"{name}"'


def _doubled(text: str, lowered: Lowered, test: str) -> tuple[str, Lowered]:
    """Answer the text with the old code standing in both branches, and the site as it is in the second."""
    lines = text.split("\n")
    first, last = _begin(lines, lowered), lowered.region.end_line
    indent = lines[lowered.region.line - 1][: lowered.region.column]
    deeper = indent + ("\t" if "\t" in indent else "    ")
    old = indented(layout_of(text).passage(first, last), deeper).split("\n")
    region = lowered.region
    again = indented(layout_of(text).passage(region.line, last), deeper).split("\n")
    remarks = [
        f"{deeper}{line.strip()}" for line in lines[first - 1 : region.line - 1] if line.lstrip().startswith("#")
    ]
    lines[first - 1 : last] = [f"{indent}if {test}:", *old, f"{indent}else:", *remarks, *again]
    begin = first + len(old) + len(remarks) + 2
    moved = replace(region, line=begin, end_line=begin + len(again) - 1, column=len(deeper))
    return "\n".join(lines), replace(
        lowered, region=moved, removed=(), operation=lowered.plain or lowered.operation, plain=None
    )


def _begin(lines: list[str], lowered: Lowered) -> int:
    """Answer the first line of what belongs to the old code without a gap: statements that only served it."""
    begin = lowered.region.line
    served = {number for span in lowered.removed for number in range(span.line, span.end_line + 1)}
    while begin - 1 in served or (begin - 1 > 0 and _joins(lines, begin - 1, served)):
        begin -= 1
    return begin


def _joins(lines: list[str], number: int, served: set[int]) -> bool:
    """Tell whether a line is blank or a comment that stands between the loop and a statement that only served it."""
    if lines[number - 1].strip() and not lines[number - 1].lstrip().startswith("#"):
        return False
    above = next((each for each in range(number, 0, -1) if _is_code(lines[each - 1])), 0)
    return above in served


def _is_code(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")
