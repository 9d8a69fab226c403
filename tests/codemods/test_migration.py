"""The real stages together: small packages are migrated on disk."""

from __future__ import annotations

import json
import subprocess
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result
from mulligan_codemods.cli import migrate, scan

if TYPE_CHECKING:
    from pathlib import Path

    import click

CLIENT = dedent(
    '''
    """A client."""

    import time

    import requests


    class Client:
        def fetch(self, url):
            for attempt in range(3):
                try:
                    return requests.get(url)
                except ConnectionError:
                    if attempt == 2:
                        raise
                    time.sleep(1)

        # what comes between stays as it is
        label = 'élan'   ;  other = (1,
             2)

        def push(self, item):
            while True:
                try:
                    return requests.post(item)
                except ConnectionError:
                    time.sleep(5)


    def poll(url):
        failures = 0
        while True:
            try:
                return requests.get(url)
            except ConnectionError:
                failures += 1
                if failures >= 3:
                    raise
                time.sleep(1)
    '''
).lstrip()


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give an empty package in the working folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "__init__.py").touch()
    return tmp_path / "shop"


def called(command: click.Command, *arguments: str) -> Result:
    return CliRunner().invoke(command, arguments, catch_exceptions=False)


def statuses(command: click.Command, *arguments: str) -> list[str]:
    report = json.loads(called(command, "--format", "json", *arguments).stdout)
    return [site["status"] for site in report["sites"]]


def test_a_scan_finds_candidates_and_migrate_proves_them(shop: Path) -> None:
    (shop / "client.py").write_text(CLIENT)
    assert statuses(scan, "shop") == ["candidate"] * 3
    assert statuses(migrate, "shop") == ["safe"] * 3


def test_all_sites_of_a_file_are_written_and_nothing_is_left(shop: Path) -> None:
    (shop / "client.py").write_text(CLIENT)
    assert called(migrate, "--write", "shop").exit_code == 0
    text = (shop / "client.py").read_text()
    assert "time" not in text.replace("import time", "") or "sleep" not in text
    assert "    label = 'élan'   ;  other = (1,\n         2)\n" in text
    assert "from shop.retry_policies import" in text
    again = called(migrate, "shop")
    assert (again.exit_code, again.stdout) == (0, "")
    assert called(migrate, "--check", "shop").exit_code == 0


@pytest.mark.parametrize(("folder", "dots"), [("", "."), ("web/", "..")])
def test_a_file_with_relative_imports_imports_its_policies_relatively(shop: Path, folder: str, dots: str) -> None:
    """The proofs find them, the policies are written, and a second run adds nothing."""
    (shop / "web").mkdir()
    (shop / "web" / "__init__.py").touch()
    (shop / folder / "client.py").write_text(
        CLIENT.replace("import requests\n", "import requests\n\nfrom . import x\n")
    )
    assert statuses(migrate, "shop") == ["safe"] * 3
    assert called(migrate, "--write", "shop").exit_code == 0
    assert f"from . import x\nfrom {dots}retry_policies import " in (shop / folder / "client.py").read_text()
    assert "CLIENT_PUSH = " in (shop / "retry_policies.py").read_text()
    assert called(migrate, "--check", "shop").exit_code == 0


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(("start", "encoding"), [(b"", "utf-8"), (b"\xef\xbb\xbf", "utf-8"), (b"", "latin-1")])
def test_bytes_outside_the_rewrite_stay_as_they_are(shop: Path, end: str, start: bytes, encoding: str) -> None:
    cookie = "# coding: latin-1\n" if encoding == "latin-1" else ""
    data = start + (cookie + CLIENT).rstrip("\n").replace("\n", end).encode(encoding)
    (shop / "client.py").write_bytes(data)
    diff = called(migrate, "shop").stdout_bytes
    assert called(migrate, "--write", "shop").exit_code == 0
    written = (shop / "client.py").read_bytes()
    assert written.startswith(start + cookie.replace("\n", end).encode())
    assert written.decode(encoding).count(end) == len(written.decode(encoding).splitlines()) - 1
    assert not written.endswith(end.encode())
    assert f"label = 'élan'   ;  other = (1,{end}         2){end}".encode(encoding) in written
    (shop / "client.py").write_bytes(data)
    (shop / "retry_policies.py").unlink()
    git = ["git", "apply", "-"]
    subprocess.run(git, cwd=shop.parent, input=diff, check=True)  # noqa: S603 -- the machine's git
    assert (shop / "client.py").read_bytes() == written


def test_a_second_migration_extends_the_policies_module(shop: Path) -> None:
    (shop / "client.py").write_text(CLIENT)
    called(migrate, "--write", "shop")
    before = (shop / "retry_policies.py").read_text()
    (shop / "late.py").write_text(CLIENT.replace("ConnectionError", "TimeoutError"))
    called(migrate, "--write", "shop")
    after = (shop / "retry_policies.py").read_text()
    assert "TimeoutError" in after
    assert [line for line in before.splitlines() if "import" not in line and line not in after.splitlines()] == []
    assert statuses(migrate, "shop") == []
