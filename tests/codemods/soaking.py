"""What must hold for a migration of any package, judged from outside.

Rules: nothing crashes; every output parses; outside the rewritten functions, the imports and the policies the syntax
tree is the old one; git accepts the diff; the counts add up; a second run has nothing to do. Unsafe rewrites are
applied too: they must be as well-formed as safe ones.
"""

from __future__ import annotations

import ast
import contextlib
import os
import shutil
import subprocess
import time
import warnings
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from mulligan_codemods.files.discover import discover
from mulligan_codemods.files.write import Change, write_all
from mulligan_codemods.report.diff import unified
from mulligan_codemods.report.json import as_json
from mulligan_codemods.rows import counts
from mulligan_codemods.run.engine import Options, run
from mulligan_codemods.run.stages import real_stages
from mulligan_codemods.site import Status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mulligan_codemods.rows import Report, Row

__all__ = ["Soaked", "copied", "elsewhere", "soaked"]

OWN_FAULTS = frozenset({"ML009", "ML010", "ML014"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Soaked:
    """What became of one folder.

    Args:
        report: the first run's.
        seconds: how long that took.
        wrong: what did not hold.
    """

    report: Report
    seconds: float
    wrong: list[str] = field(default_factory=list[str])


def copied(source: Path, target: Path) -> Path:
    """Copy what a migration reads: Python files and project files."""
    for path in source.rglob("*"):
        if path.suffix in {".py", ".toml", ".cfg"} and path.is_file():
            copy = target / path.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
    return target


def soaked(folder: Path, jobs: int = 1) -> Soaked:
    """Migrate a folder, which is changed, twice, and judge it."""
    with contextlib.chdir(folder):
        began = time.perf_counter()
        report = run(discover(["."]).files, real_stages(), Options(prove=True, unsafe=True, jobs=jobs))
        seconds = time.perf_counter() - began
        wrong = [*_crashes(report), *_counts(report), *_changes(report), *_diff(report)]
        wrong += [f"{error.path}: {error.message}" for error in write_all(report.changes)]
        wrong += _again(report, jobs)
    return Soaked(report=report, seconds=seconds, wrong=wrong)


def _crashes(report: Report) -> Iterator[str]:
    for row in report.rows:
        if row.status is Status.FAILED and row.reason is not None:
            yield f"{row.site.path}:{row.site.span.line}: {row.reason.code} {row.reason.message}"
    for error in report.errors:
        if error.code in OWN_FAULTS:
            yield f"{error.path}: {error.code} {error.message}"


def _counts(report: Report) -> Iterator[str]:
    sites = as_json(report)["sites"]
    retries = sum(site["is_retry"] for site in sites)
    if not report.found == sum(counts(report).values()) == retries:
        yield f"{report.found} found, {retries} sites are retries, {dict(counts(report))}"
    if counts(report)[Status.CANDIDATE]:
        yield f"{counts(report)[Status.CANDIDATE]} candidates were not judged"
    yield from (
        f"{site['path']}:{site['line']}: refused without a reason"
        for site in sites
        if site["status"] in {"refused", "ignored", "failed"} and not site["reason"]
    )


def _changes(report: Report) -> Iterator[str]:
    for change in report.changes:
        try:
            _parsed(change.after)
        except SyntaxError as error:
            yield f"{change.path}: the output does not parse: {error}"
            continue
        if change.before is not None and not change.path.endswith("retry_policies.py"):
            yield from elsewhere(change, [row for row in report.rows if row.planned and row.site.path == change.path])


def _parsed(data: bytes) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(data)


def elsewhere(change: Change, edited: list[Row]) -> Iterator[str]:
    """Tell what changed that holds no rewritten site, given the rows that were rewritten."""
    before, after = list(_parts(_parsed(change.before or b""), "")), list(_parts(_parsed(change.after), ""))
    touched = {
        name
        for name, node in before
        for row in edited
        if _first(node) <= row.site.span.line <= (node.end_lineno or node.lineno)
    }
    kept = Counter(ast.dump(node) for name, node in before if name not in touched)
    found = Counter(ast.dump(node) for name, node in after if name not in touched)
    yield from (f"{change.path}: gone: {each[:200]}" for each in kept - found)
    added = {name for name, node in after if ast.dump(node) in found - kept and not _is_policy(node)}
    yield from (f"{change.path}: new: {name}" for name in added - _bound(before, touched) if name != "…")


def _bound(parts: list[tuple[str, ast.stmt]], touched: set[str]) -> set[str]:
    """Answer the names that the rewritten statements of a module bound, which their rewrites may bind too."""
    nodes = [node for name, part in parts if name in touched for node in ast.walk(part)]
    return {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}


def _is_policy(node: ast.stmt) -> bool:
    """Tell whether a statement defines a policy where it is used."""
    match node:
        case ast.Assign(value=ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name))):
            return name in {"Policy", "define"}
        case _:
            return False


def _parts(scope: ast.Module | ast.ClassDef, prefix: str) -> Iterator[tuple[str, ast.stmt]]:
    """Yield the statements of a module and of its classes, with names, without the imports."""
    for node in scope.body:
        match node:
            case ast.Import() | ast.ImportFrom():
                continue
            case ast.ClassDef(name=name):
                head = ast.ClassDef(name, node.bases, node.keywords, [ast.Pass()], node.decorator_list)
                yield f"{prefix}{name}", _head(node, head)
                yield from _parts(node, f"{prefix}{name}.")
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield f"{prefix}{name}", node
            case ast.Assign(targets=[ast.Name(id=name)]):
                yield f"{prefix}{name}", node
            case _:
                yield f"{prefix}…", node


def _head(node: ast.ClassDef, head: ast.ClassDef) -> ast.ClassDef:
    """Place a class without its body on its first line, where no site of its methods is."""
    head.lineno, head.end_lineno, head.col_offset, head.end_col_offset = node.lineno, node.lineno, 0, 0
    return head


def _first(node: ast.stmt) -> int:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return min((node.lineno, *(each.lineno for each in node.decorator_list)))
    return node.lineno


def _diff(report: Report) -> Iterator[str]:
    diff = unified(report.changes)
    if diff:
        git = ["git", "apply", "--check", "-"]
        environment = {**os.environ, "GIT_CEILING_DIRECTORIES": str(Path.cwd().parent)}
        answer = subprocess.run(git, input=diff, capture_output=True, env=environment, check=False)  # noqa: S603 -- git
        if answer.returncode:
            yield f"git apply --check: {answer.stderr.decode(errors='replace')[:500]}"


def _again(report: Report, jobs: int) -> Iterator[str]:
    paths = sorted({row.site.path for row in report.rows} | {change.path for change in report.changes})
    second = run(paths, real_stages(), Options(prove=True, unsafe=True, jobs=jobs))
    yield from (f"a second run changes {change.path}" for change in second.changes)
