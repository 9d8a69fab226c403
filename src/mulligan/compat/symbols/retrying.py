"""The symbol table of retrying: milliseconds."""

from __future__ import annotations

from typing import Final

from mulligan.compat.symbols.model import Library, Parameter, Symbol

__all__ = ["RETRYING"]

_P = Parameter

_OPTIONS: Final = (
    _P("stop", "None", note="The name of a method; it uses the hidden defaults 5 attempts and 100 ms."),
    _P("wait", "None", note="The name of a method; it uses the hidden defaults of its family."),
    _P("stop_max_attempt_number", "None", field="max_attempts"),
    _P("stop_max_delay", "None", "ms", "stop_after", note="Checked after a failure; the last sleep may pass it."),
    _P("wait_fixed", "None", "ms", "constant(seconds)"),
    _P(
        "wait_random_min", "None", "ms", "from", note="Alone above 1000 it raises ValueError: the other end stays 1000."
    ),
    _P("wait_random_max", "None", "ms", "to", note="Whole milliseconds, both ends included."),
    _P("wait_incrementing_start", "None", "ms", "linear(base)", note="0 where only the increment is given."),
    _P("wait_incrementing_increment", "None", "ms", "linear(step)", note="100 where only the start is given."),
    _P("wait_incrementing_max", "None", "ms", "linear(cap)", note="Enables nothing by itself."),
    _P("wait_exponential_multiplier", "None", "ms", "exponential(base)", note="The first delay is twice this."),
    _P("wait_exponential_max", "None", "ms", "exponential(cap)"),
    _P("retry_on_exception", "None", field="retry_on", note="None retries every Exception; a class raises TypeError."),
    _P("retry_on_result", "None", field="retry_if", note="A predicate that answers None raises TypeError."),
    _P("wrap_exception", "False", field="on_exhausted", note="Wraps errors that are not retried, too."),
    _P("stop_func", "None", note="Called with attempt and elapsed milliseconds; wins over everything else."),
    _P("wait_func", "None", note="Called with attempt and elapsed milliseconds; wins over every other wait."),
    _P("wait_jitter_max", "None", "ms", "additive_jitter(most)", note="Added above the cap."),
    _P("before_attempts", "None", note="Called with the number of every attempt."),
    _P("after_attempts", "None", field="on_retry", note="Called after rejected attempts, the last one included."),
    _P("logger", "None", note="Since 1.3.5. None makes the logger `retrying` silent, True lets it speak."),
)

RETRYING: Final = Library(
    name="retrying",
    distributions=("retrying",),
    versions=("1.4.2",),
    unit="ms",
    modules=("retrying",),
    shim="mulligan.compat.retrying",
    symbols=(
        Symbol(
            "retry",
            "decorator",
            (_P("dargs", passing="rest"), _P("dkw", passing="keywords")),
            "retrying",
            "retry",
            "Takes the arguments of Retrying, or the function itself.",
        ),
        Symbol("Retrying", "class", _OPTIONS, "retrying", "Policy", "Call its `call(fn, *args, **kwargs)`."),
        Symbol(
            "Attempt",
            "class",
            (_P("value"), _P("attempt_number"), _P("has_exception")),
            "retrying",
            "",
            "Its value is an exc_info tuple where the attempt failed.",
        ),
        Symbol(
            "RetryError",
            "exception",
            (_P("last_attempt"),),
            "retrying",
            "RetryExhausted",
            "Raised where values are exhausted, and with wrap_exception.",
        ),
        Symbol("MAX_WAIT", "value", (), "retrying", "", "1073741823 ms."),
    ),
    quirks=(
        "Without arguments it retries every Exception, forever, without a pause.",
        "Where several waits are given, the longest one counts, not their sum.",
        "The first exponential delay is twice the multiplier.",
        "Elapsed time is wall clock, rounded to milliseconds, and the last sleep may pass stop_max_delay.",
        "1.3.4 retries KeyboardInterrupt and SystemExit as well; later versions do not.",
        "A coroutine function is attempted once: what it answers is a coroutine, and that is no error.",
    ),
)
"""The table of retrying."""
