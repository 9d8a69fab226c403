"""The reference has every public module and every public name, once."""

from __future__ import annotations

import re
import tomllib
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

from docs.site.pages import written
from docs.site.reference import INTERNAL, home, module_page, names, public_modules
from docs.site.settings import settings

README = Path(__file__).parents[2] / "README.md"
IMPORTED = re.compile(
    r"^(?:>>> |\.\.\. )?\s*from (mulligan[\w.]*) import|^(?:>>> )?import (mulligan[\w.]*)", re.MULTILINE
)


def test_modules_that_are_left_out_exist_and_are_no_ones_to_import() -> None:
    assert all(find_spec(module) for module in INTERNAL)
    assert set(public_modules()).isdisjoint(INTERNAL)


@pytest.mark.parametrize("module", public_modules())
def test_every_public_name_is_documented_once(module: str) -> None:
    exported: list[str] = list(import_module(module).__all__)
    page = module_page(module)
    assert exported, f"{module} needs __all__"
    for name in exported:
        place = home(name, module)
        assert f"[`{name}`][{place}.{name}]" in page
        assert module_page(place).count(f"\n::: {place}.{name}\n") == 1


@pytest.mark.parametrize("module", public_modules())
def test_every_name_says_what_it_is(module: str) -> None:
    assert [each.name for each in names(module) if not each.about] == []


def test_pages_import_from_public_modules_alone() -> None:
    pages = {**written(), "README.md": README}
    imported = {
        (page, module)
        for page, path in pages.items()
        for match in IMPORTED.finditer(path.read_text(encoding="utf-8"))
        for module in (match[1] or match[2],)
    }
    assert {(page, module) for page, module in imported if module not in public_modules()} == set()


def test_the_settings_of_the_site_are_whole() -> None:
    site = tomllib.loads(settings())["project"]
    assert all(f"reference/{module}.md" in str(site["nav"]) for module in public_modules())
    assert not any(word in settings() for word in ('"MODULES"', '"RULES"', '"SRC"', '"DOCSTRINGS"'))
