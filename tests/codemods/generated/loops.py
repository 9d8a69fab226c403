"""The grammar: draws a module with one retry loop, from its head, pause, operation, handlers and surroundings.

Rules: what is drawn is a legal module that comes to an end under each fault script; whether it makes sense, or is
subtly wrong, is left to chance. The first choices are the simplest, so that failures shrink to plain loops.
"""

from __future__ import annotations

from hypothesis import strategies as st

from tests.codemods.generated.counting import Head, head
from tests.codemods.generated.drawing import Draw, FromHypothesis, chance, indented, pick
from tests.codemods.generated.handlers import Handling, handling
from tests.codemods.generated.model import Loop, Number, Place
from tests.codemods.generated.operations import Operation, operation
from tests.codemods.generated.pauses import pause

__all__ = ["PRELUDE", "loop", "loops"]

PRELUDE = """\
import asyncio
import itertools
import logging
import random
import time

from outside import Base, Broken, Exhausted, Other, Refused, Timeout
from outside import begin, call, call_async, check, cleanup, connect, fallback, finish
from outside import guard, is_transient, refresh, token

logger = logging.getLogger(__name__)

ATTEMPTS = 4
DELAY = 0.5
CAP = 5
DEADLINE = 8
TIMEOUT = 30
DELAYS = (1, 2, 5)
PARTS = ("a", "b")
TRANSIENT = (Broken, OSError)
"""


@st.composite
def loops(draw: st.DrawFn) -> Loop:
    """Draw a module with one loop."""
    return loop(FromHypothesis(draw))


def loop(draw: Draw) -> Loop:
    """Choose a module with one loop."""
    place = pick(draw, Place.FUNCTION, Place.FUNCTION, Place.FUNCTION, Place.METHOD, Place.METHOD)
    asynchronous = chance(draw, 20)
    count, delay, parameters, attributes = _numbers(draw, place)
    before = []
    if chance(draw, 6):
        before, count = [f"limit = {count}"], "limit"
    top = head(draw, count)
    lines, features = _written(draw, top, place, delay, asynchronous=asynchronous)
    body = _surrounded(draw, [*before, *lines])
    return Loop(
        text=_module(place, body, parameters, attributes, asynchronous=asynchronous),
        place=place,
        asynchronous=asynchronous,
        parameters=parameters,
        attributes=attributes,
        shape=top.shape,
        features=features,
    )


LEAVING = (
    "raise Exhausted('gave up')",
    "raise Exhausted(str(e)) from e",
    "raise Exhausted('gave up', url) from e",
    "return None",
    "return fallback(url)",
    "break",
    "raise Exhausted('x') from None",
)

GIVEN_UP = (
    "raise Exhausted('gave up')",
    "raise Exhausted('gave up', url)",
    "return None",
    "return fallback(url)",
    "logger.error('gave up')",
    "pass",
)
"""What follows when the loop has run out."""

Numbers = tuple[tuple[str, Number], ...]


def _numbers(draw: Draw, place: Place) -> tuple[str, str, Numbers, Numbers]:
    """Draw where the count and the delay come from."""
    counts = ["3", "1", "5", "2", "ATTEMPTS", "retries"]
    delays = ["2", "0.5", "DELAY", "delay"]
    if place is Place.METHOD:
        counts += ["self.retries", "self.retries"]
        delays += ["self.delay"]
    count, delay = pick(draw, *counts), pick(draw, *delays)
    parameters: list[tuple[str, Number]] = []
    if count == "retries":
        parameters.append(("retries", Number.COUNT))
    if delay == "delay":
        parameters.append(("delay", Number.DELAY))
    attributes = (("retries", Number.COUNT), ("delay", Number.DELAY)) if place is Place.METHOD else ()
    return count, delay, tuple(parameters), attributes


