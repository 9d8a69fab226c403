"""The legacy shop: its own tests pass before and after a migration, and each site comes out as its table says."""

import ast
import json
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest

from tests.examples.shop import SHOP, assert_own_tests_pass, copied, run, sources

WORDS = {"rewrite": "rewrite", "either": "rewrite if proved", "leave": "leave", "library": "library"}
pytestmark = pytest.mark.xdist_group("legacy_shop")
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What migration should do with one site."""

    path: str
    function: str
    kind: str
    label: str
    expect: str
    why: str

    @property
    def row(self) -> str:
        """The site's row of the README's table."""
        return f"| `{self.path}`: `{self.function}` | {self.label} | {WORDS[self.expect]} | {self.why} |"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the codemod reports of one site."""

    path: str
    line: int
    kind: str
    is_retry: bool
    status: str
    written: bool
    reason: object


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """A migrated copy of the shop and the report of its migration."""

    folder: Path
    sites: tuple[Found, ...]

    def at(self, expectation: Expectation) -> list[Found]:
        """Find the sites that the report has inside the function."""
        first, last = span(SHOP, expectation)
        return [
            site
            for site in self.sites
            if site.path.endswith(expectation.path) and site.kind == expectation.kind and first <= site.line <= last
        ]


EXPECTATIONS = tuple(Expectation(**row) for row in tomllib.loads((SHOP / "expected.toml").read_text("utf-8"))["site"])


def expecting(*expects: str) -> tuple[Expectation, ...]:
    return tuple(each for each in EXPECTATIONS if each.expect in expects)


def each_named(expectations: tuple[Expectation, ...]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    return pytest.mark.parametrize("expectation", expectations, ids=lambda each: f"{each.label}-{each.function}")


def functions(node: ast.AST, prefix: str = "") -> Iterator[tuple[str, Function]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Function):
            yield prefix + child.name, child
        yield from functions(child, prefix + child.name + "." if isinstance(child, Function | ast.ClassDef) else prefix)


def span(folder: Path, expectation: Expectation) -> tuple[int, int]:
    """Answer the first and the last line of the function, its decorators included; of the file for a module."""
    text = (folder / expectation.path).read_text("utf-8")
    if expectation.function == "<module>":
        return 1, len(text.splitlines())
    node = dict(functions(ast.parse(text)))[expectation.function]
    return min([node.lineno, *(each.lineno for each in node.decorator_list)]), node.end_lineno or node.lineno


def source(folder: Path, expectation: Expectation) -> str:
    first, last = span(folder, expectation)
    return "\n".join((folder / expectation.path).read_text("utf-8").splitlines()[first - 1 : last])


def report(*arguments: str, folder: Path) -> tuple[Found, ...]:
    answer = json.loads(run("mulligan", *arguments, "--format", "json", folder=folder))
    assert answer["errors"] == []
    names = Found.__dataclass_fields__
    return tuple(Found(**{name: site[name] for name in names}) for site in answer["sites"])


@pytest.fixture(scope="module")
def scan() -> Migration:
    return Migration(folder=SHOP, sites=report("scan", "shop", folder=SHOP))


@pytest.fixture(scope="module")
def migration(tmp_path_factory: pytest.TempPathFactory) -> Migration:
    folder = copied(tmp_path_factory.mktemp("migrated"))
    return Migration(folder=folder, sites=report("migrate", "shop", "--write", folder=folder))


def retrying_loops(tree: ast.AST) -> Iterator[ast.stmt]:
    """Find the loops that catch something in their own body."""
    for node in ast.walk(tree):
        if isinstance(node, ast.For | ast.AsyncFor | ast.While) and any(isinstance(s, ast.Try) for s in node.body):
            yield node


def test_own_tests_pass_before_migration() -> None:
    assert_own_tests_pass(SHOP)


def test_every_loop_with_a_handler_is_in_the_table() -> None:
    """A loop that is added to the shop needs a row that says what should happen to it."""
    for path in sorted((SHOP / "shop").glob("*.py")):
        name = f"shop/{path.name}"
        spans = [span(SHOP, each) for each in EXPECTATIONS if each.path == name and each.kind == "loop"]
        for loop in retrying_loops(ast.parse(path.read_text("utf-8"))):
            assert any(first <= loop.lineno <= last for first, last in spans), f"{name}:{loop.lineno}"


def test_every_shape_and_trap_is_in_the_shop() -> None:
    labels = {each.label for each in EXPECTATIONS}
    assert {f"S{number:02}" for number in range(1, 12)} <= labels
    assert {f"trap {number}" for number in range(1, 23)} <= labels
    assert {"retrying", "retry", "backoff", "tenacity", "helper"} <= labels


def test_readme_shows_the_table() -> None:
    readme = (SHOP / "README.md").read_text("utf-8").splitlines()
    assert [line for line in readme if line.startswith("| `")] == [each.row for each in EXPECTATIONS]


@each_named(expecting("rewrite", "either"))
def test_scan_finds_every_retry(expectation: Expectation, scan: Migration) -> None:
    found = scan.at(expectation)
    assert found
    assert all(site.is_retry for site in found)
    assert all(site.status in {"candidate", "refused"} for site in found)


@each_named(expecting("rewrite"))
def test_scan_offers_the_plain_loops(expectation: Expectation, scan: Migration) -> None:
    assert [site.status for site in scan.at(expectation)] == ["candidate"], scan.at(expectation)


@each_named(expecting("rewrite"))
def test_plain_loops_are_rewritten(expectation: Expectation, migration: Migration) -> None:
    found = migration.at(expectation)
    assert [(site.status, site.written) for site in found] == [("safe", True)], found
    assert source(migration.folder, expectation) != source(SHOP, expectation)


@each_named(expecting("either"))
def test_other_retries_are_rewritten_or_answered_with_a_reason(expectation: Expectation, migration: Migration) -> None:
    found = migration.at(expectation)
    assert found
    for site in found:
        assert site.written == (site.status == "safe"), site
        assert site.written or (site.status in {"unsafe", "refused"} and site.reason is not None), site


@each_named(expecting("leave"))
def test_traps_keep_every_byte(expectation: Expectation, migration: Migration) -> None:
    assert not any(site.status == "safe" or site.written for site in migration.at(expectation))
    assert source(migration.folder, expectation) == source(SHOP, expectation)


def test_own_tests_pass_after_migration(migration: Migration) -> None:
    assert_own_tests_pass(migration.folder)


def test_no_script_tells_old_from_new(migration: Migration, demonstration: ModuleType) -> None:
    """What `make run` shows: scripted faults, played against both versions in virtual time."""
    verdicts = Counter[str](demonstration.replay(migration.folder))
    assert verdicts[demonstration.DIFFERENT] == 0
    assert verdicts[demonstration.SAME] > verdicts[demonstration.DROPPED] > 0


def test_a_second_migration_changes_nothing(migration: Migration) -> None:
    before = sources(migration.folder)
    again = report("migrate", "shop", "--write", folder=migration.folder)
    assert not any(site.written for site in again)
    assert sources(migration.folder) == before


def test_migration_without_write_changes_nothing(tmp_path: Path) -> None:
    folder = copied(tmp_path)
    before = sources(folder)
    sites = report("migrate", "shop/http_client.py", folder=folder)
    assert "safe" in {site.status for site in sites}
    assert not any(site.written for site in sites)
    assert sources(folder) == before
