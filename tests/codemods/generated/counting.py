"""How a generated loop counts its attempts: the head, the counter's steps, and the tests for the last attempt.

Rules: each head is one spelling that people use, and some of them are wrong on purpose; the proof must see it.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.codemods.generated.drawing import Draw, pick

__all__ = ["Head", "head"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """One way to count.

    Args:
        shape: its shape.
        line: the loop's first line.
        before: statements before the loop.
        top: statements at the start of the loop's body.
        counted: statements at the start of a retrying handler.
        later: statements after the pause.
        last: conditions that hold when the failed attempt was the last, the right ones first.
        wrong: near misses of these.
        failures: how many attempts failed before the present one, at the time of the pause.
        shown: what a log line shows as the attempt's number.
        ends: whether the loop ends by itself.
    """

    shape: str
    line: str
    before: tuple[str, ...] = ()
    top: tuple[str, ...] = ()
    counted: tuple[str, ...] = ()
    later: tuple[str, ...] = ()
    last: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    failures: str | None = None
    shown: str | None = None
    ends: bool = True


def head(draw: Draw, count: str) -> Head:
    """Draw a head for a number of attempts, given as the code spells it."""
    make = pick(draw, *HEADS)
    return make(draw, count)


def _less(count: str) -> str:
    return str(int(count) - 1) if count.isdigit() else f"{count} - 1"


def _plus(count: str) -> str:
    return str(int(count) + 1) if count.isdigit() else f"{count} + 1"


def _counter(draw: Draw) -> str:
    return pick(draw, "attempt", "i", "retry", "n")


def _range(draw: Draw, count: str) -> Head:
    i = _counter(draw)
    spelled = pick(draw, f"range({count})", f"range({count})", f"range(0, {count})", f"range(0, {count}, 1)")
    return Head(
        shape="S01",
        line=f"for {i} in {spelled}:",
        last=(
            f"{i} == {_less(count)}",
            f"{i} >= {_less(count)}",
            f"{i} + 1 == {count}",
            f"{i} + 1 >= {count}",
            f"not {i} < {_less(count)}",
            f"{_less(count)} == {i}",
        ),
        wrong=(f"{i} == {count}", f"{i} > {_less(count)}", f"{i} == {_less(count)} - 1", f"{i} >= {count}"),
        failures=i,
        shown=pick(draw, i, f"{i} + 1"),
    )


def _from_one(draw: Draw, count: str) -> Head:
    i = _counter(draw)
    return Head(
        shape="S01",
        line=f"for {i} in range(1, {_plus(count)}):",
        last=(f"{i} == {count}", f"{i} >= {count}", f"not {i} < {count}"),
        wrong=(f"{i} > {count}", f"{i} == {_less(count)}", f"{i} == {_plus(count)}"),
        failures=f"({i} - 1)",
        shown=i,
    )


def _more(draw: Draw, count: str) -> Head:
    i = _counter(draw)
    return Head(
        shape="S01",
        line=f"for {i} in range({count} + 1):",
        last=(f"{i} == {count}", f"{i} >= {count}"),
        wrong=(f"{i} == {count} + 1", f"{i} == {_less(count)}"),
        failures=i,
        shown=i,
    )


def _reversed(draw: Draw, count: str) -> Head:
    i = pick(draw, "left", "remaining", "i")
    return Head(
        shape="S01",
        line=f"for {i} in reversed(range({count})):",
        last=(f"{i} == 0", f"not {i}", f"{i} <= 0", f"{i} < 1"),
        wrong=(f"{i} == 1", f"{i} < 0"),
        failures=f"({_less(count)} - {i})",
        shown=i,
    )


def _down(draw: Draw, count: str) -> Head:
    i = pick(draw, "left", "remaining", "i")
    return Head(
        shape="S01",
        line=f"for {i} in range({count}, 0, -1):",
        last=(f"{i} == 1", f"{i} <= 1", f"not {i} > 1"),
        wrong=(f"{i} == 0", f"not {i}"),
        failures=f"({count} - {i})",
        shown=i,
    )


def _blind(_draw: Draw, count: str) -> Head:
    return Head(shape="S02", line=f"for _ in range({count}):")


def _forever(draw: Draw, count: str) -> Head:
    i = pick(draw, "tries", "attempts", "retries_done", "n")
    start = pick(draw, 0, 0, 1)
    step = pick(draw, f"{i} += 1", f"{i} += 1", f"{i} = {i} + 1")
    placed = pick(draw, "counted", "later", "top", "never")
    true = pick(draw, "while True:", "while True:", "while 1:")
    # `last` compares the counter, at the time of the test, with the limit that makes `count` attempts
    limit = {"counted": start, "later": start - 1, "top": start, "never": start - 1}[placed]
    bound = {1: _plus(count), 0: count, -1: _less(count)}[limit]
    failed = {"counted": start + 1, "later": start, "top": start + 1, "never": start}[placed]
    steps = (step,)
    return Head(
        shape="S05",
        line=true,
        before=(f"{i} = {start}",),
        top=steps if placed == "top" else (),
        counted=steps if placed == "counted" else (),
        later=steps if placed == "later" else (),
        last=(
            f"{i} >= {bound}",
            f"{i} == {bound}",
            f"{i} > {_less(bound) if bound.isdigit() else f'{bound} - 1'}",
            f"not {i} < {bound}",
        ),
        wrong=(f"{i} > {bound}", f"{i} == {_plus(bound) if bound.isdigit() else f'{bound} + 1'}"),
        failures=i if failed == 0 else f"({i} - {failed})",
        shown=i,
        ends=False,
    )


def _while(draw: Draw, count: str) -> Head:
    i = pick(draw, "tries", "attempts", "n")
    start = pick(draw, 0, 0, 1)
    placed = pick(draw, "counted", "later", "top")
    compare = pick(draw, "<", "<", "<=", "!=")
    bound = {("<", 0): count, ("<", 1): _plus(count), ("<=", 0): _less(count), ("<=", 1): count}.get(
        (compare, start), count
    )
    steps = (f"{i} += 1",)
    moved = 0 if placed == "later" else 1
    return Head(
        shape="S05",
        line=f"while {i} {compare} {bound}:",
        before=(f"{i} = {start}",),
        top=steps if placed == "top" else (),
        counted=steps if placed == "counted" else (),
        later=steps if placed == "later" else (),
        last=(f"{i} >= {bound}", f"{i} == {bound}", f"{i} == {bound} - 1")
        if moved
        else (f"{i} >= {bound} - 1", f"{i} + 1 == {bound}"),
        wrong=(f"{i} > {bound}", f"{i} == {bound} - 2"),
        failures=f"({i} - {start + moved})" if start + moved else i,
        shown=i,
    )


def _left(draw: Draw, count: str) -> Head:
    i = pick(draw, "left", "tries_left", "retries_left")
    condition = pick(draw, f"{i} > 0", f"{i}", f"{i} >= 1", f"{i} >= 0", "True")
    placed = pick(draw, "counted", "later", "top")
    step = pick(draw, f"{i} -= 1", f"{i} = {i} - 1")
    now = placed != "later"
    return Head(
        shape="S06",
        line=f"while {condition}:",
        before=(f"{i} = {count}",),
        top=(step,) if placed == "top" else (),
        counted=(step,) if placed == "counted" else (),
        later=(step,) if placed == "later" else (),
        last=(f"{i} == 0", f"not {i}", f"{i} <= 0") if now else (f"{i} == 1", f"{i} <= 1"),
        wrong=(f"{i} < 0", f"{i} == 2"),
        failures=f"({count} - {i} - 1)" if now else f"({count} - {i})",
        shown=i,
        ends=condition != "True",
    )


def _deadline(draw: Draw, _count: str) -> Head:
    clock = pick(draw, "time.monotonic()", "time.time()")
    seconds = pick(draw, "10", "5.0", "DEADLINE")
    variant = pick(draw, "end", "start")
    if variant == "end":
        before, over = (f"end = {clock} + {seconds}",), (f"{clock} >= end", f"{clock} > end")
        going = f"{clock} < end"
    else:
        before, over = (f"start = {clock}",), (f"{clock} - start >= {seconds}", f"{clock} - start > {seconds}")
        going = f"{clock} - start < {seconds}"
    loop = pick(draw, "while True:", f"while {going}:")
    return Head(shape="S08", line=loop, before=before, last=over, wrong=over[1:], ends=loop != "while True:")


def _endless(draw: Draw, _count: str) -> Head:
    spelled = pick(
        draw,
        "while True:",
        "while True:",
        "while 1:",
        "for attempt in itertools.count():",
        "for attempt in itertools.count(1):",
    )
    failures = {"for attempt in itertools.count():": "attempt", "for attempt in itertools.count(1):": "(attempt - 1)"}
    shown = "attempt" if spelled.startswith("for") else None
    return Head(shape="S09", line=spelled, failures=failures.get(spelled), shown=shown, ends=False)


def _listed(draw: Draw, _count: str) -> Head:
    values = pick(draw, "DELAYS", "(1, 2, 5)", "[0.5, 1]", "(*DELAYS, None)", "[1, 3, None]", "DELAYS + (None,)")
    if pick(draw, True, False):
        return Head(shape="S10", line=f"for pause in {values}:", last=("pause is None", "not pause"), shown="pause")
    line = f"for i, pause in enumerate({values}):"
    last = ("pause is None", f"i == len({values}) - 1")
    return Head(shape="S10", line=line, last=last, shown="i", failures="i")


HEADS = (
    *(_range, _range, _from_one, _more, _reversed, _down, _blind, _range, _from_one, _blind),
    *(_forever, _forever, _forever, _while, _left, _left, _deadline, _endless, _listed),
)
