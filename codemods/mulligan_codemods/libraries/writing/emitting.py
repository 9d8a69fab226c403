"""From `Adopted` to the module's new text: the expression, and the imports.

Rules: the expression alone is replaced; its comments are kept above the statement, but for those to tools; where a name
of mulligan means something else in the module, it is spelled `mulligan.retry`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mulligan_codemods.central.homes import module_name
from mulligan_codemods.central.importing import is_central
from mulligan_codemods.central.render import fixed_fields, joined, mulligan_names, symbolic_fields
from mulligan_codemods.emit.central import spelled
from mulligan_codemods.emit.emitter import Emitted, binds_any_name, freed_names, taken_name
from mulligan_codemods.files.source import offsets, parsed
from mulligan_codemods.files.width import line_length
from mulligan_codemods.lowered import Adopted
from mulligan_codemods.site import Form, Reason
from mulligan_codemods.texts.imports import with_imports, without_imports
from mulligan_codemods.texts.wrapping import WIDTH, called

if TYPE_CHECKING:
    from mulligan_codemods.site import Site

__all__ = ["emit"]

TO_TOOLS = re.compile(r"#\s*(type:|noqa|pragma|pylint|pyright|nosec|fmt:|isort:|mypy:)", re.IGNORECASE)
FORMS = {"execute": Form.EXECUTE, "execute_async": Form.EXECUTE, "Execution": Form.EXECUTE, "attempts": Form.ATTEMPTS}


def emit(text: str, site: Site, policy: str, policies_module: str) -> Emitted | Reason:
    """Rewrite a use.

    Args:
        text: the module that the site was recognised in.
        site: one with an `Adopted`.
        policy: the name of its policy's constant.
        policies_module: the absolute name of the central policies module.
    """
    adopted = site.lowered
    if not isinstance(adopted, Adopted):
        return site.reason or Reason(code="ML250", message="nothing is known of this use", span=site.span)
    tree = parsed(text)
    if binds_any_name(tree):
        return Reason(code="ML223", message="a star import may bind any name", span=site.span)
    central = is_central(site.path, adopted)
    needed = _needed(adopted, central=central)
    hidden = frozenset(name for name in needed if taken_name(tree, [("mulligan", name)]) is not None)
    others = [*adopted.imports]
    if central:
        others.append((spelled(tree, site.path, policies_module), policy))
    taken = taken_name(tree, others) or (taken_name(tree, [("", "mulligan")]) if hidden else None)
    if taken is not None:
        return Reason(code="ML223", message=f"`{taken}` means something else in this module", span=site.span)
    expression = _policy(adopted, policy, hidden, central=central)
    new = _replaced(text, site, adopted, expression, hidden)
    names = [*(("mulligan", name) for name in sorted(needed - hidden)), *others]
    own = (module_name(site.path) or "").partition(".")[0] or policies_module.partition(".")[0]
    new = with_imports(new, names, ["import mulligan"] if hidden else [], own=own)
    dropped = tuple(each for each in adopted.comments if TO_TOOLS.match(each))
    freed = freed_names(tree, [adopted.region])
    form = FORMS.get(adopted.maker, Form.DECORATOR)
    return Emitted(text=without_imports(new, freed), form=form, dropped=dropped)


def _needed(adopted: Adopted, *, central: bool) -> set[str]:
    """Answer the names of mulligan that the new expression uses."""
    policy = set[str]() if central else {"Policy", *mulligan_names(adopted.parameters, fixed=True)}
    maker = {adopted.maker} - {name for _, name in adopted.imports}
    return {*maker, *policy, *mulligan_names(adopted.parameters, fixed=False)}


def _policy(adopted: Adopted, constant: str, hidden: frozenset[str], *, central: bool) -> str:
    """Answer how the use names its policy."""
    own = dict(adopted.fields)
    if not central:
        fixed = [each for each in fixed_fields(adopted.parameters, everything=True) if each[0] not in own]
        return f"{_spelled('Policy(', hidden)}{joined([*_all_spelled(fixed, hidden), *own.items()])})"
    fields = [*own.items(), *_all_spelled(symbolic_fields(adopted.parameters), hidden)]
    return f"{constant}.replace({joined(fields)})" if fields else constant


def _all_spelled(fields: list[tuple[str, str]], hidden: frozenset[str]) -> list[tuple[str, str]]:
    """Spell mulligan's names in fields that it makes; a predicate is the code's own and stays as it is."""
    return [(name, text if name == "retry_on" else _spelled(text, hidden)) for name, text in fields]


def _spelled(text: str, hidden: frozenset[str]) -> str:
    """Spell the names of mulligan that are called by their module where they mean something else in the use's."""
    for name in sorted(hidden):
        text = re.sub(rf"(?<![\w.]){name}(?=\()|^{name}$", f"mulligan.{name}", text)
    return text


def _replaced(text: str, site: Site, adopted: Adopted, policy: str, hidden: frozenset[str]) -> str:
    lines = text.split("\n")
    begin, end = offsets(text, adopted.region)
    first = lines[adopted.region.line - 1]
    indent = first[: len(first) - len(first.lstrip())]
    head = first[len(indent) : adopted.region.column]
    tail = lines[adopted.region.end_line - 1][adopted.region.end_column :]
    width = max(WIDTH, line_length(site.path, text)) - len(tail.partition("#")[0].rstrip())
    made = called(f"{head}{_spelled(adopted.maker + '(', hidden)[:-1]}", [policy, *adopted.after], indent, width)
    line = text.rfind("\n", 0, begin) + 1
    kept = [f"{indent}{each}\n" for each in adopted.comments if not TO_TOOLS.match(each)]
    return f"{text[:line]}{''.join(kept)}{chr(10).join(made)}{adopted.suffix}{text[end:]}"
