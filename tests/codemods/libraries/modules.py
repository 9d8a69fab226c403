"""Small modules, each library in each form, whose migration must not change what they do."""

from __future__ import annotations

__all__ = ["MODULES", "VALUES"]

RETRY = ["Faulty, tries=3, delay=1", "tries=4, delay=2, backoff=2", "tries=5, delay=1, jitter=2", "Faulty, 4, 1, 5, 3",
         "(Faulty, KeyError), tries=3", "Faulty, tries=2.0, delay=0.5, logger=log", ""]  # fmt: skip
RETRYING = [
    "stop_max_attempt_number=3",
    "stop_max_attempt_number=4, wait_fixed=1500",
    "stop_max_attempt_number=5, wait_exponential_multiplier=1000, wait_exponential_max=5000",
    "stop_max_attempt_number=5, wait_exponential_multiplier=1000, wait_exponential_max=500",
    "stop_max_attempt_number=5, wait_incrementing_start=500, wait_incrementing_max=900",
    "stop_max_attempt_number=5, wait_incrementing_increment=250",
    "stop_max_attempt_number=4, wait_random_min=1000, wait_random_max=3000",
    "stop_max_attempt_number=4, wait_fixed=2000, wait_jitter_max=1000",
    "stop_max_attempt_number=4, wait_fixed=2000, wait_exponential_multiplier=500",
    "stop_max_delay=7000, wait_fixed=2000",
    "stop_max_attempt_number=3, retry_on_exception=lambda e: isinstance(e, Faulty)",
    "stop_max_attempt_number=3, retry_on_exception=lambda e: isinstance(e, Faulty) and e.code == 503",
    "stop_max_attempt_number=3, retry_on_exception=(Faulty, KeyError)",
]
BACKOFF = [
    "backoff.expo, Faulty, max_tries=4",
    "backoff.expo, Faulty, max_tries=5, jitter=None",
    "backoff.expo, Faulty, max_tries=5, jitter=None, base=3, factor=2, max_value=9",
    "backoff.expo, Faulty, max_tries=4, jitter=backoff.random_jitter",
    "backoff.expo, Faulty, max_tries=4, jitter=None, max_value=0.5",
    "backoff.fibo, Faulty, max_tries=6, jitter=None",
    "backoff.fibo, Faulty, max_tries=6, jitter=None, max_value=3",
    "backoff.constant, (Faulty, KeyError), max_tries=3, jitter=None",
    "backoff.constant, Faulty, max_tries=3, jitter=None, interval=2.5",
    "backoff.constant, Faulty, interval=1, jitter=None",
    "backoff.expo, Exception, max_tries=3, jitter=None, giveup=lambda e: e.code == 404",
    "backoff.expo, (Faulty, Other), max_tries=3, jitter=None, giveup=lambda e: e.code == 404",
    "backoff.expo, Faulty, max_tries=3, jitter=None, giveup=lambda e, codes={'lost': 404}: e.code in codes.values()",
    "backoff.expo, Exception, max_tries=3, jitter=None, logger=log",
    "backoff.expo, Faulty, max_tries=3, jitter=None, logger=None, on_backoff=told, on_giveup=told, on_success=told",
    "backoff.expo, Exception, max_tries=3, jitter=None, logger=None, on_giveup=[told], giveup=lambda e: e.code == 404",
    "backoff.expo, Exception, **SETTINGS",
]
TENACITY = [
    "stop=stop_after_attempt(3), reraise=True",
    "stop=stop_after_attempt(3)",
    "stop=stop_after_attempt(3), wait=wait_fixed(2), retry=retry_if_exception_type(Faulty), reraise=True",
    "stop=stop_after_attempt(5), wait=wait_exponential(multiplier=1, min=4, max=10), reraise=True",
    "stop=stop_after_attempt(5), wait=wait_exponential(multiplier=2, max=1), reraise=True",
    "stop=stop_after_attempt(5), wait=wait_exponential(1, 60, 3), reraise=True",
    "stop=stop_after_attempt(4), wait=wait_random(min=1, max=3), reraise=True",
    "stop=stop_after_attempt(4), wait=wait_random(0, 1) + wait_exponential(max=3), reraise=True",
    "stop=stop_after_attempt(4), wait=wait_fixed(2) + wait_random(1, 2), reraise=True",
    "stop=stop_after_attempt(4), wait=wait_random_exponential(multiplier=0.5, max=60), reraise=True",
    "stop=stop_after_attempt(5), wait=wait_exponential_jitter(max=5), reraise=True",
    "stop=stop_after_attempt(5), wait=wait_incrementing(start=1, increment=2, max=4), reraise=True",
    "stop=stop_after_delay(6), wait=wait_fixed(2), reraise=True",
    "stop=stop_before_delay(6), wait=wait_fixed(2), reraise=True",
    "stop=stop_after_attempt(9) | stop_after_delay(6), wait=wait_fixed(2), reraise=True",
    "stop=stop_any(stop_after_attempt(9), stop_after_attempt(4)), reraise=True",
    "stop=stop_after_attempt(3), retry=retry_if_exception(lambda e: e.code == 503), reraise=True",
    "stop=stop_after_attempt(3), retry=retry_if_not_exception_type(Other), reraise=True",
    "stop=stop_after_attempt(3), retry=retry_if_exception_type(Faulty) | retry_if_exception_type(KeyError)",
    "stop=stop_after_attempt(3), retry=retry_if_exception_type(Exception) & retry_unless_exception_type(Other)",
    "stop=stop_after_attempt(3), wait=wait_fixed(1), before_sleep=before_sleep_log(log, 20), reraise=True",
    "stop=stop_after_attempt(3), before=before_log(log, 10), after=after_log(log, 10)",
    "stop=stop_after_attempt(3), wait=wait_fixed(1), before_sleep=learn, after=learn, reraise=True",
    "wait=wait_fixed(1)",
    "stop=STOP, wait=WAIT, reraise=True",
]
STAMINA = ["on=Faulty", "on=(Faulty, KeyError), attempts=3", "on=Faulty, attempts=None, timeout=9, wait_jitter=0",
           "on=Faulty, attempts=5, wait_initial=1, wait_max=3, wait_jitter=0.5, wait_exp_base=3, timeout=None",
           "on=lambda e: isinstance(e, Faulty) and e.code == 503, attempts=3"]  # fmt: skip
