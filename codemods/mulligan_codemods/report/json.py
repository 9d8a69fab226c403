"""The report for programs: one JSON object with a version, whose fields are only ever added to."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypedDict

from mulligan_codemods.prove.result import Proved
from mulligan_codemods.rows import progress

if TYPE_CHECKING:
    from mulligan_codemods.files.source import Unreadable
    from mulligan_codemods.rows import FoundHelper, Notice, Report, Row
    from mulligan_codemods.site import Hazard, Reason

__all__ = ["VERSION", "JsonReport", "as_json", "rendered"]

VERSION = 1


class JsonReason(TypedDict):
    """Why a site was left alone."""

    code: str
    message: str
    line: int


class JsonAssumption(TypedDict):
    """What a proof rests on."""

    code: str
    text: str
    documented: bool


class JsonPolicy(TypedDict):
    """What the code does, and the policy that says so once it is rewritten."""

    name: str | None
    attempts: str
    delays: str
    exceptions: str


class JsonSite(TypedDict):
    """One site; `known` says that the baseline holds it."""

    path: str
    line: int
    end_line: int
    qualname: str
    kind: str
    shape: str | None
    is_retry: bool
    status: str
    written: bool
    reason: JsonReason | None
    assumptions: list[JsonAssumption]
    differences: list[str]
    policy: JsonPolicy | None
    hazards: list[JsonReason]
    form: str | None
    fingerprint: str
    known: bool


class JsonError(TypedDict):
    """A file that was left alone, or something that nobody needs any more."""

    path: str
    code: str
    message: str
    line: int | None


class JsonStaged(TypedDict):
    """A site whose old code is kept behind the flag; `site` is its name there."""

    path: str
    line: int
    site: str


class JsonHelper(TypedDict):
    """A function of the project that is a retry engine, and the words of a mapping that its code tells."""

    path: str
    line: int
    name: str
    mapping: dict[str, str]
    left_out: list[str]
    doubts: list[str]
    callers: int
    files: int
    mapped: bool


class JsonProgress(TypedDict):
    """How many sites are as they were, keep their old code behind the flag, or use a policy."""

    legacy: int
    staged: int
    modern: int


class JsonReport(TypedDict):
    """The whole report."""

    version: int
    sites: list[JsonSite]
    errors: list[JsonError]
    notices: list[JsonError]
    staged: list[JsonStaged]
    progress: JsonProgress
    helpers: list[JsonHelper]
    files: int
    seconds: float
    interrupted: bool


def as_json(report: Report) -> JsonReport:
    """Answer the report as a value of JSON's types."""
    return JsonReport(
        version=VERSION,
        sites=[_site(row) for row in report.rows],
        errors=[_error(error) for error in report.errors],
        notices=[_error(notice) for notice in report.notices],
        staged=[JsonStaged(path=each.path, line=each.line, site=each.site) for each in report.staged],
        progress=_progress(report),
        helpers=[_helper(each) for each in report.helpers],
        files=report.files,
        seconds=round(report.seconds, 3),
        interrupted=report.interrupted,
    )


def rendered(report: Report) -> str:
    """Answer the report as text, in ASCII: names of files may hold what no encoding has."""
    return json.dumps(as_json(report), indent=2) + "\n"


def _progress(report: Report) -> JsonProgress:
    counted = progress(report)
    return JsonProgress(legacy=counted["legacy"], staged=counted["staged"], modern=counted["modern"])


def _helper(helper: FoundHelper) -> JsonHelper:
    return JsonHelper(
        path=helper.path,
        line=helper.line,
        name=helper.name,
        mapping=dict(helper.mapping),
        left_out=list(helper.left_out),
        doubts=list(helper.doubts),
        callers=helper.callers,
        files=helper.files,
        mapped=helper.mapped,
    )


def _site(row: Row) -> JsonSite:
    site = row.site
    return JsonSite(
        path=site.path,
        line=site.span.line,
        end_line=site.span.end_line,
        qualname=site.qualname,
        kind=site.kind.value,
        shape=site.shape,
        is_retry=site.is_retry,
        status=row.status.value,
        written=row.written,
        reason=_reason(row.reason),
        assumptions=_assumptions(row),
        differences=[*row.proof.differences] if isinstance(row.proof, Proved) else [],
        policy=_policy(row),
        hazards=[_hazard(hazard) for hazard in row.hazards],
        form=None if row.form is None else row.form.value,
        fingerprint=row.fingerprint,
        known=row.known,
    )


def _reason(reason: Reason | None) -> JsonReason | None:
    if reason is None:
        return None
    return JsonReason(code=reason.code, message=reason.message, line=reason.span.line)


def _hazard(hazard: Hazard) -> JsonReason:
    return JsonReason(code=hazard.code, message=hazard.message, line=hazard.line)


def _assumptions(row: Row) -> list[JsonAssumption]:
    if not isinstance(row.proof, Proved):
        return []
    return [
        JsonAssumption(code=each.code, text=each.text, documented=each.documented) for each in row.proof.assumptions
    ]


def _policy(row: Row) -> JsonPolicy | None:
    behaviour = row.site.behaviour
    if behaviour is None:
        return None
    return JsonPolicy(
        name=row.policy, attempts=behaviour.attempts, delays=behaviour.delays, exceptions=behaviour.exceptions
    )


def _error(error: Unreadable | Notice) -> JsonError:
    return JsonError(path=error.path, code=error.code, message=error.message, line=error.line)
