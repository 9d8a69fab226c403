"""What stands around the `try` is rewritten as a person would write it, and proved."""

from __future__ import annotations

import ast
from textwrap import dedent

import pytest
from mulligan_codemods.prove import Proved, prove

from tests.codemods.recognise.around import AROUND, Around
from tests.codemods.rewriting import MODULE, rewrite

HEADER = """import asyncio
import itertools
import logging
import random
import time

from gateway import GatewayError, get, send

log = logging.getLogger(__name__)
DELAYS = [1, 5, 15]


"""


def module(case: Around) -> str:
    return HEADER + dedent(case.before).lstrip("\n")


def function(text: str) -> str:
    """Answer the text from the first definition on."""
    lines = text.split("\n")
    first = next(index for index, line in enumerate(lines) if line.startswith(("def", "async def", "@")))
    return "\n".join(lines[first:])


def fields(policies: str) -> str:
    """Answer the fields of the only policy of a module, except its name."""
    calls = [
        node
        for node in ast.walk(ast.parse(policies))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Policy"
    ]
    (found,) = [[ast.unparse(keyword) for keyword in call.keywords if keyword.arg != "name"] for call in calls]
    return ", ".join(found)


@pytest.mark.parametrize("case", AROUND, ids=lambda case: case.name)
def test_each_loop_is_rewritten_as_a_person_would(case: Around) -> None:
    rewritten = rewrite(module(case))
    assert rewritten.refused == ()
    assert function(rewritten.text) == dedent(case.after).lstrip("\n")
    assert fields(rewritten.policies) == case.policy


@pytest.mark.parametrize("case", [each for each in AROUND if each.safe], ids=lambda case: case.name)
def test_each_rewrite_is_proved(case: Around) -> None:
    text = module(case)
    rewritten = rewrite(text)
    proof = prove(text, rewritten.text, qualname="fetch", policies={MODULE: rewritten.policies})
    assert isinstance(proof, Proved)
    assert all(each.documented for each in proof.assumptions)
