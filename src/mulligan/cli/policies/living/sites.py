"""Where policies are used, as another package finds it: the runtime never imports the codemods.

Rules: a finder comes by the entry point group `mulligan.call_sites`. It is a function from paths to rows of policy,
path, line and qualified name.
"""

from __future__ import annotations

from importlib.metadata import entry_points
from typing import TYPE_CHECKING, TypeAlias, cast

from mulligan._value import Value
from mulligan.cli.installing import install_hint
from mulligan.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

__all__ = ["CallSite", "call_sites"]

GROUP = "mulligan.call_sites"
Finder: TypeAlias = "Callable[[Sequence[str]], Sequence[tuple[str, str, int, str]]]"


class CallSite(Value):
    """One place that uses a policy."""

    policy: str
    path: str
    line: int
    qualname: str


def call_sites(paths: tuple[Path, ...]) -> tuple[CallSite, ...]:
    """Answer where policies are used below some paths.

    Args:
        paths: files and folders.

    Raises:
        ConfigError: when no finder is installed.
    """
    found = [finder for each in entry_points(group=GROUP) for finder in [_loaded(each.load)]]
    if not found:
        raise ConfigError("--sites", str(paths[0]), "finding call sites needs more: pip install 'mulligan[codemod]'")
    rows = [row for finder in found for row in finder([path.as_posix() for path in paths])]
    sites = (CallSite(policy=policy, path=path, line=line, qualname=name) for policy, path, line, name in rows)
    return tuple(sorted(sites, key=lambda site: (site.policy, site.path, site.line)))


def _loaded(load: Callable[[], object]) -> Finder:
    try:
        return cast("Finder", load())  # the group's contract says what it is
    except ImportError as error:
        raise ConfigError("--sites", "", install_hint("finding call sites", error)) from None
