"""What is doubtful about a file of policies: MP1xx of each policy, and MP0xx and MP2xx of the file.

Rules: pure, but for `imports=True`, which imports what the policies name. Each remark has its line: that of the field
that it is about, where the file has it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mulligan._value import Value
from mulligan.config.file.complaints import guess
from mulligan.config.file.making import made
from mulligan.config.file.positions import line_of
from mulligan.config.file.reading import section_of
from mulligan.config.overrides import unknown
from mulligan.errors import ConfigError
from mulligan.explain import explained
from mulligan.explain.rules import title

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mulligan.config.file.document import Document, Entry
    from mulligan.config.file.positions import Path
    from mulligan.config.problems import Problem

__all__ = ["Remark", "checked", "remark_of"]

FIELDS: Final = {
    **dict.fromkeys(("MP101", "MP102", "MP110", "MP111"), "schedule"),
    **dict.fromkeys(("MP103", "MP106", "MP107"), "timeout"),
    **dict.fromkeys(("MP104", "MP108"), "max_attempts"),
    "MP105": "retry_on",
    "MP109": "attempt_timeout",
}
"""The field that a code is about."""


class Remark(Value):
    """Something to say about a file.

    Args:
        code: of the table of rules.
        file: the file.
        line: where it stands; `None` where it concerns the whole file.
        policy: the policy that it is about; empty where it is about none.
        message: what it is, with its numbers.
    """

    code: str
    file: str
    line: int | None
    policy: str
    message: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        about = f"{self.policy}: " if self.policy else ""
        return f"{place}: {self.code} {about}{title(self.code)}: {self.message}"


def remark_of(problem: Problem) -> Remark:
    """Answer a problem of a file that can't be used as a remark."""
    message = f"{problem.field}={problem.value!r}: {problem.remedy}"
    return Remark(code="MP001", file=problem.file, line=problem.line, policy="", message=message)


def checked(document: Document, *, imports: bool = True) -> tuple[Remark, ...]:
    r"""Answer what is doubtful about a file, in the order of its lines.

    Args:
        document: the file.
        imports: whether to import what the policies name.

    >>> from mulligan.config.file.document import read
    >>> document = read('[policies.a]\nretry_on = "OSError"\ntimeout = 9\nschedule = "constant(1)"')
    >>> [str(remark) for remark in checked(document)]
    ['policies.toml:4: MP101 a: The delays have no jitter: constant(1) gives every client the same delays']
    """
    found = [remark for entry in document.entries for remark in _of_policy(document, entry, imports=imports)]
    return tuple(sorted([*found, *_of_file(document)], key=lambda each: (each.line or 0, each.code)))


def _of_policy(document: Document, entry: Entry, *, imports: bool) -> Iterator[Remark]:
    ignored = set(entry.table.ignore) if isinstance(entry.table.ignore, list) else set[str]()
    told = [*_doubts(document, entry), *_owner(document, entry)]
    yield from (remark for remark in told if remark.code not in ignored)
    for code in sorted(ignored - {remark.code for remark in told}):
        yield _remark(document, entry, "MP205", "ignore", f"{code} is not found")
    if imports:
        yield from _imports(document, entry)


def _doubts(document: Document, entry: Entry) -> Iterator[Remark]:
    for finding in explained(entry.outline, budgeted=entry.budgeted).findings:
        yield _remark(document, entry, finding.code, FIELDS[finding.code], finding.message)


def _owner(document: Document, entry: Entry) -> Iterator[Remark]:
    if document.owners is None:
        return
    owner = entry.table.owner
    if not isinstance(owner, str):
        yield _remark(document, entry, "MP201", "owner", f"give one of {', '.join(document.owners)}")
    elif owner not in document.owners:
        yield _remark(
            document, entry, "MP202", "owner", f"{owner!r} is none of [owners]{guess(owner, document.owners)}"
        )


def _imports(document: Document, entry: Entry) -> Iterator[Remark]:
    try:
        made(entry)
    except ConfigError as error:
        yield _remark(document, entry, "MP002", error.field, f"{error.value}: {error.remedy}")


def _remark(document: Document, entry: Entry, code: str, field: str, message: str) -> Remark:
    line = entry.places.get(field, entry.line)
    return Remark(code=code, file=document.file, line=line, policy=entry.name, message=message)


def _of_file(document: Document) -> Iterator[Remark]:
    named: dict[str, Path] = {f"@{name}": ("errors", name) for name in document.errors}
    named |= {f"extends {name}": ("policies", *name.split(".")) for name in document.templates}
    named |= {f"budget {name}": ("budgets", name) for name in document.budgets}
    for reference, path in named.items():
        if reference not in document.used:
            yield _about_file(document, "MP203", path, f"no policy names {reference.removeprefix('extends ')}")
    for variable in unknown(tuple(entry.name for entry in document.entries)):
        yield _about_file(document, "MP204", (), f"{variable} is set")


def _about_file(document: Document, code: str, path: Path, message: str) -> Remark:
    line = line_of(document.lines, (*section_of(document.file), *path))
    return Remark(code=code, file=document.file, line=line, policy="", message=message)
