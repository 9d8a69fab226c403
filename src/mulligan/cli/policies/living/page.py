"""The Markdown of the living document.

Rules: pure. Names of exceptions, schedules and files stand as they are written; figures are those of `mulligan explain`
at its own conditions, which the page states.
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

from mulligan.cli.durations import duration
from mulligan.cli.policies.living.picture import picture
from mulligan.config.file.reading import fields_of
from mulligan.config.overrides import OVERRIDABLE, variable
from mulligan.explain import Conditions, explained

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from mulligan.cli.policies.living.sites import CallSite
    from mulligan.config.file.document import Document, Entry
    from mulligan.explain import Explanation

__all__ = ["pictures", "written"]

CONDITIONS = Conditions()
HEAD = """\
# Retry policies

Made by `mulligan policies docs` from `{file}`; don't edit it. Times at worst count {latency} for each attempt.
`mulligan explain NAME` says more about a policy, `mulligan rule CODE` about a remark.
"""


def written(document: Document, sites: Sequence[CallSite] | None, *, folder: str | None) -> str:
    """Answer the document.

    Args:
        document: the file.
        sites: where policies are used; `None` where nobody looked.
        folder: the folder of the pictures, beside the document; `None` leaves them out.
    """
    parts = [HEAD.format(file=_file(document), latency=duration(CONDITIONS.latency)), *_index(document)]
    for entry in document.entries:
        used = None if sites is None else [site for site in sites if site.policy == entry.name]
        parts += _section(document, entry, used, folder)
    parts += _strays(document, sites)
    return "\n".join(parts)


def pictures(document: Document) -> Mapping[str, str]:
    """Answer the pictures of the delays: the name of each file, and its SVG."""
    return {f"{entry.name}.svg": picture(rows) for entry in document.entries if (rows := _explained(entry).rows)}


def _file(document: Document) -> str:
    return document.file.replace("\\", "/").rpartition("/")[2]


def _explained(entry: Entry) -> Explanation:
    return explained(entry.outline, CONDITIONS, budgeted=entry.budgeted)


def _index(document: Document) -> Iterator[str]:
    yield "| policy | attempts | at worst | owner |\n|---|---|---|---|"
    for entry in document.entries:
        found = _explained(entry)
        owner = entry.table.owner if isinstance(entry.table.owner, str) else ""
        yield f"| [{entry.name}](#{_anchor(entry.name)}) | {_attempts(found)} | {_worst(found)} | {_cell(owner)} |"
    yield ""


def _anchor(name: str) -> str:
    """Answer the anchor that Markdown renderers give a heading."""
    return "".join(letter for letter in name.lower() if letter.isalnum() or letter in "-_")


def _section(document: Document, entry: Entry, sites: Sequence[CallSite] | None, folder: str | None) -> Iterator[str]:
    table, found = entry.table, _explained(entry)
    yield f"## {entry.name}\n"
    if isinstance(table.description, str):
        yield f"{table.description}\n"
    yield "| | |\n|---|---|"
    yield from (f"| {name} | {_cell(said)} |" for name, said in _facts(document, entry, found) if said)
    yield ""
    if folder is not None and found.rows:
        yield f"![The delays of {entry.name}]({folder}/{entry.name}.svg)\n"
    yield from _watch(entry)
    remarks = [finding for finding in found.findings if finding.code not in _ignored(entry)]
    if remarks:
        yield "Remarks:\n"
        yield from (f"- {finding}" for finding in remarks)
        yield ""
    yield from _used(sites)


def _facts(document: Document, entry: Entry, found: Explanation) -> Iterator[tuple[str, str]]:
    table, policy = entry.table, entry.outline
    yield "owner", _owner(document, entry)
    yield "runbook", table.runbook if isinstance(table.runbook, str) else ""
    yield "extends", ", ".join(f"`{name}`" for name in entry.ancestors)
    yield "preset", f"`{table.preset}`" if isinstance(table.preset, str) else ""
    yield "retries", ", ".join(f"`{name}`" for name in entry.exceptions)
    yield "retries values where", f"`{table.retry_if}`" if isinstance(table.retry_if, str) else ""
    yield "judged by", f"`{table.classify}`" if isinstance(table.classify, str) else ""
    yield "attempts", _attempts(found)
    yield "delays", f"`{policy.schedule!r}`"
    yield "timeout", _limits(entry)
    yield "at worst", _worst(found)
    yield "budget", _budget(document, entry)
    yield "operators", f"`{variable(entry.name)}__…`: {', '.join(name.lower() for name in OVERRIDABLE)}"


def _owner(document: Document, entry: Entry) -> str:
    owner = entry.table.owner
    if not isinstance(owner, str):
        return ""
    reach = (document.owners or {}).get(owner)
    return owner if reach is None else f"{owner} ({reach})"


def _attempts(found: Explanation) -> str:
    limit = found.policy.attempt_limit
    return "unlimited" if limit == inf else f"{limit:.0f}"


def _limits(entry: Entry) -> str:
    policy = entry.outline
    told: list[str] = []
    if policy.timeout is not None:
        told.append(duration(policy.timeout))
    if policy.attempt_timeout is not None:
        advised = " (advised)" if policy.attempt_timeout_mode == "advise" else ""
        told.append(f"{duration(policy.attempt_timeout)} for an attempt{advised}")
    if policy.stop_after is not None:
        told.append(f"stops after {duration(policy.stop_after)}")
    return ", ".join(told) or "none"


def _worst(found: Explanation) -> str:
    worst = found.worst_case
    return "without end" if worst.value == inf else f"{'' if worst.exact else '≤ '}{duration(worst.value)}"


def _budget(document: Document, entry: Entry) -> str:
    name = entry.table.budget
    if not isinstance(name, str):
        return ""
    fields = fields_of(document.budgets[name])
    return f"`{name}`: {', '.join(f'{field} {value}' for field, value in fields.items())}"


def _watch(entry: Entry) -> Iterator[str]:
    name = entry.name
    yield "Watch:\n"
    yield f'- `mulligan.calls{{policy="{name}", kind="failed_with_retry"}}`: executions that retrying did not save'
    yield f'- `mulligan.calls{{policy="{name}", kind="successful_with_retry"}}`: a dependency that begins to fail'
    yield f'- `mulligan.attempts{{policy="{name}"}}` over `mulligan.calls`: the load that retrying makes'
    timeout = entry.outline.timeout
    if timeout is not None:
        yield f'- `mulligan.call.duration{{policy="{name}"}}`: near {duration(timeout)} the timeout ends it'
    yield ""


def _ignored(entry: Entry) -> Sequence[str]:
    return entry.table.ignore if isinstance(entry.table.ignore, list) else ()


def _used(sites: Sequence[CallSite] | None) -> Iterator[str]:
    if sites is None:
        return
    yield "Used at:\n" if sites else "Used nowhere that was looked at.\n"
    if sites:
        yield from (f"- `{site.path}:{site.line}` {site.qualname}" for site in sites)
        yield ""


def _strays(document: Document, sites: Sequence[CallSite] | None) -> Iterator[str]:
    """Tell of policies that code uses and this file lacks."""
    names = {entry.name for entry in document.entries}
    strays = [site for site in sites or () if site.policy not in names]
    if strays:
        yield "## Not in this file\n"
        yield from (f"- {site.policy} at `{site.path}:{site.line}` {site.qualname}" for site in strays)
        yield ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
