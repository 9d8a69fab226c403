"""What events say in a log: a level, a sentence and fields, whoever writes them down.

    mulligan.retry            Retrying        one for each retry
    mulligan.exhausted        Finished        one for each execution that was given up
    mulligan.guard_changed    GuardChanged    a breaker opened, closed, …
    mulligan.nested           Nested          attempts multiply
    mulligan.store_lost       StoreLost
    mulligan.store_found      StoreFound

Rules: no arguments, no values. The messages of errors, and the keys that guards make of arguments, are there only if
asked for. An error that passes because it is not transient is the caller's to log, and so is a cancellation.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from mulligan._value import Value
from mulligan.events import Finished, GuardChanged, Nested, Retrying, StoreFound, StoreLost

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mulligan.events import Event

__all__ = ["HEARD", "Written", "type_name", "written"]

HEARD: Final[tuple[type[Event], ...]] = (Retrying, Finished, GuardChanged, Nested, StoreLost, StoreFound)


class Written(Value):
    """An event as a log has it.

    Args:
        name: what happened, such as "mulligan.retry".
        level: one of logging's.
        template: a sentence, to be filled in by `%`.
        given: what it is filled in with.
        fields: the same facts, to be searched for.
    """

    name: str
    level: int
    template: str
    given: tuple[object, ...]
    fields: Mapping[str, object]


def written(event: Event, *, include_messages: bool) -> Written | None:  # noqa: PLR0911 - one for each event
    """Answer what an event says in a log, `None` where it says nothing.

    Args:
        event: what happened.
        include_messages: whether the messages of errors and the keys of guards are to be seen.
    """
    match event:
        case Retrying():
            return _retry(event, include_messages=include_messages)
        case Finished():
            return _exhausted(event, include_messages=include_messages) if event.reason.exhausted else None
        case GuardChanged():
            return _guard_changed(event, include_messages=include_messages)
        case Nested():
            return _nested(event)
        case StoreLost():
            return _store_lost(event)
        case StoreFound():
            return _store_found(event)
        case _:
            return None


def type_name(kind: type[BaseException]) -> str:
    """Answer the full name of an error's type.

    >>> import json
    >>> type_name(OSError), type_name(json.JSONDecodeError)
    ('OSError', 'json.decoder.JSONDecodeError')
    """
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def _retry(event: Retrying, *, include_messages: bool) -> Written:
    if event.error is None:
        template, did = "%s: attempt %d %s; another one follows in %.3f s", "returned a value that is not accepted"
    else:
        template, did = "%s: attempt %d raised %s; another one follows in %.3f s", _said(event.error, include_messages)
    fields = {
        "policy": event.policy,
        "execution": event.execution,
        "attempt": event.attempt,
        "delay": event.delay,
        "elapsed": event.elapsed,
        **_error(event.error, include_messages),
    }
    given = (_policy(event.policy), event.attempt, did, event.delay)
    return Written(name="mulligan.retry", level=logging.WARNING, template=template, given=given, fields=fields)


def _exhausted(event: Finished, *, include_messages: bool) -> Written:
    made = f"{event.attempts} attempt{'' if event.attempts == 1 else 's'}"
    last = "no error" if event.raised is None else _said(event.raised, include_messages)
    fields = {
        "policy": event.policy,
        "execution": event.execution,
        "attempts": event.attempts,
        "elapsed": event.elapsed,
        "reason": str(event.reason),
        **_error(event.raised, include_messages),
    }
    return Written(
        name="mulligan.exhausted",
        level=logging.ERROR,
        template="%s: gave up after %s in %.3f s (%s); last: %s",
        given=(_policy(event.policy), made, event.elapsed, str(event.reason), last),
        fields=fields,
    )


def _guard_changed(event: GuardChanged, *, include_messages: bool) -> Written:
    fields = {"policy": event.policy, "guard": event.guard, "before": str(event.before), "after": str(event.after)}
    if include_messages:
        fields["key"] = event.key
    return Written(
        name="mulligan.guard_changed",
        level=logging.INFO if event.after == "closed" else logging.WARNING,
        template="%s: the guard %s is %s, it was %s",
        given=(_policy(event.policy), event.guard, str(event.after), str(event.before)),
        fields=fields,
    )


def _nested(event: Nested) -> Written:
    return Written(
        name="mulligan.nested",
        level=logging.WARNING,
        template="%s: retries inside retries: %d attempts of %d calls each make %d",
        given=(_policy(event.policy), event.attempts, event.inner, event.amplification),
        fields={
            "policy": event.policy,
            "execution": event.execution,
            "attempts": event.attempts,
            "amplification": event.amplification,
        },
    )


def _store_lost(event: StoreLost) -> Written:
    error = type_name(event.error)
    return Written(
        name="mulligan.store_lost",
        level=logging.WARNING,
        template="%s: the store %s does not answer (%s); guards go by what this process knows",
        given=(_policy(event.policy), event.store, error),
        fields={"policy": event.policy, "store": event.store, "error": error},
    )


def _store_found(event: StoreFound) -> Written:
    return Written(
        name="mulligan.store_found",
        level=logging.INFO,
        template="%s: the store %s answers again",
        given=(_policy(event.policy), event.store),
        fields={"policy": event.policy, "store": event.store},
    )


def _policy(name: str) -> str:
    return name or "a policy without a name"


def _said(error: BaseException, include_messages: bool) -> str:
    name = type_name(type(error))
    return f"{name}: {error}" if include_messages else name


def _error(error: BaseException | None, include_messages: bool) -> dict[str, object]:
    if error is None:
        return {"error": None}
    shown: dict[str, object] = {"error": type_name(type(error))}
    if include_messages:
        shown["message"] = str(error)
    return shown
