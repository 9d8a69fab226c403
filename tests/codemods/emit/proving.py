"""How the tests of emitted code rewrite a function named `fetch`, and insist that it is the same."""

from __future__ import annotations

from textwrap import dedent

from mulligan_codemods.prove import Proved, prove

from tests.codemods.rewriting import MODULE, Rewrite, rewrite

__all__ = ["HEAD", "proved", "rewritten"]

HEAD = "import time\n\nfrom gateway import Lost, get\n\n\n"


def rewritten(text: str, head: str = HEAD) -> Rewrite:
    found = rewrite(head + dedent(text).lstrip("\n"))
    assert found.refused == ()
    return found


def proved(text: str, head: str = HEAD) -> Rewrite:
    """Rewrite the function `fetch` of a module, and insist that it is the same."""
    before, found = head + dedent(text).lstrip("\n"), rewritten(text, head)
    proof = prove(before, found.text, qualname="fetch", policies={MODULE: found.policies}, module="app")
    assert isinstance(proof, Proved)
    assert all(each.documented for each in proof.assumptions)
    return found