LEARN = """

def learn(state):
    note(state.attempt_number, type(state.outcome.exception()).__name__, state.args, state.fn.__name__)


def missing(result):
    return result is None


STOP = stop_after_attempt(4)
WAIT = wait_exponential(multiplier=1, min=2, max=5)
"""
TOLD = """
import backoff


def told(details):
    details = dict(details)
    note(details.pop("target").__name__, str(details.pop("exception", None)), sorted(details.items()))


SETTINGS = {"max_tries": 4, "jitter": None, "on_backoff": told, "giveup": lambda e: e.code == 404, "logger": None}
"""
TENACITY_HEAD = """
from tenacity import AsyncRetrying, Retrying, after_log, before_log, before_sleep_log, retry
from tenacity import retry_if_exception, retry_if_exception_type, retry_if_not_exception_type
from tenacity import retry_if_not_result, retry_if_result, retry_unless_exception_type
from tenacity import stop_after_attempt, stop_after_delay, stop_any, stop_before_delay
from tenacity import wait_exponential, wait_exponential_jitter, wait_fixed, wait_incrementing
from tenacity import wait_random, wait_random_exponential
"""


def _decorated(head: str, decorator: str, *, asynchronous: bool = False) -> str:
    if asynchronous:
        body = "async def fetch(url):\n    return await acall(url)\n\n\nasync def arun():\n    return await fetch(1)\n"
    else:
        body = "def fetch(url):\n    return call(url)\n\n\ndef run():\n    return fetch(1)\n"
    return f"{head.lstrip()}\n\n{decorator}\n{body}"


def _run(head: str, body: str) -> str:
    return f"{head.lstrip()}\n\ndef run():\n{body}\n"


_TENACITY = TENACITY_HEAD + LEARN

