"""What the site shows of the code, and that it asks nobody else for anything."""

from __future__ import annotations

import doctest
import re
from typing import TYPE_CHECKING, Final

import griffe
import pytest

from docs.site import constants, docstrings
from docs.site.command_page import command_page
from docs.site.docstrings import Docstrings
from docs.site.foreign import foreign_assets
from docs.site.pages import lay_out, linked, made, moved, written
from tests.docs.console import ROOT

if TYPE_CHECKING:
    from pathlib import Path
    from types import ModuleType

PACKAGE: Final = griffe.load(
    "mulligan", search_paths=[str(ROOT / "src")], extensions=griffe.load_extensions(Docstrings())
)


def shown(path: str) -> list[tuple[str, str, str | None]]:
    """Answer the parameters of a class as the reference shows them."""
    found = PACKAGE[path]
    assert isinstance(found, griffe.Class)
    return [
        (each.name, each.kind.value if each.kind else "", None if each.default is None else str(each.default))
        for each in found.parameters
        if each.name != "self"
    ]


def test_a_value_is_shown_with_its_fields_as_parameters() -> None:
    named = "keyword-only"
    assert shown("errors.ConfigError")[0] == ("field", "positional or keyword", None)
    assert shown("events.Refused")[:2] == [(name, named, None) for name in ("policy", "attempt")]
    assert shown("outcome.Failed")[-1] == ("history", "positional or keyword", "()")


def test_properties_and_inherited_helpers_are_no_parameters() -> None:
    assert [name for name, _, _ in shown("schedules.base.BaseSchedule")] == []


def test_examples_are_fenced() -> None:
    docstring = PACKAGE["executors.decorator.retry"].docstring
    assert docstring is not None
    assert "```pycon\n>>> from mulligan import Policy" in docstring.value
    assert docstring.value.count("```") == 2


@pytest.mark.parametrize("module", [constants, docstrings], ids=lambda module: module.__name__)
def test_the_examples_of_the_builder_are_true(module: ModuleType) -> None:
    ran = doctest.testmod(module)
    assert ran.attempted
    assert not ran.failed


def test_the_command_page_has_every_command_and_its_options() -> None:
    page = command_page()
    assert "## mulligan migrate\n" in page
    assert "--unsafe" in page
    assert "-h, --help" in page


@pytest.mark.parametrize(
    "text",
    [
        '<script src="https://cdn.example/a.js"></script>',
        '<link rel="stylesheet" href="//fonts.example/css">',
        '<img src="http://example.test/a.png">',
    ],
)
def test_an_asset_from_elsewhere_is_found(tmp_path: Path, text: str) -> None:
    (tmp_path / "index.html").write_text(f"<head>{text}</head>")
    assert len(foreign_assets(tmp_path)) == 1


def test_a_style_sheet_that_fetches_is_found(tmp_path: Path) -> None:
    (tmp_path / "style.css").write_text("@font-face { src: url('https://fonts.example/a.woff2') }")
    assert foreign_assets(tmp_path) == ["style.css: https://fonts.example/a.woff2'"]


def test_links_to_elsewhere_are_no_assets(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text('<a href="https://example.test">x</a><link rel="next" href="https://e.test">')
    assert foreign_assets(tmp_path) == []


def test_pages_are_laid_out_as_they_are(tmp_path: Path) -> None:
    lay_out(tmp_path)
    generated = dict(made())
    for path, text in {**dict(linked()), **generated}.items():
        assert (tmp_path / path).read_text(encoding="utf-8") == text


def test_pages_differ_from_the_repository_s_in_links_to_its_top_and_in_marks_of_sessions_alone() -> None:
    pages = dict(linked())
    assert "](../migration.md)" in pages["migrate/compat.md"]
    assert "```pycon\n>>> " in pages["migrate/compat.md"]
    for path, source in written().items():
        text = source.read_text(encoding="utf-8")
        plain = pages[path].replace("```pycon\n", "```python\n")
        assert re.sub(r"\]\([^)]*\)", "", plain) == re.sub(r"\]\([^)]*\)", "", text)


def test_links_of_the_top_pages_are_those_of_the_site() -> None:
    pages = dict(moved())
    assert "](migrate/compat.md#the-flag)" in pages["migration.md"]
    assert "](reference/glossary.md)" in pages["contributing.md"]
    assert "docs/examples" not in re.findall(r"\]\(([^)]*)\)", pages["migration.md"])


def test_what_pages_show_or_offer_is_laid_out(tmp_path: Path) -> None:
    lay_out(tmp_path)
    for path, text in linked():
        prose = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
        for target in re.findall(r"\]\(((?!https?:)[^)#]+)(?:#[^)]*)?\)", prose):
            assert (tmp_path / path).parent.joinpath(target).exists(), f"{path}: {target}"
