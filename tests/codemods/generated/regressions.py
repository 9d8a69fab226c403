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
    "dead continue behind the last raise": _function(
        """
def work(url, client):
    tries = 0
    while True:
        try:
            return client.fetch(url)
        except OSError as e:
            if tries < 2:
                time.sleep(DELAY)
                tries += 1
                continue
            raise Exhausted('gave up') from e
            continue
"""
    ),
    "tuple within a tuple of classes": _function(
        """
def work(url, client):
    for i in range(3):
        try:
            return call(url)
        except (Timeout, (Refused, Broken)):
            if i == 2:
                raise
            time.sleep(DELAY)
"""
    ),
    "named tuple within a tuple of classes": _function(
        """
def work(url, client):
    for i in range(3):
        try:
            return call(url)
        except (Timeout, TRANSIENT):
            if i == 2:
                raise
            time.sleep(DELAY)
"""
    ),
}
