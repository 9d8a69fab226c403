"""How a file spells the import of the central policies module."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest
from mulligan_codemods.emit.central import spelled

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Give a package with a package inside."""
    for folder in (tmp_path / "shop", tmp_path / "shop" / "web"):
        folder.mkdir()
        (folder / "__init__.py").touch()
    return tmp_path / "shop"


@pytest.mark.parametrize(
    ("file", "code", "expected"),
    [
        ("client.py", "from .errors import ShopError", ".retry_policies"),
        ("__init__.py", "from .errors import ShopError", ".retry_policies"),
        ("web/client.py", "from . import pages", "..retry_policies"),
        ("web/__init__.py", "from .pages import home", "..retry_policies"),
        ("client.py", "import requests", "shop.retry_policies"),
        ("client.py", "from .errors import ShopError\nimport shop.web", "shop.retry_policies"),
        ("client.py", "from .errors import ShopError\nfrom shop import web", "shop.retry_policies"),
        ("client.py", "from .errors import ShopError\nfrom shopping import web", ".retry_policies"),
        ("client.py", "try:\n    from .errors import E\nexcept ImportError:\n    E = OSError", "shop.retry_policies"),
        ("client.py", "from . import web\nif __name__ == '__main__':\n    web.run()", "shop.retry_policies"),
        ("../script.py", "from .errors import ShopError", "shop.retry_policies"),
    ],
)
def test_the_import_is_relative_where_the_files_own_imports_are(
    shop: Path, file: str, code: str, expected: str
) -> None:
    assert spelled(ast.parse(code), str(shop / file), "shop.retry_policies") == expected


def test_a_policies_module_outside_of_the_package_is_absolute(shop: Path) -> None:
    tree = ast.parse("from .errors import ShopError")
    assert spelled(tree, str(shop / "client.py"), "policies") == "policies"
    assert spelled(tree, str(shop / "client.py"), "other.policies") == "other.policies"
