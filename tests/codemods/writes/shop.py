"""A file with one textbook loop, and the command on it with the real stages."""

from __future__ import annotations

from click.testing import CliRunner, Result
from mulligan_codemods.cli import migrate

LOOP = """import time

import requests


def fetch(url):
    # a comment that stays
    for attempt in range(4):
        try:
            return requests.get(url)
        except requests.ConnectionError:
            if attempt == 3:
                raise
            time.sleep(1)


LATER = "nothing"
"""

REWRITTEN = """import requests
from mulligan import retry
from retry_policies import FETCH


@retry(FETCH)
def fetch(url):
    # a comment that stays
    return requests.get(url)


LATER = "nothing"
"""


def migrated(*arguments: str) -> Result:
    """Run `mulligan migrate` in the working folder."""
    return CliRunner().invoke(migrate, ["--no-cache", *arguments], catch_exceptions=False)
