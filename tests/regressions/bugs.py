"""Bugs of other libraries, each as two short programs: one with the original, one with mulligan.

    python -m tests.regressions.bugs

prints the table of the documentation. A program answers whether the bug shows. Rules: the original is run as its own
documentation says; where it must sleep, it sleeps for hundredths of a second.
"""

from __future__ import annotations

import importlib.metadata

from tests.regressions.breaker_bugs import BREAKER_BUGS
from tests.regressions.callable_bugs import CALLABLE_BUGS
from tests.regressions.sharing_bugs import SHARING_BUGS
from tests.regressions.time_bugs import TIME_BUGS

__all__ = ["BUGS"]

BUGS = (*CALLABLE_BUGS, *SHARING_BUGS, *TIME_BUGS, *BREAKER_BUGS)


def main() -> None:
    """Print the table."""
    print("| what happens | with | mulligan |\n|---|---|---|")  # noqa: T201
    for bug in BUGS:
        version = importlib.metadata.version(bug.library)
        shows = f"{bug.library} {version}" if bug.original() else f"no longer with {bug.library} {version}"
        print(f"| {bug.what} | {shows} | {'yes' if bug.ours() else 'no'} |")  # noqa: T201


if __name__ == "__main__":
    main()
