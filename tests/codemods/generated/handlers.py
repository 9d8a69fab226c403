"""What a generated loop does with errors.

Rules: the retrying handler tests for the last attempt, logs, sleeps and counts in the orders that people use; other
handlers stand before or behind it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.codemods.generated.drawing import Draw, chance, indented, pick

if TYPE_CHECKING:
    from tests.codemods.generated.counting import Head
    from tests.codemods.generated.pauses import Pause

__all__ = ["Handling", "handling"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Handling:
    """The handlers of the try.

    Args:
        lines: from the first `except` to the end of the last handler.
        behind: statements behind the try.
        features: what is peculiar about it.
    """

    lines: tuple[str, ...]
    behind: tuple[str, ...]
    features: frozenset[str]


READS_ERROR = re.compile(r"\be\b")
TYPES = (
    "Broken",
    "Broken",
    "Exception",
    "OSError",
    "(Broken, Timeout)",
    "(OSError, Broken)",
    "ConnectionError",
    "Timeout",
)
LATER = (
    ["raise"],
    ["return None"],
    ["logger.error('fatal')", "raise"],
    ["time.sleep(1)"],
    ["logger.info('busy')", "continue"],
    ["break"],
)
"""What another handler behind the retrying one does: some of them try again too."""

UNUSUAL = (
    "BaseException",
    "TRANSIENT",
    "",
    "(KeyboardInterrupt, Broken)",
    "(Timeout, (Refused, Broken))",
    "asyncio.CancelledError",
)


def handling(draw: Draw, head: Head, pause: Pause, *, tested: bool, saved: bool, leaving: str) -> Handling:
    """Draw handlers.

    Args:
        draw: draws.
        head: how the loop counts.
        pause: how it pauses.
        tested: whether the handler tests for the last attempt.
        saved: whether the error is kept for after the loop.
        leaving: the statement for the last attempt.
    """
    features: set[str] = set()
    types = pick(draw, *(UNUSUAL if chance(draw, 10) else TYPES))
    bound = types != "" and (saved or READS_ERROR.search(leaving) is not None or chance(draw, 60))
    if not bound and READS_ERROR.search(leaving):
        leaving = "raise"
    kept = [("last = e" if bound else "last = True")] if saved else []
    body, behind = _body(draw, head, pause, bound=bound, leaving=leaving if tested else None, features=features)
    caught = (f"except {types} as e:" if bound else f"except {types}:") if types else "except:"
    earlier, later = _earlier(draw, types, features), _later(draw, types, features)
    return Handling(
        lines=(*earlier, caught, *indented([*head.counted, *kept, *body]), *later),
        behind=tuple(behind),
        features=frozenset(features),
    )


def _body(
    draw: Draw, head: Head, pause: Pause, *, bound: bool, leaving: str | None, features: set[str]
) -> tuple[list[str], list[str]]:
    """Draw what the retrying handler does after it has counted, and what stands behind the try."""
    logs = _logs(draw, head, bound=bound)
    placed = pick(draw, "before", "middle", "middle", *(("end",) if chance(draw, 15) else ()))
    guards = _guards(draw, bound=bound)
    effect = [pick(draw, "cleanup(url)", "client.reset()", "url = refresh(url)")] if chance(draw, 10) else []
    features |= {name for name, there in (("log", logs), ("predicate", guards), ("effect", effect)) if there}
    first = [*(logs if placed == "before" else ()), *guards]
    rest = [*(logs if placed == "middle" else ()), *effect]
    sleep = [*pause.lines, *head.later, *(logs if placed == "end" else ())]
    if leaving is not None and head.last:
        return [*first, *_tested(draw, _last(draw, head, features), leaving, rest, sleep), *_continued(draw)], []
    if head.last and pause.lines and chance(draw, 15):
        features.add("guarded sleep")
        guarded = [f"if not ({pick(draw, *head.last)}):", *indented([*pause.lines]), *head.later]
        return [*first, *rest, *guarded, *_continued(draw)], []
    if chance(draw, 8):
        features.add("sleep behind")
        return [*first, *rest], sleep
    return [*first, *rest, *sleep, *_continued(draw)], []


def _last(draw: Draw, head: Head, features: set[str]) -> str:
    if not head.wrong or not chance(draw, 12):
        return pick(draw, *head.last)
    features.add("near miss")
    return pick(draw, *head.wrong)


def _continued(draw: Draw) -> list[str]:
    return ["continue"] if chance(draw, 15) else []


def _tested(draw: Draw, last: str, leaving: str, rest: list[str], sleep: list[str]) -> list[str]:
    match pick(draw, "if", "if", "else", "more", "not"):
        case "else":
            return [f"if {last}:", *indented([leaving]), "else:", *indented([*rest, *sleep])]
        case "more":
            return [f"if not ({last}):", *indented([*rest, *sleep, "continue"]), leaving]
        case "not":
            return [f"if not ({last}):", *indented([*rest, *sleep]), "else:", *indented([leaving])]
        case _:
            return [f"if {last}:", *indented([leaving]), *rest, *sleep]


def _logs(draw: Draw, head: Head, *, bound: bool) -> list[str]:
    shown = head.shown or "'x'"
    options = [
        "logger.warning('failed')",
        f"logger.info('attempt %s failed', {shown})",
        "logger.exception('failed')",
        "logger.debug('failed', exc_info=True)",
        f"logger.warning(f'attempt {{{head.shown or 1}}} failed')",
    ]
    if bound:
        options += [
            "logger.warning('failed: %s', e)",
            f"logger.error('attempt %s: %s', {shown}, e)",
            "logger.warning(f'failed: {e}')",
            "logger.warning('failed: ' + str(e))",
        ]
    return [pick(draw, *options)] if chance(draw, 55) else []


def _guards(draw: Draw, *, bound: bool) -> list[str]:
    if not bound or not chance(draw, 14):
        return []
    test = pick(
        draw,
        "not is_transient(e)",
        "isinstance(e, Timeout)",
        "not isinstance(e, (Timeout, OSError))",
        "e.code != 503",
        "e.code not in (500, 503)",
        "'busy' not in str(e)",
        "e.code == 404",
    )
    return [
        f"if {test}:",
        f"    {pick(draw, 'raise', 'raise', 'raise e', 'return None', 'raise Exhausted(str(e)) from e')}",
    ]


def _earlier(draw: Draw, types: str, features: set[str]) -> list[str]:
    if not types or not chance(draw, 9):
        return []
    features.add("earlier handler")
    kind = pick(draw, "Timeout", "KeyboardInterrupt", "ValueError", "Other", "Refused", "Broken")
    ends = pick(
        draw,
        ["raise"],
        ["raise"],
        ["return None"],
        ["raise Exhausted('no') from None"],
        ["logger.error('fatal')", "raise"],
        ["time.sleep(1)"],
    )
    return [f"except {kind}:", *indented(ends)]


def _later(draw: Draw, types: str, features: set[str]) -> list[str]:
    if not types or not chance(draw, 8):
        return []
    features.add("later handler")
    kind = pick(draw, "Other", "ValueError", "Exception")
    return [f"except {kind}:", *indented(pick(draw, *LATER))]
