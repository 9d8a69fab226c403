"""Loops as a careful programmer writes them: none of them has a bug, each should be offered as safe.

Rules: the same names as the grammar's, so that the same scripts run them; every loop is the product of a head, an
operation, a delay and an ending, without surprises.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from tests.codemods.generated.drawing import indented
from tests.codemods.generated.loops import PRELUDE
from tests.codemods.generated.model import Loop, Number

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["textbook"]

FOR = {
    "for i in range({n}):": ("i == {n} - 1", "i"),
    "for i in range(1, {n} + 1):": ("i == {n}", "(i - 1)"),
    "for i in reversed(range({n})):": ("not i", None),
}
DELAYS = ("DELAY", "2 ** {failures}", "min(DELAY * 2 ** {failures}, 30)", "random.uniform(0, 2 ** {failures})")
OPERATIONS = (("return call(url)",), ("value = client.fetch(url, timeout=TIMEOUT)", "return value"))
LOGS = ("", "logger.warning('failed: %s', e)", "logger.exception('failed')")
COUNTS = ("3", "ATTEMPTS", "retries")


def textbook() -> Iterator[Loop]:
    """Answer the textbook loops."""
    yield from _counted()
    yield from _after()
    yield from _while()
    yield from _others()


def _counted() -> Iterator[Loop]:
    for (head, (last, failures)), count, operation, log in product(FOR.items(), COUNTS, OPERATIONS, LOGS):
        for delay in DELAYS if failures else DELAYS[:1]:
            handler = [f"if {last.format(n=count)}:", "    raise", *_log(log), _sleep(delay, failures)]
            yield _loop("S01", [head.format(n=count), *_try(operation, handler)], count)
    for count, log in product(COUNTS, LOGS):
        handler = [*_log(log), f"if i == {count} - 1:", "    raise Exhausted('gave up') from e", "time.sleep(1)"]
        yield _loop("S01", [f"for i in range({count}):", *_try(OPERATIONS[0], handler)], count)


def _after() -> Iterator[Loop]:
    for count, operation, log in product(COUNTS, OPERATIONS, LOGS):
        handler = [*_log(log), "time.sleep(DELAY)"]
        loop = [f"for _ in range({count}):", *_try(operation, handler)]
        yield _loop("S02", [*loop, "raise Exhausted('gave up')"], count)
        yield _loop("S03", [*loop, "return None"], count)
        kept = [f"for _ in range({count}):", *_try(operation, ["last = e", *handler])]
        yield _loop("S04", ["last = None", *kept, "raise last"], count)
    for count, log in product(COUNTS, LOGS):
        tried = _try(("value = call(url)",), [*_log(log), "time.sleep(DELAY)"])
        loop = [f"for _ in range({count}):", *tried, "    else:", "        break"]
        yield _loop("S04", [*loop, "else:", "    raise Exhausted('gave up')", "return value"], count)


def _while() -> Iterator[Loop]:
    for count, operation, log in product(COUNTS, OPERATIONS, LOGS):
        handler = ["tries += 1", f"if tries >= {count}:", "    raise", *_log(log), "time.sleep(DELAY)"]
        yield _loop("S05", ["tries = 0", "while True:", *_try(operation, handler)], count)
        handler = ["left -= 1", "if not left:", "    raise", *_log(log), "time.sleep(DELAY)"]
        yield _loop("S06", [f"left = {count}", "while True:", *_try(operation, handler)], count)
        handler = ["left -= 1", *_log(log), "time.sleep(DELAY)"]
        down = [f"left = {count}", "while left > 0:", *_try(operation, handler)]
        yield _loop("S06", [*down, "raise Exhausted('gave up')"], count)


def _others() -> Iterator[Loop]:
    for operation, log in product(OPERATIONS, LOGS):
        handler = [*_log(log), "time.sleep(DELAY)"]
        yield _loop("S09", ["while True:", *_try(operation, handler)], "")
        over = ["if time.monotonic() >= end:", "    raise", *handler]
        yield _loop("S08", ["end = time.monotonic() + DEADLINE", "while True:", *_try(operation, over)], "")
        listed = ["if pause is None:", "    raise", *_log(log), "time.sleep(pause)"]
        yield _loop("S10", ["for pause in (1, 2, 5, None):", *_try(operation, listed)], "")
    for count in COUNTS:
        tried = _try(("value = call(url)", "ok = True"), ["time.sleep(DELAY)"])
        flag = ["ok = False", "tries = 0", f"while not ok and tries < {count}:", "    tries += 1", *tried]
        yield _loop("S07", [*flag, "if not ok:", "    raise Exhausted('gave up')", "return value"], count)


def _try(operation: tuple[str, ...], handler: list[str]) -> list[str]:
    return indented(["try:", *indented([*operation]), "except Broken as e:", *indented(handler)])


def _log(log: str) -> list[str]:
    return [log] if log else []


def _sleep(delay: str, failures: str | None) -> str:
    return f"time.sleep({delay.format(failures=failures)})"


def _loop(shape: str, body: list[str], count: str) -> Loop:
    parameters = (("retries", Number.COUNT),) if count == "retries" else ()
    names = ", ".join(["url", "client", *(name for name, _ in parameters)])
    text = PRELUDE + "\n".join(["\n", f"def work({names}):", *indented(body)]) + "\n"
    return Loop(text=text, parameters=parameters, shape=shape)
