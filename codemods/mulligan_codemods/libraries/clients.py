"""What a client or a queue was told to do, and the policy that would say the same: a finding, never a rewrite.

| client | attempts | delays |
|---|---|---|
| urllib3's `Retry` | `total` retries (10) | 0 before the first, then `backoff_factor * 2**(n - 1)`, at most 120 s |
| `HTTPAdapter(max_retries=N)` | N retries of connections that fail | none |
| httpx-retries' `Retry` | `total` retries (10) | `backoff_factor * 2**n`, full jitter, at most 120 s; or none |
| aiohttp-retry's `ExponentialRetry` | `attempts` (3) | `start_timeout * factor**n`, at most 30 s |
| celery's `autoretry_for` | `max_retries` retries (3) | `retry_backoff * 2**n`, full jitter, at most 600 s; or 180 s |

Rules: pure; a number that the call does not write down is kept as the code spells it.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mulligan_codemods.files.source import parsed
from mulligan_codemods.libraries.reading.place import locate
from mulligan_codemods.names import literal_number
from mulligan_codemods.site import Behaviour, Reason, Site
from mulligan_codemods.uses.clients import bound_in, client_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from mulligan_codemods.files.source import Source
    from mulligan_codemods.find import Candidate

__all__ = ["client_site"]

CODE = "ML258"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a client was told, in words, and in a policy's fields; without fields, no policy says it."""

    attempts: str
    delays: str
    exceptions: str
    fields: str


def client_site(source: Source, candidate: Candidate) -> Site:
    """Say what a client was told."""
    client, told = _told(source, candidate)
    policy = f": Policy({told.fields}) would say the same" if told is not None and told.fields else ""
    return Site(
        path=candidate.path, qualname=candidate.qualname, span=candidate.span, kind=candidate.kind, shape=client,
        is_retry=True,
        behaviour=None if told is None
        else Behaviour(attempts=told.attempts, delays=told.delays, exceptions=told.exceptions),
        reason=Reason(code=CODE, message=f"{client or 'a client'} retries by itself{policy}", span=candidate.span),
    )  # fmt: skip


def _told(source: Source, candidate: Candidate) -> tuple[str | None, Told | None]:
    """Answer which client it is, and what it was told; `None` where the call is not found again."""
    place = locate(source.path, source.text, candidate.span)
    call = None if place is None else place.node
    client = client_of(call, bound_in(parsed(source.text))) if isinstance(call, ast.Call) else ""
    if not isinstance(call, ast.Call) or not client:
        return None, None
    return client, READ[client](_given(call, client))


Given = Mapping[str, ast.expr]
FIRST = {"aiohttp-retry": "attempts", "httpx-retries": "total", "urllib3": "total"}
"""The parameter that is given first where it is not named."""


def _given(call: ast.Call, client: str) -> Given:
    named = {each.arg: each.value for each in call.keywords if each.arg}
    return {FIRST[client]: call.args[0], **named} if call.args and client in FIRST else named


def _urllib3(given: Given) -> Told:
    attempts = _more(_or(given.get("total"), "10"), 1)
    factor = given.get("backoff_factor")
    statuses = given.get("status_forcelist")
    codes = _codes(statuses)
    if factor is None or literal_number(factor) == 0:
        schedule, delays = "no_delay()", "none"
    else:
        twice = _times(ast.unparse(factor), 2)
        most = _or(given.get("backoff_max"), "120")
        schedule = f"no_delay().take(1).then({_capped(twice, most)})"
        delays = f"none, then {twice} s, then 2 times as long each time, at most {most} s"
    judged = f"{f'status({codes}) | ' if codes else ''}error(requests.ConnectionError, requests.Timeout)"
    return Told(
        attempts=attempts, delays=delays, exceptions=f"failed connections and reads{codes and ', statuses ' + codes}",
        fields=f"classify={judged}, schedule={schedule}, max_attempts={attempts}",
    )  # fmt: skip


def _requests(given: Given) -> Told:
    attempts = _more(ast.unparse(given["max_retries"]), 1)
    fields = f"retry_on=requests.ConnectionError, schedule=no_delay(), max_attempts={attempts}"
    return Told(attempts=attempts, delays="none", exceptions="failed connections", fields=fields)


