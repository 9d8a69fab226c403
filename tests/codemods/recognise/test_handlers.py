"""Handlers that fork are rewritten as a person would write them, and proved as far as they are the same."""

from __future__ import annotations

from textwrap import dedent

import pytest
from mulligan_codemods.prove import Differs, Proved, Unsupported, prove

from tests.codemods.recognise.class_cases import CLASSES
from tests.codemods.recognise.handler_cases import HANDLERS, HandlerCase
from tests.codemods.recognise.pause_cases import PAUSES
from tests.codemods.recognise.settling_cases import SETTLING
from tests.codemods.rewriting import MODULE, definitions, rewrite

EVERY = (*HANDLERS, *SETTLING, *CLASSES, *PAUSES)
HEADER = (
    "import asyncio\nimport logging\nimport time\n\nfrom gateway import Busy, Missing, dial, get, post\n\n"
    "log = logging.getLogger(__name__)\n\n\n"
)


def module(case: HandlerCase) -> str:
    return HEADER + dedent(case.before).lstrip("\n")


@pytest.mark.parametrize("case", EVERY, ids=lambda case: case.name)
def test_a_forked_handler_is_rewritten_as_a_person_would(case: HandlerCase) -> None:
    rewritten = rewrite(module(case))
    assert rewritten.refused == ()
    assert definitions(rewritten.text) == dedent(case.after).lstrip("\n")


@pytest.mark.parametrize("case", EVERY, ids=lambda case: case.name)
def test_a_forked_handler_is_proved_or_its_difference_told(case: HandlerCase) -> None:
    rewritten = rewrite(module(case))
    name = dedent(case.before).split("def ", 1)[1].split("(")[0]
    proof = prove(
        module(case), rewritten.text, qualname=name, policies={MODULE: rewritten.policies}, module="app", seconds=60.0
    )
    match proof:
        case Proved():
            assert case.proof == "proved"
        case Differs(story=story):
            assert case.proof in story
        case Unsupported(message=message):
            assert case.proof in message
        case _:
            pytest.fail(str(proof))