MODULES: list[str] = [
    *(_decorated("from retry import retry\n", f"@retry({each})") for each in RETRY),
    _run(
        "from retry.api import retry_call\n",
        "    return retry_call(call, ['page'], {'x': 1}, Faulty, tries=3, delay=2)",
    ),
    *(_decorated("import retrying\n", f"@retrying.retry({each})") for each in RETRYING),
    _decorated("from retrying import retry\n", "@retry"),
    _run("import retrying\n", "    return retrying.retry(stop_max_attempt_number=3, wait_fixed=100)(call)('page')"),
    _run("import retrying\n", "    return retrying.Retrying(stop_max_attempt_number=3).call(call, 'page', x=1)"),
    *(_decorated(TOLD, f"@backoff.on_exception({each})") for each in BACKOFF),
    *(_decorated(TOLD, f"@backoff.on_exception({each})", asynchronous=True) for each in BACKOFF),
    _run(
        "import backoff\n",
        "    return backoff.on_exception(backoff.expo, Faulty, max_tries=3, jitter=None)(call)('page')",
    ),
    *(_decorated(_TENACITY, f"@retry({each})") for each in TENACITY),
    *(_decorated(_TENACITY, f"@retry({each})", asynchronous=True) for each in TENACITY),
    _decorated("import tenacity\n", "@tenacity.retry"),
    _run(_TENACITY, "    return retry(stop=stop_after_attempt(3), reraise=True)(call)('page')"),
    _run(_TENACITY, "    return Retrying(stop=stop_after_attempt(3), reraise=True)(call, 'page', x=1)"),
    _run(_TENACITY, "    again = Retrying(stop=stop_after_attempt(3), reraise=True)\n    return again(call, 'page')"),
    _run(
        _TENACITY,
        "    for attempt in Retrying(stop=stop_after_attempt(3), wait=wait_fixed(2), reraise=True):\n"
        "        with attempt:\n            return call('page')",
    ),
    *(_decorated("import stamina\n", f"@stamina.retry({each})") for each in STAMINA),
    *(_decorated("import stamina\n", f"@stamina.retry({each})", asynchronous=True) for each in STAMINA),
    _run(
        "import stamina\n",
        "    for attempt in stamina.retry_context(on=Faulty, attempts=3):\n"
        "        with attempt:\n            return call('page')",
    ),
    _run("import stamina\n", "    return stamina.RetryingCaller(attempts=3).on(Faulty)(call, 'page')"),
    _run("import stamina\n", "    return stamina.RetryingCaller(attempts=3)(Faulty, call, 'page')"),
    _run(
        "import stamina\n", "    again = stamina.RetryingCaller(attempts=3).on(Faulty)\n    return again(call, 'page')"
    ),
]
"""Modules that are driven by errors."""

VALUES: list[str] = [
    _decorated("import retrying\n", "@retrying.retry(retry_on_result=lambda r: r is None, stop_max_attempt_number=3)"),
    _decorated("import backoff\n", "@backoff.on_predicate(backoff.constant, interval=2, jitter=None, max_tries=3)"),
    _decorated(
        "import backoff\n",
        "@backoff.on_predicate(backoff.fibo, lambda value: value is None, jitter=None, max_tries=3)",
        asynchronous=True,
    ),
    *(
        _decorated(_TENACITY, f"@retry({each})", asynchronous=asynchronous)
        for asynchronous in (False, True)
        for each in (
            "stop=stop_after_attempt(3), retry=retry_if_result(lambda r: r is None)",
            "stop=stop_after_attempt(3), retry=retry_if_not_result(lambda r: r is not None), reraise=True",
            "stop=stop_after_attempt(3), retry=retry_if_result(lambda r: r is None) | retry_if_exception_type(Faulty)",
            "stop=stop_after_attempt(3), retry=retry_if_result(missing), before_sleep=before_sleep_log(log, 20)",
            "stop=STOP, retry=retry_if_result(missing), retry_error_callback=lambda s: s.outcome.result()",
        )
    ),
]
"""Modules that are driven by values."""
