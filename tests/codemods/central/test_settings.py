"""Policies in a file of settings: what is written, that it is what was proved, and that code runs with it."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result
from mulligan_codemods.central import settings
from mulligan_codemods.central.settings import as_module
from mulligan_codemods.cli import migrate

from mulligan.config import outlined

if TYPE_CHECKING:
    from pathlib import Path

CLIENT = """\
import json
import time
from json import JSONDecodeError as Bad


def fetch(url):
    for attempt in range(4):
        try:
            return get(url)
        except (ConnectionError, json.JSONDecodeError):
            if attempt == 3:
                raise
            time.sleep(0.5)


def send(url):
    for attempt in range(5):
        try:
            return post(url)
        except Bad:
            if attempt == 4:
                raise
            time.sleep(2**attempt)


def get(url):
    raise ConnectionError(url)


def post(url):
    return url
"""
POLICIES = """\
[policies."shop.fetch"]
retry_on = ["ConnectionError", "json:JSONDecodeError"]
schedule = "constant(0.5)"
max_attempts = 4

[policies."shop.send"]
retry_on = ["json:JSONDecodeError"]
schedule = "exponential(1)"
max_attempts = 5
"""
MODULE = '''\
"""The retry policies of this package by name; what they say stands in policies.toml, beside this file."""

from mulligan.config import policy

FETCH = policy("shop.fetch", beside=__file__)
SEND = policy("shop.send", beside=__file__)
'''


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "client.py").write_text(CLIENT)
    return folder


def run(*arguments: str) -> Result:
    return CliRunner().invoke(migrate, ["--no-cache", *arguments], catch_exceptions=False)


def test_the_settings_and_the_names_are_written(shop: Path) -> None:
    shown = run("shop", "--policies", "shop/policies.toml", "--write")
    assert shown.exit_code == 0
    assert (shop / "policies.toml").read_text() == POLICIES
    assert (shop / "retry_policies.py").read_text() == MODULE
    client = (shop / "client.py").read_text()
    assert "from shop.retry_policies import FETCH, SEND" in client
    assert client.count("@retry(") == 2


def test_the_diff_holds_both_files_and_changes_nothing(shop: Path) -> None:
    shown = run("shop", "--policies", "shop/policies.toml")
    assert "+++ b/shop/policies.toml" in shown.stdout
    assert "+++ b/shop/retry_policies.py" in shown.stdout
    assert shown.stderr.count("✔ safe") == 2
    assert [path.name for path in sorted(shop.iterdir())] == ["__init__.py", "client.py"]


def test_a_fix_in_sarif_brings_both_files(shop: Path) -> None:
    log = json.loads(run("shop", "--policies", "shop/policies.toml", "--format", "sarif").stdout)
    changes = log["runs"][0]["results"][0]["fixes"][0]["artifactChanges"]
    assert [change["artifactLocation"]["uri"] for change in changes] == [
        "shop/client.py",
        "shop/policies.toml",
        "shop/retry_policies.py",
    ]


def test_the_code_runs_with_them(shop: Path) -> None:
    run("shop", "--policies", "shop/policies.toml", "--write")
    (shop / "policies.toml").write_text(POLICIES.replace("constant(0.5)", "no_delay()"))
    code = (
        "import shop.client, shop.retry_policies as p\n"
        "print(p.FETCH.retry_on, p.SEND.max_attempts)\n"
        "try: shop.client.fetch('x')\n"
        "except ConnectionError as error: print(error.__notes__[0].split(' in ')[0])"
    )
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=shop.parent
    )
    assert done.stdout.splitlines() == [
        "(<class 'ConnectionError'>, <class 'json.decoder.JSONDecodeError'>) 5",
        "mulligan: shop.fetch gave up after 4 attempts",
    ]


def test_a_second_run_finds_nothing_and_undo_takes_it_back(
    shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    run("shop", "--policies", "shop/policies.toml", "--write")
    assert run("shop", "--policies", "shop/policies.toml", "--check").exit_code == 0
    assert run("--undo").exit_code == 0
    assert (shop / "client.py").read_text() == CLIENT
    assert not (shop / "policies.toml").exists()


def test_what_is_in_the_file_stays_and_equal_policies_are_shared(shop: Path) -> None:
    own = '# ours\n[owners]\nshop = "x"\n\n[policies.shop.remote] # theirs\n'
    own += 'retry_on = ["json:JSONDecodeError", "ConnectionError"]\n'
    own += 'schedule = "constant(0.5)"\nmax_attempts = 4\n'
    (shop / "policies.toml").write_text(own)
    run("shop", "--policies", "shop/policies.toml", "--write")
    written = (shop / "policies.toml").read_text()
    assert written == own + "\n" + POLICIES.partition("\n\n")[2]
    assert 'FETCH = policy("shop.remote", beside=__file__)' in (shop / "retry_policies.py").read_text()


def test_a_name_that_means_other_settings_is_not_taken(shop: Path) -> None:
    (shop / "policies.toml").write_text('[policies.shop.fetch]\nretry_on = "OSError"\n')
    run("shop", "--policies", "shop/policies.toml", "--write")
    assert [policy.name for policy in outlined((shop / "policies.toml").read_text())] == [
        "shop.fetch",
        "shop.fetch.2",
        "shop.send",
    ]


def test_a_later_run_adds_to_both_files(shop: Path) -> None:
    run("shop", "--policies", "shop/policies.toml", "--write")
    (shop / "other.py").write_text(CLIENT.replace("range(4)", "range(3)").replace("== 3", "== 2"))
    run("shop", "--policies", "shop/policies.toml", "--write")
    assert (shop / "policies.toml").read_text().startswith(POLICIES)
    module = (shop / "retry_policies.py").read_text()
    assert module.startswith(MODULE)
    assert len(outlined((shop / "policies.toml").read_text())) == 3


def test_what_settings_cannot_say_costs_no_other_site(shop: Path) -> None:
    (shop / "client.py").write_text(CLIENT.replace("time.sleep(0.5)", "time.sleep(1e10)"))
    run("shop", "--policies", "shop/policies.toml", "--write")
    assert (shop / "policies.toml").read_text() == POLICIES.partition("\n\n")[2]
    assert "FETCH" not in (shop / "retry_policies.py").read_text()


def test_what_settings_cannot_say_is_defined_in_the_module(shop: Path) -> None:
    (shop / "client.py").write_text(CLIENT.replace("time.sleep(0.5)", "time.sleep(1e10)"))
    run("shop", "--policies", "shop/policies.toml", "--write", "--unsafe")
    module = (shop / "retry_policies.py").read_text()
    assert "FETCH = define(\n    Policy(\n" in module
    assert 'SEND = policy("shop.send", beside=__file__)' in module


def test_settings_that_cannot_be_used_leave_the_sites_alone(shop: Path) -> None:
    (shop / "policies.toml").write_text("[policies.a]\nmax_attempts = 0\n")
    shown = run("shop", "--policies", "shop/policies.toml")
    assert "ML012" in shown.stderr
    assert shown.stdout == ""


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("from .errors import Busy", "Busy"),
        ("from shop.errors import Busy as B", "B"),
        ("import shop.errors", "shop.errors.Busy"),
        ("import shop.errors as e", "e.Busy"),
    ],
)
def test_a_class_of_the_package_is_named_by_its_module(shop: Path, statement: str, name: str) -> None:
    (shop / "errors.py").write_text("class Busy(Exception): ...\n")
    text = CLIENT.replace("import json\n", f"{statement}\n").replace("json.JSONDecodeError", name)
    (shop / "client.py").write_text(text)
    shown = run("shop", "--policies", "shop/policies.toml", "--write")
    assert shown.stdout.count("✔ written") == 2
    assert 'retry_on = ["ConnectionError", "shop.errors:Busy"]' in (shop / "policies.toml").read_text()


def test_the_proof_reads_what_the_file_says() -> None:
    text = as_module(MODULE, POLICIES.replace('"constant(0.5)"', '"linear(1, cap=3).jittered(full_jitter())"'))
    assert "FETCH = define(Policy(name='shop.fetch', retry_on=(ConnectionError, json.JSONDecodeError,)" in text
    assert "schedule=linear(1, step=1, cap=3).jittered(full_jitter()), max_attempts=4" in text
    assert "import json\n" in text


def test_settings_that_say_something_else_are_not_proved(shop: Path) -> None:
    """A constant of the module whose settings were changed is read as they are now."""
    run("shop", "--policies", "shop/policies.toml", "--write")
    changed = POLICIES.replace("max_attempts = 4", "max_attempts = 9")
    (shop / "policies.toml").write_text(changed)
    (shop / "client.py").write_text(CLIENT)
    run("shop", "--policies", "shop/policies.toml", "--write")
    module = (shop / "retry_policies.py").read_text()
    assert 'FETCH_2 = policy("shop.fetch.2", beside=__file__)' in module
    assert (shop / "policies.toml").read_text().startswith(changed)


def test_settings_that_are_written_wrong_are_not_proved(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The proof is of the file and not of what was to be written into it."""
    value = settings.written_value

    def wrong(field: str, text: str) -> str:
        return "9" if (field, text) == ("max_attempts", "4") else value(field, text)

    monkeypatch.setattr(settings, "written_value", wrong)
    shown = run("shop", "--policies", "shop/policies.toml", "--jobs", "1")
    assert shown.stderr.count("✔ safe") == 1
    assert "shop.fetch" not in shown.stdout


@pytest.mark.parametrize("name", ["retries.toml", "pyproject.toml"])
def test_another_name_is_a_usage_error(shop: Path, name: str) -> None:
    shown = run("shop", "--policies", f"shop/{name}")
    assert shown.exit_code == 2
    assert "call it policies.toml" in shown.output
