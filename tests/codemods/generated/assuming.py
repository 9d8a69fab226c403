"""Which fault scripts respect the assumptions that a proof printed.

Rules: what an assumption says of a number is evaluated for the script's numbers, those that a call changes included;
what can't be evaluated rules the script out.
"""

from __future__ import annotations

import re
import types
from typing import TYPE_CHECKING

from tests.codemods.generated.faults import FAMILIES, Script
from tests.codemods.generated.model import Loop, Number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mulligan_codemods.prove.result import Assumption

__all__ = ["respects"]

UNCHANGED = " is not changed by the call"


def respects(script: Script, loop: Loop, assumptions: Sequence[Assumption]) -> bool:
    """Say whether a script respects all assumptions."""
    return all(_respects(script, loop, assumption) for assumption in assumptions)


def _respects(script: Script, loop: Loop, assumption: Assumption) -> bool:
    match assumption.code:
        case "count" | "delay":
            condition = assumption.text.replace("≥", ">=")
            return all(_holds(condition, _renamed(loop, names)) for names in _numbers(script, loop))
        case "unchanged":
            path = assumption.text.removesuffix(UNCHANGED)
            return not any(change.attribute in path for change in script.changes)
        case "ordinary":
            return "BaseException" not in FAMILIES[script.family].values()
        case "lookup" | "logging":
            return True
        case _:
            return False


def _numbers(script: Script, loop: Loop) -> Iterator[dict[str, object]]:
    given: dict[Number, float] = {Number.COUNT: script.count, Number.DELAY: script.delay}
    attributes: dict[str, object] = {name: given[kind] for name, kind in loop.attributes}
    parameters: dict[str, object] = {name: given[kind] for name, kind in loop.parameters}
    yield {**parameters, "self": types.SimpleNamespace(**attributes)}
    for change in script.changes:
        changed = attributes | {change.attribute: change.value}
        yield {**parameters, "self": types.SimpleNamespace(**changed)}


def _renamed(loop: Loop, names: dict[str, object]) -> dict[str, object]:
    """Add the variables that are other names of the script's numbers, such as `limit = self.retries`."""
    found = dict(names)
    for name, source in re.findall(r"^ +(\w+) = (self\.[a-z]+|[a-z]+)$", loop.text, re.MULTILINE):
        parts = source.split(".")
        value = found.get(parts[0])
        for part in parts[1:]:
            value = getattr(value, part, None)
        if value is not None:
            found.setdefault(name, value)
    return found


def _holds(condition: str, names: dict[str, object]) -> bool:
    try:
        return bool(eval(condition, {}, names))  # noqa: S307 -- made of our own texts
    except (NameError, AttributeError, SyntaxError):
        return False
