"""The symbol table of retry, and of retry2, which has the same import name: seconds."""

from __future__ import annotations

from typing import Final

from mulligan.compat.symbols.model import Library, Parameter, Symbol

__all__ = ["RETRY", "RETRY2_ONLY"]

_P = Parameter

_OPTIONS: Final = (
    _P("exceptions", "Exception", field="retry_on", note="A list raises TypeError when an error comes."),
    _P("tries", "-1", field="max_attempts", note="-1 never stops; 0 answers None without a call."),
    _P("delay", "0", "s", "base"),
    _P("max_delay", "None", "s", "cap", note="The first delay is not capped."),
    _P("backoff", "1", field="factor"),
    _P("jitter", "0", "s", "jitter", note="Added to the delay that the next one grows from, so it compounds."),
    _P("logger", "logging_logger", note="None is silent; the default is the logger `retry.api`."),
)
RETRY2_ONLY: Final = (
    _P("log_traceback", "False"),
    _P("on_exception", "None", note="Called with each error; where it answers true, the call answers None."),
)
"""What retry2 0.9.5 adds to both functions."""

_CALL: Final = (
    _P("f"),
    _P("fargs", "None", note="The operation's positional arguments, as a list or tuple."),
    _P("fkwargs", "None", note="The operation's keyword arguments, as a dictionary."),
)

RETRY: Final = Library(
    name="retry",
    distributions=("retry", "retry2"),
    versions=("0.9.2", "0.9.5"),
    unit="s",
    modules=("retry", "retry.api", "retry.compat"),
    shim="mulligan.compat.retry",
    symbols=(
        Symbol("retry", "decorator", _OPTIONS, "retry.api", "retry"),
        Symbol(
            "retry_call",
            "call",
            (*_CALL, *_OPTIONS),
            "retry.api",
            "execute",
            "retry 0.9.2 exports it from retry.api alone, retry2 from retry as well.",
        ),
        Symbol("logging_logger", "value", (), "retry.api", "", "The logger `retry.api`."),
    ),
    quirks=(
        "Without arguments it retries every Exception, forever, without a pause.",
        "tries=0 answers None without a call, and a fraction such as 1.5 never stops.",
        "The first delay is not capped, and jitter compounds: delay=1, jitter=1, backoff=2 sleeps 1, 3, 7, 15.",
        "A coroutine function is attempted once: what it answers is a coroutine, and that is no error.",
    ),
)
"""The table of retry."""
