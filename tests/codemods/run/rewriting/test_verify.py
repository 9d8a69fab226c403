"""The check of a rewrite."""

from __future__ import annotations

import pytest
from mulligan_codemods.files.source import Source, decode
from mulligan_codemods.find import find
from mulligan_codemods.run.rewriting.verify import violation
from mulligan_codemods.site import Kind, Site

LOOP = "for _ in range(3):\n        try:\n            return g()\n        except OSError:\n            time.sleep(1)\n"
BEFORE = f"import time\nimport random\n\ndef f(x):\n    {LOOP}\n\ndef h():\n    return random.random()\n"
GOOD = (
    "from p import P\nimport random\n\ndef f(x):\n    return execute(P, g)\n\n\ndef h():\n    return random.random()\n"
)


def site_of(text: str) -> Site:
    source = decode("a.py", text.encode())
    assert isinstance(source, Source)
    found = find(source)
    assert isinstance(found, tuple)
    return Site(path="a.py", qualname=found[0].qualname, span=found[0].span, kind=Kind.LOOP, shape=None, is_retry=True)


def check(before: str, after: str) -> str | None:
    return violation(before, after, site_of(before), "P")


def test_a_good_rewrite_passes() -> None:
    assert check(BEFORE, GOOD) is None


def test_a_policy_of_its_own_may_be_defined_in_the_module() -> None:
    assert check(BEFORE, GOOD.replace("\ndef f", "\nP = define(Policy())\n\ndef f")) is None
    assert "outside" in (check("P = 1\n" + BEFORE, "P = 2\n" + GOOD) or "")


def test_a_decorator_passes() -> None:
    after = GOOD.replace("def f(x):\n    return execute(P, g)", "@retry(P)\ndef f(x):\n    return g()")
    assert check(BEFORE, after) is None


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("def h", "def (h"), "does not parse"),
        (("random.random()", "random.gauss()"), "outside"),
        (("def f(x)", "def f(y)"), "outside"),
        (("def f(x)", "def e(x)"), "defined"),
        (("import random\n", ""), "random"),
        (("\n\ndef h", "\nextra = 1\ndef h"), "outside"),
        (("return execute(P, g)\n", LOOP), "still there"),
        (("return execute(P, g)\n", "return execute(P, g)\n    continue\n"), "'continue' outside a loop"),
    ],
)
def test_a_bad_rewrite_is_named(change: tuple[str, str], told: str) -> None:
    after = GOOD.replace(*change)
    assert after != GOOD
    assert told in (check(BEFORE, after) or "")


def test_a_removed_import_that_is_exported_is_missed() -> None:
    before = BEFORE + "__all__ = ['time', 'f']\n"
    assert "time" in (check(before, GOOD + "__all__ = ['time', 'f']\n") or "")


MODULE = (
    "import time\nx = 0\nfor _ in range(3):\n  try:\n    x = g()\n    break\n  except E:\n    time.sleep(1)\ny = x\n"
)


@pytest.mark.parametrize(
    ("after", "good"),
    [
        ("import time\nfrom p import P\nx = execute(P, g)\ny = x\n", True),
        ("import time\nfrom p import P\nx = 0\nx = execute(P, g)\ny = x\n", True),
        ("import time\nfrom p import P\nx = execute(P, g)\ny = 2\n", False),
        ("import time\nfrom p import P\nx = execute(P, g)\n", False),
    ],
)
def test_a_loop_of_a_module_may_take_its_assignments_along_only(after: str, good: bool) -> None:
    assert (check(MODULE, after) is None) == good


def test_a_method_is_checked_with_its_class() -> None:
    body = LOOP.replace("\n    ", "\n        ")
    before = f"class A:\n    def f(self):\n        {body}\n    z = 1\nclass B:\n    def f(self):\n        return 1\n"
    after = "class A:\n    def f(self):\n        return execute(P, g)\n\n    z = 1\n"
    after += "class B:\n    def f(self):\n        return 1\n"
    assert check(before, after) is None
    assert "outside" in (check(before, after.replace("return 1", "return 2")) or "")


@pytest.mark.parametrize("quoted", ["'''a\n  b'''", "b'''a\n  b'''", "f'''{x}\n  b'''", "'a \\\n  b'"])
def test_a_string_that_moves_with_its_lines_is_named(quoted: str) -> None:
    before = BEFORE.replace("g()", f"g({quoted})")
    same = GOOD.replace("(P, g)", f"(P, g, {quoted})")
    moved = same.replace("  b", "    b")
    assert check(before, same) is None
    assert "a string over several lines" in (check(before, moved) or "")


def test_a_string_that_says_a_number_now_is_the_proofs_to_read() -> None:
    before = BEFORE.replace("g()", "g(f'again:  {n} times')")
    assert check(before, GOOD.replace("(P, g)", "(P, g, 'again:  3 times')")) is None
