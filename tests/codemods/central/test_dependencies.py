"""The central module imports only what is installed wherever the package is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from mulligan_codemods.central.dependencies import is_installed
from mulligan_codemods.central.policies import assign

from tests.codemods.rewriting import sites_of

if TYPE_CHECKING:
    from pathlib import Path

DECLARATIONS = {
    "pyproject.toml": (
        '[project]\nname = "shop"\n'
        'dependencies = ["Requests>=2", "pyyaml; python_version > \'3\'", "google-cloud-storage"]\n'
        '[project.optional-dependencies]\nheos = ["pyheos"]\n'
    ),
    "setup.cfg": "[options]\ninstall_requires =\n    requests>=2\n    PyYAML\n    google-cloud-storage\n",
    "setup.py": "from setuptools import *\nsetup(install_requires=['requests', 'pyyaml', 'google-cloud-storage'])\n",
    "PKG-INFO": "Name: shop\nRequires-Dist: requests\nRequires-Dist: PyYAML\nRequires-Dist: google-cloud-storage\n"
    'Requires-Dist: pyheos; extra == "heos"\n\nRequires-Dist: pyheos\n',
}

LOOP = """
import time
import {0}

def fetch(url):
    for attempt in range(3):
        try:
            return get(url)
        except {0}.Timeout:
            if attempt == 2:
                raise
            time.sleep(1)
"""


@pytest.mark.parametrize(("name", "text"), DECLARATIONS.items(), ids=DECLARATIONS.keys())
def test_only_what_the_project_needs_without_a_condition_is_sure(tmp_path: Path, name: str, text: str) -> None:
    folder = tmp_path / "shop" / "web"
    folder.mkdir(parents=True)
    (tmp_path / name).write_text(text)
    path = str(folder / "client.py")
    modules = ("socket", "requests.exceptions", "yaml", "google.cloud.storage.retry", "urllib3", "pyheos", "boto3")
    found = [module for module in modules if is_installed(path, module)]
    assert found == ["socket", "requests.exceptions", "yaml", "google.cloud.storage.retry", "urllib3"]


def test_a_poetry_project_says_what_is_optional(tmp_path: Path) -> None:
    text = '[tool.poetry.dependencies]\nhttpx = "^1"\nboto3 = {version = "*", optional = true}\n'
    (tmp_path / "pyproject.toml").write_text(text)
    assert is_installed(str(tmp_path / "a.py"), "httpx")
    assert not is_installed(str(tmp_path / "a.py"), "boto3")


def test_the_project_itself_is_installed(tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    folder = tmp_path / "shop-1.dist-info"
    folder.mkdir()
    (folder / "METADATA").write_text("Name: shop\n\n")
    assert is_installed(str(tmp_path / "tests" / "a.py"), "shop.errors")
    (tmp_path / "other-1.dist-info").mkdir()
    (tmp_path / "other-1.dist-info" / "METADATA").write_text("Name: other\n\n")


@pytest.mark.parametrize("text", ["[project", "[tool]\nx = 1\n"])
def test_where_nothing_is_declared_nothing_is_known_against_it(tmp_path: Path, text: str) -> None:
    (tmp_path / "pyproject.toml").write_text(text)
    (tmp_path / "setup.py").write_text("print 'Python 2'")
    assert is_installed(str(tmp_path / "a.py"), "boto3")


def test_a_policy_for_an_optional_distribution_stays_in_its_file(tmp_path: Path) -> None:
    """The other files that use the central module must go on without it."""
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "shop"\ndependencies = ["requests"]\n')
    sites = [
        site
        for name in ("pyheos", "requests")
        for site in sites_of(LOOP.format(name), str(tmp_path / f"use_{name}.py"))
    ]
    rendered = assign(sites).render(None)
    assert "import requests\n" in rendered
    assert "pyheos" not in rendered
