"""Find where clients and queues are told to retry: settings of a library that lives on, which are never rewritten.

Rules: bytes first, then one walk over the `ast`. A call counts where its name comes from the client's modules by an
import; celery's tasks are known by `autoretry_for`.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from mulligan_codemods.names import Function, dotted, statements_of

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["bound_in", "client_of", "clients_in", "tells_clients"]

MODULES = (b"urllib3", b"requests", b"httpx_retries", b"aiohttp_retry")

CLIENTS = {
    "urllib3.Retry": "urllib3",
    "urllib3.util.Retry": "urllib3",
    "urllib3.util.retry.Retry": "urllib3",
    "requests.adapters.Retry": "urllib3",
    "requests.packages.urllib3.util.retry.Retry": "urllib3",
    "requests.adapters.HTTPAdapter": "requests",
    "httpx_retries.Retry": "httpx-retries",
    "httpx_retries.RetryTransport": "httpx-retries",
    "aiohttp_retry.ExponentialRetry": "aiohttp-retry",
}
"""What is called, and which client it tells."""


def tells_clients(data: bytes) -> bool:
    """Tell from the bytes alone whether a file may hold such a call."""
    if b"autoretry_for" in data:
        return True
    told = b"Retry(" in data or b"RetryTransport(" in data or (b"HTTPAdapter" in data and b"max_retries" in data)
    return told and any(module in data for module in MODULES)


def clients_in(tree: ast.Module) -> Iterator[tuple[ast.Call, str]]:
    """Yield the calls, each with the qualified name of the function that it stands in or decorates."""
    bound = bound_in(tree)
    stack: list[tuple[ast.AST, str]] = [(tree, "")]
    while stack:
        node, prefix = stack.pop()
        if isinstance(node, ast.Call) and client_of(node, bound):
            yield node, prefix.removesuffix(".").removesuffix(".<locals>")
        if isinstance(node, Function):
            name = f"{prefix}{node.name}"
            stack.extend((each, f"{name}.") for each in node.decorator_list)
            stack.extend((each, f"{name}.<locals>.") for each in node.body)
        else:
            inner = f"{prefix}{node.name}." if isinstance(node, ast.ClassDef) else prefix
            stack.extend((each, inner) for each in ast.iter_child_nodes(node))


def client_of(call: ast.Call, bound: dict[str, str]) -> str:
    """Answer which client a call tells to retry; empty where it tells none."""
    given = {each.arg: each.value for each in call.keywords}
    if "autoretry_for" in given:
        return "celery"
    root, dot, rest = (dotted(call.func) or "").partition(".")
    called = f"{bound[root]}{dot}{rest}" if root in bound else ""
    match called:  # a Retry inside of these is found by itself
        case "requests.adapters.HTTPAdapter" if not isinstance(given.get("max_retries"), ast.Constant):
            return ""
        case "httpx_retries.RetryTransport" if "retry" in given or call.args:
            return ""
        case _:
            return CLIENTS.get(called, "")


def bound_in(tree: ast.Module) -> dict[str, str]:
    """Answer what the names of a module's imports stand for."""
    found: dict[str, str] = {}
    for node in statements_of(tree):
        match node:
            case ast.Import(names=names):
                found |= {alias.asname: alias.name for alias in names if alias.asname}
                found |= {top: top for alias in names if not alias.asname and (top := alias.name.partition(".")[0])}
            case ast.ImportFrom(module=str() as module, names=names, level=0):
                found |= {alias.asname or alias.name: f"{module}.{alias.name}" for alias in names}
            case _:
                continue
    return found
