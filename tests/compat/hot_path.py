"""What a call that succeeds at once costs through a shim, against the original: `python -m tests.compat.hot_path`."""

# ruff: noqa: T201 - a command of its own, which prints

from __future__ import annotations

from functools import partial
from importlib import import_module
from statistics import median
from timeit import timeit
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

CALLS, ROUNDS = 2_000, 51


def same(value: object) -> object:
    """Answer the value: the operation."""
    return value


def never(value: object) -> bool:
    """Reject nothing."""
    return value is None


def uses(prefix: str) -> dict[str, Callable[[object], object]]:
    """Answer the ways to call, on the libraries under this prefix."""
    retrying: Any = import_module(f"{prefix}retrying")
    retry: Any = import_module(f"{prefix}retry.api")
    backoff: Any = import_module(f"{prefix}backoff")
    return {
        "retrying.retry": retrying.retry(stop_max_attempt_number=3, wait_fixed=100)(same),
        "retry.retry": retry.retry(OSError, tries=3, delay=1)(same),
        "retry.retry_call": lambda value: retry.retry_call(same, [value], tries=3),
        "backoff.on_exception": backoff.on_exception(backoff.expo, OSError, max_tries=3)(same),
        "backoff.on_predicate": backoff.on_predicate(backoff.expo, never, max_tries=3)(same),
    }


def microseconds(call: Callable[[object], object]) -> float:
    """Answer what one call takes."""
    return timeit(partial(call, 1), number=CALLS) / CALLS * 1e6


def main() -> None:
    """Print the ratios: each round measures both, one after the other, so that a busy moment meets both."""
    originals = uses("")
    for name, shim in uses("mulligan.compat.").items():
        rounds = [(microseconds(shim), microseconds(originals[name])) for _ in range(ROUNDS)]
        ours, theirs = (min(side) for side in zip(*rounds, strict=True))
        ratio = median(shim_takes / original_takes for shim_takes, original_takes in rounds)
        print(f"{name:<21} {ours:5.2f} µs   original {theirs:5.2f} µs   ratio {ratio:.2f}")


if __name__ == "__main__":
    main()
