"""What a generated loop attempts, and how success leaves it.

Rules: everything that is called comes from `outside`, from the parameters `url` and `client`, or from the class that
`Client` derives from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.codemods.generated.drawing import Draw, chance, pick
from tests.codemods.generated.model import Place

if TYPE_CHECKING:
    from tests.codemods.generated.counting import Head

__all__ = ["Operation", "operation"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """What the try holds.

    Args:
        body: the statements of the try.
        otherwise: those of its else.
        leaves: `return` or `break`.
        value: what may be read after the loop.
        several: whether the body has several statements.
    """

    body: tuple[str, ...]
    leaves: str
    otherwise: tuple[str, ...] = ()
    value: str | None = None
    several: bool = False


def operation(draw: Draw, head: Head, place: Place, *, asynchronous: bool, leaves: str) -> Operation:
    """Draw an operation that leaves the loop by `return` or by `break`."""
    call = _call(draw, head, place, asynchronous=asynchronous)
    before: tuple[str, ...] = ()
    if chance(draw, 12):
        before = pick(draw, ("check(url)",), ("session = connect(url)",), ("headers = {'k': token()}",))
    several = bool(before)
    if leaves == "return":
        made = pick(
            draw,
            ((f"return {call}",), ()),
            ((f"return {call}",), ()),
            ((f"return {call}",), ()),
            ((f"value = {call}", "return value"), ()),
            ((f"value = {call}",), ("return value",)),
            ((f"return {call}",), ()),
            ((f"return {call}",), ()),
            ((f"value = {call}", "value.check()", "return value"), ()),
            ((call, "return True"), ()),
            ((call, "return"), ()),
            ((f"return ({call}).body",), ()),
        )
        if chance(draw, 8):
            made = pick(
                draw,
                ((f"value = {call}", "if value:", "    return value"), ()),
                (("with guard(url) as value:", f"    return {call}"), ()),
                ((f"value = {call}", "return value.body"), ()),
            )
        body, otherwise = made
        return Operation(body=(*before, *body), otherwise=otherwise, leaves=leaves, several=several or len(body) > 1)
    made = pick(
        draw,
        ((f"value = {call}", "break"), ()),
        ((f"value = {call}",), ("break",)),
        ((f"value = {call}", "break"), ()),
        ((f"value = {call}",), ("break",)),
        ((f"value = {call}", "value.check()", "break"), ()),
        ((call, "break"), ()),
    )
    if chance(draw, 5):
        made = ((f"value = {call}", "if value is not None:", "    break"), ())
    body, otherwise = made
    return Operation(
        body=(*before, *body),
        otherwise=otherwise,
        leaves=leaves,
        value="value" if "value" in made[0][0] else None,
        several=several,
    )


def _call(draw: Draw, head: Head, place: Place, *, asynchronous: bool) -> str:
    end = "_async" if asynchronous else ""
    waiting = "await " if asynchronous else ""
    callees = [f"call{end}", f"call{end}", f"client.fetch{end}", f"client.session.get{end}"]
    if place is Place.METHOD:
        callees += [f"self.fetch{end}", f"self.session.get{end}"]
    if chance(draw, 60):
        return f"{waiting}{pick(draw, *callees)}(url)"
    argument = pick(
        draw,
        "url",
        "url, timeout=TIMEOUT",
        "",
        "url, *PARTS",
        "token()",
        "url.path",
        "f'{url}/x'",
        "{'a': url}",
        f"url, {head.shown or 'None'}",
        f"url, n={head.shown or 1}",
    )
    return f"{waiting}{pick(draw, *callees)}({argument})"
