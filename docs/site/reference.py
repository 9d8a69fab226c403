"""What the reference documents: which modules are public, and the page of each.

Rules:
- A module right below `mulligan` is public unless `INTERNAL` says why not, and so is every module of a package of
  adapters. `LISTED` gives the order, and names the public modules further down.
- A name that several modules export is documented once, at home: in the public module that defines it. The others
  link there.
"""

from __future__ import annotations

import inspect
import pkgutil
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from docs.site.constants import described

if TYPE_CHECKING:
    from types import ModuleType

__all__ = ["INTERNAL", "home", "module_page", "names", "public_modules"]

LISTED: Final = (
    "mulligan",
    "mulligan.policy",
    "mulligan.schedules",
    "mulligan.classifiers",
    "mulligan.classify",
    "mulligan.guards",
    "mulligan.presets",
    "mulligan.pipeline",
    "mulligan.events",
    "mulligan.outcome",
    "mulligan.decision",
    "mulligan.errors",
    "mulligan.clock",
    "mulligan.config",
    "mulligan.observe",
    "mulligan.explain",
    "mulligan.testing",
    "mulligan.testing.strategies",
    "mulligan.compat",
    "mulligan.compat.callbacks",
    "mulligan.compat.divergence",
    "mulligan.compat.symbols",
    "mulligan.compat.retrying",
    "mulligan.compat.retry",
    "mulligan.compat.backoff",
)
"""The public modules, in the order in which a reader meets them."""

ADAPTERS: Final = ("mulligan.integrations",)
"""Packages of which every module is public: each adapts one other library."""

INTERNAL: Final = {
    "mulligan.audience": "what tells listeners; mulligan.observe and Pipeline take them",
    "mulligan.cli": "the command: its page is made from its help",
    "mulligan.executors": "what it offers is exported by mulligan",
    "mulligan.seed": "where executors take their seed from",
}
"""Modules right below `mulligan` that are no one's to import, and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A public name: what a module calls it, and the module whose page documents it."""

    name: str
    module: str
    home: str
    about: str


def public_modules() -> tuple[str, ...]:
    """Answer the modules that have a page, in order."""
    found = (*LISTED, *_below("mulligan"), *(each for package in ADAPTERS for each in (package, *_below(package))))
    return tuple(dict.fromkeys(module for module in found if _exports(module)))


def names(module: str) -> tuple[Name, ...]:
    """Answer what a module exports."""
    return tuple(
        Name(
            name=name,
            module=module,
            home=home(name, module),
            about=summary(_value(module, name)) or _first(described(module, name)),
        )
        for name in _exports(module)
    )


def home(name: str, module: str) -> str:
    """Answer the public module that documents a name of `module`."""
    value = _value(module, name)
    makers = [other for other in public_modules() if name in _exports(other)]
    same = [other for other in makers if _value(other, name) is value]
    made_in = f"{getattr(value, '__module__', '')}."
    inside = [other for other in same if other != "mulligan" and made_in.startswith(f"{other}.")]
    return max(inside, key=len, default=next((other for other in same if other != "mulligan"), module))


def summary(value: object) -> str:
    """Answer the first sentence of a docstring, on one line; nothing where a value has none of its own."""
    own = inspect.isclass(value) or inspect.isroutine(value) or inspect.ismodule(value)
    return _first(inspect.getdoc(value) or "") if own else ""


def _first(text: str) -> str:
    return " ".join(text.partition("\n\n")[0].split())


def module_page(module: str) -> str:
    """Answer the Markdown of a module's page."""
    found = names(module)
    own = [each for each in found if each.home == module]
    lines = [f"# {module}\n", f"{summary(import_module(module))}\n", "| name | what it is |", "|---|---|"]
    lines.extend(f"| [`{each.name}`][{each.home}.{each.name}] | {_cell(each.about)} |" for each in found)
    lines.extend(f"\n::: {module}.{each.name}" for each in own)
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _below(package: str) -> list[str]:
    if find_spec(package) is None:
        return []
    modules = pkgutil.iter_modules(import_module(package).__path__, f"{package}.")
    return [each.name for each in modules if "._" not in each.name and each.name not in INTERNAL]


def _exports(module: str) -> list[str]:
    exported: list[str] = [] if find_spec(module) is None else getattr(import_module(module), "__all__", [])
    return exported


def _value(module: str, name: str) -> object:
    found: ModuleType = import_module(module)
    value: object = getattr(found, name)
    return value