def _httpx(given: Given) -> Told:
    attempts = _more(_or(given.get("total"), "10"), 1)
    codes = _codes(given.get("status_forcelist")) or "429, 502, 503, 504"
    factor, most = _or(given.get("backoff_factor"), "0"), _or(given.get("max_backoff_wait"), "120")
    jitter = given.get("backoff_jitter", ast.Constant(1))
    first, drawn = _times(factor, 2), literal_number(jitter) != 0
    if first == "0":
        schedule, delays = "no_delay()", "none"
    else:
        jittered = f"min_of(exponential({first}).jittered(full_jitter()), constant({most}))"
        schedule = jittered if drawn else _capped(first, most)
        delays = f"{'up to ' if drawn else ''}{first} s, then 2 times as long each time, at most {most} s"
    judged = f"status({codes}) | error(httpx.TimeoutException, httpx.NetworkError, httpx.RemoteProtocolError)"
    fields = f"classify={judged}, schedule={schedule}, max_attempts={attempts}"
    return Told(
        attempts=attempts, delays=delays, exceptions=f"timeouts, errors of network and protocol, statuses {codes}",
        fields=fields if first == "0" or literal_number(jitter) in {0, 1} else "",
    )  # fmt: skip


def _aiohttp(given: Given) -> Told:
    attempts = _or(given.get("attempts"), "3")
    factor, start = _or(given.get("factor"), "2"), _or(given.get("start_timeout"), "0.1")
    first, most = _times(start, factor), _or(given.get("max_timeout"), "30")
    growth = "" if factor == "2" else f", factor={factor}"
    judged = "error(aiohttp.ClientConnectionError, TimeoutError)"
    return Told(
        attempts=attempts, delays=f"{first} s, then {factor} times as long each time, at most {most} s",
        exceptions="any Exception, statuses from 500 on, POST included",
        fields=f"classify={judged}, schedule=exponential({first}{growth}, cap={most}), max_attempts={attempts}",
    )  # fmt: skip


def _celery(given: Given) -> Told:
    retry = _entries(given.get("retry_kwargs"))
    attempts = _more(_or(retry.get("max_retries") or given.get("max_retries"), "3"), 1)
    errors = ast.unparse(given["autoretry_for"])
    backoff, jitter = given.get("retry_backoff"), given.get("retry_jitter")
    off = backoff is None or (isinstance(backoff, ast.Constant) and not backoff.value)
    if off:
        delay = _or(retry.get("countdown") or given.get("default_retry_delay"), "180")
        schedule, delays = f"constant({delay})", f"{delay} s"
    else:
        on = isinstance(backoff, ast.Constant) and backoff.value is True
        first, most = "1" if on else _or(backoff, "1"), _or(given.get("retry_backoff_max"), "600")
        even = isinstance(jitter, ast.Constant) and jitter.value is False
        schedule = f"exponential({first}, cap={most}){'' if even else '.jittered(full_jitter())'}"
        delays = f"{'' if even else 'up to '}{first} s, then 2 times as long each time, at most {most} s"
    return Told(
        attempts=attempts, delays=delays, exceptions=errors,
        fields=f"retry_on={errors}, schedule={schedule}, max_attempts={attempts}",
    )  # fmt: skip


READ: Mapping[str, Callable[[Given], Told]] = {
    "aiohttp-retry": _aiohttp,
    "celery": _celery,
    "httpx-retries": _httpx,
    "requests": _requests,
    "urllib3": _urllib3,
}


def _capped(first: str, most: str) -> str:
    """Answer delays that double up to a cap, which the first may have reached."""
    one, other = (literal_number(ast.parse(each, mode="eval").body) for each in (first, most))
    over = one is not None and other is not None and one >= other
    return f"constant({most})" if over else f"exponential({first}, cap={most})"


def _entries(node: ast.expr | None) -> dict[object, ast.expr]:
    """Answer a dictionary that is written down, by its keys."""
    if not isinstance(node, ast.Dict):
        return {}
    return {
        key.value: value for key, value in zip(node.keys, node.values, strict=True) if isinstance(key, ast.Constant)
    }


def _or(node: ast.expr | None, default: str) -> str:
    return default if node is None else ast.unparse(node)


def _more(text: str, number: int) -> str:
    """Answer a number of attempts, one more than retries: as a number where it is one."""
    return str(int(text) + number) if text.isdecimal() else f"{text} + {number}"


def _times(text: str, factor: str | int) -> str:
    one, other = (literal_number(ast.parse(str(each), mode="eval").body) for each in (text, factor))
    return f"{one * other:g}" if one is not None and other is not None else f"{factor} * {text}"


def _codes(node: ast.expr | None) -> str:
    """Answer the statuses that a list holds, as arguments."""
    match node:
        case None | ast.Constant(value=None):
            return ""
        case ast.List(elts=elements) | ast.Tuple(elts=elements) | ast.Set(elts=elements):
            return ", ".join(map(ast.unparse, elements))
        case _:
            return f"*{ast.unparse(node)}"
