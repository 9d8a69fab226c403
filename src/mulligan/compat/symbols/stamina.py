"""The symbol table of stamina: seconds."""

from __future__ import annotations

from typing import Final

from mulligan.compat.symbols.model import Library, Parameter, Symbol

__all__ = ["STAMINA"]

_P = Parameter

_LIMITS: Final = (
    _P("attempts", "10", "", "max_attempts", note="None is no limit."),
    _P("timeout", "45.0", "s", "stop_after", note="45 by default, None is no limit; the last sleep may pass it."),
    _P("wait_initial", "0.1", "s", "base"),
    _P("wait_max", "5.0", "s", "cap", note="Bounds the delay after the jitter."),
    _P("wait_jitter", "1.0", "s", "additive_jitter(most)", note="1 second by default."),
    _P("wait_exp_base", "2", "", "factor"),
)
_ON: Final = _P("on", None, "", "retry_on", note="A hook may answer seconds, which wait_max does not bound.")
_KEYWORDS: Final = tuple(each.replace(passing="keyword") for each in (_ON, *_LIMITS))

STAMINA: Final = Library(
    name="stamina",
    distributions=("stamina",),
    versions=("26.1.0",),
    unit="s",
    modules=("stamina", "stamina.instrumentation", "stamina.typing"),
    symbols=(
        Symbol("AsyncRetryingCaller", "class", _LIMITS, "stamina", "execute_async"),
        Symbol("Attempt", "class", (_P("attempt"), _P("next_wait_fn")), "stamina"),
        Symbol("BoundAsyncRetryingCaller", "class", (_P("caller"), _ON), "stamina", "execute_async"),
        Symbol("BoundRetryingCaller", "class", (_P("caller"), _ON), "stamina", "execute"),
        Symbol("RetryingCaller", "class", _LIMITS, "stamina", "execute"),
        Symbol("instrumentation", "value", (), "stamina"),
        Symbol("is_active", "switch", (), "stamina"),
        Symbol("is_testing", "switch", (), "stamina"),
        Symbol("retry", "decorator", _KEYWORDS, "stamina", "retry"),
        Symbol("retry_context", "call", (_ON, *_LIMITS), "stamina", "attempts"),
        Symbol("set_active", "switch", (_P("active"),), "stamina"),
        Symbol(
            "set_testing",
            "switch",
            (
                _P("testing"),
                _P("attempts", "1", "", "max_attempts", passing="keyword", note="None is no limit."),
                _P("cap", "False", passing="keyword"),
            ),
            "stamina",
        ),
    ),
    quirks=(
        "Ten attempts, 45 seconds, and up to one second of jitter are the default.",
        "The cap bounds the delay after the jitter.",
        "The last sleep may pass the timeout.",
        "set_active and set_testing change every call of the process.",
        "Each retry is logged, by structlog where it is installed and else by logging.",
    ),
)
"""The table of stamina."""
