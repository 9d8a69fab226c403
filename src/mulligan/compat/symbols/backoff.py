"""The symbol table of backoff: seconds."""

from __future__ import annotations

from typing import Final

from mulligan.compat.symbols.model import Library, Parameter, Symbol

__all__ = ["BACKOFF"]

_P = Parameter

_LIMITS: Final = (
    _P("max_tries", "None", field="max_attempts", passing="keyword", note="Compared with ==: 0 and below never stop."),
    _P("max_time", "None", "s", "timeout", "keyword", "The time is read before an attempt, so its end may pass it."),
    _P(
        "jitter",
        "full_jitter",
        field="jitter",
        passing="keyword",
        note="None switches it off; the cap comes before it.",
    ),
)
_HANDLERS: Final = (
    _P("on_success", "None", passing="keyword"),
    _P("on_backoff", "None", field="on_retry", passing="keyword", note="One handler or several; each gets details."),
    _P("on_giveup", "None", passing="keyword"),
)
_LOGGING: Final = (
    _P("logger", "'backoff'", passing="keyword", note="A logger or its name; None is silent."),
    _P("backoff_log_level", "logging.INFO", passing="keyword"),
    _P("giveup_log_level", "logging.ERROR", passing="keyword"),
    _P("wait_gen_kwargs", passing="keywords", note="Every callable among them is called first, without arguments."),
)

BACKOFF: Final = Library(
    name="backoff",
    distributions=("backoff",),
    versions=("2.2.1",),
    unit="s",
    modules=(
        "backoff",
        "backoff.types",
        "backoff._async",
        "backoff._common",
        "backoff._decorator",
        "backoff._jitter",
        "backoff._sync",
        "backoff._typing",
        "backoff._wait_gen",
    ),
    shim="mulligan.compat.backoff",
    symbols=(
        Symbol(
            "on_exception",
            "decorator",
            (
                _P("wait_gen", field="schedule"),
                _P("exception", field="retry_on"),
                *_LIMITS,
                _P("giveup", "lambda e: False", passing="keyword", note="Where it answers true, no attempt follows."),
                *_HANDLERS,
                _P("raise_on_giveup", "True", passing="keyword", note="False answers None; not where the waits end."),
                *_LOGGING,
            ),
            "backoff",
            "retry",
        ),
        Symbol(
            "on_predicate",
            "decorator",
            (
                _P("wait_gen", field="schedule"),
                _P("predicate", "operator.not_", field="retry_if"),
                *_LIMITS,
                *_HANDLERS,
                *_LOGGING,
            ),
            "backoff",
            "retry",
            "Exhaustion answers the last value: on_exhausted='return'.",
        ),
        Symbol(
            "expo",
            "wait",
            (_P("base", "2", field="factor"), _P("factor", "1", "s", "base"), _P("max_value", "None", "s", "cap")),
            "backoff",
            "exponential",
            "Its base is our factor, its factor our base.",
        ),
        Symbol("fibo", "wait", (_P("max_value", "None", "s", "cap"),), "backoff", "fibonacci"),
        Symbol(
            "constant",
            "wait",
            (_P("interval", "1", "s", "seconds", note="An iterable gives each delay in turn, and then gives up."),),
            "backoff",
            "constant",
        ),
        Symbol(
            "runtime",
            "wait",
            (_P("value", passing="keyword", note="Answers the seconds for the value or the error."),),
            "backoff",
            "Transient(hint)",
        ),
        Symbol("full_jitter", "jitter", (_P("value", None, "s"),), "backoff", "full_jitter()"),
        Symbol("random_jitter", "jitter", (_P("value", None, "s"),), "backoff", "additive_jitter(1)"),
    ),
    quirks=(
        "max_tries counts calls and is compared with ==, so 0 and below never stop.",
        "max_time is compared with the time before the attempt, so an execution may pass it by that attempt.",
        "Every delay is jittered by default: full_jitter draws from 0 to the delay.",
        "A wrong keyword of a wait generator fails at the first call, not where it is written.",
        "A wait generator that ends raises the error even with raise_on_giveup=False.",
        "The predicate of on_predicate must not be async: its answer, a coroutine, is always true.",
    ),
)
"""The table of backoff."""
