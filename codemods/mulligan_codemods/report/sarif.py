"""The report as SARIF 2.1.0, with the rewrites as fixes.

Rules: columns count Unicode code points; every path is relative to the folder where the run began. A fix holds one
site's rewrite alone and the policies module that it needs. Each rule that is named stands in the driver's list.
Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import quote

from mulligan import __version__
from mulligan_codemods.report.told import does, headline
from mulligan_codemods.rules.table import RULES, Rule, family
from mulligan_codemods.run.rewriting.replacing import replacements
from mulligan_codemods.site import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from mulligan_codemods.files.source import Unreadable
    from mulligan_codemods.files.write import Change
    from mulligan_codemods.rows import Fix, Notice, Replacement, Report, Row
    from mulligan_codemods.site import Span

__all__ = ["rendered"]

Json: TypeAlias = "dict[str, object]"

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
FOUND = Rule(
    code="retry",
    title="Retry without a policy",
    message="Code retries in its own way what a policy says by name.",
    remedy="Let mulligan migrate rewrite it, or write a policy.",
)
LEVELS = {
    Status.SAFE: "warning",
    Status.UNSAFE: "warning",
    Status.CANDIDATE: "warning",
    Status.REFUSED: "note",
    Status.IGNORED: "note",
    Status.FAILED: "error",
}
ORDER = {rule.code: index for index, rule in enumerate((FOUND, *RULES))}


def rendered(report: Report) -> str:
    """Answer the log file as text, in ASCII."""
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(report)]}, indent=2) + "\n"


def _run(report: Report) -> Json:
    changes = {os.path.realpath(change.path): change for change in report.changes}
    results = [result for row in report.rows if row.status in LEVELS for result in _results(row, changes)]
    return {
        "tool": {"driver": _driver()},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {"ROOT": {"uri": f"{Path.cwd().as_uri()}/"}},
        "invocations": [
            {
                "executionSuccessful": not (report.failed or report.interrupted),
                "toolExecutionNotifications": [
                    *(_notification(error) for error in report.errors),
                    *(_notification(notice) for notice in report.notices),
                ],
            }
        ],
        "results": results,
    }


def _driver() -> Json:
    return {
        "name": "mulligan",
        "version": __version__,
        "semanticVersion": __version__,
        "rules": [_rule(rule) for rule in (FOUND, *RULES)],
    }


def _rule(rule: Rule) -> Json:
    return {
        "id": rule.code,
        "name": "".join(word.capitalize() for word in _words(rule.title)),
        "shortDescription": {"text": f"{rule.title}."},
        "fullDescription": {"text": rule.message},
        "help": {"text": rule.remedy},
        "properties": {"tags": ["found" if rule is FOUND else family(rule.code)]},
    }


def _words(title: str) -> list[str]:
    return "".join(letter if letter.isalnum() else " " for letter in title).split()


def _results(row: Row, changes: Mapping[str, Change]) -> Iterator[Json]:
    """Yield the result for the site, and one for each of its hazards."""
    code = row.reason.code if row.reason else FOUND.code
    text = ". ".join(part for part in (headline(row).rstrip("."), does(row)) if part) + "."
    result = _result(row, code, LEVELS[row.status], text, _region(row.site.span))
    if row.fix is not None and not row.written:
        result["fixes"] = [_fix(row, row.fix, changes)]
    yield result
    for hazard in row.hazards:
        yield _result(row, hazard.code, "warning", f"{hazard.message}.", {"startLine": hazard.line})


def _result(row: Row, code: str, level: str, text: str, region: Json) -> Json:
    result: Json = {
        "ruleId": code,
        "ruleIndex": ORDER[code],
        "level": level,
        "message": {"text": text},
        "locations": [
            {
                "physicalLocation": {"artifactLocation": _artifact(row.site.path), "region": region},
                "logicalLocations": [{"fullyQualifiedName": row.site.qualname}],
            }
        ],
        "partialFingerprints": {"mulliganSite/v1": f"{row.fingerprint}{code}"},
        "properties": {"status": row.status.value},
    }
    if row.status is Status.IGNORED:
        result["suppressions"] = [{"kind": "inSource" if code == "ML228" else "external"}]
    if row.known:
        result["baselineState"] = "unchanged"
    return result


def _fix(row: Row, fix: Fix, changes: Mapping[str, Change]) -> Json:
    edited = [_changed(row.site.path, fix.replacements)]
    found = (changes.get(os.path.realpath(path)) for path in fix.policies)
    for policies in (change for change in found if change is not None):
        before = (policies.before or b"").decode("utf-8", "replace").replace("\r\n", "\n")
        after = policies.after.decode("utf-8", "replace").replace("\r\n", "\n")
        edited.append(_changed(policies.path, replacements(before, after)))
    return {"description": {"text": headline(row)}, "artifactChanges": edited}


def _changed(path: str, edits: Iterable[Replacement]) -> Json:
    return {"artifactLocation": _artifact(path), "replacements": [_replacement(edit) for edit in edits]}


def _replacement(edit: Replacement) -> Json:
    region: Json = {
        "startLine": edit.line,
        "startColumn": 1,
        "endLine": edit.end_line,
        "endColumn": edit.end_column,
    }
    return {"deletedRegion": region, "insertedContent": {"text": edit.text}}


def _region(span: Span) -> Json:
    return {
        "startLine": span.line,
        "startColumn": span.column + 1,
        "endLine": span.end_line,
        "endColumn": span.end_column + 1,
    }


def _artifact(path: str) -> Json:
    relative = os.path.relpath(path)
    if relative.startswith(os.pardir):
        return {"uri": Path(path).absolute().as_uri()}
    return {"uri": quote(relative.replace(os.sep, "/")), "uriBaseId": "ROOT"}


def _notification(told: Unreadable | Notice) -> Json:
    place: Json = {"artifactLocation": _artifact(told.path)}
    if told.line is not None:
        place["region"] = {"startLine": told.line}
    return {
        "level": "note" if family(told.code) == "notice" else "error",
        "message": {"text": f"{told.path}: {told.message}."},
        "descriptor": {"id": told.code, "index": ORDER[told.code]},
        "locations": [{"physicalLocation": place}],
    }
