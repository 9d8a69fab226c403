"""What moves legacy code at run time: shims for dead retry libraries and a team's own helper, behind one flag.

- `mulligan.compat.retrying`, `.retry` and `.backoff`: the interfaces of three dead libraries on mulligan's engine.
- `helper(engine=...)`: a team's own helper, likewise.
- `install("backoff")`: those served under the libraries' own names.
- `legacy_here(site)`: whether a staged site still runs its old code; `either(site, ...)`: a decorator in both ways.
- `mulligan.compat.flag`: `MULLIGAN_MODE`, read when a site runs.
- `mulligan.compat.symbols`: what the legacy libraries offer, as plain values.
- `mulligan.compat.callbacks`: decorators of migrated code that keep a library's callbacks.

Behind the shims stand `engine` (their decisions) and `narration` (their events); where an original runs, `modes`,
`originals`, `shadow` and `divergence`.

Rules: nothing below imports this package. Importing it imports the flag and nothing else, because
staged sites do so in production; what is served here besides is imported when it is first asked for.
"""

from typing import TYPE_CHECKING

from mulligan.compat.flag import Mode, mode_of
from mulligan.compat.staged import either, legacy_here

if TYPE_CHECKING:
    from mulligan.compat.divergence import Diverged, SiteSummary, listen, summary
    from mulligan.compat.interception import install
    from mulligan.compat.own_helper import helper
else:
    from mulligan import _later

    __getattr__, __dir__ = _later.served(
        globals(),
        {
            "Diverged": "divergence",
            "SiteSummary": "divergence",
            "helper": "own_helper",
            "install": "interception",
            "listen": "divergence",
            "summary": "divergence",
        },
    )

__all__ = [
    "Diverged",
    "Mode",
    "SiteSummary",
    "either",
    "helper",
    "install",
    "legacy_here",
    "listen",
    "mode_of",
    "summary",
]
