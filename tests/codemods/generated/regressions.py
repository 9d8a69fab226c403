"""Loops whose rewrites were once offered as safe although they did something else.

Rules: one entry a bug, the smallest text that showed it, named after what the rewrite changed.
"""

from __future__ import annotations

from tests.codemods.generated.loops import PRELUDE
from tests.codemods.generated.model import Loop, Number

__all__ = ["REGRESSIONS"]


def _function(body: str, *parameters: tuple[str, Number]) -> Loop:
    return Loop(text=PRELUDE + "\n\n" + body.strip("\n") + "\n", parameters=parameters)


REGRESSIONS: dict[str, Loop] = {
    "unbound value after the last failure": _function(
        """
def work(url, client, delay):
    for _ in range(2):
        try:
            value = client.fetch(url, *PARTS)
        except (OSError, Broken):
            time.sleep(random.uniform(0, delay))
        else:
            break
    finish(value)
""",
        ("delay", Number.DELAY),
    ),
}
