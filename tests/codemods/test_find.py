"""Which loops become candidates."""

from __future__ import annotations

from textwrap import dedent

import pytest
from mulligan_codemods.files.source import Source, Unreadable, cut, decode
from mulligan_codemods.find import Candidate, find, promising
from mulligan_codemods.site import Span


def candidates(text: str) -> tuple[Candidate, ...]:
    source = decode("a.py", dedent(text).encode())
    assert isinstance(source, Source)
    found = find(source)
    assert not isinstance(found, Unreadable), found
    return found


FOUND = {
    "counted, sleeping": """
        def f():
            for i in range(3):
                try:
                    return g()
                except OSError:
                    time.sleep(1)
    """,
    "no delay": """
        def f():
            for i in range(3):
                try:
                    return g()
                except OSError:
                    if i == 2:
                        raise
    """,
    "no delay, and a counter of any name": """
        def f():
            n = 0
            while True:
                try:
                    return g()
                except OSError:
                    n += 1
                    if n == 3:
                        raise
    """,
    "unbounded, inside a condition": """
        def f():
            while True:
                if ready:
                    try:
                        g()
                        break
                    except OSError:
                        pass
                pause()
    """,
    "the pause has another name": """
        from time import sleep as nap
        def f():
            while True:
                try:
                    return g()
                except OSError:
                    nap(1)
    """,
    "the pause is an event": """
        def f():
            while not stop.wait(5):
                try:
                    return g()
                except OSError:
                    log()
    """,
    "retries counted without a range or a pause": """
        def f(retries):
            while retries:
                try:
                    return g()
                except OSError:
                    retries -= 1
    """,
    "exception groups": """
        def f():
            while True:
                try:
                    g()
                    break
                except* OSError:
                    time.sleep(1)
    """,
    "attempts from a list": """
        def f():
            for attempt in self.attempts:
                try:
                    return g()
                except OSError:
                    continue
    """,
}


@pytest.mark.parametrize("text", FOUND.values(), ids=FOUND.keys())
def test_a_loop_that_may_go_round_again_after_an_exception_is_found(text: str) -> None:
    assert [found.qualname for found in candidates(text)] == ["f"]


PASSED = {
    "iteration over items": """
        def f(items):
            for item in items:
                try:
                    g(item)
                except OSError:
                    continue
    """,
    "the handler always leaves": """
        def f(queue):
            while True:
                try:
                    x = queue.get()
                except Empty:
                    break
                print(x)
    """,
    "nothing is caught": """
        def f():
            while True:
                try:
                    g()
                finally:
                    time.sleep(1)
        try:
            f()
        except OSError:
            pass
    """,
    "the try is in a function that the loop defines": """
        def f():
            for i in range(3):
                def h():
                    try:
                        return g()
                    except OSError:
                        time.sleep(1)
                break
    """,
}


@pytest.mark.parametrize("text", PASSED.values(), ids=PASSED.keys())
def test_other_loops_are_passed_over(text: str) -> None:
    assert candidates(text) == ()


LOOP = "for i in range(3):\n try:\n  g()\n  break\n except OSError:\n  sleep(1)\n"


@pytest.mark.parametrize(
    ("head", "qualname", "in_function"),
    [
        ("", "<module>", False),
        ("def f():", "f", True),
        ("async def f():", "f", True),
        ("class A:", "A", False),
        ("class A:\n def m(self):", "A.m", True),
        ("def f():\n def g():", "f.<locals>.g", True),
        ("def f():\n class B:\n  def m(self):", "f.<locals>.B.m", True),
        ("def f():\n class B:", "f.<locals>.B", False),
        ("if x:", "<module>", False),
        ("try:\n pass\nexcept E:\n pass\nelse:", "<module>", False),
        ("try:\n pass\nexcept E:", "<module>", False),
        ("match x:\n case 1:", "<module>", False),
        ("with x:\n def f():", "f", True),
    ],
)
def test_a_candidate_says_where_it_stands(head: str, qualname: str, in_function: bool) -> None:
    depth = len(head.split("\n")) if head else 0
    text = (head + "\n" if head else "") + "".join(" " * 3 * depth + line + "\n" for line in LOOP.splitlines())
    (found,) = candidates(text)
    assert found.qualname == qualname
    assert (found.function is not None) == in_function


def test_spans_are_in_characters_and_hold_the_decorators() -> None:
    text = "@é('é')\n@b\ndef ü():\n  for i in range(3):\n    try: return 'é'\n    except E: sleep('é')\n"
    (found,) = candidates(text)
    assert found.function == Span(line=1, column=0, end_line=6, end_column=24)
    assert cut(text, found.span) == "for i in range(3):\n    try: return 'é'\n    except E: sleep('é')"


def test_loops_of_one_function_are_numbered_and_nested_ones_found_too() -> None:
    inner = LOOP.replace("\n", "\n  ").rstrip()
    found = candidates(f"while True:\n try:\n  {inner}\n except E: wait()\n{LOOP}")
    assert [(each.qualname, each.ordinal, each.span.line) for each in found] == [
        ("<module>", 0, 1),
        ("<module>", 1, 3),
        ("<module>", 2, 10),
    ]


def test_async_loops_are_found() -> None:
    text = """
        async def f():
            async for delay in delays():
                try:
                    return await g()
                except OSError:
                    await asyncio.sleep(delay)
    """
    assert [found.qualname for found in candidates(text)] == ["f"]


def test_a_file_without_a_chance_is_not_parsed() -> None:
    """Its syntax error stays unnoticed."""
    source = decode("a.py", b"def f(:\n")
    assert isinstance(source, Source)
    assert find(source) == ()


def test_a_syntax_error_in_a_promising_file_is_a_value() -> None:
    source = decode("a.py", b"def f(:\n for x in range(3):\n  try: g()\n  except\n")
    assert isinstance(source, Source)
    found = find(source)
    assert isinstance(found, Unreadable)
    assert found.code == "ML004"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"for i in range(3):\n  try: sleep()\n  except E: pass", True),
        (b"\nfor i in range(3):\n\n  # why\n  try: g()\n  except E: pass", True),
        (b"for i in y:\n  try: await g()\n  except E: pass", False),
        (b"while x:\n  try: g()\n  except E: self.wait(1)", True),
        (b"while x:\n  try: g()\n  except E: attempts -= 1", True),
        (b"while x:\n  try: g()\n  except E: entries = delayed", False),
        (b"from time import sleep as nap\nwhile x:\n  try: g()\n  except E: nap(1)", True),
        (b"while x:\n  g()\ntry: g()\nexcept E: sleep(1)", False),
        (b"def f():\n  while x:\n    g()\ndef h():\n    try: g()\n    except E: sleep(1)", False),
        (b"sleep(1)\nwhile x:\n  try: g()\n  except E: pass", False),
        (b"while x:\n  try: g()\n  except E: pass\n  try: g()\n  except E: pass\n" + b"#" * 7900 + b"\nsleep(1)", True),
        (b"while x:\n  try: g()\n  except E: pass\n" + b"#" * 8000 + b"\nsleep(1)", False),
        (b"for i in range(3): sleep()", False),
        (b"try: sleep()\nexcept E: pass", False),
    ],
)
def test_the_bytes_tell_what_is_worth_parsing(data: bytes, expected: bool) -> None:
    assert promising(data) is expected
