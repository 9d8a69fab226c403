"""Functions that are retry engines are found, with the mapping that their code tells."""

from __future__ import annotations

import ast
from textwrap import dedent, indent
from typing import TYPE_CHECKING

import pytest
from mulligan_codemods.uses.engines import engines_in

if TYPE_CHECKING:
    from mulligan_codemods.uses.engines import Engine


def engines(code: str) -> list[Engine]:
    tree = ast.parse(dedent(code))
    loops = [node.lineno for node in ast.walk(tree) if isinstance(node, ast.For | ast.While)]
    return list(engines_in(tree, loops))


def factory(signature: str, loop: str) -> str:
    body = indent(dedent(loop).strip("\n"), " " * 12)
    head = f"def retry({signature}):\n    def decorate(fn):\n        def wrapper(*args, **kwargs):\n"
    return f"{head}{body}\n        return wrapper\n    return decorate\n"


LOOPS = {
    "a factor and classes": (
        "tries=3, delay=1, backoff=2, exceptions=(Exception,)",
        """
        pause = delay
        for left in reversed(range(tries)):
            try:
                return fn(*args, **kwargs)
            except exceptions:
                if not left:
                    raise
                time.sleep(pause)
                pause *= backoff
        """,
        {"max_attempts": "tries", "base": "delay", "factor": "backoff", "retry_on": "exceptions", "unit": "s"},
    ),
    "retries after the first attempt, in milliseconds": (
        "again, wait_ms",
        """
        for i in range(again + 1):
            try:
                return fn(*args, **kwargs)
            except OSError:
                time.sleep(wait_ms / 1000)
        """,
        {"max_retries": "again", "base": "wait_ms", "unit": "ms"},
    ),
    "a range from 1": (
        "n",
        """
        for i in range(1, n + 1):
            try:
                return fn()
            except OSError:
                time.sleep(1)
        """,
        {"max_attempts": "n", "unit": "s"},
    ),
    "a cap and jitter": (
        "attempts, base, most, spread",
        """
        for i in range(attempts):
            try:
                return fn()
            except OSError:
                time.sleep(min(base * 2 ** i, most) + random.uniform(0, spread))
        """,
        {"max_attempts": "attempts", "base": "base", "cap": "most", "jitter": "spread", "unit": "s"},
    ),
    "a capped variable": (
        "attempts, initial, factor, limit",
        """
        delay = initial
        for i in range(attempts):
            try:
                return fn()
            except OSError:
                time.sleep(delay + random.random() * 1)
                delay = min(delay * factor, limit)
        """,
        {"max_attempts": "attempts", "base": "initial", "factor": "factor", "cap": "limit", "unit": "s"},
    ),
    "a counter, known by its name": (
        "max_retries, delay",
        """
        done = 0
        while True:
            try:
                return fn()
            except OSError:
                done += 1
                if done > max_retries:
                    raise
                time.sleep(delay)
        """,
        {"max_retries": "max_retries", "base": "delay", "unit": "s"},
    ),
}


@pytest.mark.parametrize(("signature", "loop", "mapping"), LOOPS.values(), ids=LOOPS)
def test_the_mapping_is_what_the_loop_does(signature: str, loop: str, mapping: dict[str, str]) -> None:
    (found,) = engines(factory(signature, loop))
    assert (found.name, found.line, found.decorates, found.doubts) == ("retry", 1, True, ())
    assert dict(found.mapping) == mapping


def test_a_function_that_is_given_the_operation_is_one_too() -> None:
    (found,) = engines("""
        def retry_call(fn, *args, tries=3, delay=1, logger=None, **kwargs):
            for _ in range(tries):
                try:
                    return fn(*args, **kwargs)
                except OSError:
                    logger.info("again")
                    time.sleep(delay)
    """)
    assert not found.decorates
    assert dict(found.mapping) == {
        "max_attempts": "tries", "base": "delay", "operation": "fn", "args": "args", "kwargs": "kwargs", "unit": "s",
    }  # fmt: skip
    assert found.left_out == ("logger",)


@pytest.mark.parametrize(
    "delay",
    ["delay * backoff ** (i + 1)", "delay * backoff ** other"],
)
def test_a_first_delay_that_is_not_the_base_is_doubted(delay: str) -> None:
    loop = f"""
        for i in range(tries):
            try:
                return fn()
            except OSError:
                time.sleep({delay})
    """
    assert engines(factory("tries, delay, backoff", loop))[0].doubts
    assert not engines(factory("tries, delay, backoff", loop.replace(delay, "delay * backoff ** i")))[0].doubts


def test_a_delay_that_grows_before_it_is_slept_is_doubted() -> None:
    loop = """
        pause = delay
        for i in range(tries):
            try:
                return fn()
            except OSError:
                pause *= backoff
                time.sleep(pause)
    """
    assert engines(factory("tries, delay, backoff", loop))[0].doubts


def test_a_decorator_without_parameters_has_no_mapping() -> None:
    (found,) = engines("""
        def retry(fn):
            def wrapper(*args):
                for _ in range(3):
                    try:
                        return fn(*args)
                    except OSError:
                        time.sleep(1)
            return wrapper
    """)
    assert found.mapping == ()


@pytest.mark.parametrize("call", ["get(url)", "self.fn()", "print(fn)"])
def test_a_loop_that_calls_something_else_is_no_engine(call: str) -> None:
    code = f"""
        def fetch(url, fn, tries):
            for _ in range(tries):
                try:
                    return {call}
                except OSError:
                    time.sleep(1)
    """
    assert engines(code) == []
