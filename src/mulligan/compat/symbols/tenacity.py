"""The symbol table of tenacity: seconds."""

from __future__ import annotations

from typing import Final

from mulligan.compat.symbols.model import Library, Parameter, Symbol

__all__ = ["TENACITY"]

_P = Parameter

_RETRYING: Final = (
    _P("sleep", "sleep"),
    _P("stop", "stop_never", "", "max_attempts", note="Stops of their own kinds have no counterpart."),
    _P("wait", "wait_none()", "", "schedule"),
    _P("retry", "retry_if_exception_type()", "", "retry_on"),
    _P("before", "before_nothing", note="Called before every attempt."),
    _P("after", "after_nothing", note="Called after every attempt that is to be retried, the last one included."),
    _P("before_sleep", "None", "", "on_retry", note="Called before every sleep."),
    _P("reraise", "False", "", "on_exhausted", note="False raises RetryError where the attempts are used up."),
    _P("retry_error_cls", "RetryError"),
    _P(
        "retry_error_callback",
        "None",
        note="Its value is the call's where the attempts are used up; wins over reraise.",
    ),
    _P("name", "None", note="Since 9.2."),
    _P("enabled", "True", note="Since 9.2."),
)

_EXPONENTIAL: Final = (
    _P("multiplier", "1", "s", "base"),
    _P("max", "4.611686018427388e+18", "s", "cap"),
    _P("exp_base", "2", "", "factor"),
    _P("min", "0", "s", "least", note="Draws from 0 in version 8, from this in version 9."),
)

