"""CPython is the oracle: generated programs do the same in the interpreter as under `exec`, with the same stand-ins."""

from __future__ import annotations

from hypothesis import assume, event, example, given, settings
from mulligan_codemods.prove.values.effects import Refused

from tests.codemods.prove.executed import Executed, compiles
from tests.codemods.prove.generated import programs
from tests.codemods.prove.interpreted import Interpreted
from tests.codemods.prove.scripts import Script, scripts


@settings(max_examples=300)
@given(program=programs(), script=scripts)
@example(program="def work():\n    raise ValueError('x') from None\n", script=Script((None,), (True,)))
def test_the_interpreter_does_what_cpython_does(program: str, script: Script) -> None:
    text = "import time\nc = 7\n" + program
    assume(compiles(text))
    try:
        interpreted = Interpreted(script).run(text)
    except Refused:
        event("refused")  # is always allowed
        return

    assert interpreted == Executed(script).run(text), text
