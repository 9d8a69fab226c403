"""The command `mulligan`, which is an extra: without it, this says what to install."""

from __future__ import annotations

import sys
from importlib.util import find_spec

__all__ = ["main"]


def main() -> None:
    """Run the command line; exit with 2 and a hint where its extra isn't installed."""
    missing = [name for name in ("click", "rich") if find_spec(name) is None]
    if missing:
        sys.stderr.write(f"mulligan's command line needs {' and '.join(missing)}: pip install 'mulligan[cli]'\n")
        raise SystemExit(2)
    from mulligan.cli.commands import commands  # noqa: PLC0415 - imported after the check that it can be

    commands(prog_name="mulligan")


if __name__ == "__main__":
    main()