TENACITY: Final = Library(
    name="tenacity",
    distributions=("tenacity",),
    versions=("8.5.0", "9.2.1"),
    unit="s",
    modules=(
        "tenacity",
        "tenacity.after",
        "tenacity.asyncio",
        "tenacity.before",
        "tenacity.before_sleep",
        "tenacity.nap",
        "tenacity.retry",
        "tenacity.stop",
        "tenacity.wait",
    ),
    symbols=(
        Symbol("NO_RESULT", "value", (), "tenacity"),
        Symbol("AsyncRetrying", "class", _RETRYING, "tenacity.asyncio", "Policy"),
        Symbol("AttemptManager", "class", (_P("retry_state"),), "tenacity"),
        Symbol("BaseAction", "class", (), "tenacity"),
        Symbol("BaseRetrying", "class", _RETRYING, "tenacity"),
        Symbol("DoAttempt", "class", (), "tenacity"),
        Symbol("DoSleep", "class", (), "tenacity"),
        Symbol("Future", "class", (_P("attempt_number"),), "tenacity"),
        Symbol("RetryAction", "class", (_P("sleep"),), "tenacity"),
        Symbol("RetryCallState", "class", (_P("retry_object"), _P("fn"), _P("args"), _P("kwargs")), "tenacity"),
        Symbol("RetryError", "exception", (_P("last_attempt"),), "tenacity", "RetryExhausted"),
        Symbol("Retrying", "class", _RETRYING, "tenacity", "Policy"),
        Symbol(
            "TryAgain",
            "exception",
            (),
            "tenacity",
            "",
            "Raised by an operation that wants another attempt, whatever the predicate says.",
        ),
        Symbol("WrappedFn", "value", (), "tenacity"),
        Symbol(
            "after_log",
            "switch",
            (_P("logger"), _P("log_level"), _P("sec_format", "'%.3g'", note="'%0.3f' before 9.1.3.")),
            "tenacity.after",
        ),
        Symbol("after_nothing", "switch", (_P("retry_state"),), "tenacity.after"),
        Symbol("before_log", "switch", (_P("logger"), _P("log_level")), "tenacity.before"),
        Symbol("before_nothing", "switch", (_P("retry_state"),), "tenacity.before"),
        Symbol(
            "before_sleep_log",
            "switch",
            (_P("logger"), _P("log_level"), _P("exc_info", "False"), _P("sec_format", "'%.3g'", note="Since 9.1.3.")),
            "tenacity.before_sleep",
        ),
        Symbol("before_sleep_nothing", "switch", (_P("retry_state"),), "tenacity.before_sleep"),
        Symbol("retry", "decorator", (_P("dargs", passing="rest"), _P("dkw", passing="keywords")), "tenacity", "retry"),
        Symbol(
            "retry_all", "predicate", (_P("retries", passing="rest"),), "tenacity.retry", "", "Every one of them holds."
        ),
        Symbol("retry_always", "predicate", (_P("retry_state"),), "tenacity.retry"),
        Symbol("retry_any", "predicate", (_P("retries", passing="rest"),), "tenacity.retry", "", "One of them holds."),
        Symbol("retry_base", "predicate", (), "tenacity.retry"),
        Symbol(
            "retry_if_exception",
            "predicate",
            (_P("predicate", None, "", "retry_on", note="Asked about every BaseException."),),
            "tenacity.retry",
        ),
        Symbol("retry_if_exception_cause_type", "predicate", (_P("exception_types", "Exception"),), "tenacity.retry"),
        Symbol(
            "retry_if_exception_message", "predicate", (_P("message", "None"), _P("match", "None")), "tenacity.retry"
        ),
        Symbol(
            "retry_if_exception_type",
            "predicate",
            (_P("exception_types", "Exception", "", "retry_on"),),
            "tenacity.retry",
        ),
        Symbol(
            "retry_if_not_exception_message",
            "predicate",
            (_P("message", "None"), _P("match", "None")),
            "tenacity.retry",
        ),
        Symbol(
            "retry_if_not_exception_type",
            "predicate",
            (_P("exception_types", "Exception", "", "retry_on"),),
            "tenacity.retry",
        ),
        Symbol(
            "retry_if_not_result",
            "predicate",
            (_P("predicate", None, "", "retry_if", note="Retries errors never."),),
            "tenacity.retry",
        ),
        Symbol("retry_if_result", "predicate", (_P("predicate", None, "", "retry_if"),), "tenacity.retry"),
        Symbol(
            "retry_never",
            "predicate",
            (_P("retry_state"),),
            "tenacity.retry",
            "",
            "Raises every error and answers every value at once.",
        ),
        Symbol(
            "retry_unless_exception_type",
            "predicate",
            (_P("exception_types", "Exception", note="Retries values as well: whatever is returned."),),
            "tenacity.retry",
        ),
        Symbol("sleep", "switch", (_P("seconds"),), "tenacity.nap"),
        Symbol("sleep_using_event", "switch", (_P("event"),), "tenacity.nap"),
        Symbol(
            "stop_after_attempt",
            "stop",
            (
                _P(
                    "max_attempt_number",
                    None,
                    "",
                    "max_attempts",
                    note="Compared with >=, so 0 and below are one attempt.",
                ),
            ),
            "tenacity.stop",
        ),
        Symbol(
            "stop_after_delay",
            "stop",
            (_P("max_delay", None, "s", "stop_after", note="Compared after a failure; the last sleep may pass it."),),
            "tenacity.stop",
        ),
        Symbol("stop_all", "stop", (_P("stops", passing="rest"),), "tenacity.stop"),
        Symbol("stop_any", "stop", (_P("stops", passing="rest"),), "tenacity.stop"),
        Symbol(
            "stop_before_delay",
            "stop",
            (_P("max_delay", None, "s", "timeout", note="A sleep that would reach it is not started."),),
            "tenacity.stop",
        ),
        Symbol("stop_never", "stop", (_P("retry_state"),), "tenacity.stop", "UNLIMITED"),
        Symbol("stop_when_event_set", "stop", (_P("event"),), "tenacity.stop"),
        Symbol(
            "wait_chain",
            "wait",
            (_P("strategies", passing="rest"),),
            "tenacity.wait",
            "",
            "Each strategy serves one delay, the last one all that follow.",
        ),
        Symbol("wait_combine", "wait", (_P("strategies", passing="rest"),), "tenacity.wait", "", "The sum."),
        Symbol("wait_exception", "wait", (_P("predicate"),), "tenacity.wait", "", "Since 9.1.3."),
        Symbol(
            "wait_exponential",
            "wait",
            (
                _P("multiplier", "1", "s", "base"),
                _P("max", "4.611686018427388e+18", "s", "cap"),
                _P("exp_base", "2", "", "factor"),
                _P("min", "0", "s", "least", note="A lower bound of the delay: max_of(constant(min), …)."),
            ),
            "tenacity.wait",
            "exponential",
        ),
        Symbol(
            "wait_exponential_jitter",
            "wait",
            (
                _P("initial", "1", "s", "base", note="Deprecated in 9.2 for multiplier."),
                _P("max", "4.611686018427388e+18", "s", "cap", note="Bounds the delay after the jitter."),
                _P("exp_base", "2", "", "factor"),
                _P("jitter", "1", "s", "additive_jitter(most)"),
                _P("min", "0", "s", "least", note="Since 9.2."),
                _P("multiplier", "1", "s", "base", note="Since 9.2."),
            ),
            "tenacity.wait",
            "min_of(exponential(…).jittered(additive_jitter(…)), constant(max))",
        ),
        Symbol("wait_fixed", "wait", (_P("wait", None, "s", "seconds"),), "tenacity.wait", "constant"),
        Symbol("wait_full_jitter", "wait", _EXPONENTIAL, "tenacity", "exponential(…).jittered(full_jitter())"),
        Symbol(
            "wait_incrementing",
            "wait",
            (
                _P("start", "0", "s", "base", note="Its default is 0, so the first delay is none."),
                _P("increment", "100", "s", "step", note="Its default is 100 seconds."),
                _P("max", "4.611686018427388e+18", "s", "cap"),
            ),
            "tenacity.wait",
            "linear",
        ),
        Symbol("wait_none", "wait", (), "tenacity.wait", "no_delay"),
        Symbol(
            "wait_random",
            "wait",
            (_P("min", "0", "s", "from"), _P("max", "1", "s", "to")),
            "tenacity.wait",
            "constant(min).jittered(additive_jitter(max - min))",
        ),
        Symbol(
            "wait_random_exponential", "wait", _EXPONENTIAL, "tenacity.wait", "exponential(…).jittered(full_jitter())"
        ),
    ),
    quirks=(
        "Without arguments it retries every Exception, forever, without a pause.",
        "Where the attempts are used up, RetryError is raised, and not the last error, unless reraise is true.",
        "Where values are retried, exhaustion raises RetryError even with reraise.",
        "The last sleep may pass stop_after_delay.",
        "A generator function is decorated, and its errors are not retried.",
        "A decorated function has attributes: retry, retry_with, statistics.",
        "The sleep is bound when the library is imported, so tests patch tenacity.nap.time.sleep.",
    ),
)
"""The table of tenacity."""
