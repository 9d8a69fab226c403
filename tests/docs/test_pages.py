"""Every page stands in the navigation, and every block of every page is run, or says in the list why it is not."""

from __future__ import annotations

import ast
import json
import re
import tomllib

import pytest

from docs.site.pages import written
from docs.site.settings import SETTINGS
from tests.docs.console import ROOT, Fence, matches, run
from tests.docs.pages import EXEMPT, FENCES, PAGES, PLACES, TOP, WITH_COMMANDS, exempt


def test_every_page_stands_in_the_navigation_once() -> None:
    listed = re.findall(r'"([\w/.-]+\.md)"', SETTINGS.read_text(encoding="utf-8"))
    assert sorted(set(listed)) == sorted(listed)
    assert set(written()) <= set(listed)


def test_every_page_begins_with_its_one_heading() -> None:
    for name, text in PAGES.items():
        prose = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
        assert text.startswith("# "), name
        assert len(re.findall(r"^# ", prose, flags=re.MULTILINE)) == 1, name


@pytest.mark.parametrize("name", WITH_COMMANDS)
def test_commands_print_what_the_page_says(name: str) -> None:
    for _, ran in run(PAGES[name], PLACES.get(name), exempt(name)):
        for command, printed in ran:
            assert matches(command.output, printed), f"{name}: $ {command.line}\n{printed}"


@pytest.mark.parametrize(("page", "begins"), [(page, begins) for page, each in EXEMPT.items() for begins in each])
def test_exemptions_are_needed(page: str, begins: str) -> None:
    assert sum(fence.text.startswith(begins) for name, fence in FENCES if name == page) == 1


@pytest.mark.parametrize(("name", "fence"), FENCES, ids=lambda part: part if isinstance(part, str) else str(part.start))
def test_every_block_is_of_a_kind_that_is_checked(name: str, fence: Fence) -> None:
    match fence.language:
        case "python" if fence.title:
            ast.parse(fence.text)
        case "python":
            """Sybil runs it."""
        case "console":
            assert fence.text.startswith("$ ") or fence.text.startswith("...")
        case "toml":
            tomllib.loads(fence.text)
        case "json":
            json.loads(fence.text)
        case "text" | "yaml" | "diff":
            """Shown, not run."""
        case other:
            pytest.fail(f"{name}: a block of {other or 'no language'}: say what it is")


def test_no_page_leaves_a_block_out_silently() -> None:
    assert [name for name, text in PAGES.items() if re.search(r"<!--+\s*skip|\+SKIP", text)] == []


@pytest.mark.parametrize("name", TOP)
def test_links_of_the_top_pages_lead_somewhere(name: str) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", PAGES[name])
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_comparison_has_the_figures_of_the_benchmarks() -> None:
    rows = re.findall(r"^\| ([^|]+) \| (\d+\.\d\d) \|$", PAGES["docs/explanation/comparison.md"], flags=re.MULTILINE)
    measured = PAGES["docs/explanation/benchmarks.md"]
    assert len(rows) > 10
    for what, ratio in rows:
        assert re.search(rf"^\| {re.escape(what)} \| hand-written loop \| [\d,]+ \| {ratio} \|", measured, re.MULTILINE)


def test_the_environment_page_has_every_variable() -> None:
    page = PAGES["docs/reference/environment.md"]
    found = {
        name
        for path in (ROOT / "src").rglob("*.py")
        for name in re.findall(r"\bMULLIGAN_[A-Z]+(?=[\"_`=])", path.read_text(encoding="utf-8"))
    }
    ours = {"MULLIGAN_INTERCEPT": "set by `mulligan run` for its child", "MULLIGAN_COMPLETE": "set by the shell"}
    assert {name for name in found if name not in page} <= set(ours)
