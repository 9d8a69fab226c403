"""What stands around the `try` is rewritten as a person would write it, and proved."""

from __future__ import annotations

from textwrap import dedent

import pytest
from mulligan_codemods.prove import Proved, prove

from tests.codemods.recognise.around import AROUND, Around
from tests.codemods.rewriting import MODULE, definitions, policy_fields, rewrite

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


@pytest.mark.parametrize("case", AROUND, ids=lambda case: case.name)
def test_each_loop_is_rewritten_as_a_person_would(case: Around) -> None:
    rewritten = rewrite(module(case))
    assert rewritten.refused == ()
    assert definitions(rewritten.text) == dedent(case.after).lstrip("\n")
    assert policy_fields(rewritten.policies) == [case.policy]


@pytest.mark.parametrize("case", [each for each in AROUND if each.safe], ids=lambda case: case.name)
def test_each_rewrite_is_proved(case: Around) -> None:
    text = module(case)
    rewritten = rewrite(text)
    proof = prove(text, rewritten.text, qualname="fetch", policies={MODULE: rewritten.policies})
    assert isinstance(proof, Proved)
    assert all(each.documented for each in proof.assumptions)
