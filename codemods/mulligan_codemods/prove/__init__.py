"""The proof: old and new code interpreted side by side, in every world of injected faults.

Rules: nothing of the scanned text is imported, compiled or executed. What is outside the interpreted grammar is
`Unsupported`, what exceeds the bounds is `Undecided`; `Proved` names what it rests on.
"""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

from mulligan_codemods.collector import PROVING, collected_at
from mulligan_codemods.prove.result import (
    Assumption,
    Differs,
    Proof,
    Proved,
    Step,
    Undecided,
    Unsupported,
)

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

__all__ = ["Assumption", "Differs", "Proof", "Proved", "Step", "Undecided", "Unsupported", "prove"]


def prove(
    before: str,
    after: str,
    *,
    qualname: str,
    policies: Mapping[str, str],
    module: str | None = None,
    package: bool = False,
    max_worlds: int = 20_000,
    max_steps: int = 500_000,
    seconds: float = 120.0,
) -> Proof:
    """Answer whether one function of two module texts does the same, in all worlds.

    Args:
        before: the module's text as it was, with LF line ends.
        after: the rewritten text.
        qualname: the function, such as `Client.fetch` or `outer.<locals>.inner`; `<module>` for module-level code.
        policies: text of each module from which `after` imports policies, by the name it imports it under.
        module: the module's own dotted name, where it is known; relative imports are resolved with it.
        package: whether the module is a package's `__init__`.
        max_worlds: bound on the worlds followed.
        max_steps: bound on the statements and expressions interpreted, in all worlds together.
        seconds: bound on the processor time, for what the other two don't hold.

    Returns:
        `Proved`, `Differs`, `Unsupported` or `Undecided`.
    """
    from mulligan_codemods.prove.search import Limits, Search  # noqa: PLC0415 -- as above
    from mulligan_codemods.prove.texts.region import find_region  # noqa: PLC0415 -- as above
    from mulligan_codemods.prove.texts.relevant import relevant  # noqa: PLC0415 -- as above
    from mulligan_codemods.prove.texts.scopes import read_module  # noqa: PLC0415 -- as above
    from mulligan_codemods.prove.values.effects import Refused  # noqa: PLC0415 -- a scan proves nothing

    try:
        with _uncollected():
            modules = read_module(before, module, package=package), read_module(after, module, package=package)
        with _out_of_the_way():
            region = find_region(*modules, qualname)
            if region is None:
                return Proved(assumptions=(), differences=(), worlds=0, seconds=0.0)
            limits = Limits(max_worlds, max_steps, seconds)
            return Search(region, modules, relevant(policies, region), limits).prove()
    except Refused as refused:
        return Unsupported(
            code=refused.code,
            message=refused.message,
            line=refused.line,
            column=refused.column,
            in_new=refused.in_new,
        )
    except (SyntaxError, RecursionError, ValueError) as error:
        return Unsupported(code="ML408", message=f"the text can't be read: {error}", line=0, column=0)


@contextmanager
def _uncollected() -> Generator[None]:
    """Collect no garbage while texts are read: their trees stay, and to walk them as they grow takes longer."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@contextmanager
def _out_of_the_way() -> Generator[None]:
    """Keep the collector from walking the trees of a large file, and from looking for the garbage of each world."""
    gc.freeze()
    try:
        with collected_at(PROVING):
            yield
    finally:
        gc.unfreeze()
