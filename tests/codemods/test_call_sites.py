"""Where policies are used, as the living document lists it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from mulligan_codemods.call_sites import call_sites

if TYPE_CHECKING:
    from pathlib import Path

POLICIES = """
from mulligan import Pipeline, Policy
from mulligan.config import define, policy

FETCH = define(
    Policy(
        name="shop.fetch",
        retry_on=OSError,
    )
)
SEND: Policy[object] = policy("shop.send", beside=__file__)
GUARDED = Pipeline(Policy(name="shop.guarded", retry_on=OSError))
UNNAMED = Policy(retry_on=OSError)
"""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "policies.py").write_text(POLICIES)
    return folder


def used(shop: Path, text: str, name: str = "client.py") -> list[tuple[str, int, str]]:
    (shop / name).write_text(text)
    rows = call_sites([shop.name])
    assert {path for _, path, _, _ in rows} <= {f"shop/{name}"}
    return [(policy, line, qualname) for policy, _, line, qualname in rows]


@pytest.mark.parametrize(
    "text",
    [
        "from shop.policies import FETCH\n\n\n@retry(FETCH)\ndef get(): ...\n",
        "from .policies import FETCH as F\n\n\n@retry(F)\ndef get(): ...\n",
        "from shop import policies\n\n\n@retry(policies.FETCH)\ndef get(): ...\n",
        "from . import policies as p\n\n\n@retry(p.FETCH)\ndef get(): ...\n",
        "import shop.policies\n\n\n@retry(shop.policies.FETCH)\ndef get(): ...\n",
        "import shop.policies as p\n\n\n@retry(p.FETCH.replace(timeout=3))\ndef get(): ...\n",
        "from mulligan.config import policy\n\n\n@retry(policy('shop.fetch'))\ndef get(): ...\n",
        "def get():\n    from shop.policies import FETCH\n\n    return execute(FETCH, len)\n",
    ],
)
def test_a_use_is_found_however_it_is_imported(shop: Path, text: str) -> None:
    assert used(shop, text) == [("shop.fetch", 4, "get")]


def test_each_kind_of_constant_is_known(shop: Path) -> None:
    text = (
        "from shop.policies import *\nfrom shop.policies import GUARDED, SEND, UNNAMED\nx = [SEND, GUARDED, UNNAMED]\n"
    )
    assert used(shop, text) == [("shop.send", 3, "<module>"), ("shop.guarded", 3, "<module>")]


def test_uses_are_named_by_what_is_around_them(shop: Path) -> None:
    text = (
        "from shop.policies import FETCH\n"
        "class Client:\n"
        "    def get(self):\n"
        "        def inner():\n"
        "            return execute(FETCH, len)\n"
        "        return inner\n"
    )
    assert used(shop, text) == [("shop.fetch", 5, "Client.get.inner")]


def test_other_names_are_left_alone(shop: Path) -> None:
    text = "from elsewhere import FETCH\nimport mulligan\npolicy(3)\nFETCH\nFETCH.SEND\npolicies.FETCH\n"
    assert used(shop, text) == []


def test_a_file_that_does_not_parse_is_left_out(shop: Path) -> None:
    (shop / "broken.py").write_text("import mulligan FETCH(\n")
    assert used(shop, "from shop.policies import FETCH\nFETCH\n") == [("shop.fetch", 2, "<module>")]
