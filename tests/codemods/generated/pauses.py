"""How long a generated loop sleeps, and how it spells that.

Rules: an amount is a literal, a module's constant, a parameter or an attribute, as the loop's surroundings allow.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.codemods.generated.drawing import Draw, chance, pick

if TYPE_CHECKING:
    from tests.codemods.generated.counting import Head

__all__ = ["Pause", "pause"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """A delay.

    Args:
        before: statements before the loop.
        lines: the pause itself.
        kind: what grows, for the counts.
    """

    before: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    kind: str = ""


def pause(draw: Draw, head: Head, delay: str, *, asynchronous: bool) -> Pause:
    """Draw a pause.

    Args:
        draw: draws.
        head: how the loop counts.
        delay: the amount, as the code spells it.
        asynchronous: whether the loop awaits.
    """
    kinds = ["constant", "constant", "constant", "none", "doubled", "jitter"]
    if head.failures is not None:
        kinds += ["linear", "exponential", "exponential", "capped", "from list", "jittered exponential"]
    if head.shape == "S10":
        kinds = ["listed", "listed", "constant"]
    kind = pick(draw, *kinds)
    n = head.failures or "0"
    if kind == "none":
        return Pause(kind=kind)
    if kind == "doubled":
        return _doubled(draw, delay, asynchronous=asynchronous)
    amounts = {
        "constant": (delay, delay, delay, f"{delay} * 2"),
        "linear": (f"{delay} * ({n} + 1)", f"{n} + 1", f"{delay} * {n}", n, f"{delay} + {n}"),
        "exponential": (
            f"2 ** {n}",
            f"{delay} * 2 ** {n}",
            f"{delay} * (2 ** {n})",
            f"1.5 ** {n}",
            f"2 ** ({n} + 1)",
            f"{delay} ** {n}",
        ),
        "capped": (
            f"min(2 ** {n}, 5)",
            f"min({delay} * 2 ** {n}, 3)",
            f"min(CAP, {delay} * 2 ** {n})",
            f"min({n} + 1, 3)",
        ),
        "from list": (f"DELAYS[min({n}, len(DELAYS) - 1)]", f"DELAYS[{n}]"),
        "jitter": (
            f"random.uniform(0, {delay})",
            f"{delay} + random.uniform(0, 1)",
            "random.random()",
            f"{delay} + random.random()",
            "random.uniform(1, 3)",
            f"{delay} * random.uniform(0.5, 1.5)",
        ),
        "jittered exponential": (
            f"random.uniform(0, 2 ** {n})",
            f"2 ** {n} + random.uniform(0, 1)",
            f"{delay} * 2 ** {n} + random.random()",
            f"random.uniform(0, min(8, 2 ** {n}))",
            f"2 ** {n} * random.uniform(0.5, 1.5)",
        ),
        "listed": ("pause", "pause", "pause * 2"),
    }
    amount = pick(draw, *amounts[kind])
    if chance(draw, 20):
        return Pause(lines=(f"wait = {amount}", _sleep("wait", asynchronous=asynchronous)), kind=kind)
    return Pause(lines=(_sleep(amount, asynchronous=asynchronous),), kind=kind)


def _doubled(draw: Draw, delay: str, *, asynchronous: bool) -> Pause:
    grow = pick(
        draw,
        "wait *= 2",
        "wait = wait * 2",
        "wait = min(wait * 2, 5)",
        "wait += 1",
        f"wait += {delay}",
        "wait = min(CAP, wait * 2)",
    )
    lines = [_sleep("wait", asynchronous=asynchronous), grow]
    if chance(draw, 20):
        lines.reverse()
    return Pause(before=(f"wait = {delay}",), lines=tuple(lines), kind="doubled")


def _sleep(amount: str, *, asynchronous: bool) -> str:
    return f"await asyncio.sleep({amount})" if asynchronous else f"time.sleep({amount})"
