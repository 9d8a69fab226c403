"""Where policies live and how they are imported."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from mulligan_codemods.central.homes import Home, home_of, module_name
from mulligan_codemods.run.engine import Options, run
from mulligan_codemods.run.stages import real_stages
from mulligan_codemods.site import Status

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give a project with packages and loose modules."""
    for folder in ("src/shop/web", "tools", "not-a-name/sub"):
        (tmp_path / folder).mkdir(parents=True)
    for package in ("src/shop", "src/shop/web", "not-a-name", "not-a-name/sub"):
        (tmp_path / package / "__init__.py").touch()
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    ("path", "home", "module"),
    [
        ("src/shop/client.py", "src/shop/retry_policies.py", "shop.retry_policies"),
        ("src/shop/web/views.py", "src/shop/retry_policies.py", "shop.retry_policies"),
        ("src/shop/__init__.py", "src/shop/retry_policies.py", "shop.retry_policies"),
        ("tools/fetch.py", "tools/retry_policies.py", "retry_policies"),
        ("fetch.py", "retry_policies.py", "retry_policies"),
        ("not-a-name/sub/a.py", "not-a-name/retry_policies.py", None),
    ],
)
def test_policies_live_in_the_packages_root(path: str, home: str, module: str | None) -> None:
    assert home_of(path) == Home(path=home, module=module)


def test_absolute_paths_stay_absolute(tmp_path: Path) -> None:
    home = home_of(str(tmp_path / "src" / "shop" / "web" / "views.py"))
    assert home == Home(path=str(tmp_path / "src/shop/retry_policies.py"), module="shop.retry_policies")


def test_a_working_folder_inside_the_package_changes_only_the_spelling(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path / "src" / "shop" / "web")
    assert home_of("views.py") == Home(path="../retry_policies.py", module="shop.retry_policies")


def test_a_named_module_serves_every_file() -> None:
    named = Home(path="src/shop/web/limits.py", module="shop.web.limits")
    assert home_of("tools/fetch.py", "src/shop/web/limits.py") == named


def test_a_package_itself_can_hold_the_policies() -> None:
    assert module_name("src/shop/web/__init__.py") == "shop.web"


@pytest.fixture
def namespaces(tmp_path: Path) -> Path:
    """Give packages inside the namespace package `azure.cli`, and a checkout that is called as its package."""
    for folder in ("site/azure/cli/core", "site/azure/cli/storage", "celery/celery", "celery/tests"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "__init__.py").touch()
    (tmp_path / "site/azure/cli/storage/client.py").write_text(
        "import re\nfrom azure.cli.core.errors import CLIError\n"
    )
    (tmp_path / "celery/celery/app.py").write_text("from celery.tests import case\nimport celery.celery\n")
    return tmp_path


def test_a_package_in_a_namespace_package_has_the_namespace_in_its_name(namespaces: Path) -> None:
    client = str(namespaces / "site/azure/cli/storage/client.py")
    assert module_name(client) == "azure.cli.storage.client"
    assert home_of(client).module == "azure.cli.storage.retry_policies"


def test_a_checkout_called_as_its_package_is_no_namespace(namespaces: Path) -> None:
    assert module_name(str(namespaces / "celery/celery/app.py")) == "celery.app"


def test_modules_right_in_a_namespace_package_have_its_name(namespaces: Path) -> None:
    (namespaces / "site/azure/cli/run.py").write_text("from azure.cli.core import start\n")
    assert module_name(str(namespaces / "site/azure/cli/run.py")) == "azure.cli.run"


@pytest.fixture
def deployed(tmp_path: Path) -> Path:
    """Give a package with a package in it that is imported by its own name alone."""
    folder = tmp_path / "function" / "helper"
    folder.mkdir(parents=True)
    (tmp_path / "function/__init__.py").touch()
    (folder / "__init__.py").write_text("from helper.client import Client\n")
    (folder / "client.py").write_text("class Client: ...\n")
    (tmp_path / "function/handler.py").write_text("from helper import Client\n")
    return tmp_path


@pytest.mark.parametrize("path", ["function/handler.py", "function/helper/client.py"])
def test_a_package_that_is_deployed_without_its_folder_has_no_sure_name(deployed: Path, path: str) -> None:
    assert home_of(str(deployed / path)).module is None


@pytest.mark.parametrize("witness", ["from function.helper import Client\n", "from .helper import Client\n"])
def test_one_import_as_a_package_settles_its_name(deployed: Path, witness: str) -> None:
    (deployed / "function/handler.py").write_text(witness)
    assert home_of(str(deployed / "function/helper/client.py")).module == "function.retry_policies"


def test_a_file_without_a_policies_module_has_its_policy_in_the_call(deployed: Path) -> None:
    client = deployed / "function/helper/client.py"
    client.write_text(
        "import time\n\n\ndef fetch(url):\n    for attempt in range(3):\n        try:\n            return get(url)\n"
        "        except OSError:\n            if attempt == 2:\n                raise\n            time.sleep(1)\n"
    )
    report = run([str(client)], real_stages(), Options(prove=True))
    assert [row.status for row in report.rows] == [Status.SAFE]
    (change,) = report.changes
    text = change.after.decode()
    assert change.path == str(client)
    assert "retry_policies" not in text
    assert "Policy(retry_on=OSError, schedule=constant(1), max_attempts=3)" in " ".join(text.split())