def _written(
    draw: Draw, top: Head, place: Place, delay: str, *, asynchronous: bool
) -> tuple[list[str], frozenset[str]]:
    ending = pick(draw, "tested", "tested", "after", "else", "saved", "flag") if top.last or top.ends else "never"
    if ending in {"after", "else", "saved"} and not top.ends:
        ending = "tested"
    leaves = {"after": "return", "else": "break", "flag": "break"}.get(ending) or pick(draw, "return", "break")
    waits = pause(draw, top, delay, asynchronous=asynchronous)
    done = operation(draw, top, place, asynchronous=asynchronous, leaves=leaves)
    leaving = pick(draw, *(("raise", "raise", "raise e") if chance(draw, 50) else LEAVING))
    handled = handling(draw, top, waits, tested=ending == "tested", saved=ending == "saved", leaving=leaving)
    lines = [*top.before, *waits.before]
    if ending == "saved":
        lines.append("last = None")
    if ending == "flag":
        lines.append("ok = False")
        done = _flagged(done)
    lines += [top.line, *indented(_body(draw, top, done, handled, asynchronous=asynchronous))]
    lines += _after(draw, ending, done)
    kinds = (("async", asynchronous), ("several", done.several))
    features = {*handled.features, ending, waits.kind, leaves} | {name for name, is_so in kinds if is_so}
    return lines, frozenset(features)


def _flagged(done: Operation) -> Operation:
    def flagged(lines: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(
            part
            for line in lines
            for part in ([line.replace("break", "ok = True"), line] if line.strip() == "break" else [line])
        )

    return Operation(body=flagged(done.body), otherwise=flagged(done.otherwise), leaves="break", value=done.value)


def _body(draw: Draw, top: Head, done: Operation, handled: Handling, *, asynchronous: bool) -> list[str]:
    lines = [*top.top]
    if chance(draw, 4):
        lines.append(pick(draw, "check(url)", "request = token()", "logger.debug('trying')"))
    if top.failures is not None and chance(draw, 4):
        slept = "await asyncio.sleep(1)" if asynchronous else "time.sleep(1)"
        lines += [f"if {top.failures}:", f"    {slept}"]
    lines += ["try:", *indented([*done.body]), *handled.lines]
    if done.otherwise:
        lines += ["else:", *indented([*done.otherwise])]
    if chance(draw, 3):
        lines += ["finally:", *indented([pick(draw, "cleanup(url)", "client.close()", "time.sleep(1)")])]
    return [*lines, *handled.behind]


def _after(draw: Draw, ending: str, done: Operation) -> list[str]:
    """Draw what stands behind the loop, its else included."""
    used = [pick(draw, "return value", "finish(value)", "pass")] if done.value else []
    again = [line for line in done.body if line.startswith("return ") and "(" in line]  # the last attempt, written out
    given_up = [pick(draw, *GIVEN_UP, *again)]
    if ending == "after":
        return given_up
    if ending in {"else", "flag"}:
        return ["else:" if ending == "else" else "if not ok:", *indented(given_up), *used]
    if ending == "saved":
        return _kept(draw, done, used)
    tails: tuple[list[str], ...] = ([], [], ["return None"], ["raise Exhausted('unreachable')"])
    return used if done.leaves == "break" else pick(draw, *tails)


def _kept(draw: Draw, done: Operation, used: list[str]) -> list[str]:
    """Draw what becomes of an error that was kept."""
    tail = pick(draw, "raise last", "raise Exhausted('gave up') from last", "return last", "raise Exhausted(str(last))")
    if done.leaves == "return":
        return [tail]
    return [pick(draw, "else:", "if last is not None:"), f"    {tail}", *used]


def _surrounded(draw: Draw, lines: list[str]) -> list[str]:
    """Draw the statements around the loop."""
    around = (
        ["url = begin(url)", *lines],
        ['"""Do the work."""', *lines],
        ["with guard(url):", *indented(lines)],
        ["if url is not None:", *indented(lines), "return finish(url)"],
        ["try:", *indented(lines), "finally:", "    finish(url)"],
        ["try:", *indented(lines), "except Exhausted:", "    finish(url)"],
        ["for url in url:", "    begin(url)", *indented(lines)],
    )
    return pick(draw, *around) if chance(draw, 30) else lines


def _module(place: Place, body: list[str], parameters: Numbers, attributes: Numbers, *, asynchronous: bool) -> str:
    keyword = "async def" if asynchronous else "def"
    names = ["url", "client", *(name for name, _ in parameters)]
    if place is Place.FUNCTION:
        lines = ["", f"{keyword} work({', '.join(names)}):", *indented(body)]
    else:
        made = [f"self.{name} = {name}" for name, _ in attributes]
        lines = [
            "",
            "class Client(Base):",
            f"    def __init__(self, {', '.join(name for name, _ in attributes)}):",
            *indented(indented(made)),
            "",
            f"    {keyword} work(self, {', '.join(names)}):",
            *indented(indented(body)),
        ]
    return PRELUDE + "\n" + "\n".join(lines) + "\n"
