"""Retries whose old code is kept behind the flag, for the tests of staging."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mulligan_codemods.run.engine import Options, run
from mulligan_codemods.run.stages import real_stages

if TYPE_CHECKING:
    from pathlib import Path

    from mulligan_codemods.rows import Report

__all__ = ["CALL", "CASES", "HEAD", "bare", "migrated"]

CALL = """
def fetch(url):
    for attempt in range(3):
        try:
            return get(url)
        except OSError:
            if attempt == 2:
                raise
            time.sleep(1)
"""
CASES = {
    "a call": CALL.replace("def fetch(url):\n", "def fetch(url):\n    prepare()\n"),
    "a whole function, which would be decorated": CALL,
    "a local function": CALL.replace("return get(url)", "page = get(url)\n            return page.text"),
    "an execution with a hook": CALL.replace("            time", "            log.warning('again')\n            time"),
    "a method": "class Client:\n" + CALL.replace("\n", "\n    "),
    "a closure": "def outer(get):\n" + CALL.replace("\n", "\n    ") + "return fetch\n",
    "a coroutine": CALL.replace("def fetch", "async def fetch")
    .replace("return get", "return await get")
    .replace("time.sleep", "await asyncio.sleep"),
    "a value that is used afterwards": """
def fetch(url):
    for attempt in range(3):
        try:
            page = get(url)
            break
        except OSError:
            if attempt == 2:
                raise
            time.sleep(1)
    return page.text
""",
    "another error at the end": """
def fetch(url):
    for attempt in range(3):
        try:
            return get(url)
        except OSError:
            time.sleep(1)
    raise RuntimeError(url)
""",
    "a counter directly above": """
def fetch(url):
    prepare()
    tries = 0
    # until it works
    while True:
        try:
            return get(url)
        except OSError:
            tries += 1
            if tries >= 3:
                raise
            time.sleep(1)
""",
    "a counter further up": """
def fetch(url):
    tries = 0
    prepare()
    while True:
        try:
            return get(url)
        except OSError:
            tries += 1
            if tries >= 3:
                raise
            time.sleep(1)
""",
    "strings over several lines": """
def fetch(url):
    for attempt in range(3):
        try:
            page = get(url)
            return f'''{page}
  stays here
'''
        except OSError:
            if attempt == 2:
                raise
            time.sleep(1)
""",
    "two loops in a function": """
def fetch(url):
    for attempt in range(3):
        try:
            page = get(url)
            break
        except OSError:
            if attempt == 2:
                raise
            time.sleep(1)
    for trial in range(5):
        try:
            return get(page)
        except OSError:
            if trial == 4:
                raise
            time.sleep(2)
""",
}
HEAD = "import asyncio\nimport time\n\nfrom net import get, log, prepare\n\n"


def migrated(folder: Path, code: str, *, staged: bool = True, unsafe: bool = False) -> tuple[Report, str]:
    """Migrate one module, and answer the report and the module's new text."""
    path = folder / "shop" / "client.py"
    path.parent.mkdir(exist_ok=True)
    (folder / "shop" / "__init__.py").touch()
    path.write_text(code)
    report = run([str(path)], real_stages(), Options(prove=True, staged=staged, unsafe=unsafe))
    changed = {change.path: change.after.decode() for change in report.changes}
    return report, changed.get(str(path), code)


def bare(text: str) -> str:
    """Answer what a module does, without its imports."""
    tree = ast.parse(text)
    tree.body = [each for each in tree.body if not isinstance(each, ast.Import | ast.ImportFrom)]
    return ast.dump(tree)
