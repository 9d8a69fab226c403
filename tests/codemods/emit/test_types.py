"""A typed file stays clean under both type checkers when its loops are rewritten."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.codemods.rewriting import rewrite

ROOT = Path(__file__).parents[3]
HEAD = '''\
"""A typed module."""

from __future__ import annotations

import asyncio
import logging
import time

log = logging.getLogger(__name__)


class Busy(Exception):
    """Too many at once."""

    status: int = 503


class Page:
    """What is fetched."""

    text: str = ""


def get(url: str, *, timeout: float = 1.0) -> Page: return Page()


async def aget(url: str) -> Page: return Page()


'''
LOOPS = {
    "decorator": """
def fetch(url: str) -> Page:
    for attempt in range(4):
        try:
            return get(url, timeout=3)
        except OSError:
            if attempt == 3:
                raise
            time.sleep(2**attempt)
    raise AssertionError
""",
    "execute with symbolic parameters": """
class Client:
    def __init__(self, retries: int, delay: float) -> None:
        self.retries = retries
        self.delay = delay

    def fetch(self, url: str) -> Page:
        for attempt in range(self.retries):
            try:
                return get(url)
            except OSError as error:
                if attempt == self.retries - 1:
                    raise
                log.warning("%s: %s", url, error)
                time.sleep(self.delay)
        raise AssertionError
""",
    "function with values": """
def fetch(url: str) -> str:
    tries = 0
    while True:
        try:
            page = get(url)
            size = 1
            break
        except (OSError, ValueError) as error:
            tries += 1
            if tries == 4:
                raise RuntimeError(url) from error
            time.sleep(1)
    return page.text * size
""",
    "asynchronous": """
async def fetch(url: str) -> Page:
    for attempt in range(3):
        try:
            return await aget(url)
        except OSError:
            if attempt == 2:
                raise
            log.info("attempt %d", attempt + 1)
            log.info("again")
            await asyncio.sleep(0.5)
    raise AssertionError
""",
    "predicate": """
def fetch(url: str) -> Page:
    tries = 0
    while True:
        try:
            return get(url)
        except Busy as error:
            if error.status != 503:
                raise
            tries += 1
            if tries >= 5:
                raise
            time.sleep(1)
""",
    "falls through": """
def send(url: str) -> bool:
    for _ in range(3):
        try:
            get(url)
            return True
        except OSError:
            time.sleep(1)
    return False
""",
    "saved": """
def fetch(url: str) -> Page:
    last: Exception | None = None
    for _ in range(3):
        try:
            return get(url)
        except OSError as error:
            last = error
            time.sleep(1)
    raise RuntimeError(url) from last
""",
    "block": """
def fetch(url: str) -> Page:
    for attempt in range(4):
        try:
            return get(url)
        except OSError:
            if attempt == 3:
                raise
        log.info("attempt %d", attempt + 1)
        time.sleep(1)
    raise AssertionError
""",
    "after the sleep": """
def fetch(url: str) -> Page:
    for attempt in range(4):
        try:
            return get(url)
        except OSError as error:
            if attempt == 3:
                raise
            time.sleep(1)
            log.info("attempt %d: %s", attempt + 1, error)
    raise AssertionError
""",
    "deadline": """
def fetch(url: str) -> Page:
    end = time.monotonic() + 60
    while True:
        try:
            return get(url)
        except OSError:
            if time.monotonic() >= end:
                raise
            time.sleep(1)
""",
}


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Give the modules as they were, and rewritten with their policies."""
    before, after = tmp_path_factory.mktemp("before"), tmp_path_factory.mktemp("after")
    for number, loop in enumerate(LOOPS.values()):
        name = f"case_{number}"
        text = HEAD.replace("return Page()", "...") + loop.lstrip("\n")
        text = text.replace(": ...", ":\n    return Page()")
        (before / f"{name}.py").write_text(text)
        found = rewrite(text)
        assert found.emitted
        assert not found.refused
        (after / f"{name}.py").write_text(found.text.replace("app.retry_policies", f"policies_{number}"))
        (after / f"policies_{number}.py").write_text(found.policies)
    return before, after


def output_of_checker(arguments: list[str], folder: Path, **environment: str) -> str:
    """Give what a type checker prints; without errors it exits with 0, with errors with 1, and nothing else will do."""
    done = subprocess.run(  # noqa: S603 -- our own arguments
        [sys.executable, "-m", *arguments],
        cwd=folder,
        env={**os.environ, **environment},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode in (0, 1), done.stdout + done.stderr
    assert done.stdout, f"{arguments[0]} printed nothing: {done.stderr}"
    return done.stdout


def complaints_of_mypy(folder: Path) -> list[str]:
    command = ["mypy", "--strict", "--config-file=", f"--cache-dir={folder / '.cache'}", "."]
    printed = output_of_checker(command, folder, MYPYPATH=str(ROOT / "src"))
    return [line for line in printed.split("\n") if ": error:" in line and line.startswith(("case", "pol"))]


def complaints_of_pyright(folder: Path) -> list[str]:
    settings = {"extraPaths": [str(ROOT / "src")], "typeCheckingMode": "strict", "reportUnusedImport": "none"}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings))
    printed = output_of_checker(["pyright", "--outputjson", "-p", str(folder)], folder)
    return [
        f"{each['file']}:{each['range']['start']['line']} {each['message']}"
        for each in json.loads(printed)["generalDiagnostics"]
    ]


def test_both_checkers_find_nothing_before_nor_after(folders: tuple[Path, Path]) -> None:
    for folder in folders:
        assert complaints_of_mypy(folder) == []
        assert complaints_of_pyright(folder) == []
